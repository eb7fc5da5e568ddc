"""How much rankings show, and the reduction: by hand, on random elections, and on the wards.

Percentages of the wards: measured by somebody else on all 1,070 wards of which these 200 are a sample.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.count.papers import TREES, of

from selectorate.count import rulesets
from selectorate.count.ballots import FigureProfile
from selectorate.count.cleaning import clean
from selectorate.count.exposure import Exposure, Seen, exposure, percent
from selectorate.count.objects import Paper, Profile
from selectorate.count.readers import read_ballots
from selectorate.count.ties import Draw

BY_PATH = ("scottish-stv", "irv", "ers97", "northern-ireland")


def seen(profile: Profile, rules: str, seats: int = 1) -> Exposure:
    return exposure(profile, rulesets.load(rules), seats, draw=Draw("acorn"))


@pytest.mark.parametrize("rules", ["scottish-stv", "irv"])
def test_a_paper_is_cut_after_the_last_candidate_it_could_move_to(rules: str) -> None:
    """Alder 5, Beech 4, Cedar 2 of 11; Cedar goes out, one paper to each; Alder has 6 of 11 and is elected. So of
    Alder's and Beech's papers only the first preference was used, of Cedar's two."""
    found = seen(of("4 ABC, 1 ACB, 3 BCA, 1 BAC, 1 CBA, 1 CAB"), rules)
    assert found.before == Seen(papers=11, kinds=6, alone=4, rare=11)
    assert found.reduced is not None
    assert found.reduced.papers == (Paper((0,), 5), Paper((1,), 4), Paper((2, 0), 1), Paper((2, 1), 1))
    assert found.after == Seen(papers=11, kinds=4, alone=2, rare=6)
    assert found.sheet.elected == ("Alder",)


def test_whom_the_count_passed_over_is_left_out() -> None:
    """Dogwood goes out first, then Cedar: a paper of Cedar's that names Dogwood next moves on to Alder at once."""
    found = seen(of("6 A, 5 B, 3 CDA, 1 DBA"), "irv")
    assert found.reduced is not None
    assert {paper.ranking for paper in found.reduced.papers} == {(0,), (1,), (2, 0), (3, 1)}


def test_a_paper_elected_at_once_shows_its_first_preference_only() -> None:
    found = seen(of("3 ABCD, 3 ADCB, 1 BCDA"), "irv")
    assert found.reduced is not None
    assert found.reduced.papers == (Paper((0,), 6), Paper((1,), 1))


def test_the_share_is_rounded_to_a_tenth() -> None:
    assert [percent(1, 8), percent(1, 3), percent(0, 5), percent(5, 5), percent(0, 0)] == [
        "12.5", "33.3", "0.0", "100.0", "0.0",
    ]  # fmt: skip


def test_marks_are_measured_and_not_reduced() -> None:
    papers = FigureProfile(TREES[:2], (((1, 0), 4), ((1, 1), 1)))
    assert Seen.of(number for _, number in papers.papers) == Seen(5, 2, 1, 5)


def test_a_rule_set_that_uses_whole_papers_has_no_reduction() -> None:
    """Coombs looks at last places: as marked Cedar has 4 of them, Dogwood 3, Alder 2; cut after two ranks Dogwood
    would have 4.5."""
    found = seen(of("4 ABD, 3 BCA, 2 CBD"), "coombs")
    assert (found.reduced, found.after) == (None, None)


def test_a_second_preference_that_counts_only_as_the_second_stays_one() -> None:
    """Supplementary vote: Cedar's paper names Dogwood second, who is out; Alder in the third place gets nothing."""
    found = seen(of("5 ABC, 4 BAC, 2 CDA, 1 DAB"), "supplementary-vote")
    assert found.reduced is not None
    assert all(len(paper.ranking) <= 2 for paper in found.reduced.papers)
    assert (2, 3) in {paper.ranking for paper in found.reduced.papers}


RANKINGS = st.lists(st.permutations(range(5)), min_size=1, max_size=12).flatmap(
    lambda orders: st.tuples(
        *[st.integers(1, 5).map(lambda cut, order=order: tuple(order[:cut])) for order in orders]
    )
)


