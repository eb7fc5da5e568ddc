"""Judge a delimited file that lies in the engine: the same reading as of a small one.

Queries give the lines where something may be (every such line, and some more); what is to say about them the
functions say that judge a small file. No query sees a refused column: the table has the used ones only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from selectorate.roll.columns import Layout, Plan
from selectorate.roll.dates import AMBIGUOUS, best_format, column_format, read_date
from selectorate.roll.large.shape import Shape
from selectorate.roll.objects import LeftOut, Problem, Table
from selectorate.roll.reading import (
    CELL_CHARS_MAX,
    YES,
    Reading,
    by_row,
    declared_format,
    fault,
    header_again,
    judge_of,
    no_date,
    no_number,
    no_value,
    spoken,
    two_ways,
)
from selectorate.roll.review import remarks as say
from selectorate.roll.tables import PROBLEMS_MAX

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLE: Final = "large_lines"
"""Columns: "row", and one per field."""
SAMPLE: Final = 5_000
BATCH: Final = 10_000
_BLANKS: Final = "".join(char for char in map(chr, range(0x3001)) if char.isspace())
"""What Python strips from a text."""
_CONTROL: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_SURE_ADDRESS: Final = r"[!-?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
_SURE_NUMBER: Final = r"[^0-9]*([0-9][^0-9]*){5,20}"
_EMAILS: Final = ("email", "email_other")
_PHONES: Final = ("phone", "mobile", "phone_other")
_PAIRS: Final = (
    ("born_on", "joined_on"),
    ("joined_on", "paid_to"),
    ("period_start", "paid_to"),
    ("happened_on", "recorded_on"),
)
_PAST: Final = ("born_on", "joined_on", "paid_on", "happened_on")


def load(planned: Plan, shape: Shape, table: str = TABLE) -> tuple[str, list[Any]]:
    """(statement, settings after the path) with which an engine loads the used columns of a file as a table."""
    width = range(len(shape.header))
    columns = "{" + ", ".join(f"'c{position}': 'VARCHAR'" for position in width) + "}"
    cells = ", ".join(f"coalesce(c{position}, '') AS {field}" for position, field in planned.fields.items())
    form = "auto_detect = false, header = true, quote = '\"', escape = '\"', strict_mode = true"
    statement = (
        f'CREATE OR REPLACE TABLE {table} AS SELECT row_number() OVER () + 1 AS "row", {cells} FROM '  # noqa: S608
        f"read_csv(?, delim = ?, columns = {columns}, {form}, null_padding = false, ignore_errors = false)"
    )
    return statement, [shape.delimiter]


@dataclass(frozen=True, slots=True)
class _Lines:
    """The table, and how its columns are called in the file."""

    engine: DuckDBPyConnection
    table: str
    source: str
    layout: Layout
    fields: tuple[str, ...]
    titles: Mapping[str, str]

    def ask(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.engine.execute(query.replace("LINES", self.table), list(values)).fetchall()

    def distinct(self, field: str) -> list[str]:
        return [text for (text,) in self.ask(f"SELECT DISTINCT {field} FROM LINES")]  # noqa: S608

    def having(self, field: str, texts: Sequence[str], most: int) -> list[tuple[Any, ...]]:
        """(row, text) of the first lines that have one of these."""
        query = (
            f'SELECT "row", {field} FROM LINES WHERE {field} IN (SELECT unnest(?)) ORDER BY 1 LIMIT {most}'  # noqa: S608
        )
        return self.ask(query, [list(texts)]) if texts else []

    def rows_having(self, field: str, texts: Sequence[str]) -> list[int]:
        return [row for row, _ in self.having(field, texts, 1 << 40)]

    def some(
        self, where: str, fields: Sequence[str] = (), limit: str = ""
    ) -> tuple[list[int], dict[str, Sequence[str]]]:
        """(rows, columns) of the lines for which it holds, in order."""
        wanted = tuple(fields) or self.fields
        found = self.ask(f'SELECT "row", {", ".join(wanted)} FROM LINES WHERE {where} ORDER BY 1 {limit}')  # noqa: S608
        turned = list(zip(*found, strict=True)) or [()] * (len(wanted) + 1)
        return list(turned[0]), dict(zip(wanted, turned[1:], strict=True))

    def number(self) -> str:
        """The member's number as `remarks.number_of` finds it."""
        given = [f"nullif({field}, '')" for field in self.layout.number if field in self.fields]
        return f"coalesce({', '.join([*given, chr(39) * 2])})"

    def shared(self) -> str:
        number = self.number()
        again = f"SELECT {number} FROM {self.table} WHERE {number} <> '' GROUP BY 1 HAVING count(*) > 1"  # noqa: S608
        return f"{number} IN ({again})"


