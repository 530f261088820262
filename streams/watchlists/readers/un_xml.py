"""The UN Security Council consolidated list in XML.

Source: https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list ; schema sc-sanctions.xsd.
"""

from collections.abc import Iterator

from streams.watchlists.entry import EntryType
from streams.watchlists.readers.base import ListReading, Reader
from streams.watchlists.readers.draft import Draft, reading_of
from streams.watchlists.readers.source import Element, ListSource, joined, text_of, texts_of
from streams.watchlists.readers.values import iso_date

LIST_NAME = "un-sc"
_NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_ADDRESS_PARTS = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
_TYPES: dict[str, EntryType] = {"INDIVIDUAL": "person", "ENTITY": "organization"}


class UnXml(Reader):
    format = "un-xml"

    def recognises(self, source: ListSource) -> bool:
        return source.root == "CONSOLIDATED_LIST"

    def reading(self, source: ListSource) -> ListReading:
        elements = source.elements(frozenset(_TYPES))
        generated = iso_date(next(elements).get("dateGenerated", ""))
        return reading_of(source, LIST_NAME, generated, _drafts(elements))


def _drafts(elements: Iterator[Element]) -> Iterator[Draft]:
    for position, element in enumerate(elements, start=1):
        kind = element.tag
        draft = Draft(
            text_of(element, "REFERENCE_NUMBER") or text_of(element, "DATAID"), position, _TYPES[kind]
        )
        draft.names = [
            joined((text_of(element, part) for part in _NAME_PARTS), " "),
            text_of(element, "NAME_ORIGINAL_SCRIPT"),
        ]
        for alias in element.iterfind(f"{kind}_ALIAS"):
            into = draft.weak_names if text_of(alias, "QUALITY").lower() == "low" else draft.names
            into.extend(text_of(alias, "ALIAS_NAME").split(";"))
            into.append(text_of(alias, "NAME_ORIGINAL_SCRIPT"))
        draft.countries = texts_of(element, "NATIONALITY/VALUE")
        for address in element.iterfind(f"{kind}_ADDRESS"):
            parts = [text_of(address, part) for part in _ADDRESS_PARTS]
            draft.countries.append(parts[-1])
            draft.addresses.append(joined(parts))
        draft.identifiers = texts_of(element, f"{kind}_DOCUMENT/NUMBER")
        draft.birth_dates = [_birth(date) for date in element.iterfind(f"{kind}_DATE_OF_BIRTH")]
        draft.programmes = [f"UN {programme}" for programme in texts_of(element, "UN_LIST_TYPE") if programme]
        draft.listed_on = text_of(element, "LISTED_ON")[:10]
        draft.remarks = [text_of(element, "COMMENTS1")]
        yield draft


def _birth(element: Element) -> str:
    exact = text_of(element, "DATE") or text_of(element, "YEAR")
    return exact[:10] or joined((text_of(element, "FROM_YEAR"), text_of(element, "TO_YEAR")), "/")


READERS = (UnXml(),)
