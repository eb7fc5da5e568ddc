"""What a file holds, what becomes of it, and what stops it: read before anything is stored."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from selectorate.errors import refuse
from selectorate.roll.columns import YES_NO, Layout, Plan, named, plan
from selectorate.roll.dates import AMBIGUOUS, FORMATS, best_format, column_format, read_date
from selectorate.roll.objects import LeftOut, Problem, Table
from selectorate.roll.review.remarks import notes, remarks, repeated
from selectorate.roll.tables import PROBLEMS_MAX, read_table

CELL_CHARS_MAX = 1_000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
YES = frozenset(("1", "y", "yes", "true", "x"))
NO = frozenset(("", "0", "n", "no", "false"))
WORDS = {"day-first": ("%d/%m/%Y", "%d-%m-%Y"), "month-first": ("%m/%d/%Y", "%m-%d-%Y")}
"""What somebody may declare about the dates of a file."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One file, read and judged. columns: field -> its cells, dates in ISO form; rows: their row numbers;
    both without the lines left out. sha256: of the file's bytes. problems stop the import; remarks do not:
    values that cannot be, defaults, numbers that come twice. notes: sentences for the officer. stored: how many
    lines of a large file lie in the engine's table of that name (`large.reading`), rows and columns being empty."""

    source: str
    sha256: str
    encoding: str
    delimiter: str
    layout: Layout
    total: int
    rows: tuple[int, ...]
    columns: Mapping[str, tuple[str, ...]]
    mapping: Mapping[str, str]
    refused: tuple[str, ...]
    ask: tuple[str, ...]
    ignored: tuple[str, ...]
    date_format: str | None
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    stored: int = 0
    table: str = ""

    @property
    def kept(self) -> int:
        """How many lines are kept."""
        return self.stored or len(self.rows)

    def to_json(self) -> dict[str, object]:
        """What `roll check FILE --json` prints."""
        return {
            "source": self.source,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "rows": self.total,
            "rows_kept": self.kept,
            "map": dict(self.mapping),
            "refuse": list(self.refused),
            "ask": list(self.ask),
            "ignore": list(self.ignored),
            "date_format": self.date_format,
            "problems": [
                problem.to_json() for problem in sorted((*self.problems, *self.remarks), key=by_row)
            ],
        }

    def mapped(self) -> str:
        """Which column is read as which field."""
        return ", ".join(f"{title} = {field}" for title, field in self.mapping.items())

    def lines(self) -> Iterator[str]:
        """The same for people, line by line."""
        yield f"{self.source}: {self.layout.says}; {self.total:,} {_rows(self.total)}, {self.kept:,} kept."
        yield f"Read as: {self.mapped()}."
        if not self.total:
            yield "There is no row below the header: nothing would be imported."
        if self.refused:
            yield f"Refused, not read and not stored: {', '.join(self.refused)}."
            yield f"Delete {self.source} and every copy of it once its other columns are imported or mended."
        if self.ignored:
            yield f"Known, harmless and not stored: {', '.join(self.ignored)}."
        for left in self.left_out[:PROBLEMS_MAX]:
            yield f"Row {left.row} is left out: {left.because}."
        for title in self.ask:
            yield f"To ask: {title}{_question(title, self)}"
        yield from self.notes
        for problem in self.problems:
            yield problem.sentence(self.source)
        if self.remarks:
            yield "These do not stop an import:"
        for remark in self.remarks:
            yield remark.sentence(self.source)


def _rows(number: int) -> str:
    return "row" if number == 1 else "rows"


def by_row(problem: Problem) -> int:
    return problem.row


def _question(title: str, reading: Reading) -> str:
    if title not in reading.mapping and title in reading.layout.needs:
        return " is in no column; whatever depends on it will be asked, nobody is left out for it."
    if title in reading.mapping:
        return " can be read in two ways; see the problem below."
    return " is not a column this layout knows; it is not stored."


def check_file(
    data: bytes,
    name: str,
    *,
    encoding: str | None = None,
    dates: str | None = None,
    layout: Layout | None = None,
    today: date | None = None,
) -> dict[str, object]:
    """What a file holds and what is wrong with it, as plain values. Raises as `read_file`."""
    return read_file(data, name, encoding=encoding, dates=dates, layout=layout, today=today).to_json()


