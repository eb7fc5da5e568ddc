"""Counting by single transferable vote (make): papers in piles, moved stage by stage.

Weighted inclusive Gregory transfers as docs/formats/sheet.md says them, parameters from the rule set. All
arithmetic in whole units of 10^-places. The checking twin is `recount`, which has no piles.
"""

from __future__ import annotations

from selectorate.canon import Digest
from selectorate.count.fields import SEATS_MAX
from selectorate.count.objects import Paper, Profile, Purpose, Ranking, Sheet, Stage, Tie
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw
from selectorate.errors import Refusal, refuse

_Pile = dict[int, list[tuple[Ranking, int, int]]]
"""What one candidate holds: value of a paper -> (ranking, position of this candidate on it, papers)."""


def count(
    profile: Profile, ruleset: Ruleset, seats: int, *, tie_seed: str | None, papers_digest: Digest
) -> Sheet:
    """The sheet of these papers. `papers_digest`: SHA-256 of the bytes that the papers were read from.

    Raises Refusal `count.seats`, `count.empty` (no valid paper), `count.tie` (a lot without a seed).
    """
    if not 1 <= seats <= SEATS_MAX:
        raise refuse("count.seats", found=seats, allowed=SEATS_MAX)
    if not profile.papers:
        raise refuse("count.empty", blank=profile.blank, invalid=profile.invalid)
    run = _Count(profile.candidates, profile.papers, ruleset, seats, tie_seed)
    run.to_the_end()
    return Sheet(
        ruleset=ruleset.name,
        seats=seats,
        candidates=profile.candidates,
        valid=profile.valid,
        blank=profile.blank,
        invalid=profile.invalid,
        papers=papers_digest,
        quota=ruleset.quota(profile.valid, seats),
        stages=tuple(run.stages),
        ties=tuple(run.ties),
        elected=tuple(name for stage in run.stages for name in stage.elected),
        places=ruleset.places,
    )


def run(profile: Profile, ruleset: Ruleset, seats: int, draw: Draw, digest: Digest) -> Sheet:
    """The engine of the family "stv" (`methods.Engine`)."""
    return count(profile, ruleset, seats, tie_seed=draw.seed, papers_digest=digest)


def elected_without_lot(
    candidates: tuple[str, ...], papers: tuple[Paper, ...], ruleset: Ruleset, seats: int
) -> tuple[str, ...] | None:
    """Who is elected by these papers, in order; None when that needs a lot, or there is no paper."""
    if not papers:
        return None
    run = _Count(candidates, papers, ruleset, seats, None)
    try:
        run.to_the_end()
    except Refusal:
        return None
    return tuple(name for stage in run.stages for name in stage.elected)


