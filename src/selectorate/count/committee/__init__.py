"""Committees from approvals, in proportion: Thiele's, Phragmén's and the equal shares rules (make).

Engine of the family "committee". Papers that approve of the same candidates are put together; all numbers are
exact fractions.
"""

from __future__ import annotations

from selectorate.canon import Digest
from selectorate.count.ballots import FigureProfile, WeakProfile
from selectorate.count.committee import pav, phragmen, shares
from selectorate.count.committee.approvals import Approvals, Elected
from selectorate.count.objects import Profile, Sheet
from selectorate.count.points.marks import TOO_MUCH, Marked
from selectorate.count.points.record import draw_up
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw
from selectorate.errors import refuse


def run(
    papers: Profile | WeakProfile | FigureProfile, ruleset: Ruleset, seats: int, draw: Draw, digest: Digest
) -> Sheet:
    """The engine of the family "committee" (`methods.Engine`).

    Raises Refusal `count.papers` (rankings instead of approvals), `count.empty`, `count.unfit` (more committees
    than can be compared), `count.tie`.
    """
    if not isinstance(papers, FigureProfile):
        raise refuse("count.papers", because=f"they are rankings, and {ruleset.name} counts approvals")
    marked, approvals = _admit(papers, ruleset)
    found = _elected(approvals, ruleset, seats, draw)
    return draw_up(
        marked,
        ruleset,
        seats,
        digest,
        stages=found.stages,
        ties=found.ties,
        elected=found.elected,
        tables=found.tables,
        cleaning=marked.cleaning,
        remarks=found.remarks,
    )


def _elected(papers: Approvals, ruleset: Ruleset, seats: int, draw: Draw) -> Elected:
    match ruleset["elects"]:
        case "one after the other, whoever adds most to the papers' satisfaction":
            return pav.in_rounds(papers, ruleset, seats, draw)
        case "the committee with the greatest satisfaction of all":
            return pav.exact(papers, ruleset, seats, draw)
        case "one after the other, whoever leaves the smallest greatest load":
            return phragmen.in_rounds(papers, ruleset, seats, draw)
    return shares.in_rounds(papers, ruleset, seats, draw)


def _admit(papers: FigureProfile, ruleset: Ruleset) -> tuple[Marked, Approvals]:
    """Papers by whom they approve of. A figure that is no approval makes a paper invalid."""
    counts: dict[frozenset[int], int] = {}
    blank, odd = papers.blank, 0
    for figures, number in papers.papers:
        approved = frozenset(at for at, one in enumerate(figures) if one)
        if any(one not in (None, 0, 1) for one in figures):
            odd += number
        elif not approved and ruleset["empty"] == "blank, not counted":
            blank += number
        else:
            counts[approved] = counts.get(approved, 0) + number
    if not counts:
        raise refuse("count.empty", blank=blank, invalid=papers.invalid + odd)
    rows = tuple(sorted(counts.items(), key=lambda row: sorted(row[0])))
    cleaning = ((TOO_MUCH, odd),) if odd else ()
    size = range(len(papers.candidates))
    valid = tuple((tuple(int(one in approved) for one in size), number) for approved, number in rows)
    marked = Marked(papers.candidates, valid, blank, papers.invalid + odd, cleaning)
    return marked, Approvals(papers.candidates, rows)
