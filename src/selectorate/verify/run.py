"""One run of the verifier: the archive's duties, then the folder's.

Duties done elsewhere and called from here: A, E, B, T, S, D, R (`ballot.check`); L1, L2, L3, L7, L8
(`log.check`); P1 (`rules.check`); Q1 (`roll.check`); Q5, C1, C2 (`count.check`); K1 (`register.check`).
Done in `folder.py`, `trustees.py` and `sheets.py`, because they hold between rooms: L4, L5, L6, P2 .. P9,
Q2 .. Q4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from selectorate.canon import Report
from selectorate.errors import refuse
from selectorate.verify import folder
from selectorate.verify import resume as resuming
from selectorate.verify.claims import Claim, claims
from selectorate.verify.source import Source
from selectorate.verify.standing import standing_of

if TYPE_CHECKING:
    from selectorate.ballot.check import Examination

Progress = Callable[[int, int], None]


def verify(
    source: Source,
    *,
    progress: Progress | None = None,
    earlier: Source | None = None,
    resume: resuming.Progress | None = None,
) -> Report:
    """Check a public folder or one archive, as `open_source` found it.

    earlier: a copy of the archive, or a folder with one, that was seen before (A4); resume: the file that keeps
    how far a run has come. Raises Refusal `ballot.unsupported` for a kind of election that is not yet supported.
    """
    return judge(source, progress=progress, earlier=earlier, resume=resume).report


@dataclass(frozen=True, slots=True)
class Judgement:
    """One whole run. examined: what was found of the archive, with which a mixer's or trustee's own tool goes on;
    claims: what the election promises, empty where there is no election yet."""

    report: Report
    examined: Examination | None
    claims: tuple[Claim, ...]


def judge(
    source: Source,
    *,
    progress: Progress | None = None,
    earlier: Source | None = None,
    resume: resuming.Progress | None = None,
) -> Judgement:
    """As `verify`, with all that was found.

    The archive's file is closed afterwards, so that single ballots cannot be read again from what is returned.
    """
    with source.opened() as stream, _opened(earlier) as copy:
        examined: Examination | None = None
        if stream is not None:
            from selectorate.ballot.check import Resumption, examine

            examined = examine(
                stream,
                source.uuid,
                progress=progress,
                foreign=not source.folder,
                earlier=copy,
                resume=Resumption(resume.ballots, resume.prefix, resume.keep) if resume else None,
            )
            if resume is not None:
                resume.used(examined.resumed)
        checks = examined.checks if examined else ()
        checks += folder.check(source, examined) if source.folder else folder.not_there()
        report = Report(examined.stage if examined else "open", checks)
        standing = standing_of(source, examined)
        return Judgement(report, examined, claims(report, standing) if standing else ())


@contextmanager
def _opened(earlier: Source | None) -> Iterator[BinaryIO | None]:
    if earlier is None:
        yield None
        return
    with earlier.opened() as copy:
        if copy is None:
            raise refuse("verify.earlier", path=earlier.path)
        yield copy


def not_covered(source: Source) -> tuple[str, ...]:
    """What a report of this input says nothing about, as sentences."""
    if not source.folder:
        return ("Only the archive was checked: not the roll, the rulebook, the count or the record.",)
    pages = f"{len(source.pages)} pages for people" if source.pages else "pages for people"
    return (
        f"{pages}: they are projections, and no check relies on them.",
        "Whether each elector is a person entitled to vote: electors check their own slips.",
        "Whether this copy is the one that others see: compare the checkpoint with theirs.",
    )
