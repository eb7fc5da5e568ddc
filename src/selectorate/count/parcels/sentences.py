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
    said = f"{papers} {verb} for the candidates of first preference; the quota is {state.text(state.quota)}."
    if not state.rule.required:
        return said
    return (
        f"{said} The vote required is enough as well: all votes that are not non-transferable and not kept by those "
        f"elected (a quota each), divided by one more than the seats left."
    )


def surplus(state: State, moved: Moved, held: int) -> str:
    name, over = state.names[moved.donor], state.text(moved.surplus)
    start = f"{name} has {state.text(held)} votes, {over} more than the quota of {state.text(state.quota)}: "
    which = "that came last " if state.rule.last_parcel else ""
    if not moved.going:
        return f"{start}none of the {paper(moved.examined)} {which}names a continuing candidate, so nothing passes on."
    votes = state.text(moved.left)
    some_left = "1 vote of the surplus passes" if votes == "1" else f"{votes} votes of the surplus pass"
    left = f" {some_left} to nobody." if moved.left else ""
    on = "passes on" if moved.going == 1 else "pass on"
    names = "names" if moved.going == 1 else "name"
    some = f"of the {paper(moved.examined)} {which}{moved.going:,} {names} somebody who is still in the count and {on}"
    if moved.going == moved.examined:
        some = f"the {paper(moved.examined)} {which}{on}"
    elif state.rule.value not in ("cut", "exact"):
        some = f"of the {paper(moved.examined)} {which}{moved.going:,} {on}"
    return f"{start}{some} at {worth(state, moved.value)}{_why_so_much(state, moved)}.{left}"


def _why_so_much(state: State, moved: Moved) -> str:
    """How the value of a paper comes about, where it is a share of the surplus."""
    if state.rule.value not in ("cut", "exact"):
        return ""
    share = f"{state.text(moved.surplus)} / {moved.going:,}"
    if moved.value is not None and moved.value < moved.surplus // moved.going:
        return f", the value at which they came ({share} would be more)"
    cut = state.rule.value == "cut" and moved.surplus % moved.going
    return f" ({share}{f', cut after {state.rule.places} decimal places' if cut else ''})"


def worth(state: State, value: Number | None) -> str:
    """The value of a paper: "0.21 each", or a fraction "49/110 of a vote each"."""
    text = state.text(value or 0)
    return f"{text} of a vote each" if "/" in text else f"{text} each"


def excluded(state: State, group: Sequence[int], held: int) -> str:
    names = listed([state.names[one] for one in group])
    votes = state.text(held)
    waiting = _waiting(state)
    if len(group) == 1:
        wait = f" {waiting[:1].upper()}{waiting[1:]} could not change that." if waiting else ""
        return f"{names} has the fewest votes ({votes}) and is excluded.{wait}"
    more = f" and {waiting}" if waiting else ""
    others = [one for one in state.standing if one not in group]
    above = min(others, key=lambda one: (state.tallies[one], state.names[one]), default=None)
    limit = ""
    if above is not None:
        limit = f" above the {state.text(state.tallies[above])} of {state.names[above]}, who is next"
    return f"{names} are excluded together: their {votes} votes{more} could not lift any of them{limit}."


def _waiting(state: State) -> str:
    """Whose surpluses wait, and what they are together; empty where none does."""
    if not state.surplus:
        return ""
    donors = sorted(state.names[one] for _, one in state.pending if state.tallies[one] > state.quota)
    if len(donors) == 1:
        return f"the surplus of {donors[0]} that waits ({state.text(state.surplus)})"
    return f"the surpluses of {listed(donors)} that wait ({state.text(state.surplus)} together)"


def batch(state: State, value: Number, papers: int, part: int, parts: int) -> str:
    if not papers:
        return "There is no paper to pass on."
    which = f"Batch {part} of {parts}: " if parts > 1 else ""
    verb = "moves" if papers == 1 else "move"
    text = f"{which}{paper(papers)} {verb} at {worth(state, value)}."
    return text[:1].upper() + text[1:]


def lower_quota(state: State) -> str:
    quota = state.text(state.quota)
    return f" Nobody is elected yet, and papers have no preference left: the quota falls to {quota}."


def elected(
    state: State,
    by_votes: Sequence[tuple[int, int]],
    crowd: Sequence[int],
    last: Sequence[int],
    because: str,
) -> str:
    """Who is elected at this row, and why; empty for nobody. by_votes: each with the votes that were enough;
    crowd: those who have enough and must wait; last: to the last seats."""
    parts = []
    for one, enough in by_votes:
        name = f"{state.names[one]} is elected with {state.text(state.tallies[one])} votes"
        if enough == state.quota:
            parts.append(f"{name}, at or above the quota of {state.text(enough)}.")
        else:
            parts.append(f"{name}, at or above the vote required of {state.text(enough)}.")
    if by_votes and state.room and state.required is not None and by_votes[-1][1] != state.required:
        left = "1 seat" if state.room == 1 else f"{state.room:,} seats"
        parts.append(f"For the {left} left the vote required is now {state.text(state.required)}.")
    if crowd:
        names = listed(sorted(state.names[one] for one in crowd))
        parts.append(
            f"{names} have votes enough, but were equal throughout and are too many: not elected now."
        )
    if last:
        names = listed([state.names[one] for one in last])
        verb, seats = ("is", "seat") if len(last) == 1 else ("are", "seats")
        parts.append(f"{names} {verb} elected to the last {seats}: {because}.")
    return " ".join(parts)


def ended(state: State, complete: bool) -> str:
    """That all seats are filled; empty while they are not. complete: no papers of this exclusion are left."""
    if state.room:
        return ""
    seats = "The seat is" if state.seats == 1 else f"All {state.seats:,} seats are"
    rest = "" if complete else ", and the papers left in this exclusion do not move"
    return f"{seats} filled: the count ends here{rest}."


_FOR = {
    "exclusion": "goes out",
    "surplus": "is first to pass on the surplus",
    "order": "stands first",
    "fraction": "gets the paper that is left over",
}


def ties(state: State) -> str:
    """Ties that no row has told yet: between whom, and how they were told apart. Marks them as told."""
    parts = []
    for tie in state.ties[state.told :]:
        between, what = listed(tie.between), f"{tie.chosen} {_FOR[tie.purpose]}"
        equal = "equal fractions" if tie.purpose == "fraction" else "equal votes"
        if tie.by == "lot":
            parts.append(f"{between} had {equal} and no earlier stage tells them apart: by lot {what}.")
        else:
            parts.append(f"{between} had {equal}: by the votes of an earlier stage {what}.")
    state.told = len(state.ties)
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
