"""Official list files into `WatchlistEntry` values: a file here per format, found by its `READER`; of which format a list is, is
found by content."""

import hashlib
import pkgutil
from importlib import import_module
from pathlib import Path

import msgspec
from msgspec import Struct

from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.readers.base import MAX_REJECTED_SHARE, ListReading, Reader, Rejected, UnreadableList

__all__ = ["READERS", "ListFile", "ListReading", "Reader", "Rejected", "UnreadableList", "read_list"]


def _found() -> tuple[Reader, ...]:
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    readers = [module.READER for module in modules if hasattr(module, "READER")]
    return tuple(sorted(readers, key=lambda reader: reader.anybodys))


READERS = _found()
"""Every reader, that of a format which a user's own list may have behind those of publishers' own layouts."""

HEAD_BYTES = 4096


class ListFile(Struct, frozen=True, kw_only=True):
    """A list as one file (or one set of files) holds it."""

    list: str
    """Short name: `un-sc`, `ofac-sdn`, `ofac-cons`, else the dataset's or the file's name."""
    edition: str
    """Date as the publisher wrote it, or the first 12 digits of the hash where the content has none."""
    sha256: str
    format: str
    entries: tuple[WatchlistEntry, ...]
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[str, ...] = ()
    source: str = ""
    """Name of the file, without its folder."""


def read_list(path: Path, *, edition: str | None = None, name: str | None = None) -> ListFile:
    """Reads a list file of any known format.

    `edition` and `name` replace what the content says, for a user's own list. Raises UnreadableList with one sentence
    for a file that is missing, empty, cut short, of unknown format, without names, or with more than
    MAX_REJECTED_SHARE unreadable rows.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError as error:
        raise UnreadableList(f"{path} cannot be read: {error.strerror or error}") from None
    if not head.strip():
        raise UnreadableList(f"{path} is empty")
    reader = next((reader for reader in READERS if reader.recognises(path, head)), None)
    if reader is None:
        known = ", ".join(reader.format for reader in READERS)
        raise UnreadableList(f"{path} is in no known list format (known: {known})")
    reading = reader.reading(path)
    _guard(path, reading)
    digest = _digest(reader.files(path))
    entries, joined = _join_repeated(reading.entries)
    notes = reading.notes
    if joined:
        notes = (*notes, f"{path.name}: {joined} rows repeat an entry and were joined with it")
    if name is not None and name != reading.list:
        entries = tuple(msgspec.structs.replace(entry, list=name) for entry in entries)
    return ListFile(
        list=name or reading.list,
        edition=edition or reading.edition or digest[:12],
        sha256=digest,
        format=reader.format,
        entries=entries,
        rejected=reading.rejected,
        notes=notes,
        source=path.name,
    )


def _join_repeated(entries: tuple[WatchlistEntry, ...]) -> tuple[tuple[WatchlistEntry, ...], int]:
    """Entries with one id are one entry: their names, addresses and numbers are put together."""
    by_id: dict[str, WatchlistEntry] = {}
    for entry in entries:
        known = by_id.get(entry.id)
        if known is not None:
            both = {
                field: tuple(dict.fromkeys((*getattr(known, field), *getattr(entry, field))))
                for field in _JOINED_FIELDS
            }
            entry = msgspec.structs.replace(known, **both)
        by_id[entry.id] = entry
    return tuple(by_id.values()), len(entries) - len(by_id)


_JOINED_FIELDS = [
    field.name
    for field in msgspec.structs.fields(WatchlistEntry)
    if field.name == "names" or field.default == ()
]
"""Those that hold several texts."""


def _guard(path: Path, reading: ListReading) -> None:
    rows = len(reading.entries) + len(reading.rejected)
    if not rows:
        raise UnreadableList(f"{path} holds no entries; an empty list is never taken for a list")
    rejected = len(reading.rejected)
    if rejected * 2 >= rows or rejected > max(3, rows * MAX_REJECTED_SHARE):
        first = reading.rejected[0]
        raise UnreadableList(
            f"{path}: {rejected} of {rows} rows cannot be read (line {first.line}: {first.reason}); "
            "the layout has changed or columns are missing"
        )


def _digest(paths: tuple[Path, ...]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()
