"""A million papers to a sheet, and 200 wards, side by side with pyrankvote and VoteKit: one table.

    make bench-count      the table; ARGS=--papers=100000 for fewer papers, ARGS=--orders=5000 for papers more alike

Each count is a process of its own. Time is that of the processor, all threads together, from the file to the
result, so that a busy machine slows both sides alike; wall time stands beside it. The ratio is that of the
faster peer to us.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from bench.count.papers import KINDS

from selectorate.count import count, read_ballots, ruleset

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / ".tools" / "peers" / "bin" / "python"
SEATS = 5
PLAN = (("STV", "scottish-stv", "stv", SEATS), ("IRV", "irv", "irv", 1))
LINE = "{:<34}{:<14}{:>10}{:>10}{:>9}  {:<20}{:>8}"


def main() -> int:
    asked = argparse.ArgumentParser(prog="make bench-count")
    asked.add_argument("--papers", type=int, default=1_000_000)
    asked.add_argument(
        "--orders", type=int, default=KINDS, help="voters who differ, before their papers are cut"
    )
    options = asked.parse_args()
    number = options.papers
    print(LINE.format("count", "program", "cpu s", "wall s", "MiB", "elected", "ratio"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "papers.csv"
        # in a process of its own: whoever is started by a large one counts its memory as its own peak
        making = [sys.executable, "-m", "bench.count.papers", str(path), str(number), str(options.orders)]
        subprocess.run(making, check=True)
        with path.open() as file:
            print(f"({len(set(file)) - 1:,} different rankings)")
        for title, rules, peer_rule, seats in PLAN:
            _side_by_side(f"{number:,} papers, {title}", rules, peer_rule, seats, path)
        found = _run([sys.executable, "-m", "bench.count.ours", "meek-prf", str(SEATS), str(path)])
        _show(f"{number:,} papers, exact Meek", "selectorate", found, None)
    _real()
    return 0


def _side_by_side(title: str, rules: str, peer_rule: str, seats: int, path: Path) -> None:
    ours = _run([sys.executable, "-m", "bench.count.ours", rules, str(seats), str(path), "3"])
    found = {}
    for peer in ("pyrankvote", "votekit"):
        script = ROOT / "bench" / "count" / "peers.py"
        found[peer] = _run([str(PEERS), str(script), peer, peer_rule, str(seats), str(path)])
    best = min((one["cpu"] for one in found.values() if one), default=0)
    _show(title, "selectorate", ours, best / ours["cpu"] if ours and best else None)
    for peer, one in found.items():
        _show("", peer, one, None)


def _run(command: list[str]) -> dict[str, float]:
    """What the process says; nothing if it could not be run."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"({Path(command[1]).name}: {done.stderr.strip().splitlines()[-1:]})", file=sys.stderr)
        return {}
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _show(title: str, program: str, found: dict[str, float], ratio: float | None) -> None:
    if not found:
        print(LINE.format(title, program, "-", "-", "-", "could not be run", ""))
        return
    cells = [f"{found['cpu']:.3f}", f"{found['wall']:.3f}", f"{found['peak']:.0f}"]
    elected = ",".join(found["winners"]) if isinstance(found["winners"], list) else ""
    print(LINE.format(title, program, *cells, elected, f"{ratio:.0f} x" if ratio else ""))


def _real() -> None:
    """The wards and Linn, where the data are at hand."""
    data = Path(os.environ.get("SELECTORATE_DATA") or ROOT.parent / "shared" / "data") / "count"
    if not (data / "scot_200_wards.zip").is_file():
        print("(200 wards and Linn: the data are not here)")
        return
    rules = ruleset("scottish-stv")
    with zipfile.ZipFile(data / "scot_200_wards.zip") as wards:
        files = [wards.read(name) for name in wards.namelist() if name.endswith(".csv")]
    begun, wall = time.process_time(), time.perf_counter()
    stages = sum(len(count(read_ballots(one), rules, path="fast").stages) for one in files)
    took = {"cpu": time.process_time() - begun, "wall": time.perf_counter() - wall}
    print(f"{len(files)} wards, {stages} stages: {took['cpu']:.2f} s of processor, {took['wall']:.2f} s")
    linn = (data / "glasgow_2007_linn.csv").read_bytes()
    times = []
    for _ in range(9):
        begun = time.process_time()
        sheet = count(read_ballots(linn), rules, path="fast")
        times.append(time.process_time() - begun)
    print(
        f"Linn, {sheet.valid:,} papers, {len(sheet.stages)} stages: {min(times) * 1000:.1f} ms of processor"
    )


if __name__ == "__main__":
    sys.exit(main())
