"""The first sheet of an XLSX workbook (`selectorate.workbook`) as the rows of a table of papers.

A cell that may not say what it seems to say is refused with its row: a formula, whose result may be stale; an
error; a truth value. A number that is not whole is refused by the table, like any other text.
"""

from __future__ import annotations

from selectorate import workbook
from selectorate.count.fields import CANDIDATES_MAX
from selectorate.count.readers.lines import BYTES_MAX, unknown
from selectorate.errors import refuse

COLUMNS_MAX = CANDIDATES_MAX + 20


def read_workbook(data: bytes, name: str) -> list[tuple[int, list[str], int]]:
    """(row, cells, 1) of the first sheet. Raises Refusal `file.size`, `count.file.kind`, `count.engine`."""
    if len(data) > BYTES_MAX:
        raise refuse("file.size", file=name, found=len(data), allowed=BYTES_MAX)
    try:
        sheet = workbook.read(data, columns_max=COLUMNS_MAX)
    except workbook.Unreadable as reason:
        raise unknown(name, f"as a workbook, {reason}") from None
    except ImportError:
        raise refuse("count.engine", what="XLSX", wanted=workbook.LIBRARY) from None
    if sheet.formulas:
        row = sheet.formulas[0][0]
        because = f"row {row} has a formula, whose result may be stale; paste values and save again"
        raise unknown(name, because)
    for row, _ in (*sheet.errors, *sheet.truths):
        raise unknown(name, f"row {row} has an error or a truth value in a cell")
    if any(len(cells) > COLUMNS_MAX for _, cells in sheet.lines):
        raise unknown(name, f"the sheet has more than {COLUMNS_MAX} columns")
    stripped = ((row, [cell.strip() for cell in cells]) for row, cells in sheet.lines)
    return [(row, cells, 1) for row, cells in stripped if any(cells)]
