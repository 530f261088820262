"""OFAC's lists in the advanced XML: SDN_ADVANCED.XML and CONS_ADVANCED.XML, of 100 MiB and more.

What a party is comes in five places: reference values, locations, documents, parties, and the entries of sanctions behind them.
Source: https://ofac.treasury.gov/sdn-list-data-formats-data-schemas ,
"Explanatory Documentation for Advanced Sanctions Data Model".
"""

from collections import defaultdict

from streams.watchlists.entry import EntryType
from streams.watchlists.readers.base import ListReading, Reader
from streams.watchlists.readers.draft import Draft, reading_of
from streams.watchlists.readers.ofac_xml import list_name
from streams.watchlists.readers.source import Element, ListSource, joined, text_of, texts_of
from streams.watchlists.readers.us_ids import add_id

_TYPES: dict[str, EntryType] = {
    "individual": "person", "entity": "organization", "vessel": "vessel", "aircraft": "aircraft",
}  # fmt: skip
_TAGS = frozenset(
    {"DateOfIssue", "ReferenceValueSets", "Location", "IDRegDocument", "DistinctParty", "SanctionsEntry"}
)
_PLACE = ("ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "REGION", "POSTAL CODE", "Unknown")
_FAMILY = {"Last Name"}
_COUNTRY_FEATURES = ("nationality", "citizenship", "vessel flag")


class OfacAdvancedXml(Reader):
    format = "ofac-advanced-xml"

    def recognises(self, source: ListSource) -> bool:
        return source.root == "Sanctions" and (
            b"DateOfIssue" in source.head or b"ADVANCED_XML" in source.head
        )

    def reading(self, source: ListSource) -> ListReading:
        parties = _Parties()
        elements = source.elements(_TAGS)
        next(elements)
        for element in elements:
            parties.take(element)
        sdn = any("SDN List" in name for name in parties.lists)
        name = list_name(source, bool(parties.lists) and not sdn)
        return reading_of(source, name, parties.issued, parties.drafts.values())


class _Parties:
    """The parts as they come; a party is complete with the last of its entries."""

    def __init__(self) -> None:
        self.issued = ""
        self.lists: set[str] = set()
        self.drafts: dict[str, Draft] = {}
        self._texts: dict[tuple[str, str], str] = {}
        self._party_types: dict[str, str] = {}
        self._places: dict[str, tuple[str, str]] = {}
        self._documents: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)

    def take(self, element: Element) -> None:
        """Takes one element of `_TAGS`."""
        match element.tag:
            case "DateOfIssue":
                self.issued = self.issued or _date(element)
            case "ReferenceValueSets":
                self._references(element)
            case "Location":
                self._location(element)
            case "IDRegDocument":
                country = self._text("Country", element.get("IssuedBy-CountryID"))
                kind = self._text("IDRegDocType", element.get("IDRegDocTypeID"))
                self._documents[element.get("IdentityID", "")].append(
                    (kind, text_of(element, "IDRegistrationNo"), country)
                )
            case "DistinctParty":
                for profile in element.iterfind("Profile"):
                    self._profile(profile, text_of(element, "Comment"))
            case _:
                self._entry(element)

    def _references(self, sets: Element) -> None:
        for values in sets:
            for value in values:
                id = value.get("ID", "")
                self._texts[value.tag, id] = (
                    text_of(value) or value.get("Description", "") or value.get("ISO2", "")
                )
                if value.tag == "PartySubType":
                    self._party_types[id] = value.get("PartyTypeID", "")

    def _text(self, kind: str, id: str | None) -> str:
        return self._texts.get((kind, id), "") if id else ""

    def _location(self, element: Element) -> None:
        parts = {
            self._text("LocPartType", part.get("LocPartTypeID")): text_of(part, "LocationPartValue/Value")
            for part in element.iterfind("LocationPart")
        }
        countries = [
            self._text("Country", one.get("CountryID")) for one in element.iterfind("LocationCountry")
        ]
        countries += [
            self._text("AreaCode", one.get("AreaCodeID")) for one in element.iterfind("LocationAreaCode")
        ]
        country = next((name for name in countries if name and name != "undetermined"), "")
        self._places[element.get("ID", "")] = (
            joined([*map(parts.get, _PLACE), country]),
            country or parts.get("Unknown", ""),
        )

    def _profile(self, profile: Element, comment: str) -> None:
        id = profile.get("ID", "")
        draft = self.drafts[id] = Draft(id or f"row-{len(self.drafts) + 1}", len(self.drafts) + 1)
        sub_type = profile.get("PartySubTypeID", "")
        kind = self._text("PartySubType", sub_type).lower()
        if kind not in _TYPES:
            kind = self._text("PartyType", self._party_types.get(sub_type)).lower()
        draft.type = _TYPES.get(kind, "unknown")
        for identity in profile.iterfind("Identity"):
            self._identity(draft, identity)
        for feature in profile.iterfind("Feature"):
            self._feature(draft, feature)
        draft.remarks.append(comment)

    def _identity(self, draft: Draft, identity: Element) -> None:
        family = {
            group.get("ID")
            for group in identity.iterfind("NamePartGroups/MasterNamePartGroup/NamePartGroup")
            if self._text("NamePartType", group.get("NamePartTypeID")) in _FAMILY
        }
        for alias in identity.iterfind("Alias"):
            primary = (
                alias.get("Primary", "").lower() == "true"
                and identity.get("Primary", "true").lower() == "true"
            )
            weak = alias.get("LowQuality", "").lower() == "true" and not primary
            for position, name in enumerate(alias.iterfind("DocumentedName")):
                parts = [
                    (value.get("NamePartGroupID") in family, text_of(value))
                    for value in name.iterfind("DocumentedNamePart/NamePartValue")
                ]
                last = joined((text for is_last, text in parts if is_last), " ")
                whole = joined((last, joined((text for is_last, text in parts if not is_last), " ")))
                if primary and not position:
                    draft.primary = whole
                (draft.weak_names if weak else draft.names).append(whole)
        for kind, number, country in self._documents.get(identity.get("ID", ""), ()):
            add_id(draft, kind, number)
            draft.countries.append(country)

    def _feature(self, draft: Draft, feature: Element) -> None:
        kind = self._text("FeatureType", feature.get("FeatureTypeID"))
        for place in feature.iterfind(".//VersionLocation"):
            address, country = self._places.get(place.get("LocationID", ""), ("", ""))
            draft.countries.append(country if kind.lower() != "place of birth" else "")
            if kind.lower() == "location":
                draft.addresses.append(address)
        for period in feature.iterfind(".//DatePeriod"):
            if kind.lower() == "birthdate":
                draft.birth_dates.append(_period(period))
        details = [
            self._text("DetailReference", one.get("DetailReferenceID")) or text_of(one)
            for one in feature.iterfind(".//VersionDetail")
        ]
        for detail in details:
            if kind.lower().startswith(_COUNTRY_FEATURES):
                draft.countries.append(detail)
            elif "call sign" in kind.lower():
                draft.identifiers.append(detail)
            else:
                add_id(draft, kind, detail)

    def _entry(self, element: Element) -> None:
        self.lists.add(self._text("List", element.get("ListID")))
        draft = self.drafts.get(element.get("ProfileID", ""))
        if draft is None:
            return
        for measure in element.iterfind("SanctionsMeasure"):
            kind = self._text("SanctionsType", measure.get("SanctionsTypeID"))
            if kind in ("Program", ""):
                draft.programmes += texts_of(measure, "Comment")
        for event in element.iterfind("EntryEvent"):
            date = event.find("Date")
            draft.listed_on = draft.listed_on or (_date(date) if date is not None else "")
            draft.remarks.append(self._text("LegalBasis", event.get("LegalBasisID")))


def _date(element: Element) -> str:
    numbers = [text_of(element, part) for part in ("Year", "Month", "Day")]
    return "-".join(number.zfill(2) for number in numbers if number)


def _period(period: Element) -> str:
    """From the first to the last day it may have been: a day, a month, a year, or two dates with `/` between."""
    bounds = [found for path in ("Start/From", "End/To") if (found := period.find(path)) is not None]
    dates = list(dict.fromkeys(_date(bound) for bound in bounds))
    if len(dates) == 2:
        (first, last), year = dates, dates[0][:4]
        if (first, last) == (f"{year}-01-01", f"{year}-12-31"):
            return year
        if first[:4] != last[:4] and first.endswith("01-01") and last.endswith("12-31"):
            return f"{year}/{last[:4]}"
    return "/".join(dates)


READERS = (OfacAdvancedXml(),)
