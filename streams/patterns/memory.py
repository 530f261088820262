"""What is remembered of one key, and what is said to it. The same for every detector; pure, for the stream and for files."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from streams.corridors.state import Past
from streams.declarations.errors import NewerRelease
from streams.patterns.contract import Alerting, KeepsFirms, PatternAdvice, StandingAlert, TakesStatistics
from streams.patterns.firm_records import FirmChange, FirmRecords, NoRecords, forgotten, moved_out
from streams.patterns.listing import AnyDetector
from streams.patterns.trade import DeclaredTrade

_encode = msgspec.msgpack.Encoder().encode

GUARDED_DAYS = 7
"""Days of the stream for which it is known what was applied to a key of which nothing is left: a crash sends again what the
workers had not acknowledged, which is seconds old."""
NO_RECORDS = NoRecords()

LOOK_DAYS = 30
"""Days of the stream after which a key that nobody spoke of is looked at."""


class StoredContribution(Struct, frozen=True, array_like=True):
    """What a declaration contributes to a key, as it is kept and sent."""

    body: bytes
    """MessagePack of the detector's own part"""
    asks: bool

    @property
    def digest(self) -> bytes:
        """Tells this part from any other."""
        return hashlib.blake2b(self.body, digest_size=8).digest()


class Observation(Struct, frozen=True, array_like=True):
    """A declaration's contribution to one key has changed: a record of customs.observations."""

    key: str
    """detector and its key, `firms|id:LT100001234`"""
    declaration: str
    """declarationKey"""
    partition: int
    """of customs.versions ..."""
    offset: int
    """... and offset of the record that changed it: what was applied up to there is not applied again"""
    day: int
    """since 1970, that the stream had reached by event time"""
    removed: StoredContribution | None
    added: StoredContribution | None


class Answered(Struct, frozen=True, array_like=True):
    """What a key told a declaration."""

    key: str
    digest: bytes
    """of the part it was asked with"""
    told: PatternAdvice


class Remembered(Struct, frozen=True, array_like=True):
    """State of one key."""

    look: int
    """day of the stream from which it is to be looked at again: what is too old to matter is forgotten then"""
    touched: int
    """day that the stream had reached when something was applied last"""
    applied: dict[int, int]
    """partition of customs.versions -> offset of the last record whose contribution is in"""
    state: msgspec.Raw
    """nil where nothing is left of it: what was applied must be known for a while longer"""
    alerts: dict[str, bytes] = {}
    """key of each alert that may still change -> digest of what it said last"""


class Applied(NamedTuple):
    remembered: bytes | None
    """the new value; the old one where nothing changed; None where it can go"""
    alerts: dict[str, bytes | None]
    """to be sent: key of the record in customs.alerts -> JSON; None where what it rested on was taken back"""
    answer: Answered | None = None


def parts_of(trade: DeclaredTrade, detectors: Iterable[AnyDetector]) -> dict[str, StoredContribution]:
    """Key -> what a declaration contributes to it."""
    return {
        f"{detector.name}|{given.key}": StoredContribution(_encode(given.part), given.asks)
        for detector in detectors
        for given in detector.contributions(trade)
    }


