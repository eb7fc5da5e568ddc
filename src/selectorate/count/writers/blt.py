"""BLT, in UTF-8: every mark but an overvote without names has a sign there (`1=2`, `-`, `-3` for withdrawn)."""

from __future__ import annotations

from typing import cast

from selectorate.count.ballots import OVERVOTE, Marks
from selectorate.count.objects import Profile
from selectorate.count.readers.lines import plain_title
from selectorate.count.writers.marked import Written, ballots_of, single, unwritable


def write_blt(papers: Written, seats: int = 0, title: str = "") -> bytes:
    """Papers as BLT. seats, title: used where the papers do not say them. Invalid papers of a profile have no
    place in the format: a comment says how many.

    Raises Refusal `count.write` for figures and for overvotes.
    """
    ballots = ballots_of(papers, seats, title)
    if ballots.kind != "ranks":
        raise unwritable("BLT", "it holds rankings, and these papers have a figure for each candidate")
    lines = [f"{len(ballots.candidates)} {ballots.seats or seats or 1}"]
    lines += [f"-{at}" for at, name in enumerate(ballots.candidates, 1) if name in ballots.withdrawn]
    if isinstance(papers, Profile) and papers.invalid:
        lines.append(f"# {papers.invalid} invalid papers are not in this file")
    for marks, number in single(ballots, "BLT"):
        ranks = [_rank(rank) for rank in cast(Marks, marks)]
        lines.append(" ".join((str(number), *ranks, "0")))
    lines.append("0")
    quoted = (*ballots.candidates, plain_title(ballots.title or title))
    lines += ['"' + text.replace('"', '""') + '"' for text in quoted]
    return ("\n".join(lines) + "\n").encode()


def _rank(rank: tuple[int, ...]) -> str:
    if OVERVOTE in rank:
        raise unwritable("BLT", "it has no sign for an overvote without names")
    return "=".join(str(one + 1) for one in rank) or "-"
