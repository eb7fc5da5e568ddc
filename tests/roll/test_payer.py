"""Claims about one account that pays for many homes. Expected values: what was planted, or counted by
hand."""

from __future__ import annotations

import random
import time
from datetime import date, timedelta

import pytest

from selectorate.roll.objects import Finding
from selectorate.roll.signals import Declared, challenged, find, payer

from .conftest import FREEZE, Marked, Roll, Take, declared_payers

MEMBERS = "member_id,full_name,address_1,postcode,branch,household_ref\n"
PAID = "member_id,paid_on,amount,payer_ref\n"


def of_payer(roll: Roll) -> list[Finding]:
    return [one for one in roll.findings if one.kind == payer.KIND]


def people(count: int, *, address: str = "{n} Mill Lane", ref: str = "") -> str:
    return "".join(f"{n},M,{address.format(n=n)},Q1,Ashport,{ref}\n" for n in range(count))


def paid(count: int, account: str, day: date, start: int = 0) -> str:
    return "".join(f"{n},{day.isoformat()},36,{account}\n" for n in range(start, start + count))


def past(account: str = "OLD") -> str:
    """Five earlier years in which an account pays for two homes."""
    return "".join(paid(2, account, FREEZE - timedelta(days=365 * year + 200)) for year in range(1, 6))


RECENT = FREEZE - timedelta(days=100)


def test_the_planted_operation_is_found_whole_and_alone(roll: Roll) -> None:
    (finding,) = of_payer(roll)
    truth = roll.invention.truth
    assert finding.members == truth.operation
    assert (len(finding.members), finding.households, finding.branch) == (34, 31, truth.operation_branch)
    assert finding.severity == 4
    assert finding.urgency == "before the vote"
    assert finding.because == (
        "34 members from 31 homes in Clayquay were paid for by one account within 19 days. In the 5 years "
        "before that no other account paid for more than 3 homes."
    )


@pytest.mark.parametrize("group", ["family", "care_home", "hall", "staff"])
def test_honest_groups_that_look_like_an_operation_are_not_asked(roll: Roll, group: str) -> None:
    assert not set(challenged(roll.findings)) & set(getattr(roll.invention.truth, group))


def test_nobody_is_asked_where_nothing_was_planted(quiet: Marked) -> None:
    declared = Declared(declared_payers([quiet.invention.truth.employer]))
    assert [one for one in find(quiet.engine, FREEZE, declared) if one.severity > 1] == []


def test_the_family_of_seven_is_not_flagged(take: Take) -> None:
    engine = take(
        MEMBERS + people(5, address="1 Mill Lane") + "5,M,9 Hall,Q1,X,\n6,M,9 Hall,Q1,X,\n",
        PAID + past() + paid(7, "A", RECENT),
    )
    assert payer.find(engine, FREEZE) == ()


def test_a_care_home_is_not_flagged(take: Take) -> None:
    engine = take(MEMBERS + people(40, address="2 Orchard House"), PAID + past() + paid(40, "HOME", RECENT))
    assert payer.find(engine, FREEZE) == ()


def test_homes_are_counted_and_never_members(take: Take) -> None:
    engine = take(MEMBERS + people(40), PAID + past() + paid(40, "A", RECENT))
    (finding,) = payer.find(engine, FREEZE)
    assert finding.households == 40


def test_a_declared_employer_explains_itself(take: Take) -> None:
    engine = take(MEMBERS + people(40), PAID + past() + paid(40, "WORKS", RECENT))
    assert payer.find(engine, FREEZE, declared_payers(["works"])) == ()


def test_an_employer_that_always_paid_and_was_not_declared_is_a_notice_and_nobody_is_asked(
    take: Take,
) -> None:
    years = "".join(paid(40, "WORKS", FREEZE - timedelta(days=365 * year + 100)) for year in range(6))
    engine = take(MEMBERS + people(40), PAID + years)
    found = payer.find(engine, FREEZE)
    assert [one.urgency for one in found] == ["notice"]
    assert challenged(found) == ()
    assert any("40 homes within 180 days in an earlier year already" in text for text in found[0].against)