def judge(
    engine: DuckDBPyConnection,
    name: str,
    shape: Shape,
    planned: Plan,
    *,
    table: str = TABLE,
    dates: str | None = None,
    today: date | None = None,
    most: int = PROBLEMS_MAX,
) -> Reading | None:
    """The reading of the file in a table, whose dates are then in ISO form and whose lines left out are gone;
    None where the engine read other lines than `shape` saw. As `reading.read_file`; raises Refusal `roll.dates`."""
    fields = tuple(planned.fields.values())
    titles = {field: shape.header[position] for position, field in planned.fields.items()}
    lines = _Lines(engine, table, name, planned.layout, fields, titles)
    _strip(lines)
    ((read, blank),) = lines.ask(
        f"SELECT count(*), count(*) FILTER (WHERE concat({', '.join(fields)}) = '') FROM LINES"  # noqa: S608
    )
    if read != shape.rows or blank or not read:
        return None
    problems = _headers_again(lines, titles, most)
    formats: dict[str, str] = {}
    for field in (field for field in fields if field in planned.layout.dates):
        form, found = _dates(lines, field, dates, most)
        problems.extend(found)
        if form is not None:
            formats[field] = form
    problems.extend(_values(lines, most))
    left_out = _left_out(lines)
    numbers = [f"{field} = ''" for field in planned.layout.number if field in fields]
    nameless = lines.ask(
        f'SELECT "row" FROM LINES WHERE {" AND ".join(numbers) or "true"} ORDER BY 1 LIMIT {most}'  # noqa: S608
    )
    problems.extend(no_number(row) for (row,) in nameless)
    unclear = tuple(titles[field] for field, form in formats.items() if form == AMBIGUOUS)
    return Reading(
        source=name,
        sha256=shape.sha256,
        encoding="utf-8",
        delimiter=shape.delimiter,
        layout=planned.layout,
        total=read,
        rows=(),
        columns={},
        mapping={titles[field]: field for field in fields},
        refused=planned.refused,
        ask=(*unclear, *planned.ask),
        ignored=planned.ignored,
        date_format=spoken(formats),
        left_out=left_out,
        problems=tuple(sorted(problems, key=by_row)[:most]),
        remarks=_remarks(lines, today, most),
        notes=_notes(lines),
        stored=read - len({left.row for left in left_out}),
        table=table,
    )


def _headers_again(lines: _Lines, titles: Mapping[str, str], most: int) -> list[Problem]:
    """Lines that say the header once more, as a file does that was put together from several."""
    same = " AND ".join(f"{field} = ?" for field in titles)
    again = lines.ask(f'SELECT "row" FROM LINES WHERE {same} ORDER BY 1 LIMIT {most}', [*titles.values()])  # noqa: S608
    return [header_again(row) for (row,) in again]


def _strip(lines: _Lines) -> None:
    """Take away outer blanks, which few cells have: stripping every cell takes the engine minutes."""
    blank = f"'^[{_BLANKS}]|[{_BLANKS}]$'"
    wide = ", ".join(f"count(*) FILTER (WHERE regexp_matches({field}, {blank}))" for field in lines.fields)
    (counted,) = lines.ask(f"SELECT {wide} FROM LINES")  # noqa: S608
    for field, number in zip(lines.fields, counted, strict=True):
        if number:
            stripped = f"{field} = trim({field}, '{_BLANKS}')"
            lines.ask(f"UPDATE LINES SET {stripped} WHERE regexp_matches({field}, {blank})")  # noqa: S608


def _dates(lines: _Lines, field: str, declared: str | None, most: int) -> tuple[str | None, list[Problem]]:
    """(format, problems) of one column of dates, which is then in ISO form, or empty where it is unclear."""
    title = lines.titles[field]
    known = [text for text in lines.distinct(field) if text]
    if not known:
        return None, []
    form = declared_format(declared, known) if declared else column_format(known)
    if form == AMBIGUOUS:
        shown = lines.ask(f"SELECT \"row\", {field} FROM LINES WHERE {field} <> '' ORDER BY 1 LIMIT 5")  # noqa: S608
        ((number,),) = lines.ask(f"SELECT count(*) FROM LINES WHERE {field} <> ''")  # noqa: S608
        lines.ask(f"UPDATE LINES SET {field} = ''")  # noqa: S608
        return AMBIGUOUS, [two_ways(title, shown, number)]
    if form is None:
        first = lines.ask(f"SELECT {field} FROM LINES WHERE {field} <> '' ORDER BY \"row\" LIMIT {SAMPLE}")  # noqa: S608
        form = best_format([text for (text,) in first])
    dated = {text: read_date(text, form) for text in known}
    bad = [text for text, day in dated.items() if day is None]
    problems = [no_date(row, title, text, form) for row, text in lines.having(field, bad, most)]
    changed = {text: day.isoformat() if day else "" for text, day in dated.items()}
    changed = {text: iso for text, iso in changed.items() if iso != text}
    if changed:
        lines.ask(
            f"UPDATE LINES SET {field} = new.iso FROM (SELECT unnest(?) AS old, unnest(?) AS iso) AS new "  # noqa: S608
            f"WHERE {field} = new.old",
            [list(changed), list(changed.values())],
        )
    return form, problems


