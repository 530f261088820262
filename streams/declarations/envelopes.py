"""Envelopes that carry a message, taken off once, before its format is recognised: compression, a schema registry's frame,
CloudEvents, Kafka Connect, Debezium, an array of several declarations. (SOAP is XML, and taken off where that is parsed.)

Whatever is unpacked is bounded. What cannot be taken off is named, for whoever sends it.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable
from typing import Any

import msgspec
import zstandard
from msgspec import UNSET, Raw, Struct, UnsetType

from streams.declarations.encodings import wide
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Ignored
from streams.declarations.workbook import as_csv, is_workbook

MAX_LAYERS = 8
"""Envelopes in one another. A declaration in a Debezium record in Connect's form in a CloudEvent that is gzipped has four."""
MAX_PARTS = 10_000
"""Declarations in one message."""

REGISTRY = 5
"""Bytes of a schema registry's frame: magic byte 0 and the id of the schema, four bytes, the highest first (Confluent wire
format). Apicurio's older serializers write eight bytes of id, of which the first four are zeros."""

Unframe = Callable[[int, bytes], bytes]
"""Schema id and value of a registry's frame -> the value as JSON. Raises Unscreenable, naming what is missing."""

_CANONICAL = re.compile(rb'\{\s*"(?:envelope|declaration)"\s*:')
_DELETED = b'"__deleted"'
"""A mark of Debezium's, behind the fields of a row."""
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_SIGNS = (b'"payload"', b'"specversion"', b'"after"', _DELETED)
"""One of these names is in every envelope of JSON; most messages have none, and are looked at no further."""

_Given = Raw | UnsetType


class _Envelope(Struct):
    """The names of all envelopes of JSON."""

    specversion: _Given = UNSET
    data: _Given = UNSET
    data_base64: str | UnsetType | None = UNSET
    schema: _Given = UNSET
    payload: _Given = UNSET
    before: _Given = UNSET
    after: _Given = UNSET
    op: str | UnsetType | None = UNSET
    deleted: _Given = msgspec.field(default=UNSET, name="__deleted")


class _Schema(Struct):
    type: Any = None


_envelope = msgspec.json.Decoder(_Envelope).decode
_schema = msgspec.json.Decoder(_Schema).decode
_text = msgspec.json.Decoder(str).decode
_parts = msgspec.json.Decoder(list[Raw]).decode

Peeled = bytes | Ignored | list[bytes]
"""The message; or what it says of itself that is of no use here; or several, each of which may be in an envelope again."""


def peel(
    data: bytes, limit: int, unframe: Unframe | None = None, bare: frozenset[str] = frozenset()
) -> Peeled:
    """What a message carries. `limit`: bytes that it may have unpacked. `bare`: names of JSON envelopes that are none here, since
    a field map reads them itself.

    Raises Unscreenable: TOO_LARGE, UNKNOWN_FORMAT for what is packed and cannot be unpacked, UNSUPPORTED_MESSAGE for an envelope
    without anything in it.
    """
    for _ in range(MAX_LAYERS):
        inner = _layer(data, limit, unframe, bare)
        if inner is data or not isinstance(inner, bytes):
            return inner
        data = inner
    raise Unscreenable("UNSUPPORTED_MESSAGE", f"more than {MAX_LAYERS} envelopes in one another")


def is_canonical(data: bytes) -> bool:
    """Whether JSON begins as a canonical declaration is mostly written, which is in no envelope then. By its first and last
    bytes alone: most messages of a stream are such."""
    return _CANONICAL.match(data) is not None and _DELETED not in data[-64:]


def _layer(data: bytes, limit: int, unframe: Unframe | None, bare: frozenset[str]) -> Peeled:
    start = data[:1]
    if start == b"{":
        return data if is_canonical(data) else _of_json(data, bare)
    if start == b"<":
        return data
    if start.isspace() or start == b"\xef":
        text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
        if text[:1] == b"{":
            inner = _of_json(text, bare)
            return data if inner is text else inner
        return _array(text) if text[:1] == b"[" else data
    if start == b"[":
        return _array(data)
    if data.startswith(_GZIP):
        return _inflated(data, limit, "gzip", zlib.MAX_WBITS | 16)
    if data[:2] in _ZLIB:
        return _inflated(data, limit, "zlib", zlib.MAX_WBITS)
    if data.startswith(_ZSTD):
        return _zstd(data, limit)
    if is_workbook(data):
        return as_csv(data, limit)
    if start == b"\0" and len(data) >= REGISTRY and any(data) and wide(data) is None:
        return _unframed(data, unframe)
    return data


def deflated(data: bytes, limit: int) -> bytes | None:
    """What a body of bare deflate says, which has no mark of its own: only where all of it unpacks, to JSON or XML."""
    try:
        inner = _inflated(data, limit, "deflate", -zlib.MAX_WBITS)
    except Unscreenable:
        return None
    return inner if inner.lstrip()[:1] in (b"{", b"[", b"<") else None


