"""Honest recruitment drives: one tablet, one recruiter, one or two days; some declared beforehand."""

from __future__ import annotations

import numpy as np
from bench.roll.stacking.homes import CARE, Ints
from bench.roll.stacking.honest import People
from bench.roll.stacking.parameters import DAYS_A_YEAR, Parameters


def choose(
    made: People, branch: int, number: int, dice: np.random.Generator, before: int | None = None
) -> Ints:
    """Members of a branch whom no drive and no operation has yet; with `before`, who joined before that day."""
    low, high = int(made.starts[branch]), int(made.starts[branch + 1])
    free = (made.drive[low:high] < 0) & (made.operation[low:high] < 0) & (made.stratum[low:high] != CARE)
    if before is not None:
        free &= made.columns["join_day"][low:high] < before
    places = low + np.flatnonzero(free)
    return dice.permutation(places)[:number]


def drives(made: People, p: Parameters, dice: np.random.Generator) -> list[tuple[int, ...]]:
    """Holds them. Gives the declared ones: branch, first_day, last_day, device, recruiter, cash_collector."""
    in_a_year = p["drive_rate"] * max(2, made.number / p["drive_members"])
    declared: list[tuple[int, ...]] = []
    serial = 0
    sizes = np.diff(made.starts)
    years = made.days // DAYS_A_YEAR
    for year in range(years):
        share = 1.0 if year == years - 1 else dice.uniform(*p["drive_history"])
        for _ in range(max(1, round(in_a_year * share))):
            branch = int(dice.choice(sizes.size, p=sizes / sizes.sum()))
            people = int(np.exp(dice.normal(*p["drive_people"])).clip(3, sizes[branch] / 4 + 1))
            begun = DAYS_A_YEAR * year + int(dice.integers(0, DAYS_A_YEAR - 2))
            told = _hold(made, branch, people, begun, serial, p, dice)
            if told:
                declared.append(told)
            serial += 1
    return declared


def _hold(
    made: People, branch: int, people: int, begun: int, serial: int, p: Parameters, dice: np.random.Generator
) -> tuple[int, ...] | None:
    """One drive. drive: 2 x serial, and one more where it was declared."""
    there = choose(made, branch, people, dice)
    length = int(dice.integers(1, 3))
    column = made.columns
    device, ip = (int(made.tokens.take(1)[0]) for _ in range(2))
    known = column["recruiter"][made.starts[branch] : made.starts[branch + 1]]
    known = known[known >= 0]
    recruiter = int(dice.choice(known)) if known.size else int(made.tokens.take(1)[0])
    column["join_day"][there] = begun + dice.integers(0, length, there.size)
    column["device"][there] = device
    column["ip"][there] = ip
    column["recruiter"][there] = recruiter
    for name in ("renewal_day", "transfer_day", "from_branch", "address_changed"):
        column[name][there] = -1
    collector = _cash(made, there, begun + length - 1, p, dice)
    told = bool(dice.random() < p["drive_declared"])
    made.drive[there] = 2 * serial + told
    return (branch, begun, begun + length - 1, device, recruiter, collector) if told else None


def _cash(made: People, there: Ints, day: int, p: Parameters, dice: np.random.Generator) -> int:
    """At some drives most pay in cash; the receipts are written one after the other. Gives the collector, or -1."""
    stalls, paying = p["drive_cash"]
    cash = there[dice.random(there.size) < paying]
    if dice.random() >= stalls or not cash.size:
        return -1
    collector = int(made.tokens.take(1)[0])
    made.columns["payer"][cash] = -1
    made.columns["cash_collector"][cash] = collector
    made.stalls.append((cash, day))
    return collector
