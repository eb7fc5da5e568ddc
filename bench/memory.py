"""What verifying an archive takes of memory, and how much of that is due to each ballot."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.elections import ONE, UUID, made

SIZES = (1_000, 8_000)


@dataclass(frozen=True, slots=True)
class Memory:
    """Peak resident memory of verifying two archives. peaks: bytes, one per size; slope: bytes per ballot;
    ballot_bytes: how long one ballot is."""

    group: str
    sizes: tuple[int, ...]
    peaks: tuple[int, ...]
    slope: int
    ballot_bytes: int


# A process that has been started counts the memory of the one that started it as its own peak, until it runs its
# own program. So a small one starts the verifier, not this one, which holds whole archives.
_SMALL = """
import os, sys
started = os.posix_spawn(sys.argv[1], sys.argv[1:], dict(os.environ), file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
_, status, usage = os.wait4(started, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""


def peak_of_verifying(archive: bytes, place: Path) -> int:
    """Peak resident bytes of `selectorate verify` as a process of its own. Raises RuntimeError if it does not
    pass the archive."""
    path = place / f"{UUID}.bel"
    path.write_bytes(archive)
    command = [sys.executable, "-m", "selectorate", "verify", str(path), "--json"]
    done = subprocess.run(
        [sys.executable, "-S", "-c", _SMALL, *command], capture_output=True, text=True, check=True
    )
    code, peak = map(int, done.stdout.split())
    # An election that has no result yet is incomplete (3), which is no fault.
    if code not in (0, 3):
        raise RuntimeError(done.stderr[:2000])
    return peak


def measured(group: str = "Ed25519", sizes: tuple[int, int] = SIZES) -> Memory:
    """The memory of two archives that differ in the number of ballots alone."""
    peaks = []
    length = 0
    for size in sizes:
        stages = made(group, ONE, size, counted=False)
        length = len(stages.ballots[0])
        archive = stages.archives["voted"]
        del stages
        with tempfile.TemporaryDirectory() as place:
            peaks.append(peak_of_verifying(archive, Path(place)))
    slope = (peaks[1] - peaks[0]) // (sizes[1] - sizes[0])
    return Memory(group, sizes, tuple(peaks), slope, length)
