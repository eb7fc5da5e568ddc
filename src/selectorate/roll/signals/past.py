"""The organisation's own past as a measure, robust against years that were themselves stacked.

A signal gives one whole number per value and year, its reading: homes behind an account, say. The evidence of
a reading is how few members, in earlier years, were behind a value that read as much: -log10 of that share.
Of every eight earlier years the two that read highest do not count, so that a stacked year cannot teach the
measure that stacking is usual; what has been usual for a value in at least three years explains itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from selectorate.roll.signals.objects import Whole
from selectorate.roll.signals.settings import Settings

Floor = Callable[[Whole], Whole]


@dataclass(frozen=True, slots=True)
class Grid:
    """values: ascending, one a row; seen: what a value reached in a year, members: how many were behind it;
    a column a year, column 0 being the year before the freeze."""

    values: Whole
    seen: Whole
    members: Whole

    @property
    def years(self) -> int:
        """How many earlier years there are."""
        return int(self.seen.shape[1]) - 1


def grid(value: Whole, year: Whole, seen: Whole, members: Whole, years: int) -> Grid:
    """Lines of (value, year, seen, members) as a grid; what is further back than `years` is left out."""
    inside = year <= years
    value, year, seen, members = value[inside], year[inside], seen[inside], members[inside]
    values, rows = np.unique(value, return_inverse=True)
    shape = (len(values), years + 1)
    table, counts = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    table[rows, year] = seen
    counts[rows, year] = members
    return Grid(values, table, counts)


def stained(years: int, settings: Settings) -> int:
    """How many of so many earlier years are taken for possibly stacked."""
    return max(1, years * settings.stained_years // settings.stained_of) if years > 1 else 0


def usual(table: Whole, year: int, settings: Settings) -> Whole:
    """What each row of a table (a column a year) has reached in enough of the years before `year` to be known
    for it: with eight years, in three of them."""
    earlier = table[:, year + 1 :]
    years = earlier.shape[1]
    if years == 0:
        return np.zeros(len(table), dtype=np.int64)
    return np.sort(earlier, axis=1)[:, years - 1 - min(stained(years, settings), years - 1)]


def beyond_usual(table: Whole, settings: Settings) -> Whole:
    """What each value reached beyond what it is known for, year by year; two homes in the past are nothing
    to be known for."""
    out = table.copy()
    for year in range(table.shape[1]):
        known = usual(table, year, settings)
        explained = -(-known * settings.known_numerator // settings.known_denominator)
        out[:, year] = np.where(known >= 2, np.maximum(0, table[:, year] - explained), table[:, year])
    return out


@dataclass(frozen=True, slots=True)
class Scale:
    """Evidence of readings: steps are the different readings, table the units of each step in each year."""

    steps: Whole
    table: Whole

    def units(self, year: Whole, reading: Whole) -> Whole:
        """Thousandths of a log10 unit of each reading in its year; 0 for a reading of 0."""
        if not len(self.steps):
            return np.zeros(len(reading), dtype=np.int64)
        place = np.minimum(np.searchsorted(self.steps, reading), len(self.steps) - 1)
        found: Whole = np.where(reading > 0, self.table[year, place], 0)
        return found

    def grid(self, reading: Whole) -> Whole:
        """The same for a table with a column a year."""
        return np.stack([self.units(np.full(len(one), y), one) for y, one in enumerate(reading.T)], axis=1)


def scale(reading: Whole, members: Whole, present: Whole, settings: Settings, floor: Floor) -> Scale:
    """What readings are worth, by how few members of other earlier years were behind as high a one.

    reading: 0 says nothing; members: how many were behind the value in the year; present: members a year who
    could have been (the denominator); floor: the share, in millionths, that is believed of a reading before
    any past is seen.
    """
    steps = levels(reading)
    years = reading.shape[1] - 1
    above = np.zeros((years + 1, len(steps)), dtype=np.int64)
    for year in range(years + 1):
        hit = reading[:, year] > 0
        place = np.searchsorted(steps, reading[hit, year])
        counted = np.bincount(place, weights=members[hit, year], minlength=len(steps))
        above[year] = np.cumsum(counted[::-1])[::-1].astype(np.int64)
    believed = floor(steps)
    table = np.zeros((years + 1, len(steps)), dtype=np.int64)
    for year in range(years + 1):
        others = [other for other in range(1, years + 1) if other != year]
        table[year] = _units(above[others], present[others], settings, believed)
    return Scale(steps, table)


def levels(reading: Whole) -> Whole:
    """The different readings, ascending, without 0."""
    found: Whole = np.unique(reading)
    return found[found > 0]


def _units(above: Whole, present: Whole, settings: Settings, floor: Whole) -> Whole:
    """Evidence per level from the members above it in each other year, the highest years left out."""
    drop = stained(len(above), settings)
    shares = above / np.maximum(present, 1)[:, None] if len(above) else np.zeros((0, above.shape[1]))
    order = np.argsort(shares, axis=0, kind="stable")[: len(above) - drop]
    hits = np.take_along_axis(above, order, axis=0).sum(axis=0)
    whole = present[order].sum(axis=0) if len(above) else np.zeros(above.shape[1])
    share = (hits + settings.prior_members * floor / 1e6) / (whole + settings.prior_members)
    raised = np.floor(-1000 * np.log10(np.minimum(1.0, np.maximum(share, 1e-9))))
    monotone: Whole = (
        np.maximum.accumulate(raised).astype(np.int64) if len(raised) else raised.astype(np.int64)
    )
    return np.clip(monotone, 0, settings.units_cap)


def homes_floor(settings: Settings) -> Floor:
    """What is believed of sharing with so many homes before any past is seen, in millionths of all members."""

    def believed(steps: Whole) -> Whole:
        share = settings.prior_millionths * (settings.prior_falls / 1000) ** np.maximum(0, steps - 2)
        return np.ceil(share).astype(np.int64)

    return believed


def tail_floor(steps: Whole) -> Whole:
    """The same of a reading that is itself -1000 log10 of a tail: the root of what the tail says, since
    counts of real life scatter more than the formula's."""
    return np.ceil(1e6 * np.minimum(0.05, 10.0 ** (-steps / 2000))).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Groups:
    """How many groups a year of such a roll reads at least as much: at `levels` (first, first + step, ...) the
    mean of the earlier years without the highest."""

    first: int
    step: int
    means: tuple[float, ...]
    years: int
    fall: float
    enough: int

    def expected(self, level: int) -> int:
        """Groups a year that read at least `level`, in thousandths.

        Where fewer than five did in all, the fall up to the last level that five reached is drawn on, as a
        geometric tail: so says a short past little, and never that something cannot be.
        """
        if not self.years:
            return 1000
        place = max(0, (level - self.first) // self.step)
        seen = self.means[place] if place < len(self.means) else 0.0
        if seen * self.years >= self.enough or place == 0:
            return round(1000 * max(seen, 1 / self.years if place == 0 else 0.0))
        top = max((at for at, mean in enumerate(self.means) if mean * self.years >= self.enough), default=0)
        start, end = max(self.means[0], 1 / self.years), max(self.means[top], 1 / self.years)
        fall = (end / start) ** (1 / top) if top else self.fall
        return round(1000 * max(seen, end * min(max(fall, 0.1), 0.9) ** (place - top)))


def groups(reading: Whole, settings: Settings, first: int = 2, step: int = 1) -> Groups:
    """The groups of earlier years by what they read. first, step: the levels that readings can have; a fall
    over one level of homes is a fall over four quarters of a unit."""
    years = reading.shape[1] - 1
    kept = years - stained(years, settings)
    top = int(reading.max(initial=0))
    places = max(1, (top - first) // step + 1)
    counts = np.zeros((years, places), dtype=np.int64)
    for year in range(years):
        read = reading[:, year + 1]
        place = (read[read >= first] - first) // step
        counts[year] = np.cumsum(np.bincount(place, minlength=places)[::-1])[::-1]
    means = np.sort(counts, axis=0)[:kept].sum(axis=0) / max(1, kept)
    fall = (settings.prior_falls / 1000) ** (1.0 if step == 1 else 0.25)
    return Groups(first, step, tuple(float(mean) for mean in means), kept, fall, settings.enough)


def poisson_tail(count: int, mean: float) -> float:
    """Probability of at least `count` where `mean` is expected."""
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    log = -mean + count * math.log(mean) - math.lgamma(count + 1)
    term = total = math.exp(log) if log > -700 else 0.0
    if total == 0.0:
        return 0.0
    if count <= mean:
        below = sum(math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(count))
        return max(0.0, 1 - below)
    number = count
    while term > total * 1e-12:
        number += 1
        term *= mean / number
        total += term
    return total


def binomial_tail(count: int, mean: float, size: float) -> float:
    """Probability of at least `count` under a negative binomial of that mean and size (variance mean +
    mean²/size)."""
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    share = mean / (mean + size)

    def log(k: int) -> float:
        ways = math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1)
        return ways - size * math.log1p(mean / size) + k * math.log(share)

    if count <= mean:
        return max(0.0, 1 - sum(math.exp(log(k)) for k in range(count)))
    term = total = math.exp(log(count))
    number = count
    while term > total * 1e-12:
        term *= share * (number + size) / (number + 1)
        number += 1
        total += term
    return total
