"""`verify --resume FILE` and `--earlier COPY`, as an auditor uses them."""

from __future__ import annotations

import io
import os
import shutil
import threading
from pathlib import Path

import pytest
from tests.ballot import forge

from selectorate.ballot.check import casting
from selectorate.cli import run
from selectorate.errors import Refusal
from selectorate.verify import Progress, open_source, verify

ROOT = Path(__file__).resolve().parents[2] / "vectors" / "ballot" / "elections"
FOLDER = ROOT / "v1b-ed25519-c-nh-30-ranked"
PLACE = forge.archive_file(FOLDER)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casting, "CHUNK", 8)


def test_an_interrupted_run_leaves_a_file_that_the_next_one_goes_on_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = Progress(tmp_path / "progress")

    def interrupted(done: int, total: int) -> None:
        if done == 16:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(open_source(PLACE), progress=interrupted, resume=kept)
    assert [path.name for path in tmp_path.iterdir()] == ["progress"]
    assert run(["verify", str(PLACE), "--resume", str(tmp_path / "progress")]) == 0
    said = capsys.readouterr()
    assert "16 of them checked in an earlier run" in said.out
    assert run(["verify", str(PLACE), "--resume", str(tmp_path / "progress")]) == 0
    assert "30 of them checked in an earlier run" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["cut", "edited", "empty"])
def test_a_damaged_file_is_said_to_be_so_and_everything_is_checked(
    tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "progress"
    assert run(["verify", str(PLACE), "--resume", str(file)]) == 0
    whole = file.read_bytes()
    file.write_bytes(
        {"cut": whole[:-9], "edited": whole.replace(b"ballots 30", b"ballots 29"), "empty": b""}[damage]
    )
    capsys.readouterr()
    assert run(["verify", str(PLACE), "--resume", str(file)]) == 0
    said = capsys.readouterr()
    assert ("is damaged; all ballots are checked from the beginning" in said.err) == (damage != "empty")
    assert "earlier run" not in said.out
    assert file.read_bytes() == whole


def test_a_file_about_another_archive_is_said_to_be_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "progress"
    assert run(["verify", str(PLACE), "--resume", str(file)]) == 0
    other = forge.archive_file(ROOT / "v1b-ed25519-a-h-3trustees-weights")
    assert run(["verify", str(other), "--resume", str(file)]) == 0
    assert "is about another archive, or this one has changed" in capsys.readouterr().err


def test_a_file_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "notes.txt"
    mine.write_text("my notes")
    with pytest.raises(Refusal) as refusal:
        Progress(mine)
    assert refusal.value.code == "verify.resume"
    copy = Path(shutil.copy(PLACE, tmp_path))
    assert run(["verify", str(PLACE), "--resume", str(copy)]) == 2
    assert run(["verify", str(copy), "--resume", str(copy)]) == 2
    assert copy.read_bytes() == PLACE.read_bytes()
    assert mine.read_text() == "my notes"


def test_an_earlier_copy_is_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = FOLDER / "stage1-ballots.bel_"
    assert run(["verify", str(PLACE), "--earlier", str(copy)]) == 0
    parts = forge.take_apart(PLACE.read_bytes())
    del parts.steps[5]
    changed = tmp_path / PLACE.name
    changed.write_bytes(forge.put_together(forge.Parts(parts.timestamp, parts.steps[:20])))
    assert run(["verify", str(changed), "--earlier", str(copy)]) == 1
    assert "event 5 is another one than in the earlier copy" in capsys.readouterr().out.replace("\n", " ")


def test_a_folder_without_an_archive_is_no_earlier_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "entries.jsonl").write_bytes(b"")
    assert run(["verify", str(PLACE), "--earlier", str(tmp_path)]) == 2
    assert "There is no archive in" in capsys.readouterr().err


def test_an_archive_that_is_piped_in_is_judged_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / PLACE.name
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(PLACE.read_bytes(),))
    writer.start()
    source = open_source(pipe)
    writer.join()
    assert verify(source).checks == verify(open_source(PLACE)).checks
    assert source.spooled is not None
    source.spooled.close()


def test_what_comes_through_standard_input_is_judged_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    class Standard:
        buffer = io.BytesIO(PLACE.read_bytes())

    monkeypatch.setattr("sys.stdin", Standard)
    source = open_source(Path("-"))
    assert verify(source).verdict == "passed"
    assert source.spooled is not None
    source.spooled.close()
