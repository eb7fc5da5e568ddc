"""Possible duplicates on an invented roll with known truth.

    make bench-roll                          46,000 records, three rolls: false links, recall by scheme
    make bench-roll ARGS=--records=1000000   one roll of a million: seconds, memory, false links, recall

A process of its own compares; its time and peak memory are what the table shows, from the table of members to
the links with their evidence.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bench.roll.people import SCHEMES, Record, roll

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = ("member_id", "name", "born_on", "email", "phone", "address_1", "postcode")
ROLLS = 3


class Truth(NamedTuple):
    """Who a record is, and how the name is built."""

    person: int
    scheme: str


def main() -> int:
    asked = argparse.ArgumentParser(prog="make bench-roll")
    asked.add_argument("--records", type=int, default=46_000)
    asked.add_argument("--rolls", type=int, default=0, help="how many rolls, each invented anew")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    asked.add_argument("--compare", type=Path, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.make:
        write(options.make, options.records, options.seed)
        return 0
    if options.compare:
        return _compare(options.compare)
    rolls = options.rolls or (ROLLS if options.records <= 100_000 else 1)
    head = "".join(f"{scheme:>17}" for scheme in SCHEMES)
    print(f"{'records':>10}{'links':>8}{'false':>7}{'/10,000':>9}{head}{'gap':>7}{'seconds':>9}{'MiB':>7}")
    for seed in range(options.seed, options.seed + rolls):
        _one(options.records, seed)
    return 0


def _one(records: int, seed: int) -> None:
    own = [sys.executable, "-m", "bench.roll"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "members.csv"
        # in a process of its own: whoever is started by a large one counts its memory as its own peak
        subprocess.run(
            [*own, "--make", folder, "--records", str(records), "--seed", str(seed)], cwd=ROOT, check=True
        )
        done = subprocess.run(
            [*own, "--compare", str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
        with (Path(folder) / "truth.csv").open(newline="") as file:
            made = [Truth(int(person), scheme) for person, scheme in csv.reader(file)]
    found = json.loads(done.stdout)
    pairs = [(made[int(left)], made[int(right)]) for left, right in found["links"]]
    false = [(left, right) for left, right in pairs if left.person != right.person]
    recall = {scheme: _recall(scheme, made, pairs) for scheme in SCHEMES}
    shown = "".join(f"{recall[scheme]:>17.4f}" for scheme in SCHEMES)
    gap = max(recall.values()) - min(recall.values())
    print(
        f"{records:>10,}{len(pairs):>8,}{len(false):>7}{len(false) * 10_000 / records:>9.2f}{shown}{gap:>7.3f}"
        f"{found['seconds']:>9.1f}{found['MiB']:>7.0f}"
    )


def write(folder: Path, records: int, seed: int) -> None:
    """members.csv, and truth.csv beside it: for each line of members who it is and how the name is built."""
    made = roll(records, seed, twice=min(records // 7, max(6_000, records // 10)))
    with (folder / "members.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_row(number, one) for number, one in enumerate(made))
    with (folder / "truth.csv").open("w", newline="") as file:
        csv.writer(file).writerows((one.person, one.scheme) for one in made)


def _row(number: int, one: Record) -> tuple[str, ...]:
    return str(number), one.name, one.born, one.email, one.phone, one.street, one.postcode


def _recall(scheme: str, made: list[Truth], pairs: list[tuple[Truth, Truth]]) -> float:
    of_scheme = [one.person for one in made if one.scheme == scheme]
    twice = len(of_scheme) - len(set(of_scheme))
    found = {left.person for left, right in pairs if left.person == right.person and left.scheme == scheme}
    return len(found) / twice


def members(engine: DuckDBPyConnection, path: Path) -> None:
    """The table `members` from a file that `write` made, as the import leaves it; names there are plain letters,
    so SQL makes the words that it makes."""
    engine.execute(
        "CREATE TABLE members AS SELECT member_id, name, array_to_string(list_sort(list_distinct("
        "regexp_extract_all(lower(name), '[a-z]+'))), ' ') AS name_words, try_cast(born_on AS DATE) AS born_on,"
        " coalesce(email, '') AS email, coalesce(phone, '') AS phone, coalesce(address_1, '') AS address_1,"
        " '' AS locality, coalesce(postcode, '') AS postcode, '' AS country, 'members.csv' AS source,"
        ' 1 AS "row" FROM read_csv(?, all_varchar = true)',
        [str(path)],
    )


def _compare(path: Path) -> int:
    """In a process of its own: the members of a file to links, timed."""
    from selectorate.office.engines import at_work
    from selectorate.roll.links import links

    # a file with room to spill beside it, as `roll findings` finds the roll in a workspace
    with tempfile.TemporaryDirectory() as folder, at_work(Path(folder) / "roll.duckdb") as engine:
        members(engine, path)
        begun = time.perf_counter()
        found = links(engine)
        seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"links": [[one.left, one.right] for one in found], "seconds": seconds, "MiB": memory}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
