"""XLSX workbooks made by hand from XML, honest and hostile."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="papers" sheetId="1" r:id="rId7"/></sheets></workbook>'
)
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId7" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId8" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)
ROOT = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
TYPES = f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'


def workbook(
    rows: list[list[str]],
    *,
    shared: bool = True,
    extra: dict[str, bytes] | None = None,
    sheet: str | None = None,
) -> bytes:
    """A workbook of these rows. sheet: other XML for the sheet; extra: parts to add or to put instead."""
    texts = sorted({cell for row in rows for cell in row if cell})
    lines = []
    for number, row in enumerate(rows, 1):
        cells = []
        for column, cell in enumerate(row):
            place = f"{chr(65 + column)}{number}"
            if cell and shared:
                cells.append(f'<c r="{place}" t="s"><v>{texts.index(cell)}</v></c>')
            elif cell:
                cells.append(f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    body = (
        sheet
        if sheet is not None
        else f"<worksheet {_MAIN}><sheetData>{''.join(lines)}</sheetData></worksheet>"
    )
    strings = "".join(f"<si><r><t>{escape(one)}</t></r></si>" for one in texts)
    parts = {
        "[Content_Types].xml": TYPES.encode(),
        "_rels/.rels": ROOT.encode(),
        "xl/workbook.xml": BOOK.encode(),
        "xl/_rels/workbook.xml.rels": RELATIONS.encode(),
        "xl/sharedStrings.xml": f"<sst {_MAIN}>{strings}</sst>".encode(),
        "xl/worksheets/sheet1.xml": body.encode(),
    } | (extra or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return out.getvalue()
