"""A full disk at every write of the record, twice: failed, and failed but stored all the same.

The boundary is the connection that `store.connect` gives. Each step of one `ballot accept` fails in turn; after
each the log is opened again and walked whole, and the next run goes on with nothing lost and nothing doubled.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from tests.cli.selection import BOTH, BY, IN_ARREARS, Selection, Theatre, decision, done, report, say
from tests.thinned import thinned

from selectorate.errors import Refusal
from selectorate.log import order
from selectorate.log.check import check_checkpoints
from selectorate.log.tree import Tree
from selectorate.office import files, projection, store
from selectorate.office.workspace import Workspace

FULL = "database or disk is full"
STEPS = ("BEGIN IMMEDIATE", "INSERT INTO entries", "INSERT INTO archive", "INSERT INTO ballots",
         "INSERT INTO checkpoints", "COMMIT")  # fmt: skip


class Failing:
    """A connection on which one kind of statement fails; `stored`: after it was carried out."""

    def __init__(self, real: sqlite3.Connection, step: str, *, stored: bool) -> None:
        self.real, self.step, self.stored = real, step, stored

    @property
    def in_transaction(self) -> bool:
        return self.real.in_transaction

    def execute(self, statement: str, *values: Any) -> Any:
        if not statement.startswith(self.step):
            return self.real.execute(statement, *values)
        if self.stored:
            self.real.execute(statement, *values)
        raise sqlite3.OperationalError(FULL)

    def close(self) -> None:
        self.real.close()


def failing(monkeypatch: pytest.MonkeyPatch, step: str, *, stored: bool) -> None:
    real = store.connect
    monkeypatch.setattr(store, "connect", lambda path: Failing(real(path), step, stored=stored))


def check_log(s: Selection) -> list[str]:
    """Walk the log as it is on disk: order, tree, every checkpoint, archive, ballots; its acts."""
    workspace = Workspace(s.office, alone=False)
    record = workspace.record
    assert not order.faults(record.entries)
    notes = record.checkpoints()
    assert max(notes) == len(record.lines), "the newest checkpoint covers every entry"
    assert record.tree.root() == Tree(record.lines).root()
    newest, _ = workspace.newest_checkpoint()
    named = {str(size): note for size, note in notes.items()}
    found = check_checkpoints(tuple(record.lines), named, newest, workspace.verifier_key)
    assert found.verdict == "passed", found.because
    types = [entry.data["type"] for entry in record.entries if entry.act == "bel.event"]
    if record.find("poll.opened"):
        assert [event.type for event in workspace.archive().events] == types
    assert [entry for _, entry, _ in record.ballots()] == [
        number
        for number, entry in enumerate(record.entries)
        if entry.act == "bel.event" and entry.data["type"] == "Ballot"
    ]
    return [entry.data.get("type", entry.act) for entry in record.entries]


def check_public(s: Selection) -> None:
    """The public folder is the record's, byte for byte, and nothing else lies in it."""
    assert s.files() == projection.contents(Workspace(s.office, alone=False).record)


@pytest.fixture
def three(theatre: Theatre) -> tuple[Selection, Path, list[str]]:
    """An open poll, a file of three ballots, their trackers."""
    from selectorate.ballot import make

    s = theatre.at("polling")
    ballots = s.ballots({"M-00001": (1, 2, 3, 4), "M-00002": (2, 1, 0, 0), "M-00003": (0, 0, 0, 1)})
    path = s.root / "ballots.jsonl"
    path.write_bytes(b"\n".join(ballots) + b"\n")
    return s, path, [make.tracker(ballot) for ballot in ballots]


