"""A cohort that joined elsewhere and was moved into one branch within half a year, with the address unchanged.

Needs the book of transfers, which says where a member came from and whether the address changed with the branch; a
move with a new address is a move of house and is not counted at all. Compared with what any branch took in so in the
years before, the worst of them left out, and with what this branch is known for.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from selectorate.roll.signals import records
from selectorate.roll.signals.branch import events_a_year
from selectorate.roll.signals.objects import YEAR, Asked, Engine, Fact, Links, Seen, Whole
from selectorate.roll.signals.past import beyond_usual, grid, homes_floor, scale
from selectorate.roll.signals.records import HOME, Book, Peaks, homes_of, members_of, most_of, past_of

KIND = "moves"
TITLE = "a cohort was moved into one branch soon after joining, with unchanged addresses"
HARD = True
SOFT = False
HEARD = False

INNOCENT = (
    "a boundary that was moved, or branches that were merged, while nobody moved house",
    "members who were put into the wrong branch when they joined, and corrected together",
    "people who work or study in one place and live in another, where the rules let them choose",
)
SETTLES = (
    "each member says whether they asked for the transfer, and why",
    "the decision by which a boundary was moved, or a list was corrected",
    "who entered the transfers, and on whose word",
)

_LINES = """
SELECT t.member_id AS member, t.branch, t.from_branch, t.day, {freeze} - t.day AS back, {home} AS home
FROM transfers t JOIN members m ON t.member_id = m.member_id
WHERE t.address_changed = 0 AND t.day <= {freeze} AND {freeze} - t.day < {reach} AND t.from_branch <> t.branch
  AND m.join_day >= 0 AND t.day >= m.join_day AND t.day - m.join_day <= {soon}
"""
_COHORTS = """
SELECT branch, back // {year} AS year, count(DISTINCT home) AS homes FROM move_lines
GROUP BY branch, year ORDER BY branch, year
"""
_MEMBERS = """
SELECT member, branch, back // {year} AS year, max(day) AS day FROM move_lines
WHERE back // {year} <= {deep} GROUP BY member, branch, year ORDER BY year, branch, member
"""


def look(engine: Engine, asked: Asked) -> Seen:
    """Links of the members of such cohorts to the branch that took them in."""
    book = records.book(engine, asked, "transfers")
    if not book.lines:
        return Seen(KIND)
    soon = asked.settings.warehouse_days
    engine.keep(
        "move_lines", _LINES.format(freeze=asked.freeze, reach=YEAR * (book.years + 1), soon=soon, home=HOME)
    )
    cells = engine.columns(_COHORTS.format(year=YEAR))
    found = grid(cells["branch"], cells["year"], cells["homes"], cells["homes"], book.years)
    reading = beyond_usual(found.seen, asked.settings)
    reading[reading < 2] = 0
    joined = events_a_year(engine, book.years)
    worth = scale(reading, found.members, joined, asked.settings, homes_floor(asked.settings))
    units = worth.grid(reading) * asked.weight(KIND) // 1000
    deep = min(book.years, asked.settings.links_year_max)
    lines = engine.columns(_MEMBERS.format(year=YEAR, deep=deep))
    engine.drop("move_lines")
    row = np.searchsorted(found.values, lines["branch"])
    strength = units[row, lines["year"]] if len(row) else row
    hit = strength > 0
    order = np.lexsort((lines["member"][hit], lines["branch"][hit], lines["year"][hit]))
    links = Links(
        lines["member"][hit][order],
        lines["branch"][hit][order],
        lines["year"][hit][order],
        strength[hit][order],
    )
    reached = records.peaks((cells["branch"],), cells["year"], cells["homes"], book.years)
    facts = {
        branch: _fact(asked, book, reached, branch, lines)
        for branch in found.values[units[:, 0] >= asked.settings.edge].tolist()
    }
    return Seen(KIND, links, facts)


def _fact(asked: Asked, book: Book, reached: Peaks, branch: int, lines: Mapping[str, Whole]) -> Fact:
    here = (lines["branch"] == branch) & (lines["year"] == 0)
    row = reached.row((branch,))
    homes = int(reached.seen[row, 0])
    return Fact(
        value=branch,
        members=int(here.sum()),
        homes=homes,
        first=int(lines["day"][here].min()),
        last=int(lines["day"][here].max()),
        observed=homes,
        expected_milli=reached.expected_milli(row, homes, asked),
        own=reached.own(row),
        most=reached.most(row),
        years=book.years,
    )


def sentence(fact: Fact, where: str) -> str:
    others = f"more than {homes_of(fact.most)}" if fact.most else "anybody"
    compared = f"{past_of(fact.years)} no other branch took in {others} so in a year"
    compared += f", and this one {most_of(fact.own, homes_of, 'nobody')}." if fact.years else "."
    return (
        f"{members_of(fact.members)} from {fact.homes} homes were moved into {where} "
        f"{records.span(fact.first, fact.last)}, each soon after joining another branch and with an "
        f"unchanged address. {compared}"
    )
