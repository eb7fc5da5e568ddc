"""A finding as SQL that a stranger runs: nothing of this program is needed to count it again, only DuckDB.

Counted are the members, homes and days of the finding, what they share, and what stood behind any one account,
device or telephone in each earlier year; of a branch in which many came back on the last days, how many did there and
elsewhere on the same days of each year. How rare that is, and how several signs are put together, is not in it: for
that `roll explain` computes the whole look.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

COLUMNS = {
    "payer": "payer",
    "device": "device",
    "phone": "phone",
    "email": "email",
    "building": "building",
    "recruiter": "recruiter",
    "collector": "cash_collector",
    "crowd": "dwelling",
}
"""Kinds of signal that rest on one column of the members' table."""

_PEOPLE = """
CREATE OR REPLACE TEMP TABLE people AS
SELECT *,
  greatest(CASE WHEN join_day <= {freeze} THEN join_day ELSE -1 END,
           CASE WHEN renewal_day <= {freeze} THEN renewal_day ELSE -1 END) AS day,
  {home} AS home
FROM read_parquet('{source}');
CREATE OR REPLACE TEMP TABLE named AS SELECT unnest([{members}]) AS member_id;
"""
_GROUP = """
-- The group. The finding says: {members} members, {homes} homes, from day {first} to day {last}.
SELECT count(*) AS members, count(DISTINCT home) AS homes, min(day) AS first_day, max(day) AS last_day
FROM people SEMI JOIN named USING (member_id);
"""
_SHARED = """
-- What more than one of their homes shares: {kind}.
SELECT {column} AS {kind}, count(*) AS members, count(DISTINCT home) AS homes,
       min(day) AS first_day, max(day) AS last_day
FROM people SEMI JOIN named USING (member_id)
WHERE {column} >= 0 GROUP BY {column} HAVING count(DISTINCT home) > 1 ORDER BY homes DESC, {column};

-- The past: the most homes behind any one {kind} within half a year (0: the year before the freeze).
WITH halves AS (
  SELECT {column}, ({freeze} - day) // 365 AS years_back, ({freeze} - day) % 365 // 183 AS half,
         count(DISTINCT home) AS homes
  FROM people WHERE {column} >= 0 AND day >= 0 GROUP BY ALL)
SELECT years_back, max(homes) AS most_homes FROM halves GROUP BY years_back ORDER BY years_back;
"""
_CAME_BACK = """
-- Homes of which somebody came back on the last {length} days of each year (0: the year before the freeze), in branch
-- {branch} and in all the others. The finding says: {homes} homes. Who came in a declared drive is counted here too.
SELECT ({freeze} - day) // 365 AS years_back, count(DISTINCT home) FILTER (branch = {branch}) AS homes_here,
       count(DISTINCT home) FILTER (branch <> {branch}) AS homes_elsewhere
FROM people WHERE renewal_day = day AND renewal_day > join_day AND ({freeze} - day) % 365 < {length}
GROUP BY years_back ORDER BY years_back;
"""


def recount(finding: Mapping[str, Any], freeze: int, source: str, *, household: bool) -> str:
    """The SQL. finding: as `roll findings --members --json` prints it; source: the path of the members' Parquet file;
    household: whether it has that column, so that it tells the homes."""
    known = "CASE WHEN household >= 0 THEN 3 * household " if household else "CASE "
    home = known + "WHEN dwelling >= 0 THEN 3 * dwelling + 1 ELSE 3 * member_id + 2 END"
    members = [str(int(member)) for member in finding["members"]]
    numbers = {
        "members": len(members),
        "homes": finding["households"],
        "first": finding["first"],
        "last": finding["last"],
    }
    text = [
        f"-- {finding['id']}: run with duckdb, for instance: duckdb < THIS_FILE\n",
        _PEOPLE.format(
            freeze=int(freeze), home=home, source=source.replace("'", "''"), members=", ".join(members)
        ),
    ]
    if members:
        text.append(_GROUP.format(**numbers))
    kinds = [kind for kind in finding.get("kinds", (finding["kind"],)) if kind in COLUMNS and members]
    text += [_SHARED.format(kind=kind, column=COLUMNS[kind], freeze=int(freeze)) for kind in kinds]
    if finding["kind"] == "rejoin":
        length = numbers["last"] - numbers["first"] + 1
        text.append(_CAME_BACK.format(length=length, freeze=int(freeze), branch=finding["branch"], **numbers))
    return "".join(text)
