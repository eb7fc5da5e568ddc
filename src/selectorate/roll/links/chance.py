"""The birthday problem, for this very roll: how many pairs of strangers look as much alike as a given pair.

A roll of N members has N(N-1)/2 pairs of different people. For each comparison the share of strangers at each
level, and with which weight, comes from the roll itself: a member taken at random meets a stranger of the same
name with just the frequency of that name here, and so for days and contacts. Comparisons are taken as
independent and their weights added up; what relatives share is not chance and is dealt with apart (`family`).

Source: the sum over pairs is the generalised birthday problem (McDonald and Levitt 2008 for names with dates of
birth, as `roll.md` of the design has it); convolution of the weights is ours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from selectorate.roll.links.settings import Comparison, Level

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STEP = 0.25
"""Weights are rounded down to quarters of a bit, so that the number is rather too high than too low."""
ALLOWED = 10_000
"""At most one pair by chance is expected for so many members."""

_SHARE = """
SELECT floor(log2({m} / ({times} * tf_{column})) / {step})::INTEGER AS steps,
  sum(times * {times} * tf_{column}) / {people}
FROM tf_{column} GROUP BY steps
"""


@dataclass(frozen=True, slots=True)
class Chance:
    """people: N. tail: weight in steps -> share of pairs of strangers with at least that weight."""

    people: int
    tail: Mapping[int, float]

    def expected(self, weight: float) -> float:
        """How many pairs of strangers with at least this weight (bits) a roll of this size has."""
        steps = math.floor(weight / STEP)
        share = self.tail.get(min(max(steps, min(self.tail)), max(self.tail)), 0.0)
        return self.people * (self.people - 1) / 2 * share

    def threshold(self, allowed: float | None = None) -> float:
        """The least weight at which no more pairs are expected by chance than are allowed (N / 10,000)."""
        most = self.people / ALLOWED if allowed is None else allowed
        fitting = [steps for steps in sorted(self.tail) if self.expected(steps * STEP) <= most]
        return (fitting[0] if fitting else max(self.tail) + 1) * STEP

    def sentence(self, weight: float) -> str:
        """What is printed with a link."""
        return (
            f"in a roll of {self.people:,} about {_number(self.expected(weight))} pairs so much alike are "
            "expected by chance"
        )


def chance(engine: DuckDBPyConnection, compared: Sequence[Comparison], people: int) -> Chance:
    """Count the likeness of strangers on this roll. Reads `records` and the tables tf_*."""
    weights: dict[int, float] = {0: 1.0}
    for one in compared:
        weights = _added(weights, _strangers(engine, one, people))
    steps = sorted(weights)
    # from the heaviest down: the share of all that weigh at least so much
    heavier = list(accumulate(weights[step] for step in reversed(steps)))
    tail = dict(zip(reversed(steps), heavier, strict=True))
    return Chance(people, {step: tail[step] for step in steps})


def _strangers(engine: DuckDBPyConnection, one: Comparison, people: int) -> dict[int, float]:
    """Weight in steps -> share of pairs of strangers, missing values included (they weigh 0)."""
    found: dict[int, float] = {}
    for level in one.levels[:-1]:
        for steps, share in _level(engine, level, people):
            found[steps] = found.get(steps, 0.0) + share
    rest = math.floor(math.log2(one.levels[-1].m / one.levels[-1].u) / STEP)
    missing = _missing(engine, one, people)
    scale = min(1.0, (1 - missing) / max(sum(found.values()), 1e-300))
    found = {steps: share * scale for steps, share in found.items()}
    found[rest] = found.get(rest, 0.0) + max(0.0, 1 - missing - sum(found.values()))
    found[0] = found.get(0, 0.0) + missing
    return found


def _level(engine: DuckDBPyConnection, level: Level, people: int) -> list[tuple[int, float]]:
    if level.by is None:
        return [(math.floor(math.log2(level.m / level.u) / STEP), level.u)] if level.u < 1 else []
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


def _added(one: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
    made: dict[int, float] = {}
    for left, share in one.items():
        for right, part in other.items():
            made[left + right] = made.get(left + right, 0.0) + share * part
    return made


def _number(expected: float) -> str:
    if expected >= 10:
        return f"{expected:,.0f}"
    if expected >= 0.1:
        return f"{expected:.1f}"
    return "0.01" if expected >= 0.01 else "fewer than 0.01"
