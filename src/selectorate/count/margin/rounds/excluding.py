"""Rounds with exclusions that are not plain elimination: sound bounds (make).

Coombs, Smith//IRV, votes by points of units, "none of these" that stays in, write-ins that go out first. With a set
of candidates still in, the votes are those of the papers and one paper moves a difference of two candidates' votes (or
last places, or twice somebody's votes less those that count) by one at most. So every exclusion that the doubt allows
is followed, set by set; the bound holds when the winner is in all of them and nobody else has enough in any. Several
who go out together would go out one after the other, so that is followed too.

Points: of a unit with n papers that count, p for one candidate and q for another, the difference of their shares is d
= (p - q) / n. With k papers other than they are it is at least (p - q - k) / (n - k) or (p - q - k) / (n + k), so a
paper costs at most the greatest of (n - d n) / (n (n - k)) and (n + d n) / (n (n + 1)), and in a unit that can lose all
of its papers at most 1 + d, over n. The dearest unit times the doubt is taken from the sum. Papers put in are taken to
come from the units that are there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations

from selectorate.count.ballots import NONE_OF_THESE, WRITE_INS, SheafProfile
from selectorate.count.margin.doubt import Doubt
from selectorate.count.objects import Profile, Ranking
from selectorate.count.rounds.worth import CAPPED, ONE_VOTE, unit_points
from selectorate.count.rulesets import Ruleset

STATES_MAX = 3000
_SMITH_MAX = 12
_Group = frozenset[int]
_Shares = dict[str, dict[int, int]]
"""unit -> candidate -> papers that count; one unit "" where papers are votes."""


def winner_of(candidates: tuple[str, ...], elected: frozenset[int], vacant: int) -> int | None:
    """The candidate who won, "none of these" included."""
    if len(elected) == 1:
        return next(iter(elected))
    nobody = [at for at, name in enumerate(candidates) if name.casefold() in NONE_OF_THESE]
    return nobody[0] if vacant == 1 and not elected and len(nobody) == 1 else None


@dataclass(slots=True)
class Excluding:
    """Whether one candidate stays the winner, wherever exclusions go within the doubt."""

    papers: Profile | SheafProfile
    ruleset: Ruleset
    winner: int
    _rows: list[tuple[Ranking, int, str]] = field(default_factory=list)
    _points: dict[str, int] | None = None
    _counted: dict[_Group, _Shares] = field(default_factory=dict)
    _last: dict[_Group, dict[int, Fraction]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if isinstance(self.papers, SheafProfile) and self.ruleset["worth"] != ONE_VOTE:
            self._points = unit_points(self.ruleset["worth"], self.papers.papers, self.papers.points)
            self._rows = [(one.ranking, one.number, one.unit) for one in self.papers.papers]
        else:
            self._rows = [(one.ranking, one.number, "") for one in self.papers.papers if one.ranking]

    @staticmethod
    def follows(ruleset: Ruleset) -> bool:
        """Units worth as much as they have papers are not followed: their points move with the papers."""
        return ruleset["worth"] != CAPPED

    def certain(self, doubt: Doubt) -> str | None:
        """None when that is so; else a sentence."""
        shift = min(doubt.most, doubt.removed + doubt.added)
        open_ = self._starts(shift)
        if isinstance(open_, str):
            return open_
        seen = set(open_)
        while open_:
            inside = open_.pop()
            out = self._after(inside, shift)
            if isinstance(out, str):
                return out
            for one in out:
                left = inside - {one}
                if left not in seen:
                    seen.add(left)
                    open_.append(left)
            if len(seen) > STATES_MAX:
                return f"more than {STATES_MAX} ways in which the rounds could go"
        return None

    def _after(self, inside: _Group, shift: int) -> list[int] | str:
        """Who may go out next; nobody when the winner is sure; a sentence when it may end otherwise."""
        names = self.papers.candidates
        others = [one for one in inside if one != self.winner]
        behind = [one for one in others if not self._above(inside, self.winner, one, shift)]
        if len(inside) <= 2:
            return f"{names[behind[0]]} could win the last round" if behind else []
        for one in behind:
            if self._could_have_enough(inside, one, shift):
                return f"{names[one]} could have enough votes"
        if self._worst(inside, self._over_half(inside, self.winner), shift) > 0:
            return []
        may = self._eligible(inside)
        if self.ruleset["exclusion"] == "the one who is last on the most papers":
            last = self._lasts(inside)
            out = [one for one in may if all(last[other] - last[one] <= shift for other in may)]
        else:
            out = [
                one
                for one in may
                if not any(self._above(inside, one, other, shift) for other in may if other != one)
            ]
        if self.ruleset["first_out"] != "nobody" and len(inside) == len(names):
            out += [one for one in inside if names[one].casefold() in WRITE_INS and one not in out]
        if self.winner in out:
            return f"{names[self.winner]} could go out"
        return out

    def _eligible(self, inside: _Group) -> list[int]:
        if not str(self.ruleset["none_of_these"]).startswith("never goes out"):
            return sorted(inside)
        return sorted(one for one in inside if self.papers.candidates[one].casefold() not in NONE_OF_THESE)

    # votes

    def _shares(self, inside: _Group) -> _Shares:
        if inside not in self._counted:
            found: _Shares = {unit: {} for unit in self._points or ("",)}
            for ranking, number, unit in self._rows:
                for one in ranking:
                    if one in inside:
                        found[unit][one] = found[unit].get(one, 0) + number
                        break
            self._counted[inside] = found
        return self._counted[inside]

    def _above(self, inside: _Group, one: int, other: int, shift: int) -> bool:
        """Whether `one` has more votes than `other` whatever the doubt."""
        shares = self._shares(inside)
        leads = {unit: votes.get(one, 0) - votes.get(other, 0) for unit, votes in shares.items()}
        return self._worst(inside, leads, shift) > 0

    def _over_half(self, inside: _Group, one: int) -> dict[str, int]:
        """Twice the papers of a candidate less all of which half are needed."""
        every = self.ruleset["wins"] == "more than half of all votes"
        found = {}
        for unit, votes in self._shares(inside).items():
            base = self.papers.valid if every else sum(votes.values())
            found[unit] = 2 * votes.get(one, 0) - base
        return found

    def _could_have_enough(self, inside: _Group, one: int, shift: int) -> bool:
        short = self._worst(inside, {unit: -d for unit, d in self._over_half(inside, one).items()}, shift)
        return short <= 0 if str(self.ruleset["wins"]).startswith("half") else short < 0

    def _worst(self, inside: _Group, leads: dict[str, int], shift: int) -> Fraction:
        """The least that this lead (papers, by unit) can become."""
        if self._points is None:
            return Fraction(leads[""] - shift)
        total, dearest = Fraction(0), Fraction(0)
        for unit, votes in self._shares(inside).items():
            points, there, lead = self._points[unit], sum(votes.values()), leads[unit]
            if not there:
                dearest = max(dearest, Fraction(points))
                continue
            total += Fraction(points * lead, there)
            most = min(shift, there - 1)
            costs = [
                Fraction(there - lead, there * (there - most)),
                Fraction(there + lead, there * (there + 1)),
            ]
            if shift >= there:
                costs.append(Fraction(there + lead, there * there))
            dearest = max(dearest, points * max(costs))
        return total - dearest * shift

    def _lasts(self, inside: _Group) -> dict[int, Fraction]:
        """On how many papers each candidate is last, as `count.rounds` counts it."""
        if inside not in self._last:
            shared = str(self.ruleset["last_place"]).startswith("those who are not on it")
            found = dict.fromkeys(sorted(inside), Fraction(0))
            for ranking, number, _ in self._rows:
                on_it = [one for one in ranking if one in inside]
                if on_it:
                    missing = [one for one in found if one not in on_it] if shared else []
                    last = missing or on_it[-1:]
                    for one in last:
                        found[one] += Fraction(number, len(last))
            self._last[inside] = found
        return self._last[inside]

    # who takes part

    def _starts(self, shift: int) -> list[_Group] | str:
        """The sets with which the rounds may begin."""
        everybody = frozenset(range(len(self.papers.candidates)))
        if not str(self.ruleset["takes_part"]).startswith("the smallest group"):
            return [everybody]
        lead = self._compared()
        sure = self._smallest_sure(lead, shift)
        if len(sure) > _SMITH_MAX:
            return f"{len(sure)} candidates could be in the smallest group that beats everybody else"
        found = []
        for size in range(1, len(sure) + 1):
            for some in combinations(sorted(sure), size):
                rest = everybody.difference(some)
                if all(lead[one][other] + shift > 0 for one in some for other in rest):
                    if self.winner not in some:
                        return f"{self.papers.candidates[self.winner]} could be outside the smallest group"
                    found.append(frozenset(some))
        return found

    def _compared(self) -> list[list[int]]:
        size = len(self.papers.candidates)
        lead = [[0] * size for _ in range(size)]
        for ranking, number, _ in self._rows:
            left = set(range(size))
            for one in ranking:
                left.discard(one)
                for other in left:
                    lead[one][other] += number
                    lead[other][one] -= number
        return lead

    @staticmethod
    def _smallest_sure(lead: list[list[int]], shift: int) -> set[int]:
        """The smallest group of which each surely beats everybody outside: the true one lies within it."""
        size = len(lead)
        best = set(range(size))
        for first in range(size):
            group = {first}
            grown = True
            while grown:
                more = {
                    other
                    for other in range(size)
                    if other not in group and any(lead[one][other] <= shift for one in group)
                }
                group |= more
                grown = bool(more)
            best = min(best, group, key=len)
        return best
