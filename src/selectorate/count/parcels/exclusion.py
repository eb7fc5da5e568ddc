"""Exclusions: who goes out together, and in which batches their papers move."""

from __future__ import annotations

from dataclasses import dataclass

from selectorate.count.objects import Number
from selectorate.count.parcels import standing
from selectorate.count.parcels.piles import Parcel, Slip
from selectorate.count.parcels.state import State


@dataclass(frozen=True, slots=True)
class Batch:
    """Papers of one value that move together. votes: what they take from each giver's tally."""

    value: Number
    slips: list[tuple[int, tuple[Slip, ...]]]
    votes: dict[int, int]


def hopeless(state: State, most: int | None = None) -> list[int]:
    """The largest group of the lowest (of at most so many) whom their votes and all waiting surpluses together
    could not lift to the next above; empty if there is none.

    Enough must remain for the seats, and equal candidates are not parted.
    """
    rule, surplus = state.rule, state.surplus
    ladder = sorted(state.standing, key=lambda one: (state.tallies[one], state.names[one]))
    group: list[int] = []
    total = surplus
    room = len(ladder) - state.room
    for size in range(1, min(room, most or room) + 1):
        one, above = ladder[size - 1], state.tallies[ladder[size]]
        total += state.tallies[one]
        if rule.quarter and _quarter_open(state, state.tallies[one], total):
            break
        parted = state.tallies[one] == above
        lower = total < above or (total == above and not rule.strict)
        if lower and not parted and state.watch.may_go(state.elected, ladder, ladder[:size]):
            group = ladder[:size]
    return group


def _quarter_open(state: State, votes: int, at_most: int) -> bool:
    """Whether a candidate with so many votes, who could get to `at_most`, might yet exceed a quarter of the
    quota (above which expenses are refunded)."""
    return 4 * votes <= state.quota < 4 * at_most


def waits(state: State) -> bool:
    """Whether the surpluses wait: somebody doomed goes out first, or they could not change who is lowest."""
    return bool(state.doomed) or (
        state.rule.defers and bool(hopeless(state, 1 if state.rule.quarter else None))
    )


def chosen(state: State) -> list[int]:
    """Those to be excluded now. Raises Refusal `count.tie` where a lot is needed and there is no seed."""
    doomed = state.doomed
    group = (doomed or hopeless(state)) if state.rule.bulk else []
    among = state.watch.next_out(state.elected, state.standing)
    return group or [standing.pick(state, among, "exclusion", state.stage + 1)]


def batches(state: State, group: list[int]) -> list[Batch]:
    """The papers of those excluded in the order in which they move; never none, so that there is a row."""
    held = [(one, parcel) for one in group for parcel in state.piles[one]]
    way = state.rule.batching
    if way == "parcel":
        made = [[pair] for pair in held]
    elif way == "once":
        made = [held]
    else:
        made = []
        if way == "first, value":
            made.append([pair for pair in held if pair[1].first])
            held = [pair for pair in held if not pair[1].first]
        for value in sorted({parcel.value for _, parcel in held}, reverse=True):
            made.append([pair for pair in held if pair[1].value == value])
    return [_batch(pairs) for pairs in made if pairs] or [Batch(state.rule.unit, [], {})]


def _batch(pairs: list[tuple[int, Parcel]]) -> Batch:
    votes: dict[int, int] = {}
    for one, parcel in pairs:
        votes[one] = votes.get(one, 0) + parcel.votes
    return Batch(pairs[0][1].value, [(one, parcel.slips) for one, parcel in pairs], votes)
