"""The roll as whole numbers: what the look for the unlike may see, and what it can never reach."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from selectorate.roll.facts import note_histories
from selectorate.roll.intake import take_in
from selectorate.roll.reading import read_file
from selectorate.roll.signals import numbers
from selectorate.roll.tokens import tokens

from .conftest import FREEZE, KEY, Marked

EPOCH = date(1970, 1, 1)
HEADER = (
    "member_id,full_name,joined_on,address_1,address_2,postcode,branch,phone,email,payer_ref,household_ref"
)

Lay = Callable[..., "Laid"]


class Laid:
    """The tables of whole numbers, and the member that each number stands for."""

    def __init__(self, place: Path, engine: duckdb.DuckDBPyConnection, key: bytes = KEY) -> None:
        engine.execute(f"ATTACH '{place}' AS look")
        self.tables = numbers.lay_out(engine, FREEZE, key, "look")
        engine.execute("DETACH look")
        self.branches = {name: number for number, name in numbers.branch_names(engine).items()}
        count = engine.execute("SELECT count(*) FROM numbered").fetchall()[0][0]
        self.names = numbers.member_numbers(engine, list(range(1, count + 1)))
        self.place = place

    def rows(self, table: str = "members") -> dict[str, dict[str, int]]:
        """The rows of a table by the member's own number (of several of one member the last)."""
        with duckdb.connect(str(self.place), read_only=True) as engine:
            found = engine.execute(f"SELECT * FROM {table}")  # noqa: S608 - a table of ours
            columns = [one[0] for one in found.description or ()]
            lines = [dict(zip(columns, line, strict=True)) for line in found.fetchall()]
        return {self.names[line["member_id"]]: line for line in lines}


@pytest.fixture
def lay(tmp_path: Path) -> Iterator[Lay]:
    """A function that takes in files of our own layouts and lays them out as whole numbers."""
    engine = duckdb.connect()

    def laid(members: list[str], **files: str) -> Laid:
        texts = {"members.csv": "\n".join([HEADER, *members])} | {
            f"{name}.csv": text for name, text in files.items()
        }
        readings = [read_file(text.encode(), name) for name, text in texts.items()]
        take_in(engine, readings, KEY)
        note_histories(engine, readings)
        return Laid(tmp_path / "look.duckdb", engine)

    yield laid
    engine.close()


def day(text: str) -> int:
    return (date.fromisoformat(text) - EPOCH).days


def member(number: str, joined: str = "2020-05-01", *rest: str) -> str:
    street, room, postcode, branch, phone, email, payer, household = (*rest, *[""] * 8)[:8]
    return f"{number},Member {number},{joined},{street},{room},{postcode},{branch},{phone},{email},{payer},{household}"


# ---------------------------------------------------------------- nothing clear


@pytest.fixture(scope="module")
def laid_out(marked: Marked, tmp_path_factory: pytest.TempPathFactory) -> Laid:
    return Laid(tmp_path_factory.mktemp("look") / "look.duckdb", marked.engine)


def test_no_clear_value_can_be_reached_from_the_numbers(marked: Marked, laid_out: Laid) -> None:
    """The invented roll has a sentinel in every private text; the tables' file is searched for it, byte by byte."""
    texts = [str(cell) for line in marked.engine.execute("SELECT * FROM members").fetchall() for cell in line]
    assert sum(marked.sentinel in text.casefold() for text in texts) > 1_000
    content = laid_out.place.read_bytes()
    assert marked.sentinel.encode() not in content.lower()
    query = "SELECT member_id, name, email, phone, address_1 FROM members USING SAMPLE 50 ROWS (reservoir, 7)"
    for line in marked.engine.execute(query).fetchall():
        assert not any(text and str(text).encode() in content for text in line)


def test_every_column_is_a_whole_number_in_every_table(laid_out: Laid) -> None:
    with duckdb.connect(str(laid_out.place), read_only=True) as engine:
        kinds = engine.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
        ).fetchall()
        assert {kind for *_, kind in kinds} == {"BIGINT"}
        assert {name for name, *_ in kinds} == {"members", *laid_out.tables}
        for table, column, _ in kinds:
            least, most = engine.execute(f"SELECT min({column}), max({column}) FROM {table}").fetchall()[0]  # noqa: S608
            assert least is None or -1 <= least <= most < 2**51, (table, column)


