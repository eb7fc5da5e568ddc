"""The count against other people's figures: official stage reports, and two independent programs' winners."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pytest
from tests.count.papers import NO_FILE, SCOTTISH

from selectorate.count import readers, stv

REPORTS = ("glasgow_2007_linn", "dundee_2022_ward1", "dundee_2022_ward3", "dundee_2022_ward7")


@pytest.mark.outside_data
@pytest.mark.parametrize("report", REPORTS)
def test_every_stage_equals_the_official_report(report: str, outside_data: Path) -> None:
    file = outside_data / "count" / f"{report}.csv"
    official = json.loads((outside_data / "count" / f"{report}_stages.json").read_text())
    papers = readers.read(file.read_bytes(), file.name)
    sheet = stv.count(papers.profile, SCOTTISH, papers.seats, tie_seed=None, papers_digest=NO_FILE)
    found = sheet.to_count_json()
    assert (found["seats"], found["valid"], found["quota"]) == (
        official["seats"],
        official["valid"],
        official["quota"],
    )
    assert found["elected"] == official["winners_in_order"]
    assert len(found["stages"]) == len(official["stages"])
    for stage, expected in zip(sheet.to_plain()["stages"], official["stages"], strict=True):
        assert stage["number"] == expected["stage"]
        assert stage["act"] == expected["action"]
        assert stage["tallies"] == expected["votes"]
        assert stage["non_transferable"] == expected["non_transferable"]
        assert stage["elected"] == expected["elected"]


@pytest.mark.slow
@pytest.mark.outside_data
def test_two_hundred_wards_elect_whom_two_other_programs_elect(outside_data: Path) -> None:
    """Winners in order, quota and number of stages; the expected file names who says so."""
    with (outside_data / "count" / "scot_200_wards_winners.csv").open(newline="") as file:
        expected = {row["file"]: row for row in csv.DictReader(file)}
    seen = 0
    with zipfile.ZipFile(outside_data / "count" / "scot_200_wards.zip") as wards:
        for name in wards.namelist():
            if name not in expected:
                continue
            papers = readers.read(wards.read(name), name)
            sheet = stv.count(papers.profile, SCOTTISH, papers.seats, tie_seed=None, papers_digest=NO_FILE)
            row = expected[name]
            places = [papers.profile.candidates.index(one) + 1 for one in sheet.elected]
            winners = [int(one.split(":", 1)[0]) for one in row["winners_in_order"].split(" > ")]
            found = (sheet.valid, sheet.quota, len(sheet.stages), papers.seats, places)
            right = (*(int(row[key]) for key in ("valid", "quota", "stages", "seats")), winners)
            assert found == right, name
            assert sheet.ties == ()
            seen += 1
    assert seen == 200
