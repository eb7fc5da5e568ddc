"""How far honest years scatter: the same look as at earlier freezes, by what is known of a member.

A placebo freeze is a year further back: its members had as much evidence as the years around it let them have,
mostly by chance. The officer sees each year and the spread, not one figure: a year with a surge or with honest
drives reads higher than a quiet one. Patterns say only which columns are filled (cash, a device, a way to
reach the member, a flat), so that evidence can be held against members about whom as much is known; never who
they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from selectorate.roll.signals import components
from selectorate.roll.signals.objects import Asked, Engine, Seen

LEVELS = (2, 3, 4)
"""Whole log10 units that are shown."""
LACKS = ("account", "device", "telephone or e-mail address", "flat")

_PATTERN = (
    "CASE WHEN payer < 0 THEN 1 ELSE 0 END + CASE WHEN device < 0 THEN 2 ELSE 0 END "
    "+ CASE WHEN phone < 0 AND email < 0 THEN 4 ELSE 0 END + CASE WHEN dwelling < 0 THEN 8 ELSE 0 END"
)


@dataclass(frozen=True, slots=True)
class Placebo:
    """One pattern in one year. year: 0 is the year looked at. members: who joined or renewed in it; above: how
    many of them had at least so many units, for each of LEVELS."""

    pattern: str
    year: int
    members: int
    above: tuple[int, ...]


def placebo(engine: Engine, seen: Sequence[Seen], soft: Sequence[bool], asked: Asked) -> tuple[Placebo, ...]:
    """Each pattern in the year looked at and in the placebo years, the commonest pattern first."""
    deep = min(asked.years, asked.settings.links_year_max)
    counted = engine.columns(
        f"SELECT {_PATTERN} AS pattern, year, count(*) AS members FROM events WHERE year <= {deep} "
        "GROUP BY 1, year ORDER BY pattern, year"
    )
    parts = [components.member_units(seen, soft, asked.settings, year) for year in range(deep + 1)]
    engine.put(
        "placebo_units",
        {
            "member": np.concatenate([members for members, _ in parts]),
            "in_year": np.concatenate([np.full(len(one), year) for year, (one, _) in enumerate(parts)]),
            "level": np.concatenate([np.minimum(units // 1000, LEVELS[-1]) for _, units in parts]),
        },
    )
    lines = engine.columns(
        f"SELECT {_PATTERN} AS pattern, e.year, p.level, count(*) AS members FROM events e "
        "JOIN placebo_units p ON e.member = p.member AND e.year = p.in_year "
        "GROUP BY 1, e.year, p.level ORDER BY pattern, e.year, p.level"
    )
    engine.drop("placebo_units")
    found = _counts(lines)
    places = zip(
        counted["pattern"].tolist(), counted["year"].tolist(), counted["members"].tolist(), strict=True
    )
    out = [
        Placebo(said(pattern), year, members, tuple(found.get((pattern, year, level), 0) for level in LEVELS))
        for pattern, year, members in places
    ]
    common = {one.pattern: 0 for one in out}
    for one in out:
        common[one.pattern] += one.members
    return tuple(sorted(out, key=lambda one: (-common[one.pattern], one.pattern, one.year)))


def _counts(
    lines: Mapping[str, np.ndarray[tuple[int, ...], np.dtype[np.int64]]],
) -> dict[tuple[int, int, int], int]:
    """Members at or above each level, by pattern and year."""
    found: dict[tuple[int, int, int], int] = {}
    columns = (lines[name].tolist() for name in ("pattern", "year", "level", "members"))
    for pattern, year, level, members in zip(*columns, strict=True):
        for bar in LEVELS:
            if level >= bar:
                found[pattern, year, bar] = found.get((pattern, year, bar), 0) + members
    return found


def said(pattern: int) -> str:
    """A pattern in words."""
    lacks = [thing for bit, thing in enumerate(LACKS) if pattern >> bit & 1]
    return "everything known" if not lacks else "no " + ", no ".join(lacks)
