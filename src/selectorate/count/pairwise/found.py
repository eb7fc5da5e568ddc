"""What each pairwise method hands to the engine: an order of the candidates, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from selectorate.count.objects import Number, Table, Tie


@dataclass(frozen=True, slots=True)
class Found:
    """figures: what orders the candidates, the highest first; tallies: the figure that the sheet shows for each,
    as the candidates are ordered; meaning: what that figure is; tables: how it came about; ties: lots on the way;
    reasons: for each candidate a sentence on why the first of the order stands above."""

    figures: dict[str, Any]
    tallies: tuple[Number, ...]
    meaning: str
    tables: tuple[Table, ...] = ()
    ties: tuple[Tie, ...] = ()
    remarks: tuple[str, ...] = ()


def why(title: str, rows: list[tuple[str, str]]) -> Table:
    """A table with one sentence for each candidate."""
    return Table(title, ("candidate", "why"), tuple(sorted(rows)))
