"""The patterns of vectors/roll/patterns as towns: what a report published, planted among ordinary members."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.roll.patterns.town import ADDRESS, EMAIL, FREEZE, PHONE, YEAR, Town, ordinary_edits

FOLDER = Path(__file__).resolve().parents[3] / "vectors" / "roll" / "patterns"


@dataclass(frozen=True, slots=True)
class Figures:
    """A pattern's file: published and assumed numbers, and what is right."""

    published: Mapping[str, Any]
    assumed: Mapping[str, Any]
    right: Mapping[str, Any]


def figures(name: str) -> Figures:
    text = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    return Figures(text["published"], text["assumed"], text["right"])


def two_addresses() -> Town:
    """Each card pays for two or three homes of different branches; all of it comes through two addresses."""
    told = figures("two-addresses-1351-joins")
    town = Town(1, branches=told.assumed["branches"]).populate(told.assumed["roll"])
    addresses = [town.token() for _ in range(told.published["ip_addresses"])]
    for card in range(told.assumed["cards"]):
        payer, day = town.token(), FREEZE - 20 - town.draw.randrange(told.published["days"] - 20)
        for _ in range(2 if card < told.assumed["cards_for_two"] else 3):
            branch = town.draw.randrange(town.branches)
            town.plant(branch, day, payer=payer, ip=addresses[card % 2], device=-1)
    return town


def other_cards() -> Town:
    told = figures("other-cards-170-of-12000")
    town = Town(2, branches=told.assumed["branches"])
    town.populate(told.published["members"] - told.published["paid_by_others"])
    for card in range(told.assumed["cards"]):
        payer = town.token()
        for home in range(told.assumed["homes_each"]):
            day = FREEZE - 30 - (home * told.assumed["days"]) // told.assumed["homes_each"]
            town.plant(card % told.assumed["branches_used"], day, payer=payer)
    return town


def warehoused(history: bool = True) -> Town:
    """history: with the table of transfers, in which ordinary movers mostly have a new address."""
    told = figures("warehoused-222")
    town = Town(3, branches=told.assumed["branches"]).populate(told.assumed["roll"])
    for line in [one for one in town.members if one["transfer_day"] >= 0 and history]:
        town.record(
            "transfers",
            member_id=line["member_id"],
            from_branch=(line["branch"] + 7) % town.branches,
            branch=line["branch"],
            day=line["transfer_day"],
            address_changed=town.draw.choices((1, 0, -1), (85, 5, 10))[0],
        )
    by_year = told.assumed["into_one_by_year"]
    for back, cohort in enumerate(reversed(by_year)):
        for place in range(cohort):
            _warehouse(town, 0, FREEZE - YEAR * back - 60 - place % 20, place, history=history)
    elsewhere = told.published["moved"] - told.published["into_one"]
    for place in range(elsewhere):
        branch = 1 + place % told.assumed["other_branches"]
        moved = FREEZE - 10 - (place * told.published["years"] * YEAR) // (elsewhere + 8)
        _warehouse(town, branch, moved, place, history=history)
    return town


def _warehouse(town: Town, branch: int, moved: int, place: int, *, history: bool) -> None:
    joined = moved - 70 - (place * 37) % 100
    line = town.plant(branch, joined, transfer_day=moved)
    if history:
        came = 50 + place % 5
        town.record(
            "transfers",
            member_id=line["member_id"],
            from_branch=came,
            branch=branch,
            day=moved,
            address_changed=0,
        )


def blocks() -> Town:
    """Ten branches of one electorate; branches 0, 1 and 2 are the three."""
    told = figures("blocks-of-6-to-17")
    town = Town(4, branches=told.published["branches"], years=5)
    span = told.published["years"] * YEAR
    for number in range(
        told.assumed["older_members"]
    ):  # joined before the five years that the inquiry looked at
        town.join(number % town.branches, FREEZE - span - 1 - town.draw.randrange(20 * YEAR))
    collector = town.token()
    for branch, name in enumerate(("first", "second", "third")):
        sizes = told.assumed[name]
        for number, size in enumerate(sizes):
            day = FREEZE - 40 - (len(sizes) - 1 - number) * (span - 80) // len(sizes)
            for _ in range(size):
                cash = (
                    {"payer": -1, "cash_collector": collector} if branch == told.published["cash_at"] else {}
                )
                town.plant(branch, day, **cash)
    rest = told.published["applications"] - told.published["in_three"]
    while rest:
        size = min(rest, town.draw.choice((1, 2)))
        branch, day = town.draw.randrange(3, town.branches), FREEZE - town.draw.randrange(span)
        for _ in range(size):
            town.join(branch, day)
        rest -= size
    return town


def edited_contacts(known_days: int | None = None) -> Town:
    """known_days: only the edits of so many days of the operation are there yet; None: all of them."""
    told = figures("edited-contacts-first-day")
    town = Town(5, branches=told.assumed["branches"])
    for place in range(told.published["members"] * town.branches):
        town.join(place % town.branches, town.day())
    ordinary_edits(town)
    wanted = [ADDRESS] * told.published["addresses"] + [PHONE] * told.published["phones"]
    wanted += [EMAIL] * told.published["emails"]
    town.draw.shuffle(wanted)
    operator, days = town.token(), told.assumed["days"]
    people = [one for one in town.members if one["branch"] == 0]
    first = FREEZE - days
    for place, what in enumerate(wanted):
        day = place * days // len(wanted)
        line = people[place * 3 % len(people)]
        town.planted.add(line["member_id"])
        town.record(
            "edits",
            member_id=line["member_id"],
            branch=0,
            day=first + day,
            minute=20 * 60 + 2 * (place % 7),
            operator=operator,
            session=7_000 + day,
            field=what,
            value=town.token(),
        )
    last = FREEZE if known_days is None else first + known_days - 1
    town.tables["edits"] = [one for one in town.tables["edits"] if one["day"] <= last]
    return town


