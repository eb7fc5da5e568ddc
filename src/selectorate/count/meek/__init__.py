"""Counting by keep values: Meek's method and Warren's (make).

Every candidate has a keep value: 1 while in the running, 0 once excluded, something between once elected. A paper
is one vote; each candidate on it, from the first on, takes of what is left of it what the keep value says, until
nothing is left. The keep values are reckoned anew, round after round, until everybody elected keeps the quota and
no more. `iteration` is that loop; `papers` distributes; `rules` rounds as the rule set says; `ties` tells equal
candidates apart.

All in whole units of 10^-places. Nine places where the rule says so. Hill, Wichmann and Woodall used the real
numbers of their computer; here these are decimals of twelve places, cut: a paper's error is then below the number
of candidates on it x 10^-12, so a tally's below papers x candidates x 10^-12, while the loop stops at 10^-5 of a
quota, that is papers / (seats + 1) x 10^-5: with 100 candidates and 100 seats still 1,000 times as much.
"""

from __future__ import annotations

from fractions import Fraction

from selectorate.canon import Digest
from selectorate.count.constraints import Constraints
from selectorate.count.constraints.watch import Watch
from selectorate.count.fields import SEATS_MAX
from selectorate.count.meek.iteration import Iteration
from selectorate.count.meek.rules import rules_of
from selectorate.count.objects import Profile, Sheet, Stage
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw
from selectorate.errors import refuse

__all__ = ("run", "split")


def run(
    profile: Profile,
    ruleset: Ruleset,
    seats: int,
    draw: Draw,
    digest: Digest,
    constraints: Constraints | None = None,
) -> Sheet:
    """The engine of the family "meek" (`methods.Engine`). The sheet's quota is that of the last stage.

    Raises Refusal `count.seats`, `count.empty` (no valid paper), `count.tie` (a lot without a seed).
    """
    if not 1 <= seats <= SEATS_MAX:
        raise refuse("count.seats", found=seats, allowed=SEATS_MAX)
    if not profile.papers:
        raise refuse("count.empty", blank=profile.blank, invalid=profile.invalid)
    rules = rules_of(ruleset)
    counted = Iteration(profile, rules, seats, draw, Watch(constraints, profile.candidates, seats))
    counted.to_the_end()
    elected = tuple(name for stage in counted.stages for name in stage.elected)
    return Sheet(
        ruleset=ruleset.name,
        seats=seats,
        candidates=profile.candidates,
        valid=profile.valid,
        blank=profile.blank,
        invalid=profile.invalid,
        papers=digest,
        quota=Fraction(counted.quota, rules.unit),
        stages=tuple(counted.stages),
        ties=tuple(counted.ties),
        elected=elected,
        places=rules.places,
        vacant=seats - len(elected),
        anchor=ruleset.anchor,
    )


def split(ruleset: Ruleset, stage: Stage, names: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """Where one paper with these names on it is at the end of a stage: (name, units), and ("", what is left).

    Reads the keep values that the stage prints. Raises KeyError for a name that did not stand.
    """
    rules = rules_of(ruleset)
    printed = dict(stage.figures)
    left, found = rules.unit, []
    for name in names:
        keep = int(printed[f"keep value of {name}"].replace(".", ""))
        given = rules.given(left, keep)
        left -= given
        found.append((name, given))
    return (*found, ("", left))
