"""`officer.html`: findings, letters, possible pairs, the ballot account. Private, for the returning officer.

A finding is evidence, never a verdict: each comes with what innocently looks the same, what does not fit, and
what would settle it. The page cannot exclude anybody, and says so.
"""

from __future__ import annotations

from selectorate.pages import style
from selectorate.pages.findings.article import article
from selectorate.pages.html import Markup, join, link, number, outside, page, several, tag
from selectorate.pages.objects import BallotAccount, OfficerStory
from selectorate.pages.tables import section, table


def officer_html(story: OfficerStory) -> bytes:
    """The page as UTF-8 bytes; the same story gives the same bytes. Holds personal values."""
    return page(
        f"Returning officer: {story.contest} – {story.organisation}",
        style.colours() + style.BASE + style.OFFICER,
        tag("div", tag("p", tag("b", "Private."), " " + _private(story)), class_="demo", role="note"),
        tag(
            "header",
            tag("p", outside(story.organisation), " – ", outside(story.contest), class_="soft"),
            tag("h1", "What the returning officer needs to see"),
            tag("p", _summary(story)),
            tag("p", "Made ", outside(story.made), ".", class_="soft small"),
            class_="top",
        ),
        tag(
            "main",
            _findings(story),
            _letters(story),
            _pairs(story),
            _account(story.account),
            _decisions(story),
        ),
        language=story.language,
        direction=story.direction,
    )


def _private(story: OfficerStory) -> str:
    told = "This page names members; it does not belong in the public folder."
    return f"{told} Demonstration: the members are invented." if story.demonstration else told


def _summary(story: OfficerStory) -> str:
    open_letters = sum(1 for letter in story.letters if not letter.answer)
    urgent = sum(1 for finding in story.findings if finding.severity >= 3)
    return (
        f"{several(len(story.findings), 'finding', 'findings')}, {number(urgent)} of them to ask about now. "
        f"{several(len(story.letters), 'letter', 'letters')}, {number(open_letters)} not answered yet. "
        f"{several(len(story.pairs), 'pair', 'pairs')} of rows that may be one person."
    )


def _findings(story: OfficerStory) -> Markup:
    return section(
        "findings",
        "Findings",
        tag(
            "p",
            "A finding is a question, not an answer. No finding takes anybody off the roll: only a rule "
            "does, or a named person with a written reason, and both can be appealed.",
            class_="note",
        ),
        *(article(finding, place, 3) for place, finding in enumerate(story.findings, 1)),
        None if story.findings else tag("p", "Nothing stood out."),
    )


def _letters(story: OfficerStory) -> Markup:
    rows = tuple(
        (
            outside(letter.member),
            outside(letter.about),
            outside(letter.sent) if letter.sent else tag("span", "not sent", class_="bad"),
            outside(letter.answer) if letter.answer else "no answer yet",
            link(letter.file, "letter") if letter.file else "–",
        )
        for letter in story.letters
    )
    return section(
        "letters",
        "Letters",
        tag(
            "p",
            "Each person concerned is told what was seen, and how to answer, before anybody counts them. "
            "Silence is not an answer and proves nothing.",
        ),
        table("One line a letter.", ("Member", "About", "Sent", "Answer", "File"), rows)
        if rows
        else tag("p", "None."),
    )


def _pairs(story: OfficerStory) -> Markup:
    rows = tuple(
        (outside(pair.left), outside(pair.right), outside(pair.because), outside(pair.decided) or "–")
        for pair in story.pairs
    )
    return section(
        "pairs",
        "Rows that may be one person",
        tag(
            "p",
            "Nothing is merged by itself: a person decides, and the row that goes is kept with the reason.",
        ),
        table("One line a pair.", ("Row", "Other row", "What speaks for it", "Decided"), rows)
        if rows
        else tag("p", "None."),
    )


def _account(account: BallotAccount) -> Markup:
    lines = (
        ("Credentials issued", account.issued, "one for each elector on the final roll"),
        ("Credentials replaced", account.replaced, "a letter was lost; the old one no longer works"),
        ("Ballots accepted", account.accepted, "every one is in the record"),
        ("Replaced by a later one", account.replaced_by_later, "same voter; the last counts"),
        ("Counted", account.counted, "accepted less replaced"),
        ("Blank", account.blank, "ranked nobody"),
        ("Invalid", account.invalid, "cannot be read as a ranking"),
        ("Valid", account.valid, "counted less blank and invalid"),
    )
    rows = tuple((label, number(value), says) for label, value, says in lines)
    return section(
        "account",
        "The ballot account",
        table("Credentials and ballots.", ("Line", "Number", "What it is"), rows, numbers=(1,)),
        tag("ul", *(tag("li", sentence) for sentence in balance(account)), class_="plain"),
    )


def balance(account: BallotAccount) -> tuple[Markup, ...]:
    """Each sum of the account in words: it balances, or by how much it does not."""
    return (
        _sum(
            "accepted = counted + replaced by a later one",
            account.accepted,
            (account.counted, account.replaced_by_later),
        ),
        _sum(
            "counted = valid + blank + invalid",
            account.counted,
            (account.valid, account.blank, account.invalid),
        ),
        _at_most("counted is at most issued", account.counted, account.issued),
    )


def _sum(says: str, whole: int, parts: tuple[int, ...]) -> Markup:
    shown = f"{says}: {number(whole)} = {' + '.join(number(part) for part in parts)}"
    off = whole - sum(parts)
    if off == 0:
        return join(shown, ". It balances.")
    return tag(
        "span", f"{shown} is off by {number(off)}. Do not declare before this is explained.", class_="bad"
    )


def _at_most(says: str, part: int, whole: int) -> Markup:
    shown = f"{says}: {number(part)} of {number(whole)}"
    if part <= whole:
        return join(shown, ".")
    return tag("span", f"{shown}. Do not declare before this is explained.", class_="bad")


def _decisions(story: OfficerStory) -> Markup:
    rows = tuple(
        (
            join(outside(one.id), ", ", outside(one.cite)),
            outside(one.says),
            number(one.met),
            number(one.not_met),
            number(one.unknown),
        )
        for one in story.clauses
    )
    heads = ("Rule", "What it asks", "Met", "Not met", "Fact missing: ask")
    return section(
        "decisions",
        "Decisions on the roll",
        table("Members by rule; a missing fact asks, it never excludes.", heads, rows, numbers=(2, 3, 4))
        if rows
        else tag("p", "None yet."),
        tag("h3", "Changes after the freeze"),
        tag("ul", *(tag("li", outside(one)) for one in story.amendments), class_="plain")
        if story.amendments
        else tag("p", "None."),
    )
