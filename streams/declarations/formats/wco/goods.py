"""Goods items and documents of a WCO declaration."""

from streams.declarations import repair, tariff
from streams.declarations.formats.wco.values import (
    MAP,
    amount,
    country,
    decimal,
    mass,
    moment,
    text,
    unit,
    value,
    whole,
)
from streams.declarations.model import (
    AdditionalInformation,
    CommodityCode,
    Document,
    GoodsItem,
    Package,
)
from streams.declarations.xml_tree import Node

TARIFF_CODE, TARIC_CODE, CUS_CODE = "TSP", "TRC", "CV"
"""IdentificationTypeCode of Classification: DE 18 09 056 + 057, 058, and 18 08."""
TARIC_ADDITIONAL, NATIONAL_ADDITIONAL = "TRA", "GN"
PREFERENTIAL = "2"
"""TypeCode of Origin: DE 16 09; 1 or none is DE 16 08."""


def item(node: Node, position: int) -> GoodsItem:
    """One GovernmentAgencyGoodsItem. `position`, from 1, is its number where it gives none."""
    commodity = node.first("Commodity") or Node("Commodity", "", None)
    requested, previous, additional = _procedures(node)
    origin, preferential = _origins(node)
    statistical, currency = amount(node, "StatisticalValueAmount")
    return GoodsItem(
        goods_item_number=number(node) or position,
        commodity_code=_code(commodity),
        description_of_goods=text(commodity, "Description"),
        requested_procedure=requested,
        previous_procedure=previous,
        additional_procedures=additional,
        country_of_origin=origin,
        country_of_preferential_origin=preferential,
        country_of_destination=country(node, "Destination", "CountryCode"),
        country_of_dispatch=country(node, "ExportCountry", "ID"),
        net_mass_kg=mass(commodity, "GoodsMeasure", "NetNetWeightMeasure"),
        gross_mass_kg=mass(commodity, "GoodsMeasure", "GrossMassMeasure"),
        supplementary_units=decimal(commodity, "GoodsMeasure", "TariffQuantity"),
        supplementary_unit_code=unit(commodity, "GoodsMeasure", "TariffQuantity"),
        item_amount_invoiced=decimal(commodity, "InvoiceLine", "ItemChargeAmount"),
        statistical_value=statistical,
        statistical_value_currency=currency,
        customs_value=decimal(node, "CustomsValueAmount"),
        valuation_method=text(node, "CustomsValuation", "MethodCode"),
        packages=tuple(
            Package(
                type=text(package, "TypeCode"),
                number=whole(package, "QuantityQuantity"),
                shipping_marks=text(package, "MarksNumbersID"),
            )
            for package in node.all("Packaging")
        ),
        UCR=text(node, "UCR", "ID") or text(node, "UCR", "TraderAssignedReferenceID"),
        documents=documents(node),
        previous_documents=documents(node, "PreviousDocument"),
        dangerous_goods_UN=text(commodity, "DangerousGoods", "UNDGID"),
    )


def number(node: Node) -> int | None:
    """The number of a goods item; None where it gives none that can be read (`unreadable_number` says so)."""
    given = whole(node, "SequenceNumeric")
    return given if isinstance(given, int) and 1 <= given <= 99999 else None


def unreadable_number(node: Node) -> str | None:
    """What a goods item gives as its number, where that is none."""
    given = text(node, "SequenceNumeric")
    return given if given is not None and number(node) is None else None


def _code(commodity: Node) -> CommodityCode | None:
    """Null where no tariff code is declared, as in simplified declarations and entries in the declarant's records."""
    given = {}
    additional = []
    for node in commodity.all("Classification"):
        kind = text(node, "IdentificationTypeCode")
        code = node.first("ID")
        if kind in (TARIC_ADDITIONAL, NATIONAL_ADDITIONAL):
            found = value(code, repair.text)
            additional += [found] if found else []
        elif code is not None and kind and code.text.strip() and kind not in given:
            given[kind] = code
    declared = value(given.get(TARIFF_CODE), repair.tariff_code)
    if declared is None:
        return None
    taric = value(given.get(TARIC_CODE), repair.text) or ""
    full = declared + taric
    return CommodityCode(
        hs6=full[:6],
        full=full,
        nomenclature={6: "HS", 8: "CN", 10: "TARIC"}.get(len(_digits(full)), "NATIONAL"),
        additional_codes=tuple(additional),
        cus_code=value(given.get(CUS_CODE), repair.text),
    )


def _digits(full: str) -> str:
    try:
        return tariff.read(full).digits
    except ValueError:
        return full


def _procedures(node: Node) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Requested and previous procedure (two digits each), additional procedures (three characters)."""
    requested = previous = None
    additional = []
    for procedure in node.all("GovernmentProcedure"):
        code = procedure.first("CurrentCode")
        if requested is None and (procedure.first("PreviousCode") or (code and len(code.text.strip()) == 2)):
            requested, previous = text(procedure, "CurrentCode"), text(procedure, "PreviousCode")
        elif (found := text(procedure, "CurrentCode")) is not None:
            additional.append(found)
    return requested, previous, tuple(additional)


def _origins(node: Node) -> tuple[str | None, str | None]:
    found: dict[bool, str] = {}
    for origin in node.all("Origin"):
        preferential = (origin.first("TypeCode") or Node("", "", None)).text.strip() == PREFERENTIAL
        if preferential not in found and (code := country(origin, "CountryCode")):
            found[preferential] = code
            text(origin, "TypeCode")
    return found.get(False), found.get(True)


def documents(node: Node, element: str = "AdditionalDocument") -> tuple[Document, ...]:
    """The documents directly below an element; one without any code is left over."""
    found = []
    for one in node.all(element):
        code = (text(one, "CategoryCode") or "") + (text(one, "TypeCode") or "")
        if not code:
            continue
        found.append(
            Document(
                type=code,
                kind="PREVIOUS" if element == "PreviousDocument" else _kind(code),
                reference_number=text(one, "ID"),
                status_code=text(one, "LPCOExemptionCode"),
                issuing_authority=text(one, "Submitter", "Name"),
                validity_date=moment(one, "EffectiveDateTime"),
                write_off_quantity=decimal(one, "WriteOff", "QuantityQuantity"),
                write_off_unit=unit(one, "WriteOff", "QuantityQuantity"),
                write_off_amount=decimal(one, "WriteOff", "AmountAmount"),
                name=text(one, "Name"),
            )
        )
    return tuple(found)


def _kind(code: str) -> str:
    begins = [start for start in MAP["document_kinds"] if code.startswith(start)]
    return str(MAP["document_kinds"][max(begins, key=len)]) if begins else "SUPPORTING"


def information(node: Node, numbers: tuple[int, ...] = ()) -> list[AdditionalInformation]:
    """The statements directly below an element, of the items `numbers`."""
    statements = []
    for one in node.all("AdditionalInformation"):
        code, words = text(one, "StatementCode"), text(one, "StatementDescription")
        if code or words:
            statements.append(AdditionalInformation(code=code, text=words, goods_item_numbers=numbers))
    return statements
