"""Records of `customs.watchlists` put together to editions: which are complete, and which of those may be used.

A complete edition that may not follow the one in use (`guards`) is not taken, unless its manifest says why it was accepted.
"""

from collections.abc import Callable, Container
from datetime import datetime

import msgspec
from msgspec import Struct

from streams.watchlists.edition import (
    CHUNKS,
    MANIFEST,
    MANIFESTS,
    REMOVALS,
    REMOVED,
    Edition,
    Manifest,
    Removal,
    edition_of,
    record_key,
    sha256_of,
)
from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.guards import DEFAULT_LOSS, EditionFacts, facts_of, is_ahead, refusals

KEPT = 2
"""Complete editions kept of each list: the newest, and the one before it to fall back on."""

MAX_PENDING = 4
"""Incomplete editions remembered of each list; the one touched longest ago is forgotten first, so that abandoned
publications cannot fill the memory."""

UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)
"""What reading bytes of anybody's raises; RecursionError where they are nested too deep."""


class _State(Struct):
    """What is known of one (list, edition)."""

    chunks: dict[int, bytes]
    manifest: Manifest | None = None
    complete: Edition | None = None
    touched: int = 0
    """arrival number of its newest record"""
    ordered: int = 0
    """arrival number of its present manifest"""
    told: int = 0
    """arrival number of its newest manifest, taken or not; 0 where none came"""
    fault: str = ""
    seen: set[int] = msgspec.field(default_factory=set)
    """chunk numbers that have a record in the topic, kept after the chunks themselves are let go"""
    facts: EditionFacts | None = None
    """of `complete`"""
    judged: tuple[str, str, str] = ("", "", "")
    """what was judged, against what (SHA-256), and the day"""
    reasons: tuple[str, ...] = ()
    """why it was refused, in that judgement"""


