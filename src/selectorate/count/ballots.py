"""Papers as they were marked, before any rule says what a mark means: what every reader gives.

`Ballots` holds rankings with everything that people write (gaps, equal ranks, a name twice, an overvote) or one
figure for each candidate (approvals, scores, grades, points). `cleaning` makes of it what an engine counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from selectorate.canon import Digest
from selectorate.count.objects import Profile, Ranking

Marks = tuple[tuple[int, ...], ...]
"""One paper's ranks from the first on: the candidates (by position) at each. An empty rank is a gap; several
candidates at one rank are equal; `(OVERVOTE,)` is a rank that the file itself calls an overvote."""

Figures = tuple[int | None, ...]
"""One figure for each candidate, as they are ordered; None: nothing is marked."""

OVERVOTE = -1

NONE_OF_THESE = frozenset(
    {"ron", "re-open nominations", "reopen nominations", "none of these", "none of these candidates",
     "none of the above", "nobody"}
)  # fmt: skip
"""Names, in small letters, by which a paper offers to elect nobody."""

WRITE_INS = frozenset({"undeclared write-ins", "undeclared write-in", "uwi", "write-ins", "write-in"})
"""Names, in small letters, of the group of undeclared write-ins."""


@dataclass(frozen=True, slots=True)
class Ballots:
    """One contest's papers as read. kind "ranks": papers are (Marks, how many); "figures": (Figures, how many).

    order: positions in `papers`, one for each single paper, in the order in which the file (or its record) gives
    them; empty unless the reader was asked to keep it. seats, title: what the file says; 0 and "" if nothing.
    grades: what the figures mean, worst first, where they are grades. units: for each entry of `papers` the unit
    (branch, district, section) it comes from; empty where papers come from no units.
    """

    kind: Literal["ranks", "figures"]
    candidates: tuple[str, ...]
    papers: tuple[tuple[Marks, int], ...] | tuple[tuple[Figures, int], ...]
    format: str
    digest: Digest
    seats: int = 0
    title: str = ""
    withdrawn: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    order: tuple[int, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WeakProfile:
    """Rankings that may hold several candidates equal: papers (groups, how many), no group empty, nobody twice."""

    candidates: tuple[str, ...]
    papers: tuple[tuple[Marks, int], ...]
    blank: int = 0
    invalid: int = 0

    @property
    def valid(self) -> int:
        return sum(number for _, number in self.papers)


@dataclass(frozen=True, slots=True)
class FigureProfile:
    """One figure for each candidate on each paper: approvals (0, 1), scores, grades, points."""

    candidates: tuple[str, ...]
    papers: tuple[tuple[Figures, int], ...]
    blank: int = 0
    invalid: int = 0
    grades: tuple[str, ...] = ()

    @property
    def valid(self) -> int:
        return sum(number for _, number in self.papers)


@dataclass(frozen=True, slots=True)
class Sheaf:
    """All papers with one ranking that come from one unit and end for one reason.

    unit: "" where the papers come from no unit. ends: what stopped the paper before its last mark ("overvote",
    "skipped ranks"), "" if nothing did.
    """

    ranking: Ranking
    number: int
    unit: str = ""
    ends: str = ""


@dataclass(frozen=True, slots=True)
class SheafProfile:
    """Rankings whose papers carry more than their marks: the unit (branch, district, section) they come from, and
    why they end where they end. points: what each unit is worth, where the organisation declares that."""

    candidates: tuple[str, ...]
    papers: tuple[Sheaf, ...]
    blank: int = 0
    invalid: int = 0
    points: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of_units(cls, units: Mapping[str, Profile], points: Mapping[str, int] | None = None) -> SheafProfile:
        """The papers of several units, each unit's read and cleaned by itself. Raises ValueError when the units
        do not have the same candidates in the same order."""
        every = list(units.items())
        names = {profile.candidates for _, profile in every}
        if len(names) != 1:
            raise ValueError("the units must have the same candidates in the same order")
        return cls(
            candidates=names.pop(),
            papers=tuple(
                Sheaf(paper.ranking, paper.number, unit)
                for unit, profile in every
                for paper in profile.papers
            ),
            blank=sum(profile.blank for _, profile in every),
            invalid=sum(profile.invalid for _, profile in every),
            points=tuple(sorted((points or {}).items())),
        )

    @property
    def valid(self) -> int:
        return sum(sheaf.number for sheaf in self.papers)
