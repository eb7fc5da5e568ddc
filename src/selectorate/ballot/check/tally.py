"""Duties T1 to R1: encrypted tally, shuffles, partial decryptions, result."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from selectorate._kernel import Election, KernelError
from selectorate.ballot import papers, wire
from selectorate.ballot.check.casting import Urn
from selectorate.ballot.check.ledger import Ledger, form_note
from selectorate.ballot.objects import Event, Events, EventType, Parameters, Trustees, lacking
from selectorate.errors import Refusal

_AFTER_TALLY: Final = ("S1", "S2", "S3", "D1", "D2", "D3", "D4", "R1")
_AFTER_BALLOTS: Final = ("T1", "T2", *_AFTER_TALLY)
_OWNED = re.compile(rb'\{"owner":(0|[1-9][0-9]{0,8}),"payload":"([0-9a-f]{64})"\}')
SHUFFLE_FIELDS: Final = frozenset((b"ciphertexts", b"alpha", b"beta", b"proofs"))
DECRYPTION_FIELDS: Final = frozenset((b"decryption_factors", b"decryption_proofs", b"challenge", b"response"))
_SHUFFLE_START = b'{"ciphertexts":'
_SHUFFLE_MIDDLE = b',"proofs":'


@dataclass(frozen=True, slots=True)
class Tallied:
    """What the events after EndBallots left behind, as JSON bytes where a next step can take it."""

    encrypted_tally: bytes | None = None
    shuffle_input: bytes | None = None
    ciphertexts: bytes | None = None
    shuffle_owners: tuple[int, ...] = ()
    decryptions: tuple[tuple[int, bytes], ...] = ()


def owner_of(record: bytes) -> tuple[int, str] | None:
    """(trustee number, SHA-256 of the object) of an owned record, or None where it is not canonical."""
    match = _OWNED.fullmatch(record)
    return (int(match[1]), match[2].decode()) if match else None


def sized_record(tally: bytes, ballots: int, weight: int) -> bytes:
    """The record that must follow an encrypted tally."""
    return wire.encode(
        {
            "num_tallied": ballots,
            "total_weight": wire.weight_form(weight),
            "encrypted_tally": wire.sha256_hex(tally),
        }
    )


class TallyExamination:
    """One pass over the events after EndBallots. Only complete events (all data members there) come in."""

    def __init__(
        self,
        kernel: Election,
        parameters: Parameters,
        trustees: Sequence[Trustees],
        ledger: Ledger,
        *,
        foreign: bool,
    ) -> None:
        self.kernel = kernel
        self.parameters = parameters
        self.entries = trustees
        self.trustees = sum(len(entry.keys) for entry in trustees)
        self.ledger = ledger
        self.foreign = foreign
        self.ranked = [n for n, question in enumerate(parameters.questions) if question.kind == "ranked"]

    def run(self, events: Events, places: Mapping[EventType, Sequence[int]], urn: Urn) -> Tallied:
        """places: of the complete events of each type, in order."""
        self.events = events
        self.places = places
        if not events.has("EncryptedTally"):
            self._nothing_tallied(events)
            return Tallied()
        if not places.get("EncryptedTally"):
            self.ledger.waits("A2", "the encrypted tally does not come with its record", *_AFTER_BALLOTS)
            return Tallied()
        tally = self._tally(events[places["EncryptedTally"][0]], urn)
        entries = self._entries(tally)
        if entries is None:
            self.ledger.waits("T1", "the encrypted tally cannot be read", *_AFTER_TALLY)
            return Tallied()
        ended = events.has("EndShuffles") or events.has("PartialDecryption")
        owners, lists = self._shuffles([entries[n] for n in self.ranked], ended=ended)
        shuffle_input = wire.encode_read(lists) if self.ranked and lists is not None and not ended else None
        if lists is None or (self.ranked and not ended):
            self._decryptions_absent(lists)
            return Tallied(tally, shuffle_input, None, owners)
        for position, shuffled in zip(self.ranked, lists, strict=True):
            entries[position] = shuffled
        ciphertexts = wire.encode_read(entries)
        decryptions = self._decryptions(ciphertexts)
        self._result(ciphertexts, decryptions)
        return Tallied(tally, None, ciphertexts, owners, tuple(decryptions))

    def _nothing_tallied(self, events: Events) -> None:
        late = [
            kind for kind in ("Shuffle", "EndShuffles", "PartialDecryption", "Result") if events.has(kind)
        ]
        if late:
            self.ledger.waits("A3", f"there is no encrypted tally before {late[0]}", *_AFTER_BALLOTS)
            return
        self.ledger.absent("the ballots have not been tallied yet", "T1", "T2", "S1", "S2", "S3")
        self.ledger.absent("nothing has been decrypted yet", "D1", "D2", "D3", "D4", "R1")

    def _tally(self, event: Event, urn: Urn) -> bytes:
        """T1 and T2; gives the tally that the following steps are judged by."""
        published, sized = event.data
        counted = urn.counted()
        for duty in ("A1", "A2", "A3"):
            if not self.ledger.holds(duty):
                self.ledger.waits(duty, "which ballots count is not known", "T1", "T2")
                return published
        if sized == sized_record(published, len(counted), urn.weight()):
            self.ledger.passed("T2", f"{len(counted)} ballots, total weight {urn.weight()}")
        else:
            self.ledger.fail("T2", _sized_reason(sized, published, len(counted), urn.weight()))
        try:
            tally = self.kernel.tally()
            for chunk in counted.chunks():
                tally.add(chunk)
            computed = tally.finish()
        except KernelError as reason:
            self.ledger.waits("E3", f"the ballots could not be tallied: {reason}", "T1")
            return published
        if computed == published:
            self.ledger.passed("T1", f"{len(counted)} ballots counted, the same bytes")
            return computed
        self.ledger.fail("T1", _difference(published, computed))
        return computed if self._fits(computed) else published

    def _fits(self, computed: bytes) -> bool:
        """Whether what follows was made for the computed tally, so that nobody else is blamed for T1."""
        entries = self._entries(computed)
        if entries is None:
            return False
        if self.ranked:
            ranked = wire.encode_read([entries[n] for n in self.ranked])
            return all(not self._shuffle_faults(ranked, event.data[0]) for event in self._first("Shuffle"))
        for event in self._first("PartialDecryption"):
            owned = owner_of(event.data[1])
            if owned and 1 <= owned[0] <= self.trustees:
                return not self._decryption_faults(owned[0], computed, event.data[0])
        return True

    def _first(self, kind: EventType) -> list[Event]:
        """The first event of a type, if there is one."""
        return [self.events[place] for place in self.places.get(kind, ())[:1]]

    def _each(self, kind: EventType) -> Iterator[Event]:
        """One event of a type after the other: a shuffle is large, and only one is held at a time."""
        return (self.events[place] for place in self.places.get(kind, ()))

    def _entries(self, tally: bytes) -> list[Any] | None:
        """The tally as one entry per question, or None where it does not have that shape."""
        try:
            found = wire.decode(tally, what="the encrypted tally", canonical=False)
        except Refusal:
            return None
        fits = (
            isinstance(found, list)
            and len(found) == len(self.parameters.questions)
            and all(isinstance(entry, list) for entry in found)
        )
        return found if fits else None

    def _shuffles(self, lists: list[Any], *, ended: bool) -> tuple[tuple[int, ...], list[Any] | None]:
        """S1 to S3; gives the owners and the lists as the last shuffle left them (None: cannot be read)."""
        if not self.ranked:
            self.ledger.absent("there is no ranked question", "S1", "S2", "S3")
            return (), lists
        if not self.places.get("Shuffle"):
            if ended:
                self.ledger.waits("A3", "nothing was shuffled", "S1", "S2", "S3")
            else:
                self.ledger.absent("nothing has been shuffled yet", "S1", "S2", "S3")
            return (), lists
        owners: list[int] = []
        notes = [""]
        current: list[Any] | None = lists
        before = wire.encode_read(lists)
        for number, event in enumerate(self._each("Shuffle"), 1):
            owner = self._owner("shuffle", number, event, owners, "S1")
            who = f"the shuffle {number} of trustee {owner}"
            if current is None:
                self.ledger.waits("S2", f"the input of {who} cannot be read", "S3")
                continue
            faults = self._shuffle_faults(before, event.data[0])
            for duty, reason in faults:
                self.ledger.fail(duty, f"{who}: {reason}")
            notes.append(form_note(event.data[0], SHUFFLE_FIELDS))
            current, before = _output(event.data[0], sound=not faults)
        self._count_owners(owners, ended=ended)
        sizes = ", ".join(str(len(entry)) for entry in lists)
        for duty in ("S2", "S3"):
            if not self.ledger.noted(duty):
                self.ledger.passed(duty, f"{len(owners)} shuffles of {sizes} ciphertexts{max(notes)}")
        if not self.ledger.holds("S2"):
            self.ledger.waits("S2", "a shuffle has not the shape of its input", "S3")
        if current is not None and len(current) != len(self.ranked):
            current = None
        return tuple(owner for owner in owners if owner), current

    def _count_owners(self, owners: Sequence[int], *, ended: bool) -> None:
        known = [owner for owner in owners if owner]
        who = ", ".join(str(owner) for owner in known)
        if len(known) < len(owners):
            self.ledger.waits("A2", "the owner of a shuffle is not known", "S1")
        elif not ended or len(owners) >= 2:
            self.ledger.passed("S1", f"shuffled by the trustees {who}")
        elif not self.foreign:
            self.ledger.fail("S1", f"only one trustee has shuffled ({who}); at least two must")
        else:
            remark = "who knows the whole permutation"
            self.ledger.passed("S1", f"only one trustee has shuffled ({who}), {remark}")

    def _owner(self, what: str, number: int, event: Event, owners: list[int], duty: str) -> int:
        """The owner of an owned record, noted in `owners`; 0 where the record cannot be read (A2 fails then)."""
        owned = owner_of(event.data[1])
        if owned is None:
            owners.append(0)
            return 0
        owner = owned[0]
        if not 1 <= owner <= self.trustees:
            self.ledger.fail(duty, f"the {what} {number} is owned by trustee {owner} of {self.trustees}")
        elif owner in owners:
            self.ledger.fail(duty, f"trustee {owner} owns more than one {what}")
        owners.append(owner)
        return owner

    def _decryptions(self, ciphertexts: bytes) -> list[tuple[int, bytes]]:
        """D1 to D3; gives (owner, decryption) of the sound ones, by number."""
        if not self.places.get("PartialDecryption"):
            if self.events.has("Result"):
                self.ledger.waits("A3", "nothing was decrypted before the result", "D1", "D2", "D3")
            else:
                self.ledger.absent("nothing has been decrypted yet", "D1", "D2", "D3")
            return []
        owners: list[int] = []
        notes = [""]
        sound: dict[int, bytes] = {}
        judged = self._unmixed() is None
        for number, event in enumerate(self._each("PartialDecryption"), 1):
            twice = (owner_of(event.data[1]) or (0,))[0] in owners
            owner = self._owner("partial decryption", number, event, owners, "D1")
            if not judged:
                continue
            if not 1 <= owner <= self.trustees:
                waited = "D1" if owner else "A2"
                self.ledger.waits(waited, "there is no owner whose key could be used", "D2", "D3")
                continue
            faults = self._decryption_faults(owner, ciphertexts, event.data[0])
            for duty, reason in faults:
                self.ledger.fail(duty, f"the partial decryption of trustee {owner}: {reason}")
            notes.append(form_note(event.data[0], DECRYPTION_FIELDS))
            if not faults and not twice:
                sound[owner] = event.data[0]
        self._note_decryptions(owners, max(notes))
        return sorted(sound.items())

    def _note_decryptions(self, owners: Sequence[int], note: str) -> None:
        waited = self._unmixed()
        if waited is not None:
            self.ledger.waits(
                waited, "what was to be decrypted is not the output of honest mixing", "D2", "D3"
            )
        if 0 in owners and not self.ledger.holds("A2"):
            self.ledger.waits("A2", "the owner of a partial decryption is not known", "D1")
        who = ", ".join(str(owner) for owner in owners)
        for duty in ("D1", "D2", "D3"):
            if not self.ledger.noted(duty):
                self.ledger.passed(duty, f"decrypted by the trustees {who}{note}")
        if not self.ledger.holds("D2"):
            self.ledger.waits("D2", "a partial decryption has not the shape of the tally", "D3")

    def _unmixed(self) -> str | None:
        """The duty without which what there is to decrypt is not known; None where it is."""
        if not self.ranked:
            return None
        if not self.places.get("Shuffle"):
            return "A3"
        return next((duty for duty in ("S2", "S3") if not self.ledger.holds(duty)), None)

    def _shuffle_faults(self, ciphertexts: bytes, shuffle: bytes) -> list[tuple[str, str]]:
        try:
            return self.kernel.check_shuffle(ciphertexts, shuffle)
        except KernelError as reason:
            return [("S2", f"its input cannot be read: {reason}")]

    def _decryption_faults(self, owner: int, ciphertexts: bytes, content: bytes) -> list[tuple[str, str]]:
        try:
            return self.kernel.check_decryption(owner, ciphertexts, content)
        except KernelError as reason:
            return [("D2", f"the ciphertexts cannot be read: {reason}")]

    def _result(self, ciphertexts: bytes, decryptions: Sequence[tuple[int, bytes]]) -> None:
        """D4 and R1."""
        if not self.events.has("Result"):
            self.ledger.absent("there is no result yet", "D4", "R1")
            return
        if not self.ledger.holds("E7"):
            self.ledger.waits("E7", "how many decryptions are enough is not known", "D4", "R1")
            return
        owners = {owned[0] for event in self._each("PartialDecryption") if (owned := owner_of(event.data[1]))}
        missing = lacking(self.entries, owners)
        if missing:
            self.ledger.fail("D4", f"there is no decryption of {' and '.join(missing)}")
        else:
            self.ledger.passed("D4", f"{len(owners)} of {self.trustees} trustees, and that is enough")
        waited = self._result_waits(decryptions)
        if waited is not None:
            self.ledger.waits(*waited, "R1")
            return
        published = self.events.content(self.places["Result"][0])
        try:
            computed = self.kernel.result(ciphertexts, decryptions)
        except KernelError as reason:
            self.ledger.fail("R1", f"the decryptions give no result: {reason}")
            return
        if computed == published:
            self.ledger.passed("R1", f"{len(self.parameters.questions)} questions, the same bytes")
        else:
            self.ledger.fail("R1", _result_reason(published, computed, self.parameters))

    def _result_waits(self, decryptions: Sequence[tuple[int, bytes]]) -> tuple[str, str] | None:
        """The duty that failed to give what the result is judged by, and why; None where all is there."""
        if not self.places.get("Result"):
            return "A2", "the result does not stand alone before its event"
        for duty in ("E3", "E4", "E5", "E8", "E9"):
            if not self.ledger.holds(duty):
                return duty, "the decryptions need not fit the election's key"
        unmixed = self._unmixed()
        if unmixed is not None:
            return unmixed, "what was to be decrypted is not the output of honest mixing"
        if lacking(self.entries, (owner for owner, _ in decryptions)):
            failed = [duty for duty in ("D3", "D2", "D1", "D4", "A3", "A2") if not self.ledger.holds(duty)]
            return (failed or ["D4"])[0], "too few valid decryptions are left"
        return None

    def _decryptions_absent(self, lists: list[Any] | None) -> None:
        if not (self.events.has("PartialDecryption") or self.events.has("Result")):
            self.ledger.absent("nothing has been decrypted yet", "D1", "D2", "D3", "D4", "R1")
        else:
            waited = "S2" if lists is None else "A3"
            self.ledger.waits(
                waited, "the ciphertexts to decrypt are not known", "D1", "D2", "D3", "D4", "R1"
            )


def _output(shuffle: bytes, *, sound: bool) -> tuple[list[Any] | None, bytes]:
    """The ciphertexts of a shuffle, read and as JSON. A sound one is cut, not written again: it is large."""
    cut = shuffle.find(_SHUFFLE_MIDDLE)
    if sound and shuffle.startswith(_SHUFFLE_START) and cut > 0:
        part = shuffle[len(_SHUFFLE_START) : cut]
        lists = _lists(part)
        if lists is not None:
            return lists, part
    try:
        found = wire.decode(shuffle, what="the shuffle", canonical=False)
    except Refusal:
        return None, b""
    lists = _as_lists(found.get("ciphertexts")) if isinstance(found, dict) else None
    return lists, wire.encode_read(lists) if lists is not None else b""


def _lists(content: bytes) -> list[Any] | None:
    try:
        return _as_lists(wire.decode(content, what="the ciphertexts", canonical=False))
    except Refusal:
        return None


def _as_lists(found: Any) -> list[Any] | None:
    return found if isinstance(found, list) and all(isinstance(entry, list) for entry in found) else None


def _difference(published: bytes, computed: bytes) -> str:
    try:
        found, wanted = (wire.decode(tally, what="the tally") for tally in (published, computed))
    except Refusal as refusal:
        return f"the encrypted tally cannot be read: {refusal.context['because']}"
    if not isinstance(found, list) or len(found) != len(wanted):
        return "the encrypted tally is not one list per question"
    for number, (entry, right) in enumerate(zip(found, wanted, strict=True), 1):
        if entry == right:
            continue
        if isinstance(entry, list) and sorted(map(str, entry)) == sorted(map(str, right)):
            return f"question {number} has the right ciphertexts in another order"
        return f"question {number} is not what the ballots give"
    return "the same ciphertexts in another form"


def _sized_reason(sized: bytes, published: bytes, ballots: int, weight: int) -> str:
    try:
        found = wire.decode(sized, what="the sized record", bytes_max=1024)
    except Refusal as refusal:
        return f"the sized record cannot be read: {refusal.context['because']}"
    if not isinstance(found, dict) or list(found) != ["num_tallied", "total_weight", "encrypted_tally"]:
        return "the sized record has not exactly its three fields"
    if found["num_tallied"] != ballots:
        return f"it says {found['num_tallied']} ballots, {ballots} credentials voted"
    if wire.weight_value(found["total_weight"]) != weight:
        return f"it says a total weight of {found['total_weight']}, the credentials that voted have {weight}"
    if found["encrypted_tally"] != wire.sha256_hex(published):
        return "it does not name the encrypted tally before it"
    return "it is not in canonical form"


def _result_reason(published: bytes, computed: bytes, parameters: Parameters) -> str:
    try:
        found = papers.read_result(published, parameters)
    except Refusal as refusal:
        return f"the result cannot be read: {refusal.context['because']}"
    wanted = papers.read_result(computed, parameters)
    for number, (answer, right) in enumerate(zip(found, wanted, strict=True), 1):
        if answer == right:
            continue
        if parameters.questions[number - 1].kind != "ranked":
            return f"question {number}: the result says {list(answer)}, the decryptions give {list(right)}"
        if sorted(map(str, answer)) == sorted(map(str, right)):
            return f"question {number}: the right papers stand there in another order"
        return f"question {number}: the papers are not those that the decryptions give"
    return "the same numbers in another form"
