"""What stands in a WCO declaration, counted from its elements alone: nothing of the adapter is used here."""

import io
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass, field

PARTIES = set(
    "Exporter Consignor Consignee Importer Declarant Agent Buyer Seller Carrier NotifyParty Payer Surety Submitter "
    "AEOMutualRecognitionParty DomesticDutyTaxParty".split()
)


@dataclass
class Counted:
    function: str = ""
    in_response: bool = False
    declarations: int = 0
    parties: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(name, identification)"""
    items: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    descriptions: Counter[str] = field(default_factory=Counter)
    documents: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(code, reference), previous documents too"""
    countries: Counter[str] = field(default_factory=Counter)
    """origin, dispatch, destination, routing, nationality of transport, addresses of parties"""
    containers: set[str] = field(default_factory=set)
    seals: int = 0
    texts: list[tuple[str, str]] = field(default_factory=list)
    """(path, text) of every element that has one"""

    @property
    def is_original(self) -> bool:
        return self.function == "9" and not self.in_response and self.declarations == 1


def count(data: bytes) -> Counted:
    """Raises ET.ParseError."""
    found = Counted()
    path: list[str] = []
    children: list[dict[str, str]] = []
    for event, element in ET.iterparse(io.BytesIO(data), events=("start", "end")):
        namespace, _, name = element.tag.rpartition("}")
        if event == "start":
            if name == "Declaration" and re.sub(r"\W", "", namespace).startswith("urnwcodatamodelWCO"):
                found.declarations += 1
            found.in_response |= name == "Response"
            path.append(name)
            children.append({})
            continue
        path.pop()
        inside = children.pop()
        value = " ".join((element.text or "").split())
        if children:
            children[-1].setdefault(name, value)
        if "Declaration" in path or name == "Declaration":
            _note(
                found, name, path[path.index("Declaration") :] if "Declaration" in path else [], inside, value
            )
    return found


def _note(found: Counted, name: str, path: list[str], inside: dict[str, str], value: str) -> None:
    parent = path[-1] if path else ""
    if value:
        found.texts.append(("/".join([*path, name]), value))
    if name == "FunctionCode" and parent == "Declaration" and len(path) == 1:
        found.function = value
    if name in PARTIES and parent != "AdditionalDocument" and (inside.get("Name") or inside.get("ID")):
        found.parties[inside.get("Name", ""), inside.get("ID", "")] += 1
    if name == "GovernmentAgencyGoodsItem":
        found.items += 1
    if name == "Classification" and inside.get("IdentificationTypeCode") == "TSP":
        found.codes[re.sub(r"\D", "", inside["ID"])] += 1
    if name == "Description" and parent == "Commodity" and value:
        found.descriptions[value] += 1
    if name in ("AdditionalDocument", "PreviousDocument"):
        code = inside.get("CategoryCode", "") + inside.get("TypeCode", "")
        found.documents[code, inside.get("ID", "")] += 1
    if (
        name in ("CountryCode", "RoutingCountryCode", "RegistrationNationalityCode")
        and "GoodsLocation" not in path
    ) or (name == "ID" and parent == "ExportCountry"):
        found.countries[value.upper()] += 1
    if name == "ID" and parent == "TransportEquipment":
        found.containers.add(value)
    if name == "Seal":
        found.seals += 1
