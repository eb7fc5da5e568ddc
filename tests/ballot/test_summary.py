"""The ballot summary is the one that the newer foreign tools wrote of their own elections."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.ballot import forge

from selectorate.ballot import archive
from selectorate.ballot.summary import Summary, summary_of
from selectorate.errors import Refusal

ROOT = Path(__file__).resolve().parents[2] / "vectors" / "ballot" / "elections"
NEWER = sorted(path.parent for path in ROOT.glob("v1b*/ballot_summary.json"))


def summary(content: bytes, uuid: str) -> Summary:
    return summary_of(archive.read(content, uuid)[0])


@pytest.mark.parametrize("folder", NEWER, ids=lambda folder: folder.name)
def test_it_is_byte_for_byte_the_foreign_one(folder: Path) -> None:
    place = forge.archive_file(folder)
    found = summary(place.read_bytes(), place.stem)
    assert found.to_json() == (folder / "ballot_summary.json").read_bytes().rstrip(b"\n")
    votes = json.loads((folder / "votes.json").read_bytes())
    assert (found.cast, len(found.ballots)) == (len(votes), len({vote["credential"] for vote in votes}))


def test_the_table_spells_trackers_and_weights() -> None:
    folder = next(folder for folder in NEWER if "weights" in folder.name)
    place = forge.archive_file(folder)
    found = summary(place.read_bytes(), place.stem)
    lines = list(found.lines())
    last = forge.take_apart(place.read_bytes()).of("Ballot")[-1].content[0]
    assert lines[0].split() == ["3", forge.short(last)]
    assert len({line.index(line.split()[1]) for line in lines}) == 1, "one column under the other"


def test_a_ballot_of_nobody_is_not_listed() -> None:
    folder = NEWER[0]
    parts = forge.take_apart(forge.archive_file(folder).read_bytes())
    step = parts.of("Ballot")[0]
    step.content[0] = forge.canonical(parts.ballots[0] | {"credential": "0" * 64})
    with pytest.raises(Refusal, match="its credential is not on the list"):
        summary(forge.put_together(parts), "x")


def test_an_archive_without_a_set_up_has_no_summary() -> None:
    with pytest.raises(Refusal):
        summary(b"", "x")
