"""How many papers prefer whom to whom: everything a pairwise method knows of the papers.

Whoever stands at a higher rank is preferred to whoever stands lower; candidates at one rank, and those compared
by nobody, are preferred by neither. A comparison is won by the candidate with more papers; equal numbers are a
draw and no strength at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from selectorate.count.ballots import Marks
from selectorate.count.objects import Table
from selectorate.count.points.record import amount

WINNING = "papers for the winner, then fewer against"
FOR = "papers for the winner"
MARGINS = "papers for the winner less those against"
BELOW = "below every ranked candidate, equal among themselves"


@dataclass(frozen=True, slots=True)
class Matrix:
    """names: the candidates; votes[a][b]: papers that prefer candidate a to candidate b."""

    names: tuple[str, ...]
    votes: tuple[tuple[int, ...], ...]

    @classmethod
    def of(
        cls, names: tuple[str, ...], papers: Iterable[tuple[Marks, int]], *, unranked: str = BELOW
    ) -> Matrix:
        size = len(names)
        votes = [[0] * size for _ in names]
        everybody = frozenset(range(size))
        for groups, number in papers:
            below = everybody if unranked == BELOW else frozenset(one for group in groups for one in group)
            for group in groups:
                below = below.difference(group)
                for one in group:
                    row = votes[one]
                    for other in below:
                        row[other] += number
        return cls(names, tuple(tuple(row) for row in votes))

    def wins(self, one: int, other: int) -> bool:
        return self.votes[one][other] > self.votes[other][one]

    def strength(self, one: int, other: int, by: str) -> tuple[int, ...]:
        """How strong a comparison is that the first has won; the greater, the stronger."""
        mine, theirs = self.votes[one][other], self.votes[other][one]
        if by == MARGINS:
            return (mine - theirs,)
        return (mine,) if by == FOR else (mine, -theirs)

    def won(self) -> list[tuple[int, int]]:
        """Every comparison that somebody wins: (winner, loser)."""
        size = range(len(self.names))
        return [(one, other) for one in size for other in size if self.wins(one, other)]

    def condorcet_winner(self) -> int | None:
        """Who wins every comparison, if anybody does."""
        for one in range(len(self.names)):
            if all(self.wins(one, other) for other in range(len(self.names)) if other != one):
                return one
        return None

    def table(self) -> Table:
        """The matrix as the sheet prints it."""
        return Table(
            "How many papers prefer the candidate of the row to the candidate of the column",
            ("", *self.names),
            tuple(
                (name, *("" if one == other else str(votes) for other, votes in enumerate(row)))
                for one, (name, row) in enumerate(zip(self.names, self.votes, strict=True))
            ),
        )

    def says(self, one: int, other: int) -> str:
        """ "Ash over Beech, 1,842 to 1,200"."""
        return (
            f"{self.names[one]} over {self.names[other]}, "
            f"{amount(self.votes[one][other])} to {amount(self.votes[other][one])}"
        )


def by_name(names: Sequence[str]) -> list[int]:
    """The positions of candidates in the order of their names: what is shown never hangs on the candidates'
    order on the paper."""
    return sorted(range(len(names)), key=lambda one: names[one])


def shortest(links: Sequence[Sequence[int]], start: int, end: int) -> list[int]:
    """The shortest way along `links` (for each candidate its successors, in the order in which they are tried)
    from start to end, both included; empty if there is none."""
    came: dict[int, int] = {start: start}
    front = [start]
    while front and end not in came:
        after: list[int] = []
        for one in front:
            for other in links[one]:
                if other not in came:
                    came[other] = one
                    after.append(other)
        front = after
    if end not in came:
        return []
    way = [end]
    while way[-1] != start:
        way.append(came[way[-1]])
    return way[::-1]