def movers() -> Town:
    """A year in which a seventh of the members move, and say so or are found out by returned letters."""
    told = figures("movers-explain-absence")
    town = Town(6, branches=told.assumed["branches"]).populate(told.published["members"])
    ordinary_edits(town)
    share = 1 - (1 - told.published["moved_within"]) * (1 - told.published["moved_in_from_outside"])
    office = town.token()
    for line in town.draw.sample(town.members, round(share * len(town.members))):
        town.record(
            "edits",
            member_id=line["member_id"],
            branch=line["branch"],
            day=FREEZE - town.draw.randrange(YEAR),
            minute=town.draw.randrange(9 * 60, 17 * 60),
            operator=-1 if town.draw.random() < 0.5 else office,
            session=town.token(),
            field=ADDRESS,
            value=town.token(),
        )
    return town


def fourfold_surge() -> Town:
    told = figures("honest-fourfold-surge")
    town = Town(7, branches=told.assumed["branches"]).populate(told.assumed["before"])
    while len(town.members) < told.published["times"] * told.assumed["before"]:
        size = town.draw.choices((1, 2, 3, 4), (64, 25, 7, 4))[0]
        town.household(size, day=FREEZE - 40 - town.draw.randrange(told.published["days"]))
    return town


def care_home() -> Town:
    """The home pays for residents as they come, over the years; each room is a dwelling of its own."""
    told = figures("care-home")
    town = Town(8, branches=told.assumed["branches"]).populate(told.assumed["roll"])
    scheme, building, telephone = town.token(), town.token(), town.token()
    for room in range(told.assumed["residents"]):
        joined = FREEZE - 25 - room * 65
        paid = {"payer": scheme} if room < 3 or room % 8 < 5 else {}
        line = town.join(3, joined, building=building, phone=telephone, device=-1, ip=-1, email=-1, **paid)
        if not paid:  # a daughter or son elsewhere, a member for longer
            town.join(4, joined - 900, payer=line["payer"])
    return town


def student_hall() -> Town:
    told = figures("student-hall")
    town = Town(9, branches=told.assumed["branches"]).populate(told.assumed["roll"])
    building, network = town.token(), town.token()
    for year in range(told.assumed["years"]):
        tablet, recruiter = town.token(), town.token()
        for student in range(told.assumed["intake"]):
            day = FREEZE - 95 - YEAR * year + student % 14
            shared = {"device": tablet, "recruiter": recruiter} if student % 3 else {}
            town.join(
                5, day, building=building, dwelling=-1 if student % 2 else town.token(), ip=network, **shared
            )
    return town


def family_of_seven() -> Town:
    told = figures("family-of-seven")
    town = Town(10, branches=told.assumed["branches"]).populate(told.assumed["roll"])
    one = {kind: town.token() for kind in ("building", "dwelling", "payer", "device", "ip", "phone", "email")}
    for _ in range(told.assumed["size"]):
        town.alike.add(town.join(6, FREEZE - 100, **one)["member_id"])
    return town


def employer(*, declared: bool = True, stranger: bool = False) -> Town:
    told = figures("declared-employer-scheme")
    town = Town(11, branches=told.assumed["branches"]).populate(told.assumed["roll"])
    payroll = town.token()
    for place in range(told.assumed["staff"]):
        member = town.join(place % town.branches, FREEZE - 30 - place % 90, payer=payroll)
        town.alike.add(member["member_id"])
    if declared:
        town.schemes.add(payroll)
    if stranger:
        other = town.token()
        for place in range(told.assumed["stranger_homes"]):
            town.plant(7, FREEZE - 30 - 2 * place, payer=other)
    return town


def primary_member() -> Town:
    """The roll says who is of one household (`household`); two of four live elsewhere."""
    told = figures("primary-member-pays-the-household")
    town = Town(12, branches=told.assumed["branches"]).populate(told.assumed["roll"])
    for line in town.members:
        line["household"] = line["dwelling"]
    for _ in range(told.assumed["families"]):
        day, branch = FREEZE - town.draw.randrange(town.years * YEAR), town.draw.randrange(town.branches)
        primary, house = town.token(), town.token()
        for person in range(told.assumed["size"]):
            home = {"building": house, "dwelling": house} if person < 2 else {}
            line = town.join(branch, min(FREEZE, day + 11 * person), payer=primary, **home)
            line["household"] = house
            town.alike.add(line["member_id"])
    return town


def clean_roll() -> Town:
    told = figures("clean-roll")
    town = Town(13, branches=told.assumed["branches"]).populate(told.assumed["roll"])
    ordinary_edits(town)
    return town


FOUND: Mapping[str, Callable[[], Town]] = {
    "two-addresses-1351-joins": two_addresses,
    "other-cards-170-of-12000": other_cards,
    "warehoused-222": warehoused,
    "blocks-of-6-to-17": blocks,
    "edited-contacts-first-day": edited_contacts,
}
NOT_FOUND: Mapping[str, Callable[[], Town]] = {
    "movers-explain-absence": movers,
    "honest-fourfold-surge": fourfold_surge,
    "care-home": care_home,
    "student-hall": student_hall,
    "family-of-seven": family_of_seven,
    "declared-employer-scheme": employer,
    "primary-member-pays-the-household": primary_member,
    "clean-roll": clean_roll,
}
