"""Counts by parcels worked by hand from the rule books; each test has the arithmetic.

A to F are Alder, Beech, Cedar, Dogwood, Elm and Fir. "3 AB" is three papers: Alder first, Beech second.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from tests.count.papers import of

from selectorate.count import methods, rulesets
from selectorate.count.objects import Profile, Sheet, Stage
from selectorate.count.ties import Draw
from selectorate.errors import Refusal

FORWARD = ("ers76", "ers97", "ireland", "northern-ireland")
BACKWARD = ("act", "australian-senate", "prsa-1977", "queensland-labor-m12")


def count(name: str, papers: str | Profile, seats: int, seed: str | None = None) -> Sheet:
    profile = of(papers) if isinstance(papers, str) else papers
    return methods.count(profile, rulesets.load(name), seats, draw=Draw(seed))


def votes(sheet: Sheet, row: int) -> dict[str, str]:
    """Who has what after a row (from 1 on), as it is printed; those with nothing left out."""
    stage = sheet.stages[row - 1]
    written = [(name, sheet.places, vote) for name, vote in zip(sheet.candidates, stage.tallies, strict=True)]
    return {name: decimal(int(vote), places) for name, places, vote in written if vote}


def decimal(units: int, places: int) -> str:
    if not places:
        return str(units)
    text = str(units).rjust(places + 1, "0")
    return f"{text[:-places]}.{text[-places:]}"


def figure(stage: Stage, name: str) -> str:
    return dict(stage.figures)[name]


def drawn_first(seed: str, stage: int, *names: str) -> str:
    """The lot as docs and `ties` describe it, worked here again."""
    return min(names, key=lambda name: hashlib.sha256(f"{seed}|{stage}|{name}".encode()).digest())


THREE_EQUAL = "20 A, 10 B, 10 C, 11 D, 3 EB, 2 EC, 1 E, 1 FC, 2 FD, 5 F"
"""1 seat. Row 1: A 20, B 10, C 10, D 11, E 6, F 8. Elm out (3 to B, 2 to C, 1 ends): B 13, C 12, D 11, F 8.
Fir out (1 to C, 2 to D, 5 end): B 13, C 13, D 13, A 20: three are lowest. Looking from the first stage on, D had
more (11 to 10) and is safe; at the second B had more than C (13 to 12): C goes. Looking back from the last but
one, D had least (11): D goes."""


@pytest.mark.parametrize("name", FORWARD)
def test_a_tie_of_three_is_narrowed_from_the_first_stage_on(name: str) -> None:
    sheet = count(name, THREE_EQUAL, 1)
    row = next(stage for stage in sheet.stages if stage.number == 4)
    assert row.excluded == ("Cedar",)
    tie = sheet.ties[0]
    assert (tie.between, tie.by, tie.chosen, tie.purpose, tie.stage) == (
        ("Beech", "Cedar", "Dogwood"), "earlier stage", "Cedar", "exclusion", 4,
    )  # fmt: skip
    assert sheet.elected == ("Alder",)


@pytest.mark.parametrize("name", BACKWARD)
def test_a_tie_of_three_is_narrowed_from_the_latest_stage_back(name: str) -> None:
    sheet = count(name, THREE_EQUAL, 1)
    assert sheet.stages[3].excluded == ("Dogwood",)
    assert (sheet.ties[0].by, sheet.ties[0].chosen) == ("earlier stage", "Dogwood")


@pytest.mark.parametrize("name", FORWARD + BACKWARD)
def test_those_equal_at_every_stage_are_drawn_by_the_seed(name: str) -> None:
    """A 3, B 2, C 2: nobody has 3.5 (or 4) of 7; B and C were never apart."""
    sheet = count(name, "3 A, 2 B, 2 C", 1, "acorn")
    assert sheet.ties[0].by == "lot"
    assert sheet.ties[0].chosen == drawn_first("acorn", 2, "Beech", "Cedar")
    assert sheet.elected == ("Alder",)
    with pytest.raises(Refusal) as stopped:
        count(name, "3 A, 2 B, 2 C", 1)
    assert stopped.value.code == "count.tie"


SHORT = "5 AB, 4 B, 4 C, 3 D"


def test_the_quota_falls_when_papers_end_before_anybody_is_elected() -> None:
    """ERS97, 2 seats, 16 papers: 16 / 3 = 5.333.. so 5.34. Dogwood is out and 3 papers end: 13 / 3 = 4.333.. so
    4.34. Alder (5) is elected; active 16 - 3 - 4.34 = 8.66, over 2 seats: 4.33. The surplus of 0.66 is of the
    first preferences, the only parcel: 0.66 / 5 = 0.132, cut 0.13; Beech 4 + 5 x 0.13 = 4.65; lost 0.01."""
    sheet = count("ers97", SHORT, 2)
    assert [figure(row, "quota") for row in sheet.stages] == ["5.34", "4.34", "4.34"]
    assert [figure(row, "vote required") for row in sheet.stages[:2]] == ["5.34", "4.33"]
    assert sheet.stages[1].elected == ("Alder",)
    assert votes(sheet, 3) == {"Alder": "4.34", "Beech": "4.65", "Cedar": "4.00"}
    assert sheet.stages[2].non_transferable == 301
    assert sheet.elected == ("Alder", "Beech")


def test_two_equal_throughout_who_reach_the_vote_required_for_one_seat_are_both_not_elected_then() -> None:
    """ERS76 keeps 5.34. After Dogwood: required 13 / 3, so 4.34: Alder (5) is elected below the quota, has no
    surplus, and keeps 5. Active 16 - 3 - 5 = 8, required 8 / 2 = 4.00: Beech and Cedar both have it, one seat is
    free, and they were equal throughout: neither. The lot says who goes, and the other is the last."""
    sheet = count("ers76", SHORT, 2, "acorn")
    assert [figure(row, "quota") for row in sheet.stages] == ["5.34", "5.34"]
    assert figure(sheet.stages[1], "vote required") == "4.00"
    out = drawn_first("acorn", 3, "Beech", "Cedar")
    last = {"Beech": "Cedar", "Cedar": "Beech"}[out]
    assert sheet.elected == ("Alder", last)
    assert "Beech and Cedar have votes enough, but were equal throughout" in sheet.stages[1].says
    assert [(tie.purpose, tie.by, tie.chosen, tie.stage) for tie in sheet.ties] == [
        ("exclusion", "lot", out, 3)
    ]


def test_of_two_equal_at_the_threshold_the_one_who_was_ahead_first_is_elected() -> None:
    """ERS97, 1 seat, 14 papers, quota 7.00. A 6, B 5, C 3: Cedar out, 1 to A and 2 to B: both have 7.00, the
    quota, and one seat is free. At the first stage Alder was ahead."""
    sheet = count("ers97", "6 A, 5 B, 1 CA, 2 CB", 1)
    assert sheet.stages[1].elected == ("Alder",)
    assert sheet.ties[0].by == "earlier stage"
    assert sheet.ties[0].between == ("Alder", "Beech")


def test_an_exact_quota_is_not_raised_by_one_rule_book_and_is_by_others() -> None:
    """12 papers, 2 seats: 12 / 3 = 4."""
    papers = "4 A, 4 B, 3 C, 1 D"
    quotas = {name: count(name, papers, 2, "acorn").quota_text for name in FORWARD + BACKWARD}
    assert quotas == {
        "ers76": "4.00", "ers97": "4.00", "northern-ireland": "5.00", "ireland": 5, "australian-senate": 5,
        "act": "5.000000", "prsa-1977": "4.001", "queensland-labor-m12": "4.001",
    }  # fmt: skip


def test_a_surplus_equal_to_the_gap_waits_by_ers97() -> None:
    """2 seats, 30 papers, quota 10.00. Alder has 2 over; Dogwood (4) lacks 2 to Cedar (6): 2 does not exceed 2."""
    sheet = count("ers97", "12 AD, 8 B, 6 C, 4 D", 2)
    assert sheet.stages[1].act == "exclude Dogwood"


def test_a_surplus_equal_to_the_gap_moves_in_northern_ireland_and_a_smaller_one_waits() -> None:
    """2 seats, 30 papers, quota 11. Alder has 1 over. Dogwood (4) lacks 1 to Cedar (5): 1 is not less than 1.
    With Cedar at 6 it is less than 2."""
    assert count("northern-ireland", "12 AD, 9 B, 5 C, 4 D", 2).stages[1].act == "surplus Alder"
    assert count("northern-ireland", "12 AD, 8 B, 6 C, 4 D", 2).stages[1].act == "exclude Dogwood"


def test_two_lowest_go_together_where_they_cannot_reach_the_next() -> None:
    """1 seat, 20 papers. D 1 and C 2 are 3 together. Beech has 3 in the first, 4 in the second: ERS97 lets 3
    equal 3, Northern Ireland does not."""
    equal, less = "14 A, 3 B, 2 C, 1 D", "13 A, 4 B, 2 C, 1 D"
    short = ("3 A, 3 E, 3 B, 2 C, 1 D", "6 A, 5 E, 4 B, 2 C, 1 D")
    assert count("ers97", equal, 1).elected == count("northern-ireland", less, 1).elected == ("Alder",)
    assert count("ers97", short[0], 2, "acorn").stages[1].excluded == ("Dogwood", "Cedar")
    assert count("northern-ireland", short[0], 2, "acorn").stages[1].excluded == ("Dogwood",)
    assert count("northern-ireland", short[1], 2).stages[1].excluded == ("Dogwood", "Cedar")


SURPLUSES = "10 B, 9 C, 8 A, 7 D, 2 EBD, 3 ECA, 1 E"


def test_of_two_equal_surpluses_the_one_ahead_at_the_first_stage_moves_first() -> None:
    """Northern Ireland, 3 seats, 40 papers, quota 11. Elm (6) out: B 12, C 12, both 1 over; Beech had 10 to 9.
    Beech's last sub-parcel is the 2 from Elm: 1 / 2 = 0.50 each to Dogwood: 8.00. Dogwood and Alder then have 8
    each, so Cedar's surplus does not wait: 1 / 3 = 0.33 for each of 3: Alder 8.99; 0.01 does not transfer.
    One seat is left and no surplus: Alder's 8.99 are more than Dogwood's 8.00, so Alder has it."""
    sheet = count("northern-ireland", SURPLUSES, 3)
    assert [row.act for row in sheet.stages] == [
        "first preferences", "exclude Elm", "surplus Beech", "surplus Cedar",
    ]  # fmt: skip
    assert votes(sheet, 3) == {"Alder": "8.00", "Beech": "11.00", "Cedar": "12.00", "Dogwood": "8.00"}
    assert votes(sheet, 4) == {"Alder": "8.99", "Beech": "11.00", "Cedar": "11.00", "Dogwood": "8.00"}
    assert sheet.stages[3].non_transferable == 101
    assert sheet.elected == ("Beech", "Cedar", "Alder")
    assert sheet.stages[2].says == (
        "Beech and Cedar had equal votes: by the votes of an earlier stage Beech is first to pass on the surplus. "
        "Beech has 12.00 votes, 1.00 more than the quota of 11.00: the 2 papers that came last pass on at 0.50 each "
        "(1.00 / 2)."
    )
    surplus = next(tie for tie in sheet.ties if tie.purpose == "surplus")
    assert (surplus.by, surplus.chosen, surplus.stage) == ("earlier stage", "Beech", 3)


def test_first_preferences_move_before_other_papers_of_the_same_value_in_northern_ireland() -> None:
    """Cedar goes out with 10 first preferences and 3 papers received at 1.00; ERS97 takes them as one batch."""
    two = [row for row in count("northern-ireland", THREE_EQUAL, 1).stages if row.number == 4]
    one = [row for row in count("ers97", THREE_EQUAL, 1).stages if row.number == 4]
    assert [(row.part, sum(way.papers for way in row.transfers)) for row in two] == [(1, 10), (2, 3)]
    assert [(row.part, sum(way.papers for way in row.transfers)) for row in one] == [(0, 13)]


def test_one_who_equals_all_the_others_takes_the_last_seat_in_northern_ireland_but_not_in_ireland() -> None:
    """1 seat, 12 papers, quota 7: A 6, B 4, C 2. 6 is as many as 4 + 2, and no surplus is left to move. Irish law
    asks for more than the total: Cedar's exclusion and the 2 papers that end decide there."""
    assert len(count("northern-ireland", "6 A, 4 B, 2 C", 1).stages) == 1
    assert len(count("ireland", "6 A, 4 B, 2 C", 1).stages) == 2
    assert count("ireland", "6 A, 4 B, 2 C", 1).elected == ("Alder",)


