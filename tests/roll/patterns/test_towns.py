"""The towns hold what the reports published, so that what is found in them answers the reports."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from tests.roll.patterns import cases
from tests.roll.patterns.town import FREEZE, MEMBERS, TABLES, YEAR, Town


@pytest.fixture(scope="module")
def towns() -> dict[str, Town]:
    """Each town, made when a test asks for it first."""

    class Made(dict[str, Town]):
        def __missing__(self, name: str) -> Town:
            self[name] = {**cases.FOUND, **cases.NOT_FOUND}[name]()
            return self[name]

    return Made()


def planted(town: Town) -> list[dict[str, int]]:
    return [one for one in town.members if one["member_id"] in town.planted]


def test_every_pattern_has_its_figures_and_every_file_its_town() -> None:
    files = {path.stem for path in cases.FOLDER.glob("*.toml")}
    assert files == {*cases.FOUND, *cases.NOT_FOUND}
    assert all(cases.figures(name).right["found"] for name in cases.FOUND)
    assert not any(cases.figures(name).right["found"] for name in cases.NOT_FOUND)


def test_a_town_is_the_same_when_made_again(towns: dict[str, Town]) -> None:
    assert cases.blocks().columns() == towns["blocks-of-6-to-17"].columns()


@pytest.mark.slow
def test_1351_joins_come_through_two_addresses_and_half_of_1233_cards(towns: dict[str, Town]) -> None:
    those = planted(towns["two-addresses-1351-joins"])
    assert len(those) == 1_351
    assert len({one["ip"] for one in those}) == 2
    homes = Counter(one["payer"] for one in those)
    assert abs(len(homes) / 1_233 - 0.5) < 0.01
    assert set(homes.values()) == {2, 3}
    assert {one["device"] for one in those} == {-1}
    assert max(one["join_day"] for one in those) - min(one["join_day"] for one in those) <= 182


def test_170_of_12000_are_paid_for_by_cards_of_others(towns: dict[str, Town]) -> None:
    town = towns["other-cards-170-of-12000"]
    assert len(town.members) == 12_000
    assert len(planted(town)) == 170
    assert all(FREEZE - one["join_day"] < YEAR for one in planted(town))


def test_222_moved_within_six_months_and_59_of_them_into_one_branch(towns: dict[str, Town]) -> None:
    those = planted(towns["warehoused-222"])
    assert len(those) == 222
    assert Counter(one["branch"] for one in those)[0] == 59
    assert max(Counter(one["branch"] for one in those if one["branch"]).values()) <= 5
    assert all(0 < one["transfer_day"] - one["join_day"] <= 182 for one in those)
    assert all(FREEZE - one["transfer_day"] < 5 * YEAR for one in those)
    assert sum(one["branch"] == 0 and FREEZE - one["transfer_day"] < YEAR for one in those) == 24


def test_207_of_366_came_in_blocks_of_6_to_17_and_the_others_in_ones_and_twos(towns: dict[str, Town]) -> None:
    town = towns["blocks-of-6-to-17"]
    recent = [one for one in town.members if FREEZE - one["join_day"] < 5 * YEAR]
    assert len(recent) == 366
    sizes: dict[int, list[int]] = defaultdict(list)
    for (branch, _), number in sorted(Counter((o["branch"], o["join_day"]) for o in recent).items()):
        sizes[branch].append(number)
    assert set(sizes[0]) == {6}
    assert (max(sizes[1]), max(sizes[2])) == (14, 17)
    assert sum(map(sum, (sizes[0], sizes[1], sizes[2]))) == 207
    # Two applications of one branch may fall on one day by accident.
    assert all(max(sizes[branch]) <= 4 for branch in range(3, 10))
    assert sum(number <= 2 for branch in range(3, 10) for number in sizes[branch]) >= 100


def test_71_addresses_26_telephones_and_40_mail_addresses_change_among_500_members(
    towns: dict[str, Town],
) -> None:
    town = towns["edited-contacts-first-day"]
    assert Counter(one["branch"] for one in town.members)[0] == 500
    by = Counter(one["operator"] for one in town.tables["edits"] if one["session"] < 8_000)
    ((operator, number),) = by.items()
    assert number == 71 + 26 + 40
    fields = Counter(one["field"] for one in town.tables["edits"] if one["operator"] == operator)
    assert fields == {0: 71, 1: 26, 2: 40}
    first = cases.edited_contacts(known_days=1)
    assert sum(one["operator"] == operator for one in first.tables["edits"]) == 7
    assert max(one["day"] for one in first.tables["edits"]) == FREEZE - 20


def test_a_seventh_of_1217_members_move(towns: dict[str, Town]) -> None:
    town = towns["movers-explain-absence"]
    assert len(town.members) == 1_217
    last = [one for one in town.tables["edits"] if one["day"] > FREEZE - YEAR and one["field"] == 0]
    assert len(last) >= round(0.142965 * 1_217) == 174


@pytest.mark.slow
def test_a_roll_grows_fourfold_in_two_weeks(towns: dict[str, Town]) -> None:
    town = towns["honest-fourfold-surge"]
    new = [one for one in town.members if FREEZE - 54 < one["join_day"] <= FREEZE - 40]
    assert 20_000 <= len(town.members) < 20_010
    assert len(new) >= 14_500


@pytest.mark.slow
def test_the_look_alikes_are_what_they_say(towns: dict[str, Town]) -> None:
    home = [one for one in towns["care-home"].members if one["branch"] == 3 and one["device"] == -1]
    assert max(Counter(one["payer"] for one in home).values()) == 25
    hall = Counter(one["device"] for one in towns["student-hall"].members if one["device"] >= 0)
    assert (
        sorted(hall.values())[-6:] == [40] * 6
    )  # of 60 students a year those whose number 3 does not divide
    assert Counter(one["dwelling"] for one in towns["family-of-seven"].members).most_common(1)[0][1] == 7
    staff = towns["declared-employer-scheme"]
    (payroll,) = staff.schemes
    assert sum(one["payer"] == payroll for one in staff.members) == 150
    families = towns["primary-member-pays-the-household"].columns()
    assert max(Counter(families["payer"]).values()) >= 4
    assert "household" in families


def test_tables_have_the_columns_that_the_detector_reads(towns: dict[str, Town]) -> None:
    town = towns["edited-contacts-first-day"]
    assert tuple(town.columns()) == MEMBERS
    assert tuple(town.table("edits")) == TABLES["edits"]
    assert all(isinstance(one, int) for column in town.columns().values() for one in column[:50])