def test_a_number_of_a_telephone_cannot_be_tried_out_without_the_key(lay: Lay) -> None:
    laid = lay([member("A", "2020-05-01", "1 Mill Lane", "", "OR1", "North", "0700 123456")])
    got = laid.rows()["A"]["phone"]
    assert got == numbers.whole(str(tokens(KEY, "phone", ["0700123456"])[0]))
    assert got != numbers.whole(str(tokens(bytes(32), "phone", ["0700123456"])[0]))
    unkeyed = {
        hashlib.sha256(text.encode()).hexdigest() for text in ("0700 123456", "0700123456", "700123456")
    }
    assert got not in {numbers.whole(text) for text in unkeyed}


# ---------------------------------------------------------------- what crosses


def test_homes_buildings_and_dwellings_are_told_apart(lay: Lay) -> None:
    laid = lay(
        [
            member("A", "2020-05-01", "1 Mill Lane", "", "OR1", "North"),
            member("B", "2020-05-01", "1 mill lane", "", "or1", "North"),
            member("C", "2020-05-01", "2 Hall", "Room 1", "OR1", "North"),
            member("D", "2020-05-01", "2 Hall", "Room 2", "OR1", "North"),
            member("E"),
            member("F", "2020-05-01", "3 Ferry Row", "", "OR1", "North", "", "", "", "H-1"),
            member("G", "2020-05-01", "4 Ferry Row", "", "OR1", "North", "", "", "", "H-1"),
        ]
    )
    row = laid.rows()
    assert row["A"]["household"] == row["B"]["household"] == row["A"]["dwelling"] == row["A"]["building"] >= 0
    assert row["C"]["building"] == row["D"]["building"] == row["C"]["household"] == row["D"]["household"]
    assert row["C"]["dwelling"] != row["D"]["dwelling"]
    assert (row["E"]["household"], row["E"]["building"], row["E"]["dwelling"], row["E"]["branch"]) == (
        -1,
        -1,
        -1,
        -1,
    )
    assert row["F"]["household"] == row["G"]["household"] >= 0
    assert row["F"]["dwelling"] != row["G"]["dwelling"]


def test_a_day_is_counted_from_1970_and_what_is_not_known_is_minus_one(lay: Lay) -> None:
    laid = lay([member("A", "2020-05-01"), member("B", ""), member("C", "1955-01-01")])
    row = laid.rows()
    # From 1970 to 2020 are 50 years with 12 leap days, and 121 days from 1 January to 1 May 2020, a leap year.
    assert row["A"]["join_day"] == 50 * 365 + 12 + 121 == 18_383
    assert row["B"]["join_day"] == -1
    assert row["C"]["join_day"] == 0
    assert {one["renewal_day"] for one in row.values()} == {-1}


PAID = "member_id,paid_on,amount,payer_ref\n"


def test_the_account_is_the_one_that_paid_when_the_member_joined(lay: Lay) -> None:
    laid = lay(
        [
            member("A", "2026-05-01"),
            member("B", "2026-06-01"),
            member("C", "2026-06-01", "", "", "", "", "", "", "OWN"),
        ],
        payments=PAID + "A,2026-05-03,24,ONE\nB,2026-06-02,24,one\nB,2026-10-02,24,one",
    )
    row = laid.rows()
    assert row["A"]["payer"] == row["B"]["payer"] >= 0
    assert row["C"]["payer"] == numbers.whole(str(tokens(KEY, "payer", ["OWN"])[0]))
    assert row["B"]["renewal_day"] == -1


def test_coming_back_after_a_lapse_is_an_event_and_so_is_another_account(lay: Lay) -> None:
    laid = lay(
        [member("A", "2020-05-01"), member("B", "2020-05-01"), member("C", "2020-05-01")],
        payments=PAID
        + "A,2020-05-01,24,OWN\nA,2021-05-01,24,OWN\nA,2026-11-01,24,OTHER\n"  # away for five years
        + "B,2020-05-01,24,OWNB\nB,2021-05-01,24,OWNB\nB,2022-05-01,24,OTHER\nB,2023-05-01,24,OTHER\n"
        + "C,2020-05-01,24,OWNC\nC,2021-05-01,24,OWNC\nC,2022-05-01,24,OWNC",
    )
    row = laid.rows()
    assert row["A"]["renewal_day"] == day("2026-11-01")
    assert row["B"]["renewal_day"] == day("2022-05-01")
    assert row["A"]["payer"] == row["B"]["payer"]
    assert row["C"]["renewal_day"] == -1
    assert row["C"]["payer"] == numbers.whole(str(tokens(KEY, "payer", ["OWNC"])[0]))


