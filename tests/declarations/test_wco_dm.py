"""WCO Data Model XML: everything of an original arrives, every other message is a typed refusal."""

import json
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from streams.declarations.errors import Unscreenable
from streams.declarations.formats.wco.values import MAP
from streams.declarations.model import DeclarationVersion, OfficeRole, PartyRole
from tests.data import data
from tests.declarations.versions import read
from tests.declarations.wco_count import Counted, count

FIXTURES = Path(__file__).parent / "fixtures"
RECEIVED = datetime(2026, 11, 23, 12, tzinfo=UTC)
LIMIT = 4 * 1024 * 1024


def read_xml(content: bytes) -> DeclarationVersion:
    return read(content, received=RECEIVED, max_bytes=LIMIT)


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def refusal(content: bytes) -> Unscreenable:
    with pytest.raises(Unscreenable) as refused:
        read_xml(content)
    return refused.value


def as_json(name: str) -> dict[str, Any]:
    return json.loads(msgspec.json.encode(read_xml(fixture(name))))


def compare(version: DeclarationVersion, counted: Counted) -> None:
    """Whether all that was counted in the XML stands in the declaration, no more and no less."""
    declaration = version.declaration
    items = declaration.goods_items
    assert (
        Counter((p.name or "", p.identification_number or "") for p in declaration.parties) == counted.parties
    )
    assert len(items) == counted.items
    codes = [one.commodity_code for one in items if one.commodity_code]
    assert len(codes) == sum(counted.codes.values())
    for code in codes:
        assert code.full
        assert any(code.full.startswith(declared) and code.hs6 == declared[:6] for declared in counted.codes)
    assert (
        Counter(one.description_of_goods for one in items if one.description_of_goods) == counted.descriptions
    )
    documents = [*declaration.documents, *declaration.previous_documents]
    for one in items:
        documents += [*one.documents, *one.previous_documents]
    assert Counter((one.type, one.reference_number or "") for one in documents) == counted.documents
    assert countries(version) == counted.countries
    equipment = declaration.transport_equipment
    assert {one.container_identification_number for one in equipment} == counted.containers
    assert sum(len(one.seals) for one in equipment) == counted.seals


def countries(version: DeclarationVersion) -> Counter[str]:
    found: Counter[str] = Counter()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for name, one in value.items():
                if name in ("country", "nationality") or name.startswith("countryOf"):
                    found[one] += 1
                elif name != "nationalExtensions":
                    walk(one)
        elif isinstance(value, list):
            for one in value:
                walk(one)

    walk(json.loads(msgspec.json.encode(version.declaration)))
    return found


NOT_KEPT_AS_TEXT = (
    # Kept in another form: times in UTC, codes as the field they choose, TypeCode IMA as IM and A.
    "Declaration/TypeCode",
    "Classification/IdentificationTypeCode",
    "Communication/TypeCode",
    "DateTimeString",
    "ContainerCode",
    "SequenceNumeric",
    "GoodsItemQuantity",
    "QuantityQuantity",
)


def lost(version: DeclarationVersion, counted: Counted) -> list[tuple[str, str]]:
    """Texts of the XML that stand nowhere in the message that is made of it."""
    kept = msgspec.json.encode(version).decode()
    kept_plain = json.dumps(json.loads(kept), ensure_ascii=False)
    return [
        (path, text)
        for path, text in counted.texts
        if not path.endswith(NOT_KEPT_AS_TEXT)
        and json.dumps(text, ensure_ascii=False)[1:-1] not in kept_plain
        and text.upper() not in kept_plain
    ]


def test_every_original_of_the_uk_samples_arrives_whole() -> None:
    folder = data("declarations", "hmrc_cds", "samples")
    reasons: Counter[str] = Counter()
    read_whole = 0
    for file in sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".xml"):
        content = file.read_bytes()
        try:
            counted = count(content)
        except ET.ParseError:
            assert refusal(content).reason == "NOT_XML", file
            reasons["NOT_XML"] += 1
            continue
        if not counted.is_original:
            assert refusal(content).reason == "UNSUPPORTED_MESSAGE", file
            reasons["UNSUPPORTED_MESSAGE"] += 1
            continue
        try:
            version = read_xml(content)
            compare(version, counted)
        except (AssertionError, Unscreenable) as error:
            raise AssertionError(f"{file}: {error}") from error
        assert lost(version, counted) == [], file
        read_whole += 1
    assert read_whole == 211
    assert reasons == {"UNSUPPORTED_MESSAGE": 365, "NOT_XML": 1}


