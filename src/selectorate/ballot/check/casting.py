"""Duties B1 to B7: every ballot through the kernel, in chunks, and no ballot twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from selectorate._kernel import Election
from selectorate.ballot import marks as marking
from selectorate.ballot import wire
from selectorate.ballot.check.ledger import Ledger
from selectorate.ballot.marks import Marks, Seen
from selectorate.ballot.objects import CastBallot
from selectorate.errors import Refusal

Progress = Callable[[int, int], None]
CHUNK: Final = 256
DUTIES: Final = ("B1", "B2", "B3", "B4", "B5", "B6")


@dataclass(frozen=True, slots=True)
class Urn:
    """The ballots that may be tallied, in the order of the archive, and the trackers of all."""

    ballots: tuple[CastBallot, ...]
    trackers: tuple[str, ...]

    def counted(self) -> tuple[CastBallot, ...]:
        """The last ballot of each credential, in the order of the archive."""
        last = {ballot.credential: ballot.height for ballot in self.ballots}
        return tuple(ballot for ballot in self.ballots if last[ballot.credential] == ballot.height)


def check_ballots(
    kernel: Election,
    ballots: Sequence[tuple[int, bytes]],
    bytes_max: int,
    ledger: Ledger,
    *,
    sample: int | None = None,
    progress: Progress | None = None,
) -> Urn:
    """Judge (height, ballot) pairs; with `sample`, only that many of them through the kernel.

    The sample is spread by a hash over all ballots: whoever made the archive could have foreseen it, so a
    sampled examination never counts as complete.
    """
    chosen = _sample([ballot for _, ballot in ballots], sample)
    verdicts = _verdicts(kernel, ballots, chosen, bytes_max, progress)
    seen = Seen()
    cast: list[CastBallot] = []
    trackers: list[str] = []
    failures: dict[str, list[str]] = {}
    for position, (height, ballot) in enumerate(ballots):
        found = verdicts[position]
        if isinstance(found, Marks):
            repeat = seen.repeat(found)
            seen.add(found)
            cast.append(CastBallot(height, found.tracker, found.credential, ballot))
            tracker = found.tracker
        else:
            duty, reason = found
            tracker = wire.fingerprint(ballot)
            failures.setdefault(duty, []).append(f"{tracker} ({reason})")
            repeat = "the same bytes stand there already" if tracker in seen.trackers else None
            seen.trackers.add(tracker)
        trackers.append(tracker)
        if repeat:
            failures.setdefault("B7", []).append(f"{tracker} ({repeat})")
    _note(ledger, failures, len(ballots), len(chosen))
    return Urn(tuple(cast), tuple(trackers))


def _verdicts(
    kernel: Election,
    ballots: Sequence[tuple[int, bytes]],
    chosen: frozenset[int],
    bytes_max: int,
    progress: Progress | None,
) -> list[Marks | tuple[str, str]]:
    """Per ballot its marks, or (duty, reason)."""
    result: list[Marks | tuple[str, str]] = []
    for start in range(0, len(ballots), CHUNK):
        chunk = ballots[start : start + CHUNK]
        fit = [
            offset
            for offset, (_, ballot) in enumerate(chunk)
            if start + offset in chosen and len(ballot) <= bytes_max
        ]
        judged = dict(zip(fit, kernel.check_ballots([chunk[offset][1] for offset in fit]), strict=True))
        for offset, (_, ballot) in enumerate(chunk):
            if offset in judged:
                credential, faults = judged[offset]
                result.append(faults[0] if faults else marking.passed_marks(ballot, credential))
            else:
                result.append(_unjudged(ballot, bytes_max))
        if progress is not None:
            progress(start + len(chunk), len(ballots))
    return result


def _unjudged(ballot: bytes, bytes_max: int) -> Marks | tuple[str, str]:
    """A ballot outside the sample, or one that is too long to be one of this election."""
    if len(ballot) > bytes_max:
        return "B1", f"it has {len(ballot)} bytes, a ballot here has at most {bytes_max}"
    try:
        return marking.strict_marks(ballot, bytes_max)
    except Refusal as refusal:
        return "B1", str(refusal.context["because"])


def _sample(ballots: Sequence[bytes], sample: int | None) -> frozenset[int]:
    if sample is None or sample >= len(ballots):
        return frozenset(range(len(ballots)))
    order = sorted(range(len(ballots)), key=lambda position: wire.sha256_hex(ballots[position]))
    return frozenset(order[: max(0, sample)])


def _note(ledger: Ledger, failures: dict[str, list[str]], total: int, chosen: int) -> None:
    if not total:
        ledger.absent("there are no ballots yet", *DUTIES, "B7")
        return
    for duty, ballots in failures.items():
        few = ", ".join(ballots[:3]) + (" ..." if len(ballots) > 3 else "")
        ledger.fail(duty, f"{len(ballots)} of {total} ballots fail: {few}")
    reached = chosen
    for duty in DUTIES:
        if chosen < total:
            ledger.skipped(f"{chosen} of {total} ballots were checked", duty)
        elif reached > 0:
            ledger.passed(duty, f"{reached} ballots")
        else:
            ledger.skipped("no ballot came so far", duty)
        reached -= len(failures.get(duty, []))
    ledger.passed("B7", f"{total} ballots, all different")
