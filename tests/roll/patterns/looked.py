"""A town handed to the detector: its tables in an engine, and what a look at them gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import duckdb
import numpy as np
from tests.roll.patterns.town import FREEZE, Town

from selectorate.office.evidence.tables import DuckTables
from selectorate.roll.objects import Finding
from selectorate.roll.signals import looking
from selectorate.roll.signals.objects import Asked, Declared, Drive
from selectorate.roll.signals.settings import settings


@contextmanager
def laid_out(town: Town) -> Iterator[tuple[DuckTables, Asked]]:
    """The town's tables and the question that every signal is asked about them."""
    with duckdb.connect() as connection:
        engine = DuckTables(connection)
        columns = town.columns()
        columns.setdefault("household", [-1] * len(town.members))
        engine.put("members", {name: np.array(column, dtype=np.int64) for name, column in columns.items()})
        for name in town.tables:
            table = town.table(name)
            engine.put(name, {column: np.array(cells, dtype=np.int64) for column, cells in table.items()})
        drives = tuple(Drive(*(one[name] for name in DRIVE)) for one in town.drives)
        declared = Declared(drives, tuple(sorted(town.schemes)))
        yield engine, looking.asked_of(engine, FREEZE, settings(), declared, frozenset(town.tables))


DRIVE = ("branch", "first_day", "last_day", "device", "recruiter", "cash_collector")


AWKWARD = re.compile(
    r"(at most|more than|about|of) 0\b|\bof the 1 years|\b1 (members|homes|years|receipts|houses|minutes)\b"
    r"|(?<!Branch )\b1 (\w+ )?were\b|\b([2-9]|[1-9][0-9]+) (member|home|receipt)\b|  |\.\.|,,"
)
"""What nobody would say of a count of nothing or of one."""


def read_aloud(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, once each of their sentences is one that a person would say."""
    said = [text for one in findings for text in (one.because, *one.against) if AWKWARD.search(text)]
    assert not said, said
    return findings


def of(module: ModuleType, town: Town) -> tuple[Finding, ...]:
    """The findings that one signal makes by itself."""
    with laid_out(town) as (engine, asked):
        return read_aloud(module.look(engine, asked).findings)


def whole(town: Town) -> looking.Look:
    """Everything."""
    with laid_out(town) as (engine, asked):
        found = looking.look(engine, asked)
        read_aloud(found.findings)
        return found
