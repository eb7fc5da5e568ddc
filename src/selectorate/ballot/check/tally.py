"""Duties T1 to R1: encrypted tally, shuffles, partial decryptions, result."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from selectorate._kernel import Election, KernelError
from selectorate.ballot import papers, wire
from selectorate.ballot.check.ledger import Ledger, form_note
from selectorate.ballot.objects import CastBallot, Event, EventType, Parameters
from selectorate.errors import Refusal

_OWNED = re.compile(rb'\{"owner":([1-9][0-9]{0,5}),"payload":"([0-9a-f]{64})"\}')
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
        self, kernel: Election, parameters: Parameters, trustees: int, ledger: Ledger, *, foreign: bool
    ) -> None:
        self.kernel = kernel
        self.parameters = parameters
        self.trustees = trustees
        self.ledger = ledger
        self.foreign = foreign
        self.ranked = [n for n, question in enumerate(parameters.questions) if question.kind == "ranked"]

    def run(self, events: Sequence[Event], counted: tuple[CastBallot, ...], weight: int) -> Tallied:
        of: dict[EventType, list[Event]] = {}
        for event in events:
            of.setdefault(event.type, []).append(event)
        if "EncryptedTally" not in of:
            self.ledger.absent("the ballots have not been tallied yet", "T1", "T2", "S1", "S2", "S3")
            self.ledger.absent("nothing has been decrypted yet", "D1", "D2", "D3", "D4", "R1")
            return Tallied()
        tally = self._tally(of["EncryptedTally"][0], of, counted, weight)
        entries = self._entries(tally)
        if entries is None:
            return Tallied()
        ended = "EndShuffles" in of or "PartialDecryption" in of
        owners, lists = self._shuffles(of.get("Shuffle", []), [entries[n] for n in self.ranked], ended=ended)
        shuffle_input = wire.encode_read(lists) if self.ranked and lists is not None and not ended else None
        if lists is None or (self.ranked and not ended):
            self._decryptions_absent(of)
            return Tallied(tally, shuffle_input, None, owners)
        for position, shuffled in zip(self.ranked, lists, strict=True):
            entries[position] = shuffled
        ciphertexts = wire.encode_read(entries)
        sent = of.get("PartialDecryption", [])
        decryptions = self._decryptions(sent, ciphertexts)
        owners_sent = {owned[0] for event in sent if (owned := owner_of(event.data[1]))}
        self._result(of.get("Result", []), ciphertexts, decryptions, owners_sent)
        present = tuple((owner, content) for owner, content in decryptions if owner)
        return Tallied(tally, None, ciphertexts, owners, present)

    def _tally(
        self, event: Event, of: dict[EventType, list[Event]], counted: tuple[CastBallot, ...], weight: int
    ) -> bytes:
        """T1 and T2; gives the tally that the following steps are judged by."""
        published, sized = event.data
        computed: bytes | None = None
        try:
            urn = self.kernel.tally()
            urn.add([ballot.ballot for ballot in counted])
            computed = urn.finish()
        except KernelError as reason:
            self.ledger.skipped(f"the ballots could not be tallied: {reason}", "T1")
        if computed == published:
            self.ledger.passed("T1", f"{len(counted)} ballots counted, the same bytes")
        elif computed is not None:
            self.ledger.fail("T1", _difference(published, computed))
        if sized == sized_record(published, len(counted), weight):
            self.ledger.passed("T2", f"{len(counted)} ballots, total weight {weight}")
        else:
            self.ledger.fail("T2", _sized_reason(sized, published, len(counted), weight))
        return computed if computed is not None and self._fits(of, computed, published) else published

    def _fits(self, of: dict[EventType, list[Event]], computed: bytes, published: bytes) -> bool:
        """Whether what follows was made for the computed tally, so that nobody else is blamed for T1."""
        if computed == published:
            return True
        entries = self._entries(computed, noting=False)
        if entries is None:
            return False
        if self.ranked:
            ranked = wire.encode_read([entries[n] for n in self.ranked])
            return all(not self._shuffle_faults(ranked, event.data[0]) for event in of.get("Shuffle", [])[:1])
        for event in of.get("PartialDecryption", [])[:1]:
            owned = owner_of(event.data[1])
            if owned and owned[0] <= self.trustees:
                return not self._decryption_faults(owned[0], computed, event.data[0])
        return True

    def _entries(self, tally: bytes, *, noting: bool = True) -> list[Any] | None:
        """The tally as one entry per question, or None where it does not have that shape."""
        try:
            found = wire.decode(tally, what="the encrypted tally")
        except Refusal as refusal:
            reason = str(refusal.context["because"])
        else:
            if (
                isinstance(found, list)
                and len(found) == len(self.parameters.questions)
                and all(isinstance(entry, list) for entry in found)
            ):
                return found
            reason = "it is not one list per question"
        if noting:
            self.ledger.fail("T1", f"the encrypted tally cannot be read: {reason}")
        return None

    def _shuffles(
        self, events: Sequence[Event], lists: list[Any], *, ended: bool
    ) -> tuple[tuple[int, ...], list[Any] | None]:
        """S1 to S3; gives the owners and the lists as the last shuffle left them (None: cannot be read)."""
        if not self.ranked:
            self.ledger.absent("there is no ranked question", "S1", "S2", "S3")
            return (), lists
        if not events:
            self.ledger.absent("nothing has been shuffled yet", "S1", "S2", "S3")
            return (), lists
        owners: list[int] = []
        notes = [""]
        current: list[Any] | None = lists
        before = wire.encode_read(lists)
        for number, event in enumerate(events, 1):
            owner = self._owner("shuffle", number, event, owners, "S1")
            who = f"the shuffle {number} of trustee {owner}"
            if current is None:
                self.ledger.skipped(f"the input of {who} could not be read", "S2", "S3")
                continue
            faults = self._shuffle_faults(before, event.data[0])
            for duty, reason in faults:
                self.ledger.fail(duty, f"{who}: {reason}")
            notes.append(form_note(event.data[0], SHUFFLE_FIELDS))
            current, before = _output(event.data[0], sound=not faults)
        self._count_owners(owners, ended=ended)
        sizes = ", ".join(str(len(entry)) for entry in lists)
        for duty, before_it in (("S2", ("S2",)), ("S3", ("S2", "S3"))):
            if self.ledger.holds(*before_it) and current is not None:
                self.ledger.passed(duty, f"{len(events)} shuffles of {sizes} ciphertexts{max(notes)}")
        if current is not None and len(current) != len(self.ranked):
            current = None
        return tuple(owners), current

    def _count_owners(self, owners: Sequence[int], *, ended: bool) -> None:
        who = ", ".join(str(owner) for owner in owners)
        few = len(set(owners)) < 2
        if ended and few and not self.foreign:
            self.ledger.fail("S1", f"only one trustee has shuffled ({who}); at least two must")
        elif ended and few:
            self.ledger.passed(
                "S1", f"only one trustee has shuffled ({who}), who knows the whole permutation"
            )
        else:
            self.ledger.passed("S1", f"shuffled by the trustees {who}")

    def _owner(self, what: str, number: int, event: Event, owners: list[int], duty: str) -> int:
        """The owner of an owned record, noted in `owners`; 0 where the record cannot be read."""
        owned = owner_of(event.data[1])
        if owned is None:
            self.ledger.fail(duty, f"the {what} {number} does not say whose it is")
            return 0
        owner = owned[0]
        if owner > self.trustees:
            self.ledger.fail(duty, f"the {what} {number} is owned by trustee {owner} of {self.trustees}")
        elif owner in owners:
            self.ledger.fail(duty, f"trustee {owner} owns more than one {what}")
        owners.append(owner)
        return owner

    def _decryptions(self, events: Sequence[Event], ciphertexts: bytes) -> list[tuple[int, bytes]]:
        """D1 to D3; gives (owner, decryption) of the sound ones."""
        if not events:
            self.ledger.absent("nothing has been decrypted yet", "D1", "D2", "D3")
            return []
        owners: list[int] = []
        notes = [""]
        sound: list[tuple[int, bytes]] = []
        for number, event in enumerate(events, 1):
            again = owner_of(event.data[1])
            twice = again is not None and again[0] in owners
            owner = self._owner("partial decryption", number, event, owners, "D1")
            if not 1 <= owner <= self.trustees:
                self.ledger.skipped("a partial decryption has no owner whose key could be used", "D2", "D3")
                continue
            faults = self._decryption_faults(owner, ciphertexts, event.data[0])
            for duty, reason in faults:
                self.ledger.fail(duty, f"the partial decryption of trustee {owner}: {reason}")
            notes.append(form_note(event.data[0], DECRYPTION_FIELDS))
            if not faults and not twice:
                sound.append((owner, event.data[0]))
        who = ", ".join(str(owner) for owner in owners)
        for duty in ("D1", "D2", "D3"):
            if self.ledger.holds("D1", duty):
                self.ledger.passed(duty, f"decrypted by the trustees {who}{max(notes)}")
        return sound

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

    def _result(
        self,
        events: Sequence[Event],
        ciphertexts: bytes,
        decryptions: Sequence[tuple[int, bytes]],
        owners: Set[int],
    ) -> None:
        """D4 and R1."""
        if not events:
            self.ledger.absent("there is no result yet", "D4", "R1")
            return
        published = events[0].data[0]
        everybody = set(range(1, self.trustees + 1))
        missing = sorted(everybody - owners)
        if missing:
            who = ", ".join(str(owner) for owner in missing)
            self.ledger.fail("D4", f"there is no decryption of trustee {who}")
        else:
            self.ledger.passed("D4", f"all {self.trustees} trustees")
        if everybody != {owner for owner, _ in decryptions}:
            self.ledger.skipped("there is not a valid decryption of every trustee", "R1")
            return
        try:
            computed = self.kernel.result(ciphertexts, decryptions)
        except KernelError as reason:
            self.ledger.fail("R1", f"the decryptions give no result: {reason}")
            return
        if computed == published:
            self.ledger.passed("R1", f"{len(self.parameters.questions)} questions, the same bytes")
        else:
            self.ledger.fail("R1", _result_reason(published, computed, self.parameters))

    def _decryptions_absent(self, of: dict[EventType, list[Event]]) -> None:
        if "PartialDecryption" in of or "Result" in of:
            self.ledger.skipped("the ciphertexts to decrypt could not be read", "D1", "D2", "D3", "D4", "R1")
        else:
            self.ledger.absent("nothing has been decrypted yet", "D1", "D2", "D3", "D4", "R1")


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
        if parameters.questions[number - 1].kind == "homomorphic":
            return f"question {number}: the result says {list(answer)}, the decryptions give {list(right)}"
        if sorted(map(str, answer)) == sorted(map(str, right)):
            return f"question {number}: the right papers stand there in another order"
        return f"question {number}: the papers are not those that the decryptions give"
    return "the same numbers in another form"
