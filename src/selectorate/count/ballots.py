"""Papers as they were marked, before any rule says what a mark means: what every reader gives.

`Ballots` holds rankings with everything that people write (gaps, equal ranks, a name twice, an overvote) or one
figure for each candidate (approvals, scores, grades, points). `cleaning` makes of it what an engine counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from selectorate.canon import Digest

Marks = tuple[tuple[int, ...], ...]
"""One paper's ranks from the first on: the candidates (by position) at each. An empty rank is a gap; several
candidates at one rank are equal; `(OVERVOTE,)` is a rank that the file itself calls an overvote."""

Figures = tuple[int | None, ...]
"""One figure for each candidate, as they are ordered; None: nothing is marked."""

OVERVOTE = -1


@dataclass(frozen=True, slots=True)
class Ballots:
    """One contest's papers as read. kind "ranks": papers are (Marks, how many); "figures": (Figures, how many).

    order: positions in `papers`, one for each single paper, in the order in which the file (or its record) gives
    them; empty unless the reader was asked to keep it. seats, title: what the file says; 0 and "" if nothing.
    grades: what the figures mean, worst first, where they are grades.
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
