"""Ties and lots worked from the statutes, where two rule books look at the same papers and decide otherwise.

Scotland's backward rule, its narrowing of three and its lot lie in vectors/count; those of the rule sets by parcels in
`test_parcels_by_hand`; of the rounds in `test_rounds`. Each case here gives its arithmetic.
"""

from __future__ import annotations

import hashlib

import pytest
from tests.count.papers import NO_FILE, of

from selectorate.count import fast, methods, rulesets
from selectorate.count.objects import Sheet
from selectorate.count.sheets.check import check_sheet
from selectorate.count.ties import Draw
from selectorate.errors import Refusal


def count(name: str, papers: str, seats: int = 1, draw: Draw | None = None) -> Sheet:
    return methods.count(of(papers), rulesets.load(name), seats, draw=draw or Draw("acorn"))


def drawn_first(stage: int, *names: str) -> str:
    """The lot as it is described: the smallest SHA-256 of "seed|stage|name"."""
    return min(names, key=lambda name: hashlib.sha256(f"acorn|{stage}|{name}".encode()).digest())


def out(sheet: Sheet) -> list[str]:
    return [name for stage in sheet.stages for name in stage.excluded]


APART_AFTER_ONE_BATCH = "18 AB, 18 AC, 4 AEC, 10 B, 10 CD, 28 D, 1 EB"
"""2 seats, 89 papers; A 40, B 10, C 10, D 28, E 1. The quota is 89 / 3 = 29.666.., so 29.67 (ERS97), or 30 (in
Northern Ireland). Alder's 10.33 (10) over are more than the 9 that Elm lacks to the next, so they move: / 40 = 0.25,
cut. B and C get 18 x 0.25 = 4.50 each: 14.50; E 4 x 0.25: 2.00. Nobody reaches 29.50 (ERS97: (89 - 0.33 - 29.67) / 2).
Elm is lowest and out alone (2.00 + 14.50 is more than 14.50): first 1 paper at 1.00, to B: 15.50; then 4 at 0.25, to
C: 15.50. Beech and Cedar are lowest and equal (31.00 together is more than D's 28)."""


def test_ers97_looks_at_the_earliest_batch_and_finds_a_difference_inside_a_stage() -> None:
    """5.2.5: "the earliest point ... after the transfer of a batch": after Elm's first batch Cedar had 14.50, Beech
    15.50.
    Cedar goes, 10 papers to D: 38.00."""
    sheet = count("ers97", APART_AFTER_ONE_BATCH, 2)
    rows = [(stage.number, stage.part, stage.tallies[1:3]) for stage in sheet.stages[1:4]]
    assert rows == [(2, 0, (1450, 1450)), (3, 1, (1550, 1450)), (3, 2, (1550, 1550))]
    assert [(tie.by, tie.chosen, tie.stage) for tie in sheet.ties] == [("earlier stage", "Cedar", 4)]
    assert out(sheet) == ["Elm", "Cedar"]
    assert sheet.elected == ("Alder", "Dogwood")


def test_northern_ireland_looks_at_whole_stages_and_draws_the_lot() -> None:
    """Rule 51(13): "the earliest stage of the count": at the end of every stage the two were equal."""
    sheet = count("northern-ireland", APART_AFTER_ONE_BATCH, 2)
    lost = drawn_first(4, "Beech", "Cedar")
    assert [(tie.by, tie.chosen, tie.stage) for tie in sheet.ties] == [("lot", lost, 4)]
    with pytest.raises(Refusal) as stopped:
        count("northern-ireland", APART_AFTER_ONE_BATCH, 2, Draw())
    assert stopped.value.code == "count.tie"


ONCE_AHEAD = "9 A, 5 B, 4 C, 1 DC"
"""1 seat, 19 papers, 10 needed. Dogwood out, 1 to C: Beech and Cedar have 5 each; before, Beech had 5 and Cedar 4."""


@pytest.mark.parametrize(
    "name", ["scottish-stv", "wig-exact", "northern-ireland", "ireland", "act", "meek-nz"]
)
def test_who_was_behind_before_goes_out_where_the_law_looks_back(name: str) -> None:
    """Forwards and backwards there is but one earlier stage, so all these agree."""
    sheet = count(name, ONCE_AHEAD)
    assert out(sheet)[:2] == ["Dogwood", "Cedar"]
    assert [tie.by for tie in sheet.ties][:1] != ["lot"]


@pytest.mark.parametrize("name", ["minneapolis-stv", "meek-hww", "warren", "irv-minneapolis", "irv-portland"])
def test_where_the_law_draws_at_once_having_been_ahead_does_not_help(name: str) -> None:
    """Minneapolis 167.70(c)(1)e: ties are resolved by lot. Algorithm 123 chooses among those equal now, by chance.
    Dogwood is out first in each (a sure loser in Minneapolis: 1 is less than 4)."""
    sheet = count(name, ONCE_AHEAD)
    assert (sheet.ties[0].by, sheet.ties[0].between) == ("lot", ("Beech", "Cedar"))
    assert out(sheet)[1] == sheet.ties[0].chosen == drawn_first(3, "Beech", "Cedar")


