"""Ctrl-C in every long step: exit 130, one sentence, nothing half-written, and the same command goes on.

A real SIGINT arrives at a chosen place of the step, before or after what is done there.
"""

from __future__ import annotations

import importlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.selection import BOTH, BY, Selection, Theatre, making_a_key, report, say
from tests.office.test_failures import check_log, check_public
from tests.thinned import thinned

ROOT = Path(__file__).resolve().parents[2]
SENTENCE = "\nInterrupted. Nothing is half-written; run the same command again to go on.\n"
Typed = tuple[str | Path, ...]
LEFT_OVER = re.compile(r"\..+\.[0-9a-f]{8}")


def interrupt(monkeypatch: pytest.MonkeyPatch, place: str, *, after: bool) -> None:
    """Send SIGINT to this process the first time that the function at `place` is called, before or after it."""
    name, _, path = place.partition(":")
    owner: Any = importlib.import_module(name)
    *outer, attribute = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    real = getattr(owner, attribute)
    sent: list[int] = []

    def interrupted(*given: Any, **named: Any) -> Any:
        if sent:
            return real(*given, **named)
        sent.append(signal.SIGINT)
        if not after:
            os.kill(os.getpid(), signal.SIGINT)
        found = real(*given, **named)
        if after:
            os.kill(os.getpid(), signal.SIGINT)
        return found

    monkeypatch.setattr(owner, attribute, interrupted)


def accepting(s: Selection) -> Typed:
    path = s.root / "more.jsonl"
    if not path.exists():
        lines = s.ballots({f"M-{n:05}": (1, 2, 3, 4) for n in range(1, 9)})
        path.write_bytes(b"\n".join(lines) + b"\n")
    return ("ballot", "accept", s.office, path)