def test_a_surplus_that_waits_counts_for_the_others_when_one_leads_for_the_last_seat() -> None:
    """Northern Ireland, 2 seats, 30 papers, quota 11. Alder has 1 over, which waits (Dogwood lacks 4). Dogwood
    out, 3 papers end: Beech 8, Cedar 7 and the surplus 1 are 8: "equal to or greater than" (rule 52(2)). With
    31 papers, Alder 2 over, Cedar 8 and Beech 7 it is 8 to 9: the surplus moves, 2 / 13 = 0.15 each, and Beech
    has 7 + 13 x 0.15 = 8.95."""
    sheet = count("northern-ireland", "12 AC, 8 B, 7 C, 3 D", 2)
    assert [row.act for row in sheet.stages] == ["first preferences", "exclude Dogwood"]
    assert sheet.elected == ("Alder", "Beech")
    more = count("northern-ireland", "13 AB, 7 B, 8 C, 3 D", 2)
    assert [row.act for row in more.stages[1:]] == ["exclude Dogwood", "surplus Alder"]
    assert votes(more, 3) == {"Alder": "11.00", "Beech": "8.95", "Cedar": "8.00"}
    assert more.elected == ("Alder", "Beech")


SENATE = "110 ABCD, 100 CDEAB, 10 CED, 10 ECD, 10 E"


