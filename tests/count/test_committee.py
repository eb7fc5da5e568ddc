"""Committees from approvals: published examples and hand calculation, every load and price as a fraction."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import comb

import pytest
from tests.count.papers import TREES, answering
from tests.count.test_points import TENNESSEE

from selectorate.count import rulesets
from selectorate.count.ballots import FigureProfile
from selectorate.count.methods import count
from selectorate.count.objects import Sheet
from selectorate.count.ties import Draw, universes
from selectorate.errors import Refusal

RULES = ("equal-shares", "pav", "sequential-pav", "sequential-phragmen")
LETTERS = "ABCDEFG"
NAMES = (*TREES, "Gorse")


def approvals(text: str, size: int) -> FigureProfile:
    """Approvals from "3 AB, 2 AC": three papers that approve of Alder and Beech."""
    papers = []
    for part in text.split(","):
        number, letters = part.split()
        papers.append((tuple(1 if one in letters else None for one in LETTERS[:size]), int(number)))
    return FigureProfile(NAMES[:size], tuple(papers))


# The running example of Lackner and Skowron, "Multi-Winner Voting with Approval Preferences" (Springer 2023),
# chapter 2: twelve papers, seven candidates.
RUNNING = approvals("3 AB, 3 AC, 2 AD, 1 BCF, 1 E, 1 F, 1 G", 7)


def counted(papers: FigureProfile, name: str, seats: int, seed: str | None = None) -> Sheet:
    return count(papers, rulesets.load(name), seats, draw=Draw(seed))


def committees(papers: FigureProfile, name: str, seats: int) -> set[frozenset[str]]:
    """Every committee that some lot gives."""
    ruleset = rulesets.load(name)
    return {
        frozenset(one) for one in universes(lambda draw: count(papers, ruleset, seats, draw=draw).elected)
    }


def letters(*each: str) -> set[frozenset[str]]:
    return {frozenset(NAMES[LETTERS.index(letter)] for letter in one) for one in each}


def test_sequential_pav_of_the_running_example() -> None:
    # A 8; then B 3/2 + 1 = 5/2, C the same, D 1, F 2; after B: C 3/2 + 1/2 = 2, F 1/2 + 1 = 3/2; then F 1/3 + 1
    # (B and C are on its common paper), D 1
    sheet = counted(RUNNING, "sequential-pav", 4, "acorn")
    assert [max(stage.tallies) for stage in sheet.stages] == [8, Fraction(5, 2), 2, Fraction(4, 3)]
    assert committees(RUNNING, "sequential-pav", 4) == letters("ABCF")


def test_sequential_phragmen_of_the_running_example() -> None:
    # A 1/8; then B (1 + 3/8)/4 = 11/32, as C; then C (1 + 3/8 + 11/32)/4 = 55/128; then D (1 + 2/8)/2 = 5/8 before
    # F (1 + 55/128)/2 = 183/256
    sheet = counted(RUNNING, "sequential-phragmen", 4, "acorn")
    loads = [stage.tallies[NAMES.index(stage.elected[0])] for stage in sheet.stages]
    assert loads == [Fraction(1, 8), Fraction(11, 32), Fraction(55, 128), Fraction(5, 8)]
    assert sheet.stages[3].tallies[5] == Fraction(183, 256)
    assert [tie.purpose for tie in sheet.ties] == ["seat"]
    assert committees(RUNNING, "sequential-phragmen", 4) == letters("ABCD")


def test_equal_shares_of_the_running_example() -> None:
    # Everybody has 4/12 = 1/3. A costs its 8 papers 1/8 each; 5/24 are left to them. B: three papers with 5/24 and
    # one with 1/3 have 23/24 together, C the same, F 2/3, D 5/12: nobody can be paid for. Phragmén's rule then
    # starts from what is left: B and C (1 - 23/24)/4 = 1/96, D (1 - 10/24)/2, F (1 - 2/3)/2 = 1/6.
    sheet = counted(RUNNING, "equal-shares", 4, "acorn")
    assert sheet.stages[0].elected == ("Alder",)
    assert sheet.stages[0].tallies[0] == Fraction(1, 8)
    assert sheet.stages[1].tallies[1:4] == (Fraction(1, 96), Fraction(1, 96), Fraction(7, 24))
    # after B: its papers carry 1/96. C: three papers with -5/24 and the common one with 1/96, (1 - 15/24 + 1/96)/4
    assert sheet.stages[2].tallies[2] == Fraction(37, 384) or sheet.stages[2].tallies[1] == Fraction(37, 384)
    assert sheet.remarks == (
        "1 seat paid for; 3 seats filled by Phragmén's rule, starting from the money left.",
    )
    # then D 7/24 stays, F (1 - 1/3 + 37/384)/2 = 293/768 > 7/24 = 224/768
    assert committees(RUNNING, "equal-shares", 4) == letters("ABCD")


def test_without_a_completion_seats_that_nobody_pays_for_stay_vacant() -> None:
    ruleset = answering("equal-shares", completion="nobody: the seats stay vacant")
    sheet = count(RUNNING, ruleset, 4)
    assert (sheet.elected, sheet.vacant) == (("Alder",), 3)


def test_who_has_less_than_the_price_gives_everything() -> None:
    # 3 seats, 6 papers, 1/2 each. B's four papers pay 1/4 each. Of A's three one has 1/4 left, which it gives; the
    # other two pay 3/8 each.
    sheet = counted(approvals("2 A, 1 AB, 3 B", 2), "equal-shares", 3)
    assert sheet.elected == ("Beech", "Alder")
    assert [max(stage.tallies) for stage in sheet.stages] == [Fraction(1, 3), Fraction(3, 8)]
    money = [(row[0], row[2]) for row in sheet.tables[0].rows]
    assert money == [("Alder", "1/8"), ("Alder, Beech", "0"), ("Beech", "1/4")]


def test_pav_differs_from_its_rounds() -> None:
    """By hand, two seats: rounds take A with its 6 papers first; the best committee is without A."""
    papers = approvals("3 AB, 3 AC, 2 B, 2 C", 3)
    # B and C 5 + 5 = 10; A and B, or A and C, 6 + 3/2 + 2 = 19/2
    assert committees(papers, "pav", 2) == letters("BC")
    assert committees(papers, "sequential-pav", 2) == letters("AB", "AC")
    sheet = counted(papers, "pav", 2)
    assert dict(sheet.stages[0].figures)["satisfaction"] == "10"
    assert sheet.tables[0].rows == (("Alder", "in the place of Beech: satisfaction 1/2 points less"),)


def test_pav_is_the_best_of_all_committees() -> None:
    """Against every committee, one by one, for the running example and each number of seats."""
    for seats in range(1, 7):
        values = {
            committee: sum(
                sum(Fraction(1, n) for n in range(1, 1 + sum(bool(row[one]) for one in committee))) * number
                for row, number in RUNNING.papers
            )
            for committee in combinations(range(7), seats)
        }
        best = max(values.values())
        expected = {frozenset(NAMES[one] for one in who) for who, value in values.items() if value == best}
        assert committees(RUNNING, "pav", seats) == expected


def test_pav_refuses_more_committees_than_it_can_compare() -> None:
    names = tuple(f"Tree {number:02d}" for number in range(1, 31))
    papers = FigureProfile(names, (((1,) * 30, 1),))
    with pytest.raises(Refusal) as stopped:
        counted(papers, "pav", 10)
    assert stopped.value.code == "count.unfit"
    assert f"{comb(30, 10):,} different committees are possible" in str(stopped.value)


@pytest.mark.parametrize("name", RULES)
def test_each_half_of_the_papers_gets_half_of_the_seats(name: str) -> None:
    # 6 papers for A, B, C and 6 for D, E, F: two of each in four seats by every proportional rule
    papers = approvals("6 ABC, 6 DEF", 6)
    for committee in committees(papers, name, 4):
        assert len(committee & set(NAMES[:3])) == 2


@pytest.mark.parametrize("name", RULES)
def test_a_paper_that_approves_of_nobody_is_blank(name: str) -> None:
    sheet = counted(FigureProfile(NAMES[:2], (((1, None), 2), ((0, None), 3), ((2, 1), 1))), name, 1)
    assert (sheet.valid, sheet.blank, sheet.invalid, sheet.elected) == (2, 3, 1, ("Alder",))


@pytest.mark.parametrize("name", RULES)
def test_more_seats_than_candidates_leave_seats_vacant(name: str) -> None:
    sheet = counted(approvals("3 A, 2 AB", 2), name, 4)
    assert (set(sheet.elected), sheet.vacant) == ({"Alder", "Beech"}, 2)


@pytest.mark.parametrize("name", RULES)
def test_seats_beyond_those_approved_of_go_by_lot(name: str) -> None:
    assert committees(approvals("3 A, 2 AB", 4), name, 3) == letters("ABC", "ABD")


def test_rankings_are_refused_where_approvals_are_counted() -> None:
    for name in RULES:
        with pytest.raises(Refusal) as stopped:
            count(TENNESSEE, rulesets.load(name), 2)
        assert stopped.value.code == "count.papers"
