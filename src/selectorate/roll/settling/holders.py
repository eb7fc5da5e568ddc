"""The other side is heard too: whoever holds the account, collected, recruited or used the log-in is asked once.

The roll does not know who that is: it holds keyed values only. So the letter is addressed by what was done, and
whoever keeps the books hands it on. It names no member, counts homes and days alone, and reproaches nobody.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from selectorate.roll.letters import MONTHS, WIDTH, Letter, Sender
from selectorate.roll.objects import Finding

MEMBERS_MIN = 3
"""Fewer members on one account are asked themselves, and nobody else is."""
HOLDERS: Mapping[str, tuple[str, str, str]] = {
    "payer": (
        "To whoever holds the account",
        "From one account the subscriptions of members in {homes} homes were paid, {weeks}.",
        "Is there an arrangement: as an employer, a home, a family, a treasurer who banks cash? Did those for whom you "
        "paid ask for it, or agree to it?",
    ),
    "recruiter": (
        "To whoever recruited",
        "Members in {homes} homes were recruited by one person, {weeks}.",
        "Where and when did you win them? Was it an event that somebody else remembers?",
    ),
    "collector": (
        "To whoever collected",
        "Cash of members in {homes} homes was collected by one person, {weeks}.",
        "How was it collected, and where are the receipts? A look into the book of receipts is enough.",
    ),
    "device": (
        "To whoever keeps the device",
        "Members in {homes} homes joined on one device, {weeks}.",
        "Was it a stall, an open day, or forms that were keyed in together? Which day, which place?",
    ),
    "edits": (
        "To whoever used the log-in",
        "Contacts of several members were changed with one log-in, {weeks}.",
        "Where did the changes come from: letters that came back, a meeting, a list that was put in order?",
    ),
    "exclusions": (
        "To those who decided",
        "Members were left out of the roll, {weeks}, more than elsewhere in the same time.",
        "For each of them: under which rule, on what evidence, who decided and when, and were they heard?",
    ),
}
"""By kind: how the letter is addressed, what was seen, what is asked."""


def holder_letters(findings: Sequence[Finding], sender: Sender) -> tuple[Letter, ...]:
    """A letter to each holder that a finding above a notice rests on, in the order of the findings.

    `to` and `branch` of these letters are empty; `because` has the finding's name and what the letter is about
    ("payer-2f60aa91c0", "payer 1"), by which a second look knows whom it has asked already.
    """
    letters = []
    for one in findings:
        for kind, number, homes in _holders(one) if one.severity >= 2 else ():
            about = f"{kind} {number}"
            letters.append(Letter("", "", (one.id, about), _text(one, kind, number, homes, sender)))
    return tuple(letters)


def _holders(one: Finding) -> Iterator[tuple[str, int, int]]:
    """(kind, number within the finding, homes) of everybody who could be asked about it."""
    home = {member: number for member, kind, number in one.links if kind == "home"}
    groups: dict[tuple[str, int], set[str]] = {}
    for member, kind, number in one.links:
        if kind in HOLDERS:
            groups.setdefault((kind, number), set()).add(member)
    found = [
        (kind, number, len({home.get(member, member) for member in members}))
        for (kind, number), members in sorted(groups.items())
        if len(members) >= MEMBERS_MIN
    ]
    if not found and one.kind in HOLDERS:
        found = [(one.kind, 1, one.households)]
    # As on the finding's page: the only account is account 1, whatever else the finding holds.
    order = Counter[str]()
    for kind, _, homes in found:
        order[kind] += 1
        yield kind, order[kind], homes


def _text(one: Finding, kind: str, number: int, homes: int, sender: Sender) -> str:
    addressed, seen, question = HOLDERS[kind]
    weeks = f"between {_day(one.first)} and {_day(one.last)}"
    hint = f"(finding {one.id}, number {number}; whoever keeps the books knows who this is and hands it on)"
    body = [
        "We check the roll before every vote, in the same way for everyone. This is a question, no reproach.",
        f"What we saw: {seen.format(homes=homes, weeks=weeks)}",
        f"There are good reasons for this, for instance: {'; '.join(one.innocent)}.",
        f"What we ask you: {question} A few lines are enough. You are asked this once.",
        f"Please answer by {_day(sender.reply_by)}: {sender.answer_to}. Your answer goes to the returning officer and "
        "to a reviewer without an interest in the contest, and is not published.",
        "The members themselves are asked as well; please do not ask them, nor answer for them. Everyone who is "
        "eligible votes, whatever is answered.",
    ]
    head = [
        sender.organisation,
        "",
        addressed,
        *textwrap.wrap(hint, WIDTH),
        "",
        _day(sender.written),
        "",
        "A question",
    ]
    text = "\n\n".join(textwrap.fill(paragraph, WIDTH) for paragraph in body)
    return "\n".join(head) + f"\n\n{text}\n\n{sender.officer}\nReturning officer\n"


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