def test_what_happened_after_the_freeze_is_not_there(lay: Lay) -> None:
    laid = lay(
        [member("A", "2020-05-01")],
        payments=PAID + "A,2020-05-01,24,OWN\nA,2027-01-02,24,OTHER",
        moves="member_id,moved_on,from_branch,to_branch\nA,2027-01-02,North,South",
        edits="member_id,changed_on,changed_field,operator\nA,2027-01-02,address,login-7",
    )
    assert laid.rows()["A"]["renewal_day"] == laid.rows()["A"]["transfer_day"] == -1
    assert laid.rows("edits") == {}


def test_the_books_cross_with_their_log_ins_collectors_and_numbers(lay: Lay) -> None:
    laid = lay(
        [member(name, "2026-05-01", f"{name} Mill Lane", "", "OR1", "North") for name in ("A", "B", "C")],
        edits="member_id,changed_on,changed_field,operator\n"
        "A,2026-11-02,postal address,login-7\nB,2026-11-03,e-mail address,login-7\nC,2026-11-03,Telephone,",
        receipts="member_id,received_on,receipt,collector\n"
        "A,2026-05-02,R-000123,Officer Two\nB,2026-05-02,124,Officer Two",
        moves="member_id,moved_on,from_branch,to_branch\nA,2026-10-20,South,North\nB,2026-10-20,South,North",
        joins="member_id,joined_on,joined_through\nC,2026-05-01,Member A",
    )
    assert laid.tables == {"edits", "receipts", "transfers"}
    edits, receipts, moved, row = (laid.rows(name) for name in ("edits", "receipts", "transfers", "members"))
    assert [edits[name]["field"] for name in "ABC"] == [0, 2, 1]
    assert edits["A"]["operator"] == edits["B"]["operator"] >= 0
    assert edits["C"]["operator"] == -1
    assert [receipts[name]["number"] for name in "AB"] == [123, 124]
    assert receipts["A"]["collector"] == receipts["B"]["collector"] == row["A"]["cash_collector"] >= 0
    assert (moved["A"]["from_branch"], moved["A"]["branch"]) == (
        laid.branches["South"],
        laid.branches["North"],
    )
    # A's address was changed thirteen days after the transfer: that is a move of house. B's was not.
    assert [moved[name]["address_changed"] for name in "AB"] == [1, 0]
    assert row["C"]["recruiter"] >= 0
    assert row["A"]["recruiter"] == -1


def test_the_device_of_a_form_belongs_to_the_joining_that_it_was_sent_for(lay: Lay) -> None:
    laid = lay(
        [
            member("A", "2026-05-01", "1 Mill Lane", "", "OR1", "North"),
            member("B", "2026-05-01", "2 Mill Lane", "", "OR1", "North"),
            member("C", "2020-05-01", "3 Mill Lane", "", "OR1", "North"),
            member("D", "2026-05-01", "4 Mill Lane", "", "OR1", "North"),
        ],
        forms="member_id,sent_on,sent_from\n"
        "A,2026-04-30,Tablet-7\nB,2026-05-02,tablet 7\nC,2026-05-01,Tablet-7\nD,2026-05-01,",
    )
    row = laid.rows()
    assert row["A"]["device"] == row["B"]["device"] >= 0
    assert row["C"]["device"] == -1  # years after joining: a form for something else
    assert row["D"]["device"] == -1
    assert b"ablet" not in laid.place.read_bytes()


def test_without_a_book_of_edits_nobody_knows_whether_an_address_changed(lay: Lay) -> None:
    laid = lay(
        [member("A", "2026-05-01", "1 Mill Lane", "", "OR1", "North")],
        moves="member_id,moved_on,from_branch,to_branch\nA,2026-10-20,South,North",
    )
    assert laid.tables == frozenset()
    assert laid.rows()["A"]["transfer_day"] == day("2026-10-20")


def test_who_was_removed_is_there_whether_still_on_the_list_or_not(lay: Lay) -> None:
    laid = lay(
        [member("A", "2026-05-01", "1 Mill Lane", "", "OR1", "North")],
        removals="member_id,removed_on,reason,branch,decided_by\n"
        "A,2026-10-20,did not answer,North,Officer Two\nZ,2026-10-21,arrears,South,Officer Two\n"
        "A,2027-01-03,later,North,",
        joins="member_id,joined_on,joined_through\nZ,2025-05-01,Member A",
    )
    assert laid.tables == {"exclusions"}
    removed = laid.rows("exclusions")
    assert set(removed) == {"A", "Z"}
    assert (removed["A"]["branch"], removed["Z"]["branch"]) == (
        laid.branches["North"],
        laid.branches["South"],
    )
    assert removed["A"]["day"] == day("2026-10-20")
    assert removed["A"]["reason"] != removed["Z"]["reason"]
    assert removed["Z"]["recruiter"] >= 0
    assert set(laid.rows()) == {"A"}
