"""The first sheet of an XLSX, ODS or XLS workbook as text, for whichever room reads one: a capped look at its
parts, then the library.

The reading library gives a formula without a stored result as an empty cell, one with a result as that result,
which may be stale or forged, and an error as an empty cell; it lays out every cell between the first and the last.
So the XML is scanned first (ECMA-376, part 1: 12.3 and 18.3): for formulas and errors, whose places are told, for
the size of the sheet, for macros, zip bombs and document type declarations. ODS is scanned likewise for cells and
rows that say how often they repeat (OpenDocument's table elements, as LibreOffice writes them), XLS record by
record (`xls`). What is wrong is raised as `Unreadable`; each room says it in its own words.

Takes the bytes of a workbook. Gives its first sheet as text with the places of formulas, errors and truths.
Refuses what is damaged, packed too tight, too large, protected, or has macros or entities. Deliberately absent:
writing, results of formulas, every sheet but the first, files.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from xml.parsers import expat

from selectorate.workbook import xls
from selectorate.workbook.plain import Look

RATIO_MAX: Final = 100
TOTAL_MAX: Final = 1 << 30
PARTS_MAX: Final = 2_000
CELLS_MAX: Final = 30_000_000
"""Between the first row and column and the last ones that hold something: all of these are laid out in memory."""
ROWS_MAX: Final = 1_048_576
COLUMNS_MAX: Final = 16_384
"""As many as a sheet has (ECMA-376, part 1, 18.3.1.73 and 18.3.1.13, as spreadsheet programs hold it)."""
CHUNK: Final = 1 << 20
SMALL: Final = 1 << 16
"""Parts below this size may be packed tighter than RATIO_MAX: they cannot hurt."""
MARKED_MAX: Final = 100
"""Per column, so that formulas in columns nobody uses cannot hide one in a column that is used."""
ODS: Final = b"application/vnd.oasis.opendocument.spreadsheet"
LIBRARY: Final = "python-calamine"

Start = Callable[[str, dict[str, str]], None]
Place = tuple[int, int]
"""Row from 1, column from 0."""


class Unreadable(Exception):  # noqa: N818 - it is what the workbook is
    """Why a workbook cannot be read, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first sheet. lines: (row from 1, cells as text). formulas, errors, truths (yes or no): places of
    cells that hold one, at most 100 a column. others: names of other sheets that hold something."""

    lines: list[tuple[int, list[str]]]
    formulas: tuple[Place, ...]
    errors: tuple[Place, ...]
    truths: tuple[Place, ...]
    others: tuple[str, ...]


def read(data: bytes, *, columns_max: int) -> Sheet:
    """The first sheet of a workbook. columns_max: formulas and errors beyond are not told one by one.

    Raises Unreadable; ImportError where the reading library is not installed.
    """
    found = scan(data, columns_max=columns_max) if form(data) != "xls" else _looked(data, columns_max)
    import python_calamine

    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        cells = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        others = tuple(title for title in book.sheet_names[1:] if book.get_sheet_by_name(title).height)
    except Exception as reason:  # the library raises several kinds; a bad file is never a traceback
        raise Unreadable(f"it cannot be read ({reason})") from None
    except BaseException as reason:
        # A panic of the library's Rust is no Exception; an interruption stays one.
        if type(reason).__name__ != "PanicException":
            raise
        raise Unreadable("it is damaged in a way that the reading library does not survive") from None
    text = _cell if form(data) == "ods" else _serial_cell
    lines = [(row, _texts(line, text)) for row, line in enumerate(cells, start=1)]
    if any(_NO_DAY in line for _, line in lines) and form(data) == "xlsx":
        sure = _days_59(data)
        lines = [
            (
                row,
                [_DAY_59 if (row, at) in sure and cell == _NO_DAY else cell for at, cell in enumerate(line)],
            )
            for row, line in lines
        ]
    return Sheet(lines, tuple(found.formulas), tuple(found.errors), tuple(found.truths), others)


def form(data: bytes) -> str:
    """ "xlsx", "ods", "xls", or "" for what is no workbook; a zip of any other kind is "xlsx", and not one."""
    if data[:8] == xls.MAGIC:
        return "xls"
    if data[:4] != b"PK\x03\x04":
        return ""
    return "ods" if data[30:38] == b"mimetype" and ODS in data[38:120] else "xlsx"


def _looked(data: bytes, columns_max: int) -> Scan:
    try:
        seen = xls.look(data)
    except ValueError as reason:
        raise Unreadable(str(reason)) from None
    found = Scan(columns_max)
    for kind, places, into in (
        ("formula", seen.formulas, found.formulas),
        ("error", seen.errors, found.errors),
        ("truth", seen.truths, found.truths),
    ):
        for found.row, found.column in places:
            found.note(kind, into)
    return found


def scan(data: bytes, *, columns_max: int) -> Scan:
    """What the first sheet has in it; every XML part is parsed once on the way.

    Raises Unreadable for a damaged zip, one that unpacks to more than 100 times its size or 1 GB, a document type
    declaration, XML that is not well formed, and a sheet of too many cells.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return _scanned(book, columns_max)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, OSError) as reason:
        raise Unreadable(f"the zip is damaged ({reason})") from None
    except (RuntimeError, ValueError, zlib.error, struct.error) as reason:  # an encrypted or damaged part
        raise Unreadable(f"a part cannot be opened ({reason})") from None


