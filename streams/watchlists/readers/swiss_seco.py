"""Switzerland's consolidated list (SECO) in XML; targets that were taken off it stay in the file and are left out here.

A name is put together from its parts in their order; a part has spellings, some in another script: each combination is a name.
Source: https://www.seco.admin.ch (Gesamtliste sanktionierter Personen, swiss-sanctions-list.xsd).
"""

import re
from collections.abc import Iterator
from itertools import islice, product

from streams.watchlists.entry import EntryType
from streams.watchlists.readers.base import ListReading, Reader
from streams.watchlists.readers.draft import Draft, reading_of
from streams.watchlists.readers.source import Element, ListSource, joined, text_of
from streams.watchlists.readers.values import iso_date

LIST_NAME = "ch-seco"
MAX_SPELLINGS = 64
"""Combinations of spellings of one name in one script, at most: five parts of four spellings each would be a thousand."""

_KINDS: dict[str, EntryType] = {"individual": "person", "entity": "organization", "object": "unknown"}
_NOT_A_NAME = {"title", "suffix"}
_ADDRESS = ("c-o", "address-details", "p-o-box", "zip-code", "location", "area", "country")
_NUMBER = re.compile(
    r"^(?:IMO|MMSI|(?:[\w/]+ )*(?:registration|identification|tax(?:payer)?|passport)(?: \w+)*)"
    r" ?(?:number|No\.?)? ?: ?(\S.*?)\.?$",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_PHONE = re.compile(r"^(?:Tel\.?|Telephone|Phone)(?: number)? ?: ?(\+?[\d ()/-]{6,})", re.IGNORECASE)


class SwissSeco(Reader):
    format = "swiss-seco-xml"

    def recognises(self, source: ListSource) -> bool:
        return source.root == "swiss-sanctions-list"

    def reading(self, source: ListSource) -> ListReading:
        programmes: dict[str, str] = {}
        places: dict[str, Element] = {}
        elements = source.elements(frozenset({"sanctions-program", "place"}))
        root = next(elements)
        edition, kind = iso_date(root.get("date")), root.get("list-type", "whole-list")
        for element in elements:
            if element.tag == "place":
                places[element.get("ssid", "")] = {part: text_of(element, part) for part in _ADDRESS}
            else:
                key = next(
                    (text_of(one) for one in element.iterfind("program-key") if one.get("lang") == "eng"), ""
                )
                programmes |= {one.get("ssid", ""): key for one in element.iterfind("sanctions-set")}
        targets = source.elements(frozenset({"target"}))
        next(targets)
        gone: list[str] = []
        drafts = list(_drafts(targets, programmes, places, gone))
        if gone:
            source.notes.append(f"{source.name}: {len(gone)} targets are de-listed and were left out")
        doubt = "" if kind == "whole-list" else f"is no whole list: it says {kind!r} of itself"
        return reading_of(source, LIST_NAME, edition, drafts, doubts=(doubt,))


def _drafts(
    targets: Iterator[Element], programmes: dict[str, str], places: dict[str, dict[str, str]], gone: list[str]
) -> Iterator[Draft]:
    for position, target in enumerate(targets, start=1):
        id = target.get("ssid", f"row-{position}")
        listed = _listed_on(target)
        if listed is None:
            gone.append(id)
            continue
        draft = Draft(id, position, listed_on=listed)
        sets = [
            target.get("sanctions-set-id", ""),
            *(text_of(one) for one in target.iterfind("sanctions-set-id")),
        ]
        draft.programmes = [f"SECO {programmes[one]}" for one in sets if programmes.get(one)]
        for kind, entry_type in _KINDS.items():
            for node in target.iterfind(kind):
                draft.type = "vessel" if node.get("object-type") == "vessel" else entry_type
                _add(draft, node, places)
        yield draft


def _listed_on(target: Element) -> str | None:
    """When it was listed last; None where it was taken off later. Modifications come in any order."""
    last: dict[str, str] = {}
    for change in target.iterfind("modification"):
        kind = change.get("modification-type", "")
        date = (
            change.get("effective-date")
            or change.get("publication-date")
            or change.get("enactment-date")
            or ""
        )
        last[kind] = max(last.get(kind, ""), date)
    listed = last.get("listed", "")
    return None if "de-listed" in last and last["de-listed"] > listed else listed


def _add(draft: Draft, node: Element, places: dict[str, dict[str, str]]) -> None:
    for identity in node.iterfind("identity"):
        main = identity.get("main", "true") == "true"
        for name in identity.iterfind("name"):
            spellings = _spellings(name)
            if main and name.get("name-type") == "primary-name" and not draft.primary:
                draft.primary = next(iter(spellings), "")
            (draft.weak_names if name.get("quality") == "low" else draft.names).extend(spellings)
        for address in identity.iterfind("address"):
            place = places.get(address.get("place-id", ""), {})
            parts = {part: text_of(address, part) or place.get(part, "") for part in _ADDRESS}
            draft.addresses.append(joined(parts.values()))
            draft.countries.append(parts["country"])
        for country in identity.iterfind("nationality/country"):
            draft.countries.append(country.get("iso-code") or text_of(country))
        for date in identity.iterfind("day-month-year"):
            numbers = [date.get(part) for part in ("year", "month", "day")]
            known = numbers[: next((at for at, number in enumerate(numbers) if not number), 3)]
            draft.birth_dates.append("-".join(str(number).zfill(2) for number in known))
        for document in identity.iterfind("identification-document"):
            draft.identifiers.append(text_of(document, "number"))
            draft.countries.append(text_of(document, "issuer"))
    for other in node.iterfind("other-information"):
        _add_other(draft, text_of(other))
    draft.remarks += [text_of(why) for why in node.iterfind("justification")]


def _spellings(name: Element) -> list[str]:
    parts = [part for part in name.iterfind("name-part") if part.get("name-part-type") not in _NOT_A_NAME]
    parts.sort(key=lambda part: int(part.get("order") or 0))
    scripts: dict[str, list[list[str]]] = {}
    for script in (
        "",
        *(one.get("script", "LATN") for part in parts for one in part.iterfind("spelling-variant")),
    ):
        scripts[script] = [_of_script(part, script) for part in parts]
    found = [
        joined(whole, " ") for ways in scripts.values() for whole in islice(product(*ways), MAX_SPELLINGS)
    ]
    return list(dict.fromkeys(found))


def _of_script(part: Element, script: str) -> list[str]:
    """The spellings of a part in a script; in Latin beside the main one, in another script instead of it, where there are any."""
    main = text_of(part, "value")
    if not script:
        return [main]
    variants = [
        text_of(one) for one in part.iterfind("spelling-variant") if one.get("script", "LATN") == script
    ]
    return [main, *variants] if script == "LATN" or not variants else variants


def _add_other(draft: Draft, text: str) -> None:
    phone, number = _PHONE.match(text), _NUMBER.match(text)
    draft.emails += _EMAIL.findall(text)
    if phone:
        draft.phones.append(phone.group(1))
    elif number and any(map(str.isdigit, number.group(1))):
        draft.identifiers.append(number.group(1))
    else:
        draft.remarks.append(text)


READERS = (SwissSeco(),)
