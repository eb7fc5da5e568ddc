"""Examples of a change (make): papers to take out and put in after which somebody else is elected.

A search, so what it finds is an upper bound only: the smallest example may be smaller. It looks at each
decision of the sheet that one candidate lost against another, makes papers that turn it, counts again, and
shrinks what works. It always takes the same way and stops after a number of counts fixed by the size of the
election, not by a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from selectorate.count import stv
from selectorate.count.certificate import Example, NamedPapers
from selectorate.count.margin.found import Stopped, Told
from selectorate.count.objects import Paper, Profile, Ranking, Sheet
from selectorate.count.rulesets import Ruleset

_WORK = 2_000_000
"""How many distinct rankings may be counted in one search: about ten seconds of an ordinary computer."""
_COUNTS_MIN, _COUNTS_MAX = 60, 1500
_PARTS = 16


@dataclass(frozen=True, slots=True)
class _Plan:
    """Let `loser` win the decision that it lost against `rival` by `gap` votes.

    Of n papers, n * part / 16 are taken from the rival and the rest put in for the loser.
    """

    gap: int
    loser: int
    rival: int
    stage: int
    part: int = _PARTS // 2
    tail: Literal["none", "losers"] = "none"


@dataclass(frozen=True, slots=True)
class _Change:
    remove: dict[Ranking, int]
    add: dict[Ranking, int]

    @property
    def size(self) -> int:
        return sum(self.remove.values()) + sum(self.add.values())


def search(
    profile: Profile,
    ruleset: Ruleset,
    seats: int,
    sheet: Sheet,
    *,
    doubtful: int,
    left_out: int,
    told: Told | None = None,
) -> Example | None:
    """An example within these doubts when one is found, else the smallest found, else None.

    doubtful: how many papers may be removed; left_out: how many may be added. None only when nobody lost, or when the
    search is stopped by who is told.
    """
    hunt = _Hunt(profile, ruleset, seats, sheet, told)
    hunt.removals_max, hunt.additions_max = doubtful, left_out
    found = hunt.smallest()
    if not found:
        hunt.removals_max, hunt.additions_max = sheet.valid, (sheet.valid + 1) * 2
        found = hunt.smallest()
    return hunt.example(found) if found else None


class _Hunt:
    """One search: the election, what it elected, how many papers may change, how many counts are left."""

    __slots__ = (
        "additions_max", "base", "best", "counts_all", "counts_left", "names", "plans", "profile", "removable",
        "removals_max", "ruleset", "seats", "sheet", "told", "winners",
    )  # fmt: skip

    def __init__(
        self, profile: Profile, ruleset: Ruleset, seats: int, sheet: Sheet, told: Told | None = None
    ) -> None:
        self.told, self.counts_all = told, 0
        self.best: _Change | None = None
        self.profile, self.ruleset, self.seats, self.sheet = profile, ruleset, seats, sheet
        self.base = profile.counts()
        self.names = {name: index for index, name in enumerate(profile.candidates)}
        self.winners = frozenset(self.names[name] for name in sheet.elected)
        self.counts_left = 0
        self.removals_max = self.additions_max = 0
        self.plans = sorted(self._plans(), key=lambda plan: (plan.gap, plan.stage, plan.loser, plan.rival))
        self.removable: dict[tuple[int, int], list[tuple[Ranking, int]]] = {}

    def example(self, change: _Change) -> Example:
        order = self._elected(change)
        return Example(self._named(change.remove), self._named(change.add), order or ())

    def smallest(self) -> _Change | None:
        """The smallest change found within the limits: every plan roughly, then the best one finely."""
        self.counts_all = self.counts_left = max(_COUNTS_MIN, min(_COUNTS_MAX, _WORK // len(self.base)))
        self.best = None
        try:
            return self._searched()
        except Stopped:
            return self.best

    def _searched(self) -> _Change | None:
        best: _Change | None = self._certain_change()
        of_plan: _Plan | None = None
        for part in (_PARTS // 2, 0, _PARTS):
            for plan in self.plans:
                most = best.size if best else self.removals_max + self.additions_max
                if plan.gap > most + most // 8 + 2:
                    break
                trial = replace(plan, part=part)
                better = self._try(trial, best)
                if better:
                    best, of_plan = better, trial
        improved = best is not None and of_plan is not None
        while improved and of_plan:
            improved = False
            for trial in _neighbours(of_plan):
                better = self._try(trial, best)
                if better:
                    best, of_plan, improved = better, trial, True
        return best

    def _try(self, plan: _Plan, best: _Change | None) -> _Change | None:
        """A change by this plan smaller than the best so far."""
        top = min(plan.gap + plan.gap // 8 + 2, self.removals_max + self.additions_max)
        if best:
            top = min(top, best.size - 1)
        if top < 1 or not self._changes(self._split(plan, top)):
            return None
        return self._shrink(lambda size: self._split(plan, size), top)

    def _certain_change(self) -> _Change | None:
        """Papers for one loser alone, until elected: large, but there is always one when somebody lost."""
        best: _Change | None = None
        for loser in range(len(self.profile.candidates)):
            if loser in self.winners:
                continue
            top = best.size - 1 if best else min(self.sheet.valid + 1, self.additions_max)

            def alone(size: int, loser: int = loser) -> _Change:
                return _Change({}, {(loser,): size})

            if top and self._changes(alone(top)):
                best = self._shrink(alone, top)
        return best

    def _shrink(self, make: Callable[[int], _Change], top: int) -> _Change:
        """The smallest size at which it works, taking it that more papers never work worse; `top` works."""
        low = 0
        while top - low > 1:
            middle = (low + top) // 2
            if self._changes(make(middle)):
                top = middle
            else:
                low = middle
        return make(top)

    def _changes(self, change: _Change) -> bool:
        if self.counts_left <= 0:
            return False
        self.counts_left -= 1
        if self.told:
            self.told("Papers changed and counted again", self.counts_all - self.counts_left, self.counts_all)
        elected = self._elected(change)
        turned = elected is not None and {self.names[name] for name in elected} != self.winners
        if turned and (self.best is None or change.size < self.best.size):
            self.best = change
        return turned

    def _elected(self, change: _Change) -> tuple[str, ...] | None:
        counts = dict(self.base)
        for ranking, number in change.remove.items():
            counts[ranking] -= number
        for ranking, number in change.add.items():
            counts[ranking] = counts.get(ranking, 0) + number
        papers = tuple(Paper(ranking, number) for ranking, number in counts.items() if number)
        return stv.elected_without_lot(self.profile.candidates, papers, self.ruleset, self.seats)

    def _plans(self) -> Iterator[_Plan]:
        """Every decision between two that one lost: exclusions, and who was left at the end."""
        unit = 10**self.sheet.places
        standing = set(range(len(self.profile.candidates)))
        for before, stage in zip(self.sheet.stages, self.sheet.stages[1:], strict=False):
            standing -= {self.names[name] for name in before.elected}
            if stage.act.startswith("exclude "):
                out = self.names[stage.act.removeprefix("exclude ")]
                standing.discard(out)
                for rival in standing:
                    gap = -(-(before.tallies[rival] - before.tallies[out]) // unit)
                    yield _Plan(max(gap, 0), out, rival, before.number)
        last = self.sheet.stages[-1]
        chosen = {self.names[name] for name in last.elected}
        for loser in standing - chosen:
            for rival in chosen:
                yield _Plan(
                    -(-(last.tallies[rival] - last.tallies[loser]) // unit), loser, rival, last.number
                )

    def _split(self, plan: _Plan, size: int) -> _Change:
        """A change of that size by this plan; less when the limits or the rival's papers do not allow it."""
        added = min(size - size * plan.part // _PARTS, self.additions_max)
        left = removed = min(size - added, self.removals_max)
        remove: dict[Ranking, int] = {}
        for ranking, number in self._papers_of(plan.rival, plan.stage):
            if not left:
                break
            remove[ranking] = min(left, number)
            left -= remove[ranking]
        added = min(size - removed + left, self.additions_max)
        return _Change(remove, {self._paper_for(plan): added} if added else {})

    def _paper_for(self, plan: _Plan) -> Ranking:
        if plan.tail == "none":
            return (plan.loser,)
        others = (one for one in range(len(self.profile.candidates)) if one not in self.winners)
        return (plan.loser, *(one for one in others if one != plan.loser))

    def _papers_of(self, holder: int, stage: int) -> list[tuple[Ranking, int]]:
        """Papers that are with this candidate at full value after that stage; frequent rankings first."""
        if (holder, stage) not in self.removable:
            gone = {
                self.names[one.act.removeprefix("exclude ")]
                for one in self.sheet.stages[:stage]
                if one.act.startswith("exclude ")
            }
            found = [
                (ranking, number)
                for ranking, number in self.base.items()
                if holder in ranking and gone.issuperset(ranking[: ranking.index(holder)])
            ]
            self.removable[holder, stage] = sorted(found, key=lambda one: (-one[1], one[0]))
        return self.removable[holder, stage]

    def _named(self, papers: dict[Ranking, int]) -> NamedPapers:
        names = self.profile.candidates
        return tuple(
            sorted((tuple(names[one] for one in ranking), number) for ranking, number in papers.items())
        )


def _neighbours(plan: _Plan) -> Iterator[_Plan]:
    """The same plan with another share of removals, or with other papers put in."""
    for part in range(_PARTS + 1):
        for tail in ("none", "losers"):
            if (part, tail) != (plan.part, plan.tail):
                yield replace(plan, part=part, tail=tail)
