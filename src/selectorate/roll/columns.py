"""Which layout a file has, what each column becomes, and which columns are refused unread.

A layout is one TOML in `roll/maps/`: `says` (what it is, for people), `table` (members, payments or events),
`known_by` (lists of columns; a file that has all of one list may be of this layout), `needs` (fields to ask
for where no column gives them), `number` (fields that can be a member's number, the first filled one is),
`encoding` (what the system writes, where that is not UTF-8), `refuse` (columns refused in this system's own
words), `ignore` (known, harmless, not stored) and `map` (column to field). Of events, `kind` says which. A
file without a header has instead of `known_by` and `map` its fields in order (`columns`) and what the cells
of each look like (`shapes`). `dates` names fields that are dates in this layout and not in others. Fields are
those of FIELDS and no others. A name that is refused cannot be mapped by any layout: the load fails.
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

from selectorate.errors import Refusal, refuse

_FIELDS = """source_id member_id
    membership_id login given_name middle_name family_name full_name born_on email
    email_other email_choice phone mobile phone_other contact_preference language address_1 address_2 locality
    region postcode country branch household_ref household_owner membership_type status status_code
    status_override joined_on period_start paid_to join_source record_created dues_status dues_status_2
    payer_ref weight employer_ref occupation work_level identity_kind identity_ref auth_method deceased
    is_test"""
FIELDS = frozenset(_FIELDS.split())
PAYMENT_FIELDS = frozenset(("member_id", "paid_on", "amount", "payer_ref", "method"))
EVENT_FIELDS = frozenset(("member_id", "happened_on", "recorded_on", "value", "value_before", "actor"))
DATES = frozenset(
    (
        "born_on", "joined_on", "period_start", "paid_to", "record_created", "paid_on", "happened_on",
        "recorded_on",
    )
)  # fmt: skip
YES_NO = frozenset(("status_override", "deceased", "is_test"))
TO_MEND = "To mend"
"""The column that a repair sheet adds: known, and never stored."""
HOW_TO_MEND = "How to mend this list"
"""The sheet that a repair sheet adds: nothing is read from it."""
_SPOKEN = "says table kind known_by needs number encoding refuse ignore map columns shapes dates"
_KEYS = frozenset(_SPOKEN.split())


Table = Literal["members", "payments", "events"]
_TABLES: Mapping[str, frozenset[str]] = {
    "members": FIELDS,
    "payments": PAYMENT_FIELDS,
    "events": EVENT_FIELDS,
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How one membership system names its columns. columns, shapes: of a file without a header only."""

    name: str
    says: str
    table: Table
    known_by: tuple[frozenset[str], ...]
    needs: tuple[str, ...]
    encoding: str | None
    ignore: frozenset[str]
    fields: Mapping[str, str]
    refuse: frozenset[str] = frozenset()
    number: tuple[str, ...] = ("member_id", "source_id")
    kind: str = ""
    columns: tuple[str, ...] = ()
    shapes: tuple[re.Pattern[str], ...] = ()
    dates: frozenset[str] = DATES

    def fits(self, cells: Sequence[str]) -> bool:
        """Whether the first line of a file without a header could be of this layout."""
        shaped = zip(cells, self.shapes, strict=False)
        return 2 <= len(cells) <= len(self.shapes) and all(
            one.fullmatch(cell.strip()) for cell, one in shaped
        )


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


def without_header(header: Sequence[str]) -> Layout | None:
    """The layout whose files have no header, where the first line is one of its lines and no header."""
    wanted = {_plain(title) for title in header}
    if any(known <= wanted for one in layouts() for known in one.known_by):
        return None
    return next((one for one in layouts() if one.columns and one.fits(header)), None)


def named(name: str) -> Layout:
    """The layout of that name. Raises KeyError."""
    return {one.name: one for one in layouts()}[name]


def plan(header: Sequence[str], name: str, layout: Layout | None = None) -> Plan:
    """Say what becomes of each column, by the layout somebody names or else the one recognised by the columns.

    Raises Refusal `roll.layout` when no layout fits, naming the columns that are refused and what the nearest
    layout lacks; `roll.map` when the layout named is for other columns.
    """
    if layout is not None:
        made = _plan(header, layout, name)
        wanted = {_plain(title) for title in header}
        unlike = layout.known_by and not any(known <= wanted for known in layout.known_by)
        if unlike or not made.fields:
            because = f"{name} does not have the columns it is for"
            raise refuse("roll.map", file=layout.name, because=because)
        return made
    wanted = {_plain(title) for title in header}
    fitting = [one for one in layouts() if any(known <= wanted for known in one.known_by)]
    if not fitting:
        raise _unknown(header, name, wanted)
    # The most specific layout: the one that gives the most columns a meaning or knows them otherwise; then by
    # name, to be the same always.
    best = min(fitting, key=lambda one: (-len(wanted & {*one.fields, *one.refuse, *one.ignore}), one.name))
    return _plan(header, best, name)