def read_file(
    data: bytes,
    name: str,
    *,
    encoding: str | None = None,
    dates: str | None = None,
    layout: Layout | None = None,
    today: date | None = None,
    most: int = PROBLEMS_MAX,
) -> Reading:
    """Read a file of members, payments or events and judge it; nothing is stored.

    name: for messages; encoding: "utf-8" or "cp1252" where somebody says so; dates: "day-first",
    "month-first" or one of `dates.FORMATS` where somebody says so, else found from each column; layout: where
    somebody names one, else it is recognised; today: to find days that have not come yet; most: how many
    problems are listed. Raises Refusal `roll.layout` when no layout fits, `roll.map` when the one named does
    not, and those of `tables.read_table`.
    """
    table, planned = _planned(data, name, encoding, layout)
    fields = planned.fields
    problems = [*table.problems, *_formulas(table, fields)]
    columns = {field: table.columns[position] for position, field in fields.items()}
    titles = {field: table.header[position] for position, field in fields.items()}
    problems.extend(_headers(table, titles, columns))
    formats: dict[str, str] = {}
    for field in sorted(planned.layout.dates & set(columns), key=list(columns).index):
        columns[field], form, found = _dates(table, titles[field], columns[field], dates, most)
        problems.extend(found)
        if form is not None:
            formats[field] = form
    problems.extend(_values(table, titles, columns))
    marked = tuple(_left_out(table, columns))
    gone = {left.row for left in marked}
    left_out = (*marked, *repeated(table, columns, planned.layout, gone))
    gone |= {left.row for left in left_out}
    problems.extend(_nameless(table, columns, planned.layout, gone))
    unclear = tuple(titles[field] for field, form in formats.items() if form == AMBIGUOUS)
    rows, cells = _kept(table.rows, columns, gone)
    return Reading(
        source=name,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=table.encoding,
        delimiter=table.delimiter,
        layout=planned.layout,
        total=len(table.rows),
        rows=rows,
        columns=cells,
        mapping={table.header[position]: field for position, field in fields.items()},
        refused=planned.refused,
        ask=(*unclear, *planned.ask),
        ignored=planned.ignored,
        date_format=spoken(formats),
        left_out=left_out,
        problems=tuple(sorted(problems, key=by_row)[:most]),
        remarks=remarks(planned.layout, rows, cells, titles, today)[:most],
        notes=notes(rows, cells),
    )


def _kept(
    rows: Sequence[int], columns: Mapping[str, Sequence[str]], gone: set[int]
) -> tuple[tuple[int, ...], dict[str, tuple[str, ...]]]:
    """Rows and cells without the rows left out."""
    if not gone:
        return tuple(rows), {field: tuple(column) for field, column in columns.items()}
    kept = [place for place, row in enumerate(rows) if row not in gone]
    cells = {field: tuple(column[place] for place in kept) for field, column in columns.items()}
    return tuple(rows[place] for place in kept), cells


def _planned(data: bytes, name: str, encoding: str | None, layout: Layout | None) -> tuple[Table, Plan]:
    table = read_table(data, name, encoding)
    if layout is None and table.bare:
        layout = named(table.bare)
    planned = plan(table.header, name, layout)
    if table.encoding == "cp1252" and planned.layout.encoding == "cp1252" and encoding is None:
        table = read_table(data, name, "cp1252")
    return table, planned


def spoken(formats: Mapping[str, str]) -> str | None:
    found = sorted(set(formats.values()))
    return AMBIGUOUS if AMBIGUOUS in found else ", ".join(found) or None


def _formulas(table: Table, fields: Mapping[int, str]) -> Iterator[Problem]:
    for row, position in table.formulas:
        if position in fields and row >= 1:
            yield Problem(
                row=row,
                column=table.header[position],
                found="a formula",
                expected="a value",
                remedy="Copy the column and paste it as values, then save the file again.",
            )


def _dates(
    table: Table, title: str, cells: Sequence[str], declared: str | None, most: int
) -> tuple[Sequence[str], str | None, list[Problem]]:
    """(cells in ISO form, format, problems) of one column of dates; cells of an unclear column stay empty."""
    known = {text: "" for text in cells if text}
    if not known:
        return cells, None, []
    form = declared_format(declared, list(known)) if declared else column_format(cells)
    if form == AMBIGUOUS:
        shown = [(row, text) for row, text in zip(table.rows, cells, strict=True) if text]
        return [""] * len(cells), AMBIGUOUS, [two_ways(title, shown, len(shown))]
    form = form or best_format(cells)
    dated = {text: read_date(text, form) for text in known}
    found = [
        no_date(row, title, text, form)
        for row, text in zip(table.rows, cells, strict=True)
        if text and dated[text] is None
    ]
    iso = {text: "" if day is None else day.isoformat() for text, day in dated.items()}
    return [iso[text] if text else "" for text in cells], form, found[:most]


def _headers(
    table: Table, titles: Mapping[str, str], columns: Mapping[str, Sequence[str]]
) -> Iterator[Problem]:
    """Rows that are the header once more, as where two exports were put together."""
    first, again = next(iter(columns), ""), tuple(titles.values())
    if table.bare or not first or titles[first] not in columns[first]:
        return
    for row, cells in zip(table.rows, zip(*columns.values(), strict=True), strict=True):
        if cells == again:
            yield header_again(row)


