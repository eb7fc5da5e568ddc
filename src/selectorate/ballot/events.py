"""The events of an archive as columns: where each stands in the file and what it hashes to, about 100 bytes each.

Takes a seekable file that somebody else opened; gives events and members by reading them again when they are
asked for. What is read again is held against the hash of the first reading. Nothing here judges anything.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Literal, get_args, overload

from selectorate.errors import refuse

EventType = Literal[
    "Setup",
    "Ballot",
    "EndBallots",
    "EncryptedTally",
    "Shuffle",
    "EndShuffles",
    "PartialDecryption",
    "Result",
]
EVENT_TYPES: tuple[EventType, ...] = get_args(EventType)

DIGEST: Final = 32
RECORD: Final = re.compile(
    rb'\{(?:"parent":"([0-9a-f]{64})",)?"height":(0|[1-9][0-9]{0,9}),"type":"('
    + "|".join(EVENT_TYPES).encode()
    + rb')"(?:,"payload":"([0-9a-f]{64})")?\}'
)
"""The one form of an event record: parent, height, type, payload."""

_PIECE: Final = 2**20


@dataclass(frozen=True, slots=True)
class Event:
    """One event of an archive.

    height: 0, 1, 2 ...; parent, payload: SHA-256 in lower-case hex, or None where the record has none;
    record: the exact bytes of the event record; data: the data members directly before it, in order.
    """

    height: int
    type: EventType
    parent: str | None
    payload: str | None
    record: bytes
    data: tuple[bytes, ...]


class Events(Sequence[Event]):
    """The events of one archive, in its order."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._kinds = bytearray()
        self._records = array("Q")
        self._record_sizes = array("H")
        self._digests = bytearray()
        self._first_members = array("Q", (0,))
        self._members = array("Q")
        self._member_sizes = array("I")
        self._member_digests = bytearray()

    def add(
        self, kind: EventType, record: tuple[int, int, bytes], members: Sequence[tuple[int, int, bytes]]
    ) -> None:
        """One more event: its type, its record and its data members, each as (offset, size, SHA-256)."""
        self._kinds.append(EVENT_TYPES.index(kind))
        self._records.append(record[0])
        self._record_sizes.append(record[1])
        self._digests += record[2]
        for offset, size, digest in members:
            self._members.append(offset)
            self._member_sizes.append(size)
            self._member_digests += digest
        self._first_members.append(len(self._members))

    def __len__(self) -> int:
        return len(self._kinds)

    @overload
    def __getitem__(self, position: int) -> Event: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[Event, ...]: ...

    def __getitem__(self, position: int | slice) -> Event | tuple[Event, ...]:
        if isinstance(position, slice):
            return tuple(self[one] for one in range(*position.indices(len(self))))
        if position < 0:
            position += len(self)
        if not 0 <= position < len(self):
            raise IndexError(position)
        record = self._read(self._records[position], self._record_sizes[position], self.digest(position))
        found = RECORD.fullmatch(record)
        if found is None:
            raise refuse("ballot.changed")
        parent, height, _, payload = (part.decode() if part else None for part in found.groups())
        data = tuple(self._member(member) for member in self._range(position))
        return Event(int(height or 0), self.type_of(position), parent, payload, record, data)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Events) and (self._digests, self._member_digests) == (
            other._digests,
            other._member_digests,
        )

    __hash__ = None  # type: ignore[assignment]

    def type_of(self, position: int) -> EventType:
        """The type of one event, without reading it again."""
        return EVENT_TYPES[self._kinds[position]]

    def types(self) -> Iterator[EventType]:
        """The types of all events in order, without reading them again."""
        return (EVENT_TYPES[kind] for kind in self._kinds)

    def has(self, kind: EventType) -> bool:
        """Whether there is an event of this type."""
        return EVENT_TYPES.index(kind) in self._kinds

    def places(self, kind: EventType) -> Iterator[int]:
        """The positions of the events of one type."""
        code, position = EVENT_TYPES.index(kind), -1
        while (position := self._kinds.find(code, position + 1)) >= 0:
            yield position

    def number(self, kind: EventType) -> int:
        """How many events there are of this type."""
        return self._kinds.count(EVENT_TYPES.index(kind))

    def members(self, position: int) -> int:
        """How many data members stand directly before the event."""
        return len(self._range(position))

    def digest(self, position: int) -> bytes:
        """SHA-256 of the event's record (32 bytes)."""
        return bytes(self._digests[DIGEST * position : DIGEST * (position + 1)])

    def end(self, position: int) -> int:
        """Where the event ends in the file, without the padding after it."""
        return self._records[position] + self._record_sizes[position]

    def content_size(self, position: int) -> int:
        """Size in bytes of the event's first data member."""
        return self._member_sizes[self._first_members[position]]

    def content_digest(self, position: int) -> bytes:
        """SHA-256 of the event's first data member (of a ballot: what its tracker spells)."""
        member = self._first_members[position]
        return bytes(self._member_digests[DIGEST * member : DIGEST * (member + 1)])

    def content(self, position: int) -> bytes:
        """The event's first data member. Raises Refusal `ballot.changed`."""
        return self._member(self._first_members[position])

    def prefix(self, hasher: Any, start: int, end: int) -> None:
        """Feed the bytes of the file from `start` to `end` into a hash."""
        self._source.seek(start)
        while start < end:
            piece = self._source.read(min(_PIECE, end - start))
            if not piece:
                raise refuse("ballot.changed")
            hasher.update(piece)
            start += len(piece)

    def _range(self, position: int) -> range:
        return range(self._first_members[position], self._first_members[position + 1])

    def _member(self, member: int) -> bytes:
        digest = self._member_digests[DIGEST * member : DIGEST * (member + 1)]
        return self._read(self._members[member], self._member_sizes[member], bytes(digest))

    def _read(self, offset: int, size: int, digest: bytes) -> bytes:
        self._source.seek(offset)
        content = self._source.read(size)
        if hashlib.sha256(content).digest() != digest:
            raise refuse("ballot.changed")
        return content


@dataclass(frozen=True, slots=True)
class Archive:
    """The events of one `UUID.bel`, read again from the file when they are asked for. `timestamp`: Unix seconds
    from its header; `size`: bytes read."""

    uuid: str
    timestamp: int
    events: Events
    size: int
