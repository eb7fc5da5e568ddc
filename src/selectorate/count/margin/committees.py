"""Committees in proportion to approvals: sound bounds, from the slack of each step (make).

Sequential PAV: with the same candidates elected so far, one paper moves the difference of what two candidates add by
one at most. Every next candidate that the doubt allows is followed, committee by committee; the bound holds when none
is outside the elected. PAV: one paper moves the difference of two committees' satisfaction most when it approves of
those alone in whom they differ, by the harmonic sum of their number; every other committee is compared. Phragmén: the
loads of papers that stay lie in intervals; a candidate's figure is bounded with the papers that can be
missing and new, and each choice of the sheet must be the least.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

from selectorate.count.ballots import FigureProfile
from selectorate.count.margin.doubt import Doubt
from selectorate.count.rulesets import Ruleset

STATES_MAX = 3000
COMMITTEES_MAX = 6_000
_Rows = list[tuple[frozenset[int], int]]


def _rows(papers: FigureProfile) -> _Rows:
    """Approvals, as the engine admits them."""
    counts: dict[frozenset[int], int] = {}
    for figures, number in papers.papers:
        if all(one in (None, 0, 1) for one in figures) and any(figures):
            approved = frozenset(at for at, one in enumerate(figures) if one)
            counts[approved] = counts.get(approved, 0) + number
    return sorted(counts.items(), key=lambda row: sorted(row[0]))


class InRounds:
    """Sequential PAV."""

    __slots__ = ("_adds", "elected", "rows", "size")

    def __init__(self, papers: FigureProfile, elected: frozenset[int]) -> None:
        self.rows, self.elected, self.size = _rows(papers), elected, len(papers.candidates)
        self._adds: dict[frozenset[int], list[Fraction]] = {}

    def certain(self, doubt: Doubt) -> str | None:
        """None when the same are elected; else a sentence."""
        shift = min(doubt.most, doubt.removed + doubt.added)
        open_: list[frozenset[int]] = [frozenset()]
        seen = set(open_)
        while open_:
            so_far = open_.pop()
            adds = self._added(so_far)
            left = [one for one in range(self.size) if one not in so_far]
            most = max(adds[one] for one in left)
            for one in left:
                if most - adds[one] > shift:
                    continue
                if one not in self.elected:
                    return "another could add as much in one of the rounds"
                now = so_far | {one}
                if len(now) < len(self.elected) and now not in seen:
                    seen.add(now)
                    open_.append(now)
            if len(seen) > STATES_MAX:
                return f"more than {STATES_MAX} ways in which the rounds could go"
        return None

    def _added(self, so_far: frozenset[int]) -> list[Fraction]:
        if so_far not in self._adds:
            found = [Fraction(0)] * self.size
            for approved, number in self.rows:
                worth = Fraction(number, len(approved & so_far) + 1)
                for one in approved:
                    found[one] += worth
            self._adds[so_far] = found
        return self._adds[so_far]


class Best:
    """PAV, the best committee of all."""

    __slots__ = ("least",)

    def __init__(self, papers: FigureProfile, elected: frozenset[int]) -> None:
        rows, seats = _rows(papers), len(elected)
        unit = 1  # becomes the least common multiple of 1 to the number of seats
        for place in range(2, seats + 1):
            unit *= Fraction(place, unit).numerator
        sums = [0]
        for place in range(1, seats + 1):
            sums.append(sums[-1] + unit // place)
        masks = [(sum(1 << one for one in approved), number) for approved, number in rows]

        def satisfaction(committee: int) -> int:
            return sum(number * sums[(committee & approved).bit_count()] for approved, number in masks)

        mine = sum(1 << one for one in elected)
        own, least = satisfaction(mine), None
        for some in combinations(range(len(papers.candidates)), seats):
            committee = sum(1 << one for one in some)
            if committee != mine:
                differ = seats - (committee & mine).bit_count()
                needed = Fraction(own - satisfaction(committee), sums[differ])
                least = needed if least is None else min(least, needed)
        self.least = least or Fraction(0)

    def certain(self, doubt: Doubt) -> str | None:
        """None when the same committee is best; else a sentence."""
        if min(doubt.most, doubt.removed + doubt.added) < self.least:
            return None
        return "another committee could satisfy the papers as much"


class Loads:
    """Phragmén's sequential rule, along the order in which the sheet elects."""

    __slots__ = ("order", "rows", "size")

    def __init__(self, papers: FigureProfile, order: Sequence[int]) -> None:
        self.rows, self.order, self.size = _rows(papers), tuple(order), len(papers.candidates)

    def certain(self, doubt: Doubt) -> str | None:
        """None when each choice stays; else a sentence."""
        removed, added = min(doubt.removed, doubt.most), min(doubt.added, doubt.most)
        low = [Fraction(0)] * len(self.rows)
        high = list(low)
        left = set(range(self.size))
        for chosen in self.order:
            least = {one: self._least(one, low, removed, added) for one in left}
            most = self._most(chosen, high, removed)
            mine = least[chosen]
            if most is None or mine is None:
                return "every paper for an elected candidate could be taken out"
            if any(theirs is not None and theirs <= most for one, theirs in least.items() if one != chosen):
                return "another could leave as small a load in one of the rounds"
            left.discard(chosen)
            for at, (approved, _) in enumerate(self.rows):
                if chosen in approved:
                    low[at], high[at] = mine, most
        return None

    def _least(self, one: int, low: list[Fraction], removed: int, added: int) -> Fraction | None:
        """The least load that electing them can leave: papers put in carry nothing. None: nobody's paper."""
        whose = [at for at, (approved, _) in enumerate(self.rows) if one in approved]
        number = sum(self.rows[at][1] for at in whose) + added
        if not number:
            return None
        loads = sum((low[at] * self.rows[at][1] for at in whose), Fraction(0))
        return (1 + loads - self._extreme(whose, low, removed, most=True)) / number

    def _most(self, one: int, high: list[Fraction], removed: int) -> Fraction | None:
        """The greatest load that electing them can leave; None without papers that surely stay.

        Papers put in only lower it: no load passes the figure of anybody who can still be elected (they would have
        been elected first, and a figure never falls), so theirs is no more than the figure, which is a mean.
        """
        whose = [at for at, (approved, _) in enumerate(self.rows) if one in approved]
        number = sum(self.rows[at][1] for at in whose) - removed
        if number <= 0:
            return None
        loads = sum((high[at] * self.rows[at][1] for at in whose), Fraction(0))
        return (1 + loads - self._extreme(whose, high, removed, most=False)) / number

    def _extreme(self, whose: list[int], loads: list[Fraction], number: int, *, most: bool) -> Fraction:
        """The loads of so many papers, the greatest or the smallest."""
        total = Fraction(0)
        for at in sorted(whose, key=lambda at: loads[at], reverse=most):
            taken = min(number, self.rows[at][1])
            total += taken * loads[at]
            number -= taken
        return total


def test_of(
    papers: FigureProfile, ruleset: Ruleset, elected: Sequence[int]
) -> InRounds | Best | Loads | None:
    """The bound of a rule set of the family "committee"; None where there is none."""
    committee = frozenset(elected)
    if not committee or len(committee) != len(elected):
        return None
    match str(ruleset["elects"]).split(",")[0], str(ruleset["elects"]).rpartition("whoever ")[2]:
        case _, "adds most to the papers' satisfaction":
            return InRounds(papers, committee)
        case _, "leaves the smallest greatest load":
            return Loads(papers, elected)
        case "the committee with the greatest satisfaction of all", _:
            return Best(papers, committee) if _few(len(papers.candidates), len(committee)) else None
    return None


def _few(candidates: int, seats: int) -> bool:
    number = 1
    for place in range(1, seats + 1):
        number = number * (candidates - seats + place) // place
    return number <= COMMITTEES_MAX
