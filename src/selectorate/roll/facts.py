"""The facts that rules may look at, per member, as at the freeze; and what was read of everybody's history.

joined          date of first joining, or None where the roll does not say
arrears_months  whole months since the paid period ended, 0 while it runs; None where neither a payment nor
                the end of a paid period is known
age             completed years, or None
suspended       True, False, or None where the roll does not say how the member stands

None asks; it never excludes. Payments after the freeze do not count. Where the files of payments tell of a part
of the time only, and a payment of another day could make arrears fewer, they are None.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from selectorate.errors import refuse
from selectorate.roll.objects import Elector
from selectorate.rules.history.coverage import Span, untold

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from selectorate.roll.reading import Reading

Fact = date | int | bool | None

# A payment pays from its day on. date_add of months ends at the month's last day, as people count.
_FACTS = """
WITH ledger AS (
  SELECT member_id, max(paid_on) + to_months($months) AS paid_to FROM payments
  WHERE paid_on <= $freeze AND amount >= 0 GROUP BY member_id),
state AS (
  SELECT member_id, joined_on, born_on, suspended, greatest(m.paid_to, l.paid_to)::DATE AS paid_to,
    m.paid_to IS NULL AND coalesce($untold::DATE + to_months($months) > l.paid_to, FALSE) AS untold
  FROM members m LEFT JOIN ledger l USING (member_id))
SELECT member_id, joined_on,
  CASE WHEN paid_to IS NULL THEN NULL WHEN paid_to >= $freeze THEN 0 WHEN untold THEN NULL
       ELSE date_sub('month', paid_to, $freeze) END,
  CASE WHEN born_on <= $freeze THEN date_sub('year', born_on, $freeze) END,
  suspended
