"""Claims about ODS and XLS. The workbooks were written by xlwt and LibreOffice (vectors/roll/workbooks)."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import duckdb
import pytest

from selectorate.errors import Refusal
from selectorate.roll.intake import take_in
from selectorate.roll.reading import read_file

SENTINEL = "zqsentinelqz"


def book(vectors: Path, name: str) -> bytes:
    return (vectors / "roll" / "workbooks" / name).read_bytes()


def with_part(data: bytes, part: str, content: bytes) -> bytes:
    """The workbook with one part more, or with another content of it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, content)
    return out.getvalue()


@pytest.mark.parametrize("form", ["xls", "ods"])
def test_a_workbook_is_read_as_a_person_sees_it(vectors: Path, form: str) -> None:
    reading = read_file(book(vectors, f"members.{form}"), f"members.{form}")
    assert (reading.encoding, reading.problems, reading.refused) == (form, (), ("Religion",))
    assert reading.columns == {
        "member_id": ("17", "18"),
        "full_name": ("Mérida Seventeen", "Member Eighteen"),
        "postcode": ("02118", "02119"),
        "joined_on": ("2024-02-29", "2023-12-31"),
    }


@pytest.mark.parametrize("form", ["xls", "ods"])
def test_a_formula_in_a_used_column_stops_and_one_in_a_refused_column_does_not(
    vectors: Path, form: str
) -> None:
    reading = read_file(book(vectors, f"formula.{form}"), f"formula.{form}")
    assert [(one.row, one.column, one.found) for one in reading.problems] == [(3, "joined_on", "a formula")]


@pytest.mark.parametrize("form", ["xls", "ods"])
def test_a_refused_columns_cells_are_in_no_reading_and_no_table(vectors: Path, form: str) -> None:
    data = book(vectors, f"members.{form}")
    reading = read_file(data, f"members.{form}")
    engine = duckdb.connect()
    take_in(engine, [reading], bytes(32))
    tables = ("members", "payments", "events", "tokens", "left_out")
    stored = "".join(repr(engine.table(table).fetchall()) for table in tables)
    assert "Mérida" in stored
    assert SENTINEL not in stored + repr(reading)


def refused(data: bytes, name: str) -> str:
    with pytest.raises(Refusal) as found:
        read_file(data, name)
    assert found.value.code == "roll.workbook"
    return str(found.value)


def test_macros_are_refused(vectors: Path) -> None:
    ods = with_part(book(vectors, "members.ods"), "Basic/Standard/Module1.xml", b"<a/>")
    assert "it has macros" in refused(ods, "members.ods")
    # The directory of the compound file names its streams: another stream becomes that of a project.
    xls = book(vectors, "members.xls")
    entry = xls.index("Workbook".encode("utf-16-le"))
    spare = xls[entry + 128 : entry + 192]
    assert spare == bytes(64), "the entry after the workbook's is taken"
    named = "VBA".encode("utf-16-le").ljust(64, b"\0") + (8).to_bytes(2, "little") + b"\x01"
    assert "it has macros" in refused(xls[: entry + 128] + named + xls[entry + 195 :], "members.xls")


def test_an_ods_with_entities_or_a_bomb_is_refused(vectors: Path) -> None:
    data = book(vectors, "members.ods")
    content = zipfile.ZipFile(io.BytesIO(data)).read("content.xml")
    entity = content.replace(
        b"<office:document-content", b'<!DOCTYPE a [<!ENTITY b "c">]><office:document-content', 1
    )
    assert "document type" in refused(with_part(data, "content.xml", entity), "members.ods")
    assert "100 times" in refused(with_part(data, "content.xml", content + b" " * 20_000_000), "members.ods")
    wide = content.replace(b"<table:table-cell ", b'<table:table-cell table:number-columns-repeated="16000" ')
    wide = wide.replace(b"<table:table-row ", b'<table:table-row table:number-rows-repeated="1000000" ', 2)
    assert "cells" in refused(with_part(data, "content.xml", wide), "members.ods")


def test_a_truncated_or_changed_xls_gives_a_reading_or_a_sentence(vectors: Path) -> None:
    data = book(vectors, "members.xls")
    for place in range(8, len(data), 97):
        for changed in (data[:place], data[:place] + b"\xff\xff\xff" + data[place + 3 :]):
            try:
                read_file(changed, "members.xls")
            except Refusal as reason:
                assert "members.xls" in str(reason)
