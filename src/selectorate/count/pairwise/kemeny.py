"""Kemeny's order: of all orders the one with which papers agree most, over all pairs of candidates (make).

Kemeny, "Mathematics without numbers", Daedalus 88 (1959). Exact, by the best order of every subset of the
candidates: 2^n subsets, so the rule set says how many candidates can be counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from selectorate.count.objects import Table, Tie
from selectorate.count.pairwise.found import Found, why
from selectorate.count.pairwise.matrix import Matrix, by_name
from selectorate.count.points.record import amount
from selectorate.count.points.seating import drawn
from selectorate.count.ties import Draw


class _Subsets:
    """The best order of every subset. Candidates are taken by name, so bit 0 is the first name."""

    __slots__ = ("best", "full", "names", "over", "ways")

    def __init__(self, matrix: Matrix) -> None:
        alphabet = by_name(matrix.names)
        self.names = tuple(matrix.names[one] for one in alphabet)
        votes = [[matrix.votes[one][other] for other in alphabet] for one in alphabet]
        self.full = (1 << len(alphabet)) - 1
        self.over = [_sums(row, self.full) for row in votes]
        self.best = [0] * (self.full + 1)
        self.ways = [1] * (self.full + 1)
        for mask in range(1, self.full + 1):
            agreement, ways = -1, 0
            for one in _bits(mask):
                rest = mask & ~(1 << one)
                found = self.best[rest] + self.over[one][rest]
                if found > agreement:
                    agreement, ways = found, 0
                if found == agreement:
                    ways += self.ways[rest]
            self.best[mask], self.ways[mask] = agreement, ways

    def with_first(self, mask: int, one: int) -> int:
        """The agreement of the best order of a subset that begins with this candidate."""
        rest = mask & ~(1 << one)
        return self.best[rest] + self.over[one][rest]

    def firsts(self, mask: int) -> list[int]:
        """With whom a best order of this subset can begin."""
        return [one for one in _bits(mask) if self.with_first(mask, one) == self.best[mask]]


def order(matrix: Matrix, seats: int, draw: Draw) -> Found:
    """A best order; where several are equally good and the seats depend on it, the lot says who comes next.

    Raises Refusal `count.tie`.
    """
    subsets = _Subsets(matrix)
    ties: list[Tie] = []
    several = len(_first_sets(subsets, min(seats, len(matrix.names)))) > 1
    chosen: list[str] = []
    mask = subsets.full
    while mask:
        firsts = subsets.firsts(mask)
        one = firsts[0]
        if several and len(chosen) < seats and len(firsts) > 1:
            names = [subsets.names[first] for first in firsts]
            one = subsets.names.index(drawn(names, 1, draw, stage=1, purpose="seat", ties=ties)[0])
        chosen.append(subsets.names[one])
        mask &= ~(1 << one)
    size = len(chosen)
    figures = {name: size - place for place, name in enumerate(chosen, 1)}
    return Found(
        figures=figures,
        tallies=tuple(figures[name] for name in matrix.names),
        meaning="candidates below in the order",
        tables=(_in_order(chosen), _reasons(subsets, chosen[0])),
        ties=tuple(ties),
        remarks=_remarks(subsets.ways[subsets.full]),
    )


def _first_sets(subsets: _Subsets, seats: int) -> set[int]:
    """What is left after the first `seats` of every best order."""
    found = {subsets.full}
    for _ in range(seats):
        found = {mask & ~(1 << one) for mask in found for one in subsets.firsts(mask)}
    return found


def _remarks(ways: int) -> tuple[str, ...]:
    if ways == 1:
        return ()
    return (f"{amount(ways)} orders agree equally well with the papers; one of them is shown.",)


def _in_order(chosen: Sequence[str]) -> Table:
    rows = tuple((str(place), name) for place, name in enumerate(chosen, 1))
    return Table("The order with which papers agree most", ("place", "candidate"), rows)


def _reasons(subsets: _Subsets, first: str) -> Table:
    best = subsets.best[subsets.full]
    rows = []
    for one, name in enumerate(subsets.names):
        if name == first:
            continue
        found = subsets.with_first(subsets.full, one)
        than = "as many as" if found == best else f"{amount(best - found)} fewer than"
        rows.append(
            (name, f"the best order with {name} first has {amount(found)} agreements, {than} the order shown")
        )
    return why("What putting another candidate first would cost", rows)


def _sums(row: list[int], full: int) -> list[int]:
    """For every subset, how many papers prefer this candidate to its members, added up."""
    sums = [0] * (full + 1)
    for mask in range(1, full + 1):
        rest = mask & (mask - 1)
        sums[mask] = sums[rest] + row[(mask ^ rest).bit_length() - 1]
    return sums


def _bits(mask: int) -> list[int]:
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
