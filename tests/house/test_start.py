"""How fast the command line starts, and what it must not load to say what it can do."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time

from tests.house.source_graph import ROOT

HELP = [sys.executable, "-c", "from selectorate.cli import main; main(['--help'])"]
SECONDS_MAX = 0.300
HEAVY = ("duckdb", "pydantic", "cryptography", "rich", "django", "python_calamine", "selectorate._kernel")


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30, env=surroundings)


def test_help_comes_in_under_300_milliseconds() -> None:
    """Best of five. On a machine that is busy with more than it has cores for, its own work counts."""
    took, worked = [], []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begun = time.perf_counter()
        answer = run(HELP)
        took.append(time.perf_counter() - begun)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        worked.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert "Usage:" in answer.stdout
    busy = os.getloadavg()[0] > (os.cpu_count() or 1)
    best = min(worked) if busy else min(took)
    assert best < SECONDS_MAX, f"{best * 1000:.0f} ms"


def test_help_loads_nothing_heavy() -> None:
    answer = run([HELP[0], "-X", "importtime", *HELP[1:]])
    loaded = {line.rsplit("|", 1)[-1].strip() for line in answer.stderr.splitlines() if "|" in line}
    heavy = sorted(name for name in loaded if name.startswith(HEAVY))
    assert not heavy, f"--help imports {heavy}"
    assert "selectorate.cli" in loaded


def test_count_ballot_and_verify_need_no_duckdb() -> None:
    """They install without the extra `roll`."""
    blocked = (
        "import sys\n"
        "for name in ('duckdb', 'python_calamine', 'xlsxwriter'): sys.modules[name] = None\n"
        "import selectorate.count, selectorate.ballot, selectorate.verify, selectorate.log, selectorate.rules"
    )
    run([sys.executable, "-c", blocked])
