"""The 20 cases worked by hand from the rulebook's text (vectors/rules/SOURCE.md), and the copy's origin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from selectorate.errors import Refusal
from selectorate.rules import Rulebook, compile_rule, load

HERE = Path(__file__).resolve().parents[2] / "vectors" / "rules"
CASES = [json.loads(line) for line in (HERE / "rulebook-cases.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load((HERE / "rulebook.toml").read_bytes(), "rulebook.toml")


def test_all_twenty_cases_are_here() -> None:
    assert len(CASES) == 20


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_case_worked_by_hand_holds(case: dict[str, Any], rulebook: Rulebook) -> None:
    if case["kind"] == "refuse-rule":
        with pytest.raises(Refusal) as caught:
            compile_rule(rulebook, case["rule"])
        assert caught.value.code == "rules.test"
    elif case["kind"] == "timetable":
        assert {name: day.isoformat() for name, day in rulebook.timetable} == case["expect"]
    elif case["kind"] == "eligible":
        decision = rulebook.eligibility(case["facts"])
        assert decision.outcome == case["expect"]
        assert [f.clause for f in decision.findings if f.holds is False] == case.get("fails", [])
        assert [f.clause for f in decision.findings if f.holds is None] == case.get("unknown", [])
    else:
        assert rulebook.decide(case["kind"], case["facts"]).outcome == case["expect"]
