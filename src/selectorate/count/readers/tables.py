"""Papers as a table, from CSV or the first sheet of an XLSX: three layouts, told apart by the heading and cells.

* one column for each rank (`rank1,rank2,…`, `1st choice,…`), cells are names;
* the same without a heading: `papers,first,second,…`, the first cell a whole number;
* one column for each candidate, cells are ranks, scores, or X.

A column called count, number, papers, votes or weight says how many papers a row stands for, one called unit,
branch, section, district, riding or constituency where they come from; id, voter, ballot,
precinct and the like say nothing about the marks and are passed over, and so is a last column without heading
whose cells are all the same number. Tokens: `overvote`, `undervote` (a gap), `UWI` (the candidate "Undeclared
Write-ins"). Equal candidates in one cell are written `Alder = Ash`.

Rows before the heading whose first cell begins with `#` say what a table has no place for: `# title`, `# seats`,
`# candidates` (in their order, also those whom nobody ranked), `# withdrawn`, `# cells` (ranks or figures).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field

from selectorate.count.ballots import OVERVOTE, Ballots, Figures, Marks
from selectorate.count.fields import CANDIDATES_MAX
from selectorate.count.readers.lines import (
    CELLS_MAX,
    RANKS_MAX,
    Gathering,
    candidate_name,
    decoded,
    fault,
    multiplicity,
    number_of_seats,
    plain_title,
    trimmed,
    unknown,
    whole,
)

WRITE_INS = "Undeclared Write-ins"
EQUAL = " = "
MARKED = frozenset(("X", "x", "✓", "✗", "✔", "✘"))
_RANK = re.compile(
    r"(?P<before>.*?)[ _-]*(?:(?:rank(?:ing)?|choice|preference|pref)[ _#-]*(?P<one>[0-9]{1,4})"
    r"|(?P<two>[0-9]{1,4})(?:st|nd|rd|th)(?:[ _-]*(?:choice|preference|pref|rank))?)(?P<after>[^0-9]*)"
    r"|(?P<bare>[0-9]{1,4})",
    re.IGNORECASE,
)
_COUNT = frozenset(("count", "number", "papers", "votes", "weight", "ballots", "n"))
_UNIT = frozenset(("unit", "branch", "section", "district", "riding", "constituency"))
_ABOUT = frozenset(
    (
        "id",
        "voter",
        "ballot",
        "ballot id",
        "paper",
        "cast vote record",
        "precinct",
        "ballot style",
        "timestamp",
    )
)
_WHOLE = re.compile(r"[0-9]+")

Row = tuple[int, list[str], int]
"""(line, cells without blanks around them, how many lines are the same)."""

_Read = tuple[int, Figures, int, str]
"""(line, figures, how many papers, unit)."""


@dataclass(frozen=True, slots=True)
class Contest:
    """What stands beside a table of papers: candidates in order, those who withdrew, how many ranks count.

    aliases: another spelling -> the name. Read from a contest's own file by `reports.read_contest`.
    """

    candidates: tuple[str, ...]
    seats: int = 0
    title: str = ""
    withdrawn: tuple[str, ...] = ()
    ranks_max: int = RANKS_MAX
    aliases: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Table:
    """A table under way: what is known of candidates, and the same rows put together."""

    name: str
    about: Contest | None
    keep_order: bool
    names: list[str] = field(default_factory=list)
    open: bool = True
    """Whether names may still be met for the first time."""
    seats: int = 0
    title: str = ""
    withdrawn: tuple[str, ...] = ()
    cells: str = ""
    unit: int | None = None
    """The column of the unit that a row's papers come from."""
    spelled: dict[str, str] = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)

    def learn(self, text: str, line: int) -> int:
        """The position of the candidate of that name."""
        found = self.at.get(text)
        if found is not None:
            return found
        plain = self.spelled.get(text, WRITE_INS if text == "UWI" else text)
        if plain in self.at:
            self.at[text] = self.at[plain]
            return self.at[text]
        if not self.open:
            raise fault(
                self.name, line, f"“{plain[:40]}” is none of the {len(self.names)} candidates named above"
            )
        if len(self.names) >= CANDIDATES_MAX:
            raise fault(self.name, line, f"there are more than {CANDIDATES_MAX} candidates")
        self.names.append(candidate_name(plain, self.name, line, self.names))
        self.at[text] = self.at[plain] = len(self.names) - 1
        return self.at[text]


