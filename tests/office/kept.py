"""What the tests of the office's keeping have in common."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.cli.selection import Selection, done, report

LATER = ("--at", "2027-02-01T09:00:00Z")
WHY = ("--why", "The member telephoned.")


def told(*arguments: Any) -> dict[str, Any]:
    return dict(json.loads(done(*arguments, "--json")))


def entries(s: Selection, act: str) -> list[dict[str, Any]]:
    return [entry for line in s.lines() if (entry := json.loads(line))["act"] == act]


def passes_both_verifiers(s: Selection, repository: Path) -> bool:
    command = [sys.executable, str(repository / "auditor" / "verify.py"), str(s.public)]
    other = subprocess.run(command, capture_output=True, text=True, check=False)
    return report(s.public) == (0, []) and other.returncode == 0
