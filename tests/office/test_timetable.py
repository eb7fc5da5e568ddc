"""Claims about the timetable as a calendar. Expected lines: written out by hand after RFC 5545."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.cli.selection import RULEBOOK, Theatre, done, say

from selectorate.office.rulebook.ics import timetable_ics
from selectorate.rules import load

BOOK = load(RULEBOOK.read_bytes(), "rulebook.toml")
WHEN = dt.datetime(2026, 12, 1, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def events(ics: bytes) -> list[dict[str, str]]:
    """A small reader of its own: unfold, then name and value of each line of each event."""
    lines = ics.decode().replace("\r\n ", "").split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    found: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            found[-1][name] = value
    return found


def test_every_day_of_the_timetable_is_an_all_day_event() -> None:
    made = events(timetable_ics(BOOK, WHEN))
    # 60 and 21 days before 1 March 2027, 14 after it
    assert [(one["DTSTART;VALUE=DATE"], one["DTEND;VALUE=DATE"], one["SUMMARY"]) for one in made] == [
        ("20261231", "20270101", "The Orchard League: freeze"),
        ("20270208", "20270209", "The Orchard League: appeals end"),
        ("20270301", "20270302", "The Orchard League: poll opens"),
        ("20270315", "20270316", "The Orchard League: poll closes"),
    ]
    assert {one["DTSTAMP"] for one in made} == {"20261201T093000Z"}


def test_a_day_keeps_its_identity_when_it_moves() -> None:
    later = load(RULEBOOK.read_bytes().replace(b"2027-03-01", b"2027-04-01"), "rulebook.toml")
    before, after = events(timetable_ics(BOOK, WHEN)), events(timetable_ics(later, WHEN))
    assert [one["UID"] for one in before] == [one["UID"] for one in after]
    assert len({one["UID"] for one in before}) == 4
    assert before[2]["DTSTART;VALUE=DATE"] != after[2]["DTSTART;VALUE=DATE"]


def test_long_lines_are_folded_between_letters_and_signs_are_escaped() -> None:
    name = "Bündnis der Bäume, Sträucher; und \\ Übriges " * 3
    made = timetable_ics(BOOK, WHEN, [(name, dt.date(2027, 1, 1))])
    assert max(map(len, made.split(b"\r\n"))) <= 75
    (one,) = [each for each in events(made) if "Sträucher" in each["SUMMARY"]]
    plain = one["SUMMARY"].replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
    assert plain == f"The Orchard League: {' '.join(name.split())}"


def test_of_a_workspace_the_last_days_for_answers_and_appeals_are_told(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    out = s.root / "days.ics"
    told = done("rules", "timetable", s.office, "--ics", out, "--at", "2027-01-21T09:00:00Z")
    # asked on 5 January with 14 days, decided on 20 January with 14 days
    assert "Tuesday 19 January 2027: last day for answers to letters" in told
    assert "Wednesday 3 February 2027: last day for appeals against decisions" in told
    assert len(events(out.read_bytes())) == 6
    assert say("rules", "timetable", s.office, "--ics", out).code == 2  # it is there already
    assert Path(out).read_bytes().count(b"BEGIN:VEVENT") == 6
