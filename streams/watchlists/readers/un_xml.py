"""The UN Security Council consolidated list in XML.

Source: https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list ; schema sc-sanctions.xsd. Parsed without
entities or DTDs (defusedxml).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException, ElementTree

from streams.territories import country_codes
from streams.watchlists.entry import EntryType, WatchlistEntry
from streams.watchlists.readers.base import ListReading, Reader, Rejected, UnreadableList, unique

LIST_NAME = "un-sc"
_NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_ADDRESS_PARTS = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
_SECTIONS: tuple[tuple[str, str, EntryType], ...] = (
    ("INDIVIDUALS/INDIVIDUAL", "INDIVIDUAL", "person"),
    ("ENTITIES/ENTITY", "ENTITY", "organization"),
)

Element = Any
"""xml.etree.ElementTree.Element: defusedxml has no type stubs."""


class UnXml(Reader):
    format = "un-xml"

    def recognises(self, path: Path, head: bytes) -> bool:
        return b"<CONSOLIDATED_LIST" in head

    def reading(self, path: Path) -> ListReading:
        try:
            root = ElementTree.parse(path, forbid_dtd=True).getroot()
        except ParseError as error:
            raise UnreadableList(f"{path} is not complete XML, it may have been cut short: {error}") from None
        except DefusedXmlException:
            raise UnreadableList(
                f"{path} holds a document type or entities, which a list never needs"
            ) from None
        entries: list[WatchlistEntry] = []
        rejected: list[Rejected] = []
        position = 0
        for xpath, prefix, kind in _SECTIONS:
            for element in root.iterfind(xpath):
                position += 1
                names = _names(element, prefix)
                if not names[0]:
                    rejected.append(Rejected(position, f"entry {_text(element, 'DATAID')} has no name"))
                    continue
                entries.append(_entry(element, prefix, kind, *names))
        generated = root.get("dateGenerated", "")
        return ListReading(
            list=LIST_NAME, edition=generated[:10] or None, entries=tuple(entries), rejected=tuple(rejected)
        )


def _names(element: Element, prefix: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    strong = [" ".join(_text(element, part) for part in _NAME_PARTS), _text(element, "NAME_ORIGINAL_SCRIPT")]
    weak: list[str] = []
    for alias in element.iterfind(f"{prefix}_ALIAS"):
        into = weak if _text(alias, "QUALITY").lower() == "low" else strong
        into.extend(_text(alias, "ALIAS_NAME").split(";"))
        into.append(_text(alias, "NAME_ORIGINAL_SCRIPT"))
    names = unique(strong)
    return names, tuple(name for name in unique(weak) if name not in names)


def _entry(
    element: Element, prefix: str, kind: EntryType, names: tuple[str, ...], weak: tuple[str, ...]
) -> WatchlistEntry:
    addresses = [
        [_text(address, part) for part in _ADDRESS_PARTS] for address in element.iterfind(f"{prefix}_ADDRESS")
    ]
    programme = _text(element, "UN_LIST_TYPE")
    return WatchlistEntry(
        list=LIST_NAME,
        id=_text(element, "REFERENCE_NUMBER") or _text(element, "DATAID"),
        names=names,
        weak_names=weak,
        type=kind,
        countries=country_codes([*_texts(element, "NATIONALITY/VALUE"), *(parts[-1] for parts in addresses)]),
        addresses=unique(", ".join(part for part in parts if part) for parts in addresses),
        identifiers=unique(_texts(element, f"{prefix}_DOCUMENT/NUMBER")),
        birth_dates=unique(_birth(date) for date in element.iterfind(f"{prefix}_DATE_OF_BIRTH")),
        programmes=(f"UN {programme}",) if programme else (),
        listed_on=_text(element, "LISTED_ON")[:10] or None,
        remarks=_text(element, "COMMENTS1") or None,
    )


def _birth(element: Element) -> str:
    exact = _text(element, "DATE") or _text(element, "YEAR")
    return exact[:10] or "/".join(year for year in _texts_of(element, ("FROM_YEAR", "TO_YEAR")) if year)


def _texts_of(element: Element, tags: Iterable[str]) -> list[str]:
    return [_text(element, tag) for tag in tags]


def _text(element: Element, tag: str) -> str:
    return " ".join((element.findtext(tag) or "").split())


def _texts(element: Element, path: str) -> list[str]:
    return [" ".join((found.text or "").split()) for found in element.iterfind(path)]


READER = UnXml()
