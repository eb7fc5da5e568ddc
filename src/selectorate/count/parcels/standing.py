"""Who has most or fewest votes, and how equal votes are told apart: by earlier rows of the sheet, else by lot."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from selectorate.count.objects import Decided, Purpose, Tie
from selectorate.count.parcels.state import State

EARLIER: Decided = "earlier stage"
LOT: Decided = "lot"


def pick(state: State, among: Iterable[int], purpose: Purpose, stage: int) -> int:
    """The one with the fewest votes (exclusion) or the most; ties by the rule set's list.

    Raises Refusal `count.tie` where a lot is needed and there is no seed.
    """
    best = min if purpose == "exclusion" else max
    left = list(among)
    extreme = best(state.tallies[one] for one in left)
    tied = [one for one in left if state.tallies[one] == extreme]
    if len(tied) == 1:
        return tied[0]
    left = narrowed(state, tied, purpose)
    return settled(state, tied, left, purpose, stage)


def settled(state: State, tied: list[int], left: list[int], purpose: Purpose, stage: int) -> int:
    """Of those whom no earlier row tells apart, the one drawn; the tie is recorded."""
    chosen, by = left[0], EARLIER
    if len(left) > 1:
        drawn = state.draw.one([state.names[one] for one in left], stage)
        chosen, by = state.names.index(drawn), LOT
    record(state, tied, by, chosen, purpose, stage)
    return chosen


def record(state: State, tied: list[int], by: Decided, chosen: int, purpose: Purpose, stage: int) -> None:
    between = tuple(sorted(state.names[one] for one in tied))
    state.ties.append(Tie(between, by, state.names[chosen], purpose, stage))


def narrowed(state: State, tied: list[int], purpose: Purpose) -> list[int]:
    """Those of the tied whom the earlier rows leave: one after the other drops those who differ.

    Looking forwards or backwards, and again among those who are left: a tie of three may be narrowed to two at
    one row and to one at another. "all differ" asks for one row at which all of them have different votes.
    """
    best: Callable[[Iterable[int]], int] = min if purpose == "exclusion" else max
    rule = state.rule.tie_rule(purpose == "exclusion")
    seen = state.history if state.rule.by_batch else state.of_stage
    rows = seen if rule == "earliest" else list(reversed(seen))
    left = tied
    for row in rows:
        if rule == "all differ" and len({row[one] for one in left}) < len(left):
            continue
        extreme = best(row[one] for one in left)
        left = [one for one in left if row[one] == extreme]
        if len(left) == 1:
            break
    return left


def in_order(state: State, chosen: list[int], stage: int) -> list[int]:
    """Most votes first; equal votes by the rule for surpluses, one after the other."""
    left, order = list(chosen), []
    while left:
        best = pick(state, left, "order", stage)
        left.remove(best)
        order.append(best)
    return order


def separable(state: State, reached: list[int], room: int, stage: int) -> list[int]:
    """Of more candidates than there are seats, those who can be told apart: by votes, then by the earliest row
    that differs; of those equal throughout none is taken."""
    taken: list[int] = []
    left = list(reached)
    while left and len(taken) < room:
        most = max(state.tallies[one] for one in left)
        tied = [one for one in left if state.tallies[one] == most]
        if len(taken) + len(tied) <= room:
            taken += tied
        else:
            ahead = narrowed(state, tied, "order")
            if len(taken) + len(ahead) > room:
                return taken
            for one in ahead:
                record(state, tied, EARLIER, one, "order", stage)
            taken += ahead
            tied = ahead
        left = [one for one in left if one not in tied]
    return taken