@pytest.mark.parametrize("name", ["import.xml", "export.xml"])
def test_every_original_of_our_own_arrives_whole(name: str) -> None:
    counted = count(fixture(name))
    assert counted.is_original
    assert sum(counted.parties.values()) >= 5
    version = read_xml(fixture(name))
    counted.codes = Counter({code.replace(" ", ""): n for code, n in counted.codes.items()})
    compare(version, counted)
    repaired = {"48200,50", "41500", "9013.10 90", "IMO 9074729"}
    assert [text for _, text in lost(version, counted) if text not in repaired] == []


def test_an_import() -> None:
    message = as_json("import.xml")
    envelope, declaration = message["envelope"], message["declaration"]
    assert envelope == {
        "declarationKey": "uk.cds|GB111222333000|INV-0001",
        "versionNumber": 1,
        "eventType": "LODGED",
        "eventDateTime": "2022-06-15T09:30:00Z",
        "functionCode": "9",
        "sourceSystem": "uk.cds",
        "sourceMessageType": "DEC-DMS",
        "payloadHash": envelope["payloadHash"],
        "ingestDateTime": "2026-11-23T12:00:00Z",
    }
    said = {name: declaration[name] for name in declaration if not isinstance(declaration[name], list | dict)}
    assert said == {
        "regime": "IMPORT",
        "LRN": "INV-0001",
        "UCR": "2GB1-REF",
        "declarationType": "IM",
        "additionalDeclarationType": "A",
        "acceptanceDateTime": "2022-06-15T09:30:00+00:00",
        "countryOfDispatch": "CN",
        "countryOfDestination": "GB",
        "locationOfGoods": "GBAUFXTFXTFXT",
        "natureOfTransaction": "1",
        "invoiceCurrency": "GBP",
        "totalAmountInvoiced": "48200.50",
        "containerIndicator": True,
        "modeOfTransportAtBorder": "1",
        "inlandModeOfTransport": "3",
        "totalPackages": 12,
    }
    parties = {party["role"]: party for party in declaration["parties"]}
    assert parties["EXPORTER"]["address"] == {
        "lines": ["Road 1", "Block B"],
        "city": "Shenzhen",
        "postcode": "518000",
        "country": "CN",
    }
    assert parties["CARRIER"]["name"] == "Invented Lines S.A."
    assert parties["CARRIER"]["email"] == "ops@lines.example"
    assert parties["DECLARANT"]["phone"] == "+44 20 7946 0000"
    assert parties["DECLARANT"]["representativeStatus"] == "2"  # from the agent who is only a function code
    assert "REPRESENTATIVE" not in parties
    assert parties["SELLER"]["goodsItemNumbers"] == [2]
    assert parties["SUPPLY_CHAIN_ACTOR"]["supplyChainActorRole"] == "CS"
    assert parties["FINANCIAL"]["identificationType"] == "VAT"
    assert parties["IMPORTER"]["identificationType"] == "EORI"
    assert declaration["authorisations"] == [{"type": "DPO", "holderIdentificationNumber": "GB123456789000"}]
    assert declaration["customsOffices"] == [{"role": "SUPERVISING", "referenceNumber": "GBBEL004"}]
    assert [(one["sequenceNumber"], one["country"]) for one in declaration["countriesOfRouting"]] == [
        (1, "CN"),
        (2, "AE"),
    ]
    border, arrival = declaration["transportMeans"]
    assert (border["imoNumber"], border["nationality"]) == ("9074729", "PA")
    assert arrival["name"] == "GLOBE STAR"
    assert declaration["transportEquipment"] == [
        {"containerIdentificationNumber": "CONU1234567", "seals": ["S-1", "S-2"], "goodsItemNumbers": [1]}
    ]
    assert declaration["additionalInformation"] == [
        {"code": "00500", "text": "IMPORTER", "goodsItemNumbers": [1]}
    ]
    assert declaration["deliveryTerms"] == {"incoterm": "CIF", "place": "GBFXT"}


