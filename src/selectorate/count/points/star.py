"""STAR: score, then automatic runoff (make). Step 1 adds scores up; step 2 asks which of the two highest more
papers score higher. The Equal Vote Coalition's rules, with its official order of tie rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from selectorate.canon import Digest
from selectorate.count.objects import Sheet, Stage, Table
from selectorate.count.points.marks import Marked, totals
from selectorate.count.points.record import amount, counted, draw_up, listed
from selectorate.count.points.seating import Seated, TieRule, seat
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw

SCORING = "scoring"
RUNOFF = "runoff"


def run(marked: Marked, ruleset: Ruleset, draw: Draw, digest: Digest) -> Sheet:
    """Both steps. Raises Refusal `count.tie`."""
    sums = dict(zip(marked.candidates, (int(one) for one in totals(marked, shared=False)), strict=True))
    above = _preferences(marked)
    fives = highest_marks(marked, ruleset)
    finalists = seat(
        sums,
        2,
        [TieRule("fewest defeats head to head", _survivors(above)), fives],
        draw,
        stage=1,
        purpose="runoff",
    )
    scoring = Stage(
        number=1,
        act=SCORING,
        tallies=tuple(sums.values()),
        non_transferable=0,
        elected=finalists.elected if len(sums) == 1 else (),
        figures=(("together", amount(sum(sums.values()))),),
        clause=ruleset.source("marks"),
        says=_first_says(sums, finalists.elected),
    )
    if len(sums) == 1:
        return draw_up(
            marked,
            ruleset,
            1,
            digest,
            stages=[scoring],
            ties=[],
            elected=finalists.elected,
            cleaning=marked.cleaning,
        )
    runoff, winner = _runoff(marked, ruleset, draw, finalists, sums, above, fives)
    return draw_up(
        marked,
        ruleset,
        1,
        digest,
        stages=[scoring, runoff],
        ties=(*finalists.ties, *winner.ties),
        elected=winner.elected,
        tables=[_matrix(marked, above)],
        cleaning=marked.cleaning,
    )


def _runoff(
    marked: Marked,
    ruleset: Ruleset,
    draw: Draw,
    finalists: Seated,
    sums: Mapping[str, int],
    above: Mapping[tuple[str, str], int],
    fives: TieRule,
) -> tuple[Stage, Seated]:
    first, second = finalists.elected
    votes = {first: above[first, second], second: above[second, first]}
    by_score = TieRule("higher score", lambda group: {name: sums[name] for name in group})
    winner = seat(votes, 1, [by_score, fives], draw, stage=2)
    won = winner.elected[0]
    lost = second if won == first else first
    neither = marked.valid - sum(votes.values())
    says = (
        f"{counted(votes[won], 'paper')} score {won} above {lost}, {amount(votes[lost])} score {lost} above {won}, "
        f"{amount(neither)} score both alike: {won} is elected"
    )
    says += "." if votes[won] != votes[lost] else f", the tie decided by: {winner.ties[-1].by}."
    stage = Stage(
        number=2,
        act=RUNOFF,
        tallies=tuple(votes.get(name, 0) for name in marked.candidates),
        non_transferable=0,
        elected=winner.elected,
        set_aside=neither,
        clause=ruleset.source("decided"),
        says=says,
    )
    return stage, winner


def highest_marks(marked: Marked, ruleset: Ruleset) -> TieRule:
    """More of the highest mark is better."""
    top = ruleset["highest"]
    number = dict.fromkeys(marked.candidates, 0)
    for figures, papers in marked.papers:
        for name, one in zip(marked.candidates, figures, strict=True):
            number[name] += papers * (one == top)
    return TieRule("most highest marks", lambda group: {name: number[name] for name in group})


def _preferences(marked: Marked) -> dict[tuple[str, str], int]:
    """How many papers score the first above the second; nothing marked is a score of 0."""
    names = marked.candidates
    above = {(one, other): 0 for one in names for other in names}
    for figures, papers in marked.papers:
        for one, mine in zip(names, figures, strict=True):
            for other, theirs in zip(names, figures, strict=True):
                if (mine or 0) > (theirs or 0):
                    above[one, other] += papers
    return above


def _survivors(above: Mapping[tuple[str, str], int]) -> Callable[[Sequence[str]], dict[str, int]]:
    """Of a group, those who lose most comparisons within it drop out together, again and again; a candidate's
    figure is the round in which that happens."""

    def figure(group: Sequence[str]) -> dict[str, int]:
        left, rounds, found = list(group), 0, dict[str, int]()
        while left:
            defeats = {one: sum(1 for other in left if above[other, one] > above[one, other]) for one in left}
            most = max(defeats.values())
            found.update({one: rounds for one in left if defeats[one] == most})
            left = [one for one in left if defeats[one] < most]
            rounds += 1
        return found

    return figure


def _first_says(sums: Mapping[str, int], finalists: Sequence[str]) -> str:
    went = listed(f"{name} with {counted(sums[name], 'point')}" for name in finalists)
    if len(sums) == 1:
        return f"{went} is elected; nobody else stands."
    others = sorted((name for name in sums if name not in finalists), key=lambda one: (-sums[one], one))
    tail = f"; {others[0]} is next with {amount(sums[others[0]])}" if others else ""
    return f"{went} have the highest scores and go to the runoff{tail}."


def _matrix(marked: Marked, above: Mapping[tuple[str, str], int]) -> Table:
    names = marked.candidates
    return Table(
        "How many papers score the candidate of the row above the candidate of the column",
        ("", *names),
        tuple((one, *("" if one == other else str(above[one, other]) for other in names)) for one in names),
    )
