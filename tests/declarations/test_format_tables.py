"""The formats that are tables, against their fixtures: counted independently of the tables, a life from beginning to end, and
that nothing a message says is lost without a word."""

import csv
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest

from streams.cli.screen import screening_of
from streams.declarations import canonical
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Original
from streams.declarations.formats.adapters import NONE, read, read_all, split
from streams.declarations.formats.catalogue import bundled
from streams.declarations.model import DeclarationVersion
from streams.message_files import FileMessage
from streams.settings import Settings

FIXTURES = Path(__file__).parent / "fixtures" / "formats"
RECEIVED = datetime(2026, 3, 20, tzinfo=UTC)
LIMIT = 4 * 1024 * 1024
AES, NCTS = FIXTURES / "eu-aes", FIXTURES / "eu-ncts"
LISTED = "id,schema,name,aliases,countries\nL1,Company,Issyk Optical Trade OsOO,,kg\n"


def version_in(path: Path, format: str = "auto") -> DeclarationVersion:
    said = read(path.read_bytes(), format=format, received=RECEIVED, max_bytes=LIMIT)
    assert isinstance(said, Original)
    return said.version


def texts(root: ElementTree.Element, *names: str) -> list[str]:
    """The texts of all elements of these names, in the order of the document."""
    return [(one.text or "").strip() for one in root.iter() if one.tag.rpartition("}")[2] in names]


