"""A burst of joins in a branch, against its own past.

Expected in a branch and window = its share of earlier years' joins times what all other branches had in the
same window, so that a season or an election explains itself; but never less than the branch's own same weeks
in earlier years (a student intake), nor than three fifths of its busiest window ever (an honest drive). How
far branches scatter around that is learnt from the earlier years (negative binomial); the probability is
multiplied by the number of branches and windows looked at. This rests on timing alone, so it concerns the
branch: a finding of this kind names no member.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from selectorate.roll.objects import Finding

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KIND = "surge"
TITLE = "many joined one branch within a short time"
WINDOWS = (7, 14, 28, 91)
YEAR = 364
"""Whole weeks, so that every window fits and the same weeks lie one above the other."""
YEARS_MAX = 10
JOINS_MIN = 8
CHANCE_MAX = 0.05
"""Expected number of bursts as large by chance, over all branches and windows, below which it is shown."""
SCATTER_MIN, SCATTER_MAX = 1.0, 1e6

INNOCENT = (
    "a recruiting drive, an open day or a local dispute that moved people",
    "forms collected over months and keyed in on one day",
    "a branch that was founded or joined with another",
)
SETTLES = (
    "the branch says what happened in these weeks, and who recruited where",
    "the dates on the forms, beside the dates on which they were keyed in",
    "a sample of the new members, asked whether they joined themselves",
)

Counts = Mapping[str, Mapping[int, int]]
"""Joins per branch and per day before the freeze (0 is the freeze itself)."""

_JOINS = """
SELECT coalesce(branch, ''), date_diff('day', joined_on, $freeze)::INT AS back, count(*)::INT
FROM members WHERE joined_on <= $freeze AND joined_on > $freeze - $days GROUP BY ALL ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class _Burst:
    """One window of one branch; start: days before the freeze at which its last day lies."""

    branch: str
    length: int
    start: int
    joins: int
    expected: float
    busiest: int
    chance: float

    @property
    def times(self) -> float:
        """How many times as many as expected: the window that says most is shown."""
        return self.joins / max(1.0, self.expected)


