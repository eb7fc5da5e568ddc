"""Duties B1 to B7: every ballot through the kernel, in chunks read from the file, and no ballot twice.

Per ballot only where it stands, its marks and which credential cast it are kept; the ballot itself is read again
when it is counted.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, overload

from selectorate._kernel import Election
from selectorate.ballot import marks as marking
from selectorate.ballot import wire
from selectorate.ballot.check.ledger import Ledger
from selectorate.ballot.marks import Marks, Repeats
from selectorate.ballot.objects import CastBallot, Events
from selectorate.ballot.parameters import Electorate
from selectorate.errors import Refusal

Progress = Callable[[int, int], None]
CHUNK: Final = 256
DUTIES: Final = ("B1", "B2", "B3", "B4", "B5", "B6")
SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Resumption:
    """How far an earlier run on the same archive has come, and how this one tells.

    ballots: so many Ballot events from the first on were sound; prefix: SHA-256 (hex) of the file up to the end of
    the last of them; keep: called with both after each chunk, as long as every ballot so far was sound.
    """

    ballots: int
    prefix: str
    keep: Callable[[int, str], None]


class Urn:
    """What is left of the ballots once they have been judged: which count, and where all of them stand."""

    def __init__(self, events: Events, electorate: Electorate) -> None:
        self.events = events
        self.electorate = electorate
        self.last = array("q", (-1,)) * len(electorate)
        self.resumed = 0

    def take(self, position: int, credential: str) -> int | None:
        """A ballot that can be read: from now on the last of its credential. Gives the credential's number."""
        number = self.electorate.number(credential)
        if number is not None:
            self.last[number] = position
        return number

    def counted(self) -> Counted:
        """The last ballot of each credential, in the order of the archive."""
        return Counted(self.events, array("q", sorted(place for place in self.last if place >= 0)))

    def weight(self) -> int:
        """Total weight of the credentials that voted."""
        electorate = self.electorate
        return sum(electorate.weight(number) for number, place in enumerate(self.last) if place >= 0)


class Counted(Sequence[CastBallot]):
    """The ballots that count, read again from the file as they are asked for."""

    def __init__(self, events: Events, places: array[int]) -> None:
        self._events = events
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, position: int) -> CastBallot: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[CastBallot, ...]: ...

    def __getitem__(self, position: int | slice) -> CastBallot | tuple[CastBallot, ...]:
        if isinstance(position, slice):
            return tuple(self[one] for one in range(*position.indices(len(self))))
        place = self._places[position]
        marks = marking.known_marks(self._events.content(place))
        return CastBallot(place, marks.tracker, marks.credential, self._events.content(place))

    def chunks(self) -> Iterator[list[bytes]]:
        """The ballots themselves, as many at a time as cross into the kernel together."""
        for start in range(0, len(self._places), CHUNK):
            yield [self._events.content(place) for place in self._places[start : start + CHUNK]]


