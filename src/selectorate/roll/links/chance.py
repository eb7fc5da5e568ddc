"""The birthday problem, for this very roll: how many pairs of strangers look as much alike as a given pair.

A roll of N members has N(N-1)/2 pairs of different people. For each comparison the share of strangers at each
level, and with which weight, comes from the roll itself: a member taken at random meets a stranger of the same
name with just the frequency of that name here, and so for days and contacts. Comparisons are taken as
independent and their weights added up. Counted are the pairs that would be a question (`asking`): most pairs of
some weight agree in a birthday and a home and never in a name. What relatives share is not chance.

The least weight follows from the size of the roll and this sum alone: nothing in it was chosen by looking at which
pairs of some roll are true.

Source: the sum over pairs is the generalised birthday problem (McDonald and Levitt 2008 for names with dates of
birth, as `roll.md` of the design has it); convolution of the weights is ours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from selectorate.roll.links.asking import Agreed, agreed, asks_strangers
from selectorate.roll.links.settings import Comparison, Level

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STEP = 0.125
"""Weights of each comparison are rounded up to eighths of a bit, so that the number is rather too high than too low."""
ALLOWED = 10_000
"""At most one question by chance is expected for so many members."""

State = tuple[int, Agreed]
"""Weight in steps, and what has agreed."""

_SHARE = """
SELECT ceil(log2({m} / ({times} * tf_{column})) / {step})::INTEGER AS steps,
  sum(times * {times} * tf_{column}) / {people}
FROM tf_{column} GROUP BY steps
"""


@dataclass(frozen=True, slots=True)
class Chance:
    """people: N. tail: weight in steps -> share of pairs of strangers that would be a question and weigh as much."""

    people: int
    tail: Mapping[int, float]

    def expected(self, weight: float) -> float:
        """How many pairs of strangers with at least this weight (bits) a roll of this size has."""
        steps = math.floor(weight / STEP)
        share = self.tail.get(min(max(steps, min(self.tail)), max(self.tail)), 0.0)
        return self.people * (self.people - 1) / 2 * share

    def threshold(self, allowed: float | None = None) -> float:
        """The least weight at which no more pairs are expected by chance than are allowed (N / ALLOWED)."""
        most = self.people / ALLOWED if allowed is None else allowed
        fitting = [steps for steps in sorted(self.tail) if self.expected(steps * STEP) <= most]
        return (fitting[0] if fitting else max(self.tail) + 1) * STEP

    def sentence(self, weight: float) -> str:
        """What is printed with a link."""
        return (
            f"in a roll of {self.people:,} {_number(self.expected(weight))} pairs so much alike are "
            "expected by chance"
        )


def chance(engine: DuckDBPyConnection, compared: Sequence[Comparison], people: int) -> Chance:
    """Count the likeness of strangers on this roll. Reads `records` and the tables tf_*."""
    weights: dict[State, float] = {(0, Agreed(0)): 1.0}
    for one in compared:
        weights = _added(weights, _strangers(engine, one, people))
    asked: dict[int, float] = {}
    for (step, found), share in weights.items():
        if asks_strangers(found):
            asked[step] = asked.get(step, 0.0) + share
    steps = sorted(asked) or [0]
    # from the heaviest down: the share of all that weigh at least so much
    heavier = list(accumulate(asked.get(step, 0.0) for step in reversed(steps)))
    tail = dict(zip(reversed(steps), heavier, strict=True))
    return Chance(people, {step: tail[step] for step in steps})


def _strangers(engine: DuckDBPyConnection, one: Comparison, people: int) -> dict[State, float]:
    """Weight in steps and what agrees -> share of pairs of strangers, missing values included (they weigh 0)."""
    found: dict[State, float] = {}
    for level in one.levels[:-1]:
        said = agreed(one, level)
        for steps, share in _level(engine, level, people):
            found[steps, said] = found.get((steps, said), 0.0) + share
    last = one.levels[-1]
    rest = math.ceil(math.log2(last.m / last.u) / STEP), agreed(one, last)
    missing = _missing(engine, one, people)
    scale = min(1.0, (1 - missing) / max(sum(found.values()), 1e-300))
    found = {state: share * scale for state, share in found.items()}
    found[rest] = found.get(rest, 0.0) + max(0.0, 1 - missing - sum(found.values()))
    unknown = 0, agreed(one, None)
    found[unknown] = found.get(unknown, 0.0) + missing
    return found


def _level(engine: DuckDBPyConnection, level: Level, people: int) -> list[tuple[int, float]]:
    if level.by is None:
        return [(math.ceil(math.log2(level.m / level.u) / STEP), level.u)] if level.u < 1 else []
    query = _SHARE.format(m=level.m, times=level.times, column=level.by, step=STEP, people=people)
    return [(int(steps), float(share)) for steps, share in engine.execute(query).fetchall()]


def _missing(engine: DuckDBPyConnection, one: Comparison, people: int) -> float:
    """The share of pairs of strangers that cannot be compared: measured on some 50,000 pairs of neighbours in the
    order of a hash, which has nothing to do with who they are."""
    each = max(people // 50_000, 1)
    query = f"""WITH pairs AS (
        SELECT records AS a, lead(records) OVER (ORDER BY hash(id)) AS b FROM records WHERE hash(id) % {each} = 0)
        SELECT avg(CASE WHEN {_split(one.missing)} THEN 1 ELSE 0 END) FROM pairs WHERE b IS NOT NULL"""  # noqa: S608
    return float(engine.execute(query).fetchall()[0][0] or 0)


def _split(sql: str) -> str:
    """A condition over x_l and x_r as one over a.x and b.x."""
    import re

    return re.sub(r"\b(\w+)_([lr])\b", lambda found: f"{'a' if found[2] == 'l' else 'b'}.{found[1]}", sql)


def _added(one: Mapping[State, float], other: Mapping[State, float]) -> dict[State, float]:
    made: dict[State, float] = {}
    for (left, found), share in one.items():
        for (right, also), part in other.items():
            state = left + right, found | also
            made[state] = made.get(state, 0.0) + share * part
    return made


def _number(expected: float) -> str:
    if expected >= 10:
        return f"about {expected:,.0f}"
    if expected >= 0.1:
        return f"about {expected:.1f}"
    return f"about {expected:.2f}" if expected >= 0.01 else "fewer than 0.01"
