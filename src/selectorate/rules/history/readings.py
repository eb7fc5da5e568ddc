"""How a fact is read from events: a short list of readings, each with one meaning for one member.

An event has two days: `on`, when it was true, and `recorded`, when the organisation wrote it down. A reading
looks at the events of its kind up to its day (`as_at`), among those that were recorded by the day of knowledge
and not replaced by then. What the sources cannot tell is unknown, which asks and never excludes: a kind of
event that no source covers, days that no source tells of where an event of them could change what is read, an
event without its day, a value that cannot be read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from selectorate.rules.calendar import FIRST_DAY, LAST_DAY, add_months, iso_day
from selectorate.rules.history.coverage import Untold

KIND: Final = r"[a-z][a-z0-9_]{0,39}"
UNIT = Literal["day", "month"]
Known = None | bool | int | str | dt.date

_FORMS: Final = (
    ("first recorded", re.compile(rf"first recorded ({KIND})", re.ASCII), "date"),
    ("last recorded", re.compile(rf"last recorded ({KIND})", re.ASCII), "date"),
    ("first", re.compile(rf"first ({KIND})", re.ASCII), "date"),
    ("last", re.compile(rf"last ({KIND})", re.ASCII), "date"),
    ("value", re.compile(rf"value of ({KIND})", re.ASCII), ""),
    ("whether", re.compile(rf"whether ({KIND})", re.ASCII), "bool"),
    ("number", re.compile(rf"number of ({KIND})(?: in ([0-9]{{1,4}}) (day|month)s?)?", re.ASCII), "int"),
    ("months since", re.compile(rf"months since ({KIND})", re.ASCII), "int"),
    ("years since", re.compile(rf"years since ({KIND})", re.ASCII), "int"),
    ("during", re.compile(rf"during ({KIND})", re.ASCII), "bool"),
    ("since", re.compile(rf"since ({KIND})", re.ASCII), "date"),
)
SHOWN: Final = (
    "first KIND, last KIND, first recorded KIND, last recorded KIND, value of KIND, whether KIND, "
    "number of KIND, number of KIND in N months (or days), months since KIND, years since KIND, "
    "during SPELL, since SPELL"
)
"""The readings there are, for people."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one member. on: the day it was true from, None where that is unknown;
    recorded: the day it was written down; value: its content as text (of a period: its last day), or "";
    replaces: the id of an earlier record that this one corrects; withdrawn: it only takes that one back."""

    kind: str
    on: dt.date | None
    recorded: dt.date
    value: str = ""
    id: str = ""
    replaces: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Spell:
    """A state that begins and ends. Either by events (begins, ends, restores) or by periods (each event of
    that kind covers the days from `on` to its value).

    within: days after the end within which a restoring event keeps the clock, None for ever; a later one
    begins anew. gap: days between two periods that do not break the spell.
    """

    id: str
    cite: str
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    restores: tuple[str, ...] = ()
    within: int | None = None
    periods: str = ""
    gap: int = 0

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of event it looks at."""
        return (self.periods,) if self.periods else (*self.begins, *self.ends, *self.restores)


@dataclass(frozen=True, slots=True)
class Reading:
    """How one fact is read. form: one of the readings; of: the kind of event, or the spell's id; length, unit:
    how far back a number looks, 0 for always; as_at: the day of the timetable as at which it is read."""

    form: str
    of: str
    length: int = 0
    unit: UNIT = "day"
    as_at: str = "freeze"

    @property
    def spelled(self) -> bool:
        """Whether it reads a spell and not a kind of event."""
        return self.form in ("during", "since")

    def kinds(self, spells: Mapping[str, Spell]) -> tuple[str, ...]:
        """The kinds of event it looks at."""
        return spells[self.of].kinds if self.spelled else (self.of,)


def parse_reading(text: str, as_at: str) -> tuple[Reading, str] | None:
    """A reading and the type it gives ("" where the fact's own), or None where the text is none."""
    for form, pattern, gives in _FORMS:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        if form == "number" and match[2]:
            return Reading(
                form, match[1], int(match[2]), "month" if match[3] == "month" else "day", as_at
            ), gives
        return Reading(form, match[1], as_at=as_at), gives
    return None


def live(events: Sequence[Event], known: dt.date) -> tuple[Event, ...]:
    """The events that were recorded by the day `known` and not replaced by then, as they were listed."""
    recorded = [event for event in events if event.recorded <= known]
    gone = {event.replaces for event in recorded if event.replaces}
    return tuple(event for event in recorded if not event.withdrawn and not (event.id and event.id in gone))


