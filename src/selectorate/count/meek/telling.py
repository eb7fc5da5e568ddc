"""What a stage of a count by keep values says: sentences, figures, and where the rule stands."""

from __future__ import annotations

from dataclasses import dataclass

from selectorate.count import fields
from selectorate.count.constraints import BY_BOUNDS
from selectorate.count.meek.rules import Rules
from selectorate.count.objects import Number, Tie
from selectorate.count.stv import words

AT_REST = "Everybody elected now has the quota to 1 part in 100,000"
STILL = "The total surplus no longer becomes smaller"
GONE_PRF = "The total surplus is under 0.000001"
GONE_NZ = "The total surplus is under 0.0001"
SAFE = "Even with the whole surplus the lowest stays under the next"
DOOMED = "Somebody can no longer be elected within the places for groups"
NO_CHANGE = "No keep value changes any more"


@dataclass(frozen=True, slots=True)
class Told:
    """What is known when a stage ends. first, last: iterations before it and to its end; before: earlier votes.
    why_out, bounds: what constraints say of who is excluded, and of who is guarded or doomed now."""

    act: str
    excluded: str
    names: tuple[str, ...]
    votes: tuple[int, ...]
    keep: tuple[int, ...]
    quota: int
    surplus: int
    first: int
    last: int
    newly: tuple[str, ...]
    all_left: bool
    valid: int
    seats: int
    before: tuple[Number, ...]
    why: str
    ties: tuple[Tie, ...]
    why_out: str = ""
    bounds: str = ""


def figures(rules: Rules, told: Told) -> tuple[tuple[str, str], ...]:
    """Quota, total surplus, iterations so far, and everybody's keep value."""
    return (
        ("quota", fields.decimal(told.quota, rules.places)),
        ("total surplus", fields.decimal(told.surplus, rules.places)),
        ("iterations", str(told.last)),
        *(
            (f"keep value of {name}", fields.decimal(keep, rules.places))
            for name, keep in zip(told.names, told.keep, strict=True)
        ),
    )


def clause(rules: Rules, told: Told) -> str:
    questions = ["quota"]
    if told.excluded:
        questions = ["exclusion"]
    elif told.before:
        questions = ["new_keep", "paper_gives"]
    if told.newly:
        questions.append("last_vacancies" if told.all_left else "elected_when")
    if told.why and told.why != DOOMED and not told.newly:
        questions.append("iteration_ends")
    if told.ties:
        questions.append("ties")
    bounds = [BY_BOUNDS] if told.why_out else []
    return "; ".join(dict.fromkeys([*bounds, *(rules.ruleset.clause(one) for one in questions)]))


def says(rules: Rules, told: Told) -> str:
    said = [_opening(rules, told), *_ties(told), _keeping(rules, told)]
    if told.newly:
        verb = words.they(told.newly, "is", "are")
        votes = dict(zip(told.names, told.votes, strict=True))
        if told.all_left:
            said.append(f"No more candidates are left than seats: {verb} elected.")
        else:
            each = [f"{name} ({words.votes(votes[name], rules.places)})" for name in told.newly]
            said.append(f"At the quota or above, and so elected: {words.listed(each)}.")
    elif told.why:
        next_out = "they are excluded next" if told.why == DOOMED else "next, the lowest is excluded"
        said.append(f"{told.why}: {next_out}.")
    said.append(told.bounds)
    return " ".join(one for one in said if one)


def _opening(rules: Rules, told: Told) -> str:
    places = rules.places
    if told.excluded:
        had = words.votes(told.before[told.names.index(told.excluded)], places) if told.before else "0"
        first = _within(told) or f"{told.excluded} has the fewest votes"
        head = f"{first}, {had}, and is excluded"
        head = told.why_out or head
        if told.all_left:
            return f"{head}."
        return f"{head}: from now on every paper passes {told.excluded} by."
    if told.before:
        return ""
    seats = "1 seat" if told.seats == 1 else f"{told.seats:,} seats"
    return (
        f"There are {told.valid:,} valid papers for {seats}. Each counts as one vote for the first candidate on it. "
        f"The quota is {words.votes(told.quota, places)}."
    )


def _within(told: Told) -> str:
    """The opening words where somebody else has fewer votes, but is tied by the total surplus."""
    had = dict(zip(told.names, told.before, strict=False))
    tied = {one for tie in told.ties if tie.chosen == told.excluded for one in tie.between}
    if all(had[one] >= had[told.excluded] for one in tied if one in had):
        return ""
    return f"{told.excluded} has no more than the fewest votes and the total surplus together"


def _ties(told: Told) -> list[str]:
    """The sentences of ties; of those whom the total surplus ties with the lowest, in words of their own."""
    had = dict(zip(told.names, told.before, strict=False))
    said: list[str] = []
    for tie in told.ties:
        if len({had.get(one) for one in tie.between}) == 1 or tie.purpose != "exclusion":
            said += words.of_ties([tie])
        else:
            said.append(
                f"{words.listed(sorted(tie.between))} lie no further above the lowest than the total surplus, which "
                f"counts as a tie: by {tie.by}, {tie.chosen} goes out."
            )
    return said


def _keeping(rules: Rules, told: Told) -> str:
    """What those elected keep, where it was reckoned anew."""
    unit = rules.unit
    each = [
        f"{name} {words.votes(keep, rules.places)}"
        for name, keep in zip(told.names, told.keep, strict=True)
        if 0 < keep < unit
    ]
    rounds = told.last - told.first
    if told.all_left or not told.before or not each:
        return ""
    of = "up to so much of one vote" if rules.price else "so much of what reaches them of a paper"
    times = "1 distribution" if rounds == 1 else f"{rounds:,} distributions"
    return (
        f"After {times} those elected keep {of}, and the rest goes on to the next on the paper: "
        f"{words.listed(each)}. The quota is now {words.votes(told.quota, rules.places)}."
    )
