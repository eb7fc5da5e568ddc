"""An invented roll as files.

    python -m bench.roll.stacking.generate FOLDER --members 50000 [--organisation union] [--number 3] [--clean]

In FOLDER/roll: members.parquet and the other tables, all that a detector may read; with --household the members
also as members-household.parquet, with the true household; with --text people.csv and members-written.parquet, with
what the import makes of written addresses. In FOLDER/truth: truth.parquet and made.json.
No order and no number in a table says anything about the truth: members, tokens and rows are shuffled.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from bench.roll.stacking import second, second_operations
from bench.roll.stacking.drives import drives
from bench.roll.stacking.events import Table, edits, exclusions, receipts, signins, transfers
from bench.roll.stacking.homes import COMMUNITIES, STRATA, Ints, homes
from bench.roll.stacking.honest import People, people
from bench.roll.stacking.operations import Operations, stack
from bench.roll.stacking.parameters import ORGANISATIONS, Parameters, commit, read, seed_of
from bench.roll.stacking.texts import write_people

COLUMNS = (
    "member_id",
    "branch",
    "join_day",
    "renewal_day",
    "transfer_day",
    "building",
    "dwelling",
    "payer",
    "device",
    "ip",
    "phone",
    "email",
    "recruiter",
    "cash_collector",
)
# what is renamed together: one thing has one token wherever it stands
NAMESPACE = {
    "building": 1,
    "dwelling": 2,
    "household": 3,
    "payer": 4,
    "device": 5,
    "ip": 6,
    "phone": 7,
    "email": 8,
    "recruiter": 9,
    "cash_collector": 10,
    "collector": 10,
    "operator": 11,
    "session": 12,
    "value": 13,
}
_BITS = 50
_MASK = (1 << _BITS) - 1


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for. clean: no stacking of any kind; dirty: stacking in earlier years too."""

    members: int
    organisation: str = "party"
    seed: int = 1
    scale: float = 1.0
    clean: bool = False
    dirty: bool = True
    household: bool = False
    text: bool = False
    variant: str = "first"


