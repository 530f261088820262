"""A map: which field of the contract stands where in a message. TOML, no code. docs/formats.md explains all of it;
docs/examples/field-map.toml is one for a pipeline's own JSON, the formats of the program are `formats/NAME/format.toml`.

    declarationKey = "decl.id"                             a path into the message; lines[0].code also works
    regime = "IMPORT"                                      one of the values a field allows is a constant
    countryOfDestination = { const = "KG" }                any other constant
    name = { first = ["buyer.name", "buyer.company"] }     the first path that is there
    declarationKey = { join = ["office", "number"], with = "/" }
    eventType = { from = "state", map = { new = "LODGED", changed = "AMENDED" } }
    hs6 = { from = "tariff", optional = true }             required by the contract, but may be absent here

`each = "lines"` makes one entry of every element of a list; paths are then within the element, `.` is the element itself, `^.x`
stands beside the list and `$.decl.id` begins at the message again. `[items]`, `hs6` and `description` are short for goodsItems,
commodityCode and descriptionOfGoods. A path that the message lacks is simply absent; what need not be there and cannot be read is
left out and told (docs/decisions/0009).

Where a path runs through a list, the list that it fills (parties, transportMeans ...) gets an entry for each element. A field
that takes one value takes it from a list only where all elements say the same; else the message is refused, with the path.

A source that gives its versions no numbers has them counted as they come (`versionCounted` of the envelope).
"""

import hashlib
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast

import msgspec
from msgspec import inspect
from msgspec.structs import replace

from streams import tables
from streams.declarations import canonical, repair
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, EventKind, Ignored, Message, Original, Tree
from streams.declarations.field_values import ABSENT, plain
from streams.declarations.formats.mapped.field_paths import ListMet, Scope
from streams.declarations.formats.mapped.field_plans import Fields
from streams.declarations.formats.mapped.recognition import (
    IGNORED,
    VERSION,
    MessageKind,
    Recognition,
    kind_of,
    message_kind,
)
from streams.declarations.formats.mapped.taken import TakenPlaces
from streams.declarations.formats.mapped.xml_values import without
from streams.declarations.model import DeclarationVersion, Envelope
from streams.errors import UserError

WHOLE = "canonical"
"""Name of a Tree that holds a declaration as canonical JSON: the document that a whole amendment replaces, and the amendment."""

Reads = Literal["json", "xml", "rows"]

_ABOUT = frozenset({"title", "reads", "source", "as_of", "absent", "empty", "ignore", "encodings", "key"})
_SECTIONS = ("format", "recognise", "message", "values", "version")
_NO_TIME = {"const": "2000-01-01T00:00:00Z"}

MAX_REFERENCE = 100
"""Characters of an LRN or MRN; the law gives them 22 and 18."""
MAX_REASON = 500

_id_of = msgspec.json.Encoder(order="deterministic").encode


