"""The search for the cheapest way past a detector, against detectors so simple that the answer is known."""

# ruff: noqa: S608  (what is put into the questions here are names and numbers of this file)
from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest
from bench.roll.stacking.evade import FRESH, RESOURCES, Ground, Try, Way, amounts, price, search, told
from bench.roll.stacking.generate import Order, write
from bench.roll.stacking.parameters import Parameters, read
from bench.roll.stacking.running import Detector, Found


class Rule(Detector):
    """Flags whom a question in SQL names: no process, so that the test is quick."""

    def __init__(self, question: str) -> None:
        object.__setattr__(self, "name", "a rule")
        object.__setattr__(self, "command", (question,))
        object.__setattr__(self, "options", ())
        object.__setattr__(self, "barred", False)

    def look(self, roll: Path, members: str = "members") -> Found:
        table = f"read_parquet('{roll / members}.parquet')"
        rows = duckdb.execute(self.command[0].replace("MEMBERS", table)).fetchall()
        ids = np.array([row[0] for row in rows], dtype=np.int64)
        return Found(ids, np.ones(ids.size), (), 0.0, 0.0, 0.0, 0)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    folder = tmp_path_factory.mktemp("evade")
    write(Order(3_000, seed=1), folder)
    return Ground(folder, votes=20, seed=1)


def found(ground: Ground, question: str, budget: int = 60) -> tuple[dict[str, float], Try]:
    p = read()
    best, asked = search(ground, Rule(question), p, budget)
    assert asked <= budget
    return dict(zip(RESOURCES, amounts(best.way, 20, p), strict=True)), best


def per(column: str, least: int) -> str:
    return (
        f"SELECT member_id FROM MEMBERS WHERE {column} >= 0"
        f" QUALIFY count(*) OVER (PARTITION BY {column}) >= {least}"
    )


def test_three_to_an_account_are_evaded_by_two_to_an_account_and_nothing_else(ground: Ground) -> None:
    amount, best = found(ground, per("payer", 3))
    # twenty votes, two to each: ten accounts. One device, one contact, four homes (six to each), a week
    assert amount == {"payers": 10, "devices": 1, "contacts": 1, "homes": 4, "days": 7}
    assert best.flagged == 0.0


def test_five_at_an_address_are_evaded_by_four(ground: Ground) -> None:
    amount, _ = found(ground, per("dwelling", 5))
    assert amount == {"payers": 1, "devices": 1, "contacts": 1, "homes": 5, "days": 7}


def test_two_joinings_in_three_days_are_evaded_by_months(ground: Ground) -> None:
    question = (
        f"SELECT member_id FROM MEMBERS WHERE payer >= {FRESH}"
        " QUALIFY count(*) OVER (ORDER BY join_day RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) >= 2"
    )
    amount, best = found(ground, question)
    # twenty days evenly over 30: gaps of one and two days in turn, everybody flagged; over 60: three days apart, nobody
    assert amount == {"payers": 1, "devices": 1, "contacts": 1, "homes": 4, "days": 60}
    assert best.flagged == 0.0


def test_where_nothing_helps_it_says_so(ground: Ground) -> None:
    p = read()
    best, asked = search(ground, Rule(f"SELECT member_id FROM MEMBERS WHERE payer >= {FRESH}"), p, 60)
    assert asked == 1
    assert best.flagged == 1.0
    said = told(Rule(""), 20, (best, best), asked, [], p)
    assert "did not pass" in said
    assert "100 % flagged" in said


def test_no_more_questions_are_asked_than_there_are(ground: Ground) -> None:
    amount, best = found(ground, per("payer", 3), budget=3)
    assert best.flagged == 0.0
    assert amount["payers"] >= 10


def test_the_price_is_that_of_all_that_is_bought() -> None:
    p = Parameters(
        evade_price={"payers": 3.0, "devices": 2.0, "contacts": 1.0, "homes": 6.0, "days": 0.05},
        evade_steps={"payers": [0, 2], "devices": [0], "contacts": [0], "homes": [6], "days": [60]},
    )
    # 20 votes: ten accounts 30, a device 2, a contact 1, four homes 24, sixty days 3
    assert price(Way((1, 0, 0, 0, 0)), 20, p) == pytest.approx(60.0)
