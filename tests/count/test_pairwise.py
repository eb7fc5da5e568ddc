"""Pairwise methods by hand and by published examples: winners, matrices, paths, locks, ties."""

from __future__ import annotations

import pytest
from tests.count.papers import TREES, answering, of
from tests.count.test_points import TENNESSEE, figures

from selectorate.count import rulesets
from selectorate.count.ballots import WeakProfile
from selectorate.count.methods import count
from selectorate.count.objects import Profile, Sheet, Table
from selectorate.count.ties import Draw, universes
from selectorate.errors import Refusal

METHODS = ("copeland", "kemeny", "minimax", "ranked-pairs", "schulze")

# Schulze 2011 (Social Choice and Welfare 36), section 3, example 1: 21 papers of four candidates.
SCHULZE_1 = of("8 ACDB, 2 BADC, 4 CDBA, 4 DBAC, 3 DCBA")
# 9 papers in a circle, worked by hand: A over B 7:2, B over C 6:3, C over A 5:4.
CIRCLE = of("4 ABC, 2 BCA, 3 CAB")


def counted(papers: Profile | WeakProfile, name: str, seats: int = 1, seed: str | None = None) -> Sheet:
    return count(papers, rulesets.load(name), seats, draw=Draw(seed))


def table(sheet: Sheet, begins: str) -> Table:
    return next(one for one in sheet.tables if one.title.startswith(begins))


@pytest.mark.parametrize("name", METHODS)
def test_the_candidate_who_wins_every_comparison_is_elected(name: str) -> None:
    """Tennessee's capital: every one of these pages of Wikipedia has this matrix and this winner."""
    sheet = counted(TENNESSEE, name)
    assert sheet.elected == ("Beech",)
    assert sheet.tables[0].rows == (
        ("Alder", "", "42", "42", "42"),
        ("Beech", "58", "", "68", "68"),
        ("Cedar", "58", "32", "", "83"),
        ("Dogwood", "58", "32", "17", ""),
    )
    assert sheet.stages[0].says == (
        "Beech wins every comparison, the closest by Beech over Alder, 58 to 42: Beech is elected."
    )


@pytest.mark.parametrize("name", ["kemeny", "ranked-pairs", "schulze"])
def test_the_whole_order_of_the_capital(name: str) -> None:
    """Wikipedia, "Kemeny method" and "Ranked pairs": Beech, Cedar, Dogwood, Alder."""
    assert counted(TENNESSEE, name, 4).elected == ("Beech", "Cedar", "Dogwood", "Alder")


def test_the_strongest_paths_of_the_first_example_of_schulze() -> None:
    """Schulze 2011, example 1: the paper's table of strongest paths, and its winner D."""
    sheet = counted(SCHULZE_1, "schulze")
    assert sheet.tables[0].rows == (
        ("Alder", "", "8", "14", "10"),
        ("Beech", "13", "", "6", "2"),
        ("Cedar", "7", "15", "", "12"),
        ("Dogwood", "11", "19", "9", ""),
    )
    assert table(sheet, "Strength").rows == (
        ("Alder", "", "14:7", "14:7", "12:9"),
        ("Beech", "13:8", "", "13:8", "12:9"),
        ("Cedar", "13:8", "15:6", "", "12:9"),
        ("Dogwood", "13:8", "19:2", "13:8", ""),
    )
    assert sheet.elected == ("Dogwood",)
    why = dict(table(sheet, "Each other candidate").rows)
    assert why["Alder"] == (
        "Dogwood reaches Alder with 13:8 (Dogwood over Beech, 19 to 2; Beech over Alder, 13 to 8); "
        "Alder reaches Dogwood with 12:9 (Alder over Cedar, 14 to 7; Cedar over Dogwood, 12 to 9): "
        "Dogwood stands above."
    )


def test_a_comparison_that_would_close_a_circle_is_not_locked() -> None:
    # 7:2 and 6:3 are locked, so A stands above C, and 5:4 for C over A would close the circle
    sheet = counted(CIRCLE, "ranked-pairs")
    assert sheet.elected == ("Alder",)
    assert [row[1:] for row in table(sheet, "Comparisons").rows] == [
        ("Alder", "Beech", "7", "2", "locked"),
        ("Beech", "Cedar", "6", "3", "locked"),
        ("Cedar", "Alder", "5", "4", "not locked: Alder over Beech over Cedar is locked already"),
    ]


def test_the_smallest_greatest_defeat_wins() -> None:
    # A is beaten 5:4, B 7:2, C 6:3
    sheet = counted(CIRCLE, "minimax")
    assert (sheet.elected, sheet.stages[0].tallies) == (("Alder",), (5, 7, 6))


def test_kemeny_agrees_with_most_papers_over_all_pairs() -> None:
    # ABC agrees 7 + 6 + 4 = 17 times, BCA 2 + 6 + 5 = 13, CAB 5 + 3 + 7 = 15; ACB 7 + 4 + 3, BAC 2 + 6 + 4 and
    # CBA 3 + 5 + 2 are fewer
    sheet = counted(CIRCLE, "kemeny", 3)
    assert sheet.elected == ("Alder", "Beech", "Cedar")
    assert dict(table(sheet, "What putting").rows) == {
        "Beech": "the best order with Beech first has 13 agreements, 4 fewer than the order shown",
        "Cedar": "the best order with Cedar first has 15 agreements, 2 fewer than the order shown",
    }


