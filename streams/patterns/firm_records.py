"""The records of a key's firms beside its own: of a corridor that knows 30,000 firms an observation reads and writes one.

A record has its own guard, as the key's state has: of a killed worker the one may be kept and the other lost. What is derived of
all records of a key, `FirmCounts`, is never kept but counted anew when they were read back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from streams.corridors.firms import FirmCounts, FirmMonths
from streams.patterns.contract import KeepsFirms

PREFIX = b"+"
"""Begins the key of a firm's record."""
LOOK_DAYS = 180
"""Days of the stream after which a record is looked at. Until then one that is too old is only read as if it were not there."""


class FirmRecord(Struct, frozen=True, array_like=True):
    """State of one firm of a key."""

    look: int
    """day of the stream from which it is to be looked at again"""
    applied: dict[int, int]
    """partition of customs.versions -> offset of the last record whose contribution is in"""
    months: dict[int, int]
    """month -> consignments"""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(FirmRecord).decode


def record_key(key: str, firm: int) -> bytes:
    """Key of the state of a firm of a key."""
    return b"%b%b|%x" % (PREFIX, key.encode(), firm)


def owner_of(record: bytes) -> bytes:
    """The key whose firm a record is of."""
    return record[len(PREFIX) :].rpartition(b"|")[0]


def read_record(value: bytes) -> FirmRecord:
    """From its bytes. Raises msgspec.MsgspecError."""
    return _decode(value)


class FirmRecords(Protocol):
    """Where the records of one key's firms are kept."""

    def get(self, firm: int) -> bytes | None: ...

    def put(self, firm: int, value: bytes) -> None: ...

    @property
    def counts(self) -> FirmCounts:
        """Of all of them; the same object each time."""


class NoRecords:
    """Of a key whose detector keeps no firms."""

    counts = FirmCounts()

    def get(self, firm: int) -> bytes | None:
        return None

    def put(self, firm: int, value: bytes) -> None:
        raise TypeError("this key keeps no firms")


class FirmChange:
    """What one observation does to the records of a key's firms."""

    def __init__(
        self, detector: KeepsFirms, state: Any, records: FirmRecords, place: tuple[int, int], day: int
    ) -> None:
        """`place`: partition and offset of the observation's record in customs.versions."""
        self._detector, self._state, self._records = detector, state, records
        self._partition, self._offset = place
        self._look = day + LOOK_DAYS
        self._begun: dict[int, FirmRecord] = {}
        """as they stood before the observation"""

    def take(self, part: Any, sign: int) -> None:
        """Takes a contribution into its firm's record, where it is not in it already."""
        firm = self._detector.firm(part)
        if firm is None:
            return
        record = self._record(firm)
        if self._begun[firm].applied.get(self._partition, -1) >= self._offset:
            return
        months = self._changed(record.months, part, sign)
        applied = {**record.applied, self._partition: self._offset}
        self._records.put(firm, _encode(FirmRecord(self._look, applied, months)))

    @contextmanager
    def hidden(self, part: Any) -> Iterator[None]:
        """Without the contribution, where it is in: nobody is told of himself."""
        firm = self._detector.firm(part)
        if firm is None:
            yield
            return
        record = self._record(firm)
        if self._begun[firm].applied.get(self._partition, -1) < self._offset:
            yield
            return
        without = self._changed(record.months, part, -1)
        yield
        self._records.counts.change(without, record.months)

    def _record(self, firm: int) -> FirmRecord:
        value = self._records.get(firm)
        record = FirmRecord(0, {}, {}) if value is None else _decode(value)
        self._begun.setdefault(firm, record)
        return record

    def _changed(self, months: FirmMonths, part: Any, sign: int) -> dict[int, int]:
        after = self._detector.firm_changed(self._state, months, part, sign)
        self._records.counts.change(months, after)
        return after


def moved_out(
    detector: KeepsFirms, state: Any, records: FirmRecords, applied: dict[int, int], day: int
) -> None:
    """Gives each firm that an earlier release kept within the state a record of its own."""
    for firm, months in detector.inline(state).items():
        value = records.get(firm)
        if value is not None:
            records.counts.change(_decode(value).months, {})
        records.counts.change({}, months)
        records.put(firm, _encode(FirmRecord(day + LOOK_DAYS, applied, dict(months))))


def forgotten(detector: KeepsFirms, value: bytes, day: int) -> bytes | None:
    """A firm's record without what is too old on a day; None where nothing is left."""
    record = _decode(value)
    months = detector.forget_firm(record.months, day)
    return _encode(replace(record, look=day + LOOK_DAYS, months=months)) if months else None


def without_places(value: bytes) -> bytes:
    """A firm's record as if nothing had been applied by any record of Kafka's yet."""
    record = _decode(value)
    return _encode(replace(record, applied={})) if record.applied else value
