"""Claims about what was read of everybody's history: facts as at a day, and the file and row of each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.selection import BOTH, BY, Selection, done, say

BOOK = """
[rulebook]
organisation = "The Orchard League"
version = "2027-2"
adopted = "General meeting, motion 4"

[facts]
since = { type = "date", from = "ledger", reads = "since membership", means = "first day of the membership that runs" }
meetings = { type = "int", from = "register", reads = "number of attended in 12 months", means = "meetings in a year" }
joined_written = { type = "date", from = "roll", reads = "first recorded joined", means = "joining written down on" }

[timetable]
poll_opens = 2027-03-01
freeze = "poll_opens - 60 days"
appeals_end = "poll_opens - 21 days"
poll_closes = "poll_opens + 14 days"

[history]
known_by = "freeze"

# A lapse of 60 days or less is made good by the next renewal: the membership goes on with its old first day.
[[spell]]
id = "membership"
cite = "Rule 4.2"
periods = "renewed"
gap_days = 60

[[eligible]]
id = "E1"
cite = "Rule 4.1"
needs = "since <= freeze - months(12)"
says = "Your membership had run for twelve months; a lapse of 60 days or less is made good by renewing."
says_not = "Your membership had not run for twelve months, counted from the last lapse of more than 60 days."

[[eligible]]
id = "E2"
cite = "Rule 5"
needs = "joined_written <= freeze - months(1)"
says = "Your joining was written down a month before the roll was frozen."

[[eligible]]
id = "E3"
cite = "Rule 6"
needs = "meetings >= 2"
says = "You were at two meetings within twelve months."

[appeal]
to = "the appeals panel"
days = 14

[[contest]]
id = "committee"
seats = 2
ballot = { kind = "ranked", order = "drawn once" }
count = { method = "scottish-stv" }
"""
MEMBERS = """member_id,full_name,joined_on,email,address_1,postcode
M-1,Member 1,2020-05-02,m1@orchard.example,1 Orchard Lane,OR1 1XX
M-2,Member 2,2021-06-03,m2@orchard.example,2 Orchard Lane,OR2 1XX
M-3,Member 3,2022-07-04,m3@orchard.example,3 Orchard Lane,OR3 1XX
M-4,Member 4,2026-01-05,m4@orchard.example,4 Orchard Lane,OR4 1XX
"""
RENEWALS = """member_id,renewed_on,paid_to,recorded_on
M-1,2024-11-01,2025-10-31,2024-11-02
M-2,2024-06-01,2025-05-31,2024-06-01
M-1,2025-12-15,2027-01-31,2025-12-15
M-2,2026-02-01,2027-01-31,2026-02-01
M-4,2025-06-01,2027-01-31,2027-01-01
"""
JOINS = """member_id,joined_on,joined_through,recorded_on
M-4,2026-01-05,Member 1,2026-12-28
"""
AT = ("--at", "2027-01-20T09:00:00Z")


def frozen(root: Path, covers: tuple[str, ...] = (), **more: str) -> Selection:
    """A selection of four members whose renewals were imported, frozen on its rulebook's freeze: 31 December."""
    s = Selection(root)
    names = []
    for name, text in {"members": MEMBERS, "renewals": RENEWALS, **more}.items():
        (root / f"{name}.csv").write_text(text)
        names.append(root / f"{name}.csv")
    (root / "book.toml").write_text(BOOK)
    start = ("--demonstration", *BY, "--at", "2026-12-01T09:00:00Z")
    done("new", s.office, "--rulebook", root / "book.toml", *start)
    told = (word for span in covers for word in ("--covers", span))
    done("roll", "import", s.office, *names, *told, *BY, "--at", "2027-01-02T09:00:00Z")
    done("roll", "freeze", s.office, *BOTH, *AT)
    return s


def reasons(s: Selection, member: str) -> dict[str, Any]:
    typed = (
        "roll",
        "explain-member",
        s.office,
        member,
        *BY,
        "--why",
        "The member telephoned.",
        *AT,
        "--json",
    )
    return {one["clause"]: one for one in json.loads(done(*typed))["reasons"]}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Selection:
    return frozen(tmp_path_factory.mktemp("histories"))


def test_a_lapse_made_good_in_time_keeps_the_clock_and_the_rows_are_named(office: Selection) -> None:
    # M-1 lapsed from 1 November to 14 December 2025: 44 days. The first period began on 1 November 2024.
    made = reasons(office, "M-1")["E1"]
    assert made["verdict"] == "met"
    assert made["looked_at"] == [
        {"fact": "since", "means": "first day of the membership that runs", "value": "1 November 2024",
         "source": "renewals.csv, rows 2, 4", "as_at": "2026-12-31"}
    ]  # fmt: skip