class _Count:
    """A count under way."""

    __slots__ = (
        "continuing", "names", "non_transferable", "papers", "pending", "piles", "quota", "seed", "stages",
        "tallies", "ties", "unit", "vacancies",
    )  # fmt: skip

    def __init__(
        self,
        candidates: tuple[str, ...],
        papers: tuple[Paper, ...],
        ruleset: Ruleset,
        seats: int,
        seed: str | None,
    ) -> None:
        size = len(candidates)
        self.names = candidates
        self.papers = papers
        self.unit: int = 10**ruleset.places
        self.quota = ruleset.quota(sum(paper.number for paper in papers), seats) * self.unit
        self.vacancies = seats
        self.seed = seed
        self.continuing = [True] * size
        self.pending: list[int] = []
        self.piles: list[_Pile] = [{} for _ in range(size)]
        self.tallies = [0] * size
        self.non_transferable = 0
        self.stages: list[Stage] = []
        self.ties: list[Tie] = []

    def finished(self) -> bool:
        return not self.vacancies or not any(self.continuing)

    def to_the_end(self) -> None:
        self.first_preferences()
        while not self.finished():
            self.next_stage()

    def first_preferences(self) -> None:
        for paper in self.papers:
            first = paper.ranking[0]
            self.piles[first].setdefault(self.unit, []).append((paper.ranking, 0, paper.number))
            self.tallies[first] += paper.number * self.unit
        self._close("first preferences")

    def next_stage(self) -> None:
        """One surplus if there is any, else one exclusion."""
        self.pending = [one for one in self.pending if self.tallies[one] > self.quota]
        if self.pending:
            donor = self._pick(self.pending, "surplus")
            self.pending.remove(donor)
            self._surplus(donor)
            self._close(f"surplus {self.names[donor]}")
        else:
            standing = [one for one, still in enumerate(self.continuing) if still]
            lowest = self._pick(standing, "exclusion")
            self.continuing[lowest] = False
            self._move(lowest, None)
            self.tallies[lowest] = 0
            self._close(f"exclude {self.names[lowest]}")

    def _surplus(self, donor: int) -> None:
        total = self.tallies[donor]
        self._move(donor, (total - self.quota, total))
        self.tallies[donor] = self.quota

    def _move(self, donor: int, ratio: tuple[int, int] | None) -> None:
        """Every paper to the next continuing candidate on it; what is not credited does not transfer."""
        continuing, piles, tallies = self.continuing, self.piles, self.tallies
        leaving = ratio[0] if ratio else tallies[donor]
        for value, sheaf in piles[donor].items():
            worth = value * ratio[0] // ratio[1] if ratio else value
            for ranking, position, number in sheaf:
                for at in range(position + 1, len(ranking)):
                    heir = ranking[at]
                    if continuing[heir]:
                        piles[heir].setdefault(worth, []).append((ranking, at, number))
                        credit = worth * number
                        tallies[heir] += credit
                        leaving -= credit
                        break
        self.non_transferable += leaving
        piles[donor] = {}

    def _close(self, act: str) -> None:
        """End a stage: elect whoever has the quota, and everybody when no more continue than seats left."""
        number = len(self.stages) + 1
        self.stages.append(Stage(number, act, tuple(self.tallies), self.non_transferable, ()))
        chosen = [
            one for one, still in enumerate(self.continuing) if still and self.tallies[one] >= self.quota
        ]
        if sum(self.continuing) <= self.vacancies:
            chosen = [one for one, still in enumerate(self.continuing) if still]
        chosen = self._in_order(chosen)
        for one in chosen:
            self.continuing[one] = False
            self.pending.append(one)
        self.vacancies -= len(chosen)
        elected = tuple(self.names[one] for one in chosen)
        self.stages[-1] = Stage(number, act, tuple(self.tallies), self.non_transferable, elected)

    def _in_order(self, chosen: list[int]) -> list[int]:
        """Most votes first; equal votes by the rule for surpluses, one after the other."""
        left, order = list(chosen), []
        while left:
            best = self._pick(left, "order")
            left.remove(best)
            order.append(best)
        return order

    def _pick(self, among: list[int], purpose: Purpose) -> int:
        """The one with the fewest votes (exclusion) or the most; ties by earlier stages, then by lot."""
        pick = min if purpose == "exclusion" else max
        stage = len(self.stages) + (purpose != "order")
        left = tied = among
        for seen in reversed(self.stages):
            extreme = pick(seen.tallies[one] for one in left)
            left = [one for one in left if seen.tallies[one] == extreme]
            if seen.number == len(self.stages):
                tied = left
            if len(left) == 1:
                break
        chosen = left[0] if len(left) == 1 else self._lot(left, stage)
        if len(tied) > 1:
            by_lot = len(left) > 1
            self.ties.append(
                Tie(
                    tuple(self.names[one] for one in sorted(tied)),
                    "lot" if by_lot else "earlier stage",
                    self.names[chosen],
                    purpose,
                    stage,
                )
            )
        return chosen

    def _lot(self, left: list[int], stage: int) -> int:
        return self.names.index(Draw(self.seed).one([self.names[one] for one in left], stage))
