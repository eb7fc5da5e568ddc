"""The signals on a cluster of two workers: the findings, evidence and placebo years that DuckDB gives, all equal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.spark.cluster import QUIET, missing

from selectorate.cli import run

pytestmark = [pytest.mark.spark, *QUIET]
MEMBERS = 20_000
LAST_DAY = 3_650


def _members(path: Path) -> None:
    """Ten years of a town: homes that join together and pay together, one account that pays for forty homes, a
    device behind thirty, and a building that fills in a week."""
    import duckdb

    engine = duckdb.connect()
    engine.execute(
        f"""COPY (SELECT i AS member_id, i % 40 AS branch, day AS join_day, -1 AS renewal_day,
          CASE WHEN i % 97 = 0 THEN day + 30 ELSE -1 END AS transfer_day, i // 12 AS building, i // 2 AS dwelling,
          CASE WHEN odd THEN 900001 ELSE i // 2 END AS payer, CASE WHEN odd THEN 900002 ELSE i // 2 END AS device,
          i % 5000 AS ip, CASE WHEN i % 3 = 0 THEN -1 ELSE i // 2 END AS phone, i // 2 AS email,
          CASE WHEN i % 4 = 0 THEN i % 300 ELSE -1 END AS recruiter,
          CASE WHEN i % 25 = 0 THEN i % 20 ELSE -1 END AS cash_collector
        FROM (SELECT range AS i, range BETWEEN 7000 AND 7079 AS odd,
          CASE WHEN range BETWEEN 7000 AND 7079 THEN {LAST_DAY} - 60 + range % 9
               ELSE (range // 2 * 7919) % {LAST_DAY} END AS day FROM range({MEMBERS})))
        TO '{path}' (FORMAT parquet)"""  # noqa: S608
    )
    engine.close()


def _found(capsys: pytest.CaptureFixture[str], path: Path, *more: str) -> dict[str, Any]:
    asked = ["roll", "findings", "--members", str(path), "--freeze", str(LAST_DAY), "--json", *more]
    code = run(asked)
    said = capsys.readouterr()
    assert code == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def test_both_engines_give_equal_findings(
    master: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    members = tmp_path / "members.parquet"
    _members(members)
    here = _found(capsys, members)
    there = _found(capsys, members, "--engine", "spark", "--spark-master", master)
    assert (here.pop("engine"), there.pop("engine")) == ("duckdb", "spark")
    assert any(len(one["members"]) >= 40 for one in here["findings"])
    assert there == here


def test_a_cluster_that_is_not_there_is_named_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is looked at; it needs no cluster to say so."""
    if why := missing():
        pytest.skip(why)
    monkeypatch.delenv("SELECTORATE_SPARK", raising=False)
    asked = [
        "roll",
        "findings",
        "--members",
        str(tmp_path / "members.parquet"),
        "--freeze",
        "1",
        "--engine",
        "spark",
    ]
    assert run([*asked, "--spark-master", "spark://127.0.0.1:1"])
    assert "No Spark cluster answers at spark://127.0.0.1:1" in capsys.readouterr().err
    assert run(asked)
    assert "no cluster is named" in capsys.readouterr().err
