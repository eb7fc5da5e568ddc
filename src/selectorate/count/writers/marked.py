"""What is written of papers: `Ballots`, from whatever holds papers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from selectorate.canon import sha256
from selectorate.count.ballots import Ballots, FigureProfile, Figures, Marks, WeakProfile
from selectorate.count.objects import Profile
from selectorate.errors import Refusal, refuse

Written = Ballots | Profile | WeakProfile | FigureProfile


def ballots_of(papers: Written, seats: int = 0, title: str = "") -> Ballots:
    """Papers as `Ballots`. A profile's blank papers are papers without marks; its invalid ones are not there,
    because a profile no longer knows what stood on them."""
    if isinstance(papers, Ballots):
        return papers
    digest = sha256(b"")
    if isinstance(papers, FigureProfile):
        figures: list[tuple[Figures, int]] = list(papers.papers)
        if papers.blank:
            figures.append(((None,) * len(papers.candidates), papers.blank))
        return Ballots(
            "figures", papers.candidates, tuple(figures), "", digest, seats, title, grades=papers.grades
        )
    marks: list[tuple[Marks, int]]
    if isinstance(papers, Profile):
        marks = [(tuple((one,) for one in paper.ranking), paper.number) for paper in papers.papers]
    else:
        marks = list(papers.papers)
    if papers.blank:
        marks.append(((), papers.blank))
    return Ballots("ranks", papers.candidates, tuple(marks), "", digest, seats, title)


def single(ballots: Ballots, form: str = "") -> Iterator[tuple[Marks | Figures, int]]:
    """(paper, how many) in the order in which they are written: one by one where their order was kept.

    form: a format that has no sign for units. Raises Refusal `count.write` if the papers come from several.
    """
    if form and ballots.units:
        raise unwritable(form, "it has no sign for the unit that a paper comes from")
    papers = cast("tuple[tuple[Marks | Figures, int], ...]", ballots.papers)
    for at, number in runs(ballots):
        yield papers[at][0], number


def runs(ballots: Ballots) -> Iterator[tuple[int, int]]:
    """(position in `papers`, how many) in the order in which they are written."""
    if not ballots.order:
        yield from ((at, number) for at, (_, number) in enumerate(ballots.papers))
        return
    before, run = -1, 0
    for at in (*ballots.order, -1):
        if at != before and run:
            yield before, run
            run = 0
        before, run = at, run + 1


def unwritable(form: str, because: str) -> Refusal:
    """The refusal for what a format has no sign for (the caller raises it)."""
    return refuse("count.write", form=form, because=because)
