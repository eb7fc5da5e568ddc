"""Cleaning: what a rule set does with marks that are no plain ranking, every expected value worked by hand."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.count.papers import NO_FILE, SCOTTISH, TREES

from selectorate.count import rulesets
from selectorate.count.ballots import OVERVOTE, Ballots, FigureProfile, Marks, WeakProfile
from selectorate.count.cleaning import PLAIN, clean
from selectorate.count.objects import Paper, Profile
from selectorate.count.rulesets import Question, Ruleset
from selectorate.count.rulesets.cleaning import CLEANING
from selectorate.errors import Refusal

A, B, C = (0,), (1,), (2,)
"""Alder, Beech, Cedar alone at a rank."""
GAP: tuple[int, ...] = ()
OVER = (OVERVOTE,)


def ballots(*papers: tuple[Marks, int], withdrawn: tuple[str, ...] = ()) -> Ballots:
    return Ballots("ranks", TREES[:3], papers, "test", NO_FILE, withdrawn=withdrawn)


def ruled(**answers: str) -> Ruleset:
    """Scottish STV with other answers on cleaning; what is not named is passed over."""
    said = {
        "first_preference": "any preference for a candidate", "gaps": "passed over", "equal_ranks": "passed over",
        "repeated": "the later mark is passed over", "withdrawn": PLAIN["withdrawn"],
    } | answers  # fmt: skip
    other = tuple(one for one in SCOTTISH.questions if one.name not in CLEANING)
    cleaning = tuple(Question(name, CLEANING[name].asks, one, "test", "none") for name, one in said.items())
    return dataclasses.replace(SCOTTISH, questions=other + cleaning)


def one(marks: Marks, ruleset: Ruleset) -> str:
    """What becomes of one paper: its letters, "blank" or "invalid"."""
    papers = clean(ballots((marks, 1)), ruleset).papers
    if papers.blank or papers.invalid:
        return "blank" if papers.blank else "invalid"
    assert isinstance(papers, Profile)
    return "".join("ABC"[at] for at in papers.papers[0].ranking)


@pytest.mark.parametrize(
    ("marks", "answer", "becomes"),
    [
        ((A, GAP, B), "passed over", "AB"),
        ((A, GAP, B), "the paper ends there", "A"),
        ((A, GAP, B), "two in a row end the paper", "AB"),
        ((A, GAP, GAP, B), "two in a row end the paper", "A"),
        ((A, GAP, B, GAP, C), "two in a row end the paper", "ABC"),
        ((A, GAP, B), "the paper is invalid", "invalid"),
        ((A, B, GAP, GAP), "the paper is invalid", "AB"),  # nothing follows: no rank was left out
        ((GAP, A), "passed over", "A"),
        ((GAP, A), "the paper ends there", "invalid"),
    ],
)
def test_a_gap_is_what_the_rule_set_says(marks: Marks, answer: str, becomes: str) -> None:
    assert one(marks, ruled(gaps=answer)) == becomes


@pytest.mark.parametrize("rank", [(1, 2), (2, 1), OVER])
@pytest.mark.parametrize(
    ("answer", "becomes"),
    [("passed over", "A"), ("the paper ends there", "A"), ("the paper is invalid", "invalid")],
)
def test_equal_ranks_and_an_overvote_are_the_same(rank: tuple[int, ...], answer: str, becomes: str) -> None:
    assert one((A, rank), ruled(equal_ranks=answer)) == becomes


def test_after_equal_ranks_the_paper_goes_on_or_ends() -> None:
    assert one((OVER, C), ruled(equal_ranks="passed over")) == "C"
    assert one((A, (0, 1), C), ruled(equal_ranks="passed over")) == "AC"
    assert one((A, OVER, C), ruled(equal_ranks="the paper ends there")) == "A"
    assert one((OVER, C), ruled(equal_ranks="the paper ends there")) == "invalid"


def test_equal_candidates_stay_equal_where_the_rule_set_counts_them_so() -> None:
    cleaned = clean(ballots((((1, 0), C), 2), ((OVER, C), 1)), ruled(equal_ranks="counted as equal"))
    assert cleaned.papers == WeakProfile(TREES[:3], ((((0, 1), C), 2), ((C,), 1)))
    assert cleaned.report == (
        ("papers with several candidates at one rank, or an overvote: counted as equal", 3),
    )


@pytest.mark.parametrize(
    ("answer", "becomes"),
    [
        ("the later mark is passed over", "ABC"),
        ("the paper ends there", "AB"),
        ("the paper is invalid", "invalid"),
    ],
)
def test_a_candidate_twice_is_what_the_rule_set_says(answer: str, becomes: str) -> None:
    assert one((A, B, A, C), ruled(repeated=answer)) == becomes


def test_without_a_single_first_preference_a_scottish_paper_is_void() -> None:
    assert [one(marks, SCOTTISH) for marks in [(GAP, A), ((0, 1), C), (OVER,), (), (GAP, GAP)]] == [
        "invalid", "invalid", "invalid", "blank", "blank",
    ]  # fmt: skip
    assert one((A, GAP, B), SCOTTISH) == "A"
    assert one((A, (1, 2)), SCOTTISH) == "A"


def test_whoever_withdrew_leaves_no_gap_and_no_name() -> None:
    cleaned = clean(
        ballots(((A, B, C), 4), ((A,), 2), (((0, 1), C), 1), ((B, C), 3), withdrawn=("Alder",)), SCOTTISH
    )
    # Without Alder: B C from 4, 1 and 3 papers; two papers have nobody left.
    assert cleaned.papers == Profile(("Beech", "Cedar"), (Paper((0, 1), 8),), blank=2)
    assert cleaned.withdrawn == ("Alder",)
    assert cleaned.report == (
        ("papers with a candidate who withdrew: taken off every paper before the count", 7),
    )


def test_the_report_counts_papers_not_marks_and_says_what_was_done() -> None:
    cleaned = clean(
        ballots(
            ((A, B), 10),
            ((A, GAP, B, GAP, C), 3),  # two gaps, one paper: Alder alone is counted
            ((A, OVER, A), 2),  # an overvote, and Alder again after the end
            ((GAP, C), 4),
            ((), 5),
        ),
        SCOTTISH,
    )
    assert cleaned.papers == Profile(TREES[:3], (Paper((0,), 5), Paper((0, 1), 10)), blank=5, invalid=4)
    assert cleaned.report == (
        ("papers with a rank left out: the paper ends there", 7),
        ("papers with several candidates at one rank, or an overvote: the paper ends there", 2),
        ("papers with a candidate more than once: the later mark is passed over", 2),
        ("papers without one single first preference: invalid", 4),
    )


def test_the_recorded_order_follows_the_papers_that_are_valid() -> None:
    marked = dataclasses.replace(
        ballots(((B,), 2), ((), 1), ((A, GAP, B), 1), ((A,), 1)), order=(0, 1, 3, 0, 2)
    )
    cleaned = clean(marked, SCOTTISH)
    assert isinstance(cleaned.papers, Profile)
    assert [paper.ranking for paper in cleaned.papers.papers] == [(0,), (1,)]
    assert cleaned.order == (1, 0, 1, 0)
    assert cleaned.papers.order == cleaned.order


def test_figures_stand_as_ranks_where_ranks_are_counted() -> None:
    marked = Ballots("figures", TREES[:3], (((5, 0, None), 3), ((None, None, None), 1)), "test", NO_FILE)
    cleaned = clean(marked, SCOTTISH)
    assert cleaned.papers == Profile(TREES[:3], (Paper((0, 1), 3),), blank=1)
    assert cleaned.report == (("figures read as ranks: the higher figure stands higher", 4),)


class _Asks:
    """A family's module of questions, as far as cleaning looks at it."""

    def __init__(self, papers: str) -> None:
        self.QUESTIONS: dict[str, object] = {}
        self.PAPERS = papers


