"""Rows of a decrypted ranked result as papers (docs/formats/sheet.md, "Reading a paper")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from selectorate.count.objects import Profile, Ranking
from selectorate.errors import refuse


def from_ranks(rows: Iterable[Sequence[int]], candidates: tuple[str, ...]) -> Profile:
    """The profile of these rows: for each candidate the rank on that paper, 0 for none.

    A row of zeros is blank; one whose ranks are exactly 1 to k, each once, is valid; any other is invalid.
    Raises Refusal `count.row` for a row that has not one whole number for each candidate: such a row is no
    paper but a damaged result.
    """
    counts: dict[Ranking, int] = {}
    blank = invalid = 0
    for number, row in enumerate(rows, 1):
        if len(row) != len(candidates) or any(type(rank) is not int for rank in row):
            raise refuse("count.row", row=number, candidates=len(candidates))
        marked = [(rank, position) for position, rank in enumerate(row) if rank]
        marked.sort()
        if not marked:
            blank += 1
        elif [rank for rank, _ in marked] != list(range(1, len(marked) + 1)):
            invalid += 1
        else:
            ranking = tuple(position for _, position in marked)
            counts[ranking] = counts.get(ranking, 0) + 1
    return Profile.gather(candidates, counts, blank=blank, invalid=invalid)
