"""Borda's count: points by place on the paper (make). Engine of the family "positions".

Candidates at one rank share the points of the places that they take up. What the unranked get is the rule set's
answer, and its name says it: papers that rank few are where Borda counts differ.
"""

from __future__ import annotations

from fractions import Fraction

from selectorate.canon import Digest
from selectorate.count.ballots import FigureProfile, Marks, WeakProfile
from selectorate.count.objects import Number, Profile, Sheet, Stage
from selectorate.count.points.record import amount, draw_up, outcome
from selectorate.count.points.seating import EQUAL_BY_NAME, TieRule, seat
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw
from selectorate.errors import refuse

FALLING = "one less than there are candidates, and one less at each place"
AS_RANKED = "as many as the paper ranks candidates, and one less at each place"
HARMONIC = "1, 1/2, 1/3 and so on"
SHARED = "the points of the places left, shared equally"


def run(
    papers: Profile | WeakProfile | FigureProfile, ruleset: Ruleset, seats: int, draw: Draw, digest: Digest
) -> Sheet:
    """The engine of the family "positions" (`methods.Engine`). Raises Refusal `count.papers`, `count.tie`."""
    if isinstance(papers, FigureProfile):
        raise refuse("count.papers", because=f"they are figures, and {ruleset.name} counts rankings")
    rows = ranked(papers)
    size = len(papers.candidates)
    points: list[Number] = [0] * size
    scale_of, shared = str(ruleset["scale"]), ruleset["unranked"] == SHARED
    firsts = dict.fromkeys(papers.candidates, 0)
    for groups, number in rows:
        for group, worth in _worths(groups, size, scale_of, shared):
            for one in group:
                points[one] += worth * number
        if len(groups[0]) == 1:
            firsts[papers.candidates[groups[0][0]]] += number
    tallies = tuple(int(one) if one.denominator == 1 else one for one in points)
    figures: dict[str, Number] = dict(zip(papers.candidates, tallies, strict=True))
    rules = [TieRule("most first preferences", lambda group: {name: firsts[name] for name in group})]
    asked = rules if ruleset["ties"] == "most first preferences, then lot" else []
    seated = seat(figures, seats, asked, draw, stage=1)
    stage = Stage(
        number=1,
        act="count of points",
        tallies=tallies,
        non_transferable=0,
        elected=seated.elected,
        figures=(("together", amount(sum(tallies))),),
        clause=ruleset.source("scale"),
        says=outcome(figures, seated.elected, "point"),
    )
    return draw_up(
        papers,
        ruleset,
        seats,
        digest,
        stages=[stage],
        ties=seated.ties,
        elected=seated.elected,
        remarks=[EQUAL_BY_NAME] if seated.equal else [],
    )


def ranked(papers: Profile | WeakProfile) -> tuple[tuple[Marks, int], ...]:
    """Every paper as groups of candidates at one rank."""
    if isinstance(papers, WeakProfile):
        return papers.papers
    return tuple((tuple((one,) for one in paper.ranking), paper.number) for paper in papers.papers)


def _worths(groups: Marks, size: int, scale_of: str, shared: bool) -> list[tuple[tuple[int, ...], Number]]:
    """Each rank's candidates and what one of them gets from one paper, the unranked last."""
    marked = sum(len(group) for group in groups)
    scale = _scale(scale_of, size, marked)
    worths: list[tuple[tuple[int, ...], Number]] = []
    place = 0
    for group in groups:
        # alone at a rank, the usual case, needs no division
        worth = (
            scale[place] if len(group) == 1 else Fraction(sum(scale[place : place + len(group)]), len(group))
        )
        worths.append((group, worth))
        place += len(group)
    seen = {one for group in groups for one in group}
    rest = tuple(one for one in range(size) if one not in seen)
    if rest and shared:
        worths.append((rest, Fraction(sum(scale[place:]), len(rest))))
    return worths


def _scale(answer: str, size: int, marked: int) -> list[Number]:
    """What each place is worth, the first place first."""
    if answer == HARMONIC:
        return [Fraction(1, place) for place in range(1, size + 1)]
    top = marked if answer == AS_RANKED else size - 1
    return [max(0, top - place) for place in range(size)]
