"""The auditor against elections that foreign tools made, and against tampered copies with known answers.

The right answers are those of the tools and of EXPECTED.csv (by reasoning, not by running a program); the
duty named for each tampered archive is worked out by hand from docs/formats/ballot.md.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
"""A minute and a half of pure Python arithmetic; forged and broken archives stay in the fast tests."""

ELECTIONS = Path(__file__).resolve().parent.parent.parent / "vectors" / "ballot" / "elections"
ACCEPTED = tuple(sorted(path.name for path in ELECTIONS.iterdir()))
TAMPERED = Path(__file__).resolve().parent.parent.parent / "vectors" / "ballot" / "tampered"
with (TAMPERED / "duties.csv").open(encoding="utf-8") as _file:
    DUTY = {row["archive"]: row["duty"] for row in csv.DictReader(_file)}


def run(path: Path, *options: str) -> tuple[int, dict[str, object]]:
    """The auditor as its users run it: an interpreter that sees the standard library only."""
    verify = Path(__file__).resolve().parent.parent.parent / "auditor" / "verify.py"
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(verify), str(path), "--json", "--processes", "1", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    return done.returncode, json.loads(done.stdout)


def failed(report: dict[str, object]) -> set[str]:
    checks = report["checks"]
    assert isinstance(checks, list)
    return {check["duty"] for check in checks if check["verdict"] == "failed"}


def archive(folder: Path) -> Path:
    return next(folder.glob("*.bel"))


def result_in(data: bytes) -> object:
    """The last data member of an archive: the result, found by scanning the tar headers."""
    place, last = 0, b""
    while place < len(data):
        name, size = data[place : place + 100].rstrip(b"\0"), int(data[place + 124 : place + 135], 8)
        last = data[place + 512 : place + 512 + size] if name.endswith(b".data.json") else last
        place += 512 + (size + 511) // 512 * 512
    return json.loads(last)


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_election_made_with_a_foreign_tool_passes_with_its_result(vectors: Path, name: str) -> None:
    path = archive(vectors / "ballot" / "elections" / name)
    code, report = run(path)
    assert (code, report["verdict"], report["stage"]) == (0, "passed", "declared")
    printed = json.loads((path.parent / "result.json").read_text())
    assert result_in(path.read_bytes()) == printed


def test_an_older_ceremony_is_named(vectors: Path) -> None:
    """2.5.1 did not sign the keys, 3.3.0 does; only 2.0 made certificates without a context."""
    expected = {"v1a-ff-b": (True, True), "v1b-ed25519-b": (False, True), "v1b3-ed25519-b": (False, False)}
    for name, (without_context, unsigned) in expected.items():
        path = archive(vectors / "ballot" / "elections" / f"{name}-threshold-2of3")
        checks = run(path, "--sample", "1")[1]["checks"]
        assert isinstance(checks, list)
        told = {check["duty"]: "older ceremony" in check["because"] for check in checks}
        assert (told["E8"], told["E9"]) == (without_context, unsigned), name


def test_an_open_poll_passes_as_open(vectors: Path) -> None:
    folder = vectors / "ballot" / "elections" / "v1b3-ed25519-a-h-3trustees-weights"
    code, report = run(folder / "stage1-ballots.bel_")
    assert (code, report["verdict"], report["stage"]) == (0, "passed", "open")


@pytest.mark.parametrize(
    "name", [name for name in ACCEPTED if (ELECTIONS / name / "stage1-ballots.bel_").exists()]
)
def test_an_earlier_copy_is_the_beginning_of_the_later_one(vectors: Path, name: str) -> None:
    folder = vectors / "ballot" / "elections" / name
    code, report = run(folder / "stage1-ballots.bel_", "--sample", "1", "--earlier", str(archive(folder)))
    assert (code, failed(report)) == (1, {"A4"})
    code, report = run(archive(folder), "--sample", "1", "--earlier", str(folder / "stage1-ballots.bel_"))
    assert (code, failed(report)) == (3, set())


def tampered(name: str, folder: Path, uuid: str = "") -> Path:
    """A copy under the name that the file would have (or another)."""
    source = next(TAMPERED.glob(f"{name}.*.bel"))
    return Path(shutil.copy(source, folder / f"{uuid or source.name.split('.')[1]}.bel"))


SLOW = ("t34", "t37", "t39")  # thirty ranked ballots in the larger finite field


@pytest.mark.parametrize(("name", "duty"), [pair for pair in DUTY.items() if not pair[0].startswith(SLOW)])
def test_a_tampered_archive_fails_and_the_duty_is_named(tmp_path: Path, name: str, duty: str) -> None:
    """With a sample where the fault is not in what is sampled: a failure is a failure all the same."""
    code, report = run(tampered(name, tmp_path), *(() if duty == "B6" else ("--sample", "2")))
    assert code == 1
    assert duty in failed(report)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "duty"), [pair for pair in DUTY.items() if pair[0].startswith(SLOW)])
def test_a_tampered_ranked_archive_fails_and_the_duty_is_named(tmp_path: Path, name: str, duty: str) -> None:
    code, report = run(tampered(name, tmp_path))
    assert code == 1
    assert duty in failed(report)


def test_an_untouched_copy_fails_only_for_its_name(tmp_path: Path) -> None:
    code, report = run(tampered("t00-untouched", tmp_path, "AnotherName123"), "--sample", "2")
    assert (code, failed(report)) == (1, {"E2"})
    code, report = run(tampered("t00-untouched", tmp_path), "--sample", "2")
    assert (code, failed(report)) == (3, set())


def test_a_sample_leaves_the_verdict_incomplete_and_says_what_was_left_out(vectors: Path) -> None:
    code, report = run(
        archive(vectors / "ballot" / "elections" / "v1b-ed25519-c-nh-30-ranked"), "--sample", "5"
    )
    assert (code, report["verdict"]) == (3, "incomplete")
    checks = report["checks"]
    assert isinstance(checks, list)
    left_out = {check["duty"]: check["because"] for check in checks if check["verdict"] == "not checked"}
    assert set(left_out) == {"B5", "B6", "S2", "S3", "D2", "D3"}
    assert left_out["B6"] == "5 of 30 ballots checked, all good; the rest left out"


def test_what_is_not_there_or_not_an_archive_is_unusable(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "empty").mkdir()
    for name in ("absent.bel", "notes.txt", "empty"):
        code, report = run(tmp_path / name)
        assert (code, report["verdict"]) == (2, "unusable")


def test_garbage_in_an_archive_fails_without_a_traceback(tmp_path: Path) -> None:
    for number, garbage in enumerate((b"", b"BELENIOS", b"BELENIOS" + bytes(2000), b"\xff" * 5000)):
        path = tmp_path / f"Garbage{number}Garbage.bel"
        path.write_bytes(garbage)
        code, report = run(path)
        assert code == 1
        assert "A1" in failed(report)
