"""Counts by parcels against other people's figures: the model election of ERS97, and 28 Scottish wards."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pytest

from selectorate.count import methods, readers, rulesets
from selectorate.count.objects import Sheet
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


def otherwise(name: str, question: str, answer: str) -> Ruleset:
    """The rule set with one question answered in another way."""
    text = (Path(rulesets.__file__).parent / f"{name}.toml").read_text()
    head, mark, rest = text.partition(f"[{question}]\nanswer = ")
    return rulesets.parse(name, f'{head}{mark}"{answer}"\n{rest.partition(chr(10))[2]}')


def differing(name: str, ward: str, question: str, folder: Path) -> tuple[Sheet, str, str]:
    """(the sheet by the rule set, the last word of the name of who is elected by it alone, and of who is elected
    where the question is answered with "never")."""
    with zipfile.ZipFile(folder / "count" / "scot_200_wards.zip") as archive:
        content = archive.read(f"{ward}.csv")
    papers = readers.read(content, ward)
    sheet = methods.count(papers.profile, rulesets.load(name), papers.seats)
    without = winners(content, ward, otherwise(name, question, "never"))
    (one,) = set(sheet.elected) - without
    (other,) = without - set(sheet.elected)
    return sheet, one.split()[-1], other.split()[-1]


def said_of(ward: str, folder: Path) -> str:
    """What the README of the data says of a ward."""
    return (folder / "README.md").read_text().partition(f"`{ward}`")[2].partition(";")[0]


@pytest.mark.outside_data
def test_in_one_ward_the_falling_quota_decides_who_is_elected(outside_data: Path) -> None:
    """The README of the data names both candidates; the tallies at the end, in hundredths, are OpenSTV 1.7's."""
    ward = "aberdeenshire_2022_ward4"
    sheet, one, other = differing("ers97", ward, "quota_again", outside_data)
    assert sorted(vote for vote in sheet.stages[-1].tallies if vote) == [85440, 86925, 88600, 88600, 88950]
    assert one in said_of(ward, outside_data)
    assert other in said_of(ward, outside_data)


@pytest.mark.outside_data
def test_in_one_ward_the_waiting_of_surpluses_decides_who_is_elected(outside_data: Path) -> None:
    ward = "edinburgh_2012_ward16"
    _, one, other = differing("northern-ireland", ward, "deferral", outside_data)
    assert f"{one} with the deferral" in said_of(ward, outside_data)
    assert f"{other} without" in said_of(ward, outside_data)
