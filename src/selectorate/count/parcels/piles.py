"""What candidates hold: parcels of papers that came together, in the order in which they came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from selectorate.count.objects import Number, Ranking

Slip = tuple[Ranking, int, int]
"""(ranking, position on it of the candidate who holds it, papers)."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Papers that came to a candidate together. value: of each paper, in units; votes: what they were credited
    with, in units; first: whether they are the candidate's first preferences. slips: as they were filed."""

    value: Number
    slips: tuple[Slip, ...]
    votes: int
    first: bool = False

    @property
    def papers(self) -> int:
        return count_of(self.slips)


def count_of(slips: Iterable[Slip]) -> int:
    return sum(number for _, _, number in slips)


def by_next_preference(
    slips: Iterable[Slip], continuing: Sequence[bool]
) -> tuple[dict[int, list[Slip]], list[Slip]]:
    """(heir -> the papers that go to them, the papers with no continuing candidate left), in the order filed."""
    heirs: dict[int, list[Slip]] = {}
    exhausted: list[Slip] = []
    for slip in slips:
        ranking, position, number = slip
        for at in range(position + 1, len(ranking)):
            if continuing[ranking[at]]:
                heirs.setdefault(ranking[at], []).append((ranking, at, number))
                break
        else:
            exhausted.append(slip)
    return heirs, exhausted


def last_filed(slips: Sequence[Slip], papers: int) -> list[Slip]:
    """So many papers from the end of the file, in the order in which they were filed."""
    taken: list[Slip] = []
    for ranking, at, number in reversed(slips):
        if not papers:
            break
        part = min(number, papers)
        taken.append((ranking, at, part))
        papers -= part
    return taken[::-1]
