"""Houses that fill within two months, several of them in one branch.

One full house is a family and says nothing. Several at the same time, where a branch hardly ever had one,
ask for an answer from the people who live there.
"""

from __future__ import annotations

from selectorate.roll.signals import branch
from selectorate.roll.signals.objects import YEAR, Asked, Engine, Fact, Seen

KIND = "crowd"
TITLE = "several houses filled at the same time"
HARD = True
SOFT = False
INNOCENT = (
    "large families who joined after the same meeting",
    "shared houses or a hall whose rooms have no numbers, at the start of a term",
)
SETTLES = (
    "a letter and a second way to reach each member",
    "who lives there, by any document or a neighbour's word that the rules accept",
)

# A house that filled in another year too (a hall, a block of flats) is full by nature.
_ROWS = """
WITH full_years AS (
  SELECT building, year FROM events WHERE building >= 0 GROUP BY building, year HAVING count(*) >= {full}),
once AS (SELECT building, min(year) AS year FROM full_years GROUP BY building HAVING count(*) = 1),
rows_in AS (
  SELECT e.member, e.branch, e.building AS home, e.year, e.back - {year} * e.year AS turn, e.day
  FROM events e JOIN once o ON e.building = o.building AND e.year = o.year),
parts AS ({parts}),
full_parts AS (SELECT home, year, part FROM parts GROUP BY home, year, part HAVING count(*) >= {full})
SELECT DISTINCT p.member, p.branch, p.home, p.year, p.turn, p.day
FROM parts p JOIN full_parts f ON p.home = f.home AND p.year = f.year AND p.part = f.part
"""


def look(engine: Engine, asked: Asked) -> Seen:
    full = asked.settings.full_house
    parts = branch.two_grids("rows_in", "member, branch, home, year, turn, day")
    engine.keep("rows_crowd", _ROWS.format(full=full, year=YEAR, parts=parts))
    parts = branch.two_grids("rows_crowd", "member, branch, home, year, day")
    lines = engine.columns(
        f"WITH parts AS ({parts}), "
        "full_parts AS (SELECT branch, year, part, home, count(*) AS members FROM parts "
        f"GROUP BY branch, year, part, home HAVING count(*) >= {full}) "
        "SELECT branch, year, part, count(*) AS homes, sum(members) AS members FROM full_parts "
        f"WHERE year <= {asked.years} GROUP BY branch, year, part ORDER BY branch, year, part"
    )
    seen = branch.look(engine, asked, KIND, parts, branch.counted(lines, engine), 2)
    engine.drop("rows_crowd")
    return seen


def sentence(fact: Fact, where: str) -> str:
    past = "There is no earlier year to compare with."
    if fact.years:
        past = "In earlier years no house there filled like that."
        if fact.own:
            homes = "1 house" if fact.own == 1 else f"{fact.own} houses"
            past = f"In earlier years at most {homes} filled like that at the same time."
    return (
        f"{fact.members} members came to {fact.homes} houses in {where} that each filled within two months, "
        f"at least four members to a house. {past}"
    )
