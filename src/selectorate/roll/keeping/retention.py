"""How long what is kept: the table retention.toml, with the days that a rulebook's timetable gives it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of private file and how long it is kept; see retention.toml."""

    kind: str
    what: str
    after: str
    days: int
    needs: str
    because: str
    files: tuple[str, ...]
    strips: tuple[str, ...]

    @property
    def rule(self) -> str:
        """The rule in words."""
        return f"{self.days} days after {self.after}" if self.after else "kept with the record"

    def due(self, timetable: Mapping[str, date]) -> date | None:
        """The first day on which it has to go; None where it is kept with the record."""
        return timetable[self.after] + timedelta(days=self.days) if self.after else None

    def holds(self, name: str) -> bool:
        """Whether a file, by its name below the vault, is of this kind."""
        return any(_pattern(one).fullmatch(name) for one in self.files)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    if name.endswith("/"):
        return re.compile(re.escape(name) + ".*", re.DOTALL)
    return re.compile("[0-9]+".join(re.escape(part) for part in re.split(r"(?<=-)N(?=\.)", name)))


@cache
def schedule() -> tuple[Kept, ...]:
    """Every kind, in the order of the table."""
    text = (resources.files("selectorate.roll.keeping") / "retention.toml").read_text("utf-8")
    return tuple(
        Kept(**{**row, "files": tuple(row["files"]), "strips": tuple(row["strips"])})
        for row in tomllib.loads(text)["kept"]
    )


def unknown(names: Iterable[str]) -> tuple[str, ...]:
    """Files of a vault that no kind holds: what nobody decided to destroy would stay for ever."""
    kinds = schedule()
    return tuple(name for name in names if not any(one.holds(name) for one in kinds))


def strip(engine: DuckDBPyConnection, fresh: str) -> None:
    """Copy the roll without tokens, accounts, actors and households into the new database file `fresh`, attached as
    `thin`: a table that is only emptied stays readable in its file."""
    engine.execute(f"ATTACH '{fresh.replace(chr(39), chr(39) * 2)}' AS thin")
    tables = engine.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_catalog = current_database() ORDER BY 1"
    ).fetchall()
    for (table,) in tables:
        without = {
            "members": "* REPLACE (NULL::VARCHAR AS household)",
            "payments": "* REPLACE (NULL::VARCHAR AS payer)",
            "events": "* REPLACE (NULL::VARCHAR AS actor)",
            "tokens": "*",
        }
        nothing = " WHERE false" if table == "tokens" else ""
        shown = without.get(table, "*")
        engine.execute(f'CREATE TABLE thin."{table}" AS SELECT {shown} FROM "{table}"{nothing}')  # noqa: S608
    engine.execute("DETACH thin")
