"""Honest members: when they joined, and through what."""

from __future__ import annotations

import numpy as np
from bench.roll.stacking.homes import CARE, CASH, LARGE, STUDENT, Bools, Homes, Ints
from bench.roll.stacking.parameters import DAYS_A_YEAR, Parameters
from numpy.typing import NDArray

Columns = dict[str, Ints]


class Tokens:
    """Fresh whole numbers."""

    def __init__(self, first: int) -> None:
        self.next = first

    def take(self, number: int) -> Ints:
        self.next += number
        return np.arange(self.next - number, self.next, dtype=np.int64)

    def skip(self, number: int) -> None:
        """Pass over so many, which somebody counts out."""
        self.next += number


class People:
    """The roll in the making: columns of one length in the order of branches, and what is true of each member."""

    def __init__(self, live: Homes, days: int) -> None:
        self.live = live
        self.days = days
        self.household: Ints = np.repeat(np.arange(live.size.size, dtype=np.int64), live.size)
        self.number = self.household.size
        self.first: Bools = np.diff(self.household, prepend=-1) != 0
        self.stratum = live.stratum[self.household]
        self.community = live.community[self.household]
        self.columns: Columns = {
            "branch": live.branch[self.household],
            "building": live.building[self.household],
            "dwelling": live.dwelling[self.household],
        }
        self.tokens = Tokens(4 * self.number + 10 * live.branches + 1000)
        self.starts = np.searchsorted(self.columns["branch"], np.arange(live.branches + 1))
        self.drive: Ints = np.full(self.number, -1, dtype=np.int64)
        self.operation: Ints = np.full(self.number, -1, dtype=np.int64)
        self.stalls: list[tuple[Ints, int]] = []  # who paid in cash at a stall, and the day
        self.trace: Bools = np.zeros(self.number, dtype=np.bool_)

    def own(self) -> Ints:
        """A token of a member's own, in every kind of instrument."""
        return self.live.size.size + np.arange(self.number, dtype=np.int64)


def _either(two: list[float], second: Bools) -> NDArray[np.float64]:
    """The first figure, or the second where said."""
    return np.where(second, two[1], two[0])


def people(members: int, live: Homes, p: Parameters, dice: np.random.Generator) -> People:
    """Everybody, as if nobody had stacked and no drive been held."""
    made = People(live, int(p["years"]) * DAYS_A_YEAR)
    together = made.first | (dice.random(made.number) < p["joint_joining"])
    _days(made, together, p, dice)
    _payers(made, together, p, dice)
    _devices(made, together, p, dice)
    _contacts(made, p, dice)
    _recruiters(made, p, dice)
    _transfers(made, p, dice)
    return made


def profile(p: Parameters, days: int, dice: np.random.Generator) -> NDArray[np.float64]:
    """The share of joinings up to each day."""
    day = np.arange(days)
    rate = 1 + p["season"] * np.sin(2 * np.pi * (day / DAYS_A_YEAR + dice.random()))
    for number in range(int(p["surges"])):
        length = int(dice.integers(p["surge_days"][0], p["surge_days"][1] + 1))
        low, high = (days - 330, days - length) if number == 0 else (0, days - 400)
        begun = int(dice.integers(low, high))
        rate[begun : begun + length] *= dice.uniform(*p["surge_factor"])
    return np.asarray(rate.cumsum() / rate.sum())


def _days(made: People, together: Bools, p: Parameters, dice: np.random.Generator) -> None:
    usual = profile(p, made.days, dice)
    year = int(p["years"])

    def draw(number: int, student: Bools) -> Ints:
        day = np.searchsorted(usual, dice.random(number)).astype(np.int64)
        base, shape, scale = p["freshers"]
        count = int(student.sum())
        autumn = (base + dice.gamma(shape, scale, count)).astype(np.int64).clip(0, DAYS_A_YEAR - 1)
        autumn += DAYS_A_YEAR * dice.integers(0, year, count)
        day[student] = np.where(dice.random(count) < p["freshers_share"], autumn, day[student])
        return day.clip(0, made.days - 1)

    of_household = draw(made.live.size.size, made.live.stratum == STUDENT)
    _campaigns(made, of_household, p, dice)
    shared = of_household[made.household]
    made.columns["join_day"] = np.where(together, shared, draw(made.number, made.stratum == STUDENT))
    again = _renewals(made.live.size.size, made.days, p, dice)[made.household]
    alone = _renewals(made.number, made.days, p, dice)
    renewal = np.where(together, again, alone)
    made.columns["renewal_day"] = np.where(renewal > made.columns["join_day"] + 300, renewal, -1)


