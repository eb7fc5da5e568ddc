"""The timetable as a calendar that any calendar program reads: iCalendar (RFC 5545), one all-day event for each day."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

from selectorate.rules.objects import Rulebook

_OCTETS = 75
"""A line is no longer (RFC 5545, section 3.1); what follows stands on a line that begins with a blank."""


def timetable_ics(
    rulebook: Rulebook, written: dt.datetime, further: Iterable[tuple[str, dt.date]] = ()
) -> bytes:
    """Every day of the timetable, and further days by what they are called. written: in UTC, when the file was made.

    An event keeps its identity as long as organisation and name stay, so that a later version of the rulebook moves
    the day in a calendar that has it and does not add another.
    """
    stamp = written.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//selectorate//timetable//EN"]
    days = [(name.replace("_", " "), day) for name, day in rulebook.timetable]
    for name, day in sorted([*days, *further], key=lambda one: (one[1], one[0])):
        identity = hashlib.sha256(f"{rulebook.organisation}\n{name}".encode()).hexdigest()[:32]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{identity}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + dt.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(f'{rulebook.organisation}: {name}')}",
            f"DESCRIPTION:{_text(f'Rulebook of {rulebook.organisation}, version {rulebook.version}.')}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _text(text: str) -> str:
    """A value of type TEXT (RFC 5545, section 3.3.11)."""
    plain = " ".join(text.split())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> bytes:
    made, held = [], b""
    for letter in line:
        octets = letter.encode()
        if len(held) + len(octets) > _OCTETS:
            made.append(held)
            held = b" "
        held += octets
    return b"\r\n".join((*made, held)) + b"\r\n"
