"""A map to begin with, for an export that no layout knows: a TOML with the file's own columns to fill in.

Columns that are refused are not in it. A column that some layout of members knows by that name has its field
already; the others stand as comments, so that the map is read as it is and they are asked about.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectorate.roll.columns import EVENT_FIELDS, FIELDS, PAYMENT_FIELDS, is_protected, layouts

_COMMON = (
    ("member_id", "the member's number"),
    ("full_name", "the whole name; or given_name, middle_name, family_name"),
    ("joined_on", "since when a member"),
    ("paid_to", "until when the dues are paid"),
    ("born_on", "day of birth"),
    ("email", "and phone, mobile"),
    ("address_1", "and address_2, locality, region, postcode, country"),
    ("branch", "the branch or chapter"),
    ("membership_type", "and status, weight"),
)


@dataclass(frozen=True, slots=True)
class Start:
    """text: the TOML. fields: columns that have a field already; to_say: columns that somebody has to say;
    refused: columns that are not in it."""

    text: str
    fields: dict[str, str]
    to_say: tuple[str, ...]
    refused: tuple[str, ...]


def starting_map(header: Sequence[str], source: str) -> Start:
    """A map for the columns of a file. source: the file's name, for the first line."""
    refused = tuple(title for title in header if is_protected(title))
    titles = [title for title in header if title and title not in refused]
    known = _known()
    fields: dict[str, str] = {}
    for title in titles:
        field = known.get(_letters(title))
        if field and field not in fields.values():
            fields[title] = field
    to_say = tuple(title for title in titles if title not in fields)
    return Start("\n".join(_lines(source, fields, to_say)) + "\n", fields, to_say, refused)


def _known() -> dict[str, str]:
    """Column -> field, by the first layout of members that knows it; our own comes first."""
    members = [one for one in layouts() if one.table == "members"]
    members.sort(key=lambda one: (one.name != "canonical", one.name))
    found: dict[str, str] = {}
    for layout in members:
        for title, field in layout.fields.items():
            found.setdefault(_letters(title), field)
    return found


def _letters(title: str) -> str:
    """A column's name without signs: Email and E-Mail are one."""
    return "".join(char for char in title.casefold() if char.isalnum())


def _lines(source: str, fields: dict[str, str], to_say: Sequence[str]) -> Iterator[str]:
    yield f"# What each column of {_plain(source)} is. Take away the # before a line and write its field."
    yield "# A column that stays behind a # is not stored. Needed: a field for the member's number."
    yield "#"
    for field, says in _COMMON:
        yield f"#   {field:<16} {says}"
    yield from _listed("Every field of members:", FIELDS)
    yield from _listed('Of payments (table = "payments"):', PAYMENT_FIELDS)
    yield from _listed('Of events (table = "events", and kind = what happened):', EVENT_FIELDS)
    yield ""
    yield f"says = {_quoted('the list ' + _plain(source))}"
    yield 'table = "members"'
    yield 'needs = ["joined_on"]'
    yield ""
    yield "[map]"
    for title, field in fields.items():
        yield f"{_quoted(title)} = {_quoted(field)}"
    for title in to_say:
        yield f'# {_quoted(title)} = ""'


def _listed(heading: str, fields: frozenset[str]) -> Iterator[str]:
    yield "#"
    yield from textwrap.wrap(
        f"{heading} {', '.join(sorted(fields))}.", 100, initial_indent="# ", subsequent_indent="#   "
    )


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def _quoted(text: str) -> str:
    """A basic string of TOML; JSON's escapes are TOML's too, but the delete sign needs one."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
