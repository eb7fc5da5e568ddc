"""The whole detector on the published patterns and on what only looks like them.

What is right stands in vectors/roll/patterns and comes from the reports, or is ordinary life by construction. The
detector was written without a look at the towns.
"""

from __future__ import annotations

import pytest
from tests.roll.patterns import cases, looked
from tests.roll.patterns.town import FREEZE, YEAR, Town

from selectorate.roll.signals.looking import Look
from selectorate.roll.signals.settings import settings


def named(found: Look, severity: int = 2) -> set[int]:
    """The members whom findings of at least that severity name."""
    return {int(member) for one in found.findings if one.severity >= severity for member in one.members}


def demand(name: str, town: Town, planted: set[int] | None = None) -> Look:
    """Look at a town of a pattern and hold what is named against what is right."""
    right = cases.figures(name).right
    found = looked.whole(town)
    wanted = town.planted if planted is None else planted
    level = right["severity_at_least"]
    assert any(one.severity >= level for one in found.findings)
    who = named(found)
    share = right.get("named_at_least", right.get("of_last_year_named_at_least", 0.9))
    assert len(who & wanted) >= share * len(wanted)
    assert len(who - town.planted) <= right.get("others_at_most", 0) * max(1, len(who))
    return found


@pytest.mark.slow
def test_1351_joins_through_two_addresses_are_found_though_an_address_alone_says_nothing() -> None:
    town = cases.two_addresses()
    demand("two-addresses-1351-joins", town)


def test_170_paid_for_by_cards_of_others_are_found_among_12000() -> None:
    found = demand("other-cards-170-of-12000", cases.other_cards())
    assert {one.kind for one in found.findings if one.severity >= 3} == {"payer"}


def warehoused_last_year(town: Town) -> set[int]:
    """Those of the one branch who were moved into it in the year before the freeze."""
    return {
        one["member_id"]
        for one in town.members
        if one["member_id"] in town.planted and one["branch"] == 0 and FREEZE - one["transfer_day"] < YEAR
    }


@pytest.mark.slow
def test_a_warehoused_cohort_is_found_with_the_book_of_transfers() -> None:
    town = cases.warehoused()
    found = demand("warehoused-222", town, warehoused_last_year(town))
    assert {one.kind for one in found.findings if one.severity >= 2} == {"moves"}


@pytest.mark.slow
def test_without_the_book_of_transfers_a_branch_that_grew_so_for_years_is_a_notice_and_asks_nobody() -> None:
    """The day of the last transfer alone does not say whether the address changed. A branch that took in 5, 7, 9, 14
    and then 24 who had just joined elsewhere may be one with a college, where more arrive each autumn: the same days in
    both. So nobody is asked; the cohort is told as a notice. To ask, the book of transfers is needed (where they came
    from, and whether the address changed with the branch)."""
    town = cases.warehoused(history=False)
    found = looked.whole(town)
    (notice,) = found.findings
    assert (notice.kind, notice.severity, notice.branch) == ("transfer", 1, "Branch 0")
    assert {int(member) for member in notice.members} == warehoused_last_year(town)
    assert float(notice.chance) > settings().chance_notice / 1000
    assert named(found) == set()


@pytest.mark.slow
def test_without_the_book_of_transfers_the_same_cohort_is_asked_where_the_branch_never_had_one() -> None:
    town = cases.warehoused(history=False)
    last = warehoused_last_year(town)
    for one in town.members:
        if one["member_id"] in town.planted - last and one["branch"] == 0:
            one["transfer_day"] = -1
    found = demand("warehoused-222", town, last)
    assert {one.kind for one in found.findings if one.severity >= 2} == {"transfer"}


def test_blocks_of_6_to_17_ask_the_three_branches_and_name_nobody_for_their_dates() -> None:
    right = cases.figures("blocks-of-6-to-17").right
    town = cases.blocks()
    found = looked.whole(town)
    asked = [one for one in found.findings if one.severity >= 2]
    assert sorted({one.branch for one in asked}) == ["Branch 0", "Branch 1", "Branch 2"]
    assert len({one.branch for one in asked}) == right["branches_found"]
    assert not any(one.members for one in asked if one.kind in ("blocks", "surge"))
    branch = {one["member_id"]: one["branch"] for one in town.members}
    assert {branch[member] for member in named(found)} <= set(right["named_at_most"])
    assert named(found) <= town.planted


@pytest.mark.slow
def test_contacts_edited_among_500_members_are_found_on_the_first_day() -> None:
    name = "edited-contacts-first-day"
    demand(name, cases.edited_contacts(known_days=1), planted=set())
    whole = cases.edited_contacts()
    demand(name, whole)


FAST = ("family-of-seven", "care-home")
SLOW = {name: [pytest.mark.slow] for name in cases.NOT_FOUND if name not in FAST}
QUIET = [name if name in FAST else pytest.param(name, marks=SLOW[name]) for name in cases.NOT_FOUND]


@pytest.mark.parametrize("name", QUIET)
def test_what_only_looks_like_it_is_not_flagged(name: str) -> None:
    """At most the severity that stands in the pattern's file: a notice asks nobody."""
    town = cases.NOT_FOUND[name]()
    found = looked.whole(town)
    right = cases.figures(name).right
    most = right.get("severity_at_most", 0)
    said = [f"{one.severity} {one.because}" for one in found.findings if one.severity > most]
    assert not said, "\n".join(said)
    assert named(found) == set()
    if not right.get("group_named", True):
        assert not named(found, severity=1) & town.alike


@pytest.mark.slow
def test_declaring_one_account_does_not_excuse_another() -> None:
    town = cases.employer(stranger=True)
    found = looked.whole(town)
    assert named(found) == town.planted


@pytest.mark.slow
def test_the_same_employer_undeclared_is_a_question() -> None:
    found = looked.whole(cases.employer(declared=False))
    assert len(named(found)) == cases.figures("declared-employer-scheme").assumed["staff"]
