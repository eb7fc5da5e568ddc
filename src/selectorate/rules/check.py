"""Duty P1: the rulebook of a public folder.

1. P1, done here: the file loads without any fault, so it declares no forbidden fact, its tests have types,
   its timetable is in order.
2. P1, done here: its version is the one that the entry `rulebook.adopted` names.
3. The caller's: that the bytes have the hash of that entry (L6); that contest, seats, rule set and question
   are those of entry, archive and sheet (P2).
"""

from __future__ import annotations

from selectorate.canon import Check
from selectorate.errors import Refusal
from selectorate.rules.objects import Rulebook
from selectorate.rules.read import load

CLAIM = "The rulebook loads, declares no forbidden fact, and its version is the one adopted."


def check_rulebook(data: bytes, version: str) -> Check:
    """P1 for the bytes of documents/rulebook.toml and the version of `rulebook.adopted`. Never raises."""
    return checked_rulebook(data, version)[0]


def checked_rulebook(data: bytes, version: str) -> tuple[Check, Rulebook | None]:
    """P1 and, where the file loads, the rulebook for the duties that build on it (P2, K1)."""
    try:
        rulebook = load(data, "documents/rulebook.toml")
    except Refusal as reason:
        faults = reason.context["faults"]
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        return Check("P1", CLAIM, "failed", f"{faults[0]}{more}"), None
    if rulebook.version != version:
        because = f"the file is version {rulebook.version}; the record adopted {version}"
        return Check("P1", CLAIM, "failed", because), rulebook
    return Check("P1", CLAIM, "passed", f"version {version}"), rulebook
