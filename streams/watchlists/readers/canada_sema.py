"""Canada's consolidated autonomous sanctions list (SEMA, JVCFOR) in XML, with the elements of 2025 (`EntityOrShip`) and of before
(`Entity`).

`Country` is the regime, not a nationality: under "Ukraine" most are Russians. So it is a programme here, and nobody's country.
Source: https://www.international.gc.ca/world-monde/international_relations-relations_internationales/sanctions/consolidated-consolide.aspx
"""

import re
from collections.abc import Iterator

from streams.watchlists.entry import EntryType
from streams.watchlists.readers.base import ListReading, Reader
from streams.watchlists.readers.draft import Draft, reading_of
from streams.watchlists.readers.source import Element, ListSource, joined, text_of
from streams.watchlists.readers.values import iso_date

LIST_NAME = "ca-sema"
_LANGUAGE = re.compile(r"^[A-Z][a-z]+\s*:\s*")
_LEGAL_FORM = re.compile(
    r"^(?:(?:co|ltd|llc|inc|jsc|ojsc|pjsc|cjsc|oao|ooo|zao|pao|plc|limited|corp|gmbh|s\.?a|llp|fze)\b\.?[ ,]*)+$",
    re.IGNORECASE,
)
_MANY = re.compile(r"\S\s+\S")
"""Two words: less is no whole name beside an 'or' or a '/'."""


class CanadaSema(Reader):
    format = "canada-sema-xml"

    def recognises(self, source: ListSource) -> bool:
        return source.root == "data-set" and b"<record" in source.head

    def reading(self, source: ListSource) -> ListReading:
        elements = source.elements(frozenset({"record"}))
        next(elements)
        return reading_of(source, LIST_NAME, None, _drafts(elements))


def _drafts(elements: Iterator[Element]) -> Iterator[Draft]:
    seen: set[str] = set()
    for position, element in enumerate(elements, start=1):
        regime = text_of(element, "Country").partition("/")[0].strip()
        firm = _any(element, "EntityOrShip", "Entity")
        person = joined((text_of(element, "GivenName"), text_of(element, "LastName")), " ")
        id = joined((regime, text_of(element, "Schedule"), text_of(element, "Item")), " | ")
        if id in seen or not id:
            id = joined((id, firm or person), " | ")
        seen.add(id)
        imo = text_of(element, "ShipIMONumber")
        title = _any(element, "TitleOrShip", "Title")
        draft = Draft(id, position, _type(person, imo, title))
        # Of a firm they write "English name/French name".
        draft.names = [person, *_alternatives(firm, "/")]
        draft.names += _aliases(text_of(element, "Aliases"))
        draft.identifiers = [imo]
        dates = iso_date(_any(element, "DateOfBirthOrShipBuildDate", "DateOfBirth"))
        if person:
            draft.birth_dates = [dates]
        draft.programmes = [f"SEMA {regime}"]
        draft.listed_on = iso_date(text_of(element, "DateOfListing"))
        draft.remarks = [title, f"Built: {dates}" if dates and not person else ""]
        yield draft


def _any(element: Element, *tags: str) -> str:
    return next((text for tag in tags if (text := text_of(element, tag))), "")


def _type(person: str, imo: str, title: str) -> EntryType:
    if person:
        return "person"
    return "vessel" if imo or title else "organization"


def _aliases(text: str) -> list[str]:
    """Separated by semicolons, else by commas; with 'Russian:' before some, and 'or' or '/' between spellings."""
    parts = text.split(";") if ";" in text else _by_commas(text)
    found = []
    for part in parts:
        name = _LANGUAGE.sub("", part.strip())
        # With both they vary a part of the name: "Aleksandr or Alexander /Alexandr Examplov".
        found += _alternatives(name, "/" if "/" in name else " or ")
    return found


def _by_commas(text: str) -> list[str]:
    """A legal form behind a comma belongs to the name before it, and so does what goes on in small letters."""
    parts: list[str] = []
    for part in text.split(","):
        if parts and (part.strip()[:1].islower() or _LEGAL_FORM.match(part.strip())):
            parts[-1] = f"{parts[-1]},{part}"
        else:
            parts.append(part)
    return parts


def _alternatives(text: str, between: str) -> list[str]:
    """The names on both sides where each is whole; else the text as it is."""
    parts = [part.strip() for part in text.split(between)]
    return parts if len(parts) > 1 and all(_MANY.search(part) for part in parts) else [text]


READERS = (CanadaSema(),)
