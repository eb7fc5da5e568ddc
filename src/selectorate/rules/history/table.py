"""The readings as SQL: the facts of everybody from one table of events, in one statement for DuckDB.

The table `events` has the columns of EVENTS; a further table names the members, so that somebody without any
event has facts too. Every day and length in the statement is a constant of the rulebook; nothing of a file
ever becomes part of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Final

from selectorate.rules.calendar import FIRST_DAY, LAST_DAY, add_months
from selectorate.rules.history.asat import day_of_knowledge
from selectorate.rules.history.coverage import Covers, Untold, untold
from selectorate.rules.history.readings import Reading, Spell
from selectorate.rules.objects import Fact, Rulebook

EVENTS: Final[Mapping[str, str]] = {
    "member_id": "VARCHAR",
    "seq": "BIGINT",
    "id": "VARCHAR",
    "kind": "VARCHAR",
    "on_day": "DATE",
    "recorded": "DATE",
    "value": "VARCHAR",
    "replaces": "VARCHAR",
    "withdrawn": "BOOLEAN",
}
"""seq: the order in which events were listed; texts are '' and not NULL where there is nothing."""

_ORDER = "ORDER BY on_day, recorded, seq"


def facts_sql(
    rulebook: Rulebook,
    covers: Covers,
    known: dt.date | None = None,
    members: str = "members",
    events: str = "events",
) -> str:
    """SELECT member_id and every fact of the rulebook that has a reading. members, events: names of tables.

    covers, known: as in `asat.facts_as_at`.
    """
    spells = {spell.id: spell for spell in rulebook.spells}
    days = dict(rulebook.timetable)
    day = _day(day_of_knowledge(rulebook, known))
    parts = [
        f"recorded_then AS (SELECT * FROM {events} WHERE recorded <= {day})",  # noqa: S608 - see above
        "live AS (SELECT * FROM recorded_then e WHERE NOT withdrawn AND NOT (e.id <> '' AND EXISTS (SELECT 1"
        " FROM recorded_then r WHERE r.member_id = e.member_id AND r.replaces = e.id)))",
    ]
    columns, joins = ["m.member_id"], []
    for number, fact in enumerate(fact for fact in rulebook.facts if fact.reads is not None):
        reading = fact.reads
        if reading is None or not all(kind in covers for kind in reading.kinds(spells)):
            columns.append(f'CAST(NULL AS {_TYPES[fact.type]}) AS "{fact.name}"')
            continue
        name, at = f"f{number}", days[reading.as_at]
        spell = spells.get(reading.of) if reading.spelled else None
        gap = untold(covers, reading.kinds(spells), at)
        body = _fact(reading, fact, at, gap) if spell is None else _spelled(reading, spell, at, gap)
        parts.append(f"{name} AS ({body})")
        joins.append(f"LEFT JOIN {name} ON {name}.member_id = m.member_id")
        empty = {"whether": "FALSE", "during": "FALSE", "number": "0"}.get(reading.form)
        if gap is not None and not _told(reading, at, gap):
            empty = None
        # A member without a line in that part has no event of the kind at all.
        value = (
            f"{name}.v"
            if empty is None
            else f"CASE WHEN {name}.member_id IS NULL THEN {empty} ELSE {name}.v END"
        )
        columns.append(f'{value} AS "{fact.name}"')
    return f"WITH {', '.join(parts)} SELECT {', '.join(columns)} FROM {members} m {' '.join(joins)}"  # noqa: S608 - see above


_TYPES: Final = {"date": "DATE", "int": "BIGINT", "bool": "BOOLEAN", "text": "VARCHAR"}


def _day(day: dt.date) -> str:
    return f"DATE '{day.isoformat()}'"


def _kinds(kinds: Collection[str]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds) or "''"


def _told(reading: Reading, at: dt.date, gap: Untold) -> bool:
    """Whether all days that a number looks back on are told of."""
    if reading.form != "number" or not reading.length:
        return False
    back = (
        add_months(at, -reading.length) if reading.unit == "month" else at - dt.timedelta(days=reading.length)
    )
    return gap.last <= back


def _fact(reading: Reading, fact: Fact, at: dt.date, gap: Untold | None) -> str:
    """One line per member who has an event of the kind: (member_id, v)."""
    day = _day(at)
    dated = f"on_day <= {day}"
    undated = "bool_or(on_day IS NULL)"
    latest = f"arg_max({{}}, (on_day, recorded, seq)) FILTER ({dated})"
    months = _months("max(on_day) FILTER (" + dated + ")", day)
    after = f"{dated}" + (
        f" AND on_day > CAST({day} - INTERVAL {reading.length} {reading.unit.upper()} AS DATE)"
        if reading.length
        else ""
    )
    value = {
        "whether": f"CASE WHEN coalesce(bool_or({dated}), FALSE) THEN TRUE WHEN {undated} THEN NULL ELSE FALSE END",
        "number": f"count(*) FILTER ({after})",
        "first": f"min(on_day) FILTER ({dated})",
        "last": f"max(on_day) FILTER ({dated})",
        "first recorded": f"min(recorded) FILTER ({dated})",
        "last recorded": f"max(recorded) FILTER ({dated})",
        "value": _value(fact, latest.format("value")),
        "months since": months,
        "years since": f"({months}) // 12",
    }[reading.form]
    unclear = undated if gap is None else f"{undated}{_open(reading, at, dated, gap)}"
    if reading.form == "whether":
        value = value if gap is None else f"CASE WHEN {value} THEN TRUE END"
    else:
        value = f"CASE WHEN {unclear} THEN NULL ELSE {value} END"
    return f"SELECT member_id, {value} AS v FROM live WHERE kind = '{reading.of}' GROUP BY member_id"  # noqa: S608


def _open(reading: Reading, at: dt.date, dated: str, gap: Untold) -> str:
    """Where an event of an untold day could change what is read."""
    if reading.form == "number":
        return "" if _told(reading, at, gap) else " OR TRUE"
    if reading.form.endswith("recorded"):
        return " OR TRUE"
    if reading.form == "first":
        return f" OR {_day(gap.first)} < min(on_day) FILTER ({dated})"
    sign = ">=" if reading.form == "value" else ">"
    return f" OR {_day(gap.last)} {sign} max(on_day) FILTER ({dated})"


def _months(start: str, day: str) -> str:
    """Completed months: DuckDB's to_months clamps as calendar.add_months does."""
    apart = f"date_diff('month', {start}, {day})"
    return f"{apart} - CASE WHEN {start} + to_months(CAST({apart} AS INTEGER)) > {day} THEN 1 ELSE 0 END"


