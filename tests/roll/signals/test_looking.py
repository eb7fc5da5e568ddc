"""Claims about the whole look, each on a roll in which one thing was planted."""

from __future__ import annotations

import random

import pytest

from selectorate.roll.signals.looking import Look
from selectorate.roll.signals.objects import Declared, Drive

from .towns import FREEZE, Town, look, named


@pytest.fixture(scope="module")
def quiet() -> Look:
    return look(Town().past().rows)


def bought(town: Town, homes: int = 20, payer: int = 7, back: int = 40) -> set[int]:
    """Homes in one branch paid for by one account within ten days."""
    return {town.add(back + number % 10, 3, payer=payer) for number in range(homes)}


def test_an_even_past_gives_no_finding_that_asks_now(quiet: Look) -> None:
    assert not named(quiet, 3)


def test_one_account_for_twenty_homes_is_found_whole_and_first() -> None:
    town = Town().past()
    planted = bought(town)
    found = look(town.rows)
    first = found.findings[0]
    assert {int(member) for member in first.members} == planted
    assert (first.kind, first.severity, first.households, first.branch) == ("payer", 4, 20, "Branch 3")
    assert first.because.startswith(
        "20 members from 20 homes in Branch 3 were paid for by one account within 10 days."
    )
    assert planted <= {int(member) for member in found.members[found.units >= 3000]}


def test_a_family_of_seven_that_pays_with_one_card_is_one_home() -> None:
    town = Town().past()
    family = {town.add(30, 3, payer=7, dwelling=9, building=9, phone=9) for _ in range(7)}
    found = look(town.rows)
    assert not family & named(found)
    assert not family & set(found.members.tolist())


def test_a_declared_scheme_explains_its_account_and_nothing_else() -> None:
    town = Town().past()
    employer, other = bought(town, 40, payer=7), bought(town, 20, payer=8)
    found = look(town.rows, Declared(schemes=(7,)))
    assert not employer & named(found)
    assert other <= named(found, 3)


def test_declaring_a_drive_explains_its_device_and_never_a_shared_account() -> None:
    drive = Drive(branch=3, first=FREEZE - 50, last=FREEZE - 49, device=5, recruiter=6)
    honest, stacked = Town().past(), Town().past()
    met = {honest.add(49 + number % 2, 3, device=5, recruiter=6) for number in range(25)}
    paid = {stacked.add(49 + number % 2, 3, device=5, recruiter=6, payer=7) for number in range(25)}
    assert not met & named(look(honest.rows, Declared((drive,))))
    assert paid <= named(look(stacked.rows, Declared((drive,))), 3)


def test_an_undeclared_drive_is_never_asked_about_before_the_vote() -> None:
    town = Town().past()
    met = {town.add(49 + number % 2, 3, device=5, recruiter=6) for number in range(60)}
    assert not met & named(look(town.rows), 3)


def test_an_account_that_was_as_busy_in_three_earlier_years_explains_itself() -> None:
    town = Town().past()
    treasurer = bought(town, 20, payer=7)
    for year in (1, 3, 6):
        bought(town, 20, payer=7, back=40 + 365 * year)
    assert not treasurer & named(look(town.rows))


def test_two_stacked_years_do_not_blind_the_measure() -> None:
    town = Town().past()
    for year in (2, 5):
        for operation in range(4):
            bought(town, 25, payer=100 * year + operation, back=60 + 365 * year)
    planted = bought(town)
    assert planted <= named(look(town.rows), 3)


def test_dates_alone_name_nobody() -> None:
    town = Town().past()
    crowd = {town.add(20 + number % 3, 3) for number in range(150)}
    found = look(town.rows)
    assert not crowd & named(found)
    assert not crowd & set(found.members.tolist())


def test_an_address_on_the_network_that_everybody_has_says_nothing() -> None:
    town = Town().past()
    assert not named(look([row | {"ip": 1} for row in town.rows]), 3)


def test_the_order_of_rows_changes_nothing() -> None:
    town = Town().past()
    bought(town)
    shuffled = list(town.rows)
    random.Random(5).shuffle(shuffled)
    assert look(town.rows).findings == look(shuffled).findings


def test_other_numbers_for_the_same_accounts_change_nothing_that_is_said() -> None:
    town = Town().past()
    bought(town)
    other = [row | {name: row[name] * 7 + 3 for name in ("payer", "phone", "dwelling")} for row in town.rows]
    assert look(town.rows).findings == look(other).findings


def test_what_came_after_the_freeze_is_not_looked_at() -> None:
    town = Town().past()
    before = look(town.rows)
    for number in range(30):
        town.add(-5 - number % 3, 3, payer=7)
    assert look(town.rows).findings == before.findings


def test_below_five_thousand_members_nobody_has_a_number() -> None:
    town = Town().past(members=1500, branches=8)
    planted = bought(town)
    found = look(town.rows)
    assert found.small
    assert not len(found.members)
    assert planted <= named(found)
