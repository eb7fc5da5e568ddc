"""The same-path bound again (check): docs/formats/certificate.md read a second time, apart from `margin`.

The path is taken from a recount, not from the sheet; papers are followed from their first preference at each
step; every split of K into removed and added papers is tried in every test, where `margin` uses the worst.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from selectorate.count.recount import Recount


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of the path: what moves, and who is elected after it. `elected` None: the count is over."""

    kind: Literal["first", "surplus", "exclude"]
    subject: int
    elected: tuple[int, ...]


def holds(recount: Recount, k: int) -> bool:
    """Whether no r removed and a added papers with r + a = k can leave the path of this finished count."""
    return _Rewalk(recount, k).holds()


def _path(recount: Recount) -> Iterator[_Step]:
    """The steps, with a step for each elected candidate who has exactly the quota and so no stage."""
    waiting: list[int] = []
    for stage in recount.stages:
        if stage.act.startswith("exclude "):
            for one in waiting:
                yield _Step("surplus", one, ())
            waiting = []
        kind = stage.act.split(" ", 1)[0]
        if kind == "surplus" and stage.subject is not None:
            waiting.remove(stage.subject)
            yield _Step("surplus", stage.subject, stage.elected)
        elif kind == "exclude" and stage.subject is not None:
            yield _Step("exclude", stage.subject, stage.elected)
        else:
            yield _Step("first", -1, stage.elected)
        waiting.extend(stage.elected)


class _Rewalk:
    __slots__ = ("arrivals_end", "k", "leaves", "ratios", "recount", "standing", "time", "unit", "waiting")

    def __init__(self, recount: Recount, k: int) -> None:
        self.recount, self.k = recount, k
        self.unit: int = 10**recount.ruleset.places
        self.standing = set(range(len(recount.profile.candidates)))
        self.waiting: set[int] = set()
        self.time = 0
        self.leaves: dict[int, int] = {}
        self.arrivals_end: dict[int, int] = {}
        self.ratios: dict[int, tuple[Fraction, Fraction]] = {}

    def holds(self) -> bool:
        vacant = self.recount.seats
        for step in _path(self.recount):
            if not self._certain_next(step):
                return False
            self.time += 1
            self._move(step)
            if len(self.standing) <= vacant:
                return True
            verdict = self._certain_elections(step.elected, vacant)
            if verdict is not None:
                return verdict
            vacant -= len(step.elected)
            self.standing -= set(step.elected)
            self.waiting |= set(step.elected)
            for one in step.elected:
                self.arrivals_end[one] = self.time + 1
        return True

    def _splits(self) -> Iterator[tuple[int, int, int]]:
        """Removed, added (both in units) and the quota (units), for every split of k."""
        valid, seats = self.recount.profile.valid, self.recount.seats
        for removed in range(self.k + 1):
            added = self.k - removed
            quota = self.recount.ruleset.quota(valid - removed + added, seats)
            yield removed * self.unit, added * self.unit, quota * self.unit

    def _certain_next(self, step: _Step) -> bool:
        if step.kind == "first":
            return True
        low, high = self._follow()
        rivals = (self.waiting if step.kind == "surplus" else self.standing) - {step.subject}
        margin = self.k * self.unit
        if step.kind == "surplus":
            self.ratios[step.subject] = self._ratio(low[step.subject], high[step.subject])
            return all(low[step.subject] - high[one] > margin for one in rivals)
        return all(low[one] - high[step.subject] > margin for one in rivals)

    def _ratio(self, low: int, high: int) -> tuple[Fraction, Fraction]:
        splits = list(self._splits())
        least = min(1 - Fraction(quota, low - removed) for removed, _, quota in splits)
        most = max(1 - Fraction(quota, high + added) for _, added, quota in splits)
        return least, most

    def _move(self, step: _Step) -> None:
        if step.kind == "first":
            return
        self.leaves[step.subject] = self.time
        self.standing.discard(step.subject)
        self.waiting.discard(step.subject)
        self.arrivals_end.setdefault(step.subject, self.time)

    def _certain_elections(self, elected: tuple[int, ...], vacant: int) -> bool | None:
        """True or false when the path ends here, None when it goes on."""
        low, high = self._follow()
        splits = list(self._splits())
        for one in elected:
            if any(low[one] - removed < quota for removed, _, quota in splits):
                return False
        if len(elected) == vacant:
            return True
        for one in self.standing - set(elected):
            if any(high[one] + added >= quota for _, added, quota in splits):
                return False
        return None

    def _follow(self) -> tuple[list[int], list[int]]:
        """The least and the most that the papers with each candidate are worth, in units."""
        size = len(self.recount.profile.candidates)
        low, high = [0] * size, [0] * size
        for paper in self.recount.profile.papers:
            least = most = self.unit
            moment = 0
            for candidate in paper.ranking:
                if moment and self.arrivals_end.get(candidate, moment + 1) <= moment:
                    continue
                leaving = self.leaves.get(candidate)
                if leaving is None:
                    low[candidate] += least * paper.number
                    high[candidate] += most * paper.number
                    break
                moment = leaving
                if candidate in self.ratios:
                    under, over = self.ratios[candidate]
                    least = least * under.numerator // under.denominator
                    most = most * over.numerator // over.denominator
        return low, high
