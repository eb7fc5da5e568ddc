"""What a stage says: one plain sentence for each thing that happened, the figures, and where the rule stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from selectorate.count.constraints import BY_BOUNDS
from selectorate.count.objects import Number, Stage, Tie
from selectorate.count.rulesets import Ruleset
from selectorate.count.stv import words
from selectorate.count.stv.rules import Rules


@dataclass(frozen=True, slots=True)
class Told:
    """A candidate whose papers move: votes and surplus in units, how many papers."""

    name: str
    votes: Number
    surplus: Number
    papers: int


def first(rules: Rules, valid: int, seats: int, quota: Number, again: bool) -> str:
    """again: the count has begun again, and papers with nobody left on them are out of it."""
    places = "1 seat" if seats == 1 else f"{seats:,} seats"
    of = "papers with somebody on them who is left" if again else "valid papers"
    need = "more than the quota of " if rules.above else "the quota: "
    return (
        f"There are {valid:,} {of} for {places}. Each counts as one vote for the first candidate on it. "
        f"To be elected by votes a candidate needs {need}{words.counted(quota, rules.places)}."
    )


def surplus(rules: Rules, told: Told, quota: Number, worth: Mapping[Number, Number], lost: Number) -> str:
    places = rules.places
    more = words.votes(told.surplus, places)
    head = (
        f"{told.name} has {words.counted(told.votes, places)}, {more} more than the quota of "
        f"{words.votes(quota, places)}: "
    )
    if set(worth) == {rules.unit}:
        at = words.votes(worth[rules.unit], places)
    else:
        at = f"{more} / {words.votes(told.votes, places)} of the value at which it came"
        at += f", cut after {places} decimal places" if places else ""
    tail = f" {words.counted(lost, places)} are lost by cutting." if lost else ""
    if told.papers == 1:
        return f"{head}{told.name}'s 1 paper passes on at {at}.{tail}"
    return f"{head}each of {told.name}'s {told.papers:,} papers passes on at {at}.{tail}"


def exclusion(rules: Rules, losers: Sequence[Told], stay: bool, why: str = "") -> str:
    """why: the beginning of the sentence where constraints, not votes alone, say who goes out."""
    if len(losers) == 1:
        one = losers[0]
        head = f"{one.name} has the fewest votes, {words.votes(one.votes, rules.places)}, and is excluded"
        moved = f"each of {one.name}'s {one.papers:,} papers passes on at the value at which it came"
        if one.papers == 1:
            moved = f"{one.name}'s 1 paper passes on at the value at which it came"
        nothing = not one.papers
    else:
        names = [one.name for one in losers]
        head = (
            f"{words.listed(names)} could not overtake the next candidate even with all their votes and all "
            f"surpluses together, and are excluded"
        )
        total = sum(one.papers for one in losers)
        moved = f"each of their {total:,} papers passes on at the value at which it came"
        nothing = not total
    head = why or head
    if stay:
        return f"{head}. As many candidates are left as seats, so no paper moves."
    return f"{head}; there is no paper to pass on." if nothing else f"{head}: {moved}."


def elected(rules: Rules, stage: Stage, votes: Mapping[str, Number], all_left: bool) -> str:
    names = stage.elected
    if all_left:
        return f"No more candidates are left than seats: {words.they(names, 'is', 'are')} elected."
    if len(names) == 1 and rules.on_transfer:
        return f"{names[0]} is declared elected."
    if len(names) == 1:
        has = words.counted(votes[names[0]], rules.places)
        return f"{names[0]} now has {has} and is elected."
    each = [f"{name} ({words.votes(votes[name], rules.places)})" for name in names]
    return f"Elected, in this order: {words.listed(each)}."


def of_ties(ties: Iterable[Tie]) -> list[str]:
    return words.of_ties(ties)


def figures(rules: Rules, quota: Number, stage: Stage, lost: Number) -> tuple[tuple[str, str], ...]:
    """What else the rule reckons at this stage, as it is printed."""
    found = [("quota", words.votes(quota, rules.places))]
    if lost and not rules.apart:
        found.append(("of the non-transferable: cut off", words.votes(lost, rules.places)))
    return tuple(found)


def clause(ruleset: Ruleset, questions: Iterable[str]) -> str:
    """Where the rules applied at this stage stand, each place once. `BY_BOUNDS` among the questions is no question."""
    places = (one if one == BY_BOUNDS else ruleset.clause(one) for one in questions)
    return "; ".join(dict.fromkeys(places))
