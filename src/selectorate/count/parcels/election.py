"""Who is elected: by the quota or the vote required after a transfer, and to the last seats without them."""

from __future__ import annotations

from selectorate.count.parcels import standing
from selectorate.count.parcels.state import State


def requota(state: State) -> None:
    """The quota once more, of the votes that can still be transferred (only before anybody is elected)."""
    state.quota = state.rule.quota(state.valid - state.non_transferable, state.seats)


def require(state: State) -> None:
    """The vote required: the total active vote over the free seats and one, up to the next last place.

    Active is what is not non-transferable and not kept by the elected (a quota each, or their votes if less).
    """
    if not state.rule.required or not state.room:
        return
    kept = sum(min(state.quota, state.tallies[one]) for one in state.elected)
    active = state.valid - state.non_transferable - kept
    state.required = -(-active // (state.room + 1))


def by_votes(state: State) -> list[tuple[int, int]]:
    """Those who reach the quota or the vote required now, in order, each with what was enough; they are elected."""
    new: list[tuple[int, int]] = []
    require(state)
    while state.room:
        bar = state.quota if state.required is None else min(state.quota, state.required)
        reached = _within(state, [one for one in state.standing if state.tallies[one] >= bar])
        if state.rule.crowded and len(reached) > state.room:
            reached = standing.separable(state, reached, state.room, state.stage)
        if not reached:
            break
        reached = standing.in_order(state, reached, state.stage)
        reached = state.watch.admitted(state.elected, state.standing, reached, state.tallies, list)
        seat(state, reached)
        new += [(one, state.quota if state.tallies[one] >= state.quota else bar) for one in reached]
        if state.required is None:
            break
        require(state)
    return new


def _within(state: State, some: list[int]) -> list[int]:
    """Without those who can no longer be elected within the places for groups."""
    doomed = state.doomed if state.watch else []
    return [one for one in some if one not in doomed]


def seat(state: State, chosen: list[int]) -> None:
    for one in chosen:
        state.continuing[one] = False
        state.elected.append(one)
        if state.tallies[one] > state.quota:
            state.pending.append((len(state.rows), one))


AS_MANY = "no more candidates continue than seats are left"
ONE_TOO_MANY = "the lowest of the others would stay below them even with all surpluses"
LEADS = "all other votes together would not lift another above"
HIGHER = "it goes to the higher of the last two, or by lot between equal ones"


def to_last_seats(state: State, complete: bool) -> tuple[list[int], str]:
    """Those who fill the last seats without the quota, in order, and why; they are elected. complete: the stage
    is over.

    As many as seats are left; or for one last seat the one who leads all others together with every surplus
    (only between stages: in mid-exclusion votes are still to come); or the higher of the last two.
    """
    rule, left = state.rule, state.standing
    if not left or not state.room or (rule.late and (not complete or state.surplus)):
        return [], ""
    chosen: list[int] = []
    why = AS_MANY
    doomed = state.doomed
    if len(left) <= state.room:
        chosen = standing.in_order(state, left, state.stage)
    elif state.room == 1 and rule.higher_of_two and len(left) == 2 and not doomed:
        chosen, why = [_higher(state, left)], HIGHER
    elif complete and _one_too_many(state, left):
        chosen = standing.in_order(state, [one for one in left if one != _lowest(state, left)], state.stage)
        why = ONE_TOO_MANY
    elif state.room == 1 and rule.leading and complete:
        others = sum(state.tallies[one] for one in left) + state.surplus
        strict = rule.leading == "above"
        ahead = [one for one in left if 2 * state.tallies[one] - strict >= others and one not in doomed]
        chosen, why = ahead if len(ahead) == 1 else [], LEADS
    seat(state, chosen)
    return chosen, why


def _lowest(state: State, left: list[int]) -> int:
    return min(left, key=lambda one: state.tallies[one])


def _one_too_many(state: State, left: list[int]) -> bool:
    """Electoral Act 1992 (Ireland), section 124(1A): one more continues than seats are left, and the lowest with all
    surpluses has less than the next. Where no quarter of the quota is at stake, the surpluses wait for the same
    reason, and the exclusion that follows comes to the same."""
    if not state.rule.quarter or state.watch or len(left) != state.room + 1:
        return False
    lowest, above = sorted(state.tallies[one] for one in left)[:2]
    return lowest + state.surplus < above


def crowded_out(state: State) -> list[int]:
    """Those who have the votes for election and are not elected: equal throughout, and too few seats for all."""
    bar = state.quota if state.required is None else min(state.quota, state.required)
    return _within(state, [one for one in state.standing if state.room and state.tallies[one] >= bar])


def _higher(state: State, two: list[int]) -> int:
    """The one with more votes; of equal ones the one drawn: no earlier count is looked at here."""
    first, second = two
    if state.tallies[first] != state.tallies[second]:
        return max(two, key=lambda one: state.tallies[one])
    return standing.settled(state, two, two, "order", state.stage)