def test_an_item() -> None:
    first, second = as_json("import.xml")["declaration"]["goodsItems"]
    assert first["commodityCode"] == {
        "hs6": "901310",
        "full": "9013109000",
        "nomenclature": "TARIC",
        "additionalCodes": ["C123", "VATZ"],
    }
    assert {name: first[name] for name in first if isinstance(first[name], str)} == {
        "descriptionOfGoods": "Telescopic sights, boxed",
        "requestedProcedure": "40",
        "previousProcedure": "00",
        "countryOfOrigin": "CN",
        "countryOfPreferentialOrigin": "VN",
        "netMassKg": "41.500",
        "grossMassKg": "47",
        "supplementaryUnits": "60",
        "supplementaryUnitCode": "NAR",
        "itemAmountInvoiced": "40000",
        "statisticalValue": "40000",
        "statisticalValueCurrency": "GBP",
        "valuationMethod": "1",
    }
    assert first["additionalProcedures"] == ["1CS"]
    assert first["packages"] == [{"type": "BX", "number": 10, "shippingMarks": "IO 1-10"}]
    licence, waybill = first["documents"]
    assert licence == {
        "type": "X002",
        "kind": "SUPPORTING",
        "referenceNumber": "LIC-2022-1",
        "statusCode": "EP",
        "issuingAuthority": "Licensing Office",
        "validityDate": "2022-12-31T00:00:00+00:00",
        "writeOffQuantity": "41.5",
        "writeOffUnit": "KGM",
        "writeOffAmount": "40000",
        "name": "export licence",
    }
    assert (waybill["type"], waybill["kind"]) == ("N705", "TRANSPORT")
    assert second["countryOfDispatch"] == "HK"
    assert second["commodityCode"]["nomenclature"] == "CN"


def test_what_has_no_place_is_kept_where_it_stood() -> None:
    kept = as_json("import.xml")["declaration"]["nationalExtensions"]["uk.cds"]
    assert kept["Consignment"] == {"Freight": {"PaymentMethodCode": "B"}}
    assert kept["GoodsShipment"]["Warehouse"] == {"ID": "1234567GB", "TypeCode": "U"}
    item = kept["GoodsShipment"]["GovernmentAgencyGoodsItem"]
    assert item["SequenceNumeric"] == "1"
    assert item["Commodity"]["DutyTaxFee"] == {"TypeCode": "A00", "Payment": {"MethodCode": "E"}}
    assert item["PreviousDocument"]["LineNumeric"] == "3"
    assert item["PreviousDocument"]["ID"] == "22GB000"  # said which document the line is of
    assert item["AdditionalDocument"]["WriteOff"]["AmountAmount"] == {"#text": "40000", "@currencyID": "GBP"}


def test_an_export_with_prefixes_and_a_wrapper() -> None:
    message = as_json("export.xml")
    declaration = message["declaration"]
    assert message["envelope"]["eventDateTime"] == "2026-11-23T12:00:00Z"  # none declared: when it came in
    assert declaration["regime"] == "EXPORT"
    assert declaration["additionalDeclarationType"] == "D"
    assert declaration["countryOfExport"] == "GB"
    assert declaration["invoiceCurrency"] == "EUR"
    assert declaration["customsOffices"] == [{"role": "EXIT", "referenceNumber": "GB000060"}]
    assert [one["sequenceNumber"] for one in declaration["countriesOfRouting"]] == [1, 2, 3]
    parties = [(one["role"], one.get("name"), one.get("goodsItemNumbers")) for one in declaration["parties"]]
    assert ("REPRESENTATIVE", None, None) in parties
    assert ("CONSIGNOR", "Invented Consignor Ltd", [2]) in parties
    assert ("CONSIGNEE", "Изобретённая Торговля ОсОО", None) in parties
    assert ("CONSIGNEE", "Second Consignee Ltd", [2]) in parties
    assert declaration["goodsItems"][1]["commodityCode"] is None
    agent = next(one for one in declaration["parties"] if one["role"] == "REPRESENTATIVE")
    assert agent["representativeStatus"] == "3"


@pytest.mark.parametrize(
    ("type_code", "procedure", "regime"),
    [
        ("IMA", "10", "IMPORT"),
        ("EXA", "40", "EXPORT"),
        ("COA", "40", "IMPORT"),
        ("COA", "10", "EXPORT"),
        ("EUA", "31", "EXPORT"),
    ],
)
def test_regime(type_code: str, procedure: str, regime: str) -> None:
    content = fixture("import.xml").replace(b">IMA<", f">{type_code}<".encode())
    content = content.replace(b"<CurrentCode>40<", f"<CurrentCode>{procedure}<".encode())
    assert read_xml(content).declaration.regime == regime


