"""The exact margin of elimination rounds (IRV): a best-first search over orders that end in somebody else.

Each node is a suffix; its bound is that of the program of `orders`, proved in whole numbers; the best change found so
far is a whole order whose papers were counted again. Blom, Teague, Stuckey and Tidhar, "Efficient computation of exact
IRV margins" (ECAI 2016).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

from selectorate.count.margin.elimination import orders, solver
from selectorate.count.margin.elimination.orders import Counts, Suffix
from selectorate.count.margin.found import KINDS, Bounds, Change, Kind, Margin, Stopped, Told
from selectorate.count.objects import Profile

_SEARCHED = {
    "changes": "Papers changed, proved of what is known",
    "additions": "Papers put in, proved of what is known",
    "deletions": "Papers taken out, proved of what is known",
    "total": "Papers put in or taken out, proved of what is known",
}
_BRANCHES_MAX = 200


def margin(
    profile: Profile, winner: int, *, told: Told | None = None, nodes_max: int | None = None
) -> Margin:
    """The fewest papers changed, put in, taken out after which somebody else at least ties for the win.

    winner: by position. nodes_max: give up after so many programs with the bounds that stand then.
    Raises Refusal `count.solver` where HiGHS is not installed.
    """
    if len(profile.candidates) < 2:
        return Margin(None, None, None)
    found = {kind: _Search(profile, winner, kind, told, nodes_max).run() for kind in KINDS}
    return Margin(found["changes"], found["additions"], found["deletions"])


def within(
    profile: Profile, winner: int, removed: int, added: int, *, told: Told | None = None
) -> tuple[bool, Change | None]:
    """Whether no removal of so many papers and addition of so many lets somebody else at least tie; and if one does,
    such a change. (False, None) where the search could not settle it. Raises Refusal `count.solver`.
    """
    most = max(removed, added)
    search = _Search(profile, winner, "changes", told, None, (most - removed, most - added))
    search.best = most + 1
    bounds = search.run()
    return bounds.lower > most, search.example if search.best <= most else None


def total(profile: Profile, winner: int, *, told: Told | None = None) -> Bounds:
    """The fewest papers put in and taken out, together, after which somebody else at least ties."""
    return _Search(profile, winner, "total", told, None).run()


def order_of(counts: Counts, size: int, winner: int) -> Suffix:
    """An order in which these papers eliminate, the winner last; equal votes in any order, for a start only."""
    standing, out = set(range(size)), []
    while len(standing) > 1:
        votes = orders.first_of(counts, standing)
        lowest = min(standing - {winner}, key=lambda one: (votes[one], one))
        standing.discard(lowest)
        out.append(lowest)
    return (*out, winner)


@dataclass(slots=True)
class _Search:
    profile: Profile
    winner: int
    kind: Kind
    told: Told | None
    nodes_max: int | None
    lead: tuple[int, int] = (0, 0)
    counts: Counts = field(init=False)
    size: int = field(init=False)
    best: int = field(init=False)
    reported: Suffix = field(init=False)
    first: dict[int, int] = field(init=False)
    example: Change | None = None
    solved: int = 0
    lower: int = 0

    def __post_init__(self) -> None:
        self.counts = self.profile.counts()
        self.size = len(self.profile.candidates)
        self.first = orders.first_of(self.counts, range(self.size))
        self.best = self.profile.valid + 1
        self.reported = order_of(self.counts, self.size, self.winner)

    def run(self) -> Bounds:
        self._dive((self.reported[-2],))
        queue: list[tuple[int, bool, int, Suffix]] = []
        for one in range(self.size):
            if one != self.winner:
                heapq.heappush(queue, (0, False, -1, (one,)))
        self.lower = 0
        try:
            return self._searched(queue)
        except Stopped:
            return Bounds(self.lower, self.best if self.example else None, self.example)

    def _searched(self, queue: list[tuple[int, bool, int, Suffix]]) -> Bounds:
        while queue:
            bound, proved, _, suffix = heapq.heappop(queue)
            lower = self.lower = max(self.lower, bound)
            if bound >= self.best:
                break
            if self.nodes_max is not None and self.solved > self.nodes_max:
                return Bounds(lower, self.best, self.example)
            if self.told:
                self.told(_SEARCHED[self.kind], lower, self.best)
            if not proved and len(suffix) > 1:
                bound = max(bound, self._bound(suffix))
                if bound < self.best:
                    heapq.heappush(queue, (bound, True, -len(suffix), suffix))
                continue
            if len(suffix) == self.size:
                return Bounds(lower, self.best, self.example)  # a whole order that could not be settled
            if self.winner in suffix:
                self._dive(suffix)
            for one in range(self.size):
                if one not in suffix:
                    child = (one, *suffix)
                    cheap = self._cheap(child, bound)
                    if cheap < self.best:
                        heapq.heappush(queue, (cheap, False, -len(child), child))
        return Bounds(self.best, self.best, self.example)

    def _halved(self, gap: int) -> int:
        """A changed paper closes a gap by two, one put in or taken out by one."""
        return max(0, -(-gap // 2) if self.kind == "changes" else gap)

    def _cheap(self, suffix: Suffix, worst: int) -> int:
        """Who is not in the suffix goes out before its members: first preferences against the most they can have.

        worst: the bound that is known already; who cannot raise it is not looked at.
        """
        members = set(suffix)
        for outside in sorted(set(range(self.size)) - members, key=lambda one: -self.first[one]):
            if worst >= self.best or self._halved(self.first[outside]) <= worst:
                break
            votes = orders.first_of(self.counts, (*suffix, outside))
            gap = self.first[outside] - min(votes[one] for one in suffix)
            worst = max(worst, self._halved(gap))
        return worst

    def _bound(self, suffix: Suffix) -> int:
        if len(suffix) == self.size:
            return self._leaf(suffix)
        self.solved += 1
        found = orders.chains(self.counts, suffix, self.size)
        task, _, _ = orders.program(found, len(suffix), self.kind, self.best, self.lead)
        return solver.solve(task).bound

    def _dive(self, suffix: Suffix) -> None:
        """Complete the suffix by the reported order of the others, for a change to beat."""
        self._leaf((*(one for one in self.reported if one not in suffix), *suffix))

    def _leaf(self, order: Suffix) -> int:
        """The least cost of a whole order, proved; what it finds becomes the best when it is better."""
        self.solved += 1
        found = orders.chains(self.counts, order, self.size)
        task, removals, flows = orders.program(found, self.size, self.kind, self.best, self.lead)
        bound, values = _whole(task, self.best)
        if values is not None and task.price(values) < self.best:
            change = orders.change(self.counts, order, self.size, values, removals, flows)
            after = orders.changed(self.counts, change)
            if after is not None and orders.can_go_out(after, order, self.size):
                self.best, self.example = task.price(values), change
        return bound


def _whole(task: solver.Program, most: int) -> tuple[int, list[int] | None]:
    """A proved bound on whole solutions that cost less than `most`, and the best whole solution seen.

    The bound of the program is often one short of the best whole solution; then columns are branched on, each branch
    with a proved bound of its own.
    """
    answer = solver.solve(task)
    if answer.bound >= most or (answer.values and task.price(answer.values) <= answer.bound):
        return answer.bound, answer.values
    best = solver.solve(task, whole=True).values
    if answer.values and (best is None or task.price(answer.values) < task.price(best)):
        best = answer.values
    price = min(most, task.price(best)) if best else most
    if price <= answer.bound:
        return answer.bound, best
    return max(answer.bound, _branch(task, price, answer)), best


def _branch(task: solver.Program, price: int, root: solver.Answer) -> int:
    """The least bound over all branches, each split until it is not below `price`; at most so many are tried."""
    open_ = [(root.bound, 0, task, root)]
    tried = 0
    while open_:
        bound, _, part, answer = heapq.heappop(open_)
        if bound >= price:
            return price
        if answer.broken < 0 or tried > _BRANCHES_MAX:
            return bound
        for low in (False, True):
            tried += 1
            side = _split(part, answer, low)
            if side is not None:
                found = solver.solve(side)
                heapq.heappush(open_, (max(bound, found.bound), tried, side, found))
    return price


def _split(task: solver.Program, answer: solver.Answer, low: bool) -> solver.Program | None:
    """The program with the broken column at most, or at least one more than, the whole number below its value."""
    at = answer.broken
    whole = answer.below
    side = solver.Program(
        task.within, list(task.cost), list(task.top), [list(one) for one in task.entries], list(task.least)
    )
    if low:
        side.top[at] = whole
        return side
    top = side.top[at]
    if top is not None and whole + 1 > top:
        return None
    row = side.row(whole + 1)
    side.entries[at].append((row, 1))
    return side
