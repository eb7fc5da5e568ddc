"""How long it takes to look at a membership list, import it, decide everybody, freeze the roll and make it final:
the commands themselves, each as a process of its own.

    make bench-checks                    50,000 rows as XLSX (looked at), 1,000,000 as CSV (all of it)
    make bench-checks ARGS=--most        10,000,000 rows as CSV too, to the freeze (20 GB of disk, while it takes)

`imported` looks at the list again and takes it in; `frozen` decides everybody, writes every decision and commits
to them; `final` makes the salted commitments, the tree, slips and addresses.

The rows have the columns of a CiviCRM export; everybody and everything in them is invented.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
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
RULEBOOK = ROOT / "tests" / "cli" / "rulebook.toml"
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


def command(out: Path, *typed: str) -> tuple[float, float, float]:
    """(seconds, seconds of processor, peak MiB) of one command as a process of its own; its waiting is shown on a
    terminal. out: where its standard output goes.

    Raises RuntimeError where it ends otherwise than well.
    """
    out.touch()
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-S", "-c", STARTER, str(out), sys.executable, "-m", "selectorate", *typed],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    seconds = time.perf_counter() - begun
    code, worked, peak = map(float, done.stdout.split())
    if code:
        raise RuntimeError(f"{' '.join(typed)} ended with {code:.0f}: {out.read_text()[:1000]}")
    return seconds, worked, peak


def show(number: int, form: str, path: Path, what: str, spent: tuple[float, float, float]) -> None:
    seconds, worked, peak = spent
    size = path.stat().st_size / 1e6
    print(
        f"{number:>12,}  {form:<5}{size:>7.0f}  {what:<14}{seconds:>9.1f}{worked:>9.1f}{peak:>7.0f}",
        flush=True,
    )


def journey(folder: Path, path: Path, number: int, *, sealed: bool) -> None:
    """The list imported, decided and frozen in a workspace; sealed: made final too, and verified."""
    place, out, one = str(folder / "selection"), folder / "said.json", ("--by", "Officer One", "--json")
    two = ("--and", "Officer Two")
    steps = {
        "imported": ("roll", "import", place, str(path), *one),
        "frozen": ("roll", "freeze", place, *one, *two),
    }
    if sealed:
        steps["final"] = ("roll", "final", place, *one)
        steps["verified"] = ("verify", str(folder / "selection" / "public"), "--json")
    command(out, "new", place, "--rulebook", str(RULEBOOK), *one)
    for what, typed in steps.items():
        show(number, path.suffix[1:], path, what, command(out, *typed))


def main() -> int:
    asked = argparse.ArgumentParser(prog="make bench-checks")
    asked.add_argument(
        "--most", action="store_true", help="ten million rows too, looked at, imported and decided"
    )
    asked.add_argument("--rows", type=int, help="so many rows as CSV instead")
    options = asked.parse_args()
    sizes = [(options.rows, "csv")] if options.rows else [*SIZES, *([MOST] if options.most else [])]
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} processors; {load:.1f} programs wanted one in the last minute before this.")
    print(f"{'rows':>12}  {'form':<5}{'MB':>7}  {'':<14}{'seconds':>9}{'worked':>9}{'MiB':>7}")
    for number, form in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            path, out = folder / f"members.{form}", folder / "found.json"
            write(path, number)
            spent = command(out, "roll", "check", str(path), "--json")
            show(json.loads(out.read_text())["rows_kept"], form, path, "checked", spent)
            if form == "csv":
                journey(folder, path, number, sealed=(number, form) != MOST)
    return 0


if __name__ == "__main__":
    sys.exit(main())
