"""Sheets as spreadsheet programs write them, measured by searching their bytes.

A call of Python for each of a million cells takes ten seconds, and parsing them without one takes one; a search
takes a third of that. Only the common form is read here: UTF-8 without comments, character data sections or
prefixes of names, every row and cell with its reference first, and in a cell a formula, a value or one run of text
and nothing else. The grammar below covers every byte of the rows, so that they are well formed where it fits; what
stands before and after them, and every kind of attributes that a row has, is parsed. Anything else makes the whole
sheet uncommon, and the caller has all of it parsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from xml.parsers import expat

HELD_MAX: Final = 1 << 24
"""So many bytes without the end of a row are not common either."""

Note = Callable[[str, int, str], None]
"""Told of (kind: "formula", "error" or "truth"; row from 1; letters of the column), in the order of the sheet."""


class Look:
    """Fed a sheet in pieces: its reach, and the places of formulas, errors and truths."""

    def __init__(self, note: Note, reach: Callable[[int, set[str]], bool]) -> None:
        """reach: told of (deepest row, letters of the columns after Z, or Z where there is none) of each part;
        says whether all is read so far: the parser then tells what is not. 26 columns are not too many in any row."""
        self.note, self.reach = note, reach
        self.is_common = True
        self._held = b""
        self._begun = False
        self._rows: set[bytes] = set()
        self._follows = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._element

    def feed(self, piece: bytes, *, last: bool) -> None:
        """The next piece; what is beyond the end of its last row waits for the one after it."""
        if self.is_common:
            try:
                self._parser.Parse(self._shell(piece, last=last), last)
            except expat.ExpatError:
                self.is_common = False

    def _shell(self, piece: bytes, *, last: bool) -> bytes:
        """What is still to be parsed for the sheet to be well formed."""
        self._held += piece
        shell = b"" if self._begun else self._head(last=last)
        if self._begun and self.is_common:
            cut = self._held.rfind(b"</row>") + len(b"</row>")
            if cut >= len(b"</row>"):
                shell += self._look(self._held[:cut])
                self._held = self._held[cut:]
        if len(self._held) > HELD_MAX:
            self.is_common = False
        if last:
            shell += self._outside(self._held)
        return shell

    def _element(self, tag: str, attributes: dict[str, str]) -> None:
        """Of the elements outside the rows that were searched none may be a cell, nor the first a formula: the
        parser takes that for one of the cell before it."""
        local = tag.rsplit(":", 1)[-1]
        if local in {"row", "c"} or (local == "f" and self._follows):
            self.is_common = False
        self._follows = local == _SEEN

    def _head(self, *, last: bool) -> bytes:
        """What stands before the first row, once it is there; nothing of it is searched."""
        first = self._held.find(b"<row ")
        if first < 0 and not last:
            return b""
        self._begun = True
        head, self._held = (self._held, b"") if first < 0 else (self._held[:first], self._held[first:])
        declared = _DECLARATION.match(head)
        if declared is None:
            self.is_common = False
            return b""
        return head[: declared.end()] + self._outside(head[declared.end() :])

    def _outside(self, part: bytes) -> bytes:
        if b"<!" in part or b"<?" in part:
            self.is_common = False
        return part

    def _look(self, part: bytes) -> bytes:
        rows = _ROW.findall(part)
        even = sum(len(row) for row, _, _ in rows) == len(part)
        if not even or not (part.isascii() or _is_text(part)):
            self.is_common = False
            return b""
        filled = [int(number) for row, number, _ in rows if b"<c" in row]
        if filled:
            wide = {letters.decode() for letters in set(_WIDE.findall(part))}
            self.is_common = self.reach(max(filled), wide or {"Z"})
        self._note(part)
        kinds = {attributes for _, _, attributes in rows} - self._rows
        self._rows |= kinds
        return b"".join(b'<%s r="1"%s/>' % (_SEEN.encode(), attributes) for attributes in (*kinds, b""))

    def _note(self, part: bytes) -> None:
        marked: list[tuple[int, str, re.Match[bytes]]] = []
        if b"<f" in part:
            marked += [(place.start(), "formula", place) for place in _FORMULA.finditer(part)]
        if b't="b"' in part or b't="e"' in part:
            marked += [(place.start(), _KINDS[place[3]], place) for place in _MARKED.finditer(part)]
        for _, kind, place in sorted(marked, key=lambda one: one[0]):
            self.note(kind, int(place[2]), place[1].decode())


def _is_text(part: bytes) -> bool:
    """Whether the bytes are UTF-8, and of characters that XML may have."""
    try:
        part.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\xef\xbf\xbe" not in part and b"\xef\xbf\xbf" not in part


# A byte order mark other than that of UTF-8, or another encoding said, is no match.
_DECLARATION = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml version=[\"']1\.0[\"'](?: encoding=[\"'](?i:utf-8)[\"'])?"
    rb"(?: standalone=[\"'](?:yes|no)[\"'])? ?\?>)?(?=\s*<[A-Za-z])"
)
_TEXT = rb"(?>[^<>&\x00-\x08\x0b\x0c\x0e-\x1f]++|&(?:amp|lt|gt|quot|apos|#39|#34|#9|#10|#13|#x[9AaDd]);)*+"
_SPACE = rb"[ \t\r\n]*+"
_STYLE = rb' s="[0-9]{1,6}"'
_TYPE = rb' t="(?:s|str|n|inlineStr|d|b|e)"'
_SHARED = rb'(?: t="(?:shared|array)")?+(?: ref="[A-Z0-9:]{1,32}")?+(?: si="[0-9]{1,7}")?+'
_VALUE = (
    rb'(?><f(?: aca="(?:false|true|0|1)")?+' + _SHARED + rb" ?+(?:/>|>" + _TEXT + rb"</f>))?+" + _SPACE
    + rb"(?><v ?+/>|<v>" + _TEXT + rb'</v>|<is>(?><t/>|<t(?: xml:space="preserve")?+>' + _TEXT + rb"</t>)</is>)?+"
)  # fmt: skip
_ATTRIBUTES = rb"(?>" + _STYLE + rb"(?:" + _TYPE + rb")?+|" + _TYPE + rb"(?:" + _STYLE + rb")?+)?+"
_ROW = re.compile(
    rb"(" + _SPACE + rb'<row r="([1-9][0-9]{0,6})"((?> [A-Za-z0-9:]++="[^"<>&\x00-\x1f]*+")*+) ?+'
    rb"(?>/>|>" + _SPACE + rb'(?><c r="[A-Z]{1,3}+\2"' + _ATTRIBUTES + rb" ?+(?>/>|>" + _SPACE + _VALUE + _SPACE
    + rb"</c>)" + _SPACE + rb")*+</row>))"
)  # fmt: skip
_WIDE = re.compile(rb'<c r="([A-Z]{2,3})')
_REFERENCE = rb'<c r="([A-Z]{1,3})([0-9]{1,7})"'
_FORMULA = re.compile(_REFERENCE + rb"[^<>]*+>" + _SPACE + rb"<f[ />]")
_MARKED = re.compile(_REFERENCE + rb"(?:" + _STYLE + rb')?+ t="([be])"')
_KINDS: Final = {b"b": "truth", b"e": "error"}
_SEEN: Final = "seen"
"""Stands for rows in what is parsed beside the search."""
