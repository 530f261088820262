"""Small spreadsheets, written by hand: what an office suite writes, less what no reader looks at."""

# ruff: noqa: E501 - a member of the archive is one line

import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_EPOCH = date(1899, 12, 30)

Cells = list[list[str | int | date]]


def write_xlsx(path: Path, rows: Cells) -> Path:
    """Texts, whole numbers and dates in one sheet, behind an empty one."""
    lines = "".join(
        f'<row r="{number}">{"".join(_xlsx_cell(cell, column, number) for column, cell in enumerate(cells))}</row>'
        for number, cells in enumerate(rows, start=1)
    )
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(
            [("worksheet", "a.xml"), ("worksheet", "b.xml"), ("styles", "styles.xml")]
        )
    )
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Notes" sheetId="1" r:id="r0"/><sheet name="List" sheetId="2" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/a.xml": f'<worksheet xmlns="{_MAIN}"><sheetData/></worksheet>',
        "xl/b.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return path


def _xlsx_cell(cell: str | int | date, column: int, row: int) -> str:
    first = chr(ord("A") + column // 26 - 1) if column >= 26 else ""
    place = f"{first}{chr(ord('A') + column % 26)}{row}"
    match cell:
        case str():
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>' if cell else ""
        case date():
            return f'<c r="{place}" s="1"><v>{(cell - _EPOCH).days}</v></c>'
        case _:
            return f'<c r="{place}"><v>{cell}</v></c>'


def write_ods(path: Path, rows: Cells) -> Path:
    """The same as an OpenDocument sheet, its elements on lines of their own and its rows as long as office suites write them."""
    lines = "\n".join(
        "<table:table-row>\n"
        + "\n".join(map(_ods_cell, cells))
        + '\n<table:table-cell table:number-columns-repeated="16376"/>\n</table:table-row>'
        for cells in rows
    )
    content = (
        f'<office:document-content xmlns:office="{_OASIS}:office:1.0" xmlns:table="{_OASIS}:table:1.0" xmlns:text="{_OASIS}:text:1.0">'
        '<office:body><office:spreadsheet><table:table table:name="Notes"><table:table-row><table:table-cell/></table:table-row></table:table>'
        f'<table:table table:name="List">{lines}<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return path


def _ods_cell(cell: str | int | date) -> str:
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell}T00:00:00"><text:p>{cell:%d/%m/%y}</text:p></table:table-cell>'
    return (
        f"<table:table-cell>\n<text:p>{escape(str(cell))}</text:p>\n</table:table-cell>"
        if cell != ""
        else "<table:table-cell/>"
    )
