"""Majority judgment: medians, majority values and papers without a grade, by hand."""

from __future__ import annotations

import random

import pytest
from tests.count.papers import TREES
from tests.count.test_points import TENNESSEE, figures

from selectorate.count import rulesets
from selectorate.count.ballots import FigureProfile
from selectorate.count.grades import majority_values
from selectorate.count.methods import count
from selectorate.errors import Refusal

GRADES = ("to reject", "poor", "fair", "good", "excellent")
BOTH = ("majority-judgment", "majority-judgment-lower")


def taken_away(grades: list[int], *, better: bool) -> list[int]:
    """The majority value as it is defined: the median, then the median of the rest, and so on."""
    left, value = sorted(grades), []
    while left:
        middle = len(left) // 2 if len(left) % 2 or better else len(left) // 2 - 1
        value.append(left.pop(middle))
    return value


@pytest.mark.parametrize("name", BOTH)
def test_the_capital_by_majority_judgment(name: str) -> None:
    """Wikipedia, "Majority judgment", Tennessee: Beech has the median fair, of 42 excellent and 58 poor or
    worse for Alder poor; ranks are read as excellent, good (fair there), poor, and to reject."""
    rows = ((42, "4 2 1 0"), (26, "0 4 2 1"), (15, "0 2 4 3"), (17, "0 2 3 4"))
    papers = FigureProfile(TREES[:4], figures(*rows).papers, grades=GRADES)
    sheet = count(papers, rulesets.load(name), 1)
    # Alder 58 x 0; Beech 74 x 2; Cedar 42 x 1, 26 x 2; Dogwood 42 x 0, 26 x 1
    assert [row[-1] for row in sheet.tables[0].rows] == ["to reject", "fair", "fair", "poor"]
    assert sheet.elected == ("Beech",)
    assert sheet.tables[0].columns == ("candidate", *reversed(GRADES), "majority grade")
    assert sheet.tables[0].rows[1] == ("Beech", "26", "0", "74", "0", "0", "fair")


def test_of_two_grades_in_the_middle_each_rule_set_takes_its_own() -> None:
    # Alder 0 0 2 2, Beech 0 1 1 2: in the middle 0 and 2 for Alder, 1 twice for Beech
    papers = figures((1, "0 0"), (1, "0 1"), (1, "2 1"), (1, "2 2"))
    better, lower = (count(papers, rulesets.load(name), 1) for name in BOTH)
    assert (better.elected, lower.elected) == (("Alder",), ("Beech",))


@pytest.mark.parametrize("better", [True, False])
def test_runs_of_grades_order_as_grades_taken_away_one_by_one(better: bool) -> None:
    chance = random.Random(7)
    for _ in range(300):
        papers, grades = chance.randint(1, 9), chance.randint(1, 4)
        each = [[chance.randrange(grades) for _ in range(papers)] for _ in range(4)]
        values = majority_values(
            [tuple(one.count(grade) for grade in range(grades)) for one in each], better=better
        )
        slow = [taken_away(one, better=better) for one in each]
        for one in range(4):
            assert values[one][0] == slow[one][0]
            for other in range(4):
                assert (values[one] < values[other]) == (slow[one] < slow[other])


def test_a_million_papers_cost_no_more_than_ten() -> None:
    # equal medians; the first difference is among the last papers
    values = majority_values([(400_000, 300_000, 300_000), (400_000, 300_001, 299_999)])
    assert values[0] > values[1]
    assert len(values[0]) < 20


def test_an_incomplete_paper_is_invalid_or_gives_the_worst_grade() -> None:
    papers = figures((2, "2 ."), (3, "1 1"), (1, ". ."))
    strict, lenient = (count(papers, rulesets.load(name), 2) for name in BOTH)
    assert (strict.valid, strict.blank, strict.invalid) == (3, 1, 2)
    assert (lenient.valid, lenient.blank, lenient.invalid) == (5, 1, 0)
    # Beech: 0 0 1 1 1
    assert lenient.tables[0].rows[1] == ("Beech", "0", "3", "2", "1")


def test_equal_grades_are_told_apart_by_lot_alone() -> None:
    papers = figures((1, "2 1"), (1, "1 2"))
    with pytest.raises(Refusal) as stopped:
        count(papers, rulesets.load("majority-judgment"), 1)
    assert stopped.value.code == "count.tie"


def test_an_unknown_grade_makes_a_paper_invalid() -> None:
    papers = FigureProfile(TREES[:2], (((4, 1), 2), ((5, 1), 3), ((-1, 2), 1)), grades=GRADES)
    assert (count(papers, rulesets.load("majority-judgment"), 1).invalid) == 4


def test_rankings_are_refused_where_grades_are_counted() -> None:
    with pytest.raises(Refusal) as stopped:
        count(TENNESSEE, rulesets.load("majority-judgment"), 1)
    assert stopped.value.code == "count.papers"
