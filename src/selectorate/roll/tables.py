"""Read the bytes of a file of rows as text cells: CSV with comma, semicolon or tab, XLSX, ODS, XLS.

UTF-8 with or without a byte order mark, UTF-16 with one, Windows-1252 only where somebody says so. Nothing is
guessed in silence: what does not fit is a `Problem` with its row, and what is no table at all is refused.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from selectorate import workbook
from selectorate.errors import refuse
from selectorate.roll.columns import HOW_TO_MEND, without_header
from selectorate.roll.objects import COLUMNS_MAX, Problem, Table

BYTES_MAX: Final = 1 << 30
PROBLEMS_MAX: Final = 100
"""No more problems of a file are listed; the first hundred are enough to mend it or to fetch another."""

_EXPORT: Final = "Export the list from the membership system as CSV or XLSX."
_SAVE: Final = "Open it in a spreadsheet program and save it as XLSX, or as CSV UTF-8."
_OTHER_KINDS: Final = (
    (b"%pdf-", "a PDF", _EXPORT),
    (b"{\\rtf", "a text document (RTF)", _EXPORT),
    (b"<!doctype html", "a web page", _SAVE),
    (b"<html", "a web page", _SAVE),
    (b"<?xml", "an XML document", _SAVE),
    (b"\x89png", "a picture", _EXPORT),
    (b"\xff\xd8\xff", "a picture", _EXPORT),
    (b"\x1f\x8b", "packed with gzip", "Unpack it first."),
    (b"7z\xbc\xaf", "packed with 7-Zip", "Unpack it first."),
    (b"rar!", "packed with RAR", "Unpack it first."),
    (b"sqlite format 3", "a database", _EXPORT),
)
"""How files begin that people take for lists, in small letters."""

DELIMITERS: Final = (",", ";", "\t")


def read_table(data: bytes, name: str, encoding: str | None = None) -> Table:
    """The cells of a file. name: the file's name for messages; encoding: what somebody says it is, or None.

    Raises Refusal `roll.size`, `roll.empty`, `roll.kind`, `roll.header`, `roll.text`, `roll.csv` or, of a workbook,
    `roll.workbook`. Problems of single rows (bytes that are not UTF-8, ragged rows) stand in the table.
    """
    if len(data) > BYTES_MAX:
        raise refuse("roll.size", file=name, found=len(data), allowed=BYTES_MAX)
    if form := workbook.form(data):
        from selectorate.roll.workbook import read_workbook

        lines, formulas, unread = read_workbook(data, name)
        return from_lines(name, form, "", lines, formulas, _unread(unread))
    demand_list(data[:64], name)
    text, spoken, problems = _text(data, name, encoding)
    delimiter = delimiter_of(text)
    return _lines(text, name, spoken, delimiter, problems)


def demand_list(first: bytes, name: str) -> None:
    """Raise Refusal `roll.kind` for a file that begins as something else than a list does."""
    begins = first.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for sign, found, remedy in _OTHER_KINDS:
        if begins.startswith(sign):
            raise refuse("roll.kind", file=name, found=found, remedy=remedy)


def from_lines(
    name: str,
    encoding: str,
    delimiter: str,
    lines: Sequence[tuple[int, Sequence[str]]],
    formulas: tuple[tuple[int, int], ...],
    problems: Sequence[Problem],
) -> Table:
    """Lines of cells with their row numbers as a table. Blank lines are dropped. The first is the header,
    unless it is a line of a layout that has none: its columns are then called by their places, "0", "1" ..."""
    filled = [(row, cells) for row, cells in lines if "".join(cells).strip()]
    if not filled:
        raise refuse("roll.empty", file=name)
    bare = without_header(filled[0][1])
    if bare is None:
        header = header_of(name, filled[0][1])
        filled = filled[1:]
    else:
        header = tuple(str(position) for position in range(max(len(cells) for _, cells in filled)))
        header = header[: len(bare.columns)]
    width, found = len(header), list(problems)
    even: list[Sequence[str]] = []
    for row, cells in filled:
        if bare is not None and len(cells) < width:
            cells = [*cells, *[""] * (width - len(cells))]
        if len(cells) != width:
            found.append(_ragged(row, len(cells), width))
            cells = [*cells, *[""] * width][:width]
        even.append(cells)
    rows = [row for row, _ in filled]
    columns = [list(map(str.strip, column)) for column in zip(*even, strict=True)] or [[] for _ in header]
    return Table(
        name,
        encoding,
        delimiter,
        header,
        tuple(columns),
        rows,
        formulas,
        tuple(found),
        bare.name if bare else "",
    )


def header_of(name: str, cells: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns. Raises Refusal `roll.header`."""
    header = [cell.strip() for cell in cells]
    if len(header) > COLUMNS_MAX:
        raise refuse(
            "roll.header", file=name, because=f"it has {len(header):,} columns; at most 1,000 are read"
        )
    for position, title in enumerate(header):
        if title and title in header[:position]:
            raise refuse("roll.header", file=name, because=f"two columns are called {title}")
    return tuple(header)


