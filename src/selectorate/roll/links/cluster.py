"""The comparison of pairs on a Spark cluster, with the settings that DuckDB has.

What grows with the roll (words, keys, frequencies, chances) is still made in DuckDB, once and exactly as without a
cluster; what grows with its pairs is done by the workers. Records cross as Arrow tables, so that no file has to be
in reach of every worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from selectorate.roll.links import sparks
from selectorate.roll.links.settings import Block, Comparison, frequencies, settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pyspark.sql import SparkSession

_WORDS = (
    "transform(transform({words}, x -> named_struct('w', {bytes}, 's', x.s, 'n', length(x.w))), "
    "x -> named_struct('w', x.w, 's', x.s, 'n', x.n, 'l', {letters}))"
)


def predicted(
    session: SparkSession,
    engine: DuckDBPyConnection,
    compared: Sequence[Comparison],
    blocks: Sequence[Block],
    least: float,
) -> Any:
    """Every pair of at least so many bits, as an Arrow table with Splink's columns. Reads `records` and tf_*."""
    from splink import Linker
    from splink.backends.spark import SparkAPI

    api = SparkAPI(spark_session=session, break_lineage_method="persist")  # type: ignore[no-untyped-call,unused-ignore]
    linker = Linker(
        api.register(_records(session, engine)),
        settings(compared, blocks, sparks.spelled),
        log_level=None,
        validate_settings=False,
    )
    for column in frequencies(compared):
        table = session.createDataFrame(_all(engine, f"tf_{column}")).persist()
        linker.table_management.register_term_frequency_lookup(api.register(table), column)
    # every pair is weighed and put aside before the light ones go: a condition on the weight would be pushed down
    # by Spark, and the comparisons that it is made of worked out once for each place where it names them
    found = linker.inference.predict(warning_mode="never")
    wanted = ["id_l", "id_r", "match_weight"]
    for one in compared:
        wanted += [f"gamma_{one.name}", f"mw_{one.name}"]
    named = session.table(found.physical_name)
    wanted += [f"mw_tf_adj_{one.name}" for one in compared if f"mw_tf_adj_{one.name}" in named.columns]
    return named.where(named.match_weight >= least).select(*wanted).toArrow()


def _records(session: SparkSession, engine: DuckDBPyConnection) -> Any:
    return as_compared(session.createDataFrame(_all(engine, "records"))).persist()


def as_compared(given: Any, side: str = "") -> Any:
    """Records as the workers need them: texts as bytes, words with their length and letters. side: what the names
    of the columns end with."""
    words, lines = f"words{side}", f"lines{side}"
    wide = _WORDS.format(
        words=words, bytes=sparks.BYTES.format(text="x.w"), letters=sparks.LETTERS.format(text="x.w")
    )
    kept = [name for name in given.columns if name not in {words, lines}]
    return given.selectExpr(*kept, f"{wide} AS {words}", f"{sparks.BYTES.format(text=lines)} AS {lines}")


def _all(engine: DuckDBPyConnection, table: str) -> Any:
    return engine.execute(f"SELECT * FROM {table}").to_arrow_table()  # noqa: S608
