"""A list edition as Kafka records and back: chunks, then a manifest; a reader takes a complete edition or none.

Keys are `list|edition|n` (n from 0) and `list|edition|manifest`. A chunk holds up to 500 entries as JSON; the manifest
names each chunk's SHA-256, so a chunk of another edition, an older content under the same name or a torn one is noticed.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from streams.errors import UserError
from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.readers import ListFile

KEPT = 2
"""Complete editions kept of each list: the newest, and the one before it to fall back on."""

MAX_PENDING = 4
"""Incomplete editions remembered of each list; the one touched longest ago is forgotten first, so that abandoned
publications cannot fill the memory."""

_MANIFEST = "manifest"

UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)
"""What reading bytes of anybody's raises; RecursionError where they are nested too deep."""


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


_chunks = msgspec.json.Decoder(tuple[WatchlistEntry, ...])
_manifests = msgspec.json.Decoder(Manifest)
_json = msgspec.json.Encoder()


def edition_records(
    list_file: ListFile, chunk_entries: int = 500, *, loaded_by: str = "", published: str = ""
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
        hashes.append(_hash(value))
        yield _key(list_file.list, list_file.edition, str(number)), value
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
    )
    yield _key(list_file.list, list_file.edition, _MANIFEST), _json.encode(manifest)


class _State(Struct):
    """What is known of one (list, edition)."""

    chunks: dict[int, bytes]
    manifest: Manifest | None = None
    complete: Edition | None = None
    touched: int = 0
    """arrival number of its newest record"""
    ordered: int = 0
    """arrival number of its present manifest"""
    fault: str = ""
    seen: set[int] = msgspec.field(default_factory=set)
    """chunk numbers that have a record in the topic, kept after the chunks themselves are let go"""


class EditionAssembler:
    """Collects records of `customs.watchlists` into editions. Records may come twice, interleaved or cut off."""

    def __init__(self) -> None:
        self._states: dict[tuple[str, str], _State] = {}
        self._arrivals = 0

    def feed(self, key: bytes, value: bytes | None) -> None:
        """Takes one record; None is a tombstone. A record that is no part of an edition is ignored and never raises."""
        parsed = _parse_key(key)
        if parsed is None:
            return
        list_name, edition, part = parsed
        self._arrivals += 1
        if value is None:
            self._forget(list_name, edition, part)
            return
        state = self._states.setdefault((list_name, edition), _State(chunks={}))
        state.touched = self._arrivals
        if part == _MANIFEST:
            self._take_manifest(state, list_name, edition, value)
        else:
            # Also where the edition is complete: another content under the same name may share chunks with it.
            state.seen.add(int(part))
            state.chunks[int(part)] = value
        _try_complete(state)
        self._trim(list_name)

    def complete(self) -> dict[str, Edition]:
        """The newest complete edition of each list."""
        newest: dict[str, Edition] = {}
        for (list_name, _), state in sorted(self._states.items(), key=lambda item: _order(item[1])):
            if state.complete is not None:
                newest[list_name] = state.complete
        return newest

    def faults(self) -> dict[str, str]:
        """list -> why its newest manifest is not taken, for `torugart lists status`; a sound list is absent."""
        newest: dict[str, str] = {}
        for (list_name, _), state in sorted(self._states.items(), key=lambda item: _order(item[1])):
            if state.manifest is not None or state.fault:
                newest[list_name] = state.fault
        return {list_name: fault for list_name, fault in newest.items() if fault}

    def superseded(self, list_name: str) -> list[bytes]:
        """Keys a publisher should write tombstones for so that only the KEPT newest editions of the list remain.

        Manifests come before their chunks, so that no reader takes half of what is being removed. An edition that is
        still being published (a record of it came after the newest manifest) is left alone.
        """
        mine = [(edition, state) for (name, edition), state in self._states.items() if name == list_name]
        complete = sorted(
            ((edition, state) for edition, state in mine if state.complete), key=lambda e: _order(e[1])
        )
        if not complete:
            return []
        newest_arrival = complete[-1][1].ordered
        kept = {edition for edition, _ in complete[-KEPT:]}
        keys: list[bytes] = []
        for edition, state in mine:
            chunks = state.seen
            if edition in kept:
                manifest = state.manifest
                chunks = {n for n in chunks if manifest is not None and n >= len(manifest.chunks)}
            elif state.complete is None and state.touched > newest_arrival:
                continue
            elif state.manifest is not None:
                keys.append(_key(list_name, edition, _MANIFEST))
            keys.extend(_key(list_name, edition, str(number)) for number in sorted(chunks))
        return keys

    def _take_manifest(self, state: _State, list_name: str, edition: str, value: bytes) -> None:
        try:
            manifest = _manifests.decode(value)
        except UNREADABLE as error:
            state.fault = f"manifest of {edition} cannot be read: {error}"
            return
        if (manifest.list, manifest.edition) != (list_name, edition):
            state.fault = f"manifest of {edition} names another edition"
            return
        if not _is_time(manifest.published):
            state.fault = f"manifest of {edition} was published at no time: {manifest.published[:40]!r}"
            return
        known = state.manifest
        if known is not None and manifest.published < known.published:
            return  # a late duplicate of what this one replaced
        if known is not None and state.complete is not None:
            if manifest.chunks == known.chunks and manifest.sha256 == known.sha256:
                state.complete = msgspec.structs.replace(state.complete, published=manifest.published)
                state.chunks.clear()
            else:
                # Other content under the same name: what was complete is no longer what the topic holds.
                state.complete = None
        if manifest != known:
            state.manifest, state.ordered = manifest, self._arrivals

    def _forget(self, list_name: str, edition: str, part: str) -> None:
        state = self._states.get((list_name, edition))
        if state is None:
            return
        if part == _MANIFEST:
            state.manifest = state.complete = None
        else:
            number = int(part)
            state.chunks.pop(number, None)
            state.seen.discard(number)
            if state.manifest is not None and number < len(state.manifest.chunks):
                # A reader that starts now could not build it: all readers must agree.
                state.complete = None
        if state.manifest is None and not state.seen:
            del self._states[(list_name, edition)]

    def _trim(self, list_name: str) -> None:
        mine = [item for item in self._states.items() if item[0][0] == list_name]
        pending = sorted(
            (item for item in mine if item[1].complete is None), key=lambda item: item[1].touched
        )
        for _, state in pending[:-MAX_PENDING]:
            state.chunks.clear()
        complete = sorted((item for item in mine if item[1].complete), key=lambda item: _order(item[1]))
        for _, state in complete[:-KEPT]:
            # Its keys stay known, for `superseded`.
            state.complete = None