def _scanned(book: zipfile.ZipFile, columns_max: int) -> Scan:
    parts = book.infolist()
    if len(parts) > PARTS_MAX or len({part.filename for part in parts}) != len(parts):
        raise Unreadable("it has too many parts, or two of one name")
    if any(_MACROS.search(part.filename) for part in parts):
        raise Unreadable("it has macros, which no list needs")
    is_ods = "mimetype" in book.namelist() and book.read("mimetype")[:100].startswith(ODS)
    sheet = "content.xml" if is_ods else _first_sheet(book)
    if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts):
        raise Unreadable("a part is packed in an uncommon way")
    found: Scan = OdsScan(columns_max) if is_ods else Scan(columns_max)
    total = 0
    for part in parts:
        is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
        # Every sheet is laid out by the library, so every sheet is measured.
        start = found if part.filename == sheet else Scan(columns_max) if "sheet" in part.filename else None
        look = None if start is None or is_ods or not is_xml else Look(start.seen, start.reach)
        size = _unpack(book, part, start, xml=is_xml, before=total, look=look)
        if look and start and not look.is_common:
            start.forget()
            size = _unpack(book, part, start, xml=is_xml, before=total)
        total += size
    return found


def _unpack(
    book: zipfile.ZipFile,
    part: zipfile.ZipInfo,
    start: Start | None,
    *,
    xml: bool,
    before: int,
    look: Look | None = None,
) -> int:
    """Read a part in pieces, counting what really comes out; gives its size. To its end, but for a sheet that turns
    out to be no common one: that is to be read again without a look."""
    size = 0
    parser = _parser(start)
    with book.open(part) as stream:
        while piece := stream.read(CHUNK):
            size += len(piece)
            if before + size > TOTAL_MAX:
                raise Unreadable("it unpacks to more than 1 GB")
            if size > SMALL and size > RATIO_MAX * max(1, part.compress_size):
                raise Unreadable(f"it unpacks to more than {RATIO_MAX} times its size")
            if look:
                look.feed(piece, last=False)
                if not look.is_common:
                    return size
            elif xml:
                _feed(parser, piece, part.filename, last=False)
    if look:
        look.feed(b"", last=True)
    elif xml:
        _feed(parser, b"", part.filename, last=True)
    return size


def _feed(parser: Any, piece: bytes, part: str, *, last: bool) -> None:
    try:
        parser.Parse(piece, last)
    except expat.ExpatError as reason:
        raise Unreadable(f"{part[:80]} is not well formed ({reason})") from None


def _parser(start: Start | None) -> Any:
    parser = expat.ParserCreate()

    def doctype(*_: object) -> None:
        raise Unreadable("it has a document type declaration, which no sheet needs")

    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    if start is not None:
        parser.StartElementHandler = start
    return parser


@dataclass(slots=True)
class Scan:
    """Notes how far a sheet reaches, and the places of cells that hold a formula or an error. Cells and rows may
    leave out their reference; they then follow the one before."""

    columns_max: int
    formulas: list[Place] = field(default_factory=list)
    errors: list[Place] = field(default_factory=list)
    truths: list[Place] = field(default_factory=list)
    noted: Counter[tuple[str, int]] = field(default_factory=Counter)
    row: int = 0
    column: int = -1
    deepest: int = 0
    widest: int = 0
    before: str = ""

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
            self._measure()
            if attributes.get("t") in ("e", "b"):
                self.note(*(("error", self.errors) if attributes["t"] == "e" else ("truth", self.truths)))
        elif local == "f" and self.before in _IN_CELLS:
            self.note("formula", self.formulas)
        self.before = local

    def seen(self, kind: str, row: int, letters: str) -> None:
        """What `Look` found without parsing."""
        self.row, self.column = row, _position(letters)
        self.note(kind, {"formula": self.formulas, "error": self.errors, "truth": self.truths}[kind])

    def reach(self, row: int, columns: set[str]) -> bool:
        """Whether a sheet that reaches so far is read."""
        self.row, self.column = row, max(map(_position, columns))
        try:
            self._measure()
        except Unreadable:
            return False
        return True

    def forget(self) -> None:
        """Begin again: nothing of what was seen counts."""
        self.formulas, self.errors, self.truths = [], [], []
        self.noted = Counter()
        self.row, self.column, self.deepest, self.widest, self.before = 0, -1, 0, 0, ""

    def _measure(self) -> None:
        self.deepest, self.widest = max(self.deepest, self.row), max(self.widest, self.column + 1)
        beyond = self.deepest > ROWS_MAX or self.widest > COLUMNS_MAX
        if beyond or self.deepest * self.widest > CELLS_MAX:
            reach = f"a sheet reaches to row {self.deepest}, column {self.widest}"
            raise Unreadable(f"{reach}; at most {CELLS_MAX} cells up to row {ROWS_MAX} are read")

    def note(self, kind: str, places: list[Place]) -> None:
        if self.noted[kind, self.column] < MARKED_MAX and self.column < self.columns_max:
            self.noted[kind, self.column] += 1
            places.append((self.row, self.column))