@pytest.mark.parametrize("stored", [False, True], ids=["failed", "failed but stored"])
@pytest.mark.parametrize("step", thinned(STEPS, 3, keep=("COMMIT",)))
def test_a_full_disk_while_accepting_loses_and_doubles_nothing(
    step: str, stored: bool, three: tuple[Selection, Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    s, ballots, trackers = three
    before, public = check_log(s), s.files()
    kept = step == "COMMIT" and stored
    with monkeypatch.context() as patch:
        failing(patch, step, stored=stored)
        said = say("ballot", "accept", s.office, ballots)
    assert (said.code, said.out) == (2, ""), "nothing is acknowledged"
    path = s.office / "log.sqlite"
    assert said.err == (
        f"Storing in {s.office} failed ({FULL}), and the record holds the new entries all the "
        f"same.\nFree some "
        "space, then run `selectorate status DIR`: if the act is there, go on; a ballot may be sent again.\n"
        if kept
        else f"{path} could not be written: {FULL}. Nothing was changed.\nFree some space and run the same command "
        "again.\n"
    )
    after = check_log(s)
    assert after == before + ["Ballot"] * (3 if kept else 0)
    if kept:
        check_public(s)
    else:
        assert s.files() == public
    again = done("ballot", "accept", s.office, ballots).splitlines()
    assert [line.split()[:2] for line in again] == [["accepted", tracker] for tracker in trackers]
    assert check_log(s) == before + ["Ballot"] * 3
    check_public(s)
    assert report(s.public) == (0, [])


def _close(s: Selection) -> tuple[Any, ...]:
    return ("ballot", "close", s.office, *BOTH)


def _open(s: Selection) -> tuple[Any, ...]:
    return s.opening("--rankings-public", "yes")


def _amend(s: Selection) -> tuple[Any, ...]:
    (s.root / "decision.toml").write_text(decision())
    return ("roll", "amend", s.office, s.root / "decision.toml", *BY)


def _final(s: Selection) -> tuple[Any, ...]:
    return ("roll", "final", s.office, *BY)


ACTS = {
    "amending": ("frozen", _amend, ["roll.amended"]),
    "making the roll final": ("frozen", _final, ["roll.final"]),
    "opening": ("ready", _open, ["credential.replaced", "poll.opened", "Setup"]),
    "closing": ("voted", _close, ["poll.closed", "EndBallots", "EncryptedTally"]),
}


@pytest.mark.parametrize("stored", [False, True], ids=["failed", "failed but stored"])
@pytest.mark.parametrize("act", ACTS)
def test_an_act_whose_commit_failed_is_done_once(
    act: str, stored: bool, theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    phase, typed, added = ACTS[act]
    s = theatre.at(phase)
    before = check_log(s)
    with monkeypatch.context() as patch:
        failing(patch, "COMMIT", stored=stored)
        said = say(*typed(s))
    assert (said.code, said.out) == (2, "")
    assert ("all the same" if stored else "Nothing was changed") in said.err
    assert check_log(s) == before + (added if stored else [])
    again = say(*typed(s))
    assert again.code == (2 if stored else 0), again.err
    assert check_log(s) == before + added
    check_public(s)
    assert report(s.public) == (0, [])


def test_an_amendment_that_never_reached_the_record_changes_no_final_roll(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vault must not run ahead of the record: whoever was put back without an entry is not an elector."""
    s = theatre.at("frozen")
    with monkeypatch.context() as patch:
        failing(patch, "INSERT INTO entries", stored=False)
        assert say(*_amend(s)).code == 2
    assert "38 electors" in done(*_final(s))


def test_an_amendment_that_reached_the_record_stands_on_the_final_roll(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = theatre.at("frozen")
    with monkeypatch.context() as patch:
        failing(patch, "COMMIT", stored=True)
        assert say(*_amend(s)).code == 2
    assert "39 electors" in done(*_final(s))
    assert IN_ARREARS[0].encode() in (s.office / "vault" / "electorate.csv").read_bytes()


def test_one_decision_is_carried_out_once(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    done(*_amend(s))
    said = say(*_amend(s))
    assert (said.code, said.err.splitlines()[0]) == (
        2,
        "The decision in decision.toml cannot be carried out: it has been carried out already.",
    )
    assert s.acts().count("roll.amended") == 1


def no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_the_file_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept.json"
    files.write(path, b"old")
    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(Refusal) as refusal:
        files.write(path, b"new")
    assert str(refusal.value) == (
        f"{path} could not be written: the disk is full. Nothing was changed. Free some space and run "
        f"the same "
        "command again."
    )
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupt_while_writing_leaves_the_file_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "kept.json"
    files.write(path, b"old")
    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_private_file_is_private_from_its_first_byte(tmp_path: Path) -> None:
    path = tmp_path / "vault" / "key"
    files.write(path, b"secret", private=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_full_disk_behind_the_record_is_said_and_made_up_for(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The close is on the record; only the public folder lags, and the next command of any kind brings it up."""
    s = theatre.at("voted")
    real = files.write

    def write(path: Path, data: bytes, **how: bool) -> None:
        if "public" in Path(path).parts:
            raise files.unwritable(path, OSError(errno.ENOSPC, ""))
        real(path, data, **how)

    with monkeypatch.context() as patch:
        patch.setattr(files, "write", write)
        said = say(*_close(s))
    (archive,) = s.public.glob("*.bel")
    assert said.code == 2
    first, second = said.err.splitlines()
    assert first.startswith(f"What was done is on the record, but {s.public}/")
    assert first.endswith(" could not be written: the disk is full.")
    assert second == (
        "Free some space and run `selectorate publish DIR`: it brings the public folder up to date."
    )
    assert "EndBallots" not in s.acts()
    assert done("publish", s.office) == (
        f"{s.public} is up to date. Its pages are made after the certificate.\n"
    )
    assert s.acts()[-2:] == ["EndBallots", "EncryptedTally"]
    assert archive.exists()
    check_public(s)


def test_what_a_killed_write_left_in_the_public_folder_is_swept(theatre: Theatre) -> None:
    s = theatre.at("polling")
    (s.public / "log" / ".entries.jsonl.0123abcd").write_bytes(b"half")
    code, failed = report(s.public)
    assert (code, [check["duty"] for check in failed]) == (1, ["L6"])
    done("publish", s.office)
    assert report(s.public) == (0, [])


def test_a_start_that_was_interrupted_leaves_no_record_and_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.cli.selection import RULEBOOK

    office = tmp_path / "office"
    start = ("new", office, "--rulebook", RULEBOOK, *BY)
    for step in ("CREATE TRIGGER", "INSERT INTO checkpoints", "COMMIT"):
        with monkeypatch.context() as patch:
            failing(patch, step, stored=False)
            assert say(*start).code == 2
        assert not (office / "log.sqlite").exists()
        assert say("status", office).err.startswith(f"{office} is not a workspace")
    done(*start)
    assert report(office / "public") == (0, [])
    assert [path.name for path in sorted(office.iterdir())] == ["log.sqlite", "public", "vault"]


def test_a_clock_that_was_put_back_does_not_make_checkpoints_go_back(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    done("roll", "final", s.office, *BY, "--at", "2026-01-01T00:00:00Z")
    assert report(s.public) == (0, [])
    assert b"time 2027-01-20T09:00:00Z" in (s.public / "log" / "checkpoint").read_bytes()


def test_the_record_refuses_to_be_changed_or_shortened(theatre: Theatre) -> None:
    s = theatre.at("polling")
    with sqlite3.connect(s.office / "log.sqlite") as record:
        for statement in ("DELETE FROM entries WHERE number = 3", "UPDATE entries SET line = x'00'"):
            with pytest.raises(sqlite3.IntegrityError, match="the record is append-only"):
                record.execute(statement)
    record.close()


def test_letters_of_an_earlier_look_do_not_stay(theatre: Theatre) -> None:
    s = theatre.at("imported")
    old = s.office / "vault" / "letters" / "questions" / "0001-M-00001.txt"
    old.parent.mkdir(parents=True)
    old.write_text("a question that is no longer asked")
    done("roll", "findings", s.office, "--answer-to", "roll@orchard.example", *BY)
    assert not old.exists()
