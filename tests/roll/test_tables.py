"""Claims about reading the bytes of CSV files."""

from __future__ import annotations

import pytest

from selectorate.errors import Refusal
from selectorate.roll.reading import read_file
from selectorate.roll.tables import read_table


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_each_separator_is_found(separator: str) -> None:
    text = separator.join(("member_id", "name")) + "\n" + separator.join(("7", "A, B; C"))
    if separator != "\t":
        text = text.replace("A, B; C", '"A, B; C"')
    table = read_table(text.encode(), "members.csv")
    assert table.delimiter == separator
    assert table.columns == (["7"], ["A, B; C"])


@pytest.mark.parametrize(
    ("encoding", "spoken"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16")]
)
def test_unicode_encodings_are_found_by_their_bytes(encoding: str, spoken: str) -> None:
    table = read_table("member_id,name\n1,Béthune".encode(encoding), "members.csv")
    assert (table.encoding, table.header[0], table.columns[1]) == (spoken, "member_id", ["Béthune"])


def test_windows_1252_is_read_when_somebody_says_so() -> None:
    table = read_table("member_id,name\n1,Mérida".encode("cp1252"), "members.csv", "cp1252")
    assert table.columns[1] == ["Mérida"]
    assert table.problems == ()


def test_latin_1_with_a_ragged_row_says_both_with_file_row_and_remedy() -> None:
    data = "member_id,full_name,branch\r\n1,Member One,Ashport\r\n2,Mérida\r\n".encode("latin-1")
    reading = read_file(data, "members.csv")
    assert "\n".join(problem.sentence("members.csv") for problem in reading.problems) == (
        "members.csv, row 3: found the byte E9, which is not UTF-8; expected UTF-8, or Windows-1252 when "
        "somebody says so. Save the file as CSV UTF-8, or say --encoding cp1252 if that is what it is.\n"
        "members.csv, row 3: found 2 cells; expected 3 cells, as in the header. Look for a missing or extra "
        "separator in this row, or an unquoted one inside a cell."
    )


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    table = read_table(b'member_id,name\n\n1,"two\nlines"\n2,b\n', "members.csv")
    assert table.rows == [3, 4]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "roll.empty"),
        (b"\n \n", "roll.empty"),
        (b"member_id,member_id\n1,2\n", "roll.header"),
        (b"member_id\n1\x00\n", "roll.text"),
        ("member_id\n1".encode("utf-16-le"), "roll.text"),
        (b"member_id\n\x81\n", "roll.text"),
        (b'member_id\n"1\n', "roll.csv"),
        (b'member_id\n"1"2\n', "roll.csv"),
        (b"PK\x03\x04 no zip", "roll.workbook"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_table(data, "members.csv")
    assert refused.value.code == code
    assert "members.csv" in str(refused.value)


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        read_table(b"member_id\n1\n", "members.csv", "utf-7")
    assert refused.value.code == "roll.text"


def test_a_file_beyond_the_cap_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selectorate.roll.tables.BYTES_MAX", 10)
    with pytest.raises(Refusal) as refused:
        read_table(b"member_id\n12345\n", "members.csv")
    assert refused.value.code == "roll.size"


def test_half_a_character_of_utf_16_is_said_to_be_none_with_its_row() -> None:
    """D800 is the first half of a pair (RFC 2781, section 2); an "x" is no second half."""
    data = b"\xff\xfe" + "member_id\nM-1\n".encode("utf-16-le") + b"\x00\xd8" + "x\n".encode("utf-16-le")
    with pytest.raises(Refusal) as refused:
        read_table(data, "members.csv")
    assert refused.value.sentence == (
        "members.csv cannot be read as text: what stands at byte 30, in row 3, is no character of utf-16."
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7\n", " is a PDF, and no list that can be read, whatever its name ends in."),
        (b"\xef\xbb\xbf \n<!DOCTYPE html><table>", " is a web page, and no list that can be read, "),
        (b"\x1f\x8b\x08", " is packed with gzip, and no list that can be read, "),
        (b"member_id,full_name\nM-1," + b"x" * 200_000, "(a cell runs over more than 131,072 characters)."),
        (b'member_id,full_name\nM-1,"x', "(one is still open at the end of the file)."),
        (b'member_id,full_name\nM-1,"x"y', "(after a closing one a cell goes on)."),
        (
            b",".join(b"c%d" % place for place in range(70_000)),
            ": it has 70,000 columns; at most 1,000 are read.",
        ),
    ],
)
def test_what_people_take_for_a_list_is_named_for_what_it_is(data: bytes, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_table(data, "m.csv")
    assert refused.value.sentence.startswith("m.csv")
    assert said in refused.value.sentence
    assert refused.value.remedy
