"""Lots: how equal candidates are told apart when every rule of the rule set has failed to.

The order is that of SHA-256("seed|stage|name") in UTF-8, the smallest first: reproducible by anybody who has the
seed, and never the order of the candidates. The seed is committed before the papers are read; public randomness
of a later day may be joined to it (`seed_of`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from selectorate.count.objects import Profile, Ranking
from selectorate.errors import refuse

Outcome = TypeVar("Outcome")
DRAWN_MAX = 10_000_000
"""Each paper is a line of its own in a drawn order: a file that claims more is refused, not laid out."""


@dataclass(slots=True)
class Draw:
    """Lots by a seed; without one, a tie is reported and the count stops.

    script: what to draw instead, place by place, while `universes` walks through every outcome; taken: how many
    candidates each lot of this count was between, in order.
    """

    seed: str | None = None
    script: tuple[int, ...] | None = None
    taken: list[int] = field(default_factory=list)

    def order(self, names: Iterable[str], stage: int) -> list[str]:
        """The candidates in the order in which they are drawn. Raises Refusal `count.tie` without a seed."""
        among = sorted(names)
        if self.script is not None:
            order: list[str] = []
            while among:
                order.append(among.pop(self._outcome(len(among))))
            return order
        if self.seed is None:
            raise refuse("count.tie", names=", ".join(among), stage=stage)
        seed = self.seed
        return sorted(among, key=lambda name: hashlib.sha256(f"{seed}|{stage}|{name}".encode()).digest())

    def one(self, names: Iterable[str], stage: int) -> str:
        """The candidate who is drawn first. Raises Refusal `count.tie` without a seed."""
        if self.script is not None:
            among = sorted(names)
            return among[self._outcome(len(among))]
        return self.order(names, stage)[0]

    def papers(self, profile: Profile) -> tuple[Ranking, ...]:
        """Every single paper, in recorded order; where none was kept, in an order drawn by the seed.

        Drawn: by SHA-256("seed|paper|first name>second name ...|which of the equal papers"), the smallest first.
        Raises Refusal `count.order` where no order was kept and there is no seed, `count.profile` where there are
        more papers than a seed puts in an order.
        """
        if profile.order:
            return tuple(profile.papers[at].ranking for at in profile.order)
        if self.seed is None:
            raise refuse("count.order")
        if profile.valid > DRAWN_MAX:
            because = f"there are {profile.valid} papers; a seed puts at most {DRAWN_MAX} in an order"
            raise refuse("count.profile", because=because)
        drawn: list[tuple[bytes, Ranking]] = []
        for paper in profile.papers:
            names = ">".join(profile.candidates[one] for one in paper.ranking)
            for which in range(paper.number):
                text = f"{self.seed}|paper|{names}|{which}"
                drawn.append((hashlib.sha256(text.encode()).digest(), paper.ranking))
        return tuple(ranking for _, ranking in sorted(drawn))

    def _outcome(self, among: int) -> int:
        """Which of so many the script draws; the first, where it says nothing yet."""
        if among == 1:
            return 0
        at = len(self.taken)
        self.taken.append(among)
        return self.script[at] if self.script is not None and at < len(self.script) else 0


def seed_of(committed: str, randomness: str) -> str:
    """The seed that joins what was committed before the ballots were read to public randomness drawn after."""
    return hashlib.sha256(f"{committed}|{randomness}".encode()).hexdigest()


def universes(run: Callable[[Draw], Outcome], most: int = 10_000) -> Iterator[Outcome]:
    """Every outcome of a count over all its lots. `run` counts once with the draw it is given.

    Raises Refusal `count.universes` beyond `most` of them: then nothing may be said of all.
    """
    script: tuple[int, ...] | None = ()
    made = 0
    while script is not None:
        if made >= most:
            raise refuse("count.universes", allowed=most)
        draw = Draw(script=script)
        yield run(draw)
        made += 1
        script = _following(script, draw.taken)


def _following(script: tuple[int, ...], taken: list[int]) -> tuple[int, ...] | None:
    """The next script in order: the last lot that has another outcome takes it. None after the last."""
    chosen = [*script, *([0] * (len(taken) - len(script)))][: len(taken)]
    for at in range(len(taken) - 1, -1, -1):
        if chosen[at] + 1 < taken[at]:
            return (*chosen[:at], chosen[at] + 1)
    return None
