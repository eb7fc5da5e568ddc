"""Every refusal: a code, a sentence for the person who can fix it, and the remedy.

Takes a code and what fills its blanks: a room raises `refuse("family.code", field=...)`. Gives a `Refusal` whose
sentence and remedy the command line prints, and nothing else. One list, a module for each room beside this one, and
one page of the manual made from it. Codes are dotted, never reused, and each is raised by some test.

Refuses a code that the list does not have: a KeyError, since that is a fault of ours.

Deliberately absent: tracebacks, numbers of errors, and anything about whom a sentence is told to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from selectorate.errors import (
    authority,
    ballot,
    canon,
    count,
    log,
    office,
    register,
    roll,
    rules,
    sealed,
    trustee,
)
from selectorate.errors.kind import Family, Kind


@dataclass(slots=True)
class Refusal(Exception):  # noqa: N818 - a refusal is what it is called everywhere, to people too
    """What a room raises instead of going on. `str()` is the sentence and the remedy."""

    code: str
    sentence: str
    remedy: str
    family: Family
    context: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".strip()

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "sentence": self.sentence, "remedy": self.remedy}


def refuse(code: str, **context: Any) -> Refusal:
    """The refusal of that code with its blanks filled in; the caller raises it.

    Raises KeyError for a code or a blank that the catalogue does not have: that is a fault of ours.
    """
    kind = CATALOGUE[code]
    shown = {name: _shown(value) for name, value in context.items()}
    return Refusal(code, kind.sentence.format(**shown), kind.remedy.format(**shown), kind.family, context)


def _shown(value: Any) -> str:
    """Text from outside as it may be printed: one line, no control characters, at most 300 characters."""
    text = "".join(char if char.isprintable() else " " for char in str(value))
    return text if len(text) <= 300 else text[:297] + "..."


CATALOGUE: dict[str, Kind] = {
    **canon.KINDS,
    **rules.KINDS,
    **log.KINDS,
    **roll.KINDS,
    **ballot.KINDS,
    **count.KINDS,
    **register.KINDS,
    **sealed.KINDS,
    **office.KINDS,
    **trustee.KINDS,
    **authority.KINDS,
}
"""Every refusal there is: one module a room beside this one."""

__all__ = ["CATALOGUE", "Family", "Kind", "Refusal", "refuse"]
