"""One collector who takes cash from far more homes than ever, while the branch grows as it never did.

Cash alone names nobody, and dates alone name nobody. A collector whose two months are unlike the own history
is one kind of evidence, a branch that grows beyond its own past in the same two months is another; only where
both meet does this signal say anything of a member.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from selectorate.roll.signals import own
from selectorate.roll.signals.branch import growth
from selectorate.roll.signals.objects import YEAR, Asked, Engine, Fact, Seen, Whole
from selectorate.roll.signals.past import Grid, binomial_tail, scale, tail_floor, usual
from selectorate.roll.signals.shared import linked, present

KIND = "collector"
TITLE = "one collector takes cash from far more homes than ever"
HARD = False
SOFT = False
BURST = 1300
"""A branch that grows so much comes up once in twenty such windows."""
INNOCENT = (
    "a branch whose members pay in cash, and a new treasurer",
    "a street stall, or a meeting where many joined and paid at the door",
)
SETTLES = (
    "the book of receipts",
    "a sample of the members says whether they joined themselves, and whether they paid",
)

# How many joined the branches of the collectors in question, in each window; and where those links are.
_PACE = """
WITH places AS (SELECT DISTINCT r.branch FROM rows_collector r SEMI JOIN places_value v ON r.value = v.value),
joins AS (
  SELECT e.branch, e.year, (e.back - {year} * e.year) // {window} AS part, count(*) AS joins
  FROM events e SEMI JOIN places p ON e.branch = p.branch GROUP BY 1, 2, 3
  UNION ALL
  SELECT e.branch, e.year, 100 + (e.back - {year} * e.year + {half}) // {window} AS part, count(*) AS joins
  FROM events e SEMI JOIN places p ON e.branch = p.branch GROUP BY 1, 2, 3)
SELECT branch, year, part, joins FROM joins WHERE year <= {years} ORDER BY branch, year, part
"""
_WHERE = """
WITH busy AS (SELECT r.* FROM rows_collector r SEMI JOIN places_value v ON r.value = v.value),
parts AS (
  SELECT branch, value, year, turn // {window} AS part FROM busy
  UNION ALL
  SELECT branch, value, year, 100 + (turn + {half}) // {window} AS part FROM busy)
SELECT branch, value, year, part, count(*) AS members FROM parts WHERE year <= {years}
GROUP BY branch, value, year, part HAVING count(*) >= 3 ORDER BY value, year, part, branch
"""


def look(engine: Engine, asked: Asked) -> Seen:
    cells, found, reading = own.read(engine, asked, KIND, "collector", eased=False)
    engine.put("places_value", {"value": found.values[reading.max(axis=1, initial=0) > 0]})
    words = {"year": YEAR, "window": own.WINDOW, "half": own.HALF_WINDOW, "years": asked.years}
    where = engine.columns(_WHERE.format(**words))
    pace = _Pace.of(engine.columns(_PACE.format(**words)), growth(engine, own.WINDOW), asked)
    both = reading * _together(where, pace, found)
    counted = present(engine, "collector", asked.years)
    worth = scale(both, found.members, counted, asked.settings, tail_floor)
    units = worth.grid(both) * asked.weight(KIND) // 1000
    links = linked(engine, asked, KIND, found, both, units)
    engine.drop("rows_collector")
    engine.drop("places_value")
    return Seen(KIND, links, own.facts(found, both, units, cells, asked))


def _together(where: Mapping[str, Whole], pace: _Pace, found: Grid) -> Whole:
    """1 for the collectors and years that were busy in a window in which their branch burst, else 0."""
    out = np.zeros(found.seen.shape, dtype=np.int64)
    rows = np.searchsorted(found.values, where["value"]).tolist()
    keys = zip(where["branch"].tolist(), where["year"].tolist(), where["part"].tolist(), strict=True)
    for row, (branch, year, part) in zip(rows, keys, strict=True):
        if not out[row, year] and pace.burst(branch, year, part) >= BURST:
            out[row, year] = 1
    return out


@dataclass(frozen=True, slots=True)
class _Pace:
    """Joins by branch, year and window. peaks, sums: by branch (ascending in `branches`) and year; season: how
    much busier than the mean window of all years a window was, over the whole organisation."""

    branches: Whole
    joins: Mapping[tuple[int, int, int], int]
    peaks: Whole
    sums: Whole
    season: Mapping[tuple[int, int], float]
    asked: Asked

    @classmethod
    def of(cls, lines: Mapping[str, Whole], season: Mapping[tuple[int, int], float], asked: Asked) -> _Pace:
        branches, rows = np.unique(lines["branch"], return_inverse=True)
        peaks = np.zeros((len(branches), asked.years + 1), dtype=np.int64)
        sums = np.zeros_like(peaks)
        np.maximum.at(peaks, (rows, lines["year"]), lines["joins"])
        np.add.at(sums, (rows, lines["year"]), lines["joins"])
        keys = zip(lines["branch"].tolist(), lines["year"].tolist(), lines["part"].tolist(), strict=True)
        joins = dict(zip(keys, lines["joins"].tolist(), strict=True))
        return cls(branches, joins, peaks, sums, season, asked)

    def burst(self, branch: int, year: int, part: int) -> int:
        """-log10 of the tail of the joins of a branch in a window, in thousandths: by its own mean, times what
        the whole organisation did in that window of the year, and by its own usual busiest window."""
        row = int(np.searchsorted(self.branches, branch))
        earlier = max(1, self.asked.years - year) * own.WINDOWS
        mean = int(self.sums[row, year + 1 :].sum()) / earlier * self.season.get((year, part), 1.0)
        peak = 0.6 * int(usual(self.peaks[row : row + 1], year, self.asked.settings)[0])
        tail = binomial_tail(
            self.joins[branch, year, part], max(mean, peak, 0.3), self.asked.settings.scatter
        )
        return int(-1000 * math.log10(max(tail, 1e-12)))


def sentence(fact: Fact, where: str) -> str:
    return (
        f"{fact.homes} homes in {where} paid one collector in cash within two months. "
        f"{own.compared(fact, 'collector')}"
    )