def test_cambridge_goes_back_to_before_the_last_transfer() -> None:
    """260 papers, quota 131. Dogwood has fewer than 50: out, 10 to C, who has 70 as B has. Immediately before that
    transfer C had 60 (section 9(k)): C goes, 60 to B: 130, 10 end. Then A (120) is lowest, and B is left."""
    sheet = count("cambridge-stv", "120 A, 70 B, 60 CB, 10 DC")
    assert out(sheet)[:3] == ["Dogwood", "Cedar", "Alder"]
    assert [(tie.by, tie.chosen, tie.stage) for tie in sheet.ties] == [("earlier stage", "Cedar", 3)]
    assert sheet.elected == ("Beech",)


def test_cambridge_draws_where_no_transfer_told_them_apart() -> None:
    sheet = count("cambridge-stv", "120 A, 70 B, 70 C")
    lost = drawn_first(2, "Beech", "Cedar")
    assert [(tie.by, tie.chosen, tie.stage) for tie in sheet.ties] == [("lot", lost, 2)]


def test_new_zealand_narrows_three_to_two_and_reckons_a_number_for_these() -> None:
    """24 papers, 1 seat, 5 candidates; nobody has more than 12. Elm (2) goes, 1 to C and 1 to D: B, C, D have 4
    each. At the first iteration B had 4, C and D 3: B is safe. C and D never differed.

    Numbers: x = 10, y = 1, z = (24 + 40000) mod 30323 = 9701, four thrown away; then in the order of the paper, from
    x 11071, 16463, 156, 26676, 21246; y 18826, 25530, 26952, 29080, 1105; z 172, 29240, 28151, 24959, 28133. Of C
    (third): 51 + 8892 + 9283 = 18226; of D: 8812 + 9595 + 8231 = 26638. So 8226 and 6638; at the second iteration
    they are as they are, and the lower goes: Dogwood."""
    sheet = count("meek-nz", "12 A, 4 B, 3 C, 3 D, 1 EC, 1 ED", draw=Draw())
    assert sheet.stages[2].excluded == ("Dogwood",)
    tie = sheet.ties[0]
    assert (tie.between, tie.by) == (("Beech", "Cedar", "Dogwood"), "the pseudo-random number")


def test_one_order_serves_equal_surpluses_too() -> None:
    """Reference WIGM, D.1: 30 papers, 3 seats, quota 7.5001: Alder and Beech have 12 each, 4.4999 over."""
    sheet = count("wigm-prf", "12 AC, 12 BD, 3 C, 3 D", 3)
    assert sheet.stages[1].act == f"surplus {drawn_first(0, 'Alder', 'Beech')}"


@pytest.mark.parametrize("seed", ["acorn", "beech", "cone", "drupe"])
def test_the_reference_meek_rule_ties_whom_the_total_surplus_could_lift(seed: str) -> None:
    """B.3: 12 papers, 2 seats, quota 4.000000001. Alder (8) keeps 4.000000001 / 8, up: 0.500000001, and has
    4.000000008: the total surplus is 0.000000007. Beech has 3 + 2 x 0.499999999 = 3.999999998, Cedar 1 + 6 x
    0.499999999 = 3.999999994: lowest, but Beech is not 0.000000007 above. The order drawn before the count decides."""
    sheet = count("meek-prf", "6 AC, 2 AB, 3 B, 1 C", 2, draw=Draw(seed))
    first = min(("Beech", "Cedar"), key=lambda name: hashlib.sha256(f"{seed}|0|{name}".encode()).digest())
    assert [tie.between for tie in sheet.ties] == [("Beech", "Cedar")]
    assert out(sheet) == [first] and sheet.ties[0].by == "lot"
    assert sheet.stages[-2].tallies[1:] == (3_999_999_998, 3_999_999_994)
    assert "no further above the lowest than the total surplus" in sheet.stages[-1].says
    other = {"Beech": "Cedar", "Cedar": "Beech"}[first]
    assert sheet.elected == ("Alder", other)
    again = fast.count(of("6 AC, 2 AB, 3 B, 1 C"), rulesets.load("meek-prf"), 2, seed, NO_FILE)
    assert again is not None and again.elected == sheet.elected
    assert "failed" not in {check.verdict for check in check_sheet(sheet)}


def test_the_order_of_the_list_is_given_as_lots_and_is_no_rule_of_ours() -> None:
    """RCTab's useCandidateOrder: of those tied the one later in the list goes out. A 3, B 2, C 2, D 2 (9 papers, 5
    needed): Dogwood; then Cedar, of 7 papers left; then A has 3 of 5. As lots: the last of three, the last of two."""
    papers = "3 A, 2 B, 2 C, 2 D"
    listed = count("irv-portland", papers, draw=Draw(script=(2, 1)))
    assert out(listed) == ["Dogwood", "Cedar"]
    drawn = [drawn_first(2, "Beech", "Cedar", "Dogwood")]
    assert out(count("irv-portland", papers))[:1] == drawn


def test_a_tie_of_the_last_two_under_the_supplementary_vote_is_a_lot() -> None:
    """7 papers, 4 needed: Alder and Beech have 3, Cedar 1 without a second preference. 3 and 3 in all."""
    sheet = count("supplementary-vote", "3 A, 3 B, 1 C")
    assert [tie.by for tie in sheet.ties] == ["lot"]
    assert sheet.elected == (sheet.ties[0].chosen,)