class Trackers(Sequence[str]):
    """The trackers of all Ballot events, in order."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._places = array("Q", events.places("Ballot"))

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, position: int) -> str: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[str, ...]: ...

    def __getitem__(self, position: int | slice) -> str | tuple[str, ...]:
        if isinstance(position, slice):
            return tuple(self[one] for one in range(*position.indices(len(self))))
        return wire.tracker_of(self._events.content_digest(self._places[position]))


class Casting:
    """The examination of all Ballot events of one archive."""

    def __init__(
        self, kernel: Election, urn: Urn, bytes_max: int, ledger: Ledger, progress: Progress | None = None
    ) -> None:
        self.kernel = kernel
        self.urn = urn
        self.events = urn.events
        self.bytes_max = bytes_max
        self.ledger = ledger
        self.progress = progress
        self.total = self.events.number("Ballot")
        self.broken = 0
        self.signed = Repeats()
        self.alphas = Repeats()
        self.failures: dict[str, tuple[int, list[str]]] = {}
        self.chosen: frozenset[int] | None = None

    def run(self, sample: int | None = None, resume: Resumption | None = None) -> None:
        """Judge every ballot; with `sample`, only that many of them through the kernel.

        The sample is spread by a hash over all ballots: whoever made the archive could have foreseen it, so a
        sampled examination never counts as complete.
        """
        self.chosen = self._sample(sample)
        trail = _Trail(self.events, resume) if resume is not None and self.chosen is None else None
        self.urn.resumed = trail.start(self.total) if trail is not None else 0
        done = 0
        for chunk in self._chunks():
            self._judge(chunk, checked=done + len(chunk) <= self.urn.resumed)
            done += len(chunk)
            if trail is not None and done > self.urn.resumed and not self.failures and not self.broken:
                trail.reached(chunk[-1], done)
            if self.progress is not None:
                self.progress(done, self.total)
        self._repeats()
        self._note()

    def _chunks(self) -> Iterator[list[int]]:
        chunk: list[int] = []
        for number, place in enumerate(self.events.places("Ballot"), 1):
            chunk.append(place)
            # A chunk ends where the proofs of an earlier run end, so that each is wholly checked or wholly not.
            if len(chunk) == CHUNK or number == self.urn.resumed:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    def _judge(self, chunk: list[int], *, checked: bool) -> None:
        """One chunk of positions. checked: the kernel passed all of them in an earlier run."""
        whole = [place for place in chunk if self.events.members(place) == 1]
        self.broken += len(chunk) - len(whole)
        fit = [place for place in whole if self.events.content_size(place) <= self.bytes_max]
        ballots = {place: self.events.content(place) for place in fit}
        if checked:
            for place, ballot in ballots.items():
                self._readable(place, marking.known_marks(ballot))
            return
        judged = [place for place in fit if self.chosen is None or place in self.chosen]
        found = self.kernel.check_ballots([ballots[place] for place in judged])
        verdicts = dict(zip(judged, found, strict=True))
        for place in whole:
            if place in verdicts:
                self._verdict(place, ballots[place], *verdicts[place])
            elif place in ballots:
                self._unjudged(place, ballots[place])
            else:
                size = self.events.content_size(place)
                self._unreadable(place, f"it has {size} bytes, a ballot here has at most {self.bytes_max}")

    def _verdict(self, place: int, ballot: bytes, credential: str, faults: list[tuple[str, str]]) -> None:
        duties = dict(faults)
        if "B1" in duties:
            self._unreadable(place, duties["B1"])
            return
        for duty, reason in faults:
            self._fail(duty, place, reason)
        marks = marking.passed_marks(ballot, credential)
        self._readable(place, marks, counts="B5" not in duties)

    def _unjudged(self, place: int, ballot: bytes) -> None:
        """A ballot outside the sample."""
        try:
            self._readable(place, marking.strict_marks(ballot, self.bytes_max))
        except Refusal as refusal:
            self._unreadable(place, str(refusal.context["because"]))

    def _readable(self, place: int, marks: Marks, *, counts: bool = True) -> None:
        number = self.urn.take(place, marks.credential) if counts else None
        self.signed.add(marks.signed, place, 0)
        for alpha in marks.alphas if number is not None else ():
            self.alphas.add(hashlib.sha256(alpha.encode("ascii", "replace")).digest(), place, number or 0)

    def _unreadable(self, place: int, reason: str) -> None:
        self._fail("B1", place, reason)
        self.signed.add(self.events.content_digest(place), place, 0)

    def _fail(self, duty: str, place: int, reason: str) -> None:
        count, shown = self.failures.get(duty, (0, []))
        if count < SHOWN:
            shown.append(f"{wire.tracker_of(self.events.content_digest(place))} ({reason})")
        self.failures[duty] = (count + 1, shown)

    def _repeats(self) -> None:
        for together in self.signed.found():
            first = self.events.content_digest(together[0][0])
            for place, _ in together[1:]:
                same = self.events.content_digest(place) == first
                self._fail("B7", place, marking.SAME_BYTES if same else marking.SAME_ANSWERS)
        for together in self.alphas.found():
            owner = together[0][1]
            for place, credential in together[1:]:
                if credential != owner:
                    self._fail("B7", place, marking.SAME_CIPHERTEXT)

    def _sample(self, sample: int | None) -> frozenset[int] | None:
        if sample is None or sample >= self.total:
            return None
        order = sorted(self.events.places("Ballot"), key=self.events.digest)
        return frozenset(order[: max(0, sample)])

    def _note(self) -> None:
        ledger = self.ledger
        if not self.total:
            ledger.absent("there are no ballots yet", *DUTIES, "B7")
            return
        earlier = f", {self.urn.resumed} of them checked in an earlier run" if self.urn.resumed else ""
        for duty in (*DUTIES, "B7"):
            ledger.passed(duty, f"{self.total} ballots{earlier if duty != 'B7' else ', all different'}")
        for duty, (count, shown) in self.failures.items():
            few = ", ".join(shown) + (" ..." if count > len(shown) else "")
            ledger.fail(duty, f"{count} of {self.total} ballots fail: {few}")
        if self.chosen is not None:
            ledger.skipped(f"{len(self.chosen)} of {self.total} ballots were checked", *DUTIES)
        for waited, duties in (("B5", ("B6",)), ("B1", DUTIES[1:])):
            if waited in self.failures:
                ledger.waits(
                    waited, f"{self.failures[waited][0]} of {self.total} ballots were not judged", *duties
                )
        if self.broken:
            ledger.waits("A2", f"{self.broken} of {self.total} ballots do not stand alone", *DUTIES, "B7")


class _Trail:
    """The hash of the file up to where the proofs have been checked, kept up with the chunks."""

    def __init__(self, events: Events, resume: Resumption) -> None:
        self.events = events
        self.resume = resume
        self.hasher = hashlib.sha256()
        self.end = 0

    def start(self, total: int) -> int:
        """How many ballots an earlier run has checked in this very archive; 0 where it was another one."""
        ballots = self.resume.ballots
        if not 0 < ballots <= total:
            return 0
        places = self.events.places("Ballot")
        last = next(place for number, place in enumerate(places, 1) if number == ballots)
        self._go_on(self.events.end(last))
        if self.hasher.hexdigest() == self.resume.prefix:
            return ballots
        self.hasher, self.end = hashlib.sha256(), 0
        return 0

    def reached(self, place: int, ballots: int) -> None:
        """All ballots up to the one at this position are sound."""
        self._go_on(self.events.end(place))
        self.resume.keep(ballots, self.hasher.hexdigest())

    def _go_on(self, end: int) -> None:
        self.events.prefix(self.hasher, self.end, end)
        self.end = end