def find(engine: DuckDBPyConnection, freeze: date) -> tuple[Finding, ...]:
    """At most one finding per branch, the window that stands out most in the year before the freeze; none
    where there is no earlier year to compare with."""
    span = YEAR * (YEARS_MAX + 1)
    lines = engine.cursor().execute(_JOINS, {"freeze": freeze, "days": span}).fetchall()
    if not lines:
        return ()
    years = min(YEARS_MAX, max(line[1] for line in lines) // YEAR)
    branches = sorted({line[0] for line in lines})
    if years < 1 or len(branches) < 2:
        return ()
    found: dict[str, _Burst] = {}
    for length in WINDOWS:
        table = _windows(lines, branches, length, years)
        for burst in _bursts(table, branches, length, years):
            if burst.branch not in found or burst.times > found[burst.branch].times:
                found[burst.branch] = burst
    return tuple(_finding(found[branch], years, freeze) for branch in sorted(found))


def _windows(
    lines: Sequence[tuple[str, int, int]], branches: Sequence[str], length: int, years: int
) -> dict[str, list[int]]:
    """Joins per branch in windows of so many days, each beginning half a window (or a day, of a week) after
    the one before; the newest first. Windows of one year do not reach into another."""
    step = max(1, length // 2)
    days = {branch: [0] * (YEAR * (years + 1)) for branch in branches}
    for branch, back, joins in lines:
        if back < len(days[branch]):
            days[branch][back] = joins
    places = [year * YEAR + start for year in range(years + 1) for start in range(0, YEAR - length + 1, step)]
    return {branch: [sum(row[place : place + length]) for place in places] for branch, row in days.items()}


def _bursts(
    table: Mapping[str, Sequence[int]], branches: Sequence[str], length: int, years: int
) -> list[_Burst]:
    step = max(1, length // 2)
    per_year = (YEAR - length) // step + 1
    national = [sum(column) for column in zip(*(table[branch] for branch in branches), strict=True)]
    odds = {branch: _odds(table, national, branch, per_year) for branch in branches}
    scatter = _scatter(table, national, odds, per_year)
    looked = len(branches) * len(WINDOWS) * (YEAR / length)
    found = []
    for branch in branches:
        row = table[branch]
        busiest = max(row[per_year:])
        for place in range(per_year):
            joins = row[place]
            if joins < JOINS_MIN or joins <= busiest:
                continue
            season = _season(row, place, per_year, years)
            expected = max(odds[branch] * (national[place] - joins), 0.6 * busiest, season)
            chance = looked * _tail(joins, expected, scatter)
            if chance <= CHANCE_MAX:
                found.append(_Burst(branch, length, place * step, joins, expected, busiest, chance))
    return found


def _odds(table: Mapping[str, Sequence[int]], national: Sequence[int], branch: str, per_year: int) -> float:
    """The branch's joins of earlier years over all others', drawn towards the mean of a branch."""
    own, total = sum(table[branch][per_year:]), sum(national[per_year:])
    mean = max(total / len(table), 1e-9)
    return (own + 0.5 * mean) / (total - own + 0.5 * mean * (len(table) - 1))


def _scatter(
    table: Mapping[str, Sequence[int]], national: Sequence[int], odds: Mapping[str, float], per_year: int
) -> float:
    """How far earlier windows scatter beyond chance: the size of a negative binomial, by moments, as of the
    branch at the upper quartile. Not of all together: one branch with a yearly intake, which its own season
    explains, would make every other branch look as restless."""
    beyond = []
    for branch, row in table.items():
        squares = excess = 0.0
        for joins, total in zip(row[per_year:], national[per_year:], strict=True):
            expected = odds[branch] * (total - joins)
            squares += expected * expected
            excess += (joins - expected) ** 2 - expected
        beyond.append(excess / squares if squares else 0.0)
    quartile = sorted(beyond)[3 * len(beyond) // 4]
    return SCATTER_MAX if quartile <= 0 else min(SCATTER_MAX, max(SCATTER_MIN, 1 / quartile))


def _season(row: Sequence[int], place: int, per_year: int, years: int) -> float:
    """The mean of earlier years' busiest window within one window of the same season."""
    around = range(max(0, place - 2), min(per_year, place + 3))
    peaks = [max(row[year * per_year + near] for near in around) for year in range(1, years + 1)]
    return sum(peaks) / len(peaks)


def _tail(joins: int, expected: float, size: float) -> float:
    """Probability of at least so many joins: negative binomial of that mean and size."""
    expected = max(expected, 1e-6)
    share = expected / (expected + size)
    below = 0.0
    for number in range(joins):
        log = math.lgamma(number + size) - math.lgamma(size) - math.lgamma(number + 1)
        below += math.exp(log - size * math.log1p(expected / size) + number * math.log(share))
    if below < 1 - 1e-9:
        return 1 - below
    # Too small to see as a difference from 1: add up from the other end; the terms fall at least this fast.
    log = math.lgamma(joins + size) - math.lgamma(size) - math.lgamma(joins + 1)
    term = math.exp(log - size * math.log1p(expected / size) + joins * math.log(share))
    total, number = 0.0, joins
    while term > total * 1e-12 and number < joins + 100_000:
        total += term
        term *= share * (number + size) / (number + 1)
        number += 1
    return total


def _finding(burst: _Burst, years: int, freeze: date) -> Finding:
    last = freeze - timedelta(days=burst.start)
    first = last - timedelta(days=burst.length - 1)
    past = "In the year before" if years == 1 else f"In the {years} years before"
    expected = (
        f"Going by its own past and by the other branches in the same weeks, about "
        f"{max(1, round(burst.expected))} were to be expected. "
        f"{past} no {burst.length} days brought it more than {burst.busiest}."
    )
    name = burst.branch or "the members without a branch"
    return Finding(
        kind=KIND,
        id=f"{KIND}-{hashlib.sha256(f'{burst.branch} {first} {last}'.encode()).hexdigest()[:10]}",
        branch=burst.branch,
        members=(),
        households=0,
        first=first,
        last=last,
        observed=burst.joins,
        expected=expected,
        because=f"{burst.joins} members joined {name} within {burst.length} days. {expected}",
        innocent=INNOCENT,
        settles=SETTLES,
        against=(
            "dates alone say nothing about any one person: nobody is asked because of this finding",
            f"by chance alone, {_chance(burst.chance)} bursts as large come up in a year of such a roll",
        ),
        severity=3 if burst.times >= 4 and burst.joins >= 20 else 2,
    )


def _chance(number: float) -> str:
    return f"about {number:.2f}" if number >= 0.01 else "fewer than 0.01"
