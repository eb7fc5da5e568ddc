"""Drives and operations of the second kind of roll: in waves, through several accounts, in existing buildings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from bench.roll.stacking.drives import choose
from bench.roll.stacking.homes import Ints
from bench.roll.stacking.honest import People
from bench.roll.stacking.operations import KINDS, Operations
from bench.roll.stacking.parameters import DAYS_A_YEAR, Parameters

LENGTH = {
    "paid_bulk": 25,
    "cash_bulk": 35,
    "phantom_addr": 45,
    "warehouse": 45,
    "rejoin_paid": 21,
    "shared_contact": 40,
    "adaptive": 200,
    "invisible": 200,
}
SPREAD = ("adaptive", "invisible")  # these do not come in waves


def drives(made: People, p: Parameters, dice: np.random.Generator) -> list[tuple[int, ...]]:
    """Two tablets and a team of three, one to four days, some cash; half declared."""
    sizes = np.diff(made.starts)
    declared: list[tuple[int, ...]] = []
    serial = 0
    for year in range(made.days // DAYS_A_YEAR):
        for _ in range(max(1, round(p["drive_rate"] * max(2, made.number / p["drive_members"])))):
            branch = int(dice.choice(sizes.size, p=sizes / sizes.sum()))
            there = choose(
                made, branch, min(4 + int(dice.geometric(1 / 20)), int(sizes[branch]) // 4 + 1), dice
            )
            begun, length = (
                DAYS_A_YEAR * year + int(dice.integers(0, DAYS_A_YEAR - 4)),
                int(dice.integers(1, 5)),
            )
            column = made.columns
            tablets, team = made.tokens.take(2), made.tokens.take(3)
            column["join_day"][there] = begun + dice.integers(0, length, there.size)
            for name in ("renewal_day", "transfer_day", "from_branch", "address_changed"):
                column[name][there] = -1
            column["device"][there] = column["ip"][there] = dice.choice(tablets, there.size)
            column["recruiter"][there] = dice.choice(team, there.size)
            cash = there[dice.random(there.size) < 0.15]
            column["payer"][cash], column["cash_collector"][cash] = -1, team[0]
            made.stalls.append((cash, begun + length - 1))
            told = bool(dice.random() < p["drive_declared"])
            made.drive[there] = 2 * serial + told
            serial += 1
            if told:
                pairs = [(tablets[0], team[0]), (tablets[1], team[1]), (tablets[0], team[2])]
                declared += [
                    (branch, begun, begun + length - 1, int(a), int(b), int(team[0])) for a, b in pairs
                ]
    return declared


def stack(made: People, p: Parameters, dice: np.random.Generator, dirty: bool) -> Operations:
    """The operations of the last year and, on a dirty roll, of two years before."""
    done = Operations()
    turns = [(made.days, p["stacked_share"], "")]
    if dirty:
        years = dice.choice(np.arange(1, made.days // DAYS_A_YEAR - 1), int(p["past_years"]), replace=False)
        turns += [(DAYS_A_YEAR * (int(year) + 1), p["past_share"], "past:") for year in years]
    sizes = np.diff(made.starts)
    for freeze, share, mark in turns:
        taken, turn = 0, 0
        while taken < share * made.number:
            kind = KINDS[turn % len(KINDS)]
            turn += 1
            large = dice.random() < 0.1
            size = int(dice.integers(150, 300)) if large else min(250, 7 + int(dice.geometric(1 / 28)))
            roomy = np.flatnonzero(sizes >= 2 * size)
            branch = int(dice.choice(roomy)) if roomy.size else int(sizes.argmax())
            before = freeze - DAYS_A_YEAR - 60 if kind == "rejoin_paid" else None
            there = choose(made, branch, size, dice, before)
            if there.size < 8:
                continue
            made.operation[there] = len(done.kinds)
            done.kinds.append(mark + kind)
            _begin(made, there, freeze, kind, dice)
            _ACTS[kind](made, there, done, dice)
            taken += there.size
    return done


def _begin(made: People, there: Ints, freeze: int, kind: str, dice: np.random.Generator) -> None:
    """Days in one to four waves of up to three days; instruments of their own."""
    column, length = made.columns, LENGTH[kind]
    begun = freeze - length if kind == "rejoin_paid" else int(dice.integers(freeze - 340, freeze - length))
    if kind in SPREAD:
        day = begun + dice.integers(0, length, there.size)
    else:
        waves = begun + dice.integers(0, length - 2, int(dice.integers(1, 5)))
        day = dice.choice(waves, there.size) + dice.integers(0, 3, there.size)
    for name in ("renewal_day", "transfer_day", "from_branch", "address_changed"):
        column[name][there] = -1
    column["renewal_day" if kind == "rejoin_paid" else "join_day"][there] = day
    own = made.live.size.size + there
    column["payer"][there] = own
    column["cash_collector"][there] = -1
    for name in ("device", "ip", "phone", "email"):
        column[name][there] = np.where(column[name][there] >= 0, own, -1)


def _spread(made: People, there: Ints, name: str, most: int, dice: np.random.Generator) -> None:
    """So many at most to a value; nobody alone."""
    groups = max(1, -(-there.size // most))
    group = np.arange(there.size) % groups
    made.columns[name][there] = made.tokens.take(groups)[dice.permutation(group)]
    made.trace[there] = True


def _paid(made: People, there: Ints, done: Operations, dice: np.random.Generator) -> None:
    _spread(made, there, "payer", 10, dice)
    online = there[dice.random(there.size) < 0.6]
    if online.size:
        _spread(made, online, "device", max(8, online.size // 3), dice)


def _cash(made: People, there: Ints, done: Operations, dice: np.random.Generator) -> None:
    column = made.columns
    for name in ("payer", "device", "ip"):
        column[name][there] = -1
    half = there.size // 2
    for part in (there[:half], there[half:]):
        collector = int(made.tokens.take(1)[0])
        column["cash_collector"][part] = collector
        done.runs.append((part, int(column["join_day"][part].max()), collector))
    made.trace[there] = True


def _phantom(made: People, there: Ints, done: Operations, dice: np.random.Generator) -> None:
    """Three to nine to a dwelling, in buildings where others live; half of the dwellings without their unit."""
    column = made.columns
    branch = int(column["branch"][there[0]])
    known = column["building"][made.starts[branch] : made.starts[branch + 1]]
    rest = there
    while rest.size:
        number = min(rest.size, int(dice.integers(3, 10)))
        part, rest = rest[:number], rest[number:]
        dwelling = int(made.tokens.take(1)[0])
        column["building"][part] = int(dice.choice(known))
        column["dwelling"][part] = -1 if dice.random() < 0.5 else dwelling
        made.household[part] = dwelling
    made.trace[there] = True


def _warehouse(made: People, there: Ints, done: Operations, dice: np.random.Generator) -> None:
    column = made.columns
    moved = column["join_day"][there].copy()
    column["transfer_day"][there] = moved
    column["join_day"][there] = np.maximum(0, moved - dice.integers(30, 170, there.size))
    away = dice.integers(1, made.live.branches, int(dice.integers(3, 7)))
    column["from_branch"][there] = (
        column["branch"][there] + dice.choice(away, there.size)
    ) % made.live.branches
    column["address_changed"][there] = np.where(dice.random(there.size) < 0.3, -1, 0)
    made.trace[there] = True


def _rejoin(made: People, there: Ints, done: Operations, dice: np.random.Generator) -> None:
    _spread(made, there, "payer", 15, dice)


def _contact(made: People, there: Ints, done: Operations, dice: np.random.Generator) -> None:
    _spread(made, there, "phone", 5, dice)
    _spread(made, there, "email", 6, dice)


def _adaptive(made: People, there: Ints, done: Operations, dice: np.random.Generator) -> None:
    showing = there[dice.random(there.size) < 0.6]
    half = showing.size // 2
    for part, name, most in ((showing[:half], "payer", 3), (showing[half:], "device", 2)):
        whole = part[: part.size // most * most]
        if whole.size:
            _spread(made, whole, name, most, dice)


def _invisible(made: People, there: Ints, done: Operations, dice: np.random.Generator) -> None:
    """Nothing."""


_ACTS: dict[str, Callable[[People, Ints, Operations, np.random.Generator], None]] = {
    "paid_bulk": _paid,
    "cash_bulk": _cash,
    "phantom_addr": _phantom,
    "warehouse": _warehouse,
    "rejoin_paid": _rejoin,
    "shared_contact": _contact,
    "adaptive": _adaptive,
    "invisible": _invisible,
}