def read(
    reading: Reading,
    kind: str,
    events: Iterable[Event],
    day: dt.date,
    spells: Mapping[str, Spell],
    one_of: tuple[str, ...] = (),
    gap: Untold | None = None,
) -> Known:
    """What a reading gives for one member. kind: the fact's type; events: the live ones; day: as at which; gap:
    the days up to then that no source tells of."""
    wanted = reading.kinds(spells)
    looked = [event for event in events if event.kind in wanted]
    dated = [event for event in looked if event.on is not None and event.on <= day]
    undated = any(event.on is None for event in looked)
    if reading.form == "whether":
        return True if dated else None if undated or gap else False
    if undated:
        return None
    if reading.spelled:
        return _in_spell(reading.form, spells[reading.of], in_order(dated), day, gap)
    if reading.form == "number":
        after = _before(day, reading.length, reading.unit) if reading.length else None
        if gap is not None and (after is None or gap.last > after):
            return None
        return sum(after is None or (event.on or day) > after for event in dated)
    if not dated:
        return None
    ordered = in_order(dated)
    if gap is not None and _open(reading.form, gap, ordered[0].on or day, ordered[-1].on or day):
        return None
    match reading.form:
        case "first recorded":
            return min(event.recorded for event in ordered)
        case "last recorded":
            return max(event.recorded for event in ordered)
        case "value":
            return _value(kind, ordered[-1].value, one_of)
        case "first":
            return ordered[0].on
        case "last":
            return ordered[-1].on
        case form:
            months = whole_months(ordered[-1].on or day, day)
            return months if form == "months since" else months // 12


def _open(form: str, gap: Untold, first: dt.date, last: dt.date) -> bool:
    """Whether an event of an untold day could change what is read from events of which these are the first day
    and the last. One could have been recorded on any day."""
    if form.endswith("recorded"):
        return True
    if form == "first":
        return gap.first < first
    return gap.last >= last if form == "value" else gap.last > last


def in_order(events: Iterable[Event]) -> list[Event]:
    """By the day they were true, on one day as they were recorded, on one day of recording as listed."""
    return sorted(events, key=lambda event: (event.on or dt.date.max, event.recorded))


def whole_months(start: dt.date, end: dt.date) -> int:
    """Completed months from start to end: the most by which start can be moved (clamping) and be no later."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if add_months(start, months) > end else months


def _before(day: dt.date, length: int, unit: UNIT) -> dt.date:
    return add_months(day, -length) if unit == "month" else day - dt.timedelta(days=length)


def _value(kind: str, text: str, one_of: tuple[str, ...]) -> Known:
    """A value as the fact's type; None, unknown, where it cannot be read."""
    if kind == "date":
        return _read_day(text)
    if kind == "bool":
        return {"true": True, "false": False}.get(text)
    if kind == "int":
        return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text, re.ASCII) else None
    return text if text in one_of else None


def _read_day(text: str) -> dt.date | None:
    day = iso_day(text)
    return day if day is not None and FIRST_DAY <= day <= LAST_DAY else None


def _in_spell(form: str, spell: Spell, events: Sequence[Event], day: dt.date, gap: Untold | None) -> Known:
    """Whether a spell runs on `day`, or since when.

    Turns: on the last untold day the member may have been in or out, so only what came later tells; whoever is in
    from then on without having been out is in since an unknown day. Periods: one that runs is not ended by
    another, which could only make its first day an earlier one.
    """
    if gap is not None and not spell.periods:
        events = [event for event in events if (event.on or day) > gap.last]
        if not events:
            return None
        events = [Event(spell.begins[0], gap.last, gap.last), *events]
    start, known = _spell(spell, events, day)
    if not known:
        return None
    if form == "during":
        return None if start is None and gap is not None and spell.periods else start is not None
    if gap is None or start is None:
        return start
    return None if (gap.first < start if spell.periods else start <= gap.last) else start


def _spell(spell: Spell, events: Sequence[Event], day: dt.date) -> tuple[dt.date | None, bool]:
    """(first day of the spell that runs on `day`, or None where none does; whether that is known at all)."""
    if spell.periods:
        return _covered(spell, events, day)
    start: dt.date | None = None
    before: tuple[dt.date, dt.date] | None = None
    for event in events:
        on = event.on or day
        if event.kind in spell.ends:
            if start is not None:
                before = (start, on)
                start = None
        elif start is None:
            start = on
            if event.kind in spell.restores and before is not None and _in_time(spell, before[1], on):
                start = before[0]
    return start, True


def _in_time(spell: Spell, ended: dt.date, restored: dt.date) -> bool:
    return spell.within is None or (restored - ended).days <= spell.within


def _covered(spell: Spell, events: Sequence[Event], day: dt.date) -> tuple[dt.date | None, bool]:
    start: dt.date | None = None
    until = dt.date.min
    for event in events:
        last, on = _read_day(event.value), event.on or day
        if last is None:
            return None, False
        if start is None or (on - until).days - 1 > spell.gap:
            start = on
        until = max(until, last)
    return (start if (day - until).days <= spell.gap else None), True
