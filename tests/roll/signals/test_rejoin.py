"""Claims about members who come back on the last days that give a vote. Expected values: what was planted; the chance
against exact arithmetic. Each look-alike stands beside a counterpart in which the same number is found.

Renewals of the ordinary past: a home a month in each of twenty branches, in ten years.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction

import pytest

from selectorate.roll import signals
from selectorate.roll.objects import Finding
from selectorate.roll.signals.looking import Look
from selectorate.roll.signals.objects import Declared, Drive

from ..conftest import FREEZE as LAST_DAY
from ..conftest import Take, found_on
from .towns import FREEZE, Town, look, named

YEAR = 365
BRANCHES = 20
HOMES = 14


def ordinary(years: int = 10, branches: int = BRANCHES) -> Town:
    town = Town().past()
    for branch in range(branches):
        for back in range(15 + branch % 10, YEAR * years, 30):
            again(town, back, branch)
    return town


def again(town: Town, back: int, branch: int, **known: int) -> int:
    """Somebody who joined eleven years before the freeze, lapsed, and came back so many days before it."""
    return town.add(YEAR * 11, branch, renewal_day=FREEZE - back, **known)


def bunch(town: Town, branch: int = 3, homes: int = HOMES, back: int = 0, **known: int) -> set[int]:
    """So many homes that come back within six days, the last of them so many days before the freeze."""
    return {again(town, back + place % 6, branch, **known) for place in range(homes)}


def rejoins(found: Look) -> tuple[Finding, ...]:
    return tuple(one for one in found.findings if one.kind == "rejoin")


@pytest.fixture(scope="module")
def planted() -> Look:
    town = ordinary()
    bunch(town)
    return look(town.rows)


def test_renewals_as_in_every_year_are_no_finding() -> None:
    assert rejoins(look(ordinary().rows)) == ()


def test_a_bunch_on_the_last_days_is_a_question_to_its_branch_and_names_nobody(planted: Look) -> None:
    (one,) = rejoins(planted)
    assert (one.branch, one.members, one.severity, one.households) == ("Branch 3", (), 2, HOMES)
    assert (one.last - one.first).days == 6
    assert one.because == (
        "Members of 14 homes came back to Branch 3 within the last 7 days that give a vote. Going by its own past and "
        "by the other branches in the same days, less than 1 was to be expected. In the 9 years before that at "
        "most 1 home came back on these days."  # 18 + 36 · 30 days before the freeze: the third day of a year
    )
    assert signals.challenged((one,)) == ()


def test_the_days_alone_are_no_evidence_about_any_member(planted: Look) -> None:
    quiet = look(ordinary().rows)
    assert not named(planted)
    assert (planted.members.tolist(), planted.units.tolist()) == (
        quiet.members.tolist(),
        quiet.units.tolist(),
    )


def test_the_chance_is_the_tail_times_the_branches_and_windows_looked_at() -> None:
    """Two homes came back on the last fortnight in every branch and year, and all branches have been alike; so of the
    38 of the other nineteen as many are expected in the last one: 2. Negative binomial of mean 2 and size 3."""
    town = Town().past()
    for branch in range(BRANCHES):
        for year in range(10):
            for back in (10, 12):
                again(town, YEAR * year + back, branch)
    for homes, is_found in ((11, False), (12, True)):
        while len(came_back(town, 3)) < homes:
            again(town, 11, 3)
        share = Fraction(2, 2 + 3)
        below = sum(math.comb(k + 2, 2) * share**k * (1 - share) ** 3 for k in range(homes))
        expected = float(1 - below) * BRANCHES * 3
        assert (expected <= 0.05) is is_found
        found = rejoins(look(town.rows))
        assert [(one.observed, float(one.chance)) for one in found] == (
            [(homes, pytest.approx(expected, abs=0.0006))] if is_found else []
        )


def came_back(town: Town, branch: int) -> list[dict[str, int]]:
    """Who came back to a branch in the last fortnight."""
    return [row for row in town.rows if row["branch"] == branch and FREEZE - row["renewal_day"] < 14]


# ---------------------------------------------------------------- what looks the same


def test_a_reminder_to_everybody_in_the_organisation_explains_itself() -> None:
    town = ordinary()
    for branch in range(BRANCHES):
        bunch(town, branch)
    assert rejoins(look(town.rows)) == ()


def test_a_branch_that_does_four_times_what_a_reminder_to_everybody_does_is_still_asked() -> None:
    town = ordinary()
    for branch in range(BRANCHES):
        bunch(town, branch, HOMES // 2)
    bunch(town, 3, 60)
    assert [one.branch for one in rejoins(look(town.rows))] == ["Branch 3"]


def test_a_branch_with_a_yearly_renewal_month_explains_itself() -> None:
    town = ordinary()
    for year in range(10):
        bunch(town, 3, HOMES - year % 3, YEAR * year)
    assert rejoins(look(town.rows)) == ()


def test_a_yearly_renewal_month_that_moved_to_the_deadline_explains_itself() -> None:
    town = ordinary()
    for year in range(1, 10):
        bunch(town, 3, HOMES, YEAR * year + 150)
    bunch(town)
    assert rejoins(look(town.rows)) == ()


def test_one_such_year_before_does_not_excuse_another() -> None:
    town = ordinary()
    bunch(town, back=YEAR * 2)
    bunch(town)
    assert [one.branch for one in rejoins(look(town.rows))] == ["Branch 3"]


def test_a_bunch_that_is_over_well_before_the_deadline_is_none() -> None:
    town = ordinary()
    bunch(town, back=40)
    assert rejoins(look(town.rows)) == ()


def test_a_large_family_that_comes_back_together_is_one_home() -> None:
    town = ordinary()
    bunch(town, dwelling=9, building=9)
    assert rejoins(look(town.rows)) == ()


def test_a_declared_drive_explains_those_whom_it_reached(planted: Look) -> None:
    town = ordinary()
    bunch(town, recruiter=6)
    drive = Drive(branch=3, first=FREEZE - 10, last=FREEZE, recruiter=6)
    assert rejoins(look(town.rows, Declared((drive,)))) == ()
    assert rejoins(planted)


def test_a_column_of_yearly_renewals_says_nothing_since_only_the_last_is_on_the_roll() -> None:
    """Everybody renews every year, most branches in spring and one in the last days of December."""
    town = Town()
    for branch in range(BRANCHES):
        for place in range(40):
            again(town, place % 6 if branch == 3 else 200 + place % 60, branch)
        again(town, YEAR + 100, branch)
    assert rejoins(look(town.rows)) == ()


def test_without_an_earlier_year_or_another_branch_nothing_is_said() -> None:
    young, alone = ordinary(years=1), ordinary(branches=0)
    bunch(young)
    for row in alone.rows:
        row["branch"] = 3
    for year in range(1, 10):
        again(alone, YEAR * year + 90, 3)
    bunch(alone)
    assert rejoins(look(young.rows)) == ()
    assert rejoins(look(alone.rows)) == ()


# ---------------------------------------------------------------- from the lists of an organisation


def paid_again(branch: str, homes: int, last: date) -> list[tuple[str, str, date, date]]:
    """(number, branch, joined, paid again): members who lapsed for years."""
    joined = last - timedelta(days=1600)
    return [(f"{branch}-{last.year}-{n}", branch, joined, last - timedelta(days=n % 6)) for n in range(homes)]


def lists(people: list[tuple[str, str, date, date]]) -> tuple[str, str]:
    members = ["member_id,full_name,joined_on,address_1,postcode,branch"]
    payments = ["member_id,paid_on,amount,payer_ref,method"]
    for number, branch, joined, again_on in people:
        members.append(f"{number},Member {number},{joined},{number} Mill Lane,OR1 1XX,{branch}")
        payments += [f"{number},{day},24.00,OWN{number},transfer" for day in (joined, again_on)]
    return "\n".join(members), "\n".join(payments)


def test_members_who_pay_again_after_years_are_counted_from_the_lists_of_a_workspace(take: Take) -> None:
    people = [
        one
        for place, branch in enumerate(("Northgate", "Southquay", "Eastcross", "Westhaven"))
        for month in range(60)
        for one in paid_again(branch, 1, LAST_DAY - timedelta(days=12 + place + 30 * month))
    ]
    for number, one in enumerate(people):  # one home a month, each a member of its own
        people[number] = (f"N-{number}", *one[1:])
    engine = take(*lists(people + paid_again("Northgate", HOMES, LAST_DAY)))
    (found,) = (one for one in found_on(engine) if one.kind == "rejoin")
    assert (found.branch, found.members, found.households) == ("Northgate", (), HOMES)


def test_the_same_reminder_in_all_branches_of_a_workspace_is_no_finding(take: Take) -> None:
    names = ("Northgate", "Southquay", "Eastcross", "Westhaven")
    people = [
        one
        for place, branch in enumerate(names)
        for month in range(60)
        for one in paid_again(branch, 1, LAST_DAY - timedelta(days=12 + place + 30 * month))
    ]
    for number, one in enumerate(people):
        people[number] = (f"N-{number}", *one[1:])
    everywhere = [one for branch in names for one in paid_again(branch, HOMES, LAST_DAY)]
    assert [one.kind for one in found_on(take(*lists(people + everywhere))) if one.kind == "rejoin"] == []
