"""A small roll for single claims, and the invented one of the demonstration for the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pytest

from selectorate.cli.demo.people import Invention, invent
from selectorate.roll import signals
from selectorate.roll.intake import Intake, take_in
from selectorate.roll.objects import Finding
from selectorate.roll.reading import Reading, read_file
from selectorate.roll.tokens import tokens

KEY = bytes(range(32))
FREEZE = date(2026, 12, 31)

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
    declared = signals.Declared(declared_payers([invention.truth.employer]))
    yield Roll(invention, readings, intake, engine, signals.find(engine, FREEZE, declared))
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


def declared_payers(accounts: Sequence[str]) -> frozenset[str]:
    return frozenset(token for token in tokens(KEY, "payer", accounts) if token)
