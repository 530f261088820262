"""The EU's consolidated list of financial sanctions (FSF): XML 1.1, and the CSV 1.1 of the same.

In XML all is in attributes; in the CSV a row is a name, an address, a birth date, a number or a citizenship of an entity, and
columns are separated by semicolons. Source: https://webgate.ec.europa.eu/fsd/fsf (files `xmlFullSanctionsList_1_1`,
`csvFullSanctionsList_1_1` and their XSD).
"""

from collections.abc import Iterator

from streams.watchlists.entry import EntryType
from streams.watchlists.readers.base import ListReading, Reader
from streams.watchlists.readers.draft import Draft, Drafts, reading_of
from streams.watchlists.readers.source import Element, ListSource, Rejected, joined, text_of
from streams.watchlists.readers.values import iso_date, plain

LIST_NAME = "eu-fsf"
_TYPES: dict[str, EntryType] = {
    "person": "person",
    "p": "person",
    "enterprise": "organization",
    "e": "organization",
}
_NOWHERE = {"", "00", "UNKNOWN"}
_ADDRESS = ("street", "poBox", "place", "city", "zipCode", "region", "countryDescription")
_CONTACTS = {"EMAIL": "emails", "PHONE": "phones"}


class EuFsfXml(Reader):
    format = "eu-fsf-xml"

    def recognises(self, source: ListSource) -> bool:
        return source.root == "export" and (b"fsd/export" in source.head or b"<sanctionEntity" in source.head)

    def reading(self, source: ListSource) -> ListReading:
        elements = source.elements(frozenset({"sanctionEntity"}))
        generated = iso_date(next(elements).get("generationDate"))
        return reading_of(source, LIST_NAME, generated, _drafts(elements))


def _drafts(elements: Iterator[Element]) -> Iterator[Draft]:
    for position, element in enumerate(elements, start=1):
        draft = Draft(
            element.get("euReferenceNumber") or element.get("logicalId") or f"row-{position}", position
        )
        subject = element.find("subjectType")
        draft.type = (
            _TYPES.get(subject.get("code", "").lower(), "unknown") if subject is not None else "unknown"
        )
        for alias in element.iterfind("nameAlias"):
            name = alias.get("wholeName") or joined(
                map(alias.get, ("firstName", "middleName", "lastName")), " "
            )
            into = draft.weak_names if alias.get("strong", "true").lower() == "false" else draft.names
            into.append(plain(name))
            if function := alias.get("function"):
                draft.remarks.append(f"Function: {plain(function)}")
        for citizenship in element.iterfind("citizenship"):
            draft.countries.append(
                _country(citizenship.get("countryIso2Code"), citizenship.get("countryDescription"))
            )
        for address in element.iterfind("address"):
            country = _country(address.get("countryIso2Code"), address.get("countryDescription"))
            draft.countries.append(country)
            parts = [address.get(part) for part in _ADDRESS[:-1]]
            draft.addresses.append(plain(joined([*parts, address.get(_ADDRESS[-1]) if country else ""])))
            for contact in address.iterfind("contactInfo"):
                if (kind := _CONTACTS.get(contact.get("key", "").upper())) is not None:
                    getattr(draft, kind).append(contact.get("value", ""))
        for number in element.iterfind("identification"):
            draft.identifiers += [number.get("number") or "", number.get("latinNumber") or ""]
            draft.countries.append(_country(number.get("countryIso2Code"), number.get("countryDescription")))
        for birth in element.iterfind("birthdate"):
            draft.birth_dates.append(
                _birth(*(birth.get(name) for name in ("birthdate", "year", "yearRangeFrom", "yearRangeTo")))
            )
        for regulation in element.iterfind("regulation"):
            draft.programmes.append(regulation.get("programme", ""))
            draft.remarks.append(regulation.get("numberTitle", ""))
        draft.listed_on = iso_date(element.get("designationDate"))
        draft.remarks += [text_of(remark) for remark in element.iterfind("remark")]
        draft.remarks.append(plain(element.get("designationDetails", "")))
        yield draft


class EuFsfCsv(Reader):
    format = "eu-fsf-csv"

    def recognises(self, source: ListSource) -> bool:
        return source.columns >= {"entity_logicalid", "namealias_wholename"}

    def reading(self, source: ListSource) -> ListReading:
        rejected: list[Rejected] = []
        drafts = Drafts()
        generated = ""
        for line, row in source.rows(rejected):
            generated = max(generated, iso_date(row.get("filegenerationdate")))
            if id := row.get("entity_eu_referencenumber") or row["entity_logicalid"]:
                _add_row(drafts.of(id, line), row)
            else:
                rejected.append(Rejected(line, "no Entity_LogicalId"))
        return reading_of(source, LIST_NAME, generated, drafts, rejected)


def _add_row(draft: Draft, row: dict[str, str]) -> None:
    def cell(name: str) -> str:
        return row.get(name.lower(), "").strip()

    subject = (cell("Entity_SubjectType_ClassificationCode"), cell("Entity_SubjectType"))
    draft.type = next((_TYPES[one.lower()] for one in subject if one.lower() in _TYPES), draft.type)
    name = cell("NameAlias_WholeName") or joined(
        map(cell, ("NameAlias_FirstName", "NameAlias_MiddleName", "NameAlias_LastName")), " "
    )
    (draft.weak_names if cell("NameAlias_Strong").lower() == "false" else draft.names).append(name)
    for part in ("Address", "Citizenship", "Identification"):
        draft.countries.append(_country(cell(f"{part}_CountryIso2Code"), cell(f"{part}_CountryDescription")))
    parts = [cell(f"Address_{part}") for part in _ADDRESS]
    if parts[-1].upper() in _NOWHERE:
        parts.pop()
    draft.addresses.append(joined(parts))
    draft.identifiers += [cell("Identification_Number"), cell("Identification_LatinNumber")]
    draft.birth_dates.append(
        _birth(
            *map(
                cell,
                ("BirthDate_BirthDate", "BirthDate_Year", "BirthDate_YearRangeFrom", "BirthDate_YearRangeTo"),
            )
        )
    )
    draft.programmes.append(cell("Entity_Regulation_Programme"))
    draft.listed_on = draft.listed_on or iso_date(cell("Entity_DesignationDate"))
    function = cell("NameAlias_Function")
    draft.remarks += [
        cell("Entity_Regulation_NumberTitle"),
        cell("Entity_Remark"),
        cell("Entity_DesignationDetails"),
        f"Function: {function}" if function else "",
    ]


def _country(code: str | None, description: str | None) -> str:
    if code and code not in _NOWHERE:
        return code
    return description if description and description.upper() not in _NOWHERE else ""


def _birth(exact: str | None, year: str | None, first: str | None, last: str | None) -> str:
    return iso_date(exact) or iso_date(year) or joined((first, last), "/")


READERS = (EuFsfXml(), EuFsfCsv())
