"""Every duty of docs/formats/ballot.md, on one archive.

Duties done here: A1 to A4 the file, E1 to E9 the set-up, B1 to B7 each ballot, T1 and T2 the tally, S1 to S3
the shuffles, D1 to D4 the decryptions, R1 the result. The caller's: that the archive is the one which others
saw (checkpoints, receipts, copies), that the credentials are those of the electors, and the counting of
papers. Nothing here stops at the first failure, and what was not checked never counts as passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from selectorate._kernel import Election
from selectorate.ballot import archive as archives
from selectorate.ballot import grammar, papers
from selectorate.ballot.check import form
from selectorate.ballot.check.casting import Casting, Progress, Resumption, Trackers, Urn
from selectorate.ballot.check.ledger import CLAIMS, Ledger
from selectorate.ballot.check.tally import Tallied, TallyExamination
from selectorate.ballot.marks import ballot_bytes_max
from selectorate.ballot.objects import (
    Archive,
    Events,
    EventType,
    Parameters,
    Setup,
    Stage,
    Trustees,
    Verified,
    public_keys,
)
from selectorate.ballot.parameters import (
    Electorate,
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

__all__ = ["CLAIMS", "Examination", "Progress", "Resumption", "check_archive", "examine", "stage_of"]

_SETUP: Final = tuple(duty for duty in CLAIMS if duty[0] == "E")
_AFTER_SETUP: Final = tuple(duty for duty in CLAIMS if duty[0] in "BTSDR")


@dataclass(frozen=True, slots=True)
class Examination:
    """All checks of one archive. `verified` only when none has failed; its field `whole` tells of samples.

    resumed: how many ballots were checked in an earlier run and not again; trustees: the list of trustees as far
    as it could be read, whatever else is wrong.
    """

    stage: Stage
    checks: tuple[Check, ...]
    archive: Archive
    verified: Verified | None
    resumed: int = 0
    trustees: tuple[Trustees, ...] = ()


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
    earlier: bytes | BinaryIO | None = None,
    resume: Resumption | None = None,
) -> Examination:
    """Check one archive against every duty that applies at its stage.

    source: the file's bytes or a seekable file, which has to stay open while what is returned is used; uuid: its
    name without `.bel`; sample: how many ballots to check (all by default; fewer leave duties not checked);
    progress: called with (ballots done, all); foreign: False for elections of our own, of which at least two
    trustees must have shuffled; earlier: a copy of the same archive that was seen before (A4); resume: how far an
    earlier run has come.
    Raises Refusal `ballot.unsupported` for kinds that cannot be judged, `ballot.size` for a file too large,
    `ballot.changed` for one that is written to meanwhile.
    """
    archive, faults = archives.read(source, uuid)
    setup = _setup_of(archive.events)
    if setup is not None:
        require_supported(setup.election)
    ledger = Ledger()
    form.note_file(ledger, archive, faults)
    whole = _Whole(archive, setup, ledger, foreign=foreign)
    verified = whole.run(sample, progress, resume)
    form.note_earlier(ledger, archive, earlier)
    if not ledger.holds():
        verified = None
    return Examination(whole.stage, ledger.checks(), archive, verified, whole.resumed, whole.trustees)


def stage_of(archive: Archive) -> Stage:
    """open while ballots may come, closed once voting has ended, declared with the result."""
    return grammar.stage(archive.events.types())


class _Whole:
    """The examination of an archive whose file has been read."""

    def __init__(self, archive: Archive, setup: Setup | None, ledger: Ledger, *, foreign: bool) -> None:
        self.archive = archive
        self.setup = setup
        self.ledger = ledger
        self.stage = stage_of(archive)
        self.foreign = foreign
        self.resumed = 0
        self.trustees: tuple[Trustees, ...] = ()

    def run(
        self, sample: int | None, progress: Progress | None, resume: Resumption | None
    ) -> Verified | None:
        """Duties A3 to R1."""
        ledger, setup = self.ledger, self.setup
        parameters = self._parameters(setup) if setup is not None else None
        form.note_grammar(ledger, self.archive.events, ranked=parameters.ranked if parameters else None)
        form.note_links(ledger, self.archive.events)
        if setup is None:
            waited = "A2" if self.archive.events.has("Setup") else "A3"
            ledger.waits(
                waited, "there is no complete Setup event", *(duty for duty in CLAIMS if duty[0] != "A")
            )
            return None
        if parameters is None:
            ledger.waits("E1", "the election cannot be read", *_SETUP, *_AFTER_SETUP)
            return None
        self._note_name(parameters)
        kernel = self._kernel(setup)
        try:
            electorate, weighted = read_credentials(setup.credentials)
            entries = read_trustees(setup.trustees)
        except Refusal as refusal:
            duty = "E6" if "credential" in refusal.context["what"] else "E4"
            ledger.fail(duty, str(refusal))
            self._note_faults(kernel, parameters)
            ledger.waits(duty, "the set-up cannot be read", *_unread(ledger), *_AFTER_SETUP)
            return None
        if kernel is None:
            return None
        self.trustees = entries
        self._note_setup(kernel, parameters, entries, electorate)
        urn = Urn(self.archive.events, electorate)
        Casting(kernel, urn, ballot_bytes_max(parameters), ledger, progress).run(sample, resume)
        self.resumed = urn.resumed
        examination = TallyExamination(kernel, parameters, entries, ledger, foreign=self.foreign)
        closing = examination.run(self.archive.events, self._places(), urn)
        if not ledger.holds():
            return None
        whole = sample is None or sample >= self.archive.events.number("Ballot")
        return self._verified(parameters, entries, (electorate, weighted), urn, closing, whole=whole)

    def _parameters(self, setup: Setup) -> Parameters | None:
        try:
            return read_parameters(setup.election)
        except Refusal as refusal:
            self.ledger.fail("E1", str(refusal))
            return None

    def _kernel(self, setup: Setup) -> Election | None:
        try:
            return open_election(setup.election, setup.trustees, setup.credentials)
        except Refusal as refusal:
            if refusal.code == "ballot.unsupported":
                raise
            duty, because = str(refusal.context["duty"]), refusal.context["because"]
        self.ledger.fail(duty, f"it cannot be read: {because}")
        self.ledger.waits(duty, "the set-up cannot be read", *_unread(self.ledger), *_AFTER_SETUP)
        return None

    def _note_name(self, parameters: Parameters) -> None:
        # A file whose name does not end in .bel states no identifier: then only the form is judged.
        if self.archive.uuid and parameters.uuid != self.archive.uuid:
            self.ledger.fail("E2", f"the election is {parameters.uuid}, the file is {self.archive.uuid}")
        elif not uuid_form(parameters.uuid):
            self.ledger.fail("E2", "the identifier does not have the form of one")
        self.ledger.passed("E2", parameters.uuid)

    def _note_setup(
        self, kernel: Election, parameters: Parameters, entries: Sequence[Trustees], electorate: Electorate
    ) -> None:
        ledger = self.ledger
        self._note_faults(kernel, parameters)
        keys = public_keys(entries)
        setup = self.setup
        election, listed = (setup.election, setup.trustees) if setup else (b"", b"")
        groups = [entry for entry in entries if entry.group]
        sizes = ", ".join(f"{entry.threshold} of {len(entry.keys)}" for entry in groups)
        older = sorted({entry.older for entry in groups if entry.older})
        ceremony = f"; made by an older key ceremony: {older[0]}" if older else ""
        ledger.passed("E1", f"version 1, {parameters.group}{form.note(election, form.ELECTION_FIELDS)}")
        ledger.passed("E3", f"{len(parameters.questions)} questions")
        ledger.passed("E4", f"{len(keys)} trustees{form.note(listed, form.TRUSTEE_FIELDS)}")
        ledger.passed("E5", f"the product of {len(keys) if not groups else len(entries)} parts")
        ledger.passed("E6", f"{len(electorate)} credentials, total weight {electorate.total}")
        if not groups:
            ledger.absent("there is no threshold group", "E7", "E8", "E9")
            return
        ledger.passed("E7", f"{len(groups)} threshold groups: {sizes}")
        ledger.passed("E8", f"{sum(len(entry.keys) for entry in groups)} members{ceremony}")
        ledger.passed("E9", f"{sum(len(entry.keys) for entry in groups)} verification keys")

    def _note_faults(self, kernel: Election | None, parameters: Parameters) -> None:
        for fault in setup_faults(kernel, parameters) if kernel is not None else ():
            self.ledger.fail(fault.duty, fault.reason)

    def _places(self) -> dict[EventType, list[int]]:
        """Where the complete events of the tally stand, by type."""
        events = self.archive.events
        kinds: tuple[EventType, ...] = ("EncryptedTally", "Shuffle", "PartialDecryption", "Result")
        return {kind: [place for place in events.places(kind) if _complete(events, place)] for kind in kinds}

    def _verified(
        self,
        parameters: Parameters,
        entries: tuple[Trustees, ...],
        credentials: tuple[Electorate, bool],
        urn: Urn,
        closing: Tallied,
        *,
        whole: bool,
    ) -> Verified | None:
        if self.setup is None:
            return None
        events = self.archive.events
        counted, trackers = urn.counted(), Trackers(events)
        result = [events.content(place) for place in events.places("Result")]
        try:
            answers = papers.read_result(result[0], parameters) if result else None
        except Refusal:
            return None
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
            superseded=len(trackers) - len(counted),
            trackers=trackers,
            encrypted_tally=closing.encrypted_tally,
            shuffle_input=closing.shuffle_input,
            ciphertexts=closing.ciphertexts,
            shuffle_owners=closing.shuffle_owners,
            decryptions=closing.decryptions,
            result=answers,
        )


def _setup_of(events: Events) -> Setup | None:
    """The first complete Setup event; a second one never replaces it (that is a failure of A3)."""
    for place in events.places("Setup"):
        if _complete(events, place):
            return Setup(*events[place].data)
    return None


def _complete(events: Events, place: int) -> bool:
    return events.members(place) == len(grammar.RULES[events.type_of(place)].members)


def _unread(ledger: Ledger) -> tuple[str, ...]:
    """The duties of the set-up of which nothing is noted yet."""
    return tuple(duty for duty in _SETUP if not ledger.noted(duty))
