"""Small valid documents that cases are made from: one of each kind of message that the intake meets."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from streams.declarations.formats.adapters import FieldMap, load_field_map
from streams.declarations.formats.wco.values import MAP
from tests.factory import declaration, item, party, route
from tests.fuzz.element import Element, parse

ROOT = Path(__file__).resolve().parents[2]

FIRM, PERSON = "Invented Lathe Works Ltd", "Jane Invented"
LRN, MRN, EORI = "FUZZ-0001", "24GB7FUZZ0000001R4", "GB111222333000"


def original(items: int = 2) -> str:
    """An import with the parts that rules and amendments speak of."""
    goods = "".join(
        f"""<GovernmentAgencyGoodsItem><SequenceNumeric>{n}</SequenceNumeric>
        <StatisticalValueAmount currencyID="GBP">{n}000.50</StatisticalValueAmount>
        <AdditionalDocument><CategoryCode>Y</CategoryCode><ID>DOC{n}</ID><TypeCode>901</TypeCode></AdditionalDocument>
        <AdditionalInformation><StatementCode>00500</StatementCode><StatementDescription>IMPORTER</StatementDescription>
        </AdditionalInformation>
        <Commodity><Description>Ball bearings {n}</Description>
        <Classification><ID>84821010</ID><IdentificationTypeCode>TSP</IdentificationTypeCode></Classification>
        <Classification><ID>90</ID><IdentificationTypeCode>TRC</IdentificationTypeCode></Classification>
        <GoodsMeasure><GrossMassMeasure>120.5</GrossMassMeasure>
        <NetNetWeightMeasure unitCode="KGM">100</NetNetWeightMeasure></GoodsMeasure>
        <InvoiceLine><ItemChargeAmount currencyID="GBP">5000</ItemChargeAmount></InvoiceLine></Commodity>
        <GovernmentProcedure><CurrentCode>40</CurrentCode><PreviousCode>00</PreviousCode></GovernmentProcedure>
        <GovernmentProcedure><CurrentCode>000</CurrentCode></GovernmentProcedure>
        <Origin><CountryCode>CN</CountryCode><TypeCode>1</TypeCode></Origin>
        <Packaging><SequenceNumeric>1</SequenceNumeric><MarksNumbersID>M {n}</MarksNumbersID>
        <QuantityQuantity>10</QuantityQuantity><TypeCode>PK</TypeCode></Packaging>
        </GovernmentAgencyGoodsItem>"""
        for n in range(1, items + 1)
    )
    return f"""<MetaData><WCODataModelVersionCode>3.6</WCODataModelVersionCode><WCOTypeName>DEC</WCOTypeName><Declaration>
    <AcceptanceDateTime><DateTimeString formatCode="304">20240301101500Z</DateTimeString></AcceptanceDateTime>
    <FunctionCode>9</FunctionCode><FunctionalReferenceID>{LRN}</FunctionalReferenceID><TypeCode>IMA</TypeCode>
    <GoodsItemQuantity>{items}</GoodsItemQuantity><InvoiceAmount currencyID="GBP">48200.50</InvoiceAmount>
    <TotalPackageQuantity>20</TotalPackageQuantity>
    <Agent><FunctionCode>2</FunctionCode></Agent>
    <BorderTransportMeans><ModeCode>1</ModeCode></BorderTransportMeans>
    <Declarant><ID>{EORI}</ID></Declarant>
    <Exporter><Name>{FIRM}</Name><Address><CityName>Shenzhen</CityName><CountryCode>CN</CountryCode>
    <Line>1 Invented Road</Line><PostcodeID>518000</PostcodeID></Address></Exporter>
    <GoodsShipment><TransactionNatureCode>1</TransactionNatureCode>
    <Consignee><Name>{PERSON}</Name><Address><CountryCode>GB</CountryCode></Address></Consignee>
    <Consignment><ContainerCode>1</ContainerCode>
    <Itinerary><SequenceNumeric>1</SequenceNumeric><RoutingCountryCode>CN</RoutingCountryCode></Itinerary>
    <Itinerary><SequenceNumeric>2</SequenceNumeric><RoutingCountryCode>TR</RoutingCountryCode></Itinerary>
    <GoodsLocation><Name>FXTFXT</Name><TypeCode>A</TypeCode><Address><TypeCode>U</TypeCode>
    <CountryCode>GB</CountryCode></Address></GoodsLocation>
    <TransportEquipment><SequenceNumeric>1</SequenceNumeric><ID>CONU1234567</ID></TransportEquipment></Consignment>
    <Destination><CountryCode>GB</CountryCode></Destination><ExportCountry><ID>CN</ID></ExportCountry>
    {goods}
    <Importer><ID>{EORI}</ID></Importer>
    <PreviousDocument><CategoryCode>Y</CategoryCode><ID>PREV1</ID><TypeCode>DCR</TypeCode></PreviousDocument>
    <UCR><TraderAssignedReferenceID>UCR-1</TraderAssignedReferenceID></UCR>
    </GoodsShipment></Declaration></MetaData>"""


def pointers(*steps: tuple[str, int | None] | str) -> str:
    """A pointer of sections with their sequence, and perhaps a tag at the end; as amendments write it."""
    found = ""
    for step in steps:
        if isinstance(step, str):
            found = found.removesuffix("</Pointer>") + f"<TagID>{step}</TagID></Pointer>"
            continue
        section, sequence = step
        number = "" if sequence is None else f"<SequenceNumeric>{sequence}</SequenceNumeric>"
        found += f"<Pointer>{number}<DocumentSectionCode>{section}</DocumentSectionCode></Pointer>"
    return found


DECLARATION, SHIPMENT, ITEM = ("42A", 1), ("67A", 1), "68A"

CHANGES: tuple[tuple[str, str], ...] = (
    (pointers(DECLARATION, "146"), "<TotalPackageQuantity>33</TotalPackageQuantity>"),
    (
        pointers(DECLARATION, SHIPMENT, (ITEM, 2), ("23A", 1), "137"),
        "<GoodsShipment><GovernmentAgencyGoodsItem><SequenceNumeric>2</SequenceNumeric><Commodity>"
        "<Description>Radar parts</Description></Commodity></GovernmentAgencyGoodsItem></GoodsShipment>",
    ),
    (
        pointers(DECLARATION, SHIPMENT, ("27A", None)),
        "<GoodsShipment><Consignee><Name>Another Invented Consignee</Name><Address><CountryCode>AE</CountryCode>"
        "</Address></Consignee></GoodsShipment>",
    ),
    (
        pointers(DECLARATION, SHIPMENT, ("28A", None), ("64A", None), "L017"),
        "<GoodsShipment><Consignment><GoodsLocation><Name>LHRLHRLHR</Name></GoodsLocation></Consignment></GoodsShipment>",
    ),
    (
        pointers(DECLARATION, SHIPMENT, (ITEM, 3)),
        "<GoodsShipment><GovernmentAgencyGoodsItem><SequenceNumeric>3</SequenceNumeric><Commodity>"
        "<Description>Added</Description></Commodity></GovernmentAgencyGoodsItem></GoodsShipment>",
    ),
    (
        pointers(DECLARATION, SHIPMENT, (ITEM, 1), ("03A", 1), "225"),
        "<GoodsShipment><GovernmentAgencyGoodsItem><SequenceNumeric>1</SequenceNumeric><AdditionalInformation>"
        "<StatementCode>00500</StatementCode><StatementDescription>changed</StatementDescription></AdditionalInformation>"
        "</GovernmentAgencyGoodsItem></GoodsShipment>",
    ),
    (pointers(DECLARATION, SHIPMENT, (ITEM, 2)), ""),  # nothing there any more: the item is taken out
)
"""(pointers, what stands there from now on), as customs and traders write them."""

SECTIONS: tuple[str, ...] = tuple(MAP["sections"])
"""Section codes that the reader knows; pointers take from them, with and without sense."""
TAGS: tuple[str, ...] = tuple(tag for tags in MAP["tags"].values() for tag in tags)


def amendment(*changes: tuple[str, str]) -> str:
    """A trader's request to change a declaration (COR)."""
    reasons = "".join(
        f"<AdditionalInformation><StatementDescription>reason {n}</StatementDescription>"
        f"<StatementTypeCode>AES</StatementTypeCode>{pointers(DECLARATION, ('06A', n))}</AdditionalInformation>"
        for n in range(1, len(changes) + 1)
    )
    told = "".join(
        f"<Amendment><ChangeReasonCode>32</ChangeReasonCode>{where}</Amendment>" for where, _ in changes
    )
    return f"""<MetaData><WCOTypeName>DEC</WCOTypeName><Declaration><FunctionCode>13</FunctionCode>
    <FunctionalReferenceID>FUZZ-AMEND-1</FunctionalReferenceID><ID>{MRN}</ID><TypeCode>COR</TypeCode>
    <Submitter><ID>{EORI}</ID></Submitter>{reasons}{told}{"".join(what for _, what in changes)}</Declaration></MetaData>"""


