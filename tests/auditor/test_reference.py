"""The auditor against elections that foreign tools made, and against tampered copies with known answers.

The right answers are those of the tools and of EXPECTED.csv (by reasoning, not by running a program); the
duty named for each tampered archive is worked out by hand from docs/formats/ballot.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ACCEPTED = (
    "v1a-ff-a-h-3trustees-weights",
    "v1b-ed25519-a-h-3trustees-weights",
    "v1b3-ed25519-a-h-3trustees-weights",
    "v1b-ed25519-c-nh-30-ranked",
)
UNSUPPORTED = {
    "v1a-ff-b-threshold-2of3": "threshold trustees",
    "v1a-ff-d-h-blank": "blank options",
    "v1b3-ed25519-l-lists": "list questions",
    "v1b3-ed25519-f-mixed-h-nh-threshold": "blank options, threshold trustees",
}
DUTY = {
    "t01-proof-digit": "B4",
    "t03-overall-proof-resigned": "B6",
    "t05-raw-byte": "A1",
    "t08-duplicate-ballot": "B7",
    "t10-old-ballot-replayed-during-vote": "B7",
    "t13-event-dropped-not-relinked": "A2",
    "t14-wrong-result": "R1",
    "t16-decryption-owners-exchanged": "D3",
    "t18-published-encrypted-tally-wrong": "T1",
    "t20-credential-not-on-list": "B3",
    "t23-weight-changed": "T1",
    "t24-non-canonical-json": "B1",
    "t27-EndBallots-missing": "A3",
    "t28-truncated": "A1",
}
DUTY_RANKED = {
    "t34-shuffle-proof-digit": "S3",
    "t37-shuffles-exchanged": "S3",
    "t39-nh-result-reordered": "R1",
}


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


@pytest.mark.outside_data
@pytest.mark.parametrize("name", ACCEPTED)
def test_an_election_made_with_a_foreign_tool_passes(reference: Path, name: str) -> None:
    code, report = run(archive(reference / "elections" / name))
    assert (code, report["verdict"], report["stage"]) == (0, "passed", "declared")


@pytest.mark.outside_data
@pytest.mark.slow
def test_a_ranked_election_in_a_finite_field_passes(reference: Path) -> None:
    code, report = run(archive(reference / "elections" / "v1a-ff-c-nh-30-ranked"))
    assert (code, report["stage"]) == (0, "declared")


@pytest.mark.outside_data
def test_an_open_poll_passes_as_open(reference: Path) -> None:
    folder = reference / "elections" / "v1b3-ed25519-a-h-3trustees-weights"
    code, report = run(folder / "stage1-ballots.bel_")
    assert (code, report["verdict"], report["stage"]) == (0, "passed", "open")


@pytest.mark.outside_data
@pytest.mark.parametrize(("name", "kind"), UNSUPPORTED.items())
def test_a_kind_that_is_not_supported_is_not_judged(reference: Path, name: str, kind: str) -> None:
    code, report = run(archive(reference / "elections" / name))
    assert (code, report["because"]) == (2, f"not yet supported: {kind}")


@pytest.mark.outside_data
@pytest.mark.parametrize(("name", "duty"), DUTY.items())
def test_a_tampered_archive_fails_and_the_duty_is_named(reference: Path, name: str, duty: str) -> None:
    code, report = run(archive(reference / "tampered" / name))
    assert code == 1
    assert duty in failed(report)


@pytest.mark.outside_data
@pytest.mark.slow
@pytest.mark.parametrize(("name", "duty"), DUTY_RANKED.items())
def test_a_tampered_ranked_archive_fails_and_the_duty_is_named(reference: Path, name: str, duty: str) -> None:
    code, report = run(archive(reference / "tampered" / name))
    assert code == 1
    assert duty in failed(report)


@pytest.mark.outside_data
def test_an_untouched_copy_passes_under_its_name_and_fails_under_another(
    reference: Path, tmp_path: Path
) -> None:
    source = archive(reference / "tampered" / "t00-untouched")
    other = tmp_path / "AnotherName123.bel"
    other.write_bytes(source.read_bytes())
    code, report = run(other)
    assert (code, failed(report)) == (1, {"E2"})


@pytest.mark.outside_data
def test_a_sample_leaves_the_verdict_incomplete_and_says_what_was_left_out(reference: Path) -> None:
    code, report = run(archive(reference / "elections" / "v1b-ed25519-c-nh-30-ranked"), "--sample", "5")
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
