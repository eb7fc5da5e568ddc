"""Whether a delimited file is as every reader reads it: looked at once, in pieces, without taking it apart.

Programs that read CSV agree where quotes wrap whole cells, lines end one way, no line is blank and every line
has as many separators as the header (RFC 4180). Where that is certain an engine may read the file; where it is
not, this says nothing, and the small reader says what is wrong in which row.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from selectorate.roll.columns import without_header
from selectorate.roll.tables import delimiter_of, header_of

CELL: Final = b"\x00"
"""Stands for a quoted cell; a file that has one itself is in doubt."""
CUTS: Final = 1_000
HELD_MAX: Final = 1 << 26


@dataclass(frozen=True, slots=True)
class Shape:
    """A file that may be read by the engine. rows: without the header; sha256: of its bytes, hex."""

    header: tuple[str, ...]
    delimiter: str
    rows: int
    sha256: str


def look(pieces: Iterable[bytes], name: str) -> Shape | None:
    """What a file's bytes are, or None on any doubt. Raises Refusal `roll.header` as `tables.read_table`."""
    seen: _Lines | None = None
    digest, held = hashlib.sha256(), b""
    for piece in pieces:
        digest.update(piece)
        held += piece
        if len(held) > HELD_MAX:
            return None
        cut = _cut(held)
        if not cut:
            continue
        # a character may be cut in two after the last line
        seen = seen or _begun(held[:cut], name)
        if seen is None or not seen.take(held[:cut]):
            return None
        held = held[cut:]
    if held:
        seen = seen or _begun(held, name)
        if seen is None or not seen.take(held + (b"\r\n" if seen.end == b"\r\n" else b"\n")):
            return None
    return Shape(seen.header, seen.delimiter, seen.lines - 1, digest.hexdigest()) if seen else None


def _cut(held: bytes) -> int:
    """The end of the last line that certainly ends outside quotes; 0 where none does."""
    place, odd = len(held), held.count(b'"') % 2
    for _ in range(CUTS):
        before = held.rfind(b"\n", 0, place)
        if before < 0:
            return 0
        odd ^= held.count(b'"', before + 1, place) % 2
        if not odd:
            return before + 1
        place = before
    return 0


def _begun(held: bytes, name: str) -> _Lines | None:
    """After the header, or None where it is no plain one."""
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if not text or text[0] in "\r\n" or "\x00" in text:
        return None
    delimiter = delimiter_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        cells = next(reader)
    except (csv.Error, StopIteration):
        return None
    if not "".join(cells).strip() or without_header(cells) is not None or len(cells) < 2:
        return None
    end = b"\r\n" if re.search("\r?\n", text + "\n")[0] == "\r\n" else b"\n"  # type: ignore[index]
    return _Lines(header_of(name, cells), delimiter, end)


@dataclass(slots=True)
class _Lines:
    """How many lines there were so far, all of them plain."""

    header: tuple[str, ...]
    delimiter: str
    end: bytes
    lines: int = 0

    def take(self, part: bytes) -> bool:
        """Whether these whole lines leave no doubt."""
        try:
            part.decode("utf-8")
        except UnicodeDecodeError:
            return False
        if CELL in part:
            return False
        if not self.lines:
            part = part.removeprefix(b"\xef\xbb\xbf")
        if b'"' in part:
            part = _QUOTED.sub(CELL, part)
            sign = re.escape(self.delimiter.encode())
            if b'"' in part or re.search(rb"[^\r\n\0" + sign + rb"]\0|\0[^\r\n\0" + sign + rb"]", part):
                return False
        lines, returns = part.count(b"\n"), part.count(b"\r")
        if returns != (lines if self.end == b"\r\n" else 0) or part.count(b"\r\n") != returns:
            return False
        if part.startswith(self.end) or self.end * 2 in part:
            return False
        self.lines += lines
        return part.count(self.delimiter.encode()) == lines * (len(self.header) - 1)


_QUOTED = re.compile(rb'"[^"]*"')
