"""The facts that rules may look at, per member, as at the freeze.

joined          date of first joining, or None where the roll does not say
arrears_months  whole months since the paid period ended, 0 while it runs; None where neither a payment nor
the end of a paid period is known age             completed years, or None suspended       True, False, or
None where the roll does not say how the member stands

None asks; it never excludes. Payments after the freeze do not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from selectorate.roll.objects import Elector

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Fact = date | int | bool | None

# A payment pays from its day on. date_add of months ends at the month's last day, as people count.
_FACTS = """
WITH ledger AS (
  SELECT member_id, max(paid_on) + to_months($months) AS paid_to FROM payments
  WHERE paid_on <= $freeze AND amount >= 0 GROUP BY member_id),
state AS (
  SELECT member_id, joined_on, born_on, suspended, greatest(m.paid_to, l.paid_to)::DATE AS paid_to
  FROM members m LEFT JOIN ledger l USING (member_id))
SELECT member_id, joined_on,
  CASE WHEN paid_to IS NULL THEN NULL WHEN paid_to >= $freeze THEN 0
       ELSE date_sub('month', paid_to, $freeze) END,
  CASE WHEN born_on <= $freeze THEN date_sub('year', born_on, $freeze) END,
  suspended
FROM state ORDER BY member_id
"""


def facts(
    engine: DuckDBPyConnection, freeze: date, *, period_months: int = 12
) -> Iterator[tuple[str, dict[str, Fact]]]:
    """(member_id, facts) of every member, by number. period_months: what one payment pays for."""
    found = engine.cursor().execute(_FACTS, {"freeze": freeze, "months": period_months})
    while lines := found.fetchmany(10_000):
        for member, joined, arrears, age, suspended in lines:
            yield member, {"joined": joined, "arrears_months": arrears, "age": age, "suspended": suspended}


KNOWN = {"joined": "DATE", "arrears_months": "BIGINT", "age": "BIGINT", "suspended": "BOOLEAN"}
"""The facts that `facts` gives, with their type in the engine."""
EVENT_KINDS = ("joined", "born", "paid")
"""The kinds of event that `lay_out_events` finds in a roll; `paid` only where payments were imported."""


def lay_out_facts(engine: DuckDBPyConnection, table: str, freeze: date, *, period_months: int = 12) -> None:
    """A temporary table of `facts` for everybody: member_id, branch ("" for none), and a column per fact."""
    # Both are ours: the freeze is a date of the rulebook, the number a whole one.
    query = _FACTS.replace("$freeze", f"DATE '{freeze.isoformat()}'").replace("$months", str(period_months))
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT f.member_id, coalesce(m.branch, '') AS branch,"  # noqa: S608
        f" {', '.join('f.' + name for name in KNOWN)} FROM ({query.replace('ORDER BY member_id', '')})"
        f" AS f(member_id, {', '.join(KNOWN)}) JOIN members m USING (member_id)"
    )


def lay_out_events(engine: DuckDBPyConnection, table: str) -> tuple[str, ...]:
    """A temporary table of what a roll tells about each member's history, and the kinds that it covers.

    Columns: member_id, seq, id, kind, on_day, recorded, value, replaces, withdrawn. A roll does not say when
    it wrote things down: `recorded` is the day itself, or the first day of the calendar where that is missing.
    A joining or birth without its day is an event without day, so whatever depends on it is unknown.
    """
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT member_id, row_number() OVER () AS seq, '' AS id, kind,"  # noqa: S608
        " on_day, coalesce(on_day, DATE '1900-01-01') AS recorded, '' AS value, '' AS replaces, FALSE AS withdrawn"
        " FROM (SELECT member_id, 'joined' AS kind, joined_on AS on_day FROM members UNION ALL"
        " SELECT member_id, 'born', born_on FROM members UNION ALL"
        " SELECT member_id, 'paid', paid_on FROM payments WHERE amount >= 0)"
    )
    paid = engine.execute("SELECT count(*) FROM payments").fetchall()[0][0]
    return EVENT_KINDS if paid else EVENT_KINDS[:2]


def electors(engine: DuckDBPyConnection) -> Iterator[Elector]:
    """Every member as an elector, by number; the caller keeps those who may vote."""
    found = engine.cursor().execute("SELECT member_id, name, weight FROM members ORDER BY member_id")
    while lines := found.fetchmany(10_000):
        for member, name, weight in lines:
            yield Elector(member, name, weight)


def branches(engine: DuckDBPyConnection) -> tuple[tuple[str, int], ...]:
    """(branch, members) for the officer's pages; "" for members of no branch."""
    query = "SELECT coalesce(branch, ''), count(*) FROM members GROUP BY 1 ORDER BY 1"
    return tuple((branch, number) for branch, number in engine.cursor().execute(query).fetchall())
