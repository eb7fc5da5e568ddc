"""The rows of the sheet in plain words, for a candidate who lost."""

from __future__ import annotations

from collections.abc import Sequence

from selectorate.count.objects import Number
from selectorate.count.parcels.state import State
from selectorate.count.parcels.surplus import Moved


def listed(names: Sequence[str]) -> str:
    """ "Alder", "Alder and Ash", "Alder, Ash and Elm"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def paper(number: int) -> str:
    return "1 paper" if number == 1 else f"{number:,} papers"


def first(state: State) -> str:
    papers = paper(state.valid // state.rule.unit)
    verb = "counts" if papers == "1 paper" else "count"
    return f"{papers} {verb} for the candidates of first preference; the quota is {state.text(state.quota)}."


def surplus(state: State, moved: Moved, held: int) -> str:
    name, over = state.names[moved.donor], state.text(moved.surplus)
    start = f"{name} has {state.text(held)} votes, {over} more than the quota of {state.text(state.quota)}: "
    which = "that came last " if state.rule.last_parcel else ""
    if not moved.going:
        return f"{start}none of the {paper(moved.examined)} {which}names a continuing candidate, so nothing passes on."
    left = f" {state.text(moved.left)} of the surplus passes to nobody." if moved.left else ""
    verb = "passes" if moved.going == 1 else "pass"
    return (
        f"{start}of the {paper(moved.examined)} {which}{moved.going:,} {verb} on at "
        f"{worth(state, moved.value)}.{left}"
    )


def worth(state: State, value: Number | None) -> str:
    """The value of a paper: "0.21", or a fraction "49/110"."""
    if value is None:
        return state.text(0)
    return state.text(value) + (" each" if value != state.rule.unit else " vote each")


def excluded(state: State, group: Sequence[int], held: int) -> str:
    names = listed([state.names[one] for one in group])
    votes = state.text(held)
    waiting = state.surplus
    if len(group) == 1:
        wait = f" The surpluses that wait ({state.text(waiting)}) could not change that." if waiting else ""
        return f"{names} has the fewest votes ({votes}) and is excluded.{wait}"
    more = f" and all surpluses that wait ({state.text(waiting)})" if waiting else ""
    return (
        f"{names} are excluded together: their {votes} votes{more} do not lift any of them to the next above."
    )


def batch(state: State, value: Number, papers: int, part: int, parts: int) -> str:
    if not papers:
        return "There is no paper to pass on."
    which = f"Batch {part} of {parts}: " if parts > 1 else ""
    verb = "moves" if papers == 1 else "move"
    text = f"{which}{paper(papers)} {verb} at {worth(state, value)}."
    return text[:1].upper() + text[1:]


def lower_quota(state: State) -> str:
    return f" Nobody is elected yet, so the quota falls to {state.text(state.quota)}: papers have ended."


def elected(state: State, by_votes: Sequence[int], last: Sequence[int]) -> str:
    """Who is elected at this row, and why; empty for nobody."""
    parts = []
    for one in by_votes:
        votes = state.tallies[one]
        name = state.names[one]
        if votes >= state.quota:
            reason = f"the quota of {state.text(state.quota)}"
        else:
            reason = f"the vote required, below the quota of {state.text(state.quota)}"
        parts.append(f"{name} is elected with {state.text(votes)} votes, at or above {reason}.")
    if last:
        names = listed([state.names[one] for one in last])
        verb = "is" if len(last) == 1 else "are"
        parts.append(f"{names} {verb} elected to the last {'seat' if len(last) == 1 else 'seats'}.")
    return " ".join(parts)


def needless(state: State, group: Sequence[int], last: Sequence[int]) -> str:
    """An exclusion that would leave no more candidates than seats is not carried out."""
    out = listed([state.names[one] for one in group])
    names = listed([state.names[one] for one in last])
    verb = "is" if len(last) == 1 else "are"
    return (
        f"Without {out} no more candidates would continue than seats are left: no more papers move, and "
        f"{names} {verb} elected."
    )
