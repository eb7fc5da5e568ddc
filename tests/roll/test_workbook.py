"""Claims about reading XLSX. Workbooks are written with xlsxwriter, a program that is not the reader's."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter

from selectorate.errors import Refusal
from selectorate.roll.reading import read_file


def workbook(write: Callable[[Any, Any], None]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        write(book, book.add_worksheet("Members"))
    return out.getvalue()


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


def plain(_: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, ("member_id", "full_name", "weight"))
    sheet.write_row(1, 0, ("M-1", "Member One", 1))


SHEET = "xl/worksheets/sheet1.xml"


def test_numbers_dates_and_text_keep_what_a_person_sees() -> None:
    def write(book: Any, sheet: Any) -> None:
        dates = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ("member_id", "full_name", "postcode", "joined_on"))
        sheet.write_number(1, 0, 17)
        sheet.write_string(1, 1, "Member Seventeen")
        sheet.write_string(1, 2, "02118")
        sheet.write_datetime(1, 3, datetime(2024, 2, 29), dates)  # noqa: DTZ001

    reading = read_file(workbook(write), "members.xlsx")
    assert reading.problems == ()
    assert {field: cells[0] for field, cells in reading.columns.items()} == {
        "member_id": "17",
        "full_name": "Member Seventeen",
        "postcode": "02118",
        "joined_on": "2024-02-29",
    }
    assert reading.encoding == "xlsx"


def test_a_formula_is_named_with_its_row_and_never_read_as_zero() -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ("member_id", "full_name", "weight"))
        sheet.write_row(1, 0, ("M-1", "Member One", 1))
        sheet.write_row(2, 0, ("M-2", "Member Two"))
        sheet.write_formula(2, 2, "=1+1", value=0)

    reading = read_file(workbook(write), "members.xlsx")
    (problem,) = reading.problems
    assert problem.sentence("members.xlsx") == (
        "members.xlsx, row 3, column weight: found a formula; expected a value. Copy the column and paste it "
        "as values, then save the file again."
    )


def test_a_shared_or_array_formula_is_found_too() -> None:
    def write(_: Any, sheet: Any) -> None:
        plain(_, sheet)
        sheet.write_array_formula(2, 0, 3, 0, "{=A2:A3}")

    rows = [problem.row for problem in read_file(workbook(write), "members.xlsx").problems if problem.column]
    assert rows[0] == 3


def test_a_formula_in_a_column_that_is_not_used_does_not_stop_the_import() -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ("member_id", "full_name", "Religion"))
        sheet.write_row(1, 0, ("M-1", "Member One"))
        sheet.write_formula(1, 2, "=A2")

    reading = read_file(workbook(write), "members.xlsx")
    assert reading.problems == ()
    assert reading.refused == ("Religion",)


def test_a_formula_without_cell_references_is_placed_by_counting() -> None:
    sheet = (
        b"<worksheet><sheetData><row><c/><c/></row><row><c/><c><f>1+1</f></c></row></sheetData></worksheet>"
    )
    from selectorate.workbook import scan

    assert scan(changed(workbook(plain), SHEET, lambda _: sheet), columns_max=10).formulas == [(2, 1)]


def test_formulas_in_unused_columns_cannot_hide_one_in_a_used_column() -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ("member_id", "weight", "Religion"))
        for row in range(1, 300):
            sheet.write(row, 0, f"M-{row}")
            sheet.write_formula(row, 2, "=1")
        sheet.write_formula(299, 1, "=1")

    found = read_file(workbook(write), "members.xlsx").problems
    assert [(problem.row, problem.column) for problem in found if problem.found == "a formula"] == [
        (300, "weight")
    ]


def test_a_cell_is_placed_by_its_own_reference_as_the_reader_places_it() -> None:
    sheet = b'<worksheet><sheetData><row r="9"><c r="B2"><f>1</f></c></row></sheetData></worksheet>'
    from selectorate.workbook import scan

    assert scan(changed(workbook(plain), SHEET, lambda _: sheet), columns_max=10).formulas == [(2, 1)]


def test_rows_on_another_sheet_are_not_passed_over_in_silence() -> None:
    def write(book: Any, sheet: Any) -> None:
        plain(book, sheet)
        book.add_worksheet("Empty")
        book.add_worksheet("More").write(0, 0, "M-2")

    (problem,) = read_file(workbook(write), "members.xlsx").problems
    assert problem.sentence("members.xlsx") == (
        "members.xlsx: found more sheets with rows (More); expected rows on the first sheet only. Save each "
        "sheet as a file of its own, or delete what does not belong here."
    )


def test_a_sheet_with_empty_cells_at_the_end_is_not_ragged() -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ("member_id", "full_name", "email"))
        sheet.write_row(1, 0, ("M-1",))

    assert read_file(workbook(write), "members.xlsx").problems == ()


def test_a_cell_beyond_the_header_is_a_ragged_row() -> None:
    def write(_: Any, sheet: Any) -> None:
        plain(_, sheet)
        sheet.write(1, 4, "stray")

    (problem,) = read_file(workbook(write), "members.xlsx").problems
    assert (problem.row, problem.found) == (2, "5 cells")


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (
            lambda xml: xml.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'),
            "document type",
        ),
        (lambda xml: xml + b" " * 20_000_000, "100 times"),
        (lambda xml: xml[:-20], "not well formed"),
    ],
)
def test_hostile_or_broken_sheets_are_refused(change: Callable[[bytes], bytes], because: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_file(changed(workbook(plain), SHEET, change), "members.xlsx")
    assert refused.value.code == "roll.workbook"
    assert because in str(refused.value)


def test_what_unpacks_beyond_the_cap_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selectorate.workbook.TOTAL_MAX", 1_000)
    with pytest.raises(Refusal) as refused:
        read_file(workbook(plain), "members.xlsx")
    assert "1 GB" in str(refused.value)


def test_a_sheet_with_one_cell_in_its_last_corner_is_not_laid_out() -> None:
    """17 thousand million cells would be, between the first one and the last."""
    corner = (
        b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(Refusal) as refused:
        read_file(changed(workbook(plain), SHEET, lambda _: corner), "members.xlsx")
    assert "reaches to row 1048576, column 16384" in str(refused.value)


def test_a_truncated_workbook_is_refused_with_a_sentence() -> None:
    data = workbook(plain)
    for cut in range(4, len(data), 311):
        with pytest.raises(Refusal) as refused:
            read_file(data[:cut], "members.xlsx")
        assert refused.value.code == "roll.workbook"


@pytest.mark.parametrize(("serial", "found"), [(59, None), (60, "1900-02-28 or 1900-02-29"), (61, None)])
def test_a_day_that_spreadsheets_know_and_calendars_do_not_is_a_problem(
    serial: int, found: str | None
) -> None:
    """Day 60 is 29 February 1900 in their count; 1900 was no leap year. Day 61 is 1 March 1900."""

    def write(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ("member_id", "full_name", "joined_on"))
        sheet.write_row(1, 0, ("M-1", "Member One"))
        sheet.write_number(1, 2, serial, book.add_format({"num_format": "yyyy-mm-dd"}))

    reading = read_file(workbook(write), "members.xlsx")
    assert [(one.row, one.column, one.found) for one in reading.problems] == (
        [(2, "joined_on", found)] if found else []
    )
