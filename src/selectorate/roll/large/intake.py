"""Take a large file, whose lines lie in the engine, into the roll's tables: as `roll.intake` does with a small one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from selectorate.roll.large.forms import Forms, lay_pairs
from selectorate.roll.objects import LeftOut
from selectorate.roll.reading import YES, Reading, cents

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHARED: Final = "packed.shared_numbers"
"""Numbers that more than one line has, over all files."""
NUMBER: Final = "<number>"
"""Stands for the member's number, whose expression knows the shared ones."""
_BATCH: Final = 50_000
Seen = dict[str, list[Sequence[str]]]


def note_shared(
    engine: DuckDBPyConnection, readings: Sequence[Reading], small: Sequence[str], key: bytes
) -> None:
    """Lay out SHARED. readings: the large files of members; small: the numbers of the lines of all others."""
    engine.execute("CREATE OR REPLACE TABLE packed.small_numbers (number VARCHAR, nothing VARCHAR)")
    for start in range(0, len(small), _BATCH):
        lay_pairs(
            engine,
            "packed.small_numbers",
            [(one, None) for one in small[start : start + _BATCH]],
            "VARCHAR",
        )
    parts, given = ["SELECT number FROM packed.small_numbers"], Forms(engine, "packed.small_numbers", key)
    for reading in readings:
        lines = _Lines(engine, reading, key)
        parts.append(f"SELECT {lines.number} AS number FROM {reading.table}")  # noqa: S608 - our own names
        given.settings |= lines.forms.settings
    given.run(
        f"CREATE OR REPLACE TABLE {SHARED} AS SELECT number FROM ({' UNION ALL '.join(parts)})"  # noqa: S608
        " WHERE number <> '' GROUP BY number HAVING count(*) > 1"
    )


class _Lines:
    """The lines of one file as expressions over its table."""

    def __init__(self, engine: DuckDBPyConnection, reading: Reading, key: bytes) -> None:
        self.engine, self.reading, self.table = engine, reading, reading.table
        # Temporary: a transaction that fills the roll's tables may write to no other database.
        self.beside = reading.table.rpartition(".")[2]
        self.forms = Forms(engine, reading.table, key)
        self.fields = sorted(set(reading.mapping.values()))
        given = [f"nullif({field}, '')" for field in reading.layout.number if field in self.fields]
        self.number = f"coalesce({', '.join([*given, chr(39) * 2])})"
        if "identity_ref" in reading.layout.number:
            form = f"({self.forms.form('identity', self.number, self.number)})"
            self.number = f"coalesce(left({self.forms.token('identity', form)}, 16), '')"

    def text(self, *fields: str) -> str:
        """The first filled one of them, '' where there is none."""
        there = [f"nullif({field}, '')" for field in fields if field in self.fields]
        return f"coalesce({', '.join([*there, chr(39) * 2])})"

    def known(self, field: str) -> str:
        """The field, NULL where it is empty."""
        return f"nullif({field}, '')" if field in self.fields else "NULL"

    def distinct(self, text: str) -> list[str]:
        found = self.engine.execute(f"SELECT DISTINCT {text} FROM {self.table}").fetchall()  # noqa: S608
        return [one for (one,) in found]

    def among(self, name: str, text: str, wanted: Sequence[str]) -> str:
        """Whether a text is one of these texts of the file, which cross as a setting of that name."""
        self.forms.settings[name] = list(wanted)
        return f"list_contains(${name}, {text})" if wanted else "FALSE"

    def token(self, kind: str, field: str) -> str:
        """The token of a field, NULL where there is none."""
        form = self.forms.form(kind, self.text(field), self.text(field))
        return self.forms.token(kind, f"({form})")

    def select(self, *cells: str, number: str | None = None) -> str:
        """SELECT of the lines that are kept; `_again` was asked before."""
        kept = f"coalesce(a.number, {number or self.number})"
        listed = ", ".join(cell.replace(NUMBER, kept) if cell.startswith(NUMBER) else cell for cell in cells)
        return f"SELECT {listed} FROM {self.table} LEFT JOIN {self.beside}_again a USING (\"row\") WHERE {kept} <> ''"  # noqa: S608


