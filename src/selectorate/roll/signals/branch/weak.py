"""Weak links that pile up in one branch: pairs of homes with one account, one device, one telephone.

A pair is an everyday gift. Whoever stays under every threshold needs many pairs in one branch, and those are
counted together: against what the whole organisation lets expect of as many joins, and the branch's own past.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from selectorate.roll.signals import branch
from selectorate.roll.signals.objects import Asked, Engine, Fact, Seen, Whole
from selectorate.roll.signals.past import stained

HALF, MIDDLE = 183, 101
"""Days of a window, and the number that the middle one has on the second of two grids."""
KIND = "weak"
TITLE = "many small coincidences in one branch"
HARD = False
SOFT = False
POOLED = ("payer", "device", "phone", "email")
INNOCENT = (
    "a branch where people help one another with payments and telephones",
    "a meeting where people joined in pairs",
)
SETTLES = ("a sample of the members, drawn by lot, is asked whether they joined and paid themselves",)

_PARTS = """
SELECT member, branch, home, year, day, lead, turn // 183 AS part FROM weak_links
UNION ALL SELECT member, branch, home, year, day, lead, 2 AS part FROM weak_links WHERE turn >= 91 AND turn < 274
"""

_COUNTS = f"""
WITH parts AS ({_PARTS}),
joins AS (
  SELECT branch, year, (back - 365 * year) // 183 AS part, count(*) AS joins FROM events GROUP BY branch, year, part
  UNION ALL SELECT branch, year, 2 AS part, count(*) AS joins FROM events
  WHERE back - 365 * year >= 91 AND back - 365 * year < 274 GROUP BY branch, year),
counted AS (
  SELECT branch, year, part, count(DISTINCT lead) AS seen, count(*) AS members FROM parts GROUP BY branch, year, part)
SELECT c.branch, c.year, c.part, c.seen, c.members, j.joins
FROM counted c JOIN joins j ON c.branch = j.branch AND c.year = j.year AND c.part = j.part
ORDER BY c.branch, c.year, c.part
"""


def look(engine: Engine, asked: Asked) -> Seen:
    """Runs after the signals it pools: reads their tables linked_KIND."""
    most = asked.settings.weak_homes_max
    pooled = " UNION ALL ".join(
        "SELECT member, branch, home, year, turn, day, min(member) OVER (PARTITION BY value, year) AS lead "
        f"FROM linked_{kind} WHERE homes <= {most} AND year <= {asked.years}"
        for kind in POOLED
    )
    engine.keep(
        "weak_links",
        "SELECT member, branch, home, year, turn, day, min(lead) AS lead "
        f"FROM ({pooled}) u GROUP BY member, branch, home, year, turn, day",
    )
    lines = engine.columns(_COUNTS)
    expected = _rate(lines, branch.events_a_year(engine, asked.years), asked) * lines["joins"] // 1000
    expected = expected + asked.settings.pooled_floor
    expected = (expected * _grown(engine, lines)).astype(np.int64)
    cells = branch.Cells(
        lines["branch"], lines["year"], lines["part"], lines["seen"], lines["members"], expected
    )
    seen = branch.look(engine, asked, KIND, _PARTS, cells, 3)
    engine.drop("weak_links")
    return seen


def _grown(engine: Engine, lines: Mapping[str, Whole]) -> NDArray[np.float64]:
    """How many times as many joined the whole organisation in the half year of each line: where all join, both
    homes of a pair do."""
    season = branch.growth(engine, HALF)
    keys = zip(lines["year"].tolist(), lines["part"].tolist(), strict=True)
    times = [season.get((year, MIDDLE if part == 2 else part), 1.0) for year, part in keys]
    return np.maximum(1.0, np.array(times, dtype=np.float64))


def _rate(lines: Mapping[str, Whole], present: Whole, asked: Asked) -> int:
    """Groups of weak links in a million joins of an ordinary year."""
    whole = lines["part"] < 2
    sums = np.bincount(lines["year"][whole], weights=lines["seen"][whole], minlength=asked.years + 1)[1:]
    shares = sorted((sums / np.maximum(1, present[1:])).tolist())
    kept = shares[: len(shares) - stained(asked.years, asked.settings)]
    return int(1e6 * sum(kept) / len(kept)) if kept else asked.settings.prior_millionths


def sentence(fact: Fact, where: str) -> str:
    past = "There is no earlier year to compare with."
    if fact.years:
        before = "the year" if fact.years == 1 else f"the {fact.years} years"
        groups = "were no such groups"
        if fact.own:
            groups = "was at most 1 such group" if fact.own == 1 else f"were at most {fact.own} such groups"
        past = f"In half a year of {before} before there {groups} there."
    return (
        f"{fact.members} members who joined {where} within half a year share an account, a device, a telephone or an "
        f"e-mail address with another home or a few, in {fact.observed} small groups. {past}"
    )
