"""Decisions written by the engine are, byte for byte, those that the interpreter writes."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.rules import books

from selectorate.errors import Refusal
from selectorate.rules import Rulebook, load
from selectorate.rules.whole.lines import OUTCOMES, decided_sql, line_sql, tally_sql, unfit_sql

DAY = dt.date(2027, 1, 4)
TYPES = {"date": "DATE", "int": "BIGINT", "bool": "BOOLEAN", "text": "VARCHAR"}
NUMBERS = ('M-"1"', "M\\2", "Mé 3", "M\t4", "M\u20285", "\U0001d51a6", "M/7", "M'8")
"""Numbers with everything that JSON and SQL write differently."""


@pytest.fixture
def engine() -> Iterator[Any]:
    with duckdb.connect() as opened:
        opened.execute("SET threads = 1")
        yield opened


def drawn(book: Rulebook, draw: random.Random) -> dict[str, Any]:
    def value(name: str) -> Any:
        fact = book.fact_of[name]
        if draw.random() < 0.15:
            return None
        if fact.type == "date":
            edge = draw.choice([day for _, day in book.timetable])
            return edge + dt.timedelta(days=draw.choice((-4000, -400, -181, -90, -41, -1, 0, 1, 30)))
        if fact.type == "int":
            return draw.choice((-1, 0, 1, 2, 3, 4, 14, 15, 16, 18, 90, 2**53))
        return draw.random() < 0.8 if fact.type == "bool" else draw.choice(fact.one_of)

    return {name: value(name) for name in book.eligibility_facts}


def lay(engine: Any, book: Rulebook, roll: dict[str, dict[str, Any]]) -> None:
    shape = "".join(f', "{name}" {TYPES[book.fact_of[name].type]}' for name in book.eligibility_facts)
    engine.execute(f"CREATE OR REPLACE TABLE told (member_id VARCHAR{shape})")
    marks = ", ".join("?" * (len(book.eligibility_facts) + 1))
    rows = [[member, *facts.values()] for member, facts in roll.items()]
    engine.executemany(f"INSERT INTO told VALUES ({marks})", rows)  # noqa: S608 - as above


def all_books() -> dict[str, Rulebook]:
    own = Path(__file__).parents[2] / "vectors" / "rules" / "rulebook.toml"
    return {**{name: books.book(name) for name in books.NAMES}, "whole": load(own.read_bytes(), own.name)}


@pytest.mark.parametrize("name", [*books.NAMES, "whole"])
def test_the_engine_writes_the_decisions_of_the_interpreter(name: str, engine: Any) -> None:
    book, draw = all_books()[name], random.Random(name)
    roll = {number: drawn(book, draw) for number in (*NUMBERS, *map(str, range(150)))}
    lay(engine, book, roll)
    line = line_sql(book, by="the rulebook", decided=DAY)
    found = engine.execute(f"SELECT member_id, outcome, {line} FROM ({decided_sql(book, 'told')})").fetchall()  # noqa: S608
    assert engine.execute(unfit_sql(book, "told")).fetchall() == []
    decisions = {
        member: book.eligibility(facts, subject=member, by="the rulebook", decided=DAY)
        for member, facts in roll.items()
    }
    assert {member for member, *_ in found} == set(roll)
    for member, outcome, text in found:
        assert (outcome, text.encode()) == (decisions[member].outcome, decisions[member].to_json())
    members, *counts = engine.execute(tally_sql(book, "told")).fetchall()[0]
    outcomes = [one.outcome for one in decisions.values()]
    clauses = [number for _, _, *pair in book.tally(decisions.values()) for number in pair]
    assert (members, counts) == (len(roll), [*(outcomes.count(word) for word in OUTCOMES), *clauses])


@pytest.mark.parametrize(
    ("fact", "value"),
    [("joined", "0999-01-01"), ("arrears_months", 2**53 + 1)],
)
def test_a_fact_that_the_interpreter_refuses_is_found_before_anything_is_written(
    fact: str, value: Any, engine: Any
) -> None:
    book = all_books()["whole"]
    sound = drawn(book, random.Random(1))
    lay(engine, book, {"1": sound, "2": {**sound, fact: value}})
    ((member, *values),) = engine.execute(unfit_sql(book, "told")).fetchall()
    assert member == "2"
    with pytest.raises(Refusal, match=fact):
        book.eligibility(dict(zip(book.eligibility_facts, values, strict=True)))
