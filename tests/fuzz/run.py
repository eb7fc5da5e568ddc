"""Coverage-guided fuzzing of every parser: `python -m tests.fuzz.run --seconds 60` (all), or with names.

Each parser runs in a process of its own, two at a time, and fails when an exception other than the declared ones
escapes, an input takes more than 2 s, or the process needs more than 512 MB. What was found stays in the folder
named with --keep, to be given to the parser again with --again FILE. Needs requirements-assurance.txt.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

MEMORY_MB, INPUT_SECONDS = 512, 2
ROOT = Path(__file__).parents[2]
SLOW_START = ("examination", "kernel-setup")
"""Their honest input alone takes some hundred milliseconds; short inputs keep them moving."""


def one(name: str, seconds: int, keep: Path) -> int:
    """In this process: fuzz one parser. libFuzzer ends the process itself."""
    import atheris

    with atheris.instrument_imports(include=["selectorate"]):
        from tests.fuzz.parsers import DECLARED, PARSERS

        import selectorate.ballot.check
        import selectorate.roll.reading  # noqa: F401

    parser = PARSERS[name]
    corpus = keep / name / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(parser.seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)

    def read(data: bytes) -> None:
        try:
            parser.read(data)
        except DECLARED:
            return

    options = [
        f"-max_total_time={seconds}", f"-timeout={INPUT_SECONDS}", f"-rss_limit_mb={MEMORY_MB}",
        f"-artifact_prefix={keep / name}/", "-max_len=65536", "-print_final_stats=1", "-verbosity=0",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(corpus)], read)
    atheris.Fuzz()
    return 0


def started(name: str, seconds: int, keep: Path) -> tuple[str, int, str]:
    """One parser in a process of its own: (name, exit code, what it printed)."""
    command = [
        sys.executable,
        "-m",
        "tests.fuzz.run",
        "--one",
        name,
        "--seconds",
        str(seconds),
        "--keep",
        str(keep),
    ]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=seconds * 3 + 120
    )
    return name, done.returncode, done.stdout + done.stderr


def line(name: str, code: int, said: str) -> str:
    """One line of the table: executions, peak memory, verdict."""
    runs = re.search(r"number_of_executed_units:\s*(\d+)", said)
    memory = re.search(r"peak_rss_mb:\s*(\d+)", said)
    counts = f"{runs[1] if runs else '?':>9} inputs  {memory[1] if memory else '?':>4} MB"
    return f"{name:<18} {counts}  {'held' if code == 0 else f'FOUND SOMETHING (exit {code})'}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("names", nargs="*", help="parsers (all by default)")
    parser.add_argument("--seconds", type=int, default=60, help="for each parser (default: 60)")
    parser.add_argument(
        "--keep", type=Path, help="folder for corpora and findings (default: a temporary one)"
    )
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument(
        "--again", type=Path, metavar="FILE", help="give FILE to the one parser named, and stop"
    )
    chosen = parser.parse_args()
    keep = chosen.keep or Path(tempfile.mkdtemp(prefix="selectorate-fuzz-"))
    if chosen.one:
        return one(chosen.one, chosen.seconds, keep)
    from tests.fuzz.parsers import PARSERS, attempt

    names = chosen.names or list(PARSERS)
    unknown = sorted(set(names) - set(PARSERS))
    if unknown:
        print(f"There is no parser {', '.join(unknown)}. Known: {', '.join(PARSERS)}.")
        return 2
    if chosen.again:
        print(attempt(names[0], chosen.again.read_bytes()) or "taken")
        return 0
    failed = 0
    print(f"{len(names)} parsers, {chosen.seconds} s each, two at a time; findings in {keep}", flush=True)
    with ThreadPoolExecutor(2) as pool:
        for name, code, said in pool.map(lambda name: started(name, chosen.seconds, keep), names):
            print(line(name, code, said), flush=True)
            if code:
                failed += 1
                print(said[-4000:])
    print(f"{len(names) - failed} of {len(names)} parsers held.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
