"""Methods that add up marks: first past the post, block and limited votes, approval, scores, STAR (make).

Engine of the family "points". Every paper gives candidates figures; who has most is elected. All whole numbers
and fractions. STAR's second step is in `star`, Borda's places in `borda`.
"""

from __future__ import annotations

from collections.abc import Sequence

from selectorate.canon import Digest
from selectorate.count.ballots import FigureProfile, WeakProfile
from selectorate.count.objects import Number, Profile, Sheet, Stage, Transfer
from selectorate.count.points import star
from selectorate.count.points.marks import ONE, Marked, admit, means, totals
from selectorate.count.points.record import amount, draw_up, one_seat_only, outcome
from selectorate.count.points.seating import EQUAL_BY_NAME, TieRule, seat
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw

SHARED = "one vote, shared equally among the candidates marked"
MEAN = "highest mean"
RUNOFF = "runoff between the two highest"


def run(
    papers: Profile | WeakProfile | FigureProfile, ruleset: Ruleset, seats: int, draw: Draw, digest: Digest
) -> Sheet:
    """The engine of the family "points" (`methods.Engine`).

    Raises Refusal `count.unfit` (papers or seats that the rule set does not know), `count.empty`, `count.tie`.
    """
    if ruleset["fills"] == "one seat":
        one_seat_only(ruleset, seats)
    marked = admit(papers, ruleset, seats)
    if ruleset["decided"] == RUNOFF:
        return star.run(marked, ruleset, draw, digest)
    sums, noun = _figures(marked, ruleset)
    figures = dict(zip(marked.candidates, (-1 if one is None else one for one in sums), strict=True))
    seated = seat(figures, seats, _tie_rules(marked, ruleset), draw, stage=1)
    tallies: tuple[Number, ...] = tuple(one or 0 for one in sums)
    stage = Stage(
        number=1,
        act="count of marks" if ruleset["marks"] != ONE else "count of votes",
        tallies=tallies,
        non_transferable=0,
        elected=seated.elected,
        transfers=_first_votes(marked, tallies) if ruleset["marks"] == ONE else (),
        figures=(("together", amount(sum(tallies))),) if ruleset["decided"] != MEAN else (),
        clause=ruleset.source("decided"),
        says=outcome(dict(zip(marked.candidates, tallies, strict=True)), seated.elected, noun),
    )
    return draw_up(
        marked,
        ruleset,
        seats,
        digest,
        stages=[stage],
        ties=seated.ties,
        elected=seated.elected,
        cleaning=marked.cleaning,
        remarks=[EQUAL_BY_NAME] if seated.equal else [],
    )


def _figures(marked: Marked, ruleset: Ruleset) -> tuple[Sequence[Number | None], str]:
    """What candidates are ordered by, and what one unit of it is called."""
    if ruleset["decided"] == MEAN:
        return means(marked), "points on average"
    noun = "point" if ruleset["worth"] == "its figure" else "vote"
    return totals(marked, shared=ruleset["worth"] == SHARED), noun


def _tie_rules(marked: Marked, ruleset: Ruleset) -> list[TieRule]:
    if ruleset["ties"] == "most highest marks, then lot":
        return [star.highest_marks(marked, ruleset)]
    return []


def _first_votes(marked: Marked, tallies: tuple[Number, ...]) -> tuple[Transfer, ...]:
    return tuple(
        Transfer(None, name, int(votes), 1, votes)
        for name, votes in zip(marked.candidates, tallies, strict=True)
        if votes
    )
