"""`UUID.bel`: an old-style tar file without end blocks; read without extraction, written event by event.

The bytes of every header follow from name, size and time, so reading is rebuilding: a header is right when it
is the one that would be written. Nothing is ever unpacked to a file, and no size in a header is believed
before that many bytes have been read.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from selectorate.ballot import grammar, wire
from selectorate.ballot.events import RECORD, Events
from selectorate.ballot.objects import Addition, Archive, Event, EventType, Fault, Head
from selectorate.errors import Refusal, refuse

BLOCK: Final = 512
ARCHIVE_MAX: Final = 8 * 2**30
MEMBER_MAX: Final = 512 * 2**20
EVENT_MAX: Final = 512
FAULTS_MAX: Final = 20
"""Further faults of one duty are counted, not listed."""

_PIECE = 2**20
_MEMBER_NAME = re.compile(rb"([0-9a-f]{64})\.(data|event)\.json")
_SIZE = re.compile(rb"[0-7]{11}\x00")
_BEGINNING = re.compile(rb'\{"version":1,"timestamp":"(0|[1-9][0-9]{0,9})"\}')


def beginning(timestamp: int) -> tuple[bytes, Head]:
    """The first bytes of a new archive and where it is continued. `timestamp`: Unix seconds."""
    if not 0 <= timestamp < 8**11:
        raise refuse("ballot.value", found=f"the time {timestamp}")
    body = wire.encode({"version": 1, "timestamp": str(timestamp)})
    return _member(b"BELENIOS", body, timestamp), Head(timestamp)


def addition(
    head: Head, kind: EventType, content: Sequence[bytes] = (), *, ranked: bool | None = None
) -> Addition:
    """The bytes that append one event to an archive that stands at `head`.

    content: the data members that this type requires, in order; ranked: with Setup only, whether the
    election has a ranked question. Raises Refusal `ballot.order` where the event may not stand here or has
    not its members.
    """
    if kind == "Setup":
        if ranked is None:
            raise refuse(
                "ballot.order", event=kind, last="an unknown kind of election", allowed="a known one"
            )
    else:
        ranked = head.ranked
    if not grammar.may_follow(head.last, kind, ranked=ranked):
        allowed = " or ".join(grammar.successors(head.last, ranked=ranked)) or "nothing"
        raise refuse("ballot.order", event=kind, last=head.last or "the start", allowed=allowed)
    members = grammar.RULES[kind].members
    if len(content) != len(members):
        raise refuse(
            "ballot.order", event=kind, last=f"{len(content)} data members", allowed=f"{len(members)} of them"
        )
    record = _record(head, kind, wire.sha256_hex(content[-1]) if content else None)
    name = wire.sha256_hex(record)
    parts = [_data_member(body, head.timestamp) for body in content]
    parts.append(_member(f"{name}.event.json".encode(), record, head.timestamp))
    after = Head(head.timestamp, head.height + 1, name, kind, ranked)
    return Addition(head.height, kind, name, record, b"".join(parts), after)


def head_of(archive: Archive, *, ranked: bool) -> Head:
    """Where an archive that was read without faults is continued."""
    events = archive.events
    if not events:
        return Head(archive.timestamp)
    last = len(events) - 1
    return Head(archive.timestamp, len(events), events.digest(last).hex(), events.type_of(last), ranked)


def rewritten(archive: Archive) -> bytes:
    """The whole file again from its events; byte for byte the one that was read without faults."""
    body = wire.encode({"version": 1, "timestamp": str(archive.timestamp)})
    parts = [_member(b"BELENIOS", body, archive.timestamp)]
    for event in archive.events:
        parts.extend(_data_member(content, archive.timestamp) for content in event.data)
        name = f"{wire.sha256_hex(event.record)}.event.json".encode()
        parts.append(_member(name, event.record, archive.timestamp))
    return b"".join(parts)


def read(
    source: bytes | BinaryIO, uuid: str, *, bytes_max: int = ARCHIVE_MAX
) -> tuple[Archive, tuple[Fault, ...]]:
    """Read a whole archive; everything that can be read, and the faults of duties A1 and A2.

    source: the bytes, or a seekable file opened for reading, which has to stay open as long as the events are
    used; uuid: the name of the file without `.bel`. The order of events (A3) is `grammar_faults`'s.
    Raises Refusal `ballot.size` beyond bytes_max, `ballot.unsupported` for another protocol version.
    """
    reading = _Reading(io.BytesIO(source) if isinstance(source, bytes) else source, bytes_max)
    reading.run()
    archive = Archive(uuid, reading.timestamp, reading.events, reading.position)
    return archive, (*reading.faults.listed(), *reading.chain.faults.listed())


def chain_faults(events: Iterable[Event]) -> tuple[Fault, ...]:
    """Duty A2: heights, parents, payloads, and the data members that each type of event requires."""
    chain = _Chain()
    for event in events:
        payload = wire.sha256_hex(event.data[-1]) if event.data else None
        chain.add(event.type, (event.height, event.parent, event.payload), len(event.data), payload)
        chain.parent = wire.sha256_hex(event.record)
    return chain.faults.listed()


def grammar_faults(types: Iterable[EventType], *, ranked: bool) -> tuple[Fault, ...]:
    """Duty A3: each event may stand after the one before it."""
    faults = _Faults()
    last: EventType | None = None
    position = -1
    for position, kind in enumerate(types):
        if not grammar.may_follow(last, kind, ranked=ranked):
            allowed = " or ".join(grammar.successors(last, ranked=ranked)) or "nothing"
            faults.add(
                "A3", f"event {position} is {kind} after {last or 'the start'}, where {allowed} may stand"
            )
        last = kind
    if position < 0:
        faults.add("A3", "there is no event, not even Setup")
    return faults.listed()


@dataclass(slots=True)
class _Faults:
    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, duty: str, reason: str) -> None:
        self.found.setdefault(duty, []).append(reason)

    def listed(self) -> tuple[Fault, ...]:
        result = []
        for duty, reasons in self.found.items():
            result += [Fault(duty, reason) for reason in reasons[:FAULTS_MAX]]
            if len(reasons) > FAULTS_MAX:
                result.append(Fault(duty, f"and {len(reasons) - FAULTS_MAX} more of this kind"))
        return tuple(result)


class _Chain:
    """Duty A2 over the events as they come. `parent`: SHA-256 of the last event record in hex."""

    def __init__(self) -> None:
        self.position = 0
        self.parent: str | None = None
        self.faults = _Faults()

    def add(
        self, kind: EventType, said: tuple[int, str | None, str | None], members: int, payload: str | None
    ) -> None:
        """said: height, parent and payload as the record has them; payload: what it should be."""
        where = f"event {self.position} ({kind})"
        wanted = grammar.RULES[kind].members
        if said[0] != self.position:
            self.faults.add("A2", f"{where} says that its height is {said[0]}")
        if said[1] != self.parent:
            self.faults.add("A2", f"{where} does not name the event before it as its parent")
        if members != len(wanted):
            names = ", ".join(wanted) or "none"
            self.faults.add("A2", f"{where} comes with {members} data members, expected: {names}")
        if said[2] != payload:
            self.faults.add("A2", f"{where} does not name its last data member as its payload")
        self.position += 1


class _Reading:
    """One pass over an archive's members; keeps going as long as the next header can be found.

    No member is held: of data members only place, size and hash are kept.
    """

    def __init__(self, stream: BinaryIO, bytes_max: int) -> None:
        self.stream = stream
        self.bytes_max = bytes_max
        self.position = 0
        self.timestamp = 0
        self.events = Events(stream)
        self.waiting: list[tuple[int, int, bytes]] = []
        self.misplaced: set[bytes] = set()
        self.faults = _Faults()
        self.chain = _Chain()

    def run(self) -> None:
        number = 0
        self.stream.seek(0)
        while True:
            header = self._bytes(BLOCK)
            if not header:
                break
            if not self._member(number, header):
                break
            number += 1
        if number == 0 and not self.faults.found:
            self._fault("the file is empty")
        if self.waiting:
            self._fault(f"{len(self.waiting)} data members at the end belong to no event")

    def _member(self, number: int, header: bytes) -> bool:
        """Read one member; False when the next one cannot be found any more."""
        where = f"member {number}"
        if len(header) < BLOCK:
            self._fault(f"{where}: the file ends within the header")
            return False
        if not _SIZE.fullmatch(header[124:136]):
            self._fault(f"{where}: no member header where one must stand (byte {self.position - BLOCK})")
            return False
        size = int(header[124:135], 8)
        if size > MEMBER_MAX:
            self._fault(f"{where}: {size} bytes are announced, at most {MEMBER_MAX} are read")
            return False
        offset = self.position
        digest, body = self._hashed(size)
        padding = self._bytes(-size % BLOCK)
        if self.position < offset + size + (-size % BLOCK):
            self._fault(f"{where}: the file ends within the member")
            return False
        if padding.strip(b"\0"):
            self._fault(f"{where}: the padding is not empty")
        name = header[:100].rstrip(b"\0")
        if number == 0:
            self._first(name, body)
        else:
            self._later(where, name, (offset, size, digest), body)
        if header != _header(name[:100], size, self.timestamp):
            self._fault(f"{where}: the header is not as the format writes it")
        return True

    def _first(self, name: bytes, body: bytes) -> None:
        if name != b"BELENIOS":
            self._fault("the first member is not BELENIOS")
            return
        match = _BEGINNING.fullmatch(body)
        if match:
            self.timestamp = int(match[1])
            return
        try:
            found = wire.decode(body, what="the header record", bytes_max=EVENT_MAX, canonical=False)
        except Refusal as refusal:
            self._fault(str(refusal.context["because"]))
            return
        version = found.get("version") if isinstance(found, dict) else None
        if isinstance(version, int) and version > 1:
            raise refuse("ballot.unsupported", kind=f"protocol version {version}")
        self._fault("the header record is not as the format writes it")

    def _later(self, where: str, name: bytes, place: tuple[int, int, bytes], body: bytes) -> None:
        match = _MEMBER_NAME.fullmatch(name)
        if not match:
            self._fault(f"{where}: the name is not that of an event or a data member")
            return
        if place[2].hex().encode() != match[1]:
            self._fault(f"{where}: the name is not the hash of the content ({match[1][:8].decode()}...)")
        if match[2] == b"data":
            self.waiting.append(place)
            return
        found = RECORD.fullmatch(body) if place[1] <= EVENT_MAX else None
        if not found:
            self._fault(f"{where}: the event record is not canonical or not known")
        else:
            self._event(where, found, place)
        self.waiting = []

    def _event(self, where: str, found: re.Match[bytes], place: tuple[int, int, bytes]) -> None:
        parent, height, name, payload = (part.decode() if part else None for part in found.groups())
        kind = next(one for one in grammar.RULES if one == name)
        said = int(height or 0)
        # Two equal records say the same height, so only one of them can stand in its place.
        if place[2] in self.misplaced or (said < len(self.events) and self.events.digest(said) == place[2]):
            self._fault(f"{where}: the same event stands there twice")
        if said != len(self.events):
            self.misplaced.add(place[2])
        wanted = self.waiting[-1][2].hex() if self.waiting else None
        self.chain.add(kind, (said, parent, payload), len(self.waiting), wanted)
        self.chain.parent = place[2].hex()
        self.events.add(kind, place, self.waiting)

    def _hashed(self, size: int) -> tuple[bytes, bytes]:
        """SHA-256 of the next member, and its first bytes: as many as any record has that is read here."""
        hasher, first = hashlib.sha256(), b""
        while size > 0:
            piece = self._bytes(min(size, _PIECE))
            if not piece:
                break
            first = first or piece[: EVENT_MAX + 1]
            hasher.update(piece)
            size -= len(piece)
        return hasher.digest(), first

    def _bytes(self, count: int) -> bytes:
        """At most `count` bytes, read in pieces so that an announced size costs nothing by itself."""
        pieces = []
        while count > 0:
            piece = self.stream.read(min(count, _PIECE))
            if not piece:
                break
            pieces.append(piece)
            count -= len(piece)
            self.position += len(piece)
            if self.position > self.bytes_max:
                raise refuse("ballot.size", allowed=self.bytes_max)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _fault(self, reason: str) -> None:
        self.faults.add("A1", reason)


def _record(head: Head, kind: EventType, payload: str | None) -> bytes:
    record: dict[str, wire.Plain] = {}
    if head.parent is not None:
        record["parent"] = head.parent
    record["height"] = head.height
    record["type"] = kind
    if payload is not None:
        record["payload"] = payload
    return wire.encode(record)


def _data_member(body: bytes, timestamp: int) -> bytes:
    return _member(f"{wire.sha256_hex(body)}.data.json".encode(), body, timestamp)


def _member(name: bytes, body: bytes, timestamp: int) -> bytes:
    return _header(name, len(body), timestamp) + body + bytes(-len(body) % BLOCK)


def _header(name: bytes, size: int, timestamp: int) -> bytes:
    """The one header of a member: mode 644, owner and group 0, an ordinary file, no magic."""
    before = name.ljust(100, b"\0") + b"0000644\0" + b"0000000\0" + b"0000000\0"
    before += b"%011o\0%011o\0" % (size, timestamp)
    checksum = sum(before) + 8 * 0x20 + 0x30
    return (before + b"%06o\0 0" % checksum).ljust(BLOCK, b"\0")
