"""Counting again (check): no piles, no moving; every stage follows each paper from its first preference anew.

The only state is what has been decided so far. From it and the papers alone each stage's figures are derived:
a paper is with its first preference until that candidate's papers move, then with the next candidate on it
who was open at that moment, and so on; what it is worth is the product, cut at each surplus. Written apart
from `stv`, which it must never import, so that one mistake would have to be made twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from selectorate.count.objects import Decided, Profile, Purpose, Tie
from selectorate.count.rulesets import Ruleset


@dataclass(frozen=True, slots=True)
class Found:
    """One stage as it must be. votes: by candidate, in votes; elected: positions, in order."""

    act: str
    subject: int | None
    votes: tuple[Fraction, ...]
    non_transferable: Fraction
    elected: tuple[int, ...]


@dataclass(slots=True)
class Recount:
    """A count by following papers. `lot_missing` is set when a lot is needed and there is no seed."""

    profile: Profile
    ruleset: Ruleset
    seats: int
    tie_seed: str | None
    stages: list[Found] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    lot_missing: bool = False

    @property
    def quota(self) -> int:
        return self.ruleset.quota(self.profile.valid, self.seats)

    @property
    def elected(self) -> tuple[str, ...]:
        return tuple(self.profile.candidates[one] for stage in self.stages for one in stage.elected)

    def run(self) -> Recount:
        """Every stage to the end, or to the first lot that cannot be drawn."""
        self._stage("first preferences", None)
        while not self.lot_missing and not self._over():
            surplus = self._with_surplus()
            purpose: Purpose = "surplus" if surplus else "exclusion"
            among = surplus or self._standing()
            subject = self._decide(among, purpose, len(self.stages) + 1)
            if subject is not None:
                verb = "surplus" if surplus else "exclude"
                self._stage(f"{verb} {self.profile.candidates[subject]}", subject)
        return self

    def _over(self) -> bool:
        return len(self.elected) >= self.seats or not self._standing()

    def _standing(self) -> list[int]:
        """Neither elected nor excluded so far."""
        gone = {one for stage in self.stages for one in stage.elected}
        gone |= {stage.subject for stage in self.stages if stage.subject is not None}
        return [one for one in range(len(self.profile.candidates)) if one not in gone]

    def _with_surplus(self) -> list[int]:
        moved = {stage.subject for stage in self.stages}
        elected = [one for stage in self.stages for one in stage.elected if one not in moved]
        return [one for one in elected if self.stages[-1].votes[one] > self.quota]

    def _stage(self, act: str, subject: int | None) -> None:
        """Derive the figures after this act, then who is elected by them."""
        self.stages.append(Found(act, subject, (), Fraction(0), ()))
        votes = self._follow()
        if act.startswith("surplus ") and subject is not None:
            votes[subject] = Fraction(self.quota)
        for earlier in self.stages[:-1]:
            if earlier.act.startswith("surplus ") and earlier.subject is not None:
                votes[earlier.subject] = Fraction(self.quota)
        lost = self.profile.valid - sum(votes, Fraction(0))
        self.stages[-1] = Found(act, subject, tuple(votes), lost, ())
        self.stages[-1] = Found(act, subject, tuple(votes), lost, self._newly_elected())

    def _follow(self) -> list[Fraction]:
        """Where the votes are now: each ranking followed through every stage from the start."""
        unit = 10**self.ruleset.places
        leaves, closed, ratio = self._history()
        credited = [0] * len(self.profile.candidates)
        for paper in self.profile.papers:
            value, moment = unit, 0
            for candidate in paper.ranking:
                if moment and closed.get(candidate, moment + 1) <= moment:
                    continue
                if candidate not in leaves:
                    credited[candidate] += value * paper.number
                    break
                moment = leaves[candidate]
                if candidate in ratio:
                    value = value * ratio[candidate].numerator // ratio[candidate].denominator
        return [Fraction(credit, unit) for credit in credited]

    def _history(self) -> tuple[dict[int, int], dict[int, int], dict[int, Fraction]]:
        """By candidate: the stage at which papers leave; the first closed to arrivals; the ratio."""
        leaves: dict[int, int] = {}
        closed: dict[int, int] = {}
        ratio: dict[int, Fraction] = {}
        for number, stage in enumerate(self.stages, 1):
            if stage.subject is not None:
                leaves[stage.subject] = number
                closed.setdefault(stage.subject, number)
                if stage.act.startswith("surplus "):
                    had = self.stages[number - 2].votes[stage.subject]
                    ratio[stage.subject] = (had - self.quota) / had
            for one in stage.elected:
                closed.setdefault(one, number + 1)
        return leaves, closed, ratio

    def _newly_elected(self) -> tuple[int, ...]:
        standing = self._standing()
        vacant = self.seats - len(self.elected)
        votes = self.stages[-1].votes
        chosen = [one for one in standing if len(standing) <= vacant or votes[one] >= self.quota]
        order: list[int] = []
        while len(order) < len(chosen):
            first = self._decide([one for one in chosen if one not in order], "order", len(self.stages))
            if first is None:
                return tuple(chosen)
            order.append(first)
        return tuple(order)

    def _decide(self, among: Iterable[int], purpose: Purpose, stage: int) -> int | None:
        """The lowest (exclusion) or highest of these, by the latest stage; ties by earlier ones, then lot."""
        sign = 1 if purpose == "exclusion" else -1

        def extremes(some: list[int], at: int) -> list[int]:
            key = {one: sign * self.stages[at].votes[one] for one in some}
            return [one for one in some if key[one] == min(key.values())]

        tied = left = extremes(sorted(among), -1)
        for back in range(2, len(self.stages) + 1):
            left = extremes(left, -back)
        names = self.profile.candidates
        drawn = len(left) > 1
        if drawn and self.tie_seed is None:
            self.lot_missing = True
            return None
        lots = {one: f"{self.tie_seed}|{stage}|{names[one]}".encode() for one in left}
        chosen = min(left, key=lambda one: hashlib.sha256(lots[one]).hexdigest())
        if len(tied) > 1:
            between = tuple(names[one] for one in tied)
            by: Decided = "lot" if drawn else "earlier stage"
            self.ties.append(Tie(between, by, names[chosen], purpose, stage))
        return chosen