def hidden(values: Ints, namespace: int, seed: int) -> Ints:
    """Tokens under other numbers, one to one; -1 stays."""
    odd = np.random.default_rng([seed, namespace]).integers(1 << 40, 1 << 49, 2) * 2 + 1
    mixed = values.astype(np.uint64)
    for factor in odd:
        mixed = (mixed * np.uint64(factor)) & np.uint64(_MASK)
        mixed ^= mixed >> np.uint64(_BITS // 2)
    return np.where(values < 0, -1, mixed.astype(np.int64))


def write(order: Order, folder: Path) -> dict[str, Any]:
    """Make the roll. Gives what made.json holds: the order, the operations, seconds."""
    begun = time.perf_counter()
    p = read(order.organisation, order.scale)
    dice = np.random.default_rng(order.seed)
    made, declared, done = _roll(order, p, dice)
    changed, hijacked = edits(made, p, dice, hijacks=not order.clean)
    removed, spans = exclusions(made, p, dice, from_above=not order.clean)
    tables = {
        "transfers": transfers(made),
        "edits": changed,
        "receipts": receipts(made, done, dice),
        "signins": signins(made, done, p, dice),
        "drives": _declared(declared),
        "schemes": {"payer": _employers(made, p)},
    }
    (folder / "roll").mkdir(parents=True, exist_ok=True)
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    ids = dice.permutation(made.number + removed["member_id"].size).astype(np.int64)
    removed["member_id"] = ids[made.number + removed["member_id"]]
    rows = dice.permutation(made.number)
    _truth(made, done, hijacked, spans, ids, removed, rows, folder)
    written = write_people(made, ids, order.seed, p, folder) if order.text else {}
    _members(made, ids, rows, order, written, folder)
    for name, table in tables.items():
        if "member_id" in table:
            table["member_id"] = ids[table["member_id"]]
        _write(_shuffled(table, order.seed, dice), folder / "roll" / f"{name}.parquet")
    _write(_shuffled(removed, order.seed, dice), folder / "roll" / "exclusions.parquet")
    kinds = [*done.kinds, *["hijack"] * len(hijacked), *["exclusion"] * len(spans)]
    told = asdict(order) | {
        "freeze": made.days,
        "branches": made.live.branches,
        "operations": kinds,
        "seconds": round(time.perf_counter() - begun, 1),
    }
    (folder / "truth" / "made.json").write_text(json.dumps(told, indent=1) + "\n")
    return told


def _roll(
    order: Order, p: Parameters, dice: np.random.Generator
) -> tuple[People, list[tuple[int, ...]], Operations]:
    """The honest, their drives, and the operations, by the first or the second generator."""
    if order.variant == "second":
        made = second.people(second.homes(order.members, p, dice), p, dice)
        declared = second_operations.drives(made, p, dice)
        stacked = second_operations.stack
    else:
        made = people(order.members, homes(order.members, p, dice), p, dice)
        declared = drives(made, p, dice)
        stacked = stack
    return made, declared, Operations() if order.clean else stacked(made, p, dice, order.dirty)


def _declared(declared: list[tuple[int, ...]]) -> Table:
    names = ("branch", "first_day", "last_day", "device", "recruiter", "cash_collector")
    rows = np.array(declared, dtype=np.int64).reshape(-1, len(names))
    return {name: rows[:, place] for place, name in enumerate(names)}


def _employers(made: People, p: Parameters) -> Ints:
    """Of the accounts that pay for more than twenty members outside operations, all: a union declares its employers."""
    if not p["checkoff"]:
        return np.zeros(0, dtype=np.int64)
    payer = made.columns["payer"][(made.operation < 0) & (made.columns["payer"] >= 0)]
    value, count = np.unique(payer, return_counts=True)
    return np.asarray(value[count > 20])


def _shuffled(table: Table, seed: int, dice: np.random.Generator) -> Table:
    rows = dice.permutation(next(iter(table.values())).size)
    return {
        name: (hidden(values, NAMESPACE[name], seed) if name in NAMESPACE else values)[rows]
        for name, values in table.items()
    }


def _members(made: People, ids: Ints, rows: Ints, order: Order, written: Table, folder: Path) -> None:
    made.columns["member_id"] = ids[: made.number]
    out: Table = {}
    for name in COLUMNS:
        values = made.columns.pop(name)
        out[name] = (hidden(values, NAMESPACE[name], order.seed) if name in NAMESPACE else values)[rows]
    _write(out, folder / "roll" / "members.parquet")
    if order.household:
        out["household"] = hidden(made.household, NAMESPACE["household"], order.seed)[rows]
        _write(out, folder / "roll" / "members-household.parquet")
    if written:
        out |= {name: hidden(values, NAMESPACE[name], order.seed)[rows] for name, values in written.items()}
        _write(out, folder / "roll" / "members-written.parquet")


def _truth(
    made: People,
    done: Operations,
    hijacked: list[Ints],
    spans: list[tuple[int, int]],
    ids: Ints,
    removed: Table,
    rows: Ints,
    folder: Path,
) -> None:
    """One row a member; then the removed ones. kind is "" for the honest; drive: "", "declared", "undeclared"."""
    names = ["", "hijack", "exclusion", *dict.fromkeys(done.kinds)]
    of = np.array([names.index(kind) for kind in done.kinds], dtype=np.int64)
    operation = made.operation.copy()
    kind = np.zeros(made.number, dtype=np.int64)
    kind[operation >= 0] = of[operation[operation >= 0]]
    trace = made.trace.copy()
    for place, victims in enumerate(hijacked):
        operation[victims] = len(done.kinds) + place
        kind[victims] = 1
        trace[victims] = True
    drive = np.where(made.drive < 0, 0, 1 + made.drive % 2)
    away = removed["member_id"]
    by_whom = np.full(away.size, -1, dtype=np.int64)
    for place, (first, after) in enumerate(spans):
        by_whom[first:after] = len(done.kinds) + len(hijacked) + place
    none = np.zeros(away.size, dtype=np.int64)
    table = {
        "member_id": np.concatenate([ids[: made.number][rows], away]),
        "operation": np.concatenate([operation[rows], by_whom]),
        "kind": _words(names, np.concatenate([kind[rows], np.where(by_whom >= 0, 2, 0)])),
        "community": _words(["", *COMMUNITIES], np.concatenate([1 + made.community[rows], none])),
        "stratum": _words(["", *STRATA], np.concatenate([1 + made.stratum[rows], none])),
        "drive": _words(["", "undeclared", "declared"], np.concatenate([drive[rows], none])),
        "leaves_trace": np.concatenate([trace[rows], by_whom >= 0]).astype(np.int64),
    }
    pq.write_table(pa.table(table), folder / "truth" / "truth.parquet")


def _words(words: list[str], places: Ints) -> Any:
    """A column of few words, packed."""
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int8)), words)


def _write(table: Table, path: Path) -> None:
    arrays = {name: pa.array(values, pa.int64()) for name, values in table.items()}
    # a dictionary of values that hardly repeat costs time and saves nothing
    pq.write_table(pa.table(arrays), path, use_dictionary=False)


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m bench.roll.stacking.generate")
    asked.add_argument("folder", type=Path)
    asked.add_argument("--members", type=int, default=50_000)
    asked.add_argument("--organisation", choices=ORGANISATIONS, default="party")
    asked.add_argument("--number", type=int, default=1, help="which of the seeds drawn from the commit")
    asked.add_argument("--seed", type=int, help="a seed of your own instead")
    asked.add_argument("--scale-parameters", type=float, default=1.0)
    asked.add_argument("--clean", action="store_true", help="no stacking at all")
    asked.add_argument("--clean-history", action="store_true", help="none in earlier years")
    asked.add_argument("--variant", choices=("first", "second"), default="first")
    asked.add_argument("--household", action="store_true", help="a second table with the true household")
    asked.add_argument(
        "--text", action="store_true", help="names and addresses too, and what the import makes of them"
    )
    options = asked.parse_args()
    seed = options.seed if options.seed is not None else seed_of(commit(), options.number)
    order = Order(
        members=options.members,
        organisation=options.organisation,
        seed=seed,
        scale=options.scale_parameters,
        clean=options.clean,
        dirty=not options.clean_history,
        household=options.household,
        text=options.text,
        variant=options.variant,
    )
    told = write(order, options.folder)
    print(
        f"{options.folder}: {order.members:,} members, {len(told['operations'])} operations, seed {seed},"
        f" {told['seconds']} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
