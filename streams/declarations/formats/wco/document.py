"""WCO Data Model XML, as UK CDS uses it: messages read, and original declarations brought to the canonical form.

Elements are matched by local name, since the files in use bind the namespace of the Declaration (family
urn:wco:datamodel:WCO) to many prefixes. What has no place in the model is kept in nationalExtensions.
"""

import re
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from streams.declarations import canonical, repair
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Ignored, Message, Original, Tree
from streams.declarations.formats.wco.goods import documents, information, item, unreadable_number
from streams.declarations.formats.wco.messages import kind_of_ignored, notice, request
from streams.declarations.formats.wco.parties import parties
from streams.declarations.formats.wco.transport import equipment, means, mode
from streams.declarations.formats.wco.values import (
    MAP,
    SOURCE_SYSTEM,
    Invalid,
    amount,
    country,
    mass,
    moment,
    text,
    value,
    whole,
)
from streams.declarations.model import (
    Authorisation,
    CustomsOffice,
    Declaration,
    DeclarationVersion,
    DeliveryTerms,
    Envelope,
    GoodsItem,
    RoutingCountry,
)
from streams.declarations.reading import Notes, Unreadable
from streams.declarations.soap import carried
from streams.declarations.xml_tree import Node, left_over, parse, path_to, tree
from streams.declarations.xml_tree import node as element_of

WRAPPER_LEVELS = 5
"""How deep the Declaration may stand: send/submitDeclarationRequest/requestDetail/MetaData/Declaration."""
ORIGINAL, REQUEST = "9", "13"
"""FunctionCode."""
NAMESPACE_FAMILY = "urnwcodatamodelwco"
"""Of urn:wco:datamodel:WCO:..., letters only: tools that strip the punctuation of a document strip it here too."""


def read(data: bytes, received: datetime) -> Message:
    """What a message is: an original (FunctionCode 9) with its Declaration element, a request (13), a notice by
    customs, or one that is of no use here. `received` is the time of what names none.

    Raises Unscreenable: NOT_XML, FORBIDDEN_XML, UNSUPPORTED_MESSAGE (any other message, with what it is),
    SCHEMA_VIOLATION (with the element).
    """
    return read_element(carried(parse(data)), received)


def read_element(root: Node, received: datetime) -> Message:
    """As `read`, of a document that is read already."""
    ignored = kind_of_ignored(root)
    if ignored is not None:
        return Ignored(ignored)
    content, system = _content(root), _system(root)
    try:
        if content.name == "Response":
            return _of(system, notice(content, received))
        function = (content.first("FunctionCode") or Node("", "", None)).text.strip()[:10]
        if function == REQUEST:
            return _of(system, request(content, received))
        if function != ORIGINAL:
            raise Unscreenable(
                "UNSUPPORTED_MESSAGE", f"not an original declaration (FunctionCode {function or 'missing'})"
            )
        source = tree(content)
        version = _version(content, received, system)
    except Invalid as error:
        raise Unscreenable("SCHEMA_VIOLATION", f"{path_to(content, error.node)}: {error.problem}") from None
    # Once through the contract: whatever leaves an adapter keeps it.
    return Original(canonical.decode(canonical.encode(version)), source)


def version_of(document: Tree, envelope: Envelope) -> DeclarationVersion:
    """The version that a document says, such as an original with its amendments merged in.

    Raises Unscreenable SCHEMA_VIOLATION, with the element.
    """
    root = element_of(document)
    try:
        version = DeclarationVersion(
            envelope,
            _declaration(root, envelope.source_system or SOURCE_SYSTEM),
            unreadable=_numbers_not_read(root),
        )
    except Invalid as error:
        raise Unscreenable("SCHEMA_VIOLATION", f"{path_to(root, error.node)}: {error.problem}") from None
    return canonical.decode(canonical.encode(version))


def _content(root: Node) -> Node:
    """The one Declaration or Response element of a message."""
    level = [root]
    for _ in range(WRAPPER_LEVELS):
        found = [one for one in level if one.name in ("Declaration", "Response") and _is_wco(one)]
        if len(found) > 1:
            what = "notices" if found[0].name == "Response" else "declarations"
            raise Unscreenable("UNSUPPORTED_MESSAGE", f"{len(found)} {what} in one message")
        if found:
            return found[0]
        level = [child for one in level for child in one.children]
    raise Unscreenable("UNSUPPORTED_MESSAGE", f"a <{root.name[:60]}> message, not a WCO declaration")


def _system(root: Node) -> str:
    """Whose system a message is for: that of the UK, unless its MetaData name another country as responsible."""
    level = [root]
    for _ in range(WRAPPER_LEVELS):
        data = next((one for one in level if one.name == "MetaData"), None)
        if data is not None:
            country = (text(data, "ResponsibleCountryCode") or "").lower()
            other = (
                len(country) == 2
                and country.isascii()
                and country.isalpha()
                and country not in MAP["uk"]["codes"]
            )
            return f"{country}.wco" if other else SOURCE_SYSTEM
        level = [child for one in level for child in one.children]
    return SOURCE_SYSTEM


