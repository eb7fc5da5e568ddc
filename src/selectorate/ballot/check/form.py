"""Duties A1 to A4: the file, the chain, the order, and an earlier copy; and what is unusual in a set-up's form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO, Final

from selectorate.ballot import archive as archives
from selectorate.ballot import grammar, wire
from selectorate.ballot.check.ledger import Ledger
from selectorate.ballot.check.tally import owner_of
from selectorate.ballot.objects import Archive, Events, Fault
from selectorate.ballot.parameters import read_parameters
from selectorate.errors import Refusal

ELECTION_FIELDS: Final = frozenset(("version", "description", "name", "group", "public_key", "questions")) | {
    *("uuid", "administrator", "credential_authority", "language", "answers", "blank", "min", "max"),
    *("question", "type", "value", "extra", "method", "grades"),
}
TRUSTEE_FIELDS: Final = frozenset(("pok", "public_key", "signature", "name", "challenge", "response")) | {
    *("threshold", "certs", "coefexps", "signatures", "verification_keys", "message"),
}


def note_file(ledger: Ledger, archive: Archive, faults: Sequence[Fault]) -> None:
    """A1 and the chain of A2, as the reader found them."""
    for fault in faults:
        ledger.fail(fault.duty, fault.reason)
    ledger.passed("A1", f"{archive.size} bytes, {len(archive.events)} events")
    ledger.passed("A2", f"{len(archive.events)} events")


def note_grammar(ledger: Ledger, events: Events, *, ranked: bool | None) -> None:
    """A3. ranked: None where the election cannot be read; then any Shuffle stands for ranked questions."""
    for fault in _grammar_faults(events, ranked=ranked):
        ledger.fail(fault.duty, fault.reason)
    ledger.passed("A3", f"the last event is {events.type_of(len(events) - 1)}" if len(events) else "")


def note_links(ledger: Ledger, events: Events) -> None:
    """The rest of A2: records inside the data members name the objects before them."""
    for fault in _link_faults(events):
        ledger.fail(fault.duty, fault.reason)


def note_earlier(ledger: Ledger, archive: Archive, earlier: bytes | BinaryIO | None) -> None:
    """A4: an earlier copy is the beginning of this archive."""
    if earlier is None:
        ledger.absent("no earlier copy was given", "A4")
        return
    try:
        copy, faults = archives.read(earlier, archive.uuid)
    except Refusal as refusal:
        ledger.fail("A4", f"the earlier copy cannot be read: {refusal.sentence}")
        return
    faults = (*faults, *_link_faults(copy.events), *_grammar_faults(copy.events, ranked=_ranked(copy.events)))
    for fault in faults[:1]:
        ledger.fail("A4", f"the earlier copy itself fails {fault.duty}: {fault.reason}")
    here, there = archive.events, copy.events
    different = next(
        (place for place in range(min(len(here), len(there))) if here.digest(place) != there.digest(place)),
        None,
    )
    if different is not None:
        kinds = f"{there.type_of(different)} in the copy, {here.type_of(different)} here"
        ledger.fail("A4", f"event {different} is another one than in the earlier copy ({kinds})")
    elif len(there) > len(here):
        ledger.fail("A4", f"the earlier copy has {len(there)} events, this archive only {len(here)}")
    ledger.passed("A4", f"the {len(there)} events of the earlier copy are the first of {len(here)}")


def note(content: bytes, fields: frozenset[str]) -> str:
    """As `form_note`, for an object with free text in it."""
    try:
        found: Any = wire.decode(content, what="the object", canonical=False)
        wire.decode(content, what="the object")
    except Refusal:
        return "; not in canonical form"
    unknown = sorted(_names(found) - fields)
    return f"; it has fields that this version does not know: {', '.join(unknown[:5])}" if unknown else ""


def _grammar_faults(events: Events, *, ranked: bool | None) -> tuple[Fault, ...]:
    shuffled = events.has("Shuffle") if ranked is None else ranked
    return archives.grammar_faults(events.types(), ranked=shuffled)


def _ranked(events: Events) -> bool | None:
    """Whether the election of an archive has a ranked question, None where that cannot be read."""
    for place in events.places("Setup"):
        if events.members(place) == len(grammar.RULES["Setup"].members):
            try:
                return read_parameters(events.content(place)).ranked
            except Refusal:
                return None
    return None


def _link_faults(events: Events) -> list[Fault]:
    faults = []
    for kind in ("Setup", "Shuffle", "PartialDecryption"):
        for place in events.places(kind):
            if events.members(place) != len(grammar.RULES[events.type_of(place)].members):
                continue
            reason = _wrong_link(events, place)
            if reason:
                faults.append(Fault("A2", f"event {place} ({kind}): {reason}"))
    return faults


def _wrong_link(events: Events, place: int) -> str:
    data = events[place].data
    if events.type_of(place) == "Setup":
        names = ("election", "trustees", "credentials")
        hashes = {name: wire.sha256_hex(part) for name, part in zip(names, data, strict=False)}
        return "" if data[3] == wire.encode(hashes) else "the setup data do not name its three objects"
    owned = owner_of(data[1])
    if owned is None or owned[1] != wire.sha256_hex(data[0]):
        return "the owned record does not name its object"
    return ""


def _names(found: Any) -> set[str]:
    if isinstance(found, dict):
        return set(found).union(*(_names(inner) for inner in found.values()))
    if isinstance(found, list):
        return set[str]().union(*(_names(inner) for inner in found))
    return set()
