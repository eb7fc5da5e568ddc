"""Papers and sheets as tables, in CSV and XLSX, the same rows in both.

Papers: rows that begin with `#` say title, seats, candidates and who withdrew; then one column for each rank
(rankings) or for each candidate (figures), and how many papers a row stands for. A sheet: one row for each stage.
"""

from __future__ import annotations

import csv
import io
from typing import Any, cast

from selectorate.count import fields
from selectorate.count.ballots import OVERVOTE, Ballots, Figures, Marks
from selectorate.count.objects import Sheet
from selectorate.count.readers.lines import plain_title
from selectorate.count.readers.tables import EQUAL, MARKED
from selectorate.count.writers.marked import Written, ballots_of, runs, single, unwritable
from selectorate.errors import refuse

Grid = list[list[str]]
_TOKENS = {"overvote", "undervote", "UWI", "", *MARKED}


def write_csv(papers: Written, seats: int = 0, title: str = "") -> bytes:
    """Papers as CSV in UTF-8. Raises Refusal `count.write` for a name that would be read as something else."""
    ballots = ballots_of(papers, seats, title)
    # A name with another mark that parts columns would pass for another kind of table: then everything is quoted.
    odd = any(mark in name for name in ballots.candidates for mark in ";\t")
    return _csv(_papers(ballots), odd)


def write_xlsx(papers: Written, seats: int = 0, title: str = "") -> bytes:
    """Papers as XLSX, the same bytes every time. Raises Refusal `count.write`."""
    return _xlsx(_papers(ballots_of(papers, seats, title)), "papers")


def sheet_csv(sheet: Sheet) -> bytes:
    """A sheet as CSV in UTF-8: its heading, then one row for each stage, then the transfers."""
    return _csv(_stages(sheet))


def sheet_xlsx(sheet: Sheet) -> bytes:
    """A sheet as XLSX, the same bytes every time."""
    return _xlsx(_stages(sheet), "sheet")


def _papers(ballots: Ballots) -> Grid:
    grid: Grid = []
    if ballots.title:
        grid.append(["# title", plain_title(ballots.title)])
    if ballots.seats:
        grid.append(["# seats", str(ballots.seats)])
    for name in ballots.candidates:
        if name in _TOKENS or EQUAL in f" {name} " or name.startswith("#"):
            raise unwritable("a table", f"the name “{name}” would be read as something else")
    grid.append(["# candidates", *ballots.candidates])
    if ballots.withdrawn:
        grid.append(["# withdrawn", *ballots.withdrawn])
    units = [[ballots.units[at]] if ballots.units else [] for at, _ in runs(ballots)]
    head = ["count", *(["unit"] if ballots.units else [])]
    rows = list(single(ballots))
    if ballots.kind == "figures":
        grid.append(["# cells", "figures"])
        grid.append([*head, *ballots.candidates])
        for (paper, number), unit in zip(rows, units, strict=True):
            cells = ["" if one is None else str(one) for one in cast(Figures, paper)]
            grid.append([str(number), *unit, *cells])
        return grid
    marked = [(cast(Marks, paper), number) for paper, number in rows]
    width = max([1, *(len(marks) for marks, _ in marked)])
    grid.append([*head, *(f"rank{at}" for at in range(1, width + 1))])
    for (marks, number), unit in zip(marked, units, strict=True):
        cells = [_rank(rank, ballots.candidates) for rank in marks]
        grid.append([str(number), *unit, *cells, *[""] * (width - len(cells))])
    return grid


def _rank(rank: tuple[int, ...], names: tuple[str, ...]) -> str:
    if OVERVOTE in rank:
        return "overvote"
    return EQUAL.join(names[one] for one in rank)


def _stages(sheet: Sheet) -> Grid:
    """Figures as they are printed: decimals of `places`, or fractions where the rule set rounds nothing."""

    def votes(number: Any) -> str:
        return fields.number(number, sheet.places)

    quota = sheet.quota_text
    grid: Grid = [
        ["title", sheet.title],
        ["rule set", sheet.ruleset],
        ["seats", str(sheet.seats)],
        ["valid", str(sheet.valid)],
        ["blank", str(sheet.blank)],
        ["invalid", str(sheet.invalid)],
        ["quota", "" if quota is None else str(quota)],
        ["elected", *sheet.elected],
        ["papers", sheet.papers],
        ["checked against", sheet.anchor],
    ]
    grid += [["cleaning", what, str(number)] for what, number in sheet.cleaning]
    grid += [["remark", remark] for remark in sheet.remarks]
    fixed = ["stage", "part", "act", "elected", "excluded"]
    last = ["non-transferable", "rounding", "set aside", "clause", "says"]
    grid += [[], [*fixed, *sheet.candidates, *last]]
    for stage in sheet.stages:
        grid.append([
            str(stage.number), str(stage.part or ""), stage.act, "; ".join(stage.elected), "; ".join(stage.excluded),
            *(votes(one) for one in stage.tallies), votes(stage.non_transferable), votes(stage.rounding),
            votes(stage.set_aside), stage.clause, stage.says,
        ])  # fmt: skip
    moves = [(stage, one) for stage in sheet.stages for one in stage.transfers]
    if moves:
        grid += [[], ["stage", "part", "from", "to", "papers", "value", "votes"]]
        grid += [
            [str(stage.number), str(stage.part or ""), one.giver or "", one.heir or "", str(one.papers),
             votes(one.value), votes(one.votes)]
            for stage, one in moves
        ]  # fmt: skip
    for table in sheet.tables:
        grid += [[], [table.title], list(table.columns), *(list(row) for row in table.rows)]
    for tie in sheet.ties:
        grid.append(["tie", str(tie.stage), " / ".join(tie.between), tie.by, tie.chosen, tie.purpose])
    return grid


def _csv(grid: Grid, odd: bool = False) -> bytes:
    """odd: quote everything."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL if odd else csv.QUOTE_MINIMAL).writerows(grid)
    return out.getvalue().encode()


def _xlsx(grid: Grid, name: str) -> bytes:
    try:
        import xlsxwriter  # type: ignore[import-untyped]
    except ImportError:
        raise refuse("count.engine", wanted="xlsxwriter", what="XLSX") from None
    from datetime import datetime

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    # The library would write the hour; the same papers give the same bytes.
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - a fixed day, of no zone
    sheet = book.add_worksheet(name)
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            if cell.isascii() and cell.isdigit() and len(cell) <= 15 and (cell == "0" or cell[0] != "0"):
                sheet.write_number(row, column, int(cell))
            elif cell:
                sheet.write_string(row, column, cell)
    book.close()
    return out.getvalue()
