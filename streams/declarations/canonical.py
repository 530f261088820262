"""Canonical JSON: the format of `customs.versions`, and the one a pipeline may send as it is.

Fields the model does not know are passed over; of a field given twice, the last counts, as in most JSON readers.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from itertools import accumulate
from typing import Any, NoReturn

import msgspec
import orjson
from msgspec import Struct
from msgspec.structs import replace

from streams.declarations import lenient, limits, repair
from streams.declarations.errors import Unscreenable
from streams.declarations.model import SUPPORTED_SCHEMA_VERSIONS, DeclarationVersion
from streams.declarations.reading import Notes, Repaired, Unreadable

TOO_DEEP = f"the JSON is nested too deep: more than {limits.JSON_DEPTH} levels"


class _Envelope(Struct, rename="camel"):
    schema_version: str = "1.0"


class _Peek(Struct):
    envelope: _Envelope


_peek = msgspec.json.Decoder(_Peek).decode
_decode = msgspec.json.Decoder(DeclarationVersion).decode
_plain = msgspec.json.Decoder(float_hook=Decimal).decode
_encode = msgspec.json.Encoder().encode
# Sorted: the hash must not change when a release moves a field of the model to another place.
_encode_sorted = msgspec.json.Encoder(order="sorted").encode


class _Told(Struct):
    unreadable: tuple[Unreadable, ...] = ()
    repaired: tuple[Repaired, ...] = ()


_told = msgspec.json.Decoder(_Told).decode
NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
TWO_QUOTES = b'""'
"""Only a message that has these two characters can have an empty text. Sought from behind, which takes a third of the time: from
the front each of a message's many quotes begins a match."""
_EMPTY_TEXT = re.compile(rb'[:,\[]\s*""')
"""Where a value begins: a firm's name that ends in a quoted word has two quotes as well, the first behind a backslash."""


def has_empty_text(data: bytes) -> bool:
    """Whether some value of a JSON text is the empty text."""
    return data.rfind(TWO_QUOTES) >= 0 and _EMPTY_TEXT.search(data) is not None


def decode(data: bytes) -> DeclarationVersion:
    """One version of a declaration; its times in UTC. What need not be there and cannot be read is left out, and told in
    `unreadable`; an empty text is absent.

    Raises Unscreenable: NOT_UTF8, NOT_JSON (nested too deep, too), UNKNOWN_SCHEMA_VERSION, SCHEMA_VIOLATION (its
    detail begins with the path of the field).
    """
    _check_depth(data)
    try:
        version = _decode(data)
    except (
        ValueError,
        RecursionError,
    ) as error:  # every error of msgspec and every encoding error is a ValueError
        version = _leniently(data, error)
    else:
        if has_empty_text(data) or version.unreadable or version.repaired or lenient.doubtful(version):
            version = _leniently(data, None)
    version = checked(version)
    if not repair.plausible(version.envelope.event_date_time):
        raise Unscreenable("SCHEMA_VIOLATION", f"envelope.eventDateTime: {repair.NOT_PLAUSIBLE}")
    return version


def _number(written: str) -> Decimal | str:
    """Exact; as a text where no number of this machine is as long, which no field then takes."""
    try:
        return Decimal(written)
    except ArithmeticError:
        return written


_any_number = msgspec.json.Decoder(float_hook=_number).decode


def _leniently(data: bytes, error: Exception | None) -> DeclarationVersion:
    """Without what cannot be read, a message that the strict decoder refused or in which a value is not what its field is for."""
    try:
        message = _any_number(data)
        told = _own_notes(data)
        kept = lenient.readable(message, told)
        version = _decode(_encode(kept))
    except (ValueError, RecursionError) as wrong:
        refuse(data, wrong if isinstance(wrong, ValueError) or error is None else error)
    return replace(version, unreadable=told.unread, repaired=told.mended)


def _own_notes(data: bytes) -> Notes:
    """What the sender itself could not read."""
    try:
        told = _told(data)
    except (ValueError, RecursionError):
        notes = Notes()
        notes.unreadable("unreadable", "part", "not what the sender could not read itself", "")
        return notes
    return Notes(told.unreadable, told.repaired)


def checked(version: DeclarationVersion) -> DeclarationVersion:
    """A version as decoded, its times in UTC.

    Raises Unscreenable UNKNOWN_SCHEMA_VERSION or SCHEMA_VIOLATION for what the types cannot say.
    """
    if version.envelope.schema_version not in SUPPORTED_SCHEMA_VERSIONS:
        raise _unknown_schema_version(version.envelope.schema_version)
    if version.declaration.national_extensions is not None:
        _check_extent(version.declaration.national_extensions)
    return _in_utc(version)


