"""Two verifiers, one answer: ours and the auditor over every archive that stands under vectors/ballot.

The auditor shares no code with ours and runs as its users run it, as a process. Neither is the judge of the
other: the right answers are those of vectors/ballot/SOURCE.md and of EXPECTED.csv, reasoned before any program
ran. Not every file is named UUID.bel, and the name counts (duty E2):

- `stage1-ballots.bel_`, an open poll: the name states no identifier, so E2 is no part of it;
- `tampered/NAME.UUID.bel`: the stem is not the identifier, so under this name each fails E2. They are judged
  under the name that they would have, UUID.bel; EXPECTED.csv is about that. One is judged under its own too.

To keep the time down the auditor takes a sample where the fault is not in what is sampled (column `duty` of
duties.csv): a failure is a failure all the same. Elections that pass are always checked whole by both.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from selectorate.cli import run
from selectorate.errors import Refusal
from selectorate.verify import open_source, verify

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
BALLOT = ROOT / "vectors" / "ballot"
AUDITOR = ROOT / "auditor" / "verify.py"
SECONDS_MAX = 600
WHOLE = sorted(BALLOT.glob("elections/*/*.bel"))
OPEN = sorted(BALLOT.glob("elections/*/*.bel_"))
TAMPERED = sorted(BALLOT.glob("tampered/*.bel"))
SAMPLED = frozenset(("B5", "B6", "S2", "S3", "D2", "D3"))
"""The duties that the auditor does in part when it samples."""
WITH_PROOFS = frozenset(("t01-proof-digit", "t05-raw-byte", "t20-credential-not-on-list"))
"""Where a proof fails beside the duty of duties.csv."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one program says of one archive; verdict "not yet supported" goes with exit code 2."""

    code: int
    verdict: str
    stage: str = ""
    failed: frozenset[str] = frozenset()
    duties: tuple[tuple[str, str], ...] = ()

    def done(self, path: Path) -> dict[str, str]:
        """The duties that were part of it. Without E2 where the file's name states no identifier: one verifier
        says that it is no part of it, the other passes the identifier's form."""
        silent = {"E2"} if path.suffix != ".bel" else set()
        return {d: v for d, v in self.duties if v != "not part of it" and d not in silent}


def _of(code: int, report: dict[str, object]) -> Answer:
    checks = report["checks"]
    assert isinstance(checks, list)
    duties = tuple(sorted((check["duty"], check["verdict"]) for check in checks))
    failed = frozenset(duty for duty, verdict in duties if verdict == "failed")
    return Answer(code, str(report["verdict"]), str(report["stage"]), failed, duties)


def ours(path: Path) -> Answer:
    try:
        report = verify(open_source(path))
    except Refusal as refusal:
        assert refusal.code == "ballot.unsupported"
        talk = io.StringIO()
        with contextlib.redirect_stderr(talk):
            code = run(["verify", str(path)])
        assert talk.getvalue().startswith("not yet supported: ")
        return Answer(code, "not yet supported")
    return _of(report.exit_code, report.to_json())


def auditors(path: Path, *options: str) -> Answer:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(AUDITOR), str(path), "--json", "--processes", "1", *options],
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    assert done.stderr == ""
    said = json.loads(done.stdout)
    if done.returncode == 2:
        assert said["verdict"] == "unusable"
        assert said["because"].startswith("not yet supported: ")
        return Answer(2, "not yet supported")
    return _of(done.returncode, said)


def agreed(path: Path, *options: str) -> Answer:
    """Our answer, where the auditor's is the same: verdict, exit code, stage and the duties that fail; where
    none does, the same duties passed."""
    mine, other = ours(path), auditors(path, *options)
    assert (mine.code, mine.verdict, mine.stage) == (other.code, other.verdict, other.stage)
    assert mine.failed == other.failed
    if mine.verdict != "failed":
        assert mine.done(path) == other.done(path)
    return mine


def named(path: Path, folder: Path) -> Path:
    """A copy of NAME.UUID.bel under the name that it would have, UUID.bel."""
    return Path(shutil.copy(path, folder / f"{path.stem.split('.')[1]}.bel"))


def right() -> dict[str, tuple[str, str]]:
    """Tampered archive -> (what was changed, accept or reject)."""
    with (BALLOT / "tampered" / "EXPECTED.csv").open(encoding="utf-8", newline="") as listed:
        return {
            row["archive"]: (row["what_was_changed"], row["right_verdict"]) for row in csv.DictReader(listed)
        }


def test_every_archive_is_there_and_those_under_another_name_are_known() -> None:
    assert (len(WHOLE), len(OPEN), len(TAMPERED)) == (13, 5, 19)
    assert all(json.loads((path.parent / "result.json").read_bytes()) for path in WHOLE)
    assert {path.name for path in OPEN} == {"stage1-ballots.bel_"}
    assert {path.name.split(".")[0] for path in TAMPERED} == set(right())
    others = {path for path in BALLOT.rglob("*.bel*") if path.suffix != ".bel" or "." in path.stem}
    assert others == set(OPEN) | set(TAMPERED)


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.parent.name)
def test_both_say_the_same_of_an_election_made_elsewhere(path: Path) -> None:
    answer = agreed(path)
    assert (answer.code, answer.verdict, answer.stage) == (0, "passed", "declared")


@pytest.mark.parametrize("path", OPEN, ids=lambda path: path.parent.name)
def test_both_say_the_same_of_an_open_poll(path: Path) -> None:
    answer = agreed(path)
    assert (answer.code, answer.verdict, answer.stage) == (0, "passed", "open")


@pytest.mark.parametrize("path", TAMPERED, ids=lambda path: path.stem.split(".")[0])
def test_both_say_the_same_of_a_tampered_archive_and_it_is_right(path: Path, tmp_path: Path) -> None:
    name = path.stem.split(".")[0]
    with (BALLOT / "tampered" / "duties.csv").open(encoding="utf-8", newline="") as listed:
        duty = {row["archive"]: row["duty"] for row in csv.DictReader(listed)}.get(name, "")
    answer = agreed(
        named(path, tmp_path),
        *(("--sample", "2") if duty and duty not in SAMPLED and name not in WITH_PROOFS else ()),
    )
    changed, verdict = right()[name]
    if verdict == "accept":
        assert (answer.code, answer.verdict, answer.stage) == (0, "passed", "declared"), changed
    else:
        assert (answer.code, answer.verdict) == (1, "failed"), changed


def test_both_say_that_a_name_is_not_the_identifier() -> None:
    (path,) = BALLOT.glob("tampered/t00-untouched.*.bel")
    assert ours(path).failed == auditors(path, "--sample", "2").failed == {"E2"}
