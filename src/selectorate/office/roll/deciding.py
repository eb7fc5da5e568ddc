"""Everybody decided by the rulebook: by the engine, in pieces, without an object per member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from selectorate import canon
from selectorate.rules.whole.lines import OUTCOMES, decided_sql, line_sql, subject_sql, tally_sql, unfit_sql

if TYPE_CHECKING:
    from datetime import date

    from duckdb import DuckDBPyConnection

    from selectorate.office.engines import Bar
    from selectorate.rules import Rulebook

TABLE = "facts_told"
PIECE = 122_880
"""Members at a time: the engine's own row group."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How everybody was decided; clauses: (id, cite, not met, unknown)."""

    members: int
    outcomes: Mapping[str, int]
    clauses: tuple[tuple[str, str, int, int], ...]


def members(engine: DuckDBPyConnection) -> int:
    """How many are on the roll."""
    return int(engine.execute("SELECT count(*) FROM members").fetchall()[0][0])


def numbers(engine: DuckDBPyConnection, book: Rulebook) -> Numbers:
    """Of the members in TABLE. Raises Refusal `rules.fact-value` where a fact is not what the rulebook declares."""
    for _, *values in engine.execute(unfit_sql(book, TABLE)).fetchall():
        book.eligibility(dict(zip(book.eligibility_facts, values, strict=True)))
    counted, *counts = engine.execute(tally_sql(book, TABLE)).fetchall()[0]
    of_clauses = counts[len(OUTCOMES) :]
    clauses = tuple(
        (clause.id, clause.cite, *of_clauses[place * 2 : place * 2 + 2])
        for place, clause in enumerate(book.clauses)
    )
    return Numbers(counted, dict(zip(OUTCOMES, counts, strict=False)), clauses)


def lines(
    engine: DuckDBPyConnection, book: Rulebook, decided: date, total: int, bar: Bar | None = None
) -> Iterator[bytes]:
    """The canonical decisions, one for each member in order of number, parted by newlines, in pieces."""
    made = line_sql(book, by="the rulebook", decided=decided)
    for start in range(0, total, PIECE):
        found = engine.execute(_part(book, made, start)).fetchall()
        yield (b"\n" if start else b"") + "\n".join(line for (line,) in found).encode()
        if bar:
            bar("Deciding members", min(start + PIECE, total), total)


def outcomes(engine: DuckDBPyConnection, book: Rulebook, total: int) -> Iterator[bytes]:
    """Member -> outcome as one canonical object, in pieces."""
    made = f"{subject_sql()} || ':\"' || outcome || '\"'"
    # Canonical order is by UTF-16 units; it is another than the engine's from beyond the basic plane on.
    wide = engine.execute(
        rf"SELECT member_id FROM {TABLE} WHERE regexp_matches(member_id, '[\x{{10000}}-\x{{10ffff}}]') LIMIT 1"  # noqa: S608
    ).fetchall()
    if wide:
        found = engine.execute(f"SELECT member_id, outcome FROM ({decided_sql(book, TABLE)})").fetchall()  # noqa: S608
        yield canon.encode(dict(found))
        return
    yield b"{"
    for start in range(0, total, PIECE):
        found = engine.execute(_part(book, made, start)).fetchall()
        yield (b"," if start else b"") + ",".join(text for (text,) in found).encode()
    yield b"}"


def _part(book: Rulebook, made: str, start: int) -> str:
    """A piece of TABLE, which lies in order of number."""
    rows = f'(SELECT *, rowid AS "told row" FROM {TABLE} WHERE rowid >= {start} AND rowid < {start + PIECE})'  # noqa: S608
    return f'SELECT {made} FROM ({decided_sql(book, rows)}) ORDER BY "told row"'  # noqa: S608 - our own names
