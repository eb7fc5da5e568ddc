"""Ranked pairs: comparisons are locked from the strongest down, none that would close a circle (make).

Tideman, "Independence of clones as a criterion for voting rules", Social Choice and Welfare 4 (1987). Comparisons
of equal strength are taken together; only where they would close a circle among themselves is their order drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

from selectorate.count.objects import Table, Tie
from selectorate.count.pairwise.found import Found
from selectorate.count.pairwise.matrix import Matrix, by_name, shortest
from selectorate.count.points.seating import drawn
from selectorate.count.ties import Draw

Pair = tuple[int, int]
LOCKED = "locked"


@dataclass(slots=True)
class _Locked:
    """What is locked so far. reach: for each candidate, everybody below, as bits."""

    matrix: Matrix
    reach: list[int]
    links: list[list[int]]
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def closes(self, pair: Pair) -> bool:
        """Whether the loser already stands above the winner."""
        return bool(self.reach[pair[1]] >> pair[0] & 1)

    def lock(self, pair: Pair) -> None:
        join(self.reach, pair)
        self.links[pair[0]].append(pair[1])
        self._tell(pair, LOCKED)

    def refuse(self, pair: Pair) -> None:
        names = self.matrix.names
        alphabet = by_name(names)
        place = {one: at for at, one in enumerate(alphabet)}
        links = [sorted(row, key=place.__getitem__) for row in self.links]
        way = shortest(links, pair[1], pair[0])
        circle = " over ".join(names[one] for one in way)
        self._tell(pair, f"not locked: {circle} is locked already")

    def _tell(self, pair: Pair, done: str) -> None:
        one, other = pair
        names, votes = self.matrix.names, self.matrix.votes
        self.rows.append(
            (
                str(len(self.rows) + 1),
                names[one],
                names[other],
                str(votes[one][other]),
                str(votes[other][one]),
                done,
            )
        )


def order(matrix: Matrix, by: str, draw: Draw) -> Found:
    """The locked order, in levels. Raises Refusal `count.tie` where equal comparisons need a lot."""
    size = len(matrix.names)
    locked = _Locked(matrix, [0] * size, [[] for _ in range(size)])
    ties: list[Tie] = []

    def strength(pair: Pair) -> tuple[int, ...]:
        return matrix.strength(pair[0], pair[1], by)

    pairs = sorted(matrix.won(), key=lambda pair: (matrix.names[pair[0]], matrix.names[pair[1]]))
    pairs.sort(key=strength, reverse=True)
    for _, equal in groupby(pairs, key=strength):
        _together(locked, list(equal), draw, ties)
    columns = ("step", "winner", "loser", "for", "against", "done")
    return Found(
        figures=_levels(matrix.names, locked.reach),
        tallies=tuple(below.bit_count() for below in locked.reach),
        meaning="candidates locked below",
        tables=(Table("Comparisons from the strongest down", columns, tuple(locked.rows)),),
        ties=tuple(ties),
    )


def _together(locked: _Locked, equal: list[Pair], draw: Draw, ties: list[Tie]) -> None:
    """Lock comparisons of one strength: all that fit, when all fit; else one by one as the lot says."""
    left = equal
    while left:
        out = [pair for pair in left if locked.closes(pair)]
        for pair in out:
            locked.refuse(pair)
        left = [pair for pair in left if pair not in out]
        if _fit(locked.reach, left):
            for pair in left:
                locked.lock(pair)
            return
        pair = _drawn(locked.matrix.names, left, draw, ties)
        locked.lock(pair)
        left.remove(pair)


def _fit(reach: list[int], pairs: list[Pair]) -> bool:
    """Whether all of these can be locked without a circle."""
    trial = list(reach)
    for pair in pairs:
        if trial[pair[1]] >> pair[0] & 1:
            return False
        join(trial, pair)
    return True


def join(reach: list[int], pair: Pair) -> None:
    """Everybody at or above the winner now stands above the loser and everybody below it."""
    one, other = pair
    gained = reach[other] | 1 << other
    for above, below in enumerate(reach):
        if above == one or below >> one & 1:
            reach[above] = below | gained


def _drawn(names: tuple[str, ...], pairs: list[Pair], draw: Draw, ties: list[Tie]) -> Pair:
    """One of the comparisons by lot: first its winner, then its loser."""
    winners = {names[one] for one, _ in pairs}
    winner = drawn(sorted(winners), 1, draw, stage=1, purpose="locking", ties=ties)[0]
    losers = [names[other] for one, other in pairs if names[one] == winner]
    loser = drawn(losers, 1, draw, stage=1, purpose="locking", ties=ties)[0]
    return names.index(winner), names.index(loser)


def _levels(names: tuple[str, ...], reach: list[int]) -> dict[str, int]:
    """Those whom nobody left stands above, then those after them, and so on."""
    left, level = list(range(len(names))), 0
    figures: dict[str, int] = {}
    while left:
        first = [one for one in left if not any(reach[other] >> one & 1 for other in left)]
        figures.update({names[one]: level for one in first})
        left = [one for one in left if one not in first]
        level -= 1
    return figures
