"""A judge for a group: skipped with a sentence where there is none, a failure in CI. And the table of answers."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from tests.interop.judges import Judge, judge_for
from tests.interop.scale import SEED, table
from tests.interop.tasks import Outcome

TOLD: list[Outcome] = []


@pytest.fixture(scope="session")
def judge() -> Callable[[str], Judge]:
    """`judge(group)`: the belenios-tool that may judge elections of that group."""

    def find(group: str) -> Judge:
        found = judge_for(group)
        if found is None:
            wanted = "3.0 or later" if group == "Ed25519" else "2.0"
            words = f"no belenios-tool {wanted} on PATH, in SELECTORATE_JUDGE or in .tools/judge3"
            if os.environ.get("CI"):
                pytest.fail(f"{words}; CI must have it")
            pytest.skip(f"{words}; tests/interop/newer-judge.sh SUITE DIR can get one")
        return found

    return find


@pytest.fixture(scope="session")
def told() -> list[Outcome]:
    """Where tests put the outcomes that the table at the end counts."""
    return TOLD


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """kind x judge x group x what was said, with numbers."""
    if TOLD:
        terminalreporter.section("who was asked, and what they said")
        terminalreporter.write_line(f"seed {SEED} ($SELECTORATE_SEED names another)")
        terminalreporter.write_line(table(TOLD))
