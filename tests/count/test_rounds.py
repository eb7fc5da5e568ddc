"""Counting by rounds on cases worked by hand; the working stands in each test."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from tests.count.papers import TREES, of

from selectorate.count import cleaning, methods, rulesets
from selectorate.count.ballots import OVERVOTE, Ballots, Sheaf, SheafProfile
from selectorate.count.objects import Profile, Sheet
from selectorate.count.rounds import pairs
from selectorate.count.rulesets import load
from selectorate.count.sheets.check import check_sheet
from selectorate.count.ties import Draw, universes
from selectorate.errors import Refusal

FAMILIES = ("rounds", "runoff", "bucklin")
EVERY = tuple(name for name in rulesets.names() if load(name).family in FAMILIES)
PLAIN = tuple(name for name in EVERY if "units" not in name and "sections" not in name)


def counted(papers: Profile | SheafProfile, rules: str, seed: str | None = None) -> Sheet:
    return methods.count(papers, load(rules), draw=Draw(seed))


def tallies(sheet: Sheet) -> list[tuple[int | Fraction, ...]]:
    return [stage.tallies for stage in sheet.stages]


# --- the alternative vote ---


def test_the_lowest_goes_out_until_somebody_has_more_than_half() -> None:
    """9 papers, 5 needed. 4, 3, 2: Cedar goes out; one paper to Beech, one ends: 4, 4 of 8. Equal: at the stage
    before, Beech had fewer and goes out; 3 of Beech's papers name nobody else, one (from Cedar) names Alder."""
    sheet = counted(of("4 A, 3 B, 1 CBA, 1 C"), "irv")
    assert tallies(sheet) == [(4, 3, 2), (4, 4, 0), (5, 0, 0)]
    assert [stage.non_transferable for stage in sheet.stages] == [0, 1, 4]
    assert [stage.excluded for stage in sheet.stages] == [(), ("Cedar",), ("Beech",)]
    assert sheet.elected == ("Alder",)
    assert [(tie.between, tie.by, tie.chosen) for tie in sheet.ties] == [
        (("Alder", "Beech"), "earlier stage", "Beech")
    ]


def test_half_is_not_more_than_half() -> None:
    sheet = counted(of("3 A, 2 B, 1 CB"), "irv", "acorn")
    assert tallies(sheet)[0] == (3, 2, 1)
    assert sheet.stages[0].elected == ()


def test_who_has_more_than_half_at_once_is_elected_at_once() -> None:
    sheet = counted(of("4 A, 2 B, 1 C"), "irv")
    assert (len(sheet.stages), sheet.elected) == (1, ("Alder",))
    assert dict(sheet.stages[0].figures) == {"papers that count": "7", "votes needed": "4"}


def test_counted_on_until_two_are_left() -> None:
    sheet = counted(of("4 A, 2 B, 1 CB"), "irv-until-two")
    assert tallies(sheet) == [(4, 2, 1), (4, 3, 0)]


def test_three_equal_candidates_are_narrowed_step_by_step() -> None:
    """Stage 1: A 3, B 3, C 2, D 8, E 1. E goes out, to C: A 3, B 3, C 3, D 8. All three are equal; at stage 1 C had
    fewer: C goes out. C's papers: two to A, one ended."""
    sheet = counted(of("3 A, 3 B, 2 CA, 8 D, 1 EC"), "irv", "acorn")
    assert sheet.stages[2].excluded == ("Cedar",)
    first = sheet.ties[0]
    assert (first.between, first.by, first.stage) == (("Alder", "Beech", "Cedar"), "earlier stage", 3)


def test_always_equal_candidates_need_a_lot_and_no_seed_stops_the_count() -> None:
    papers = of("2 A, 2 B, 3 C")
    with pytest.raises(Refusal) as refused:
        counted(papers, "irv")
    assert refused.value.code == "count.tie"
    out = {counted(papers, "irv", f"seed {one}").stages[1].excluded for one in range(20)}
    assert out == {("Alder",), ("Beech",)}


def test_where_the_law_draws_the_lot_at_once_earlier_rounds_do_not_count() -> None:
    """Alder 4, Beech 3, Cedar 2, one paper Cedar then Beech: at 4 to 4 Maine draws, others look back."""
    papers = of("4 A, 3 B, 1 CB, 1 C")
    assert counted(papers, "irv").elected == ("Alder",)
    winners = {counted(papers, "irv-maine", f"seed {one}").elected for one in range(20)}
    assert winners == {("Alder",), ("Beech",)}