def test_the_senate_s_fractions_are_cut_and_each_transfer_value_is_a_count() -> None:
    """3 seats, 240 papers, quota 61. A and C have 110, each 49 over, value 49/110. From Cedar 100 x 49/110 = 44.5..
    so 44 to D, and 4.45 so 4 to E; 1 is lost. From Alder 49 to B. Elm (24) out: at 1, 10 to D (C is elected), 10
    end; at 49/110, 10 papers are 4.45 so 4 to D: 58. Two are left for one seat: D 58, B 49. (The example and its
    figures: documentation of the program ConcreteSTV, "Interpretation of transcript".)"""
    seed = next(str(one) for one in range(99) if drawn_first(str(one), 2, "Alder", "Cedar") == "Cedar")
    sheet = count("australian-senate", SENATE, 3, seed)
    assert [(figure(row, "count"), row.number, row.part, row.act) for row in sheet.stages] == [
        ("1", 1, 0, "first preferences"), ("2", 2, 0, "surplus Cedar"), ("3", 3, 0, "surplus Alder"),
        ("4", 4, 1, "exclude Elm"), ("5", 4, 2, "exclude Elm"),
    ]  # fmt: skip
    assert votes(sheet, 2) == {"Alder": "110", "Cedar": "61", "Dogwood": "44", "Elm": "24"}
    assert votes(sheet, 4) == {"Alder": "61", "Beech": "49", "Cedar": "61", "Dogwood": "54", "Elm": "4"}
    assert votes(sheet, 5) == {"Alder": "61", "Beech": "49", "Cedar": "61", "Dogwood": "58"}
    assert (sheet.stages[4].non_transferable, sheet.stages[4].rounding) == (10, 1)
    assert figure(sheet.stages[4], "value of each paper") == "49/110"
    assert set(sheet.elected) == {"Alder", "Cedar", "Dogwood"}


