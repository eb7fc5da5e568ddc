"""Claims about the facts that rules may look at. Expected values: counted by hand on a calendar."""

from __future__ import annotations

from datetime import date

import pytest

from selectorate.roll.facts import electors, facts, lay_out_facts

from .conftest import FREEZE, Take

MEMBERS = "member_id,full_name,born_on,joined_on,paid_to,status,weight\n"


def test_what_the_roll_does_not_say_is_unknown_and_never_a_default(take: Take) -> None:
    engine = take(MEMBERS + "1,A,,,,,\n")
    assert list(facts(engine, FREEZE)) == [
        ("1", {"joined": None, "arrears_months": None, "age": None, "suspended": None})
    ]


@pytest.mark.parametrize(
    ("paid_on", "months"),
    [
        ("2026-12-31", 0),
        ("2025-12-31", 0),  # paid to 2026-12-31, the freeze itself
        ("2025-12-30", 0),  # one day over is not a month
        ("2025-11-30", 1),
        ("2025-09-30", 3),
        ("2025-08-31", 4),
        ("2027-01-01", None),  # after the freeze: does not count, and there is nothing else
    ],
)
def test_arrears_are_whole_months_since_the_paid_period_ended(
    take: Take, paid_on: str, months: int | None
) -> None:
    engine = take(MEMBERS + "1,A,,,,,\n", f"member_id,paid_on,amount\n1,{paid_on},36\n")
    assert dict(facts(engine, FREEZE))["1"]["arrears_months"] == months


def test_the_later_of_payment_and_paid_period_counts_and_a_refund_does_not(take: Take) -> None:
    engine = take(
        MEMBERS + "1,A,,,2026-09-30,,\n2,B,,,2026-09-30,,\n",
        "member_id,paid_on,amount\n1,2025-11-30,36\n2,2026-10-01,-36\n",
    )
    found = {member: each["arrears_months"] for member, each in facts(engine, FREEZE)}
    assert found == {"1": 1, "2": 3}


def test_a_payment_pays_for_the_months_the_organisation_says(take: Take) -> None:
    engine = take(MEMBERS + "1,A,,,,,\n", "member_id,paid_on,amount\n1,2026-10-31,3\n")
    assert dict(facts(engine, FREEZE, period_months=1))["1"]["arrears_months"] == 1


@pytest.mark.parametrize(
    ("born", "age"), [("2011-12-31", 15), ("2012-01-01", 14), ("1960-02-29", 66), ("2027-01-01", None)]
)
def test_age_is_completed_years_at_the_freeze(take: Take, born: str, age: int | None) -> None:
    engine = take(MEMBERS + f"1,A,{born},,,,\n")
    assert dict(facts(engine, FREEZE))["1"]["age"] == age


def test_a_second_record_of_a_number_has_no_ledger_of_its_own(take: Take) -> None:
    engine = take(MEMBERS + "1,A,,,,,\n1,B,,,,,\n", "member_id,paid_on,amount\n1,2026-10-31,3\n")
    found = {member: each["arrears_months"] for member, each in facts(engine, FREEZE)}
    assert found == {"1": 0, "1/2": None}


def test_facts_come_by_number_with_joined_as_a_date(take: Take) -> None:
    engine = take(MEMBERS + "2,B,,2020-02-29,,Suspended,\n1,A,,2019-01-01,,Current,4\n")
    found = list(facts(engine, FREEZE))
    assert [member for member, _ in found] == ["1", "2"]
    assert found[1][1] == {
        "joined": date(2020, 2, 29),
        "arrears_months": None,
        "age": None,
        "suspended": True,
    }
    assert [(one.member, one.name, one.weight) for one in electors(engine)] == [("1", "A", 4), ("2", "B", 1)]


@pytest.mark.parametrize(
    ("last_told", "paid_on", "months"),
    [
        ("2026-12-31", "2025-08-31", 4),  # told to the freeze: four whole months since 31 August 2026
        ("2026-06-30", "2025-08-31", None),  # a payment of July 2026 would pay to July 2027
        ("2026-06-30", "2026-02-01", 0),  # paid to 1 February 2027 whatever came later
    ],
)
def test_arrears_are_not_known_where_a_payment_may_be_untold(
    take: Take, last_told: str, paid_on: str, months: int | None
) -> None:
    engine = take(MEMBERS + "1,A,,,,,\n", f"member_id,paid_on,amount\n1,{paid_on},36\n")
    span = (None, date.fromisoformat(last_told))
    engine.execute("CREATE OR REPLACE TABLE covered (kind VARCHAR, source VARCHAR, first DATE, last DATE)")
    engine.execute("INSERT INTO covered VALUES ('paid', 'payments.csv', ?, ?)", list(span))
    assert dict(facts(engine, FREEZE))["1"]["arrears_months"] == months
    lay_out_facts(engine, "laid_out", FREEZE)
    assert engine.execute("SELECT arrears_months FROM laid_out").fetchall() == [(months,)]
