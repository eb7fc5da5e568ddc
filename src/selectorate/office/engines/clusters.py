"""A Spark cluster for rolls beyond one machine: its address, a session for one act, and its end.

What a session may use (memory, cores) is said where Spark says it, in `spark-defaults.conf`; here stands only what
its work needs. Intermediate results that the workers put aside are encrypted, and go with the session.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from selectorate.errors import refuse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pyarrow import Table  # type: ignore[import-untyped]
    from pyspark.sql import DataFrame, SparkSession

MASTER = "SELECTORATE_SPARK"
"""Where the address of the cluster is read from, if no option names it."""
ANSWERS_WITHIN = 10.0
"""Seconds in which a cluster answers at its address, or is taken as not there."""
PARTS_EACH = 3
"""Parts of a shuffle for each core, as Spark's own guide to tuning advises (two to three)."""


def address(master: str | None = None) -> str:
    """The cluster's address: the one given, or that of the environment.

    Raises Refusal `spark.address` where there is none.
    """
    found = master or os.environ.get(MASTER, "")
    if not found:
        raise refuse("spark.address", variable=MASTER)
    return found


@contextmanager
def session(master: str) -> Iterator[SparkSession]:
    """A session on the cluster for one act.

    master: as Spark writes it, `spark://host:port` for a standalone cluster. Raises Refusal `spark.missing`,
    `spark.java`, `spark.unreachable`, and `spark.trouble` for whatever goes wrong on the cluster meanwhile.
    """
    if find_spec("pyspark") is None:
        raise refuse("spark.missing")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise refuse("spark.java")
    _reach(master)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        opened = _opened(master)
        try:
            yield opened
        finally:
            opened.stop()
    except (Py4JError, PySparkException, ConnectionError) as reason:
        said = next((line for line in str(reason).splitlines() if line.strip()), type(reason).__name__)
        raise refuse("spark.trouble", master=master, because=said[:300]) from reason


@contextmanager
def beside(master: str | None) -> Iterator[SparkSession | None]:
    """A session on the cluster at `master`; None where no cluster is wanted. Raises as `session` does."""
    if master is None:
        yield None
    else:
        with session(master) as opened:
            yield opened


def _opened(master: str) -> SparkSession:
    from pyspark.sql import SparkSession

    wanted = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
        "spark.io.encryption.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
    }
    if find_spec("splink"):
        from splink.backends.spark import similarity_jar_location

        wanted["spark.jars"] = similarity_jar_location()
    builder = SparkSession.builder.master(master).appName("selectorate")
    for name, value in wanted.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    if made.sparkContext.getConf().get("spark.sql.shuffle.partitions") is None:
        made.conf.set("spark.sql.shuffle.partitions", PARTS_EACH * made.sparkContext.defaultParallelism)
    return made


def _reach(master: str) -> None:
    """Spark itself tries for a minute and then speaks of something else. Several addresses: one must answer."""
    places = re.findall(r"([\w.-]+|\[[0-9a-fA-F:]+\]):(\d+)", master.removeprefix("spark://"))
    if not master.startswith("spark://"):
        return
    because = "this is no address of the form spark://host:port"
    for host, port in places:
        try:
            socket.create_connection((host.strip("[]"), int(port)), ANSWERS_WITHIN).close()
        except (OSError, OverflowError) as reason:
            because = str(reason)
        else:
            return
    raise refuse("spark.unreachable", master=master, because=because)


class SparkTables:
    """The engine of the signals on a cluster: whole numbers in, whole numbers out, queries in DuckDB's words."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session
        self._kept: dict[str, DataFrame] = {}

    def keep(self, name: str, query: str) -> None:
        """Make a table of a SELECT, in place of one that has this name."""
        made = self._asked(query).persist()
        before = self._kept.pop(name, None)
        made.createOrReplaceTempView(name)
        self._kept[name] = made
        if before is not None:
            made.count()  # what may be made of the old one is made before that goes
            before.unpersist()

    def columns(self, query: str) -> Mapping[str, NDArray[np.int64]]:
        """The columns of a SELECT, in its order."""
        found = self._asked(query).toArrow()
        return {
            name: column.to_numpy().astype("int64", copy=False)
            for name, column in zip(found.column_names, found.columns, strict=True)
        }

    def put(self, name: str, columns: Mapping[str, NDArray[np.int64]]) -> None:
        """Make a table of columns of equal length."""
        import pyarrow as pa

        self.take(name, pa.table({one: pa.array(column, pa.int64()) for one, column in columns.items()}))

    def take(self, name: str, made: Table) -> None:
        """Make a table of one in Arrow's form."""
        self.drop(name)
        self._session.createDataFrame(made).createOrReplaceTempView(name)

    def drop(self, name: str) -> None:
        """Forget a table that may be there."""
        self._session.catalog.dropTempView(name)
        before = self._kept.pop(name, None)
        if before is not None:
            before.unpersist()

    def _asked(self, query: str) -> DataFrame:
        import sqlglot

        return self._session.sql(sqlglot.transpile(query, read="duckdb", write="spark")[0])