def test_the_senate_can_raise_what_a_paper_is_worth_and_the_sheet_says_so() -> None:
    """3 seats, 120 papers, quota 31. Alder 33: 2 over, 2/33 each to Beech: 27. Cedar (18) out to Beech: 45, 14
    over. All 76 papers go on at 14/76 = 0.18, the 33 that came at 0.06 too: 14 to Dogwood, 36."""
    sheet = count("australian-senate", "33 ABD, 25 BD, 18 CBD, 22 D, 22 E", 3)
    assert votes(sheet, 4) == {"Alder": "31", "Beech": "31", "Dogwood": "36", "Elm": "22"}
    assert figure(sheet.stages[3], "value of each paper") == "7/38"
    assert sheet.remarks[0].startswith("33 papers went on at more than they came with")


def test_the_last_two_for_one_seat_in_the_senate_are_told_apart_by_lot_alone() -> None:
    """8 papers, quota 5: A 4, B 3, C 1. Cedar out to Beech: 4 and 4. That Alder was ahead before does not count."""
    sheet = count("australian-senate", "4 A, 3 B, 1 CB", 1, "acorn")
    assert sheet.elected == (drawn_first("acorn", 2, "Alder", "Beech"),)
    assert sheet.ties[0].by == "lot"


def test_an_order_of_three_in_the_senate_needs_one_count_at_which_all_differ() -> None:
    """4 seats, 56 papers, quota 12. Alder 20; 8 end. Fir out to D: B 10, C 9, D 10. Elm out (2, 3, 2): 12 each,
    all elected. At no count had all three different votes: lot. The ACT looks back step by step: B and D before
    C, and at the count before B before D."""
    papers = "20 A, 10 B, 9 C, 9 D, 2 EB, 3 EC, 2 ED, 1 FD"
    senate = count("australian-senate", papers, 4, "acorn")
    assert senate.ties[0].by == "lot"
    assert senate.ties[0].between == ("Beech", "Cedar", "Dogwood")
    assert count("act", papers, 4).elected == ("Alder", "Beech", "Dogwood", "Cedar")


