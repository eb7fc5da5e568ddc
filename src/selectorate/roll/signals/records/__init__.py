"""Signals of the books beside the list: edits of contacts, receipts, exclusions, transfers, sign-ins.

Each reads one optional table and is silent where that table is not there. What one log-in, collector or branch
did is compared with what it has been known for, and with what others did in the years before; where the book
has no earlier year, with what others did in the same year. Nothing here counts for or against a member.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from selectorate.roll.objects import Finding
from selectorate.roll.signals.objects import YEAR, Asked, Engine, Whole
from selectorate.roll.signals.past import stained, usual

HOME = (
    "CASE WHEN m.household >= 0 THEN 3 * m.household WHEN m.dwelling >= 0 THEN 3 * m.dwelling + 1 "
    "ELSE 3 * m.member_id + 2 END"
)
"""The home of a line `m` of the members: as in the events."""


@dataclass(frozen=True, slots=True)
class Book:
    """How far back a table goes. years: complete years before the year looked at."""

    lines: int
    years: int


def book(engine: Engine, asked: Asked, table: str) -> Book:
    """What there is of an optional table up to the freeze; no lines where it was not given."""
    if table not in asked.tables:
        return Book(0, 0)
    query = (
        f"SELECT count(*) AS lines, coalesce(min(day), 0) AS first FROM {table} WHERE day <= {asked.freeze}"
    )
    found = engine.columns(query)
    lines, first = int(found["lines"][0]), int(found["first"][0])
    years = (asked.freeze - first + 1) // YEAR - 1 if lines else 0
    return Book(lines, max(0, min(asked.settings.years_max, years)))


@dataclass(frozen=True, slots=True)
class Peaks:
    """The most that each row (a log-in in a branch, a collector, a branch) reached in a year. keys: what a row is;
    seen: a column a year, column 0 being the year before the freeze; places: key -> row; counts: of rows that reach
    a level, once counted."""

    keys: Whole
    seen: Whole
    places: Mapping[tuple[int, ...], int]
    counts: dict[int, Whole] = field(default_factory=dict)

    @property
    def years(self) -> int:
        return int(self.seen.shape[1]) - 1

    def row(self, key: Sequence[int]) -> int:
        """Which row a key is; of a key that has none, KeyError."""
        return self.places[tuple(key)]

    def own(self, row: int) -> int:
        """The most that a row reached in any earlier year."""
        own: int = int(self.seen[row, 1:].max(initial=0))
        return own

    def most(self, row: int) -> int:
        """The most that any other row reached in any earlier year; where there is none, in this one."""
        best = self.seen[:, 1:].max(axis=1) if self.years else self.seen[:, 0]
        others: int = max(int(best[:row].max(initial=0)), int(best[row + 1 :].max(initial=0)))
        return others

    def known(self, row: int, count: int, asked: Asked) -> bool:
        """Whether a row reached three fifths of it in enough earlier years to be known for it."""
        often = int(usual(self.seen[row : row + 1], 0, asked.settings)[0])
        return (
            often >= 2 and often * asked.settings.known_numerator >= count * asked.settings.known_denominator
        )

    def expected_milli(self, row: int, count: int, asked: Asked) -> int:
        """How many other rows a year reach as much, in thousandths, the worst years left out.

        Beyond what was ever seen, each step further is as much rarer as the steps were that were seen (one
        unseen step counted as half seen), but never rarer than one in five: real life comes in bursts.
        """
        columns = self.seen[:, 1:] if self.years else self.seen
        kept = int(columns.shape[1]) - (stained(self.years, asked.settings) if self.years else 0)

        def rows(at: int) -> float:
            if at not in self.counts:
                self.counts[at] = (columns >= at).sum(axis=0)
            return float(np.sort(self.counts[at] - (columns[row] >= at))[:kept].sum())

        if rows(count) >= 1 or count <= 2:
            return round(1000 * rows(count) / kept)
        level = 2
        while level + 1 < count and rows(level + 1) >= asked.settings.enough:
            level += 1
        start = max(rows(level), 0.5)
        fall = (rows(level + 1) + 1) / (start + 2)
        fall = min(asked.settings.step_most / 1000, max(asked.settings.step_least / 1000, fall))
        return round(1000 * start * math.pow(fall, count - level) / kept)


def peaks(keys: Sequence[Whole], year: Whole, seen: Whole, years: int) -> Peaks:
    """The highest of lines (key, year, seen), by key and year."""
    inside = year <= years
    # One number for each combination of keys: sorting numbers is many times faster than sorting rows.
    code = np.zeros(int(inside.sum()), dtype=np.int64)
    ranked = []
    for key in keys:
        values, place = np.unique(key[inside], return_inverse=True)
        code = code * max(1, len(values)) + place
        ranked.append(values)
    codes, place = np.unique(code, return_inverse=True)
    columns = []
    for values in reversed(ranked):
        columns.append(values[codes % max(1, len(values))] if len(values) else codes)
        codes = codes // max(1, len(values))
    rows = np.stack(columns[::-1], axis=1)
    table = np.zeros((len(rows), years + 1), dtype=np.int64)
    np.maximum.at(table, (place.reshape(-1), year[inside]), seen[inside])
    places = {tuple(key): place for place, key in enumerate(rows.tolist())}
    return Peaks(rows, table, places)


def share_tail(count: int, total: int, share: float) -> float:
    """Probability that at least `count` of `total` fall on a part that holds such a share (binomial)."""
    if count <= 0:
        return 1.0
    if not 0 < share < 1:
        return 1.0 if share >= 1 else 0.0
    logs = [
        math.lgamma(total + 1) - math.lgamma(k + 1) - math.lgamma(total - k + 1)
        + k * math.log(share) + (total - k) * math.log1p(-share)
        for k in range(count, total + 1)
    ]  # fmt: skip
    return min(1.0, sum(math.exp(one) for one in logs))


@dataclass(frozen=True, slots=True)
class Told:
    """What one finding of these books says, before it is put in words."""

    kind: str
    key: tuple[int, ...]
    branch: int
    seen: str
    compared: str
    observed: int
    homes: int
    first: int
    last: int
    expected_milli: int
    severity: int
    innocent: tuple[str, ...]
    settles: tuple[str, ...]
    against: tuple[str, ...] = ()
    members: tuple[int, ...] = ()
    events: tuple[tuple[int, int, str], ...] = field(default=())


def finding(told: Told, asked: Asked) -> Finding:
    """The finding. `because` is what was seen and what that is compared with."""
    said = ",".join(map(str, (*told.key, told.first, told.last)))
    return Finding(
        kind=told.kind,
        id=f"{told.kind}-{hashlib.sha256(said.encode()).hexdigest()[:10]}",
        branch=asked.branch_name(told.branch) if told.branch >= 0 else "",
        members=tuple(asked.member_name(member) for member in told.members),
        households=told.homes,
        first=asked.day(told.first),
        last=asked.day(told.last),
        observed=told.observed,
        expected=told.compared,
        because=f"{told.seen} {told.compared}",
        innocent=told.innocent,
        settles=told.settles,
        against=told.against or ("nothing in the book speaks against it; only those concerned can say",),
        severity=told.severity,
        events=tuple((day, asked.member_name(member), what) for day, member, what in told.events),
        chance=decimal(told.expected_milli),
        evidence=round(3000 - 1000 * math.log10(max(1, min(1000, told.expected_milli)))),
        weight=asked.weight(told.kind),
        kinds=(told.kind,),
    )


def grade(severity: int, expected_milli: int, asked: Asked, *, known: bool = False) -> int:
    """A severity, lowered where the past gives as much anyway: never "ask now" above the first bar, a notice
    above the second, or where this very row is known for it. Half the weight takes off one step."""
    if known or expected_milli > asked.settings.chance_notice:
        return 1
    return min(severity, 2) if expected_milli > asked.settings.chance_grave else severity


def weighed(severity: int, kind: str, asked: Asked) -> int:
    """A severity after what reviewers made of earlier findings of its kind."""
    return max(1, severity - (1 if asked.weight(kind) < asked.settings.weight_step else 0))


def decimal(milli: int) -> str:
    """Thousandths as plain decimal text; less than one in a thousand is said to be that."""
    whole, rest = divmod(max(1, milli), 1000)
    return f"{whole}.{rest:03}".rstrip("0").rstrip(".")


def count_of(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def members_of(number: int) -> str:
    return count_of(number, "member", "members")


def homes_of(number: int) -> str:
    return count_of(number, "home", "homes")


def span(first: int, last: int) -> str:
    days = last - first + 1
    return "on one day" if days == 1 else f"within {days} days"


def most_of(number: int, said: Callable[[int], str], nobody: str) -> str:
    """A maximum: "at most 3 homes"; of 0 the word for none."""
    return f"at most {said(number)}" if number else nobody


def about(mean: float) -> str:
    """An expected number with its verb: "about 3 were"."""
    if mean < 0.95:
        return "less than 1 was"
    number = round(mean)
    return f"about {number:,} {'was' if number == 1 else 'were'}"


def past_of(years: int) -> str:
    """How a sentence about the past begins."""
    if not years:
        return "In the same year"
    return "In the year before that" if years == 1 else f"In the {years} years before that"
