"""WCO Data Model XML, as UK CDS uses it: original declarations to the canonical form.

Elements are matched by local name, since the files in use bind the namespace of the Declaration (family
urn:wco:datamodel:WCO) to many prefixes. What has no place in the model is kept in nationalExtensions.
"""

import re
from datetime import datetime
from typing import Any

from streams.declarations import canonical, repair
from streams.declarations.errors import Unscreenable
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
from streams.declarations.wco_goods import documents, information, item
from streams.declarations.wco_parties import parties
from streams.declarations.wco_transport import equipment, means, mode
from streams.declarations.wco_values import (
    MAP,
    Invalid,
    amount,
    country,
    mass,
    moment,
    text,
    value,
    whole,
)
from streams.declarations.xml_tree import Node, left_over, parse, path_to

SOURCE_SYSTEM = "uk.cds"
WRAPPER_LEVELS = 4
"""How deep the Declaration may stand: submitDeclarationRequest/requestDetail/MetaData/Declaration."""
NAMESPACE_FAMILY = "urnwcodatamodelwco"
"""Of urn:wco:datamodel:WCO:..., letters only: tools that strip the punctuation of a document strip it here too."""


def read(data: bytes, received: datetime) -> DeclarationVersion:
    """The declaration of an original (FunctionCode 9). `received` is its event time where it names none.

    Raises Unscreenable: NOT_XML, FORBIDDEN_XML, UNSUPPORTED_MESSAGE (any other message, with what it is),
    SCHEMA_VIOLATION (with the element).
    """
    root = _original(parse(data))
    try:
        version = _version(root, received)
    except Invalid as error:
        raise Unscreenable("SCHEMA_VIOLATION", f"{path_to(root, error.node)}: {error.problem}") from None
    # Once through the contract: whatever leaves an adapter keeps it.
    return canonical.decode(canonical.encode(version))


def _original(root: Node) -> Node:
    """The one Declaration element of an original."""
    level = [root]
    for _ in range(WRAPPER_LEVELS):
        for node in level:
            if node.name == "Response":
                code = (node.first("FunctionCode") or Node("", "", None)).text.strip()[:3]
                raise Unscreenable(
                    "UNSUPPORTED_MESSAGE", f"a notification by customs (Response {code})".rstrip()
                )
        found = [node for node in level if node.name == "Declaration" and _is_wco(node)]
        if len(found) > 1:
            raise Unscreenable("UNSUPPORTED_MESSAGE", f"{len(found)} declarations in one message")
        if found:
            _check_function(found[0])
            return found[0]
        level = [child for node in level for child in node.children]
    raise Unscreenable("UNSUPPORTED_MESSAGE", f"a <{root.name[:60]}> message, not a WCO declaration")


def _is_wco(node: Node) -> bool:
    family = re.sub(r"[^a-z]", "", node.namespace.lower())
    return not family or family.startswith(NAMESPACE_FAMILY)


def _check_function(declaration: Node) -> None:
    function = (declaration.first("FunctionCode") or Node("", "", None)).text.strip()[:10]
    if function == "9":
        return
    kind = (declaration.first("TypeCode") or Node("", "", None)).text.strip()[:10]
    what = MAP["messages"].get(f"{function} {kind}", "not an original declaration")
    raise Unscreenable(
        "UNSUPPORTED_MESSAGE", f"{what} (FunctionCode {function or 'missing'}, TypeCode {kind or 'missing'})"
    )


def _version(root: Node, received: datetime) -> DeclarationVersion:
    shipment = root.first("GoodsShipment") or Node("GoodsShipment", "", None)
    consignment = shipment.first("Consignment") or Node("Consignment", "", None)
    goods = [node for one in root.all("GoodsShipment") for node in one.all("GovernmentAgencyGoodsItem")]
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
    accepted, issued = moment(root, "AcceptanceDateTime"), moment(root, "IssueDateTime")
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
        "acceptance_date_time": accepted,
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
    envelope = Envelope(
        declaration_key=_key(root, declaration["LRN"]),
        version_number=1,
        event_type="LODGED",
        event_date_time=datetime.fromisoformat(legal) if (legal := accepted or issued) else received,
        function_code=text(root, "FunctionCode"),
        source_system=SOURCE_SYSTEM,
        source_message_type="DEC-DMS",
    )
    text(root, "GoodsItemQuantity")  # the number of items: known from the items
    rest = left_over(root)
    extensions = {SOURCE_SYSTEM: rest} if rest else None
    return DeclarationVersion(envelope, Declaration(**declaration, national_extensions=extensions))


def _key(root: Node, reference: str | None) -> str:
    """The declarant's identification and their reference (LRN), which they may use once."""
    declarant = text(root, "Declarant", "ID") or text(root, "Agent", "ID") or text(root, "Declarant", "Name")
    if declarant is None:
        raise Invalid(
            root.first("Declarant") or root, "no Declarant ID, which the key of a declaration needs"
        )
    if reference is None:
        raise Invalid(root, "no FunctionalReferenceID (LRN), which the key of a declaration needs")
    key = f"{SOURCE_SYSTEM}|{declarant}|{reference}"
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
    values = [value(node, repair.text) for one in nodes for node in one.all(name)]
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
    except ValueError as error:
        raise Invalid(line, f"currencyID: {error}") from None
