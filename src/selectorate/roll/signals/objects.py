"""The values of the look for what is unlike the past: an engine, what is asked of a signal, what it gives.

Everything here is whole numbers: days since an epoch, tokens instead of accounts and telephones, evidence in
thousandths of a log10 unit. Names come in at the very end, where sentences are made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from selectorate.roll.objects import Finding
from selectorate.roll.signals.settings import Settings

Whole = NDArray[np.int64]

YEAR = 365
"""Days of a year of comparison: years are counted back from the freeze, so that each has the same seasons."""
EPOCH = date(1970, 1, 1)


class Engine(Protocol):
    """Where the tables are. Queries are written in DuckDB's words, in the part that Spark has too (`//` for
    whole division of numbers that are never negative, no floats, no parameters)."""

    def keep(self, name: str, query: str) -> None:
        """Make a table of a SELECT, in place of one that has this name."""

    def columns(self, query: str) -> Mapping[str, Whole]:
        """The columns of a SELECT; where the order matters the query says a total one. No NULL in it."""

    def put(self, name: str, columns: Mapping[str, Whole]) -> None:
        """Make a small table of columns of equal length."""

    def drop(self, name: str) -> None:
        """Forget a table that may be there."""


@dataclass(frozen=True, slots=True)
class Drive:
    """A recruitment drive, registered with the returning officer before it was held. recruiter, device,
    collector: tokens, -1 where none was declared."""

    branch: int
    first: int
    last: int
    device: int = -1
    recruiter: int = -1
    collector: int = -1


@dataclass(frozen=True, slots=True)
class Declared:
    """What the organisation declares before it looks. schemes: tokens of accounts that pay for others by an
    arrangement the rules know. Declaring a drive explains its device, recruiter, collector and dates, and
    never an account that pays for many."""

    drives: tuple[Drive, ...] = ()
    schemes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What every signal is told. freeze: day number; years: complete earlier years that the events cover;
    size: members on the roll; weights: thousandths of its full weight for each kind that reviewers cleared
    often; the three names turn numbers into what a reader knows."""

    freeze: int
    years: int
    size: int
    settings: Settings
    declared: Declared = Declared()
    tables: frozenset[str] = frozenset()
    weights: Mapping[str, int] = field(default_factory=dict)
    branch_name: Callable[[int], str] = lambda branch: f"Branch {branch}" if branch >= 0 else "no branch"
    member_name: Callable[[int], str] = str

    def weight(self, kind: str) -> int:
        return self.weights.get(kind, 1000)

    def day(self, number: int) -> date:
        """A day number as a date; day 0 is 1 January 1970."""
        return EPOCH + timedelta(days=number)


def nothing() -> Whole:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Links:
    """Who is linked to which value in which year, and how strongly. Arrays of equal length, sorted by year,
    value and member. units: thousandths of a log10 unit; year: 0 is the year before the freeze."""

    member: Whole = field(default_factory=nothing)
    value: Whole = field(default_factory=nothing)
    year: Whole = field(default_factory=nothing)
    units: Whole = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class Fact:
    """What is to be said about one value in the year looked at.

    observed: the number compared with the past. expected_milli: groups like this in such a roll and year, in
    thousandths. own: what this very value reached in earlier years; most: what any other did. years: how many
    earlier years there are.
    """

    value: int
    members: int
    homes: int
    first: int
    last: int
    observed: int
    expected_milli: int
    own: int
    most: int
    years: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What a signal gives: links of members with the facts that explain them, and findings of its own."""

    kind: str
    links: Links = field(default_factory=Links)
    facts: Mapping[int, Fact] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
