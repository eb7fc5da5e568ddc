"""The workbook on which an export is mended: its used columns, with the cells to mend marked and explained, and a
sheet beside it, shown first, that says in plain words what to do and lists every fault.

Rows stand where they stand in the file, so that a problem's row number is the sheet's. Columns that are refused,
asked about or ignored are not in it. Every cell is text: nothing that looks like a formula becomes one. The members
are read again by the same layout; their last column is known and not stored, and the other sheet is passed over.
What has to be mended is red and bold in a thick frame, what is worth a look yellow and slanted in a dashed one, so
that both are told apart in print without colours.
"""

from __future__ import annotations

import io
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from selectorate.errors import refuse
from selectorate.roll.columns import HOW_TO_MEND, TO_MEND
from selectorate.roll.objects import Problem, Table
from selectorate.roll.reading import Reading

MARKED_MAX: Final = 100_000
"""No more problems than this are marked."""
NOTES_MAX: Final = 1_000
"""Comments on cells; the last column explains every row, comments only the first ones (they are slow to open)."""
LISTED_MAX: Final = 1_000
CELL_MAX: Final = 32_767
"""As many characters as a cell holds (ECMA-376, as spreadsheet programs keep it)."""
MEMBERS: Final = "Members"
_WIDTHS: Final = (8, 40)
"""Of a column, in characters."""
_WHY: Final = 80
_MEASURED: Final = 2_000
_NUMBER: Final = re.compile(r" of number .+(?= word for word$)")
_STEPS: Final = (
    "1.  Go to the sheet “{members}”. The last column, “{to_mend}”, says of each row what is wrong; its filter shows "
    "only the rows that have something. The list below leads to each cell.",
    "2.  Correct the cells there. Change nothing else: no columns, no order, no row of headings. Leave a cell empty "
    "where nobody knows.",
    "3.  Save the file under its name, as XLSX.",
    "4.  Look at it again: “selectorate roll check” with the name of this file. With nothing red it can be imported.",
    "5.  Correct the same in the membership system, or the faults come back with the next export.",
)
_SAFE: Final = (
    "This file holds members' data: do not send it by ordinary mail, and delete it once the list is imported."
)


def repair_sheet(table: Table, reading: Reading) -> bytes:
    """An XLSX. table: the cells as they are in the file; reading: what was found in them.

    Raises Refusal `roll.engine` where xlsxwriter is not installed.
    """
    try:
        import xlsxwriter  # type: ignore[import-untyped]
    except ImportError:
        raise refuse("roll.engine", wanted="xlsxwriter", what="a repair sheet") from None
    out = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, {**settings, "strings_to_numbers": False})
    forms = _forms(book)
    members = _Members(book, table, reading, forms)
    members.write()
    _how_to(book, members, reading, forms)
    book.close()
    return out.getvalue()


def _forms(book: Any) -> dict[str, Any]:
    text = {"num_format": "@", "valign": "top"}
    wrapped = {"text_wrap": True, "valign": "top"}
    stop = {"bg_color": "#FFC7CE", "font_color": "#7A0010", "bold": True}
    look = {"bg_color": "#FFF2B3", "font_color": "#4D3B00", "italic": True}
    frame = {"border": 5, "border_color": "#9C0006"}, {"border": 8, "border_color": "#7F6000"}
    return {
        "head": book.add_format(
            {"bold": True, "bottom": 2, "text_wrap": True, "bg_color": "#E7E6E6", **text, "valign": "vcenter"}
        ),
        "text": book.add_format(text),
        "stop": book.add_format(text | wrapped | stop | frame[0]),
        "look": book.add_format(text | wrapped | look | frame[1]),
        "why": book.add_format(wrapped | {"indent": 1, "align": "left"}),
        "plain": book.add_format(wrapped),
        "title": book.add_format({"bold": True, "font_size": 16}),
        "under": book.add_format({"bold": True, "font_size": 12}),
        "link": book.add_format({"font_color": "#0563C1", "underline": 1, "valign": "top", "align": "left"}),
    }


