"""Claims about files nobody meant well with: a sentence or a reading, never anything else."""

from __future__ import annotations

import io

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from selectorate.errors import Refusal
from selectorate.roll.reading import check_file

HEAD = b"member_id,full_name,joined_on,weight\r\n"


def told(data: bytes, name: str) -> None:
    """Reads; anything raised but a Refusal fails the test by itself."""
    try:
        found = check_file(data, name)
    except Refusal as refused:
        assert str(refused)
        assert "\n" not in str(refused)
    else:
        assert isinstance(found["problems"], list)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_reading_or_a_sentence(data: bytes) -> None:
    told(data, "members.csv")
    told(HEAD + data, "members.csv")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=4, max_size=4), max_size=5))
def test_any_cells_give_a_reading_or_a_sentence(rows: list[list[str]]) -> None:
    body = "\r\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    told(HEAD + body.encode("utf-8", "surrogatepass"), "members.csv")


def _workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("member_id", "full_name", "weight"))
        for row in range(1, 20):
            sheet.write_row(row, 0, (f"M-{row}", "Member", row))
    return out.getvalue()


WORKBOOK = _workbook()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(WORKBOOK) - 1), st.binary(min_size=1, max_size=6))
def test_a_workbook_changed_anywhere_gives_a_reading_or_a_sentence(place: int, piece: bytes) -> None:
    told(WORKBOOK[:place] + piece + WORKBOOK[place + len(piece) :], "members.xlsx")
