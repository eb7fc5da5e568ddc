"""One cluster and one session for all tests with Spark."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from tests.spark import cluster as local


@pytest.fixture(scope="session")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a cluster of two workers; skipped with a sentence where Spark or Java is not installed, and
    a failure where `make spark` asked for it."""
    if why := local.missing():
        if os.environ.get("SELECTORATE_SPARK_TESTS"):
            pytest.fail(why)
        pytest.skip(why)
    with local.cluster(tmp_path_factory.mktemp("spark")) as address:
        yield address


@pytest.fixture(scope="session")
def session(master: str) -> Iterator[Any]:
    from selectorate.office.engines.clusters import session

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with session(master) as opened:
            yield opened
