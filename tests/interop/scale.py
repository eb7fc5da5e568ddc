"""Many jobs on a few processes: resumable, with progress, and a table at the end.

`python -m tests.interop.scale --help`: the same tasks as the tests, as many as wanted; `make release` runs the
large numbers. Jobs that were done are in a file of the folder build/judges and are not done again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tests.interop.tasks import KEPT, Outcome, as_line, perform

PROCESSES = 2
SEED = os.environ.get("SELECTORATE_SEED", "grove")
"""Of the runs in CI: always the same unless another is named, so that a change is not blamed for a draw."""
RELEASE = {
    "two-honest": 1000,
    "ours-finite": 1000,
    "ours-edwards": 1000,
    "theirs-finite": 1000,
    "theirs-edwards": 1000,
    "spoiled-archive": 2000,
    "spoiled-ballot": 2000,
    "two-edited": 10000,
}
Job = tuple[str, str]


def jobs_of(seed: str, numbers: dict[str, int]) -> list[Job]:
    """The jobs of a run: task, and a seed that names the run, the task and the place in it."""
    return [(task, f"{seed}-{number}") for task, count in numbers.items() for number in range(count)]


def processes(number: int = PROCESSES) -> ProcessPoolExecutor:
    """A fresh interpreter per process: the kernel has threads of its own, which do not survive a fork."""
    return ProcessPoolExecutor(number, mp_context=multiprocessing.get_context("spawn"))


def run(jobs: Sequence[Job], number: int = PROCESSES) -> Iterator[list[Outcome]]:
    """Each job's outcomes as they come."""
    with processes(number) as pool:
        waiting = [pool.submit(perform, job) for job in jobs]
        try:
            for future in as_completed(waiting):
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def table(outcomes: Iterable[Outcome]) -> str:
    """kind x judge x group x what was said, with numbers; and how many of them may not stand."""
    counted: Counter[tuple[str, str, str, str]] = Counter()
    wrong: Counter[tuple[str, str, str, str]] = Counter()
    for one in outcomes:
        row = (one.kind, one.judge, one.group, one.said)
        counted[row] += 1
        wrong[row] += not one.right
    head = ("kind", "judge", "group", "said", "number", "wrong")
    rows = [head, *((*row, str(counted[row]), str(wrong[row])) for row in sorted(counted))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def stored(file: Path) -> list[Outcome]:
    """The outcomes of an earlier run; a line that was cut off is left out."""
    if not file.is_file():
        return []
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            found.append(Outcome(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Foreign judges and our two verifiers, many times over.")
    parser.add_argument(
        "--share", type=float, default=1.0, help="part of the release's numbers to do (1 = all)"
    )
    parser.add_argument(
        "--task", action="append", choices=sorted(RELEASE), help="only this task (may be repeated)"
    )
    parser.add_argument(
        "--seed", default="", help="name of the run; the last one is gone on with if none is given"
    )
    parser.add_argument("--processes", type=int, default=PROCESSES)
    options = parser.parse_args(arguments)
    KEPT.mkdir(parents=True, exist_ok=True)
    named = KEPT / "seed"
    seed = options.seed or (named.read_text() if named.is_file() else secrets.token_hex(4))
    named.write_text(seed)
    file = KEPT / f"{seed}.jsonl"
    wanted = {task: max(1, round(RELEASE[task] * options.share)) for task in options.task or RELEASE}
    jobs = jobs_of(seed, wanted)
    before = [one for one in stored(file) if (one.task, one.seed) in set(jobs) and one.said != "broke"]
    done = {(one.task, one.seed) for one in before}
    left = [job for job in jobs if job not in done]
    print(f"seed {seed}: {len(jobs):,} jobs, {len(jobs) - len(left):,} done before", flush=True)
    outcomes = before + list(_recorded(left, file, options.processes))
    print(table(outcomes))
    wrong = [one for one in outcomes if not one.right]
    print(f"seed {seed}: {len(outcomes):,} answers, {len(wrong):,} that may not stand")
    return 1 if wrong else 0


def _recorded(jobs: Sequence[Job], file: Path, processes: int) -> Iterator[Outcome]:
    """Run jobs, write each outcome to the file at once, and say every ten seconds how far it is."""
    begun = said = time.monotonic()
    with file.open("a", encoding="utf-8") as kept:
        for number, outcomes in enumerate(run(jobs, processes), 1):
            for one in outcomes:
                kept.write(as_line(one) + "\n")
                if not one.right:
                    print(f"WRONG {one.task} {one.seed} ({one.group}): {one.words}", flush=True)
                yield one
            kept.flush()
            now = time.monotonic()
            if now - said >= 10 or number == len(jobs):
                said = now
                rest = (now - begun) / number * (len(jobs) - number)
                print(f"{number:,} of {len(jobs):,} jobs, about {rest / 60:.0f} min left", flush=True)


if __name__ == "__main__":
    sys.exit(main())
