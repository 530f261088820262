"""Lists that come packed: `.gz` and `.zip`, unpacked into a folder that goes with the reading."""

import gzip
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from streams.watchlists.readers.source import ListSource
from streams.zips import BROKEN_ZIP, MAGIC, fault

MAX_UNPACKED = 4 << 30
"""Bytes that a packed list may hold: the whole of OpenSanctions as JSON takes 2.5 GiB."""

_GZIP = b"\x1f\x8b"


def is_packed(source: ListSource) -> bool:
    """Whether there are files in it, rather than a list."""
    return source.head.startswith(_GZIP) or (source.head.startswith(MAGIC) and not source.is_sheet)


@contextmanager
def unpacked(source: ListSource) -> Iterator[list[Path]]:
    """The files in it, largest first, for as long as the context lasts.

    Raises UnreadableList where it is cut short, damaged, holds none, or more than MAX_UNPACKED bytes.
    """
    with TemporaryDirectory(prefix="torugart-list-") as folder:
        there = Path(folder)
        try:
            if source.head.startswith(_GZIP):
                _gunzip(
                    source, there / (source.path.stem if source.path.suffix.lower() == ".gz" else source.name)
                )
            else:
                _unzip(source, there)
        except (*BROKEN_ZIP, gzip.BadGzipFile) as error:
            raise source.unreadable(
                f"is an archive that is damaged or was cut short: {fault(error)}"
            ) from None
        except OSError as error:
            raise source.unreadable(f"cannot be unpacked: {error.strerror or error}") from None
        files = sorted(there.iterdir(), key=lambda file: (-file.stat().st_size, file.name))
        if not files:
            raise source.unreadable("is an archive that holds no file")
        yield files


def _gunzip(source: ListSource, into: Path) -> None:
    with gzip.open(source.path) as packed, into.open("wb") as out:
        while chunk := packed.read(1 << 20):
            out.write(chunk)
            if out.tell() > MAX_UNPACKED:
                raise source.unreadable(f"holds more than {MAX_UNPACKED >> 30} GiB")


def _unzip(source: ListSource, folder: Path) -> None:
    with zipfile.ZipFile(source.path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if sum(member.file_size for member in members) > MAX_UNPACKED:
            raise source.unreadable(f"holds more than {MAX_UNPACKED >> 30} GiB")
        for member in members:
            name = Path(member.filename.replace("\\", "/")).name  # never a path of its own
            if not name.startswith("."):
                with archive.open(member) as packed, (folder / name).open("wb") as out:
                    shutil.copyfileobj(packed, out)