def test_the_act_cuts_votes_at_six_decimals_and_not_the_value() -> None:
    """2 seats, 100 papers, quota 34. Alder 50: 16 over, 30 papers go on at 16/30: 20 x 16/30 = 10.666666, 10 x
    16/30 = 5.333333; 0.000001 is lost. The 20 papers of Alder alone carry nothing."""
    sheet = count("act", "20 AB, 10 AC, 20 A, 22 B, 18 C, 10 D", 2)
    assert votes(sheet, 2) == {
        "Alder": "34.000000", "Beech": "32.666666", "Cedar": "23.333333", "Dogwood": "10.000000",
    }  # fmt: skip
    assert (sheet.stages[1].rounding, sheet.stages[1].set_aside) == (1, 0)


def test_a_paper_in_the_act_never_carries_more_than_it_came_with() -> None:
    """2 seats, 100 papers, quota 34: A 30, B 29, C 25, D 16. Dogwood out to Alder: 46, 12 over. Of the 16 papers
    5 go on: 12/5 would be more than 1. So 5 to Beech (34), and 7 are set aside."""
    sheet = count("act", "30 AC, 29 B, 25 C, 5 DAB, 11 DA", 2)
    assert votes(sheet, 3) == {"Alder": "34.000000", "Beech": "34.000000", "Cedar": "25.000000"}
    assert (sheet.stages[2].rounding, sheet.stages[2].set_aside) == (0, 7_000_000)


def test_prsa_moves_parcels_in_the_order_received_and_stops_when_the_seats_are_full() -> None:
    """2 seats, 43 papers, 43 / 3 = 14.333.., quota 14.334. Alder 16: 1.666 over, / 16 = 0.104: Cedar 4 + 1.664 =
    5.664; 0.002 lost. Dogwood (3) out to Cedar: 8.664, now lowest. Cedar's parcels: 4 first preferences to Beech
    (14.000, too few); then 16 at 0.104 to Beech: 15.664, elected. The 3 papers that came last stay."""
    sheet = count("prsa-1977", "16 ACB, 10 B, 10 E, 4 CB, 3 DCE", 2)
    assert votes(sheet, 2)["Cedar"] == "5.664"
    assert [(row.number, row.part) for row in sheet.stages[3:]] == [(4, 1), (4, 2)]
    assert votes(sheet, 4)["Beech"] == "14.000"
    assert votes(sheet, 5) == {"Alder": "14.334", "Beech": "15.664", "Cedar": "3.000", "Elm": "10.000"}
    assert sheet.stages[4].rounding == 2
    assert sheet.elected == ("Alder", "Beech")


def test_rule_m12_reckons_as_the_party_s_own_example() -> None:
    """The page gives: 350 votes, 11 positions, 29.167, quota 29.168; with 47 votes 17.832 over, / 47 = 0.379.
    47 papers at 0.379 are 17.813; 0.019 is lost."""
    names = tuple(f"Tree {letter}" for letter in "ABCDEFGHIJKLM")
    counts = {(0, 1): 47} | {(one,): 25 for one in range(1, 13)} | {(2,): 28}
    profile = Profile.gather(names, counts)
    assert profile.valid == 350
    sheet = count("queensland-labor-m12", profile, 11, "acorn")
    assert sheet.quota_text == "29.168"
    assert figure(sheet.stages[1], "value of each paper") == "0.379"
    assert votes(sheet, 2)["Tree B"] == "42.813"
    assert sheet.stages[1].rounding == 19


