"""The final roll out of the tables and the outcomes: sealed lines, letters' addresses, how many a clause excludes."""

from __future__ import annotations

import csv
import io
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
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["member", *_LETTER])
    cells = ", ".join(
        f"CASE WHEN regexp_matches({name}, '^''*[=+@\\t\\r-]') THEN '''' || {name} ELSE coalesce({name}, '') END"
        for name in ("member_id", *_LETTER)
    )
    found = engine.cursor().execute(f"SELECT member_id, {cells} FROM members ORDER BY member_id")  # noqa: S608 - our own names
    while rows := found.fetchmany(_BATCH):
        writer.writerows(row[1:] for row in rows if outcomes[row[0]] != "not eligible")
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()


def excluded(book: Rulebook, decisions: Iterable[bytes], outcomes: Mapping[str, str]) -> dict[str, int]:
    """How many each clause excludes, by the first clause that they fail."""
    counts = {clause.id: 0 for clause in book.clauses if clause.otherwise == "not eligible"}
    for line in decisions:
        if outcomes[outcome_of(line)[0]] != "not eligible":
            continue
        findings = json.loads(line)["findings"]
        failed = [one["clause"] for one in findings if one["holds"] is False and one["clause"] in counts]
        if failed:
            counts[failed[0]] += 1
    return counts
