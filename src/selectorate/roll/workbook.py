"""Read the first sheet of a workbook (XLSX, ODS, XLS) (`selectorate.workbook`), as the roll wants its rows.

Places of formulas are told, their values never used: a result that is stored may be stale or forged.
"""

from __future__ import annotations

from selectorate import workbook
from selectorate.errors import refuse
from selectorate.roll.objects import COLUMNS_MAX

Lines = list[tuple[int, list[str]]]
Formulas = tuple[workbook.Place, ...]


def read_workbook(data: bytes, name: str) -> tuple[Lines, Formulas, tuple[str, ...]]:
    """((row, cells) of the first sheet, places of its formulas, names of other sheets that hold something).

    Raises Refusal `roll.workbook`.
    """
    try:
        sheet = workbook.read(data, columns_max=COLUMNS_MAX)
    except (workbook.Unreadable, ImportError) as reason:
        raise refuse("roll.workbook", file=name, because=f"{reason}") from None
    lines = sheet.lines
    while lines and not any(lines[0][1]):
        lines.pop(0)
    width = max((_filled(line) for _, line in lines[:1]), default=0)
    even = [(row, line if len(line) == width else _even(line, width)) for row, line in lines]
    return even, sheet.formulas, sheet.others


def _even(line: list[str], width: int) -> list[str]:
    # Sheets leave out trailing empty cells; that is no ragged row.
    filled = _filled(line) if len(line) > width else 0
    return line[: max(width, filled)] + [""] * (width - len(line))


def _filled(line: list[str]) -> int:
    """How many cells a line has up to its last filled one."""
    filled = len(line)
    while filled and not line[filled - 1]:
        filled -= 1
    return filled
