"""The voting letters of one batch: a page to print, one elector a sheet of A4.

A letter says what is voted on, the elector's credential, how to vote and how to check, and whom to ask. Two
letters differ in number, name, address and credential and in nothing else: nothing on a letter tells whether
its elector was asked something, or challenged. The address stands where a window envelope shows it (DIN 5008,
form B). Nothing is loaded from elsewhere; printed and on a screen alike it is black on white.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from selectorate.pages.html import Markup, Node, join, outside, page, tag
from selectorate.pages.letters.look import STYLE

ADDRESS = (
    "name", "full_name", "company", "address", "address_1", "address_2", "address_3", "street", "locality", "town",
    "city", "postcode", "postal_code", "zip", "region", "state", "country",
)  # fmt: skip
"""Columns of a list of electors that go on the envelope; their order is the list's own. Others do not."""
ADDRESS_LINES_MAX = 7
LONG = 90
"""Characters of a question or a name of an organisation beyond which all is set smaller, to keep to the sheet."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Poll:
    """What stands in every letter alike. opens, closes: ISO dates or ""; ranked: choices are put in order;
    ask: whom to ask when a letter is lost, or ""; where: where the public folder is found, or ""."""

    organisation: str
    question: str
    ranked: bool
    opens: str
    closes: str
    election: str
    ask: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class VotingLetter:
    """One elector: number, credential, and the lines of name and address."""

    member: str
    credential: str
    to: tuple[str, ...]


def address(cells: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The lines for the envelope from (column, cell), without empty ones, in the order
    of the list. The apostrophe that keeps a spreadsheet from calculating is taken off again."""
    lines = []
    for column, cell in cells:
        if column.strip().lower().replace(" ", "_") in ADDRESS:
            lines += [line.strip() for line in _unguarded(cell).splitlines() if line.strip()]
    return tuple(lines[:ADDRESS_LINES_MAX])


def letters_html(poll: Poll, letters: Sequence[VotingLetter]) -> bytes:
    """The page: one letter a sheet, in the order given."""
    title = f"Voting letters: {poll.question or poll.election}"
    same = (_when(poll), _how(poll), _check(), _lost(poll))
    return page(title, STYLE, tag("main", *(_letter(poll, one, same) for one in letters)))


def _letter(poll: Poll, one: VotingLetter, same: tuple[Node, Node, Node, Node]) -> Markup:
    when, how, check, lost = same
    return tag(
        "article",
        tag("p", outside(poll.organisation), class_="from"),
        tag("address", *(tag("span", outside(line)) for line in one.to), class_="to"),
        tag("h1", outside(poll.question) if poll.question else "Your voting letter"),
        when,
        _code(one.credential),
        how,
        check,
        lost,
        tag(
            "p",
            tag("span", "Member ", outside(one.member)),
            tag("span", "Election ", outside(poll.election)),
            class_="end",
        ),
        class_="letter tight" if len(poll.question) > LONG or len(poll.organisation) > LONG else "letter",
    )


def _when(poll: Poll) -> Markup:
    days = [
        f"{verb} {_day(day)}" for verb, day in (("opens on", poll.opens), ("closes on", poll.closes)) if day
    ]
    says = (
        f"The vote {' and '.join(days)}."
        if days
        else "The returning officer announces when the vote opens and closes."
    )
    return tag("p", says, class_="when")


def _code(credential: str) -> Markup:
    groups: list[Node] = []
    for part in credential.split("-"):
        groups += [tag("i", "-"), part] if groups else [part]
    return tag(
        "section",
        tag("p", "Your personal voting code", class_="is"),
        tag("p", *groups, class_="key"),
        tag(
            "p",
            "Copy it with its three hyphens. Capital and small letters differ; 0, capital O, capital I and small l "
            "do not occur. Whoever has this code can vote in your place: show it to nobody, the organisers included.",
            class_="care",
        ),
        class_="code",
    )


def _how(poll: Poll) -> Markup:
    place: Node = (
        join(" from ", tag("b", outside(poll.where))) if poll.where else " from the returning officer"
    )
    marked = "the names you choose, one a line, spelt as on the voting paper."
    if poll.ranked:
        marked = (
            "the names you prefer, best first, one a line, spelt as on the voting paper. An empty file is a "
            "blank vote."
        )
    return join(
        tag("h2", "How to vote"),
        tag(
            "ol",
            tag("li", "Get the program and a copy of this election’s public folder", place, "."),
            tag(
                "li",
                "Write the code into a file ", _word("my-code.txt"), " and your choices into ", _word("my-choices.txt"),
                f": {marked}",
            ),
            tag(
                "li",
                "Encrypt your vote on your own computer:",
                _line("selectorate vote public --credential my-code.txt --choices my-choices.txt ballot.json"),
            ),
            tag(
                "li",
                "Send ", _word("ballot.json"), " to the returning officer, and delete ", _word("my-choices.txt"), ".",
            ),
        ),
        tag("p", "You may vote again until the vote closes. Only your last vote counts."),
    )  # fmt: skip


def _check() -> Markup:
    return join(
        tag("h2", "How to check that your vote counts"),
        tag(
            "p",
            "You get a receipt: it shows that your vote was accepted, never what it was. Keep it. Check it with a "
            "fresh copy of the public folder; its tracker is also listed on the organisation’s pages.",
        ),
        tag("p", _line("selectorate receipt check my-receipt.json public")),
        tag(
            "p",
            "No receipt, or one that fails? Tell the returning officer before the vote closes, and vote again.",
        ),
    )


def _lost(poll: Poll) -> Markup:
    ask: Node = tag("b", outside(poll.ask)) if poll.ask else "the returning officer"
    return join(
        tag("h2", "Letter lost, damaged, or opened by somebody else?"),
        tag(
            "p",
            "Ask ",
            ask,
            " at once, and give your member number. Until the vote opens you can get a new code; the old one is then "
            "void. This letter is for you alone: if it is not yours, send it back unread.",
        ),
    )


def _word(text: str) -> Markup:
    return tag("span", text, class_="word")


def _line(text: str) -> Markup:
    return tag("span", text, class_="words")


def _day(iso: str) -> str:
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@\t\r") else cell