def cancellation() -> str:
    """A trader's request to invalidate a declaration (INV)."""
    return f"""<MetaData><WCOTypeName>DEC</WCOTypeName><Declaration><FunctionCode>13</FunctionCode>
    <FunctionalReferenceID>FUZZ-CANCEL-1</FunctionalReferenceID><ID>{MRN}</ID><TypeCode>INV</TypeCode>
    <Submitter><ID>{EORI}</ID></Submitter><AdditionalInformation><StatementDescription>lodged twice</StatementDescription>
    <StatementTypeCode>AES</StatementTypeCode>{pointers(DECLARATION, ("06A", 1))}</AdditionalInformation>
    <Amendment><ChangeReasonCode>1</ChangeReasonCode></Amendment></Declaration></MetaData>"""


NOTICES = {
    "DMSACC": "01",
    "DMSRCV": "02",
    "DMSREJ": "03",
    "DMSCTL": "05",
    "DMSDOC": "06",
    "DMSRES": "07",
    "DMSROG": "08",
    "DMSCLE": "09",
    "DMSINV": "10",
    "DMSREQ": "11",
    "DMSTAX": "13",
    "DMSCPI": "14",
    "DMSCPR": "15",
    "DMSEOG": "16",
    "DMSGER": "18",
}
"""Customs' notices in the UK: FunctionCode of the Response."""


