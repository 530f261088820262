"""OFAC's lists in the classic XML: SDN.XML and CONSOLIDATED.XML.

Source: https://ofac.treasury.gov/sdn-list-data-formats-data-schemas (sdn.xsd).
"""

from streams.watchlists.entry import EntryType
from streams.watchlists.readers.base import ListReading, Reader
from streams.watchlists.readers.draft import Draft, reading_of
from streams.watchlists.readers.source import Element, ListSource, joined, text_of, texts_of
from streams.watchlists.readers.us_ids import add_id
from streams.watchlists.readers.values import iso_date

_TYPES: dict[str, EntryType] = {
    "individual": "person", "entity": "organization", "vessel": "vessel", "aircraft": "aircraft",
}  # fmt: skip
_TAGS = frozenset({"publshInformation", "publishInformation", "sdnEntry"})  # the first is their spelling
_ADDRESS = ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country")
_VESSEL = (("vesselType", "Vessel type"), ("vesselOwner", "Vessel owner"), ("tonnage", "Tonnage"))


def list_name(source: ListSource, non_sdn: bool) -> str:
    """`ofac-sdn`, or `ofac-cons` for the lists that are not the SDN list, as for the CSV set."""
    return "ofac-cons" if non_sdn or "cons" in source.name.lower() else "ofac-sdn"


class OfacXml(Reader):
    format = "ofac-xml"

    def recognises(self, source: ListSource) -> bool:
        return source.root == "sdnList"

    def reading(self, source: ListSource) -> ListReading:
        elements = source.elements(_TAGS)
        next(elements)  # the root says nothing
        edition, count = "", 0
        drafts: list[Draft] = []
        for element in elements:
            if element.tag != "sdnEntry":
                month, _, rest = text_of(element, "Publish_Date").partition("/")
                edition = iso_date(f"{rest[:2]}/{month}/{rest[3:]}")  # they write the month first
                count = int(text_of(element, "Record_Count") or 0)
            else:
                drafts.append(_draft(element, len(drafts) + 1))
        doubt = (
            f"holds {len(drafts)} entries where it says {count} of itself"
            if count not in (0, len(drafts))
            else ""
        )
        return reading_of(source, list_name(source, False), edition, drafts, doubts=(doubt,))


def _draft(element: Element, position: int) -> Draft:
    draft = Draft(text_of(element, "uid") or f"row-{position}", position)
    draft.type = _TYPES.get(text_of(element, "sdnType").lower(), "unknown")
    draft.names = [_name(element)]
    for alias in element.iterfind("akaList/aka"):
        (draft.weak_names if text_of(alias, "category") == "weak" else draft.names).append(_name(alias))
    for address in element.iterfind("addressList/address"):
        draft.addresses.append(joined(text_of(address, part) for part in _ADDRESS))
    for path in ("addressList/address", "nationalityList/nationality", "citizenshipList/citizenship"):
        draft.countries += texts_of(element, f"{path}/country")
    draft.countries += texts_of(element, "vesselInfo/vesselFlag")
    for one in element.iterfind("idList/id"):
        add_id(draft, text_of(one, "idType"), text_of(one, "idNumber"))
    draft.identifiers += texts_of(element, "vesselInfo/callSign")
    draft.birth_dates = [
        iso_date(date) for date in texts_of(element, "dateOfBirthList/dateOfBirthItem/dateOfBirth")
    ]
    draft.programmes = texts_of(element, "programList/program")
    labelled = [("title", "Title"), *((f"vesselInfo/{path}", label) for path, label in _VESSEL)]
    draft.remarks += [
        f"{label}: {text}" for path, label in labelled for text in texts_of(element, path) if text
    ]
    draft.remarks.append(text_of(element, "remarks"))
    return draft


def _name(element: Element) -> str:
    return joined((text_of(element, "lastName"), text_of(element, "firstName")))


READERS = (OfacXml(),)