def _values(lines: _Lines, most: int) -> Iterator[Problem]:
    for field in lines.fields:
        judge = judge_of(field)
        odd = f"length({field}) > {CELL_CHARS_MAX} OR regexp_matches({field}, '{_CONTROL}')"
        query = f"SELECT DISTINCT {field} FROM LINES" + ("" if judge else f" WHERE {odd}")  # noqa: S608
        verdicts = {text: fault(text, judge) for (text,) in lines.ask(query)}
        bad = [text for text, expected in verdicts.items() if expected]
        for row, text in lines.having(field, bad, most):
            yield no_value(row, lines.titles[field], text, verdicts[text])


def _left_out(lines: _Lines) -> tuple[LeftOut, ...]:
    """The lines that do not become members; they leave the table."""
    left = []
    for field, because in (
        ("is_test", "it is marked as a test record"),
        ("deceased", "it is marked as deceased"),
    ):
        if field in lines.fields:
            marked = [text for text in lines.distinct(field) if text.casefold() in YES]
            left += [LeftOut(lines.source, row, because) for row in lines.rows_having(field, marked)]
    gone = {one.row for one in left}
    if lines.layout.table == "members":
        rows, columns = lines.some(lines.shared())
        # the header and the columns of this table are not looked at by what follows
        table = Table(lines.source, "", "", (), (), rows, (), ())
        left += list(say.repeated(table, columns, lines.layout, gone))
    if left:
        query = 'DELETE FROM LINES WHERE "row" IN (SELECT unnest(?))'
        lines.ask(query, [sorted({one.row for one in left})])
    return tuple(left)


def _notes(lines: _Lines) -> tuple[str, ...]:
    found: list[str] = []
    if "weight" in lines.fields:
        found += say.notes(*lines.some("weight NOT IN ('', '1')", ("weight",)))
    if "status_override" in lines.fields:
        empty = "status_override NOT IN ('', '0')"
        found += say.notes(*lines.some(empty, ("status_override",)))
    return tuple(found)


def _remarks(lines: _Lines, today: date | None, most: int) -> tuple[Problem, ...]:
    found: list[Problem] = []
    layout, titles = lines.layout, lines.titles
    if layout.table == "members":
        numbers = [field for field in layout.number if field in lines.fields]
        if numbers:
            rows, columns = lines.some(lines.shared(), numbers)
            found.extend(say.shared_numbers(layout, rows, columns, titles))
        if "born_on" in lines.fields:
            counted = dict(lines.ask("SELECT born_on, count(*) FROM LINES WHERE born_on <> '' GROUP BY 1"))
            for text in say.common_births(counted):
                where = lines.rows_having("born_on", [text])
                found.append(say.common_birth(text, counted, where, titles))
    for field in sorted(layout.dates & set(lines.fields)):
        rows = lines.rows_having(field, sorted(say.DEFAULTS))
        if rows:
            _, columns = lines.some(f"{field} IN ({', '.join(map(repr, sorted(say.DEFAULTS)))})", (field,))
            found.extend(say.defaults(field, rows, columns, titles))
    found.extend(_single(lines, today, most))
    return tuple(sorted(found, key=lambda one: (one.row, one.column))[:most])


def _single(lines: _Lines, today: date | None, most: int) -> list[Problem]:
    """Remarks that a line earns by itself: of the first lines that may, until there are enough."""
    has = set(lines.fields)
    dates = lines.layout.dates
    wanted = [field for field in lines.fields if field in dates or field in (*_EMAILS, *_PHONES)]
    doubts = [
        f"(({after} <> '') AND {after} < {before})" for before, after in _PAIRS if {before, after} <= has
    ]
    if {"happened_on", "recorded_on"} <= has:
        late = f"try_cast(recorded_on AS DATE) - try_cast(happened_on AS DATE) > {say.LATE_DAYS}"
        doubts.append(f"coalesce({late}, false)")
    if today:
        doubts += [f"{field} > '{today.isoformat()}'" for field in _PAST if field in has]
        if "born_on" in has:
            doubts.append(f"(born_on <> '' AND born_on < '{today.year - say.OLDEST + 1:04d}')")
    if lines.layout.table == "members":
        for fields, sure in ((_EMAILS, _SURE_ADDRESS), (_PHONES, _SURE_NUMBER)):
            doubts += [f"NOT regexp_full_match({field}, '|{sure}')" for field in fields if field in has]
    found: list[Problem] = []
    after = 0
    while doubts and len(found) < most:
        rows, columns = lines.some(f'"row" > {after} AND ({" OR ".join(doubts)})', wanted, f"LIMIT {BATCH}")
        if lines.layout.table == "members":
            found.extend(say.contacts(rows, columns, lines.titles))
        found.extend(say.order(rows, columns, lines.titles, today))
        if len(rows) < BATCH:
            break
        after = rows[-1]
    return found
