"""An invented roll: members, households, payments and joins of an organisation that does not exist.

Everything follows from a seed and the freeze date. Names are words of landscape and weather and say nothing
of anybody's origin; places are invented. Among about 12,000 members there are three honest groups that look
like an operation (a family of seven paid by one parent, a care home, a student hall), an employer that pays
for its staff, and one planted operation: an account that pays for 34 members of one branch, who joined within
three weeks and just in time to be eligible. `Truth` says who is who; it is for tests and for the
demonstration's own words, never for the roll's findings.
"""

from __future__ import annotations

import calendar
import csv
import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = _split(
    """Robin Wren Lark Swift Heron Teal Jay Merle Sky Rain River Brook Reed Sage Clover Fern Moss Heath Sorrel
    Flint Slate Jet Opal Coral Pearl Amber Jasper Onyx Garnet Quartz Frost Snow Storm Gale Dawn Dusk Star
    Comet Marsh Lake Tarn Delta Isle Cove Bay Cape Dune Mesa Ridge Cliff Summer Winter Autumn March April June
    Harbour Arrow"""
)
FIRST = _split(
    """North South East West Upper Nether Long Broad Clear Bright Green Grey White Red Silver Golden Stone
    Sand Clay Wind Rain Snow Moon Sun Star Mill Bridge Gate Well Spring"""
)
LAST = _split(
    """field marsh hill vale ford brook meadow moor shore bank lea dale combe crest point side bourne head
    heath reach"""
)
BRANCHES = tuple(
    f"{first}{last}"
    for first in ("North", "South", "East", "West", "Mill", "Sand", "Clay", "Stone")
    for last in ("gate", "quay", "cross", "market", "haven")
)
STREETS = _split(
    """Mill Quarry Station Orchard Harbour Chapelfield Market Tannery Ropewalk Lower Upper Weavers Foundry
    Canal Granary Lantern Ferry Meadow Windmill Kiln"""
)
KINDS = ("Lane", "Road", "Street", "Rise", "Row")
COLUMNS = _split(
    """member_id full_name born_on email phone address_1 address_2 locality postcode branch household_ref
    membership_type status joined_on Religion"""
)
PAID = ("member_id", "paid_on", "amount", "payer_ref", "method")
YEARS = 10
LEDGER_YEARS = 6
HONEST = 11_870
OPERATION = 34
OPERATION_HOMES = 31
STAFF = 60
HOME_RESIDENTS = 40


@dataclass(frozen=True, slots=True)
class Person:
    """One invented member. months_late: how long ago the paid period ended; None: the ledger knows
    nothing."""

    number: str
    name: str
    born: date
    email: str
    phone: str
    street: str
    unit: str
    branch: str
    household: str
    joined: date
    payer: str
    status: str = "Current"
    months_late: int | None = 0
    method: str = "direct debit"


@dataclass(frozen=True, slots=True)
class Truth:
    """Who is who, by member number; employer: the account that pays for staff, declared in advance."""

    operation: tuple[str, ...]
    operation_branch: str
    family: tuple[str, ...]
    care_home: tuple[str, ...]
    hall: tuple[str, ...]
    hall_branch: str
    staff: tuple[str, ...]
    employer: str
    no_ledger: tuple[str, ...]
    in_arrears: tuple[str, ...]
    suspended: tuple[str, ...]
    too_new: tuple[str, ...]
    twice: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Invention:
    """The files as the organisation would export them, and the truth about them."""

    members_csv: bytes
    members_xlsx: bytes
    payments_csv: bytes
    truth: Truth

    def files(self) -> tuple[tuple[str, bytes], ...]:
        return (
            ("members.csv", self.members_csv),
            ("members.xlsx", self.members_xlsx),
            ("payments.csv", self.payments_csv),
        )


