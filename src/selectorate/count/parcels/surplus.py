"""Surpluses: which moves next, which papers of it, and at what value."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from selectorate.count.objects import Number, Transfer
from selectorate.count.parcels import standing
from selectorate.count.parcels.piles import Slip, by_next_preference, count_of, last_filed
from selectorate.count.parcels.rule import credited
from selectorate.count.parcels.state import State
from selectorate.errors import refuse


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a surplus. examined, going: papers; value: of each that goes on, None if none can; left:
    votes of the surplus that no heir was credited with."""

    donor: int
    surplus: int
    examined: int
    going: int
    value: Number | None
    transfers: list[Transfer]
    left: int


def next_donor(state: State) -> int:
    """Whose surplus moves next. Raises Refusal `count.tie` where a lot is needed and there is no seed."""
    among = state.pending
    if state.rule.elected_first:
        earliest = min(row for row, _ in among)
        among = [(row, one) for row, one in among if row == earliest]
    return standing.pick(state, [one for _, one in among], "surplus", state.stage + 1)


def move(state: State, donor: int) -> Moved:
    """One surplus: the donor keeps the quota, the rest goes on as far as there are papers to carry it."""
    state.pending = [(row, one) for row, one in state.pending if one != donor]
    surplus = state.tallies[donor] - state.quota
    state.tallies[donor] = state.quota
    if state.rule.value == "whole papers":
        return _whole_papers(state, donor, surplus)
    if state.rule.last_parcel:
        return _last_parcel(state, donor, surplus)
    return _all_papers(state, donor, surplus)


def _last_parcel(state: State, donor: int, surplus: int) -> Moved:
    """The papers that took the donor over the quota: those with a next preference share the surplus evenly, but
    none is worth more than when it came."""
    last = state.piles[donor].pop()
    heirs, _ = by_next_preference(last.slips, state.continuing)
    going = sum(count_of(slips) for slips in heirs.values())
    dead = last.papers - going
    if not going:
        _leave(state, surplus, 0)
        kept = _uncarried(state, donor, dead, last.value, surplus)
        return Moved(donor, surplus, last.papers, 0, None, kept, surplus)
    share: Number = surplus // going if state.rule.value == "cut" else Fraction(surplus, going)
    value = min(last.value, share)
    continuing = tuple(slip for slips in heirs.values() for slip in slips)
    transfers, given = state.pass_on([(donor, _before(continuing))], value)
    carried = surplus if value == share or credited(last.value, going) >= surplus else credited(value, going)
    _leave(state, surplus - carried, carried - given)
    transfers += _uncarried(state, donor, dead, last.value, surplus - carried)
    return Moved(donor, surplus, last.papers, going, value, transfers, surplus - given)


def _uncarried(state: State, donor: int, papers: int, value: Number, votes: int) -> list[Transfer]:
    """What papers without a next preference leave of a surplus that the others cannot carry whole."""
    return [Transfer(state.names[donor], None, papers, value, votes)] if votes else []


def _before(slips: tuple[Slip, ...]) -> tuple[Slip, ...]:
    """The papers as the donor holds them: one place before the next preference that was found."""
    return tuple((ranking, at - 1, number) for ranking, at, number in slips)


def _all_papers(state: State, donor: int, surplus: int) -> Moved:
    """All papers of the donor at one value, whatever they were worth before: surplus over papers."""
    held = state.piles[donor]
    state.piles[donor] = []
    papers = sum(parcel.papers for parcel in held)
    value = Fraction(surplus, papers) if surplus % papers else surplus // papers
    state.raised += sum(parcel.papers for parcel in held if parcel.value < value)
    slips = tuple(slip for parcel in held for slip in parcel.slips)
    _, exhausted = by_next_preference(slips, state.continuing)
    transfers, given = state.pass_on([(donor, slips)], value)
    dead = credited(value, count_of(exhausted))
    state.non_transferable += dead
    _leave(state, 0, surplus - given - dead)
    return Moved(donor, surplus, papers, papers - count_of(exhausted), value, transfers, surplus - given)


def _leave(state: State, uncarried: int, cut: int) -> None:
    """Book what no paper carries on: uncarried, because there are too few papers; cut, fractions of a unit."""
    if state.rule.left_over == "non-transferable":
        state.non_transferable += uncarried + cut
        return
    state.rounding += cut
    if state.rule.left_over == "set aside":
        state.set_aside += uncarried
    else:
        state.non_transferable += uncarried


def _whole_papers(state: State, donor: int, surplus: int) -> Moved:
    """As many whole papers of the last parcel as the surplus has votes, in proportion to the next preferences,
    of each kind those filed last; or all that are transferable, if they are no more than the surplus."""
    last = state.piles[donor].pop()
    heirs, _ = by_next_preference(last.slips, state.continuing)
    sizes = {heir: count_of(slips) for heir, slips in heirs.items()}
    going = min(surplus, sum(sizes.values()))
    shares = sizes if going < surplus else _in_proportion(state, sizes, surplus)
    taken: list[Slip] = []
    for heir in sorted(heirs, key=lambda one: state.names[one]):
        some = 0 < shares[heir] < sizes[heir]
        if some and not state.ordered and len({ranking[at:] for ranking, at, _ in heirs[heir]}) > 1:
            raise refuse("count.order")  # which of unlike papers move is a question of order
        taken += last_filed(heirs[heir], shares[heir])
    transfers, _ = state.pass_on([(donor, _before(tuple(taken)))], last.value)
    left = surplus - going
    state.non_transferable += left
    transfers += _uncarried(state, donor, left, last.value, left)
    return Moved(donor, surplus, last.papers, going, last.value if going else None, transfers, left)


def _in_proportion(state: State, sizes: dict[int, int], surplus: int) -> dict[int, int]:
    """Papers for each heir: size x surplus / all, whole; the places left over go to the largest fractions.

    Equal fractions: the larger sub-parcel first, then who had more votes at the earliest count, else lot.
    """
    papers = sum(sizes.values())
    shares = {heir: size * surplus // papers for heir, size in sizes.items()}
    left = surplus - sum(shares.values())
    waiting = list(sizes)
    while left:
        best = max((sizes[one] * surplus % papers, sizes[one]) for one in waiting)
        chosen = [one for one in waiting if (sizes[one] * surplus % papers, sizes[one]) == best]
        if len(chosen) > left:  # where each of the equal ones has a place, nothing is to be told apart
            among = standing.narrowed(state, chosen, "fraction")
            chosen = [standing.settled(state, chosen, among, "fraction", state.stage)]
        for one in chosen:
            shares[one] += 1
            waiting.remove(one)
        left -= len(chosen)
    return shares
