"""The one registry of the formats that the intake reads."""

import codecs
from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from streams.declarations import canonical, mapped, wco_dm
from streams.declarations.errors import Unscreenable
from streams.declarations.mapped import FieldMap
from streams.declarations.mapped import load as load_field_map
from streams.declarations.model import DeclarationVersion

__all__ = ["FORMATS", "FieldMap", "load_field_map", "read"]

Reader = Callable[[bytes, datetime, FieldMap | None], DeclarationVersion]

FORMATS: dict[str, Reader] = {
    "canonical": lambda data, received, field_map: canonical.decode(data),
    "wco-dm": lambda data, received, field_map: wco_dm.read(data, received),
    "mapped": lambda data, received, field_map: mapped.read(data, received, _given(field_map)),
}
"""Name of each format, as in the setting, the record's `format` header and --format, and its reader."""

UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(
    data: bytes | None,
    *,
    format: str = "auto",
    received: datetime,
    max_bytes: int,
    field_map: FieldMap | None = None,
) -> DeclarationVersion:
    """The canonical version that a message holds, with its payload hash.

    `auto` looks at the first character: `{` is canonical JSON, `<` is WCO Data Model XML. `received` is when the
    message came in: it is the ingest time, and the event time of a message that names none.

    Raises Unscreenable for whatever is wrong with the message, and nothing else for any bytes; ValueError for a
    setting that is wrong (an unknown format, `mapped` without a field map).
    """
    if format != "auto" and format not in FORMATS:
        raise ValueError(f"format {format!r}: known are auto, {', '.join(FORMATS)}")
    if data is None or not data or data.isspace():
        raise Unscreenable("EMPTY", "the message has no content")
    if len(data) > max_bytes:
        raise Unscreenable("TOO_LARGE", f"{len(data)} bytes; the limit is {max_bytes}")
    data = data.removeprefix(codecs.BOM_UTF8)
    name = _guess(data) if format == "auto" else format
    version = FORMATS[name](data, received, field_map)
    given = version.envelope
    envelope = replace(
        given,
        payload_hash=canonical.payload_hash(version),  # a given one is not trusted
        source_message_type=given.source_message_type or name,
        ingest_date_time=given.ingest_date_time or received,
    )
    return replace(version, envelope=envelope)


def _guess(data: bytes) -> str:
    start = data.lstrip()[:4] if data[:1].isspace() else data[:4]
    text = start.removeprefix(UTF16[0]).removeprefix(UTF16[1]).strip(b"\0")
    match text[:1]:
        case b"<":
            return "wco-dm"
        case b"{" | b"[" if not start.startswith(UTF16):
            return "canonical"
        case b"{" | b"[":
            raise Unscreenable("NOT_UTF8", "JSON must be UTF-8; this is UTF-16")
        case b"":
            raise Unscreenable("EMPTY", "the message has no content")
    raise Unscreenable("UNKNOWN_FORMAT", "it begins neither as JSON ({) nor as XML (<)")


def _given(field_map: FieldMap | None) -> FieldMap:
    if field_map is None:
        raise ValueError("format mapped: name the field map (TORUGART_FIELD_MAP or --field-map)")
    return field_map
