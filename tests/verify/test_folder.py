"""Our verifier over folders that something else made: it agrees with the auditor, duty by duty.

The honest folder and what breaks it come from tests/auditor, where they are made from the format pages without
our code; the failing duties stated there were set down for the auditor. Two programs, one answer.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.auditor.test_folder import AFTER_SEALING, BEFORE_SEALING, honest_folder

from selectorate.canon import Report
from selectorate.verify import open_source, verify


def judged(files: dict[str, bytes], place: Path) -> Report:
    for name, data in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return verify(open_source(place))


def failing(report: Report) -> set[str]:
    return {check.duty for check in report.checks if check.verdict == "failed"}


def test_an_honest_folder_made_by_another_program_passes_whole(tmp_path: Path) -> None:
    report = judged(honest_folder().copy().seal().files, tmp_path)
    others = {check.duty: check.because for check in report.checks if check.verdict != "passed"}
    assert set(others) <= {"A4", "E7", "E8", "E9", "P8"}  # no earlier copy, no group, nothing refused
    assert (report.verdict, report.stage) == ("passed", "declared")


@pytest.mark.parametrize("name", BEFORE_SEALING)
def test_both_verifiers_name_the_same_duty(tmp_path: Path, name: str) -> None:
    edit, duties = BEFORE_SEALING[name]
    folder = honest_folder().copy()
    edit(folder)
    assert failing(judged(folder.seal().files, tmp_path)) == duties


@pytest.mark.parametrize("name", AFTER_SEALING)
def test_both_verifiers_name_the_same_duty_for_a_file_changed_afterwards(tmp_path: Path, name: str) -> None:
    edit, duties = AFTER_SEALING[name]
    folder = honest_folder().copy().seal()
    edit(folder.files)
    assert failing(judged(folder.files, tmp_path)) == duties


@pytest.mark.parametrize("name", ["log/entries.jsonl", "documents/sheet.json", "documents/certificate.json",
                                  "documents/candidates.json", "documents/commitments.json",
                                  "documents/rulebook.toml", "log/checkpoint"])  # fmt: skip
@pytest.mark.parametrize("content", [b"", b"\xff", b"[" * 50_000, b"{}", b"null\n"])
def test_a_hostile_file_fails_checks_and_never_raises(tmp_path: Path, name: str, content: bytes) -> None:
    folder = honest_folder().copy().seal()
    folder.files[name] = content
    assert judged(folder.files, tmp_path).verdict == "failed"
