"""Possible duplicates: the answer of a cluster of two workers, to the letter that of DuckDB."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import duckdb
import pytest
from bench.roll.__main__ import members, write
from tests.roll.links.test_public_sets import historical
from tests.spark.cluster import QUIET

from selectorate.roll.links import links
from selectorate.roll.links.compare import Compared, compare

pytestmark = [pytest.mark.spark, *QUIET]
RECORDS = 2_000


def _sentences(engine: duckdb.DuckDBPyConnection, session: Any = None) -> list[str]:
    return [
        f"{one.left} {one.right}: {one.because}; {'; '.join(one.evidence)}" for one in links(engine, session)
    ]


def test_an_invented_roll_has_the_same_links_with_the_same_evidence(session: Any, tmp_path: Path) -> None:
    write(tmp_path, RECORDS, seed=31)
    engine = duckdb.connect()
    members(engine, tmp_path / "members.csv")
    with (tmp_path / "truth.csv").open(newline="") as file:
        twice = RECORDS - len({person for person, _ in csv.reader(file)})
    here = _sentences(engine)
    assert len(here) > twice * 0.9
    assert _sentences(engine, session) == here
    assert engine.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'linkage'"
    ).fetchall() == [(0,)]
    engine.close()


@pytest.mark.outside_data
def test_historical_figures_have_the_same_pairs_with_the_same_weights(
    session: Any, outside_data: Path
) -> None:
    """A twentieth of the set, by whole persons: some 2,500 records in texts of other languages, with real slips."""
    engine = duckdb.connect()
    historical(engine, outside_data, one_in=20)
    here, there = (compare(engine, allowed=500, cluster=cluster) for cluster in (None, session))
    assert len(here.pairs) > 5_000
    assert _plain(there) == _plain(here)
    engine.close()


def _plain(found: Compared) -> list[Any]:
    return [(pair.left, pair.right, pair.bits, pair.levels, pair.parts, pair.asks) for pair in found.pairs]
