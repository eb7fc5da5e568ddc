"""The Python door of the count, and the fast path behind it: same papers, same refusals, same sheet."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from selectorate import _kernel
from selectorate.count import count, fast, read_ballots, readers, ruleset
from selectorate.count.ballots import Ballots
from selectorate.count.cleaning import clean
from selectorate.count.fast import PackedBallots
from selectorate.count.objects import Profile
from selectorate.errors import Refusal

ROWS = ("Oak,Ash,Elm", "Oak,,Elm", "Ash", "Elm,Elm,Ash", "Oak,overvote,Ash", "", "Ash,Oak")
TABLE = ("rank 1,rank 2,rank 3\n" + "\n".join(ROWS * 3) + "\n").encode()
BLT = b'4 2\n-3\n5 1 2 0\n2 3 4 0\n1 - 4 0\n2 1=2 3 0\n3 0\n0\n"Alder"\n"Ash"\n"Beech"\n"Elm"\n"A board"\n'
SCOT = b'2,1,\n7,1,2,\n4,2,\n"Candidate 1","Alder",\n"Candidate 2","Ash",\n"A ward",\n'


@pytest.mark.parametrize("data", [TABLE, BLT, SCOT])
def test_the_fast_path_reads_what_the_readers_read(data: bytes) -> None:
    packed = fast.read(data)
    assert packed is not None
    slow = readers.read_ballots(data, "papers")
    ours = packed.unpacked()
    assert Counter(dict(ours.papers)) == Counter(dict(slow.papers))
    for field in ("candidates", "withdrawn", "seats", "title", "digest", "format", "kind"):
        assert getattr(ours, field) == getattr(slow, field), field


@pytest.mark.parametrize("data", [TABLE, BLT, SCOT])
def test_both_paths_clean_alike(data: bytes) -> None:
    packed, rules = fast.read(data), ruleset("scottish-stv")
    assert packed is not None
    prepared = fast.prepare(packed, rules)
    assert prepared is not None
    papers, cleaned = prepared
    right = clean(readers.read_ballots(data, "papers"), rules)
    assert isinstance(right.papers, Profile)
    assert dict(papers.uniques()) == right.papers.counts()
    assert (papers.blank, cleaned.papers.invalid) == (right.papers.blank, right.papers.invalid)
    assert cleaned.report == right.report


def test_a_path_is_read_and_counted_in_one_line_each(tmp_path: Path) -> None:
    file = tmp_path / "papers.csv"
    file.write_bytes(SCOT)
    ballots = read_ballots(file)
    assert ballots.candidates == ("Alder", "Ash")
    # seven papers of eleven are the quota of six and one more
    assert count(ballots, ruleset("scottish-stv")).elected == ("Alder",)
    assert count(read_ballots(str(file)), ruleset("scottish-stv"), seats=2, path="fast").elected == (
        "Alder",
        "Ash",
    )


def test_both_paths_give_the_same_sheet_of_a_file() -> None:
    for data in (TABLE, SCOT):
        sheets = [
            count(read_ballots(data), ruleset("ers97"), 1, seed="x", path=path)
            for path in ("fast", "readable")
        ]
        assert sheets[0].elected == sheets[1].elected
        assert [one.tallies for one in sheets[0].stages] == [one.tallies for one in sheets[1].stages]
        assert (sheets[0].cleaning, sheets[0].papers) == (sheets[1].cleaning, sheets[1].papers)


def test_a_path_that_is_not_there_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be read"):
        read_ballots(tmp_path / "nothing.csv")


def test_a_faulty_file_is_refused_by_line_whichever_path_meets_it_first() -> None:
    with pytest.raises(Refusal, match="line 3"):
        read_ballots(b"2,1,\n7,1,2,\n-4,2,\n")


def test_what_the_fast_path_cannot_read_comes_from_the_readers() -> None:
    assert fast.read(b'{"a": 1}') is None
    assert isinstance(read_ballots(b"Alder,Ash\n1,2\n2,1\n"), Ballots)
    assert isinstance(read_ballots(SCOT), PackedBallots)


def test_insisting_on_the_fast_path_where_it_does_not_count_is_refused() -> None:
    with pytest.raises(Refusal, match="fast path"):
        count(read_ballots(SCOT), ruleset("schulze"), 1, path="fast")


def test_a_tie_without_a_seed_is_reported_by_both_paths_alike() -> None:
    tied = b'2,1,\n3,1,\n3,2,\n"Candidate 1","Alder",\n"Candidate 2","Ash",\n"A ward",\n'
    said = []
    for path in ("fast", "readable"):
        with pytest.raises(Refusal) as found:
            count(read_ballots(tied), ruleset("scottish-stv"), path=path)
        said.append(str(found.value))
    assert said[0] == said[1]
    assert "Alder, Ash" in said[0]


def test_rankings_that_are_none_do_not_enter_the_kernel() -> None:
    for wrong in ([((0, 0), 1)], [((2,), 1)], [((), 1)], [((0,), 0)], [((0,), 1 << 40)]):
        with pytest.raises(ValueError):
            _kernel.Papers.gather(["Alder", "Ash"], wrong)


@pytest.mark.outside_data
@pytest.mark.parametrize(
    "report", ["glasgow_2007_linn", "dundee_2022_ward1", "dundee_2022_ward3", "dundee_2022_ward7"]
)
def test_the_fast_path_equals_the_official_report_stage_by_stage(report: str, outside_data: Path) -> None:
    official = json.loads((outside_data / "count" / f"{report}_stages.json").read_text())
    sheet = count(
        read_ballots(outside_data / "count" / f"{report}.csv"), ruleset("scottish-stv"), path="fast"
    )
    assert (sheet.seats, sheet.quota) == (official["seats"], official["quota"])
    assert list(sheet.elected) == official["winners_in_order"]
    for stage, expected in zip(sheet.to_plain()["stages"], official["stages"], strict=True):
        assert stage["act"] == expected["action"]
        assert stage["tallies"] == expected["votes"]
        assert stage["non_transferable"] == expected["non_transferable"]
