"""Every duty of docs/formats/ballot.md, on one archive.

Duties done here: A1 to A3 the file, E1 to E6 the set-up, B1 to B7 each ballot, T1 and T2 the tally, S1 to S3
the shuffles, D1 to D4 the decryptions, R1 the result. The caller's: that the archive is the one which others
saw (checkpoints, receipts, copies), that the credentials are those of the electors, and the counting of
papers. Nothing here stops at the first failure, and what was not checked never counts as passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from selectorate._kernel import Election
from selectorate.ballot import archive as archives
from selectorate.ballot import grammar, papers, wire
from selectorate.ballot.check.casting import Progress, Urn, check_ballots
from selectorate.ballot.check.ledger import CLAIMS, Ledger
from selectorate.ballot.check.tally import Tallied, TallyExamination, owner_of
from selectorate.ballot.marks import ballot_bytes_max
from selectorate.ballot.objects import (
    Archive,
    Credential,
    Event,
    Fault,
    Parameters,
    Setup,
    Stage,
    Trustees,
    Verified,
    public_keys,
)
from selectorate.ballot.parameters import (
    open_election,
    read_credentials,
    read_parameters,
    read_trustees,
    require_supported,
    setup_faults,
    uuid_form,
)
from selectorate.canon import Check
from selectorate.errors import Refusal

__all__ = ["CLAIMS", "Examination", "Progress", "check_archive", "examine", "stage_of"]

ELECTION_FIELDS: Final = frozenset(("version", "description", "name", "group", "public_key", "questions")) | {
    *("uuid", "administrator", "credential_authority", "language", "answers", "blank", "min", "max"),
    *("question", "type", "value", "extra", "method", "grades"),
}
TRUSTEE_FIELDS: Final = frozenset(("pok", "public_key", "signature", "name", "challenge", "response"))
_AFTER_SETUP: Final = tuple(duty for duty in CLAIMS if duty[0] in "BTSDR")


@dataclass(frozen=True, slots=True)
class Examination:
    """All checks of one archive. `verified` only when none has failed; its field `whole` tells of samples."""

    stage: Stage
    checks: tuple[Check, ...]
    archive: Archive
    verified: Verified | None


def check_archive(
    source: bytes | BinaryIO,
    uuid: str,
    *,
    sample: int | None = None,
    progress: Progress | None = None,
    foreign: bool = True,
) -> tuple[tuple[Check, ...], Verified | None]:
    """The checks and the verified values of `examine`."""
    found = examine(source, uuid, sample=sample, progress=progress, foreign=foreign)
    return found.checks, found.verified


def examine(
    source: bytes | BinaryIO,
    uuid: str,
    *,
    sample: int | None = None,
    progress: Progress | None = None,
    foreign: bool = True,
) -> Examination:
    """Check one archive against every duty that applies at its stage.

    source: the file's bytes or a stream of them; uuid: its name without `.bel`; sample: how many ballots to
    check (all by default; fewer leave duties not checked); progress: called with (ballots done, all);
    foreign: False for elections of our own, of which at least two trustees must have shuffled.
    Raises Refusal `ballot.unsupported` for kinds that cannot be judged, `ballot.size` for a file too large.
    """
    archive, faults = archives.read(source, uuid)
    setup = _setup_of(archive.events)
    if setup is not None:
        require_supported(setup.election)
    ledger = Ledger()
    _note_form(ledger, archive, faults)
    stage = stage_of(archive)
    verified = None
    if setup is None:
        ledger.skipped("there is no complete Setup event", *(duty for duty in CLAIMS if duty[0] != "A"))
        _note_grammar(ledger, archive, ranked=None)
    else:
        verified = _Whole(archive, setup, ledger, stage, foreign=foreign).run(sample, progress)
    return Examination(stage, ledger.checks(), archive, verified)


def stage_of(archive: Archive) -> Stage:
    """open while ballots may come, closed once voting has ended, declared with the result."""
    return grammar.stage([event.type for event in archive.events])


class _Whole:
    """The examination of an archive whose Setup event is complete."""

    def __init__(
        self, archive: Archive, setup: Setup, ledger: Ledger, stage: Stage, *, foreign: bool
    ) -> None:
        self.archive = archive
        self.setup = setup
        self.ledger = ledger
        self.stage = stage
        self.foreign = foreign

    def run(self, sample: int | None, progress: Progress | None) -> Verified | None:
        parameters = self._parameters()
        _note_grammar(self.ledger, self.archive, ranked=parameters.ranked if parameters else None)
        _note_links(self.ledger, self.archive.events)
        kernel = self._kernel()
        if parameters is None or kernel is None:
            self.ledger.skipped("the set-up cannot be read", *_AFTER_SETUP)
            return None
        try:
            credentials, weighted = read_credentials(self.setup.credentials)
            entries = read_trustees(self.setup.trustees)
            trustees = public_keys(entries)
        except Refusal as refusal:
            self.ledger.fail("E6" if "credential" in refusal.context["what"] else "E4", str(refusal))
            self._note_faults(kernel, parameters)
            self.ledger.skipped("the set-up cannot be read", *_AFTER_SETUP)
            return None
        self._note_setup(kernel, parameters, trustees, credentials)
        ballots = [
            (event.height, event.data[0])
            for event in self.archive.events
            if event.type == "Ballot" and len(event.data) == 1
        ]
        bytes_max = ballot_bytes_max(parameters)
        urn = check_ballots(kernel, ballots, bytes_max, self.ledger, sample=sample, progress=progress)
        whole = sample is None or sample >= len(ballots)
        weights = {credential.public: credential.weight for credential in credentials}
        closing = self._closing(kernel, parameters, len(trustees), urn, weights)
        if not self.ledger.holds():
            return None
        return self._verified(parameters, entries, (credentials, weighted), urn, closing, whole=whole)

    def _parameters(self) -> Parameters | None:
        try:
            return read_parameters(self.setup.election)
        except Refusal as refusal:
            self.ledger.fail("E1", str(refusal))
            return None

    def _kernel(self) -> Election | None:
        try:
            return open_election(self.setup.election, self.setup.trustees, self.setup.credentials)
        except Refusal as refusal:
            if refusal.code == "ballot.unsupported":
                raise
            self.ledger.fail(str(refusal.context["duty"]), f"it cannot be read: {refusal.context['because']}")
            return None

    def _note_setup(
        self,
        kernel: Election,
        parameters: Parameters,
        trustees: Sequence[str],
        credentials: Sequence[Credential],
    ) -> None:
        self._note_faults(kernel, parameters)
        # A file whose name does not end in .bel states no identifier: then only the form is judged.
        if self.archive.uuid and parameters.uuid != self.archive.uuid:
            self.ledger.fail("E2", f"the election is {parameters.uuid}, the file is {self.archive.uuid}")
        elif not uuid_form(parameters.uuid):
            self.ledger.fail("E2", "the identifier does not have the form of one")
        form = _form(self.setup.election, ELECTION_FIELDS)
        weight = sum(credential.weight for credential in credentials)
        self.ledger.passed("E1", f"version 1, {parameters.group}{form}")
        self.ledger.passed("E2", parameters.uuid)
        self.ledger.passed("E3", f"{len(parameters.questions)} questions")
        self.ledger.passed("E4", f"{len(trustees)} trustees{_form(self.setup.trustees, TRUSTEE_FIELDS)}")
        self.ledger.passed("E5", f"the product of {len(trustees)} keys")
        self.ledger.passed("E6", f"{len(credentials)} credentials, total weight {weight}")

    def _note_faults(self, kernel: Election, parameters: Parameters) -> None:
        for fault in setup_faults(kernel, parameters):
            self.ledger.fail(fault.duty, fault.reason)

    def _closing(
        self, kernel: Election, parameters: Parameters, trustees: int, urn: Urn, weights: dict[str, int]
    ) -> Tallied:
        counted = urn.counted()
        weight = sum(weights.get(ballot.credential, 0) for ballot in counted)
        complete = [event for event in self.archive.events if _complete(event)]
        examination = TallyExamination(kernel, parameters, trustees, self.ledger, foreign=self.foreign)
        return examination.run(complete, counted, weight)

    def _verified(
        self,
        parameters: Parameters,
        entries: tuple[Trustees, ...],
        credentials: tuple[tuple[Credential, ...], bool],
        urn: Urn,
        closing: Tallied,
        *,
        whole: bool,
    ) -> Verified:
        counted = urn.counted()
        result = [event.data[0] for event in self.archive.events if event.type == "Result"]
        return Verified(
            whole=whole,
            stage=self.stage,
            archive=self.archive,
            setup=self.setup,
            parameters=parameters,
            trustees=public_keys(entries),
            entries=entries,
            credentials=credentials[0],
            weighted=credentials[1],
            counted=counted,
            superseded=len(urn.ballots) - len(counted),
            trackers=urn.trackers,
            encrypted_tally=closing.encrypted_tally,
            shuffle_input=closing.shuffle_input,
            ciphertexts=closing.ciphertexts,
            shuffle_owners=closing.shuffle_owners,
            decryptions=closing.decryptions,
            result=papers.read_result(result[0], parameters) if result else None,
        )


def _setup_of(events: Sequence[Event]) -> Setup | None:
    """The first complete Setup event; a second one never replaces it (that is a failure of A3)."""
    for event in events:
        if event.type == "Setup" and len(event.data) == len(grammar.RULES["Setup"].members):
            return Setup(*event.data)
    return None


def _complete(event: Event) -> bool:
    return len(event.data) == len(grammar.RULES[event.type].members)


def _note_form(ledger: Ledger, archive: Archive, faults: Sequence[Fault]) -> None:
    for fault in faults:
        ledger.fail(fault.duty, fault.reason)
    ledger.passed("A1", f"{archive.size} bytes, {len(archive.events)} events")
    ledger.passed("A2", f"{len(archive.events)} events")


def _note_grammar(ledger: Ledger, archive: Archive, *, ranked: bool | None) -> None:
    types = [event.type for event in archive.events]
    if ranked is None:
        ranked = "Shuffle" in types
    for fault in archives.grammar_faults(types, ranked=ranked):
        ledger.fail(fault.duty, fault.reason)
    ledger.passed("A3", f"the last event is {types[-1]}" if types else "")


def _note_links(ledger: Ledger, events: Sequence[Event]) -> None:
    """The rest of A2: records inside the data members name the objects before them."""
    for position, event in enumerate(events):
        if not _complete(event):
            continue
        if event.type == "Setup":
            names = ("election", "trustees", "credentials")
            hashes = {name: wire.sha256_hex(part) for name, part in zip(names, event.data, strict=False)}
            if event.data[3] != wire.encode(hashes):
                ledger.fail("A2", f"event {position} (Setup): the setup data do not name its three objects")
        elif event.type in ("Shuffle", "PartialDecryption"):
            owned = owner_of(event.data[1])
            if owned is None or owned[1] != wire.sha256_hex(event.data[0]):
                ledger.fail(
                    "A2", f"event {position} ({event.type}): the owned record does not name its object"
                )


def _form(content: bytes, fields: frozenset[str]) -> str:
    """As `form_note`, for an object with free text in it."""
    try:
        found: Any = wire.decode(content, what="the object", canonical=False)
        wire.decode(content, what="the object")
    except Refusal:
        return "; not in canonical form"
    unknown = sorted(_names(found) - fields)
    return f"; it has fields that this version does not know: {', '.join(unknown[:5])}" if unknown else ""


def _names(found: Any) -> set[str]:
    if isinstance(found, dict):
        return set(found).union(*(_names(inner) for inner in found.values()))
    if isinstance(found, list):
        return set[str]().union(*(_names(inner) for inner in found))
    return set()
