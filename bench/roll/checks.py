"""How long a look at a membership list takes: the command itself, as a process of its own.

    make bench-checks                    50,000 rows as XLSX, 1,000,000 as CSV
    make bench-checks ARGS=--most        10,000,000 rows as CSV too (2 GB of disk, for the time it takes)

The rows have the columns of a CiviCRM export; everybody and everything in them is invented.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEADER = ROOT / "vectors" / "roll" / "headers" / "civicrm_membership.csv"
LETTERS = ("Alpha", "Bravo", "Delta", "Echo", "Golf", "Hotel", "Lima", "Oscar", "Sierra", "Tango", "Victor")
SIZES = ((50_000, "xlsx"), (1_000_000, "csv"))
MOST = (10_000_000, "csv")
# A started process counts the memory of the one that started it until it runs its own program: a small one starts it.
STARTER = """
import os, sys
out = os.open(sys.argv[1], os.O_WRONLY)
started = os.posix_spawn(sys.argv[2], sys.argv[2:], dict(os.environ), file_actions=[(os.POSIX_SPAWN_DUP2, out, 1)])
_, status, usage = os.wait4(started, 0)
scale = 2 ** 20 if sys.platform == "darwin" else 1024
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale)
"""


def rows(number: int) -> Iterator[tuple[str, ...]]:
    """The header, then so many invented memberships."""
    drawn = random.Random(5)
    with HEADER.open(newline="", encoding="utf-8-sig") as file:
        yield tuple(next(csv.reader(file)))
    for place in range(1, number + 1):
        joined = date(2005, 1, 1) + timedelta(drawn.randrange(7_000))
        begun = joined.replace(year=2026, day=min(joined.day, 28))
        yield (
            str(100_000 + place),
            f"EWP-{place:08}",
            drawn.choice(LETTERS) + drawn.choice(LETTERS).lower(),
            f"{drawn.choice(LETTERS)}{drawn.randrange(place // 3 + 100)}",
            f"member{place}@example.org" if place % 5 else "",
            f"+33 6 {drawn.randrange(10**8):08}" if place % 3 else "",
            f"{drawn.randrange(200)} {drawn.choice(LETTERS)} Road",
            "Northtown" if place % 7 else "Southtown",
            str(59_000 + drawn.randrange(900)),
            "France",
            "fr_FR",
            str(500_000 + place),
            "Standard" if place % 4 else "Household",
            joined.isoformat(),
            begun.isoformat(),
            begun.replace(year=2027).isoformat(),
            "Online" if place % 3 else "",
            "Current",
            "0",
            "",
            "0",
            str(900_000 + place),
        )


def write(path: Path, number: int) -> None:
    """Make the file."""
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows(number))
        return
    import xlsxwriter  # type: ignore[import-untyped]

    with xlsxwriter.Workbook(path, {"constant_memory": False, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for place, cells in enumerate(rows(number)):
            sheet.write_row(place, 0, cells)


def check(path: Path, out: Path) -> tuple[int, float, float, float]:
    """(rows kept, seconds, seconds of processor, peak MiB) of one `roll check`; its waiting is shown on a terminal.

    Raises RuntimeError where the command finds a fault in the file.
    """
    out.touch()
    command = [sys.executable, "-m", "selectorate", "roll", "check", str(path), "--json"]
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-S", "-c", STARTER, str(out), *command],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    seconds = time.perf_counter() - begun
    code, worked, peak = map(float, done.stdout.split())
    if code:
        raise RuntimeError(f"roll check ended with {code:.0f}: {out.read_text()[:1000]}")
    return json.loads(out.read_text())["rows_kept"], seconds, worked, peak


def main() -> int:
    asked = argparse.ArgumentParser(prog="make bench-checks")
    asked.add_argument("--most", action="store_true", help="ten million rows too")
    asked.add_argument("--rows", type=int, help="so many rows as CSV instead")
    options = asked.parse_args()
    sizes = [(options.rows, "csv")] if options.rows else [*SIZES, *([MOST] if options.most else [])]
    print(f"{'rows':>12}  {'form':<5}{'MB':>7}{'seconds':>9}{'worked':>9}{'MiB':>7}")
    for number, form in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"members.{form}"
            write(path, number)
            kept, seconds, worked, peak = check(path, Path(folder) / "found.json")
            size = path.stat().st_size / 1e6
        print(f"{kept:>12,}  {form:<5}{size:>7.0f}{seconds:>9.1f}{worked:>9.1f}{peak:>7.0f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