def test_gifts_to_two_homes_are_never_a_finding(take: Take) -> None:
    engine = take(
        MEMBERS + people(2), PAID + paid(1, "OTHER", FREEZE - timedelta(days=800)) + paid(2, "A", RECENT)
    )
    assert payer.find(engine, FREEZE) == ()


def test_three_or_four_homes_are_a_notice_and_nobody_is_asked(take: Take) -> None:
    engine = take(MEMBERS + people(4), PAID + past() + paid(4, "A", RECENT))
    found = payer.find(engine, FREEZE)
    assert [(one.households, one.urgency) for one in found] == [(4, "notice")]
    assert challenged(found) == ()


def test_what_the_past_knows_well_is_no_finding(take: Take) -> None:
    years = "".join(paid(4, f"Y{year}", FREEZE - timedelta(days=365 * year + 100)) for year in range(1, 6))
    engine = take(MEMBERS + people(4), PAID + years + paid(4, "A", RECENT))
    assert payer.find(engine, FREEZE) == ()


def test_payments_spread_beyond_the_window_are_not_added_up(take: Take) -> None:
    spread = "".join(paid(2, "A", FREEZE - timedelta(days=days), start=days % 7) for days in (1, 182, 363))
    engine = take(MEMBERS + people(10), PAID + past() + spread)
    assert payer.find(engine, FREEZE) == ()


def test_without_a_past_only_five_homes_are_shown_and_it_says_so(take: Take) -> None:
    engine = take(MEMBERS + people(9), PAID + paid(4, "A", RECENT) + paid(5, "B", RECENT, start=4))
    (finding,) = payer.find(engine, FREEZE)
    assert finding.households == 5
    assert "no earlier year of payments to compare with" in finding.because


def test_homes_within_a_window_are_counted_as_by_hand(take: Take) -> None:
    """Against a plain count over every window, for accounts that pay in no order at all."""
    draw = random.Random(4)
    payments = [
        (str(draw.randrange(30)), FREEZE - timedelta(days=draw.randrange(360)), f"A{draw.randrange(3)}")
        for _ in range(150)
    ]
    lines = "".join(f"{member},{day},36,{account}\n" for member, day, account in payments)
    engine = take(MEMBERS + people(30), PAID + past() + lines)
    right = sorted(
        max(
            len({m for m, day, a in payments if a == account and last - timedelta(days=179) <= day <= last})
            for _, last, _ in payments
        )
        for account in ("A0", "A1", "A2")
    )
    assert sorted(one.households for one in payer.find(engine, FREEZE)) == right


def test_an_account_that_pays_for_a_whole_roll_costs_no_more_than_a_sort(take: Take) -> None:
    lines = "".join(f"{n},{FREEZE - timedelta(days=n % 2000)},36,ONE\n" for n in range(20_000))
    engine = take(MEMBERS + people(20_000), PAID + lines)
    began = time.process_time()
    (finding,) = payer.find(engine, FREEZE)
    assert time.process_time() - began < 20  # every pair of 20,000 would take minutes
    assert finding.households == 1_800


def test_payments_after_the_freeze_are_not_looked_at(take: Take) -> None:
    engine = take(MEMBERS + people(9), PAID + past() + paid(9, "A", FREEZE + timedelta(days=1)))
    assert payer.find(engine, FREEZE) == ()


def test_the_same_roll_gives_the_same_findings_in_any_order_of_rows(take: Take) -> None:
    lines = people(20).splitlines(keepends=True)
    payments = (past() + paid(20, "A", RECENT)).splitlines(keepends=True)
    first = payer.find(take(MEMBERS + "".join(lines), PAID + "".join(payments)), FREEZE)
    again = payer.find(take(MEMBERS + "".join(lines[::-1]), PAID + "".join(payments[::-1])), FREEZE)
    assert first == again
    assert len(first) == 1