def take_members(
    engine: DuckDBPyConnection,
    reading: Reading,
    key: bytes,
    seen: Seen,
    shape: Mapping[str, str],
    suspended: frozenset[str],
) -> list[LeftOut]:
    """Insert the members of one file; the lines left out because they are there already. seen: as of
    `intake._numbers`, of the numbers in SHARED at least; shape: the columns of `members` with their types."""
    lines = _Lines(engine, reading, key)
    forms, text = lines.forms, lines.text
    left_out = _again(lines, seen)
    standing, by_hand, street = text("status", "status_code"), text("status_override"), text("address_1")
    parts = ", ".join(lines.known(part) for part in ("given_name", "middle_name", "family_name"))
    name = f"coalesce({lines.known('full_name')}, concat_ws(' ', {parts}))"
    place = f"CASE WHEN {street} <> '' THEN {street} || ' ' || {text('postcode')} ELSE '' END"
    of_ban = [one for one in lines.distinct(standing) if one.casefold() in suspended]
    of_yes = [one for one in lines.distinct(by_hand) if one.casefold() in YES]
    made = {
        "member_id": NUMBER,
        "name": name,
        "name_words": name,
        "suspended": f"CASE WHEN {standing} <> '' THEN {lines.among('bans', standing, of_ban)} END",
        "status": standing,
        "status_by_hand": f"CASE WHEN {by_hand} <> '' THEN {lines.among('yes', by_hand, of_yes)} END",
        "weight": f"coalesce(CAST({lines.known('weight')} AS BIGINT), 1)",
        "email": text("email", "email_other"),
        "phone": text("phone", "mobile", "phone_other"),
        "household": place,
        "source": "$source",
        "row": '"row"',
    }
    cells = [made.get(field) or f"CAST({lines.known(field)} AS {kind})" for field, kind in shape.items()]
    inner = lines.select(*(f'{cell} AS "{field}"' for cell, field in zip(cells, shape, strict=True)))
    told = {
        "name_words": forms.form("name", name, "name_words"),
        "household": forms.form("address", place, "household"),
    }
    formed = (
        f"SELECT * REPLACE ({', '.join(f'{form} AS {field}' for field, form in told.items())}) FROM ({inner})"  # noqa: S608
    )
    home = forms.token("address", "household")
    query = f"INSERT INTO members SELECT * REPLACE ({home} AS household) FROM ({formed})"  # noqa: S608
    forms.run(query, source=reading.source)
    contacts = {
        "phone": made["phone"],
        "email": made["email"],
        "payer": text("payer_ref"),
        "household": text("household_ref"),
    }
    for kind, cell in contacts.items():
        if cell != text():
            chosen = lines.select(f"{NUMBER} AS number", f"{cell} AS x")
            formed = f"SELECT number, {forms.form(kind, cell)} AS x FROM ({chosen}) WHERE x <> ''"  # noqa: S608
            token = forms.token(kind, "x")
            forms.run(f"INSERT INTO tokens SELECT number, '{kind}', {token} FROM ({formed}) WHERE x <> ''")  # noqa: S608
    return left_out


def _again(lines: _Lines, seen: Seen) -> list[LeftOut]:
    """Lay out the numbers of the lines whose number is shared: NUMBER/2 where it comes again with other contents,
    "" for the lines that repeat an earlier one word for word, which are given back."""
    lines.engine.execute(f'CREATE OR REPLACE TEMP TABLE {lines.beside}_again ("row" BIGINT, number VARCHAR)')
    given = dict(lines.forms.settings)
    query = (
        f'SELECT "row", {lines.number}, {", ".join(lines.fields)} FROM {lines.table} WHERE {lines.number} IN'  # noqa: S608
        f" (SELECT number FROM {SHARED}) ORDER BY 1"
    )
    found = lines.engine.execute(query, given if "identity" in given else None).fetchall()
    left_out, changed = [], []
    for row, number, *line in found:
        there = seen.setdefault(number, [])
        if tuple(line) in there:
            because = f"it repeats an earlier row of number {number} word for word"
            left_out.append(LeftOut(lines.reading.source, row, because))
            changed.append((row, ""))
            continue
        there.append(tuple(line))
        if len(there) > 1:
            changed.append((row, f"{number}/{len(there)}"))
    for start in range(0, len(changed), _BATCH):
        lay_pairs(lines.engine, f"{lines.beside}_again", changed[start : start + _BATCH], "VARCHAR")
    return left_out


def take_payments(engine: DuckDBPyConnection, reading: Reading, key: bytes, shape: Mapping[str, str]) -> int:
    """Insert the payments of one file; how many."""
    lines = _Lines(engine, reading, key)
    amounts = [(one, cents(one)) for one in lines.distinct(lines.text("amount"))]
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {lines.beside}_paid (old VARCHAR, new BIGINT)")
    for start in range(0, len(amounts), _BATCH):
        lay_pairs(engine, f"{lines.beside}_paid", amounts[start : start + _BATCH], "BIGINT")
    made = {
        "member_id": lines.text("member_id"),
        "amount": f"(SELECT p.new FROM {lines.beside}_paid p WHERE p.old = {lines.text('amount')})",  # noqa: S608
        "payer": lines.token("payer", "payer_ref"),
    }
    cells = [made.get(field) or f"CAST({lines.known(field)} AS {kind})" for field, kind in shape.items()]
    lines.forms.run(f"INSERT INTO payments SELECT {', '.join(cells)} FROM {lines.table}")  # noqa: S608
    return reading.kept


def rows_of_nobody(engine: DuckDBPyConnection, reading: Reading, most: int) -> list[int]:
    """The first rows of a file of payments whose number no member has."""
    rows = engine.execute(
        f'SELECT "row" FROM {reading.table} ANTI JOIN members USING (member_id) ORDER BY "row" LIMIT {most}'  # noqa: S608
    )
    return [row for (row,) in rows.fetchall()]


def take_events(engine: DuckDBPyConnection, reading: Reading, key: bytes, shape: Mapping[str, str]) -> None:
    """Insert the events of one file."""
    lines = _Lines(engine, reading, key)
    made = {
        "member_id": lines.text("member_id"),
        "kind": "$kind",
        "on_day": f"CAST({lines.known('happened_on')} AS DATE)",
        "recorded": f"CAST({lines.known('recorded_on')} AS DATE)",
        "before": lines.known("value_before"),
        "actor": lines.token("actor", "actor"),
    }
    cells = [made.get(field) or f"CAST({lines.known(field)} AS {kind})" for field, kind in shape.items()]
    kind = reading.layout.kind
    lines.forms.run(f"INSERT INTO events SELECT {', '.join(cells)} FROM {lines.table}", kind=kind)  # noqa: S608
