"""An invented organisation as tables of whole numbers, by a plan of its own: written without a look at the
benchmark's generator or at the detector, so that neither can have been fitted to it.

Every member is one line; missing is -1; days count from 1970-01-01; a token is a number that nothing else in the
town has. All of it follows from the seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

FREEZE = 20_453
"""31 December 2025."""
YEAR = 365
MEMBERS = (
    "member_id", "branch", "join_day", "renewal_day", "transfer_day", "building", "dwelling", "payer", "device",
    "ip", "phone", "email", "recruiter", "cash_collector",
)  # fmt: skip
TABLES: Mapping[str, tuple[str, ...]] = {
    "edits": ("member_id", "branch", "day", "minute", "operator", "session", "field", "value"),
    "receipts": ("member_id", "branch", "day", "minute", "collector", "number"),
    "exclusions": ("member_id", "branch", "day", "reason", "recruiter"),
    "transfers": ("member_id", "from_branch", "branch", "day", "address_changed"),
    "signins": ("member_id", "branch", "day", "minute", "device", "ip"),
}
ADDRESS, PHONE, EMAIL, OTHER = 0, 1, 2, 3
"""What an edit changes."""


@dataclass
class Town:
    """members: one mapping a line; tables: the optional tables, line by line; planted: who belongs to what a test
    put in; alike: who belongs to the ordinary group that only looks like it; schemes, drives: what was declared."""

    seed: int
    branches: int = 40
    years: int = 8
    members: list[dict[str, int]] = field(default_factory=list)
    tables: dict[str, list[dict[str, int]]] = field(default_factory=dict)
    planted: set[int] = field(default_factory=set)
    alike: set[int] = field(default_factory=set)
    schemes: set[int] = field(default_factory=set)
    drives: list[dict[str, int]] = field(default_factory=list)
    tokens: int = 1_000_000

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        self.shares = [self.draw.lognormvariate(0, 0.5) for _ in range(self.branches)]
        self.pooled = [self.token() for _ in range(25)]
        self.recruiters = [[self.token() for _ in range(4)] for _ in range(self.branches)]
        self.collectors = [self.token() for _ in range(self.branches)]
        self.blocks = [[self.token() for _ in range(6)] for _ in range(self.branches)]

    def token(self) -> int:
        self.tokens += 1
        return self.tokens

    def join(self, branch: int, day: int, **instruments: int) -> dict[str, int]:
        """One more member, who has a home, an account and contacts of their own where nothing else is said."""
        line = dict.fromkeys(MEMBERS, -1)
        line |= {"member_id": len(self.members) + 1, "branch": branch, "join_day": day}
        home = self.token()
        line |= {"building": home, "dwelling": home}
        line |= {kind: self.token() for kind in ("payer", "device", "ip", "phone", "email")}
        line |= instruments
        self.members.append(line)
        return line

    def plant(self, branch: int, day: int, **instruments: int) -> dict[str, int]:
        line = self.join(branch, day, **instruments)
        self.planted.add(line["member_id"])
        return line

    def record(self, table: str, **line: int) -> None:
        """One line of an optional table."""
        assert set(line) == set(TABLES[table]), table
        self.tables.setdefault(table, []).append(line)

    def day(self) -> int:
        """A day of joining: a third more in spring than in autumn."""
        while True:
            day = FREEZE - self.draw.randrange(self.years * YEAR)
            spring = 60 <= (day - 19_723) % 365.25 <= 150
            if spring or self.draw.random() < 0.75:
                return day

    def populate(self, members: int) -> Town:
        """So many ordinary members, household by household."""
        until = len(self.members) + members
        while len(self.members) < until:
            self.household(
                min(self.draw.choices((1, 2, 3, 4, 5), (64, 25, 7, 3, 1))[0], until - len(self.members))
            )
        return self

    def household(self, size: int, day: int | None = None, branch: int | None = None) -> None:
        draw = self.draw
        place = draw.choices(range(self.branches), self.shares)[0] if branch is None else branch
        first = self.day() if day is None else day
        home, shared = (
            self.token(),
            {kind: self.token() for kind in ("payer", "device", "ip", "phone", "email")},
        )
        building = draw.choice(self.blocks[place]) if draw.random() < 0.12 else home
        for person in range(size):
            together = person == 0 or draw.random() < 0.72
            on = first if together or day is not None else self.day()
            line = self.join(place, on, building=building, dwelling=home)
            if together and draw.random() < 0.7:
                line["payer"] = shared["payer"]
            if together and draw.random() < 0.8:
                line["device"] = shared["device"]
            line["ip"] = draw.choice(self.pooled) if draw.random() < 0.1 else shared["ip"]
            line["phone"] = shared["phone"] if draw.random() < 0.3 else line["phone"]
            line["email"] = shared["email"] if draw.random() < 0.08 else line["email"]
            self._gaps(line)

    def _gaps(self, line: dict[str, int]) -> None:
        """What an ordinary list does not know, and what ordinary people do now and then."""
        draw, place = self.draw, line["branch"]
        if draw.random() < 0.25:
            line["phone"] = -1
        if draw.random() < 0.12:
            line["email"] = -1
        if draw.random() < 0.2:
            line["device"] = line["ip"] = -1
        if draw.random() < 0.2:
            line["recruiter"] = draw.choices(self.recruiters[place], (8, 4, 2, 1))[0]
        if draw.random() < 0.05:
            line["payer"], line["cash_collector"] = -1, self.collectors[place]
        if draw.random() < 0.01 and len(self.members) > 50:  # a gift, or a couple that lives apart
            line["payer"] = max(self.members[draw.randrange(len(self.members))]["payer"], -1)
        if draw.random() < 0.03:
            moved = line["join_day"] + draw.randrange(30, 2_000)
            if moved <= FREEZE:
                line["transfer_day"] = moved
        if draw.random() < 0.03 and line["join_day"] < FREEZE - 800:
            latest = (FREEZE - line["join_day"]) // YEAR
            line["renewal_day"] = (
                FREEZE - YEAR * draw.randrange(latest) - min(60, int(draw.expovariate(1 / 12)))
            )

    def columns(self) -> dict[str, list[int]]:
        """The table `members`, column by column."""
        declared = ("household",) if "household" in self.members[0] else ()
        return turned(self.members, (*MEMBERS, *declared))

    def table(self, name: str) -> dict[str, list[int]]:
        """An optional table, column by column."""
        return turned(self.tables.get(name, ()), TABLES[name])


def turned(lines: Iterable[Mapping[str, int]], names: tuple[str, ...]) -> dict[str, list[int]]:
    held = list(lines)
    return {name: [line[name] for line in held] for name in names}


def ordinary_edits(town: Town, years: int = 3) -> None:
    """What changes in a list without anybody meaning anything: 7 % of members a year change their address, 4 % their
    telephone, 5 % their e-mail; three of five do it themselves, the others through the office or their branch."""
    draw = town.draw
    office = [town.token() for _ in range(4)]
    secretaries = [town.token() for _ in range(town.branches)]
    for what, rate in ((ADDRESS, 0.07), (PHONE, 0.04), (EMAIL, 0.05)):
        for line in town.members:
            for year in range(years):
                if draw.random() < rate:
                    self_made = draw.random() < 0.6
                    by_office = draw.random() < 0.7
                    operator = draw.choice(office) if by_office else secretaries[line["branch"]]
                    town.record(
                        "edits",
                        member_id=line["member_id"],
                        branch=line["branch"],
                        day=FREEZE - YEAR * year - draw.randrange(YEAR),
                        minute=draw.randrange(7 * 60, 23 * 60)
                        if self_made
                        else draw.randrange(9 * 60, 17 * 60),
                        operator=-1 if self_made else operator,
                        session=town.token(),
                        field=what,
                        value=town.token(),
                    )
