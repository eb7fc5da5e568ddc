"""Possible duplicates: records that may be one person, with what speaks for it and against it.

Nothing is merged and nobody is left out: two records are shown side by side and both persons are asked. Parents
and children with one name and one telephone look the same; only they can say.

`links` gives: a member number that came twice (`exact`); and pairs that Splink finds (`compare`), by names that
may be written in any order and spelling (`records`, `functions`), birthdays, contacts and addresses (`settings`),
more alike than chance explains in a roll of this size (`chance`).

Deliberately absent: any inference from a name (origin, sex, age); lists of names; merging.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from selectorate.roll.links import exact, words
from selectorate.roll.objects import Link

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pyspark.sql import SparkSession

PAIRS_MAX = 1_000_000


def complete() -> bool:
    """Whether Splink is installed, so that `links` compares names, days and addresses too; else only records
    with the same contact and the very same name are found."""
    return find_spec("splink") is not None


def links(engine: DuckDBPyConnection, cluster: SparkSession | None = None) -> tuple[Link, ...]:
    """Every pair of records that may be one person, with the evidence for and against; by number.

    cluster: a session of Spark that compares the pairs in DuckDB's place; the answer is the same.
    """
    found = {(one.left, one.right): one for one in exact.same_number(engine)}
    if complete():
        from selectorate.roll.links.compare import compare

        compared = compare(engine, cluster=cluster)
        for pair in compared.pairs:
            if pair.asks:
                link = words.link(pair, compared)
                found.setdefault((link.left, link.right), link)
    else:
        for link in exact.same_contact(engine):
            found.setdefault((link.left, link.right), link)
    return tuple(sorted(found.values(), key=lambda one: (one.left, one.right)))
