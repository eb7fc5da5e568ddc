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


def test_placebo_years_show_how_many_had_as_much_evidence_by_what_is_known_of_them() -> None:
    town = Town().past()
    bought(town, 20, payer=7, back=40 + 365)
    unknown = sum(1 for row in town.rows if 365 <= FREEZE - row["join_day"] < 730)
    last = [one for one in look(town.rows).placebo if one.year == 1]
    # everybody in these rolls has an account, a telephone and a flat, and nobody a device
    assert [(one.pattern, one.members) for one in last] == [("no device", unknown)]
    assert last[0].above[-1] == 20


def test_a_cash_collector_is_held_against_the_own_history_and_the_branchs() -> None:
    town = Town().past()
    for year in range(1, 10):  # an old hand, and a branch in which somebody always takes cash
        for number in range(12):
            town.add(40 + 365 * year + number, 4, payer=-1, cash_collector=1)
    old = {town.add(40 + number, 4, payer=-1, cash_collector=1) for number in range(12)}
    new = {town.add(40 + number, 5, payer=-1, cash_collector=2) for number in range(40)}
    found = look(town.rows)
    units = dict(zip(found.members.tolist(), found.units.tolist(), strict=True))
    assert not old & set(units)
    assert all(units.get(member, 0) >= 3000 for member in new)
    assert not new & named(found, 3), "cash is asked about, and never before the vote"


def test_cash_from_many_homes_in_a_branch_that_does_not_grow_says_nothing_of_anybody() -> None:
    town = Town().past(branches=1)  # 520 a year in one branch: 20 more in two months are nothing there
    paid = {town.add(40 + number, 0, payer=-1, cash_collector=2) for number in range(20)}
    found = look(town.rows)
    units = dict(zip(found.members.tolist(), found.units.tolist(), strict=True))
    assert not paid & set(units)


def test_invented_flats_in_a_few_houses_are_found_by_the_house() -> None:
    town = Town().past()
    planted = {town.add(50 + flat, 3, building=500 + house) for house in range(4) for flat in range(6)}
    family = {town.add(50 + number, 4, building=900, dwelling=900) for number in range(7)}
    found = look(town.rows)
    assert planted <= named(found)
    assert not family & named(found)


def test_a_hall_that_fills_every_autumn_is_full_by_nature() -> None:
    town = Town().past()
    for year in range(1, 10):
        for room in range(25):
            town.add(60 + 365 * year + room % 20, 3, building=800, dwelling=800)
    rooms = {town.add(60 + room % 20, 3, building=800, dwelling=800) for room in range(25)}
    assert not rooms & named(look(town.rows))


def test_a_cohort_that_moves_in_soon_after_joining_is_found_and_a_few_movers_are_not() -> None:
    town = Town().past()
    moved = {town.add(150 + number, 3, transfer_day=FREEZE - 40 - number % 9) for number in range(15)}
    few = {town.add(150 + number, 4, transfer_day=FREEZE - 40 - number) for number in range(2)}
    found = look(town.rows)
    assert moved <= named(found, 3)
    assert not few & named(found)


def test_many_pairs_in_one_branch_are_pooled_and_a_few_are_not() -> None:
    town = Town().past()
    pooled = {town.add(30 + 8 * pair, 3, payer=100 + pair) for pair in range(12) for _ in range(2)}
    pair = {town.add(30, 5, payer=200) for _ in range(2)}
    found = look(town.rows)
    assert pooled <= named(found)
    assert not pair & named(found)
    units = dict(zip(found.members.tolist(), found.units.tolist(), strict=True))
    assert min(units[member] for member in pooled) > max(units.get(member, 0) for member in pair)


def test_an_honest_year_more_raises_nobody() -> None:
    town = Town().past(members=6000)
    planted = bought(town, 6)
    ten = look(town.rows)
    nine = look([row for row in town.rows if row["join_day"] >= 365])
    evidence = [dict(zip(one.members.tolist(), one.units.tolist(), strict=True)) for one in (nine, ten)]
    more = [evidence[1][member] - evidence[0][member] for member in planted]
    assert max(abs(one) for one in more) <= 300, "a year like the others changes hardly anything"


def test_a_drive_and_a_shared_telephone_with_one_member_in_common_stay_two_groups() -> None:
    town = Town().past()
    drive = [town.add(49, 3, device=5, recruiter=6) for _ in range(30)]
    telephone = {town.add(50 + number, 3, phone=77) for number in range(10)} | {drive[0]}
    town.rows[drive[0]]["phone"] = 77
    found = look(town.rows)
    (finding,) = [one for one in found.findings if one.kind == "phone"]
    assert {int(member) for member in finding.members} == telephone
    assert not set(drive[1:]) & named(found, 3)


def test_what_makes_a_finding_urgent_gives_its_title() -> None:
    """Forty homes joined on one device, one account paid for thirty of them: the device alone would never ask now."""
    town = Town().past()
    for n in range(40):
        town.add(30 + n % 14, 3, device=77, **({"payer": 88} if n < 30 else {}))
    (urgent,) = (one for one in look(town.rows).findings if one.severity >= 3)
    assert (urgent.kind, urgent.kinds[0]) == ("payer", "payer")
    assert "device" in urgent.kinds


def test_a_pair_of_homes_in_two_branches_does_not_chain_their_groups() -> None:
    town = Town().past()
    here = {town.add(30 + 8 * pair, 3, payer=100 + pair) for pair in range(12) for _ in range(2)}
    there = {town.add(30 + 8 * pair, 5, payer=300 + pair) for pair in range(12) for _ in range(2)}
    for number, place in ((min(here), 3), (min(there), 5)):
        town.rows[number]["phone"] = 77
        assert town.rows[number]["branch"] == place
    found = look(town.rows)
    sets = [{int(member) for member in one.members} for one in found.findings]
    assert any(here <= one for one in sets)
    assert not any(here & one and there & one for one in sets)
