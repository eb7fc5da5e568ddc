"""Histories as a rulebook writes them: `reads` of a fact, `[[spell]]`, `[history]`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from selectorate.rules.faults import printable, suggestion
from selectorate.rules.history.readings import KIND, SHOWN, Reading, Spell, parse_reading
from selectorate.rules.keys import Table

_FORMS = tuple(re.sub(r" (KIND|SPELL).*", "", form) for form in SHOWN.split(", "))


def read_known_by(table: Table, days: Mapping[str, object]) -> str:
    """`[history] known_by`, a day of the timetable."""
    day = table.text("known_by", "")
    if day and day not in days:
        table.fault(
            "known_by", f"`{printable(day, 60)}` is not a day of the timetable.{suggestion(day, days)}"
        )
    table.done()
    return day


def read_spell(row: Table, name: str, judge: Callable[[str], str | None]) -> Spell:
    """One `[[spell]]`; name: its id, judged by the caller; judge: as of `read_reading`."""
    spell = Spell(
        id=name,
        cite=row.text("cite", most=200),
        begins=_kinds(row, "begins"),
        ends=_kinds(row, "ends"),
        restores=_kinds(row, "restores"),
        within=row.whole("within_days", 0, 36_600) if "within_days" in row.table else None,
        periods=row.text("periods", ""),
        gap=row.whole("gap_days", 0, 3_660, 0),
    )
    row.done()
    if spell.periods:
        _kind(row, "periods", spell.periods)
        if spell.begins or spell.ends or spell.restores or "within_days" in row.table:
            row.fault("periods", "a spell of periods has no `begins`, `ends`, `restores` or `within_days`.")
    elif not spell.begins or not spell.ends:
        row.fault("begins", "a spell has `begins` and `ends`, or `periods`.")
    elif "gap_days" in row.table:
        row.fault("gap_days", "`gap_days` is for a spell of `periods`.")
    for kind in {*spell.begins, *spell.ends, *spell.restores}:
        if (kind in spell.begins) + (kind in spell.ends) + (kind in spell.restores) > 1:
            row.fault("ends", f"`{kind}` cannot begin, end and restore the same spell; it is one of these.")
    for kind in spell.kinds:
        reason = judge(kind)
        if reason:
            row.fault("begins", f"`{printable(kind, 60)}` may not be looked at: it {reason}.")
    return spell


def read_reading(row: Table, kind: str, judge: Callable[[str], str | None]) -> Reading | None:
    """`reads` and `as_at` of a fact. kind: its type; judge: why a kind of event may not be looked at, or None."""
    text, day = row.text("reads", ""), row.text("as_at", "")
    if not text:
        if day:
            row.fault("as_at", "`as_at` says as at which day `reads` looks; there is no `reads`.")
        return None
    found = parse_reading(text, day or "freeze")
    if found is None:
        near = suggestion(re.sub(r" [a-z_0-9]*$", "", text), _FORMS)
        row.fault("reads", f"`{printable(text, 60)}` is not a reading.{near} Readings: {SHOWN}.")
        return None
    reading, gives = found
    reason = judge(reading.of)
    if reason:
        row.fault("reads", f"`{reading.of}` may not be looked at: it {reason}.")
    if gives and gives != kind:
        row.fault("reads", f'"{text}" gives a fact of type "{gives}"; `type` is "{kind}".')
    return reading


def _kinds(row: Table, key: str) -> tuple[str, ...]:
    kinds = row.texts(key, [])
    for kind in kinds:
        _kind(row, key, kind)
    return kinds


def _kind(row: Table, key: str, kind: str) -> None:
    if not re.fullmatch(KIND, kind, re.ASCII):
        row.fault(key, f"`{printable(kind, 60)}` is not a kind of event: small letters, digits and _.")
