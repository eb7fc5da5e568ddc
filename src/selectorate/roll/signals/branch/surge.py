"""A burst of joins in a branch, against its own past.

Expected in a branch and window = its share of earlier years' joins times what all other branches had in the
same window, so that a season or an election explains itself; but never less than the branch's own same weeks
in earlier years (a student intake), nor than three fifths of its busiest window ever (an honest drive). How
far branches scatter around that is learnt from the earlier years (negative binomial); the probability is
multiplied by the number of branches and windows looked at. This rests on timing alone, so it concerns the
branch: a finding of this kind names no member, and never asks now. A branch that was stacked before as much as now
is not seen by this; its blocks, accounts and dwellings are looked at elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from selectorate.roll.objects import Finding
from selectorate.roll.signals import records
from selectorate.roll.signals.objects import Asked, Engine, Seen, Whole
from selectorate.roll.signals.past import binomial_tail
from selectorate.roll.signals.records import Told, about
from selectorate.roll.signals.settings import Settings

KIND = "surge"
TITLE = "many joined one branch within a short time"
HARD = False
SOFT = False
WINDOWS = (7, 14, 28, 91)
YEAR = 364
"""Whole weeks, so that every window fits and the same weeks lie one above the other."""
SCATTER_MAX = 1e6
"""A size of the negative binomial at which it is a Poisson."""
CHUNK = 2_000
"""Branches whose days are held in memory at a time."""

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

Real = NDArray[np.float64]

# Who joined in a declared drive, on its days and by its device, recruiter or collector, is explained.
_JOINS = """
SELECT m.branch, {freeze} - m.join_day AS back, count(*) AS joins
FROM members m ANTI JOIN (SELECT member FROM events WHERE driven = 1) d ON m.member_id = d.member
WHERE m.branch >= 0 AND m.join_day >= 0 AND m.join_day <= {freeze} AND {freeze} - m.join_day < {span}
GROUP BY m.branch, back ORDER BY m.branch, back
"""


@dataclass(frozen=True, slots=True)
class _Joins:
    """Joins by branch (its place in `branches`) and days before the freeze."""

    branches: Whole
    row: Whole
    back: Whole
    joins: Whole
    years: int

    def chunks(self) -> Iterator[tuple[int, Whole]]:
        """(place of the first branch, running joins by branch and day) for so many branches at a time."""
        days = YEAR * (self.years + 1)
        for start in range(0, len(self.branches), CHUNK):
            low, high = np.searchsorted(self.row, [start, start + CHUNK])
            table = np.zeros((min(CHUNK, len(self.branches) - start), days), dtype=np.int64)
            inside = self.back[low:high] < days
            table[self.row[low:high][inside] - start, self.back[low:high][inside]] = self.joins[low:high][
                inside
            ]
            yield start, running(table)


@dataclass(frozen=True, slots=True)
class _Burst:
    """One window of one branch; start: days before the freeze at which its last day lies."""

    branch: int
    length: int
    start: int
    joins: int
    expected: float
    busiest: int
    milli: int

    @property
    def times(self) -> float:
        """How many times as many as expected: the window that says most is shown."""
        return self.joins / max(1.0, self.expected)


def look(engine: Engine, asked: Asked) -> Seen:
    """At most one finding per branch, the window that stands out most in the year before the freeze; none
    where there is no earlier year to compare with."""
    lines = engine.columns(_JOINS.format(freeze=asked.freeze, span=YEAR * (asked.settings.surge_years + 1)))
    if not len(lines["back"]):
        return Seen(KIND)
    years = min(asked.settings.surge_years, int(lines["back"].max()) // YEAR)
    branches, row = np.unique(lines["branch"], return_inverse=True)
    if years < 1 or len(branches) < 2:
        return Seen(KIND)
    joins = _Joins(branches, row, lines["back"], lines["joins"], years)
    frames = [_frame(joins, length) for length in WINDOWS]
    beyond: list[list[Real]] = [[] for _ in frames]
    for _, sums in joins.chunks():
        for part, frame in zip(beyond, frames, strict=True):
            part.append(_beyond(joins, sums, frame, asked.settings))
    scatter = [_scatter(part, asked.settings) for part in beyond]
    found: dict[int, _Burst] = {}
    for start, sums in joins.chunks():
        for frame, size in zip(frames, scatter, strict=True):
            for burst in _bursts(joins, start, sums, frame, size, asked.settings):
                if burst.branch not in found or burst.times > found[burst.branch].times:
                    found[burst.branch] = burst
    return Seen(KIND, findings=tuple(_finding(found[branch], years, asked) for branch in sorted(found)))


def _places(length: int, years: int) -> tuple[Whole, int]:
    """Where windows of so many days begin: each half a window (or three days, of a week) after the one before, the
    newest first; windows of one year do not reach into another. And how many there are a year."""
    step = max(1, length // 2)
    starts = np.arange(0, YEAR - length + 1, step, dtype=np.int64)
    return (np.arange(years + 1)[:, None] * YEAR + starts[None, :]).reshape(-1), len(starts)


def running(table: Whole) -> Whole:
    """The sum of all days before each day, a row a branch."""
    sums = np.zeros((len(table), table.shape[1] + 1), dtype=np.int32)
    np.cumsum(table, axis=1, out=sums[:, 1:])
    found: Whole = sums
    return found


@dataclass(frozen=True, slots=True)
class _Frame:
    """Windows of one length: where they begin, how many a year, what all branches together had in each."""

    length: int
    places: Whole
    per_year: int
    national: Whole

    def counts(self, sums: Whole) -> Whole:
        found: Whole = sums[:, self.places + self.length] - sums[:, self.places]
        return found

    @property
    def total(self) -> int:
        """Of the earlier years."""
        return int(self.national[self.per_year :].sum())


def _frame(joins: _Joins, length: int) -> _Frame:
    places, per_year = _places(length, joins.years)
    days = YEAR * (joins.years + 1)
    day = np.bincount(joins.back, weights=joins.joins, minlength=days).astype(np.int64)[None, :days]
    bare = _Frame(length, places, per_year, places)
    return _Frame(length, places, per_year, bare.counts(running(day))[0].astype(np.int64))


def _bursts(
    joins: _Joins, start: int, sums: Whole, frame: _Frame, scatter: float, settings: Settings
) -> list[_Burst]:
    per_year, counts = frame.per_year, frame.counts(sums)
    looked = len(joins.branches) * len(WINDOWS) * (YEAR / frame.length)
    busiest = counts[:, per_year:].max(axis=1)
    share = odds(counts[:, per_year:].sum(axis=1), frame.total, len(joins.branches), settings)
    new = counts[:, :per_year]
    found = []
    for row, place in np.argwhere((new >= settings.surge_joins) & (new > busiest[:, None])).tolist():
        many, most = int(new[row, place]), int(busiest[row])
        season = _season(counts[row], place, per_year, joins.years)
        expected = max(float(share[row]) * (int(frame.national[place]) - many), settings.known * most, season)
        milli = round(1000 * looked * binomial_tail(many, max(expected, 1e-6), scatter))
        if milli <= settings.surge_chance:
            branch = int(joins.branches[start + row])
            found.append(_Burst(branch, frame.length, int(frame.places[place]), many, expected, most, milli))
    return found


def odds(own: Whole, total: int, branches: int, settings: Settings) -> Real:
    """Each branch's joins of earlier years over all others', drawn towards the mean of a branch."""
    mean = max(total / branches, 1e-9)
    prior = settings.branch_prior / 1000
    found: Real = (own + prior * mean) / (total - own + prior * mean * (branches - 1))
    return found


def _beyond(joins: _Joins, sums: Whole, frame: _Frame, settings: Settings) -> Real:
    """How far each branch's earlier windows scatter beyond chance, by moments."""
    counts = frame.counts(sums)[:, frame.per_year :]
    expected = odds(counts.sum(axis=1), frame.total, len(joins.branches), settings)[:, None] * (
        frame.national[frame.per_year :] - counts
    )
    squares = (expected * expected).sum(axis=1)
    excess = ((counts - expected) ** 2 - expected).sum(axis=1)
    found: Real = np.where(squares > 0, excess / np.maximum(squares, 1e-12), 0.0)
    return found


