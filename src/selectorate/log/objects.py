"""What stands in the record: entries, and the values that stand in an entry."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from selectorate import canon
from selectorate.errors import refuse

CELL_MIN = 10
"""No published number of members is smaller, except 0 (docs/formats/entries.md, Cells)."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A role and who holds it."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One act on the record. `data` is a plain value; its fields are those that log/order.py lists."""

    act: str
    by: tuple[Holder, ...]
    data: dict[str, Any]

    def to_json(self) -> bytes:
        """Canonical bytes: the leaf of the tree, and the line of entries.jsonl without its newline."""
        by = [{"name": holder.name, "role": holder.role} for holder in self.by]
        return canon.encode({"act": self.act, "by": by, "data": self.data})

    @classmethod
    def from_json(cls, line: bytes, number: int) -> Entry:
        """Raises Refusal `canon.form`, `log.entry`."""
        value = canon.decode(line, what=f"entry {number}", bytes_max=1024 * 1024)
        shape = isinstance(value, dict) and set(value) == {"act", "by", "data"}
        if not shape or not isinstance(value["act"], str) or not isinstance(value["data"], dict):
            raise refuse("log.entry", number=number, because="it has not exactly act, by and data")
        by = value["by"]
        if not isinstance(by, list) or not all(
            isinstance(one, dict)
            and set(one) == {"name", "role"}
            and all(isinstance(v, str) for v in one.values())
            for one in by
        ):
            raise refuse("log.entry", number=number, because="`by` is not a list of names with roles")
        return cls(value["act"], tuple(Holder(one["role"], one["name"]) for one in by), value["data"])


def stored_entry(line: bytes) -> Entry:
    """An entry from our own record, which was checked before it was stored: read without judging it again."""
    value = json.loads(line)
    by = tuple(Holder(one["role"], one["name"]) for one in value["by"])
    return Entry(value["act"], by, value["data"])


def cell(number: int) -> int | str:
    """A number of members as it may be published."""
    return number if number == 0 or number >= CELL_MIN else "fewer than 10"


def is_cell(value: Any) -> bool:
    if value == "fewer than 10":
        return True
    return isinstance(value, int) and not isinstance(value, bool) and (value == 0 or value >= CELL_MIN)
