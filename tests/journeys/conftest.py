"""One demonstration played for all journeys, selections to go on from, and the command line as people run it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.cli.selection import Theatre, theatre_of_the_session

ROOT = Path(__file__).resolve().parents[2]
PAPERS = 60
SENTINEL = "Quillwort7931"
"""Stands in every private field of the demonstration's roll, and in no text of ours."""


@dataclass(frozen=True, slots=True)
class Played:
    """A demonstration that was played: where it is, and what it said."""

    place: Path
    said: str

    @property
    def public(self) -> Path:
        return self.place / "public"

    @property
    def people(self) -> Path:
        return self.place / "people"


def selectorate(
    *arguments: str | Path, seconds: int = 900, **surroundings: str
) -> subprocess.CompletedProcess[str]:
    """One command in a process of its own. surroundings: variables of its environment."""
    return subprocess.run(
        [sys.executable, "-m", "selectorate", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **surroundings},
    )


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A small demonstration: no outside data, no foreign judge, a sentinel in every private field."""
    place = tmp_path_factory.mktemp("played") / "demo"
    done = selectorate(
        "demo", "--dir", place, "--papers", str(PAPERS), "--sentinel", SENTINEL,
        SELECTORATE_DATA="/nowhere", SELECTORATE_JUDGE="", PATH="/nowhere",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return Played(place, done.stdout)


@pytest.fixture(scope="session")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    """Selections that have come as far as a test asks for."""
    return theatre_of_the_session(lambda: tmp_path_factory.mktemp("theatre"))
