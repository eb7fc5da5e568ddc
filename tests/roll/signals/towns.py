"""Rolls of whole numbers for single claims: an ordinary past, and what is planted in the year looked at.

Freeze is day 3650; the day of an event is counted back from it. Everybody pays with an account of their own.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

import duckdb
import numpy as np

from selectorate.office.evidence.tables import DuckTables
from selectorate.roll.signals import looking
from selectorate.roll.signals.events import COLUMNS
from selectorate.roll.signals.looking import Look
from selectorate.roll.signals.objects import Declared
from selectorate.roll.signals.settings import settings

FREEZE = 3650


@dataclass(slots=True)
class Town:
    """Members as rows; `add` gives the number of the new one."""

    rows: list[dict[str, int]] = field(default_factory=list)

    def add(self, back: int, branch: int = 1, **known: int) -> int:
        number = len(self.rows)
        row = dict.fromkeys(COLUMNS, -1) | {
            "member_id": number,
            "branch": branch,
            "join_day": FREEZE - back,
            "dwelling": 1_000_000 + number,
            "payer": 2_000_000 + number,
            "phone": 3_000_000 + number,
        }
        self.rows.append(row | known)
        return number

    def past(self, members: int = 5200, branches: int = 20) -> Town:
        """An even past of ten years: one in fifty pays for a second home."""
        self.rows += _past(members, branches)
        return self


@cache
def _past(members: int, branches: int) -> tuple[dict[str, int], ...]:
    dice = random.Random(1)
    town = Town()
    for _ in range(members):
        back, branch = dice.randrange(3650), dice.randrange(branches)
        one = town.add(back, branch)
        if dice.random() < 0.02:
            town.add(back, branch, payer=town.rows[one]["payer"])
    return tuple(town.rows)


def look(rows: Iterable[Mapping[str, int]], declared: Declared | None = None, freeze: int = FREEZE) -> Look:
    """The whole look over rows."""
    lines = list(rows)
    with duckdb.connect() as engine:
        tables = DuckTables(engine)
        columns = {name: np.array([row[name] for row in lines], dtype=np.int64) for name in COLUMNS}
        columns["household"] = np.array([row.get("household", -1) for row in lines], dtype=np.int64)
        tables.put("members", columns)
        return looking.look(tables, looking.asked_of(tables, freeze, settings(), declared))


def named(found: Look, least: int = 1) -> set[int]:
    """Who is named in a finding of at least that severity."""
    return {int(member) for one in found.findings if one.severity >= least for member in one.members}
