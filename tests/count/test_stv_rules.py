"""The rule sets of the families "stv", "meek" and "whole": what must hold in all, and cases worked by hand."""

from __future__ import annotations

import csv
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.count.papers import TREES, of

from selectorate.count import meek, methods, readers, rulesets
from selectorate.count.meek.ties import pseudo_random_numbers
from selectorate.count.objects import Profile, Sheet, Stage
from selectorate.count.stv.rules import rules_of
from selectorate.count.stv.whole import picked
from selectorate.count.ties import Draw
from selectorate.errors import Refusal

WIG = ("scottish-stv", "wigm-prf", "wig-exact", "minneapolis-stv", "wright")
MEEK = ("meek-nz", "meek-hww", "meek-prf", "warren")
ALL = (*WIG, *MEEK, "cambridge-stv")


def count(profile: Profile, rules: str, seats: int, seed: str | None = "acorn") -> Sheet:
    return methods.count(profile, rulesets.load(rules), seats, draw=Draw(seed))


def votes(sheet: Sheet, stage: int) -> list[Fraction]:
    """Tallies of a stage in votes."""
    return [Fraction(one) / 10**sheet.places for one in sheet.stages[stage - 1].tallies]


def acts(sheet: Sheet) -> list[str]:
    return [stage.act for stage in sheet.stages]


@st.composite
def elections(draw: st.DrawFn) -> tuple[Profile, int]:
    size = draw(st.integers(1, 6))
    rankings = st.lists(st.integers(0, size - 1), min_size=1, max_size=size, unique=True).map(tuple)
    counts = draw(st.dictionaries(rankings, st.integers(1, 70), min_size=1, max_size=9))
    return Profile.gather(TREES[:size], counts), draw(st.integers(1, 4))


# what must hold in all


@pytest.mark.parametrize("rules", ALL)
@settings(max_examples=12, deadline=None)
@given(election=elections())
def test_every_stage_adds_up_and_every_seat_is_filled(rules: str, election: tuple[Profile, int]) -> None:
    profile, seats = election
    sheet = count(profile, rules, seats)
    total = profile.valid * 10**sheet.places
    for stage in sheet.stages:
        assert sum(stage.tallies) + stage.non_transferable + stage.rounding + stage.set_aside == total
        assert min(*stage.tallies, stage.non_transferable, stage.rounding) >= 0
        assert stage.clause and stage.says
        assert all(type(one) in (int, Fraction) for one in stage.tallies)
    assert len(set(sheet.elected)) == len(sheet.elected) == min(seats, len(profile.candidates))
    assert sheet.vacant == seats - len(sheet.elected)


@pytest.mark.parametrize(
    "rules", ("scottish-stv", "wigm-prf", "wig-exact", "minneapolis-stv", "cambridge-stv")
)
@settings(max_examples=10, deadline=None)
@given(election=elections())
def test_what_a_candidate_gains_at_a_stage_is_what_the_transfers_say(
    rules: str, election: tuple[Profile, int]
) -> None:
    profile, seats = election
    sheet = count(profile, rules, seats)
    before = {name: Fraction(0) for name in sheet.candidates}
    for stage in sheet.stages:
        givers = {one.giver for one in stage.transfers}
        for name, now in zip(sheet.candidates, stage.tallies, strict=True):
            gained = sum(one.votes for one in stage.transfers if one.heir == name)
            if name not in givers:
                assert now == before[name] + gained
            before[name] = Fraction(now)
        assert all(one.votes == one.papers * one.value for one in stage.transfers)


@pytest.mark.parametrize("rules", MEEK)
@settings(max_examples=10, deadline=None)
@given(election=elections())
def test_by_keep_values_a_tally_is_what_came_less_what_went_on(
    rules: str, election: tuple[Profile, int]
) -> None:
    profile, seats = election
    sheet = count(profile, rules, seats)
    for stage in sheet.stages:
        for name, tally in zip(sheet.candidates, stage.tallies, strict=True):
            came = sum(one.votes for one in stage.transfers if one.heir == name)
            went = sum(one.votes for one in stage.transfers if one.giver == name)
            assert not stage.transfers or came - went == tally


