"""The field map: the example in docs/, what it repairs, and what it refuses, in the message and in the map."""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from streams.declarations.errors import Unscreenable
from streams.declarations.formats.adapters import Formats, load_field_map
from streams.declarations.formats.mapped.reader import FieldMap
from streams.declarations.model import DeclarationVersion
from tests.declarations.versions import read

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
RECEIVED = datetime(2026, 11, 23, 12, tzinfo=UTC)
MAP = load_field_map(EXAMPLES / "field-map.toml")


def message() -> dict[str, Any]:
    return json.loads((EXAMPLES / "message.json").read_text(encoding="utf-8"))


def read_mapped(content: Any, field_map: FieldMap = MAP) -> DeclarationVersion:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return read(data, format="mapped", formats=Formats(field_map), received=RECEIVED, max_bytes=10**6)


def refusal(content: Any, field_map: FieldMap = MAP) -> Unscreenable:
    with pytest.raises(Unscreenable) as refused:
        read_mapped(content, field_map)
    return refused.value


def test_the_example_of_the_docs() -> None:
    sent = (EXAMPLES / "message.json").read_bytes()
    version = json.loads(msgspec.json.encode(read_mapped(sent)))
    assert version["envelope"] == {
        "declarationKey": "41705/2022/000713",
        "versionNumber": 2,
        "eventType": "AMENDED",
        "eventDateTime": "2022-06-15T00:00:00Z",
        "sourceSystem": "kg.broker",
        "sourceMessageType": "mapped",
        "payloadHash": version["envelope"]["payloadHash"],
        "ingestDateTime": "2026-11-23T12:00:00Z",
    }
    declaration = version["declaration"]
    assert [(one["role"], one["name"]) for one in declaration["parties"]] == [
        ("EXPORTER", "Zhejiang Bright Lens Co., Ltd"),
        ("CONSIGNEE", "Ala-Too Optics OsOO"),
        ("FREIGHT_FORWARDER", "Naryn Cargo OsOO"),
    ]
    assert declaration["parties"][0]["address"] == {"country": "CN"}
    assert declaration["parties"][1]["identificationNumber"] == "1234567890"
    assert [one["country"] for one in declaration["countriesOfRouting"]] == ["CN", "KG"]
    assert declaration["totalAmountInvoiced"] == "48200.10"  # exact: it never was a float
    first, second = declaration["goodsItems"]
    assert first["commodityCode"] == {"hs6": "901310", "full": "9013100000", "hsVersion": "2022"}
    assert first["documents"] == [
        {"type": "X002", "referenceNumber": "CN-2022-778", "validityDate": "2022-12-31"}
    ]
    assert (second["goodsItemNumber"], second["netMassKg"], second["statisticalValueCurrency"]) == (
        2,
        "3.5",
        "USD",
    )


def test_what_a_message_lacks_is_absent() -> None:
    poor = message()
    for name in ("sender", "others", "route", "truck", "invoice"):
        del poor[name]
    del poor["decl"]["revision"], poor["decl"]["accepted"]
    poor["receiver"] = {"name": "  ", "tin": None, "nameLocal": "Тоо", "country": "KG"}
    refused = refusal(poor)
    assert (refused.reason, refused.detail) == (
        "SCHEMA_VIOLATION",
        "decl.accepted: missing; it is the envelope.eventDateTime",
    )
    poor["decl"]["accepted"] = 1655287200
    version = read_mapped(poor)
    assert version.envelope.version_number == 1
    assert version.envelope.event_date_time == datetime(2022, 6, 15, 10, tzinfo=UTC)
    (only,) = version.declaration.parties
    assert (only.name, only.name_original_script, only.identification_number) == (None, "Тоо", None)
    assert version.declaration.transport_means == ()
    assert version.declaration.country_of_destination is None


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (lambda m: m.pop("office"), "office: missing; it is the envelope.declarationKey"),
        (lambda m: m.update(office=[]), "office: missing"),
        (lambda m: m.update(office=["1", "2"]), "office: a list of 2"),
        (lambda m: m.update(office={"a": 1}), "office: an object or a list"),
        (lambda m: m["decl"].update(direction={}), "decl.direction: an object or a list"),
        (lambda m: m["decl"].pop("direction"), "decl.direction: missing"),
        (lambda m: m["decl"].update(direction="Q"), "decl.direction: not among the values"),
        (lambda m: m["decl"].update(accepted="06/15/2022"), "decl.accepted: not a date and time"),
        (lambda m: m.update(lines=[]), "lines: missing"),
        (lambda m: m.update(lines="none"), "lines.tariff: missing"),
        (lambda m: m["lines"][1].pop("tariff"), "lines[1].tariff: missing"),
        (lambda m: m["lines"][1].clear(), "lines[1].tariff: missing"),
        (lambda m: m["lines"][0].update(goods=["a", "b"]), "lines[0].goods: a list of 2"),
        (lambda m: m["lines"][0].update(goods=[["a"], {"b": 1}]), "lines[0].goods: a list of 2"),
        (lambda m: m["lines"][0].update(goods={"a": 1}), "lines[0].goods: an object or a list"),
        (lambda m: m["decl"].update(accepted=44756), "decl.accepted: not a date"),
        (lambda m: m["decl"].update(accepted="44756"), "decl.accepted: not a date"),
        (lambda m: m["decl"].update(accepted="14.07.1922"), "decl.accepted: not a date"),
        (lambda m: m["decl"].update(accepted=99999999999999), "decl.accepted: not a date"),
        (lambda m: [m.pop(name) for name in ("sender", "receiver", "others")], "sender.name, sender.company"),
    ],
)
def test_refusals_name_the_path_in_the_message(change: Any, detail: str) -> None:
    wrong = message()
    change(wrong)
    refused = refusal(wrong)
    assert refused.reason == "SCHEMA_VIOLATION"
    assert refused.detail.startswith(detail)
    assert "Ivanov" not in refused.detail


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[]", "SCHEMA_VIOLATION"),
        (b'"x"', "SCHEMA_VIOLATION"),
        (b"{", "NOT_JSON"),
        (b'{"a": "\xff"}', "NOT_UTF8"),
        (b'{"a":' * 100_000, "NOT_JSON"),
        (b'{"a": "\\ud800"}', "NOT_JSON"),
        (b'{"a": 1e9999999999999999999999}', "NOT_JSON"),
    ],
)
def test_other_content(content: bytes, reason: str) -> None:
    assert refusal(content).reason == reason


