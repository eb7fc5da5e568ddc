"""Several counts put together, on a published example and on cases worked by hand; the working stands in each."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.count.papers import TREES, of

from selectorate.count import methods, seats
from selectorate.count.objects import Profile, Sheet
from selectorate.count.rulesets import load
from selectorate.count.seats import Count
from selectorate.count.ties import Draw
from selectorate.errors import Refusal


def by(rules: str, seed: str | None = "acorn") -> Count:
    return lambda profile, places: methods.count(profile, load(rules), places, draw=Draw(seed))


def most_first_preferences(profile: Profile, places: int) -> Sheet:
    """The simplest rule, so that the working below needs no transfers: one scottish sheet, its winners replaced."""
    sheet = methods.count(profile, load("scottish-stv"), 1, draw=Draw("acorn"))
    tallies = sheet.stages[0].tallies
    order = sorted(range(len(tallies)), key=lambda one: -tallies[one])
    elected = tuple(profile.candidates[one] for one in order[:places])
    return replace(sheet, seats=places, elected=elected, stages=sheet.stages[:1])


def test_a_list_is_ordered_as_in_the_published_example() -> None:
    """C. H. E. Warren, An example of ordering elected candidates, Voting matters 10 (1999): 600 papers, 4 places of
    7. A, B, C, D are on the list; A drops out of three, B of two; D beats C 400 to 200. The order is D, C, B, A, the
    opposite of the order of election."""
    names = ("A", "B", "C", "D", "E", "F", "G")
    votes = {"AC": 50, "AD": 70, "BED": 115, "CD": 100, "D": 115, "ED": 65, "FCD": 50, "GBED": 35}
    profile = Profile.gather(
        names, {tuple(names.index(one) for one in text): number for text, number in votes.items()}
    )
    found = seats.ordered_list(profile, 4, by("scottish-stv"))
    assert found.elected == ("D", "C", "B", "A")
    assert set(found.counts[0][1].elected) == {"A", "B", "C", "D"}
    last = found.counts[-1][1]
    assert dict(zip(last.candidates, last.stages[0].tallies, strict=True)) == {"C": 20000000, "D": 40000000}


def test_a_list_of_one_is_one_count() -> None:
    found = seats.ordered_list(of("3 A, 1 B"), 1, by("scottish-stv"))
    assert (found.elected, len(found.counts)) == (("Alder",), 1)


def test_papers_without_those_who_do_not_stand_keep_their_order_and_may_be_blank() -> None:
    left = seats.standing(of("3 ABC, 2 BA, 1 B", blank=4), ["Alder", "Cedar"])
    assert left.candidates == ("Alder", "Cedar")
    assert left.counts() == {(0, 1): 3, (0,): 2}
    assert left.blank == 5


SIX = of("60 A, 50 B, 40 C, 30 D, 20 E, 10 F")


def test_a_group_that_is_short_is_filled_from_larger_and_smaller_committees() -> None:
    """By first preferences A B C are elected to 3; the group is D, E. 4 seats bring D, so D is in; 2 seats leave
    out C: A, B and D. For two of the group, 5 seats bring D and E, 1 seat leaves A."""
    found = seats.further_counts(SIX, 3, most_first_preferences, {"Dogwood", "Elm"}, 1)
    assert found.elected == ("Alder", "Beech", "Dogwood")
    assert [what for what, _ in found.counts] == [
        "3 seats",
        "a larger committee: 4 seats",
        "a smaller committee: 2 seats",
    ]
    found = seats.further_counts(SIX, 3, most_first_preferences, {"Dogwood", "Elm"}, 2)
    assert found.elected == ("Alder", "Dogwood", "Elm")


def test_a_group_that_is_not_short_needs_no_further_count() -> None:
    found = seats.further_counts(SIX, 3, most_first_preferences, {"Cedar", "Fir"}, 1)
    assert (found.elected, len(found.counts)) == (("Alder", "Beech", "Cedar"), 1)


def test_a_group_of_which_too_few_stand_gets_as_many_as_stand() -> None:
    found = seats.further_counts(SIX, 2, most_first_preferences, {"Fir"}, 2)
    assert found.elected == ("Alder", "Fir")


def test_the_whole_committee_can_be_the_group() -> None:
    found = seats.further_counts(SIX, 2, most_first_preferences, {"Elm", "Fir"}, 2)
    assert found.elected == ("Elm", "Fir")


def test_further_counts_by_transfers_take_who_is_in_the_larger_committee() -> None:
    """100 papers: 45 AB, 30 B, 15 CD, 10 D; 2 seats, the group C, D. Quota 34: A elected, 11 to B: A, B. For 3
    seats the quota is 26: A and B elected; A's 19 pass to B (elected: they end); C 15, D 10: D goes out, ends:
    C is elected. So C is in; for 1 seat the quota is 51: D goes out, then C; A 45, B 30: B goes out: A."""
    found = seats.further_counts(
        of("45 AB, 30 B, 15 CD, 10 D"), 2, by("scottish-stv"), {"Cedar", "Dogwood"}, 1
    )
    assert found.elected == ("Alder", "Cedar")


def test_reserved_seats_are_filled_first_and_their_winners_stand_no_more() -> None:
    """3 seats, 1 reserved for D, E, F: D has 30 of 60 among them, E 20, F 10: quota 31; F goes out, then E: D. The
    other two: A, B (quota 181 // 3 of the 180 papers that name somebody else)."""
    found = seats.reserved_first(SIX, 3, by("scottish-stv"), {"Dogwood", "Elm", "Fir"}, 1)
    assert found.elected == ("Dogwood", "Alder", "Beech")
    assert found.counts[1][1].valid == 180
    assert "Dogwood" not in found.counts[1][1].candidates


def test_a_reserved_seat_can_have_an_electorate_of_its_own() -> None:
    own = Profile(TREES, of("1 D, 5 EF", size=6).papers)
    found = seats.reserved_first(SIX, 2, by("scottish-stv"), {"Dogwood", "Elm"}, 1, own)
    assert found.elected == ("Elm", "Alder")


def test_a_reserved_seat_for_which_nobody_stands_stays_vacant() -> None:
    found = seats.reserved_first(SIX, 3, by("scottish-stv"), {"Holly"}, 1)
    assert (found.elected, found.vacant) == (("Alder", "Beech"), 1)


def test_the_best_placed_of_the_group_takes_the_reserved_seat() -> None:
    """2 open seats: quota 71. Nobody has it; F, E, D go out in turn, all their papers end; three are left for two
    seats: C goes out; A and B. Best placed of the losers: C, D, E, F. Of D and E the better is D."""
    found = seats.reserved_to_best_placed(SIX, 3, by("scottish-stv"), {"Dogwood", "Elm"}, 1)
    assert found.elected == ("Alder", "Beech", "Dogwood")
    with pytest.raises(Refusal) as refused:
        seats.reserved_to_best_placed(
            of("5 A, 4 B, 1 C, 1 D"), 3, most_first_preferences, {"Cedar", "Dogwood"}, 1
        )
    assert refused.value.code == "count.tie"


def test_those_who_went_out_last_are_placed_best() -> None:
    """Dogwood has more first preferences than Cedar, but goes out before Cedar, who gains from Elm. Beech never
    went out."""
    sheet = by("irv")(of("9 A, 8 B, 3 C, 4 D, 2 EC"), 1)
    assert [stage.excluded for stage in sheet.stages] == [(), ("Elm",), ("Dogwood",), ("Cedar",)]
    assert seats.best_placed(sheet, Draw()) == ["Beech", "Cedar", "Dogwood", "Elm"]


def test_re_open_nominations_leaves_its_seat_vacant_or_all_after_it() -> None:
    """Alder, then RON, then Cedar are elected to 3 seats."""
    made = of("50 A, 40 B, 30 C, 1 D")
    profile = Profile(("Alder", "RON", "Cedar", "Dogwood"), made.papers)
    sheet = by("scottish-stv")(profile, 3)
    assert sheet.elected == ("Alder", "RON", "Cedar")
    found = seats.reopened(sheet, "its own seat")
    assert (found.elected, found.vacant) == (("Alder", "Cedar"), 1)
    found = seats.reopened(sheet, "its own seat and every seat after it")
    assert (found.elected, found.vacant) == (("Alder",), 2)
    plain = by("scottish-stv")(made, 3)
    assert seats.reopened(plain, "its own seat").elected == plain.elected


def test_re_open_nominations_is_elected_once_however_many_votes_it_has() -> None:
    """The manual's example, worked there: quota 120 // 4 + 1 = 31. RON's surplus of 29 has no next preference;
    Cedar (10) goes out; Alder and Beech are left for two seats. The NUS ruling would leave two vacant."""
    made = of("30 A, 60 B, 20 C, 10 D")
    sheet = by("scottish-stv")(Profile(("Alder", "RON", "Beech", "Cedar"), made.papers), 3)
    assert (sheet.quota, sheet.elected) == (31, ("RON", "Alder", "Beech"))
    assert sheet.stages[1].non_transferable == 29 * 10**5
    found = seats.reopened(sheet, "its own seat")
    assert (found.elected, found.vacant) == (("Alder", "Beech"), 1)
