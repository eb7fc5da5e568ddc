"""What looks like an operation and is none: an honest roll, whole or with one such group, gives no finding.

Every case has its counterpart in which the same machinery does find something, so that silence says something.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from selectorate.roll import signals
from selectorate.roll.keeping import movers

from .conftest import FREEZE, Marked, Take, found_on

BRANCHES = ("Northgate", "Southquay", "Eastcross", "Westhaven")
YEARS = 6


@dataclass(frozen=True, slots=True)
class Person:
    """One invented member; every year of membership is paid on the same day by the same account."""

    number: str
    branch: str
    joined: date
    street: str
    payer: str
    room: str = ""
    household: str = ""


def ordinary() -> Iterator[Person]:
    """800 members of four branches who joined evenly over six years, each from a home of their own."""
    for n in range(800):
        joined = FREEZE - timedelta(days=(n * 911) % (365 * YEARS))
        yield Person(f"N-{n:05}", BRANCHES[n % 4], joined, f"{n} Mill Lane", f"OWN{n}")


def files(people: Iterable[Person]) -> tuple[str, str]:
    """The lists of members and of payments, as CSV."""
    members = ["member_id,full_name,joined_on,address_1,address_2,postcode,branch,household_ref"]
    payments = ["member_id,paid_on,amount,payer_ref,method"]
    for one in people:
        members.append(
            f"{one.number},Member {one.number},{one.joined},{one.street},{one.room},OR1 1XX,{one.branch},"
            f"{one.household}"
        )
        paid = one.joined
        while paid <= FREEZE:
            payments.append(f"{one.number},{paid},24.00,{one.payer},transfer")
            paid += timedelta(days=365)
    return "\n".join(members), "\n".join(payments)


def group(size: int, branch: str = BRANCHES[0], **given: str) -> list[Person]:
    """New members of the last half-year, by default each from a home of their own and paid by one account."""
    street = given.get("street")
    return [
        Person(
            f"G-{n:05}",
            branch,
            date(2026, 7, 1) + timedelta(days=3 * n),
            street or f"{n} Quarry Road",
            given.get("payer") or f"ALSO{n}",
            room=f"Room {n}" if street else "",
            household=given.get("household", ""),
        )
        for n in range(size)
    ]


def found(take: Take, people: list[Person], declared: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The kinds of finding above a notice."""
    engine = take(*files([*ordinary(), *people]))
    return tuple(one.kind for one in found_on(engine, declared) if one.severity >= 2)


def test_a_clean_roll_gives_no_finding(take: Take) -> None:
    assert found(take, []) == ()


def test_the_invented_roll_without_its_operation_gives_no_finding_that_asks_anybody(quiet: Marked) -> None:
    assert signals.challenged(found_on(quiet.engine, [quiet.invention.truth.employer])) == ()


def test_a_care_home_that_pays_for_its_residents_gives_no_finding(take: Take) -> None:
    """Forty rooms, whose residents joined over the years and are all paid for by the home since."""
    residents = [
        Person(
            f"H-{n}",
            BRANCHES[0],
            FREEZE - timedelta(days=20 + 53 * n),
            "1 Lantern Home",
            "HOME",
            room=f"Room {n}",
        )
        for n in range(40)
    ]
    assert found(take, residents) == ()
    apart = group(40, payer="HOME")
    assert found(take, apart) == ("payer", "surge")


def test_a_family_of_seven_paid_by_one_of_them_gives_no_finding(take: Take) -> None:
    assert found(take, group(7, street="7 Harbour Rise", payer="PARENT")) == ()


def test_a_declared_employer_gives_no_finding_and_an_undeclared_account_does(take: Take) -> None:
    staff = group(40, payer="PAYROLL-7")
    for n, one in enumerate(staff):  # of all branches, so that no branch alone has a burst
        staff[n] = replace(one, branch=BRANCHES[n % 4])
    assert found(take, staff, declared=("payroll 7",)) == ()
    assert found(take, staff) == ("payer",)


def test_a_primary_member_who_pays_for_the_household_gives_no_finding(take: Take) -> None:
    """Parents, a student away and a grandmother in her own home: four addresses that the list declares as one
    household. Without that declaration five homes of one branch on one account are a question."""

    def family(household: str) -> list[Person]:
        return [
            Person(
                f"G-{n}",
                BRANCHES[0],
                date(2026, 9, 1 + n),
                f"{n} Ferry Row",
                "PRIMARY",
                household=household,
            )
            for n in range(5)
        ]

    assert found(take, family("H-17")) == ()
    assert found(take, family("")) == ("payer",)