def _value(fact: Fact, text: str) -> str:
    if fact.type == "date":
        return _read_day(text)
    if fact.type == "bool":
        return f"CASE {text} WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END"
    if fact.type == "int":
        return f"CASE WHEN regexp_full_match({text}, '-?[0-9]{{1,15}}') THEN CAST({text} AS BIGINT) END"
    allowed = ", ".join("'" + one.replace("'", "''") + "'" for one in fact.one_of)
    return f"CASE WHEN {text} IN ({allowed}) THEN {text} END"


def _spelled(reading: Reading, spell: Spell, at: dt.date, gap: Untold | None) -> str:
    """As `_fact`, of a spell."""
    day = _day(at)
    inner = _periods(spell, day) if spell.periods else _turns(spell, day, gap)
    value = "start IS NOT NULL" if reading.form == "during" else "start"
    if gap is not None and spell.periods:
        known = "CASE WHEN start IS NOT NULL THEN TRUE END"
        value = known if reading.form == "during" else f"CASE WHEN start <= {_day(gap.first)} THEN start END"
    elif gap is not None:
        known = "later" if reading.form == "during" else f"start > {_day(gap.last)}"
        value = f"CASE WHEN {known} THEN {value} END"
    later = "" if gap is None else f", bool_or(on_day > {_day(gap.last)} AND on_day <= {day}) AS later"
    return (
        f"SELECT member_id, CASE WHEN unclear THEN NULL ELSE {value} END AS v FROM ("  # noqa: S608 - see above
        f"SELECT k.*, s.start FROM (SELECT member_id, bool_or(on_day IS NULL{_unread(spell, day)})"
        f" AS unclear{later} FROM live WHERE kind IN ({_kinds(spell.kinds)}) GROUP BY member_id) k"
        f" LEFT JOIN ({inner}) s ON s.member_id = k.member_id)"
    )


def _unread(spell: Spell, day: str) -> str:
    """A period whose last day cannot be read leaves the spell unknown."""
    if not spell.periods:
        return ""
    return f" OR (on_day <= {day} AND {_read_day('value')} IS NULL)"


def _read_day(text: str) -> str:
    """A text as a day of the calendar that is read, else NULL."""
    day = f"CASE WHEN regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') THEN TRY_CAST({text} AS DATE) END"
    return f"CASE WHEN {day} BETWEEN {_day(FIRST_DAY)} AND {_day(LAST_DAY)} THEN {day} END"


def _turns(spell: Spell, day: str, gap: Untold | None) -> str:
    """Events turn a member in or out; only real turns count, and a restoring one in time is no new start. After
    an untold time everybody is taken to be in since its last day, which `_spelled` then takes for unknown."""
    looked = "live"
    if gap is not None:
        last = _day(gap.last)
        looked = (
            f"(SELECT member_id, kind, on_day, recorded, seq FROM live WHERE on_day > {last} UNION ALL SELECT DISTINCT"  # noqa: S608 - see above
            f" member_id, '{spell.begins[0]}', {last}, {last}, -1 FROM live)"
        )
    late = "FALSE" if spell.within is None else f"on_day - lag(on_day) OVER w > {spell.within}"
    kept = f"kind IN ({_kinds(spell.restores)}) AND lag(on_day) OVER w IS NOT NULL AND NOT ({late})"
    return (
        "SELECT member_id, CASE WHEN arg_max(is_in, place) THEN max(on_day) FILTER (is_in AND NOT kept) END AS start"  # noqa: S608 - see above
        f" FROM (SELECT *, coalesce(is_in AND {kept}, FALSE) AS kept, row_number() OVER w AS place FROM ("
        f"SELECT *, coalesce(lag(is_in) OVER (PARTITION BY member_id {_ORDER}), FALSE) AS was_in FROM (SELECT *,"
        f" kind NOT IN ({_kinds(spell.ends)}) AS is_in FROM {looked} WHERE kind IN ({_kinds(spell.kinds)})"
        f" AND on_day <= {day})) WHERE is_in <> was_in WINDOW w AS (PARTITION BY member_id {_ORDER}))"
        " GROUP BY member_id"
    )


def _periods(spell: Spell, day: str) -> str:
    """Gaps and islands: a period that begins more than `gap` days after all earlier ones begins anew."""
    return (
        f"SELECT member_id, CASE WHEN {day} - max(until) <= {spell.gap} THEN max(on_day) FILTER (anew) END AS start"  # noqa: S608 - see above
        " FROM (SELECT member_id, on_day, until, coalesce(on_day - max(until) OVER (PARTITION BY member_id"
        f" {_ORDER} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) - 1 > {spell.gap}, TRUE) AS anew FROM"
        f" (SELECT *, {_read_day('value')} AS until FROM live WHERE kind = '{spell.periods}' AND on_day <= {day}))"
        " GROUP BY member_id"
    )
