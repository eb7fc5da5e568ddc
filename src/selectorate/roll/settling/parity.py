"""Were all treated alike? Answers, decisions and exclusions branch by branch; never by community, which nobody records.

Branches in which few were asked stand together, every count is rounded down to tens, and a share is told only where
at least ten members stand on either side of it: nobody can be reckoned back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FEW = 10
HEAD = (
    "Branch", "Members", "Asked", "Answered", "Cleared", "Unresolved", "Withdrawn", "Days to clear", "Excluded by rule",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Treated:
    """How one member was treated. decision: the last word, "" where it is open; days: from the question to the
    clearing, None where it was not cleared; excluded: not eligible by a clause of the rulebook."""

    branch: str
    asked: bool
    answered: bool
    decision: str
    days: int | None
    excluded: bool


def table(members: Sequence[Treated]) -> tuple[tuple[str, ...], ...]:
    """The table as text, its header first; only the header where nobody was asked."""
    branches: dict[str, list[Treated]] = {}
    for one in members:
        branches.setdefault(one.branch or "no branch", []).append(one)
    asked = {name: sum(one.asked for one in own) for name, own in branches.items()}
    if not any(asked.values()):
        return (HEAD,)
    rows = [(name, branches[name]) for name in sorted(branches) if asked[name] >= FEW]
    small = sorted((name for name in branches if asked[name] < FEW), key=lambda name: (-asked[name], name))
    # A group of its own would show what the others hide, were it small itself.
    rest = [one for name in small for one in branches[name]]
    number = len(small)
    if rest and rows and 0 < sum(one.asked for one in rest) < FEW:
        name, own = min(rows, key=lambda row: (asked[row[0]], row[0]))
        rows.remove((name, own))
        rest, number = [*own, *rest], number + 1
    if rest:
        rows.append((f"{number} {'branch' if number == 1 else 'branches'} with few asked", rest))
    return (HEAD, *(_row(name, own) for name, own in rows))


def _row(name: str, own: Sequence[Treated]) -> tuple[str, ...]:
    asked = [one for one in own if one.asked]
    days = sorted(one.days for one in asked if one.days is not None)
    return (
        name,
        tens(len(own)),
        tens(len(asked)),
        share(sum(one.answered for one in asked), len(asked)),
        *(
            share(sum(one.decision == word for one in asked), len(asked))
            for word in ("cleared", "unresolved", "withdrawn")
        ),
        str(days[len(days) // 2]) if len(days) >= FEW else "–",
        share(sum(one.excluded for one in own), len(own)),
    )


def tens(number: int) -> str:
    """A count rounded down to tens; "fewer than 10" for 1 .. 9."""
    if number == 0:
        return "0"
    return "fewer than 10" if number < FEW else f"{number // 10 * 10:,}"


def share(part: int, whole: int) -> str:
    """A share in per cent, where neither it nor what is left of the whole is a few."""
    if not whole:
        return "–"
    if part in (0, whole):
        return "all" if part else "none"
    if part < FEW:
        return "fewer than 10"
    if whole - part < FEW:
        return "all but a few"
    return f"{(200 * part + whole) // (2 * whole)} %"
