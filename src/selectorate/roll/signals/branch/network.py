"""Pairs of homes with one account, telephone or e-mail address that all came in through one address on the network.

An address on the network says nothing by itself: a campus, a library or a telephone company has one for thousands. So
only members count who share an account, a telephone or an e-mail address with another home *that came through the same
address*, and their number is held against how many of as many joins are such in an ordinary year.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from selectorate.roll.signals import branch
from selectorate.roll.signals.objects import Asked, Engine, Fact, Seen, Whole
from selectorate.roll.signals.past import stained
from selectorate.roll.signals.records import members_of, most_of

KIND = "network"
TITLE = "many pairs of homes through one address on the network"
HARD = True
SOFT = False
POOLED = ("payer", "phone", "email")
INNOCENT = (
    "a stall, an office or a meeting with one connection, where friends joined and paid for one another",
    "a campus or a company whose people all have one address on the network",
)
SETTLES = (
    "each member says whether they joined themselves, and whether they paid or agreed that another pays",
    "whoever runs the connection says what it is",
)

_POOLED = (
    "SELECT member, home, value, {place} AS kind, year, turn, day FROM linked_{kind} WHERE year <= {years}"
)
_LINKS = """
WITH pooled AS ({pooled}),
through AS (
  SELECT p.member, p.home, p.value, p.kind, p.year, p.turn, p.day, e.ip FROM pooled p
  JOIN events e ON p.member = e.member WHERE e.ip >= 0),
pairs AS (
  SELECT ip, kind, value, year FROM through GROUP BY ip, kind, value, year HAVING min(home) < max(home))
SELECT DISTINCT t.member, t.ip AS branch, t.home, t.year, t.turn, t.day FROM through t
JOIN pairs p ON t.ip = p.ip AND t.kind = p.kind AND t.value = p.value AND t.year = p.year
"""
_PARTS = """
SELECT member, branch, home, year, day, turn // 183 AS part FROM network_links
UNION ALL SELECT member, branch, home, year, day, 2 AS part FROM network_links WHERE turn >= 91 AND turn < 274
"""
# Joins are counted at the addresses in question only: of all addresses there may be millions.
_COUNTS = f"""
WITH parts AS ({_PARTS}),
there AS (
  SELECT e.ip AS branch, e.year, e.back - 365 * e.year AS turn FROM events e
  SEMI JOIN network_links l ON e.ip = l.branch),
joins AS (
  SELECT branch, year, turn // 183 AS part, count(*) AS joins FROM there GROUP BY branch, year, part
  UNION ALL SELECT branch, year, 2 AS part, count(*) AS joins FROM there WHERE turn >= 91 AND turn < 274
  GROUP BY branch, year),
counted AS (SELECT branch, year, part, count(*) AS members FROM parts GROUP BY branch, year, part)
SELECT c.branch, c.year, c.part, c.members, j.joins
FROM counted c JOIN joins j ON c.branch = j.branch AND c.year = j.year AND c.part = j.part
ORDER BY c.branch, c.year, c.part
"""
_PRESENT = "SELECT year, count(*) AS members FROM events WHERE ip >= 0 GROUP BY year ORDER BY year"


def look(engine: Engine, asked: Asked) -> Seen:
    """Runs after the signals it pools: reads their tables linked_KIND. The address stands where in the other
    signals of this folder the branch stands."""
    pooled = " UNION ALL ".join(
        _POOLED.format(place=place, kind=kind, years=asked.years) for place, kind in enumerate(POOLED)
    )
    engine.keep("network_links", _LINKS.format(pooled=pooled))
    lines = engine.columns(_COUNTS)
    expected = _rate(lines, engine.columns(_PRESENT), asked) * lines["joins"] // 1000
    expected = expected + asked.settings.pooled_floor
    cells = branch.Cells(
        lines["branch"], lines["year"], lines["part"], lines["members"], lines["members"], expected
    )
    seen = branch.look(engine, asked, KIND, _PARTS, cells, asked.settings.network_members)
    engine.drop("network_links")
    return seen


def _rate(lines: Mapping[str, Whole], present: Mapping[str, Whole], asked: Asked) -> int:
    """Members in such pairs in a million joins with a known address, of an ordinary year."""
    joins = np.zeros(asked.years + 1, dtype=np.int64)
    inside = present["year"] <= asked.years
    joins[present["year"][inside]] = present["members"][inside]
    whole = lines["part"] < 2
    sums = np.bincount(lines["year"][whole], weights=lines["members"][whole], minlength=asked.years + 1)[1:]
    shares = sorted((sums / np.maximum(1, joins[1:])).tolist())
    kept = shares[: len(shares) - stained(asked.years, asked.settings)]
    return int(1e6 * sum(kept) / len(kept)) if kept else asked.settings.prior_millionths


def sentence(fact: Fact, where: str) -> str:
    past = "There is no earlier year to compare with."
    if fact.years:
        most = max(fact.own, fact.most)
        past = f"In earlier years {most_of(most, members_of, 'nobody')} came so by one address within half a year."
    return (
        f"{fact.members} members from {fact.homes} homes in {where} share an account, a telephone or an e-mail address "
        f"with another home or more, and all came in through one address on the network. {past}"
    )
