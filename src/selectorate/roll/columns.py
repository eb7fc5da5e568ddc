"""Which layout a file has, what each column becomes, and which columns are refused unread.

A layout is one TOML in `roll/maps/`: `says` (what it is, for people), `table` (members or payments),
`known_by` (lists of columns; a file that has all of one list may be of this layout), `needs` (fields to ask
for where no column gives them), `encoding` (what the system writes, where that is not UTF-8), `ignore`
(known, harmless, not stored) and `map` (column to field). Fields are those of FIELDS and no others. A name
that `protected.toml` refuses cannot be mapped by any layout: the load fails.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from selectorate.errors import refuse

_FIELDS = """source_id member_id
    membership_id login given_name middle_name family_name full_name born_on email
    email_other email_choice phone mobile phone_other contact_preference language address_1 address_2 locality
    region postcode country branch household_ref household_owner membership_type status status_code
    status_override joined_on period_start paid_to join_source record_created dues_status dues_status_2
    payer_ref weight employer_ref occupation work_level identity_kind identity_ref auth_method deceased
    is_test"""
FIELDS = frozenset(_FIELDS.split())
PAYMENT_FIELDS = frozenset(("member_id", "paid_on", "amount", "payer_ref", "method"))
DATES = frozenset(("born_on", "joined_on", "period_start", "paid_to", "record_created", "paid_on"))
YES_NO = frozenset(("status_override", "deceased", "is_test"))


@dataclass(frozen=True, slots=True)
class Layout:
    """How one membership system names its columns."""

    name: str
    says: str
    table: Literal["members", "payments"]
    known_by: tuple[frozenset[str], ...]
    needs: tuple[str, ...]
    encoding: str | None
    ignore: frozenset[str]
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of each column of one file. fields: position of the column -> field."""

    layout: Layout
    fields: Mapping[int, str]
    refused: tuple[str, ...]
    ask: tuple[str, ...]
    ignored: tuple[str, ...]


def layouts() -> tuple[Layout, ...]:
    """Every layout that is read, by name."""
    return _layouts()


def plan(header: Sequence[str], name: str) -> Plan:
    """Recognise the layout by the columns and say what becomes of each.

    Raises Refusal `roll.layout` when no layout fits, naming the columns it looked for.
    """
    wanted = {_plain(title) for title in header}
    fitting = [one for one in layouts() if any(known <= wanted for known in one.known_by)]
    if not fitting:
        known = "; ".join(f"{one.name}: {', '.join(sorted(one.known_by[0]))}" for one in layouts())
        raise refuse("roll.layout", file=name, found=", ".join(header), known=known)
    # The most specific layout: the one that gives the most columns a meaning; then by name, to be the same
    # always.
    best = min(fitting, key=lambda one: (-len(wanted & set(one.fields)), one.name))
    return _plan(header, best, name)


def is_protected(title: str) -> bool:
    """Whether a column of that name is refused unread."""
    words, phrases = _protected()
    found = _words(title)
    joined = " " + " ".join(found) + " "
    return bool(words & set(found)) or any(f" {phrase} " in joined for phrase in phrases)


def _plan(header: Sequence[str], layout: Layout, name: str) -> Plan:
    fields: dict[int, str] = {}
    refused, ask, ignored = [], [], []
    for position, title in enumerate(header):
        field = layout.fields.get(_plain(title))
        if is_protected(title):
            refused.append(title)
        elif field is not None:
            if field in fields.values():
                raise refuse("roll.header", file=name, because=f"two columns mean {field}, one is {title}")
            fields[position] = field
        elif not title or _plain(title) in layout.ignore:
            ignored.append(title)
        else:
            ask.append(title)
    ask.extend(field for field in layout.needs if field not in fields.values())
    return Plan(layout, fields, tuple(refused), tuple(ask), tuple(title for title in ignored if title))


@cache
def _layouts() -> tuple[Layout, ...]:
    folder = resources.files("selectorate.roll") / "maps"
    found = [one for one in folder.iterdir() if one.name.endswith(".toml")]
    return tuple(
        read_layout(one.name.removesuffix(".toml"), one.read_text(encoding="utf-8"))
        for one in sorted(found, key=lambda one: one.name)
    )


def read_layout(name: str, text: str) -> Layout:
    """A layout from the text of its TOML. Raises ValueError for one that may not exist: a fault of ours."""
    read = tomllib.loads(text)
    fields = {_plain(column): field for column, field in read["map"].items()}
    allowed = FIELDS if read["table"] == "members" else PAYMENT_FIELDS
    if strange := sorted(set(fields.values()) - allowed):
        raise ValueError(f"layout {name} maps to fields that do not exist: {strange}")
    if protected := sorted(column for column in fields if is_protected(column)):
        raise ValueError(f"layout {name} maps protected columns: {protected}")
    return Layout(
        name=name,
        says=read["says"],
        table=read["table"],
        known_by=tuple(frozenset(map(_plain, columns)) for columns in read["known_by"]),
        needs=tuple(read.get("needs", ())),
        encoding=read.get("encoding"),
        ignore=frozenset(map(_plain, read.get("ignore", ()))),
        fields=fields,
    )


@cache
def _protected() -> tuple[frozenset[str], tuple[str, ...]]:
    text = (resources.files("selectorate.roll") / "protected.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    return frozenset(read["words"]), tuple(read["phrases"])


def _plain(title: str) -> str:
    """A column's name as layouts compare it: without case and outer blanks."""
    return title.strip().casefold()


def _words(title: str) -> list[str]:
    """The words of a column's name: split at signs and at changes of case, without marks."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", title)
    bare = "".join(char for char in unicodedata.normalize("NFKD", split) if not unicodedata.combining(char))
    return [word for word in re.split(r"[^a-z0-9]+", bare.casefold()) if word]