def _renewals(number: int, days: int, p: Parameters, dice: np.random.Generator) -> Ints:
    """The day of a renewal after a lapse, or -1."""
    share, rate = p["renewal_rush"]
    # those that fall before a joining are dropped by the caller: about half
    lapsed = dice.random(number) < 2 * p["renewal_share"]
    end = DAYS_A_YEAR * dice.integers(1, days // DAYS_A_YEAR + 1, number)
    before = dice.geometric(rate, number).clip(1, 90)
    rush = dice.random(number) < share
    day = np.where(rush, end - before, dice.integers(0, days, number))
    return np.where(lapsed, day, -1).astype(np.int64)


def _campaigns(made: People, day: Ints, p: Parameters, dice: np.random.Generator) -> None:
    held = np.flatnonzero(dice.random(made.live.branches) < p["campaign_branches"])
    begun = np.full(made.live.branches, -1)
    late = dice.random(held.size) < p["campaign_in_window"]
    begun[held] = np.where(
        late,
        dice.integers(made.days - DAYS_A_YEAR, made.days - 30, held.size),
        dice.integers(0, made.days - DAYS_A_YEAR, held.size),
    )
    begins = begun[made.live.branch]
    joins = (begins >= 0) & (dice.random(day.size) < p["campaign_households"])
    day[joins] = (begins + dice.integers(0, 30, day.size))[joins]


def _neighbour(made: People, far: float, dice: np.random.Generator) -> Ints:
    """For each member some household: in the same branch, or anywhere in a share `far` of the cases."""
    branch = made.columns["branch"]
    low, high = made.starts[branch], made.starts[branch + 1]
    near = low + (dice.random(made.number) * (high - low)).astype(np.int64)
    if far:
        near = np.where(dice.random(made.number) < far, dice.integers(0, made.number, made.number), near)
    return made.household[near]


def _payers(made: People, together: Bools, p: Parameters, dice: np.random.Generator) -> None:
    home = made.household
    close = (made.stratum == LARGE) | (made.community == 1)
    shared = made.first | (together & (dice.random(made.number) < _either(p["payer_shared"], close)))
    payer = np.where(shared, home, made.own())
    # a relative pays for somebody in care; half of these relatives are members, and pay for themselves too
    relative = (made.stratum == CARE) & (dice.random(made.number) < p["relative_pays"])
    member = dice.random(made.number) < p["relative_is_member"]
    payer = np.where(relative & member, _neighbour(made, 0.0, dice), payer)
    gift = dice.random(made.number) < p["gift_share"]
    payer = np.where(gift, _neighbour(made, p["gift_far"], dice), payer)
    live = made.live
    usual = np.minimum(0.95, p["cash_share"][0] * np.array(p["cash_by_community"]))[live.community]
    cash = dice.random(live.size.size) < np.where(live.stratum == CASH, p["cash_share"][1], usual)
    in_cash = cash[home]
    there = np.maximum(1, np.diff(made.starts) // int(p["collectors"]))
    first = made.tokens.take(int(there.sum()))[0] + np.concatenate([[0], there.cumsum()[:-1]])
    branch = made.columns["branch"]
    collector = first[branch] + (dice.random(made.number) ** 2 * there[branch]).astype(np.int64)
    if p["checkoff"]:
        _checkoff(made, payer, in_cash, p, dice)
    made.columns["payer"] = np.where(in_cash, -1, payer)
    made.columns["cash_collector"] = np.where(in_cash, collector, -1)


def _checkoff(made: People, payer: Ints, in_cash: Bools, p: Parameters, dice: np.random.Generator) -> None:
    """The employer pays: two in three employers in one branch only, the others anywhere."""
    paid = dice.random(made.number) < p["checkoff"]
    branch = made.columns["branch"]
    local = made.tokens.take(made.live.branches * 2)[0] + branch * 2 + dice.integers(0, 2, made.number)
    wide = made.tokens.take(max(2, made.number // 4000))
    employer = np.where(dice.random(made.number) < 2 / 3, local, dice.choice(wide, made.number))
    payer[paid] = employer[paid]
    in_cash[paid] = False


def _devices(made: People, together: Bools, p: Parameters, dice: np.random.Generator) -> None:
    number, home, branch = made.number, made.household, made.columns["branch"]
    by_hand = (made.stratum == CARE) | (made.stratum == CASH)
    usual = np.minimum(0.95, p["paper_share"][0] * np.array(p["paper_by_community"]))[made.community]
    paper = dice.random(number) < np.where(by_hand, p["paper_share"][1], usual)
    shared = made.first | (together & (dice.random(number) < p["device_shared"]))
    device = np.where(shared, home, made.own())
    public = dice.random(number) < np.array(p["device_public"])[made.community]
    places = np.maximum(1, np.diff(made.starts) // int(p["device_public_members"]))
    first = made.tokens.take(int(places.sum()))[0] + np.concatenate([[0], places.cumsum()[:-1]])
    device = np.where(public, first[branch] + (dice.random(number) * places[branch]).astype(np.int64), device)
    made.columns["device"] = np.where(paper, -1, device)
    pool = made.tokens.take(max(3, number // int(p["ip_pool_members"])))
    weight = 1 / np.arange(1, pool.size + 1)
    pooled = dice.choice(pool, number, p=weight / weight.sum())
    ip = np.where(dice.random(number) < p["ip_pooled"], pooled, home)
    campus = made.tokens.take(made.live.branches)[branch]
    on_campus = (made.stratum == STUDENT) & (dice.random(number) < p["campus_ip"])
    made.columns["ip"] = np.where(paper, -1, np.where(on_campus, campus, ip))


def _contacts(made: People, p: Parameters, dice: np.random.Generator) -> None:
    number, home, own = made.number, made.household, made.own()
    close = (made.stratum == LARGE) | (made.community == 1)
    phone = np.where(dice.random(number) < _either(p["phone_shared"], close), home, own)
    email = np.where(dice.random(number) < p["email_shared"], home, own)
    officer = made.tokens.take(made.live.branches)[made.columns["branch"]]
    for_them = np.array(p["contact_officer"])[made.community]
    phone, email = (_lent(made, value, officer, for_them, p, dice) for value in (phone, email))
    made.columns["phone"] = np.where(dice.random(number) < p["phone_missing"], -1, phone)
    made.columns["email"] = np.where(dice.random(number) < p["email_missing"], -1, email)


def _lent(
    made: People,
    value: Ints,
    officer: Ints,
    share: NDArray[np.float64],
    p: Parameters,
    dice: np.random.Generator,
) -> Ints:
    """Some have the contact of a relative elsewhere in the branch, some that of the officer who typed the form."""
    borrowed = dice.random(made.number) < p["contact_borrowed"]
    value = np.where(borrowed, _neighbour(made, 0.0, dice), value)
    return np.where(dice.random(made.number) < share, officer, value)


def _recruiters(made: People, p: Parameters, dice: np.random.Generator) -> None:
    there = np.maximum(2, np.diff(made.starts) // int(p["recruiter_members"]))
    first = made.tokens.take(int(there.sum()))[0] + np.concatenate([[0], there.cumsum()[:-1]])
    branch = made.columns["branch"]
    # the quantile of a Pareto distribution over ranks: few bring many
    uneven = (1 - dice.random(made.number)) ** (1 / p["recruiter_pareto"])
    rank = ((1 / np.maximum(uneven, 1e-9) - 1) * 1.0).astype(np.int64).clip(0, None) % there[branch]
    named = dice.random(made.number) < p["recruiter_share"]
    made.columns["recruiter"] = np.where(named, first[branch] + rank, -1)


def _transfers(made: People, p: Parameters, dice: np.random.Generator) -> None:
    number = made.number
    moved = dice.random(number) < p["transfer_share"]
    joined = made.columns["join_day"]
    day = joined + 1 + (dice.random(number) * (made.days - joined - 1)).astype(np.int64)
    moved &= day < made.days
    made.columns["transfer_day"] = np.where(moved, day, -1)
    elsewhere = (made.columns["branch"] + dice.integers(1, made.live.branches, number)) % made.live.branches
    made.columns["from_branch"] = np.where(moved, elsewhere, -1)
    kind = dice.choice(3, number, p=p["transfer_address"])
    made.columns["address_changed"] = np.where(moved, np.array([0, 1, -1])[kind], -1)