def _scatter(beyond: list[Real], settings: Settings) -> float:
    """The size of a negative binomial, as of the branch at the upper quartile. Not of all together: one branch with
    a yearly intake, which its own season explains, would make every other branch look as restless."""
    ranked = np.sort(np.concatenate(beyond))
    quartile = float(ranked[settings.surge_restless * len(ranked) // 1000])
    return (
        SCATTER_MAX if quartile <= 0 else min(SCATTER_MAX, max(float(settings.surge_scatter), 1 / quartile))
    )


def _season(row: Whole, place: int, per_year: int, years: int) -> float:
    """The mean of earlier years' busiest window within one window of the same season."""
    low, high = max(0, place - 2), min(per_year, place + 3)
    return (
        sum(int(row[year * per_year + low : year * per_year + high].max()) for year in range(1, years + 1))
        / years
    )


def _finding(burst: _Burst, years: int, asked: Asked) -> Finding:
    last = asked.freeze - burst.start
    past = "In the year before" if years == 1 else f"In the {years} years before"
    return records.finding(
        Told(
            kind=KIND,
            key=(burst.branch, burst.length),
            branch=burst.branch,
            seen=f"{burst.joins} members joined {asked.branch_name(burst.branch)} within {burst.length} days.",
            compared=(
                f"Going by its own past and by the other branches in the same weeks, {about(burst.expected)} to be "
                f"expected. {past} no {burst.length} days brought it "
                f"{f'more than {burst.busiest:,}' if burst.busiest else 'anybody'}."
            ),
            observed=burst.joins,
            homes=0,
            first=last - burst.length + 1,
            last=last,
            expected_milli=burst.milli,
            severity=records.weighed(2, KIND, asked),
            innocent=INNOCENT,
            settles=SETTLES,
            against=(
                "dates alone say nothing about any one person: nobody is asked because of this finding",
            ),
        ),
        asked,
    )
