"""Signals that count homes behind one value: an account, a device, a telephone, an e-mail address.

Counted are distinct homes within half a year, never members: a family, a home or a hall with one key is one.
Windows lie on two shifted grids within each year before the freeze, so that every earlier year is counted in
the same way and no operation of three months is cut in two by both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from selectorate.roll.signals.events import FAMILY, HOMES_APART
from selectorate.roll.signals.objects import YEAR, Asked, Engine, Fact, Links, Seen, Whole
from selectorate.roll.signals.past import (
    Grid,
    beyond_usual,
    grid,
    groups,
    homes_floor,
    scale,
    stained,
    usual,
)

HALF, QUARTER = 183, 91

# Only values behind which two homes ever stood are looked at further; in a large roll that leaves few.
_ROWS = (
    """
SELECT e.member, e.branch, """
    + HOMES_APART
    + """ AS home, e.{column} AS value, e.year, e.back - {year} * e.year AS turn, e.day
FROM events e SEMI JOIN
  (SELECT {column} AS several FROM events WHERE {column} >= 0 GROUP BY {column}
   HAVING min(home) < max(home) OR count(*) > {family}) s
ON e.{column} = s.several
"""
)

_CELLS = """
WITH stays AS (
  SELECT DISTINCT value, year, turn // {half} AS part, home FROM {rows}
  UNION ALL
  SELECT DISTINCT value, year, 2 AS part, home FROM {rows} WHERE turn >= {quarter} AND turn < {quarter} + {half}),
parts AS (SELECT value, year, part, count(*) AS homes FROM stays GROUP BY value, year, part),
peaks AS (SELECT value, year, max(homes) AS homes FROM parts GROUP BY value, year),
sizes AS (
  SELECT value, year, count(*) AS members, min(day) AS first_day, max(day) AS last_day
  FROM {rows} GROUP BY value, year)
SELECT p.value, p.year, p.homes, s.members, s.first_day, s.last_day
FROM peaks p JOIN sizes s ON p.value = s.value AND p.year = s.year ORDER BY p.value, p.year
"""

_PRESENT = """
SELECT year, count(*) AS members FROM events WHERE {column} >= 0 GROUP BY year ORDER BY year
"""

_LINKED = """
SELECT r.member, r.branch, r.home, r.value, r.year, r.turn, r.day, h.homes, h.units
FROM {rows} r JOIN {hot} h ON r.value = h.value AND r.year = h.year
"""


def look(
    engine: Engine, asked: Asked, kind: str, column: str, mask: Callable[[Grid], Whole] | None = None
) -> Seen:
    """Links of members to values of `column` shared by more homes than earlier years explain.

    mask: which values are so common (a row of the grid each) that they say nothing, like an address that a
    whole campus has. Leaves the table linked_KIND for the signals that pool what is weak.
    """
    rows = f"rows_{kind}"
    engine.keep(rows, _ROWS.format(column=column, year=YEAR, family=FAMILY))
    cells = engine.columns(_CELLS.format(rows=rows, half=HALF, quarter=QUARTER))
    years = asked.years
    found = grid(cells["value"], cells["year"], cells["homes"], cells["members"], years)
    reading = beyond_usual(found.seen, asked.settings)
    reading[reading < 2] = 0
    if mask is not None and len(found.values):
        reading[mask(found)] = 0
    counted = present(engine, column, years)
    worth = scale(reading, found.members, counted, asked.settings, homes_floor(asked.settings))
    units = worth.grid(reading) * asked.weight(kind) // 1000
    links = linked(engine, asked, kind, found, reading, units)
    engine.drop(rows)
    return Seen(kind, links, _facts(found, reading, units, cells, asked, told_of(counted)))


def told_of(counted: Whole) -> int:
    """Earlier years of which enough is known to compare with: a column may go less far back than the joins."""
    return int(np.count_nonzero(10 * counted[1:] >= max(1, int(counted[0]))))


def present(engine: Engine, column: str, years: int) -> Whole:
    """Members a year with something in the column."""
    lines = engine.columns(_PRESENT.format(column=column))
    counts = np.zeros(years + 1, dtype=np.int64)
    inside = lines["year"] <= years
    counts[lines["year"][inside]] = lines["members"][inside]
    return counts


def linked(engine: Engine, asked: Asked, kind: str, found: Grid, reading: Whole, units: Whole) -> Links:
    """The members behind the values that say something, this year and in the placebo years."""
    rows, year = np.nonzero((reading > 0) & (units > 0))
    engine.put(
        f"hot_{kind}",
        {
            "value": found.values[rows],
            "year": year.astype(np.int64),
            "homes": reading[rows, year],
            "units": units[rows, year],
        },
    )
    engine.keep(f"linked_{kind}", _LINKED.format(rows=f"rows_{kind}", hot=f"hot_{kind}"))
    deep = min(asked.years, asked.settings.links_year_max)
    lines = engine.columns(
        f"SELECT member, value, year, units FROM linked_{kind} WHERE year <= {deep} ORDER BY year, value, member"
    )
    engine.drop(f"hot_{kind}")
    return Links(lines["member"], lines["value"], lines["year"], lines["units"])


def _facts(
    found: Grid, reading: Whole, units: Whole, cells: Mapping[str, Whole], asked: Asked, years: int
) -> dict[int, Fact]:
    """What is to be said about the values that hold a group together in the year looked at."""
    this = cells["year"] == 0
    days = {
        int(value): (int(first), int(last))
        for value, first, last in zip(
            cells["value"][this], cells["first_day"][this], cells["last_day"][this], strict=True
        )
    }
    rows = np.nonzero(units[:, 0] >= asked.settings.edge)[0]
    known = usual(found.seen, 0, asked.settings)
    most = _most(found, asked)
    past = groups(reading, asked.settings)
    return {
        int(found.values[row]): Fact(
            value=int(found.values[row]),
            members=int(found.members[row, 0]),
            homes=int(found.seen[row, 0]),
            first=days[int(found.values[row])][0],
            last=days[int(found.values[row])][1],
            observed=int(found.seen[row, 0]),
            expected_milli=past.expected(int(reading[row, 0])),
            own=int(known[row]),
            most=most,
            years=years,
        )
        for row in rows
    }


def _most(found: Grid, asked: Asked) -> int:
    """The most homes that any value reached in an earlier year, the highest years left out."""
    if not asked.years or not len(found.values):
        return 1
    tops = np.sort(found.seen[:, 1:].max(axis=0))
    return max(1, int(tops[len(tops) - 1 - min(stained(asked.years, asked.settings), len(tops) - 1)]))


def compared(fact: Fact, thing: str, did: str) -> str:
    """How the past compares, in a sentence. thing: "account"; did: "paid for"."""
    if not fact.years:
        return "There is no earlier year to compare with."
    years = "the year" if fact.years == 1 else f"an ordinary one of the {fact.years} years"
    homes = "1 home" if fact.most == 1 else f"{fact.most} homes"
    if fact.most < fact.observed:
        return f"In {years} before, no {thing} {did} more than {homes} within half a year."
    return f"In {years} before, the busiest {thing} {did} {homes} within half a year."


def within(fact: Fact) -> str:
    days = fact.last - fact.first + 1
    return "on one day" if days == 1 else f"within {days} days"