FROM state ORDER BY member_id
"""


def facts(
    engine: DuckDBPyConnection, freeze: date, *, period_months: int = 12
) -> Iterator[tuple[str, dict[str, Fact]]]:
    """(member_id, facts) of every member, by number. period_months: what one payment pays for."""
    values = {"freeze": freeze, "months": period_months, "untold": _untold_payments(engine, freeze)}
    found = engine.cursor().execute(_FACTS, values)
    while lines := found.fetchmany(10_000):
        for member, joined, arrears, age, suspended in lines:
            yield member, {"joined": joined, "arrears_months": arrears, "age": age, "suspended": suspended}


KNOWN = {"joined": "DATE", "arrears_months": "BIGINT", "age": "BIGINT", "suspended": "BOOLEAN"}
"""The facts that `facts` gives, with their type in the engine."""
IN_EVERY_ROLL = ("joined", "born")
"""The kinds of event that a list of members tells of by itself."""
BATCH = 50_000


def lay_out_facts(engine: DuckDBPyConnection, table: str, freeze: date, *, period_months: int = 12) -> None:
    """A temporary table of `facts` for everybody: member_id, branch ("" for none), and a column per fact."""
    # All are ours: the freeze is a date of the rulebook, the number a whole one.
    untold_day = _untold_payments(engine, freeze)
    query = _FACTS.replace("$freeze", f"DATE '{freeze.isoformat()}'").replace("$months", str(period_months))
    query = query.replace("$untold", f"DATE '{untold_day}'" if untold_day else "NULL")
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT f.member_id, coalesce(m.branch, '') AS branch,"  # noqa: S608
        f" {', '.join('f.' + name for name in KNOWN)} FROM ({query.replace('ORDER BY member_id', '')})"
        f" AS f(member_id, {', '.join(KNOWN)}) JOIN members m USING (member_id)"
    )


def note_histories(
    engine: DuckDBPyConnection, readings: Sequence[Reading], spans: Mapping[str, Span] = {}
) -> None:
    """After `take_in` of the same files: which kinds of event each file covers, also where it has a row of nobody
    (table `covered`), and in which file and row each event stands (columns `source` and `row` of `events`).

    spans: by the name of a file, the days that it tells of, where those are not all. Raises Refusal `roll.covers`
    for a file that was not read or tells of no event, and for one with a row of another day.
    """
    histories = [one for one in readings if one.layout.table == "events"]
    payments = [one for one in readings if one.layout.table == "payments"]
    told_by = [(one.layout.kind, one) for one in histories] + [("paid", one) for one in payments]
    for name, span in spans.items():
        _demand_span(engine, name, span, [one for _, one in told_by if one.source == name])
    told = [(kind, one.source, *spans.get(one.source, (None, None))) for kind, one in told_by]
    engine.execute("BEGIN TRANSACTION")
    try:
        engine.execute(
            "CREATE OR REPLACE TABLE covered (kind VARCHAR, source VARCHAR, first DATE, last DATE)"
        )
        if told:
            engine.executemany("INSERT INTO covered VALUES (?, ?, ?, ?)", told)
        engine.execute(f"CREATE OR REPLACE TEMP TABLE event_rows ({_LINE}, source VARCHAR, place BIGINT)")
        for reading in histories:
            if reading.table:
                _stand_large(engine, reading)
            else:
                _stand(engine, reading)
        # Two lines that say the same thing word for word are told apart by counting; which is which is all one.
        keys = ", ".join(f"coalesce({name}::VARCHAR, '')" for name in _KEYS)
        numbered = f"row_number() OVER (PARTITION BY {keys}) AS again, concat_ws(chr(31), {keys}) AS line"
        engine.execute(
            f'CREATE OR REPLACE TABLE events AS SELECT e.* EXCLUDE (again, line), r.source, r.place AS "row" FROM'  # noqa: S608 - our own names
            f" (SELECT *, {numbered} FROM events) e LEFT JOIN (SELECT *, {numbered} FROM event_rows) r"
            " USING (line, again)"
        )
        engine.execute("DROP TABLE event_rows")
        engine.execute("COMMIT")
    except BaseException:
        engine.execute("ROLLBACK")
        raise


def _demand_span(engine: DuckDBPyConnection, name: str, span: Span, readings: Sequence[Reading]) -> None:
    """Raises Refusal `roll.covers`."""
    if not readings:
        raise refuse("roll.covers", file=name, because="no file of payments or events of that name is read")
    first, last = (day.isoformat() if day else "" for day in span)
    for reading in readings:
        for row, day in _days(engine, reading):
            if day and (day < first or (last and day > last)):
                raise refuse(
                    "roll.covers", file=name, because=f"its row {row} tells of {day}, outside those days"
                )


def _days(engine: DuckDBPyConnection, reading: Reading) -> Iterator[tuple[int, str]]:
    """(row, day) of every line of a file of payments or events; ISO, "" for none."""
    if not reading.table:
        days = reading.columns.get("happened_on") or reading.columns.get("paid_on") or ()
        yield from zip(reading.rows, days, strict=False)
        return
    day = next(one for one in ("happened_on", "paid_on") if one in reading.mapping.values())
    found = engine.cursor().execute(f'SELECT "row", {day} FROM {reading.table} ORDER BY 1')  # noqa: S608 - our own names
    while lines := found.fetchmany(10_000):
        yield from lines


_KEYS = ("member_id", "kind", "on_day", "recorded", "value")
_LINE = "member_id VARCHAR, kind VARCHAR, on_day DATE, recorded DATE, value VARCHAR"


def _stand(engine: DuckDBPyConnection, reading: Reading) -> None:
    """The events of one file with their rows."""
    fields = ("member_id", "happened_on", "recorded_on", "value")
    empty = [""] * len(reading.rows)
    columns = [reading.columns.get(field, empty) for field in fields]
    for start in range(0, len(reading.rows), BATCH):
        cut = slice(start, start + BATCH)
        part = [json.dumps([text or None for text in column[cut]]) for column in columns]
        engine.execute(
            "INSERT INTO event_rows SELECT m, $kind, d::DATE, r::DATE, v, $source, n FROM (SELECT"
            """ unnest(from_json($m, '["VARCHAR"]')) AS m, unnest(from_json($d, '["VARCHAR"]')) AS d,"""
            """ unnest(from_json($r, '["VARCHAR"]')) AS r, unnest(from_json($v, '["VARCHAR"]')) AS v,"""
            """ unnest(from_json($n, '["BIGINT"]')) AS n)""",
            {
                **dict(zip("mdrv", part, strict=True)),
                "n": json.dumps(list(reading.rows[cut])),
                "kind": reading.layout.kind,
                "source": reading.source,
            },
        )


def _stand_large(engine: DuckDBPyConnection, reading: Reading) -> None:
    """The same of a large file, whose lines lie in the engine."""
    there = set(reading.mapping.values())
    fields = ("member_id", "happened_on", "recorded_on", "value")
    member, on, recorded, value = (f"nullif({one}, '')" if one in there else "NULL" for one in fields)
    engine.execute(
        f'INSERT INTO event_rows SELECT {member}, ?, {on}::DATE, {recorded}::DATE, {value}, ?, "row" FROM'  # noqa: S608
        f" {reading.table}",
        [reading.layout.kind, reading.source],
    )


def covered(engine: DuckDBPyConnection) -> Mapping[str, tuple[str, ...]]:
    """Kind of event -> the files that tell of it; () for what a list of members or of payments tells by itself.

    A kind that is not here was in no file: whatever looks at it is unknown, not "it never happened".
    """
    found: dict[str, tuple[str, ...]] = dict.fromkeys(IN_EVERY_ROLL, ())
    if _has(engine, "covered", "kind"):
        for kind, source in engine.execute("SELECT kind, source FROM covered ORDER BY ALL").fetchall():
            found[kind] = (*found.get(kind, ()), source)
    else:
        for (kind,) in engine.execute(
            "SELECT DISTINCT kind FROM events UNION SELECT 'paid' FROM payments"
        ).fetchall():
            found.setdefault(kind, ())
    return found


def told_days(engine: DuckDBPyConnection) -> Mapping[str, tuple[Span, ...]]:
    """Kind of event -> the spans of days of which the files tell, for `facts_as_at` and `facts_sql`."""
    found: dict[str, tuple[Span, ...]] = dict.fromkeys(covered(engine), ((None, None),))
    if _has(engine, "covered", "first"):
        lines = engine.execute("SELECT kind, first, last FROM covered ORDER BY ALL").fetchall()
        for kind in {kind for kind, _, _ in lines} - set(IN_EVERY_ROLL):
            found[kind] = tuple((first, last) for of, first, last in lines if of == kind)
    return found


def _untold_payments(engine: DuckDBPyConnection, day: date) -> date | None:
    """The last day up to that one of which no file of payments tells; None where there is no such file."""
    spans = told_days(engine)
    gap = untold(spans, ("paid",), day) if "paid" in spans else None
    return gap.last if gap else None


def _has(engine: DuckDBPyConnection, table: str, column: str) -> bool:
    query = "SELECT count(*) FROM information_schema.columns WHERE table_name = ? AND column_name = ?"
    return engine.execute(query, [table, column]).fetchall()[0] != (0,)


def events_sql(engine: DuckDBPyConnection) -> str:
    """SELECT of what a roll tells about each member's history: the columns of `rules.EVENTS`, source and row.

    The list of members tells when somebody joined; a file of joinings may tell more, so the list's own day is
    left out where the file has it too, or where the list has none. Where nobody says when a thing was written
    down, `recorded` is the day itself, or the first day of the calendar where that is missing. A joining or
    birth without its day is an event without day, so whatever depends on it is unknown.
    """
    place = ("e.source", 'e."row"') if _has(engine, "events", "source") else ("''", "NULL::BIGINT")
    joined = "SELECT 1 FROM events j WHERE j.member_id = m.member_id AND j.kind = 'joined'"
    return (
        "SELECT member_id, row_number() OVER (ORDER BY source, \"row\", member_id, kind) AS seq, '' AS id, kind,"  # noqa: S608 - our own names
        " on_day, coalesce(recorded, on_day, DATE '1900-01-01') AS recorded, coalesce(value, '') AS value,"
        " '' AS replaces, FALSE AS withdrawn, source, \"row\" FROM ("
        "SELECT member_id, 'joined' AS kind, joined_on AS on_day, NULL::DATE AS recorded, NULL AS value, source,"
        f' "row" FROM members m WHERE NOT EXISTS ({joined} AND (m.joined_on IS NULL OR j.on_day = m.joined_on))'
        " UNION ALL SELECT member_id, 'born', born_on, NULL, NULL, source, \"row\" FROM members"
        " UNION ALL SELECT member_id, 'paid', paid_on, NULL, NULL, NULL, NULL FROM payments WHERE amount >= 0"
        f" UNION ALL SELECT e.member_id, e.kind, e.on_day, e.recorded, e.value, {place[0]}, {place[1]}"
        " FROM events e)"
    )


def lay_out_events(engine: DuckDBPyConnection, table: str) -> Mapping[str, tuple[Span, ...]]:
    """A temporary table of `events_sql`, and the kinds of event that the roll covers, each with its days."""
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {events_sql(engine)}")
    return told_days(engine)


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
