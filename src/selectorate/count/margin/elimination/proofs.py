"""Assertions that prove who wins by elimination (make): the set whose least margin is greatest.

A best-first search over the suffixes of orders that do not end in the winner. Each order must be refuted by an
assertion about one of its suffixes; the order that is hardest to refute says how good a set can be. The checking twin
is `check_proofs`.
"""

from __future__ import annotations

import heapq

from selectorate.count.margin.elimination import orders
from selectorate.count.margin.elimination.assertion import Assertion, Assertions
from selectorate.count.margin.elimination.orders import Suffix
from selectorate.count.objects import Profile


def assertions(profile: Profile, winner: int) -> Assertions:
    """The set with the greatest least margin. winner: by position in `profile.candidates`.

    Where the winner needs a tie, or no assertions can prove it, the set is empty and its margin 0.
    """
    return _Search(profile, winner).run()


class _Search:
    __slots__ = ("cannot", "counts", "size", "tallied", "winner")

    def __init__(self, profile: Profile, winner: int) -> None:
        self.counts, self.size, self.winner = profile.counts(), len(profile.candidates), winner
        self.tallied: dict[frozenset[int], dict[int, int]] = {}
        self.cannot = self._not_before()

    def _not_before(self) -> dict[tuple[int, int], Assertion]:
        """NEB for every ordered pair that it holds of."""
        size = self.size
        first, before = [0] * size, [[0] * size for _ in range(size)]
        for ranking, number in self.counts.items():
            first[ranking[0]] += number
            seen: set[int] = set()
            for one in ranking:
                seen.add(one)
                for other in range(size):
                    if other not in seen:
                        before[one][other] += number
        return {
            (x, y): Assertion("NEB", x, y, (), first[x], before[y][x])
            for x in range(size)
            for y in range(size)
            if x != y and first[x] > before[y][x]
        }

    def run(self) -> Assertions:
        queue: list[tuple[int, int, Suffix, Assertion | None]] = []
        for last in range(self.size):
            if last != self.winner:
                self._push(queue, (last,), None)
        while queue:
            value, _, suffix, assertion = queue[0]
            if len(suffix) == self.size:
                if assertion is None:
                    return Assertions(self.winner, (), 0)
                return Assertions(self.winner, _needed(queue), value)
            heapq.heappop(queue)
            for one in range(self.size):
                if one not in suffix:
                    self._push(queue, (one, *suffix), assertion)
        # Nobody else stands: there is nothing to prove.
        return Assertions(self.winner, (), sum(self.counts.values()))

    def _push(
        self, queue: list[tuple[int, int, Suffix, Assertion | None]], suffix: Suffix, so_far: Assertion | None
    ) -> None:
        best = self._best(suffix)
        if so_far is not None and (best is None or best.margin <= so_far.margin):
            best = so_far
        heapq.heappush(queue, (best.margin if best else 0, -len(suffix), suffix, best))

    def _best(self, suffix: Suffix) -> Assertion | None:
        """The assertion with the greatest margin that refutes every order with this end."""
        out, later = suffix[0], suffix[1:]
        found = [self.cannot[out, one] for one in later if (out, one) in self.cannot]
        for outside in range(self.size):
            if outside not in suffix:
                found += [self.cannot[outside, one] for one in suffix if (outside, one) in self.cannot]
        votes = self._tallies(frozenset(suffix))
        for one in later:
            if votes[out] > votes[one]:
                found.append(Assertion("NEN", out, one, tuple(sorted(suffix)), votes[out], votes[one]))
        return max(
            found, key=lambda one: (one.margin, one.kind == "NEB", -one.ahead, -one.behind), default=None
        )

    def _tallies(self, standing: frozenset[int]) -> dict[int, int]:
        if standing not in self.tallied:
            self.tallied[standing] = orders.first_of(self.counts, standing)
        return self.tallied[standing]


def _needed(queue: list[tuple[int, int, Suffix, Assertion | None]]) -> tuple[Assertion, ...]:
    """The assertions of what is open, each once; an open end that another's assertion refutes needs none of its own."""
    ends = [(suffix, assertion) for _, _, suffix, assertion in queue if assertion is not None]
    chosen: list[Assertion] = []
    for suffix, assertion in sorted(ends, key=lambda end: (len(end[0]), end[0])):
        if not any(refutes(one, suffix) for one in chosen):
            chosen.append(assertion)
    needed = list(chosen)
    for one in sorted(chosen, key=lambda one: one.margin):
        rest = [other for other in needed if other != one]
        if all(any(refutes(other, suffix) for other in rest) for suffix, _ in ends):
            needed = rest
    return tuple(sorted(needed, key=lambda one: (one.kind, -one.margin, one.ahead, one.behind, one.standing)))


def refutes(assertion: Assertion, suffix: Suffix) -> bool:
    """Whether no order with this end is possible when the assertion is true."""
    if assertion.kind == "NEB":
        if assertion.behind not in suffix:
            return False
        at = suffix.index(assertion.behind)
        return assertion.ahead not in suffix or suffix.index(assertion.ahead) < at
    length = len(assertion.standing)
    tail = suffix[-length:]
    return len(tail) == length and tail[0] == assertion.ahead and set(tail) == set(assertion.standing)