def _inflated(data: bytes, limit: int, name: str, bits: int) -> bytes:
    unpacker = zlib.decompressobj(bits)
    try:
        inner = unpacker.decompress(data, limit + 1)
    except zlib.error as error:
        raise Unscreenable("UNKNOWN_FORMAT", f"{name} that is broken: {error}") from None
    _check_length(inner, limit, name)
    if not unpacker.eof:
        raise Unscreenable("UNKNOWN_FORMAT", f"{name} that is cut short")
    if unpacker.unused_data:
        raise Unscreenable("UNKNOWN_FORMAT", f"{name} with other bytes behind it")
    return inner


def _zstd(data: bytes, limit: int) -> bytes:
    try:
        with zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(data) as reader:
            inner = reader.read(limit + 1)
            rest = reader.read(1) if len(inner) <= limit else b""
        whole = zstandard.frame_content_size(data)
    except zstandard.ZstdError as error:
        raise Unscreenable("UNKNOWN_FORMAT", f"zstd that is broken: {error}") from None
    _check_length(inner + rest, limit, "zstd")
    if not inner or (whole >= 0 and len(inner) < whole):
        raise Unscreenable("UNKNOWN_FORMAT", "zstd that is cut short")
    return bytes(inner)


def _check_length(inner: bytes, limit: int, name: str) -> None:
    if len(inner) > limit:
        raise Unscreenable("TOO_LARGE", f"{name} of more than {limit} bytes unpacked, which is the limit")


def _unframed(data: bytes, unframe: Unframe | None) -> bytes:
    number = int.from_bytes(data[1:REGISTRY])
    for length in (REGISTRY, 9) if number == 0 else (REGISTRY,):
        if data[length : length + 1] in (b"{", b"["):
            return data[length:]
    value = data[REGISTRY:]
    if unframe is not None:
        return unframe(number, value)
    raise Unscreenable(
        "UNKNOWN_FORMAT",
        f"a frame of a schema registry (magic byte 0, schema id {number}) whose value is no JSON: "
        "send the plain value (JSON or XML)",
    )


def _array(data: bytes) -> Peeled:
    try:
        parts = _parts(data)
    except (ValueError, RecursionError):
        return data  # whoever reads it says what is wrong
    if not parts:
        raise Unscreenable("SCHEMA_VIOLATION", "a JSON array without a declaration in it")
    if len(parts) > MAX_PARTS:
        raise Unscreenable("TOO_LARGE", f"a JSON array of more than {MAX_PARTS} declarations")
    made = [bytes(one) for one in parts]
    if any(one[:1] not in (b"{", b"[", b'"') for one in made):
        return data
    return [_text(one).encode() if one[:1] == b'"' else one for one in made]


def _of_json(data: bytes, bare: frozenset[str]) -> Peeled:
    if not any(sign in data for sign in _SIGNS):
        return data
    try:
        found = _envelope(data)
    except (ValueError, RecursionError):
        return data
    for name, inner in (
        ("specversion", _cloud_event),
        ("payload", _connect),
        ("after", _change),
    ):
        if name not in bare and getattr(found, name) is not UNSET:
            made = inner(found)
            if made is not None:
                return made
    if found.deleted is not UNSET and _plain(found.deleted) in (b"true", b'"true"'):
        return Ignored("debezium delete")
    return data


def _cloud_event(found: _Envelope) -> bytes | Ignored | None:
    if isinstance(found.data_base64, str):
        return _from_base64(found.data_base64, "CloudEvent: data_base64")
    if not isinstance(found.data, Raw) or _is_null(found.data):
        raise Unscreenable("UNSUPPORTED_MESSAGE", "a CloudEvent without data")
    return _value(found.data)


def _connect(found: _Envelope) -> bytes | Ignored | None:
    if found.schema is UNSET or not isinstance(found.payload, Raw):
        return None
    if _is_null(found.payload):
        return Ignored("tombstone")
    value = _value(found.payload)
    if _plain(found.payload)[:1] == b'"' and _kind(found.schema) == "bytes":
        return _from_base64(value.decode(), "Kafka Connect: payload of bytes")
    return value


def _change(found: _Envelope) -> bytes | Ignored | None:
    """Of Debezium: the row after a change, and what the change was."""
    if found.op is UNSET or not isinstance(found.after, Raw):
        return None
    if found.op in ("d", "t") or _is_null(found.after):
        return Ignored("debezium truncate" if found.op == "t" else "debezium delete")
    return _value(found.after)


def _kind(schema: _Given) -> Any:
    try:
        return _schema(schema).type if isinstance(schema, Raw) else None
    except (ValueError, RecursionError):
        return None


def _plain(value: _Given) -> bytes:
    return bytes(value) if isinstance(value, Raw) else b""


def _is_null(value: Raw) -> bool:
    return bytes(value) == b"null"


def _value(value: Raw) -> bytes:
    """An object as it stands; of a text what it says, which may be XML or JSON again."""
    plain = bytes(value)
    return _text(plain).encode() if plain[:1] == b'"' else plain


def _from_base64(text: str, where: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unscreenable("UNKNOWN_FORMAT", f"{where} is not base64") from None
