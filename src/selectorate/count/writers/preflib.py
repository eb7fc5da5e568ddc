"""PrefLib with today's header: SOC, SOI, TOC or TOI, whichever is the narrowest; CAT for grades and marks."""

from __future__ import annotations

from typing import cast

from selectorate.count.ballots import OVERVOTE, Ballots, Figures, Marks
from selectorate.count.readers.lines import plain_title
from selectorate.count.writers.marked import Written, ballots_of, single, unwritable

_MARKED = ("marked", "not marked")


def write_preflib(papers: Written, seats: int = 0, title: str = "") -> bytes:
    """Papers as PrefLib. Blank papers are a line of the header, seats another.

    Raises Refusal `count.write` for gaps, overvotes, a candidate twice, and figures that are no grades.
    """
    ballots = ballots_of(papers, seats, title)
    if ballots.withdrawn:
        raise unwritable("PrefLib", "it has no sign for candidates who withdrew; clean the papers first")
    rows = list(single(ballots, "PrefLib"))
    categories: tuple[str, ...] = ()
    if ballots.kind == "ranks":
        marked = [(cast(Marks, paper), number) for paper, number in rows if paper]
        lines = [f"{number}: {_order(marks)}" for marks, number in marked]
        kind = _kind(marked, len(ballots.candidates))
    else:
        graded = [(cast(Figures, p), n) for p, n in rows if any(one is not None for one in p)]
        categories = tuple(reversed(ballots.grades)) or _MARKED
        lines = [f"{number}: {_places(figures, len(categories))}" for figures, number in graded]
        kind = "cat"
    blank = sum(number for paper, number in rows if not paper or all(one is None for one in paper))
    head = _head(ballots, title, kind, len(lines), sum(number for _, number in rows))
    if blank:
        head.append(f"# BLANK PAPERS: {blank}")
    if ballots.seats or seats:
        head.append(f"# SEATS: {ballots.seats or seats}")
    if categories:
        head.append(f"# NUMBER CATEGORIES: {len(categories)}")
    head += [f"# CATEGORY NAME {at}: {name}" for at, name in enumerate(categories, 1)]
    head += [f"# ALTERNATIVE NAME {at}: {name}" for at, name in enumerate(ballots.candidates, 1)]
    return ("\n".join(head + lines) + "\n").encode()


def _head(ballots: Ballots, title: str, kind: str, unique: int, total: int) -> list[str]:
    return [
        f"# FILE NAME: papers.{kind}",
        f"# TITLE: {plain_title(ballots.title or title)}",
        f"# DATA TYPE: {kind}",
        "# MODIFICATION TYPE: original",
        f"# NUMBER ALTERNATIVES: {len(ballots.candidates)}",
        f"# NUMBER VOTERS: {total}",
        f"# NUMBER UNIQUE {'PREFERENCES' if kind == 'cat' else 'ORDERS'}: {unique}",
    ]


def _kind(papers: list[tuple[Marks, int]], size: int) -> str:
    strict = all(len(rank) == 1 for marks, _ in papers for rank in marks)
    complete = all(sum(len(rank) for rank in marks) == size for marks, _ in papers)
    return ("so" if strict else "to") + ("c" if complete else "i")


def _order(marks: Marks) -> str:
    named = [one for rank in marks for one in rank]
    if OVERVOTE in named or any(not rank for rank in marks) or len(set(named)) != len(named):
        raise unwritable("PrefLib", "it has no sign for a gap, an overvote, or a candidate twice")
    return ",".join(_group(rank) for rank in marks)


def _group(rank: tuple[int, ...]) -> str:
    text = ",".join(str(one + 1) for one in rank)
    return text if len(rank) == 1 else "{" + text + "}"


def _places(figures: Figures, size: int) -> str:
    """One place for each category, the best first."""
    if any(one is not None and not 0 <= one < size for one in figures):
        raise unwritable("PrefLib", "it holds grades or marks, and these papers have other figures")
    steps = [tuple(at for at, one in enumerate(figures) if one == step) for step in range(size - 1, -1, -1)]
    return ",".join(_group(step) for step in steps)