def _unknown(header: Sequence[str], name: str, wanted: set[str]) -> Refusal:
    """That no layout fits. The refused columns are named all the same: nobody should send the list on."""
    refused = [title for title in header if is_protected(title)]
    others = [title for title in header if title and title not in refused]
    ways = [(one, known) for one in layouts() for known in one.known_by if known & wanted]
    near = ""
    if ways:
        one, known = max(ways, key=lambda way: (len(way[1] & wanted) - len(way[1]), len(way[1]), way[0].name))
        lacking = ", ".join(f"“{title}”" for title in sorted(known - wanted))
        near = f" The nearest, {one.says.partition(';')[0]}, would have {lacking} too."
    return refuse(
        "roll.layout",
        file=name,
        found=", ".join(others) or "none that may be used",
        near=near,
        refused=f" Refused, not read and not stored: {', '.join(refused)}." if refused else "",
    )


def is_protected(title: str) -> bool:
    """Whether a column of that name is refused unread."""
    words, phrases, stems = _protected()
    found = _words(title)
    joined = " " + " ".join(found) + " "
    if any(word.startswith(stems) for word in found):
        return True
    return bool(words & set(found)) or any(f" {phrase} " in joined for phrase in phrases)


def _plan(header: Sequence[str], layout: Layout, name: str) -> Plan:
    fields: dict[int, str] = {}
    refused, ask, ignored = [], [], []
    for position, title in enumerate(header):
        field = layout.columns[position] if layout.columns else layout.fields.get(_plain(title))
        if _plain(title) in layout.refuse or is_protected(title):
            refused.append(title)
        elif field is not None:
            if field in fields.values():
                raise refuse("roll.header", file=name, because=f"two columns mean {field}, one is {title}")
            fields[position] = field
        elif not title or _plain(title) in layout.ignore or title == TO_MEND:
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
    """A layout from the text of its TOML. Raises ValueError, saying why, for one that may not exist."""
    read = tomllib.loads(text)
    if strange := sorted(set(read) - _KEYS):
        raise ValueError(f"layout {name} has keys that do not exist: {', '.join(strange)}")
    for key, form in (("says", str), ("table", str), ("known_by", list), ("map", dict), ("columns", list)):
        if key in read and not isinstance(read[key], form):
            raise ValueError(f"layout {name}: {key} does not have its form")
    table, columns = read.get("table", "members"), tuple(read.get("columns", ()))
    if table not in _TABLES or (table == "events") != bool(read.get("kind")):
        raise ValueError(f"layout {name}: table is members, payments, or events with their kind")
    fields = {_plain(column): field for column, field in read.get("map", {}).items()}
    if not fields and not columns:
        raise ValueError(f"layout {name} has neither map nor columns")
    refused = frozenset(map(_plain, read.get("refuse", ())))
    if strange := sorted({str(one) for one in (*fields.values(), *columns)} - _TABLES[table]):
        raise ValueError(f"layout {name} maps to fields that do not exist: {', '.join(strange)}")
    if strange := sorted(map(str, set(read.get("dates", ())) - _TABLES[table])):
        raise ValueError(f"layout {name} has dates in fields that do not exist: {', '.join(strange)}")
    if protected := sorted(column for column in fields if column in refused or is_protected(column)):
        raise ValueError(f"layout {name} maps protected columns: {', '.join(protected)}")
    return Layout(
        name=name,
        says=read.get("says", f"the layout of {name}"),
        table=table,
        known_by=tuple(frozenset(map(_plain, listed)) for listed in read.get("known_by", ())),
        needs=tuple(read.get("needs", ())),
        encoding=read.get("encoding"),
        ignore=frozenset(map(_plain, read.get("ignore", ()))),
        fields=fields,
        refuse=refused,
        number=tuple(
            read.get("number", ("member_id", "source_id") if table == "members" else ("member_id",))
        ),
        kind=read.get("kind", ""),
        columns=columns,
        dates=DATES | frozenset(read.get("dates", ())),
        shapes=tuple(re.compile(shape) for shape in read.get("shapes", [".*"] * len(columns))),
    )


def own_layout(name: str, data: bytes) -> Layout:
    """The layout in a file that an officer names with --map. Raises Refusal `roll.map`."""
    try:
        return read_layout(name, data.decode("utf-8"))
    except (ValueError, TypeError, AttributeError, re.error) as reason:
        raise refuse("roll.map", file=name, because=str(reason)) from None


@cache
def _protected() -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    text = (resources.files("selectorate.roll") / "protected.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    return frozenset(read["words"]), tuple(read["phrases"]), tuple(read["stems"])


def _plain(title: str) -> str:
    """A column's name as layouts compare it: without case and outer blanks."""
    return title.strip().casefold()


def _words(title: str) -> list[str]:
    """The words of a column's name: split at signs and at changes of case, without marks."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", title)
    bare = "".join(char for char in unicodedata.normalize("NFKD", split) if not unicodedata.combining(char))
    return [word for word in re.split(r"[^a-z0-9]+", bare.casefold()) if word]
