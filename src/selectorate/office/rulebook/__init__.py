"""Looking at rulebooks before they are adopted: read one, lay a roll beside it, say what a change would do.

Nothing here is an act: nothing is written, nothing goes on the record. A roll that is given as files is taken
into memory and gone afterwards.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selectorate.errors import refuse
from selectorate.office import files
from selectorate.office.engines import at_work, roll_engine

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from selectorate.rules import Rulebook
    from selectorate.rules.whatif import Change


def open_rulebook(path: Path) -> Rulebook:
    """Raises Refusal `rules.rulebook` with every fault and its line, `file.*`."""
    from selectorate.rules.read import BYTES_MAX, load

    return load(files.read(path, bytes_max=BYTES_MAX), path.name)


@contextmanager
def open_roll(
    paths: Sequence[Path],
    *,
    dates: str | None = None,
    covers: Mapping[str, tuple[date | None, date | None]] = {},
) -> Iterator[DuckDBPyConnection]:
    """The tables of a roll: of a workspace that has imported one, or of files of members and payments.

    covers: as of `import_roll`. Raises Refusal `rules.no-roll`, and those of reading a file.
    """
    if len(paths) == 1 and paths[0].is_dir():
        tables = paths[0] / "vault" / "roll.duckdb"
        if (paths[0] / "vault.sealed").exists():
            raise refuse("vault.locked", directory=paths[0])
        if not tables.exists():
            raise refuse("rules.no-roll", directory=paths[0])
        with at_work(tables) as engine:
            yield engine
        return
    from selectorate.roll.facts import note_histories
    from selectorate.roll.intake import take_in
    from selectorate.roll.reading import read_file

    readings = [read_file(files.read(path), path.name, dates=dates) for path in paths]
    with closing(roll_engine(None)) as engine:
        take_in(engine, readings, secrets.token_bytes(32))
        note_histories(engine, readings, covers)
        yield engine


def lay_out(engine: DuckDBPyConnection, book: Rulebook, table: str) -> tuple[str, ...]:
    """A temporary table with member_id, branch and every fact of the rulebook, as at its own days, in order of
    number; the names of the facts that this roll cannot tell, which are unknown for everybody."""
    from selectorate.roll.facts import KNOWN, lay_out_events, lay_out_facts
    from selectorate.rules import facts_sql

    types = {"date": "DATE", "int": "BIGINT", "bool": "BOOLEAN", "text": "VARCHAR"}
    lay_out_facts(engine, "roll_facts", book.day("freeze"))
    covers = lay_out_events(engine, "roll_events")
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE roll_read AS {facts_sql(book, covers, members='members', events='roll_events')}"
    )
    spells = {spell.id: spell for spell in book.spells}
    columns, missing = [], []
    for fact in book.facts:
        if fact.reads is not None:
            columns.append(f'r."{fact.name}"')
            told = all(kind in covers for kind in fact.reads.kinds(spells))
        else:
            told = KNOWN.get(fact.name) == types[fact.type]
            source = f'f."{fact.name}"' if told else f"CAST(NULL AS {types[fact.type]})"
            columns.append(f'{source} AS "{fact.name}"')
        if not told and fact.source != "case":
            missing.append(fact.name)
    listed = "".join(f", {column}" for column in columns)
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT f.member_id, f.branch{listed}"  # noqa: S608 - names of the rulebook
        " FROM roll_facts f JOIN roll_read r USING (member_id) ORDER BY f.member_id"
    )
    return tuple(missing)


def told(engine: DuckDBPyConnection, book: Rulebook, member: str) -> dict[str, Any]:
    """The facts of the clauses on voting of one member; {} for a number that is not on the roll."""
    lay_out(engine, book, "facts_told")
    names = book.eligibility_facts
    listed = ", ".join(f'"{name}"' for name in names)
    found = engine.execute(f"SELECT {listed or '0'} FROM facts_told WHERE member_id = ?", [member])  # noqa: S608
    rows = found.fetchall()
    return dict(zip(names, rows[0], strict=False)) if rows else {}


@dataclass(frozen=True, slots=True)
class Preview:
    """A change, the facts that the roll cannot tell under either version, and how many joined in the 30 days
    before each version's freeze day (that day too) and in the 30 days after it."""

    change: Change
    missing: tuple[str, ...]
    joined: tuple[tuple[date, int, int], ...]


def what_if(
    old: Rulebook,
    new: Rulebook,
    roll: Sequence[Path],
    *,
    right: str = "vote",
    dates: str | None = None,
    covers: Mapping[str, tuple[date | None, date | None]] = {},
) -> Preview:
    """What adopting `new` in place of `old` would change for the members of a roll."""
    from selectorate.rules.whatif import change, clause_sql, outcome_sql

    for book in (old, new):
        book.right(right)
    tables = ("facts_old", "facts_new")
    with open_roll(roll, dates=dates, covers=covers) as engine:
        missing = (*lay_out(engine, old, tables[0]), *lay_out(engine, new, tables[1]))
        outcomes = engine.execute(outcome_sql(old, new, tables, right)).fetchall()
        counted = engine.execute(clause_sql(old, new, tables, right)).fetchall()[0]
        days = tuple(dict.fromkeys((old.day("freeze"), new.day("freeze"))))
        joined = tuple((day, *joined_around(engine, day)) for day in days)
    read = {*old.right(right).facts, *new.right(right).facts}
    unknown = tuple(name for name in dict.fromkeys(missing) if name in read)
    return Preview(change(old, new, outcomes, counted, right), unknown, joined)


def joined_around(engine: DuckDBPyConnection, day: date) -> tuple[int, int]:
    """Members who joined in the 30 days up to and with a day, and in the 30 days after it."""
    before, after = engine.execute(
        "SELECT count(*) FILTER (joined_on BETWEEN $day - 29 AND $day),"
        " count(*) FILTER (joined_on BETWEEN $day + 1 AND $day + 30) FROM members",
        {"day": day},
    ).fetchall()[0]
    return before, after
