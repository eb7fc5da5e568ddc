"""Counting by rounds against other people's figures: US reports of every round, margins, winners, a party's count."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.count.papers import of
from tests.count.rounds_cases import WRITE_INS, Report, contest, margin_irv, raire

from selectorate.count import cleaning, methods
from selectorate.count.objects import Profile, Sheet
from selectorate.count.rulesets import load
from selectorate.count.ties import Draw

CONTESTS = (
    # The report's ties follow the order of the candidates: the later one goes out. Lots are given so.
    ("irv-minneapolis", "2013_minneapolis_mayor", Draw(), 0),
    ("irv-portland", "2015_portland_mayor", Draw(script=(1, 1)), 2),
)


@pytest.mark.outside_data
@pytest.mark.parametrize(("rules", "name", "draw", "lots"), CONTESTS)
def test_every_round_equals_the_report(
    rules: str, name: str, draw: Draw, lots: int, outside_data: Path
) -> None:
    ballots, report = contest(outside_data / "count", name), Report(outside_data / "count", name)
    cleaned = cleaning.clean(ballots, load(rules))
    sheet = methods.count(cleaning.sheaves(cleaned), load(rules), draw=draw)
    never = {what: number for ranking, what, number in cleaned.ends if not ranking}
    assert sheet.blank == int(report.rows["Number of Undervotes (No Rankings)"][0])
    assert sheet.valid + sheet.invalid + sheet.blank == int(report.rows["Total Number of Ballots"][0])
    assert len(sheet.stages) == report.rounds
    for at, candidate in enumerate(sheet.candidates):
        row = candidate.replace(WRITE_INS, "Undeclared Write-ins")
        assert [stage.tallies[at] for stage in sheet.stages] == report.whole(row), candidate
    figures = [dict(stage.figures) for stage in sheet.stages]
    assert [int(one["papers that count"]) for one in figures] == report.whole("Active Ballots")
    assert [int(one["votes needed"]) for one in figures] == report.whole("Current Round Threshold")
    assert [set(stage.excluded) for stage in sheet.stages[1:]] + [set()] == report.named("Eliminated")
    assert [set(stage.elected) for stage in sheet.stages] == report.named("Elected")
    ended = next(table for table in sheet.tables if table.title.startswith("Papers that count no longer"))
    for what, row in (
        ("overvote", "Overvotes"),
        ("skipped ranks", "Skipped Rankings"),
        ("no further preference", "Exhausted Choices"),
    ):
        found = [0] * report.rounds
        if what in ended.columns:
            found = [int(line[ended.columns.index(what)]) for line in ended.rows]
        assert [one + never.get(what, 0) for one in found] == report.lost(f"Inactive Ballots by {row}")
    assert sum(never.values()) == sheet.invalid
    assert sum(tie.by == "lot" for tie in sheet.ties) == lots


def contests(outside_data: Path, archive: str) -> Iterator[tuple[dict[str, str], bytes]]:
    """Each row of an archive's expected.csv, and its file."""
    with zipfile.ZipFile(outside_data / "count" / archive) as held:
        for row in csv.DictReader(io.StringIO(held.read("expected.csv").decode())):
            first = next(iter(row.values()))
            yield row, held.read(first if "." in first else f"{first}.txt")


def conserved(sheet: Sheet) -> bool:
    return all(sum(stage.tallies) + stage.non_transferable == sheet.valid for stage in sheet.stages)


@pytest.mark.outside_data
@pytest.mark.parametrize(
    ("archive", "how_many"), [("us_irv_margins.zip", 7), ("nsw2015_irv_margins.zip", 25)]
)
def test_the_last_two_are_as_far_apart_as_another_program_found(
    archive: str, how_many: int, outside_data: Path
) -> None:
    """The last-round margin is half the gap of the last two, rounded up; who stops at a majority elects the same."""
    seen = 0
    for row, data in contests(outside_data, archive):
        profile = margin_irv(data.decode())
        sheet = methods.count(profile, load("irv-until-two"), draw=Draw("acorn"))
        two = sorted(votes for votes in sheet.stages[-1].tallies if votes)[-2:]
        assert (two[1] - two[0] + 1) // 2 == int(row["last_round_margin"]), row
        assert methods.count(profile, load("irv"), draw=Draw("acorn")).elected == sheet.elected
        assert conserved(sheet)
        seen += 1
    assert seen == how_many


@pytest.mark.outside_data
def test_twelve_mayors_are_the_ones_another_program_elects(outside_data: Path) -> None:
    seen = 0
    for row, data in contests(outside_data, "nsw2021_mayors_raire.zip"):
        assert json.loads(data)
        for rules in ("irv", "irv-until-two"):
            sheet = methods.count(raire(data), load(rules), draw=Draw("acorn"))
            assert sheet.elected == (row["winner"],)
            assert conserved(sheet)
        seen += 1
    assert seen == 12


def test_a_party_officer_is_elected_as_the_returning_officer_reported() -> None:
    """Green Party of England and Wales, 31 August 2012, International Co-ordinator: 2,557 valid papers; 1182, 872,
    477, RON 26; then 1375, 1068, RON 70 and 44 that did not transfer. Where the 477 went follows from the two
    rounds. RON did not go out with 26: their rules forbid it."""
    made = of("1182 A, 872 B, 193 CA, 196 CB, 44 CD, 44 C, 26 D")
    profile = Profile(("Ash", "Beech", "Cedar", "RON"), made.papers)
    sheet = methods.count(profile, load("irv-ron-stays"))
    assert sheet.valid == 2557
    assert [stage.tallies for stage in sheet.stages] == [(1182, 872, 477, 26), (1375, 1068, 0, 70)]
    assert sheet.stages[1].non_transferable == 44
    assert (sheet.elected, sheet.vacant) == (("Ash",), 0)
