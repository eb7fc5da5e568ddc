"""A small roll for single claims, and the invented one of the demonstration for the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import pytest

from selectorate.cli.demo.people import Invention, invent
from selectorate.office.evidence import vaulted
from selectorate.office.evidence.tables import DuckTables
from selectorate.roll.intake import Intake, take_in
from selectorate.roll.objects import Finding
from selectorate.roll.reading import Reading, read_file
from selectorate.roll.signals import looking, numbers
from selectorate.roll.signals.objects import Declared
from selectorate.roll.signals.settings import settings
from selectorate.roll.tokens import tokens

KEY = bytes(range(32))
FREEZE = date(2026, 12, 31)
EPOCH = date(1970, 1, 1)

Take = Callable[..., duckdb.DuckDBPyConnection]


@dataclass(frozen=True, slots=True)
class Roll:
    """The invented roll, taken in."""

    invention: Invention
    readings: tuple[Reading, ...]
    intake: Intake
    engine: duckdb.DuckDBPyConnection
    findings: tuple[Finding, ...]


@pytest.fixture
def take() -> Iterator[Take]:
    """A function that takes in members (and payments) given as CSV text and gives the engine."""
    engine = duckdb.connect()

    def taken(members: str, payments: str = "") -> duckdb.DuckDBPyConnection:
        files = [("members.csv", members)] + ([("payments.csv", payments)] if payments else [])
        take_in(engine, [read_file(text.encode(), name) for name, text in files], KEY)
        return engine

    yield taken
    engine.close()


@pytest.fixture(scope="session")
def roll() -> Iterator[Roll]:
    """The demonstration's roll with its planted operation, its employer declared."""
    invention = invent(FREEZE)
    readings = tuple(read_file(data, name) for name, data in invention.files())
    engine = duckdb.connect()
    intake = take_in(engine, readings, KEY)
    yield Roll(invention, readings, intake, engine, found_on(engine, [invention.truth.employer]))
    engine.close()


@dataclass(frozen=True, slots=True)
class Marked:
    """A small invented roll with a sentinel in every private text, taken in."""

    invention: Invention
    sentinel: str
    engine: duckdb.DuckDBPyConnection


@pytest.fixture(scope="session")
def marked() -> Iterator[Marked]:
    sentinel = "zqsentinelqz"
    invention = invent(FREEZE, sentinel=sentinel, honest=2_000)
    yield Marked(invention, sentinel, taken_in(invention))


@pytest.fixture(scope="session")
def quiet() -> Iterator[Marked]:
    """An invented roll without the operation."""
    invention = invent(FREEZE, seed=2, operation=False, honest=5_000)
    yield Marked(invention, "", taken_in(invention))


def taken_in(invention: Invention) -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect()
    take_in(engine, [read_file(data, name) for name, data in invention.files()], KEY)
    return engine


def found_on(
    engine: duckdb.DuckDBPyConnection, schemes: Sequence[str] = (), freeze: date = FREEZE
) -> tuple[Finding, ...]:
    """What a look at the roll in the engine finds, by the members' own numbers. schemes: declared accounts.

    As in a workspace, the signals have an engine of their own with nothing but whole numbers in it.
    """
    run = engine.cursor()
    run.execute("ATTACH ':memory:' AS look")
    tables = numbers.lay_out(run, freeze, KEY, "look")
    branches = numbers.branch_names(run)
    accounts = [numbers.whole(str(token)) for token in tokens(KEY, "payer", schemes)]
    with duckdb.connect() as plain:
        whole = DuckTables(plain)
        for name in ("members", *tables):
            whole.put(name, run.execute(f"SELECT * FROM look.{name}").fetchnumpy())  # noqa: S608 - names of ours
        asked = looking.asked_of(
            whole, (freeze - EPOCH).days, settings(), Declared((), tuple(accounts)), tables
        )
        look = looking.look(whole, replace(asked, branch_name=lambda one: branches.get(one, "nowhere")))
    found = vaulted.named(run, look)
    run.execute("DETACH look")
    for table in ("numbered", "places"):
        run.execute(f"DROP TABLE {table}")
    return found