UNSUPPORTED = [
    (fixture("amendment.xml").replace(b"COR", b"XYZ"), "FunctionCode 13, TypeCode XYZ"),
    (fixture("amendment.xml").replace(b"<TypeCode>COR</TypeCode>", b""), "FunctionCode 13, TypeCode missing"),
    (fixture("amendment.xml").replace(b"13<", b"5<"), "FunctionCode 5"),
    (fixture("notification.xml").replace(b"01<", b"77<"), "a notification by customs (Response 77)"),
    (b"<MetaData><Response/></MetaData>", "Response without FunctionCode"),
    (b"<MetaData><Response/><Response/></MetaData>", "2 notices"),
    (b"<Declaration/>", "FunctionCode missing"),
    (b"<MetaData><Declaration/><Declaration/></MetaData>", "2 declarations"),
    (b"<a><b><c><d><e><Declaration/></e></d></c></b></a>", "<a>"),
    (b'<Declaration xmlns="http://other.example"><FunctionCode>9</FunctionCode></Declaration>', "not a WCO"),
]


@pytest.mark.parametrize(("content", "what"), UNSUPPORTED, ids=[what for _, what in UNSUPPORTED])
def test_other_messages_are_named(content: bytes, what: str) -> None:
    refused = refusal(content)
    assert refused.reason == "UNSUPPORTED_MESSAGE"
    assert what in refused.detail


def test_repairs_leave_no_doubt_and_what_does_is_left_out_and_told() -> None:
    for wrong, (path, kind) in {
        b"<CountryCode> cn <": ("declaration.parties[2].address.country", "country"),
        b">48200,50<": ("declaration.totalAmountInvoiced", "decimal"),
        b">41500<": ("declaration.goodsItems[0].netMassKg", "decimal"),
        b">9013.10 90<": ("declaration.goodsItems[0].commodityCode.full", "code"),
        b"<SequenceNumeric>2</SequenceNumeric>\n        <Commodity": (
            "declaration.goodsItems[1].goodsItemNumber",
            "number",
        ),
    }.items():
        bad = (
            b"<SequenceNumeric>1.5</SequenceNumeric>\n        <Commodity"
            if b"Sequence" in wrong
            else wrong[:1] + b"@"
        )
        if b"Country" in wrong:
            bad = b"<CountryCode>Ivanov"
        if not bad.endswith((b"<", b"Commodity")):
            bad += b"<"
        content = fixture("import.xml")
        assert content.count(wrong) == 1, wrong
        version = read(content.replace(wrong, bad), received=RECEIVED, max_bytes=10**7)
        (told,) = version.unreadable
        assert (told.path, told.kind) == (path, kind)
        assert told.text.startswith(("@", "Ivanov", "1.5"))
        assert "Ivanov" not in told.reason
        assert [one.goods_item_number for one in version.declaration.goods_items] == [1, 2]


@pytest.mark.parametrize(
    ("cut", "what"),
    [
        ((b"<FunctionalReferenceID>INV-0001</FunctionalReferenceID>", b""), "FunctionalReferenceID"),
        ((b"<ID>GB111222333000</ID>", b""), "Declarant"),
        ((b"GovernmentAgencyGoodsItem", b"Nothing"), "GovernmentAgencyGoodsItem"),
        ((b"<TypeCode>IMA</TypeCode>", b""), "TypeCode"),
        ((b">INV-0001<", b">" + b"x" * 300 + b"<"), "FunctionalReferenceID"),
    ],
)
def test_what_must_be_there(cut: tuple[bytes, bytes], what: str) -> None:
    refused = refusal(fixture("import.xml").replace(*cut))
    assert refused.reason == "SCHEMA_VIOLATION"
    assert what in refused.detail


def test_a_huge_lawful_declaration_is_read() -> None:
    items = b"".join(
        b"<GovernmentAgencyGoodsItem><SequenceNumeric>%d</SequenceNumeric><Commodity><Description>%s</Description>"
        b"<Classification><ID>61091000</ID><IdentificationTypeCode>TSP</IdentificationTypeCode></Classification>"
        b"<DutyTaxFee><TypeCode>A00</TypeCode></DutyTaxFee></Commodity></GovernmentAgencyGoodsItem>"
        % (n, b"x" * 3000)
        for n in range(1, 1000)
    )
    content = fixture("import.xml")
    start, end = (
        content.index(b"<GovernmentAgencyGoodsItem>"),
        content.rindex(b"</GovernmentAgencyGoodsItem>"),
    )
    version = read_xml(content[:start] + items + content[end + len(b"</GovernmentAgencyGoodsItem>") :])
    assert len(version.declaration.goods_items) == 999


def test_the_roles_of_the_table_are_roles_of_the_model() -> None:
    assert set(MAP["party_roles"].values()) <= set(PartyRole.__args__)  # type: ignore[attr-defined]
    assert set(MAP["office_roles"].values()) <= set(OfficeRole.__args__)  # type: ignore[attr-defined]
    assert set(MAP["transport_roles"].values()) == {"ACTIVE_BORDER", "DEPARTURE", "ARRIVAL"}
