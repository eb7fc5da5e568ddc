"""A second way to invent a roll, with other shapes, so that nothing is fitted to the first.

Shares come from `parameters.toml` where they mean the same; the shapes are this file's own, none from a source:

branches      Pareto sizes; four types (city, suburb, village, campus) with fixed mixes instead of a draw for each
households    one and a Poisson number; further members follow the first after months instead of a coin for the day
addresses     towers and small blocks, student houses without units, one large care home, hamlets of geometric size
time          growth, week-ends, a peak in autumn; surges that jump and decay; campaigns every year, triangular
renewals      around the anniversary, a third of them pulled into the last twenty days of a year
instruments   gifts in bunches in December, treasurers who bank the cash of others, stalls every Saturday, families
              that move together, recruiters by geometric rank
"""

from __future__ import annotations

import numpy as np
from bench.roll.stacking.homes import CARE, CASH, LARGE, STUDENT, Bools, Homes, Ints, cut
from bench.roll.stacking.honest import People
from bench.roll.stacking.parameters import DAYS_A_YEAR, Parameters
from numpy.typing import NDArray

TYPES = (0.35, 0.30, 0.25, 0.10)
STRATA_BY_TYPE = (
    (0.55, 0.10, 0.12, 0.02, 0.12, 0.09),
    (0.70, 0.14, 0.02, 0.05, 0.03, 0.06),
    (0.66, 0.10, 0.01, 0.07, 0.14, 0.02),
    (0.25, 0.03, 0.65, 0.01, 0.03, 0.03),
)
COMMUNITIES_BY_TYPE = ((0.50, 0.45, 0.05), (0.85, 0.12, 0.03), (0.55, 0.03, 0.42), (0.80, 0.15, 0.05))
HAMLET, TOWER, BLOCK, HOUSE = 6, 60, 8, 5
DECEMBER = 335


