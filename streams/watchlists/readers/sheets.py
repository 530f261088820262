"""Spreadsheets (.xlsx, .ods) as the rows of a table: the first sheet that holds one."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import ZipFile

from defusedxml import DefusedXmlException, ElementTree
from python_calamine import CalamineError, CalamineWorkbook

from streams.watchlists.readers.rows import Row
from streams.zips import BROKEN_ZIP, BrokenWorkbook, WorkbookTooLarge, check_extent, fault

SHEET_MEMBERS = frozenset({"content.xml", "xl/workbook.xml"})
"""The file that an OpenDocument and an Office Open XML spreadsheet have in their archives."""

MAX_COLUMNS = 256
"""An ODS writes the empty cells to the right of a row as one that is repeated 16,000 times."""

_MIN_ROWS = 2
"""A header and an entry."""


class UnreadableSheet(ValueError):
    """A spreadsheet that is damaged, or larger than it may be; the message says how."""


def sheet_rows(path: Path) -> list[list[str]]:
    """The cells of the first sheet of two rows or more, as texts; dates as YYYY-MM-DD, whole numbers without a point. None where
    there is no such sheet. Raises UnreadableSheet."""
    try:
        with ZipFile(path) as archive:
            if "content.xml" not in archive.namelist():
                return _xlsx(path)
            with archive.open("content.xml") as content:
                return _ods(content)
    except (
        *(WorkbookTooLarge, BrokenWorkbook, CalamineError),
        *(ParseError, DefusedXmlException),
        *BROKEN_ZIP,
        OSError,
    ) as error:
        raise UnreadableSheet(fault(error)) from None


def sheet_table(rows: list[list[str]], columns: int) -> Iterator[Row]:
    """The rows below the header, empty ones left out; cells that the sheet has beyond its columns are no part of the table."""
    for number, cells in enumerate(rows, start=1):
        if any(map(str.strip, cells)):
            yield Row(number, (cells + [""] * columns)[:columns])


def _xlsx(path: Path) -> list[list[str]]:
    check_extent(path.read_bytes())
    with CalamineWorkbook.from_path(path) as book:
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=True)
            if len(rows) >= _MIN_ROWS:
                return [[_text(cell) for cell in row] for row in rows]
    return []


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return str(cell)


def _ods(content: Any) -> list[list[str]]:
    """By its XML, row by row: the library refuses one that is written with line ends between its elements (calamine 0.9)."""
    rows: list[list[str]] = []
    for event, element in ElementTree.iterparse(content, ("start", "end"), forbid_dtd=True):
        tag = element.tag.rpartition("}")[2]
        if tag == "table" and event == "start":
            if len(rows) >= _MIN_ROWS:
                break
            rows = []
        elif tag == "table-row" and event == "end":
            cells = _ods_cells(element)
            if cells:
                rows.append(cells)
            element.clear()
    return rows


def _ods_cells(row: Any) -> list[str]:
    cells: list[str] = []
    for cell in row:
        attributes = {name.rpartition("}")[2]: value for name, value in cell.attrib.items()}
        paragraphs = ("".join(one.itertext()) for one in cell if one.tag.endswith("}p"))
        text = attributes.get("date-value", "")[:10] or "\n".join(paragraphs)
        repeated = int(attributes.get("number-columns-repeated", 1))
        cells += [text] * min(repeated, MAX_COLUMNS - len(cells))
    while cells and not cells[-1].strip():
        cells.pop()
    return cells
