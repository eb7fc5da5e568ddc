"""The papers as a tree of their preferences, so that papers that begin alike are reckoned once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from selectorate.count.meek.rules import Rules
from selectorate.count.objects import Paper

Branch = tuple[int, int, int, "Branches"]
"""(candidate, papers that come here, papers that end here, what comes next on the others)."""
Branches = list[Branch]
Flow = dict[tuple[int | None, int | None, int], int]
"""(from whom, to whom, what is left of each paper on this way, in units) -> how many papers."""


class Tree:
    """The papers without those who are out. nobody: papers on which nobody is left."""

    __slots__ = ("nobody", "root")

    def __init__(self, papers: Iterable[Paper], out: frozenset[int]) -> None:
        counts: dict[tuple[int, ...], int] = {}
        for paper in papers:
            ranking = tuple(one for one in paper.ranking if one not in out) if out else paper.ranking
            counts[ranking] = counts.get(ranking, 0) + paper.number
        self.nobody = counts.pop((), 0)
        self.root = _branches(sorted(counts.items()))

    def distribute(self, keep: Sequence[int], rules: Rules) -> tuple[list[int], int]:
        """(votes of each candidate, excess that no candidate has), in units."""
        unit, given = rules.unit, rules.given
        votes = [0] * len(keep)
        excess = self.nobody * unit
        ways: list[tuple[int, Branches]] = [(unit, self.root)]
        while ways:
            left, branches = ways.pop()
            for candidate, papers, ending, below in branches:
                kept = keep[candidate]
                if kept == unit:
                    votes[candidate] += left * papers
                    continue
                gives = given(left, kept)
                votes[candidate] += gives * papers
                if gives < left:
                    excess += (left - gives) * ending
                    if below:
                        ways.append((left - gives, below))
        return votes, excess

    def flows(self, keep: Sequence[int], rules: Rules) -> Flow:
        """The same distribution as it goes from candidate to candidate."""
        found: Flow = {(None, None, rules.unit): self.nobody} if self.nobody else {}
        ways: list[tuple[int | None, int, Branches]] = [(None, rules.unit, self.root)]
        while ways:
            giver, left, branches = ways.pop()
            for candidate, papers, ending, below in branches:
                way = (giver, candidate, left)
                found[way] = found.get(way, 0) + papers
                rest = left - (left if keep[candidate] == rules.unit else rules.given(left, keep[candidate]))
                if rest and ending:
                    lost = (candidate, None, rest)
                    found[lost] = found.get(lost, 0) + ending
                if rest and below:
                    ways.append((candidate, rest, below))
        return found


def _branches(rankings: list[tuple[tuple[int, ...], int]]) -> Branches:
    """The tree of sorted rankings, built level by level without recursion."""
    root: Branches = []
    waiting = [(root, rankings, 0)]
    while waiting:
        branches, group, depth = waiting.pop()
        start = 0
        while start < len(group):
            candidate = group[start][0][depth]
            stop = start
            papers = ending = 0
            while stop < len(group) and group[stop][0][depth] == candidate:
                ranking, number = group[stop]
                papers += number
                ending += number if len(ranking) == depth + 1 else 0
                stop += 1
            below: Branches = []
            deeper = [one for one in group[start:stop] if len(one[0]) > depth + 1]
            if deeper:
                waiting.append((below, deeper, depth + 1))
            branches.append((candidate, papers, ending, below))
            start = stop
    return root