STEPS: dict[str, tuple[str, Callable[[Selection], Typed], list[str]]] = {
    # name: (phase, what is typed, acts that it adds)
    "roll import": (
        "new",
        lambda s: ("roll", "import", s.office, s.root / "members.csv", s.root / "payments.csv", *BY),
        ["roll.imported"],
    ),
    "roll findings": (
        "imported",
        lambda s: ("roll", "findings", s.office, "--answer-to", "roll@orchard.example", *BY),
        [],
    ),
    "roll freeze": ("asked", lambda s: ("roll", "freeze", s.office, *BOTH), ["roll.frozen"]),
    "ballot accept": ("polling", accepting, ["Ballot"] * 8),
    "ballot close": (
        "voted",
        lambda s: ("ballot", "close", s.office, *BOTH),
        ["poll.closed", "EndBallots", "EncryptedTally"],
    ),
    "mix": ("closed", lambda s: ("mix", s.public, s.root / "shuffle.json", "--owner", "1"), []),
    "trustee decrypt": (
        "mixed",
        lambda s: s.decrypting(1),
        [],
    ),
    "count": ("result", lambda s: ("count", s.office, *BY), ["sheet.declared"]),
    "certify": ("declared", lambda s: ("certify", s.office, *BY), ["certificate.issued"]),
    "publish": ("certified", lambda s: ("publish", s.office), []),
    "verify": ("published", lambda s: ("verify", s.public), []),
    "trustee new": ("new", making_a_key, []),
    "trustee prove": (
        "proved",
        lambda s: ("trustee", "prove", *s.unlock(1), "--by", "Trustee One", s.public, s.root / "proof.json"),
        [],
    ),
    "ballot hold": (
        "proved",
        lambda s: ("ballot", "hold", s.office, s.sent("proof", 1)),
        ["trustee.held"],
    ),
    "credentials make": (
        "final",
        lambda s: (
            "credentials",
            "make",
            s.public,
            s.office / "vault" / "electorate.csv",
            s.letters,
            *s.passphrase(),
        ),
        [],
    ),
}
WRITE = "selectorate.office.store:Record._write"
PUBLIC = "selectorate.office.projection:_write"
FILE = "selectorate.office.files:write"
PLACES = [
    # (step, place, after, whether the act is on the record by then)
    ("roll import", "selectorate.roll.reading:read_file", False, False),
    ("roll import", "selectorate.roll.intake:_payments", False, False),
    ("roll import", "selectorate.roll.intake:take_in", True, False),
    ("roll import", WRITE, True, False),
    ("roll import", PUBLIC, False, True),
    ("roll findings", "selectorate.roll.signals.looking:look", True, False),
    ("roll findings", "selectorate.office.vault:Vault.save_bytes", False, False),
    ("roll findings", "selectorate.office.vault:Vault.save", True, False),
    ("roll freeze", "selectorate.office.roll:lay_out", True, False),
    ("roll freeze", "selectorate.office.vault.staging:Staging.write", True, False),
    ("roll freeze", "selectorate.office.workspace:Workspace.append_only", True, True),
    ("roll freeze", WRITE, True, False),
    ("roll freeze", PUBLIC, True, True),
    ("ballot accept", "selectorate.ballot.acceptance:Acceptance.judge", True, False),
    ("ballot accept", WRITE, True, False),
    ("ballot accept", "selectorate.office.workspace:Workspace.append_only", True, True),
    ("ballot accept", PUBLIC, True, True),
    ("ballot close", "selectorate.ballot.make:tally_of", True, False),
    ("ballot close", WRITE, True, False),
    ("ballot close", PUBLIC, False, True),
    ("mix", "selectorate.ballot.make:shuffle", False, False),
    ("mix", "selectorate.ballot.make:shuffle", True, False),
    ("trustee decrypt", "selectorate.ballot.make:decryption", False, False),
    ("trustee decrypt", "selectorate.ballot.make:decryption", True, False),
    ("count", "selectorate.count.stv:count", True, False),
    ("count", WRITE, True, False),
    ("certify", "selectorate.count.margin:certify", True, False),
    ("certify", WRITE, True, False),
    ("publish", FILE, True, False),
    ("verify", "selectorate.verify.folder:check", True, False),
    ("trustee new", FILE, True, False),
    ("trustee prove", FILE, True, False),
    ("ballot hold", WRITE, True, False),
    ("credentials make", FILE, True, False),
]


@pytest.mark.parametrize(
    ("step", "place", "after", "recorded"),
    thinned(PLACES, 4),
    ids=[f"{step}, {'after' if after else 'before'} {place.rpartition(':')[2]}" for step, place, after, _ in PLACES],
)  # fmt: skip
def test_an_interrupted_step_is_done_by_the_same_command(
    step: str, place: str, after: bool, recorded: bool, theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    phase, typed, added = STEPS[step]
    s = theatre.at(phase)
    arguments, before = typed(s), check_log(s)
    with monkeypatch.context() as patch:
        interrupt(patch, place, after=after)
        said = say(*arguments)
    assert (said.code, said.err.endswith(SENTENCE)) == (
        130,
        True,
    )  # an import first says how it reads columns
    # Only ballots are answered before the end: each line after its ballot is durable.
    assert bool(said.out) == ((step, place) == ("ballot accept", PUBLIC))
    left = [path for path in s.root.rglob(".*") if LEFT_OVER.fullmatch(path.name)]
    assert not left, f"half-written: {left}"
    assert check_log(s) == before + (added if recorded else [])
    again = say(*arguments)
    # An act that had reached the record is not done twice; a ballot gets the same answer.
    expected = 2 if recorded and step != "ballot accept" else 0
    assert again.code == expected, again.out + again.err
    assert check_log(s) == before + added
    if step not in ("publish", "verify"):
        check_public(s)
    assert report(s.public) == (0, [])


def test_ctrl_c_ends_a_process_that_waits_for_ballots(theatre: Theatre) -> None:
    """The whole program, as typed: exit 130, the sentence, and what was acknowledged is published."""
    s = theatre.at("polling")
    command = [sys.executable, "-m", "selectorate", "ballot", "accept", str(s.office), "-"]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    office = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings,
    )
    assert office.stdin is not None
    assert office.stdout is not None
    assert office.stderr is not None
    office.stdin.write(s.ballots({"M-00001": (1, 2, 3, 4)})[0] + b"\n")
    office.stdin.flush()
    assert office.stdout.readline().startswith(b"accepted ")
    office.send_signal(signal.SIGINT)
    with office.stdin, office.stdout, office.stderr:
        assert office.wait(30) == 130
        assert office.stderr.read().decode() == SENTENCE
    check_public(s)
    assert report(s.public) == (0, [])


