"""OpenSanctions in JSON, a line an entity: `entities.ftm.json` (all entities, pointing at each other by id) and
`targets.nested.json` (each target with its addresses and sanctions inside).

Source: https://www.opensanctions.org/docs/bulk/json/
"""

import re
from typing import Any

import msgspec
from msgspec import Struct, field

from streams import tables
from streams.watchlists.entry import EntryType
from streams.watchlists.readers.base import ListReading, Reader, slug
from streams.watchlists.readers.draft import Draft, reading_of
from streams.watchlists.readers.source import ListSource, Rejected
from streams.watchlists.readers.values import plain


class _PropertiesFile(tables.Sourced, frozen=True):
    """`ftm.toml`"""

    names: tuple[str, ...]
    weak_names: tuple[str, ...]
    countries: tuple[str, ...]
    addresses: tuple[str, ...]
    identifiers: tuple[str, ...]
    birth_dates: tuple[str, ...]
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    programmes: tuple[str, ...]
    remarks: tuple[str, ...]
    types: dict[str, EntryType]


TABLE = tables.load("streams.watchlists.readers", "ftm.toml", _PropertiesFile)

FIELDS = {
    name: field
    for field in _PropertiesFile.__struct_fields__
    if field not in ("types", *tables.Sourced.__struct_fields__)
    for name in getattr(TABLE, field)
}
_ASIDE = {
    "Sanction": ("entity", ("programmes", "remarks")),
    "Identification": ("holder", ("identifiers", "countries")),
    "Passport": ("holder", ("identifiers", "countries")),
}
"""Entities that say something of another: the property that names it, and what they say."""


class Entity(Struct):
    """A line, as far as we read it."""

    id: str
    schema: str
    properties: dict[str, list[Any]] = field(default_factory=dict)
    caption: str = ""
    datasets: list[str] = field(default_factory=list)
    target: bool | None = None
    last_change: str | None = None


ENTITIES = msgspec.json.Decoder(Entity)


class OpenSanctionsFtm(Reader):
    format = "opensanctions-ftm-json"
    anybodys = True

    def recognises(self, source: ListSource) -> bool:
        head = source.head.lstrip(b"\xef\xbb\xbf \t\r\n")
        return head.startswith(b"{") and b'"schema"' in head and b'"properties"' in head

    def reading(self, source: ListSource) -> ListReading:
        collected = _Collected()
        rejected: list[Rejected] = []
        last = 0
        for last, line in enumerate(source.lines(), start=1):
            if not line.strip():
                continue
            try:
                collected.take(ENTITIES.decode(line), last)
            except (msgspec.MsgspecError, RecursionError) as error:
                rejected.append(Rejected(last, f"no entity of FollowTheMoney in JSON: {error}"))
        if rejected and rejected[-1].line == last:
            source.cut = f"ends in the middle of an entity (line {last}): it was cut short"
        name = slug(re.sub(r"\.(entities|targets)?\.?(ftm|nested)?\.?json[l]?$", "", source.name)) or "list"
        if len(collected.datasets) == 1:
            name = slug(next(iter(collected.datasets)))
        return reading_of(source, name, collected.newest, collected.drafts(), rejected)


class _Collected:
    """The parties of a file and what its other entities say of them."""

    def __init__(self) -> None:
        self.datasets: set[str] = set()
        self.newest = ""
        self._drafts: dict[str, Draft] = {}
        self._addresses: dict[str, list[str]] = {}
        self._addressed: list[tuple[Draft, str]] = []
        self._said: list[tuple[str, Entity]] = []

    def take(self, entity: Entity, line: int) -> None:
        """Takes the entity of a line."""
        if entity.schema == "Address":
            self._addresses[entity.id] = [str(one) for one in entity.properties.get("full", ())] or [
                entity.caption
            ]
        elif entity.schema in _ASIDE:
            self._said += [(str(of), entity) for of in entity.properties.get(_ASIDE[entity.schema][0], ())]
        elif entity.target is not False and (kind := TABLE.types.get(entity.schema.lower())) is not None:
            draft = self._drafts[entity.id] = Draft(entity.id, line, kind)
            self.newest = max(self.newest, (entity.last_change or "")[:10])
            self.datasets.update(entity.datasets)
            self._fill(draft, entity.properties)

    def drafts(self) -> list[Draft]:
        """The parties, once all lines were taken."""
        for draft, address in self._addressed:
            draft.addresses += self._addresses.get(address, [])
        for of, entity in self._said:
            if (said_of := self._drafts.get(of)) is not None:
                self._fill_aside(said_of, entity.schema, entity.properties)
        return list(self._drafts.values())

    def _fill(self, draft: Draft, properties: dict[str, list[Any]]) -> None:
        for name, values in properties.items():
            texts = [plain(one) for one in values if isinstance(one, str)]
            if name == "addressEntity":
                self._addressed += [(draft, one) for one in texts]
            elif name in FIELDS:
                getattr(draft, FIELDS[name]).extend(texts)
            for one in values:
                if isinstance(one, dict):
                    nested = one.get("properties")
                    self._fill_nested(
                        draft, str(one.get("schema")), nested if isinstance(nested, dict) else {}
                    )

    def _fill_nested(self, draft: Draft, schema: str, properties: dict[str, list[Any]]) -> None:
        if schema == "Address":
            draft.addresses += [str(one) for one in properties.get("full", ())]
        elif schema in _ASIDE:
            self._fill_aside(draft, schema, properties)

    def _fill_aside(self, draft: Draft, schema: str, properties: dict[str, list[Any]]) -> None:
        for name, values in properties.items():
            if FIELDS.get(name) in _ASIDE[schema][1]:
                getattr(draft, FIELDS[name]).extend(plain(one) for one in values if isinstance(one, str))
        if schema == "Sanction":
            dates = [str(one) for name in ("listingDate", "startDate") for one in properties.get(name, ())]
            draft.listed_on = min(filter(None, (draft.listed_on, *dates)), default="")


READERS = (OpenSanctionsFtm(),)