def test_a_longer_lapse_begins_anew(office: Selection) -> None:
    # M-2 lapsed from 1 June 2025 to 31 January 2026: 245 days. Twelve months before the freeze: 31 December 2025.
    made = reasons(office, "M-2")["E1"]
    (looked,) = made["looked_at"]
    assert (made["verdict"], looked["value"]) == ("not met", "1 February 2026")
    assert looked["source"] == "renewals.csv, rows 3, 5"


def test_who_never_renewed_is_asked_and_told_that_the_list_has_nothing(office: Selection) -> None:
    made = reasons(office, "M-3")["E1"]
    (looked,) = made["looked_at"]
    assert (made["verdict"], looked["source"]) == ("not known", "renewals.csv: nothing of this about you")


def test_a_renewal_written_down_after_the_freeze_was_not_known_then(office: Selection) -> None:
    assert reasons(office, "M-4")["E1"]["verdict"] == "not known"


def test_a_kind_of_event_that_no_file_told_of_is_unknown_and_not_false(office: Selection) -> None:
    made = reasons(office, "M-1")["E3"]
    assert made["verdict"] == "not known"
    assert made["looked_at"][0]["source"] == "no list that was read tells of this (attended)"


def test_a_file_without_a_row_covers_its_kind_and_then_nothing_happened(tmp_path: Path) -> None:
    s = frozen(tmp_path, meetings="member_id,attended_on,meeting,signed_in_by\n", joins=JOINS)
    made = reasons(s, "M-1")["E3"]
    (looked,) = made["looked_at"]
    assert (made["verdict"], looked["value"]) == ("not met", "0")
    assert looked["source"] == "meetings.csv: nothing of this about you"
    # A joining of January that was keyed in three days before the freeze counts from the day it was keyed in;
    # where no file of joinings names the member, the day of the list is all that is known.
    late = reasons(s, "M-4")["E2"]
    (looked,) = late["looked_at"]
    assert (late["verdict"], looked["value"]) == ("not met", "28 December 2026")
    assert looked["source"] == "joins.csv, row 2"
    (listed,) = reasons(s, "M-3")["E2"]["looked_at"]
    assert (listed["value"], listed["source"]) == ("4 July 2022", "members.csv, row 4")


MEETINGS = "member_id,attended_on,meeting,signed_in_by\nM-1,2026-03-01,Spring,x\nM-1,2026-05-01,May,x\n"


def test_a_file_that_tells_of_a_part_of_the_time_leaves_the_rest_unknown(tmp_path: Path) -> None:
    # "Two meetings within twelve months" looks back to 31 December 2025; the sign-ins end in June 2026.
    part = frozen(tmp_path, ("meetings.csv=2025-01-01..2026-06-30",), meetings=MEETINGS)
    made = reasons(part, "M-2")["E3"]
    assert made["verdict"] == "not known"
    source = made["looked_at"][0]["source"]
    told = "meetings.csv: nothing of this about you; nothing was read of some days up to 31 December 2026"
    assert source == told


def test_a_file_that_tells_of_all_days_that_a_rule_looks_at_is_enough(tmp_path: Path) -> None:
    s = frozen(tmp_path, ("meetings.csv=2026-01-01..",), meetings=MEETINGS)
    assert reasons(s, "M-1")["E3"]["verdict"] == "met"
    assert reasons(s, "M-2")["E3"]["verdict"] == "not met"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("meetings.csv=2026-01-01..2026-04-30", "its row 3 tells of 2026-05-01, outside those days"),
        ("receipts.csv=2026-01-01..", "no file of payments or events of that name is read"),
        ("members.csv=2026-01-01..", "no file of payments or events of that name is read"),
        ("meetings.csv=2026-06-01..2026-01-01", "says no days"),
        ("meetings.csv=..", "says no days"),
        ("meetings.csv", "says no days"),
    ],
)
def test_days_that_a_file_cannot_tell_of_are_refused_and_nothing_is_imported(
    typed: str, told: str, tmp_path: Path
) -> None:
    s = Selection(tmp_path)
    (tmp_path / "book.toml").write_text(BOOK)
    (tmp_path / "members.csv").write_text(MEMBERS)
    (tmp_path / "meetings.csv").write_text(MEETINGS)
    start = ("--demonstration", *BY, "--at", "2026-12-01T09:00:00Z")
    done("new", s.office, "--rulebook", tmp_path / "book.toml", *start)
    files = (tmp_path / "members.csv", tmp_path / "meetings.csv")
    said = say("roll", "import", s.office, *files, "--covers", typed, *BY, "--at", "2027-01-02T09:00:00Z")
    assert said.code == 2
    assert told in said.err
    assert "roll.imported" not in s.acts()
    assert not (s.office / "vault" / "roll.duckdb").exists()
