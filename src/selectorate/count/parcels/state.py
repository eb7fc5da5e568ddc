"""A count under way: who holds what, who is elected, which surpluses wait, and the rows so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from selectorate.count import fields
from selectorate.count.constraints import Constraints
from selectorate.count.constraints.watch import Watch
from selectorate.count.objects import Number, Profile, Ranking, Stage, Tie, Transfer
from selectorate.count.parcels.piles import Parcel, Slip, by_next_preference, count_of
from selectorate.count.parcels.rule import Rule, credited
from selectorate.count.ties import Draw


@dataclass(slots=True)
class State:
    """Tallies and all other votes in units.

    stage: number of the stage under way. history: tallies after each row; of_stage: tallies after each whole
    stage. pending: elected candidates whose surplus has not moved, with the row at which they were elected. told:
    ties that a row has told already. ordered: whether the papers lie in a recorded (or drawn) order. raised:
    papers that went on at more than they came with.
    """

    names: tuple[str, ...]
    rule: Rule
    seats: int
    draw: Draw
    valid: int
    quota: int
    continuing: list[bool]
    piles: list[list[Parcel]]
    tallies: list[int]
    watch: Watch
    required: int | None = None
    non_transferable: int = 0
    rounding: int = 0
    set_aside: int = 0
    stage: int = 0
    ordered: bool = False
    raised: int = 0
    elected: list[int] = field(default_factory=list)
    pending: list[tuple[int, int]] = field(default_factory=list)
    rows: list[Stage] = field(default_factory=list)
    history: list[tuple[int, ...]] = field(default_factory=list)
    of_stage: list[tuple[int, ...]] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    told: int = 0

    @classmethod
    def begin(
        cls, profile: Profile, rule: Rule, seats: int, draw: Draw, constraints: Constraints | None = None
    ) -> State:
        size = len(profile.candidates)
        valid = profile.valid * rule.unit
        return cls(
            names=profile.candidates,
            rule=rule,
            seats=seats,
            draw=draw,
            valid=valid,
            quota=rule.quota(valid, seats),
            continuing=[True] * size,
            piles=[[] for _ in range(size)],
            tallies=[0] * size,
            watch=Watch(constraints, profile.candidates, seats),
        )

    @property
    def room(self) -> int:
        """Seats that are still free."""
        return self.seats - len(self.elected)

    @property
    def standing(self) -> list[int]:
        return [one for one, still in enumerate(self.continuing) if still]

    @property
    def doomed(self) -> list[int]:
        """Those whom the constraints exclude before anything else, the fewest votes first."""
        found = self.watch.doomed(self.elected, self.standing)
        return sorted(found, key=lambda one: (self.tallies[one], self.names[one]))

    @property
    def over(self) -> bool:
        return not self.room or not any(self.continuing)

    @property
    def surplus(self) -> int:
        """All surpluses that have not moved."""
        return sum(self.tallies[one] - self.quota for _, one in self.pending)

    def text(self, votes: Number) -> str:
        """Votes as they are written; a fraction of a unit as a fraction."""
        return fields.number(votes, self.rule.places)

    def clause(self, question: str) -> str:
        """Where the rule for this stands, without what the source adds in words."""
        return self.rule.ruleset.clause(question)

    def first_preferences(self, papers: list[tuple[Ranking, int]]) -> list[Transfer]:
        slips: dict[int, list[Slip]] = {}
        for ranking, number in papers:
            slips.setdefault(ranking[0], []).append((ranking, 0, number))
        moved = []
        for one in sorted(slips):
            number = count_of(slips[one])
            votes = number * self.rule.unit
            self.piles[one].append(Parcel(self.rule.unit, tuple(slips[one]), votes, first=True))
            self.tallies[one] = votes
            moved.append(Transfer(None, self.names[one], number, self.rule.unit, votes))
        return moved

    def pass_on(self, batch: list[tuple[int, tuple[Slip, ...]]], value: Number) -> tuple[list[Transfer], int]:
        """Papers of one or several givers to the next continuing candidate on each, at this value.

        What an heir is given is one parcel. Gives the transfers and the votes that were credited or became
        non-transferable; where the latter go is the caller's to say.
        """
        received: dict[int, list[Slip]] = {}
        moved: list[Transfer] = []
        for giver, slips in batch:
            heirs, exhausted = by_next_preference(slips, self.continuing)
            for heir in sorted(heirs):
                received.setdefault(heir, []).extend(heirs[heir])
                moved.append(self._transfer(giver, heir, count_of(heirs[heir]), value))
            if exhausted:
                moved.append(self._transfer(giver, None, count_of(exhausted), value))
        given = 0
        for heir, slips_received in received.items():
            votes = credited(value, count_of(slips_received))
            self.piles[heir].append(Parcel(value, tuple(slips_received), votes))
            self.tallies[heir] += votes
            given += votes
        return moved, given

    def _transfer(self, giver: int, heir: int | None, papers: int, value: Number) -> Transfer:
        to = None if heir is None else self.names[heir]
        return Transfer(self.names[giver], to, papers, value, credited(value, papers))
