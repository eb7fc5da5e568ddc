"""The look for what is unlike the past over files of whole numbers: no workspace, no names, no letters.

Anybody's benchmark can be run on it: the same signals that a workspace's vault is looked at with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selectorate.errors import refuse
from selectorate.office.engines import at_work
from selectorate.office.engines.clusters import SparkTables, beside
from selectorate.office.evidence.tables import DuckTables, parquet

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from selectorate.roll.objects import Finding
    from selectorate.roll.signals.calibration import Placebo
    from selectorate.roll.signals.looking import Look
    from selectorate.roll.signals.objects import Asked, Declared, Engine

OPTIONAL = {
    "edits": ("member_id", "branch", "day", "minute", "operator", "session", "field", "value"),
    "receipts": ("member_id", "branch", "day", "minute", "collector", "number"),
    "exclusions": ("member_id", "branch", "day", "reason", "recruiter"),
    "transfers": ("member_id", "from_branch", "branch", "day", "address_changed"),
    "signins": ("member_id", "branch", "day", "minute", "device", "ip"),
}
_DRIVE = ("branch", "first_day", "last_day")
_DRIVE_MAY = {"device": -1, "recruiter": -1, "cash_collector": -1}
DECLARED_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Files:
    """members: one row a member. others: further tables by name (see OPTIONAL). declared: tables of drives
    (branch, first_day, last_day, ...) or of schemes (payer)."""

    members: Path
    others: Mapping[str, Path] = field(default_factory=dict)
    declared: Sequence[Path] = ()


def day(text: str) -> int:
    """A freeze as it is typed: a day number, or a date, which is days since 1 January 1970. Raises Refusal
    `evidence.day`."""
    if re.fullmatch(r"[0-9]{1,7}", text, re.ASCII):
        return int(text)
    try:
        return (date.fromisoformat(text) - date(1970, 1, 1)).days
    except ValueError:
        raise refuse("evidence.day", found=text) from None


def look(files: Files, freeze: int, *, calibrated: bool = True, master: str | None = None) -> dict[str, Any]:
    """What is found, as it is printed. calibrated=False passes over earlier years. master: the address of a
    Spark cluster that groups and joins; None for DuckDB, with the same findings.

    Raises Refusals of `tables.parquet`, and `evidence.twice`, `evidence.nobody`.
    """
    from selectorate.roll.signals import looking
    from selectorate.roll.signals.events import COLUMNS
    from selectorate.roll.signals.settings import settings

    with beside(master) as cluster, at_work(None) as engine:
        parquet(engine, "members", files.members, COLUMNS, {"household": -1})
        _demand_members(engine, files.members, freeze)
        for name, path in files.others.items():
            parquet(engine, name, path, OPTIONAL[name])
        declared = _declared(engine, files.declared)
        tables: Engine = DuckTables(engine)
        if cluster is not None:
            tables = SparkTables(cluster)
            for name in ("members", *files.others):
                tables.take(name, engine.execute(f"FROM {name}").to_arrow_table())
        asked = looking.asked_of(
            tables, freeze, settings(), declared, frozenset(files.others), calibrated=calibrated
        )
        found = printed(looking.look(tables, asked), asked, engine)
        return found | {"engine": "duckdb" if cluster is None else "spark"}


def has_households(members: Path) -> bool:
    """Whether a file of members tells households. Raises Refusals of `tables.parquet`."""
    from selectorate.roll.signals.events import COLUMNS

    with at_work(None) as engine:
        return "household" in parquet(engine, "members", members, COLUMNS)


def printed(found: Look, asked: Asked, engine: DuckDBPyConnection) -> dict[str, Any]:
    """The result with members, branches and days as the numbers they came as."""
    lines = engine.execute("SELECT DISTINCT branch FROM members ORDER BY branch").fetchall()
    branches = {asked.branch_name(int(line[0])): int(line[0]) for line in lines}
    pairs = zip(found.members.tolist(), found.units.tolist(), strict=True)
    return {
        "findings": [_finding(one, branches) for one in found.findings],
        "members": {str(member): units / 1000 for member, units in pairs if units},
        "individual": not found.small,
        "placebo": [_placebo(one) for one in found.placebo],
        "years": found.years,
        "freeze": asked.freeze,
        "size": asked.size,
        "settings": found.settings.digest,
        "engine": "duckdb",
    }


def _placebo(one: Placebo) -> dict[str, Any]:
    from selectorate.roll.signals.calibration import LEVELS

    above = {str(level): members for level, members in zip(LEVELS, one.above, strict=True)}
    return {"pattern": one.pattern, "year": one.year, "members": one.members, "above": above}


def _finding(one: Finding, branches: Mapping[str, int]) -> dict[str, Any]:
    start = date(1970, 1, 1)
    return one.to_json() | {
        "branch": branches.get(one.branch, -1),
        "members": [int(member) for member in one.members],
        "first": (one.first - start).days,
        "last": (one.last - start).days,
        "events": [[when, int(member), what] for when, member, what in one.events],
        "links": [[int(member), kind, number] for member, kind, number in one.links],
        "evidence": one.evidence / 1000,
    }


def _demand_members(engine: DuckDBPyConnection, path: Path, freeze: int) -> None:
    counted = engine.execute(
        "SELECT count(*), count(DISTINCT member_id), coalesce(min(member_id), 0), "
        f"count(*) FILTER (join_day >= 0 AND join_day <= {freeze} OR renewal_day >= 0 AND renewal_day <= {freeze}) "
        "FROM members"
    ).fetchall()[0]
    if counted[0] != counted[1] or counted[2] < 0:
        raise refuse("evidence.twice", file=path, rows=counted[0], members=counted[1])
    if not counted[3]:
        raise refuse("evidence.nobody", file=path, freeze=freeze)


def _declared(engine: DuckDBPyConnection, paths: Sequence[Path]) -> Declared:
    from selectorate.roll.signals.objects import Declared, Drive

    drives: list[Drive] = []
    schemes: list[int] = []
    for path in paths:
        has = parquet(engine, "declared_file", path, (), {"payer": -1, "branch": -1})
        if "payer" in has and "branch" not in has:
            parquet(engine, "declared_file", path, ("payer",))
            query = f"SELECT DISTINCT payer FROM declared_file WHERE payer >= 0 ORDER BY payer LIMIT {DECLARED_MAX}"
            schemes += [int(line[0]) for line in engine.execute(query).fetchall()]
        else:
            parquet(engine, "declared_file", path, _DRIVE, _DRIVE_MAY)
            columns = ", ".join((*_DRIVE, *_DRIVE_MAY))
            query = f"SELECT DISTINCT {columns} FROM declared_file ORDER BY ALL LIMIT {DECLARED_MAX}"
            drives += [Drive(*(int(cell) for cell in line)) for line in engine.execute(query).fetchall()]
    return Declared(tuple(drives), tuple(schemes))
