"""Every order that a transferable vote could take within doubts, with intervals (make).

The same-path bound gives up at the first decision that could come out otherwise. Here both ways are followed, and the
bound holds when every path ends with the same winners: somebody is elected one stage earlier or later, losers go out
in another order, surpluses move in another order. Two paths that lead to the same state are followed once.

The intervals are those of docs/formats/certificate.md: of each paper that stays, between which values it lies; papers
taken out or put in enter each decision once. On a path on which only winners have been elected and only losers have
gone out, it is enough that no loser can reach the quota and no winner can be the lowest.
"""

from __future__ import annotations

from dataclasses import dataclass

from selectorate.count.margin.doubt import Doubt, Thresholds, exact, units
from selectorate.count.objects import Profile, Ranking
from selectorate.count.rulesets import Ruleset


class _Sheaf:
    """Papers that moved together: (ranking, position of the holder on it, papers). Shared between states."""

    __slots__ = ("named", "papers", "total")

    def __init__(self, papers: list[tuple[Ranking, int, int]]) -> None:
        self.papers = papers
        self.total = sum(number for _, _, number in papers)
        self.named: dict[tuple[int, int], int] | None = None

    def losers_named(self, winners: frozenset[int]) -> dict[tuple[int, int], int]:
        """(loser named from the holder on, winners named after the holder and before it as bits) -> papers."""
        if self.named is None:
            found: dict[tuple[int, int], int] = {}
            for ranking, position, number in self.papers:
                met = 0
                for at in range(position, len(ranking)):
                    one = ranking[at]
                    if one not in winners:
                        found[one, met] = found.get((one, met), 0) + number
                    elif at > position:
                        met |= 1 << one
            self.named = found
        return self.named


_Held = tuple[int, int, _Sheaf]
"""What each of the papers is worth at least and at most (units), and the papers."""
_MAYBE_MAX = 4
STATES_MAX = 400


@dataclass(frozen=True, slots=True)
class _State:
    """After a stage, before it is asked who is elected. Papers are shared between states and never changed."""

    standing: frozenset[int]
    pending: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    held: tuple[tuple[_Held, ...], ...]
    past: tuple[tuple[object, ...], ...]
    """Elections and surpluses so far, each with who stood; with `standing` this fixes where every paper is."""


def same_winners(
    profile: Profile,
    ruleset: Ruleset,
    seats: int,
    winners: frozenset[int],
    doubt: Doubt,
    *,
    states_max: int = STATES_MAX,
) -> str | None:
    """None when every count within the doubt elects these winners, lots included; else why that is not certain.

    For counts with weighted inclusive transfers, one exclusion a stage, largest surplus first: Scottish rules 45 to 52,
    and the reference rule of the Proportional Representation Foundation, which differs in decimal places, in the quota
    and in how a value is cut. Where nothing is rounded and more than the exact quota elects, values are intervals of
    nine places around the fractions.
    """
    if doubt.removed >= profile.valid:
        return "every paper could be taken out"
    return _Tree(profile, ruleset, seats, winners, doubt).explore(states_max)


