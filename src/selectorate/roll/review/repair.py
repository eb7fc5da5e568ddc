"""The sheet on which an export is mended: its used columns, with the cells to mend marked and explained.

Rows stand where they stand in the file, so that a problem's row number is the sheet's. Columns that are
refused, asked about or ignored are not in it. Every cell is text: nothing that looks like a formula becomes
one. The sheet is read again by the same layout; its last column is known and not stored.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence

from selectorate.errors import refuse
from selectorate.roll.columns import TO_MEND
from selectorate.roll.objects import Problem, Table
from selectorate.roll.reading import Reading

MARKED_MAX = 100_000
"""No more problems than this are marked."""
NOTES_MAX = 1_000
"""Comments on cells; the last column explains every row, comments only the first ones (they are slow to open)."""
CELL_MAX = 32_767
"""As many characters as a cell holds (ECMA-376, as spreadsheet programs keep it)."""


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
    _Sheet(book, table, reading).write()
    book.close()
    return out.getvalue()


class _Sheet:
    """One pass over the rows; the formats of a workbook live with it."""

    def __init__(self, book: object, table: Table, reading: Reading) -> None:
        self.table, self.reading = table, reading
        self.titles = [title for title in table.header if title in reading.mapping]
        self.columns = [table.columns[table.header.index(title)] for title in self.titles]
        self.sheet = book.add_worksheet("Members")  # type: ignore[attr-defined]
        add = book.add_format  # type: ignore[attr-defined]
        self.head = add({"bold": True, "bottom": 1, "num_format": "@"})
        self.text = add({"num_format": "@"})
        self.stop = add({"num_format": "@", "bg_color": "#FFC7CE", "border": 1})
        self.look = add({"num_format": "@", "bg_color": "#FFEB9C", "border": 1})
        self.why = add({"text_wrap": False})
        self.noted = 0

    def write(self) -> None:
        rows = defaultdict[int, list[tuple[Problem, bool]]](list)
        for found, stops in ((self.reading.problems, True), (self.reading.remarks, False)):
            for problem in found:
                rows[problem.row].append((problem, stops))
        headless = bool(self.table.bare)
        if not headless:
            for position, title in enumerate(self.titles):
                self.sheet.write_string(0, position, title, self.head)
            self.sheet.write_string(0, len(self.titles), TO_MEND, self.head)
            self.sheet.freeze_panes(1, 0)
        self.sheet.set_column(0, len(self.titles) - 1, 18, self.text)
        self.sheet.set_column(len(self.titles), len(self.titles), 90)
        for place, row in enumerate(self.table.rows):
            # The header stands in row 1 of the sheet whatever stood above it in the file.
            self._row(max(row, 1 if headless else 2) - 1, [cells[place] for cells in self.columns], rows[row])

    def _row(self, at: int, cells: Sequence[str], found: Sequence[tuple[Problem, bool]]) -> None:
        by_title = {problem.column: (problem, stops) for problem, stops in found}
        whole = any(stops and problem.column not in self.titles for problem, stops in found)
        for position, (title, text) in enumerate(zip(self.titles, cells, strict=True)):
            marked = by_title.get(title)
            form = self.text if marked is None else self.stop if marked[1] else self.look
            if marked is None and whole and position == 0:
                form = self.stop
            if text or form is not self.text:
                self.sheet.write_string(at, position, text[:CELL_MAX], form)
            if marked is not None and self.noted < NOTES_MAX:
                self.noted += 1
                self.sheet.write_comment(at, position, _said(marked[0])[:500], {"x_scale": 2})
        if found and not self.table.bare:
            said = " ".join(_said(problem) for problem, _ in found)
            self.sheet.write_string(at, len(self.titles), said[:CELL_MAX], self.why)


def _said(problem: Problem) -> str:
    column = f"{problem.column}: " if problem.column else ""
    return f"{column}found {problem.found}; expected {problem.expected}. {problem.remedy}"
