"""Transferable votes of any kind: a bound that asks little of the rules, and so holds for all of them (make).

`paths` follows weighted inclusive transfers to the last unit. Here every rule set of the families is followed: last
parcels, whole papers, deferred surpluses, exclusions of several, keep values, counts that begin again. Of each only
this is used: (1) a candidate who stands holds every paper whose earlier names are all excluded, as one whole vote;
(2) a paper can be with a candidate only if nobody named before stands, and is then worth one vote at most; (3) what
leaves an elected candidate is at most the votes above the quota; under keep values a paper leaves at most 1 - quota
/ (papers that can come there) of itself; (4) who goes out is the lowest, or several who would go out one after the
other; (5) more candidates than seats never have the quota together, or else those with most votes are taken.

Where all papers of a surplus go on at one value, more is known of whoever surely has the quota by first preferences:
each paper that goes on is worth the surplus over the papers that go on (or over all), and both lie within the doubt.

From all this two numbers for each candidate: `low` and `high` votes of papers that stay. A paper taken out or put
in moves the comparison of two candidates by at most one vote, and enters it once. Every order of elections and
exclusions that these numbers allow is followed; the bound holds when none can elect anybody else or exclude an
elected candidate. A way ends early where each winner left has more votes than each loser left can have while that
winner stands: then no loser is above a winner ever again, so no winner is excluded, and a loser with the quota would
be one more than can have it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from selectorate.count.margin.doubt import Doubt
from selectorate.count.objects import Profile
from selectorate.count.rulesets import Ruleset

FAMILIES = ("meek", "parcels", "stv", "whole")
STATES_MAX = 300
_FREE = -1


@dataclass(frozen=True, slots=True)
class Kind:
    """What distinguishes rule sets here.

    together: several may go out in one stage. batches: whole votes of an exclusion move in several steps, with
    elections between (elsewhere they move first and all at once). required: fewer votes than the quota can elect.
    shrinks: the quota is reckoned again. keeps: keep values. again: the count begins again after an exclusion. waits:
    who has the quota may stay in. start_only: only first preferences are looked at. shared: among which papers a
    surplus is shared evenly, "" where it is not, or not once and for all. defers: a surplus may wait. tied: who lies
    no further above the lowest than the total surplus may go out too.
    """

    whole_quota: bool
    together: bool = False
    batches: bool = False
    required: bool = False
    shrinks: bool = False
    keeps: bool = False
    again: bool = False
    waits: bool = False
    start_only: bool = False
    shared: Literal["", "papers that go on", "all papers"] = ""
    defers: bool = False
    places: int = 0
    tied: bool = False

    @classmethod
    def of(cls, ruleset: Ruleset) -> Kind | None:
        if ruleset.family not in FAMILIES:
            return None
        whole = str(ruleset["quota"]).startswith("whole votes")
        if ruleset.family == "meek":
            tied = str(ruleset["exclusion"]).startswith("one of those no further above the lowest")
            return cls(False, shrinks=True, keeps=True, tied=tied)
        if ruleset.family == "whole":
            return cls(whole, start_only=True)
        if ruleset.family == "parcels":
            return cls(
                whole,
                together=str(ruleset["exclusion"]).startswith("as many of the lowest"),
                batches=str(ruleset["batches"]).startswith(("first preferences", "parcel by parcel")),
                required="vote required" in str(ruleset["elected_when"]),
                shrinks=ruleset["quota_again"] != "never",
                shared=_shared(ruleset),
                defers=ruleset["deferral"] != "never",
                places=ruleset.places,
            )
        again = str(ruleset["after_exclusion"]).startswith("the count begins again")
        return cls(
            whole,
            together=str(ruleset["sure_losers"]).startswith("out together"),
            shrinks=again,
            again=again,
            waits=str(ruleset["elected_when"]).startswith("when the surplus moves"),
            shared="" if again or ruleset["rounding"] == "cut" else "all papers",
        )


def _shared(ruleset: Ruleset) -> Literal["", "papers that go on", "all papers"]:
    value = str(ruleset["transfer_value"])
    if value.startswith("one vote"):
        return ""
    return "all papers" if "all papers" in value else "papers that go on"


_Caps = tuple[tuple[int, int], ...]
_Reach = dict[tuple[int, int, int], int]


@dataclass(frozen=True, slots=True)
class _Figures:
    """Where papers are that stay, with these elected and these excluded; nothing here depends on doubts.

    low: votes certainly there. via[c]: papers that can be there after an elected candidate, by that candidate where
    it is the first on them, else -1; under keep values by the elected before c, as bits. ended: papers of the excluded
    alone. ended_via: other papers with nobody left on them. come: papers that can come to each elected candidate.
    """

    low: tuple[int, ...]
    via: tuple[dict[int, int], ...]
    ended: int
    ended_via: dict[int, int]
    come: dict[int, int]
    straight: dict[tuple[int, int], int]
    """(elected and first on it, candidate) -> papers with nobody but the excluded between them."""
    going: dict[int, int]
    """Elected and first on it -> papers that name somebody who stands."""


@dataclass(frozen=True, slots=True)
class _State:
    """surplus: for each elected candidate the most votes that can leave; safe: who was excluded when a stage was last
    surely at its end; moved: whether somebody went out; gone: whose surplus has surely moved, and the most that a
    paper of it was worth."""

    elected: frozenset[int]
    excluded: frozenset[int]
    surplus: _Caps
    safe: frozenset[int]
    moved: bool
    gone: tuple[tuple[int, Fraction], ...] = ()


@dataclass(slots=True)
class Ways:
    """All ways in which one election can go; figures are kept from one doubt to the next."""

    profile: Profile
    kind: Kind
    seats: int
    winners: frozenset[int]
    _figures: dict[tuple[frozenset[int], frozenset[int]], _Figures] = field(default_factory=dict)
    _reaches: dict[tuple[frozenset[int], frozenset[int]], _Reach] = field(default_factory=dict)

    def certain(self, doubt: Doubt, *, states_max: int = STATES_MAX) -> str | None:
        """None when every count within the doubt elects these winners; else why that is not certain."""
        return _Walk(self, doubt).explore(states_max)

    def figures(self, elected: frozenset[int], excluded: frozenset[int]) -> _Figures:
        key = elected, excluded
        if key not in self._figures:
            self._figures[key] = self._figured(elected, excluded)
        return self._figures[key]

    def _figured(self, elected: frozenset[int], excluded: frozenset[int]) -> _Figures:
        size = len(self.profile.candidates)
        low = [0] * size
        via: list[dict[int, int]] = [{} for _ in range(size)]
        ended, ended_via = 0, dict[int, int]()
        come = dict.fromkeys(elected, 0)
        straight: dict[tuple[int, int], int] = {}
        going = dict.fromkeys(elected, 0)
        for paper in self.profile.papers:
            bits, there = 0, ended_via
            for one in paper.ranking:
                if one in elected:
                    bits |= 1 << one
                    come[one] += paper.number
                elif one not in excluded:
                    there = via[one]
                    break
            if bits:
                first = paper.ranking[0]
                by = bits if self.kind.keeps else first if first in elected else _FREE
                there[by] = there.get(by, 0) + paper.number
                if first in elected and there is not ended_via:
                    going[first] += paper.number
                    if bits == 1 << first:
                        straight[first, one] = straight.get((first, one), 0) + paper.number
            elif there is ended_via:
                ended += paper.number
            else:
                low[one] += paper.number
        return _Figures(tuple(low), tuple(via), ended, ended_via, come, straight, going)

    def reach(self, elected: frozenset[int], excluded: frozenset[int]) -> _Reach:
        """(loser, winners named before as bits, elected candidate named first or -1) -> papers."""
        key = elected, excluded
        if key not in self._reaches:
            gone = elected | excluded
            left = len(self.winners - elected)
            found: _Reach = {}
            for paper in self.profile.papers:
                met = count = 0
                first = paper.ranking[0]
                by = first if first in elected and not (self.kind.keeps or self.kind.again) else _FREE
                for one in paper.ranking:
                    if one in gone:
                        continue
                    if one in self.winners:
                        met |= 1 << one
                        count += 1
                        if count == left:
                            break
                    else:
                        found[one, met, by] = found.get((one, met, by), 0) + paper.number
            self._reaches[key] = found
        return self._reaches[key]


class _Walk:
    __slots__ = (
        "added", "apart", "first", "kind", "least_quota", "most_quota", "names", "removed", "seats", "ways", "winners",
    )  # fmt: skip

    def __init__(self, ways: Ways, doubt: Doubt) -> None:
        self.ways, self.kind, self.seats, self.winners = ways, ways.kind, ways.seats, ways.winners
        self.names = ways.profile.candidates
        self.apart = min(doubt.most, doubt.removed + doubt.added)
        self.removed, self.added = min(doubt.removed, self.apart), min(doubt.added, self.apart)
        # One paper more out and one fewer in never lowers papers out + quota: these splits are the worst.
        least = ways.profile.valid - self.removed + min(self.added, self.apart - self.removed)
        self.most_quota = self.removed + least // (self.seats + 1) + 1 + (self.seats > 100)
        most = ways.profile.valid - min(self.removed, self.apart - self.added) + self.added
        self.least_quota = most // (self.seats + 1) + self.kind.whole_quota - self.added
        self.first = self._at_once() if self.kind.shared else {}

    def _at_once(self) -> dict[int, tuple[int, Fraction]]:
        """Who is elected on first preferences in any case: the papers there, and the least that one that goes on is
        worth."""
        votes = self.ways.figures(frozenset(), frozenset()).low
        longer = dict.fromkeys(range(len(votes)), 0)
        at_once = {one for one in self.winners if votes[one] >= self.most_quota}
        for paper in self.ways.profile.papers:
            if self.kind.shared == "all papers" or not at_once.issuperset(paper.ranking):
                longer[paper.ranking[0]] += paper.number
        found: dict[int, tuple[int, Fraction]] = {}
        for one in at_once:
            value = Fraction(votes[one] - self.most_quota, longer[one] + self.added or 1)
            cut = Fraction(1, 10**self.kind.places) if self.kind.places else 0
            found[one] = votes[one], max(Fraction(0), min(Fraction(1), value) - cut)
        return found

    def _worth(self, one: int, figures: _Figures) -> Fraction:
        """The most that a paper which goes on from one of `first` is worth."""
        votes = self.first[one][0]
        among = votes if self.kind.shared == "all papers" else figures.going[one]
        surplus = max(0, votes - self.least_quota)
        return (
            min(Fraction(1), Fraction(surplus, among - self.removed)) if among > self.removed else Fraction(1)
        )

    def _with_surpluses(self, state: _State, gone: Iterable[int], *, far: bool) -> list[int]:
        """Votes that are certainly there when these surpluses have moved. far: also where they came by others who
        have gone out since; each step cuts less than a vote."""
        figures = self.ways.figures(state.elected, state.excluded)
        low = list(figures.low if far else self.ways.figures(state.elected, state.safe).low)
        left = set(gone)
        if left:
            papers = figures if far else self.ways.figures(state.elected, frozenset())
            for (giver, heir), number in papers.straight.items():
                if giver in left:
                    steps = 1 + (len(state.excluded) if far else 0)
                    low[heir] += max(0, int(number * self.first[giver][1]) - steps)
        return low

    def explore(self, states_max: int) -> str | None:
        nobody: frozenset[int] = frozenset()
        open_ = [_State(nobody, nobody, (), nobody, moved=False)]
        seen = set(open_)
        while open_:
            following = self._after(open_.pop())
            if isinstance(following, str):
                return following
            for state in following:
                if state not in seen:
                    seen.add(state)
                    open_.append(state)
            if len(seen) > states_max:
                return f"more than {states_max} ways in which the count could go"
        return None

    def _after(self, state: _State) -> list[_State] | str:
        standing = [
            one for one in range(len(self.names)) if one not in state.elected and one not in state.excluded
        ]
        winners = [one for one in standing if one in self.winners]
        losers = [one for one in standing if one not in self.winners]
        if not winners or not losers:
            return []
        figures = self.ways.figures(state.elected, state.excluded)
        gone = dict(state.gone)
        low = self._with_surpluses(state, gone, far=True)
        least_quota, caps = self._quota(state, figures)
        values = {
            one: gone[one] if one in gone else self._worth(one, figures)
            for one in self.first
            if one in state.elected
        }
        high = {one: figures.low[one] + self._through(figures.via[one], caps, values) for one in standing}
        safe = self._with_surpluses(state, gone, far=False)
        quota = least_quota - self.added
        bars = dict.fromkeys(standing, quota)
        if self.kind.required:
            # The vote required is what is active over the free seats and one; active is what others hold and one's own.
            there = self._with_surpluses(state, values, far=True)
            active = sum(there[one] for one in standing) - self.removed
            bars = {one: min(quota, (active - there[one]) // len(winners) - self.added) for one in standing}
        for loser in losers:
            if high[loser] >= bars[loser] and any(safe[one] - high[loser] <= self.apart for one in winners):
                return f"{self.names[loser]} could be elected before others"
        sure = safe if self.kind.batches and self.kind.together else low
        if self._settled(state, sure, winners, losers):
            return []
        if self.kind.start_only:
            return "a winner does not lead every other candidate by first preferences alone"
        return self._steps(state, low, high, bars, quota)

    def _steps(
        self,
        state: _State,
        low: list[int],
        high: dict[int, int],
        bars: dict[int, int],
        quota: int,
    ) -> list[_State] | str:
        """The states that can follow. bars: the fewest votes that can elect; quota: of which more can be a surplus."""
        standing = list(high)
        found: list[_State] = []
        sure = False
        for one in standing:
            if one in self.winners and high[one] >= bars[one]:
                sure |= low[one] >= self.most_quota
                surplus = () if self.kind.keeps else (*state.surplus, (one, max(0, high[one] - quota)))
                found.append(replace(state, elected=state.elected | {one}, surplus=tuple(sorted(surplus))))
        # In the midst of an exclusion of several, nobody is elected before all of them are out.
        if sure and not self.kind.waits and not (self.kind.together and state.moved):
            return found
        gone = dict(state.gone)
        waiting = {one for one in self.first if one in state.elected and one not in gone}
        if not waiting:
            return self._exclusions(state, standing, low, high, found)
        figures = self.ways.figures(state.elected, state.excluded)
        gone |= {one: self._worth(one, figures) for one in waiting}
        moved = replace(state, gone=tuple(sorted(gone.items())))
        after = self._exclusions(moved, standing, self._with_surpluses(state, gone, far=True), high, found)
        if isinstance(after, str) or not self._may_wait(state, standing, low, high, waiting):
            return after
        return self._exclusions(state, standing, low, high, after)

    def _may_wait(
        self,
        state: _State,
        standing: list[int],
        low: list[int],
        high: dict[int, int],
        waiting: set[int],
    ) -> bool:
        """Whether a lowest group together with all surpluses could stay under (or at) the next above."""
        if not self.kind.defers:
            return False
        total = sum(max(0, self.first[one][0] - self.most_quota) for one in waiting)
        lowest, tops = sorted(low[one] for one in standing), sorted(high[one] for one in standing)
        for size in range(1, len(standing) - (self.seats - len(state.elected)) + 1):
            total += lowest[size - 1]
            if size < len(tops) and total <= tops[size] + 2 * self.apart:
                return True
        return False

    def _exclusions(
        self, state: _State, standing: list[int], low: list[int], high: dict[int, int], before: list[_State]
    ) -> list[_State] | str:
        found = list(before)
        slack = self.apart + (self._surplus_over(state, standing) if self.kind.tied else 0)
        for one in standing:
            if any(low[one] - high[other] > slack for other in standing if other != one):
                continue
            if one in self.winners:
                return f"{self.names[one]} could be the lowest"
            found.append(self._without(state, one))
        return found

    def _surplus_over(self, state: _State, standing: list[int]) -> int:
        """The most that the total surplus can be: all votes, less what stands elsewhere and a quota for each."""
        if not state.elected:
            return 0
        there = sum(self.ways.figures(state.elected, state.excluded).low[one] for one in standing)
        shares = self.seats + 1 - len(state.elected)
        most = -(-(self.ways.profile.valid + self.added) * shares // (self.seats + 1))
        return max(0, most - there + self.removed) + 1  # 1 for what rounding can add

    def _without(self, state: _State, one: int) -> _State:
        excluded = state.excluded | {one}
        safe = excluded
        if self.kind.batches:
            safe = state.safe if self.kind.together else state.excluded
        if self.kind.again:
            return _State(frozenset(), excluded, (), safe, moved=True)
        return _State(state.elected, excluded, state.surplus, safe, moved=True, gone=state.gone)

    def _quota(self, state: _State, figures: _Figures) -> tuple[int, dict[int, tuple[int, int]]]:
        """The least quota there can be, in whole votes; and of what passes an elected candidate, the most: (votes,
        1), or for keep values the greatest share (over, under)."""
        valid = self.ways.profile.valid
        if not self.kind.keeps:
            if self.kind.shrinks:
                valid -= figures.ended
            added = self.added if not self.kind.shrinks else 0
            removed = self.removed if self.kind.shrinks else min(self.removed, self.apart - self.added)
            least = max(0, valid - removed + added) // (self.seats + 1) + self.kind.whole_quota
            return least, {one: (votes, 1) for one, votes in state.surplus}
        ended = figures.ended + sum(figures.ended_via.values())
        least = max(0, valid - self.removed - ended) // (self.seats + 1)
        shares: dict[int, tuple[int, int]] = {}
        for _ in range(4):
            # A keep value is quota / votes of some moment; quota and votes of that moment are within these.
            shares = {}
            for one, come in figures.come.items():
                most = come + self.added + 1  # 1 for what rounding can add
                shares[one] = max(0, most - least), most
            via = figures.ended_via.items()
            ended = figures.ended + sum(self._share(number, bits, shares) for bits, number in via)
            least = max(0, valid - self.removed - ended) // (self.seats + 1)
        return least, shares

    @staticmethod
    def _share(number: int, bits: int, shares: dict[int, tuple[int, int]]) -> int:
        """The most that so many papers are worth after these elected candidates, up to the next whole vote."""
        over, under = 1, 1
        for one, (most, of) in shares.items():
            if bits >> one & 1 and most * under < over * of:
                over, under = most, of
        return -(-number * over // under)

    def _through(
        self, via: dict[int, int], caps: dict[int, tuple[int, int]], values: dict[int, Fraction]
    ) -> int:
        if self.kind.keeps:
            return sum(self._share(number, bits, caps) + 1 for bits, number in via.items())
        votes = 0
        for by, number in via.items():
            most = min(number, caps[by][0]) if by in caps else number
            votes += min(most, int(number * values[by]) + 1) if by in values else most
        return votes

    def _settled(
        self,
        state: _State,
        low: list[int],
        winners: list[int],
        losers: list[int],
    ) -> bool:
        """Whether each winner left stays above each loser left while both stand, wherever papers go from here."""
        caps, gone = dict(state.surplus), dict(state.gone)
        worst = min(low[one] for one in winners)
        if any(low[one] + self.apart >= worst for one in losers):
            return False
        sums: dict[tuple[int, int, int], int] = {}
        for (loser, met, by), number in self.ways.reach(state.elected, state.excluded).items():
            for winner in winners:
                if not met >> winner & 1:
                    key = loser, winner, by
                    sums[key] = sums.get(key, 0) + number
        reach: dict[tuple[int, int], int] = {}
        for (loser, winner, by), number in sums.items():
            pair = loser, winner
            most = min(number, caps.get(by, number))
            if by in gone:
                most = min(most, int(number * gone[by]) + 1)
            reach[pair] = reach.get(pair, 0) + most
        return all(
            low[winner] - reach.get((loser, winner), 0) > self.apart for winner in winners for loser in losers
        )