def test_ctrl_c_is_answered_while_the_kernel_works(theatre: Theatre) -> None:
    """The kernel works without the interpreter lock: another thread of the program goes on meanwhile, and the
    interrupt is answered when the running chunk is done, long before a whole archive would be."""
    s = theatre.at("polling")
    program = f"""
import json, os, signal, threading, time
from pathlib import Path
from selectorate import _kernel
from selectorate.cli.elector import open_poll
setup, _ = open_poll(Path({str(s.public)!r}))
kernel = _kernel.Election(setup.election, setup.trustees, setup.credentials)
ballots = kernel.make_ballots([{next(iter(s.credentials().values()))!r}] * 1500, ["[[1,2,3,4]]"] * 1500)
ticks = []
def tick():
    while True:
        ticks.append(time.monotonic())
        time.sleep(0.001)
threading.Thread(target=tick, daemon=True).start()
threading.Timer(0.01, os.kill, (os.getpid(), signal.SIGINT)).start()
begun = time.monotonic()
try:
    while True:
        kernel.check_ballots(ballots)
        done = time.monotonic()
except KeyboardInterrupt:
    during = sum(begun < one < done for one in ticks) if 'done' in dir() else len(ticks)
    print(json.dumps([during, time.monotonic() - begun]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    import json

    ticks, seconds = json.loads(done.stdout)
    assert ticks >= 2, "no other thread ran while the kernel worked"
    assert seconds < 20


def test_ctrl_c_inside_a_query_of_the_engine_is_an_interrupt_too(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB watches for it and answers with an error of its own; the tables are as they were."""
    import threading

    from selectorate.roll import intake

    s = theatre.at("new")
    arguments = STEPS["roll import"][1](s)

    def long(engine: Any) -> None:
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
        engine.execute("SELECT sum(range % 7) FROM range(3000000000)")

    begun = time.monotonic()
    with monkeypatch.context() as patch:
        patch.setattr(intake, "_households", long)
        said = say(*arguments)
    assert time.monotonic() - begun < 15, "the query ran to its end"
    assert (said.code, said.out) == (130, "")
    assert said.err.endswith(SENTENCE)  # before it stands how the files' columns are read
    assert say(*arguments).code == 0
    assert report(s.public) == (0, [])


def test_a_reader_that_goes_away_gets_no_traceback(theatre: Theatre) -> None:
    s = theatre.at("published")
    verify = subprocess.Popen(
        [sys.executable, "-m", "selectorate", "verify", str(s.public)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert verify.stdout is not None
    assert verify.stderr is not None
    verify.stdout.close()
    with verify.stderr:
        assert verify.stderr.read() == b""
    assert verify.wait(30) == 2


def test_two_interrupts_in_a_row_still_leave_a_whole_record(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody impatient: the second Ctrl-C comes while the public folder is written after the first."""
    s = theatre.at("polling")
    arguments, before = accepting(s), check_log(s)
    with monkeypatch.context() as patch:
        interrupt(patch, "selectorate.office.workspace:Workspace.append_only", after=True)
        interrupt(patch, PUBLIC, after=True)
        assert say(*arguments).code == 130
    assert check_log(s) == before + ["Ballot"] * 8
    assert say(*arguments).code == 0
    assert check_log(s) == before + ["Ballot"] * 8
    check_public(s)
