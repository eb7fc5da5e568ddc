"""Claims about what is said of an export without stopping its import, and about the sheet to mend it on."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
import python_calamine

from selectorate.roll.columns import HOW_TO_MEND
from selectorate.roll.reading import Reading, read_file
from selectorate.roll.review.repair import repair_sheet
from selectorate.roll.tables import read_table

TODAY = date(2026, 11, 22)


def remarked(data: bytes) -> list[tuple[int, str, str]]:
    reading = read_file(data, "m.csv", today=TODAY)
    assert reading.problems == ()
    return [(one.row, one.column, one.found) for one in reading.remarks]


def test_a_number_with_other_contents_is_remarked_and_both_rows_are_kept() -> None:
    data = b"member_id,full_name\n1,Member One\n1,Member Two\n"
    assert remarked(data) == [(3, "member_id", "1, which row 2 has with other contents")]
    assert len(read_file(data, "m.csv").rows) == 2


def test_a_row_that_repeats_another_is_left_out_with_its_reason() -> None:
    reading = read_file(b"member_id,full_name\n1,Member One\n1,Member One\n", "m.csv")
    assert (reading.total, len(reading.rows)) == (2, 1)
    assert "Row 3 is left out: it repeats an earlier row of number 1 word for word." in list(reading.lines())


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        (b"1,2020-01-01,2019-01-01,,,", "joined_on", "2019-01-01, and born_on 2020-01-01"),
        (b"1,,2020-01-02,2019-01-01,,", "paid_to", "2019-01-01, and joined_on 2020-01-02"),
        (b"1,,2027-01-01,,,", "joined_on", "2027-01-01"),
        (b"1,1890-01-01,,,,", "born_on", "1890-01-01"),
        (b"1,,,,nobody,", "email", "nobody"),
        (b"1,,,,,12", "phone", "12"),
    ],
)
def test_values_that_cannot_be_so_are_remarked_by_row(row: bytes, column: str, found: str) -> None:
    assert remarked(b"member_id,born_on,joined_on,paid_to,email,phone\n" + row + b"\n") == [
        (2, column, found)
    ]


def test_days_that_programs_write_are_remarked_once_with_their_rows() -> None:
    rows = b"".join(b"%d,1970-01-01,2020-01-01\n" % number for number in range(7))
    assert remarked(b"member_id,born_on,joined_on\n" + rows) == [
        (
            2,
            "born_on",
            "1970-01-01 in 7 rows (row 2, 3, 4, 5, 6 and 2 more), a day that programs write by themselves",
        )
    ]


def test_one_birthday_in_far_more_rows_than_others_is_remarked() -> None:
    """300 rows with 300 days of birth and 30 more with one: 330 / 301 = 1.1 rows a day on average."""
    days = [date.fromordinal(date(1960, 1, 1).toordinal() + 7 * step) for step in range(300)]
    listed = [*days, *[date(1980, 1, 1)] * 30]
    rows = "".join(f"{number},{day}\n" for number, day in enumerate(listed))
    ((row, column, found),) = remarked(f"member_id,born_on\n{rows}".encode())
    assert (row, column) == (302, "born_on")
    assert found.startswith("1980-01-01 in 30 rows")


def test_a_record_made_long_after_what_it_records_is_remarked() -> None:
    data = b"member_id,joined_on,joined_through,recorded_on\n1,2026-01-01,,2026-06-01\n2,2026-01-01,,2026-01-09\n"
    assert remarked(data) == [(2, "joined_on", "2026-01-01, recorded only on 2026-06-01")]


def mended(data: bytes) -> tuple[Reading, list[list[object]], bytes]:
    reading = read_file(data, "m.csv", today=TODAY)
    sheet = repair_sheet(read_table(data, "m.csv"), reading)
    cells = python_calamine.load_workbook(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    return reading, cells, sheet


def test_a_repair_sheet_keeps_rows_in_place_explains_them_and_holds_no_refused_column() -> None:
    data = b"member_id,full_name,Religion,joined_on\n1,=1+1,SENTINEL,2020-01-01\n2,Member Two,SENTINEL,2020-02-30\n"
    reading, cells, sheet = mended(data)
    assert cells[0] == ["member_id", "full_name", "joined_on", "To mend"]
    assert cells[1] == ["1", "=1+1", "2020-01-01", ""]
    assert cells[2][:3] == ["2", "Member Two", "2020-02-30"]
    assert str(cells[2][3]).startswith("joined_on: found 2020-02-30; expected a date that exists")
    assert [problem.row for problem in reading.problems] == [3]
    again = read_file(sheet, "mend.xlsx")
    assert [(problem.row, problem.found) for problem in again.problems] == [(3, "2020-02-30")]
    assert again.ignored == ("To mend",)
    assert "SENTINEL" not in repr(cells)


def test_a_mended_sheet_is_imported_as_the_file_would_have_been() -> None:
    _, _, sheet = mended(b"member_id,full_name,postcode\n007,Member Seven,02118\n")
    reading = read_file(sheet, "mend.xlsx")
    assert reading.problems == ()
    assert {field: cells[0] for field, cells in reading.columns.items()} == {
        "member_id": "007", "full_name": "Member Seven", "postcode": "02118",
    }  # fmt: skip


def test_a_repair_sheet_opens_with_what_to_do_and_a_list_that_leads_to_each_cell() -> None:
    data = (
        b"member_id,full_name,Religion,joined_on\n1,Member One,SENTINEL,2020-02-30\n2,Member Two,SENTINEL,2031-01-01\n"
        b"2,Member Two,SENTINEL,2031-01-01\n"
    )
    reading, _, sheet = mended(data)
    book = python_calamine.load_workbook(io.BytesIO(sheet))
    assert book.sheet_names == ["Members", HOW_TO_MEND]
    lines = book.get_sheet_by_name(HOW_TO_MEND).to_python()
    text = "\n".join(" ".join(str(cell) for cell in line if cell) for line in lines)
    assert "1 to mend, 1 worth a look." in text
    assert (
        "Left out already, with nothing to do about it, as it repeats an earlier row word for word: row 4."
        in text
    )
    assert "Not in this file, because they may not be used: Religion." in text
    assert [line[:3] for line in lines[-2:]] == [
        ["2", "joined_on", "2020-02-30"],
        ["3", "joined_on", "2031-01-01"],
    ]
    assert "SENTINEL" not in text
    with zipfile.ZipFile(io.BytesIO(sheet)) as parts:
        told = parts.read("xl/worksheets/sheet2.xml").decode()
        assert 'tabSelected="1"' in told
        assert [place in told for place in ("'Members'!C2", "'Members'!C3")] == [True, True]
    again = read_file(sheet, "mend.xlsx", today=TODAY)
    assert [problem.row for problem in again.problems] == [problem.row for problem in reading.problems] == [2]


def test_a_list_without_a_fault_is_told_that_nothing_has_to_be_mended() -> None:
    _, _, sheet = mended(b"member_id,full_name,joined_on\n1,Member One,2020-02-28\n")
    lines = python_calamine.load_workbook(io.BytesIO(sheet)).get_sheet_by_name(HOW_TO_MEND).to_python()
    assert lines[-1][0] == "Nothing has to be mended."