class FieldMap:
    """A map, checked against the model. Raises ValueError, with the field, for one that cannot work."""

    def __init__(self, table: dict[str, Any], name: str = "mapped") -> None:
        for section in ("envelope", "declaration", "format", "recognise", "values"):
            if not isinstance(table.get(section, {}), dict):
                raise ValueError(f"{section}: write it as a table, [{section}]")
        self.name = name
        self.about = dict(table.get("format", {}))
        if unknown := self.about.keys() - _ABOUT:
            raise ValueError(f"format.{min(unknown)}: there is no such field")
        self.reads = cast(Reads, self.about.get("reads", "json"))
        if self.reads not in ("json", "xml", "rows"):
            raise ValueError("format.reads: json, xml or rows")
        self._keeps = "format" in table
        """whether what no path took is kept: a map without that section was written before anything was"""
        self._absent = frozenset(self.about.get("absent", ()))
        self._empty: str | None = self.about.get("empty")
        values = table.get("values", {})
        blocks = table.get("message", [])
        if not isinstance(blocks, list):
            raise ValueError("message: write it as [[message]] tables")
        self.messages = tuple(message_kind(one, number, values) for number, one in enumerate(blocks, 1))
        self.recognition = Recognition(table.get("recognise", {}), self.messages)
        self._compile({key: one for key, one in table.items() if key not in _SECTIONS}, values, table)

    def _compile(self, sections: dict[str, Any], values: dict[str, Any], table: dict[str, Any]) -> None:
        envelope, body = dict(sections.pop("envelope", {})), dict(sections.pop("declaration", {}))
        if "items" in sections:
            sections["goodsItems"] = sections.pop("items")
        self.counted = "versionNumber" not in envelope
        if "version" in table and (table["version"] != "counted" or not self.counted):
            raise ValueError('version: only "counted", where no envelope.versionNumber is')
        envelope.setdefault("versionNumber", {"const": 1})
        envelope.setdefault("eventType", "LODGED")
        self._own_time = "eventDateTime" in envelope
        envelope.setdefault("eventDateTime", _NO_TIME)
        model = inspect.type_info(DeclarationVersion)
        assert isinstance(model, inspect.StructType)
        declaration = body | sections
        self._fields = Fields(model, {"envelope": envelope, "declaration": declaration}, "", values)
        bare = {
            "declarationKey": {"const": "-"},
            "versionNumber": {"const": 1},
            "eventType": "AMENDED",
            "eventDateTime": _NO_TIME,
        }
        self._content = Fields(model, {"envelope": bare, "declaration": declaration}, "", values)
        """the declaration of an amendment, whose key and number are those of what it amends"""
        self.taken = TakenPlaces(self._fields.taken(()), self.about.get("ignore", ()))
        self._amended = any(one.whole for one in self.messages)
        self.key = _texts(self.about.get("key", []), "format.key")
        self.encodings = _texts(self.about.get("encodings", []), "format.encodings")
        names = {name for some in self.recognition.fields for name in some} | {*self.key, *self.roots}
        self.spelt = {name.casefold(): name for name in names}
        """of rows: a column in small letters -> as the map has it"""

    @property
    def roots(self) -> frozenset[str]:
        """The names at the top of a message that its paths begin with."""
        return self.taken.names

    @property
    def mapped(self) -> list[tuple[str, str]]:
        """Each field of the contract that the map fills, with each path that feeds it."""
        return list(dict.fromkeys(self._fields.mapped()))

    def build(self, message: Any, received: datetime) -> dict[str, Any]:
        """The message in the canonical form. `received` is the event time where the map has none."""
        built = self._built(self._fields, message)
        if not self._own_time or built["envelope"]["eventDateTime"] is None:
            built["envelope"]["eventDateTime"] = received
        if self.counted:
            built["envelope"]["versionCounted"] = True
        return built

    def read(self, message: Any, received: datetime, root: str = "") -> Message:
        """What a message says, given as plain values. `root`: the name of its XML element.

        Raises Unscreenable: SCHEMA_VIOLATION (with the path in the message), UNSUPPORTED_MESSAGE.
        """
        if self._absent or self._empty:
            message = without(message, self._absent, self._empty)
        kind = kind_of(self.messages, root, message) if self.messages else None
        try:
            if kind is None or kind.kind == VERSION:
                version = self._version(message, self.build(message, received))
                return self._with_document(version) if self._amended else version
            if kind.kind == IGNORED:
                return Ignored(kind.name or root)
            return self._event(kind, message, received, root)
        except RecursionError:
            raise Unscreenable("NOT_JSON", canonical.TOO_DEEP) from None

    def _built(self, fields: Fields, message: Any) -> dict[str, Any]:
        try:
            built: dict[str, Any] = fields.build(message, Scope(message, "", {}, {}))
        except ListMet as met:
            raise met.refusal() from None
        return built

    def _version(self, message: Any, built: dict[str, Any]) -> DeclarationVersion:
        left = self.taken.left_over(message) if self._keeps else None
        if left is not None:
            declaration = built["declaration"]
            own = declaration.get("nationalExtensions")
            declaration["nationalExtensions"] = {**(own if isinstance(own, dict) else {}), self.name: left}
        return canonical.decode(msgspec.json.encode(built))

    def _with_document(self, version: DeclarationVersion) -> Original:
        """With what an amendment of the whole takes over: its references."""
        references = {"LRN": version.declaration.LRN, "MRN": version.declaration.MRN}
        return Original(
            version, Tree(WHOLE, attributes={name: one for name, one in references.items() if one})
        )

    def _event(self, kind: MessageKind, message: Any, received: datetime, root: str) -> Event:
        name = kind.name or root or self.name
        said = {field: self._said(kind, field, message) for field in kind.fields}
        lrn, mrn = (_reference(said.get(field), field, name) for field in ("LRN", "MRN"))
        if lrn is None and mrn is None:
            raise Unscreenable("SCHEMA_VIOLATION", f"{name}: neither LRN nor MRN of a declaration")
        at = _time(said.get("at"), name)
        number = _number(said.get("version"), name)
        delta = None
        if kind.whole:
            version = self._version(message, self._built(self._content, message))
            delta = Tree(WHOLE, canonical.encode(version).decode())
        return Event(
            id=hashlib.sha256(_id_of((self.name, name, message))).hexdigest()[:32],
            kind=cast(EventKind, kind.kind),
            at=at or received,
            timed=at is not None,
            source_system=said.get("sourceSystem") or self.name,
            source_message_type=name,
            LRN=lrn,
            MRN=mrn,
            submitter=said.get("submitter"),
            version_number=number,
            reason_code=_short(said.get("reasonCode")),
            reason_text=_short(said.get("reasonText")),
            delta=delta,
        )

    def _said(self, kind: MessageKind, field: str, message: Any) -> str | None:
        source = kind.fields[field]
        try:
            value, path = source.find(message, Scope(message, "", {}, {}))
        except ListMet as met:
            met.target = source.target
            raise met.refusal() from None
        if value is ABSENT:
            return None
        try:
            return plain(value).strip() or None
        except ValueError as error:
            raise Unscreenable("SCHEMA_VIOLATION", f"{path.label}: {error} ({source.target})") from None


