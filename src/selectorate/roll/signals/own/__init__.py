"""Signals that compare a building, a recruiter or a collector with its own history.

A hall, a care home, a prolific recruiter explain themselves: what counts is how far two months go beyond what
the same value brought in its own earlier years, and how rare that has been for others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from selectorate.roll.signals.branch import growth
from selectorate.roll.signals.objects import YEAR, Asked, Engine, Fact, Seen, Whole
from selectorate.roll.signals.past import Grid, grid, groups, poisson_tail, scale, tail_floor, usual
from selectorate.roll.signals.shared import linked, present

WINDOW, HALF_WINDOW = 61, 30
WINDOWS = 13
"""Windows a year on both grids."""
STEP, MOST = 250, 100_000
"""Readings are rounded to quarters of a log10 unit: finer steps would only repeat one group's number."""

_ROWS = """
SELECT e.member, e.branch, e.home, e.{column} AS value, e.year, e.back - {year} * e.year AS turn, e.day
FROM events e SEMI JOIN
  (SELECT {column} AS several FROM events WHERE {column} >= 0 GROUP BY {column} HAVING min(home) < max(home)) s
ON e.{column} = s.several
"""

_CELLS = """
WITH stays AS (
  SELECT DISTINCT value, year, turn // {window} AS part, home FROM {rows}
  UNION ALL
  SELECT DISTINCT value, year, 100 + (turn + {half}) // {window} AS part, home FROM {rows}),
parts AS (SELECT value, year, part, count(*) AS homes FROM stays GROUP BY value, year, part),
peaks AS (
  SELECT p.value, p.year, max(p.homes) AS homes, max(p.homes * 1000 // g.permille) AS eased
  FROM parts p JOIN growth_own g ON p.year = g.in_year AND p.part = g.in_part GROUP BY p.value, p.year),
sizes AS (
  SELECT value, year, count(*) AS members, min(day) AS first_day, max(day) AS last_day
  FROM {rows} GROUP BY value, year)
SELECT p.value, p.year, p.homes, p.eased, s.members, s.first_day, s.last_day
FROM peaks p JOIN sizes s ON p.value = s.value AND p.year = s.year ORDER BY p.value, p.year
"""


def look(engine: Engine, asked: Asked, kind: str, column: str, cap: int) -> Seen:
    """Links of members to values of `column` that brought far more homes in two months than ever.

    cap: the most that this signal may say of one member, in thousandths of a log10 unit.
    """
    cells, found, reading = read(engine, asked, kind, column)
    counted = present(engine, column, asked.years)
    worth = scale(reading, found.members, counted, asked.settings, tail_floor)
    units = np.minimum(worth.grid(reading), cap) * asked.weight(kind) // 1000
    links = linked(engine, asked, kind, found, reading, units)
    engine.drop(f"rows_{kind}")
    return Seen(kind, links, facts(found, reading, units, cells, asked))


def read(
    engine: Engine, asked: Asked, kind: str, column: str, *, eased: bool = True
) -> tuple[Mapping[str, Whole], Grid, Whole]:
    """What was counted, the same as a grid, and what it reads. Leaves the table rows_KIND.

    Where the whole organisation grew in a window, everybody brings more: the homes of such a window are
    divided by how many times as many joined as in a middling one before they are read; eased=False is for
    who asks about the growth of the branch as well.
    """
    season = growth(engine, WINDOW)
    engine.put(
        "growth_own",
        {
            "in_year": np.array([year for year, _ in season], dtype=np.int64),
            "in_part": np.array([part for _, part in season], dtype=np.int64),
            "permille": np.array([max(1000, round(1000 * one)) for one in season.values()], dtype=np.int64),
        },
    )
    rows = f"rows_{kind}"
    engine.keep(rows, _ROWS.format(column=column, year=YEAR))
    cells = engine.columns(_CELLS.format(rows=rows, window=WINDOW, half=HALF_WINDOW))
    found = grid(cells["value"], cells["year"], cells["homes"], cells["members"], asked.years)
    if not eased:
        return cells, found, excess(found, asked)
    counted = grid(cells["value"], cells["year"], cells["eased"], cells["members"], asked.years)
    return cells, found, excess(counted, asked)


def excess(found: Grid, asked: Asked) -> Whole:
    """-log10 of the Poisson tail of the busiest two months of a value in a year, its own history given."""
    reading = np.zeros_like(found.seen)
    windows = YEAR / WINDOW
    known: dict[tuple[int, int], int] = {}
    for year in range(found.years + 1):
        earlier = max(1, found.years - year)
        mean = found.members[:, year + 1 :].sum(axis=1) / (earlier * windows)
        peak = 0.6 * usual(found.seen, year, asked.settings)
        tenths = np.ceil(10 * (np.maximum(mean, peak) + 0.5)).astype(np.int64)
        for row in np.nonzero(found.seen[:, year] >= 3)[0]:
            pair = (int(found.seen[row, year]), int(tenths[row]))
            if pair not in known:
                known[pair] = _quarters(poisson_tail(pair[0], pair[1] / 10))
            reading[row, year] = known[pair]
    return reading


def _quarters(tail: float) -> int:
    strength = MOST if tail <= 0 else min(MOST, math.floor(-1000 * math.log10(tail)))
    return max(0, strength) // STEP * STEP if strength >= 1000 else 0


def facts(
    found: Grid, reading: Whole, units: Whole, cells: Mapping[str, Whole], asked: Asked
) -> dict[int, Fact]:
    this = cells["year"] == 0
    days = dict(
        zip(
            cells["value"][this].tolist(),
            zip(cells["first_day"][this].tolist(), cells["last_day"][this].tolist(), strict=True),
            strict=True,
        )
    )
    rows = np.nonzero(units[:, 0] > 0)[0]
    known = usual(found.seen, 0, asked.settings)
    past = groups(reading, asked.settings, 1000, STEP)
    known_facts = {}
    for row in rows:
        value = int(found.values[row])
        known_facts[value] = Fact(
            value=value,
            members=int(found.members[row, 0]),
            homes=int(found.seen[row, 0]),
            first=days[value][0],
            last=days[value][1],
            observed=int(found.seen[row, 0]),
            expected_milli=past.expected(int(reading[row, 0])),
            own=int(known[row]),
            most=int(found.seen[row, 1:].max()) if found.years else 0,
            years=asked.years,
        )
    return known_facts


def compared(fact: Fact, thing: str) -> str:
    if not fact.years:
        return "There is no earlier year to compare with."
    years = "the year" if fact.years == 1 else f"the {fact.years} years"
    if not fact.most:
        return f"Nobody came by this {thing} in {years} before."
    homes = "1 home" if fact.most == 1 else f"{fact.most} homes"
    return f"In any two months of {years} before at most {homes} came by this {thing}."
