# ruff: noqa: E501 - refusals are compared whole
"""Facts as at a day: readings of one member and of the whole table are the same, and unknown stays unknown.

DuckDB is the independent source for the table; single readings are worked out by hand beside them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selectorate.errors import Refusal
from selectorate.rules import EVENTS, Event, Rulebook, facts_as_at, facts_sql, load
from selectorate.rules.history.coverage import Covers, Untold, untold

BOOK = b"""
[rulebook]
organisation = "The Orchard League"
version = "h"
adopted = "for these tests"
[facts]
first_joined = { type = "date", from = "roll", reads = "first joined" }
written_down = { type = "date", from = "roll", reads = "first recorded joined" }
last_written = { type = "date", from = "roll", reads = "last recorded paid" }
last_paid = { type = "date", from = "ledger", reads = "last paid" }
standing = { type = "text", from = "roll", one_of = ["full", "it's"], reads = "value of class" }
level = { type = "int", from = "roll", reads = "value of level" }
agreed = { type = "bool", from = "roll", reads = "value of agreed" }
due = { type = "date", from = "ledger", reads = "value of due" }
has_paid = { type = "bool", from = "ledger", reads = "whether paid" }
meetings = { type = "int", from = "register", reads = "number of meeting" }
recent = { type = "int", from = "register", reads = "number of meeting in 6 months" }
fresh = { type = "int", from = "register", reads = "number of meeting in 10 days" }
idle = { type = "int", from = "ledger", reads = "months since paid" }
age = { type = "int", from = "roll", reads = "years since born" }
member = { type = "bool", from = "roll", reads = "during membership" }
since = { type = "date", from = "roll", reads = "since membership" }
later = { type = "bool", from = "roll", reads = "during membership", as_at = "poll_closes" }
paid_up = { type = "bool", from = "ledger", reads = "during paid_up" }
paid_since = { type = "date", from = "ledger", reads = "since paid_up" }
[[spell]]
id = "membership"
cite = "Rule 1"
begins = ["joined"]
ends = ["lapsed", "resigned"]
restores = ["reinstated"]
within_days = 30
[[spell]]
id = "paid_up"
cite = "Rule 2"
periods = "paid"
gap_days = 5
[history]
known_by = "appeals_end"
[timetable]
poll_opens = 2028-03-31
freeze = "poll_opens - 1 month"
appeals_end = "poll_opens - 7 days"
poll_closes = "poll_opens + 14 days"
[[eligible]]
id = "E1"
cite = "Rule 1"
needs = "member"
says = "You are a member."
[appeal]
to = "the panel"
days = 14
"""
KINDS = (
    "joined", "lapsed", "resigned", "reinstated", "paid", "class", "level", "agreed", "due", "meeting", "born",
)  # fmt: skip
FREEZE = dt.date(2028, 2, 29)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load(BOOK, "h.toml")


@pytest.fixture(scope="module")
def engine() -> Any:
    with duckdb.connect() as opened:
        opened.execute("SET threads = 1")
        shape = ", ".join(f"{name} {kind}" for name, kind in EVENTS.items())
        opened.execute(f"CREATE TABLE events ({shape})")
        opened.execute("CREATE TABLE members (member_id VARCHAR)")
        yield opened


def in_duckdb(
    engine: Any,
    book: Rulebook,
    roll: Sequence[Sequence[Event]],
    covers: Covers,
    known: dt.date | None,
) -> list[dict[str, Any]]:
    engine.execute("DELETE FROM events; DELETE FROM members")
    engine.executemany("INSERT INTO members VALUES (?)", [[f"{n:04}"] for n in range(len(roll))])
    rows = [
        [f"{n:04}", seq, e.id, e.kind, e.on, e.recorded, e.value, e.replaces, e.withdrawn]
        for n, events in enumerate(roll)
        for seq, e in enumerate(events)
    ]
    if rows:
        engine.executemany(f"INSERT INTO events VALUES ({', '.join('?' * 9)})", rows)  # noqa: S608
    found = engine.execute(facts_sql(book, covers, known) + " ORDER BY m.member_id")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


# Few days, many of them edges: the freeze, a leap day, a month's end, thirty days and six months before.
DAYS = st.sampled_from(
    [dt.date.fromisoformat(day) for day in (
        "2008-02-29", "2010-03-01", "2027-08-29", "2027-08-30", "2027-08-31", "2028-01-29", "2028-01-30",
        "2028-01-31", "2028-02-18", "2028-02-19", "2028-02-28", "2028-02-29", "2028-03-01", "2028-03-24",
        "2028-03-25", "2028-04-10",
    )]
)  # fmt: skip
VALUES = st.sampled_from(["", "full", "it's", "other", "7", "-3", "7.5", "true", "false", "yes", "2028-02-20",
                          "2028-02-24", "2028-03-01", "2028-02-30", "0001-01-01", "20280220"])  # fmt: skip
EVENT = st.builds(
    Event,
    kind=st.sampled_from(KINDS),
    on=DAYS | DAYS | DAYS | DAYS | st.none(),
    recorded=DAYS,
    value=VALUES,
    id=st.sampled_from(["", "", "a", "b"]),
    replaces=st.sampled_from(["", "", "", "a", "b"]),
    withdrawn=st.sampled_from([False, False, False, True]),
)
SPANS = st.lists(st.tuples(DAYS | st.none(), DAYS | st.none()), min_size=1, max_size=3)
IN_TIME = st.fixed_dictionaries({kind: SPANS | st.just([(None, None)]) for kind in KINDS})
ROLL = st.lists(st.lists(EVENT, max_size=7), min_size=1, max_size=12)


COVERS = st.sampled_from([frozenset(KINDS), frozenset(KINDS) - {"paid", "resigned"}]) | IN_TIME | IN_TIME


@settings(max_examples=6, deadline=None)
@given(roll=ROLL, covers=COVERS, known=DAYS | st.none())
def test_one_member_and_the_whole_table_are_read_alike(
    engine: Any, book: Rulebook, roll: list[list[Event]], covers: Covers, known: dt.date | None
) -> None:
    demand_alike(engine, book, roll, covers, known)


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(roll=ROLL, covers=COVERS, known=DAYS | st.none())
def test_one_member_and_the_whole_table_of_many_rolls_are_read_alike(
    engine: Any, book: Rulebook, roll: list[list[Event]], covers: Covers, known: dt.date | None
) -> None:
    demand_alike(engine, book, roll, covers, known)


def demand_alike(
    engine: Any, book: Rulebook, roll: list[list[Event]], covers: Covers, known: dt.date | None
) -> None:
    found = in_duckdb(engine, book, roll, covers, known)
    for events, row in zip(roll, found, strict=True):
        row.pop("member_id")
        assert row == facts_as_at(book, events, covers, known), events


READABLE = {"paid": "2028-02-20", "class": "full", "level": "7", "agreed": "true", "due": "2028-03-01"}
PLAIN = st.builds(
    lambda kind, day, recorded: Event(kind, day, recorded, READABLE.get(kind, "")),
    st.sampled_from(KINDS),
    DAYS,
    DAYS,
)


@settings(max_examples=200, deadline=None)
@given(events=st.lists(PLAIN, max_size=9), spans=IN_TIME)
def test_what_untold_days_hide_makes_a_fact_unknown_and_never_another(
    book: Rulebook, events: list[Event], spans: dict[str, list[tuple[dt.date | None, dt.date | None]]]
) -> None:
    def seen(event: Event) -> bool:
        return any(
            (first is None or event.on >= first) and (last is None or event.on <= last)
            for first, last in spans[event.kind]
        )

    whole = facts_as_at(book, events, KINDS)
    part = facts_as_at(book, [event for event in events if seen(event)], spans)
    assert {name: value for name, value in part.items() if value is not None and value != whole[name]} == {}


def on(day: str, kind: str, value: str = "", recorded: str = "", **more: Any) -> Event:
    return Event(kind, dt.date.fromisoformat(day), dt.date.fromisoformat(recorded or day), value, **more)


def facts(book: Rulebook, *events: Event, known: str | None = None) -> dict[str, Any]:
    return facts_as_at(book, events, KINDS, dt.date.fromisoformat(known) if known else None)


def test_a_lapse_of_thirty_days_keeps_the_clock_and_one_of_thirty_one_does_not(book: Rulebook) -> None:
    start = on("2020-05-01", "joined"), on("2028-01-01", "lapsed")
    kept = facts(book, *start, on("2028-01-31", "reinstated"))
    assert (kept["member"], kept["since"]) == (True, dt.date(2020, 5, 1))
    anew = facts(book, *start, on("2028-02-01", "reinstated"))
    assert (anew["member"], anew["since"]) == (True, dt.date(2028, 2, 1))
    assert facts(book, *start)["member"] is False


def test_a_record_that_comes_late_counts_from_the_day_it_came(book: Rulebook) -> None:
    late = on("2028-02-01", "paid", "2028-03-31", recorded="2028-03-05")
    assert facts(book, late, known="2028-03-04")["has_paid"] is False
    assert facts(book, late, known="2028-03-05")["has_paid"] is True
    # the rulebook's own last day, 24 March, holds whoever asks later
    never = on("2028-02-01", "paid", "2028-03-31", recorded="2028-03-25")
    assert facts(book, never, known="2028-05-01")["has_paid"] is False


def test_a_correction_replaces_the_record_from_the_day_it_was_made(book: Rulebook) -> None:
    wrong = on("2027-12-01", "joined", recorded="2027-12-01", id="a")
    right = on("2027-02-01", "joined", recorded="2028-03-01", replaces="a")
    assert facts(book, wrong, right, known="2028-02-29")["first_joined"] == dt.date(2027, 12, 1)
    assert facts(book, wrong, right)["first_joined"] == dt.date(2027, 2, 1)
    back = on("2027-12-01", "joined", recorded="2028-03-02", replaces="a", withdrawn=True)
    assert facts(book, wrong, back)["first_joined"] is None


def test_an_event_without_its_day_makes_its_facts_unknown_and_never_false(book: Rulebook) -> None:
    undated = Event("resigned", None, dt.date(2028, 1, 1))
    found = facts(book, on("2020-05-01", "joined"), undated)
    assert (found["member"], found["since"], found["first_joined"]) == (None, None, dt.date(2020, 5, 1))


def test_a_source_that_was_not_imported_makes_its_facts_unknown(book: Rulebook) -> None:
    assert facts_as_at(book, [], set(KINDS) - {"paid"})["has_paid"] is None
    assert facts_as_at(book, [], KINDS)["has_paid"] is False


def in_time(book: Rulebook, first: str, last: str, *events: Event) -> dict[str, Any]:
    """Facts where every source tells of these days only; the freeze is 29 February 2028."""
    bounds = [dt.date.fromisoformat(day) if day else None for day in (first, last)]
    return facts_as_at(book, events, {kind: [(bounds[0], bounds[1])] for kind in KINDS})


def test_of_days_that_no_source_tells_of_nothing_is_known(book: Rulebook) -> None:
    # told of up to the end of 2027: what happened in January and February 2028 is not known
    old = in_time(book, "", "2027-12-31", on("2027-09-01", "meeting"), on("2027-09-01", "paid", "2027-12-31"))
    names = ("meetings", "recent", "fresh", "last_paid", "idle", "paid_up")
    assert {name: old[name] for name in names} == dict.fromkeys(names)
    # that there was a payment is known all the same, and an earlier first one cannot have been
    assert (old["has_paid"], old["paid_since"]) == (True, None)
    assert in_time(book, "", "2027-12-31")["has_paid"] is None
    first = in_time(book, "", "2027-12-31", on("2027-03-01", "joined"))
    assert (first["first_joined"], first["written_down"]) == (dt.date(2027, 3, 1), None)


def test_a_number_that_looks_back_no_further_than_is_told_is_known(book: Rulebook) -> None:
    # "in 6 months" looks back to 29 August 2027, that day not in it
    assert in_time(book, "2027-08-30", "")["recent"] == 0
    assert in_time(book, "2027-08-31", "")["recent"] is None
    assert in_time(book, "2027-08-30", "")["meetings"] is None


def test_a_spell_is_known_from_what_happened_since_the_untold_days(book: Rulebook) -> None:
    told = "2025-01-01"
    # in or out on 31 December 2024: not known, and nothing since
    assert in_time(book, told, "")["member"] is None
    joined = on("2027-02-01", "joined")
    inside = in_time(book, told, "", joined)
    assert (inside["member"], inside["since"]) == (True, None)  # perhaps a member before as well
    left = in_time(book, told, "", on("2026-01-01", "resigned"), joined)
    assert (left["member"], left["since"]) == (True, dt.date(2027, 2, 1))
    assert in_time(book, told, "", on("2026-01-01", "resigned"))["member"] is False
    # restored within thirty days of an end keeps the clock, and that began on an unknown day
    back = in_time(book, told, "", on("2026-01-01", "lapsed"), on("2026-01-31", "reinstated"))
    assert (back["member"], back["since"]) == (True, None)


def test_a_period_that_runs_is_known_to_run_and_one_that_does_not_may_be_untold(book: Rulebook) -> None:
    running = on("2028-01-01", "paid", "2028-03-31")
    found = in_time(book, "2027-06-01", "", running)
    assert (found["paid_up"], found["paid_since"]) == (True, None)
    assert in_time(book, "2027-06-01", "")["paid_up"] is None
    assert in_time(book, "", "", running)["paid_since"] == dt.date(2028, 1, 1)


def test_sources_that_follow_each_other_tell_of_all_their_days(book: Rulebook) -> None:
    days = [dt.date.fromisoformat(day) for day in ("2019-12-31", "2020-01-01", "2022-12-31", "2023-01-02")]
    day = dt.date(2028, 2, 29)
    assert untold({"paid": [(None, days[0]), (days[1], None)]}, ["paid"], day) is None
    # 1 January 2023 is in neither
    assert untold({"paid": [(days[3], None), (None, days[2])]}, ["paid"], day) == Untold(
        dt.date(2023, 1, 1), dt.date(2023, 1, 1)
    )
    assert untold({"paid": [(days[1], days[2])]}, ["paid"], days[2]) == Untold(dt.date(1900, 1, 1), days[0])
    assert untold(["paid"], ["paid"], day) is None


def test_somebody_born_on_a_leap_day_is_a_year_older_on_the_last_of_february(book: Rulebook) -> None:
    # months clamp everywhere here: 29 February and 19 years is 28 February 2027
    born = on("2008-02-29", "born")
    assert facts(book, born)["age"] == 20  # as at 29 February 2028
    assert facts(book, on("2008-03-01", "born"))["age"] == 19


def test_periods_with_five_days_between_are_one_spell_and_with_six_are_two(book: Rulebook) -> None:
    # paid to 31 January; five free days, 1 to 5 February, then 6 February
    five = on("2028-01-01", "paid", "2028-01-31"), on("2028-02-06", "paid", "2028-03-05")
    assert facts(book, *five)["paid_since"] == dt.date(2028, 1, 1)
    six = on("2028-01-01", "paid", "2028-01-31"), on("2028-02-07", "paid", "2028-03-05")
    assert facts(book, *six)["paid_since"] == dt.date(2028, 2, 7)
    # to the freeze, 29 February, it is five days from the 24th and six from the 23rd
    assert facts(book, on("2028-01-01", "paid", "2028-02-24"))["paid_up"] is True
    assert facts(book, on("2028-01-01", "paid", "2028-02-23"))["paid_up"] is False


def test_the_number_of_meetings_in_six_months_leaves_out_the_day_six_months_before(book: Rulebook) -> None:
    # six months before 29 February 2028 is 29 August 2027
    found = facts(book, on("2027-08-29", "meeting"), on("2027-08-30", "meeting"), on("2028-02-29", "meeting"))
    assert (found["meetings"], found["recent"], found["fresh"]) == (3, 2, 1)


def refused(old: str, new: str) -> list[str]:
    text = BOOK.decode()
    assert text.count(old) == 1, old
    with pytest.raises(Refusal) as caught:
        load(text.replace(old, new).encode(), "h.toml")
    return [line.strip() for line in caught.value.sentence.splitlines()[1:]]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"first joined"', '"frist joined"', "line 7, first_joined: `frist joined` is not a reading. Did you mean `first`?"),
        ('"number of meeting"', '"whether meeting"', 'line 16, meetings: "whether meeting" gives a fact of type "bool"; `type` is "int".'),
        ('"during paid_up"', '"during payed_up"', "line 24, paid_up: `payed_up` is not a spell of this rulebook. Did you mean `paid_up`?"),
        ('as_at = "poll_closes"', 'as_at = "poll_close"', "line 23, later: `poll_close` is not a day of the timetable. Did you mean `poll_closes`?"),
        ('known_by = "appeals_end"', 'known_by = "apeals_end"', "line 39: `apeals_end` is not a day of the timetable. Did you mean `appeals_end`?"),
        ('"value of level"', '"value of nationality"', "line 12, level: `nationality` may not be looked at: it speaks of who somebody is, which no rule may look at."),
        ('restores = ["reinstated"]', 'restores = ["lapsed"]', "line 30, membership: `lapsed` cannot begin, end and restore the same spell; it is one of these."),
        ('periods = "paid"\n', 'periods = "paid"\nbegins = ["joined"]\n', "line 36, paid_up: a spell of periods has no `begins`, `ends`, `restores` or `within_days`."),
    ],
)  # fmt: skip
def test_a_reading_that_cannot_be_is_told_with_its_line(old: str, new: str, fault: str) -> None:
    (found,) = refused(old, new)
    assert found.startswith(fault)
