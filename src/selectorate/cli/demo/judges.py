"""Others' judgement: the auditor on a sample, and a belenios-tool that other people wrote, as processes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectorate.cli.demo.stage import Stage

SECONDS_MAX = 3600
SMALL = 30
"""Ballots in the second election, made where only an older judge is there."""


def audit(stage: Stage, sample: int) -> str:
    """What auditor/verify.py says of the public folder, on a sample, as one sentence."""
    place = Path(__file__).resolve().parents[4] / "auditor" / "verify.py"
    if not place.is_file():
        return "auditor: not run (it comes with the project's repository, not with the installed package)"
    command = [sys.executable, str(place), str(stage.public), "--sample", str(sample), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
    if done.returncode not in (0, 3):
        return f"auditor: it exited with {done.returncode}: {(done.stderr or done.stdout).strip()[:400]}"
    report = json.loads(done.stdout)
    left = [check["duty"] for check in report["checks"] if check["verdict"] == "not checked"]
    good = sum(check["verdict"] == "passed" for check in report["checks"])
    return (
        f"auditor (a second program, plain Python), sample of {sample}: {report['verdict']}, {good} checks passed; "
        f"checked in part only: {', '.join(left)}; run it whole with: make audit"
    )


@dataclass(frozen=True, slots=True)
class Judge:
    """A belenios-tool within reach: its path and version."""

    path: str
    version: tuple[int, int]

    @property
    def name(self) -> str:
        return f"belenios-tool {self.version[0]}.{self.version[1]}"


def find() -> list[Judge]:
    """Those named by SELECTORATE_JUDGE and on PATH that start."""
    found = []
    for place in (os.environ.get("SELECTORATE_JUDGE"), shutil.which("belenios-tool")):
        if place and os.access(place, os.X_OK):
            done = subprocess.run(
                [place, "--version"], capture_output=True, text=True, timeout=60, check=False
            )
            number = re.match(r"(\d+)\.(\d+)", done.stdout)
            if done.returncode == 0 and number:
                found.append(Judge(place, (int(number[1]), int(number[2]))))
    return found


def foreign(stage: Stage) -> str:
    """Which foreign verifier judged which election, and its verdict, as one sentence."""
    judges = find()
    newer = next((judge for judge in judges if judge.version >= (3, 0)), None)
    if newer is not None:
        (archive,) = stage.public.glob("*.bel")
        verdict = _verdict(newer, archive.stem, archive.read_bytes())
        return f"{newer.name} (written by others) on this election: {verdict}"
    older = next((judge for judge in judges if judge.version < (2, 1)), None)
    if older is None:
        return "foreign judge: none was found; install Debian's package belenios-tool, or name one in SELECTORATE_JUDGE"
    uuid, small = second_election()
    verdict = _verdict(older, uuid, small)
    return (
        f"{older.name} (written by others) cannot read this election's group; on a second election of {SMALL} ranked "
        f"ballots made by the same code: {verdict}"
    )


def _verdict(judge: Judge, uuid: str, archive: bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"{uuid}.bel").write_bytes(archive)
        done = subprocess.run(
            [judge.path, "election", "verify", "--dir", "."],
            cwd=folder, capture_output=True, text=True, timeout=SECONDS_MAX, check=False,
        )  # fmt: skip
    words = (done.stderr or done.stdout).strip().splitlines()
    return "accepted" if done.returncode == 0 else f"refused ({words[-1] if words else done.returncode})"


def second_election(group: str = "RFC-3526-2048", ballots: int = SMALL) -> tuple[str, bytes]:
    """A small ranked election in a group that the older judge reads: (uuid, archive)."""
    import secrets

    from selectorate import _kernel
    from selectorate.ballot import make
    from selectorate.ballot.archive import read
    from selectorate.ballot.closing import closing_of
    from selectorate.ballot.objects import CastBallot, Credential, Question

    uuid = make.new_uuid(secrets.token_bytes(32))
    keys = [_kernel.new_trustee(group) for _ in range(3)]
    pairs = _kernel.new_credentials(group, uuid, ballots)
    question = Question("ranked", "Who should sit on the committee?", ("Ash", "Beech", "Cedar", "Elm", "Oak"))
    setup = make.make_election(
        uuid=uuid,
        name="A second, small election",
        description="Made beside a demonstration, for an older verifier.",
        group=group,
        questions=(question,),
        trustees=[public for _, public in keys],
        credentials=[Credential(public) for _, public in pairs],
    )
    archive, head = make.begin(1_800_000_000)
    event = make.setup_event(head, setup)
    archive += event.added
    choices = [json.dumps([[(n + k) % 5 + 1 for k in range(5)]]) for n in range(ballots)]
    cast = make.ballots(setup, [private for private, _ in pairs], choices)
    counted = []
    for (_, public), ballot in zip(pairs, cast, strict=True):
        event = make.ballot_event(event.head, ballot)
        archive += event.added
        counted.append(CastBallot(event.height, make.tracker(ballot), public, ballot))
    event = make.end_ballots_event(event.head)
    archive += event.added
    tally = make.encrypted_tally(setup, cast)
    event = make.tally_event(event.head, tally, counted, [Credential(public) for _, public in pairs])
    archive += event.added
    for owner in (1, 2):
        closing = closing_of(read(archive, uuid)[0])
        if closing is None or closing.shuffle_input is None:
            raise RuntimeError("the second election cannot be mixed")
        event = make.shuffle_event(event.head, owner, make.shuffle(setup, closing.shuffle_input))
        archive += event.added
    event = make.end_shuffles_event(event.head)
    archive += event.added
    closing = closing_of(read(archive, uuid)[0])
    if closing is None or closing.ciphertexts is None:
        raise RuntimeError("the second election cannot be decrypted")
    sent = (make.decryption(setup, private, closing.ciphertexts) for private, _ in keys)
    decryptions = list(enumerate(sent, 1))
    for owner, content in decryptions:
        event = make.decryption_event(event.head, owner, content)
        archive += event.added
    event = make.result_event(event.head, make.result(setup, closing.ciphertexts, decryptions))
    return uuid, archive + event.added