def test_a_group_that_cannot_win_goes_out_together() -> None:
    """9, 6, 2, 1, 1: 1 + 1 is not fewer than 2, 1 + 1 + 2 is fewer than 6: three go out at once. Two of their four
    papers pass to Beech: 9 to 8 of 17."""
    sheet = counted(of("9 A, 6 B, 2 C, 1 DB, 1 EB"), "irv-portland")
    assert [stage.excluded for stage in sheet.stages] == [(), ("Cedar", "Dogwood", "Elm")]
    assert tallies(sheet)[1] == (9, 8, 0, 0, 0)
    assert (sheet.elected, sheet.ties) == (("Alder",), ())


def test_a_group_of_one_is_no_batch_and_equal_votes_are_not_fewer() -> None:
    """9, 8, 3, 2, 1: 1 < 2 is a group of one; 1 + 2 is not fewer than 3; 1 + 2 + 3 is fewer than 8."""
    sheet = counted(of("9 A, 8 B, 3 C, 2 D, 1 E"), "irv-portland", "acorn")
    assert sheet.stages[1].excluded == ("Cedar", "Dogwood", "Elm")
    sheet = counted(of("9 A, 5 B, 5 C, 2 D, 1 EB"), "irv-portland", "acorn")
    assert sheet.stages[1].excluded == ("Dogwood", "Elm")
    sheet = counted(of("9 A, 8 B, 3 C, 3 DC, 2 E"), "irv-portland", "acorn")
    assert sheet.stages[1].excluded == ("Elm",)


def test_half_wins_and_equal_sums_go_out_together_under_the_rules_of_the_society() -> None:
    """ERS: 5 of 10 is as many as 3 + 2. 4, 3, 2, 1 (10 papers): 1 + 2 is no more than 3: two go out, one paper to
    Beech: 4 and 4, equal; at the first stage Beech had fewer. Two equal lowest are never parted: 0 + 3 of 3, 3."""
    sheet = counted(of("5 A, 3 B, 2 C"), "irv-ers")
    assert (len(sheet.stages), sheet.elected) == (1, ("Alder",))
    assert dict(sheet.stages[0].figures)["votes needed"] == "5"
    assert counted(of("5 A, 3 B, 2 C"), "irv").stages[1].excluded == ("Cedar",)
    sheet = counted(of("4 A, 3 B, 2 C, 1 DB"), "irv-ers")
    assert [stage.excluded for stage in sheet.stages] == [(), ("Cedar", "Dogwood"), ("Beech",)]
    assert counted(of("9 A, 8 B, 3 C, 3 D, 1 E"), "irv-ers", "acorn").stages[1].excluded == (
        "Cedar", "Dogwood", "Elm",
    )  # fmt: skip
    profile = Profile((*TREES[:4], "Elm"), of("4 A, 3 B, 3 C, 3 D").papers)
    assert counted(profile, "irv-ers", "acorn").stages[1].excluded == ("Elm",)


def test_the_earliest_and_the_latest_difference_can_choose_otherwise() -> None:
    """A 15, B 5, C 6, D 4, E 3 (33 papers, 17 needed). Stage 2: E out, 3
    to B: B 8, C 6. Stage 3: D out, 2 to C and 2 end: B 8, C 8, equal lowest. Earliest: B had 5 to 6, B goes out.
    Latest: at stage 2 C had 6 to 8, C goes out."""
    papers = of("15 A, 5 B, 6 C, 2 DC, 2 D, 3 EB")
    assert counted(papers, "irv-uk-2011").stages[3].excluded == ("Beech",)
    assert counted(papers, "irv").stages[3].excluded == ("Cedar",)


def test_undeclared_write_ins_go_out_first_and_alone_if_they_have_votes() -> None:
    profile = Profile(("Alder", "Beech", "Cedar", "Undeclared write-ins"), of("5 A, 4 B, 1 C, 3 DB").papers)
    sheet = counted(profile, "irv-minneapolis")
    assert sheet.stages[1].excluded == ("Undeclared write-ins",)
    assert counted(profile, "irv").stages[1].excluded == ("Cedar",)


# --- marks that are no plain ranking ---