def observations(
    declaration: str,
    before: Mapping[str, StoredContribution],
    after: Mapping[str, StoredContribution],
    partition: int,
    offset: int,
    day: int,
) -> list[Observation]:
    """What changed, one for each key."""
    return [
        Observation(key, declaration, partition, offset, day, before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


class Book:
    """The detectors by name, and how a value of their state is read."""

    def __init__(self, detectors: Sequence[AnyDetector]) -> None:
        self.detectors = tuple(detectors)
        self._by_name = {detector.name: detector for detector in detectors}
        self._alerting: dict[str, Alerting] = {
            detector.name: detector for detector in detectors if isinstance(detector, Alerting)
        }
        self._informed: dict[str, TakesStatistics] = {
            detector.name: detector for detector in detectors if isinstance(detector, TakesStatistics)
        }
        self._keeping_firms: dict[str, KeepsFirms] = {
            detector.name: detector for detector in detectors if isinstance(detector, KeepsFirms)
        }
        self._read_state: dict[str, Callable[[Any], Any]] = {
            detector.name: msgspec.msgpack.Decoder(detector.state_type).decode for detector in detectors
        }
        self._read_part: dict[str, Callable[[Any], Any]] = {
            detector.name: msgspec.msgpack.Decoder(detector.part_type).decode for detector in detectors
        }

    def detector(self, key: str) -> AnyDetector:
        """Of a key. Raises KeyError for one that this release has not."""
        return self._by_name[key.partition("|")[0]]

    def check(self, key: str, value: bytes) -> None:
        """Reads all of a value. Raises msgspec.MsgspecError where it cannot, NewerRelease for a detector that this release has
        not."""
        known = _read_remembered(value)
        if known.state != _NIL:
            name = key.partition("|")[0]
            if name not in self._read_state:
                raise NewerRelease("it is of a detector that this release has not")
            self._read_state[name](known.state)

    def raises(self, key: str) -> bool:
        """Whether there may be alerts about a key itself."""
        return key.partition("|")[0] in self._alerting

    def apply(
        self,
        value: bytes | None,
        seen: Observation,
        began: int,
        past: Past | None = None,
        records: FirmRecords = NO_RECORDS,
    ) -> Applied:
        """Takes the old contribution back, adds the new one, and tells the declaration what the key knows without it.

        `began` is the first day of which all is remembered, `past` what statistics say of the time before, `records` where the
        firms of the key are kept: what changes of them is put there, and belongs before the value. An observation
        that is in already changes nothing and is answered again; its alerts are not said again, and so must have arrived
        before the value is kept. Raises KeyError for a detector that this release has not.
        """
        name = seen.key.partition("|")[0]
        detector, read = self._by_name[name], self._read_part[name]
        known = _read_remembered(value) if value is not None else None
        state = (
            detector.empty(began)
            if known is None or known.state == _NIL
            else self._read_state[name](known.state)
        )
        applied = {} if known is None else known.applied
        stood = {} if known is None else known.alerts
        removed = None if seen.removed is None else read(seen.removed.body)
        added = None if seen.added is None else read(seen.added.body)
        alerts: dict[str, bytes | None] = {}
        view = self._view(name, past, began)
        fresh = applied.get(seen.partition, -1) < seen.offset
        # Partitions of the stream reach a day one after the other: what was over by then does not begin again.
        day = seen.day if known is None else max(seen.day, known.look - LOOK_DAYS)
        firms, keeping = None, self._keeping_firms.get(name)
        if keeping is not None:
            state = _counted(keeping, state, records, applied, day)
            firms = FirmChange(keeping, state, records, (seen.partition, seen.offset), day)
        if fresh:
            if removed is not None:
                if firms is not None:
                    firms.take(removed, -1)
                state = detector.remove(state, removed)
            without = state
        else:
            without = state if added is None else detector.remove(state, added)
        answer = None
        if seen.added is not None and seen.added.asks:
            with firms.hidden(added) if firms is not None else nullcontext():
                told = detector.tell(view(without), added, began)
            answer = Answered(seen.key, seen.added.digest, told)
        if not fresh:
            records.counts.judged = None  # which was of the key without the contribution
        else:
            if added is not None:
                if firms is not None:
                    firms.take(added, 1)
                state = detector.add(without, added)
            kept = detector.forget(state, day)
            alerts, stands = self._changed(view(state), view(kept), seen.key, day, stood)
            applied = {**applied, seen.partition: seen.offset}
            value = _encode(
                Remembered(day + LOOK_DAYS, day, applied, self._stored(name, kept, records), stands)
            )
        return Applied(value, alerts, answer)

    def forget(
        self,
        key: str,
        value: bytes,
        day: int,
        began: int,
        past: Past | None = None,
        records: FirmRecords = NO_RECORDS,
    ) -> Applied:
        """The value without what is too old on `day`, and what that changes in its alerts. The rest as `apply`."""
        name = key.partition("|")[0]
        detector, known = self._by_name[name], _read_remembered(value)
        state = kept = None
        if known.state != _NIL:
            state = self._read_state[name](known.state)
            if (keeping := self._keeping_firms.get(name)) is not None:
                state = _counted(keeping, state, records, known.applied, day)
            kept = detector.forget(state, day)
        view = self._view(name, past, began)
        alerts, stands = self._changed(view(state), view(kept), key, day, known.alerts)
        if kept is None and day - known.touched > GUARDED_DAYS:
            return Applied(None, alerts)
        stored = self._stored(name, kept, records)
        return Applied(
            _encode(Remembered(day + LOOK_DAYS, known.touched, known.applied, stored, stands)), alerts
        )

    def forget_firm(self, key: str, value: bytes, day: int) -> bytes | None:
        """The record of a firm of a key without what is too old on `day`; None where it can go."""
        return forgotten(self._keeping_firms[key.partition("|")[0]], value, day)

    def _stored(self, name: str, kept: Any, records: FirmRecords) -> msgspec.Raw:
        """What is kept of a state, as MessagePack."""
        keeping = self._keeping_firms.get(name)
        if kept is not None and keeping is not None:
            records.counts.raise_floor(keeping.floor(kept))
            kept = keeping.stored(kept)
        return msgspec.Raw(_encode(kept))

    def _view(self, name: str, past: Past | None, began: int) -> Callable[[Any], Any]:
        """What is judged of a state: itself, or with what statistics say of the time before it."""
        teller = self._informed.get(name)
        if past is None or teller is None:
            return lambda state: state
        return lambda state: None if state is None else teller.informed(state, past, began)

    def _changed(
        self, state: Any, kept: Any, key: str, day: int, stood: Mapping[str, bytes]
    ) -> tuple[dict[str, bytes | None], dict[str, bytes]]:
        """What is to be said of alerts where `stood` was said before, and the digests of those that may still change.

        An alert that `state` does not bear out has lost its ground. One that only `kept`, the state without what is too old,
        does not name is final, and stays as it was said last.
        """
        alerts = self._alerts(state, key, day)
        if not (alerts or stood):
            return {}, {}
        digests = {
            name: hashlib.blake2b(alert.body, digest_size=8).digest() for name, alert in alerts.items()
        }
        changed: dict[str, bytes | None] = {
            name: alerts[name].body for name, digest in digests.items() if stood.get(name) != digest
        }
        gone = [name for name in stood if name not in alerts]
        if any(alert.ended for alert in alerts.values()):
            named = self._alerts(kept, key, day)
            digests = {name: digest for name, digest in digests.items() if name in named}
        return changed | dict.fromkeys(gone), digests

    def _alerts(self, state: Any, key: str, day: int) -> Mapping[str, StandingAlert]:
        name, _, about = key.partition("|")
        detector = self._alerting.get(name)
        return {} if state is None or detector is None else detector.alerts(state, about, day)


def _counted(
    detector: KeepsFirms, state: Any, records: FirmRecords, applied: dict[int, int], day: int
) -> Any:
    """The state as it is judged; the firms that an earlier release kept within it are moved out."""
    if detector.inline(state):
        moved_out(detector, state, records, applied, day)
    return detector.counted(state, records.counts)


_NIL = msgspec.Raw(b"\xc0")
_read_remembered = msgspec.msgpack.Decoder(Remembered).decode


def without_places(value: bytes) -> bytes:
    """A key's value as if nothing had been applied by any record yet: for topics in which the records' offsets begin anew."""
    known = _read_remembered(value)
    return _encode(replace(known, applied={})) if known.applied else value


class _KeyStateHead(Struct, frozen=True, array_like=True):
    look: int


_read_head = msgspec.msgpack.Decoder(_KeyStateHead).decode


def look_again(value: bytes) -> int:
    """Day (since 1970) of the stream from which a value is to be looked at by `Book.forget`."""
    return _read_head(value).look
