"""What happens beside joining: changes of contacts, receipts for cash, removals, and their dishonest twins."""

from __future__ import annotations

import numpy as np
from bench.roll.stacking.homes import Ints
from bench.roll.stacking.honest import People
from bench.roll.stacking.operations import Operations
from bench.roll.stacking.parameters import DAYS_A_YEAR, Parameters

Table = dict[str, Ints]
YEARS_KEPT = 3
ADDRESS, PHONE, EMAIL = 0, 1, 2


def transfers(made: People) -> Table:
    """member_id is a place in `made` until the roll is written."""
    column = made.columns
    moved = np.flatnonzero(column["transfer_day"] >= 0)
    return {
        "member_id": moved,
        "from_branch": column["from_branch"][moved],
        "branch": column["branch"][moved],
        "day": column["transfer_day"][moved],
        "address_changed": column["address_changed"][moved],
    }


def edits(made: People, p: Parameters, dice: np.random.Generator, hijacks: bool) -> tuple[Table, list[Ints]]:
    """Three years of changes, in any order, and the members of each hijack.

    Most members change their own (operator -1); branch officers and the head office do the rest, and once the
    head office corrects addresses in bulk, which looks like a hijack and is none.
    """
    parts = [_usual(made, p, dice), _cleaning(made, dice)]
    taken = []
    if hijacks:
        sizes = np.diff(made.starts)
        for _ in range(max(1, made.number // int(p["hijack_members"]))):
            mean, sigma, least, most = p["hijack_size"]
            size = int(np.exp(dice.normal(mean, sigma)).clip(least, most))
            roomy = np.flatnonzero(sizes >= 2 * size)
            branch = int(dice.choice(roomy)) if roomy.size else int(sizes.argmax())
            low, high = int(made.starts[branch]), int(made.starts[branch + 1])
            victims = low + dice.permutation(np.flatnonzero(made.operation[low:high] < 0))[:size]
            parts.append(_hijack(made, victims, dice))
            taken.append(victims)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}, taken


def _officer(made: People, branch: Ints, dice: np.random.Generator) -> Ints:
    """Two officers to a branch, then ten at the head office."""
    office = 2 * made.live.branches + dice.integers(0, 10, branch.size)
    return np.where(dice.random(branch.size) < 0.3, office, 2 * branch + dice.integers(0, 2, branch.size))


def _usual(made: People, p: Parameters, dice: np.random.Generator) -> Table:
    number = int(made.number * min(1.0, p["edit_share"] * YEARS_KEPT))
    member = dice.integers(0, made.number, number)
    branch = made.columns["branch"][member]
    day = made.days - 1 - dice.integers(0, YEARS_KEPT * DAYS_A_YEAR, number)
    self_made = dice.random(number) < 0.7
    operator = np.where(self_made, -1, _officer(made, branch, dice))
    # an officer types in what came that day: one session
    session = np.where(self_made, made.tokens.take(number), made.tokens.next + operator * 4000 + day)
    made.tokens.skip(int(4000 * (2 * made.live.branches + 11)) + made.days)
    return {
        "member_id": member,
        "branch": branch,
        "day": day,
        "minute": np.where(
            self_made, dice.integers(0, 1440, number), dice.normal(780, 150, number).astype(np.int64)
        ).clip(0, 1439),
        "operator": operator,
        "session": session,
        "field": dice.choice(4, number, p=[0.40, 0.25, 0.30, 0.05]),
        "value": made.tokens.take(number),
    }


def _cleaning(made: People, dice: np.random.Generator) -> Table:
    """The head office corrects how addresses are written: two days, one operator, members everywhere."""
    number = max(1, made.number // 300)
    member = dice.choice(made.number, number, replace=False)
    begun = made.days - int(dice.integers(200, 330))
    operator = np.full(number, 2 * made.live.branches + int(dice.integers(0, 10)))
    return {
        "member_id": member,
        "branch": made.columns["branch"][member],
        "day": begun + dice.integers(0, 2, number),
        "minute": dice.integers(540, 1020, number),
        "operator": operator,
        "session": np.full(number, made.tokens.take(1)[0]),
        "field": np.full(number, ADDRESS),
        "value": made.tokens.take(number),
    }


def _hijack(made: People, victims: Ints, dice: np.random.Generator) -> Table:
    """One log-in in one to five sessions over one to fourteen days, in the last two months."""
    number = victims.size
    length = int(dice.integers(1, 15))
    begun = made.days - int(dice.integers(length + 1, 60))
    sessions = made.tokens.take(int(dice.integers(1, 6)))
    which = dice.integers(0, sessions.size, number)
    branch = made.columns["branch"][victims]
    value = made.tokens.take(number)
    together = dice.random(number) < 0.3
    few = made.tokens.take(max(1, number // 10))
    hour = dice.integers(9 * 60, 22 * 60, sessions.size)
    return {
        "member_id": victims,
        "branch": branch,
        "day": begun + (which * length // sessions.size),
        "minute": (hour[which] + dice.integers(0, 60, number)).clip(0, 1439),
        "operator": np.full(number, 2 * int(branch[0]) + int(dice.integers(0, 2))),
        "session": sessions[which],
        "field": dice.choice(np.array([ADDRESS, PHONE, EMAIL]), number, p=[0.5, 0.2, 0.3]),
        "value": np.where(together, dice.choice(few, number), value),
    }


def receipts(made: People, done: Operations, dice: np.random.Generator) -> Table:
    """Three years of receipts for cash; a collector's numbers go up, and other receipts lie between them."""
    column = made.columns
    event = np.maximum(column["join_day"], column["renewal_day"])
    kept = (column["cash_collector"] >= 0) & (event >= made.days - YEARS_KEPT * DAYS_A_YEAR)
    in_run = np.zeros(made.number, dtype=np.bool_)
    order = np.zeros(made.number, dtype=np.int64)
    day = np.minimum(made.days - 1, event + dice.geometric(0.3, made.number) - 1)
    minute = dice.integers(600, 1200, made.number)
    for members, handed_in in [*made.stalls, *((members, day_of) for members, day_of, _ in done.runs)]:
        in_run[members] = True
        day[members] = handed_in
        minute[members] = int(dice.integers(600, 1100)) + np.arange(members.size) // 2
        order[members] = np.arange(members.size)
    there = np.flatnonzero(kept)
    there = there[np.lexsort((order[there], minute[there], day[there], column["cash_collector"][there]))]
    # members of a run follow each other; elsewhere one to five numbers lie between
    step = np.where(in_run[there], 1, dice.integers(1, 6, there.size))
    collector = column["cash_collector"][there]
    begins = np.diff(collector, prepend=-1) != 0
    running = step.cumsum()
    base = np.maximum.accumulate(np.where(begins, running, 0))
    start = dice.integers(100, 9000, int(begins.sum()))
    return {
        "member_id": there,
        "branch": column["branch"][there],
        "day": day[there],
        "minute": minute[there],
        "collector": collector,
        "number": running - base + np.repeat(start, np.diff(np.flatnonzero(np.append(begins, True)))),
    }


def signins(made: People, done: Operations, p: Parameters, dice: np.random.Generator) -> Table:
    """Three months of signing in on the web, mostly from one's own device; some operations do it for their members."""
    there = np.repeat(
        np.flatnonzero((dice.random(made.number) < p["signin_share"]) & (made.columns["email"] >= 0)), 2
    )
    there = there[dice.random(there.size) < 0.9]
    own = made.columns["device"][there]
    device = np.where((own >= 0) & (made.drive[there] < 0), own, made.live.size.size + there)
    pool = made.tokens.take(max(3, made.number // int(p["ip_pool_members"])))
    shared = dice.random(there.size) < p["signin_network"]
    parts = [
        {
            "member_id": there,
            "branch": made.columns["branch"][there],
            "day": made.days - 1 - dice.integers(0, 90, there.size),
            "minute": dice.normal(1140, 180, there.size).astype(np.int64) % 1440,
            "device": device,
            "ip": np.where(shared, dice.choice(pool, there.size), made.household[there]),
        }
    ]
    taken = np.flatnonzero(made.operation >= 0)
    taken = taken[np.argsort(made.operation[taken], kind="stable")]
    ends = np.searchsorted(made.operation[taken], np.arange(len(done.kinds) + 1))
    for number, kind in enumerate(done.kinds):
        members = taken[ends[number] : ends[number + 1]]
        helped = dice.random() < p["signin_operations"]
        if not helped or kind.startswith("past:") or not made.trace[members].any():
            continue
        begun = int(dice.integers(480, 1200))
        parts.append(
            {
                "member_id": members,
                "branch": made.columns["branch"][members],
                "day": np.full(members.size, made.days - 1 - int(dice.integers(0, 30))),
                "minute": begun + np.arange(members.size) // 2,
                "device": np.full(members.size, made.tokens.take(1)[0]),
                "ip": np.full(members.size, made.tokens.take(1)[0]),
            }
        )
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def exclusions(
    made: People, p: Parameters, dice: np.random.Generator, from_above: bool
) -> tuple[Table, list[tuple[int, int]]]:
    """Three years of removals, of people no longer on the roll, and where those from above stand: (first, after).

    member_id here is the number of the removed: they get numbers of their own. Reason 0 arrears, 1 resigned
    elsewhere, 2 and 3 conduct, 4 other. Last spring the arrears were cleared everywhere: a genuine clean-up.
    """
    rate = p["exclusion_share"]
    number = max(3, int(made.number * rate * YEARS_KEPT))
    like = dice.integers(0, made.number, number)  # whose branch and recruiter they had
    day = made.days - 1 - dice.integers(0, YEARS_KEPT * DAYS_A_YEAR, number)
    cleared = dice.random(number) < 0.25
    day = np.where(cleared, made.days - 250 + dice.integers(0, 20, number), day)
    reason = np.where(cleared, 0, dice.choice(5, number, p=[0.92, 0.04, 0.02, 0.01, 0.01]))
    branch, recruiter = made.columns["branch"][like], made.columns["recruiter"][like]
    spans, parts = [], [(branch, day, reason, recruiter)]
    for _ in range(max(1, made.number // int(p["exclusion_members"])) if from_above else 0):
        there = int(dice.integers(0, made.live.branches))
        size = int(dice.integers(12, 60))
        low, high = int(made.starts[there]), int(made.starts[there + 1])
        size = max(8, min(size, (high - low) // 3))
        known = made.columns["recruiter"][low:high]
        known = known[known >= 0]
        rival = int(dice.choice(known)) if known.size else -1
        begun = made.days - int(dice.integers(40, 90))
        by_rival = dice.random(size) < 0.7
        parts.append(
            (
                np.full(size, there),
                begun + dice.integers(0, 20, size),
                dice.choice(np.array([2, 3]), size, p=[0.2, 0.8]),
                np.where(by_rival, rival, -1),
            )
        )
        spans.append((number, number + size))
        number += size
    joined = [np.concatenate([part[place] for part in parts]).astype(np.int64) for place in range(4)]
    names = ("branch", "day", "reason", "recruiter")
    return {"member_id": np.arange(number), **dict(zip(names, joined, strict=True))}, spans
