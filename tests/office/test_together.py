"""Two commands at once: one is told to wait, or both succeed; the record is one, and an act happens once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.selection import BOTH, BY, Selection, Theatre, done, report, say
from tests.office.test_failures import check_log, check_public

from selectorate.office import store
from selectorate.office.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
BUSY = "Another command is writing to {}.\nWait until it has ended, then run this one again.\n"
CHANGED = (
    "The record in {} was changed by another command meanwhile. Nothing was written.\nRun the same command "
    "again.\n"
)


def begin(*arguments: str | Path, **pipes: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "selectorate", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        **pipes,
    )


def told(running: subprocess.Popen[bytes]) -> tuple[int, str, str]:
    out, err = running.communicate(timeout=90)
    return running.returncode, out.decode(), err.decode()


def waiting(s: Selection) -> subprocess.Popen[bytes]:
    """An office that accepts from standard input, and has accepted one ballot already."""
    running = begin("ballot", "accept", s.office, "-", stdin=subprocess.PIPE)
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write(s.ballots({"M-00009": (1, 2, 3, 4)})[0] + b"\n")
    running.stdin.flush()
    assert running.stdout.readline().startswith(b"accepted ")
    return running


def test_two_closes_at_once_close_the_poll_once(theatre: Theatre) -> None:
    s = theatre.at("voted")
    both = [begin("ballot", "close", s.office, *BOTH) for _ in range(2)]
    results = sorted(told(one) for one in both)
    assert [code for code, _, _ in results] == [0, 2]
    assert results[1][2] in (
        BUSY.format(s.office),
        CHANGED.format(s.office),
        (
            "This cannot be done now (Closing the poll): the encrypted tally is made.\nRun `selectorate "
            "status DIR` to "
            "see what comes next.\n"
        ),
    )
    acts = check_log(s)
    assert (acts.count("EndBallots"), acts.count("poll.closed")) == (1, 1)
    check_public(s)
    assert report(s.public) == (0, [])


def test_an_act_is_refused_while_another_runs_and_its_vault_is_not_touched(theatre: Theatre) -> None:
    """Two openings: the seed in the vault is that of the one on the record."""
    s = theatre.at("ready")
    vault = {path: path.read_bytes() for path in sorted((s.office / "vault").rglob("*")) if path.is_file()}
    holder = begin_holding(s)
    try:
        said = told(begin(*s.opening("--rankings-public", "yes")))
    finally:
        holder.kill()
        told(holder)
    assert said == (2, "", BUSY.format(s.office))
    assert {path: path.read_bytes() for path in vault} == vault
    done(*s.opening("--rankings-public", "yes"))
    assert report(s.public) == (0, [])


def begin_holding(s: Selection) -> subprocess.Popen[bytes]:
    """Another process that is in the middle of an act."""
    program = (
        "import sys, time; from pathlib import Path; from selectorate.office.workspace import Workspace\n"
        "held = Workspace(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(s.office)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    return holder


def test_looking_is_possible_while_an_act_runs(theatre: Theatre) -> None:
    s = theatre.at("voted")
    holder = begin_holding(s)
    try:
        status, checked = told(begin("status", s.office)), told(begin("verify", s.public))
    finally:
        holder.kill()
        told(holder)
    assert (status[0], checked[0]) == (0, 0)


def test_a_lock_is_gone_with_the_process_that_held_it(theatre: Theatre) -> None:
    s = theatre.at("voted")
    holder = begin_holding(s)
    assert say("ballot", "close", s.office, *BOTH).err == BUSY.format(s.office)
    holder.kill()
    told(holder)
    done("ballot", "close", s.office, *BOTH)


def test_of_two_that_accept_at_once_one_is_told_and_no_ballot_is_lost(theatre: Theatre) -> None:
    s = theatre.at("polling")
    first, second = waiting(s), waiting(s)
    # The record went on without the first one: it says so, and writes nothing.
    ballot = s.ballots({"M-00010": (1, 0, 0, 0)})[0]
    code, out, err = _finish(first, ballot)
    assert (code, out, err) == (2, "", CHANGED.format(s.office))
    code, out, _ = _finish(second, ballot)
    assert code == 0
    assert out.startswith("accepted ")
    assert check_log(s)[-3:] == ["Ballot"] * 3
    check_public(s)
    assert report(s.public) == (0, [])


def _finish(running: subprocess.Popen[bytes], ballot: bytes) -> tuple[int, str, str]:
    out, err = running.communicate(ballot + b"\n", timeout=90)
    return running.returncode, out.decode(), err.decode()


def test_whoever_still_accepts_after_the_close_writes_nothing(theatre: Theatre) -> None:
    s = theatre.at("polling")
    late, ballot = waiting(s), s.ballots({"M-00010": (1, 0, 0, 0)})[0]
    done("ballot", "close", s.office, *BOTH)
    before = s.files()
    assert _finish(late, ballot) == (2, "", CHANGED.format(s.office))
    acts = check_log(s)
    assert acts[-4:] == ["Ballot", "poll.closed", "EndBallots", "EncryptedTally"]
    assert s.files() == before
    assert report(s.public) == (0, [])


def test_case_and_appeal_go_on_while_ballots_are_accepted(theatre: Theatre) -> None:
    s = theatre.at("polling")
    running = waiting(s)
    done(
        "roll",
        "appeal",
        s.office,
        "--member",
        "M-00040",
        "--on",
        "2027-02-02",
        "--at",
        "2027-03-02T09:00:00Z",
    )
    code, out, err = _finish(running, s.ballots({"M-00010": (1, 0, 0, 0)})[0])
    assert (code, err) == (0, "")
    assert out.startswith("accepted ")
    assert report(s.public) == (0, [])


def test_a_database_held_by_another_program_is_busy_not_broken(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    s = theatre.at("polling")
    other = sqlite3.connect(s.office / "log.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    real = store.connect

    def impatient(path: Path) -> sqlite3.Connection:
        connection = real(path)
        connection.execute("PRAGMA busy_timeout = 10")
        return connection

    monkeypatch.setattr(store, "connect", impatient)
    assert say("status", s.office).err == BUSY.format(s.office)
    other.execute("ROLLBACK")
    other.close()
    assert say("status", s.office).code == 0


def test_the_same_act_by_the_same_process_may_follow_at_once(theatre: Theatre) -> None:
    """Seats played in one process, as in a demonstration: a workspace that is not yet forgotten blocks nothing."""
    s = theatre.at("imported")
    kept = Workspace(s.office)
    done("roll", "findings", s.office, "--answer-to", "roll@orchard.example", *BY)
    assert kept.record.phase == "imported"
