"""Methods that add up marks and points. Every expected figure is worked by hand from the papers in the test, or
from the published example that is named."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.count.papers import TREES, answering

from selectorate.count import rulesets
from selectorate.count.ballots import Ballots, FigureProfile, Figures, WeakProfile
from selectorate.count.cleaning import clean
from selectorate.count.methods import NO_FILE, count
from selectorate.count.objects import Profile, Sheet
from selectorate.count.ties import Draw, universes
from selectorate.errors import Refusal

# Tennessee's capital, the example of Wikipedia's pages on voting methods: 42 % live near Alder, 26 % near
# Beech, 15 % near Cedar, 17 % near Dogwood, and all rank by distance.
TENNESSEE = Profile.gather(
    TREES[:4], {(0, 1, 2, 3): 42, (1, 2, 3, 0): 26, (2, 3, 1, 0): 15, (3, 2, 1, 0): 17}
)


def figures(*rows: tuple[int, str], blank: int = 0) -> FigureProfile:
    """Papers as (how many, "1 1 . 0"): a figure for each candidate, a point for nothing marked."""
    papers: list[tuple[Figures, int]] = [
        (tuple(None if one == "." else int(one) for one in text.split()), number) for number, text in rows
    ]
    return FigureProfile(TREES[: len(papers[0][0])], tuple(papers), blank)


def counted(
    papers: Profile | WeakProfile | FigureProfile, name: str, seats: int = 1, seed: str | None = None
) -> Sheet:
    return count(papers, rulesets.load(name), seats, draw=Draw(seed))


def tallies(sheet: Sheet, stage: int = 1) -> list[int | Fraction]:
    return list(sheet.stages[stage - 1].tallies)


def test_first_past_the_post_counts_first_preferences() -> None:
    sheet = counted(TENNESSEE, "fptp")
    assert (sheet.elected, tallies(sheet)) == (("Alder",), [42, 26, 15, 17])
    assert (
        sheet.stages[0].says == "Alder with 42 votes is elected; Beech is next with 26, 16 fewer than Alder."
    )
    assert [(one.heir, one.votes) for one in sheet.stages[0].transfers] == [
        ("Alder", 42), ("Beech", 26), ("Cedar", 15), ("Dogwood", 17),
    ]  # fmt: skip


def test_a_paper_with_two_crosses_is_invalid_where_one_is_allowed() -> None:
    sheet = counted(figures((3, "1 . ."), (2, ". 1 ."), (4, ". 1 1"), (1, ". . .")), "fptp")
    assert (sheet.valid, sheet.blank, sheet.invalid, sheet.elected) == (5, 1, 4, ("Alder",))
    assert [number for _, number in sheet.cleaning] == [4]


def test_a_paper_with_two_first_preferences_has_no_vote_where_one_is_allowed() -> None:
    weak = WeakProfile(TREES[:3], ((((0,), (1, 2)), 2), (((0, 1), (2,)), 5)))
    sheet = counted(weak, "sntv")
    assert (sheet.valid, sheet.invalid, tallies(sheet)) == (2, 5, [2, 0, 0])


@pytest.mark.parametrize(
    ("name", "valid", "expected"),
    # three seats: 4 papers with three crosses, 3 with two, 2 with one, 1 with four
    [("block-vote", 9, [7, 9, 4, 0]), ("limited-vote", 5, [3, 5, 0, 0]), ("sntv", 2, [0, 2, 0, 0])],
)
def test_as_many_crosses_as_the_rule_allows_and_no_more(name: str, valid: int, expected: list[int]) -> None:
    papers = figures((4, "1 1 1 ."), (3, "1 1 . ."), (2, ". 1 . ."), (1, "1 1 1 1"))
    sheet = count(papers, rulesets.load(name), 3, draw=Draw("acorn"))
    assert (sheet.valid, sheet.invalid, tallies(sheet)) == (valid, 10 - valid, expected)


def test_cumulative_votes_may_be_heaped_but_not_over_used() -> None:
    sheet = counted(
        figures((4, "3 . . ."), (3, ". 1 1 1"), (2, ". 2 2 ."), (1, ". . 1 .")), "cumulative", 3, "acorn"
    )
    # four votes where there are three make the two papers invalid; one vote of three is allowed
    assert (sheet.valid, sheet.invalid) == (8, 2)
    assert tallies(sheet) == [12, 3, 4, 3]


def test_a_tie_that_decides_a_seat_needs_a_lot_and_no_other_tie_does() -> None:
    papers = figures((3, "1 1 . ."), (2, ". . 1 1"))
    assert counted(papers, "block-approval", 2).elected == ("Alder", "Beech")
    assert "listed by name" in counted(papers, "block-approval", 2).remarks[0]
    with pytest.raises(Refusal) as stopped:
        counted(papers, "block-approval", 3)
    assert stopped.value.code == "count.tie"
    found = {
        count(papers, rulesets.load("block-approval"), 3, draw=draw).elected for draw in map(Draw, "abcdefgh")
    }
    assert found == {("Alder", "Beech", "Cedar"), ("Alder", "Beech", "Dogwood")}


def test_satisfaction_approval_shares_one_vote_equally() -> None:
    # Alder: 4/2 + 1 = 3; Beech: 4/2 + 3/3 = 3; Cedar: 3/3 + 2 = 3; Dogwood: 3/3 = 1; block approval differs
    papers = figures((4, "1 1 . ."), (3, ". 1 1 1"), (1, "1 . . ."), (2, ". . 1 ."))
    assert tallies(counted(papers, "satisfaction-approval", 3)) == [3, 3, 3, 1]
    assert tallies(counted(papers, "block-approval", 3)) == [5, 7, 5, 3]


def test_a_blank_score_is_nothing_in_a_total_and_out_of_a_mean() -> None:
    papers = figures((2, "10 4 ."), (1, "1 4 9"), (1, ". . ."))
    total, mean = counted(papers, "score"), counted(papers, "score-average")
    assert (tallies(total), total.elected, total.blank) == ([21, 12, 9], ("Alder",), 1)
    assert (tallies(mean), mean.elected) == ([7, 4, 9], ("Cedar",))


def test_a_score_beyond_the_scale_makes_the_paper_invalid() -> None:
    sheet = counted(figures((1, "11 4"), (2, "3 10"), (1, "-1 4")), "score")
    assert (sheet.valid, sheet.invalid, tallies(sheet)) == (2, 2, [6, 20])


def test_who_is_scored_by_nobody_comes_after_a_mean_of_nothing() -> None:
    sheet = counted(figures((2, "0 . 5")), "score-average", 2)
    assert sheet.elected == ("Cedar", "Alder")


def test_star_elects_whom_more_papers_score_higher_of_the_two_with_most_points() -> None:
    # Tennessee by STAR (Wikipedia, "STAR voting", scores by distance): Alder 42 x 5 = 210; Beech 42 x 2 +
    # 26 x 5 + 15 x 3 + 17 x 2 = 293; Cedar 42 + 26 x 2 + 15 x 5 + 17 x 4 = 237; Dogwood 26 + 60 + 85 = 171.
    papers = figures((42, "5 2 1 0"), (26, "0 5 2 1"), (15, "0 3 5 4"), (17, "0 2 4 5"))
    sheet = counted(papers, "star")
    assert tallies(sheet, 1) == [210, 293, 237, 171]
    # Beech above Cedar on 42 + 26 papers, Cedar above Beech on 15 + 17
    assert (tallies(sheet, 2), sheet.stages[1].set_aside, sheet.elected) == ([0, 68, 32, 0], 0, ("Beech",))


def test_star_breaks_a_tie_for_the_runoff_head_to_head() -> None:
    # Alder 4 x 5 = 20; Beech 5 + 2 + 2 + 3 and Cedar 3 + 3 + 5 + 1 are 12 each; four papers of five score Cedar
    # above Beech
    papers = figures((1, "5 5 0"), (2, "5 2 3"), (1, "5 3 5"), (1, "0 0 1"))
    sheet = counted(papers, "star")
    assert tallies(sheet, 1) == [20, 12, 12]
    tie = sheet.ties[0]
    assert (tie.between, tie.by, tie.chosen, tie.purpose) == (
        ("Beech", "Cedar"), "fewest defeats head to head", "Cedar", "runoff",
    )  # fmt: skip


def test_star_breaks_a_tie_in_the_runoff_by_the_higher_score() -> None:
    sheet = counted(figures((1, "5 1"), (1, "2 3"), (1, "0 0")), "star")
    assert (sheet.elected, sheet.ties[0].by, sheet.stages[1].set_aside) == (("Alder",), "higher score", 1)


def test_a_method_for_one_seat_fills_one() -> None:
    for name in ("fptp", "approval", "star"):
        with pytest.raises(Refusal) as stopped:
            counted(figures((1, "1 .")), name, 2)
        assert stopped.value.code == "count.unfit"


@pytest.mark.parametrize("name", ["approval", "score", "star", "cumulative", "block-vote"])
def test_rankings_are_refused_where_marks_are_counted(name: str) -> None:
    with pytest.raises(Refusal) as stopped:
        counted(TENNESSEE, name)
    assert stopped.value.code == "count.papers"


def test_borda_of_the_capital() -> None:
    """Wikipedia, "Borda count", the capital of Tennessee: 126, 194, 173 and 107 points."""
    for name in ("borda", "borda-average"):
        sheet = counted(TENNESSEE, name)
        assert (tallies(sheet), sheet.elected) == ([126, 194, 173, 107], ("Beech",))


@pytest.mark.parametrize(
    ("name", "expected"),
    # five papers Alder alone, three Beech over Cedar, four candidates. Nothing for the unranked: 15, 9, 6, 0.
    # Shared: Alder 5 x 3 + 3 x 1/2, the others 5 x 1 (of 2 + 1 + 0) and on three papers 3, 2 and 1/2.
    # By papers' own length: 5 x 1; 3 x 2; 3 x 1. Dowdall: 5; 3; 3/2.
    [
        ("borda", [15, 9, 6, 0]),
        ("borda-average", [Fraction(33, 2), 14, 11, Fraction(13, 2)]),
        ("borda-modified", [5, 6, 3, 0]),
        ("borda-dowdall", [5, 3, Fraction(3, 2), 0]),
    ],
)
def test_a_short_paper_gives_what_the_named_rule_says(name: str, expected: list[int | Fraction]) -> None:
    short = Profile.gather(TREES[:4], {(0,): 5, (1, 2): 3})
    assert tallies(counted(short, name)) == expected


def test_candidates_at_one_rank_share_the_points_of_their_places() -> None:
    weak = WeakProfile(TREES[:3], ((((0, 1), (2,)), 3), (((2,), (0, 1)), 1)))
    # three papers: 3/2 each for two; one paper: 2 for Cedar and 1/2 each
    assert tallies(counted(weak, "borda", 2)) == [5, 5, 2]


def test_equal_first_places_decide_for_nobody_when_all_have_a_seat() -> None:
    weak = WeakProfile(TREES[:3], ((((0, 1), (2,)), 3),))
    assert counted(weak, "borda", 2).elected == ("Alder", "Beech")


def test_an_approval_paper_of_noughts_is_blank() -> None:
    sheet = counted(figures((2, "1 0"), (3, "0 0")), "approval")
    assert (sheet.valid, sheet.blank) == (2, 3)


def test_a_cross_in_a_list_is_a_mark_and_a_first_preference_a_vote() -> None:
    """A file that lists the approved, or ranks, becomes what each rule set counts."""
    ranks = Ballots("ranks", TREES[:3], ((((0,), (1,)), 3), (((2,),), 2)), "blt", NO_FILE)
    marks = Ballots("figures", TREES[:3], (((1, 1, None), 3), ((None, None, 1), 2)), "csv", NO_FILE)
    first = clean(ranks, rulesets.load("fptp")).papers
    assert tallies(counted(first, "fptp")) == [3, 0, 2]
    for ballots in (ranks, marks):
        approvals = clean(ballots, rulesets.load("block-approval")).papers
        assert tallies(counted(approvals, "block-approval", 2)) == [3, 3, 2]
    crossed = counted(clean(marks, rulesets.load("fptp")).papers, "fptp")
    assert (tallies(crossed), crossed.invalid) == ([0, 0, 2], 3)


def test_every_outcome_of_a_lot_can_be_walked_through() -> None:
    papers = figures((2, "1 . ."), (2, ". 1 ."), (2, ". . 1"))
    ruleset = rulesets.load("sntv")
    found = {frozenset(one) for one in universes(lambda draw: count(papers, ruleset, 2, draw=draw).elected)}
    assert found == {
        frozenset(("Alder", "Beech")), frozenset(("Alder", "Cedar")), frozenset(("Beech", "Cedar")),
    }  # fmt: skip


def test_most_highest_marks_tell_equal_scores_apart_where_the_rule_set_says_so() -> None:
    ruleset = answering("score", ties="most highest marks, then lot")
    sheet = count(figures((1, "10 5"), (1, "0 5")), ruleset, 1)
    assert (sheet.elected, sheet.ties[0].by) == (("Alder",), "most highest marks")