def test_rankings_stand_as_marks_where_marks_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selectorate.count.cleaning.import_module", lambda _: _Asks("marks"))
    cleaned = clean(ballots(((B, A), 2), (((0, 1),), 1), ((), 4), ((C,), 3), withdrawn=("Cedar",)), SCOTTISH)
    assert cleaned.papers == FigureProfile(TREES[:2], (((1, 1), 3),), blank=7)
    assert cleaned.report == (
        ("rankings read as marks: every candidate on the paper has one", 10),
        ("papers with a candidate who withdrew: taken off every paper before the count", 3),
    )


def test_rankings_are_no_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selectorate.count.cleaning.import_module", lambda _: _Asks("figures"))
    with pytest.raises(Refusal) as stopped:
        clean(ballots(((A,), 1)), SCOTTISH)
    assert stopped.value.code == "count.papers"
    assert "they are rankings" in stopped.value.sentence


def test_nobody_left_to_elect_is_said() -> None:
    with pytest.raises(Refusal) as stopped:
        clean(ballots(((A,), 1), withdrawn=TREES[:3]), SCOTTISH)
    assert stopped.value.code == "count.papers"


MARKS = st.lists(
    st.one_of(st.just(OVER), st.lists(st.integers(0, 2), unique=True, max_size=3).map(tuple)), max_size=5
).map(tuple)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(MARKS, st.integers(1, 9)), max_size=6),
    st.fixed_dictionaries({name: st.sampled_from(asked.answers) for name, asked in CLEANING.items()}),
    st.sampled_from([(), ("Beech",), ("Alder", "Cedar")]),
)
def test_no_paper_is_lost(
    papers: list[tuple[Marks, int]], answers: dict[str, str], withdrawn: tuple[str, ...]
) -> None:
    cleaned = clean(ballots(*papers, withdrawn=withdrawn), ruled(**answers))
    found = cleaned.papers
    assert found.valid + found.blank + found.invalid == sum(number for _, number in papers)
    assert not set(found.candidates) & set(withdrawn)


def test_every_rule_set_that_counts_ranks_answers_all_of_cleaning_or_none() -> None:
    for name in rulesets.names():
        asked = {one.name for one in rulesets.load(name).questions} & set(CLEANING)
        assert asked in (set(), set(CLEANING)), name