class _Tree:
    __slots__ = ("cut", "names", "seats", "size", "start", "thresholds", "unit", "up", "winners")

    def __init__(
        self, profile: Profile, ruleset: Ruleset, seats: int, winners: frozenset[int], doubt: Doubt
    ) -> None:
        self.names, self.size, self.seats, self.winners = (
            profile.candidates,
            len(profile.candidates),
            seats,
            winners,
        )
        self.unit = units(ruleset)
        self.up = int(exact(ruleset))
        # Where the product is cut before it is divided, a paper of a tally of a vote or more loses two units at most.
        self.cut = 2 if "cut, then" in str(ruleset["transfer_value"]) else 0
        self.thresholds = Thresholds.of(doubt, ruleset, profile.valid, seats)
        first: list[list[tuple[Ranking, int, int]]] = [[] for _ in range(self.size)]
        for paper in profile.papers:
            first[paper.ranking[0]].append((paper.ranking, 0, paper.number))
        tallies = tuple(sum(number for _, _, number in papers) * self.unit for papers in first)
        held = tuple(((self.unit, self.unit, _Sheaf(papers)),) if papers else () for papers in first)
        self.start = _State(frozenset(range(self.size)), (), tallies, tallies, held, ())

    def explore(self, states_max: int) -> str | None:
        """Why it is not certain, or None."""
        open_ = [self.start]
        seen: set[tuple[object, ...]] = set()
        while open_:
            state = open_.pop()
            key = (state.past, state.standing, state.pending)
            if key in seen:
                continue
            seen.add(key)
            if len(seen) > states_max:
                return f"more than {states_max} ways in which the count could go"
            following = self._after(state)
            if isinstance(following, str):
                return following
            open_ += following
        return None

    def _after(self, state: _State) -> list[_State] | str:
        """The states that can follow; empty when all is settled; a sentence when it may end otherwise."""
        winners = [one for one in sorted(state.standing) if one in self.winners]
        losers = [one for one in sorted(state.standing) if one not in self.winners]
        if not losers or self._settled(state, winners, losers):
            return []
        elections = self._elections(state, winners, losers)
        if isinstance(elections, str):
            return elections
        following: list[_State] = []
        for elected in elections:
            if len(elected) == len(winners):
                continue  # every seat is filled, by winners
            after = self._elect(state, elected)
            moved = self._surpluses(after) if after.pending else self._exclusions(after)
            if isinstance(moved, str):
                return moved
            following += moved
        return following

    def _above(self, state: _State, one: int, other: int) -> bool:
        """Whether `one` has more votes than `other`, whatever the doubtful papers say."""
        return state.low[one] - state.high[other] > self.thresholds.apart

    def _elections(self, state: _State, winners: list[int], losers: list[int]) -> list[tuple[int, ...]] | str:
        """Which candidates may be elected together now."""
        may = self.thresholds.may
        for loser in losers:
            # If every winner left is above a loser with the quota, more candidates than can have a quota have one.
            if state.high[loser] >= may and not all(self._above(state, one, loser) for one in winners):
                return f"{self.names[loser]} could reach the quota"
        sure = [one for one in winners if state.low[one] >= self.thresholds.sure]
        maybe = [one for one in winners if one not in sure and state.high[one] >= may]
        if len(maybe) > _MAYBE_MAX:
            return f"{len(maybe)} candidates could be elected earlier or later"
        found = []
        for bits in range(1 << len(maybe)):
            chosen = [one for at, one in enumerate(maybe) if bits >> at & 1]
            missed = [one for one in winners if one not in sure and one not in chosen]
            if not any(self._above(state, one, other) for one in missed for other in (*sure, *chosen)):
                found.append((*sure, *chosen))
        return found

    def _elect(self, state: _State, elected: tuple[int, ...]) -> _State:
        if not elected:
            return state
        return _State(
            state.standing.difference(elected),
            tuple(sorted((*state.pending, *elected))),
            state.low,
            state.high,
            state.held,
            (*state.past, ("elected", state.standing, elected)),
        )

    def _surpluses(self, state: _State) -> list[_State]:
        """The states after the surplus of each who may have the largest."""
        following = []
        for donor in state.pending:
            if not any(self._above(state, one, donor) for one in state.pending if one != donor):
                least, most = self.thresholds.ratio(state.low[donor], state.high[donor])
                pending = tuple(one for one in state.pending if one != donor)
                past = (*state.past, ("surplus", state.standing, donor, least, most))
                following.append(self._pass(state, donor, least, most, state.standing, pending, past))
        return following

    def _exclusions(self, state: _State) -> list[_State] | str:
        """The states after the exclusion of each who may be the lowest."""
        following = []
        for lowest in sorted(state.standing):
            if any(self._above(state, lowest, one) for one in state.standing if one != lowest):
                continue
            if lowest in self.winners:
                return f"{self.names[lowest]} could be the lowest"
            standing = state.standing - {lowest}
            following.append(self._pass(state, lowest, (1, 1), (1, 1), standing, (), state.past))
        return following

    def _pass(
        self,
        state: _State,
        donor: int,
        least: tuple[int, int],
        most: tuple[int, int],
        standing: frozenset[int],
        pending: tuple[int, ...],
        past: tuple[tuple[object, ...], ...],
    ) -> _State:
        """Every paper of the donor to the next standing candidate on it, its worth cut by these shares."""
        low, high, held = list(state.low), list(state.high), list(state.held)
        held[donor] = ()
        low[donor] = high[donor] = 0
        for under, over, moving in state.held[donor]:
            if least != (1, 1):
                under = max(0, under * least[0] // least[1] - self.cut)
                over = -(-over * most[0] // most[1]) if self.up else over * most[0] // most[1]
            sheaves: dict[int, list[tuple[Ranking, int, int]]] = {}
            for ranking, position, number in moving.papers:
                for at in range(position + 1, len(ranking)):
                    if ranking[at] in standing:
                        sheaves.setdefault(ranking[at], []).append((ranking, at, number))
                        break
            for heir, papers in sheaves.items():
                sheaf = _Sheaf(papers)
                low[heir] += under * sheaf.total
                high[heir] += over * sheaf.total
                held[heir] = (*held[heir], (under, over, sheaf))
        return _State(standing, pending, tuple(low), tuple(high), tuple(held), past)

    def _settled(self, state: _State, winners: list[int], losers: list[int]) -> bool:
        """Whether no winner left can be below any loser left while both stand, wherever papers go from here.

        Then no winner goes out before all losers have, and no loser can reach the quota first: each winner left would
        have it too, and more candidates than can have a quota would have one.
        """
        if not all(self._above(state, winner, loser) for winner in winners for loser in losers):
            return False
        reach = self._reach(state, frozenset(winners), frozenset(losers))
        apart = self.thresholds.apart
        return all(state.low[winner] - reach[loser][winner] > apart for winner in winners for loser in losers)

    def _reach(
        self, state: _State, winners: frozenset[int], losers: frozenset[int]
    ) -> dict[int, dict[int, int]]:
        """reach[l][w]: the most that papers which stay can be worth with loser l while winner w stands too.

        A paper can come to l only if l is named after its holder and no w before l. From a loser it comes in full;
        from an elected candidate at most with the share of its surplus; from a winner still to be elected at most
        with the share that a surplus can have when everything that can still move has come there.
        """
        shares = self._shares(state, winners, losers)
        found: dict[int, dict[int, int]] = {loser: dict.fromkeys(winners, 0) for loser in losers}
        for holder, (over, under) in shares.items():
            own = 1 << holder if holder in winners else 0
            for _, high, sheaf in state.held[holder]:
                worth = -(-high * over // under) if self.up else high * over // under
                for (loser, met), number in sheaf.losers_named(self.winners).items() if worth else ():
                    if loser in losers:
                        row, passed = found[loser], met | own
                        for winner in winners:
                            if not passed >> winner & 1:
                                row[winner] += worth * number
        return found

    def _shares(
        self, state: _State, winners: frozenset[int], losers: frozenset[int]
    ) -> dict[int, tuple[int, int]]:
        """For each holder of papers, the most of their worth that can move on from there."""
        thresholds = self.thresholds
        slack, quota = thresholds.apart, thresholds.quota
        free = sum(state.high[one] for one in losers) + slack
        free += sum(max(0, state.high[one] + slack - quota) for one in (*state.pending, *winners))
        shares = dict.fromkeys(losers, (1, 1))
        for one in state.pending:
            shares[one] = thresholds.ratio(state.low[one], state.high[one])[1]
        for one in winners:
            most = state.high[one] + free
            shares[one] = (most - quota, most) if most > quota else (0, 1)
        return shares