@pytest.mark.parametrize("rules", BY_PATH)
@settings(max_examples=25, deadline=None)
@given(RANKINGS, st.integers(1, 3))
def test_the_path_of_each_paper_is_enough(
    rules: str, rankings: tuple[tuple[int, ...], ...], seats: int
) -> None:
    """Where rule sets move papers, every election has a reduction, ties and exhausted papers included; it loses no
    paper and keeps every first preference."""
    counts = {ranking: 3 * at + 1 for at, ranking in enumerate(rankings)}
    profile = Profile.gather(TREES[:5], counts)
    found = seen(profile, rules, 1 if rules == "irv" else seats)
    assert found.reduced is not None
    assert found.reduced.valid == profile.valid
    heads = {ranking[0] for ranking in counts}
    assert {paper.ranking[0] for paper in found.reduced.papers} == heads


KEEPING = [name for name in ("meek-nz", "meek-prf", "warren", "wright") if name in rulesets.names()]


@pytest.mark.parametrize("rules", KEEPING)
@settings(max_examples=15, deadline=None)
@given(RANKINGS, st.integers(1, 3))
def test_rule_sets_in_which_the_elected_receive_or_the_count_restarts_have_one_too(
    rules: str, rankings: tuple[tuple[int, ...], ...], seats: int
) -> None:
    """Six candidates, of whom Fir stands last everywhere and is never reached before a paper is exhausted or held."""
    counts = {(*ranking, 5): 3 * at + 1 for at, ranking in enumerate(rankings)}
    found = seen(Profile.gather(TREES, counts), rules, seats)
    assert found.reduced is None or found.reduced.valid == sum(counts.values())
    if seats == 1 and found.sheet.elected:
        assert found.reduced is not None


def _ward(wards: zipfile.ZipFile, name: str, rules: str) -> Exposure:
    ruleset = rulesets.load(rules)
    ballots = read_ballots(wards.read(name), name)
    return exposure(
        clean(ballots, ruleset).papers, ruleset, 1 if rules == "irv" else ballots.seats, draw=Draw("acorn")
    )


@pytest.mark.outside_data
@pytest.mark.parametrize("rules", [*BY_PATH, "meek-nz"])
def test_wards_have_a_reduction_with_the_same_sheet_and_hardly_a_paper_alone(
    rules: str, outside_data: Path
) -> None:
    with zipfile.ZipFile(outside_data / "count" / "scot_200_wards.zip") as wards:
        names = [name for name in wards.namelist() if name.endswith(".csv")][::40]
        for name in names:
            found = _ward(wards, name, rules)
            assert found.after is not None, name
            assert found.after.papers == found.before.papers
            assert 20 * found.after.alone <= max(20, found.before.papers), name


PUBLISHED = {
    5: (12, 54),
    6: (47, 130),
    7: (92, 200),
    8: (135, 250),
    9: (165, 280),
    10: (200, 320),
    0: (108, 208),
}
"""Candidates (0: all) -> (alone, in groups under 5) in tenths of a per cent, of all 1,070 wards."""


@pytest.mark.slow
@pytest.mark.outside_data
def test_the_shares_of_the_wards_are_those_measured_before(outside_data: Path) -> None:
    """Within three per cent of all papers, for a sample; what came out: docs/manual/papers.md."""
    sums: dict[int, list[int]] = {}
    with zipfile.ZipFile(outside_data / "count" / "scot_200_wards.zip") as wards:
        for name in (one for one in wards.namelist() if one.endswith(".csv")):
            found = _ward(wards, name, "scottish-stv")
            assert found.after is not None
            for key in (found.candidates, 0):
                row = sums.setdefault(key, [0, 0, 0])
                row[0] += found.before.papers
                row[1] += found.before.alone
                row[2] += found.before.rare
    for key, (alone, rare) in PUBLISHED.items():
        papers, found_alone, found_rare = sums[key]
        assert abs(1000 * found_alone / papers - alone) <= 30, key
        assert abs(1000 * found_rare / papers - rare) <= 30, key
