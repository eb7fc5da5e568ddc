"""Read the first sheet of an XLSX workbook, after a capped look at its XML.

The reading library gives a formula without a stored result as an empty cell, and one with a result as that
result, which may be stale or forged. So the XML of the sheet is scanned first for formulas; their places are
told, their values never used. The same scan refuses zip bombs and document type declarations.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from xml.parsers import expat

from selectorate.errors import Refusal, refuse
from selectorate.roll.objects import COLUMNS_MAX

RATIO_MAX: Final = 100
TOTAL_MAX: Final = 1 << 30
PARTS_MAX: Final = 2_000
CHUNK: Final = 1 << 18
SMALL: Final = 1 << 16
"""Parts below this size may be packed tighter than RATIO_MAX: they cannot hurt."""
FORMULAS_MAX: Final = 100
"""Per column, so that formulas in columns nobody uses cannot hide one in a column that is used."""

Start = Callable[[str, dict[str, str]], None]


Lines = list[tuple[int, list[str]]]
Formulas = tuple[tuple[int, int], ...]


def read_workbook(data: bytes, name: str) -> tuple[Lines, Formulas, tuple[str, ...]]:
    """((row, cells) of the first sheet, places of its formulas, names of other sheets that hold something).

    Raises Refusal `roll.workbook`.
    """
    formulas = scan(data, name)
    try:
        import python_calamine

        book = python_calamine.load_workbook(io.BytesIO(data))
        cells = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        others = [title for title in book.sheet_names[1:] if book.get_sheet_by_name(title).height]
    except Refusal:
        raise
    except Exception as reason:  # the library raises several kinds; a bad file is never a traceback
        raise refuse("roll.workbook", file=name, because=f"it cannot be read ({reason})") from None
    lines = [(row, [_cell(value) for value in line]) for row, line in enumerate(cells, start=1)]
    while lines and not any(lines[0][1]):
        lines.pop(0)
    width = max((_filled(line) for _, line in lines[:1]), default=0)
    even = [(row, line[: max(width, _filled(line))]) for row, line in _padded(lines, width)]
    return even, formulas, tuple(others)


def scan(data: bytes, name: str) -> Formulas:
    """(row, column from 0) of every formula on the first sheet; every XML part is parsed once on the way.

    Raises Refusal `roll.workbook` for a damaged zip, one that unpacks to more than 100 times its size or 1
    GB, a document type declaration, or XML that is not well formed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return _scan(book, name)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, OSError) as reason:
        raise refuse("roll.workbook", file=name, because=f"the zip is damaged ({reason})") from None
    except (RuntimeError, ValueError, zlib.error, struct.error) as reason:  # an encrypted or damaged part
        raise refuse("roll.workbook", file=name, because=f"a part cannot be opened ({reason})") from None


def _scan(book: zipfile.ZipFile, name: str) -> tuple[tuple[int, int], ...]:
    parts = book.infolist()
    if len(parts) > PARTS_MAX or len({part.filename for part in parts}) != len(parts):
        raise refuse("roll.workbook", file=name, because="it has too many parts, or two of one name")
    sheet = _first_sheet(book, name)
    if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts):
        raise refuse("roll.workbook", file=name, because="a part is packed in an uncommon way")
    places: list[tuple[int, int]] = []
    total = 0
    for part in parts:
        is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
        start = _Formulas(places) if part.filename == sheet else None
        total += _unpack(book, part, name, start, xml=is_xml, before=total)
    return tuple(places)


def _unpack(
    book: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, start: Start | None, *, xml: bool, before: int
) -> int:
    """Read a part to its end in pieces, counting what really comes out; gives its size."""
    size = 0
    parser = _parser(name, start)
    with book.open(part) as stream:
        while piece := stream.read(CHUNK):
            size += len(piece)
            if before + size > TOTAL_MAX:
                raise refuse("roll.workbook", file=name, because="it unpacks to more than 1 GB")
            if size > SMALL and size > RATIO_MAX * max(1, part.compress_size):
                raise refuse("roll.workbook", file=name, because="it unpacks to more than 100 times its size")
            if xml:
                _feed(parser, piece, name, part.filename, last=False)
    if xml:
        _feed(parser, b"", name, part.filename, last=True)
    return size


def _feed(parser: Any, piece: bytes, name: str, part: str, *, last: bool) -> None:
    try:
        parser.Parse(piece, last)
    except expat.ExpatError as reason:
        raise refuse("roll.workbook", file=name, because=f"{part} is not well formed ({reason})") from None


def _parser(name: str, start: Start | None) -> Any:
    parser = expat.ParserCreate()

    def doctype(*_: object) -> None:
        raise refuse("roll.workbook", file=name, because="it declares a document type, which no sheet needs")

    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    if start is not None:
        parser.StartElementHandler = start
    return parser


class _Formulas:
    """Notes the place of each cell that holds a formula, the first of each column being enough to stop an
    import. Cells and rows may leave out their reference; they then follow the one before."""

    __slots__ = ("column", "counted", "places", "row")

    def __init__(self, places: list[tuple[int, int]]) -> None:
        self.places = places
        self.counted: dict[int, int] = {}
        self.row = 0
        self.column = -1

    def __call__(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rsplit(":", 1)[-1]
        if local == "row":
            given = _REFERENCE.match(attributes.get("r", ""))
            self.row = int(given[2]) if given and given[2] else self.row + 1
            self.column = -1
        elif local == "c":
            given = _REFERENCE.match(attributes.get("r", ""))
            self.row = int(given[2]) if given and given[2] else self.row
            self.column = _position(given[1]) if given and given[1] else self.column + 1
        elif local == "f" and self.counted.get(self.column, 0) < FORMULAS_MAX and self.column < COLUMNS_MAX:
            self.counted[self.column] = self.counted.get(self.column, 0) + 1
            self.places.append((self.row, self.column))


_REFERENCE = re.compile(r"([A-Za-z]{0,4})([0-9]{0,8})\Z", re.ASCII)


def _position(letters: str) -> int:
    """Position of a column from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + (ord(letter) - 64)
    return number - 1


def _first_sheet(book: zipfile.ZipFile, name: str) -> str:
    """The part that holds the first sheet in the order of the workbook."""
    sheets: list[str] = []
    targets: dict[str, str] = {}

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rsplit(":", 1)[-1] == "sheet":
            sheets.extend(value for key, value in attributes.items() if key.rsplit(":", 1)[-1] == "id")

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.rsplit(":", 1)[-1] == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    for part, start in (("xl/workbook.xml", sheet), ("xl/_rels/workbook.xml.rels", relation)):
        try:
            info = book.getinfo(part)
        except KeyError:
            raise refuse("roll.workbook", file=name, because=f"{part} is missing") from None
        _unpack(book, info, name, start, xml=True, before=0)
    if not sheets or sheets[0] not in targets:
        raise refuse("roll.workbook", file=name, because="it has no first sheet")
    target = targets[sheets[0]]
    path = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target))
    if path not in book.namelist():
        raise refuse("roll.workbook", file=name, because=f"{path} is missing")
    return path


def _padded(lines: list[tuple[int, list[str]]], width: int) -> list[tuple[int, list[str]]]:
    # Sheets leave out trailing empty cells; that is no ragged row.
    return [(row, line + [""] * (width - len(line))) for row, line in lines]


def _filled(line: list[str]) -> int:
    """How many cells a line has up to its last filled one."""
    return max((position + 1 for position, text in enumerate(line) if text), default=0)


def _cell(value: object) -> str:
    """A cell as text: dates in ISO form, whole numbers without a point, yes and no as 1 and 0."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value).strip()
