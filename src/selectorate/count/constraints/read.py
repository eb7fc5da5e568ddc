"""The groups of a contest from TOML: one table for each, `[A]` with `candidates`, `min` and `max`.

Before the tables may stand `shortage = "waives"`: a bound that too few nominees make impossible gives way as far as it
must, and the sheet says so. Without it, or with "stops", nothing is counted then.
"""

from __future__ import annotations

import tomllib
from typing import Any

from selectorate.count.constraints import Constraints, Group
from selectorate.errors import Refusal, refuse

SHORTAGE = "shortage"
_SHORTAGES = {"stops": False, "waives": True}
_KEYS = {"candidates", "max", "min"}


def read_groups(data: bytes) -> Constraints:
    """min may be left out (then 0), max too (then everybody in the group). Raises Refusal `count.constraints`."""
    try:
        tables = tomllib.loads(data.decode())
    except (ValueError, RecursionError) as reason:
        raise _wrong(f"the file is no TOML: {reason}") from None
    shortage = "stops"
    if not isinstance(tables.get(SHORTAGE, {}), dict):
        shortage = tables.pop(SHORTAGE)
        if not isinstance(shortage, str) or shortage not in _SHORTAGES:
            raise _wrong(f"“{SHORTAGE}” must be “stops” or “waives”")
    if not tables:
        raise _wrong("the file names no group")
    return Constraints(tuple(_group(name, table) for name, table in tables.items()), _SHORTAGES[shortage])


def _group(name: str, table: Any) -> Group:
    if not isinstance(table, dict) or not set(table) <= _KEYS or "candidates" not in table:
        raise _wrong(f"group {name} needs “candidates”, and may have “min” and “max”; nothing else")
    candidates = table["candidates"]
    if not isinstance(candidates, list) or not all(isinstance(one, str) for one in candidates):
        raise _wrong(f"“candidates” of group {name} must be a list of names")
    least, most = table.get("min", 0), table.get("max", len(candidates))
    if type(least) is not int or type(most) is not int:
        raise _wrong(f"“min” and “max” of group {name} must be whole numbers")
    return Group(name, tuple(candidates), least, most if "max" in table else max(least, most))


def _wrong(because: str) -> Refusal:
    return refuse("count.constraints", because=because)