def _try_complete(state: _State) -> None:
    manifest = state.manifest
    if manifest is None or state.complete is not None:
        return
    values = [state.chunks.get(number, b"") for number in range(len(manifest.chunks))]
    missing = sum(_hash(value) != wanted for value, wanted in zip(values, manifest.chunks, strict=True))
    if missing:
        state.fault = f"edition {manifest.edition} lacks {missing} of {len(manifest.chunks)} chunks"
        return
    entries: list[WatchlistEntry] = []
    try:
        for value in values:
            entries.extend(_chunks.decode(value))
    except UNREADABLE as error:
        state.fault = f"edition {manifest.edition} holds a chunk that cannot be read: {error}"
        return
    if len(entries) != manifest.entries or not entries:
        state.fault = (
            f"edition {manifest.edition} holds {len(entries)} entries, its manifest says {manifest.entries}"
        )
        return
    state.complete = Edition(
        list=manifest.list,
        edition=manifest.edition,
        sha256=manifest.sha256,
        entries=tuple(entries),
        published=manifest.published,
        notes=manifest.notes,
        accepted=manifest.accepted,
    )
    state.chunks.clear()
    state.fault = ""


def _order(state: _State) -> tuple[str, int]:
    return (state.manifest.published if state.manifest else "", state.ordered)


def _parse_key(key: bytes) -> tuple[str, str, str] | None:
    try:
        list_name, edition, part = key.decode("utf-8").split("|")
    except ValueError:
        return None
    if part != _MANIFEST and not (part.isascii() and part.isdigit() and len(part) <= 6):
        return None
    return list_name, edition, part


def _key(list_name: str, edition: str, part: str) -> bytes:
    return f"{list_name}|{edition}|{part}".encode()


def _hash(value: bytes) -> str:
    return hashlib.sha256(value).hexdigest()


def _is_time(published: str) -> bool:
    """Whether it is empty or ISO 8601 with a time zone."""
    try:
        return published == "" or datetime.fromisoformat(published).tzinfo is not None
    except ValueError:
        return False
