"""Changes found by counting again (make): upper bounds for any rule set that has an engine.

For each candidate who was not elected: papers for that one alone put in, papers against it taken out, or both; as few
as the engine needs. What is found was counted by the rule set's own engine; a smaller change may exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from selectorate.count import methods
from selectorate.count.ballots import FigureProfile, WeakProfile
from selectorate.count.margin.found import Stopped, Told
from selectorate.count.objects import Paper, Profile
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw, universes
from selectorate.errors import Refusal

Papers = Profile | WeakProfile | FigureProfile
Form = tuple[object, ...]
"""One paper, as its kind of papers writes it."""
Plan = Callable[[int, int, int], tuple[dict[Form, int], dict[Form, int]]]
"""Of how many papers, at most so many out and so many in: those out, those in."""
_UNIVERSES_MAX = 24


class Replay:
    """Counts of changed papers."""

    __slots__ = ("counts", "elected", "papers", "ruleset", "seats", "top")

    def __init__(self, papers: Papers, ruleset: Ruleset, seats: int, elected: frozenset[str]) -> None:
        self.papers, self.ruleset, self.seats, self.elected = papers, ruleset, seats, elected
        self.counts = dict(forms(papers))
        self.top = max(
            (figure or 0 for form in self.counts for figure in form if isinstance(figure, int)), default=1
        )

    def smallest(
        self, removed: int, added: int, told: Told | None = None
    ) -> tuple[dict[Form, int], dict[Form, int]] | None:
        """The smallest change found with at most so many papers out and so many in; the total counts."""
        best: tuple[dict[Form, int], dict[Form, int]] | None = None
        size = removed + added
        plans = list(self._plans())
        try:
            for done, plan in enumerate(plans):

                def turns(number: int, done: int = done, plan: Plan = plan) -> bool:
                    if told:
                        told("Ways to elect others, counted again", done, len(plans))
                    return self.turns(plan(number, removed, added))

                low, high = 0, min(size, removed + added)
                if high < 1 or not turns(high):
                    continue
                while high - low > 1:
                    # kept at once, should the search be stopped
                    best, size = plan(high, removed, added), high - 1
                    middle = (low + high) // 2
                    if turns(middle):
                        high = middle
                    else:
                        low = middle
                best, size = plan(high, removed, added), high - 1
        except Stopped:
            pass
        return best

    def _plans(self) -> Iterator[Plan]:
        names = self.papers.candidates
        losers = [at for at, name in enumerate(names) if name not in self.elected]
        # Where nobody is elected, each is tried against each other.
        winners = [at for at, name in enumerate(names) if name in self.elected] or losers
        for loser in losers:
            for winner in winners:
                if winner == loser:
                    continue
                against = sorted(
                    (form for form in self.counts if self._lead(form, winner, loser) > 0),
                    key=lambda form: (-self._lead(form, winner, loser), str(form)),
                )
                for one in self._alone(loser, winner):

                    def plan(
                        size: int, removed: int, added: int, one: Form = one, against: list[Form] = against
                    ) -> tuple[dict[Form, int], dict[Form, int]]:
                        put = min(added, -(-size // 2) if removed and added else size)
                        left = min(size - put, removed)
                        put = min(added, size - left)
                        out: dict[Form, int] = {}
                        for form in against:
                            taken = min(left, self.counts[form])
                            if taken:
                                out[form] = taken
                                left -= taken
                        return out, {one: put} if put else {}

                    yield plan

    def _alone(self, loser: int, winner: int) -> list[Form]:
        """Papers for this candidate, and against that one."""
        size = len(self.papers.candidates)
        others = [one for one in range(size) if one not in (loser, winner)]
        if isinstance(self.papers, FigureProfile):
            return [tuple(self.top if at == loser else 0 for at in range(size))]
        order = [loser, *others, winner]
        if isinstance(self.papers, WeakProfile):
            return [((loser,),), tuple((one,) for one in order)]
        return [(loser,), tuple(order)]

    def _lead(self, form: Form, winner: int, loser: int) -> int:
        """How much better the paper holds the winner than the loser."""
        if isinstance(self.papers, FigureProfile):
            return int(str(form[winner] or 0)) - int(str(form[loser] or 0))
        flat = [rank if isinstance(rank, tuple) else (rank,) for rank in form]
        place = {one: at for at, rank in enumerate(flat) for one in rank}
        return place.get(loser, len(flat)) - place.get(winner, len(flat))

    def turns(self, change: tuple[dict[Form, int], dict[Form, int]]) -> bool:
        """Whether somebody else is elected, or a lot decides who is."""
        changed = self.changed(change)
        if changed is None:
            return False
        found = self.outcomes(changed)
        return found is not None and any(one != self.elected for one in found)

    def outcomes(self, papers: Papers) -> list[frozenset[str]] | None:
        """Who is elected, for each outcome of the lots; None when there are too many lots, or the count refuses."""

        def run(draw: Draw) -> frozenset[str]:
            return frozenset(methods.count(papers, self.ruleset, self.seats, draw=draw).elected)

        try:
            return list(universes(run, _UNIVERSES_MAX))
        except Refusal:
            return None

    def changed(self, change: tuple[dict[Form, int], dict[Form, int]]) -> Papers | None:
        counts = dict(self.counts)
        for sign, part in zip((-1, 1), change, strict=True):
            for form, number in part.items():
                counts[form] = counts.get(form, 0) + sign * number
        if min(counts.values(), default=0) < 0 or not any(counts.values()):
            return None
        return with_forms(self.papers, counts)


def forms(papers: Papers) -> Iterator[tuple[Form, int]]:
    for one in papers.papers:
        yield (one.ranking, one.number) if isinstance(one, Paper) else one


def with_forms(papers: Papers, counts: dict[Form, int]) -> Papers:
    """The same contest with these papers."""
    kept = {form: number for form, number in counts.items() if number}
    if isinstance(papers, Profile):
        return Profile.gather(papers.candidates, kept)  # type: ignore[arg-type]
    found = tuple(sorted(kept.items(), key=lambda one: str(one[0])))
    return replace(papers, papers=found)  # type: ignore[arg-type]
