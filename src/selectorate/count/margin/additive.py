"""Methods that add up: plurality, block, approval, scores, shared votes, Borda's points (make). Exact.

Each paper adds to the gap between an elected candidate w and a rival c its own difference; the papers that help w most
are taken out first, and what is put in gives c all and w nothing. STAR and means are not here: see `merits`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from selectorate.count.ballots import FigureProfile, Figures, Marks, WeakProfile
from selectorate.count.margin.doubt import Doubt
from selectorate.count.objects import Profile
from selectorate.count.rulesets import Ruleset

Points = tuple[Fraction, ...]
_ONE = "one candidate"
_SHARED = "one vote, shared equally among the candidates marked"
_HARMONIC = "1, 1/2, 1/3 and so on"
_BY_LENGTH = "as many as the paper ranks candidates, and one less at each place"


@dataclass(frozen=True, slots=True)
class Added:
    """What papers add: points of each candidate with how many papers, and the most that one paper can add to the gap
    of one candidate over another."""

    papers: tuple[tuple[Points, int], ...]
    swing: Fraction

    @property
    def totals(self) -> tuple[Fraction, ...]:
        size = len(self.papers[0][0])
        return tuple(
            sum((points[at] * number for points, number in self.papers), Fraction(0)) for at in range(size)
        )


def marked(papers: Profile | WeakProfile | FigureProfile, ruleset: Ruleset, seats: int) -> Added:
    """The points of marks (family "points" where most votes win)."""
    size = len(papers.candidates)
    shared, one = ruleset["worth"] == _SHARED, ruleset["marks"] == _ONE
    highest = ruleset["highest"]
    swing = Fraction(seats if isinstance(highest, str) else highest)
    found: list[tuple[Points, int]] = []
    for figures, number in _figures(papers, one):
        parts = sum(1 for figure in figures if figure) if shared else 1
        found.append((tuple(Fraction(figure or 0, max(parts, 1)) for figure in figures), number))
    return Added(tuple(found), Fraction(1) if shared or size < 2 else swing)


def _figures(papers: Profile | WeakProfile | FigureProfile, one: bool) -> Iterable[tuple[Figures, int]]:
    if isinstance(papers, FigureProfile):
        return papers.papers
    return [(_marks(marks, len(papers.candidates), one), number) for marks, number in rankings(papers)]


def _marks(marks: Marks, size: int, one: bool) -> Figures:
    """A ranking as marks: its first preference where one mark counts, else everybody whom it names."""
    counted = marks[:1] if one else marks
    return tuple(int(any(at in rank for rank in counted)) for at in range(size))


def placed(papers: Profile | WeakProfile, ruleset: Ruleset) -> Added:
    """The points of places on the paper (family "positions")."""
    size = len(papers.candidates)
    shared = ruleset["unranked"] != "nothing"
    scale = str(ruleset["scale"])
    found = tuple((_by_place(marks, size, scale, shared), number) for marks, number in rankings(papers))
    if scale == _HARMONIC:
        # On a paper with everybody the last has 1 / n; on one with the rival alone the others share the rest.
        least = Fraction(1, size) if shared else Fraction(0)
        return Added(found, 1 - least)
    return Added(found, Fraction(size - 1) if size > 1 else Fraction(0))


def rankings(papers: Profile | WeakProfile) -> list[tuple[Marks, int]]:
    if isinstance(papers, WeakProfile):
        return list(papers.papers)
    return [(tuple((one,) for one in paper.ranking), paper.number) for paper in papers.papers]


def _by_place(marks: Marks, size: int, scale: str, shared: bool) -> Points:
    ranked = sum(len(rank) for rank in marks)
    if scale == _HARMONIC:
        worth = [Fraction(1, place + 1) for place in range(size)]
    else:
        top = ranked if scale == _BY_LENGTH else size - 1
        worth = [Fraction(max(0, top - place)) for place in range(size)]
    points = [Fraction(0)] * size
    place = 0
    rest = tuple(one for one in range(size) if not any(one in rank for rank in marks))
    for rank in (*marks, *((rest,) if shared and rest else ())):
        mean = sum(worth[place : place + len(rank)], Fraction(0)) / len(rank)
        for one in rank:
            points[one] = mean
        place += len(rank)
    return tuple(points)


class Gaps:
    """Whether every elected candidate keeps ahead of every other, exactly."""

    __slots__ = ("added", "pairs")

    def __init__(self, added: Added, elected: frozenset[int]) -> None:
        self.added = added
        size = len(added.papers[0][0])
        self.pairs: list[tuple[Fraction, list[tuple[Fraction, int]]]] = []
        for winner in elected:
            for rival in set(range(size)) - elected:
                counts: dict[Fraction, int] = {}
                for points, number in added.papers:
                    lead = points[winner] - points[rival]
                    counts[lead] = counts.get(lead, 0) + number
                gap = sum((lead * number for lead, number in counts.items()), Fraction(0))
                self.pairs.append((gap, sorted(((k, n) for k, n in counts.items() if k > 0), reverse=True)))

    def certain(self, doubt: Doubt) -> str | None:
        """None when no change within the doubt lets anybody else at least tie; else a sentence."""
        for gap, leads in self.pairs:
            for removed, added in doubt.splits():
                if _taken(leads, removed) + self.added.swing * added >= gap:
                    return "the gap between the elected and the next can be closed"
        return None


def _taken(leads: list[tuple[Fraction, int]], removed: int) -> Fraction:
    """The most that so many papers taken out take from the gap."""
    total = Fraction(0)
    for lead, number in leads:
        taken = min(number, removed)
        total += lead * taken
        removed -= taken
        if not removed:
            break
    return total
