"""Letters in plain text: to everyone a finding concerns, to both sides of a possible duplicate, about
decisions.

A letter says what was seen, without naming or pointing at anybody else; what is asked and why it may be quite
innocent; how and until when to answer; and that the person votes like everyone else meanwhile. Nothing in a
letter differs in tone between people, and no letter says or implies that somebody did something wrong.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from selectorate.errors import refuse
from selectorate.roll.objects import Finding, Link
from selectorate.roll.signals import payer, surge

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WIDTH = 76
REPLY_DAYS_MIN = 14
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

MEANWHILE = (
    "You receive your ballot and vote like everyone else. Nothing on your ballot or your letter differs, and "
    "nobody is left out because of this letter, or because they did not answer it."
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, and how to answer. answer_to: an address, a telephone number, or both, as one line."""

    organisation: str
    officer: str
    answer_to: str
    written: date
    reply_by: date


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. to: a member's number, or "" for the officers of `branch`; because: ids of the findings."""

    to: str
    branch: str
    because: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class _Addressee:
    member: str
    name: str
    lines: tuple[str, ...]


def finding_letters(
    engine: DuckDBPyConnection, findings: Sequence[Finding], sender: Sender
) -> tuple[Letter, ...]:
    """One letter to each member whom findings above a notice concern, and one to the officers of each branch
    with a finding about the branch; by member's number.

    Raises Refusal `roll.reply` when fewer than 14 days are left to answer.
    """
    _enough_time(sender)
    concerned: dict[str, list[Finding]] = {}
    for finding in findings:
        for member in finding.members if finding.severity >= 2 else ():
            concerned.setdefault(member, []).append(finding)
    people = _addressees(engine, concerned)
    letters = [
        Letter(member, "", tuple(one.id for one in seen), _member_text(people[member], seen, sender))
        for member, seen in sorted(concerned.items())
    ]
    about = sorted((one for one in findings if one.kind == surge.KIND), key=lambda one: (one.branch, one.id))
    letters.extend(Letter("", one.branch, (one.id,), _branch_text(one, sender)) for one in about)
    return tuple(letters)


def duplicate_letters(
    engine: DuckDBPyConnection, links: Sequence[Link], sender: Sender
) -> tuple[Letter, ...]:
    """A letter to both sides of every possible duplicate. Raises as `finding_letters`."""
    _enough_time(sender)
    seen: dict[str, list[str]] = {}
    for link in links:
        for member in (link.left, link.right):
            seen.setdefault(member, []).append(link.because)
    people = _addressees(engine, seen)
    return tuple(
        Letter(member, "", (), _duplicate_text(people[member], sorted(set(because)), sender))
        for member, because in sorted(seen.items())
    )


def decision_letter(
    engine: DuckDBPyConnection,
    member: str,
    outcome: str,
    reasons: Sequence[str],
    appeal: str,
    sender: Sender,
) -> Letter:
    """A letter about a decision. outcome, reasons, appeal: sentences of the rulebook, one paragraph each
    (appeal: to whom and until when). Raises KeyError for a member who is not on the roll."""
    person = _addressees(engine, (member,))[member]
    listed = [f"- {reason}" for reason in reasons]
    body = [outcome, "The reasons, each with its rule:", *listed, appeal, f"Answer to: {sender.answer_to}"]
    return Letter(member, "", (), _letter(person, "Your place on the roll for the coming vote", body, sender))


def _enough_time(sender: Sender) -> None:
    days = (sender.reply_by - sender.written).days
    if days < REPLY_DAYS_MIN:
        raise refuse("roll.reply", found=days, expected=REPLY_DAYS_MIN)


def _member_text(person: _Addressee, findings: Sequence[Finding], sender: Sender) -> str:
    body = [
        "We check the roll before every vote, in the same way for everyone. This is a question, no reproach."
    ]
    for finding in findings:
        body.append(f"What we saw: {_masked(finding)} {finding.expected}")
        body.append(f"There are good reasons for this, for instance: {'; '.join(finding.innocent)}.")
    body += [
        (
            "What we ask you: Did you join yourself? Did you pay yourself, or agree that somebody else pays? "
            "One line is enough. You need not tell us who."
        ),
        (
            f"Please answer by {_day(sender.reply_by)}: {sender.answer_to}. If you need help or another way "
            "to answer, say so and you will have it."
        ),
        MEANWHILE,
        "If you never meant to be a member, tell us and we take you off, at no cost to you.",
    ]
    return _letter(person, "A question about your membership", body, sender)


def _masked(finding: Finding) -> str:
    """What was seen, as one of those concerned may read it: nobody else can be made out."""
    others = finding.households - 1
    homes = "one other home" if others == 1 else f"{others} other homes"
    weeks = f"between {_day(finding.first)} and {_day(finding.last)}"
    if finding.kind == payer.KIND:
        return f"The account that paid your subscription also paid for members in {homes}, {weeks}."
    return f"Your membership has something in common with members in {homes}, {weeks}."


def _branch_text(finding: Finding, sender: Sender) -> str:
    body = [
        f"We check the roll before every vote, in the same way for every branch. {finding.because}",
        f"There are good reasons for this, for instance: {'; '.join(finding.innocent)}.",
        f"What would settle it: {'; '.join(finding.settles)}.",
        (
            f"These weeks were from {_day(finding.first)} to {_day(finding.last)}. Please tell us what "
            f"happened, by {_day(sender.reply_by)}: {sender.answer_to}."
        ),
        "This concerns dates, not persons: please ask no member about it. Everyone who is eligible votes.",
    ]
    addressee = _Addressee("", f"The officers of {finding.branch or 'the members without a branch'}", ())
    return _letter(addressee, "A question about your branch", body, sender)


def _duplicate_text(person: _Addressee, because: Sequence[str], sender: Sender) -> str:
    body = [
        f"Another record on the roll has {' and '.join(because)} as yours.",
        (
            "That may be a relative, somebody of the same name, or you yourself, entered twice by mistake. "
            "We do not guess and we merge nothing."
        ),
        (
            f"Please tell us by {_day(sender.reply_by)} whether you are on the roll once or twice: "
            f"{sender.answer_to}."
        ),
        MEANWHILE,
    ]
    return _letter(person, "Are you on the roll twice?", body, sender)


def _letter(person: _Addressee, subject: str, body: Iterable[str], sender: Sender) -> str:
    number = (f"Member {person.member}",) if person.member else ()
    head = [
        sender.organisation,
        "",
        person.name,
        *person.lines,
        *number,
        "",
        _day(sender.written),
        "",
        subject,
    ]
    text = "\n\n".join(
        textwrap.fill(paragraph, WIDTH, subsequent_indent="  " if paragraph.startswith("- ") else "")
        for paragraph in body
    )
    return "\n".join(head) + f"\n\n{text}\n\n{sender.officer}\nReturning officer\n"


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _addressees(engine: DuckDBPyConnection, members: Iterable[str]) -> Mapping[str, _Addressee]:
    query = """SELECT member_id, name, address_1, address_2, locality, postcode, country
               FROM members WHERE list_contains($members, member_id)"""
    lines = engine.cursor().execute(query, {"members": sorted(members)}).fetchall()
    return {
        member: _Addressee(member, name or "", tuple(line for line in address if line))
        for member, name, *address in lines
    }
