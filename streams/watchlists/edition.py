"""A list edition as Kafka records and back: chunks, then a manifest; a reader takes a complete edition or none.

Keys are `list|edition|n` (n from 0) and `list|edition|manifest`; `list||removed` ends a list.
A chunk holds up to 500 entries as JSON; the manifest names each chunk's SHA-256, so a chunk of another
edition, an older content under the same name or a torn one is noticed.
"""

import hashlib
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from streams.errors import UserError
from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.readers import ListFile

MANIFEST = "manifest"
REMOVED = "removed"
MAX_EARLIER = 50
"""Earlier editions that a manifest names."""


class Fetched(Struct, frozen=True, rename="camel", omit_defaults=True):
    """Where a file of an edition came from, and by what its publisher tells whether it has changed."""

    address: str
    """without what may be secret in it: user, password, query"""
    asked: str
    """SHA-256 (hex) of the whole address"""
    etag: str = ""
    last_modified: str = ""


class EarlierEdition(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """An edition that was in use before, without its entries."""

    edition: str
    sha256: str
    entries: int
    published: str = ""
    accepted: str = ""


class Removal(Struct, frozen=True, kw_only=True, rename="camel"):
    """The record that ends a list, until an edition is published after it."""

    list: str
    removed: str
    """when (ISO 8601, UTC)"""
    reason: str
    removed_by: str = ""


class Edition(Struct, frozen=True, kw_only=True):
    """One complete edition of one list."""

    list: str
    edition: str
    sha256: str
    entries: tuple[WatchlistEntry, ...]
    published: str = ""
    """When it was published, as the publisher wrote it (ISO 8601, UTC); empty where it did not."""
    notes: tuple[str, ...] = ()
    """What the reading noted, such as a missing file of aliases."""
    accepted: str = ""
    """What would have been refused, and the reason given why it was not."""
    format: str = ""
    source: str = ""
    loaded_by: str = ""
    fetched: tuple[Fetched, ...] = ()
    earlier: tuple[EarlierEdition, ...] = ()
    """those in use before it, oldest first"""


class Manifest(Struct, frozen=True, kw_only=True, rename="camel"):
    """The last record of an edition: what it consists of."""

    list: str
    edition: str
    entries: int
    chunks: tuple[str, ...]
    """SHA-256 (hex) of each chunk's value, in order"""
    sha256: str
    """of the file it was read from"""
    format: str
    source: str
    rejected: int = 0
    loaded_by: str = ""
    """name and version of the program that read the file"""
    published: str = ""
    notes: tuple[str, ...] = ()
    accepted: str = ""
    fetched: tuple[Fetched, ...] = ()
    earlier: tuple[EarlierEdition, ...] = ()


CHUNKS = msgspec.json.Decoder(tuple[WatchlistEntry, ...])
MANIFESTS = msgspec.json.Decoder(Manifest)
REMOVALS = msgspec.json.Decoder(Removal)
_json = msgspec.json.Encoder()


def edition_records(
    list_file: ListFile,
    chunk_entries: int = 500,
    *,
    loaded_by: str = "",
    published: str = "",
    fetched: tuple[Fetched, ...] = (),
    earlier: tuple[EarlierEdition, ...] = (),
) -> Iterator[tuple[bytes, bytes]]:
    """The (key, value) records of an edition, the manifest last.

    Give `published` (ISO 8601, UTC) so that an older edition published again counts as the newest. Raises UserError
    for a name with `|` in it.
    """
    if "|" in list_file.list or "|" in list_file.edition:
        raise UserError(f"list and edition may not contain '|': {list_file.list!r}, {list_file.edition!r}")
    if chunk_entries < 1:
        raise ValueError("a chunk holds at least one entry")
    hashes = []
    for number, start in enumerate(range(0, len(list_file.entries), chunk_entries)):
        value = _json.encode(list_file.entries[start : start + chunk_entries])
        hashes.append(sha256_of(value))
        yield record_key(list_file.list, list_file.edition, str(number)), value
    manifest = Manifest(
        list=list_file.list,
        edition=list_file.edition,
        entries=len(list_file.entries),
        chunks=tuple(hashes),
        sha256=list_file.sha256,
        format=list_file.format,
        source=list_file.source,
        rejected=len(list_file.rejected),
        loaded_by=loaded_by,
        published=published,
        notes=list_file.notes,
        accepted=list_file.accepted,
        fetched=fetched,
        earlier=earlier[-MAX_EARLIER:],
    )
    yield record_key(list_file.list, list_file.edition, MANIFEST), _json.encode(manifest)


def edition_of(manifest: Manifest, entries: tuple[WatchlistEntry, ...]) -> Edition:
    """The edition that a manifest and its chunks are."""
    return Edition(
        list=manifest.list,
        edition=manifest.edition,
        sha256=manifest.sha256,
        entries=entries,
        published=manifest.published,
        notes=manifest.notes,
        accepted=manifest.accepted,
        format=manifest.format,
        source=manifest.source,
        loaded_by=manifest.loaded_by,
        fetched=manifest.fetched,
        earlier=manifest.earlier,
    )


def as_earlier(edition: Edition) -> EarlierEdition:
    return EarlierEdition(
        edition=edition.edition,
        sha256=edition.sha256,
        entries=len(edition.entries),
        published=edition.published,
        accepted=edition.accepted,
    )


def removal_record(removal: Removal) -> tuple[bytes, bytes]:
    """The (key, value) that ends a list."""
    return record_key(removal.list, "", REMOVED), _json.encode(removal)


def record_key(list_name: str, edition: str, part: str) -> bytes:
    return f"{list_name}|{edition}|{part}".encode()


def sha256_of(value: bytes) -> str:
    return hashlib.sha256(value).hexdigest()
