"""STAR, means and majority judgment: sound bounds on figures (make)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from selectorate.count.ballots import FigureProfile
from selectorate.count.margin.doubt import Doubt


class Star:
    """Whether the winner stays one of the two highest and is preferred to whoever the other may be.

    One paper moves a difference of scores by at most the highest score, and a comparison by one vote.
    """

    __slots__ = ("beats", "highest", "scores", "winner")

    def __init__(self, papers: FigureProfile, highest: int, winner: int) -> None:
        size = len(papers.candidates)
        self.highest, self.winner = highest, winner
        self.scores, self.beats = [0] * size, [0] * size
        for figures, number in papers.papers:
            own = figures[winner] or 0
            for one, figure in enumerate(figures):
                self.scores[one] += (figure or 0) * number
                self.beats[one] += ((own > (figure or 0)) - (own < (figure or 0))) * number

    def certain(self, doubt: Doubt) -> str | None:
        """None when it does; else a sentence."""
        shift = min(doubt.most, doubt.removed + doubt.added)
        own, slack = self.scores[self.winner], shift * self.highest
        rivals = [one for one in range(len(self.scores)) if one != self.winner]
        if sum(1 for one in rivals if self.scores[one] + slack >= own) > 1:
            return "the winner could miss the runoff"
        leaders = sorted((self.scores[one] for one in rivals), reverse=True)
        for one in rivals:
            # Who is behind another rival by more than the slack is not in the runoff with the winner.
            out = sum(1 for score in leaders if score - self.scores[one] > slack) > 0
            if not out and self.beats[one] <= shift:
                return "the runoff could turn"
        return None


class Medians:
    """Whether the winner's grades stay above everybody's when the best of them and the worst of a rival's go.

    Taking out a candidate's best grades and putting in the worst leaves grades that are, place by place, no better than
    after any other change of as many papers; and the majority value grows with them. One more best grade out, or one
    more worst grade in, only lowers it (the middle moves down or stays), so the greatest splits are enough.
    """

    __slots__ = ("better", "received", "winner")

    def __init__(self, papers: FigureProfile, winner: int, grades: int, *, better: bool) -> None:
        self.winner, self.better = winner, better
        self.received = [[0] * grades for _ in papers.candidates]
        for figures, number in papers.papers:
            for one, figure in enumerate(figures):
                self.received[one][figure or 0] += number

    def certain(self, doubt: Doubt) -> str | None:
        """None when they do; else a sentence."""
        for removed, added in doubt.splits():
            if not self._stays(removed, added):
                return "a middle grade on which the winner depends could fall"
        return None

    def _stays(self, removed: int, added: int) -> bool:
        if removed >= sum(self.received[self.winner]):
            return False
        own = self._changed(self.received[self.winner], removed, added, up=False)
        for one, grades in enumerate(self.received):
            if one != self.winner and self._compare(own, self._changed(grades, removed, added, up=True)) <= 0:
                return False
        return True

    @staticmethod
    def _changed(grades: list[int], removed: int, added: int, *, up: bool) -> list[int]:
        found = list(grades)
        for at in range(len(found)) if up else reversed(range(len(found))):
            taken = min(found[at], removed)
            found[at] -= taken
            removed -= taken
        found[-1 if up else 0] += added
        return found

    def _compare(self, one: list[int], other: list[int]) -> int:
        """1 when the first is above: medians taken away from both until they differ. 0: never."""
        first, second = list(one), list(other)
        while sum(first) > 0:
            left, right = self._middle(first), self._middle(second)
            if left != right:
                return 1 if left > right else -1
            # While both middles stay where they are nothing differs: take so many away at once.
            step = max(1, min(self._room(first, left), self._room(second, right)))
            first[left] -= step
            second[right] -= step
        return 0

    def _middle(self, grades: list[int]) -> int:
        total = sum(grades)
        place = total // 2 if self.better else (total - 1) // 2
        for at, number in enumerate(grades):
            if place < number:
                return at
            place -= number
        return len(grades) - 1

    def _room(self, grades: list[int], middle: int) -> int:
        """How many papers of the middle grade can go one after the other, it being the middle each time."""
        below, above = sum(grades[:middle]), sum(grades[middle + 1 :])
        return grades[middle] - abs(above - below)


class Means:
    """Whether the least mean that each of the elected can have stays above the greatest of everybody else.

    The mean falls most when the highest scores go and 0 comes in, and rises most when the lowest go and the highest
    comes in: the first of those taken out is never on the other side of the mean. A paper is used against one and for
    another at once, which it may not be able to do: that only makes the bound smaller.
    """

    __slots__ = ("elected", "highest", "scores")

    def __init__(self, papers: FigureProfile, highest: int, elected: frozenset[int]) -> None:
        self.highest, self.elected = highest, elected
        self.scores: list[dict[int, int]] = [{} for _ in papers.candidates]
        for figures, number in papers.papers:
            for one, figure in enumerate(figures):
                if figure is not None:
                    self.scores[one][figure] = self.scores[one].get(figure, 0) + number

    @property
    def means(self) -> list[Fraction]:
        """As they are; 0 without a score."""
        return [self._mean(scores.items()) or Fraction(0) for scores in self.scores]

    def certain(self, doubt: Doubt) -> str | None:
        """None when they do; else a sentence."""
        for removed, added in doubt.splits():
            least = [self._changed(self.scores[one], removed, added, 0) for one in self.elected]
            for one, scores in enumerate(self.scores):
                if one not in self.elected:
                    most = self._changed(scores, removed, added, self.highest)
                    if any(mine is None or (most is not None and mine <= most) for mine in least):
                        return "a mean on which the result depends could fall or rise"
        return None

    def _changed(self, scores: dict[int, int], removed: int, added: int, put_in: int) -> Fraction | None:
        """The lowest mean (put_in 0) or the highest; None where all scores can go."""
        total = sum(scores.values())
        if put_in:
            removed = min(removed, total - (not added)) if total else 0
        elif removed >= total:
            return None
        left = dict(scores)
        for score in sorted(left, reverse=not put_in):
            taken = min(left[score], removed)
            left[score] -= taken
            removed -= taken
        left[put_in] = left.get(put_in, 0) + added
        return self._mean(left.items())

    @staticmethod
    def _mean(scores: Iterable[tuple[int, int]]) -> Fraction | None:
        every = list(scores)
        number = sum(papers for _, papers in every)
        return Fraction(sum(score * papers for score, papers in every), number) if number else None
