"""A poll is not opened for a contest that nobody could count again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from selectorate.errors import Refusal
from selectorate.office.poll import demand_countable
from selectorate.rules.read import load

RULEBOOK = Path(__file__).parents[1] / "cli" / "rulebook.toml"
FINAL = {"weight": 40, "electors": 40}


def test_a_contest_by_a_rule_set_that_the_verifiers_do_not_count_is_refused() -> None:
    rulebook = load(RULEBOOK.read_bytes(), "rulebook.toml")
    contest = next(one for one in rulebook.contests if one.kind == "ranked")
    demand_countable(contest, 4, FINAL)
    with pytest.raises(Refusal) as stopped:
        demand_countable(replace(contest, method="ers97"), 4, FINAL)
    assert stopped.value.code == "office.count_rules"
    assert "ers97" in str(stopped.value)
    with pytest.raises(Refusal):
        demand_countable(replace(contest, method="by acclamation"), 4, FINAL)
