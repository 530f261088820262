"""The US Consolidated Screening List, CSV and JSON: fourteen lists of Commerce, State and Treasury in one.

Several values of a cell of the CSV are separated by '; '; an address ends with its ISO country; an id is 'heading, number,
country'. JSON is the same as lists and objects, under `results`. Source: https://www.trade.gov/consolidated-screening-list and
https://developer.trade.gov (field by field).
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct, field

from streams import tables
from streams.watchlists.entry import EntryType
from streams.watchlists.readers.base import ListReading, Reader
from streams.watchlists.readers.draft import Draft, reading_of
from streams.watchlists.readers.rows import split_row
from streams.watchlists.readers.source import ListSource, Rejected, joined
from streams.watchlists.readers.us_ids import add_id
from streams.watchlists.readers.values import iso_date, plain

LIST_NAME = "us-csl"
_COLUMNS = {"_id", "source", "name", "alt_names", "addresses"}
_TYPES: dict[str, EntryType] = {
    "individual": "person", "entity": "organization", "vessel": "vessel", "aircraft": "aircraft",
}  # fmt: skip


class _Source(Struct, frozen=True):
    mark: str
    name: str


class _SourcesFile(tables.Sourced, frozen=True):
    """`us_csl.toml`"""

    sources: tuple[_Source, ...]


_TABLE = tables.load("streams.watchlists.readers", "us_csl.toml", _SourcesFile)


class _Address(Struct):
    address: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class _Id(Struct):
    type: str | None = None
    number: str | None = None
    country: str | None = None


class _Record(Struct):
    """An object of `results`; the CSV's cells by the same names."""

    name: str | None = None
    id: str | None = None
    entity_number: str | int | None = None
    source: str = ""
    type: str | None = None
    programs: list[str] | None = None
    alt_names: list[str] | None = None
    addresses: list[_Address] | None = None
    ids: list[_Id] | None = None
    citizenships: list[str] | None = None
    nationalities: list[str] | None = None
    dates_of_birth: list[str] | None = None
    start_date: str | None = None
    title: str | None = None
    remarks: str | None = None
    call_sign: str | None = None
    vessel_flag: str | None = None
    vessel_owner: str | None = None
    federal_register_notice: str | None = None
    license_requirement: str | None = None
    license_policy: str | None = None


class _Results(Struct):
    results: list[_Record] = field(default_factory=list)


class UsCslCsv(Reader):
    format = "us-csl-csv"

    def recognises(self, source: ListSource) -> bool:
        return source.columns >= _COLUMNS

    def reading(self, source: ListSource) -> ListReading:
        rejected: list[Rejected] = []
        return _reading(source, _csv(source, rejected), rejected)


class UsCslJson(Reader):
    format = "us-csl-json"

    def recognises(self, source: ListSource) -> bool:
        head = source.head.lstrip(b"\xef\xbb\xbf \t\r\n")
        return head[:1] in b"{[" and b'"alt_names"' in head and b'"source"' in head

    def reading(self, source: ListSource) -> ListReading:
        bare = source.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
        records = source.json(list[_Record]) if bare else source.json(_Results).results
        return _reading(source, enumerate(records, start=1), [])


def _reading(
    source: ListSource, records: Iterable[tuple[int, _Record]], rejected: list[Rejected]
) -> ListReading:
    sources: set[str] = set()
    reading = reading_of(source, LIST_NAME, None, _drafts(records, sources), rejected)
    gone = [one.name for one in _TABLE.sources if not any(one.mark in name for name in sources)]
    if not gone:
        return reading
    doubt = f"holds no entry of {' and none of '.join(gone)}, which every edition of the list has"
    return msgspec.structs.replace(reading, doubts=(*reading.doubts, doubt))


def _drafts(records: Iterable[tuple[int, _Record]], sources: set[str]) -> Iterator[Draft]:
    for line, record in records:
        sources.add(record.source)
        draft = Draft(record.id or str(record.entity_number or "") or f"row-{line}", line)
        draft.type = _TYPES.get((record.type or "").strip().lower(), "unknown")
        draft.names = [plain(name) for name in (record.name or "", *(record.alt_names or ()))]
        draft.programmes = [record.source, *(record.programs or ())]
        for address in record.addresses or ():
            draft.addresses.append(
                joined((address.address, address.city, address.state, address.postal_code, address.country))
            )
            draft.countries.append(address.country or "")
        draft.countries += [
            *(record.nationalities or ()),
            *(record.citizenships or ()),
            record.vessel_flag or "",
        ]
        for one in record.ids or ():
            add_id(draft, one.type or "", one.number or "")
        draft.identifiers.append(record.call_sign or "")
        draft.birth_dates = [iso_date(date) for date in record.dates_of_birth or ()]
        draft.listed_on = iso_date(record.start_date)
        draft.remarks += [
            f"{label}{plain(text.strip())}"
            for label, text in (
                ("Title: ", record.title),
                ("Vessel owner: ", record.vessel_owner),
                ("", record.remarks),
                ("Federal Register: ", record.federal_register_notice),
                ("Licence requirement: ", record.license_requirement),
                ("Licence policy: ", record.license_policy),
            )
            if text and text.strip()
        ]
        yield draft


def _csv(source: ListSource, rejected: list[Rejected]) -> Iterator[tuple[int, _Record]]:
    for line, row in source.rows(rejected):
        texts: dict[str, Any] = {
            name: value for name, value in row.items() if name in _Record.__struct_fields__
        }
        for name in ("programs", "alt_names", "citizenships", "nationalities", "dates_of_birth"):
            texts[name] = _split(row.get(name))
        texts["addresses"] = [_address(one) for one in _split(row["addresses"])]
        texts["ids"] = [_id(one) for one in _split(row.get("ids"))]
        yield line, _Record(**(texts | {"id": row["_id"].strip()}))


def _split(cell: str | None) -> list[str]:
    return [one.strip() for one in split_row(cell, ";")] if cell else []


def _address(text: str) -> _Address:
    before, _, country = text.rpartition(", ")
    if len(country) == 2 and country.isupper():
        return _Address(address=before, country=country)
    return _Address(country=text) if len(text) == 2 and text.isupper() else _Address(address=text)


def _id(text: str) -> _Id:
    heading, _, rest = text.partition(", ")
    number, _, country = rest.rpartition(", ")
    if number and len(country) == 2 and country.isupper():
        return _Id(heading, number, country)
    return _Id(heading, rest)


READERS = (UsCslCsv(), UsCslJson())