def test_the_paper_says_why_it_counts_no_longer() -> None:
    """Minneapolis: an overvote ends the paper, two skipped ranks in a row end it, one is passed over, trailing
    blanks are no skips, a repeated candidate is passed over."""
    gap = ()
    papers = (
        (((0,), (OVERVOTE,), (1,)), 3),  # Alder, then ended by the overvote
        (((0,), gap, gap, (1,)), 2),  # Alder, then ended by two skipped ranks
        (((0,), gap, (1,)), 4),  # Alder, Beech
        (((0,), gap, gap), 1),  # Alder
        (((0,), (0,), (1,)), 5),  # Alder, Beech
        (((OVERVOTE,), (1,)), 7),  # never counts
        ((gap, gap, (1,)), 6),  # never counts
        (((1,),), 16),
        (((2,), (1,)), 20),
    )
    ballots = Ballots("ranks", TREES[:3], papers, "written here", methods.NO_FILE)
    cleaned = cleaning.clean(ballots, load("irv-minneapolis"))
    sheet = counted(cleaning.sheaves(cleaned), "irv-minneapolis")
    assert (sheet.valid, sheet.invalid) == (51, 13)
    assert tallies(sheet) == [(15, 16, 20), (0, 25, 20)]
    table = sheet.tables[0]
    assert table.columns == ("stage", "no further preference", "overvote", "skipped ranks", "in all")
    assert table.rows == (("1", "0", "0", "0", "0"), ("2", "1", "3", "2", "6"))
    assert [line for line in cleaned.ends if not line[0]] == [((), "overvote", 7), ((), "skipped ranks", 6)]


def test_units_of_a_file_stay_apart_when_papers_are_cleaned() -> None:
    papers = ((((0,), (1,)), 2), (((0,), (1,)), 3), (((1,),), 4))
    ballots = Ballots(
        "ranks", TREES[:2], papers, "written here", methods.NO_FILE, units=("Hill", "Dale", "Dale")
    )
    cleaned = cleaning.clean(ballots, load("irv-units"))
    assert isinstance(cleaned.papers, SheafProfile)
    assert set(cleaned.papers.papers) == {
        Sheaf((0, 1), 2, "Hill"),
        Sheaf((0, 1), 3, "Dale"),
        Sheaf((1,), 4, "Dale"),
    }


def test_where_papers_come_from_does_not_matter_to_rules_without_units() -> None:
    papers = ((((0,), (1,)), 2), (((0,), (1,)), 3))
    ballots = Ballots("ranks", TREES[:2], papers, "written here", methods.NO_FILE, units=("Hill", "Dale"))
    for rules in ("irv", "scottish-stv"):
        cleaned = cleaning.clean(ballots, load(rules)).papers
        assert isinstance(cleaned, Profile)
        assert cleaned.counts() == {(0, 1): 5}


# --- re-open nominations ---


def ron(text: str) -> Profile:
    """The last letter of "ABCD" that is used is RON."""
    made = of(text)
    return Profile((*made.candidates[:-1], "Re-open nominations"), made.papers)


def test_nobody_is_elected_where_re_open_nominations_wins() -> None:
    """Alder 4, Beech 3, RON 5: Beech goes out, 2 to RON: RON has 7 of 12, more than half."""
    sheet = counted(ron("4 A, 2 BC, 1 BA, 5 C"), "irv-ron")
    assert tallies(sheet) == [(4, 3, 5), (5, 0, 7)]
    assert (sheet.elected, sheet.vacant) == ((), 1)
    assert "vacant" in sheet.stages[-1].says
    assert sheet.remarks
    assert counted(ron("4 A, 2 BC, 1 BA, 5 C"), "irv").elected == ("Re-open nominations",)


def test_re_open_nominations_goes_out_like_a_candidate_where_the_rules_say_so() -> None:
    """Alder 5, Beech 4, RON 2: RON goes out, both to Beech: 5 to 6."""
    sheet = counted(ron("5 A, 4 B, 2 CB"), "irv-ron")
    assert [stage.excluded for stage in sheet.stages] == [(), ("Re-open nominations",)]
    assert (sheet.elected, sheet.vacant) == (("Beech",), 0)


def test_where_re_open_nominations_never_goes_out_the_next_lowest_does() -> None:
    """The same papers: Beech goes out though RON has fewer; Alder 5, RON 2, and 4 papers end. 5 is not more than
    half of 11, but two are left and Alder has more."""
    sheet = counted(ron("5 A, 4 B, 2 CB"), "irv-ron-stays")
    assert [stage.excluded for stage in sheet.stages] == [(), ("Beech",)]
    assert (sheet.elected, sheet.vacant) == (("Alder",), 0)
    sheet = counted(ron("5 A, 4 BC, 2 CB"), "irv-ron-stays")
    assert (sheet.elected, sheet.vacant) == ((), 1)