def version_of(document: Tree, envelope: Envelope) -> DeclarationVersion:
    """The version that a whole amendment says, under the given envelope, with the references of what it amends.

    Raises Unscreenable SCHEMA_VIOLATION.
    """
    version = canonical.decode(document.text.encode())
    declaration = version.declaration
    lrn, mrn = (document.attributes.get(name) for name in ("LRN", "MRN"))
    declaration = replace(declaration, LRN=declaration.LRN or lrn, MRN=declaration.MRN or mrn)
    return replace(version, envelope=envelope, declaration=declaration)


def read_json(data: bytes, received: datetime, field_map: FieldMap) -> Message:
    """What a JSON message of the map's shape says.

    Raises Unscreenable: NOT_UTF8, NOT_JSON, and as `FieldMap.read` does.
    """
    message = canonical.plain_json(data)
    if not isinstance(message, dict):
        raise Unscreenable("SCHEMA_VIOLATION", "the message is not a JSON object")
    return field_map.read(message, received)


def load(path: Path, name: str = "mapped") -> FieldMap | None:
    """Reads a map; None of a file that holds nothing but comments. Raises UserError, naming file, line and field, where it cannot
    be read or cannot work."""
    text, _ = tables.own_text(path, "field map", UserError)
    try:
        table = tomllib.loads(text)
        return FieldMap(table, name) if table else None
    except (ValueError, RecursionError) as error:
        line = "" if isinstance(error, tomllib.TOMLDecodeError) else _line(text, str(error).partition(":")[0])
        raise UserError(f"{path}{line}: {error}") from None


def _line(text: str, field: str) -> str:
    """Where a field of the map stands, such as `, line 12`: its last names, in the section that has most of them."""
    names = [re.sub(r"\[[0-9]+\]", "", one) for one in field.split(".")]
    found, most, section = 0, 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if said.startswith("["):
            section = said.strip("[] ")
        elif said.startswith("#") or "=" not in said:
            continue
        own = said.partition("=")[0].strip().split(".") if not said.startswith("[") else []
        stands = [*section.split("."), *own]
        alike = sum(name in stands or name in said for name in names) + (bool(own) and own[-1] == names[-1])
        if alike > most:
            found, most = number, alike
    return f", line {found}" if found else ""


def _reference(given: str | None, field: str, name: str) -> str | None:
    if given is not None and len(given) > MAX_REFERENCE:
        raise Unscreenable("SCHEMA_VIOLATION", f"{name}: {field} is over {MAX_REFERENCE} characters")
    return given


def _time(given: str | None, name: str) -> datetime | None:
    if given is None:
        return None
    try:
        return repair.time(given).astimezone(UTC)
    except ValueError as error:
        raise Unscreenable("SCHEMA_VIOLATION", f"{name}: at: {error}") from None


def _number(given: str | None, name: str) -> int | None:
    if given is None:
        return None
    try:
        number = repair.whole(given)
    except ValueError as error:
        raise Unscreenable("SCHEMA_VIOLATION", f"{name}: version: {error}") from None
    if not 1 <= number <= 99_999:
        raise Unscreenable("SCHEMA_VIOLATION", f"{name}: a version number is from 1 to 99999")
    return number


def _texts(given: Any, field: str) -> tuple[str, ...]:
    if isinstance(given, list) and all(isinstance(one, str) for one in given):
        return tuple(given)
    raise ValueError(f"{field} takes a list of texts")


def _short(text: str | None) -> str | None:
    return text[:MAX_REASON] if text else None
