"""A pipeline's own JSON to the canonical form, by a field map: TOML, no code. Example: docs/examples/field-map.toml.

A map names canonical fields and says where each comes from:

    declarationKey = "decl.id"                             a path into the message; lines[0].code also works
    regime = "IMPORT"                                      one of the values a field allows is a constant
    countryOfDestination = { const = "KG" }                any other constant
    name = { first = ["buyer.name", "buyer.company"] }     the first path that is there
    declarationKey = { join = ["office", "number"], with = "/" }
    eventType = { from = "state", map = { new = "LODGED", changed = "AMENDED" } }
    hs6 = { from = "tariff", optional = true }             required by the contract, but may be absent here

`each = "lines"` makes one entry of every element of a list; paths are then within the element, `.` is the element
itself and `$.decl.id` begins at the message again. `[items]`, `hs6` and `description` are short for goodsItems,
commodityCode and descriptionOfGoods. A path that the message lacks is simply absent; what
need not be there and cannot be read is left out and told (docs/decisions/0009).

Where a path runs through a list, the list that it fills (parties, transportMeans ...) gets an entry for each element. A field
that takes one value takes it from a list only where all elements say the same; else the message is refused, with the path.
"""

import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from streams import tables
from streams.declarations import canonical
from streams.declarations.errors import Unscreenable
from streams.declarations.formats.mapped.field_paths import ListMet, Scope
from streams.declarations.formats.mapped.field_plans import Fields
from streams.declarations.model import DeclarationVersion
from streams.errors import UserError


class FieldMap:
    """A field map, checked against the model. Raises ValueError, with the field, for a map that cannot work."""

    def __init__(self, table: dict[str, Any]) -> None:
        for name in ("envelope", "declaration"):
            if not isinstance(table.get(name, {}), dict):
                raise ValueError(f"{name}: write it as a table, [{name}]")
        sections = dict(table)
        envelope, body = dict(sections.pop("envelope", {})), dict(sections.pop("declaration", {}))
        if "items" in sections:
            sections["goodsItems"] = sections.pop("items")
        envelope.setdefault("versionNumber", {"const": 1})
        envelope.setdefault("eventType", "LODGED")
        self._own_time = "eventDateTime" in envelope
        envelope.setdefault("eventDateTime", {"const": "2000-01-01T00:00:00Z"})
        model = inspect.type_info(DeclarationVersion)
        assert isinstance(model, inspect.StructType)
        self._fields = Fields(model, {"envelope": envelope, "declaration": body | sections}, "")

    @property
    def roots(self) -> frozenset[str]:
        """The names at the top of a message that its paths begin with."""
        return frozenset(
            re.split(r"[.\[]", label.removeprefix("$."), maxsplit=1)[0] for label in self._fields.sources
        )

    def build(self, message: Any, received: datetime) -> dict[str, Any]:
        """The message in the canonical form. `received` is the event time where the map has none."""
        try:
            built: dict[str, Any] = self._fields.build(message, Scope(message, "", {}, {}))
        except ListMet as met:
            raise met.refusal() from None
        if not self._own_time or built["envelope"]["eventDateTime"] is None:
            built["envelope"]["eventDateTime"] = received
        return built


def load(path: Path) -> FieldMap:
    """Reads a field map. Raises UserError, naming file and field, where it cannot be read or cannot work."""
    text, _ = tables.own_text(path, "field map", UserError)
    try:
        return FieldMap(tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: {error}") from None


def read(data: bytes, received: datetime, field_map: FieldMap) -> DeclarationVersion:
    """The declaration in a message of the map's shape.

    Raises Unscreenable: NOT_UTF8, NOT_JSON, SCHEMA_VIOLATION (with the path in the message).
    """
    message = canonical.plain_json(data)
    if not isinstance(message, dict):
        raise Unscreenable("SCHEMA_VIOLATION", "the message is not a JSON object")
    try:
        built = msgspec.json.encode(field_map.build(message, received))
    except RecursionError:
        raise Unscreenable("NOT_JSON", canonical.TOO_DEEP) from None
    return canonical.decode(built)