@pytest.mark.parametrize("rules", MEEK)
@settings(max_examples=10, deadline=None)
@given(election=elections())
def test_papers_split_by_the_printed_keep_values_make_the_tallies(
    rules: str, election: tuple[Profile, int]
) -> None:
    profile, seats = election
    ruleset = rulesets.load(rules)
    sheet = count(profile, rules, seats)
    for stage in sheet.stages:
        if not stage.transfers:
            continue
        again = dict.fromkeys((*sheet.candidates, ""), 0)
        for paper in profile.papers:
            names = tuple(profile.candidates[one] for one in paper.ranking)
            for name, given_ in meek.split(ruleset, stage, names):
                again[name] += given_ * paper.number
        assert (*again.values(),) == (*stage.tallies, stage.non_transferable)


def _figures(stage: Stage, names: tuple[str, ...]) -> tuple[object, ...]:
    tallies = dict(zip(names, stage.tallies, strict=True))
    return (stage.act, sorted(tallies.items()), stage.non_transferable, stage.rounding, stage.elected)


@pytest.mark.parametrize("rules", ALL)
@settings(max_examples=12, deadline=None)
@given(election=elections(), chance=st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_changes_no_figure(
    rules: str, election: tuple[Profile, int], chance: object
) -> None:
    """A lot goes by name, so it too is the same. New Zealand's numbers go by the order of the paper."""
    profile, seats = election
    order = list(range(len(profile.candidates)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    place = {old: new for new, old in enumerate(order)}
    counts = {tuple(place[one] for one in paper.ranking): paper.number for paper in profile.papers}
    other = Profile.gather(tuple(profile.candidates[old] for old in order), counts)
    first, second = count(profile, rules, seats), count(other, rules, seats)
    if any("pseudo-random" in tie.by for tie in (*first.ties, *second.ties)):
        return
    assert first.elected == second.elected
    assert [_figures(stage, first.candidates) for stage in first.stages] == [
        _figures(stage, second.candidates) for stage in second.stages
    ]


@pytest.mark.parametrize("rules", ALL)
def test_as_many_candidates_as_seats_are_all_elected_at_once(rules: str) -> None:
    sheet = count(of("3 AB, 2 B, 1 C"), rules, 3)
    assert sheet.elected == ("Alder", "Beech", "Cedar")
    assert acts(sheet) == ["first preferences"]


@pytest.mark.parametrize("rules", ALL)
def test_where_every_paper_ends_early_the_seats_are_filled_all_the_same(rules: str) -> None:
    """Nobody but Alder has a vote: the rest are told apart by lot (or number), one by one, and one is elected."""
    sheet = count(of("9 A", size=4), rules, 2)
    assert sheet.elected[0] == "Alder"
    assert len(sheet.elected) == 2


@pytest.mark.parametrize("rules", [one for one in ALL if one not in ("meek-nz", "cambridge-stv")])
def test_a_lot_without_a_seed_stops_the_count(rules: str) -> None:
    with pytest.raises(Refusal) as stopped:
        count(of("3 A, 2 B, 2 C"), rules, 1, seed=None)
    assert stopped.value.code == "count.tie"


# worked by hand


def test_exact_fractions_are_kept() -> None:
    """10 papers, 2 seats: quota 10/3. Alder 7, surplus 11/3, each paper at 11/21: Beech 1 + 66/21 = 29/7, Cedar
    2 + 11/21 = 53/21; Beech has more than 10/3."""
    sheet = count(of("6 AB, 1 AC, 1 B, 2 C"), "wig-exact", 2)
    assert sheet.quota == Fraction(10, 3)
    assert votes(sheet, 2) == [Fraction(10, 3), Fraction(29, 7), Fraction(53, 21)]
    assert sheet.elected == ("Alder", "Beech")
    assert sheet.to_plain()["stages"][1]["tallies"]["Beech"] == "29/7"


def test_exactly_the_exact_quota_is_not_enough() -> None:
    """8 papers, 1 seat: quota 4, and both have 4. Nobody has more, so a lot excludes one."""
    sheet = count(of("4 A, 4 B"), "wig-exact", 1)
    assert sheet.stages[0].elected == ()
    assert [tie.by for tie in sheet.ties] == ["lot"]


def test_a_value_is_cut_as_often_as_each_rule_says() -> None:
    """0.5151 x 55.5436 / 103.5436: cut once 0.2763; the product cut first: 28.6105 / 103.5436 = 0.2763; the
    fraction cut first: 0.5364 x 0.5151 = 0.2762."""
    found = {
        name: rules_of(rulesets.load(name)).worth(5151, 555436, 1035436)
        for name in ("scottish-stv", "wigm-prf", "minneapolis-stv")
    }
    assert found == {"scottish-stv": 2763, "wigm-prf": 2763, "minneapolis-stv": 2762}
    # 0.0003 x 0.5 = 0.00015, cut 0.0001; / 0.6 = 0.0001(6), cut 0.0001. In one step 0.00025, cut 0.0002.
    assert rules_of(rulesets.load("wigm-prf")).worth(3, 5000, 6000) == 1
    assert rules_of(rulesets.load("scottish-stv")).worth(3, 5000, 6000) == 2


def test_minneapolis_takes_sure_losers_together_and_elects_when_a_surplus_moves() -> None:
    """109 papers, 2 seats: threshold 37. Surplus 13; Elm 1 + Dogwood 3 + 13 = 17 < 25, so both go. Then Cedar 29 + 13
    is not under Beech's 30: Alder's surplus moves at 0.2600, Beech has 30 + 13 = 43, and two have the threshold."""
    sheet = count(of("50 AB, 30 B, 25 C, 3 DC, 1 EC"), "minneapolis-stv", 2)
    assert acts(sheet) == ["first preferences", "exclude Elm, Dogwood", "surplus Alder"]
    assert [stage.elected for stage in sheet.stages] == [(), (), ("Alder", "Beech")]
    assert votes(sheet, 3) == [37, 43, 29, 0, 0]


def test_an_unelected_candidate_over_the_threshold_still_takes_papers_in_minneapolis() -> None:
    """40 papers, 2 seats: threshold 14. Surplus 6 of Alder; Dogwood 1 + 6 = 7 < 9: out, and the paper goes to Alder,
    who has 20 and is not yet elected: 21, so that 7 move, each at 7/21 = 0.3333, and 21 x 0.3333 = 6.9993."""
    sheet = count(of("20 AB, 9 B, 10 C, 1 DAB"), "minneapolis-stv", 2)
    assert acts(sheet)[:3] == ["first preferences", "exclude Dogwood", "surplus Alder"]
    assert votes(sheet, 2)[0] == 21
    assert votes(sheet, 3)[:2] == [14, Fraction("15.9993")]
    assert sheet.stages[2].rounding == 7


def test_the_wright_system_counts_again_after_each_exclusion() -> None:
    """12 papers, 2 seats: quota 5, nobody. Without Dogwood: Cedar 3 + 2 = 5, has it. Beech is lowest with 3, and
    those 3 papers end: 9 are left, quota 4, and Cedar with 5 and Alder with 4 both have it."""
    sheet = count(of("4 A, 3 B, 3 C, 2 DC"), "wright", 2)
    assert acts(sheet) == ["first preferences", "exclude Dogwood", "exclude Beech"]
    assert [stage.elected for stage in sheet.stages] == [(), (), ("Cedar", "Alder")]
    assert ("provisionally elected", "Cedar") in sheet.stages[1].figures
    assert sheet.stages[2].non_transferable == 3


def test_one_order_is_drawn_before_the_count_and_serves_every_tie() -> None:
    """The order is that of the lot of stage 0, whatever the stage of the tie."""
    sheet = count(of("5 A, 2 B, 2 C, 2 D"), "wigm-prf", 1)
    order = Draw("acorn").order(("Beech", "Cedar", "Dogwood"), 0)
    assert [tie.chosen for tie in sheet.ties] == order[: len(sheet.ties)]


def test_a_surplus_of_whole_papers_is_picked_at_equal_distances() -> None:
    """10 papers, 3 too many: n = 3 (3.33). 3rd, 6th, 9th; 4th, 7th, 10th; 5th, 8th; last 1st and 2nd."""
    assert list(picked(10, 3)) == [2, 5, 8, 3, 6, 9, 4, 7, 0, 1]
    assert list(picked(5, 1)) == [4, 0, 1, 2, 3]
    assert list(picked(5, 2)) == [2, 3, 4, 0, 1]  # 2.5 is as near to 2 as to 3: the higher


def test_cambridge_moves_every_third_paper_in_the_recorded_order() -> None:
    """15 papers, 2 seats: quota 6. Alder 9, 3 too many, n = 3: the 3rd, 6th and 9th all go to Beech, who then has 6.
    In another order of the same papers they go to Cedar."""
    plain = of("4 AB, 3 AC, 2 A, 3 B, 3 C")
    at = {paper.ranking: place for place, paper in enumerate(plain.papers)}
    a, ab, ac = at[(0,)], at[(0, 1)], at[(0, 2)]
    rest = [at[(1,)]] * 3 + [at[(2,)]] * 3
    one = Profile(plain.candidates, plain.papers, order=(ab, ac, ab, a, ac, ab, ac, a, ab, *rest))
    other = Profile(plain.candidates, plain.papers, order=(ab, ab, ac, a, ab, ac, ab, a, ac, *rest))
    assert count(one, "cambridge-stv", 2, seed=None).elected == ("Alder", "Beech")
    assert count(other, "cambridge-stv", 2, seed=None).elected == ("Alder", "Cedar")
    with pytest.raises(Refusal) as stopped:
        count(plain, "cambridge-stv", 2, seed=None)
    assert stopped.value.code == "count.order"


def test_new_zealands_numbers_are_those_reckoned_by_hand() -> None:
    """3 candidates, 1 seat, 10 papers: x = 8, y = 1, z = 10.

    x: 1368, 22045, 16339, 9221 | 2803, 25278, 24340; y: 172, 29584, 27179, 7510 | 18826, 25530, 26952;
    z: 1700, 16093, 6740, 23849 | 21371, 24633, 3036. Ten thousand times each over its modulus, cut, and added:
    926 + 6211 + 7047 = 14184; 8351 + 8423 + 8123 = 24897; 8041 + 8892 + 1001 = 17934.
    """
    assert pseudo_random_numbers(3, 1, 10) == [4184, 4897, 7934]


def test_a_tie_from_the_start_is_told_apart_by_new_zealands_numbers() -> None:
    """Beech and Cedar have 3 each and never differed. At the first iteration the numbers count backwards: 10000 -
    4897 = 5103 and 10000 - 7934 = 2066; the lower is Cedar's, who goes out, and Beech has 6."""
    sheet = count(of("4 A, 3 B, 3 CB"), "meek-nz", 1, seed=None)
    assert [(tie.by, tie.chosen) for tie in sheet.ties] == [("the pseudo-random number", "Cedar")]
    assert sheet.elected == ("Beech",)


def test_a_tie_is_told_apart_by_the_first_difference() -> None:
    """Dogwood 1 goes out (1 < 2), Cedar then has 3 as Beech has, but was behind at the first iteration: out. Beech
    then has 5 as Alder has, and was behind at the first iteration: out, and Alder is left."""
    sheet = count(of("5 A, 3 B, 2 CB, 1 DC"), "meek-nz", 1, seed=None)
    assert [(tie.by, tie.chosen) for tie in sheet.ties] == [
        ("the first difference", "Cedar"),
        ("the first difference", "Beech"),
    ]
    assert sheet.elected == ("Alder",)


def test_a_paper_is_split_as_an_official_report_says() -> None:
    """Dunedin City Council 2004, Cargill ward, iteration 9: keep values 0.691051570 and 0.940224243; a paper that
    passes through both goes on at 0.018467626."""
    figures = (("keep value of Alder", "0.691051570"), ("keep value of Beech", "0.940224243"))
    stage = Stage(9, "", (), 0, (), figures=figures)
    found = meek.split(rulesets.load("meek-nz"), stage, ("Alder", "Beech"))
    assert found[-1] == ("", 18_467_626)


def test_meek_keeps_the_quota_and_passes_on_the_rest() -> None:
    """12 papers, 2 seats, all papers complete: quota 4 (and a billionth). Alder 8 keeps 4/8 = 0.5: Beech 1 + 4 =
    5."""
    sheet = count(of("8 ABC, 1 BCA, 3 CBA"), "meek-prf", 2)
    assert sheet.elected == ("Alder", "Beech")
    assert dict(sheet.stages[0].figures)["quota"] == "4.000000001"
    assert dict(sheet.stages[1].figures)["keep value of Alder"] == "0.500000001"
    assert sheet.stages[1].tallies == (4_000_000_008, 4_999_999_992, 3_000_000_000)


def test_more_at_the_exact_quota_than_seats_are_a_tie() -> None:
    """10 papers, 1 seat: quota 5, and both have it. Neither is elected by it; a lot excludes one."""
    sheet = count(of("5 A, 5 B"), "meek-hww", 1)
    assert sheet.stages[0].elected == ()
    assert [(tie.by, tie.purpose) for tie in sheet.ties] == [("lot", "exclusion")]


@pytest.mark.parametrize("rules", ["meek-hww", "warren"])
def test_nobody_is_elected_before_the_keep_values_have_settled(rules: str) -> None:
    """24 papers, 3 seats: quota 6, and Alder has it. Dogwood is out: Beech has 6 at once, Alder 7. Settled, Alder
    keeps 6/7 of each, 0.857142857142 when cut, and Cedar has 5 + 7 x 0.142857142858 = 6.000000000006: Algorithm 123
    looks only now, and elects both, Cedar with more votes first."""
    sheet = count(of("6 AC, 5 B, 5 C, 1 DB, 1 DAC, 3 E, 3 F"), rules, 3)
    assert [stage.elected for stage in sheet.stages if stage.elected] == [("Alder",), ("Cedar", "Beech")]
    last = sheet.stages[-1]
    assert (last.act, last.tallies[1:3]) == ("exclude Dogwood", (6_000_000_000_000, 6_000_000_000_006))


def test_warrens_price_is_paid_by_every_paper_alike() -> None:
    """12 papers, 2 seats: quota 4. Alder 8 at the price 0.5: both sorts of paper pay 0.5, also the 2 that come from
    nobody and the 2 whose first is Alder; what is left of each is 0.5."""
    sheet = count(of("8 AB, 1 B, 3 C"), "warren", 2)
    keep = dict(sheet.stages[1].figures)
    assert keep["keep value of Alder"] == "0.500000000000"
    assert votes(sheet, 2) == [4, 5, 3]


# other programs


@pytest.mark.outside_data
@pytest.mark.parametrize("rules", ("meek-hww", "meek-prf", "meek-nz", "wigm-prf"))
def test_the_model_election_elects_the_same_six(rules: str, outside_data: Path) -> None:
    """Who: the list beside the file, whose source is the report of Hill's own program."""
    file = outside_data / "count" / "ers97.blt"
    sheet = count(readers.read(file.read_bytes(), file.name).profile, rules, 6)
    expected = ("Smith", "Duke", "Carpenter", "Prince", "Vicar", "Freeman")
    assert len(sheet.elected) == 6
    assert all(any(name in one for one in sheet.elected) for name in expected)


ROWS = {
    "Scottish (OpenSTV)": "scottish-stv",
    "WIGM PRF (droop)": "wigm-prf",
    "Meek NZ (OpenSTV)": "meek-nz",
    "Meek 2006 (OpenSTV)": "meek-hww",
    "Meek PRF (droop)": "meek-prf",
}


@pytest.mark.slow
@pytest.mark.outside_data
@pytest.mark.parametrize("row", ROWS)
def test_twenty_eight_wards_elect_whom_another_program_elects(row: str, outside_data: Path) -> None:
    place = outside_data / "count"
    with (place / "scot_rule_sets_winners.csv").open(newline="") as file:
        rows = [one for one in csv.DictReader(file) if one["rule_set_and_program"] == row]
    assert len(rows) == 28
    with zipfile.ZipFile(place / "scot_200_wards.zip") as wards:
        for one in rows:
            name = one["file"]
            known = name in wards.namelist()
            papers = readers.read(wards.read(name) if known else (place / name).read_bytes(), name)
            sheet = count(papers.profile, ROWS[row], papers.seats, seed=None)
            assert set(sheet.elected) == set(one["winners_set"].split("; ")), name


@pytest.mark.parametrize("rules", ["meek-hww", "warren"])
@pytest.mark.parametrize("seed", ["acorn", "seed 1", "seed 2", "seed 7512"])
def test_of_two_equal_at_the_quota_for_the_last_seat_the_one_who_is_drawn_is_elected(
    rules: str, seed: str
) -> None:
    """Two seats, 12 papers, quota 4: Birch has 4 of the first preferences, Ash and Cedar have 4 each too."""
    profile = Profile.gather(("Ash", "Birch", "Cedar"), {(0,): 4, (1,): 4, (2,): 4})
    sheet = count(profile, rules, 2, seed)
    assert len(sheet.elected) == 2
    assert all(tie.chosen in sheet.elected for tie in sheet.ties if tie.purpose == "order")
    assert not any(tie.chosen in sheet.elected for tie in sheet.ties if tie.purpose == "exclusion")
    before = Profile.gather(
        ("Alder", "Ash", "Beech", "Birch", "Cedar"),
        {(0, 1, 2, 4, 3): 2, (0, 3, 4, 1, 2): 1, (1, 0, 2, 3, 4): 2, (1, 0, 3, 2, 4): 1, (3, 0, 1, 4, 2): 1,
         (3, 1, 0, 2, 4): 1, (3, 1, 4, 2, 0): 1, (3, 2, 4, 0, 1): 1, (3, 4, 2, 0, 1): 1, (4, 0, 3, 2, 1): 3,
         (4, 2, 3, 0, 1): 1, (4, 3, 2, 1, 0): 1},
    )  # fmt: skip
    sheet = count(before, rules, 2, seed)
    assert all(tie.chosen in sheet.elected for tie in sheet.ties if tie.purpose == "order")