IRISH = "4 ABC, 5 ABD, 5 AC, 3 AD, 3 A, 5 C, 5 D"
"""2 seats, 30 papers, quota 11. Alder 20: 9 over, 17 transferable. B 9 x 9/17 = 4.76, C 5 x 9/17 = 2.65, D 3 x
9/17 = 1.59: 4 + 2 + 1 = 7; two more go to the largest fractions, B and C: 5, 3, 1. Then B 5, C 8, D 6: Beech is
out, and which five papers came from Alder decides between C and D."""


def in_order(*rankings: str) -> Profile:
    """A profile whose papers lie in this order: "5 ABD" five times, then the next."""
    profile = of(", ".join(rankings))
    at = {paper.ranking: place for place, paper in enumerate(profile.papers)}
    order: list[int] = []
    for part in rankings:
        number, letters = part.split()
        order += [at[tuple("ABCDEF".index(letter) for letter in letters)]] * int(number)
    return replace(profile, order=tuple(order))


def test_irish_surpluses_are_whole_papers_and_the_last_filed_go() -> None:
    """With the five ABD filed after the four ABC, they go: D 6 + 5 = 11, the quota. The other way round the last
    five are four ABC and one ABD: C 8 + 4 = 12."""
    rest = ("5 AC", "3 AD", "3 A", "5 C", "5 D")
    first = count("ireland", in_order("4 ABC", "5 ABD", *rest), 2)
    second = count("ireland", in_order("5 ABD", "4 ABC", *rest), 2)
    assert votes(first, 2) == votes(second, 2) == {"Alder": "11", "Beech": "5", "Cedar": "8", "Dogwood": "6"}
    assert votes(first, 3) == {"Alder": "11", "Cedar": "8", "Dogwood": "11"}
    assert first.elected == ("Alder", "Dogwood")
    assert votes(second, 3) == {"Alder": "11", "Cedar": "12", "Dogwood": "7"}
    assert second.elected == ("Alder", "Cedar")
    assert first.remarks == second.remarks == ()


def test_without_a_recorded_order_the_seed_draws_one_and_the_sheet_says_so() -> None:
    with pytest.raises(Refusal) as stopped:
        count("ireland", IRISH, 2)
    assert stopped.value.code == "count.order"
    sheet = count("ireland", IRISH, 2, "acorn")
    assert votes(sheet, 2) == {"Alder": "11", "Beech": "5", "Cedar": "8", "Dogwood": "6"}
    assert sheet.remarks[0].startswith("No order of the papers was recorded.")


def test_a_file_that_claims_a_thousand_million_papers_is_not_laid_out_one_by_one() -> None:
    with pytest.raises(Refusal) as stopped:
        count("ireland", "900000000 AB, 5 B", 1, "acorn")
    assert stopped.value.code == "count.profile"


def test_irish_equal_fractions_go_to_who_had_more_first_preferences() -> None:
    """2 seats, 21 papers, quota 8. Alder 13: 5 over; 4 for B and 4 for C: 4 x 5/8 = 2.5 each, one place is left.
    The sub-parcels are equal; Beech had 3 first preferences to Cedar's 2. B 3 + 3, C 2 + 2."""
    sheet = count("ireland", "4 AB, 4 AC, 5 A, 3 B, 2 C, 3 D", 2)
    assert votes(sheet, 2) == {"Alder": "8", "Beech": "6", "Cedar": "4", "Dogwood": "3"}
    assert [(tie.between, tie.by, tie.chosen) for tie in sheet.ties] == [
        (("Beech", "Cedar"), "earlier stage", "Beech")
    ]


def test_irish_papers_too_few_for_the_surplus_all_go_and_the_rest_is_not_effective() -> None:
    """2 seats, 21 papers, quota 8. Alder 13: 5 over, only 3 transferable: B 3 + 3; 2 are not effective."""
    sheet = count("ireland", "3 AB, 10 A, 3 B, 2 C, 3 D", 2)
    assert votes(sheet, 2) == {"Alder": "8", "Beech": "6", "Cedar": "2", "Dogwood": "3"}
    assert sheet.stages[1].non_transferable == 2
