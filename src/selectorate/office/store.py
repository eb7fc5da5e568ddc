"""The record on disk: one append-only SQLite file, one writer, durable before anything is acknowledged.

`Record` holds the Merkle tree in memory and the rest in the file. Entries, archive members, documents and
checkpoints of one act are written in one transaction (synchronous=EXTRA: with FULL alone, a power cut after
the commit could bring the removed journal back and undo what was acknowledged). A kill at any moment leaves
the record before the act or after it, never between. `public/` is a projection of this file.

The statement contract (who may call what): only `append` writes, one process at a time (SQLite's lock; a
second one is refused after a second, it never waits in silence). A failed commit is fatal for its act and is
never tried again here: what the file then holds is looked at, and said.
"""

from __future__ import annotations

import io
import os
import sqlite3
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from selectorate.errors import Refusal, refuse
from selectorate.log import order
from selectorate.log.objects import Entry, stored_entry
from selectorate.log.tree import Tree

if TYPE_CHECKING:
    from selectorate.ballot.objects import Addition as BallotAddition

SCHEMA = """
CREATE TABLE entries (number INTEGER PRIMARY KEY, line BLOB NOT NULL);
CREATE TABLE documents (name TEXT PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE archive (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, note BLOB NOT NULL);
CREATE TABLE ballots (tracker TEXT PRIMARY KEY, entry INTEGER NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID;
"""
_BUFFER = 256 * 1024
TABLES = ("entries", "documents", "archive", "checkpoints", "ballots")


@dataclass(frozen=True, slots=True)
class Addition:
    """One entry with what belongs to it: documents by name, bytes for the archive, the ballot it accepts."""

    entry: Entry
    documents: tuple[tuple[str, bytes], ...] = ()
    archive: bytes = b""
    ballot: tuple[str, bytes] | None = None


def event_entry(event: BallotAddition) -> Entry:
    """The entry of one event of the archive."""
    return Entry("bel.event", (), {"height": event.height, "type": event.type, "event": event.event})