def test_copeland_gives_half_for_a_draw() -> None:
    # A and B draw 2:2, both beat C 3:1 and 4:0
    papers = of("2 ABC, 1 BAC, 1 BCA")
    sheet = counted(papers, "copeland", 2)
    assert [str(one) for one in sheet.stages[0].tallies] == ["3/2", "3/2", "0"]
    assert sheet.elected == ("Alder", "Beech")


def test_the_unranked_stand_below_the_ranked_and_equal_among_themselves() -> None:
    sheet = counted(of("3 A, 1 BC", 4), "schulze")
    assert sheet.tables[0].rows == (
        ("Alder", "", "3", "3", "3"),
        ("Beech", "1", "", "1", "1"),
        ("Cedar", "1", "0", "", "1"),
        ("Dogwood", "0", "0", "0", ""),
    )


def test_candidates_at_one_rank_are_preferred_by_neither() -> None:
    weak = WeakProfile(TREES[:3], ((((0, 1), (2,)), 5), (((1,), (0, 2)), 2)))
    assert counted(weak, "minimax").tables[0].rows == (
        ("Alder", "", "0", "5"),
        ("Beech", "2", "", "7"),
        ("Cedar", "0", "0", ""),
    )


@pytest.mark.parametrize("name", METHODS)
def test_an_even_circle_is_a_tie_that_only_a_lot_decides(name: str) -> None:
    papers = of("2 ABC, 2 BCA, 2 CAB")
    with pytest.raises(Refusal) as stopped:
        counted(papers, name)
    assert stopped.value.code == "count.tie"
    ruleset = rulesets.load(name)
    found = {count(papers, ruleset, 1, draw=draw).elected for draw in map(Draw, "abcdefghijkl")}
    assert found == {("Alder",), ("Beech",), ("Cedar",)}
    assert set(universes(lambda draw: count(papers, ruleset, 1, draw=draw).elected)) == found
    assert all(tie.by == "lot" for tie in counted(papers, name, seed="acorn").ties)


def test_equal_comparisons_that_close_no_circle_need_no_lot() -> None:
    # A over B, A over C and B over C, each 3:1
    sheet = counted(of("3 ABC, 1 CBA"), "ranked-pairs")
    assert (sheet.elected, sheet.ties) == (("Alder",), ())


def test_kemeny_draws_only_where_the_seats_depend_on_it() -> None:
    # D is first everywhere; A and B are equal behind: one order of two is as good as the other
    papers = of("1 DABC, 1 DBAC")
    sheet = counted(papers, "kemeny")
    assert (sheet.elected, sheet.ties) == (("Dogwood",), ())
    assert sheet.remarks == ("2 orders agree equally well with the papers; one of them is shown.",)
    assert set(counted(papers, "kemeny", 3).elected) == {"Alder", "Beech", "Dogwood"}
    with pytest.raises(Refusal):
        counted(papers, "kemeny", 2)


def test_kemeny_counts_fourteen_candidates_and_refuses_fifteen() -> None:
    names = tuple(f"Tree {number:02d}" for number in range(1, 16))
    order = tuple(range(14, -1, -1))
    with pytest.raises(Refusal) as stopped:
        counted(Profile.gather(names, {order: 1}), "kemeny")
    assert stopped.value.code == "count.unfit"
    assert "at most 14 candidates exactly, and 15 stand" in str(stopped.value)
    assert counted(Profile.gather(names[:14], {order[1:]: 1}), "kemeny", 2).elected == ("Tree 14", "Tree 13")


@pytest.mark.parametrize(("name", "winning", "margins"), [
    ("minimax", "Cedar", "Beech"), ("ranked-pairs", "Cedar", "Beech"), ("schulze", "Cedar", "Beech"),
])  # fmt: skip
def test_margins_and_winning_votes_are_different_strengths(name: str, winning: str, margins: str) -> None:
    """A over B 5:4, B over C 3:0, C over A 4:2. By winning votes 3 is the weakest, so nothing but B over C is
    given up and C stands first; by margins 1, 3 and 2, A over B is given up and B stands first."""
    papers = of("5 AB, 4 BA, 3 BC, 4 CA, 2 AC")
    alone = "the paper compares them with nobody"
    by = "papers for the winner less those against"
    assert count(papers, answering(name, unranked=alone), 1).elected == (winning,)
    assert count(papers, answering(name, unranked=alone, strength=by), 1).elected == (margins,)


def test_first_preferences_tell_equal_candidates_apart_where_the_rule_set_says_so() -> None:
    ruleset = answering("copeland", ties="most first preferences, then lot")
    sheet = count(of("3 ABC, 2 BCA, 2 CAB"), ruleset, 1)
    assert (sheet.elected, sheet.ties[0].by) == (("Alder",), "most first preferences")


@pytest.mark.parametrize("name", METHODS)
def test_figures_are_refused_where_rankings_are_counted(name: str) -> None:
    with pytest.raises(Refusal) as stopped:
        count(figures((1, "1 .")), rulesets.load(name), 1)
    assert stopped.value.code == "count.papers"
