"""Stacking: eight kinds of operation. Members of a branch are taken from the honest and given what the kind leaves.

paid_bulk       one account (or one to thirty members) pays, most on one or two devices, within a fortnight
cash_bulk       paper forms and cash through one collector, receipts written one after another
phantom_addr    six to a dwelling, some dwellings written as several units, two in five paid by one account
warehouse       joined in other branches, moved here within half a year, the address unchanged
rejoin_paid     long lapsed, renewed in the last ten days by one account
shared_contact  one telephone or e-mail to about ten members from different homes
adaptive        never more than two to an account or three to a device; half show nothing
invisible       own accounts, own devices, real homes, months: a control, nothing of it is on the roll
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from bench.roll.stacking.drives import choose
from bench.roll.stacking.homes import Ints
from bench.roll.stacking.honest import People
from bench.roll.stacking.parameters import DAYS_A_YEAR, Parameters

KINDS = (
    "paid_bulk",
    "cash_bulk",
    "phantom_addr",
    "warehouse",
    "rejoin_paid",
    "shared_contact",
    "adaptive",
    "invisible",
)
Act = Callable[[People, Ints, int, Parameters, np.random.Generator], None]


class Operations:
    """What was done. kinds: the kind of each operation, by its number; past ones begin with `past:`.

    runs: per cash operation (members in the order of their receipts, day of handing in, collector).
    """

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self.runs: list[tuple[Ints, int, int]] = []


def stack(made: People, p: Parameters, dice: np.random.Generator, dirty: bool) -> Operations:
    """The operations of the last year and, on a dirty roll, of some years before."""
    done = Operations()
    years = made.days // DAYS_A_YEAR
    _year(made, done, made.days, p["stacked_share"], "", p, dice)
    if dirty:
        for year in dice.choice(np.arange(1, years - 1), int(p["past_years"]), replace=False):
            _year(made, done, DAYS_A_YEAR * (int(year) + 1), p["past_share"], "past:", p, dice)
    return done


def _year(
    made: People,
    done: Operations,
    freeze: int,
    share: float,
    mark: str,
    p: Parameters,
    dice: np.random.Generator,
) -> None:
    wanted = share * made.number
    sizes = np.diff(made.starts)
    taken = 0
    turn: list[str] = []
    while taken < wanted:
        turn = turn or [str(kind) for kind in dice.permutation(KINDS)]
        kind = turn.pop()
        mean, sigma, least, most = p["operation_size"]
        size = int(np.exp(dice.normal(mean, sigma)).clip(least, most))
        roomy = np.flatnonzero(sizes >= 2 * size)
        branch = int(dice.choice(roomy)) if roomy.size else int(sizes.argmax())
        before = freeze - DAYS_A_YEAR - 60 if kind == "rejoin_paid" else None
        there = choose(made, branch, size, dice, before)
        if there.size < least:
            turn.append(kind)
            continue
        made.operation[there] = len(done.kinds)
        done.kinds.append(mark + kind)
        _begin(made, there, freeze, kind, p, dice)
        _ACTS[kind](made, there, freeze, p, dice)
        if kind == "cash_bulk":
            column = made.columns
            day = int(column["join_day"][there].max())
            done.runs.append((there, day, int(column["cash_collector"][there[0]])))
        taken += there.size


def _begin(
    made: People, there: Ints, freeze: int, kind: str, p: Parameters, dice: np.random.Generator
) -> None:
    """Days, and instruments of their own: a kind then changes what it shares."""
    column = made.columns
    length = int(p["operation_days"][kind])
    latest = freeze - length
    begun = latest if kind == "rejoin_paid" else int(dice.integers(freeze - 330, latest))
    day = begun + dice.integers(0, length, there.size)
    for name in ("renewal_day", "transfer_day", "from_branch", "address_changed"):
        column[name][there] = -1
    if kind == "rejoin_paid":
        column["renewal_day"][there] = day
    else:
        column["join_day"][there] = day
    own = made.live.size.size + there  # a token of each one's own, as People.own has it
    column["payer"][there] = own
    column["cash_collector"][there] = -1
    for name in ("device", "ip", "phone", "email"):
        column[name][there] = np.where(column[name][there] >= 0, own, -1)


def _groups(number: int, each: float, dice: np.random.Generator) -> Ints:
    """A group for each of so many, about `each` to a group."""
    groups = max(1, round(number / each))
    return dice.permutation(np.arange(number) % groups)


def _tokens(made: People, group: Ints) -> Ints:
    return made.tokens.take(int(group.max()) + 1)[group]


def _device(made: People, there: Ints, each: float, share: float, dice: np.random.Generator) -> None:
    """A share of the members joins on common devices, with the network of the device."""
    using = there[dice.random(there.size) < share]
    if using.size:
        group = _groups(using.size, each, dice)
        made.columns["device"][using] = _tokens(made, group)
        made.columns["ip"][using] = _tokens(made, group)
        made.trace[using] = True


def _paid_bulk(made: People, there: Ints, freeze: int, p: Parameters, dice: np.random.Generator) -> None:
    made.columns["payer"][there] = _tokens(made, _groups(there.size, 30, dice))
    made.trace[there] = True
    _device(made, there, 40, 0.7, dice)
    _recruited(made, there, 0.5, dice)


def _recruited(made: People, there: Ints, share: float, dice: np.random.Generator) -> None:
    named = dice.random(there.size) < share
    made.columns["recruiter"][there] = np.where(named, made.tokens.take(1)[0], -1)


def _cash_bulk(made: People, there: Ints, freeze: int, p: Parameters, dice: np.random.Generator) -> None:
    column = made.columns
    branch = int(column["branch"][there[0]])
    known = column["cash_collector"][made.starts[branch] : made.starts[branch + 1]]
    known = known[known >= 0]
    usual = known.size > 0 and dice.random() < 0.5
    column["cash_collector"][there] = int(dice.choice(known)) if usual else int(made.tokens.take(1)[0])
    for name in ("payer", "device", "ip"):
        column[name][there] = -1
    made.trace[there] = True
    _recruited(made, there, 0.6, dice)


def _phantom_addr(made: People, there: Ints, freeze: int, p: Parameters, dice: np.random.Generator) -> None:
    column = made.columns
    group = _groups(there.size, p["phantom_dwelling"], dice)
    building = _tokens(made, group)
    column["building"][there] = building
    varied = dice.random(int(group.max()) + 1) < p["phantom_variants"]
    column["dwelling"][there] = np.where(varied[group], made.tokens.take(there.size), building)
    # who lives in one claimed dwelling is one household, whoever these people may be
    made.household[there] = column["dwelling"][there]
    made.trace[there] = True
    paid = there[dice.random(there.size) < p["phantom_payer"]]
    column["payer"][paid] = made.tokens.take(1)[0]


def _warehouse(made: People, there: Ints, freeze: int, p: Parameters, dice: np.random.Generator) -> None:
    column = made.columns
    moved = column["join_day"][there].copy()
    column["transfer_day"][there] = moved
    column["join_day"][there] = np.maximum(0, moved - dice.integers(40, 180, there.size))
    sources = dice.integers(1, made.live.branches, int(dice.integers(1, 3)))
    came = (column["branch"][there] + dice.choice(sources, there.size)) % made.live.branches
    column["from_branch"][there] = came
    column["address_changed"][there] = 0
    made.trace[there] = True
    paid = there[dice.random(there.size) < 0.3]
    column["payer"][paid] = made.tokens.take(1)[0]


def _rejoin_paid(made: People, there: Ints, freeze: int, p: Parameters, dice: np.random.Generator) -> None:
    made.columns["payer"][there] = _tokens(made, _groups(there.size, 40, dice))
    made.trace[there] = True
    _device(made, there, 60, 0.6, dice)


def _shared_contact(made: People, there: Ints, freeze: int, p: Parameters, dice: np.random.Generator) -> None:
    values = _tokens(made, _groups(there.size, 10, dice))
    by_phone = dice.random() < 0.5
    made.columns["phone" if by_phone else "email"][there] = values
    made.trace[there] = True


def _adaptive(made: People, there: Ints, freeze: int, p: Parameters, dice: np.random.Generator) -> None:
    payers, devices, silent = p["adaptive_limits"]
    showing = there[dice.random(there.size) >= silent]
    half = showing.size // 2
    for using, name, most in ((showing[:half], "payer", payers), (showing[half:], "device", devices)):
        group = np.arange(using.size) // int(most)
        alone = np.bincount(group, minlength=1)[group] < 2
        using, group = using[~alone], group[~alone]
        if using.size:
            made.columns[name][using] = _tokens(made, group)
            made.trace[using] = True


def _invisible(made: People, there: Ints, freeze: int, p: Parameters, dice: np.random.Generator) -> None:
    """Nothing."""


_ACTS: dict[str, Act] = {
    "paid_bulk": _paid_bulk,
    "cash_bulk": _cash_bulk,
    "phantom_addr": _phantom_addr,
    "warehouse": _warehouse,
    "rejoin_paid": _rejoin_paid,
    "shared_contact": _shared_contact,
    "adaptive": _adaptive,
    "invisible": _invisible,
}
