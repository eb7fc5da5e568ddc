"""Claims about bursts of joins. Expected values: what was planted; the tail against exact arithmetic."""

from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction

import duckdb
import pytest

from selectorate.roll import signals
from selectorate.roll.objects import Finding
from selectorate.roll.signals.branch import surge
from selectorate.roll.signals.past import binomial_tail

from .conftest import FREEZE, Marked, Roll, Take, found_on

MEMBERS = "member_id,full_name,branch,joined_on\n"
BRANCHES = tuple(f"Branch {letter}" for letter in "ABCDEFGH")


def steady(years: int = 6) -> list[tuple[str, int]]:
    """(branch, days before the freeze): in each branch one join in every fortnight."""
    return [
        (branch, 14 * step + 3 + place) for place, branch in enumerate(BRANCHES) for step in range(years * 26)
    ]


def burst(branch: str, joins: int, back: int, days: int = 14) -> list[tuple[str, int]]:
    return [(branch, back + place * days // joins) for place in range(joins)]


def bursts(engine: duckdb.DuckDBPyConnection, freeze: date = FREEZE) -> tuple[Finding, ...]:
    return tuple(one for one in found_on(engine, freeze=freeze) if one.kind == surge.KIND)


def found(take: Take, joins: list[tuple[str, int]]) -> tuple[Finding, ...]:
    lines = [
        f"{number},M,{branch},{(FREEZE - timedelta(days=back)).isoformat()}\n"
        for number, (branch, back) in enumerate(joins)
    ]
    return bursts(take(MEMBERS + "".join(lines)))


def test_a_steady_roll_has_no_burst(take: Take) -> None:
    assert found(take, steady()) == ()


def test_a_burst_against_the_branchs_own_past_is_found_once_and_names_no_member(take: Take) -> None:
    (finding,) = found(take, steady() + burst("Branch C", 30, 185))
    assert (finding.branch, finding.members, finding.households) == ("Branch C", (), 0)
    assert finding.first <= FREEZE - timedelta(days=185)
    assert finding.last >= FREEZE - timedelta(days=199)


def test_a_surge_everywhere_is_nobodys_burst(take: Take) -> None:
    everywhere = [one for branch in BRANCHES for one in burst(branch, 30, 185)]
    assert found(take, steady() + everywhere) == ()


def test_a_student_intake_that_comes_every_autumn_is_no_burst(take: Take) -> None:
    autumns = [one for year in range(6) for one in burst("Branch H", 30 + year % 3, 364 * year + 90)]
    assert found(take, steady() + autumns) == ()


def test_a_drive_like_an_earlier_one_is_no_burst(take: Take) -> None:
    drives = burst("Branch B", 30, 364 * 3 + 20) + burst("Branch B", 28, 200)
    assert found(take, steady() + drives) == ()


def test_a_handful_of_joins_is_never_a_burst(take: Take) -> None:
    assert found(take, steady() + burst("Branch D", 6, 185, 3)) == ()


def test_without_an_earlier_year_nothing_is_said(take: Take) -> None:
    assert found(take, burst("Branch A", 50, 20) + burst("Branch B", 3, 20)) == ()


def test_a_roll_of_one_branch_or_of_nobody_says_nothing(take: Take) -> None:
    assert found(take, burst("Branch A", 50, 20) + burst("Branch A", 3, 700)) == ()
    assert bursts(take("member_id,full_name\n1,A\n")) == ()


def test_the_planted_operation_shows_in_its_branch_and_the_hall_does_not(roll: Roll) -> None:
    (finding,) = [one for one in roll.findings if one.kind == surge.KIND]
    assert finding.branch == roll.invention.truth.operation_branch
    assert finding.observed >= 34
    assert finding.members == ()


def test_dates_alone_ask_no_member(roll: Roll) -> None:
    assert signals.challenged([one for one in roll.findings if one.kind == surge.KIND]) == ()


@pytest.mark.parametrize(("joins", "mean", "size"), [(1, 2, 3), (8, 3, 4), (30, 3, 2), (60, 2, 50)])
def test_the_tail_is_that_of_a_negative_binomial(joins: int, mean: int, size: int) -> None:
    share = Fraction(mean, mean + size)
    below = sum(
        Fraction(math.comb(number + size - 1, number)) * share**number * (1 - share) ** size
        for number in range(joins)
    )
    assert binomial_tail(joins, mean, size) == pytest.approx(float(1 - below), rel=1e-6)


def test_without_scatter_the_tail_is_that_of_a_poisson() -> None:
    below = sum(math.exp(-3.0) * 3.0**number / math.factorial(number) for number in range(9))
    assert binomial_tail(9, 3.0, 1e6) == pytest.approx(1 - below, rel=1e-3)


def test_false_bursts_are_rare_on_a_roll_without_any(quiet: Marked) -> None:
    """Placebo: the freeze moved back year by year."""
    false = [one for year in range(5) for one in bursts(quiet.engine, FREEZE - timedelta(days=364 * year))]
    assert len(false) <= 1
