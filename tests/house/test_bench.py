"""The bench gives no ratio against a peer that cannot have done the work."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from tests.interop.judges import Judge

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("selectorate._kernel") is None, reason="the kernel is not built: make setup"
)


def measure(peer_works: bool):  # type: ignore[no-untyped-def]
    from bench import run

    def busy(_: object) -> None:
        if peer_works:
            judge.run("-c", "n=0; while [ $n -lt 300000 ]; do n=$((n+1)); done", folder=Path("/"))

    def idle(_: object) -> None:
        return None

    judge = Judge("/bin/sh", (3, 0))
    step = run.Measure("verification, 10 choices", lambda: sum(range(10_000)), busy, idle)
    peer = run.Peer(judge, Path("/"), None)  # type: ignore[arg-type]
    return run.compare("Ed25519", 1, step, peer, pairs=1)


def test_a_peer_that_takes_no_time_gets_no_ratio() -> None:
    line = measure(peer_works=False)
    assert line.ratio is None
    assert "under 5.0 ms the peer did not do the work" in line.remark


def test_a_peer_that_works_gets_its_version_its_time_and_a_ratio() -> None:
    line = measure(peer_works=True)
    assert line.peer == "belenios-tool 3.0"
    assert line.peer_ms > 5
    assert line.ratio == pytest.approx(line.peer_ms / line.ours_ms)


def test_the_bars_are_five_and_twenty_milliseconds_for_ten_choices() -> None:
    from bench import run

    for group, bar in (("Ed25519", 5), ("BELENIOS-2048", 20)):
        for step in ("encryption, 10 choices", "verification, 10 choices"):
            assert run.LEAST_MS[group] * run.EXPONENTIATIONS[step] == pytest.approx(bar)
