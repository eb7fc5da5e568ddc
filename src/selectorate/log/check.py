"""Checking the record: entries, checkpoints, receipts.

Duties (docs/formats/entries.md): done here L1, L2, L3, L7, L8. The caller's: L4 (needs the archive), L5 (needs
the archive), L6 (needs the folder).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from selectorate.canon import Check
from selectorate.errors import Refusal, refuse
from selectorate.log import order
from selectorate.log.note import Checkpoint, VerifierKey, open_note
from selectorate.log.objects import Entry, is_cell
from selectorate.log.receipt import Receipt
from selectorate.log.tree import Tree, check_inclusion

SHOWN = 3
"""How many faults of one kind a check spells out; the rest is counted."""


def check_entries(lines: Sequence[bytes]) -> tuple[tuple[Check, ...], tuple[Entry, ...]]:
    """Duties L1, L3, L7, L8 over the lines of entries.jsonl (without newlines), and the entries that are sound.

    An unsound entry fails L1 and is left out of what follows, so that one bad line does not hide the rest.
    """
    entries: list[Entry] = []
    unsound: list[str] = []
    for number, line in enumerate(lines):
        try:
            entry = Entry.from_json(line, number)
            order.fields(entry)
            entries.append(entry)
        except Refusal as reason:
            unsound.append(f"entry {number}: {reason.sentence}")
    faults = order.faults(entries)
    persons = [f"entry {n}: {why.sentence}" for n, why in faults if why.code == "log.persons"]
    nameless = [
        f"entry {n}: nobody is named" for n, e in enumerate(entries) if e.act != "bel.event" and not e.by
    ]
    misplaced = [f"entry {n}: {why.sentence}" for n, why in faults if why.code == "log.order"]
    small = [f"entry {n}: {name} is {value}" for n, e in enumerate(entries) for name, value in small_cells(e)]
    checks = (
        _check("L1", "Every entry is canonical and has exactly the fields of its act", unsound, len(lines)),
        _check("L3", "The acts follow the table of order", misplaced, len(entries)),
        _check(
            "L7",
            "Acts carry the names of those who did them, two where two are needed",
            persons + nameless,
            len(entries),
        ),
        _check("L8", "No published number of members is between 1 and 9", small, len(entries)),
    )
    return checks, tuple(entries)


def check_checkpoints(
    lines: Sequence[bytes], notes: Mapping[str, bytes], newest: bytes, key: VerifierKey
) -> Check:
    """Duty L2. notes: file name (the size in decimal) -> signed note; newest: the bytes of log/checkpoint."""
    claim = "Every checkpoint is signed by the record's key and fits the entries; the newest covers them all"
    tree = Tree(lines)
    faults: list[str] = []
    opened: list[Checkpoint] = []
    for name, note in sorted(notes.items(), key=lambda pair: (len(pair[0]), pair[0])):
        try:
            checkpoint = open_note(note, key)
        except Refusal as reason:
            faults.append(f"checkpoint {name}: {reason.sentence}")
            continue
        opened.append(checkpoint)
        if name != str(checkpoint.size):
            faults.append(f"checkpoint {name} speaks of {checkpoint.size} entries")
        if checkpoint.size > len(tree):
            faults.append(f"checkpoint {name} covers {checkpoint.size} entries, {len(tree)} are here")
        elif checkpoint.root != tree.root(checkpoint.size):
            faults.append(f"checkpoint {name}: its root is not that of the entries")
    if any(late.time < early.time for early, late in pairwise(opened)):
        faults.append("the times of the checkpoints go back")
    if not notes or newest != notes.get(str(len(tree))):
        faults.append(f"log/checkpoint is not the checkpoint over all {len(tree)} entries")
    return _check("L2", claim, faults, len(notes), "checkpoints")


def check_receipt(receipt: Receipt, lines: Sequence[bytes], key: VerifierKey) -> None:
    """Raise unless the receipt's checkpoint is the record's own, the entry stands in it, and this copy of the
    record continues it.

    Raises Refusal `log.signature`, `log.note`, `log.inclusion`, `log.consistency`, `log.size`. That the entry
    is the one of the tracker is the caller's to check (it needs the archive).
    """
    checkpoint = open_note(receipt.checkpoint.encode(), key)
    tree = Tree(lines)
    if checkpoint.size > len(tree):
        raise refuse("log.size", size=len(tree), wanted=checkpoint.size)
    if tree.root(checkpoint.size) != checkpoint.root:
        raise refuse("log.consistency", old=checkpoint.size, size=len(tree))
    if receipt.entry >= len(lines):
        raise refuse("log.size", size=len(tree), wanted=receipt.entry)
    check_inclusion(lines[receipt.entry], receipt.entry, checkpoint.size, receipt.proof, checkpoint.root)


_CELLS: dict[str, tuple[str, ...]] = {
    "roll.imported": ("left_out",),
    "roll.inspected": ("asked", "findings.findings", "findings.members"),
    "roll.frozen": ("eligible", "not_eligible", "ask", "clauses.not_met", "clauses.unknown"),
    "roll.final": ("clauses.excluded",),
    "roll.resolved": ("same_person", "two_persons", "not_settled"),
    "roll.reviewed": ("cleared", "unresolved", "withdrawn"),
    "letters.destroyed": ("letters",),
    "sample.drawn": ("members", "asked"),
    "sample.settled": ("confirmed",),
    "vault.viewed": ("views", "operators"),
}


def small_cells(entry: Entry) -> list[tuple[str, Any]]:
    """The entry's cells that are neither 0, nor at least 10, nor "fewer than 10", as (field, value)."""
    found: list[tuple[str, Any]] = []
    for path in _CELLS.get(entry.act, ()):
        outer, _, inner = path.partition(".")
        values = [row[inner] for row in entry.data[outer]] if inner else [entry.data[outer]]
        found += [(path, value) for value in values if not is_cell(value)]
    return found


def is_size(name: str) -> bool:
    """Whether a file name is the name of a checkpoint."""
    return re.fullmatch(r"0|[1-9][0-9]{0,15}", name, re.ASCII) is not None


def _check(duty: str, claim: str, faults: Sequence[str], seen: int, what: str = "entries") -> Check:
    if not faults:
        return Check(duty, claim, "passed", f"{seen:,} {what}")
    more = f"; and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
    return Check(duty, claim, "failed", "; ".join(faults[:SHOWN]) + more)