def header_again(row: int) -> Problem:
    return Problem(row, "", "the header once more", "a row of its own for each member", "Take this row out.")


def no_date(row: int, title: str, text: str, form: str) -> Problem:
    return Problem(
        row, title, text, f"a date that exists, as {_sample(form)}", "Correct this cell in the source."
    )


def declared_format(declared: str, texts: Sequence[str]) -> str:
    said = WORDS.get(declared, (declared,))
    if not set(said) <= set(FORMATS):
        raise refuse("roll.dates", found=declared, known=", ".join((*WORDS, *FORMATS)))
    choices: tuple[str, ...] = (*said, "%Y-%m-%d")
    return max(choices, key=lambda form: sum(read_date(text, form) is not None for text in texts))


def _sample(form: str) -> str:
    return date(2026, 4, 23).strftime(form)


def two_ways(title: str, shown: Sequence[tuple[int, str]], number: int) -> Problem:
    """shown: (row, text) of the first filled cells; number: of all of them."""
    listed = ", ".join(f"row {row}: {text}" for row, text in shown[:5])
    more = f" and {number - 5} more" if number > 5 else ""
    return Problem(
        row=shown[0][0],
        column=title,
        found=f"dates that fit day-first and month-first alike ({listed}{more})",
        expected="dates that can be read in one way only",
        remedy="Which comes first, the day or the month? Say --dates day-first or --dates month-first.",
    )


def _values(
    table: Table, titles: Mapping[str, str], columns: Mapping[str, Sequence[str]]
) -> Iterator[Problem]:
    """Cells that cannot be what their field is."""
    for field, cells in columns.items():
        judge = judge_of(field)
        distinct = set(cells)
        is_short = max(map(len, distinct), default=0) <= CELL_CHARS_MAX
        # one search over all of them: a line feed is none of the characters looked for
        if judge is None and is_short and not CONTROL.search("\n".join(distinct)):
            continue
        verdicts = {text: fault(text, judge) for text in distinct}
        if not any(verdicts.values()):
            continue
        for row, text in zip(table.rows, cells, strict=True):
            if expected := verdicts[text]:
                yield no_value(row, titles[field], text, expected)


def no_value(row: int, title: str, text: str, expected: str) -> Problem:
    return Problem(row, title, text[:60], expected, "Correct this cell in the source.")


def judge_of(field: str) -> Callable[[str], str] | None:
    """What says of a cell of that field what was expected, "" where it is so; None where any text may stand."""
    return _JUDGES.get(field) or (_yes_no if field in YES_NO else None)


def fault(text: str, judge: Callable[[str], str] | None) -> str:
    if len(text) > CELL_CHARS_MAX:
        return "at most 1000 characters"
    if CONTROL.search(text):
        return "text without control characters"
    return judge(text) if judge else ""


def _yes_no(text: str) -> str:
    return "" if text.casefold() in YES | NO else "yes or no"


def _weight(text: str) -> str:
    whole = text.isascii() and text.isdigit() and len(text) <= 9
    return "" if not text or whole else "a whole number"


def _amount(text: str) -> str:
    return "" if cents(text) is not None else "an amount such as 12.50"


def cents(text: str) -> int | None:
    """An amount in hundredths, exactly; None for what is no amount. Empty is 0 paid, not unknown: a row of a
    payments file without an amount still says that somebody paid."""
    plain = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    try:
        hundredths = Decimal(plain or "0") * 100
    except InvalidOperation:
        return None
    whole = (
        hundredths.is_finite() and hundredths == hundredths.to_integral_value() and abs(hundredths) < 10**14
    )
    return int(hundredths) if whole else None


_JUDGES = {"weight": _weight, "amount": _amount}


def _left_out(table: Table, columns: Mapping[str, Sequence[str]]) -> Iterator[LeftOut]:
    for field, because in (
        ("is_test", "it is marked as a test record"),
        ("deceased", "it is marked as deceased"),
    ):
        for row, text in zip(table.rows, columns.get(field, ()), strict=False):
            if text.casefold() in YES:
                yield LeftOut(table.source, row, because)


def _nameless(
    table: Table, columns: Mapping[str, Sequence[str]], layout: Layout, gone: set[int]
) -> Iterator[Problem]:
    """Lines that say nobody's number: they cannot be anybody's."""
    empty = [""] * len(table.rows)
    numbers = [columns.get(field, empty) for field in layout.number]
    for row, *found in zip(table.rows, *numbers, strict=True):
        if row not in gone and not any(found):
            yield no_number(row)


def no_number(row: int) -> Problem:
    return Problem(
        row=row,
        column="member_id",
        found="no member number",
        expected="a number in every row",
        remedy="Give the row its number in the source, or take it out.",
    )