def invent(
    freeze: date,
    seed: int = 1,
    sentinel: str | None = None,
    operation: bool = True,
    honest: int = HONEST,
) -> Invention:
    """The invented roll. sentinel: text put into every private field, so that a test can search for it;
    operation: whether the planted operation is among them; honest: how many members beside the groups."""
    maker = _Maker(freeze, seed)
    people, truth = maker.all(operation, honest)
    marked = [_marked(person, sentinel) for person in people] if sentinel else people
    half = set(BRANCHES[: len(BRANCHES) // 2])
    first = [person for person in marked if _bare(person.branch, sentinel) in half]
    second = [person for person in marked if _bare(person.branch, sentinel) not in half]
    return Invention(
        members_csv=_csv((COLUMNS, *(_line(person, sentinel) for person in first))),
        members_xlsx=_xlsx(second, freeze, sentinel),
        payments_csv=_csv((PAID, *maker.payments(marked))),
        truth=truth if not sentinel else _marked_truth(truth, sentinel),
    )


class _Maker:
    """Draws people in a fixed order from one seeded source; numbers are given in the order of joining."""

    def __init__(self, freeze: date, seed: int) -> None:
        self.freeze = freeze
        self.draw = random.Random(seed)  # noqa: S311 - an invented roll, not a secret
        self.accounts = 0
        self.homes = 0

    def all(self, operation: bool, honest: int) -> tuple[list[Person], Truth]:
        groups = {
            "family": self.family(),
            "care_home": self.care_home(),
            "hall": self.hall(),
            "staff": self.staff(),
            "operation": self.operation() if operation else [],
            "honest": self.honest(honest),
        }
        tagged = [(person, group) for group, members in groups.items() for person in members]
        tagged.sort(key=lambda one: (one[0].joined, one[0].branch, one[0].street, one[0].name, one[0].born))
        people: list[Person] = []
        who: dict[str, list[str]] = {group: [] for group in groups}
        for place, (person, group) in enumerate(tagged, start=1):
            people.append(self.numbered(person, place, group))
            who[group].append(people[-1].number)
        people, twice = self.twice(people)
        employer = next(person.payer for person in people if person.number in set(who["staff"]))
        return people, self.truth(people, who, employer, twice)

    def truth(
        self,
        people: Sequence[Person],
        who: dict[str, list[str]],
        employer: str,
        twice: tuple[tuple[str, str], ...],
    ) -> Truth:
        planted = set(who["operation"])
        late = [one.number for one in people if one.months_late is not None and one.months_late > 3]
        return Truth(
            operation=tuple(who["operation"]),
            operation_branch=next((one.branch for one in people if one.number in planted), ""),
            family=tuple(who["family"]),
            care_home=tuple(who["care_home"]),
            hall=tuple(who["hall"]),
            hall_branch=BRANCHES[25],
            staff=tuple(who["staff"]),
            employer=employer,
            no_ledger=tuple(one.number for one in people if one.months_late is None),
            in_arrears=tuple(late),
            suspended=tuple(one.number for one in people if one.status == "Suspended"),
            too_new=tuple(one.number for one in people if one.joined > self.qualifying()),
            twice=twice,
        )

    def qualifying(self) -> date:
        """Six months before the freeze: the last day of joining that the demonstration's rulebook accepts."""
        month = self.freeze.month - 6
        year = self.freeze.year - (1 if month < 1 else 0)
        month += 12 if month < 1 else 0
        return date(year, month, min(self.freeze.day, calendar.monthrange(year, month)[1]))

    def numbered(self, person: Person, place: int, group: str) -> Person:
        """The person with a number, contacts and, for the many, a state of payment and standing."""
        number = f"M-{place:05d}"
        shown = replace(person, number=number, email=f"m{place:05d}@post.example", phone=f"0700 {place:07d}")
        if group != "honest":
            return shown
        lot, young = self.draw.random(), self.draw.random()
        if young < 0.06 and not self.older(person, 700):
            return replace(shown, born=self.freeze - timedelta(days=14 * 365 + self.draw.randrange(5, 300)))
        if lot < 0.003:
            return replace(shown, months_late=None)
        if lot < 0.018:
            return replace(shown, months_late=self.draw.randint(5, 20) if self.older(person, 900) else 0)
        if lot < 0.028:
            return replace(shown, months_late=self.draw.randint(1, 3) if self.older(person, 900) else 0)
        return replace(shown, status="Suspended") if lot < 0.0295 else shown

    def older(self, person: Person, days: int) -> bool:
        """Whether somebody has been a member for more than so many days."""
        return (self.freeze - person.joined).days > days

    def twice(self, people: Sequence[Person]) -> tuple[list[Person], tuple[tuple[str, str], ...]]:
        """Two persons stand on the roll twice, each under a second number with the same address for
        e-mail."""
        again: list[tuple[str, Person]] = []
        for place in (len(people) // 4, len(people) * 5 // 8):
            first = people[place]
            number = f"M-{len(people) + len(again) + 1:05d}"
            again.append(
                (first.number, replace(first, number=number, phone=f"0711 {place:07d}", months_late=None))
            )
        return [*people, *(second for _, second in again)], tuple((one, two.number) for one, two in again)

    def account(self) -> str:
        self.accounts += 1
        return f"ACC-{self.accounts:06d}"

    def street(self) -> str:
        """An address that no other household has."""
        self.homes += 1
        place, number = divmod(self.homes, 180)
        kind, name = divmod(place, len(STREETS))
        return f"{number + 1} {STREETS[name]} {KINDS[kind % len(KINDS)]}"

    def person(self, branch: str, street: str, joined: date, payer: str, **more: str) -> Person:
        name = f"{self.draw.choice(GIVEN)} {self.draw.choice(FIRST)}{self.draw.choice(LAST)}"
        age = min(92, max(13, round(self.draw.gauss(47, 16)), (self.freeze - joined).days // 365 + 16))
        born = self.freeze - timedelta(days=age * 365 + self.draw.randrange(20, 340))
        made = Person("", name, born, "", "", street, "", branch, "", joined, payer)
        return replace(made, **more)  # type: ignore[arg-type]

    def day(self) -> date:
        """A day of joining: about half of the roll is older than ten years; more join in spring."""
        if self.draw.random() < 0.5:
            return self.freeze - timedelta(days=YEARS * 365 + self.draw.randrange(15 * 365))
        while True:
            day = self.freeze - timedelta(days=self.draw.randrange(1, YEARS * 365))
            if self.draw.random() < (1.0 if 2 <= day.month <= 5 else 0.75):
                return day

    def honest(self, count: int) -> list[Person]:
        people: list[Person] = []
        shares = list(accumulate(self.draw.lognormvariate(0, 0.4) for _ in BRANCHES))
        while len(people) < count:
            branch = self.draw.choices(BRANCHES, cum_weights=shares)[0]
            size = self.draw.choices((1, 2, 3, 4), (62, 28, 7, 3))[0]
            street, joined, account = self.street(), self.day(), self.account()
            for place in range(min(size, count - len(people))):
                together = self.draw.random() < 0.7
                payer = account if place == 0 or self.draw.random() < 0.65 else self.account()
                people.append(self.person(branch, street, joined if together else self.day(), payer))
            if self.draw.random() < 0.02 and len(people) > 5:
                # A gift: somebody pays for one or, seldom, two people who live elsewhere.
                for place in self.draw.sample(range(len(people)), 2 if self.draw.random() < 0.1 else 1):
                    people[place] = replace(people[place], payer=account)
        return people

    def family(self) -> list[Person]:
        """Seven members, one paying parent; two of them study and live in the hall of another branch."""
        street, payer, joined = self.street(), self.account(), self.freeze - timedelta(days=260)
        at_home = [self.person(BRANCHES[4], street, joined, payer, household="H-7") for _ in range(5)]
        away = [
            self.person(BRANCHES[25], "1 Ropewalk Hall", joined, payer, unit=f"Room {room}", household="H-7")
            for room in (301, 302)
        ]
        return at_home + away

    def care_home(self) -> list[Person]:
        """Forty residents at one address: a scheme of the home pays for most, relatives elsewhere for
        others."""
        scheme, people = self.account(), []
        for room in range(1, HOME_RESIDENTS + 1):
            joined = self.freeze - timedelta(days=200 + 30 * room)
            payer = scheme if room <= 25 else self.account()
            older = {"unit": f"Room {room}", "household": "CARE-1"}
            resident = self.person(BRANCHES[12], "2 Orchard House", joined, payer, **older)
            people.append(replace(resident, born=self.freeze - timedelta(days=365 * 80 + room * 20)))
            if room > 25:
                people.append(self.person(BRANCHES[13], self.street(), joined - timedelta(days=900), payer))
        return people

    def hall(self) -> list[Person]:
        """A student hall with its autumn intake, every year; everybody pays alone."""
        people = []
        for year in range(self.freeze.year - 6, self.freeze.year + 1):
            for student in range(22):
                joined = date(year, 9, 20) + timedelta(days=self.draw.randrange(21))
                if joined >= self.freeze:
                    continue
                room = {"unit": f"Room {year % 100 * 10 + student}", "household": "HALL-1"}
                one = self.person(BRANCHES[25], "1 Ropewalk Hall", joined, self.account(), **room)
                age = 18 * 365 + 200 + self.draw.randrange(900) + (self.freeze - joined).days
                people.append(replace(one, born=self.freeze - timedelta(days=age)))
        return people

    def staff(self) -> list[Person]:
        """An employer that pays for its staff, all over the branches, for many years."""
        payer = self.account()
        return [
            self.person(
                BRANCHES[place % 30], self.street(), self.freeze - timedelta(days=2_400 + 11 * place), payer
            )
            for place in range(STAFF)
        ]

    def operation(self) -> list[Person]:
        """34 members in 31 homes of one branch, joined in the three weeks before the qualifying day."""
        payer, people, last = self.account(), list[Person](), self.qualifying()
        homes = [self.street() for _ in range(OPERATION_HOMES)]
        for place in range(OPERATION):
            joined = last - timedelta(days=1 + place * 19 // OPERATION)
            person = self.person(BRANCHES[31], homes[place % OPERATION_HOMES], joined, payer)
            born = self.freeze - timedelta(days=365 * (19 + place * 2))
            people.append(replace(person, born=born, method="card"))
        return people

    def payments(self, people: Sequence[Person]) -> Iterator[tuple[str, ...]]:
        """A payment on joining and on every anniversary since, of the years that the ledger has."""
        start = self.freeze - timedelta(days=LEDGER_YEARS * 365)
        for person in people:
            if person.months_late is None:
                continue
            for day in _anniversaries(person.joined, self.freeze):
                if day >= start and not self.missed(person, day):
                    yield person.number, day.isoformat(), "36.00", person.payer, person.method
            if person.months_late:
                # One payment so long ago that its twelve months ended months_late months before the freeze.
                day = self.freeze - timedelta(days=365 + round(30.5 * person.months_late) + 5)
                yield person.number, day.isoformat(), "36.00", person.payer, person.method

    def missed(self, person: Person, day: date) -> bool:
        late = person.months_late or 0
        return late > 0 and day > self.freeze - timedelta(days=365 + round(30.5 * late) + 5)


def _anniversaries(joined: date, until: date) -> Iterator[date]:
    day = min(joined.day, 28)
    for year in range(joined.year, until.year + 1):
        paid = joined if year == joined.year else date(year, joined.month, day)
        if paid < until:
            yield paid


def _line(person: Person, sentinel: str | None) -> tuple[str, ...]:
    return (
        person.number,
        person.name,
        person.born.isoformat(),
        person.email,
        person.phone,
        person.street,
        person.unit,
        _town(person),
        _code(person.branch),
        person.branch,
        person.household,
        "Standard",
        person.status,
        person.joined.isoformat(),
        f"refused-{sentinel}" if sentinel else "x",
    )


def _town(person: Person) -> str:
    return f"{person.branch} town"


def _code(branch: str) -> str:
    bare = next((place for place, name in enumerate(BRANCHES) if branch.startswith(name)), 0)
    return f"Q{bare:02d} {branch[len(BRANCHES[bare]) :] or '1AA'}"


def _bare(branch: str, sentinel: str | None) -> str:
    return branch.removesuffix(sentinel) if sentinel else branch


def _marked(person: Person, sentinel: str) -> Person:
    """The person with the sentinel in every private field that is text."""
    name, _, host = person.email.partition("@")
    return replace(
        person,
        number=person.number + sentinel,
        name=f"{person.name}{sentinel}",
        email=f"{name}{sentinel}@{host}",
        phone=f"{person.phone} {sentinel}",
        street=f"{person.street} {sentinel}",
        unit=f"{person.unit} {sentinel}" if person.unit else "",
        branch=person.branch + sentinel,
        household=person.household + sentinel if person.household else "",
        payer=person.payer + sentinel,
        method=f"{person.method} {sentinel}",
    )


def _marked_truth(truth: Truth, sentinel: str) -> Truth:
    def mark(numbers: Sequence[str]) -> tuple[str, ...]:
        return tuple(number + sentinel for number in numbers)

    return replace(
        truth,
        operation=mark(truth.operation),
        operation_branch=truth.operation_branch + sentinel,
        family=mark(truth.family),
        care_home=mark(truth.care_home),
        hall=mark(truth.hall),
        hall_branch=truth.hall_branch + sentinel,
        staff=mark(truth.staff),
        employer=truth.employer + sentinel,
        no_ledger=mark(truth.no_ledger),
        in_arrears=mark(truth.in_arrears),
        suspended=mark(truth.suspended),
        too_new=mark(truth.too_new),
        twice=tuple((one + sentinel, two + sentinel) for one, two in truth.twice),
    )


def _csv(lines: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode()


def _xlsx(people: Sequence[Person], freeze: date, sentinel: str | None) -> bytes:
    """The same layout as a workbook, with real dates in the columns of dates and without the refused
    column."""
    import xlsxwriter  # type: ignore[import-untyped]

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime(freeze.year, freeze.month, freeze.day)})  # noqa: DTZ001 - a sheet's own stamp
        sheet = book.add_worksheet("Members")
        dates = book.add_format({"num_format": "yyyy-mm-dd"})
        titles = COLUMNS[:-1]
        sheet.write_row(0, 0, titles)
        for row, person in enumerate(people, start=1):
            for column, text in enumerate(_line(person, sentinel)[:-1]):
                if titles[column] in {"born_on", "joined_on"}:
                    day = date.fromisoformat(text)
                    sheet.write_datetime(row, column, datetime(day.year, day.month, day.day), dates)  # noqa: DTZ001
                elif text:
                    sheet.write_string(row, column, text)
    return out.getvalue()
