"""From a finding as the vault keeps it to a finding as a page tells it: the state of the questions, the next step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from selectorate.pages.findings.objects import Finding, Happening, Part, Person, Step, Tie

COUNTED = {
    "surge": "joined",
    "rejoin": "came back",
    "blocks": "joined",
    "weak": "weak links",
    "edits": "changes",
    "receipts": "receipts",
    "exclusions": "taken off",
    "transfer": "came over",
    "moves": "came over",
    "signins": "sign-ins",
}
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class State:
    """What is known beside the findings. directory: for the commands of the next step; questions, replies: the
    vault's; decided: words by (finding, member), member "" for the finding itself; electors: how many may vote, 0
    where that is not known; close: a sentence on how close the contest is, "" before it is counted; titles: of the
    kinds; heard: kinds whose members are heard and not doubted."""

    directory: str = "DIR"
    questions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    replies: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    decided: Mapping[tuple[str, str], str] = field(default_factory=dict)
    electors: int = 0
    close: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    heard: frozenset[str] = frozenset()


def told(one: Mapping[str, Any], state: State) -> Finding:
    """one: `Finding.to_json` of the roll; fields that an older look did not have may be missing."""
    members = [str(member) for member in one["members"]]
    place = {member: number for number, member in enumerate(members, 1)}
    return Finding(
        id=one["id"],
        kind=one["kind"],
        title=_capital(state.titles.get(one["kind"], one["kind"])),
        severity=one["severity"],
        branch=_branch(one["branch"]),
        sentence=_plain(one["because"]),
        members=len(members),
        homes=one["households"],
        first=told_day(one["first"]),
        last=told_day(one["last"]),
        observed=one["observed"],
        comparison=_plain(one["expected"]),
        lookalikes=tuple(one["innocent"]),
        against=tuple(one["against"]),
        settle=tuple(one["settles"]),
        counted=COUNTED.get(one["kind"], "counted"),
        past=tuple((str(label), int(value)) for label, value in one.get("past", ())),
        chance=one.get("chance", ""),
        weight=one.get("weight", 1000),
        matters=matters(one, state),
        answers=_answers(members, state),
        parts=tuple(
            Part(_capital(state.titles.get(kind, kind)), units, number)
            for kind, units, number in one.get("parts", ())
        ),
        happened=tuple(
            Happening(told_day(day), place.get(str(member), 0), what)
            for day, member, what in one.get("events", ())
        ),
        ties=_ties(one.get("links", ()), place),
        people=tuple(_person(one["id"], member, state) for member in members),
        steps=steps(one, members, state),
    )


def matters(one: Mapping[str, Any], state: State) -> str:
    """The size of the finding against the contest: how many may vote, and how close it was where that is known."""
    if one.get("contest"):
        return str(one["contest"])
    number = len(one["members"])
    if one["kind"] in state.heard:
        return (
            "The members it names are heard: something was done to them, and nobody doubts them. What they say is "
            "looked into before the vote."
        )
    if not number:
        return (
            "It names no member, so no ballot is in question because of it. If the branch cannot explain it, a sample "
            "drawn by lot says how many of its new members are in doubt."
        )
    of = f" of {state.electors:,} members who may vote" if state.electors else ""
    close = state.close or (
        "How close the vote will be is not known before it is counted; the certificate then says whether the members "
        "who are still in question could have changed who is elected."
    )
    return f"{number:,} {'member' if number == 1 else 'members'}{of}. {close}"


def steps(one: Mapping[str, Any], members: Sequence[str], state: State) -> tuple[Step, ...]:
    """What is left to do about one finding, with the commands."""
    where, name = state.directory, one["id"]
    if one["severity"] <= 1:
        return ()
    if (name, "") in state.decided or (
        members and all((name, member) in state.decided for member in members)
    ):
        return (Step("Nothing: it is decided."),)
    if one["kind"] in state.heard:
        return _of_heard(one, where)
    if not members:
        return _of_branch(one, where)
    asked = [state.questions.get(member, {}).get("asked") for member in members]
    made = []
    if not all(asked):
        made.append(
            Step(
                f"Read the letters in {where}/vault/letters/questions, send them, and note the day on which they went.",
                f"selectorate roll asked {where} --on DATE --by NAME",
            )
        )
    if not all(member in state.replies for member in members):
        made.append(
            Step(
                "Note every answer as it comes. Nobody has to explain anything else than what the letter asks.",
                f'selectorate roll reply {where} --member NUMBER --on DATE --says "..."',
            )
        )
    made.append(
        Step(
            "A reviewer who holds no interest in the contest reads the answers and decides for each member.",
            f"selectorate roll review {where} {name} DECISIONS.csv --by NAME",
        )
    )
    return tuple(made)


def _of_heard(one: Mapping[str, Any], where: str) -> tuple[Step, ...]:
    return (
        Step(
            f"Send the letters in {where}/vault/letters/questions: to the members, at the old contact and the new "
            "one, and to whoever used the log-in or decided."
        ),
        Step("Until that is answered, use the contact from before for whatever leads to a ballot."),
        Step(
            "A reviewer who holds no interest in the contest reads what was answered, and decides about the whole.",
            f'selectorate roll review {where} {one["id"]} --decision cleared --code CODE --reason "..." --by NAME',
        ),
    )


def _of_branch(one: Mapping[str, Any], where: str) -> tuple[Step, ...]:
    since = told_day(one["first"])
    branch = _branch(one["branch"])
    asked = Step(
        f"Send the letter to the officers of the branch; it is in {where}/vault/letters/questions. No member is asked."
    )
    review = Step(
        "A reviewer who holds no interest in the contest reads what the branch says, and decides.",
        f'selectorate roll review {where} {one["id"]} --decision cleared --code CODE --reason "..." --by NAME',
    )
    if not branch:
        return (asked, review)
    sample = Step(
        "If the answer leaves it open, ask new members of the branch, drawn by lot and all alike.",
        f'selectorate roll sample {where} --branch "{branch}" --since {since} --by NAME',
    )
    return (asked, sample, review)


def _ties(links: Iterable[tuple[Any, str, int]], place: Mapping[str, int]) -> tuple[Tie, ...]:
    """The links with each kind of thing numbered from 1, so that the only telephone is Telephone 1."""
    numbers: dict[str, dict[int, int]] = {}
    made = []
    for member, kind, number in links:
        own = numbers.setdefault(kind, {})
        if str(member) in place:
            made.append(Tie(place[str(member)], kind, own.setdefault(number, len(own) + 1)))
    return tuple(made)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _branch(branch: str | int) -> str:
    """A branch by its name; in a file of numbers by its number, and none where it is -1."""
    if isinstance(branch, int):
        return f"Branch {branch}" if branch >= 0 else ""
    return branch


def _person(finding: str, member: str, state: State) -> Person:
    question = state.questions.get(member, {})
    said = state.replies.get(member, ())
    return Person(
        member,
        str(question.get("asked") or ""),
        f"{said[-1]['on']}: {said[-1]['says']}" if said else "",
        state.decided.get((finding, member), ""),
    )


def _answers(members: Sequence[str], state: State) -> str:
    asked = sum(bool(state.questions.get(member, {}).get("asked")) for member in members)
    if not asked:
        return ""
    answered = sum(member in state.replies for member in members)
    return f"{answered:,} of {asked:,} who were asked have answered. Silence proves nothing."


def told_day(day: int | str) -> str:
    """A day as ISO: a number is counted from 1 January 1970."""
    return day if isinstance(day, str) else (_EPOCH + timedelta(days=day)).isoformat()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