def notice(code: str, lrn: str = LRN, version: int = 1, status: str = "39") -> str:
    """What customs tells a trader; DMSRES (07) with what it changed itself."""
    where, what = CHANGES[3]
    changed = f"<Amendment><ChangeReasonCode>16</ChangeReasonCode>{where}</Amendment>" if code == "07" else ""
    after = f"<Declaration><FunctionCode>9</FunctionCode>{what}</Declaration>" if code == "07" else ""
    refused = (
        f"<Error><ValidationCode>CDS12005</ValidationCode>{pointers(DECLARATION, ('17C', None), 'R144')}</Error>"
        if code == "03"
        else ""
    )
    return f"""<MetaData><WCOTypeName>RES</WCOTypeName><ResponsibleCountryCode/><Response><FunctionCode>{code}</FunctionCode>
    <FunctionalReferenceID>0123456789abcdef{code}</FunctionalReferenceID>
    <IssueDateTime><DateTimeString formatCode="304">20240302{code}1500Z</DateTimeString></IssueDateTime>{changed}{refused}
    <Status><NameCode>{status}</NameCode></Status>
    <Declaration><FunctionalReferenceID>{lrn}</FunctionalReferenceID><ID>{MRN}</ID><VersionID>{version}</VersionID>
    </Declaration>{after}</Response></MetaData>"""


@cache
def originals() -> tuple[Element, ...]:
    fixtures = ROOT / "tests" / "declarations" / "fixtures"
    own = [parse((fixtures / name).read_bytes()) for name in ("import.xml", "export.xml")]
    return (*(parse(original(items).encode()) for items in (1, 2, 5)), *own)


@cache
def amendments() -> tuple[Element, ...]:
    whole = amendment(*CHANGES)
    return tuple(parse(text.encode()) for text in (whole, *(amendment(change) for change in CHANGES)))


@cache
def cancellations() -> tuple[Element, ...]:
    return (parse(cancellation().encode()),)


@cache
def notices() -> tuple[Element, ...]:
    told = [notice(code) for code in NOTICES.values()]
    answers = [notice("11", "FUZZ-AMEND-1", status=status) for status in ("39", "41")]
    return tuple(parse(text.encode()) for text in (*told, *answers))


@cache
def changing() -> tuple[Element, ...]:
    """Whatever holds a delta: amendments, and what customs itself changed."""
    return (*amendments(), parse(notice("07").encode()))


@cache
def canonical() -> tuple[Any, ...]:
    """Canonical declarations as plain JSON values."""
    schema = json.loads((ROOT / "schemas" / "declaration.schema.json").read_text(encoding="utf-8"))
    made = (
        declaration(),
        declaration(
            version_number=3,
            event_type="AMENDED",
            countries_of_routing=route("CN", "KZ", "KG"),
            goods_items=tuple(item(n, hs6="901310") for n in range(1, 4)),
            national_extensions={"xx": {"deep": [1, {"a": None}], "text": "x"}},
        ),
        declaration(
            event_type="INVALIDATED",
            regime="EXPORT",
            parties=(party("CONSIGNEE", "Айсулуу ОсОО", country="KG"),),
        ),
    )
    return (*(json.loads(msgspec.json.encode(one)) for one in made), *schema["examples"])


@cache
def of_tables(format: str) -> tuple[Element, ...]:
    """Messages of a format that is a table."""
    folder = ROOT / "tests" / "declarations" / "fixtures" / "formats" / format
    return tuple(parse(path.read_bytes()) for path in sorted(folder.glob("*.xml")))


@cache
def rows() -> str:
    """A table of rows."""
    path = ROOT / "tests" / "declarations" / "fixtures" / "formats" / "office-rows" / "rows.csv"
    return path.read_text(encoding="utf-8")


@cache
def mapped() -> tuple[Any, FieldMap]:
    """A message of somebody's own shape, and its field map."""
    examples = ROOT / "docs" / "examples"
    message = json.loads((examples / "message.json").read_text(encoding="utf-8"))
    return message, load_field_map(examples / "field-map.toml")
