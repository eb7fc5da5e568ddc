"""What a search for a margin gives: two bounds, and papers that show the upper one. Values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from selectorate.count.objects import Ranking

Kind = Literal["changes", "additions", "deletions", "total"]
KINDS: tuple[Kind, ...] = ("changes", "additions", "deletions")
"""Papers replaced by others, papers put in, papers taken out; "total": papers put in and papers taken out, together."""

Papers = tuple[tuple[Ranking, int], ...]
"""Rankings, each with a number of papers; sorted, none twice."""


Told = Callable[[str, int, int], None]
"""Called at every step of a search: what is being examined, how much of it is done, and of how much (0: not known)."""


class Stopped(Exception):  # noqa: N818
    """Raised by who is told, to end a search: then the bounds that stand are given."""


@dataclass(frozen=True, slots=True)
class Change:
    """Papers to take out and to put in, and who then wins, or at least ties."""

    remove: Papers
    add: Papers
    winner: int

    @property
    def removed(self) -> int:
        return sum(number for _, number in self.remove)

    @property
    def added(self) -> int:
        return sum(number for _, number in self.add)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The fewest papers after which somebody else at least ties lie between lower and upper.

    upper None: no change is known, or none is possible. example: papers that show the upper bound, where the
    method has rankings and a search found them.
    """

    lower: int
    upper: int | None
    example: Change | None = None

    @property
    def exact(self) -> bool:
        return self.upper == self.lower


@dataclass(frozen=True, slots=True)
class Margin:
    """How many papers stand between these winners and others, counted in each of three ways.

    changes: papers replaced by any others (blank ones too); additions: papers put in; deletions: papers taken
    out. None where nobody else stands, or where no bound of that kind is known.
    """

    changes: Bounds | None
    additions: Bounds | None
    deletions: Bounds | None

    @property
    def exact(self) -> bool:
        return all(one is not None and one.exact for one in (self.changes, self.additions, self.deletions))
