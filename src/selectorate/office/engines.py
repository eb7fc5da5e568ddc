"""Engines that rooms run on: DuckDB for the roll, with its memory and spill bounded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from selectorate.errors import refuse

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "4GB"
SPILL = "8GB"


def roll_engine(path: Path | None) -> DuckDBPyConnection:
    """An open DuckDB database: the roll's tables at `path`, or one in memory.

    Raises Refusal `engine.missing` where DuckDB is not installed, `engine.trouble` where the file cannot be used.
    """
    try:
        import duckdb
    except ModuleNotFoundError:
        raise refuse("engine.missing") from None
    try:
        engine = duckdb.connect(str(path) if path else ":memory:")
        engine.execute(f"SET memory_limit = '{MEMORY}'")
        engine.execute(f"SET max_temp_directory_size = '{SPILL}'")
    except duckdb.Error as reason:
        raise refuse("engine.trouble", file=path or "memory", because=str(reason).splitlines()[0]) from None
    if path is not None:
        path.chmod(0o600)
    return engine