@dataclass(slots=True)
class OdsScan(Scan):
    """The same for the tables of an ODS; only the first one's formulas are noted, all are measured."""

    tables: int = 0
    times: int = 1

    def __call__(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rsplit(":", 1)[-1]
        if local == "table":
            self.tables += 1
            self.row, self.column, self.times = 0, -1, 1
        elif local == "table-row":
            self.row += self.times if self.row else 1
            self.column, self.times = -1, _repeated(attributes, "table:number-rows-repeated")
        elif local in {"table-cell", "covered-table-cell"}:
            wide = _repeated(attributes, "table:number-columns-repeated")
            kind = attributes.get("calcext:value-type", attributes.get("office:value-type"))
            is_formula = any(key.rsplit(":", 1)[-1] == "formula" for key in attributes)
            if kind or is_formula:
                self._reach(wide)
            for _ in range(min(wide, COLUMNS_MAX) if self.tables == 1 and (kind or is_formula) else 0):
                self.column += 1
                if is_formula:
                    self.note("formula", self.formulas)
                if kind in {"error", "boolean"}:
                    self.note(*(("error", self.errors) if kind == "error" else ("truth", self.truths)))
            if self.tables != 1 or not (kind or is_formula):
                self.column += wide

    def _reach(self, wide: int) -> None:
        row, column = self.row, self.column
        self.row, self.column = row + self.times - 1, column + wide
        self._measure()
        self.row, self.column = row, column


def _repeated(attributes: dict[str, str], name: str) -> int:
    """How often a cell or row stands there; one where that is no number."""
    text = attributes.get(name, "1")
    times = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1
    if times > ROWS_MAX:
        raise Unreadable(f"something in it repeats {times} times")
    return max(1, times)


_DAY_59: Final = "1900-02-28"
_NO_DAY: Final = "1900-02-28 or 1900-02-29"
_MACROS = re.compile(r"(?i)(^|/)(vbaProject[^/]*\.bin|macrosheets/.*)$|^(Basic|Scripts)/.*")
_IN_CELLS: Final = frozenset(("c", "v", "is", "t"))
"""What may begin before a cell's formula does; that of a list of choices follows other elements."""
_REFERENCE = re.compile(r"([A-Za-z]{0,4})([0-9]{0,8})\Z", re.ASCII)


def _position(letters: str) -> int:
    """Position of a column from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + (ord(letter) - 64)
    return number - 1


def _other_kind(names: list[str], missing: str) -> str:
    """What a zip is that is no workbook."""
    if any(name.startswith("Index/") or name == "Index.zip" for name in names):
        return "it is a Numbers document; export it there as Excel or CSV"
    if "word/document.xml" in names:
        return "it is a text document"
    return f"it is a zip, but no workbook ({missing} is missing); if the list is inside, unpack it first"


def _first_sheet(book: zipfile.ZipFile) -> str:
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
            raise Unreadable(_other_kind(book.namelist(), part)) from None
        _unpack(book, info, start, xml=True, before=0)
    if not sheets or sheets[0] not in targets:
        raise Unreadable("it has no first sheet")
    target = targets[sheets[0]]
    path = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target))
    if path not in book.namelist():
        raise Unreadable(f"{path[:80]} is missing")
    return path


def _texts(line: list[Any], text: Callable[[object], str]) -> list[str]:
    """A row's cells as text, blanks at their ends included."""
    try:
        "".join(line)  # in most rows of a list every cell is text
    except TypeError:
        return list(map(text, line))
    return line


def _serial_cell(value: object) -> str:
    """The same where days are stored as numbers: day 60 would be 29 February 1900, which did not exist, and the
    library gives the day before for it. Which one it was is not told here, so it is no date."""
    if isinstance(value, date) and (value.year, value.month, value.day) == (1900, 2, 28):
        return _NO_DAY
    return _cell(value)


def _days_59(data: bytes) -> set[Place]:
    """The places of the first sheet of an XLSX whose number is that of 28 February 1900. Hardly any sheet asks."""
    found: set[Place] = set()
    at, told = [(0, 0)], [""]

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = tag.rsplit(":", 1)[-1]
        if local == "c":
            given = _REFERENCE.match(attributes.get("r", ""))
            at[0] = (int(given[2]), _position(given[1])) if given and given[1] and given[2] else (0, 0)
        told[0] = ""

    def text(said: str) -> None:
        told[0] += said

    def end(tag: str) -> None:
        if tag.rsplit(":", 1)[-1] == "v" and re.fullmatch(r"59(\.[0-9]+)?", told[0].strip()):
            found.add(at[0])
        told[0] = ""

    parser = _parser(start)
    parser.CharacterDataHandler, parser.EndElementHandler = text, end
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parser.Parse(book.read(_first_sheet(book)), True)
    return found


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
