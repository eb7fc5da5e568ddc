"""Days: month arithmetic and the timetable, one fixed day and offsets from it.

Month arithmetic clamps: where the day of the month does not exist, the last day of that month counts (31
December less six months is 30 June), the same as in DuckDB and PostgreSQL.
"""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from selectorate.rules.faults import Faults, printable, suggestion

FIRST_DAY = dt.date(1900, 1, 1)
LAST_DAY = dt.date(2200, 12, 31)
"""Dates that a rulebook or a fact may have: far enough inside the calendar that no offset leaves it."""
MONTHS_MAX = 1200
DAYS_MAX = 36_600

ORDER = ("freeze", "roll_open", "nominations", "appeals_end", "poll_opens", "poll_closes", "papers_kept")
"""The days with a meaning of their own, in the order in which they must fall (the poll must last a day at
least; others may coincide). A rulebook may have further days, which have no order."""
NEEDED = ("freeze", "appeals_end", "poll_opens", "poll_closes")

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LENGTH = re.compile(r"([0-9]{1,5}) (day|week|month)s?", re.ASCII)
_OFFSET = re.compile(r"([a-z][a-z0-9_]*) ([+-]) ([0-9]{1,5}) (day|week|month)s?", re.ASCII)


def iso_day(value: object) -> dt.date | None:
    """A date as it is, or the date of a text YYYY-MM-DD; None where it is neither (a time of day is none)."""
    if isinstance(value, dt.date):
        return None if isinstance(value, dt.datetime) else value
    if not isinstance(value, str) or not _ISO_DAY.fullmatch(value):
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def add_months(day: dt.date, number: int) -> dt.date:
    """`day` moved by whole months; the last day of the month where the day does not exist there."""
    count = day.year * 12 + day.month - 1 + number
    year, month = divmod(count, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Gap:
    """How far apart two days must lie. least, most: as written ("15 days", "3 months"), "" where there is no
    bound; cite: the rule that gives it."""

    id: str
    cite: str
    earlier: str
    later: str
    least: str = ""
    most: str = ""
    says: str = ""

    def fault(self, days: Mapping[str, dt.date]) -> str:
        """What is wrong with the days, as a sentence; nothing where the gap is kept."""
        first, last = days[self.earlier], days[self.later]
        apart = f"`{self.later}` is {last}, {(last - first).days} days after `{self.earlier}`, {first}"
        if self.least and last < moved_by(first, self.least):
            return f"{apart}; {self.cite} asks for at least {self.least}: {moved_by(first, self.least)} or later."
        if self.most and last > moved_by(first, self.most):
            return (
                f"{apart}; {self.cite} allows at most {self.most}: {moved_by(first, self.most)} or earlier."
            )
        return ""


def is_length(text: str) -> bool:
    """Whether a text is a length of time: "15 days", "2 weeks", "3 months"."""
    return _LENGTH.fullmatch(text) is not None


def moved_by(day: dt.date, length: str) -> dt.date:
    """`day` moved forward by a length of time; the last day of the calendar where that falls outside it."""
    match = _LENGTH.fullmatch(length)
    if match is None:
        raise ValueError(length)
    try:
        return _moved(day, int(match[1]), match[2])
    except (OverflowError, ValueError):
        return LAST_DAY


def read_timetable(table: Mapping[str, object], faults: Faults) -> dict[str, dt.date]:
    """The dates of a timetable as written in TOML; every fault goes to `faults`, with the key it stands
    at."""
    fixed: dict[str, dt.date] = {}
    offsets: dict[str, tuple[str, str, int, str]] = {}
    faulty = False
    for name, written in table.items():
        says = _read_day(name, written, table, fixed, offsets)
        if says:
            faulty = True
            faults.add(("timetable", name), "timetable", says)
    if faulty:
        return fixed
    if len(fixed) != 1:
        faults.add(
            ("timetable",),
            "timetable",
            f"it has {len(fixed)} fixed days; expected one day and offsets from it.",
        )
        return fixed
    days = _computed(fixed, offsets, faults)
    if len(days) == len(table):
        _check_order(days, faults)
    return days


def _read_day(
    name: str,
    written: object,
    table: Mapping[str, object],
    fixed: dict[str, dt.date],
    offsets: dict[str, tuple[str, str, int, str]],
) -> str:
    """Sort one line into `fixed` or `offsets`; the fault as a sentence, or nothing."""
    if not _NAME.fullmatch(name):
        return (
            f"`{printable(name, 60)}` is not a name for a day: small letters, digits and _, a letter first."
        )
    if isinstance(written, dt.date) and not isinstance(written, dt.datetime):
        if not FIRST_DAY <= written <= LAST_DAY:
            return f"`{name}` is {written}; expected a day from {FIRST_DAY} to {LAST_DAY}."
        fixed[name] = written
        return ""
    match = _OFFSET.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        return f'`{name}` is {printable(written, 60)!r}; expected a date, or "poll_opens - 60 days".'
    base, sign, number, unit = match.groups()
    if base not in table:
        return f"`{name}` counts from `{base}`, which is not in the timetable.{suggestion(base, table)}"
    if int(number) > (MONTHS_MAX if unit == "month" else DAYS_MAX // 7):
        return f"`{name}` is {number} {unit}s away from `{base}`; that is more than is read."
    offsets[name] = (base, sign, int(number), unit)
    return ""


def _computed(
    fixed: Mapping[str, dt.date], offsets: Mapping[str, tuple[str, str, int, str]], faults: Faults
) -> dict[str, dt.date]:
    days = dict(fixed)
    waiting = dict(offsets)
    while waiting:
        ready = [name for name, (base, *_) in waiting.items() if base in days]
        if not ready:
            names = ", ".join(f"`{name}`" for name in sorted(waiting))
            faults.add(
                ("timetable", min(waiting)), "timetable", f"{names} count from each other in a circle."
            )
            return days
        for name in ready:
            base, sign, number, unit = waiting.pop(name)
            signed = number if sign == "+" else -number
            try:
                days[name] = _moved(days[base], signed, unit)
            except (OverflowError, ValueError):
                faults.add(("timetable", name), "timetable", f"`{name}` falls outside the calendar.")
                return days
            if not FIRST_DAY <= days[name] <= LAST_DAY:
                faults.add(
                    ("timetable", name),
                    "timetable",
                    f"`{name}` is {days[name]}; expected a day up to {LAST_DAY}.",
                )
    return days


def _moved(day: dt.date, number: int, unit: str) -> dt.date:
    if unit == "month":
        return add_months(day, number)
    return day + dt.timedelta(days=number * (7 if unit == "week" else 1))


def _check_order(days: Mapping[str, dt.date], faults: Faults) -> None:
    for name in NEEDED:
        if name not in days:
            faults.add(("timetable",), "timetable", f"`{name}` is missing; an election needs that day.")
    known = [name for name in ORDER if name in days]
    for earlier, later in itertools.pairwise(known):
        apart = 1 if later == "poll_closes" else 0
        if (days[later] - days[earlier]).days < apart:
            bound = "a day or more after" if apart else "not before"
            says = f"`{later}` is {days[later]}; expected {bound} `{earlier}`, {days[earlier]}."
            faults.add(("timetable", later), "timetable", says)
