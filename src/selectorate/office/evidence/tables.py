"""DuckDB as the engine of the signals, and files of whole numbers as its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from selectorate.errors import refuse

if TYPE_CHECKING:
    import numpy as np
    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray

TOKEN_MAX = 2**51
"""Three times a token must stay a whole number that every reader of JSON holds exactly."""
WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}


class DuckTables:
    """Tables in the connection that is handed in; what is made is temporary."""

    def __init__(self, engine: DuckDBPyConnection) -> None:
        self._engine = engine

    def keep(self, name: str, query: str) -> None:
        self._engine.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}").fetchall()

    def columns(self, query: str) -> Mapping[str, NDArray[np.int64]]:
        found = self._engine.execute(query).fetchnumpy()
        return {name: column.astype("int64", copy=False) for name, column in found.items()}

    def put(self, name: str, columns: Mapping[str, NDArray[np.int64]]) -> None:
        self._engine.register("handed_in", dict(columns))
        try:
            self.keep(name, "SELECT * FROM handed_in")
        finally:
            self._engine.unregister("handed_in")

    def drop(self, name: str) -> None:
        self._engine.execute(f"DROP TABLE IF EXISTS {name}").fetchall()


def parquet(
    engine: DuckDBPyConnection,
    name: str,
    path: Path,
    required: Sequence[str],
    filled: Mapping[str, int] | None = None,
) -> frozenset[str]:
    """A Parquet file as the view `name`; gives the columns it has.

    required: columns of whole numbers it must have; a missing cell counts as -1. filled: columns it may lack,
    with the number that then stands for them. Other columns are not looked at. Raises Refusal
    `evidence.file`, `evidence.column`, `evidence.whole`, `evidence.token`.
    """
    import duckdb

    if not path.is_file():
        raise refuse("file.missing", file=path)
    source = "read_parquet('" + str(path).replace("'", "''") + "')"
    try:
        lines = engine.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        kinds = {str(line[0]): str(line[1]) for line in lines}
        for column in required:
            if column not in kinds:
                raise refuse("evidence.column", file=path, column=column, columns=", ".join(required))
        wanted = [*required, *(column for column in filled or {} if column in kinds)]
        for column in wanted:
            if kinds[column] not in WHOLE:
                raise refuse("evidence.whole", file=path, column=column, found=kinds[column].lower())
        parts = [f"coalesce({column}, -1)::BIGINT AS {column}" for column in wanted]
        parts += [
            f"{number}::BIGINT AS {column}"
            for column, number in (filled or {}).items()
            if column not in kinds
        ]
        engine.execute(
            f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {', '.join(parts)} FROM {source}"
        ).fetchall()
        bounds = ", ".join(f"max({column}), min({column})" for column in wanted)
        found = engine.execute(f"SELECT {bounds} FROM {name}").fetchall()[0]
    except duckdb.Error as reason:
        raise refuse("evidence.file", file=path, because=str(reason).splitlines()[0]) from None
    for place, column in enumerate(wanted):
        for number in (found[2 * place], found[2 * place + 1]):
            if number is not None and not -1 <= number < TOKEN_MAX:
                raise refuse("evidence.token", file=path, column=column, found=number, most=TOKEN_MAX)
    return frozenset(kinds)
