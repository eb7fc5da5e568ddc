"""Take files into the engine: tables `members`, `payments`, `events`, `tokens` and `left_out`.

members   one row per member. Clear text only for what letters, rules and the officer's eyes need.
payments  member_id, paid_on, amount (hundredths), payer (token), method.
events    member_id, kind, on_day, recorded, value, before, actor (token of the log-in, collector, recruiter or device).
tokens    member_id, kind, token: payer, phone, email; never the values.
left_out  source, row, because: lines that did not become members.

A household is one address (first line and postcode: rooms of a home or hall are one household), joined with
what the organisation itself declares as one household. Lines are never merged. A line that repeats another
word for word is left out with that reason; a number that comes again with other contents is kept as NUMBER/2,
so that nobody is lost, and `links` shows it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from selectorate import canon
from selectorate.errors import refuse
from selectorate.log.objects import cell
from selectorate.roll.large import intake as large
from selectorate.roll.objects import LeftOut
from selectorate.roll.reading import YES, Reading, cents
from selectorate.roll.review.remarks import number_of
from selectorate.roll.tokens import address, name_words, tokens

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TEXT = "VARCHAR"
MEMBERS: Mapping[str, str] = {
    "member_id": TEXT,
    "name": TEXT,
    "name_words": TEXT,
    "born_on": "DATE",
    "joined_on": "DATE",
    "paid_to": "DATE",
    "suspended": "BOOLEAN",
    "status": TEXT,
    "status_by_hand": "BOOLEAN",
    "membership_type": TEXT,
    "branch": TEXT,
    "weight": "BIGINT",
    "email": TEXT,
    "phone": TEXT,
    "address_1": TEXT,
    "address_2": TEXT,
    "locality": TEXT,
    "region": TEXT,
    "postcode": TEXT,
    "country": TEXT,
    "language": TEXT,
    "household": TEXT,
    "source": TEXT,
    "row": "BIGINT",
}
PAYMENTS: Mapping[str, str] = {
    "member_id": TEXT,
    "paid_on": "DATE",
    "amount": "BIGINT",
    "payer": TEXT,
    "method": TEXT,
}
EVENTS: Mapping[str, str] = {
    "member_id": TEXT,
    "kind": TEXT,
    "on_day": "DATE",
    "recorded": "DATE",
    "value": TEXT,
    "before": TEXT,
    "actor": TEXT,
}
TOKENS: Mapping[str, str] = {"member_id": TEXT, "kind": TEXT, "token": TEXT}
LEFT_OUT: Mapping[str, str] = {"source": TEXT, "row": "BIGINT", "because": TEXT}
SUSPENDED = frozenset(("suspended", "suspendu", "suspendiert", "suspendido", "sospeso"))
BATCH = 50_000
STRANGERS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Intake:
    """What an import did. unknown_payers: payments whose member number is nobody's; strangers: (file, row) of the
    first of them."""

    files: tuple[tuple[str, str], ...]
    rows: int
    kept: int
    payments: int
    events: int
    unknown_payers: int
    left_out: tuple[LeftOut, ...]
    refused: tuple[str, ...]
    ask: tuple[str, ...]
    strangers: tuple[tuple[str, int], ...] = ()

    def entry(self, salt: bytes) -> dict[str, Any]:
        """The data of the entry `roll.imported`. salt: 32 fresh random bytes, kept in the vault; the
        commitment is SHA-256(salt ‖ canonical list of the files' SHA-256 in order of reading)."""
        listed = canon.encode([sha256 for _, sha256 in self.files])
        return {
            "files": len(self.files),
            "rows": self.rows,
            "kept": self.kept,
            "left_out": cell(self.rows - self.kept),
            "refused_columns": sorted(set(self.refused)),
            "commitment": hashlib.sha256(salt + listed).hexdigest(),
        }


def take_in(engine: DuckDBPyConnection, readings: Sequence[Reading], key: bytes) -> Intake:
    """Store what the files hold in fresh tables of the engine; all of it, or nothing.

    key: the organisation's 32 bytes for tokens. Raises Refusal `roll.problem` for the first problem of any
    file, `roll.no_members` where no file has members, `roll.key`.
    """
    for reading in readings:
        _sound(reading)
    people = [reading for reading in readings if reading.layout.table == "members"]
    ledgers = [reading for reading in readings if reading.layout.table == "payments"]
    histories = [reading for reading in readings if reading.layout.table == "events"]
    if not people:
        raise refuse("roll.no_members", found=", ".join(reading.source for reading in readings) or "no file")
    if any(reading.table for reading in people):
        small = [one for reading in people if not reading.table for one in _given(reading, key)]
        large.note_shared(engine, [one for one in people if one.table], small, key)
    engine.execute("BEGIN TRANSACTION")
    try:
        for table, columns in (
            ("members", MEMBERS),
            ("payments", PAYMENTS),
            ("events", EVENTS),
            ("tokens", TOKENS),
            ("left_out", LEFT_OUT),
        ):
            shape = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            engine.execute(f"CREATE OR REPLACE TABLE {table} ({shape})")
        seen: dict[str, list[Sequence[str]]] = {}
        left_out = [left for reading in readings for left in reading.left_out]
        for reading in people:
            if reading.table:
                left_out.extend(large.take_members(engine, reading, key, seen, MEMBERS, SUSPENDED))
            else:
                left_out.extend(_members(engine, reading, key, seen))
        paid = 0
        for reading in ledgers:
            if reading.table:
                paid += large.take_payments(engine, reading, key, PAYMENTS)
            else:
                paid += _payments(engine, reading, key)
        for reading in histories:
            if reading.table:
                large.take_events(engine, reading, key, EVENTS)
            else:
                _events(engine, reading, key)
        _households(engine)
        _insert(
            engine, "left_out", LEFT_OUT, _turned([(one.source, one.row, one.because) for one in left_out], 3)
        )
        intake = _account(engine, readings, people, paid, left_out, _strangers(engine, ledgers))
        engine.execute("COMMIT")
    except BaseException:
        engine.execute("ROLLBACK")
        raise
    return intake


def _sound(reading: Reading) -> None:
    if not reading.problems:
        return
    first = reading.problems[0]
    column = f", column {first.column}" if first.column else ""
    raise refuse(
        "roll.problem",
        file=reading.source,
        place=f"row {first.row}{column}",
        found=first.found,
        expected=first.expected,
        remedy=first.remedy,
        number=len(reading.problems),
    )


def _account(
    engine: DuckDBPyConnection,
    readings: Sequence[Reading],
    people: Sequence[Reading],
    paid: int,
    left_out: Sequence[LeftOut],
    first: tuple[tuple[str, int], ...],
) -> Intake:
    strangers = "SELECT count(*) FROM payments ANTI JOIN members USING (member_id)"
    return Intake(
        files=tuple((reading.source, reading.sha256) for reading in readings),
        rows=sum(reading.total for reading in people),
        kept=_number(engine, "SELECT count(*) FROM members"),
        payments=paid,
        events=_number(engine, "SELECT count(*) FROM events"),
        unknown_payers=_number(engine, strangers),
        left_out=tuple(left_out),
        refused=tuple(dict.fromkeys(title for reading in readings for title in reading.refused)),
        ask=tuple(dict.fromkeys(title for reading in readings for title in reading.ask)),
        strangers=first,
    )


def _strangers(engine: DuckDBPyConnection, ledgers: Sequence[Reading]) -> tuple[tuple[str, int], ...]:
    """The first payments of numbers that no member has."""
    asked = engine.execute("SELECT DISTINCT member_id FROM payments ANTI JOIN members USING (member_id)")
    nobody = {number for (number,) in asked.fetchall()}

    def rows(ledger: Reading) -> Iterable[int]:
        if ledger.table:
            return large.rows_of_nobody(engine, ledger, STRANGERS_SHOWN)
        return (row for row, of in zip(ledger.rows, ledger.columns["member_id"], strict=True) if of in nobody)

    every = ((ledger.source, row) for ledger in ledgers for row in rows(ledger))
    return tuple(islice(every, STRANGERS_SHOWN)) if nobody else ()


def _number(engine: DuckDBPyConnection, query: str) -> int:
    return int(engine.execute(query).fetchall()[0][0])


def _members(
    engine: DuckDBPyConnection, reading: Reading, key: bytes, seen: dict[str, list[Sequence[str]]]
) -> list[LeftOut]:
    """Insert the members of one file. seen: number -> the lines that had it so far, over all files."""
    numbers, again = _numbers(reading, key, seen)
    kept = [place for place, number in enumerate(numbers) if number]
    member = [numbers[place] for place in kept]

    def texts(field: str) -> list[str]:
        cells = reading.columns.get(field)
        return [cells[place] for place in kept] if cells else [""] * len(kept)

    names = [
        _name(parts)
        for parts in zip(*map(texts, ("full_name", "given_name", "middle_name", "family_name")), strict=True)
    ]
    email = [first or second for first, second in zip(texts("email"), texts("email_other"), strict=True)]
    phone = [
        one or two or three
        for one, two, three in zip(texts("phone"), texts("mobile"), texts("phone_other"), strict=True)
    ]
    places = [
        address(f"{street} {code}") if street else ""
        for street, code in zip(texts("address_1"), texts("postcode"), strict=True)
    ]
    standing = [first or second for first, second in zip(texts("status"), texts("status_code"), strict=True)]
    by_hand = texts("status_override")
    columns: dict[str, Sequence[Any]] = {
        "member_id": member,
        "name": names,
        "name_words": [name_words(name) for name in names],
        "suspended": [None if not text else text.casefold() in SUSPENDED for text in standing],
        "status": standing,
        "status_by_hand": [text.casefold() in YES if text else None for text in by_hand],
        "weight": [int(text) if text else 1 for text in texts("weight")],
        "email": email,
        "phone": phone,
        "household": tokens(key, "address", places),
        "source": [reading.source] * len(kept),
        "row": [reading.rows[place] for place in kept],
    }
    for field in MEMBERS:
        if field not in columns:
            columns[field] = [text or None for text in texts(field)]
    _insert(engine, "members", MEMBERS, columns)
    kinds = (
        ("phone", phone),
        ("email", email),
        ("payer", texts("payer_ref")),
        ("household", texts("household_ref")),
    )
    for kind, values in kinds:
        made = [
            (one, kind, token) for one, token in zip(member, tokens(key, kind, values), strict=True) if token
        ]
        _insert(engine, "tokens", TOKENS, _turned(made, 3))
    return again


def _name(parts: Sequence[str]) -> str:
    full, *rest = parts
    return full or " ".join(part for part in rest if part)


def _numbers(
    reading: Reading, key: bytes, seen: dict[str, list[Sequence[str]]]
) -> tuple[list[str], list[LeftOut]]:
    """(number of each line, "" where it is left out; the lines left out because they are there already)."""
    given = _given(reading, key)
    fields = [reading.columns[field] for field in sorted(reading.columns)]
    numbers, again = [], []
    for place, row in enumerate(reading.rows):
        number = given[place]
        line = tuple(cells[place] for cells in fields)
        lines = seen.setdefault(number, [])
        if line in lines:
            numbers.append("")
            again.append(
                LeftOut(reading.source, row, f"it repeats an earlier row of number {number} word for word")
            )
            continue
        lines.append(line)
        numbers.append(number if len(lines) == 1 else f"{number}/{len(lines)}")
    return numbers, again


def _given(reading: Reading, key: bytes) -> Sequence[str]:
    """The number that each line gives itself."""
    given = number_of(reading.columns, reading.layout, len(reading.rows))
    if "identity_ref" not in reading.layout.number:
        return given
    return [(token or "")[:16] for token in tokens(key, "identity", given)]


def _payments(engine: DuckDBPyConnection, reading: Reading, key: bytes) -> int:
    empty = [""] * len(reading.rows)
    paid = reading.columns.get("amount", empty)
    amounts = {text: cents(text) for text in set(paid)}
    columns: dict[str, Sequence[Any]] = {
        "member_id": reading.columns["member_id"],
        "paid_on": [text or None for text in reading.columns["paid_on"]],
        "amount": [amounts[text] for text in paid],
        "payer": tokens(key, "payer", reading.columns.get("payer_ref", empty)),
        "method": [text or None for text in reading.columns.get("method", empty)],
    }
    _insert(engine, "payments", PAYMENTS, columns)
    return len(reading.rows)


def _events(engine: DuckDBPyConnection, reading: Reading, key: bytes) -> None:
    empty = [""] * len(reading.rows)

    def texts(field: str) -> list[str | None]:
        return [text or None for text in reading.columns.get(field, empty)]

    columns: dict[str, Sequence[Any]] = {
        "member_id": reading.columns["member_id"],
        "kind": [reading.layout.kind] * len(reading.rows),
        "on_day": texts("happened_on"),
        "recorded": texts("recorded_on"),
        "value": texts("value"),
        "before": texts("value_before"),
        "actor": tokens(key, "actor", reading.columns.get("actor", empty)),
    }
    _insert(engine, "events", EVENTS, columns)


def _households(engine: DuckDBPyConnection) -> None:
    """One household per address; who is declared one household over several addresses is one, without their
    neighbours; nobody without an address is anybody's household. Then the declared references are dropped:
    nothing else may read them."""
    engine.execute("UPDATE members SET household = 'alone:' || member_id WHERE household IS NULL")
    engine.execute(
        """UPDATE members SET household = 'declared:' || shared.token FROM (
             SELECT t.member_id, t.token, min(m.household) OVER homes <> max(m.household) OVER homes AS
             several FROM tokens t JOIN members m USING (member_id) WHERE t.kind = 'household' WINDOW homes AS
             (PARTITION BY t.token)) AS shared WHERE shared.member_id = members.member_id AND
             shared.several"""
    )
    engine.execute("DELETE FROM tokens WHERE kind = 'household'")


def _turned(lines: Sequence[Sequence[Any]], width: int) -> dict[int, Sequence[Any]]:
    """Lines as columns by position."""
    return {place: [line[place] for line in lines] for place in range(width)}


def _insert(
    engine: DuckDBPyConnection, table: str, shape: Mapping[str, str], columns: Mapping[Any, Sequence[Any]]
) -> None:
    """Columns into a table, in batches. They cross as one JSON text: a hundred times faster than parameters
    row by row, and nothing of a file ever becomes part of a statement."""
    lists = [columns[name] if name in columns else columns[place] for place, name in enumerate(shape)]
    types = json.dumps({f"c{place}": [kind] for place, kind in enumerate(shape.values())})
    picked = ", ".join(f"unnest(r.c{place})" for place in range(len(lists)))
    for start in range(0, len(lists[0]), BATCH):
        part = {f"c{place}": list(values[start : start + BATCH]) for place, values in enumerate(lists)}
        engine.execute(
            f"INSERT INTO {table} SELECT {picked} FROM (SELECT from_json(?, '{types}') AS r)",  # noqa: S608
            [json.dumps(part, ensure_ascii=False)],
        )
