"""The decisions on everybody as SQL: the very bytes of `Decision.to_json`, and their numbers, for DuckDB.

Takes the name of a table that the caller's engine holds: `member_id` and a column per fact of the clauses on
voting, typed as the facts are. What the interpreter says of one member these statements say of all; tests hold
the two to the same bytes. No text of a file becomes part of a statement: constants are the rulebook's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from selectorate import canon
from selectorate.rules.calendar import FIRST_DAY, LAST_DAY
from selectorate.rules.expression import INTEGER_MAX
from selectorate.rules.objects import ELIGIBILITY, Fact, Rulebook, plain

OUTCOMES: Final = ("eligible", "not eligible", "ask")
_TRUTH: Final = "CASE WHEN {0} THEN 'true' WHEN NOT {0} THEN 'false' ELSE 'null' END"


def decided_sql(book: Rulebook, table: str) -> str:
    """SELECT every column of the table, "holds 0" and on for the clauses in their order, and outcome."""
    holds = "".join(f', {clause.needs.sql} AS "holds {place}"' for place, clause in enumerate(book.clauses))
    firm = [_holds(n) for n, clause in enumerate(book.clauses) if clause.otherwise == "not eligible"]
    out = " OR ".join(f"{one} IS FALSE" for one in firm) or "FALSE"
    ask = " OR ".join(f"{_holds(place)} IS NOT TRUE" for place in range(len(book.clauses))) or "FALSE"
    outcome = f"CASE WHEN {out} THEN 'not eligible' WHEN {ask} THEN 'ask' ELSE 'eligible' END"
    return f"SELECT *, {outcome} AS outcome FROM (SELECT *{holds} FROM {table})"  # noqa: S608 - see above


def line_sql(book: Rulebook, *, by: str, decided: dt.date) -> str:
    """An expression over the columns of `decided_sql`: the canonical line of the decision on each member.

    by, decided: as of `Rulebook.eligibility`. A member's number holds no control character but tab and line
    ends (the door of the roll sees to it); every other text is the rulebook's own.
    """
    until = plain(decided + dt.timedelta(days=book.appeal.days))
    facts = {name: _value(book.fact_of[name]) for name in book.eligibility_facts}
    listed = [part for name in sorted(facts) for part in (f"{_text(name)}:", facts[name], ",")][:-1]
    findings: list[str] = []
    for place, clause in enumerate(book.clauses):
        findings.append('{"because":[')
        because = [part for name in clause.needs.facts for part in (f"[{_text(name)},", facts[name], "],")]
        findings += [*because[:-1], "]"] if because else []
        findings += [f'],"clause":{_text(clause.id)},"holds":', _Sql(_TRUTH.format(_holds(place))), "},"]
    if findings:
        findings[-1] = "}"
    version = f',"version":{_text(book.version)}}}'
    fingerprint = [f'{{"decision":{_text(ELIGIBILITY)},"facts":{{', *listed, f"}}{version}"]
    return _joined(
        f'{{"appeal_days":{book.appeal.days},"appeal_until":{_text(until)},"by":{_text(by)},',
        f'"decision":{_text(ELIGIBILITY)},"facts":{{',
        *listed,
        '},"findings":[',
        *findings,
        '],"fingerprint":"',
        _Sql(f"sha256({_joined(*fingerprint)})"),
        '","outcome":"',
        _Sql("outcome"),
        '","subject":',
        _Sql(subject_sql()),
        version,
    )


def subject_sql() -> str:
    """A member's number as a canonical JSON text."""
    return "CAST(to_json(member_id) AS VARCHAR)"


def tally_sql(book: Rulebook, table: str) -> str:
    """SELECT one row: members, members by outcome (OUTCOMES), and for each clause those for whom it is not met
    and those for whom it is unknown."""
    counts = ["count(*)", *(f"count(*) FILTER (outcome = '{word}')" for word in OUTCOMES)]
    for place in range(len(book.clauses)):
        counts += [
            f"count(*) FILTER ({_holds(place)} IS FALSE)",
            f"count(*) FILTER ({_holds(place)} IS NULL)",
        ]
    return f"SELECT {', '.join(counts)} FROM ({decided_sql(book, table)})"  # noqa: S608 - see above


def unfit_sql(book: Rulebook, table: str) -> str:
    """SELECT member_id and the facts of the first members with a fact that is not what the rulebook declares: for
    them `Rulebook.eligibility` raises its refusal."""
    names = "".join(f', "{name}"' for name in book.eligibility_facts)
    doubts = [doubt for name in book.eligibility_facts for doubt in _unfit(book.fact_of[name])]
    return f"SELECT member_id{names} FROM {table} WHERE {' OR '.join(doubts) or 'FALSE'} LIMIT 1"  # noqa: S608


class _Sql(str):
    """An expression that gives a text and never NULL; other texts are meant as they stand."""

    __slots__ = ()


def _joined(*parts: str) -> str:
    """All parts as one expression."""
    made: list[str] = []
    still = ""
    for part in parts:
        if isinstance(part, _Sql):
            made += [_quoted(still), part] if still else [part]
            still = ""
        else:
            still += part
    return " || ".join([*made, _quoted(still)] if still else made)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _text(value: Any) -> str:
    return canon.encode(value).decode()


def _holds(place: int) -> str:
    return f'"holds {place}"'


def _value(fact: Fact) -> str:
    """A fact as canonical JSON."""
    column = f'"{fact.name}"'
    if fact.type == "bool":
        return _Sql(_TRUTH.format(column))
    if fact.type == "text":
        cases = " ".join(f"WHEN {_quoted(one)} THEN {_quoted(_text(one))}" for one in fact.one_of)
        return _Sql(f"CASE {column} {cases} ELSE 'null' END")
    text = f"CAST({column} AS VARCHAR)"
    return _Sql(f"coalesce({text if fact.type == 'int' else _dated(text)}, 'null')")


def _dated(text: str) -> str:
    return f"""'"' || {text} || '"'"""


def _unfit(fact: Fact) -> Iterator[str]:
    column = f'"{fact.name}"'
    if fact.type == "date":
        yield f"{column} NOT BETWEEN DATE '{FIRST_DAY}' AND DATE '{LAST_DAY}'"
    elif fact.type == "int":
        yield f"{column} NOT BETWEEN -{INTEGER_MAX} AND {INTEGER_MAX}"
    elif fact.type == "text":
        yield f"{column} NOT IN ({', '.join(map(_quoted, fact.one_of))})"
