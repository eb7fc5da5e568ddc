"""A data protection impact assessment, filled as far as the rulebook and the product know, in Markdown.

The sections are those that Article 35(7) of Regulation (EU) 2016/679 asks for: a systematic description, necessity
and proportionality, risks, measures. What only the organisation can say is left as a line that begins with
"To be filled in". It is a draft for people, no legal advice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from selectorate.roll.keeping.retention import schedule
from selectorate.roll.keeping.roles import FIELDS, roles
from selectorate.roll.keeping.statement import with_days
from selectorate.rules.reasons import shown

if TYPE_CHECKING:
    from selectorate.rules import Rulebook

OPEN = "To be filled in:"


_RISKS = (
    (
        "Somebody is left out wrongly",
        "loss of a vote",
        "reasons, reply, appeal, `left_out` in the certificate",
    ),
    (
        "A finding is read as a verdict",
        "exclusion in fact",
        "no way from a finding to an exclusion; neutral letters",
    ),
    (
        "One group is asked more",
        "indirect discrimination",
        "homes are counted, never members; parity measured",
    ),
    ("The roll leaks", "membership known", "vault on an encrypted disk, keyed values, retention clock"),
    (
        "An insider browses",
        "curiosity, pressure",
        "table of roles, journal of looks, looks counted per person",
    ),
    ("A ballot is linked to a person", "secrecy", "mixing, several trustees, floor for small tallies"),
    ("Published numbers point at persons", "exposure", "cells under 10 suppressed, salted commitments"),
    ("Kept too long", "later misuse", "schedule below, destruction with a certificate on the record"),
)


def assessment(book: Rulebook, kinds: Mapping[str, str], refused: Sequence[str], members: int | None) -> str:
    """The assessment as Markdown. kinds: what is looked for, by kind; refused: titles of columns that were refused
    at the import; members: how many are on the roll, None before the import."""
    lines = [
        f"# Data protection impact assessment: roll and vote of {book.organisation}",
        "",
        f"Rulebook {book.version}, adopted: {book.adopted}.",
        f"{OPEN} controller, data protection officer, date, signature.",
        *_description(book, kinds, refused, members),
        *_necessity(book),
        *_risks(),
        *_measures(),
    ]
    return "\n".join(lines) + "\n"


def _description(
    book: Rulebook, kinds: Mapping[str, str], refused: Sequence[str], members: int | None
) -> list[str]:
    number = f"{members:,} members" if members is not None else f"{OPEN} how many members"
    titles = ", ".join(refused) or "none"
    return [
        "", "## 1. What is done, with what, and for what",
        "", "Purpose: to find out by the organisation's own rules who may vote, to tell everybody why, and to hold a "
        "secret vote that anybody can check.",
        "", f"Persons: {number}. Membership of a party or union is a special category (Article 9(1): political "
        "opinions, trade union membership).",
        f"{OPEN} the basis under Article 6, and the condition under Article 9(2); for a body with a political, "
        "philosophical, religious or trade union aim usually (d): members and regular contacts only, no disclosure "
        "outside without consent.",
        f"{OPEN} processors (hosting, print, scrutineer), and their contracts.",
        "", "### Facts that a rule may look at", "",
        "| fact | kind | source | what it means | used by |", "|---|---|---|---|---|",
        *(
            f"| {fact.name} | {fact.type} | {fact.source} | {fact.means or '-'} | {_users(book, fact.name)} |"
            for fact in book.facts
        ),
        "", f"Columns refused at the import, not read and not stored: {titles}. Never used, and not declarable: "
        f"{', '.join(book.never_use) or 'the list of the product'}.",
        "", "### What is looked for on the roll", "",
        *(f"- {title}: evidence for a question to those concerned, never a ground" for title in kinds.values()),
        "", "### Days", "", "| day | date |", "|---|---|",
        *(f"| {name} | {shown(when)} |" for name, when in book.timetable),
    ]  # fmt: skip


def _users(book: Rulebook, fact: str) -> str:
    clauses = [clause.id for right in book.rights for clause in right.clauses if fact in clause.needs.facts]
    decisions = [rule.id for rule in book.decisions if fact in rule.facts]
    return ", ".join(dict.fromkeys((*clauses, *decisions))) or "nothing: it should not be collected"


def _necessity(book: Rulebook) -> list[str]:
    idle = [fact.name for fact in book.facts if _users(book, fact.name).startswith("nothing")]
    return [
        "", "## 2. Necessity and proportion",
        "", "| clause | rule | what it asks | where it fails |", "|---|---|---|---|",
        *(
            f"| {clause.id} | {clause.cite} | {with_days(book, clause.says)} | "
            f"{'a person asks first' if clause.otherwise == 'ask' else 'not eligible, with appeal'} |"
            for clause in book.clauses
        ),
        "", f"Facts that no clause needs: {', '.join(idle) or 'none'}.",
        "A missing fact asks and never excludes. Nobody is excluded by a finding, by silence, or without a human "
        f"way to contest it: appeals within {book.appeal.days} days, to {book.appeal.to}.",
        f"{OPEN} why each clause is needed and no milder one would do; how many members it excludes (`selectorate "
        "roll freeze` prints the numbers before the roll is final).",
    ]  # fmt: skip


def _risks() -> list[str]:
    return [
        "", "## 3. Risks", "", "| risk | harm | measure | likelihood and severity left |", "|---|---|---|---|",
        *(f"| {risk} | {harm} | {measure} | {OPEN} |" for risk, harm, measure in _RISKS),
        "", f"{OPEN} shares of members found, asked, cleared and excluded, by the strata that the organisation may "
        "lawfully compare (a voluntary survey; never the roll).",
    ]  # fmt: skip


def _measures() -> list[str]:
    return [
        "", "## 4. Measures", "", "### Who sees what",
        "", "| role | sees in lists | one person, with a reason | acts |",
        "|---|---|---|---|",
        *(
            f"| {one.title} | {_fields(one.fields)} | {_fields(one.reveal)} | {'; '.join(one.acts)} |"
            for one in roles().values()
        ),
        "", "### How long what is kept", "", "| what | until | why |", "|---|---|---|",
        *(f"| {one.what} | {one.rule} | {one.because} |" for one in schedule()),
        "", "### Rights", "",
        "Access: `selectorate roll subject-report`. Reasons: `selectorate roll explain-member`, and a letter to "
        "everybody. Correction: in the membership system before the import, by decision after it. Automated decision "
        "(Article 22): the rules are applied by a program, alike to all; people decide on appeal.",
        f"{OPEN} views of members or their representatives (Article 35(9)); whether the supervisory authority has to "
        "be consulted (Article 36).",
    ]  # fmt: skip


def _fields(names: Sequence[str]) -> str:
    return ", ".join(FIELDS[name].lower() for name in names) or "nobody"
