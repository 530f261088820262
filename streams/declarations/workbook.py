"""An Excel workbook (.xlsx) as a table of text: its first sheet with anything in it, as CSV."""

import csv
import io
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from streams.declarations.errors import Unscreenable
from streams.zips import MAGIC, BrokenWorkbook, WorkbookTooLarge, check_extent


def is_workbook(data: bytes) -> bool:
    """Whether a zip archive is one."""
    return data.startswith(MAGIC) and b"xl/" in data and b"[Content_Types].xml" in data


def as_csv(data: bytes, limit: int) -> bytes:
    """The sheet as CSV in UTF-8, dates as ISO 8601.

    Raises Unscreenable: UNKNOWN_FORMAT for a broken one, TOO_LARGE, EMPTY.
    """
    try:
        check_extent(data)
    except WorkbookTooLarge as error:
        raise Unscreenable("TOO_LARGE", str(error)) from None
    except BrokenWorkbook as error:
        raise Unscreenable("UNKNOWN_FORMAT", str(error)) from None
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
