"""The UK Sanctions List (FCDO) as CSV, ODS and XML, and OFSI's consolidated list as CSV.

A table has a row for each name of a designation, under a line with the date of the report; XML has an element for each.
Source: https://www.gov.uk/government/publications/the-uk-sanctions-list (with its XSD) and, for OFSI's,
https://www.gov.uk/government/publications/financial-sanctions-consolidated-list-of-targets .
"""

import re

from streams import tables
from streams.watchlists.entry import EntryType
from streams.watchlists.readers.base import ListReading, Reader
from streams.watchlists.readers.draft import Draft, Drafts, reading_of
from streams.watchlists.readers.source import Element, ListSource, Rejected, joined, text_of, texts_of
from streams.watchlists.readers.values import iso_date, numbered

_TYPES: dict[str, EntryType] = {"individual": "person", "entity": "organization", "ship": "vessel"}
_DATE = re.compile(r"\d{1,2}[-/ ](?:\d{1,2}|[A-Za-z]{3,9})[-/ ]\d{4}")
_IMO = re.compile(r"^\s*IMO\W*(?=\d{7}\b)", re.IGNORECASE)


class _ColumnsFile(tables.Sourced, frozen=True):
    """`uk_sanctions.toml`"""

    id: tuple[str, ...]
    name: tuple[str, ...]
    name_parts: tuple[str, ...]
    original: tuple[str, ...]
    name_type: tuple[str, ...]
    strength: tuple[str, ...]
    kind: tuple[str, ...]
    countries: tuple[str, ...]
    address: tuple[str, ...]
    identifiers: tuple[str, ...]
    birth: tuple[str, ...]
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    programme: tuple[str, ...]
    listed_on: tuple[str, ...]
    remarks: tuple[str, ...]


_TABLE = tables.load("streams.watchlists.readers", "uk_sanctions.toml", _ColumnsFile)


class UkTable(Reader):
    format = "uk-sanctions-table"

    def recognises(self, source: ListSource) -> bool:
        columns = source.columns
        named = "name 6" in columns or {"unique id", "name"} <= columns
        return named and bool(columns & set(_TABLE.id)) and bool(columns & set(_TABLE.programme))

    def reading(self, source: ListSource) -> ListReading:
        rejected: list[Rejected] = []
        drafts = Drafts()
        for line, row in source.rows(rejected):
            if id := _first(row, _TABLE.id):
                _add_row(drafts.of(id, line), row)
            else:
                rejected.append(Rejected(line, "no Unique ID or Group ID"))
        banner = _DATE.search(source.header.banner) if source.header is not None else None
        name = "uk-sanctions" if "unique id" in source.columns else "uk-ofsi"
        return reading_of(source, name, iso_date(banner.group()) if banner else "", drafts, rejected)


def _all(row: dict[str, str], columns: tuple[str, ...]) -> list[str]:
    return [cell for column in columns if (cell := row.get(column, "").strip())]


def _first(row: dict[str, str], columns: tuple[str, ...]) -> str:
    return next(iter(_all(row, columns)), "")


def _add_row(draft: Draft, row: dict[str, str]) -> None:
    name = joined(_all(row, _TABLE.name_parts), " ") or _first(row, _TABLE.name)
    _add_name(draft, name, _first(row, _TABLE.name_type), _first(row, _TABLE.strength))
    draft.names += _all(row, _TABLE.original)
    draft.type = _TYPES.get(_first(row, _TABLE.kind).lower(), draft.type)
    for cell in _all(row, _TABLE.countries):
        draft.countries += [one for part in numbered(cell) for one in re.split(r"[;|]", part)]
    draft.addresses.append(joined(_all(row, _TABLE.address)))
    draft.identifiers += [
        _IMO.sub("", part) for cell in _all(row, _TABLE.identifiers) for part in numbered(cell)
    ]
    draft.birth_dates += [iso_date(part) for cell in _all(row, _TABLE.birth) for part in numbered(cell)]
    draft.phones += [part for cell in _all(row, _TABLE.phones) for part in cell.split("|")]
    draft.emails += [part for cell in _all(row, _TABLE.emails) for part in re.split(r"[;|\s]+", cell)]
    draft.programmes += _all(row, _TABLE.programme)
    draft.listed_on = draft.listed_on or iso_date(_first(row, _TABLE.listed_on))
    draft.remarks += _all(row, _TABLE.remarks)


def _add_name(draft: Draft, name: str, kind: str, strength: str) -> None:
    if kind.lower() == "primary name" and not draft.primary:
        draft.primary = name
    (draft.weak_names if strength.lower().startswith("low") else draft.names).append(name)


class UkXml(Reader):
    format = "uk-sanctions-xml"

    def recognises(self, source: ListSource) -> bool:
        return source.root == "Designations"

    def reading(self, source: ListSource) -> ListReading:
        elements = source.elements(frozenset({"DateGenerated", "Designation"}))
        next(elements)
        generated = ""
        drafts: list[Draft] = []
        for element in elements:
            if element.tag == "DateGenerated":
                generated = iso_date(text_of(element))
            else:
                drafts.append(_designation(element, len(drafts) + 1))
        return reading_of(source, "uk-sanctions", generated, drafts)


def _designation(element: Element, position: int) -> Draft:
    draft = Draft(text_of(element, "UniqueID") or f"row-{position}", position)
    draft.type = _TYPES.get(text_of(element, "IndividualEntityShip").lower(), "unknown")
    for name in element.iterfind("Names/Name"):
        whole = joined((text_of(name, f"Name{part}") for part in range(1, 7)), " ") or text_of(name, "Name")
        _add_name(draft, whole, text_of(name, "NameType"), text_of(name, "AliasStrength"))
    draft.names += texts_of(element, ".//NameNonLatinScript")
    for address in element.iterfind("Addresses/Address"):
        parts = [text_of(address, f"AddressLine{line}") for line in range(1, 7)]
        country = text_of(address, "AddressCountry")
        draft.addresses.append(joined([*parts, text_of(address, "AddressPostalCode"), country]))
        draft.countries.append(country)
    for tag in ("Nationality", "CurrentBelievedFlagOfShip", "PreviousFlag"):
        draft.countries += texts_of(element, f".//{tag}")
    for tag in (
        "PassportNumber", "NationalIdentifierNumber", "BusinessRegistrationNumber", "IMONumber", "HullIdentificationNumber",
    ):  # fmt: skip
        draft.identifiers += [_IMO.sub("", text) for text in texts_of(element, f".//{tag}")]
    draft.birth_dates = [iso_date(text) for text in texts_of(element, ".//DOB")]
    draft.phones = texts_of(element, ".//PhoneNumber")
    draft.emails = [one for text in texts_of(element, ".//EmailAddress") for one in re.split(r"[;\s]+", text)]
    draft.programmes = texts_of(element, "RegimeName")
    draft.listed_on = iso_date(text_of(element, "DateDesignated"))
    for tag in ("SanctionsImposed", "OtherInformation", "UKStatementofReasons"):
        draft.remarks.append(text_of(element, tag))
    draft.remarks += texts_of(element, ".//Position")
    return draft


READERS = (UkTable(), UkXml())
