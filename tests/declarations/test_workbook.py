"""An Excel workbook is read as the table that its first sheet is; a broken one, and a bomb, are refused."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

import pytest

from streams import zips
from streams.declarations.errors import Unscreenable
from streams.declarations.formats.adapters import read_all
from tests.declarations.test_format_tables import ROWS, key
from tests.zips import UNREADABLE

RECEIVED = datetime(2026, 3, 20, tzinfo=UTC)
LIMIT = 4 * 1024 * 1024

_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def cell(value: Any, column: int, row: int) -> str:
    letters = (chr(64 + column // 26) if column // 26 else "") + chr(65 + column % 26)
    if isinstance(value, str):
        return f'<c r="{letters}{row}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{letters}{row}"><v>{value}</v></c>'


def xlsx(rows: list[list[Any]], padding: int = 0) -> bytes:
    """A workbook of one sheet, as small as one can be."""
    body = "".join(
        f'<row r="{number}">'
        + "".join(cell(one, column, number) for column, one in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>'
    book = (
        f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(
            "_rels/.rels",
            RELATIONS.format(
                f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
            ),
        )
        archive.writestr("xl/workbook.xml", book)
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            RELATIONS.format(
                f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            ),
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        if padding:
            archive.writestr("xl/media/blank.bin", bytes(padding))
    return made.getvalue()


def table() -> list[list[Any]]:
    """The rows of the fixture, numbers as numbers."""
    import csv

    lines = list(csv.reader(ROWS.read_text(encoding="utf-8").splitlines(), delimiter=";"))
    numbers = {
        "Item": int,
        "NetKg": lambda text: float(text.replace(",", ".")),
        "ValueUSD": str,
        "HSCode": int,
    }
    names = lines[0]
    return [
        names,
        *([numbers.get(name, str)(one) for name, one in zip(names, line, strict=True)] for line in lines[1:]),
    ]


def test_a_workbook_is_the_table_that_it_shows() -> None:
    said = read_all(xlsx(table()), received=RECEIVED, max_bytes=LIMIT)
    assert [key(one) for one in said] == [
        key(one) for one in read_all(ROWS.read_bytes(), received=RECEIVED, max_bytes=LIMIT)
    ]


def test_numbers_are_never_read_by_a_decimal_comma() -> None:
    rows = table()
    rows[1][rows[0].index("NetKg")] = 1.234
    (first, *_) = read_all(xlsx(rows), received=RECEIVED, max_bytes=LIMIT)
    assert not isinstance(first, Unscreenable)
    assert first.declaration.goods_items[0].net_mass_kg == "1.2340"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (xlsx([]), "EMPTY"),
        (xlsx(table())[:-30], "UNKNOWN_FORMAT"),
        (xlsx(table()).replace(b"sheet1", b"sheet9"), "UNKNOWN_FORMAT"),
        (xlsx([["x" * 30_000] * 3] * 200), "TOO_LARGE"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Unscreenable) as refused:
        read_all(data, received=RECEIVED, max_bytes=LIMIT)
    assert refused.value.reason == reason


@pytest.mark.parametrize(("wrong", "made"), UNREADABLE)
def test_what_cannot_be_unpacked_is_refused(wrong: str, made: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Unscreenable, match=wrong) as refused:
        read_all(made(xlsx(table())), received=RECEIVED, max_bytes=LIMIT)
    assert refused.value.reason == "UNKNOWN_FORMAT"


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "MAX_UNPACKED", 100_000)
    with pytest.raises(Unscreenable, match="more than 100000 bytes unpacked"):
        read_all(xlsx(table(), padding=200_000), received=RECEIVED, max_bytes=LIMIT)


@pytest.mark.parametrize("far", ["XFD1048576", "A99999999", "ZZZZ999999999999"])
def test_a_cell_far_out_takes_no_memory(far: str) -> None:
    """The reader makes room for all cells up to it: without a bound 4 KB end the process."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(table()))) as good, zipfile.ZipFile(made, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, good.read(name).replace(b'r="B2"', f'r="{far}"'.encode()))
    with pytest.raises(Unscreenable, match="more than 2000000 cells"):
        read_all(made.getvalue(), received=RECEIVED, max_bytes=LIMIT)


def test_another_archive_is_named() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.xml", "<a/>")
    with pytest.raises(Unscreenable, match="zip archive"):
        read_all(made.getvalue(), received=RECEIVED, max_bytes=LIMIT)