# --- Coombs, Smith//IRV, Bucklin ---


def test_coombs_excludes_whom_most_papers_rank_last() -> None:
    """Tennessee's textbook example (42, 26, 15, 17): Alder is last on 58 papers and goes out; Beech gains 42: 68."""
    sheet = counted(of("42 ABCD, 26 BCDA, 15 CDBA, 17 DCBA"), "coombs")
    assert [stage.excluded for stage in sheet.stages] == [(), ("Alder",)]
    assert tallies(sheet)[1] == (0, 68, 15, 17)
    assert sheet.elected == ("Beech",)


def test_who_is_not_on_a_paper_shares_its_last_place_or_is_not_last_at_all() -> None:
    """4 AB, 3 BC, 2 CA, 2 C (11 papers, 6 needed). Shared: A last on BC 3 and half of C's 2: 4; B last on CA 2 and
    half of 2: 3; C last on AB: 4. A and C are equal, both with 4 votes: a lot. Marked: B is last on AB 4, C on BC
    3 and C 2 (alone on the paper): 5, A on CA 2: C goes out."""
    papers = of("4 AB, 3 BC, 2 CA, 2 C")
    out = {counted(papers, "coombs", f"seed {one}").stages[1].excluded for one in range(20)}
    assert out == {("Alder",), ("Cedar",)}
    assert counted(papers, "coombs-marked").stages[1].excluded == ("Cedar",)


def test_smith_irv_elects_whoever_beats_everybody() -> None:
    """A beats B 9 to 2, C 7 to 4 and D 7 to 4, though D has the most first preferences."""
    papers = of("3 ABCD, 2 BCAD, 2 CABD, 4 DABC")
    matrix = pairs.preferred(4, ((one.ranking, one.number) for one in papers.papers))
    assert matrix[0] == [0, 9, 7, 7]
    assert pairs.smith_set(matrix) == (0,)
    sheet = counted(papers, "smith-irv")
    assert (sheet.elected, sheet.stages[1].excluded) == (("Alder",), ("Beech", "Cedar", "Dogwood"))


def test_smith_irv_counts_among_those_in_the_cycle_only() -> None:
    """12 papers: A beats B 7 to 5, B beats C 8 to 4, C beats A 9 to 3, and each beats D 9 to 3. D goes out first,
    three papers to B: 3, 5, 4; then A, to B: 8. By the plain count B, with 2, would have gone out first."""
    papers = of("3 ABCD, 2 BCAD, 4 CABD, 3 DBCA")
    matrix = pairs.preferred(4, ((one.ranking, one.number) for one in papers.papers))
    assert pairs.smith_set(matrix) == (0, 1, 2)
    sheet = counted(papers, "smith-irv")
    assert tallies(sheet) == [(3, 2, 4, 3), (3, 5, 4, 0), (0, 8, 4, 0)]
    assert sheet.elected == ("Beech",)
    assert counted(papers, "irv", "acorn").stages[1].excluded == ("Beech",)


def test_bucklin_adds_second_preferences_where_nobody_has_half_of_the_first() -> None:
    """9 papers, 5 needed. First: 4, 3, 2. With second: A 4 + 0 = 4, B 3 + 4 + 2 = 9, C 2 + 3 = 5: Beech."""
    sheet = counted(of("4 ABC, 3 BCA, 2 CBA"), "bucklin")
    assert tallies(sheet) == [(4, 3, 2), (4, 9, 5)]
    assert [stage.set_aside for stage in sheet.stages] == [18, 9]
    assert sheet.elected == ("Beech",)


def test_bucklin_elects_the_most_where_no_preference_is_left() -> None:
    sheet = counted(of("3 A, 2 B, 1 C, 1 D"), "bucklin")
    assert (len(sheet.stages), sheet.elected) == (1, ("Alder",))


# --- two rounds ---


def test_the_supplementary_vote_counts_only_the_second_preference() -> None:
    """21 papers, 11 needed: 8, 7, 4, 2. Third choices do not count: CDB ends, CB goes to Beech, DA to Alder."""
    papers = of("8 A, 7 B, 3 CB, 1 CDB, 1 DA, 1 DB")
    sheet = counted(papers, "supplementary-vote")
    assert tallies(sheet) == [(8, 7, 4, 2), (9, 11, 0, 0)]
    assert sheet.stages[1].non_transferable == 1
    assert sheet.elected == ("Beech",)
    assert tallies(counted(papers, "contingent-vote"))[1] == (9, 12, 0, 0)