def elements(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [one for one in root.iter() if one.tag.rpartition("}")[2] == name]


PARTIES = (
    *"Exporter Declarant Representative Carrier Consignor Consignee".split(),
    "AdditionalSupplyChainActor",
)
PARTIES += ("HolderOfTheTransitProcedure",)


@pytest.mark.parametrize("path", [AES / "cc515c.xml", NCTS / "cc015c.xml"], ids=["aes", "ncts"])
def test_what_a_declaration_holds_is_counted_against_its_source(path: Path) -> None:
    root = ElementTree.fromstring(path.read_bytes())
    declaration = version_in(path).declaration
    assert len(declaration.parties) == sum(len(elements(root, name)) for name in PARTIES)
    names = {(one.findtext("name") or "").strip() for name in PARTIES for one in elements(root, name)} - {""}
    assert {party.name for party in declaration.parties if party.name} == names
    numbers = Counter(
        one.findtext("identificationNumber") for name in PARTIES for one in elements(root, name)
    )
    assert Counter(party.identification_number for party in declaration.parties) == numbers
    items = elements(root, "GoodsItem") + elements(root, "ConsignmentItem")
    codes = [
        "".join(texts(one, "harmonizedSystemSubHeadingCode", "combinedNomenclatureCode")) or None
        for one in items
    ]
    assert [one.commodity_code and one.commodity_code.full for one in declaration.goods_items] == codes
    assert [one.description_of_goods for one in declaration.goods_items] == texts(root, "descriptionOfGoods")
    assert [str(one.goods_item_number) for one in declaration.goods_items] == [
        one.findtext("declarationGoodsItemNumber") for one in items
    ]
    assert [one.net_mass_kg for one in declaration.goods_items] == texts(root, "netMass")
    assert [one.country for one in declaration.countries_of_routing] == [
        one.findtext("country") for one in elements(root, "CountryOfRoutingOfConsignment")
    ]
    offices = [one.findtext("referenceNumber") for one in root if "CustomsOffice" in one.tag]
    assert Counter(one.reference_number for one in declaration.customs_offices) == Counter(offices)
    assert [seal for one in declaration.transport_equipment for seal in one.seals] == texts(
        root, "identifier"
    )
    assert len(declaration.transport_means) == len(
        elements(root, "DepartureTransportMeans") + elements(root, "ActiveBorderTransportMeans")
    )
    (lrn,) = texts(root, "LRN")
    assert lrn == declaration.LRN


def test_parties_of_a_house_belong_to_its_items() -> None:
    declaration = version_in(NCTS / "cc015c.xml").declaration
    of = {one.name: one.goods_item_numbers for one in declaration.parties if one.role == "CONSIGNEE"}
    assert of == {"Altyn Sample TOO": (1,), "Zarya Lines TOO": (2, 3)}
    assert [one.country_of_destination for one in declaration.goods_items] == ["KZ", "KG", "KG"]
    assert [[doc.reference_number for doc in one.documents] for one in declaration.goods_items] == [
        ["INV-1"],
        ["INV-2"],
        ["INV-2"],
    ]
    assert [(one.role, one.sequence_number) for one in declaration.customs_offices] == [
        ("DEPARTURE", None),
        ("TRANSIT", 1),
        ("TRANSIT", 2),
        ("EXIT_FOR_TRANSIT", 1),
        ("DESTINATION", None),
    ]
    assert (declaration.regime, declaration.security, declaration.binding_itinerary) == ("TRANSIT", "2", True)


def test_what_no_path_took_is_kept() -> None:
    kept = version_in(AES / "cc515c.xml").declaration.national_extensions
    assert kept == {"eu-aes": {"GoodsShipment": {"SomethingNew": {"code": "N1"}}}}
    kept = version_in(NCTS / "cc015c.xml").declaration.national_extensions
    assert kept is not None
    assert list(kept["eu-ncts"]) == ["TransitOperation", "Guarantee", "Consignment"]
    assert kept["eu-ncts"]["TransitOperation"] == {"reducedDatasetIndicator": "0"}
    # Every value of the message is either taken, kept, or one of those that the table says are of no use.
    source = NCTS / "cc015c.xml"
    written = canonical.encode(version_in(source)).decode()
    root = ElementTree.fromstring(source.read_bytes())
    ignored = {
        "sequenceNumber",
        "numberOfSeals",
        "goodsItemNumber",
        "messageSender",
        "messageRecipient",
        "messageType",
        "grossMass",
    }
    lost = {
        (one.tag, text)
        for one in root.iter()
        if not len(one)
        and (text := (one.text or "").strip())
        and one.tag not in ignored
        and text not in written
    }
    assert lost <= {("preparationDateAndTime", "2026-03-02T08:15:00"), ("UNNumber", "1993")} | {
        ("bindingItinerary", "1"),
        ("containerIndicator", "1"),
    }


def life(folder: Path, names: list[str], tmp_path: Path) -> list[dict[str, Any]]:
    """The lines that messages lead to, in their order."""
    watchlist = tmp_path / "list.csv"
    watchlist.write_text(LISTED)
    screening = screening_of(Settings(), [watchlist], "auto", None)
    lines = [
        line
        for name in names
        for line in screening.take(FileMessage(name, 1, (folder / f"{name}.xml").read_bytes()), RECEIVED)
    ]
    return [
        json.loads(msgspec.json.encode(one)) if not isinstance(one, bytes) else json.loads(one)
        for one in (*lines, *screening.end())
    ]


def statuses(lines: list[dict[str, Any]]) -> list[str]:
    found = []
    for line in lines:
        if "event" in line:
            found.append(line["event"]["declarationStatus"])
        elif "lane" in line:
            found.append("listed" if any(one["code"] == "list.name" for one in line["findings"]) else "clear")
        else:
            found.append(json.dumps(line)[:99])
    return found


@pytest.mark.parametrize(
    ("folder", "names", "expected"),
    [
        (AES, "cc515c cc528c cc560c cc529c cc599c", "clear ACCEPTED UNDER_CONTROL RELEASED EXITED"),
        (AES, "cc515c cc528c cc513c cc504c cc529c", "clear ACCEPTED listed listed RELEASED"),
        (AES, "cc515c cc528c cc560c cc551c", "clear ACCEPTED UNDER_CONTROL NOT_RELEASED"),
        (AES, "cc515c cc528c cc514c cc509c", "clear ACCEPTED ACCEPTED INVALIDATED"),
        (NCTS, "cc015c cc028c cc060c cc029c cc045c", "clear ACCEPTED UNDER_CONTROL RELEASED RELEASED"),
        (NCTS, "cc015c cc028c cc013c cc014c cc009c", "clear ACCEPTED listed ACCEPTED INVALIDATED"),
    ],
    ids=lambda given: given if isinstance(given, str) else given.name,
)
def test_a_life_ends_as_it_should(folder: Path, names: str, expected: str, tmp_path: Path) -> None:
    lines = life(folder, names.split(), tmp_path)
    assert " ".join(statuses(lines)) == expected


def test_a_life_is_the_same_in_any_order(tmp_path: Path) -> None:
    """What customs says may come before the declaration it is about."""
    names = "cc515c cc528c cc560c cc513c cc504c cc529c cc599c".split()
    for seed in range(4):
        mixed = names[:]
        Random(seed).shuffle(mixed)
        lines = life(AES, mixed, tmp_path)
        amended = [line for line in lines if line.get("versionNumber") == 2]
        assert amended and amended[-1]["lane"] == "RED", mixed
        assert not [line for line in lines if "deadLetter" in line], mixed


def test_an_amendment_of_the_whole_takes_over_the_references(tmp_path: Path) -> None:
    lines = life(NCTS, "cc015c cc028c cc013c".split(), tmp_path)
    assert [line["declarationKey"] for line in lines if "lane" in line] == [
        "lt.ncts|LT111222333|BALTUVA-26-0091"
    ] * 2
    assert [line["versionNumber"] for line in lines if "lane" in line] == [1, 2]


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.xml")), ids=lambda path: path.stem)
def test_every_message_is_known_and_reads_the_same_again(path: Path) -> None:
    first, second = (
        read(path.read_bytes(), format=format, received=RECEIVED, max_bytes=LIMIT)
        for format in ("auto", path.parent.name)
    )
    assert first == second
    assert isinstance(first, Event | Original)


def test_an_unknown_message_of_a_format_is_named() -> None:
    data = (AES / "cc528c.xml").read_bytes().replace(b"CC528C", b"CC571C")
    with pytest.raises(Unscreenable, match="<CC571C>"):
        read(data, received=RECEIVED, max_bytes=LIMIT)


ROWS = FIXTURES / "office-rows" / "rows.csv"


def test_rows_of_one_number_are_one_declaration() -> None:
    said = read_all(ROWS.read_bytes(), received=RECEIVED, max_bytes=LIMIT)
    first, second = (one for one in said if isinstance(one, DeclarationVersion))
    rows = list(csv.DictReader(ROWS.read_text(encoding="utf-8").splitlines(), delimiter=";"))
    assert [len(one.declaration.goods_items) for one in (first, second)] == [
        sum(row["RegNo"] == number for row in rows) for number in ("801", "802")
    ]
    assert first.envelope.declaration_key == "41705/801/2026"
    assert (first.envelope.version_counted, first.declaration.regime) == (True, "IMPORT")
    assert [(one.role, one.name, one.goods_item_numbers) for one in first.declaration.parties] == [
        ("EXPORTER", "Sample Lens Co., Ltd", (1, 2)),
        ("CONSIGNEE", "Issyk Optical Trade OsOO", (1,)),
        ("CONSIGNEE", "Ala Invented OsOO", (2,)),
    ]
    item, other = first.declaration.goods_items
    assert (item.net_mass_kg, item.statistical_value, item.statistical_value_currency) == (
        "41.2",
        "48200.10",
        "USD",
    )
    assert (item.country_of_origin, item.description_of_goods) == ("CN", "sights; optical")
    assert other.commodity_code is not None
    assert other.commodity_code.full == "0102210000"
    assert first.declaration.mode_of_transport_at_border == "3"
    (consignee,) = (one for one in second.declaration.parties if one.role == "CONSIGNEE")
    assert consignee.identification_number is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1251"])
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_rows_in_other_writings(encoding: str, separator: str) -> None:
    rows = list(csv.reader(ROWS.read_text(encoding="utf-8").splitlines(), delimiter=";"))
    rows[0] = [name.upper() for name in rows[0]]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    assert [key(one) for one in read_all(text.encode(encoding), received=RECEIVED, max_bytes=LIMIT)] == [
        key(one) for one in read_all(ROWS.read_bytes(), received=RECEIVED, max_bytes=LIMIT)
    ]


def key(said: Any) -> tuple[str, str | None]:
    return said.envelope.declaration_key, said.envelope.payload_hash


def test_each_declaration_of_a_table_can_be_sent_alone() -> None:
    parts = split(ROWS.read_bytes(), max_bytes=LIMIT)
    assert len(parts) == 2
    alone = [one for part in parts for one in read_all(part, received=RECEIVED, max_bytes=LIMIT)]
    assert [key(one) for one in alone] == [
        key(one) for one in read_all(ROWS.read_bytes(), received=RECEIVED, max_bytes=LIMIT)
    ]


def test_a_broken_table_is_refused_with_its_line() -> None:
    for broken, said in (
        (ROWS.read_bytes() + b"1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16", "line 5: 16 cells for 15 columns"),
        (ROWS.read_bytes() + b'1;"2', "line 5"),
    ):
        with pytest.raises(Unscreenable, match=said):
            read_all(broken, received=RECEIVED, max_bytes=LIMIT)


def test_the_tables_of_the_program_say_what_they_are() -> None:
    for table in bundled():
        assert table.recognition, table.name
        assert {"title", "source", "as_of"} <= table.about.keys(), table.name
        assert NONE.table(table.name) is table