class EditionAssembler:
    """Collects records of `customs.watchlists` into editions. Records may come twice, interleaved or cut off.

    `clock` tells what is published or dated in the future; without one nothing is. `loss` as in `guards`.
    """

    def __init__(self, *, loss: float = DEFAULT_LOSS, clock: Callable[[], datetime] | None = None) -> None:
        self._loss = loss
        self._clock = clock
        self._states: dict[tuple[str, str], _State] = {}
        self._removals: dict[str, Removal] = {}
        self._arrivals = 0

    def feed(self, key: bytes, value: bytes | None) -> None:
        """Takes one record; None is a tombstone. A record that is no part of an edition is ignored and never raises."""
        parsed = _parse_key(key)
        if parsed is None:
            return
        list_name, edition, part = parsed
        self._arrivals += 1
        if part == REMOVED:
            self._take_removal(list_name, value)
            return
        if value is None:
            self._forget(list_name, edition, part)
            return
        state = self._states.setdefault((list_name, edition), _State(chunks={}))
        state.touched = self._arrivals
        if part == MANIFEST:
            self._take_manifest(state, list_name, edition, value)
        else:
            # Also where the edition is complete: another content under the same name may share chunks with it.
            state.seen.add(int(part))
            state.chunks[int(part)] = value
        _try_complete(state)
        self._trim(list_name)

    def complete(self) -> dict[str, Edition]:
        """The newest complete edition of each list that may follow the one before it."""
        newest = {name: self._judged(name)[0] for name in sorted({name for name, _ in self._states})}
        return {
            name: states[-1].complete for name, states in newest.items() if states and states[-1].complete
        }

    def editions(self, list_name: str) -> tuple[Edition, ...]:
        """Those that may be used and are still kept, oldest first: the last is in use."""
        return tuple(state.complete for state in self._judged(list_name)[0] if state.complete)

    def removed(self) -> dict[str, Removal]:
        """Lists that ended, and no edition was published since."""
        return {name: end for name, end in sorted(self._removals.items()) if not self._judged(name)[0]}

    def lists(self) -> list[str]:
        """Every list of which there is anything."""
        return sorted({name for name, _ in self._states} | self._removals.keys())

    def keys(self, list_name: str) -> list[bytes]:
        """Keys of all there is of a list, manifests before their chunks."""
        mine = [(edition, state) for (name, edition), state in self._states.items() if name == list_name]
        manifests = [record_key(list_name, edition, MANIFEST) for edition, _ in mine]
        return manifests + [
            record_key(list_name, edition, str(n)) for edition, state in mine for n in sorted(state.seen)
        ]

    def refused(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """(list, edition) -> why a complete edition, newer than the one in use, is not taken."""
        found = {}
        for name in sorted({name for name, _ in self._states}):
            good, bad = self._judged(name)
            for state in bad:
                if state.manifest is not None and (not good or _order(state) > _order(good[-1])):
                    found[name, state.manifest.edition] = state.reasons
        return found

    def _judged(self, list_name: str) -> tuple[list[_State], list[_State]]:
        """The complete editions of a list, oldest first: each that may follow the one taken before it, and the others."""
        good: list[_State] = []
        bad: list[_State] = []
        end = self._removals.get(list_name)
        mine = (
            state
            for (name, _), state in self._states.items()
            if name == list_name and state.complete and (end is None or _order(state)[0] > end.removed)
        )
        for state in sorted(mine, key=_order):
            (bad if self._reasons(state, good[-1] if good else None) else good).append(state)
        return good, bad

    def _reasons(self, state: _State, before: _State | None) -> tuple[str, ...]:
        edition = state.complete
        assert edition is not None
        if edition.accepted:
            return ()
        today = self._clock().date() if self._clock is not None else None
        against = before.complete.sha256 if before is not None and before.complete else ""
        judged = (edition.sha256, against, today.isoformat() if today else "")
        if judged != state.judged:
            in_use = _facts(before) if before is not None else None
            state.judged, state.reasons = (
                judged,
                refusals(_facts(state), in_use, today=today, loss=self._loss),
            )
        return state.reasons

    def faults(self) -> dict[str, str]:
        """list -> why its last manifest is not taken, for `torugart lists status`; a sound list is absent."""
        last: dict[str, _State] = {}
        for (list_name, _), state in self._states.items():
            if state.told >= (last[list_name].told if list_name in last else 1):
                last[list_name] = state
        return {name: last[name].fault for name in sorted(last) if last[name].fault}

    def superseded(self, list_name: str, abandoned: Container[str] = ()) -> list[bytes]:
        """Keys a publisher should write tombstones for so that only the KEPT newest editions of the list remain; one that was
        refused goes too, else it would be the first that a worker which starts later sees.

        Manifests come before their chunks, so that no reader takes half of what is being removed. An edition that is
        still being published (a record of it came after the newest manifest) is left alone, unless it is among the `abandoned`.
        """
        good, _ = self._judged(list_name)
        newest_arrival = good[-1].ordered if good else 0
        keys: list[bytes] = []
        for (name, edition), state in self._states.items():
            if name != list_name:
                continue
            chunks = state.seen
            if any(state is one for one in good[-KEPT:]):
                manifest = state.manifest
                chunks = {n for n in chunks if manifest is not None and n >= len(manifest.chunks)}
            elif state.complete is None and state.touched > newest_arrival and edition not in abandoned:
                continue
            elif state.manifest is not None or state.fault:
                keys.append(record_key(list_name, edition, MANIFEST))
            keys.extend(record_key(list_name, edition, str(number)) for number in sorted(chunks))
        if good and list_name in self._removals:
            keys.append(record_key(list_name, "", REMOVED))
        return keys

    def _take_removal(self, list_name: str, value: bytes | None) -> None:
        if value is None:
            self._removals.pop(list_name, None)
            return
        try:
            end = REMOVALS.decode(value)
        except UNREADABLE:
            return  # anybody's bytes end no list
        if end.list != list_name or not end.removed or not _is_time(end.removed):
            return
        if self._clock is None or not is_ahead(datetime.fromisoformat(end.removed), self._clock()):
            self._removals[list_name] = end

    def _take_manifest(self, state: _State, list_name: str, edition: str, value: bytes) -> None:
        state.told = self._arrivals
        try:
            manifest = MANIFESTS.decode(value)
        except UNREADABLE as error:
            state.fault = f"manifest of {edition} cannot be read: {error}"
            return
        if (manifest.list, manifest.edition) != (list_name, edition):
            state.fault = f"manifest of {edition} names another edition"
            return
        if not _is_time(manifest.published):
            state.fault = f"manifest of {edition} was published at no time: {manifest.published[:40]!r}"
            return
        now = self._clock() if self._clock is not None else None
        if (
            now is not None
            and manifest.published
            and is_ahead(datetime.fromisoformat(manifest.published), now)
        ):
            said = f"says it was published at {manifest.published}, after {now.isoformat(timespec='minutes')}"
            state.fault = f"manifest of {edition} {said}"
            return
        known = state.manifest
        if known is not None and manifest.published < known.published:
            return  # a late duplicate of what this one replaced
        if known is not None and state.complete is not None:
            if manifest.chunks == known.chunks and manifest.sha256 == known.sha256:
                state.complete = edition_of(manifest, state.complete.entries)
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
        if part == MANIFEST:
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
        good, bad = self._judged(list_name)
        for state in (*good[:-KEPT], *bad[:-KEPT]):
            # Its keys stay known, for `superseded`.
            state.complete = state.facts = None


def _facts(state: _State) -> EditionFacts:
    if state.facts is None:
        edition = state.complete
        assert edition is not None
        state.facts = facts_of(edition.edition, edition.format, edition.entries)
    return state.facts


def _try_complete(state: _State) -> None:
    manifest = state.manifest
    if manifest is None or state.complete is not None:
        return
    values = [state.chunks.get(number, b"") for number in range(len(manifest.chunks))]
    missing = sum(sha256_of(value) != wanted for value, wanted in zip(values, manifest.chunks, strict=True))
    if missing:
        state.fault = f"edition {manifest.edition} lacks {missing} of {len(manifest.chunks)} chunks"
        return
    entries: list[WatchlistEntry] = []
    try:
        for value in values:
            entries.extend(CHUNKS.decode(value))
    except UNREADABLE as error:
        state.fault = f"edition {manifest.edition} holds a chunk that cannot be read: {error}"
        return
    if len(entries) != manifest.entries or not entries:
        state.fault = (
            f"edition {manifest.edition} holds {len(entries)} entries, its manifest says {manifest.entries}"
        )
        return
    state.complete = edition_of(manifest, tuple(entries))
    state.facts = None
    state.chunks.clear()
    state.fault = ""


def _order(state: _State) -> tuple[str, int]:
    return (state.manifest.published if state.manifest else "", state.ordered)


def _parse_key(key: bytes) -> tuple[str, str, str] | None:
    try:
        list_name, edition, part = key.decode("utf-8").split("|")
    except ValueError:
        return None
    if (edition, part) == ("", REMOVED):
        return list_name, edition, part
    if part != MANIFEST and not (part.isascii() and part.isdigit() and len(part) <= 6):
        return None
    return list_name, edition, part


def _is_time(published: str) -> bool:
    """Whether it is empty or ISO 8601 with a time zone."""
    try:
        return published == "" or datetime.fromisoformat(published).tzinfo is not None
    except ValueError:
        return False
