"""The one registry of the formats that the intake reads."""

import codecs
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from streams.declarations import canonical
from streams.declarations.encodings import marked, spoilt, wide
from streams.declarations.envelopes import Unframe, deflated, is_canonical, peel
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Ignored, Message, Original, Tree
from streams.declarations.formats import row_tables as rows
from streams.declarations.formats.catalogue import bundled, of_folder
from streams.declarations.formats.mapped import reader as mapped
from streams.declarations.formats.mapped.reader import FieldMap
from streams.declarations.formats.mapped.reader import load as load_field_map
from streams.declarations.formats.mapped.xml_values import plain_values
from streams.declarations.formats.wco import document as wco_dm
from streams.declarations.formats.wco import merge as wco_merge
from streams.declarations.frames import refuse_framed, unknown
from streams.declarations.model import DeclarationVersion, Envelope
from streams.declarations.soap import carried
from streams.declarations.xml_tree import parse
from streams.errors import UserError

__all__ = [
    "CODED",
    "FieldMap",
    "Formats",
    "amend",
    "covers",
    "load_field_map",
    "of_folder",
    "read",
    "read_all",
    "split",
    "version_of",
]


class Formats(NamedTuple):
    """What an installation reads besides the formats of the program."""

    field_map: FieldMap | None = None
    """of the format `mapped`"""
    unframe: Unframe | None = None
    """reads what stands in a schema registry's frame and is no JSON"""
    own: tuple[FieldMap, ...] = ()
    """tables of the user's own, which are looked at before those of the program"""

    @property
    def tables(self) -> tuple[FieldMap, ...]:
        return (*self.own, *bundled())

    def table(self, name: str) -> FieldMap | None:
        """The table of a format; None where it is none."""
        if name == MAPPED:
            return self.field_map
        return next((one for one in self.tables if one.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """Every format, as in the setting, the record's `format` header and --format."""
        return tuple(dict.fromkeys((*CODED, *(one.name for one in self.tables))))


NONE = Formats()

CANONICAL, WCO, MAPPED = "canonical", "wco-dm", "mapped"
CODED = (CANONICAL, WCO, MAPPED)

TOMBSTONE = Ignored("tombstone")
"""A null value: of a compacted topic, that a key is deleted. It says nothing of a declaration; a version is withdrawn by a
message (INVALIDATED)."""

_TEXT = (b"", b" ", b"\n", b"\r", b"\t", b"\xef", b"\xff", b"\xfe", b"\0")
"""First bytes of what is text, or nothing, in some encoding."""
MAX_NESTED = 3
"""Arrays of declarations in one another."""


def read(
    data: bytes | None,
    *,
    format: str = "auto",
    received: datetime,
    max_bytes: int,
    formats: Formats = NONE,
) -> Message:
    """What a message says: a version with its payload hash (and the document it was read from, where deltas may
    follow), something that happened to a declaration, or nothing that matters here. Envelopes are taken off first.

    `auto` looks at the message: the tables of formats say what is theirs; other JSON is canonical (or the field map's, where
    there is one), other XML the WCO Data Model's. None is a tombstone, which is ignored. `received` is when the message came in:
    it is the ingest time, and the event time of a message that names none.

    Raises Unscreenable for whatever is wrong with the message, also where it holds several (`read_all`), and nothing else for
    any bytes; UserError for a setting that is wrong (an unknown format, `mapped` without a field map).
    """
    said = read_all(data, format=format, received=received, max_bytes=max_bytes, formats=formats)
    if len(said) > 1:
        raise Unscreenable("UNSUPPORTED_MESSAGE", f"{len(said)} declarations in one message")
    (one,) = said
    if isinstance(one, Unscreenable):
        raise one
    return one


def read_all(
    data: bytes | None,
    *,
    format: str = "auto",
    received: datetime,
    max_bytes: int,
    formats: Formats = NONE,
    depth: int = 0,
) -> list[Message | Unscreenable]:
    """As `read`, of a message that may hold several declarations: in their order, what each says or what is wrong with it.

    Raises Unscreenable for what is wrong with the message as a whole, UserError as `read` does.
    """
    if format != "auto" and format not in CODED and formats.table(format) is None:
        raise UserError(f"format {format!r}: known are auto, {', '.join(formats.names)}")
    if data is None:
        return [TOMBSTONE]
    _check_size(data, max_bytes)
    if format in ("auto", "canonical") and is_canonical(data):
        return [_finished(canonical.decode(data), "canonical", received)]
    peeled = _peeled(data, max_bytes, format, formats)
    if isinstance(peeled, Ignored):
        return [peeled]
    if isinstance(peeled, bytes):
        return [_read(peeled, format, received, formats)]
    if depth >= MAX_NESTED:
        raise Unscreenable("UNSUPPORTED_MESSAGE", f"arrays in one another, more than {MAX_NESTED}")
    said: list[Message | Unscreenable] = []
    for part in peeled:
        try:
            said += read_all(
                part, format=format, received=received, max_bytes=max_bytes, formats=formats, depth=depth + 1
            )
        except Unscreenable as error:
            said.append(error)
    return said


def split(data: bytes, *, format: str = "auto", max_bytes: int, formats: Formats = NONE) -> list[bytes]:
    """The messages in a message, each of which can be read alone; itself where it holds one, or cannot be taken apart."""
    try:
        _check_size(data, max_bytes)
        peeled = _peeled(data, max_bytes, format, formats)
    except Unscreenable:
        return [data]
    return peeled if isinstance(peeled, list) else [data]


def _check_size(data: bytes, max_bytes: int) -> None:
    if len(data) > max_bytes:
        raise Unscreenable("TOO_LARGE", f"{len(data)} bytes; the limit is {max_bytes}")


def _peeled(data: bytes, max_bytes: int, format: str, formats: Formats) -> bytes | Ignored | list[bytes]:
    field_map = formats.field_map if format == MAPPED else None
    bare = field_map.roots if field_map is not None else frozenset[str]()
    peeled = peel(data, max_bytes, formats.unframe, bare)
    if not isinstance(peeled, bytes) or peeled[:1] in (b"{", b"<"):
        return peeled
    refuse_framed(peeled)
    if not peeled or peeled.isspace():
        raise Unscreenable("EMPTY", "the message has no content")
    if peeled[:1] not in _TEXT and (inner := deflated(peeled, max_bytes)) is not None:
        return _peeled(inner, max_bytes, format, formats)
    table = rows.recognised(peeled, _tables_of(format, formats), format == "auto")
    return peeled if table is None else rows.declarations(peeled, table)


def _tables_of(format: str, formats: Formats) -> Iterable[FieldMap]:
    if format == "auto":
        return formats.tables
    named = formats.table(format)
    return () if named is None else (named,)


def _read(data: bytes, format: str, received: datetime, formats: Formats) -> Message:
    name, message = _said(data, format, received, formats)
    if isinstance(message, Original):
        return Original(_finished(message.version, name, received), message.source)
    if isinstance(message, DeclarationVersion):
        return _finished(message, name, received)
    return message


def _said(data: bytes, format: str, received: datetime, formats: Formats) -> tuple[str, Message]:
    """The name of the format, and what the message says."""
    if format == CANONICAL:
        return format, canonical.decode(_json(data))
    if format == WCO:
        return format, wco_dm.read(data, received)
    if format != "auto":
        table = formats.table(format)
        if table is None:
            raise UserError(f"format {format}: name the field map (TORUGART_FIELD_MAP or --field-map)")
        return format, _by_table(data, received, table)
    match _begins(data):
        case b"<":
            root = carried(parse(data))
            for table in formats.tables:
                element = table.recognition.element(root) if table.reads == "xml" else None
                if element is not None:
                    return table.name, table.read(plain_values(element), received, element.name)
            return WCO, wco_dm.read_element(root, received)
        case b"{" | b"[":
            return _json_said(_json(data), received, formats)
        case b"":
            raise Unscreenable("EMPTY", "the message has no content")
    rows_of = rows.recognised(data, formats.tables)
    if rows_of is None:
        raise unknown(data)
    return rows_of.name, _by_table(data, received, rows_of)


def _json_said(data: bytes, received: datetime, formats: Formats) -> tuple[str, Message]:
    tables = [one for one in formats.tables if one.reads == "json"]
    if (tables or formats.field_map is not None) and not is_canonical(data):
        message = canonical.plain_json(data)
        if isinstance(message, dict) and "envelope" not in message:
            for table in tables:
                if table.recognition.fits(message):
                    return table.name, table.read(message, received)
            if formats.field_map is not None and formats.field_map.reads == "json":
                return MAPPED, formats.field_map.read(message, received)
    return CANONICAL, canonical.decode(data)


def _by_table(data: bytes, received: datetime, table: FieldMap) -> Message:
    if table.reads == "xml":
        root = carried(parse(data))
        element = table.recognition.element(root) or root
        return table.read(plain_values(element), received, element.name)
    if table.reads == "rows":
        return table.read(rows.of_table(data, table), received)
    return mapped.read_json(_json(data), received, table)


def amend(source_system: str, base: Tree, delta: Tree) -> Tree:
    """The document after an amendment: of the WCO Data Model, which UK CDS uses, merged; of all other formats the amendment,
    which holds the whole declaration.

    Raises Unscreenable SCHEMA_VIOLATION where the amendment cannot be applied to it.
    """
    if delta.name == mapped.WHOLE:
        return Tree(mapped.WHOLE, delta.text, base.attributes if base.name == mapped.WHOLE else {})
    if base.name == mapped.WHOLE:
        raise Unscreenable("SCHEMA_VIOLATION", "a difference, where amendments hold the whole declaration")
    return wco_merge.amend(base, delta)


def covers(source_system: str, delta: Tree, deltas: Sequence[Tree]) -> bool:
    """Whether `delta` changes nothing beyond what `deltas`, taken together, change to the same values."""
    if delta.name == mapped.WHOLE or any(one.name == mapped.WHOLE for one in deltas):
        return delta in deltas
    try:
        return wco_merge.covers(delta, deltas)
    except Unscreenable:
        return False  # one that cannot be followed is no repetition of another; `amend` says what is wrong with it


def version_of(tree: Tree, envelope: Envelope) -> DeclarationVersion:
    """The version that a document says, under the given envelope, with its payload hash.

    Raises Unscreenable SCHEMA_VIOLATION.
    """
    version = (
        mapped.version_of(tree, envelope) if tree.name == mapped.WHOLE else wco_dm.version_of(tree, envelope)
    )
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


def _begins(data: bytes) -> bytes:
    """The first character of a message, in whatever encoding."""
    start = data.lstrip() if data[:1].isspace() else data
    codec = marked(start)
    if codec is not None:
        start = start[:64].decode(codec, "ignore").lstrip("\ufeff").encode()
    return start[:64].lstrip(b"\0 \t\r\n")[:1]


def _json(data: bytes) -> bytes:
    """JSON without the mark of UTF-8. Raises Unscreenable NOT_UTF8 for UTF-16 and UTF-32."""
    codec = wide(data)
    if codec is not None:
        raise Unscreenable("NOT_UTF8", f"JSON must be UTF-8; this is {codec[:6].upper()}")
    return data.removeprefix(codecs.BOM_UTF8)
