"""The one registry of the formats that the intake reads."""

import codecs
from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec.structs import replace

from streams.declarations import canonical
from streams.declarations.encodings import marked, spoilt, wide
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Ignored, Message, Original, Tree
from streams.declarations.formats.mapped import reader as mapped
from streams.declarations.formats.mapped.reader import FieldMap
from streams.declarations.formats.mapped.reader import load as load_field_map
from streams.declarations.formats.wco import document as wco_dm
from streams.declarations.formats.wco import merge as wco_merge
from streams.declarations.frames import refuse_framed, unknown
from streams.declarations.model import DeclarationVersion, Envelope
from streams.errors import UserError

__all__ = ["FORMATS", "FieldMap", "amend", "covers", "load_field_map", "read", "version_of"]

Reader = Callable[[bytes, datetime, FieldMap | None], Message]

FORMATS: dict[str, Reader] = {
    "canonical": lambda data, received, field_map: canonical.decode(_json(data)),
    "wco-dm": lambda data, received, field_map: wco_dm.read(data, received),
    "mapped": lambda data, received, field_map: mapped.read(_json(data), received, _given(field_map)),
}
"""Name of each format, as in the setting, the record's `format` header and --format, and its reader."""

TOMBSTONE = Ignored("tombstone")
"""A null value: of a compacted topic, that a key is deleted. It says nothing of a declaration; a version is withdrawn by a
message (INVALIDATED)."""


def read(
    data: bytes | None,
    *,
    format: str = "auto",
    received: datetime,
    max_bytes: int,
    field_map: FieldMap | None = None,
) -> Message:
    """What a message says: a version with its payload hash (and the document it was read from, where deltas may
    follow), something that happened to a declaration, or nothing that matters here.

    `auto` looks at the first character: `{` is canonical JSON, `<` is WCO Data Model XML. None is a tombstone, which is ignored.
    `received` is when the
    message came in: it is the ingest time, and the event time of a message that names none.

    Raises Unscreenable for whatever is wrong with the message, and nothing else for any bytes; UserError for a
    setting that is wrong (an unknown format, `mapped` without a field map).
    """
    if format != "auto" and format not in FORMATS:
        raise UserError(f"format {format!r}: known are auto, {', '.join(FORMATS)}")
    if data is None:
        return TOMBSTONE
    if len(data) > max_bytes:
        raise Unscreenable("TOO_LARGE", f"{len(data)} bytes; the limit is {max_bytes}")
    refuse_framed(data)
    if not data or data.isspace():
        raise Unscreenable("EMPTY", "the message has no content")
    name = _guess(data) if format == "auto" else format
    message = FORMATS[name](data, received, field_map)
    if isinstance(message, Original):
        return Original(_finished(message.version, name, received), message.source)
    if isinstance(message, DeclarationVersion):
        return _finished(message, name, received)
    return message


def amend(source_system: str, base: Tree, delta: Tree) -> Tree:
    """The document after an amendment. Only the WCO Data Model, which UK CDS uses, has amendments.

    Raises Unscreenable SCHEMA_VIOLATION where the amendment cannot be applied to it.
    """
    return wco_merge.amend(base, delta)


def covers(source_system: str, delta: Tree, deltas: Sequence[Tree]) -> bool:
    """Whether `delta` changes nothing beyond what `deltas`, taken together, change to the same values."""
    try:
        return wco_merge.covers(delta, deltas)
    except Unscreenable:
        return False  # one that cannot be followed is no repetition of another; `amend` says what is wrong with it


def version_of(tree: Tree, envelope: Envelope) -> DeclarationVersion:
    """The version that a document says, under the given envelope, with its payload hash.

    Raises Unscreenable SCHEMA_VIOLATION.
    """
    version = wco_dm.version_of(tree, envelope)
    if path := _spoilt(version):
        raise Unscreenable("SCHEMA_VIOLATION", path)
    return replace(version, envelope=replace(version.envelope, payload_hash=canonical.payload_hash(version)))


def _finished(version: DeclarationVersion, name: str, received: datetime | None) -> DeclarationVersion:
    if path := _spoilt(version):
        raise Unscreenable("NOT_UTF8", path)
    given = version.envelope
    envelope = replace(
        given,
        payload_hash=canonical.payload_hash(version),  # a given one is not trusted
        source_message_type=given.source_message_type or name,
        ingest_date_time=given.ingest_date_time or received,
    )
    return replace(version, envelope=envelope)


def _spoilt(version: DeclarationVersion) -> str | None:
    """The name of a party that cannot be the one that was written, with what is wrong: on no list would it be found."""
    for number, party in enumerate(version.declaration.parties):
        for field, name in (
            ("name", party.name),
            ("nameOriginalScript", party.name_original_script),
            ("contactName", party.contact_name),
        ):
            if name and spoilt(name):
                return (
                    f"declaration.parties[{number}].{field}: its letters were lost before it was sent (UTF-8 taken for another "
                    "encoding and encoded again, or letters replaced)"
                )
    return None


def _guess(data: bytes) -> str:
    start = data.lstrip() if data[:1].isspace() else data
    codec = marked(start)
    if codec is not None:
        start = start[:64].decode(codec, "ignore").lstrip("\ufeff").encode()
    text = start[:64].lstrip(b"\0 \t\r\n")
    match text[:1]:
        case b"<":
            return "wco-dm"
        case b"{" | b"[":
            return "canonical"
        case b"":
            raise Unscreenable("EMPTY", "the message has no content")
    raise unknown(data)


def _json(data: bytes) -> bytes:
    """JSON without the mark of UTF-8. Raises Unscreenable NOT_UTF8 for UTF-16 and UTF-32."""
    codec = wide(data)
    if codec is not None:
        raise Unscreenable("NOT_UTF8", f"JSON must be UTF-8; this is {codec[:6].upper()}")
    return data.removeprefix(codecs.BOM_UTF8)


def _given(field_map: FieldMap | None) -> FieldMap:
    if field_map is None:
        raise UserError("format mapped: name the field map (TORUGART_FIELD_MAP or --field-map)")
    return field_map