class Record:
    """The open record. Raises Refusal `record.missing`, `record.busy`, `record.changed`, `record.damaged`,
    `record.unsure`, `file.full`."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise refuse("record.missing", directory=path.parent)
        self.path = path
        with _reading(path):
            self._open = connect(path)
            self._open.execute("PRAGMA synchronous=EXTRA")
        self._load()

    @classmethod
    def create(cls, path: Path, additions: Sequence[Addition], seal: Callable[[Tree], bytes]) -> None:
        """A new record with its first entries; it takes its name when it is whole, so that an interrupted
        start leaves no record. Creating one is an act of its own: a mistyped path cannot start a second."""
        begun = path.with_name(f"{path.name}.new")
        for left_over in (begun, begun.with_name(f"{begun.name}-journal")):
            left_over.unlink(missing_ok=True)
        fresh = connect(begun)
        fresh.execute("PRAGMA synchronous=EXTRA")
        with _transaction(fresh, path):
            for statement in SCHEMA.split(";"):
                fresh.execute(statement)
            for table in TABLES:
                for verb in ("UPDATE", "DELETE"):
                    fresh.execute(
                        f"CREATE TRIGGER no_{verb.lower()}_{table} BEFORE {verb} ON {table} "
                        "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
                    )
        fresh.close()
        record = cls(begun)
        record.append(additions, seal)
        record.close()
        begun.rename(path)

    def stored(self) -> list[bytes]:
        """The lines of all entries as the file holds them now."""
        return [row[0] for row in self._rows("SELECT line FROM entries ORDER BY number")]

    def _load(self) -> None:
        self.lines: list[bytes] = self.stored()
        self.tree = Tree(self.lines)
        try:
            self.entries: list[Entry] = [stored_entry(line) for line in self.lines]
        except (ValueError, KeyError, TypeError) as reason:
            because = f"an entry cannot be read ({reason})"
            raise refuse("record.damaged", file=self.path, because=because) from None
        self.phase = order.phase_after(self.entries)

    def close(self) -> None:
        self._open.close()

    def append(self, additions: Sequence[Addition], seal: Callable[[Tree], bytes]) -> bytes:
        """Write additions in order, all or none, with the checkpoint that `seal` makes of the tree after them.

        Returns the checkpoint. Raises Refusal `log.order` and its like before anything is written; whatever
        fails later leaves this object and the file as they were, except that `record.unsure` says that the
        file holds the entries although making them durable failed: then the record has to be opened again.
        """
        phase = self.phase
        for addition in additions:
            phase = order.walk(phase, addition.entry)
        first = len(self.lines)
        lines = [addition.entry.to_json() for addition in additions]
        try:
            for line in lines:
                self.tree.append(line)
            note = seal(self.tree)
            with _transaction(self._open, self.path):
                (there,) = self._open.execute("SELECT count(*) FROM entries").fetchone()
                if there != first:
                    raise refuse("record.changed", directory=self.path.parent)
                for number, (line, addition) in enumerate(zip(lines, additions, strict=True), first):
                    self._write(number, line, addition)
                self._open.execute("INSERT INTO checkpoints VALUES (?, ?)", (len(self.tree), note))
        except BaseException as reason:
            self.tree.truncate(first)
            if isinstance(reason, Refusal) and reason.code == "file.full" and self._grew_beyond(first):
                because = reason.context["because"]
                raise refuse("record.unsure", directory=self.path.parent, because=because) from None
            raise
        self.lines += lines
        self.entries += [addition.entry for addition in additions]
        self.phase = phase
        return note

    def _grew_beyond(self, size: int) -> bool:
        """Whether the file holds more entries than that, in spite of the failure; no answer counts as yes."""
        try:
            return len(self.stored()) > size
        except Refusal:
            return True

    def _write(self, number: int, line: bytes, addition: Addition) -> None:
        self._open.execute("INSERT INTO entries VALUES (?, ?)", (number, line))
        for name, data in addition.documents:
            self._open.execute("INSERT INTO documents VALUES (?, ?)", (name, data))
        if addition.archive:
            self._open.execute("INSERT INTO archive VALUES (?, ?)", (number, addition.archive))
        if addition.ballot:
            tracker, data = addition.ballot
            self._open.execute("INSERT INTO ballots VALUES (?, ?, ?)", (tracker, number, data))

    def documents(self) -> dict[str, bytes]:
        return dict(self._rows("SELECT name, bytes FROM documents ORDER BY name"))

    def document(self, name: str) -> bytes:
        """Raises Refusal `record.document`."""
        for row in self._rows("SELECT bytes FROM documents WHERE name = ?", name):
            return bytes(row[0])
        raise refuse("record.document", name=name)

    def archive(self) -> bytes:
        """The whole Belenios archive as it stands, at once."""
        return self.archive_file().read()

    def archive_file(self) -> BinaryIO:
        """The Belenios archive as it stands now, to be read like a file: a part of an act's bytes at a time."""
        rows = self._rows("SELECT number, length(bytes) FROM archive ORDER BY number")
        return io.BufferedReader(_Joined(self, rows), _BUFFER)

    def archive_row(self, number: int) -> bytes:
        """What one entry added to the archive."""
        for row in self._rows("SELECT bytes FROM archive WHERE number = ?", number):
            return bytes(row[0])
        raise refuse("record.damaged", file=self.path, because=f"entry {number} lost what it added")

    def ballots(self) -> Iterator[tuple[str, int, bytes]]:
        """(tracker, entry number, bytes) in the order of acceptance, one after the other. Nothing may be written
        before the last one is read."""
        with _reading(self.path):
            yield from self._open.execute("SELECT tracker, entry, bytes FROM ballots ORDER BY entry")

    def ballot_entry(self, tracker: str) -> int | None:
        """The entry that accepted this ballot, or None."""
        for row in self._rows("SELECT entry FROM ballots WHERE tracker = ?", tracker):
            return int(row[0])
        return None

    def checkpoints(self) -> dict[int, bytes]:
        return dict(self._rows("SELECT size, note FROM checkpoints ORDER BY size"))

    def newest_checkpoint(self) -> tuple[bytes, int]:
        """The newest checkpoint as the file holds it now (note, size). Raises Refusal `record.damaged`."""
        for size, note in self._rows("SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1"):
            return bytes(note), int(size)
        raise refuse("record.damaged", file=self.path, because="it has no checkpoint")

    def find(self, act: str) -> Entry | None:
        """The newest entry of an act."""
        return next((entry for entry in reversed(self.entries) if entry.act == act), None)

    def _rows(self, question: str, *values: str | int) -> list[Any]:
        with _reading(self.path):
            return self._open.execute(question, values).fetchall()

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Everything read inside is of one moment, whoever writes meanwhile."""
        with _reading(self.path):
            self._open.execute("BEGIN")
        try:
            yield
        finally:
            self._open.execute("ROLLBACK")


class _Joined(io.RawIOBase):
    """The rows of the archive as one file that only grows behind its end; one row is held."""

    def __init__(self, record: Record, rows: Sequence[tuple[int, int]]) -> None:
        self._record = record
        self._numbers = array("Q", (number for number, _ in rows))
        self._ends = array("Q", accumulate(size for _, size in rows))
        self._place = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        size = self._ends[-1] if self._ends else 0
        self._place = max(0, {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: size}[whence] + offset)
        return self._place

    def readinto(self, buffer: Any) -> int:
        row = bisect_right(self._ends, self._place)
        if row == len(self._ends):
            return 0
        if self._held[0] != row:
            self._held = (row, self._record.archive_row(self._numbers[row]))
        start = self._place - (self._ends[row - 1] if row else 0)
        piece = self._held[1][start : start + len(buffer)]
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)


def connect(path: Path) -> sqlite3.Connection:
    """The one way in which the record's file is opened; waits for another writer for at most a second."""
    return sqlite3.connect(path, timeout=1.0, isolation_level=None)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Reading, with SQLite's complaints as refusals: `record.busy`, `record.damaged`."""
    try:
        yield
    except sqlite3.DatabaseError as reason:
        if "locked" in str(reason) or "busy" in str(reason):
            raise refuse("record.busy", directory=path.parent) from None
        raise refuse("record.damaged", file=path, because=str(reason)) from None


@contextmanager
def _transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """All or nothing. A failed sync or a full disk is fatal for this act and leaves the record as it was."""
    try:
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    except sqlite3.OperationalError as reason:
        if "locked" in str(reason) or "busy" in str(reason):
            raise refuse("record.busy", directory=path.parent) from None
        raise refuse("file.full", file=path, because=str(reason)) from None
    except sqlite3.DatabaseError as reason:
        raise refuse("record.damaged", file=path, because=str(reason)) from None
