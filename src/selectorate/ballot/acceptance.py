"""Judging ballots as they arrive: duties B1 to B7, against the set-up and the ballots accepted so far.

Takes the three set-up objects and the ballots of the archive, which are trusted because they were judged
before they were stored. `judge` changes nothing; the office stores what was accepted and then calls `admit`,
so that a ballot which could not be stored is not remembered. Not done here: whether the poll is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from selectorate.ballot import marks as marking
from selectorate.ballot import wire
from selectorate.ballot.marks import Marks, Seen
from selectorate.ballot.objects import Parameters
from selectorate.ballot.parameters import (
    open_election,
    read_parameters,
    require_supported,
    setup_faults,
)
from selectorate.errors import refuse


@dataclass(frozen=True, slots=True)
class BallotVerdict:
    """What acceptance says of one ballot.

    duty: "" when it is accepted, else one of B1 to B7 that fails, and `reason` says why;
    replaces: tracker of the ballot of the same credential that this one supersedes, or None.
    """

    ballot: bytes
    tracker: str
    duty: str
    reason: str
    credential: str = ""
    replaces: str | None = None

    @property
    def accepted(self) -> bool:
        return not self.duty


class Acceptance:
    """The memory of one open poll. Raises Refusal `ballot.unsupported`, `ballot.setup`, `ballot.form`."""

    def __init__(
        self, election: bytes, trustees: bytes, credentials: bytes, accepted: Iterable[bytes] = ()
    ) -> None:
        require_supported(election)
        self.parameters: Parameters = read_parameters(election)
        self._bytes_max = marking.ballot_bytes_max(self.parameters)
        self._kernel = open_election(election, trustees, credentials)
        faults = setup_faults(self._kernel, self.parameters)
        if faults:
            raise refuse("ballot.setup", duty=faults[0].duty, because=faults[0].reason)
        self._seen = Seen()
        self._last: dict[str, bytes] = {}
        for ballot in accepted:
            self._remember(marking.strict_marks(ballot, self._bytes_max))

    @property
    def voted(self) -> int:
        """How many credentials have a ballot so far."""
        return len(self._last)

    def judge(self, ballots: Sequence[bytes]) -> tuple[BallotVerdict, ...]:
        """One verdict per ballot, in order, as if the ballots accepted before it in the batch were stored."""
        fit = [position for position, ballot in enumerate(ballots) if len(ballot) <= self._bytes_max]
        found = self._kernel.check_ballots([ballots[position] for position in fit])
        judged = dict(zip(fit, found, strict=True))
        batch = Seen()
        last: dict[str, str] = {}
        verdicts = []
        for position, ballot in enumerate(ballots):
            if position not in judged:
                reason = f"it has {len(ballot)} bytes, a ballot here has at most {self._bytes_max}"
                verdicts.append(BallotVerdict(ballot, wire.fingerprint(ballot), "B1", reason))
                continue
            credential, faults = judged[position]
            if faults:
                duty, reason = faults[0]
                verdicts.append(BallotVerdict(ballot, wire.fingerprint(ballot), duty, reason, credential))
                continue
            marks = marking.passed_marks(ballot, credential)
            repeat = self._seen.repeat(marks) or batch.repeat(marks)
            if repeat:
                verdicts.append(BallotVerdict(ballot, marks.tracker, "B7", repeat, credential))
                continue
            digest = self._last.get(credential)
            replaces = last.get(credential) or (wire.tracker_of(digest) if digest else None)
            verdicts.append(BallotVerdict(ballot, marks.tracker, "", "", credential, replaces))
            batch.add(marks)
            last[credential] = marks.tracker
        return tuple(verdicts)

    def admit(self, verdicts: Sequence[BallotVerdict]) -> None:
        """Remember the accepted ones among these, once they are stored, in the order of the archive."""
        for verdict in verdicts:
            if verdict.accepted:
                self._remember(marking.passed_marks(verdict.ballot, verdict.credential))

    def _remember(self, marks: Marks) -> None:
        self._seen.add(marks)
        self._last[marks.credential] = marks.digest
