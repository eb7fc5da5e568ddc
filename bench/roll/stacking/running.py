"""Detectors are programs: started on the files of a roll, timed, and heard through what they print."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from bench.roll.checks import ROOT, STARTER
from bench.roll.stacking.homes import Ints
from numpy.typing import NDArray

FREEZE = 3650
# tables go to the detector under an option, where the detector has it
TABLES = {
    "edits": ("edits",),
    "receipts": ("receipts",),
    "exclusions": ("exclusions",),
    "signins": ("signins",),
    "transfers": ("transfers",),
    "declared": ("drives", "schemes"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """One finding. members: their numbers, none where it is about a branch."""

    kind: str
    severity: int
    branch: int
    members: Ints


@dataclass(frozen=True, slots=True)
class Found:
    """What a detector printed. member, evidence: of one length. MiB: the most memory that the process had."""

    member: Ints
    evidence: NDArray[np.float64]
    findings: tuple[Named, ...]
    seconds: float
    worked: float
    memory: float
    digest: int


@dataclass(frozen=True, slots=True)
class Detector:
    """A name for the table, and the command without the files. barred: its evidence has degrees, so a bar is set."""

    name: str
    command: tuple[str, ...]
    options: tuple[str, ...]
    barred: bool = True

    def look(self, roll: Path, members: str = "members") -> Found:
        """Runs it on the files of one roll; `members` says which table of them.

        Raises RuntimeError, with what the program said, where it does not end with 0.
        """
        command = [
            *self.command,
            "--members",
            str(roll / f"{members}.parquet"),
            "--freeze",
            str(FREEZE),
            "--json",
        ]
        for option, tables in TABLES.items():
            for table in tables if f"--{option}" in self.options else ():
                command += [f"--{option}", str(roll / f"{table}.parquet")]
        return heard(command)


def heard(command: list[str]) -> Found:
    """Starts the command and reads what it prints. It is started by a small process, whose memory is not counted."""
    out = Path(os.environ.get("TMPDIR", "/tmp")) / f"stacking-{os.getpid()}.json"  # noqa: S108 - removed below
    out.touch()
    begun = time.perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, "-S", "-c", STARTER, str(out), *command],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - begun
        code, worked, memory = map(float, done.stdout.split()) if done.returncode == 0 else (1.0, 0.0, 0.0)
        printed = out.read_text(encoding="utf-8")
    finally:
        out.unlink()
    if code:
        raise RuntimeError(f"{' '.join(command)} ended with {code:.0f}: {(done.stderr + printed)[-1500:]}")
    return _read(printed, seconds, worked, memory)


def _read(printed: str, seconds: float, worked: float, memory: float) -> Found:
    told: dict[str, Any] = json.loads(printed)
    findings = tuple(
        Named(
            one["kind"],
            int(one["severity"]),
            -1 if one["branch"] is None else int(one["branch"]),
            np.array(one["members"], dtype=np.int64),
        )
        for one in told["findings"]
    )
    number = len(told["members"])
    member = np.fromiter(map(int, told["members"]), dtype=np.int64, count=number)
    evidence = np.fromiter(map(float, told["members"].values()), dtype=np.float64, count=number)
    return Found(member, evidence, findings, seconds, worked, memory, hash(printed))


def ours(engine: str | None = None) -> Detector | None:
    """The command of this project, or None where it does not read a table of members yet."""
    command = (sys.executable, "-m", "selectorate", "roll", "findings")
    done = subprocess.run([*command, "--help"], cwd=ROOT, capture_output=True, text=True, check=False)
    options = tuple(word.strip(",") for word in done.stdout.split() if word.startswith("--"))
    if "--members" not in options:
        return None
    return Detector("selectorate", (*command, "--engine", engine) if engine else command, options)


def uncalibrated(own: Detector) -> Detector | None:
    """The same without calibration, where the command has a switch for it."""
    switch = next(
        (one for one in own.options if one.endswith(("no-calibration", "without-calibration"))), None
    )
    if switch is None:
        return None
    return Detector(f"{own.name}, no calibration", (*own.command, switch), own.options)


def baseline(name: str, title: str) -> Detector:
    """One of the plain rules of `baselines`."""
    return Detector(
        title, (sys.executable, "-m", "bench.roll.stacking.baselines", name), (), not name.startswith("fixed")
    )
