"""One way in for every rule set: `count(papers, ruleset, seats)`.

Each family has one engine, a function of (papers, ruleset, seats, draw) that gives a `Sheet`. Engines are imported
when they are needed: a count by one rule set loads one engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from selectorate import canon
from selectorate.canon import Digest
from selectorate.count.ballots import FigureProfile, SheafProfile, WeakProfile
from selectorate.count.constraints import KEPT, Constraints
from selectorate.count.fields import SEATS_MAX
from selectorate.count.objects import Profile, Sheet
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw
from selectorate.errors import refuse

Papers = Profile | SheafProfile | WeakProfile | FigureProfile
Engine = Callable[..., Sheet]
"""`run(papers, ruleset, seats, draw, digest)`; in a family of `CONSTRAINED` also `constraints=`."""

ENGINES = {
    "meek": "selectorate.count.meek",
    "bucklin": "selectorate.count.rounds.bucklin",
    "committee": "selectorate.count.committee",
    "grades": "selectorate.count.grades",
    "pairwise": "selectorate.count.pairwise",
    "parcels": "selectorate.count.parcels.engine",
    "points": "selectorate.count.points",
    "positions": "selectorate.count.points.borda",
    "rounds": "selectorate.count.rounds.eliminating",
    "runoff": "selectorate.count.rounds.runoff",
    "stv": "selectorate.count.stv",
    "whole": "selectorate.count.stv.whole",
}
"""Family -> the module whose `run` counts it."""

CONSTRAINED = ("meek", "parcels", "stv")
"""Families that keep minimum and maximum places for groups of candidates."""

NO_FILE = canon.sha256(b"")
"""The digest of papers that stand in no file."""


def count(
    papers: Papers,
    ruleset: Ruleset,
    seats: int = 1,
    *,
    draw: Draw | None = None,
    digest: Digest = NO_FILE,
    constraints: Constraints | None = None,
) -> Sheet:
    """The sheet of these papers by this rule set. digest: SHA-256 of the bytes that the papers were read from.

    Raises Refusal `count.seats`, `count.empty` (no valid paper), `count.tie` (a lot without a seed),
    `count.constraints` (the bounds cannot be met, or this rule set does not transfer for several seats).
    """
    if not 1 <= seats <= SEATS_MAX:
        raise refuse("count.seats", found=seats, allowed=SEATS_MAX)
    if not papers.papers:
        raise refuse("count.empty", blank=papers.blank, invalid=papers.invalid)
    if isinstance(papers, SheafProfile) and ruleset.family != "rounds":
        raise refuse("count.unit", because=f"{ruleset.name} does not count by units")
    engine: Engine = import_module(ENGINES[ruleset.family]).run
    if constraints is not None:
        if ruleset.family not in CONSTRAINED:
            raise refuse("count.constraints", because=f"{ruleset.name} elects without regard to groups")
        constraints, waived = constraints.fitted(papers.candidates, seats)
        constraints.demand_possible(papers.candidates, seats)
        sheet = engine(papers, ruleset, seats, draw or Draw(), digest, constraints=constraints)
        bounds = "; ".join(group.said() for group in constraints.groups)
        return replace(sheet, remarks=(*sheet.remarks, f"{KEPT}: {bounds}.", *waived))
    return engine(papers, ruleset, seats, draw or Draw(), digest)
