"""Sheets as spreadsheet programs write them, measured by searching their bytes.

A call of Python for each of a million cells takes ten seconds; a search for what is uncommon takes half of one.
Only the common form is read here: UTF-8 without comments, character data sections or prefixes of names, every
cell with its reference first. Anything else makes the whole sheet `uncommon`, and the caller has it parsed.
Whether the XML is well formed and free of declarations the parser says in any case; where it is, a "<" that begins
none of these can only begin or end an element.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

HELD_MAX: Final = 1 << 24
"""So many bytes without the beginning of a cell are not common either."""

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

    def feed(self, piece: bytes, *, last: bool) -> None:
        """The next piece; what is beyond the beginning of its last cell waits for the next one."""
        if not self.is_common:
            return
        if not self._begun and (piece or last):
            self._begun = True
            declared = _DECLARATION.match(piece)
            self.is_common = declared is not None
            piece = piece[declared.end() :] if declared else b""
        whole = self._held + piece
        cut = len(whole) if last else max(0, whole.rfind(b"<c "))
        self._held = whole[cut:]
        if len(self._held) > HELD_MAX:
            self.is_common = False
        if self.is_common and cut:
            self._look(whole[:cut])

    def _look(self, part: bytes) -> None:
        rows = _CELL.findall(part)
        is_cell = len(rows) == part.count(b"<c ") and not _BARE_CELL.search(part)
        if not is_cell or b"<!" in part or b"<?" in part or _PREFIXED.search(part):
            self.is_common = False
            return
        if rows:
            wide = {letters.decode() for letters in set(_WIDE.findall(part))}
            self.is_common = self.reach(max(map(int, set(rows))), wide or {"Z"})
        tags = len(_FORMULA_TAG.findall(part))
        marked = [(place.start(), "formula", place) for place in (_FORMULA.finditer(part) if tags else ())]
        if len(marked) != tags:
            self.is_common = False
            return
        if b't="b"' in part or b't="e"' in part:
            marked += [(place.start(), _KINDS[place[3]], place) for place in _MARKED.finditer(part)]
        for _, kind, place in sorted(marked, key=lambda one: one[0]):
            self.note(kind, int(place[2]), place[1].decode())


# A byte order mark other than that of UTF-8, or another encoding said, is no match.
_DECLARATION = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml version=[\"']1\.0[\"'](?: encoding=[\"'](?i:utf-8)[\"'])?"
    rb"(?: standalone=[\"'](?:yes|no)[\"'])? ?\?>)?(?=\s*<[A-Za-z])"
)
_PREFIXED = re.compile(rb":(?:c|row|f)[\s/>]")
_REFERENCE = rb'<c r="([A-Z]{1,3})([0-9]{1,7})"'
_STYLE = rb'(?: s="[0-9]{1,6}")?'
_CELL = re.compile(
    rb'<c r="[A-Z]{1,3}([0-9]{1,7})"' + _STYLE + rb'(?: t="(?:s|str|n|inlineStr|d|b|e)")? ?/?>'
)
_BARE_CELL = re.compile(rb"<c[\t\r\n/>]")
_WIDE = re.compile(rb'<c r="([A-Z]{2,3})')
_FORMULA_TAG = re.compile(rb"<f[\s/>]")
_FORMULA = re.compile(_REFERENCE + rb"[^<>]*[^/]>\s*<f[\s/>]")
_MARKED = re.compile(_REFERENCE + _STYLE + rb' t="([be])"')
_KINDS: Final = {b"b": "truth", b"e": "error"}
