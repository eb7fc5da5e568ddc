"""Claims about sheets that are measured by searching: what the search finds is what the parser finds.

The expected places come from the parser's own way (a sheet with a comment in it is always parsed), and of the
examples by hand."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selectorate import workbook
from selectorate.workbook.plain import Look

PARTS = {
    "xl/workbook.xml": b'<workbook xmlns:r="x"><sheets><sheet name="M" r:id="a"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": b'<R><Relationship Id="a" Target="worksheets/sheet1.xml"/></R>',
}
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet><sheetData>'
TAIL = b"</sheetData></worksheet>"


def scanned(sheet: bytes) -> tuple[object, ...]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in {**PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            book.writestr(name, part)
    try:
        found = workbook.scan(out.getvalue(), columns_max=1_000)
    except workbook.Unreadable as reason:
        return ("refused", str(reason).split("(")[0])
    # the search counts no columns up to Z, which are never too many
    return (
        found.formulas,
        found.errors,
        found.truths,
        found.deepest,
        max(26, found.widest) if found.widest else 0,
    )


def is_common(sheet: bytes, size: int = 64) -> bool:
    look = Look(lambda *_: None, lambda *_: True)
    for start in range(0, len(sheet), size):
        look.feed(sheet[start : start + size], last=False)
    look.feed(b"", last=True)
    return look.is_common


CELLS = st.sampled_from(
    (
        b'<c r="A1"/>', b'<c r="B7"><v>1</v></c>', b'<c r="C3" t="s"><v>0</v></c>',
        b'<c r="AA9" s="4" t="e"><v>#N/A</v></c>', b'<c r="D2" t="b"><v>1</v></c>',
        b'<c r="E5"><f>1+1</f><v>2</v></c>', b'<c r="F6" s="1">\n<f t="shared" si="0"/></c>',
        b"<c><f>1</f></c>", b"<c r='G8' t='b'><v>1</v></c>", b'<c t="e" r="H9"/>', b'<row r="40"></row>',
        b'<row r="12">', b"</row>", b'<x:c r="I4" xmlns:x="y"/>', b'<c r="XFE1"/>', b'<c r="A1048577"/>',
        b'<c r="J1" t="inlineStr"><is><t>a :c b &lt;f></t></is></c>', b'<c r="&#65;2" t="b"/>', b"<f/>",
        b'<cols/><col min="1"/>', b'<![CDATA[<c r="Z9"/>]]>', b'<c r="K2" cm="1" t="b"><f>2</f></c>',
        b'<c r="L3"><v/><f>3</f></c>', b'<c r="M4"/><f>4</f>', b'<c\tr="N5"/>',
        b'<row r="5" spans="1:3"><c r="A5" t="s"><v>0</v></c><c r="AB5" s="2" t="b"><v>1</v></c></row>',
        b'<row r="6" ht="9.5"><c r="A6"><f>A5</f><v>a &amp; b</v></c></row>', b'<row r="7" spans="1:1"/>',
        b'<row r="8" ht="1" ht="2"><c r="A8"/></row>', b'<row r="9"><c r="A10" t="e"><v>x</v></c></row>',
        b'<row r="11"><c r="B11" t="inlineStr"><is><t xml:space="preserve">\xc3\xa9\n</t></is></c>\n</row>\n',
        b'<row r="13"><c r="A13"><v>\x01</v></c></row>', b'<row r="14"><c r="A14"><v>\xc3</v></c></row>',
        b'<row r="15"><c r="A15"><v>\xef\xbf\xbf</v></c></row>', b'<row r="16"><c r="C16" t="b"><v>&x;</v></c></row>',
        b'<row r="17"><c r="C17"><f t="shared" si="0"/><v>1</v></c><c r="D17"><f aca="false">1</f></c></row>',
        b'<row r="18"><c r="A18"><v>1</v></c></row><mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
        b"<extLst><ext><x14:formula1><xm:f>A1:A3</xm:f></x14:formula1></ext></extLst>",
        b'<row r="19" x14ac:dyDescent="0.25"><c r="XFE19"/></row>', b'<a b="<row r="20"></row>"/>',
    )
)  # fmt: skip
COMMON = b'<row r="%d" spans="1:2"><c r="A%d" t="b"><f>1</f><v>1</v></c></row>'


@settings(max_examples=300, deadline=None)
@given(st.lists(CELLS, max_size=8))
def test_a_search_finds_what_the_parser_finds(cells: list[bytes]) -> None:
    body = HEAD + b"".join(cells)
    parsed = scanned(body + b"<!-- parse this -->" + TAIL)
    assert scanned(body + TAIL) == parsed


def test_a_formula_beside_every_cell_is_told_as_the_parser_tells_it() -> None:
    row = b'<row r="8" ht="1"><c r="A8"><v>1</v></c></row>'
    for body in (
        HEAD + row + b"<f/>",
        HEAD + row + row.replace(b"8", b"9") + b"<f/>",
        HEAD + row + b"<x/><f/>",
    ):
        parsed = scanned(body + b"<!-- parse this -->" + TAIL)
        assert scanned(body + TAIL) == parsed
    assert not is_common(HEAD + row + b"<f/>" + TAIL)


def test_what_common_programs_write_is_searched_and_placed() -> None:
    sheet = (
        HEAD + b'<row r="2" spans="1:3"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><f>A2</f><v>2</v></c>'
        b'<c r="C2" t="e"><v>#N/A</v></c></row><row r="3"><c r="AB3" s="2" t="b"><v>1</v></c></row>' + TAIL
    )
    assert is_common(sheet)
    assert scanned(sheet) == ([(2, 1)], [(2, 2)], [(3, 27)], 3, 28)


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="2" spans="1:2"><c r="A2" s="1" t="s"><v>0</v></c><c r="B2"><v>1.5</v></c></row>',
        b'<row r="2" customFormat="false" ht="12.8" hidden="false"><c r="A2" s="0" t="s"><v>1</v></c></row>',
        b'<row r="2">\n<c r="A2" t="inlineStr"><is><t>a</t></is></c>\n</row>\n',
        b'<row r="2" ht="15.75" customHeight="1"><c r="A2" t="str" s="1"><f>A1</f><v/></c></row>',
        b'<row r="2"><c r="A2" s="3" /><c r="B2" t="b"><v>1</v></c></row>',
        b'<row r="2"><c r="A2" t="s"><v>0</v></c></row><row r="3"></row>',
    ],
)
def test_rows_in_the_forms_of_several_programs_are_searched(row: bytes) -> None:
    assert is_common(HEAD + row + TAIL)


def test_the_list_of_choices_of_a_column_is_no_formula_in_a_cell() -> None:
    choices = b"<extLst><ext><a:formula1><b:f>Other!A1:A3</b:f></a:formula1></ext></extLst></worksheet>"
    row = b'<row r="2"><c r="A2" t="s"><v>0</v></c></row>'
    for comment in (b"", b"<!-- parse this -->"):
        sheet = HEAD + row + comment + b"</sheetData>" + choices
        assert is_common(sheet) is (comment == b"")
        assert scanned(sheet) == ([], [], [], 2, 26)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 1_000])
def test_pieces_of_any_size_give_the_same_places(size: int) -> None:
    sheet = HEAD + b"".join(COMMON % (row, row) for row in range(1, 9)) + TAIL
    seen: list[tuple[str, int, str]] = []
    look = Look(lambda *found: seen.append(found), lambda *_: True)
    for start in range(0, len(sheet), size):
        look.feed(sheet[start : start + size], last=False)
    look.feed(b"", last=True)
    assert look.is_common
    assert seen == [(kind, row, "A") for row in range(1, 9) for kind in ("formula", "truth")]


@pytest.mark.parametrize(
    "sheet",
    [
        HEAD.replace(b"UTF-8", b"UTF-7") + TAIL,
        (HEAD + TAIL).decode().encode("utf-16"),
        HEAD + b"<!-- a --></sheetData></worksheet>",
        HEAD + b'<c t="b" r="A1"/>' + TAIL,
        HEAD + b"<c/>" + TAIL,
        HEAD + b'<row r="1" a="1" a="2"></row>' + TAIL,
        HEAD + b'<row r="1"><c r="A2"/></row>' + TAIL,
        HEAD + b'<row r="1"><c r="A1"><v>\xff</v></c></row>' + TAIL,
        HEAD + b'<row r="1"><c r="A1"><v>&other;</v></c></row>' + TAIL,
        HEAD + b'<row r="1"><c r="A1"><v>1</v><f>2</f></c></row>' + TAIL,
        HEAD + b'<row r="1"><c r="A1"/></row>' + TAIL + b"<!-- a -->",
        HEAD + b'<a b="<row r="1"><c r="A1"/></row>"/>' + TAIL,
    ],
)
def test_uncommon_sheets_are_left_to_the_parser(sheet: bytes) -> None:
    assert not is_common(sheet, 1_000)
