"""An Excel workbook (.xlsx) as a table of text: its first sheet with anything in it, as CSV."""

import csv
import io
import re
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from streams.declarations.errors import Unscreenable

ZIP = b"PK\x03\x04"
MAX_UNPACKED = 64 * 1024 * 1024
"""Bytes that the files of a workbook may have unpacked. A sheet of 100,000 declarations has 60 MiB."""
MAX_FILES = 2_000
MAX_CELLS = 2_000_000
"""Of one sheet, blank ones too: 100,000 items of 20 columns."""
_PLACE = re.compile(rb"""\br\s{0,9}=\s{0,9}["']([A-Za-z]{0,4})([0-9]{1,12})""")
"""Where a cell or a row says that it stands: r="B12", r="12"."""


def is_workbook(data: bytes) -> bool:
    """Whether a zip archive is one."""
    return data.startswith(ZIP) and b"xl/" in data and b"[Content_Types].xml" in data


def as_csv(data: bytes, limit: int) -> bytes:
    """The sheet as CSV in UTF-8, dates as ISO 8601.

    Raises Unscreenable: UNKNOWN_FORMAT for a broken one, TOO_LARGE, EMPTY.
    """
    _check_extent(data)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            for row in book.get_sheet_by_name(name).to_python(skip_empty_area=True):
                if any(cell != "" for cell in row):
                    writer.writerow([_cell(cell) for cell in row])
                if text.tell() > limit:
                    raise Unscreenable("TOO_LARGE", f"an Excel sheet of more than {limit} characters as text")
            if text.tell():
                return text.getvalue().encode()
    except (CalamineError, ValueError, OverflowError) as error:
        raise Unscreenable(
            "UNKNOWN_FORMAT", f"an Excel workbook that is broken: {str(error)[:100]}"
        ) from None
    raise Unscreenable("EMPTY", "an Excel workbook without a row")


def _check_extent(data: bytes) -> None:
    """Raises Unscreenable for a workbook that would take more memory than it may: the reader makes room for all cells up to
    the one furthest out, whatever they hold, and ends the process where there is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = archive.infolist()
            if len(files) > MAX_FILES or sum(one.file_size for one in files) > MAX_UNPACKED:
                raise Unscreenable(
                    "TOO_LARGE", f"an Excel workbook of more than {MAX_UNPACKED} bytes unpacked"
                )
            for one in files:
                with archive.open(one) as file:
                    content = file.read(one.file_size + 1)
                places = _PLACE.findall(content)
                columns = max((_column(letters) for letters, _ in places), default=1)
                rows = max((int(number) for _, number in places), default=1)
                if columns * rows > MAX_CELLS:
                    raise Unscreenable("TOO_LARGE", f"an Excel sheet of more than {MAX_CELLS} cells")
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise Unscreenable(
            "UNKNOWN_FORMAT", f"an Excel workbook that is broken: {str(error)[:100]}"
        ) from None


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _cell(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            if value.is_integer() and abs(value) < 1e15:
                return str(int(value))
            plain = repr(value)
            # 1.234 would be read as a thousand and more where the format has a decimal comma.
            return f"{plain}0" if len(plain.partition(".")[2]) == 3 else plain
        case datetime():
            return value.isoformat() if value.time() != time() else value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
    return str(value)
