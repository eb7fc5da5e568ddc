"""Bucklin: a sound bound (make).

At each rank a paper moves twice a candidate's votes less the papers by one at most, and the difference of two
candidates by one at most. Up to the first rank at which the winner surely has more than half, no other may get there
unless the winner then surely has more votes. If there is no such rank the count goes on to the last preference, whose
tallies are all preferences, however deep that is: there the winner must lead.
"""

from __future__ import annotations

from selectorate.count.margin.doubt import Doubt
from selectorate.count.objects import Profile


class Bucklin:
    """tallies: at each rank the votes of each candidate down to it."""

    __slots__ = ("tallies", "valid", "winner")

    def __init__(self, papers: Profile, winner: int) -> None:
        self.winner, self.valid = winner, papers.valid
        self.tallies: list[list[int]] = []
        votes = [0] * len(papers.candidates)
        for rank in range(len(votes)):
            votes = list(votes)
            for paper in papers.papers:
                if rank < len(paper.ranking):
                    votes[paper.ranking[rank]] += paper.number
            self.tallies.append(votes)

    def certain(self, doubt: Doubt) -> str | None:
        """None when the winner stays; else a sentence."""
        shift = min(doubt.most, doubt.removed + doubt.added)
        for rank, votes in enumerate(self.tallies, 1):
            own = votes[self.winner]
            last = rank == len(self.tallies)
            for one, theirs in enumerate(votes):
                if (
                    one != self.winner
                    and own - theirs <= shift
                    and (last or 2 * theirs - self.valid + shift > 0)
                ):
                    return f"another could have more than half, or most, with {rank} preferences counted"
            if 2 * own - self.valid - shift > 0:
                return None
        return None
