"""The final roll out of the tables and the outcomes: sealed lines, letters' addresses, how many a clause excludes."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from selectorate.office.keeping.frozen import outcome_of
from selectorate.roll.electorate import SALT_BYTES
from selectorate.roll.large.electorate import LINE_SQL, Sealed, seal
from selectorate.roll.objects import Elector, elector_line

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from selectorate.office.engines import Bar
    from selectorate.rules import Rulebook

_BATCH = 10_000
_AS_CELLS = (
    """CREATE OR REPLACE TEMP MACRO harmless(cell) AS
       CASE WHEN regexp_matches(cell, '^''*[=+@\\t\\r-]') THEN '''' || cell ELSE cell END""",
    """CREATE OR REPLACE TEMP MACRO quoted(cell) AS
       CASE WHEN regexp_matches(cell, '[",\\r\\n]') THEN '"' || replace(cell, '"', '""') || '"' ELSE cell END""",
)
"""What a cell of a CSV file is: no formula, and in quotation marks where it needs them."""
_LETTER = ("name", "address_1", "address_2", "locality", "postcode", "email", "branch")


def sealed(
    engine: DuckDBPyConnection,
    outcomes: Mapping[str, str],
    carried: Mapping[str, int] = {},
    bar: Bar | None = None,
) -> tuple[Sealed, list[int]]:
    """Everybody who is not "not eligible", sealed with fresh salts; and their weights, in order of number.
    carried: the votes of those of whom a decision since the freeze states other facts."""
    weights: list[int] = []

    def chosen() -> Iterator[tuple[str, str, int]]:
        query = f"SELECT member_id, {LINE_SQL}, weight, name FROM members ORDER BY member_id"  # noqa: S608 - ours
        found = engine.cursor().execute(query)
        seen = 0
        while lines := found.fetchmany(_BATCH):
            seen += len(lines)
            for member, listed, frozen, name in lines:
                if outcomes[member] == "not eligible":
                    continue
                line, weight = listed, frozen
                if member in carried:
                    weight = carried[member]
                    line = elector_line(Elector(member, name, weight))
                weights.append(weight)
                yield member, line, weight
            if bar:
                bar("Sealing electors", seen, len(outcomes))

    electors = sum(outcome != "not eligible" for outcome in outcomes.values())
    return seal(chosen(), secrets.token_bytes(SALT_BYTES * electors)), weights


def addresses(engine: DuckDBPyConnection, outcomes: Mapping[str, str]) -> Iterator[bytes]:
    """electorate.csv for the credential authority, in pieces: who gets a letter, and where it goes.

    A cell that a spreadsheet takes for a formula (the authority may open this file in one) has an apostrophe
    before it, and so has one that has apostrophes there already, so that taking one away gives back what was.
    """
    yield (",".join(["member", *_LETTER]) + "\n").encode()
    for statement in _AS_CELLS:
        engine.execute(statement).fetchall()
    shut_out = [member for member, outcome in outcomes.items() if outcome == "not eligible"]
    cells = " || ',' || ".join(f"quoted(harmless(coalesce({name}, '')))" for name in ("member_id", *_LETTER))
    found = engine.execute(
        f"""SELECT string_agg({cells}, chr(10) ORDER BY place) FROM (
              SELECT *, row_number() OVER (ORDER BY member_id) - 1 AS place FROM members
              WHERE member_id NOT IN (SELECT unnest($shut_out::VARCHAR[])))
            GROUP BY place // {_BATCH} ORDER BY place // {_BATCH}""",  # noqa: S608 - our own names
        {"shut_out": shut_out},
    )
    while lines := found.fetchone():
        yield f"{lines[0]}\n".encode()


def excluded(book: Rulebook, decisions: Iterable[bytes], outcomes: Mapping[str, str]) -> dict[str, int]:
    """How many each clause excludes, by the first clause that they fail."""
    counts = {clause.id: 0 for clause in book.clauses if clause.otherwise == "not eligible"}
    for line in decisions:
        # most lines have no failed clause, and none is read twice for that
        if b'"holds":false' not in line or outcomes[outcome_of(line)[0]] != "not eligible":
            continue
        findings = json.loads(line)["findings"]
        failed = [one["clause"] for one in findings if one["holds"] is False and one["clause"] in counts]
        if failed:
            counts[failed[0]] += 1
    return counts