def freshers(year: int, number: int, prefix: str) -> list[Person]:
    """An intake: so many join the branch of the hall in three weeks of October, each paying for themselves."""
    first = date(year, 10, 1)
    return [
        Person(
            f"{prefix}{year}-{n}",
            BRANCHES[2],
            first + timedelta(days=n % 21),
            "1 Student Hall",
            f"{prefix}{year}{n}",
            room=f"Room {n}",
        )
        for n in range(number)
    ]


def test_a_student_hall_gives_no_finding_in_the_weeks_of_its_yearly_intake(take: Take) -> None:
    years = [one for year in range(2021, 2027) for one in freshers(year, 60, "S")]
    assert found(take, years) == ()


def test_the_same_intake_where_there_never_was_one_is_a_question_to_the_branch(take: Take) -> None:
    assert found(take, freshers(2026, 60, "S")) == ("surge",)


# ---------------------------------------------------------------- a second register


def case(vectors: Path) -> dict[str, float]:
    text = (vectors / "roll" / "movers-explain-absence" / "figures.toml").read_text("utf-8")
    return dict(tomllib.loads(text)["figures"])


def test_movers_explain_absence(vectors: Path, take: Take) -> None:
    """1,217 members of whom 149 are not on the register: fewer than a year's moving alone lets expect."""
    figures = case(vectors)
    members, missing = int(figures["members"]), int(figures["not_found"])
    listed, _ = files(
        Person(f"N-{n:05}", BRANCHES[n % 4], date(2009, 1, 1), f"{n} Mill Lane", "") for n in range(members)
    )
    engine = take(listed)
    register = [(f"N-{n:05} MEMBER", "or1  1xx") for n in range(missing, members)]
    share = movers.expected_share(figures["moved_within"], figures["years"], figures["moved_in_from_outside"])
    whole, *branches = movers.judge(movers.count(engine, register), share)
    assert (whole.members, whole.missing) == (members, missing)
    # 1 - 0.905 * 0.947 = 0.142965; of 1,217 that is 174.
    assert round(whole.expected) == 174
    assert not any(one.more for one in (whole, *branches))
    assert "It is no finding." in whole.sentence()


def test_many_more_missing_than_moving_explains_is_a_question_to_a_branch_and_names_nobody(
    take: Take,
) -> None:
    listed, _ = files(
        Person(f"N-{n:05}", BRANCHES[n % 4], date(2009, 1, 1), f"{n} Mill Lane", "") for n in range(1_200)
    )
    engine = take(listed)
    absent = {n for n in range(1_200) if n // 4 % 10 == 0 or (n % 4 == 1 and n % 3 == 0)}
    register = [(f"Member N-{n:05}", "OR1 1XX") for n in range(1_200) if n not in absent]
    judged = {one.branch: one for one in movers.judge(movers.count(engine, register), 0.143)}
    assert judged["Southquay"].more
    assert not any(
        one.more for branch, one in judged.items() if branch in ("Northgate", "Eastcross", "Westhaven")
    )
    assert "It says nothing about any one member" in judged["Southquay"].sentence()
    assert not any("N-0" in one.sentence() for one in judged.values())


@pytest.mark.parametrize(
    ("members", "missing", "share", "chance"),
    [(3, 2, 0.5, 4 / 8), (2, 1, 0.25, 1 - 0.75**2), (10, 10, 0.5, 1 / 1024), (5, 0, 0.3, 1.0)],
)
def test_the_tail_is_that_of_the_binomial(members: int, missing: int, share: float, chance: float) -> None:
    assert movers.tail(members, missing, share) == pytest.approx(chance)


def test_a_branch_of_fewer_than_ten_is_not_shown() -> None:
    judged = movers.judge([("Large", 100, 10), ("Small", 9, 9)], 0.143)
    assert [one.branch for one in judged] == ["", "Large"]


def test_nothing_of_the_second_register_is_kept(take: Take) -> None:
    engine = take(*files([*ordinary()][:50]))
    before = tables(engine)
    movers.count(engine, [("Somebody Else", "ZZ9 9ZZ")])
    assert tables(engine) == before


def tables(engine: duckdb.DuckDBPyConnection) -> list[tuple[str]]:
    return engine.execute("SELECT table_name FROM information_schema.tables ORDER BY 1").fetchall()
