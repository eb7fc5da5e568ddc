"""The record on disk: one append-only SQLite file, one writer, durable before anything is acknowledged.

`Record` holds the Merkle tree in memory and the rest in the file. Entries, archive members, documents and
checkpoints of one act are written in one transaction (synchronous=FULL): a kill at any moment leaves the
record before the act or after it, never between. `public/` is a projection of this file.

The statement contract (who may call what): only `append` and `checkpoint` write; both may be called by one
process at a time (SQLite's lock; a second one is refused after a second, it never waits in silence).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from selectorate.errors import refuse
from selectorate.log import order
from selectorate.log.objects import Entry
from selectorate.log.tree import Tree

SCHEMA = """
CREATE TABLE entries (number INTEGER PRIMARY KEY, line BLOB NOT NULL);
CREATE TABLE documents (name TEXT PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE archive (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, note BLOB NOT NULL);
CREATE TABLE ballots (tracker TEXT PRIMARY KEY, entry INTEGER NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID;
"""
TABLES = ("entries", "documents", "archive", "checkpoints", "ballots")


@dataclass(frozen=True, slots=True)
class Addition:
    """One entry with what belongs to it: documents by name, bytes for the archive, the ballot it accepts."""

    entry: Entry
    documents: tuple[tuple[str, bytes], ...] = ()
    archive: bytes = b""
    ballot: tuple[str, bytes] | None = None


class Record:
    """The open record. Raises Refusal `record.missing`, `record.busy`, `record.changed`, `file.full`."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise refuse("record.missing", directory=path.parent)
        self.path = path
        self._open = sqlite3.connect(path, timeout=1.0, isolation_level=None)
        self._open.execute("PRAGMA synchronous=FULL")
        self._load()

    @classmethod
    def create(cls, path: Path) -> Record:
        """A new, empty record. Creating one is an act of its own, so a mistyped path cannot start a second."""
        fresh = sqlite3.connect(path, isolation_level=None)
        fresh.execute("PRAGMA synchronous=FULL")
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
        return cls(path)

    def _load(self) -> None:
        self.lines: list[bytes] = [
            row[0] for row in self._open.execute("SELECT line FROM entries ORDER BY number")
        ]
        self.tree = Tree(self.lines)
        self.entries: list[Entry] = [Entry.from_json(line, n) for n, line in enumerate(self.lines)]
        self.phase = order.phase_after(self.entries)

    def close(self) -> None:
        self._open.close()

    def append(self, additions: Sequence[Addition], seal: Callable[[Tree], bytes]) -> bytes:
        """Write additions in order, all or none, with the checkpoint that `seal` makes of the tree after them.

        Returns the checkpoint. Raises Refusal `log.order` and its like before anything is written; whatever
        fails later leaves this object and the file as they were.
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
        except BaseException:
            self.tree.truncate(first)
            raise
        self.lines += lines
        self.entries += [addition.entry for addition in additions]
        self.phase = phase
        return note

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
        return dict(self._open.execute("SELECT name, bytes FROM documents ORDER BY name"))

    def document(self, name: str) -> bytes:
        """Raises Refusal `record.document`."""
        row = self._open.execute("SELECT bytes FROM documents WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise refuse("record.document", name=name)
        return bytes(row[0])

    def archive(self) -> bytes:
        """The whole Belenios archive as it stands."""
        rows = self._open.execute("SELECT bytes FROM archive ORDER BY number")
        return b"".join(row[0] for row in rows)

    def ballots(self) -> Iterator[tuple[str, int, bytes]]:
        """(tracker, entry number, bytes) in the order of acceptance."""
        yield from self._open.execute("SELECT tracker, entry, bytes FROM ballots ORDER BY entry")

    def ballot_entry(self, tracker: str) -> int | None:
        """The entry that accepted this ballot, or None."""
        row = self._open.execute("SELECT entry FROM ballots WHERE tracker = ?", (tracker,)).fetchone()
        return None if row is None else int(row[0])

    def checkpoints(self) -> dict[int, bytes]:
        return dict(self._open.execute("SELECT size, note FROM checkpoints ORDER BY size"))

    def find(self, act: str) -> Entry | None:
        """The newest entry of an act."""
        return next((entry for entry in reversed(self.entries) if entry.act == act), None)


@contextmanager
def _transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """All or nothing. A failed sync or a full disk is fatal for this act and leaves the record as it was."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
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
