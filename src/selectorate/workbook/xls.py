"""A look at an XLS workbook before the library reads it: macros, passwords, and the places of formulas.

A compound file (MS-CFB) holds a stream of records (MS-XLS). A sheet has at most 65,536 rows and 256 columns and
nothing in it is packed, so there are no bombs; whatever points outside the file, or in a circle, makes the
workbook unreadable. The two specifications were not at hand: the numbers are from general knowledge, held to
files of another program by the tests.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST: Final = 0xFFFFFFFA
"""Numbers of sectors from here on mean something else: the end, free, a table."""
COLUMNS: Final = 256
_SEVERAL: Final = frozenset((0x00BD, 0x00BE))
"""Records of several cells in a row, which end with their last column."""
_CELLS: Final = _SEVERAL | {
    0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x0206,
    0x027E, 0x0406,
}  # fmt: skip
BOF, EOF, FORMULA, BOOLERR, BOUNDSHEET, FILEPASS = 0x0809, 0x000A, 0x0006, 0x0205, 0x0085, 0x002F


@dataclass(frozen=True, slots=True)
class Look:
    """What the first sheet has: places (row from 1, column from 0) of formulas, errors, truths."""

    formulas: tuple[tuple[int, int], ...]
    errors: tuple[tuple[int, int], ...]
    truths: tuple[tuple[int, int], ...]


def look(data: bytes) -> Look:
    """Raises ValueError, as the end of a sentence, for what must not or cannot be read."""
    try:
        return _look(_stream(data))
    except (struct.error, IndexError):
        raise ValueError("it is damaged: something in it points outside the file") from None


def _look(stream: bytes) -> Look:
    sheets = []
    for record, body in _records(stream, 0):
        if record == FILEPASS:
            raise ValueError("it is protected by a password; save a copy without one")
        if record == BOUNDSHEET:
            if body[5] == 1:
                raise ValueError("it has macros, which no list needs")
            sheets.append(struct.unpack_from("<I", body)[0])
    if not sheets:
        raise ValueError("it has no first sheet")
    formulas: list[tuple[int, int]] = []
    errors: list[tuple[int, int]] = []
    truths: list[tuple[int, int]] = []
    for position, sheet in enumerate(sheets):
        for record, body in _records(stream, sheet):
            if record not in _CELLS:
                continue
            row, column = struct.unpack_from("<HH", body)
            # The library lays out everything up to the last cell: a column no sheet has would cost all memory.
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if record in _SEVERAL else column
            if max(column, last) >= COLUMNS:
                raise ValueError(f"it is damaged: a cell stands in column {max(column, last) + 1}")
            if position == 0 and record == FORMULA:
                formulas.append((row + 1, column))
            elif position == 0 and record == BOOLERR:
                (errors if body[7] else truths).append((row + 1, column))
    return Look(tuple(formulas), tuple(errors), tuple(truths))


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part, without those of charts inside it."""
    depth = 0
    while at + 4 <= len(stream):
        record, size = struct.unpack_from("<HH", stream, at)
        if record == BOF:
            depth += 1
        elif record == EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield record, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _stream(data: bytes) -> bytes:
    """The stream of the workbook."""
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    small = 1 << struct.unpack_from("<H", data, 32)[0]
    if sector not in {512, 4096} or small != 64:
        raise ValueError("it is damaged: its sectors have no usual size")
    tables = _tables(data, sector)
    after = [number for table in tables for number in struct.unpack_from(f"<{sector // 4}I", data, table)]

    def chained(first: int) -> bytes:
        return b"".join(data[at : at + sector] for at in (_at(n, sector) for n in _chain(first, after)))

    names: dict[str, tuple[int, int]] = {}
    root = b""
    listed = chained(struct.unpack_from("<I", data, 48)[0])
    for at in range(0, len(listed) - 127, 128):
        length, kind = struct.unpack_from("<HB", listed, at + 64)
        first, size = struct.unpack_from("<II", listed, at + 116)
        name = listed[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        if kind == 5 and size:
            root = chained(first)
        if kind:
            names[name] = (first, size)
    if {"_VBA_PROJECT_CUR", "VBA", "Macros"} & set(names):
        raise ValueError("it has macros, which no list needs")
    if "EncryptedPackage" in names:
        raise ValueError("it is protected by a password; save a copy without one")
    found = names.get("Workbook", names.get("Book"))
    if found is None:
        raise ValueError("there is no workbook in it")
    first, size = found
    if size >= struct.unpack_from("<I", data, 56)[0]:
        return chained(first)[:size]
    packed = chained(struct.unpack_from("<I", data, 60)[0])
    follow = list(struct.unpack(f"<{len(packed) // 4}I", packed[: len(packed) // 4 * 4]))
    return b"".join(root[n * small : (n + 1) * small] for n in _chain(first, follow))[:size]


def _at(number: int, sector: int) -> int:
    return (number + 1) * sector


def _tables(data: bytes, sector: int) -> list[int]:
    """Where the sectors stand that say which sector follows which."""
    numbers = [number for number in struct.unpack_from("<109I", data, 76) if number < _LAST]
    further = struct.unpack_from("<I", data, 68)[0]
    seen: set[int] = set()
    while further < _LAST:
        if further in seen:
            raise ValueError("it is damaged: its parts run in a circle")
        seen.add(further)
        *more, further = struct.unpack_from(f"<{sector // 4}I", data, _at(further, sector))
        numbers += [number for number in more if number < _LAST]
    return [_at(number, sector) for number in numbers]


def _chain(first: int, after: list[int]) -> Iterator[int]:
    steps = 0
    while first < _LAST:
        steps += 1
        if steps > len(after):
            raise ValueError("it is damaged: its parts run in a circle")
        yield first
        first = after[first]
