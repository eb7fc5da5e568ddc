"""`exposure`: what it says, what it writes, and where it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.count.papers import of

from selectorate.cli.officer.exposure import exposure
from selectorate.count.readers import read
from selectorate.count.writers import write_blt
from selectorate.errors import Refusal

PAPERS = of("4 ABC, 1 ACB, 3 BCA, 1 BAC, 1 CBA, 1 CAB")
"""Worked out in tests/count/test_exposure.py."""


def run(*words: str | Path) -> str:
    done = CliRunner().invoke(exposure, [str(word) for word in words])
    if done.exception is not None:
        raise done.exception
    return done.output


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    path = tmp_path / "ward.blt"
    path.write_bytes(write_blt(PAPERS, 1, "Grove"))
    return path


def test_it_says_how_many_papers_are_alone_before_and_after(ward: Path) -> None:
    said = run(ward, "--rules", "irv")
    assert (
        "As marked: 11 papers of 6 kinds; 36.4 % are like no other, 100.0 % are in groups of fewer than 5."
        in said
    )
    assert "Reduced to what this count used: 11 papers of 4 kinds; 18.2 % are like no other, 54.5 %" in said
    assert "3 candidates can be ranked in 15 ways" in said
    assert "archive of an electronic poll publishes every ranking" in said


def test_the_reduced_papers_are_written_and_read_again(ward: Path, tmp_path: Path) -> None:
    out = tmp_path / "published.blt"
    plain = json.loads(run(ward, "--rules", "scottish-stv", "--reduced", out, "--json"))
    assert plain["reduced"]["different"] == 4
    file = read(out.read_bytes(), "published.blt")
    assert (file.profile.counts(), file.title) == ({(0,): 5, (1,): 4, (2, 0): 1, (2, 1): 1}, "Grove")


def test_a_rule_set_that_uses_whole_papers_writes_nothing(tmp_path: Path) -> None:
    path, out = tmp_path / "ward.blt", tmp_path / "published.blt"
    path.write_bytes(write_blt(of("4 ABD, 3 BCA, 2 CBD"), 1, "Grove"))
    assert "coombs uses whole papers" in run(path, "--rules", "coombs")
    with pytest.raises(Refusal) as stopped:
        run(path, "--rules", "coombs", "--reduced", out)
    assert stopped.value.code == "count.reduced"
    assert not out.exists()


def test_the_papers_are_not_written_over(ward: Path) -> None:
    with pytest.raises(Refusal) as stopped:
        run(ward, "--rules", "irv", "--reduced", ward)
    assert stopped.value.code == "seat.out"