def read_csv(data: bytes, name: str, *, keep_order: bool = False, about: Contest | None = None) -> Ballots:
    """Read a table of papers as CSV (comma, semicolon or tab). Raises Refusal `count.file`."""
    text = decoded(data, name)
    first = next((line for line in text.split("\n") if line.strip() and not line.startswith("#")), "")
    outside = re.sub(r'"[^"]*"', "", first)
    delimiter = max(",;\t", key=outside.count)
    rows = _quoted(text, name, delimiter) if keep_order or '"' in text else _plain(text, name, delimiter)
    return read_rows(rows, data, name, "csv", keep_order=keep_order, about=about)


def _quoted(text: str, name: str, delimiter: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    left = CELLS_MAX
    try:
        for cells in reader:
            left -= len(cells)
            if left < 0:
                raise fault(name, reader.line_num, f"there are more than {CELLS_MAX} cells")
            rows.append((reader.line_num, [cell.strip() for cell in cells], 1))
    except csv.Error as reason:
        raise fault(name, reader.line_num, f"this is no CSV ({reason})") from None
    return rows


def _plain(text: str, name: str, delimiter: str) -> list[Row]:
    """Without quotation marks equal lines are equal rows: a million papers are some ten thousand lines to read."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip(delimiter + " \t"):
        lines.pop()
    first: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        first.setdefault(line, number)
    times = Counter(lines)
    rows: list[Row] = []
    left = CELLS_MAX
    for line, number in first.items():
        cells = [cell.strip() for cell in line.split(delimiter)] if line else []
        left -= len(cells)
        if left < 0:
            raise fault(name, number, f"there are more than {CELLS_MAX} cells")
        rows.append((number, cells, times[line]))
    return rows


def read_rows(
    rows: list[Row], data: bytes, name: str, format_: str, *, keep_order: bool, about: Contest | None
) -> Ballots:
    """The papers of a table whose rows are (line, cells). Raises Refusal `count.file`, `count.file.kind`."""
    table = _Table(name, about, keep_order)
    while rows and not any(rows[-1][1]):
        rows.pop()  # a spreadsheet writes empty rows at the end; one in between is a blank paper
    rows = _said(table, [row for row in rows if len(row[1]) > 1 or any(row[1])])
    if not rows or len(rows[0][1]) > CANDIDATES_MAX + 20:
        raise unknown(name, "it has no papers, or too many columns")
    numbered = _rank_columns(rows[0][1], name, rows[0][0])
    table.unit = next((at for at, cell in enumerate(rows[0][1]) if cell.casefold() in _UNIT), None)
    if _WHOLE.fullmatch(rows[0][1][0]) and len(numbered) < len(rows[0][1]):
        if len(rows[0][1]) == 1:
            raise unknown(name, "its rows have one cell each")
        _steady(rows)
        papers = _by_rank(table, rows, 0, list(range(1, max(len(cells) for _, cells, _ in rows))))
        return _given(table, papers, data, format_)
    heading = rows[0][1]
    if rows[0][2] > 1:
        raise fault(name, rows[0][0], "the heading stands there more than once")
    ranks = [] if table.cells or (table.names and {*filter(None, heading)} <= {*table.names}) else numbered
    if len(rows) == 1 and not table.names:
        raise unknown(name, "it has a heading and no papers")
    count = next((at for at, cell in enumerate(heading) if cell.casefold() in _COUNT), None)
    if ranks:
        return _given(table, _by_rank(table, rows[1:], count, ranks), data, format_)
    columns = [
        at
        for at, cell in enumerate(heading)
        if cell and at not in (count, table.unit) and cell.casefold() not in _ABOUT
    ]
    kind, papers = _by_candidate(table, rows, count, columns)
    return _given(table, papers, data, format_, figures=kind)


def _said(table: _Table, rows: list[Row]) -> list[Row]:
    """Take in the rows that begin with #, and what the contest's own file says; give the others."""
    about = table.about
    if about is not None:
        table.spelled = dict(about.aliases)
        table.seats, table.title, table.withdrawn = about.seats, about.title, about.withdrawn
        for one in about.candidates:
            table.learn(one, 1)
        # Write-ins are in the papers even where the contest's file does not list them.
        table.learn("UWI", 1)
        table.open = False
    start = 0
    for line, cells, _ in rows:
        if not cells[0].startswith("#"):
            break
        start += 1
        key, values = cells[0].lstrip("# ").rstrip(":").casefold(), [cell for cell in cells[1:] if cell]
        if key == "candidates" and about is None:
            for one in values:
                if one in table.at:
                    raise fault(table.name, line, f"two candidates are called “{one[:40]}”")
                table.learn(one, line)
            table.open = not table.names
        elif key == "seats" and values:
            table.seats = number_of_seats(values[0], table.name, line)
        elif key == "title" and values:
            table.title = values[0]
        elif key == "cells" and values:
            table.cells = values[0]
        elif key == "withdrawn":
            table.withdrawn = tuple(table.names[table.learn(one, line)] for one in values)
    return rows[start:]


def _rank_columns(heading: list[str], name: str, line: int) -> list[int]:
    """The columns of rank 1, 2, … in order; none if the heading does not number them so."""
    found: dict[tuple[str, str], dict[int, int]] = {}
    for at, cell in enumerate(heading):
        match = _RANK.fullmatch(cell)
        if match:
            contest = ((match["before"] or "").casefold(), (match["after"] or "").casefold())
            rank = int(match["one"] or match["two"] or match["bare"])
            found.setdefault(contest, {}).setdefault(rank, at)
    whole_ones = [ranks for ranks in found.values() if sorted(ranks) == list(range(1, len(ranks) + 1))]
    if len(whole_ones) > 1:
        raise fault(name, line, "there are ranks of more than one contest; give a file of one")
    return [whole_ones[0][rank] for rank in sorted(whole_ones[0])] if whole_ones else []


def _steady(rows: list[Row]) -> None:
    """Take off a last column whose cells are all the same number: it says nothing about a paper."""
    width = len(rows[0][1])
    last = {cells[-1] for _, cells, _ in rows if len(cells) == width}
    even = all(len(cells) == width for _, cells, _ in rows)
    if width > 2 and even and len(last) == 1 and _WHOLE.fullmatch(next(iter(last))):
        for _, cells, _ in rows:
            cells.pop()


def _by_rank(table: _Table, rows: list[Row], count: int | None, columns: list[int]) -> Gathering:
    if len(columns) > RANKS_MAX:
        raise unknown(table.name, f"it has more than {RANKS_MAX} ranks")
    if table.about is not None:
        columns = columns[: table.about.ranks_max]
    papers = Gathering(table.name, CANDIDATES_MAX, table.keep_order)
    known: dict[tuple[str, ...], Marks] = {}
    for line, cells, times in rows:
        if len(cells) <= max(columns):
            cells = cells + [""] * (max(columns) + 1 - len(cells))
        key = tuple([cells[at] for at in columns])
        marks = known.get(key)
        if marks is None:
            marks = known[key] = trimmed([_rank(table, cell, line) for cell in key])
        papers.add(marks, _many(table, cells, count, line) * times, line, _unit(table, cells))
    return papers


def _rank(table: _Table, cell: str, line: int) -> tuple[int, ...]:
    if cell in ("", "undervote"):
        return ()
    if cell == "overvote":
        return (OVERVOTE,)
    if cell not in table.at and EQUAL in cell:
        return tuple(sorted({table.learn(part.strip(), line) for part in cell.split(EQUAL)}))
    return (table.learn(cell, line),)


def _many(table: _Table, cells: list[str], count: int | None, line: int) -> int:
    if count is None:
        return 1
    return multiplicity(cells[count] if count < len(cells) else "", table.name, line)


def _unit(table: _Table, cells: list[str]) -> str:
    return plain_title(cells[table.unit]) if table.unit is not None and table.unit < len(cells) else ""


def _by_candidate(
    table: _Table, rows: list[Row], count: int | None, columns: list[int]
) -> tuple[bool, Gathering]:
    """(whether the cells are figures, the papers)."""
    line, heading, _ = rows[0]
    if not columns or len(columns) > CANDIDATES_MAX:
        raise unknown(
            table.name, f"its heading names {len(columns)} candidates; 1 to {CANDIDATES_MAX} were expected"
        )
    at = [table.learn(heading[column], line) for column in columns]
    if len(set(at)) != len(at):
        raise fault(table.name, line, "two columns have the same candidate")
    read: list[_Read] = []
    for line, cells, times in rows[1:]:
        figures: list[int | None] = [None] * len(table.names)
        for place, column in zip(at, columns, strict=True):
            cell = cells[column] if column < len(cells) else ""
            if cell:
                figures[place] = (
                    1 if cell in MARKED else whole(cell, table.name, line, what="a rank, a score or X")
                )
        read.append((line, tuple(figures), _many(table, cells, count, line) * times, _unit(table, cells)))
    ranked = table.cells == "ranks" if table.cells else _are_ranks(read, len(table.names))
    papers = Gathering(table.name, len(table.names), table.keep_order)
    for line, paper, number, unit in read:
        papers.add(_as_ranks(paper, table.name, line) if ranked else paper, number, line, unit)
    return not ranked, papers


def _are_ranks(read: list[_Read], size: int) -> bool:
    """Whether figures are ranks: more than half of the papers with more than one figure have 1, 2, … each once,
    and no figure is greater than the number of candidates. Marks (0, 1, X) are figures."""
    whole_ones = others = 0
    most = 0
    for _, figures, number, _ in read:
        marked = sorted(one for one in figures if one)
        most = max([most, *marked])
        if len(marked) > 1:
            if marked == list(range(1, len(marked) + 1)):
                whole_ones += number
            else:
                others += number
    return 1 < most <= size and whole_ones > others


def _as_ranks(figures: Figures, name: str, line: int) -> Marks:
    marked = sorted((rank, at) for at, rank in enumerate(figures) if rank)
    if marked and marked[-1][0] > RANKS_MAX:
        raise fault(name, line, f"rank {marked[-1][0]} is higher than {RANKS_MAX}")
    ranks: list[tuple[int, ...]] = [()] * (marked[-1][0] if marked else 0)
    for rank, at in marked:
        ranks[rank - 1] = (*ranks[rank - 1], at)
    return tuple(ranks)


def _given(table: _Table, papers: Gathering, data: bytes, format_: str, *, figures: bool = False) -> Ballots:
    names = list(table.names)
    if (
        table.about is not None
        and WRITE_INS not in table.about.candidates
        and not _met(papers, len(names) - 1)
    ):
        names.pop()
    if not names:
        raise unknown(table.name, "no candidate stands in it")
    return papers.ballots(
        data, format_, tuple(names), kind="figures" if figures else "ranks", seats=table.seats,
        title=table.title, withdrawn=table.withdrawn,
    )  # fmt: skip


def _met(papers: Gathering, candidate: int) -> bool:
    return any(candidate in rank for _, marks in papers.counts for rank in marks if isinstance(rank, tuple))
