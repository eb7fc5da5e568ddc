"""Compare the records of a roll with Splink: pairs that weigh enough, with what each comparison found."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from selectorate.roll.links import records
from selectorate.roll.links.asking import Agreed, agreed, asks
from selectorate.roll.links.chance import Chance, chance
from selectorate.roll.links.functions import DUCKDB
from selectorate.roll.links.settings import Block, Comparison, affordable, comparisons, frequencies, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection
    from pyspark.sql import SparkSession

PLACE = "linkage"
"""The name under which the tables of a comparison are attached: in memory, gone when it ends."""

MEMORY = "1100MB"
"""What DuckDB may hold while it compares; beyond that it goes to disk beside the roll's own file."""

_RARE = "SELECT sum(g * g) FROM (SELECT DISTINCT bone, g FROM rarity WHERE g <= {share})"
_DAY = "SELECT sum(tf_day * tf_day) FROM tf_day"
PLACES = 6
"""Weights are taken to the millionth of a bit: two engines may differ in the fifteenth figure of a logarithm."""
_DATED = "SELECT count(born) * 2 > count(*) FROM records"
NEAR_DAYS = 40
"""Days within one digit of a day, or with day and month exchanged: at most about so many."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that are more alike than chance explains. bits: the weight; levels: for each comparison the
    position of the level that fits, -1 where nothing could be compared; parts: its weight in bits;
    asks: whether it is a question to both (`asking`)."""

    left: str
    right: str
    bits: float
    levels: tuple[int, ...]
    parts: tuple[float, ...]
    asks: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """pairs: the heaviest first; comparisons: what was compared, in order; chance: the birthday problem."""

    pairs: tuple[Pair, ...]
    comparisons: tuple[Comparison, ...]
    chance: Chance
    threshold: float


def compare(
    engine: DuckDBPyConnection,
    members: str = "members",
    allowed: float | None = None,
    cluster: SparkSession | None = None,
) -> Compared:
    """Every pair of records above the threshold of `chance`, the heaviest first.

    members: a table with member_id, name, name_words, born_on, email, phone, address_1, locality, postcode.
    allowed: how many pairs by chance; None for the share of `chance.ALLOWED`.
    cluster: a session of Spark which compares the pairs instead; the same settings, the same pairs.
    Raises ModuleNotFoundError where Splink is not installed.
    """
    with _aside(engine) as home:
        people = records.prepare(engine, f"{home}.{members}")
        rare = {column: _one(engine, _RARE.format(share=share)) for column, share in records.RARE.items()}
        compared = comparisons(rare, min(NEAR_DAYS * _one(engine, _DAY), 0.05))
        odds = chance(engine, compared, people)
        least = odds.threshold(allowed)
        pairs = _predicted(engine, compared, least, people, cluster) if people > 1 else ()
    return Compared(pairs, compared, odds, least)


def _one(engine: DuckDBPyConnection, query: str) -> float:
    return max(float(engine.execute(query).fetchall()[0][0] or 0), 1e-9)


def _predicted(
    engine: DuckDBPyConnection,
    compared: Sequence[Comparison],
    least: float,
    people: int,
    cluster: SparkSession | None,
) -> tuple[Pair, ...]:
    blocks = affordable(engine, people)
    if not blocks:
        return ()
    # a little below, then to the millionth: where a weight falls on the threshold, no engine's last bit decides
    low = least - 2 * 10.0**-PLACES
    with _quiet():
        if cluster is None:
            found = _by_duckdb(engine, compared, blocks, low)
        else:
            from selectorate.roll.links import cluster as spark

            found = "found"
            engine.register(found, spark.predicted(cluster, engine, compared, blocks, low))
    gammas = ", ".join(f"gamma_{one.name}" for one in compared)
    parts = ", ".join(
        f"round(mw_{one.name} + coalesce(mw_tf_adj_{one.name}, 0), {PLACES})" for one in compared
    )
    rows = engine.execute(
        f"SELECT a.member_id, b.member_id, round(match_weight, {PLACES}) AS bits, [{gammas}], [{parts}] "  # noqa: S608
        f"FROM {found} JOIN people a ON a.id = id_l JOIN people b ON b.id = id_r WHERE bits >= {least!r} "
        "ORDER BY bits DESC, id_l, id_r"
    ).fetchall()
    if cluster is not None:
        engine.unregister(found)
    (dated,) = engine.execute(_DATED).fetchall()[0]
    # a few hundred patterns of levels for hundreds of thousands of pairs: each is judged once
    judged: dict[tuple[int, ...], tuple[tuple[int, ...], bool]] = {}
    pairs = []
    for left, right, bits, found_levels, weights in rows:
        pattern = tuple(found_levels)
        if pattern not in judged:
            judged[pattern] = _judged(compared, bool(dated), pattern)
        levels, asked = judged[pattern]
        pairs.append(Pair(left, right, bits, levels, tuple(weights), asked))
    return tuple(pairs)


def _by_duckdb(
    engine: DuckDBPyConnection, compared: Sequence[Comparison], blocks: Sequence[Block], least: float
) -> str:
    """The name of the table of pairs."""
    from splink import DuckDBAPI, Linker

    for function in DUCKDB:
        engine.execute(function)
    api = DuckDBAPI(connection=engine)
    linker = Linker(
        api.register("records"), settings(compared, blocks), log_level=None, validate_settings=False
    )
    for column in frequencies(compared):
        linker.table_management.register_term_frequency_lookup(api.register(f"tf_{column}"), column)
    # pushed below the projections, the threshold would have every level worked out anew for each place of a weight
    engine.execute("SET disabled_optimizers = 'filter_pushdown'")
    try:
        found = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
    finally:
        engine.execute("RESET disabled_optimizers")
    return str(found.physical_name)


def _judged(
    compared: Sequence[Comparison], dated: bool, gammas: tuple[int, ...]
) -> tuple[tuple[int, ...], bool]:
    """The positions of the levels that fit, and whether a pair with these is a question."""
    # Splink numbers the levels from the last, 0, upwards
    levels = tuple(
        -1 if gamma < 0 else len(one.levels) - 1 - gamma for one, gamma in zip(compared, gammas, strict=True)
    )
    found = Agreed(0)
    for one, place in zip(compared, levels, strict=True):
        found |= agreed(one, one.levels[place] if place >= 0 else None)
    return levels, asks(found, dated)


@contextmanager
def _aside(engine: DuckDBPyConnection) -> Iterator[str]:
    """Work in a database of its own in memory, so that nothing of the comparison is ever in the file of the
    roll. Gives the name of the database and schema that were current."""
    home, schema, limit = engine.execute(
        "SELECT current_database(), current_schema(), current_setting('memory_limit')"
    ).fetchall()[0]
    engine.execute(f"ATTACH ':memory:' AS {PLACE}")
    try:
        engine.execute(f"USE {PLACE}")
        engine.execute(f"SET memory_limit = '{MEMORY}'")
        yield f'"{home}"."{schema}"'
    finally:
        engine.execute(f'USE "{home}"."{schema}"')
        engine.execute(f"DETACH {PLACE}")
        engine.execute(f"SET memory_limit = '{limit}'")


@contextmanager
def _quiet() -> Iterator[None]:
    """Splink speaks to data scientists; the officer reads our sentences."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            logger.setLevel(before)