def homes(members: int, p: Parameters, dice: np.random.Generator) -> Homes:
    """Households for so many members."""
    branches = max(8, members // 220)
    weight = np.minimum((1 - dice.random(branches)) ** (-1 / 1.3), 60)
    branch = np.sort(dice.choice(branches, size=members, p=weight / weight.sum()))
    kind = dice.choice(len(TYPES), branches, p=TYPES)[branch]
    strata = np.array(STRATA_BY_TYPE) if p["strata"][STUDENT] < 0.5 else np.array([p["strata"]] * len(TYPES))
    stratum = _pick(strata, kind, dice)
    community = _pick(np.array(COMMUNITIES_BY_TYPE), kind, dice)
    alone = (stratum == STUDENT) | (stratum == CARE)
    large = (stratum == LARGE) | ((community == 1) & (dice.random(members) < 0.25))
    size = np.where(
        large, 1 + dice.binomial(8, 0.25, members), np.minimum(5, 1 + dice.poisson(0.38, members))
    )
    size = np.where(alone, 1, size)
    kept, left = cut(size, members, dice)
    building, dwelling = _addresses(branch[kept], kind[kept], stratum[kept], community[kept], branches, dice)
    return Homes(branches, branch[kept], stratum[kept], community[kept], left, building, dwelling)


def _pick(mixes: NDArray[np.float64], kind: Ints, dice: np.random.Generator) -> Ints:
    limits = mixes.cumsum(axis=1)
    drawn = dice.random(kind.size)
    return np.asarray(
        sum((drawn > limits[kind, place]).astype(np.int64) for place in range(mixes.shape[1] - 1))
    )


def _addresses(
    branch: Ints, kind: Ints, stratum: Ints, community: Ints, branches: int, dice: np.random.Generator
) -> tuple[Ints, Ints]:
    number = branch.size
    building = np.arange(number, dtype=np.int64)
    dwelling = building.copy()
    drawn = dice.random(number)
    student, care = stratum == STUDENT, stratum == CARE
    plain = ~student & ~care
    share_flats = np.array([0.35, 0.08, 0.02, 0.15])[kind]
    shares: tuple[tuple[Bools, int, float | None], ...] = (
        # who, households to a building, share without a unit (None: everybody in one dwelling)
        (plain & (community != 2) & (drawn < share_flats / 2), TOWER, 0.3),
        (plain & (community != 2) & (drawn >= share_flats / 2) & (drawn < share_flats), BLOCK, 0.1),
        (plain & (community == 2) & (drawn < 0.6), HAMLET, None),
        (student & (drawn < 0.4), HOUSE, None),
        (student & (drawn >= 0.4), 10**9, 0.6),
        (care, 10**9, 0.0),
    )
    token = number
    for who, each, missing in shares:
        there = np.bincount(branch[who], minlength=branches)
        places = np.maximum(1, there // each)
        first = token + np.concatenate([[0], places.cumsum()[:-1]])
        uneven = dice.random(number) ** 1.5  # some are larger than others
        building[who] = (first[branch] + (uneven * places[branch]).astype(np.int64))[who]
        token += int(places.sum())
        if missing is None:
            dwelling[who] = building[who]
        else:
            dwelling[who & (dice.random(number) < missing)] = -1
    return building, dwelling


def people(live: Homes, p: Parameters, dice: np.random.Generator) -> People:
    """Everybody, as if nobody had stacked and no drive been held."""
    made = People(live, int(p["years"]) * DAYS_A_YEAR)
    _days(made, p, dice)
    _payers(made, p, dice)
    _devices(made, p, dice)
    _contacts(made, p, dice)
    _transfers(made, p, dice)
    return made


def _profile(p: Parameters, days: int, dice: np.random.Generator) -> NDArray[np.float64]:
    day = np.arange(days)
    rate = np.exp(0.12 * day / DAYS_A_YEAR) * np.where(day % 7 < 2, 1.6, 1.0)
    rate *= 1 + 0.8 * np.exp(-(((day % DAYS_A_YEAR) - 270) ** 2) / (2 * 12**2))
    begins = [
        days - int(dice.integers(60, 330)),
        *dice.integers(0, days - 400, int(p["surges"]) - 1).tolist(),
    ]
    height = (p["surge_factor"][1] - 1) * 1.5
    for begun in begins:
        after = day - begun
        rate *= np.where(after >= 0, 1 + height * 0.5 ** (np.maximum(after, 0) / 12), 1.0)
    return np.asarray(rate.cumsum() / rate.sum())


def _days(made: People, p: Parameters, dice: np.random.Generator) -> None:
    usual, live = _profile(p, made.days, dice), made.live
    first = np.searchsorted(usual, dice.random(live.size.size)).astype(np.int64)
    student = live.stratum == STUDENT
    count = int(student.sum())
    term = np.where(dice.random(count) < 0.85, 262 + dice.poisson(6, count), 18 + dice.poisson(4, count))
    fixed = term + DAYS_A_YEAR * dice.integers(0, made.days // DAYS_A_YEAR, count)
    first[student] = np.where(dice.random(count) < 0.9, fixed, first[student])
    for year in range(made.days // DAYS_A_YEAR):
        held = dice.random(live.branches) < 0.6 * p["campaign_branches"]
        share = dice.uniform(0.01, 0.03, live.branches)  # of all on the roll: a tenth or more of a year's
        begun = DAYS_A_YEAR * year + dice.integers(0, DAYS_A_YEAR - 60, live.branches)
        joins = held[live.branch] & (dice.random(first.size) < share[live.branch])
        first[joins] = (begun[live.branch] + dice.triangular(0, 20, 60, first.size).astype(np.int64))[joins]
    first = first.clip(0, made.days - 1)
    later = np.where(dice.random(made.number) < 0.35, 0, dice.exponential(200, made.number).astype(np.int64))
    later[made.first] = 0
    day = first[made.household] + later
    # who would have joined after the freeze did so on the day of the first
    made.columns["join_day"] = np.where(day < made.days, day, first[made.household])
    since = made.days - made.columns["join_day"]
    years = (dice.random(made.number) * (since // DAYS_A_YEAR)).astype(np.int64) + 1
    again = (
        made.columns["join_day"] + DAYS_A_YEAR * years + dice.exponential(60, made.number).astype(np.int64)
    )
    end = (again // DAYS_A_YEAR + 1) * DAYS_A_YEAR - dice.integers(1, 21, made.number)
    again = np.where(dice.random(made.number) < 1 / 3, end, again)
    lapsed = dice.random(made.number) < 1.5 * p["renewal_share"]
    made.columns["renewal_day"] = np.where(lapsed & (again < made.days), again, -1)


def _somebody(made: People, dice: np.random.Generator) -> Ints:
    """For each member a household of the same branch."""
    branch = made.columns["branch"]
    low, high = made.starts[branch], made.starts[branch + 1]
    return made.household[low + (dice.random(made.number) * (high - low)).astype(np.int64)]


def _payers(made: People, p: Parameters, dice: np.random.Generator) -> None:
    column, number, branch = made.columns, made.number, made.columns["branch"]
    together = dice.random(made.live.size.size) < np.where(made.live.stratum == LARGE, 0.9, 0.55)
    payer = np.where(made.first | together[made.household], made.household, made.own())
    payer = np.where((made.stratum == CARE) & (dice.random(number) < 0.4), _somebody(made, dice), payer)
    _gifts(made, payer, p, dice)
    # in one branch of ten the treasurer banks what others hand in, all year round
    banking = dice.random(made.live.branches) < 0.1
    banked = banking[branch] & (dice.random(number) < 0.03)
    treasurer = made.tokens.take(made.live.branches)
    payer[banked] = treasurer[branch[banked]]
    cash = dice.random(made.live.size.size) < np.where(
        made.live.stratum == CASH, p["cash_share"][1], np.array([0.6, 2.0, 5.0])[made.live.community] * 0.04
    )
    in_cash = cash[made.household]
    if p["checkoff"]:
        paid = dice.random(number) < p["checkoff"]
        payer[paid] = dice.choice(made.tokens.take(max(2, number // 300)), number)[paid]
        in_cash &= ~paid
    column["payer"] = np.where(in_cash, -1, payer)
    two = made.tokens.take(2 * made.live.branches)[0] + 2 * branch
    column["cash_collector"] = np.where(in_cash, two + (dice.random(number) < 0.3), -1)


def _gifts(made: People, payer: Ints, p: Parameters, dice: np.random.Generator) -> None:
    """Givers each give to one or more of the branch, all on one day in December."""
    givers = dice.permutation(made.number)[: int(made.number * p["gift_share"] / 2.2)]
    for giver, count in zip(givers.tolist(), dice.geometric(0.45, givers.size).tolist(), strict=True):
        branch = int(made.columns["branch"][giver])
        low, high = int(made.starts[branch]), int(made.starts[branch + 1])
        given = dice.integers(low, high, count)
        year = int(dice.integers(0, made.days // DAYS_A_YEAR))
        made.columns["join_day"][given] = DAYS_A_YEAR * year + DECEMBER + int(dice.integers(0, 25))
        made.columns["renewal_day"][given] = -1
        payer[given] = made.household[giver]


def _devices(made: People, p: Parameters, dice: np.random.Generator) -> None:
    number, branch = made.number, made.columns["branch"]
    by_hand = (made.stratum == CARE) | (made.stratum == CASH)
    paper = dice.random(number) < np.where(by_hand, 0.5, np.array([0.2, 0.2, 0.4])[made.community])
    device = np.where(dice.random(number) < 0.5, made.household, made.own())
    # half of the branches have a stall every other Saturday
    stall = (dice.random(made.live.branches) < 0.5)[branch] & (dice.random(number) < 0.02)
    tablet = made.tokens.take(made.live.branches)
    day = made.columns["join_day"]
    day[stall] -= day[stall] % 14
    device = np.where(stall, tablet[branch], device)
    paper &= ~stall
    made.columns["device"] = np.where(paper, -1, device)
    pool = made.tokens.take(max(5, number // 800))
    weight = np.arange(1, pool.size + 1) ** -1.5
    pooled = dice.choice(pool, number, p=weight / weight.sum())
    ip = np.where(dice.random(number) < 0.25, pooled, made.household)
    campus = (made.stratum == STUDENT) & (dice.random(number) < p["campus_ip"])
    made.columns["ip"] = np.where(
        paper, -1, np.where(campus, made.tokens.take(made.live.branches)[branch], ip)
    )
    # recruiters: one after the other half as busy
    named = (dice.random(number) < 0.35) | stall
    rank = np.minimum(dice.geometric(0.3, number) - 1, 11)
    made.columns["recruiter"] = np.where(
        named, made.tokens.take(12 * made.live.branches)[0] + 12 * branch + rank, -1
    )


def _contacts(made: People, p: Parameters, dice: np.random.Generator) -> None:
    number = made.number
    for name, missing, shared in (("phone", 0.4, 0.2), ("email", 0.2, 0.15)):
        value = np.where(dice.random(number) < shared, made.household, made.own())
        value = np.where(dice.random(number) < p["contact_borrowed"], _somebody(made, dice), value)
        made.columns[name] = np.where(dice.random(number) < missing, -1, value)


def _transfers(made: People, p: Parameters, dice: np.random.Generator) -> None:
    """Families move together, in the second half of their time."""
    homes_moved = dice.random(made.live.size.size) < 1.6 * p["transfer_share"]
    joined = made.columns["join_day"]
    latest = np.zeros(made.live.size.size, dtype=np.int64)
    np.maximum.at(latest, made.household, joined)
    day = latest + 30 + (dice.random(latest.size) * (made.days - latest)).astype(np.int64)
    moved = (homes_moved & (day < made.days))[made.household]
    made.columns["transfer_day"] = np.where(moved, day[made.household], -1)
    away = dice.integers(1, made.live.branches, latest.size)[made.household]
    made.columns["from_branch"] = np.where(moved, (made.columns["branch"] + away) % made.live.branches, -1)
    changed = dice.choice(np.array([1, 0, -1]), latest.size, p=[0.85, 0.03, 0.12])[made.household]
    made.columns["address_changed"] = np.where(moved, changed, -1)
