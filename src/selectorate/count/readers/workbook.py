"""The first sheet of an XLSX workbook as rows of text, after a capped look at its zip and XML.

Read with the standard library: a workbook is a zip of XML parts (ECMA-376, part 1: 12.3 and 18.3). What unpacks
to more than its size allows, has a document type or a formula, or is not well formed is refused.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from selectorate.count.fields import CANDIDATES_MAX
from selectorate.count.readers.lines import BYTES_MAX, CELLS_MAX, unknown
from selectorate.errors import Refusal, refuse

RATIO_MAX = 200
UNPACKED_MAX = 512 * 1024 * 1024
SMALL = 1 << 16
ROWS_MAX = 1_048_576
COLUMNS_MAX = CANDIDATES_MAX + 20
CHUNK = 1 << 18
PARTS_MAX = 2_000
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_SHEET = "xl/workbook.xml"
_ROUND = re.compile(r"(-?[0-9]+)\.0+")
_Start = Callable[[str, dict[str, str]], None]


def read_workbook(data: bytes, name: str) -> list[tuple[int, list[str], int]]:
    """(row, cells, 1) of the first sheet. Raises Refusal `file.size`, `count.file.kind`."""
    if len(data) > BYTES_MAX:
        raise refuse("file.size", file=name, found=len(data), allowed=BYTES_MAX)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return [(row, cells, 1) for row, cells in _read(book, name)]
    except Refusal:
        raise
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, OSError) as reason:
        raise unknown(name, f"the workbook's zip is damaged ({reason})") from None
    except (RuntimeError, ValueError, KeyError, zlib.error, struct.error) as reason:
        raise unknown(name, f"a part of the workbook cannot be opened ({reason})") from None


def _read(book: zipfile.ZipFile, name: str) -> list[tuple[int, list[str]]]:
    parts = book.namelist()
    if len(parts) > PARTS_MAX or len(set(parts)) != len(parts):
        raise unknown(name, "the workbook has too many parts, or two of one name")
    if _SHEET not in parts:
        raise unknown(name, "it is a zip, but no workbook")
    texts = _Texts()
    if "xl/sharedStrings.xml" in parts:
        _parse(book, "xl/sharedStrings.xml", name, texts.start, texts.end, texts.text)
    sheet = _Sheet(name, texts.found)
    _parse(book, _first_sheet(book, name), name, sheet.start, sheet.end, sheet.text)
    return sheet.rows


def _first_sheet(book: zipfile.ZipFile, name: str) -> str:
    """The part of the first sheet, by the workbook's list and its relations."""
    listed: list[str] = []
    targets: dict[str, str] = {}

    def sheets(tag: str, given: dict[str, str]) -> None:
        if _local(tag) == "sheet":
            listed.append(next((value for key, value in given.items() if key.split(":")[-1] == "id"), ""))

    def relations(tag: str, given: dict[str, str]) -> None:
        if _local(tag) == "Relationship":
            targets[given.get("Id", "")] = given.get("Target", "")

    _parse(book, _SHEET, name, sheets)
    _parse(book, "xl/_rels/workbook.xml.rels", name, relations)
    target = targets.get(listed[0] if listed else "", "")
    part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
    if part not in book.namelist():
        raise unknown(name, "the workbook has no first sheet")
    return part


def _parse(
    book: zipfile.ZipFile,
    part: str,
    name: str,
    start: _Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Feed a part to the handlers in pieces, counting what really comes out of the zip."""
    info = book.getinfo(part)
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise unknown(name, "a part of the workbook is packed in an uncommon way")
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.buffer_text = True

    def refused(*_: object) -> None:
        raise unknown(name, "the workbook has a document type declaration")

    parser.StartDoctypeDeclHandler = refused
    size = 0
    try:
        with book.open(info) as stream:
            while piece := stream.read(CHUNK):
                size += len(piece)
                if size > UNPACKED_MAX or (size > SMALL and size > RATIO_MAX * max(1, info.compress_size)):
                    raise unknown(
                        name, f"the workbook unpacks to more than {RATIO_MAX} times its size, or 512 MB"
                    )
                parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as reason:
        raise unknown(name, f"{part[:80]} in the workbook is not well formed ({reason})") from None


def _local(tag: str) -> str:
    return tag.rsplit(":", 1)[-1]


class _Texts:
    """The shared texts of a workbook, in order."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] | None = None
        self._phonetic = False

    def start(self, tag: str, _: dict[str, str]) -> None:
        if _local(tag) == "si":
            self.found.append("")
        elif _local(tag) == "rPh":
            self._phonetic = True
        elif _local(tag) == "t" and not self._phonetic:
            self._parts = []

    def text(self, piece: str) -> None:
        if self._parts is not None:
            self._parts.append(piece)

    def end(self, tag: str) -> None:
        if _local(tag) == "t" and self._parts is not None and self.found:
            self.found[-1] += "".join(self._parts)
            self._parts = None
        elif _local(tag) == "rPh":
            self._phonetic = False


class _Sheet:
    """The rows of a sheet as they are met."""

    def __init__(self, name: str, texts: list[str]) -> None:
        self.rows: list[tuple[int, list[str]]] = []
        self._name, self._texts = name, texts
        self._row = self._cells = 0
        self._kind, self._column = "", 0
        self._parts: list[str] | None = None

    def start(self, tag: str, given: dict[str, str]) -> None:
        tag = _local(tag)
        if tag == "row":
            self._row = self._number(given.get("r", ""), self._row + 1)
            self.rows.append((self._row, []))
            self._column = -1
        elif tag == "c":
            match = _CELL.fullmatch(given.get("r", ""))
            self._column = _column(match[1]) if match else self._column + 1
            self._kind = given.get("t", "n")
            if self._column >= COLUMNS_MAX:
                raise unknown(self._name, f"row {self._row} has more than {COLUMNS_MAX} columns")
        elif tag == "f":
            raise unknown(
                self._name,
                f"row {self._row} has a formula, whose result may be stale; paste values and save again",
            )
        elif tag in ("v", "t"):
            self._parts = []

    def _number(self, text: str, otherwise: int) -> int:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else otherwise
        if number > ROWS_MAX or number <= (self.rows[-1][0] if self.rows else 0):
            raise unknown(self._name, f"row {number} of the workbook is out of order, or beyond {ROWS_MAX}")
        return number

    def text(self, piece: str) -> None:
        if self._parts is not None:
            self._parts.append(piece)

    def end(self, tag: str) -> None:
        if _local(tag) not in ("v", "t") or self._parts is None or not self.rows:
            return
        text, self._parts = "".join(self._parts), None
        if self._kind == "s":
            at = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
            if not 0 <= at < len(self._texts):
                raise unknown(self._name, f"row {self._row} has a text that is not in the workbook")
            text = self._texts[at]
        elif self._kind in ("e", "b"):
            raise unknown(self._name, f"row {self._row} has an error or a truth value in a cell")
        elif self._kind == "n" and (match := _ROUND.fullmatch(text)):
            text = match[1]
        cells = self.rows[-1][1]
        wider = max(0, self._column + 1 - len(cells))
        self._cells += wider
        if self._cells > CELLS_MAX:
            raise unknown(self._name, f"the sheet has more than {CELLS_MAX} cells")
        cells.extend([""] * wider)
        cells[self._column] += text.strip()


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
