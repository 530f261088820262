"""Official list files into `WatchlistEntry` values: a file here per format, found by its `READERS`; of which format a list is, is
found by content."""

import hashlib
import pkgutil
from importlib import import_module
from pathlib import Path

import msgspec
from msgspec import Struct

from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.readers.archives import is_packed, unpacked
from streams.watchlists.readers.base import MAX_REJECTED_SHARE, ListReading, Reader
from streams.watchlists.readers.refusals import what_it_is
from streams.watchlists.readers.source import ListSource, Rejected, UnreadableList

__all__ = [
    "READERS",
    "ListFile",
    "ListReading",
    "ListSource",
    "Reader",
    "Rejected",
    "UnreadableList",
    "read_list",
]


def _found() -> tuple[Reader, ...]:
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    readers = [reader for module in modules for reader in getattr(module, "READERS", ())]
    return tuple(sorted(readers, key=lambda reader: reader.anybodys))


READERS = _found()
"""Every reader, that of a format which a user's own list may have behind those of publishers' own layouts."""


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
    accepted: str = ""
    """What would have been refused and why it was not, in the words of whoever loaded it."""


def read_list(
    path: Path, *, edition: str | None = None, name: str | None = None, accept: str | None = None
) -> ListFile:
    """Reads a list file of any known format, also packed (.gz, .zip).

    `edition` and `name` replace what the content says, for a user's own list. Raises UnreadableList with one sentence
    for a file that is missing, empty, of unknown format, without names, or with more than MAX_REJECTED_SHARE unreadable rows,
    and, unless `accept` gives a reason, for one that was cut short or lacks what every edition of the list has.
    """
    source = ListSource(path)
    if not source.head.strip():
        raise source.unreadable("is empty")
    if is_packed(source):
        with unpacked(source) as files:
            return _packed(source, files, edition, name, accept)
    return _read(source, edition, name, accept)


def _packed(
    source: ListSource, files: list[Path], edition: str | None, name: str | None, accept: str | None
) -> ListFile:
    inner = [ListSource(file, f"{source.shown} ({file.name})") for file in files]
    known = [one for one in inner if _reader(one) is not None]
    # ALT and ADD look like SDN beside which they lie.
    chosen = next((one for one in known if "sdn" in one.name.lower() or "prim" in one.name.lower()), None)
    if chosen is None:
        if len(known) > 1:
            raise source.unreadable(
                f"is an archive of several lists, unpack it: {', '.join(one.name for one in known)}"
            )
        chosen = known[0] if known else inner[0]
    return _read(chosen, edition, name, accept)


def _reader(source: ListSource) -> Reader | None:
    return next((reader for reader in READERS if reader.recognises(source)), None)


def _read(source: ListSource, edition: str | None, name: str | None, accept: str | None) -> ListFile:
    if not source.head.strip():
        raise source.unreadable("is empty")
    reader = _reader(source)
    if reader is None:
        raise source.unreadable(what_it_is(source))
    reading = reader.reading(source)
    _guard(source, reading)
    notes = reading.notes
    accepted = ""
    if reading.doubts:
        if not accept:
            raise source.unreadable("; ".join(reading.doubts))
        accepted = f"{'; '.join(reading.doubts)}; accepted: {accept}"
        notes = (*notes, f"{source.name} {accepted}")
    digest = _digest(reader.files(source.path))
    entries, joined = _join_repeated(reading.entries)
    if joined:
        notes = (*notes, f"{source.name}: {joined} rows repeat an entry and were joined with it")
    if name is not None and name != reading.list:
        entries = tuple(msgspec.structs.replace(entry, list=name) for entry in entries)
    return ListFile(
        list=name or reading.list,
        edition=edition or reading.edition or digest[:12],
        sha256=digest,
        format=reader.format,
        entries=entries,
        rejected=(*reading.rejected, *reading.side_rejected),
        notes=notes,
        source=source.name,
        accepted=accepted,
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


def _guard(source: ListSource, reading: ListReading) -> None:
    rows = len(reading.entries) + len(reading.rejected)
    if not rows:
        raise source.unreadable("holds no entries; an empty list is never taken for a list")
    if source.cut and not reading.entries:
        raise source.unreadable(source.cut)
    rejected = len(reading.rejected)
    if rejected * 2 >= rows + bool(source.cut) or rejected > max(3, rows * MAX_REJECTED_SHARE):
        first = reading.rejected[0]
        raise source.unreadable(
            f"holds {rejected} rows of {rows} that cannot be read (line {first.line}: {first.reason}); "
            "the layout has changed or columns are missing"
        )


def _digest(paths: tuple[Path, ...]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()
