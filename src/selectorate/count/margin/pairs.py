"""Methods that compare candidates two by two: sound bounds on the matrix (make).

One paper taken out or put in moves each comparison by at most one vote. So every edge lies in an interval, and a bound
holds when the winner wins wherever the edges lie in theirs. Schulze: every rival's path back is weaker than the
winner's path to it. Ranked pairs: every rival has a defeat that nothing can keep from being locked. Copeland and
minimax: by the worst and the best comparisons. Any Condorcet method: the winner beats everybody.
"""

from __future__ import annotations

from collections.abc import Callable

from selectorate.count.ballots import WeakProfile
from selectorate.count.margin.additive import rankings
from selectorate.count.margin.doubt import Doubt
from selectorate.count.objects import Profile
from selectorate.count.rulesets import Ruleset

Matrix = list[list[int]]
_BY_LEAD = "papers for the winner less those against"


def matrix(papers: Profile | WeakProfile, *, unranked_below: bool = True) -> Matrix:
    """d[x][y]: papers that rank x above y. unranked_below: who is not on the paper is below who is."""
    size = len(papers.candidates)
    found = [[0] * size for _ in range(size)]
    for marks, number in rankings(papers):
        left = set(range(size)) if unranked_below else {one for rank in marks for one in rank}
        for rank in marks:
            left -= set(rank)
            for one in rank:
                row = found[one]
                for other in left:
                    row[other] += number
    return found


class Comparisons:
    """Whether one candidate stays the winner by the rule set's order, wherever comparisons lie within the doubt."""

    __slots__ = ("by_lead", "d", "order", "size", "winner")

    def __init__(self, papers: Profile | WeakProfile, ruleset: Ruleset, winner: int) -> None:
        below = str(ruleset["unranked"]).startswith("below")
        self.d, self.winner = matrix(papers, unranked_below=below), winner
        self.size = len(self.d)
        self.order, self.by_lead = str(ruleset["order"]), ruleset["strength"] == _BY_LEAD

    def certain(self, doubt: Doubt) -> str | None:
        """None when it does; else a sentence."""
        shift = min(doubt.most, doubt.removed + doubt.added)
        rivals = [one for one in range(self.size) if one != self.winner]
        if all(self._lead(self.winner, rival) > shift for rival in rivals):
            return None  # beats everybody, so every such method elects it
        rules: dict[str, Callable[[int, int], bool]] = {
            "strongest paths": self._paths,
            "locking from the strongest comparison down, none that closes a circle": self._locks,
            "smallest greatest defeat first": self._defeats,
            "most comparisons won first, a drawn one half": self._won,
        }
        rule = rules.get(self.order)
        if rule and all(rule(rival, shift) for rival in rivals):
            return None
        return "a comparison on which the winner depends could turn"

    def _lead(self, one: int, other: int) -> int:
        return self.d[one][other] - self.d[other][one]

    def _edge(self, one: int, other: int, shift: int) -> int:
        """The strength of a comparison with so many votes moved to it (from it, where negative); 0: not won."""
        lead = self._lead(one, other) + shift
        if lead <= 0 or one == other:
            return 0
        return lead if self.by_lead else max(1, self.d[one][other] + shift)

    def _strongest(self, shift: int) -> Matrix:
        """The strength of the strongest path between each two, with every edge moved so."""
        path = [[self._edge(one, other, shift) for other in range(self.size)] for one in range(self.size)]
        for via in range(self.size):
            for one in range(self.size):
                if one != via:
                    for other in range(self.size):
                        path[one][other] = max(path[one][other], min(path[one][via], path[via][other]))
        return path

    def _paths(self, rival: int, shift: int) -> bool:
        low, high = self._strongest(-shift), self._strongest(shift)
        return low[self.winner][rival] > high[rival][self.winner]

    def _locks(self, rival: int, shift: int) -> bool:
        """Some defeat of the rival is stronger than every path from the rival back: it is locked in any order."""
        high = self._strongest(shift)
        return any(
            self._edge(one, rival, -shift) > high[rival][one] for one in range(self.size) if one != rival
        )

    def _defeats(self, rival: int, shift: int) -> bool:
        others = range(self.size)
        worst = max(self._edge(one, self.winner, shift) for one in others)
        return worst < max(self._edge(one, rival, -shift) for one in others)

    def _won(self, rival: int, shift: int) -> bool:
        """Twice the comparisons won, a drawn one counting one: the winner's least and the rival's most."""
        least = most = 0
        for one in range(self.size):
            if one != self.winner:
                least += _twice(self._lead(self.winner, one) - shift)
            if one != rival:
                most += _twice(self._lead(rival, one) + shift)
        return least > most


def _twice(lead: int) -> int:
    return 2 if lead > 0 else int(lead == 0)
