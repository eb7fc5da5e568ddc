"""Foreign verifiers as processes: where they are, which version they have, how they are asked.

2.0 judges the finite-field groups; 3.0 judges Ed25519, and whole archives only for acceptance. They are
looked for in $SELECTORATE_JUDGE, in .tools/judge3 and .tools/judge33 (tests/interop/newer-judge.sh), and on
PATH. From version 4 on a tool speaks another protocol and judges nothing here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS_MAX = 300


@dataclass(frozen=True, slots=True)
class Judge:
    """One belenios-tool: its path and its version, (3, 0) for 3.0."""

    path: str
    version: tuple[int, int]

    @property
    def name(self) -> str:
        return f"belenios-tool {self.version[0]}.{self.version[1]}"

    def run(
        self, *arguments: str, folder: Path, given: bytes = b"", check: bool = True
    ) -> subprocess.CompletedProcess[bytes]:
        """Run one command in a folder. Raises RuntimeError with its own words when it refuses and `check`."""
        done = subprocess.run(
            [self.path, *arguments],
            cwd=folder,
            input=given,
            capture_output=True,
            timeout=SECONDS_MAX,
            check=False,
        )
        if check and done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise RuntimeError(f"{self.name} {' '.join(arguments)}: exit {done.returncode}: {said}")
        return done

    def accepts(self, archive: bytes, uuid: str, folder: Path) -> tuple[bool, str]:
        """Its verdict on a whole archive, and its words."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{uuid}.bel").write_bytes(archive)
        done = self.run("election", "verify", "--dir", ".", folder=folder, check=False)
        words = (done.stdout + done.stderr).decode("utf-8", "replace").strip()
        return done.returncode == 0, words


@cache
def judges() -> tuple[Judge, ...]:
    """Every belenios-tool within reach that starts, in the order of their versions."""
    places = [
        os.environ.get("SELECTORATE_JUDGE") or "",
        str(ROOT / ".tools" / "judge3" / "belenios-tool"),
        str(ROOT / ".tools" / "judge33" / "belenios-tool"),
        shutil.which("belenios-tool") or "",
    ]
    found: dict[tuple[int, int], Judge] = {}
    for place in places:
        if not place or not os.access(place, os.X_OK):
            continue
        done = subprocess.run([place, "--version"], capture_output=True, text=True, timeout=60, check=False)
        number = re.match(r"(\d+)\.(\d+)", done.stdout)
        if done.returncode == 0 and number and int(number[1]) < 4:
            version = (int(number[1]), int(number[2]))
            found.setdefault(version, Judge(place, version))
    return tuple(found[version] for version in sorted(found))


def judge_for(group: str) -> Judge | None:
    """The one that may judge elections of a group: 3.0 or newer in Ed25519, 2.x in the finite fields."""
    if group == "Ed25519":
        return next((judge for judge in judges() if judge.version >= (3, 0)), None)
    return next((judge for judge in judges() if judge.version < (2, 1)), None)
