"""Claims about one account that pays for many homes, from lists in clear to the finding. Expected values: what was
planted, or counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb
import pytest

from selectorate.roll.objects import Finding
from selectorate.roll.signals import challenged

from .conftest import FREEZE, Marked, Roll, Take, found_on

MEMBERS = "member_id,full_name,joined_on,address_1,postcode,branch,household_ref\n"
PAID = "member_id,paid_on,amount,payer_ref\n"
BRANCHES = tuple(f"Branch {letter}" for letter in "ABCDEFGH")
RECENT = FREEZE - timedelta(days=100)


def lines(people: Sequence[tuple[str, date, str, str, str]]) -> tuple[str, str]:
    """Members and payments of (number, joined, street, account, household); each joins a branch in turn and pays
    once a year from the day of joining."""
    members, payments = [MEMBERS], [PAID]
    for place, (number, joined, street, account, household) in enumerate(people):
        members.append(f"{number},M,{joined},{street},Q1,{BRANCHES[place % 8]},{household}\n")
        paid = joined
        while paid <= FREEZE:
            payments.append(f"{number},{paid},36,{account}\n")
            paid += timedelta(days=365)
    return "".join(members), "".join(payments)


def ordinary(count: int = 800) -> list[tuple[str, date, str, str, str]]:
    """Each from a home and with an account of their own, evenly over eight years."""
    return [
        (f"N{n:05}", FREEZE - timedelta(days=(n * 911) % 2_900), f"{n} Mill Lane", f"OWN{n}", "")
        for n in range(count)
    ]


def group(size: int, account: str, street: str = "", days: int = 1) -> list[tuple[str, date, str, str, str]]:
    return [
        (f"G{n:05}", RECENT + timedelta(days=n % days), street or f"{n} Quarry Road", account, "")
        for n in range(size)
    ]


def of_payer(engine: duckdb.DuckDBPyConnection, schemes: Sequence[str] = ()) -> list[Finding]:
    return [one for one in found_on(engine, schemes) if one.kind == "payer"]


def test_the_planted_operation_is_found_whole_and_alone(roll: Roll) -> None:
    (finding,) = [one for one in roll.findings if one.kind == "payer"]
    truth = roll.invention.truth
    assert finding.members == truth.operation
    assert (len(finding.members), finding.households, finding.branch) == (34, 31, truth.operation_branch)
    assert finding.urgency == "before the vote"
    assert finding.because.startswith(
        "34 members from 31 homes in Clayquay were paid for by one account within 19 days."
    )


@pytest.mark.parametrize("group", ["family", "care_home", "hall", "staff"])
def test_honest_groups_that_look_like_an_operation_are_not_asked(roll: Roll, group: str) -> None:
    assert not set(challenged(roll.findings)) & set(getattr(roll.invention.truth, group))


def test_nobody_is_asked_where_nothing_was_planted(quiet: Marked) -> None:
    assert [one for one in found_on(quiet.engine, [quiet.invention.truth.employer]) if one.severity > 1] == []


def test_homes_are_counted_and_never_members(take: Take) -> None:
    together = take(*lines([*ordinary(), *group(40, "A", street="2 Orchard House")]))
    assert of_payer(together) == []
    apart = take(*lines([*ordinary(), *group(40, "A", days=8)]))
    (finding,) = of_payer(apart)
    assert finding.households == len(finding.members) == 40


def test_a_declared_employer_explains_itself_and_nobody_else(take: Take) -> None:
    engine = take(*lines([*ordinary(), *group(40, "WORKS", days=8)]))
    assert of_payer(engine, ["works"]) == []
    assert len(of_payer(engine, ["another"])) == 1


def test_an_employer_that_always_paid_is_nothing_new(take: Take) -> None:
    staff = [
        (f"S{n:03}", FREEZE - timedelta(days=30 + 70 * n), f"{n} Works Road", "WORKS", "") for n in range(40)
    ]
    assert [one.severity for one in of_payer(take(*lines([*ordinary(), *staff]))) if one.severity > 1] == []


def test_an_account_that_begins_to_pay_for_members_of_long_standing_is_found(take: Take) -> None:
    """Thirty members who paid for themselves for years are renewed by one account in one month."""
    people = ordinary()
    thirty = {number for number, joined, *_ in people if (RECENT - joined).days > 400}
    thirty = set(sorted(thirty)[::20][:30])
    members, payments = lines(people)
    kept = [
        one for one in payments.splitlines(keepends=True) if one[:6] not in thirty or one[7:17] < str(RECENT)
    ]
    payments = "".join(kept)
    renewed = [
        f"{number},{RECENT + timedelta(days=int(number[1:]) % 20)},36,BULK\n" for number in sorted(thirty)
    ]
    (finding,) = of_payer(take(members, payments + "".join(renewed)))
    assert len(finding.members) == 30


def test_gifts_to_two_homes_are_never_a_finding(take: Take) -> None:
    assert of_payer(take(*lines([*ordinary(), *group(2, "A")]))) == []


def test_payments_after_the_freeze_are_not_looked_at(take: Take) -> None:
    members, payments = lines(ordinary())
    later = [f"N{n:05},{FREEZE + timedelta(days=1)},36,BULK\n" for n in range(30)]
    assert of_payer(take(members, payments + "".join(later))) == []


def test_the_same_roll_gives_the_same_findings_in_any_order_of_rows(take: Take) -> None:
    members, payments = lines([*ordinary(), *group(20, "A", days=8)])

    def turned(text: str) -> str:
        head, *rows = text.splitlines(keepends=True)
        return "".join([head, *rows[::-1]])

    first = found_on(take(members, payments))
    again = found_on(take(turned(members), turned(payments)))
    assert first == again
    assert [one.kind for one in first if one.severity > 1] == ["payer"]
