"""Judging shuffles and decryptions as they arrive, against the archive as the office has stored it.

What stands in the archive is trusted here, because it was judged before it was stored (as in `acceptance`);
a stranger trusts nothing of it and uses `check`. Gives what the next mixer or trustee takes, and the faults
of what one of them sent: duties S1, S2, S3 and D1, D2, D3 of docs/formats/ballot.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from selectorate._kernel import Election
from selectorate.ballot import wire
from selectorate.ballot.check.casting import Urn
from selectorate.ballot.marks import known_marks
from selectorate.ballot.objects import (
    Archive,
    Events,
    EventType,
    Fault,
    Parameters,
    Setup,
    Trustees,
    lacking,
    public_keys,
)
from selectorate.ballot.parameters import Electorate, read_parameters, read_trustees


@dataclass(frozen=True, slots=True)
class Closing:
    """How far the tally of one stored archive has come.

    shuffle_input: JSON that the next shuffle takes (ranked entries), None when mixing is over or not needed;
    ciphertexts: JSON that a partial decryption covers, None while mixing goes on; shuffles and decryptions:
    (owner, object) in the order of the archive; trustees: public key of each; entries: the list as it stands.
    """

    setup: Setup
    parameters: Parameters
    trustees: tuple[str, ...]
    entries: tuple[Trustees, ...]
    shuffle_input: bytes | None
    ciphertexts: bytes | None
    shuffles: tuple[tuple[int, bytes], ...]
    decryptions: tuple[tuple[int, bytes], ...]

    @property
    def lacking(self) -> tuple[str, ...]:
        """Whose decryptions are still needed for a result, as half sentences; empty when these suffice."""
        return lacking(self.entries, (owner for owner, _ in self.decryptions))


def closing_of(archive: Archive) -> Closing | None:
    """The state after EncryptedTally; None before."""
    events = archive.events
    place = next(events.places("EncryptedTally"), None)
    if place is None:
        return None
    tally = events[place]
    setup = Setup(*events[0].data)
    parameters = read_parameters(setup.election)
    entries = wire.decode(tally.data[0], what="the encrypted tally")
    shuffles = _owned(events, "Shuffle")
    ranked = [n for n, question in enumerate(parameters.questions) if question.kind == "ranked"]
    if shuffles:
        lists = wire.decode(shuffles[-1][1], what="the last shuffle", canonical=False)["ciphertexts"]
        for position, shuffled in zip(ranked, lists, strict=True):
            entries[position] = shuffled
    trustees = read_trustees(setup.trustees)
    mixing = bool(ranked) and not events.has("EndShuffles")
    return Closing(
        setup=setup,
        parameters=parameters,
        trustees=public_keys(trustees),
        entries=trustees,
        shuffle_input=wire.encode([entries[n] for n in ranked]) if mixing else None,
        ciphertexts=None if mixing else wire.encode(entries),
        shuffles=shuffles,
        decryptions=_owned(events, "PartialDecryption"),
    )


def accepted_ballots(archive: Archive) -> Urn:
    """Which of the stored ballots count: the last of each credential. One ballot is held at a time."""
    events = archive.events
    urn = Urn(events, Electorate(events[0].data[2]))
    for place in events.places("Ballot"):
        urn.take(place, known_marks(events.content(place)).credential)
    return urn


def judge_shuffle(closing: Closing, owner: int, content: bytes) -> tuple[Fault, ...]:
    """What is wrong with a shuffle that trustee `owner` sent; empty when it may be stored."""
    faults = _owner_faults("S1", closing, owner, closing.shuffles)
    if closing.shuffle_input is None:
        return (*faults, Fault("S1", "no shuffle is expected now"))
    found = _kernel(closing).check_shuffle(closing.shuffle_input, content)
    return (*faults, *(Fault(duty, reason) for duty, reason in found))


def judge_decryption(closing: Closing, owner: int, content: bytes) -> tuple[Fault, ...]:
    """What is wrong with a partial decryption that trustee `owner` sent; empty when it may be stored."""
    faults = _owner_faults("D1", closing, owner, closing.decryptions)
    if closing.ciphertexts is None:
        return (*faults, Fault("D1", "no decryption is expected before mixing has ended"))
    if faults:
        return faults
    found = _kernel(closing).check_decryption(owner, closing.ciphertexts, content)
    return tuple(Fault(duty, reason) for duty, reason in found)


def _owner_faults(
    duty: str, closing: Closing, owner: int, there: Sequence[tuple[int, bytes]]
) -> tuple[Fault, ...]:
    if not 1 <= owner <= len(closing.trustees):
        return (Fault(duty, f"there is no trustee {owner}; they are numbered 1 to {len(closing.trustees)}"),)
    if any(owner == other for other, _ in there):
        return (Fault(duty, f"trustee {owner} has sent one already"),)
    return ()


def _owned(events: Events, kind: EventType) -> tuple[tuple[int, bytes], ...]:
    sent = (events[place].data for place in events.places(kind))
    return tuple((int(wire.decode(data[1], what="an owned record")["owner"]), data[0]) for data in sent)


def _kernel(closing: Closing) -> Election:
    return Election(closing.setup.election, closing.setup.trustees, closing.setup.credentials)