class _Members:
    """The rows of the file, in one pass. at: where the cell of a problem stands, for the links to it."""

    def __init__(self, book: Any, table: Table, reading: Reading, forms: dict[str, Any]) -> None:
        self.table, self.reading, self.forms = table, reading, forms
        self.titles = [title for title in table.header if title in reading.mapping]
        self.columns = [table.columns[table.header.index(title)] for title in self.titles]
        self.headless = bool(table.bare)
        self.sheet = book.add_worksheet(MEMBERS)
        self.noted = 0

    def write(self) -> None:
        rows = defaultdict[int, list[tuple[Problem, bool]]](list)
        for found, stops in ((self.reading.problems, True), (self.reading.remarks, False)):
            for problem in found:
                rows[problem.row].append((problem, stops))
        self._shape(max(self.table.rows, default=1))
        for place, row in enumerate(self.table.rows):
            self._row(self.line(row) - 1, [cells[place] for cells in self.columns], rows[row])

    def line(self, row: int) -> int:
        """Where a row of the file stands: the header is in row 1 of the sheet whatever stood above it in the file."""
        return max(row, 1 if self.headless else 2)

    def place(self, problem: Problem) -> str:
        """The cell of a problem, as spreadsheets call it; the first one of its row where it has none."""
        position = self.titles.index(problem.column) if problem.column in self.titles else 0
        return f"{_letters(position)}{self.line(problem.row)}"

    def _shape(self, last: int) -> None:
        why = len(self.titles)
        for position, title in enumerate(self.titles):
            cells = self.columns[position][:_MEASURED]
            longest = max(map(len, (title[:30], *cells)), default=0)
            wide = min(max(longest + 2, _WIDTHS[0]), _WIDTHS[1])
            self.sheet.set_column(position, position, wide, self.forms["text"])
        self.sheet.set_column(why, why, _WHY)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&LMembers' data: keep it safe&RPage &P of &N")
        if self.headless:
            return
        for position, title in enumerate((*self.titles, TO_MEND)):
            self.sheet.write_string(0, position, title, self.forms["head"])
        self.sheet.set_row(0, 30)
        self.sheet.freeze_panes(1, 1)
        self.sheet.autofilter(0, 0, max(1, last - 1), why)
        self.sheet.repeat_rows(0)

    def _row(self, at: int, cells: Sequence[str], found: Sequence[tuple[Problem, bool]]) -> None:
        by_title = defaultdict[str, list[tuple[Problem, bool]]](list)
        for problem, stops in found:
            by_title[problem.column if problem.column in self.titles else ""].append((problem, stops))
        for position, (title, text) in enumerate(zip(self.titles, cells, strict=True)):
            marked = [*by_title[title], *(by_title[""] if position == 0 else ())]
            stops = any(one for _, one in marked)
            form = self.forms["stop" if stops else "look" if marked else "text"]
            if text or marked:
                self.sheet.write_string(at, position, text[:CELL_MAX], form)
            if marked and self.noted < NOTES_MAX:
                self.noted += 1
                self._note(at, position, marked)
        if found and not self.headless:
            said = " ".join(_said(problem) for problem, _ in found)
            self.sheet.write_string(at, len(self.titles), said[:CELL_MAX], self.forms["why"])
            self.sheet.set_row(at, _height(len(said) / (_WHY + 6)))

    def _note(self, at: int, position: int, marked: Sequence[tuple[Problem, bool]]) -> None:
        said = "\n\n".join(
            f"{'To mend' if stops else 'Worth a look'}. Found: {problem.found}.\nExpected: {problem.expected}.\n"
            f"{problem.remedy}"
            for problem, stops in marked
        )[:500]
        lines = sum(1 + len(line) // 42 for line in said.split("\n"))
        shape = {"width": 300, "height": 14 * lines + 16, "font_size": 9, "color": "#FFFFE6"}
        self.sheet.write_comment(at, position, said, {"author": "selectorate", **shape})


def _how_to(book: Any, members: _Members, reading: Reading, forms: dict[str, Any]) -> None:
    """The sheet that is shown first."""
    sheet = book.add_worksheet(HOW_TO_MEND)
    sheet.activate()
    sheet.hide_gridlines(2)
    for position, wide in enumerate((9, 22, 36, 36, 52)):
        sheet.set_column(position, position, wide)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&LMembers' data: keep it safe&RPage &P of &N")
    sheet.write_string(0, 0, HOW_TO_MEND, forms["title"])
    at = 2
    for text, form in _explained(reading):
        if form in {"stop", "look"}:
            sheet.write_string(at, 0, "", forms[form])
            sheet.merge_range(at, 1, at, 4, text, forms["why"])
        else:
            sheet.merge_range(at, 0, at, 4, text, forms[form])
        sheet.set_row(at, _height(len(text) / 175))
        at += 1
    found = [*((one, "stop") for one in reading.problems), *((one, "look") for one in reading.remarks)]
    if not found:
        return
    for position, title in enumerate(("Row", "Column", "Found", "Expected", "What to do")):
        sheet.write_string(at, position, title, forms["head"])
    sheet.repeat_rows(at)
    for problem, form in found[:LISTED_MAX]:
        at += 1
        _listed(sheet, at, problem, members, forms, form)
    if len(found) > LISTED_MAX:
        more = f"{len(found) - LISTED_MAX:,} more are marked on the sheet “{MEMBERS}”."
        sheet.write_string(at + 1, 0, more)


def _listed(
    sheet: Any, at: int, problem: Problem, members: _Members, forms: dict[str, Any], form: str
) -> None:
    """One line of the list, with a link to its cell."""
    if problem.row:
        link = f"internal:'{MEMBERS}'!{members.place(problem)}"
        sheet.write_url(at, 0, link, forms["link"], str(members.line(problem.row)))
    else:
        sheet.write_string(at, 0, "file", forms["why"])
    sheet.write_string(at, 1, problem.column or "the whole row", forms["why"])
    sheet.write_string(at, 2, problem.found[:CELL_MAX], forms[form])
    sheet.write_string(at, 3, problem.expected[:CELL_MAX], forms["why"])
    sheet.write_string(at, 4, problem.remedy[:CELL_MAX], forms["why"])
    wide = 40 if form == "look" else 34
    sheet.set_row(
        at, _height(max(len(problem.found) / wide, len(problem.expected) / 40, len(problem.remedy) / 62))
    )


def _explained(reading: Reading) -> Iterator[tuple[str, str]]:
    """(sentence, form) of everything above the list."""
    stops, looks = len(reading.problems), len(reading.remarks)
    yield f"{reading.source}: {reading.layout.says}; {reading.total:,} rows, {reading.kept:,} kept.", "plain"
    yield from ((sentence, "plain") for sentence in _left_out(reading))
    if not stops and not looks:
        yield "Nothing has to be mended.", "under"
        return
    yield (f"{stops:,} to mend, {looks:,} worth a look."), "under"
    if stops:
        yield "Has to be mended before the list can be imported.", "stop"
    if looks:
        yield (
            "Worth a look. It stops nothing, and nobody is left out for it; it may be right as it is.",
            "look",
        )
    yield "", "plain"
    yield "What to do", "under"
    for step in _STEPS:
        yield step.format(members=MEMBERS, to_mend=TO_MEND), "plain"
    yield _SAFE, "plain"
    if reading.refused:
        refused = ", ".join(reading.refused)
        yield (
            f"Not in this file, because they may not be used: {refused}. Delete the file that holds them.",
            "plain",
        )
    yield "", "plain"


def _left_out(reading: Reading) -> Iterator[str]:
    """Rows that are no members: nothing is to be done about them."""
    several = defaultdict[str, list[int]](list)
    for left in reading.left_out:
        several[_NUMBER.sub("", left.because)].append(left.row)
    for because, rows in several.items():
        shown = ", ".join(map(str, rows[:10])) + (f" and {len(rows) - 10:,} more" if len(rows) > 10 else "")
        yield f"Left out already, with nothing to do about it, as {because}: row {shown}."


def _height(lines: float) -> float:
    """Of a row with so many lines of text, in points; none is higher than 409."""
    return float(min(409, 15 * max(1, math.ceil(lines))))


def _letters(position: int) -> str:
    """The letters of a column from 0, as spreadsheets write them."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _said(problem: Problem) -> str:
    column = f"{problem.column}: " if problem.column else ""
    return f"{column}found {problem.found}; expected {problem.expected}. {problem.remedy}"
