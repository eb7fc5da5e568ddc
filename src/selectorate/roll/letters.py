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
from selectorate.roll.signals import HEARD

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
    # Whoever was left out may not be on the list any more; the officer has their number.
    letters = [
        Letter(member, "", tuple(one.id for one in seen), _member_text(people[member], seen, sender))
        for member, seen in sorted(concerned.items())
        if member in people
    ]
    about = [one for one in findings if not one.members and one.severity >= 2]
    about.sort(key=lambda one: (one.branch, one.id))
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
    asked = [one for one in findings if one.kind not in HEARD]
    heard = [one for one in findings if one.kind in HEARD]
    if not asked:
        return _heard_text(person, heard, sender)
    body = [
        "We check the roll before every vote, in the same way for everyone. This is a question, no reproach."
    ]
    for finding in asked:
        body.append(f"What we saw: {_masked(finding, person.member)} {finding.expected}")
        body.append(f"There are good reasons for this, for instance: {'; '.join(finding.innocent)}.")
    body += [
        (
            "What we ask you: Did you join yourself? Did you pay yourself, or agree that somebody else pays? "
            "One line is enough. You need not tell us who."
        ),
        *(f"{_done(one)} Did you want that?" for one in heard),
        (
            f"Please answer by {_day(sender.reply_by)}: {sender.answer_to}. If you need help or another way "
            "to answer, say so and you will have it."
        ),
        MEANWHILE,
        "If you never meant to be a member, tell us and we take you off, at no cost to you.",
    ]
    return _letter(person, "A question about your membership", body, sender)


def _heard_text(person: _Addressee, findings: Sequence[Finding], sender: Sender) -> str:
    """To somebody to whom something was done: nothing is asked of them but whether it was right."""
    body = [
        (
            "We check before every vote what was done to the roll, in the same way for everyone. Nothing is held "
            "against you."
        ),
        *(_done(one) for one in findings),
        "What we ask you: Did you want this, and did you know of it? One line is enough.",
        (
            f"Please answer by {_day(sender.reply_by)}: {sender.answer_to}. If it was not right, say so, and it is "
            "looked into before the vote. If you need help or another way to answer, say so and you will have it."
        ),
    ]
    return _letter(person, "Something that was done to your membership", body, sender)


def _done(finding: Finding) -> str:
    weeks = f"between {_day(finding.first)} and {_day(finding.last)}"
    if finding.kind == "exclusions":
        return f"You were left out of the roll {weeks}. You may say what you think of that, and ask for the reasons."
    return (
        f"An address, a telephone number or an e-mail address that we have for you was changed {weeks}. We write to "
        "you at the old one too, where we still have it."
    )


_SHARED = {
    "payer": "The account that paid your subscription also paid for members in {homes}, {weeks}.",
    "phone": "The telephone number that we have for you is also that of members in {homes}.",
    "email": "The e-mail address that we have for you is also that of members in {homes}.",
    "device": "The device on which you joined was also used by members in {homes}, {weeks}.",
    "signins": "The device on which you signed in was also used by members in {homes}, {weeks}.",
    "recruiter": "Whoever recruited you also recruited members in {homes}, {weeks}.",
    "building": "Members in {homes} of your building joined at about the same time as you, {weeks}.",
    "crowd": "Several members joined at your address within a short time, {weeks}.",
    "transfer": "You and members in {homes} came into your branch soon after joining another, {weeks}.",
    "moves": "You and members in {homes} came into your branch soon after joining another, {weeks}.",
    "rejoin": "You and members in {homes} renewed shortly before a deadline, with one account, {weeks}.",
}
"""What a finding says to one of those concerned, by the kind of link that this member has."""


def _masked(finding: Finding, member: str) -> str:
    """What was seen, as one of those concerned may read it: nobody else can be made out."""
    others = finding.households - 1
    homes = "one other home" if others == 1 else f"{others} other homes"
    weeks = f"between {_day(finding.first)} and {_day(finding.last)}"
    own = {kind: number for who, kind, number in finding.links if who == member}
    kinds = [kind for kind in finding.kinds or (finding.kind,) if kind in own] if own else [finding.kind]
    kind = next((one for one in kinds if one in _SHARED), "")
    with_all = {who for who, other, number in finding.links if (other, number) == (kind, own.get(kind))}
    if kind and (not finding.links or len(with_all) == len(finding.members)):
        return _SHARED[kind].format(homes=homes, weeks=weeks)
    # Where the group hangs on several accounts or devices, a number of homes would be true of all together only.
    if kind:
        return _SHARED[kind].format(homes="other homes", weeks=weeks)
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
        "This concerns no single person: please ask no member about it. Everyone who is eligible votes.",
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
