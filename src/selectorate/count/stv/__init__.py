"""Counting by single transferable vote, weighted inclusive Gregory transfers (make).

`gregory` moves papers in piles, stage by stage; `wright` begins again after each exclusion; `rules` is what a rule
set answers; `telling` says each stage in words. Arithmetic in whole units of 10^-places, or in fractions where the
rule set rounds nothing. The checking twin is `count.recount`, which has no piles.
"""

from __future__ import annotations

from selectorate.canon import Digest
from selectorate.count.constraints import Constraints
from selectorate.count.constraints.watch import Watch
from selectorate.count.fields import SEATS_MAX
from selectorate.count.objects import Paper, Profile, Sheet, Stage, Tie
from selectorate.count.rulesets import Ruleset
from selectorate.count.rulesets.questions import stv as asked
from selectorate.count.stv import wright
from selectorate.count.stv.gregory import Gregory
from selectorate.count.stv.rules import Rules, rules_of
from selectorate.count.ties import Draw
from selectorate.errors import Refusal, refuse

__all__ = ("count", "elected_without_lot", "run")


def count(
    profile: Profile, ruleset: Ruleset, seats: int, *, tie_seed: str | None, papers_digest: Digest
) -> Sheet:
    """The sheet of these papers. `papers_digest`: SHA-256 of the bytes that the papers were read from.

    Raises Refusal `count.seats`, `count.empty` (no valid paper), `count.tie` (a lot without a seed).
    """
    return run(profile, ruleset, seats, Draw(tie_seed), papers_digest)


def run(
    profile: Profile,
    ruleset: Ruleset,
    seats: int,
    draw: Draw,
    digest: Digest,
    constraints: Constraints | None = None,
) -> Sheet:
    """The engine of the family "stv" (`methods.Engine`). Raises as `count` does."""
    if not 1 <= seats <= SEATS_MAX:
        raise refuse("count.seats", found=seats, allowed=SEATS_MAX)
    if not profile.papers:
        raise refuse("count.empty", blank=profile.blank, invalid=profile.invalid)
    rules = rules_of(ruleset)
    stages, ties = _counted(profile.candidates, profile.papers, rules, seats, draw, constraints, told=True)
    elected = tuple(name for stage in stages for name in stage.elected)
    return Sheet(
        ruleset=ruleset.name,
        seats=seats,
        candidates=profile.candidates,
        valid=profile.valid,
        blank=profile.blank,
        invalid=profile.invalid,
        papers=digest,
        quota=rules.quota_in_votes(profile.valid, seats),
        stages=stages,
        ties=ties,
        elected=elected,
        places=rules.places,
        vacant=seats - len(elected),
        anchor=ruleset.anchor,
    )


def elected_without_lot(
    candidates: tuple[str, ...], papers: tuple[Paper, ...], ruleset: Ruleset, seats: int
) -> tuple[str, ...] | None:
    """Who is elected by these papers, in order; None when that needs a lot, or there is no paper."""
    if not papers:
        return None
    try:
        stages, _ = _counted(candidates, papers, rules_of(ruleset), seats, Draw(), None, told=False)
    except Refusal:
        return None
    return tuple(name for stage in stages for name in stage.elected)


def _counted(
    candidates: tuple[str, ...],
    papers: tuple[Paper, ...],
    rules: Rules,
    seats: int,
    draw: Draw,
    constraints: Constraints | None,
    *,
    told: bool,
) -> tuple[tuple[Stage, ...], tuple[Tie, ...]]:
    if rules.ruleset["after_exclusion"] == asked.BEGINS_AGAIN:
        return wright.counted(candidates, papers, rules, seats, draw, constraints)
    watch = Watch(constraints, candidates, seats)
    run = Gregory(candidates, papers, rules, seats, draw, told=told, watch=watch)
    run.to_the_end()
    return tuple(run.stages), tuple(run.ties)
