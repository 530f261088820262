"""What is kept of one declaration: the value of its state."""

from datetime import datetime

import msgspec
from msgspec import Struct

from streams.cases.packing import unpack


class StoredVersion(Struct, frozen=True, array_like=True):
    """A full version."""

    number: int
    event_type: str
    at: datetime
    payload_hash: str
    origin: str
    """topic/partition/offset in customs.versions where it was first seen"""
    body: bytes
    """its VersionsRecord, packed; empty where it is no longer kept"""


class StoredEvent(Struct, frozen=True, array_like=True):
    """An event."""

    id: str
    at: datetime
    body: bytes
    """its JSON, packed"""


class StoredVerdict(Struct, frozen=True, array_like=True):
    """The verdict on one version of the life."""

    number: int
    basis: bytes
    """digest of all that the verdict is about: while it stays, the verdict stays"""
    origin: str
    """topic/partition/offset in customs.versions of the record that led to the one that was sent"""
    verdict: bytes
    """its JSON, packed"""

    def json(self) -> bytes:
        return unpack("verdict", self.verdict)


class DeclarationRecord(Struct, frozen=True, array_like=True):
    """A case as it is kept: all that was said about one declaration, asked and answered."""

    last: float = 0.0
    """event time, seconds since 1970, when the last thing was said; the first fields, so that they can be read alone"""
    waits_since: float = 0.0
    """from when on waiting for detectors' answers is counted (`Asking.waits_since`); 0 where nobody waits"""
    images: tuple[StoredVersion, ...] = ()
    told: tuple[StoredEvent, ...] = ()
    answers: tuple[StoredVerdict, ...] = ()
    alert: bytes = b""
    """digest of the substance of the alert sent last; empty where there is none"""
    alert_origin: str = ""
    """origin of the record that changed the alert last; empty where there never was one"""
    asking: bytes = b""
    """what the detectors were told, were asked and answered (Asking), packed; empty where there never was anything"""


def origins(case: DeclarationRecord) -> set[str]:
    """Origins of what was sent last of a declaration: its verdicts and its alert."""
    return {*(answer.origin for answer in case.answers), case.alert_origin} - {""}


class _RecordTimes(Struct, frozen=True, array_like=True):
    last: float
    waits_since: float


_decode = msgspec.msgpack.Decoder(DeclarationRecord).decode
_decode_head = msgspec.msgpack.Decoder(_RecordTimes).decode
_encode = msgspec.msgpack.Encoder().encode


def decode_record(data: bytes | None) -> DeclarationRecord:
    """The case in a state value; None is one that knows nothing.

    Raises msgspec.MsgspecError for bytes that are no case.
    """
    return DeclarationRecord() if data is None else _decode(data)


def last_said(data: bytes) -> float:
    """Event time, seconds since 1970, of the last thing said about the declaration of a state value."""
    return _decode_head(data).last


def times_of(data: bytes) -> tuple[float, float]:
    """`last_said` and `waits_since` of a state value."""
    head = _decode_head(data)
    return head.last, head.waits_since


def waits_since(data: bytes) -> float:
    """From when on it is counted that the declaration of a state value waits for answers, Unix seconds; 0 where it does not."""
    return _decode_head(data).waits_since


def encode_record(case: DeclarationRecord) -> bytes:
    """The state value. Copied to its size: msgspec leaves its result in a buffer half as large again, for as long as a
    state holds it."""
    return bytes(bytearray(_encode(case)))