def _of(system: str, said: Event | Ignored) -> Event | Ignored:
    return replace(said, source_system=system) if isinstance(said, Event) else said


def _is_wco(element: Node) -> bool:
    family = re.sub(r"[^a-z]", "", element.namespace.lower())
    return not family or family.startswith(NAMESPACE_FAMILY)


def _version(root: Node, received: datetime, system: str) -> DeclarationVersion:
    declaration = _declaration(root, system)
    legal = declaration.acceptance_date_time or moment(root, "IssueDateTime")
    envelope = Envelope(
        declaration_key=_key(root, declaration.LRN, system),
        version_number=1,
        event_type="LODGED",
        event_date_time=_legal_time(root, legal) if legal else received,
        function_code=text(root, "FunctionCode"),
        source_system=system,
        source_message_type="DEC-DMS",
    )
    return DeclarationVersion(envelope, declaration, unreadable=_numbers_not_read(root))


def _legal_time(root: Node, given: str) -> datetime:
    """When it was accepted or issued: without it nothing that depends on time can be told, so what is no time is refused."""
    try:
        return repair.time(given)
    except ValueError as error:
        raise Invalid(
            root.first("AcceptanceDateTime") or root.first("IssueDateTime") or root, str(error)
        ) from None


def _numbers_not_read(root: Node) -> tuple[Unreadable, ...]:
    """Goods items of which the number cannot be read: they have that of their place."""
    notes = Notes()
    for place, node in enumerate(_goods(root)):
        given = unreadable_number(node)
        if given is not None:
            path = f"declaration.goodsItems[{place}].goodsItemNumber"
            notes.unreadable(path, "number", "a goods item number is from 1 to 99999", given)
    return notes.unread


def _goods(root: Node) -> list[Node]:
    return [node for one in root.all("GoodsShipment") for node in one.all("GovernmentAgencyGoodsItem")]


def _declaration(root: Node, system: str) -> Declaration:
    """Raises Invalid."""
    shipment = root.first("GoodsShipment") or Node("GoodsShipment", "", None)
    consignment = shipment.first("Consignment") or Node("Consignment", "", None)
    goods = _goods(root)
    items = tuple(item(node, position) for position, node in enumerate(goods, 1))
    if not items:
        raise Invalid(root, "no GovernmentAgencyGoodsItem: a declaration without goods")
    numbers = {id(node): one.goods_item_number for node, one in zip(goods, items, strict=True)}
    everyone = parties(root, numbers)
    if not everyone:
        raise Invalid(root, "no party with a name or an ID")
    type_code = text(root, "TypeCode")
    if type_code is None:
        raise Invalid(root, "no TypeCode")
    regime = _regime(root, type_code, items)
    total, currency = amount(root, "InvoiceAmount")
    departs = country(shipment, "ExportCountry", "ID")
    statements = information(root) + information(shipment)
    for node, one in zip(goods, items, strict=True):
        statements += information(node, (one.goods_item_number,))
    declaration: dict[str, Any] = {
        "regime": regime,
        "parties": everyone,
        "goods_items": items,
        "MRN": text(root, "ID"),
        "LRN": text(root, "FunctionalReferenceID"),
        "UCR": text(shipment, "UCR", "ID") or text(shipment, "UCR", "TraderAssignedReferenceID"),
        "declaration_type": type_code[:2],
        "additional_declaration_type": type_code[2:] or None,
        "acceptance_date_time": moment(root, "AcceptanceDateTime"),
        "customs_offices": _offices(root, shipment, consignment),
        "country_of_dispatch": departs if regime == "IMPORT" else None,
        "country_of_export": departs if regime != "IMPORT" else None,
        "country_of_destination": country(shipment, "Destination", "CountryCode"),
        "countries_of_routing": _routing(root, consignment),
        "place_of_loading": text(consignment, "LoadingLocation", "ID")
        or text(consignment, "LoadingLocation", "Name"),
        "place_of_unloading": text(consignment, "UnloadingLocation", "ID"),
        "location_of_goods": _location(consignment),
        "delivery_terms": _terms(shipment),
        "nature_of_transaction": text(shipment, "TransactionNatureCode")
        or _common(goods, "TransactionNatureCode"),
        "invoice_currency": _currency(currency, goods),
        "total_amount_invoiced": total,
        "exchange_rate": text(root, "CurrencyExchange", "RateNumeric"),
        "container_indicator": _indicator(consignment),
        "mode_of_transport_at_border": mode(root, "BorderTransportMeans"),
        "inland_mode_of_transport": mode(consignment, "ArrivalTransportMeans")
        or mode(consignment, "DepartureTransportMeans"),
        "transport_means": means(root, consignment),
        "transport_equipment": equipment(consignment, goods, items),
        "previous_documents": documents(root, "PreviousDocument") + documents(shipment, "PreviousDocument"),
        "documents": documents(root) + documents(shipment) + documents(consignment),
        "additional_information": tuple(statements),
        "authorisations": tuple(
            Authorisation(type=text(one, "CategoryCode"), holder_identification_number=text(one, "ID"))
            for one in root.all("AuthorisationHolder")
        ),
        "total_gross_mass_kg": mass(root, "TotalGrossMassMeasure"),
        "total_packages": whole(root, "TotalPackageQuantity"),
    }
    text(root, "GoodsItemQuantity")  # the number of items: known from the items
    text(root, "FunctionCode"), moment(root, "IssueDateTime")  # stand in the envelope
    rest = left_over(root)
    return Declaration(**declaration, national_extensions={system: rest} if rest else None)


