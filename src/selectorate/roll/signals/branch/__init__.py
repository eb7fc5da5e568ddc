"""Signals about a branch: cohorts that come together, and what is weak by itself but piles up.

A branch is compared with its own earlier years and with the others. Each cohort needs a trace of its own
beside the dates (a dwelling that fills, a transfer soon after joining, a shared account): timing alone names
nobody.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from selectorate.roll.signals.objects import YEAR, Asked, Engine, Fact, Links, Seen, Whole
from selectorate.roll.signals.past import (
    binomial_tail,
    grid,
    groups,
    scale,
    stained,
    tail_floor,
    usual,
)

WINDOW = 61
WINDOWS = 13
"""Windows a year on both grids."""
STEP, MOST = 250, 100_000


@dataclass(frozen=True, slots=True)
class Cells:
    """What was counted: a line per branch, year and window. seen: the count compared with the past; members:
    how many are behind it; expected: what the whole organisation lets expect, in thousandths."""

    branch: Whole
    year: Whole
    part: Whole
    seen: Whole
    members: Whole
    expected: Whole


def two_grids(rows: str, columns: str, window: int = WINDOW) -> str:
    """A query part: each row once on either grid of windows of its year, as `part`."""
    return (
        f"SELECT {columns}, turn // {window} AS part FROM {rows} UNION ALL "
        f"SELECT {columns}, 100 + (turn + {window // 2}) // {window} AS part FROM {rows}"
    )


def readings(cells: Cells, asked: Asked, least: int) -> Whole:
    """-log10 of the tail of each line, by the busiest usual window of the branch's earlier years and by the
    whole organisation, in quarters of a unit."""
    size = asked.settings.scatter
    values, rows = np.unique(cells.branch, return_inverse=True)
    peaks = np.zeros((len(values), asked.years + 1), dtype=np.int64)
    np.maximum.at(peaks, (rows, cells.year), cells.seen)
    reading = np.zeros(len(cells.seen), dtype=np.int64)
    known: dict[tuple[int, int], int] = {}
    for year in range(asked.years + 1):
        own = usual(peaks, year, asked.settings)
        for line in np.nonzero((cells.year == year) & (cells.seen >= least))[0]:
            mean = max(int(cells.expected[line]), 600 * int(own[rows[line]])) // 50 * 50 + 50
            pair = (int(cells.seen[line]), mean)
            if pair not in known:
                known[pair] = quarters(binomial_tail(pair[0], mean / 1000, size))
            reading[line] = known[pair]
    return reading


def quarters(tail: float) -> int:
    strength = MOST if tail <= 0 else min(MOST, math.floor(-1000 * math.log10(tail)))
    return strength // STEP * STEP if strength >= 1000 else 0


def look(engine: Engine, asked: Asked, kind: str, parts: str, cells: Cells, least: int) -> Seen:
    """Links of members to their branch, where its cohort in a window is unlike the past.

    parts: a query of who is where: member, branch, home, year, day, part. least: a smaller count says nothing.
    """
    reading = readings(cells, asked, least)
    top = _best(cells, reading, asked.years)
    worth = scale(top[0], top[1], events_a_year(engine, asked.years), asked.settings, tail_floor)
    units = worth.units(cells.year, reading) * asked.weight(kind) // 1000
    hot = units > 0
    engine.put(
        f"hot_{kind}",
        {
            "branch": cells.branch[hot],
            "year": cells.year[hot],
            "part": cells.part[hot],
            "units": units[hot],
        },
    )
    deep = min(asked.years, asked.settings.links_year_max)
    lines = engine.columns(
        f"WITH parts AS ({parts}) "
        "SELECT p.member, p.branch, p.year, max(h.units) AS units, min(p.day) AS day, min(p.home) AS home "
        f"FROM parts p JOIN hot_{kind} h ON p.branch = h.branch AND p.year = h.year AND p.part = h.part "
        f"WHERE p.year <= {deep} GROUP BY p.member, p.branch, p.year ORDER BY p.year, p.branch, p.member"
    )
    engine.drop(f"hot_{kind}")
    links = Links(lines["member"], lines["branch"], lines["year"], lines["units"])
    return Seen(kind, links, _facts(lines, cells, reading, asked))


def _best(cells: Cells, reading: Whole, years: int) -> tuple[Whole, Whole]:
    """For each branch and year the highest reading of a window, and the members behind it."""
    order = np.lexsort((cells.members, reading))
    found = grid(cells.branch[order], cells.year[order], reading[order], cells.members[order], years)
    return found.seen, found.members


def _facts(lines: Mapping[str, Whole], cells: Cells, reading: Whole, asked: Asked) -> dict[int, Fact]:
    """What is to be said about the branches whose cohort of this year holds a group together."""
    best = _best(cells, reading, asked.years)[0]
    usual_most = _ordinary(cells, asked)
    this = (lines["year"] == 0) & (lines["units"] >= asked.settings.edge)
    branches, starts = np.unique(lines["branch"][this], return_index=True)
    values = np.unique(cells.branch)
    past = groups(best, asked.settings, 1000, STEP)
    facts = {}
    for number, one in enumerate(branches.tolist()):
        stop = starts[number + 1] if number + 1 < len(starts) else int(this.sum())
        days, homes = lines["day"][this][starts[number] : stop], lines["home"][this][starts[number] : stop]
        low, high = np.searchsorted(cells.branch, [one, one + 1])
        year, seen = cells.year[low:high], cells.seen[low:high]
        level = int(reading[low:high][year == 0].max())
        facts[one] = Fact(
            value=one,
            members=len(days),
            homes=len(np.unique(homes)),
            first=int(days.min()),
            last=int(days.max()),
            observed=int(seen[year == 0].max()),
            expected_milli=max(past.expected(level), _by_chance(level, len(values))),
            own=int(seen[year > 0].max(initial=0)),
            most=usual_most,
            years=asked.years,
        )
    return facts


def _by_chance(level: int, branches: int) -> int:
    """Windows a year, in thousandths, that chance alone lets read so high in so many branches."""
    return int(1000 * branches * WINDOWS * 10 ** (-level / 1000))


def _ordinary(cells: Cells, asked: Asked) -> int:
    """The most that any branch reached in a window of an ordinary earlier year."""
    if not asked.years:
        return 0
    tops = sorted(int(cells.seen[cells.year == year].max(initial=0)) for year in range(1, asked.years + 1))
    return tops[len(tops) - 1 - min(stained(asked.years, asked.settings), len(tops) - 1)]


def events_a_year(engine: Engine, years: int) -> Whole:
    lines = engine.columns("SELECT year, count(*) AS members FROM events GROUP BY year ORDER BY year")
    counts = np.zeros(years + 1, dtype=np.int64)
    inside = lines["year"] <= years
    counts[lines["year"][inside]] = lines["members"][inside]
    return counts


def counted(lines: Mapping[str, Whole], engine: Engine, window: int = WINDOW) -> Cells:
    """Lines (branch, year, part, homes, members; in that order) as cells. A branch may expect, in a window,
    what it would if the cohorts of a middling year were spread evenly over all branches and windows; and where
    the whole organisation grew in that window, the square of it as much: two who meet by chance in one house
    are a matter of pairs."""
    found = engine.columns("SELECT count(DISTINCT branch) AS branches FROM events")
    places = max(1, int(found["branches"][0]) * WINDOWS)
    year, homes = lines["year"], lines["homes"]
    sums = sorted(int(homes[year == one].sum()) for one in np.unique(year[year > 0]))
    middle = sums[len(sums) // 2] if sums else 0
    season = growth(engine, window)
    times = [season.get(key, 1.0) for key in zip(year.tolist(), lines["part"].tolist(), strict=True)]
    even = 1000 * middle // places + 100
    expected = (even * np.maximum(1.0, np.array(times, dtype=np.float64)) ** 2).astype(np.int64)
    return Cells(lines["branch"], year, lines["part"], homes, lines["members"], expected)


def growth(engine: Engine, window: int = WINDOW) -> dict[tuple[int, int], float]:
    """How many times as many joined the whole organisation in a window (year, part) as in the middling one of
    as many days."""
    parts = two_grids("dated", "year", window)
    lines = engine.columns(
        f"WITH dated AS (SELECT year, back - {YEAR} * year AS turn FROM events), parts AS ({parts}) "
        "SELECT year, part, count(*) AS joins FROM parts GROUP BY year, part ORDER BY year, part"
    )
    middle = float(np.median(lines["joins"])) if len(lines["joins"]) else 1.0
    keys = zip(lines["year"].tolist(), lines["part"].tolist(), strict=True)
    return {key: joins / max(1.0, middle) for key, joins in zip(keys, lines["joins"].tolist(), strict=True)}
