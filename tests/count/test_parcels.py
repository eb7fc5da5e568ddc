"""What every count by parcels must have, whatever the papers and the rule set."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.count.papers import TREES, of

from selectorate.count import methods, rulesets
from selectorate.count.objects import Profile, Sheet, Stage
from selectorate.count.sheets.check import check_sheet
from selectorate.count.ties import Draw

NAMES = tuple(name for name in rulesets.names() if rulesets.load(name).family == "parcels")
SEED = "acorn"


def count(name: str, profile: Profile, seats: int) -> Sheet:
    return methods.count(profile, rulesets.load(name), seats, draw=Draw(SEED))


@st.composite
def elections(draw: st.DrawFn) -> tuple[Profile, int]:
    """Up to six candidates, few papers so that ties are frequent, or many so that surpluses are."""
    size = draw(st.integers(1, 6))
    rankings = st.lists(st.integers(0, size - 1), min_size=1, max_size=size, unique=True).map(tuple)
    numbers = st.integers(1, draw(st.sampled_from((3, 60))))
    counts = draw(st.dictionaries(rankings, numbers, min_size=1, max_size=12))
    return Profile.gather(TREES[:size], counts), draw(st.integers(1, 5))


def rows(sheet: Sheet) -> list[tuple[object, ...]]:
    """Every figure of the sheet, without the order of the candidates."""
    found = []
    for row in sheet.stages:
        tallies = dict(zip(sheet.candidates, row.tallies, strict=True))
        ways = sorted(map(repr, row.transfers))
        found.append(
            (row.number, row.part, row.act, tallies, row.non_transferable, row.rounding, row.set_aside,
             row.elected, row.excluded, row.figures, ways, row.says)
        )  # fmt: skip
    return [*found, sheet.elected, sheet.ties, sheet.quota, sheet.remarks]


def test_all_eight_rule_sets_are_in_the_folder() -> None:
    assert NAMES == (
        "act", "australian-senate", "ers76", "ers97", "ireland", "northern-ireland", "prsa-1977",
        "queensland-labor-m12",
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(election=elections())
def test_every_row_adds_up_to_the_valid_papers_and_every_seat_is_filled(
    election: tuple[Profile, int],
) -> None:
    profile, seats = election
    for name in NAMES:
        sheet = count(name, profile, seats)
        assert [check.verdict for check in check_sheet(sheet, SEED)].count("failed") == 0
        whole = profile.valid * 10**sheet.places
        for row in sheet.stages:
            outside = (row.non_transferable, row.rounding, row.set_aside)
            assert sum(row.tallies) + sum(outside) == whole
            assert min(*row.tallies, *outside) >= 0
            assert row.clause and row.says.endswith(".")
        assert len(set(sheet.elected)) == len(sheet.elected) == min(seats, len(profile.candidates))
        assert sheet.vacant == seats - len(sheet.elected)


@settings(max_examples=40, deadline=None)
@given(election=elections())
def test_transfers_are_what_the_tallies_show(election: tuple[Profile, int]) -> None:
    """What an heir gained at a row is what the transfers to it say, and nobody else gained anything."""
    profile, seats = election
    for name in NAMES:
        sheet = count(name, profile, seats)
        before: tuple[int, ...] = (0,) * len(profile.candidates)
        for row in sheet.stages:
            gained = dict.fromkeys(sheet.candidates, 0)
            for way in row.transfers:
                if way.heir:
                    gained[way.heir] += int(way.votes)
                    assert way.votes == int(way.value * way.papers // 1)
            for place, candidate in enumerate(sheet.candidates):
                difference = int(row.tallies[place]) - before[place]
                assert difference == gained[candidate] or (difference <= 0 and not gained[candidate])
            before = tuple(int(vote) for vote in row.tallies)


@settings(max_examples=40, deadline=None)
@given(election=elections(), chance=st.randoms(use_true_random=False))
def test_the_order_of_candidates_and_papers_changes_nothing(
    election: tuple[Profile, int], chance: object
) -> None:
    """Lots go by name. Where papers lie in recorded order, that order goes with them."""
    profile, seats = election
    recorded = [at for at, paper in enumerate(profile.papers) for _ in range(paper.number)]
    chance.shuffle(recorded)  # type: ignore[attr-defined]
    profile = replace(profile, order=tuple(recorded))
    shuffled = list(range(len(profile.candidates)))
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    place = {old: new for new, old in enumerate(shuffled)}
    moved = [tuple(place[one] for one in paper.ranking) for paper in profile.papers]
    counts = {ranking: paper.number for ranking, paper in zip(moved, profile.papers, strict=True)}
    other = Profile.gather(tuple(profile.candidates[old] for old in shuffled), counts)
    at = {paper.ranking: index for index, paper in enumerate(other.papers)}
    other = replace(other, order=tuple(at[moved[old]] for old in recorded))
    for name in NAMES:
        assert rows(count(name, profile, seats)) == rows(count(name, other, seats))


@pytest.mark.parametrize("name", NAMES)
def test_as_many_candidates_as_seats_are_elected_at_once(name: str) -> None:
    sheet = count(name, of("5 AB, 3 B", 3), 3)
    assert sheet.elected == ("Alder", "Beech", "Cedar")
    assert sheet.vacant == 0
    more = count(name, of("5 AB, 3 B", 3), 4)
    assert set(more.elected) == {"Alder", "Beech", "Cedar"}
    assert more.vacant == 1


@pytest.mark.parametrize("name", NAMES)
def test_papers_that_name_one_candidate_each_end_with_that_candidate(name: str) -> None:
    """2 seats; nothing transfers. Alder has the quota, Beech is the last who stands."""
    sheet = count(name, of("9 A, 4 B, 3 C, 2 D"), 2)
    assert sheet.elected == ("Alder", "Beech")
    assert all(way.heir is None or way.giver is None for row in sheet.stages for way in row.transfers)


@pytest.mark.parametrize("name", NAMES)
def test_candidates_without_a_vote_go_out_by_lot_and_the_seat_is_filled(name: str) -> None:
    """2 seats, 4 candidates, all papers for Alder alone: three without a vote, of whom one gets the seat."""
    sheet = count(name, of("5 A", 4), 2)
    assert sheet.elected[0] == "Alder"
    assert len(sheet.elected) == 2
    assert any(tie.by == "lot" for tie in sheet.ties)


@pytest.mark.parametrize("name", NAMES)
def test_batches_of_a_stage_are_numbered_from_one_on(name: str) -> None:
    sheet = count(name, of("20 ADB, 9 B, 9 C, 4 DEC, 3 EDB, 2 FDC"), 2)
    before: Stage | None = None
    for row in sheet.stages:
        if before is None:
            assert (row.number, row.part) == (1, 0)
        elif row.part > 1:
            assert (before.number, before.part + 1) == (row.number, row.part)
        else:
            assert row.number == before.number + 1
        before = row


def test_the_sentences_of_a_sheet_can_be_followed() -> None:
    """Every sentence begins with a capital or a figure, and names no position, list or None."""
    for name in NAMES:
        for row in count(name, of("20 ADB, 9 B, 9 C, 4 DEC, 3 EDB, 2 FDC"), 2).stages:
            assert re.match(r"[A-Z0-9]", row.says), row.says
            assert not re.search(r"None|\[|\(\)|  ", row.says), row.says