def _unread(sheets: Sequence[str]) -> tuple[Problem, ...]:
    """Sheets that are not read although they hold something: members might stand there."""
    sheets = [title for title in sheets if title != HOW_TO_MEND]
    if not sheets:
        return ()
    return (
        Problem(
            row=0,
            column="",
            found=f"more sheets with rows ({', '.join(sheets)})",
            expected="rows on the first sheet only",
            remedy="Save each sheet as a file of its own, or delete what does not belong here.",
        ),
    )


def _ragged(row: int, cells: int, width: int) -> Problem:
    return Problem(
        row=row,
        column="",
        found=f"{cells} cells",
        expected=f"{width} cells, as in the header",
        remedy="Look for a missing or extra separator in this row, or an unquoted one inside a cell.",
    )


def _text(data: bytes, name: str, encoding: str | None) -> tuple[str, str, list[Problem]]:
    """(text, name of the encoding, problems). Bytes that are not what they should be are shown as
    Windows-1252 so that the rows can still be looked at; the problem stops the import."""
    problems: list[Problem] = []
    spoken = encoding or "utf-8"
    try:
        if encoding is None and data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            spoken = "utf-16"
            text = data.decode(spoken)
        elif spoken == "utf-8":
            text = data.decode("utf-8-sig")
        elif spoken == "cp1252":
            text = data.decode("cp1252")
        else:
            raise refuse("roll.text", file=name, because=f"{spoken} is not an encoding that is read here")
    except UnicodeDecodeError as reason:
        if spoken != "utf-8" or _windows(data) is None:
            row = data[: reason.start].decode(spoken, "ignore").count("\n") + 1
            because = f"what stands at byte {reason.start:,}, in row {row:,}, is no character of {spoken}"
            raise refuse("roll.text", file=name, because=because) from None
        problems.append(_not_utf8(data, reason.start))
        spoken, text = "cp1252", str(_windows(data))
    if "\x00" in text:
        row = text.count("\n", 0, text.index("\x00")) + 1
        raise refuse("roll.text", file=name, because=f"row {row:,} has a zero byte, which no text has")
    return text, spoken, problems


def _windows(data: bytes) -> str | None:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return None


def _not_utf8(data: bytes, position: int) -> Problem:
    # Row by line ends: a line break inside quotes before this place would shift it, which a person can bear.
    row = data.count(b"\n", 0, position) + 1
    return Problem(
        row=row,
        column="",
        found=f"the byte {data[position]:02X}, which is not UTF-8",
        expected="UTF-8, or Windows-1252 when somebody says so",
        remedy="Save the file as CSV UTF-8, or say --encoding cp1252 if that is what it is.",
    )


def delimiter_of(text: str) -> str:
    """The separator that occurs most often in the first filled line, outside quotes; comma if none does."""
    start = len(text) - len(text.lstrip("\r\n"))
    quoted, counted = False, dict.fromkeys(DELIMITERS, 0)
    for char in text[start : start + 100_000]:
        if char == '"':
            quoted = not quoted
        elif char in "\r\n" and not quoted:
            break
        elif char in counted and not quoted:
            counted[char] += 1
    return max(DELIMITERS, key=lambda one: counted[one])


def _lines(text: str, name: str, encoding: str, delimiter: str, problems: Sequence[Problem]) -> Table:
    lines: list[tuple[int, Sequence[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            lines.append((row, cells))
    except csv.Error as reason:
        raise refuse("roll.csv", file=name, row=row + 1, because=_quoting(reason)) from None
    return from_lines(name, encoding, delimiter, lines, (), problems)


def _quoting(reason: csv.Error) -> str:
    """What the library says of quotation marks, for people."""
    said = str(reason)
    if said.startswith("field larger"):
        return f"a cell runs over more than {csv.field_size_limit():,} characters"
    if said == "unexpected end of data":
        return "one is still open at the end of the file"
    return "after a closing one a cell goes on" if "expected after" in said else said
