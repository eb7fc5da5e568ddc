"""Eight rulebooks and their cases, each worked by hand from the text (vectors/rules/SOURCE.md), in both back ends."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.rules import books
from tests.thinned import thinned

from selectorate.rules import EVENTS, Event, Rulebook, facts_as_at, facts_sql

CASES = [(name, case) for name in books.NAMES for case in books.cases(name)]
BOOKS = {name: books.book(name) for name in books.NAMES}


@pytest.fixture
def engine() -> Iterator[Any]:
    with duckdb.connect() as opened:
        opened.execute("SET threads = 1")
        yield opened


def test_there_are_eight_rulebooks_and_two_hundred_cases_with_their_reasoning() -> None:
    assert len(books.NAMES) == 8
    assert len(CASES) >= 200
    assert len({case["id"] for _, case in CASES}) == len(CASES)
    assert all(len(case["because"]) > 20 for _, case in CASES)
    assert all(len(books.cases(name)) >= 25 for name in books.NAMES)


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}-{case['id']}" for name, case in CASES])
def test_a_case_worked_by_hand_holds(name: str, case: dict[str, Any]) -> None:
    book = BOOKS[name]
    covers = set(books.kinds(book)) - set(case.get("without", []))
    assert set(case.get("without", [])) <= set(books.kinds(book))
    facts = facts_as_at(book, books.events(case["events"]), covers, books.known(case))
    decision = book.eligibility(facts, right=case.get("right", "vote"))
    assert (
        decision.outcome,
        [one.clause for one in decision.findings if one.holds is False],
        [one.clause for one in decision.findings if one.holds is None],
    ) == (case["expect"], case.get("fails", []), case.get("unknown", []))
    if "weight" in case:
        assert book.weight(facts) == case["weight"]


@pytest.mark.parametrize("name", thinned(books.NAMES, 4))
def test_the_table_decides_the_same_cases_alike(name: str, engine: Any) -> None:
    book = BOOKS[name]
    for case in books.cases(name):
        lay(engine, {case["id"]: books.events(case["events"])})
        covers = set(books.kinds(book)) - set(case.get("without", []))
        told = facts_sql(book, covers, books.known(case))
        asked = book.eligibility_sql(case.get("right", "vote")), book.weight_sql()
        ((outcome, weight),) = engine.execute(f"SELECT {', '.join(asked)} FROM ({told})").fetchall()  # noqa: S608
        assert outcome == case["expect"], case["id"]
        assert "weight" not in case or weight == case["weight"], case["id"]


def lay(engine: Any, roll: dict[str, tuple[Event, ...]]) -> None:
    shape = ", ".join(f"{name} {kind}" for name, kind in EVENTS.items())
    engine.execute(
        f"CREATE OR REPLACE TABLE events ({shape}); CREATE OR REPLACE TABLE members (member_id VARCHAR)"
    )
    if roll:
        engine.executemany("INSERT INTO members VALUES (?)", [[member] for member in roll])
    rows = [row for member, events in roll.items() for row in lines(member, events)]
    if rows:
        engine.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def lines(member: str, events: tuple[Event, ...]) -> Iterator[list[Any]]:
    for place, one in enumerate(events):
        yield [member, place, one.id, one.kind, one.on, one.recorded, one.value, one.replaces, one.withdrawn]


class Drawing:
    """Members whose lives are thick with edges: days of the timetable, those a period before one, and days
    beside both; values that facts can have and some that they cannot."""

    def __init__(self, book: Rulebook, seed: str) -> None:
        self.draw = random.Random(seed)
        self.kinds = books.kinds(book)
        self.cases = [books.events(case["events"]) for case in books.cases(seed)]
        back = (0, 0, 28, 30, 41, 60, 90, 91, 183, 365, 366, 730, 5844, *self.draw.sample(range(6000), 6))
        edges = [
            day - dt.timedelta(days=days + off)
            for _, day in book.timetable
            for days in back
            for off in (-1, 0, 0, 1)
        ]
        self.days = edges
        self.values = [value for fact in book.facts for value in fact.one_of]
        self.values += ["0", "2", "3", "13", "14", "true", "false", "yes", ""]
        self.values += [day.isoformat() for day in self.draw.sample(edges, 12)]

    def member(self) -> tuple[Event, ...]:
        """Half of them a case worked by hand with a day moved here and there and an event more, so that all
        outcomes come up; the others made of nothing but chance."""
        if self.draw.random() < 0.5:
            return (*map(self.moved, self.draw.choice(self.cases)), *self.chance(2))
        return self.chance(9)

    def moved(self, one: Event) -> Event:
        if one.on is None or self.draw.random() > 0.15:
            return one
        step = dt.timedelta(days=self.draw.choice((-31, -1, 1, 31)))
        return replace(one, on=one.on + step, recorded=max(one.recorded, one.on + step))

    def chance(self, most: int) -> tuple[Event, ...]:
        draw, found = self.draw, []
        for place in range(int(draw.random() * most)):
            chance = draw.random()
            on = draw.choice(self.days)
            recorded = on + dt.timedelta(days=40) if chance < 0.2 else on
            again = str(int(draw.random() * place)) if place and 0.2 < chance < 0.28 else ""
            found.append(
                Event(
                    draw.choice(self.kinds), None if chance > 0.98 else on, recorded, draw.choice(self.values),
                    str(place), again, bool(again) and chance < 0.24,
                )
            )  # fmt: skip
        return tuple(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", books.NAMES)
def test_a_hundred_thousand_random_members_are_decided_alike(name: str, engine: Any, tmp_path: Path) -> None:
    """Facts, every right and the weight, member by member and as one table."""
    book, drawing = BOOKS[name], Drawing(BOOKS[name], name)
    covers, members = books.kinds(book), 100_000
    roll = {f"{number:06}": drawing.member() for number in range(members)}
    with (tmp_path / "events.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(row for member, events in roll.items() for row in lines(member, events))
    lay(engine, {})
    shape = ", ".join(f"'{column}': '{kind}'" for column, kind in EVENTS.items())
    # An empty cell is an empty text, but no day.
    engine.execute(
        "INSERT INTO events SELECT member_id, seq, coalesce(id, ''), kind, on_day, recorded, coalesce(value, ''),"  # noqa: S608
        f" coalesce(replaces, ''), withdrawn FROM read_csv('{tmp_path}/events.csv', header = false,"
        f" columns = {{{shape}}})"
    )
    engine.execute("INSERT INTO members SELECT printf('%06d', range) FROM range(?)", [members])
    names = [fact.name for fact in book.facts]
    asked = [book.eligibility_sql(right.id) for right in book.rights]
    query = (
        f"SELECT member_id, {', '.join((*names, *asked, book.weight_sql()))} FROM ({facts_sql(book, covers)})"  # noqa: S608
    )
    outcomes: dict[str, int] = {}
    for row in engine.execute(f"{query} ORDER BY member_id").fetchall():
        facts = facts_as_at(book, roll[row[0]], covers)
        decided = [book.eligibility(facts, right=right.id).outcome for right in book.rights]
        assert row[1:] == (*(facts[one] for one in names), *decided, book.weight(facts)), roll[row[0]]
        outcomes[decided[0]] = outcomes.get(decided[0], 0) + 1
    assert set(outcomes) == {"eligible", "ask", "not eligible"}, outcomes
    assert min(outcomes.values()) >= 1000, outcomes
