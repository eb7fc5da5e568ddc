"""Two rounds, from one set of rankings or with a second ballot: sound bounds (make).

A paper moves a difference of two candidates' votes by one at most, in each round. So the elected candidate is among
those who go on if at most one other can have as many first preferences; whoever two others always lead does not go on;
and the seat is sure if the elected leads everybody who can go on, in the second round with them, by more than the
doubt. Who has more than half of the first preferences leads in that round too, so the first round needs no case.
"""

from __future__ import annotations

from itertools import combinations

from selectorate.count.margin.doubt import Doubt
from selectorate.count.objects import Profile
from selectorate.count.rulesets import Ruleset

_TOGETHER_MAX = 6


class Runoff:
    """Whether the same candidate is elected, or nobody is and the same two go on."""

    __slots__ = ("all_equal_go_on", "first", "papers", "second_ballot", "second_only", "valid", "winner")

    def __init__(self, papers: Profile, ruleset: Ruleset, winner: int | None) -> None:
        self.papers, self.winner, self.valid = papers, winner, papers.valid
        self.first = [0] * len(papers.candidates)
        for paper in papers.papers:
            self.first[paper.ranking[0]] += paper.number
        self.second_ballot = str(ruleset["second_round"]).startswith("a second ballot")
        self.second_only = str(ruleset["second_round"]).startswith("the second preference")
        self.all_equal_go_on = str(ruleset["goes_on"]).startswith("everybody")

    def certain(self, doubt: Doubt) -> str | None:
        """None when that is so; else a sentence."""
        shift = min(doubt.most, doubt.removed + doubt.added)
        if self.winner is not None and 2 * self.first[self.winner] - self.valid > shift:
            return None
        if self.second_ballot:
            return self._same_two(shift)
        if self.winner is None:
            return "nobody is elected"
        others = [one for one in range(len(self.first)) if one != self.winner]
        if sum(self.first[one] + shift >= self.first[self.winner] for one in others) > 1:
            return "the winner could miss the second round"
        may = [
            one for one in others if not any(self.first[other] - self.first[one] > shift for other in others)
        ]
        if len(may) > _TOGETHER_MAX and self.all_equal_go_on:
            return f"{len(may)} candidates could be in the second round"
        several = len(may) if self.all_equal_go_on else 1
        for size in range(1, several + 1):
            for rivals in combinations(may, size):
                votes = self._second_round({self.winner, *rivals})
                if any(votes[self.winner] - votes[one] <= shift for one in rivals):
                    return "the second round could turn"
        return None

    def _same_two(self, shift: int) -> str | None:
        if self.winner is not None:
            return "the winner could miss half of the papers"
        if any(2 * votes - self.valid + shift > 0 for votes in self.first):
            return "somebody could have more than half of the papers"
        order = sorted(self.first, reverse=True)
        if len(order) > 2 and order[1] - order[2] <= shift:
            return "others could go on to the second ballot"
        return None

    def _second_round(self, on: set[int]) -> dict[int, int]:
        votes = dict.fromkeys(sorted(on), 0)
        for paper in self.papers.papers:
            looked_at = paper.ranking[:2] if self.second_only else paper.ranking
            heir = next((one for one in looked_at if one in on), None)
            if heir is not None:
                votes[heir] += paper.number
        return votes
