"""`ballot accept DIR -` is killed again and again while another process feeds it ballots.

The feeder keeps every line that was acknowledged and sends again what was not. Afterwards no acknowledged ballot
is missing, none stands twice, all stand in the order in which they were sent, and the folder verifies.
"""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest
from tests.cli.selection import MEMBERS, Selection, Theatre, report

from selectorate.office.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def ending(office: subprocess.Popen[bytes]) -> Iterator[None]:
    """Where a claim fails, the office ends too, and the test says what failed."""
    try:
        yield
    except BaseException:
        office.kill()
        raise


@dataclass
class Feeder:
    """Sends ballots to the office and remembers what it acknowledged: tracker -> entry."""

    selection: Selection
    trackers: list[str]
    ballots: list[bytes]
    draw: random.Random
    acknowledged: dict[str, int] = field(default_factory=dict)

    def pending(self) -> list[bytes]:
        pairs = zip(self.trackers, self.ballots, strict=True)
        return [ballot for tracker, ballot in pairs if tracker not in self.acknowledged]

    def live(self, share: int, *, lines: int = 0, late: float = 0, early: float = 0) -> int:
        """One life of the office, in which it is sent at most `share` ballots; its exit code.

        It is killed after so many lines, or seconds after the first line, or seconds after its start; or
        never: then its input ends and it ends itself.
        """
        command = [
            sys.executable,
            "-m",
            "selectorate",
            "ballot",
            "accept",
            str(self.selection.office),
            "-",
        ]
        office = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )
        assert office.stdin is not None
        assert office.stdout is not None
        doomed = bool(lines or late or early)
        sending = (office.stdin, self.pending()[:share], doomed)
        sender = threading.Thread(target=self.send, args=sending)
        sender.start()
        clock = threading.Timer(early or 120, office.kill)
        clock.start()
        with office.stdout, ending(office):
            for number, line in enumerate(office.stdout, 1):
                if not line.endswith(b"\n"):
                    break  # cut off by the kill: nobody would rely on it
                self.note(line)
                if number == 1 and late:
                    threading.Timer(late, office.kill).start()
                if number == lines:
                    office.kill()
        code = office.wait(60)
        clock.cancel()
        sender.join(60)
        with contextlib.suppress(BrokenPipeError):
            office.stdin.close()
        return code

    def note(self, line: bytes) -> None:
        assert line.startswith(b"accepted "), line
        _, tracker, entry = line.split()
        known = self.acknowledged.setdefault(tracker.decode(), int(entry))
        assert known == int(entry), "a ballot that is sent again gets the same answer"

    def send(self, to: IO[bytes], ballots: Sequence[bytes], stay: bool) -> None:
        """A few at a time, as they would come from many electors; `stay`: more could come."""
        start = 0
        with contextlib.suppress(BrokenPipeError):
            while start < len(ballots):
                size = self.draw.randint(1, 4)
                to.write(b"".join(ballot + b"\n" for ballot in ballots[start : start + size]))
                to.flush()
                start += size
                time.sleep(self.draw.uniform(0, 0.01))
            if not stay:
                to.close()


def feeder(s: Selection, number: int, seed: int) -> Feeder:
    """`number` ballots of the electors in turn; whoever is asked again votes again."""
    from selectorate.ballot import make

    draw = random.Random(seed)
    members = [f"M-{n:05}" for n in range(1, MEMBERS - 1)]
    ballots: list[bytes] = []
    while len(ballots) < number:
        papers = {member: tuple(draw.sample(range(1, 5), 4)) for member in members}
        ballots += s.ballots(papers)
    del ballots[number:]
    return Feeder(s, [make.tracker(ballot) for ballot in ballots], ballots, draw)


def in_the_record(s: Selection) -> dict[str, int]:
    """Tracker -> entry, in the order of acceptance."""
    return {tracker: entry for tracker, entry, _ in Workspace(s.office, alone=False).record.ballots()}


def killed_at_random(s: Selection, *, ballots: int, kills: int, seed: int) -> None:
    told = feeder(s, ballots, seed)
    share = ballots // kills
    for kill in range(kills):
        moment = told.draw.random()
        if moment < 0.4:
            code = told.live(share, lines=told.draw.randint(1, share))
        elif moment < 0.8:
            code = told.live(share, late=told.draw.uniform(0.0001, 0.15))
        else:
            code = told.live(share, early=told.draw.uniform(0.05, 1.0))
        assert code == -9
        stored = in_the_record(s)
        missing = {t: entry for t, entry in told.acknowledged.items() if stored.get(t) != entry}
        assert not missing, f"acknowledged, and not in the record after kill {kill + 1}: {missing}"
    assert told.live(ballots) == 0
    assert len(told.acknowledged) == ballots
    stored = in_the_record(s)
    assert list(stored) == told.trackers, "each once, in the order in which they were sent"
    assert stored == told.acknowledged
    assert report(s.public) == (0, [])
    assert s.acts().count("Ballot") == ballots


def test_no_acknowledged_ballot_is_lost_when_the_office_is_killed(theatre: Theatre) -> None:
    killed_at_random(theatre.at("polling"), ballots=24, kills=2, seed=7)


@pytest.mark.slow
def test_no_acknowledged_ballot_is_lost_in_fifty_kills(theatre: Theatre) -> None:
    killed_at_random(theatre.at("polling"), ballots=500, kills=50, seed=11)


def test_a_line_is_printed_only_after_its_ballot_is_durable(theatre: Theatre) -> None:
    """Killed the moment the line can be read, before anything else can be written."""
    s = theatre.at("polling")
    told = feeder(s, 6, seed=1)
    for number in (1, 2):
        assert told.live(3, lines=1) == -9
        assert len(told.acknowledged) >= number
        assert told.acknowledged.items() <= in_the_record(s).items()
