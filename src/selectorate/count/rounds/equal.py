"""Equal votes: the rule set's own rule first, then the lot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from selectorate.count.objects import Number, Purpose, Stage, Tie
from selectorate.count.ties import Draw

Extreme = Literal["fewest", "most"]


@dataclass(slots=True)
class Ties:
    """How one count tells equal candidates apart, and the record of each time it had to.

    rule: "latest earlier stage that differs, else lot", "earliest stage that differs, else lot", or "lot".
    """

    names: tuple[str, ...]
    rule: str
    draw: Draw
    met: list[Tie] = field(default_factory=list)

    def pick(
        self,
        among: Sequence[int],
        now: Sequence[Number],
        stages: Sequence[Stage],
        extreme: Extreme,
        purpose: Purpose,
        stage: int,
    ) -> int:
        """The one of `among` with the fewest or most votes in `now`. stages: those whose tallies the rule may look
        back on, the first stage first. stage: the number of the stage that the choice is for.

        A tie of three is narrowed step by step: who differs is out of it, the rest is looked at further.
        Raises Refusal `count.tie` for a lot without a seed.
        """
        tied = left = _at(extreme, among, now)
        for seen in self._looked_at(stages):
            if len(left) == 1:
                break
            left = _at(extreme, left, seen.tallies)
        chosen = left[0]
        if len(left) > 1:
            chosen = self.names.index(self.draw.one([self.names[one] for one in left], stage))
        if len(tied) > 1:
            between = tuple(sorted(self.names[one] for one in tied))
            by: Literal["lot", "earlier stage"] = "lot" if len(left) > 1 else "earlier stage"
            self.met.append(Tie(between, by, self.names[chosen], purpose, stage))
        return chosen

    def _looked_at(self, stages: Sequence[Stage]) -> Sequence[Stage]:
        if self.rule.startswith("latest"):
            return tuple(reversed(stages))
        return stages if self.rule.startswith(("earliest", "more first")) else ()

    def sentence(self, before: int) -> str:
        """What there is to say of the ties met since there were `before` of them; "" if none were."""
        said = []
        for tie in self.met[before:]:
            who = f"{', '.join(tie.between[:-1])} and {tie.between[-1]} had equal votes"
            how = "an earlier stage told them apart" if tie.by == "earlier stage" else "the lot decided"
            what = "goes out" if tie.purpose == "exclusion" else "goes before"
            said.append(f"{who}; {how}: {tie.chosen} {what}.")
        return " ".join(said)


def _at(extreme: Extreme, among: Sequence[int], votes: Sequence[Number]) -> list[int]:
    end = (min if extreme == "fewest" else max)(votes[one] for one in among)
    return [one for one in among if votes[one] == end]