def test_all_who_are_second_stay_in_under_the_supplementary_vote() -> None:
    """6, 4, 4, 1: Beech and Cedar both stay; Dogwood's paper goes to Cedar: 6, 4, 5."""
    sheet = counted(of("6 A, 4 BC, 4 CB, 1 DC"), "supplementary-vote")
    assert tallies(sheet)[1] == (6, 4, 5, 0)
    assert sheet.elected == ("Alder",)
    winners = {
        counted(of("6 A, 4 BC, 4 CB, 1 DC"), "contingent-vote", f"seed {one}").elected for one in range(20)
    }
    assert winners == {("Beech",), ("Cedar",)}


def test_two_rounds_say_between_whom_the_second_ballot_is() -> None:
    sheet = counted(of("4 A, 3 B, 2 C"), "two-round")
    assert sheet.elected == ()
    assert sheet.remarks == ("Nobody is elected yet: a second ballot is needed, between Alder and Beech.",)
    assert counted(of("5 A, 2 B, 2 C"), "two-round").elected == ("Alder",)


# --- points by unit ---


def units(**texts: str) -> SheafProfile:
    return SheafProfile.of_units({name: of(text, size=3) for name, text in texts.items()})


def test_a_small_unit_weighs_as_much_as_a_large_one() -> None:
    """Hill, 200 papers: A 120, B 60, C 20: 60, 30, 10 points. Dale, 3 papers: B 1, C 2: 0, 33 1/3, 66 2/3. In all
    A 60, B 63 1/3, C 76 2/3 of 200: nobody has more than 100. A goes out: in Hill 100 of A's papers go to B and 20
    end: B 160, C 20 of 180: 88 8/9 and 11 1/9 points. B 122 2/9, C 77 7/9."""
    sheet = counted(units(Hill="100 AB, 20 A, 60 B, 20 C", Dale="1 B, 2 C"), "irv-units")
    assert tallies(sheet) == [
        (60, Fraction(190, 3), Fraction(230, 3)),
        (0, Fraction(1100, 9), Fraction(700, 9)),
    ]
    assert sheet.elected == ("Beech",)
    out = sheet.stages[1].transfers
    assert [(one.giver, one.heir, one.papers) for one in out] == [
        ("Alder", "Beech", 100),
        ("Alder", "Cedar", 0),
        ("Alder", None, 20),
    ]
    # Alder's 60 points: Beech gains 122 2/9 - 63 1/3, Cedar 77 7/9 - 76 2/3, nothing is lost.
    assert [one.votes for one in out] == [Fraction(530, 9), Fraction(10, 9), 0]


def test_a_capped_unit_gives_one_point_for_each_paper() -> None:
    """As above, Dale being worth 3 points: A 60, B 31, C 12 of 103: Alder has more than 51 1/2."""
    sheet = counted(units(Hill="100 AB, 20 A, 60 B, 20 C", Dale="1 B, 2 C"), "irv-units-capped")
    assert (tallies(sheet), sheet.elected) == ([(60, 31, 12)], ("Alder",))


def test_a_unit_whose_papers_all_ended_gives_its_points_to_nobody() -> None:
    """Hill: A 1 paper, nobody else: 100 points. Dale: B 2, C 1; Glen: B 1, C 2. A 100, B 100, C 100: C goes out by
    lot, or whoever; if A goes out, Hill's 100 points are nobody's: B 100, C 100 of 200."""
    papers = units(Hill="1 A", Dale="2 BC, 1 C", Glen="1 B, 2 C")
    sheets = [counted(papers, "irv-units", f"seed {one}") for one in range(30)]
    gone = next(one for one in sheets if one.stages[1].excluded == ("Alder",))
    assert (gone.stages[1].tallies, gone.stages[1].non_transferable) == ((0, 100, 100), 100)
    assert gone.stages[1].transfers[0].votes == 100


