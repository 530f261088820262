"""Zip archives, and how large an Excel workbook (.xlsx) in one is, found before it is read."""

import io
import re
import zipfile
import zlib

MAGIC = b"PK\x03\x04"
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
"""What `zipfile` raises for an archive that is damaged or that it cannot read: RuntimeError for a password, and for a
compression or an encryption that it does not know."""

MAX_UNPACKED = 64 * 1024 * 1024
"""Bytes that the files of a workbook may have unpacked. A sheet of 100,000 declarations has 60 MiB."""
MAX_FILES = 2_000
MAX_CELLS = 2_000_000
"""Of one sheet, blank ones too: 100,000 items of 20 columns."""
_PLACE = re.compile(rb"""\br\s{0,9}=\s{0,9}["']([A-Za-z]{0,4})([0-9]{1,12})""")
"""Where a cell or a row says that it stands: r="B12", r="12"."""


def fault(error: Exception) -> str:
    """What is wrong with an archive, in a few words: of one with a password `zipfile` shows its own data."""
    return (
        "it has a password"
        if isinstance(error, RuntimeError) and "encrypted" in str(error)
        else str(error)[:100]
    )


class WorkbookTooLarge(ValueError):
    """A workbook that would take more memory than it may."""


class BrokenWorkbook(ValueError):
    """What is no workbook, or a damaged one."""


def check_extent(data: bytes) -> None:
    """Raises WorkbookTooLarge and BrokenWorkbook. The reader (calamine) makes room for all cells up to the one furthest out,
    whatever they hold, and ends the process where there is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = archive.infolist()
            if len(files) > MAX_FILES or sum(one.file_size for one in files) > MAX_UNPACKED:
                raise WorkbookTooLarge(f"an Excel workbook of more than {MAX_UNPACKED} bytes unpacked")
            for one in files:
                with archive.open(one) as file:
                    content = file.read(one.file_size + 1)
                places = _PLACE.findall(content)
                columns = max((_column(letters) for letters, _ in places), default=1)
                rows = max((int(number) for _, number in places), default=1)
                if columns * rows > MAX_CELLS:
                    raise WorkbookTooLarge(f"an Excel sheet of more than {MAX_CELLS} cells")
    except WorkbookTooLarge:
        raise
    except (*BROKEN_ZIP, ValueError, OSError) as error:  # offsets and sizes that lead nowhere
        raise BrokenWorkbook(f"an Excel workbook that is broken: {fault(error)}") from None


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