def plain_json(data: bytes) -> Any:
    """JSON of any shape; numbers with a fraction come as exact Decimals. Raises Unscreenable: NOT_UTF8, NOT_JSON."""
    _check_depth(data)
    try:
        return _plain(data)
    except RecursionError:
        raise Unscreenable("NOT_JSON", TOO_DEEP) from None
    except (ValueError, ArithmeticError) as error:
        _check_encoding(data)
        raise Unscreenable("NOT_JSON", str(error)) from None


def encode(version: DeclarationVersion) -> bytes:
    """Canonical JSON; `decode` gives the same version back."""
    return _encode(version)


def payload_hash(version: DeclarationVersion) -> str:
    """SHA-256 (hex) of what a version says: what happened, and the whole declaration.

    Two messages with the same content have the same hash whatever their ids, times, white space, order of fields or
    schema version; absent and null are the same. A declared value that could not be read is part of the content.
    """
    content: tuple[Any, ...] = (version.envelope.event_type, version.declaration)
    unread = [one for one in version.unreadable if not one.path.startswith("envelope")]
    if unread:
        content += (sorted((one.path, one.text, one.digest or "", one.count) for one in unread),)
    return hashlib.sha256(_encode_sorted(content)).hexdigest()


def refuse(data: bytes, error: Exception) -> NoReturn:
    """Raises the one reason that helps most: encoding before syntax, syntax before schema version, that before schema.

    msgspec reports what it meets first, and passes over unknown fields without looking at their text.
    """
    _check_encoding(data)
    if isinstance(error, RecursionError):
        raise Unscreenable("NOT_JSON", TOO_DEEP) from None
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError as wrong:
        raise Unscreenable("NOT_JSON", str(wrong)) from None
    try:
        given = _peek(data).envelope.schema_version
    except (ValueError, RecursionError):
        given = "1.0"
    if given not in SUPPORTED_SCHEMA_VERSIONS:
        raise _unknown_schema_version(given) from None
    raise Unscreenable("SCHEMA_VIOLATION", violation(error)) from None


def json_depth(data: bytes) -> int:
    """Levels of lists and objects, where it is JSON; of other bytes some number. In time linear in their length."""
    # Without escaped characters, every second part between quotes is outside of texts.
    outside = b"".join(data.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2])
    steps = (1 if byte in b"{[" else -1 for byte in outside.translate(None, NO_BRACKETS))
    return max(accumulate(steps, initial=0))


def _check_depth(data: bytes) -> None:
    if data.count(b"{") + data.count(b"[") > limits.JSON_DEPTH and json_depth(data) > limits.JSON_DEPTH:
        _check_encoding(data)
        raise Unscreenable("NOT_JSON", TOO_DEEP)


def _check_encoding(data: bytes) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise Unscreenable("NOT_UTF8", f"the byte at position {wrong.start} is not UTF-8") from None


def violation(error: Exception) -> str:
    """What msgspec objects to, its path first, without the value: it may be a name."""
    problem, _, path = str(error).rpartition(" - at `$")
    if not problem:
        return str(error)
    if problem.startswith("Invalid enum value"):
        problem = "not one of the allowed values"
    return f"{path.strip('.`')}: {problem}"


def _unknown_schema_version(given: str) -> Unscreenable:
    known = ", ".join(sorted(SUPPORTED_SCHEMA_VERSIONS))
    return Unscreenable(
        "UNKNOWN_SCHEMA_VERSION", f"schemaVersion is {given[:20]!r}; this release reads {known}"
    )


def _in_utc(version: DeclarationVersion) -> DeclarationVersion:
    """Times far out on the calendar exist in some zones only, and would break whoever converts them later."""
    envelope = version.envelope
    event, ingest = envelope.event_date_time, envelope.ingest_date_time
    if event.tzinfo is UTC and (ingest is None or ingest.tzinfo is UTC):
        return version
    envelope = replace(
        envelope,
        event_date_time=_utc(event, "eventDateTime"),
        ingest_date_time=ingest and _utc(ingest, "ingestDateTime"),
    )
    return replace(version, envelope=envelope)


def _utc(time: datetime, name: str) -> datetime:
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise Unscreenable("SCHEMA_VIOLATION", f"envelope.{name}: outside the calendar") from None


def _check_extent(extensions: dict[str, Any]) -> None:
    level: list[Any] = [extensions]
    count = 0
    for _ in range(limits.EXTENSION_DEPTH):
        level = [value for node in level for value in _inside(node)]
        count += len(level)
        if count > limits.EXTENSION_VALUES:
            raise Unscreenable(
                "SCHEMA_VIOLATION",
                f"declaration.nationalExtensions: more than {limits.EXTENSION_VALUES} values",
            )
        if not level:
            return
    raise Unscreenable(
        "SCHEMA_VIOLATION",
        f"declaration.nationalExtensions: nested deeper than {limits.EXTENSION_DEPTH} levels",
    )


def _inside(node: Any) -> Iterable[Any]:
    if isinstance(node, dict):
        return node.values()
    return node if isinstance(node, list) else ()