def test_a_number_of_a_gigabyte_is_not_written_out() -> None:
    wrong = json.dumps(message()).replace("48000.1", "1E999999999").encode()
    (told,) = read_mapped(wrong).unreadable
    assert (told.path, told.reason) == (
        "declaration.goodsItems[0].statisticalValue",
        "not a decimal number",
    )


SMALL = """
envelope = { declarationKey = "id" }
regime = "EXPORT"
countriesOfRouting = "route"
nationalExtensions = "extra"
[[parties]]
role = "BUYER"
name = "buyer"
[items]
each = "$.goods"
hs6 = { from = ".", optional = true }
description = { const = "goods" }
"""


def small(**changes: Any) -> dict[str, Any]:
    return {"id": 7, "buyer": "B", "goods": ["8471.30"], "route": ["cn", "kg"]} | changes


def test_a_small_map() -> None:
    version = read_mapped(
        small(goods=[10121, "847130", None], extra={"a": [1.5, {"b": 10**30}]}),
        FieldMap(tomllib.loads(SMALL)),
    )
    assert version.envelope.declaration_key == "7"
    assert version.envelope.event_type == "LODGED"
    assert version.envelope.event_date_time == RECEIVED
    codes = [
        one.commodity_code.hs6 if one.commodity_code else None for one in version.declaration.goods_items
    ]
    assert codes == [
        "010121",
        "847130",
        None,
    ]  # a number loses the zero in front; optional: declared as unknown
    assert [one.country for one in version.declaration.countries_of_routing] == ["CN", "KG"]
    assert version.declaration.national_extensions == {"a": [1.5, {"b": 10**30}]}


def test_extensions_that_are_too_deep_are_refused() -> None:
    deep: Any = 1
    for _ in range(200):
        deep = {"a": deep}
    assert refusal(small(extra=deep), FieldMap(tomllib.loads(SMALL))).reason == "SCHEMA_VIOLATION"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('regime = "EXPORT"', "", "declaration.regime: the contract requires it"),
        (
            'regime = "EXPORT"',
            'regime = { const = "OUT" }',
            "declaration.regime: not one of the allowed values",
        ),
        ('regime = "EXPORT"', 'regim = "EXPORT"', "declaration.regim: there is no such field"),
        (
            'name = "buyer"',
            "name = { path = 'x' }",
            "declaration.parties.name: give one of const, from, first, join",
        ),
        ('name = "buyer"', "name = 5", "declaration.parties.name: a path is a string"),
        (
            'hs6 = { from = ".", optional = true }',
            "",
            "declaration.goodsItems.commodityCode: the contract requires it",
        ),
        (
            'nationalExtensions = "extra"',
            'documents = "x"',
            "declaration.documents: write it as [[documents]]",
        ),
        (
            'nationalExtensions = "extra"',
            'deliveryTerms = "x"',
            "declaration.deliveryTerms: this field takes a table",
        ),
        ('declarationKey = "id"', "", "envelope.declarationKey: the contract requires it"),
        ('name = "buyer"', "name = ", "Invalid value"),
    ],
)
def test_a_map_that_cannot_work_is_refused_when_it_is_loaded(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    assert old in SMALL
    file = tmp_path / "map.toml"
    file.write_text(SMALL.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError) as refused:
        load_field_map(file)
    assert str(file) in str(refused.value)
    assert problem in str(refused.value)


@pytest.mark.parametrize(
    ("change", "path", "kind", "text"),
    [
        (lambda m: m["lines"][1].update(tariff=4202), "goodsItems[1].commodityCode.full", "code", "4202"),
        (lambda m: m["lines"][0]["kg"].update(net="1,500"), "goodsItems[0].netMassKg", "decimal", "1,500"),
        (lambda m: m["receiver"].update(country="Ivanov"), "parties[1].address.country", "country", "Ivanov"),
        (lambda m: m["lines"][0]["licences"][0].update(until="31/12/2022"), "", "date", "31/12/2022"),
        (
            lambda m: m["lines"][0]["licences"].append({"number": "7"}),
            "goodsItems[0].documents[1]",
            "part",
            '{"referenceNumber":"7"}',
        ),
    ],
)
def test_what_need_not_be_there_is_left_out_and_told(change: Any, path: str, kind: str, text: str) -> None:
    wrong = message()
    change(wrong)
    version = read_mapped(wrong)
    (told,) = version.unreadable
    assert told.path == f"declaration.{path or 'goodsItems[0].documents[0].validityDate'}"
    assert (told.kind, told.text) == (kind, text)
    assert [one.name for one in version.declaration.parties][1] == "Ala-Too Optics OsOO"
