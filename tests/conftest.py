"""Fixtures every room's tests may use."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def vectors() -> Path:
    """Cases with passports that are part of the repository."""
    return ROOT / "vectors"


@pytest.fixture(scope="session")
def outside_data() -> Path:
    """Data that is not part of the repository: skipped where absent, a failure in CI."""
    place = Path(os.environ.get("SELECTORATE_DATA") or ROOT.parent / "shared" / "data")
    if not (place / "count").is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"outside data is not at {place}; CI must have it (set SELECTORATE_DATA)")
        pytest.skip(f"outside data is not at {place}; set SELECTORATE_DATA to run this test")
    return place


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker's part of the table of duties goes to the process that prints it."""
    output = getattr(session.config, "workeroutput", None)
    judges = sys.modules.get("tests.attacks.judges")
    if output is not None and judges is not None:
        output["covered"] = {duty: sorted(names) for duty, names in judges.COVERED.items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    covered = getattr(node, "workeroutput", {}).get("covered", {})
    if covered:
        from tests.attacks import judges

        for duty, names in covered.items():
            judges.COVERED.setdefault(duty, set()).update(names)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if "tests.attacks.judges" in sys.modules:
        from tests.attacks.covered import report

        report(terminalreporter)