def test_sections_share_what_is_declared_for_them() -> None:
    """Members (50 points): A 3, B 1: 37.5, 12.5. Affiliates (25): B 1, C 1: 12.5, 12.5. A 37.5 of 75 is not more
    than half; B 25, C 12.5: C goes out, to nobody in Affiliates: B 12.5 + 25."""
    papers = SheafProfile.of_units(
        {"Members": of("3 A, 1 B", size=3), "Affiliates": of("1 B, 1 C", size=3)},
        {"Members": 50, "Affiliates": 25},
    )
    sheet = counted(papers, "irv-sections", "acorn")
    assert tallies(sheet)[:2] == [
        (Fraction(75, 2), 25, Fraction(25, 2)),
        (Fraction(75, 2), Fraction(75, 2), 0),
    ]
    with pytest.raises(Refusal) as refused:
        counted(units(Hill="1 A"), "irv-sections")
    assert refused.value.code == "count.unit"
    with pytest.raises(Refusal) as refused:
        counted(of("1 A"), "irv-units")
    assert refused.value.code == "count.unit"


def test_units_are_refused_where_the_rules_have_none() -> None:
    with pytest.raises(Refusal) as refused:
        counted(units(Hill="1 A"), "scottish-stv")
    assert refused.value.code == "count.unit"


# --- all of them ---


@pytest.mark.parametrize("rules", EVERY)
def test_one_is_elected_and_no_more(rules: str) -> None:
    with pytest.raises(Refusal) as refused:
        methods.count(of("1 A"), load(rules), seats=2)
    assert refused.value.code == "count.one"


def drawn(source: random.Random, size: int) -> Profile:
    counts: dict[tuple[int, ...], int] = {}
    for _ in range(source.randint(1, 12)):
        ranking = tuple(source.sample(range(size), source.randint(1, size)))
        counts[ranking] = counts.get(ranking, 0) + source.randint(1, 9)
    return Profile.gather(TREES[:size], counts)


def with_units(profile: Profile, source: random.Random) -> SheafProfile:
    sheaves = tuple(Sheaf(one.ranking, one.number, source.choice(("Hill", "Dale"))) for one in profile.papers)
    return SheafProfile(profile.candidates, sheaves, points=(("Dale", 30), ("Hill", 70)))


def permuted(papers: Profile | SheafProfile, order: list[int]) -> Profile | SheafProfile:
    """The same papers, the candidates listed in another order, the papers too."""
    names = tuple(papers.candidates[one] for one in order)
    at = {one: place for place, one in enumerate(order)}
    if isinstance(papers, Profile):
        counts = {tuple(at[one] for one in paper.ranking): paper.number for paper in papers.papers}
        return Profile.gather(names, counts)
    sheaves = tuple(Sheaf(tuple(at[c] for c in one.ranking), one.number, one.unit) for one in papers.papers)
    return SheafProfile(names, sheaves[::-1], points=papers.points)


@pytest.mark.parametrize("rules", EVERY)
def test_no_vote_appears_or_vanishes_and_no_order_matters(rules: str) -> None:
    """On 60 random contests each: the sheet passes its check, every stage has the same total, each giver's
    transfers are what the giver had, and the order of candidates and papers changes nothing (nor does it change
    the lot, which goes by names)."""
    source = random.Random(f"rounds {rules}")
    for _ in range(60):
        profile = drawn(source, source.randint(1, 5))
        papers = with_units(profile, source) if rules not in PLAIN else profile
        sheet = counted(papers, rules, "acorn")
        assert not [one for one in check_sheet(sheet, "acorn") if one.verdict == "failed"]
        totals = {sum(one.tallies) + one.non_transferable + one.set_aside for one in sheet.stages}
        assert len(totals) == 1
        assert rules not in PLAIN or load(rules).family == "bucklin" or totals == {sheet.valid}
        before = sheet.stages[0]
        for stage in sheet.stages[1:]:
            for name in stage.excluded:
                had = before.tallies[sheet.candidates.index(name)]
                assert sum(one.votes for one in stage.transfers if one.giver == name) == had
            before = stage
        for stage in sheet.stages:
            assert stage.clause
            assert stage.says.endswith(".")
        order = source.sample(range(len(profile.candidates)), len(profile.candidates))
        other = counted(permuted(papers, order), rules, "acorn")
        assert (other.elected, other.vacant, other.remarks) == (sheet.elected, sheet.vacant, sheet.remarks)
        assert [dict(zip(other.candidates, one.tallies, strict=True)) for one in other.stages] == [
            dict(zip(sheet.candidates, one.tallies, strict=True)) for one in sheet.stages
        ]


def test_every_outcome_of_the_lots_can_be_walked_through() -> None:
    papers = of("2 A, 2 B, 2 C")
    winners = {
        sheet.elected for sheet in universes(lambda draw: methods.count(papers, load("irv"), draw=draw))
    }
    assert winners == {("Alder",), ("Beech",), ("Cedar",)}