def _key(root: Node, reference: str | None, system: str) -> str:
    """The declarant's identification and their reference (LRN), which they may use once."""
    declarant = text(root, "Declarant", "ID") or text(root, "Agent", "ID") or text(root, "Declarant", "Name")
    if declarant is None:
        raise Invalid(
            root.first("Declarant") or root, "no Declarant ID, which the key of a declaration needs"
        )
    if reference is None:
        raise Invalid(root, "no FunctionalReferenceID (LRN), which the key of a declaration needs")
    key = f"{system}|{declarant}|{reference}"
    if len(key) > 200:
        raise Invalid(
            root.first("FunctionalReferenceID") or root, "declarant and reference are over 200 characters"
        )
    return key


def _regime(root: Node, type_code: str, items: tuple[GoodsItem, ...]) -> str:
    known = MAP["regimes"].get(type_code[:2].upper())
    if known:
        return str(known)
    requested = next((one.requested_procedure for one in items if one.requested_procedure), "")
    leaves = requested[:1] in MAP["procedures"]["export"] or root.first("ExitOffice") is not None
    return "EXPORT" if leaves else "IMPORT"


def _offices(*levels: Node) -> tuple[CustomsOffice, ...]:
    found = [
        CustomsOffice(role=role, reference_number=office)
        for level in levels
        for element, role in MAP["office_roles"].items()
        for one in level.all(element)
        if (office := text(one, "ID"))
    ]
    lodged = text(levels[0], "DeclarationOfficeID")
    return tuple(found + ([CustomsOffice(role="LODGEMENT", reference_number=lodged)] if lodged else []))


def _routing(root: Node, consignment: Node) -> tuple[RoutingCountry, ...]:
    stops = [
        node
        for level in (root.first("Consignment"), consignment)
        if level is not None
        for node in level.all("Itinerary")
    ]
    return tuple(
        RoutingCountry(sequence_number=whole(node, "SequenceNumeric") or position, country=code)
        for position, node in enumerate(stops, 1)
        if (code := country(node, "RoutingCountryCode"))
    )


def _location(consignment: Node) -> str | None:
    """DE 16 15 as it is written in one: country, type, qualifier, identification; GBAUBELBELBEL."""
    node = consignment.first("GoodsLocation")
    if node is None:
        return None
    parts = (
        country(node, "Address", "CountryCode"),
        text(node, "TypeCode"),
        text(node, "Address", "TypeCode"),
        text(node, "Name"),
        text(node, "ID"),
    )
    return "".join(part for part in parts if part) or None


def _terms(shipment: Node) -> DeliveryTerms | None:
    node = shipment.first("TradeTerms")
    if node is None:
        return None
    return DeliveryTerms(
        incoterm=text(node, "ConditionCode"), place=text(node, "LocationID") or text(node, "LocationName")
    )


def _indicator(consignment: Node) -> bool | None:
    given = text(consignment, "ContainerCode")
    return None if given is None else given not in ("0", "false")


def _common(nodes: list[Node], name: str) -> str | None:
    """The value of all items where they say the same; else it stays with each, among what is left over."""
    found = {node.text.strip() for one in nodes for node in one.all(name)}
    if len(found) != 1:
        return None
    values: list[str | None] = [value(node, repair.text) for one in nodes for node in one.all(name)]
    return values[0]


def _currency(invoice: str | None, goods: list[Node]) -> str | None:
    """The currency of the invoice, or of its lines where they share one; a line in another one keeps it, left over."""
    lines = [
        line
        for one in goods
        if (line := one.first("Commodity", "InvoiceLine", "ItemChargeAmount")) is not None
    ]
    declared = {id(line): _line_currency(line) for line in lines}
    if invoice is None and len(set(declared.values())) == 1:
        invoice = declared[id(lines[0])]
    for line in lines:
        if declared[id(line)] == invoice:
            line.take_attribute("currencyID")
    return invoice


def _line_currency(line: Node) -> str | None:
    given = (line.attributes or {}).get("currencyID", "").strip()
    try:
        return repair.currency(given) if given else None
    except ValueError:
        return given
