"""Findings: what on the roll does not look like the organisation's own past. One file per kind.

Every kind is a module with `find(...)`, which takes the engine and the freeze date and gives findings, the
same ones for the same roll. A finding compares with the organisation's own earlier years, counts homes and
never members, says what innocently looks the same and what would settle it, and excludes nobody. What rests
on timing alone is a finding about a branch and names no member.

Deliberately absent: a score of a person; names, origin, language and kind of building as evidence; what the
past of another organisation would say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from selectorate.log.objects import cell
from selectorate.roll.objects import Finding
from selectorate.roll.signals import payer, surge

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KINDS: Mapping[str, str] = {payer.KIND: payer.TITLE, surge.KIND: surge.TITLE}


@dataclass(frozen=True, slots=True)
class Declared:
    """What the organisation declares before it looks. payers: tokens of accounts that pay for others by an
    arrangement the rules know (an employer, a home, a hall)."""

    payers: frozenset[str] = frozenset()


def find(engine: DuckDBPyConnection, freeze: date, declared: Declared | None = None) -> tuple[Finding, ...]:
    """All findings of all kinds, the most urgent first, as at the freeze."""
    known = declared or Declared()
    found = [*payer.find(engine, freeze, known.payers), *surge.find(engine, freeze)]
    return tuple(sorted(found, key=lambda one: (-one.severity, one.kind, -one.observed, one.id)))


def entry(findings: Sequence[Finding], asked: int) -> dict[str, Any]:
    """The data of the entry `roll.inspected`: numbers by kind, nothing that points at anybody.

    asked: how many members were sent a question."""
    return {
        "findings": [
            {
                "kind": kind,
                "findings": cell(sum(one.kind == kind for one in findings)),
                "members": cell(len(challenged(one for one in findings if one.kind == kind))),
            }
            for kind in KINDS
        ],
        "asked": cell(asked),
    }


def challenged(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The members whom a finding above a notice concerns, each once, by number: who is asked."""
    return tuple(sorted({member for one in findings if one.severity >= 2 for member in one.members}))
