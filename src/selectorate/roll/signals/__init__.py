"""Findings: what on the roll does not look like the organisation's own past. One file per kind.

`numbers` turns the roll into tables of whole numbers; every signal is a module with `look(engine, asked)` over these
alone; `looking` runs them all and makes findings. A finding compares with the organisation's own earlier years,
counts homes and never members, says what innocently looks the same and what would settle it, and excludes nobody.
What rests on timing or cash alone is a finding about a branch and names no member.

Deliberately absent: names, origin, language and kind of building as evidence; what the past of another
organisation would say; anything that follows from a finding by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from selectorate.log.objects import cell
from selectorate.roll.objects import Finding
from selectorate.roll.signals.looking import MODULES

KINDS: Mapping[str, str] = {module.KIND: module.TITLE for module in MODULES}
HEARD = frozenset(module.KIND for module in MODULES if getattr(module, "HEARD", False))
"""Kinds whose members are to be heard because something was done to them: they are asked about that, and nobody
is put in question."""


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
    """The members whom a finding above a notice puts a question to, each once, by number."""
    return tuple(
        sorted({m for one in findings if one.severity >= 2 and one.kind not in HEARD for m in one.members})
    )
