"""Counts by parcels against other people's figures: the model election of ERS97, and 28 Scottish wards."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pytest

from selectorate.count import methods, readers, rulesets
from selectorate.count.rulesets import Ruleset

COLUMNS = {"ers97": "ERS97 (OpenSTV)", "northern-ireland": "Northern Ireland (OpenSTV)"}


def hundredths(votes: object) -> int:
    """Votes as they stand in the expected file, with at most two decimals, in hundredths."""
    front, _, back = str(votes).partition(".")
    return int(front) * 100 + int(back.ljust(2, "0"))


@pytest.mark.outside_data
def test_every_batch_of_the_model_election_equals_the_rule_books(outside_data: Path) -> None:
    folder = outside_data / "count"
    papers = readers.read((folder / "ers97.blt").read_bytes(), "ers97.blt")
    expected = json.loads((folder / "ers97_expected.json").read_text())["ers97_stages"]
    sheet = methods.count(papers.profile, rulesets.load("ers97"), papers.seats)
    assert len(sheet.stages) == len(expected)
    for row, official in zip(sheet.stages, expected, strict=True):
        found = dict(zip(sheet.candidates, row.tallies, strict=True))
        assert found == {name: hundredths(votes) for name, votes in official["votes"].items()}, official
        assert row.non_transferable == hundredths(official["non_transferable"])
        assert hundredths(dict(row.figures)["vote required"]) == hundredths(official["vote_required"])
        assert dict(row.figures)["quota"] == "107.58"
        assert list(row.elected) == official["elected"]
    parts = [(row.number, row.part) for row in sheet.stages]
    assert parts == [(1, 0), (2, 0), (3, 1), (3, 2), (4, 1), (4, 2), (5, 0), (6, 1)]


def wards(folder: Path, column: str) -> dict[str, tuple[bytes, set[str]]]:
    """File -> (its bytes, the winners that the other program found)."""
    with (folder / "scot_rule_sets_winners.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["rule_set_and_program"] == column]
    found = {}
    with zipfile.ZipFile(folder / "scot_200_wards.zip") as archive:
        inside = set(archive.namelist())
        for row in rows:
            name = row["file"]
            content = archive.read(name) if name in inside else (folder / name).read_bytes()
            found[name] = (content, set(row["winners_set"].split("; ")))
    return found


def winners(content: bytes, name: str, ruleset: Ruleset) -> set[str]:
    papers = readers.read(content, name)
    return set(methods.count(papers.profile, ruleset, papers.seats).elected)


@pytest.mark.outside_data
@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_twenty_eight_wards_elect_whom_another_program_elects(name: str, outside_data: Path) -> None:
    found = wards(outside_data / "count", COLUMNS[name])
    assert len(found) == 28
    for ward, (content, right) in found.items():
        assert winners(content, ward, rulesets.load(name)) == right, ward
