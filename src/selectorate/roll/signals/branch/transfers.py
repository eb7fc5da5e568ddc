"""A cohort that joins elsewhere and moves into one branch soon after."""

from __future__ import annotations

from selectorate.roll.signals import branch
from selectorate.roll.signals.objects import YEAR, Asked, Engine, Fact, Seen
from selectorate.roll.signals.records import homes_of, most_of

KIND = "transfer"
TITLE = "a cohort moved into one branch soon after joining"
HARD = True
SOFT = False
INNOCENT = (
    "a new district of homes, or the start of a term, that brought many people at once",
    "branches that were merged or whose boundaries were moved",
)
SETTLES = (
    "each member says when they moved; the address changed with the branch",
    "the decision by which a boundary was moved",
)

_ROWS = """
WITH soon AS (SELECT *, {freeze} - moved AS since FROM events
  WHERE moved >= 0 AND joined >= 0 AND moved >= joined AND moved - joined <= {days} AND moved <= {freeze})
SELECT member, branch, home, since // {year} AS year, since - {year} * (since // {year}) AS turn, moved AS day
FROM soon
"""


def look(engine: Engine, asked: Asked) -> Seen:
    """Silent where there is a book of transfers: `records.moves` then knows whether the address changed."""
    if "transfers" in asked.tables:
        return Seen(KIND)
    days = asked.settings.warehouse_days
    engine.keep("rows_transfer", _ROWS.format(freeze=asked.freeze, days=days, year=YEAR))
    parts = branch.two_grids("rows_transfer", "member, branch, home, year, day", asked.settings.cohort_days)
    lines = engine.columns(
        f"WITH parts AS ({parts}) SELECT branch, year, part, count(DISTINCT home) AS homes, "
        f"count(DISTINCT member) AS members FROM parts WHERE year <= {asked.years} "
        "GROUP BY branch, year, part ORDER BY branch, year, part"
    )
    seen = branch.look(engine, asked, KIND, parts, branch.counted(lines, engine), 3)
    engine.drop("rows_transfer")
    return seen


def sentence(fact: Fact, where: str) -> str:
    past = (
        f"In six weeks of any earlier year {most_of(fact.own, homes_of, 'nobody')} moved there so."
        if fact.years
        else "There is no earlier year to compare with."
    )
    return (
        f"{fact.members} members from {fact.homes} homes moved into {where} within half a year of joining another "
        f"branch, {fact.observed} of these homes within six weeks. {past}"
    )
