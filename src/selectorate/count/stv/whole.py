"""Whole papers in a recorded order (Cambridge, Massachusetts): the engine of the family "whole".

A paper is with one candidate at a time and counts one vote there. A surplus is made of papers picked at equal
distances from the candidate's pile, as they were counted; a candidate who reaches the quota is elected on that
paper and takes no more, so that only first preferences can make a surplus.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from selectorate.canon import Digest
from selectorate.count.fields import SEATS_MAX
from selectorate.count.objects import Profile, Purpose, Ranking, Sheet, Stage, Tie, Transfer
from selectorate.count.rulesets import Ruleset
from selectorate.count.stv import words
from selectorate.count.ties import Draw
from selectorate.errors import refuse


def run(profile: Profile, ruleset: Ruleset, seats: int, draw: Draw, digest: Digest) -> Sheet:
    """The engine of the family "whole" (`methods.Engine`).

    Raises Refusal `count.seats`, `count.empty`, `count.order` (no recorded order and no seed), `count.tie`.
    """
    if not 1 <= seats <= SEATS_MAX:
        raise refuse("count.seats", found=seats, allowed=SEATS_MAX)
    if not profile.papers:
        raise refuse("count.empty", blank=profile.blank, invalid=profile.invalid)
    counted = Whole(profile, ruleset, seats, draw)
    counted.to_the_end()
    elected = tuple(name for stage in counted.stages for name in stage.elected)
    drawn = (
        () if profile.order else ("No order of the papers was recorded: it was drawn by the seed for lots.",)
    )
    return Sheet(
        ruleset=ruleset.name, seats=seats, candidates=profile.candidates, valid=profile.valid,
        blank=profile.blank, invalid=profile.invalid, papers=digest, quota=counted.quota,
        stages=tuple(counted.stages), ties=tuple(counted.ties), elected=elected, places=0,
        vacant=seats - len(elected), remarks=drawn, anchor=ruleset.anchor,
    )  # fmt: skip


def picked(total: int, surplus: int) -> Iterator[int]:
    """Positions in a pile of `total` in the order in which they are looked at for a surplus.

    n, 2n, 3n ... with n the nearest whole number to total / surplus (the higher of two), then n + 1, 2n + 1 ...,
    and last those before the nth. The first paper is position 0.
    """
    step = (2 * total + surplus) // (2 * surplus)
    for start in range(step - 1, 2 * step - 1):
        yield from range(start, total, step)
    yield from range(min(step - 1, total))


class Whole:
    """A count under way. piles: each candidate's papers as they came; exhausted: how many have nobody left."""

    __slots__ = (
        "continuing", "draw", "elected_now", "exhausted", "flows", "history", "names", "piles", "profile",
        "quota", "ruleset", "seats", "stages", "ties", "vacancies",
    )  # fmt: skip

    def __init__(self, profile: Profile, ruleset: Ruleset, seats: int, draw: Draw) -> None:
        size = len(profile.candidates)
        self.profile, self.ruleset, self.seats, self.draw = profile, ruleset, seats, draw
        self.names = profile.candidates
        self.quota = profile.valid // (seats + 1) + 1
        self.vacancies = seats
        self.continuing = [True] * size
        self.piles: list[list[Ranking]] = [[] for _ in range(size)]
        self.exhausted = 0
        self.elected_now: list[int] = []
        self.flows: dict[tuple[int | None, int | None], int] = {}
        self.history: list[tuple[int, ...]] = []
        self.stages: list[Stage] = []
        self.ties: list[Tie] = []

    def to_the_end(self) -> None:
        """First preferences; surpluses, largest first; those under the cutoff together; then one lowest at a time."""
        self._first_preferences()
        waiting = [one for one in self._with_quota() if len(self.piles[one]) > self.quota]
        while waiting and self.vacancies and any(self.continuing):
            donor = self._pick(waiting, "surplus")
            waiting.remove(donor)
            self._move_surplus(donor)
        under = self._under_cutoff() if self.vacancies and any(self.continuing) else []
        if under:
            self._exclude(under, "cutoff")
        while self.vacancies and any(self.continuing):
            self._exclude([self._pick(self._standing(), "exclusion")], "exclusion")

    def _first_preferences(self) -> None:
        for ranking in self.draw.papers(self.profile):
            self.piles[ranking[0]].append(ranking)
            way = (None, ranking[0])
            self.flows[way] = self.flows.get(way, 0) + 1
        over = [one for one in self._standing() if len(self.piles[one]) >= self.quota]
        for one in sorted(over, key=lambda one: (-len(self.piles[one]), self.names[one])):
            self._elect(one)
        seats = "1 seat" if self.seats == 1 else f"{self.seats:,} seats"
        says = (
            f"There are {self.profile.valid:,} valid papers for {seats}; each is one vote for the first candidate "
            f"on it. The quota is {self.quota:,}."
        )
        self._close("first preferences", says, ("quota", "papers"))

    def _move_surplus(self, donor: int) -> None:
        pile = self.piles[donor]
        surplus = len(pile) - self.quota
        gone: set[int] = set()
        for position in picked(len(pile), surplus):
            if len(gone) == surplus:
                break
            if self._next(pile[position]) is not None:
                self._hand(donor, pile[position])
                gone.add(position)
        self.piles[donor] = [ranking for position, ranking in enumerate(pile) if position not in gone]
        step = (2 * len(pile) + surplus) // (2 * surplus)
        says = (
            f"{self.names[donor]} has {len(pile):,} papers, {surplus:,} more than the quota of {self.quota:,}: of "
            f"those that name somebody who is left, every one at a multiple of {step:,} in the order of the count "
            f"goes on, then those beside them, until {surplus:,} are gone. {words.papers(len(gone))} went."
        )
        self._close(f"surplus {self.names[donor]}", says, ("papers_moved", "surplus_next"))

    def _under_cutoff(self) -> list[int]:
        """Those with too few votes, but never so many that a seat could not be filled."""
        cutoff = int(self.ruleset["cutoff"])
        under = [one for one in self._standing() if len(self.piles[one]) < cutoff]
        room = max(0, len(self._standing()) - self.vacancies)
        chosen: list[int] = []
        while under and len(chosen) < room:
            chosen.append(self._pick(under, "exclusion"))
            under.remove(chosen[-1])
        return chosen

    def _exclude(self, losers: list[int], question: str) -> None:
        for one in losers:
            self.continuing[one] = False
        names = tuple(self.names[one] for one in losers)
        each = ", ".join(f"{self.names[one]} {len(self.piles[one]):,}" for one in losers)
        for one in losers:
            pile, self.piles[one] = self.piles[one], []
            for ranking in pile:
                self._hand(one, ranking)
        why = "the fewest votes" if question == "exclusion" else f"fewer than {self.ruleset['cutoff']} votes"
        says = f"{words.they(names, 'has', 'have')} {why} ({each}) and {'is' if len(names) == 1 else 'are'} excluded."
        self._close(f"exclude {', '.join(names)}", says, (question,), names)

    def _next(self, ranking: Ranking) -> int | None:
        return next((one for one in ranking if self.continuing[one]), None)

    def _hand(self, giver: int, ranking: Ranking) -> None:
        """One paper to the next continuing candidate on it, who may be elected by it."""
        heir = self._next(ranking)
        self.flows[giver, heir] = self.flows.get((giver, heir), 0) + 1
        if heir is None:
            self.exhausted += 1
            return
        self.piles[heir].append(ranking)
        if len(self.piles[heir]) == self.quota:
            self._elect(heir)

    def _elect(self, one: int) -> None:
        self.continuing[one] = False
        self.vacancies -= 1
        self.elected_now.append(one)

    def _standing(self) -> list[int]:
        return [one for one, still in enumerate(self.continuing) if still]

    def _with_quota(self) -> list[int]:
        return [one for one, pile in enumerate(self.piles) if len(pile) >= self.quota]

    def _pick(self, among: list[int], purpose: Purpose) -> int:
        """Fewest votes (exclusion) or most; ties by the latest earlier stage that differs, else by lot."""
        sign = 1 if purpose == "exclusion" else -1
        left: list[int] = list(among)
        tied: list[int] = []
        for votes in reversed(self.history):
            extreme = min(sign * votes[one] for one in left)
            left = [one for one in left if sign * votes[one] == extreme]
            tied = tied or left
            if len(left) == 1:
                break
        stage = len(self.stages) + 1
        chosen = (
            left[0]
            if len(left) == 1
            else self.names.index(self.draw.one([self.names[one] for one in left], stage))
        )
        if len(tied) > 1:
            between = tuple(self.names[one] for one in sorted(tied))
            by = "lot" if len(left) > 1 else "earlier stage"
            self.ties.append(Tie(between, by, self.names[chosen], purpose, stage))
        return chosen

    def _close(self, act: str, says: str, questions: Iterable[str], excluded: tuple[str, ...] = ()) -> None:
        """End a stage: everybody is elected when no more continue than seats are left."""
        asked = [*questions]
        tallies = tuple(len(pile) for pile in self.piles)
        self.history.append(tallies)
        number = len(self.stages) + 1
        said = [says, *words.of_ties(tie for tie in self.ties if tie.stage == number)]
        if self.elected_now:
            now = tuple(self.names[one] for one in self.elected_now)
            said.append(
                f"{words.they(now, 'reaches', 'reach')} the quota and {'is' if len(now) == 1 else 'are'} elected."
            )
            asked.append("elected_when")
        left = self._standing()
        if left and len(left) <= self.vacancies:
            order = sorted(left, key=lambda one: (-tallies[one], self.names[one]))
            names = tuple(self.names[one] for one in order)
            said.append(f"No more candidates are left than seats: {words.they(names, 'is', 'are')} elected.")
            asked.append("last_vacancies")
            for one in order:
                self._elect(one)
        flows, self.flows = self.flows, {}
        last = len(self.names)
        listed = sorted(flows.items(), key=lambda way: tuple(last if one is None else one for one in way[0]))
        self.stages.append(
            Stage(
                number, act, tallies, self.exhausted, tuple(self.names[one] for one in self.elected_now), excluded,
                transfers=tuple(
                    Transfer(
                        None if giver is None else self.names[giver],
                        None if heir is None else self.names[heir],
                        papers, 1, papers,
                    )
                    for (giver, heir), papers in listed
                ),
                figures=(("quota", f"{self.quota:,}"),),
                clause="; ".join(dict.fromkeys(self.ruleset.clause(one) for one in asked)),
                says=" ".join(said),
            )
        )  # fmt: skip
        self.elected_now = []
