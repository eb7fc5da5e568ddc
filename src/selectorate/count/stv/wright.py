"""Counts that begin again after each exclusion (Wright): as if the excluded candidate had never stood.

One round is a Gregory count without exclusions: first preferences among those still in, a quota from the papers
that still name one of them, every surplus. If the seats are then filled, or no more candidates are left than
seats, the round is the last. Else the lowest is out and the next round begins at full value. Only the last round
elects: who reaches the quota in an earlier one is listed there as provisionally elected.
"""

from __future__ import annotations

from dataclasses import replace

from selectorate.count.constraints import BY_BOUNDS, Constraints
from selectorate.count.constraints.watch import Watch
from selectorate.count.objects import Paper, Stage, Tie
from selectorate.count.stv import telling, words
from selectorate.count.stv.gregory import Gregory
from selectorate.count.stv.rules import Rules
from selectorate.count.ties import Draw


def counted(
    candidates: tuple[str, ...],
    papers: tuple[Paper, ...],
    rules: Rules,
    seats: int,
    draw: Draw,
    constraints: Constraints | None = None,
) -> tuple[tuple[Stage, ...], tuple[Tie, ...]]:
    """Every stage of every round, and every tie. Raises Refusal `count.tie`."""
    stages: list[Stage] = []
    ties: list[Tie] = []
    out: tuple[int, ...] = ()
    why = ""
    while True:
        watch = Watch(constraints, candidates, seats)
        one = Gregory(
            candidates, papers, rules, seats, draw, out=frozenset(out), before=len(stages), watch=watch
        )
        one.first_preferences()
        while not one.finished() and one.with_surplus() and not one.doomed():
            one.next_stage()
        found = list(one.stages)
        if out:
            found[0] = _restarted(found[0], candidates[out[-1]], rules, ties, why)
        last = one.finished()
        if not last:
            lowest = one.lowest()
            still = [at for at, goes_on in enumerate(one.continuing) if goes_on]
            why = watch.reason(one.elected, still, [lowest])
        stages += found if last else [_provisional(stage) for stage in found]
        ties += one.ties
        if last:
            return tuple(stages), tuple(ties)
        out = (*out, lowest)


def _restarted(stage: Stage, name: str, rules: Rules, ties: list[Tie], why: str) -> Stage:
    """The first stage of a round after an exclusion."""
    drawn = "".join(f"{one} " for one in telling.of_ties(tie for tie in ties if tie.stage == stage.number))
    head = why or f"{name} has the fewest votes and is excluded"
    anew = f"The count begins again as if {name} had never stood, every paper at full value."
    says = f"{head}. {drawn}{anew} {stage.says}"
    bounds = (BY_BOUNDS,) if why else ()
    return replace(
        stage,
        act=f"exclude {name}",
        excluded=(name,),
        clause=telling.clause(rules.ruleset, (*bounds, "exclusion", "after_exclusion", "quota")),
        says=says,
    )


def _provisional(stage: Stage) -> Stage:
    """A stage of a round that is not the last: it elects nobody for good."""
    if not stage.elected:
        return stage
    named = ("provisionally elected", words.listed(stage.elected))
    says = stage.says.replace("is elected", "is provisionally elected").replace(
        "Elected, in this order", "Provisionally elected, in this order"
    )
    return replace(stage, elected=(), figures=(*stage.figures, named), says=says)
