"""Canonical JSON: what goes in comes out, the same content has the same hash, and every refusal says why."""

import json
import random
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from streams.declarations import canonical
from streams.declarations.errors import Unscreenable
from streams.declarations.model import DeclarationVersion
from tests.declarations.strategies import STEADY, VERSIONS
from tests.examples import tried
from tests.factory import declaration, encoded, item, party, route


@settings(STEADY, max_examples=tried(150))
@given(VERSIONS)
def test_what_is_encoded_is_decoded_the_same(version: DeclarationVersion) -> None:
    assert canonical.decode(canonical.encode(version)) == version


@pytest.mark.parametrize(
    ("value", "empty"),
    [({"name": ""}, True), ({"names": ["", "B"]}, True), ({"names": ["B", ""]}, True), ({"": "B"}, False)]
    + [({"name": name}, False) for name in ('TOO "Marnural"', '"', ':""', '[""]', ',"" ,', '\\"')],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_a_quoted_word_is_no_empty_text(value: dict[str, Any], empty: bool, indent: int | None) -> None:
    """Most firms of some countries have a quoted word in their name: each would be read a second time, and slowly."""
    assert canonical.has_empty_text(json.dumps(value, indent=indent).encode()) == empty


def everything() -> dict[str, Any]:
    """A declaration as JSON with many fields set."""
    return json.loads(
        encoded(
            message_id="m-1",
            parties=(
                party("EXPORTER", "A", country="CN", city="Kashgar"),
                party(identification_number="1", phone="+996", goods_item_numbers=(1,)),
            ),
            goods_items=(item(1, full="61091000", additional_codes=("VATZ",)), item(2, "901310", "sights")),
            countries_of_routing=route("CN", "KZ", "KG"),
            container_indicator=True,
            total_packages=3,
            national_extensions={"a": {"b": [1, 2.5, None, "x"]}, "c": {}},
        )
    )


def hash_of(message: Any, **how: Any) -> str:
    return canonical.payload_hash(canonical.decode(json.dumps(message, **how).encode()))


def shuffled(value: Any, rng: random.Random) -> Any:
    if isinstance(value, dict):
        names = list(value)
        rng.shuffle(names)
        return {name: shuffled(value[name], rng) for name in names}
    return [shuffled(one, rng) for one in value] if isinstance(value, list) else value


def test_the_hash_sees_no_order_no_space_no_ids_and_no_times() -> None:
    first = everything()
    expected = hash_of(first)
    for seed in range(20):
        assert hash_of(shuffled(first, random.Random(seed)), indent=seed % 4) == expected
    changed = everything()
    changed["envelope"] |= {
        "messageId": "m-2",
        "eventDateTime": "2023-01-01T00:00:00+06:00",
        "ingestDateTime": "2023-01-01T00:00:00Z",
        "changedPaths": ["/x"],
        "schemaVersion": "0.1",
        "payloadHash": "0" * 64,
        "declarationKey": "another",
        "versionNumber": 7,
    }
    changed["declaration"]["MRN"] = None
    assert hash_of(changed) == expected


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict) and value:
        return [leaf for name, one in value.items() for leaf in leaves(one, (*path, name))]
    if isinstance(value, list) and value:
        return [leaf for index, one in enumerate(value) for leaf in leaves(one, (*path, index))]
    return [path]


OTHER = {"role": "BUYER", "regime": "EXPORT", "hsVersion": "2017", "full": "61091090", "country": "ZZ"}


@pytest.mark.parametrize(
    "path", leaves(everything()["declaration"]), ids=lambda path: ".".join(map(str, path))
)
def test_the_hash_sees_every_field(path: tuple[Any, ...]) -> None:
    message = everything()
    place: Any = message["declaration"]
    for step in path[:-1]:
        place = place[step]
    was = place[path[-1]]
    if path[-1] == "hs6":
        place.pop("full", None)
    place[path[-1]] = {
        bool: lambda: not was,
        int: lambda: was + 1,
        float: lambda: was + 1,
        str: lambda: OTHER.get(
            str(path[-1]),
            "ZZ" if "country" in str(path[-1]) else str(int(was) + 1) if was.isdigit() else was + "!",
        ),
    }.get(type(was), lambda: {"new": 1})()
    assert hash_of(message) != hash_of(everything())


def test_the_hash_sees_what_happened() -> None:
    first, second = declaration(event_type="LODGED"), declaration(event_type="AMENDED")
    assert canonical.payload_hash(first) != canonical.payload_hash(second)


def test_the_hash_is_the_same_in_every_release() -> None:
    """Stored answers are found by it: a change here makes every redelivered declaration a conflict."""
    version = declaration()
    assert (
        canonical.payload_hash(version) == "f57c3eb43ca36c3f83b9460af40431eba011cde28d16a5d4d3fd5717c120de7d"
    )


def test_times_come_out_in_utc() -> None:
    message = everything()
    message["envelope"]["eventDateTime"] = "2022-06-15T16:00:00+06:00"
    event_time = canonical.decode(json.dumps(message).encode()).envelope.event_date_time
    assert event_time == datetime(2022, 6, 15, 10, tzinfo=UTC)
    assert event_time.tzinfo is UTC


def changed(*path: Any, to: Any) -> bytes:
    message = everything()
    place: Any = message
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return json.dumps(message).encode()


DEEP = '{"a":' * 250 + "1" + "}" * 250

REFUSED: list[tuple[str, bytes, str, str]] = [
    ("not UTF-8", b'{"envelope": {"declarationKey": "\xff"}}', "NOT_UTF8", "position 33"),
    ("not UTF-8 in a field nobody knows", b'{"x": "\xff"}', "NOT_UTF8", "position 7"),
    ("cut off", encoded()[:-1], "NOT_JSON", ""),
    ("something behind", encoded() + b"{}", "NOT_JSON", ""),
    ("NaN", encoded().replace(b'"versionNumber":1', b'"versionNumber":NaN'), "NOT_JSON", ""),
    ("lone surrogate", encoded().replace(b"test|1", rb"\ud800"), "NOT_JSON", "surrogate"),
    ("10,000 levels", b'{"envelope":' * 10_000, "NOT_JSON", "too deep"),
    ("10,000 lists", b'{"declaration":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "NOT_JSON", "too deep"),
    ("unknown version", changed("envelope", "schemaVersion", to="9.9"), "UNKNOWN_SCHEMA_VERSION", "9.9"),
    (
        "unknown version and much else",
        b'{"envelope": {"schemaVersion": "2.0", "versionNumber": "x"}}',
        "UNKNOWN_SCHEMA_VERSION",
        "2.0",
    ),
    ("a list", b"[1]", "SCHEMA_VIOLATION", "object"),
    ("no key", b'{"envelope": {}, "declaration": {}}', "SCHEMA_VIOLATION", "declarationKey"),
    (
        "huge version",
        changed("envelope", "versionNumber", to=10**30),
        "SCHEMA_VIOLATION",
        "envelope.versionNumber",
    ),
    (
        "naive time",
        changed("envelope", "eventDateTime", to="2022-06-15T10:00:00"),
        "SCHEMA_VIOLATION",
        "eventDateTime",
    ),
    (
        "a time outside the calendar",
        changed("envelope", "eventDateTime", to="9999-12-31T23:59:59-10:00"),
        "SCHEMA_VIOLATION",
        "envelope.eventDateTime",
    ),
    ("no parties", changed("declaration", "parties", to=[]), "SCHEMA_VIOLATION", "declaration.parties"),
    (
        "nobody",
        changed("declaration", "parties", to=[{"role": "BUYER"}]),
        "SCHEMA_VIOLATION",
        "declaration.parties",
    ),
    (
        "parties of a wrong type",
        changed("declaration", "parties", to="Ivan Ivanov"),
        "SCHEMA_VIOLATION",
        "parties",
    ),
    ("items of a wrong type", changed("declaration", "goodsItems", to={}), "SCHEMA_VIOLATION", "goodsItems"),
    ("no goods", changed("declaration", "goodsItems", to=[]), "SCHEMA_VIOLATION", "goodsItems"),
    (
        "a regime nobody knows",
        changed("declaration", "regime", to="Ivan"),
        "SCHEMA_VIOLATION",
        "declaration.regime",
    ),
    (
        "an event nobody knows",
        changed("envelope", "eventType", to="Ivan"),
        "SCHEMA_VIOLATION",
        "envelope.eventType",
    ),
    (
        "a blank key",
        changed("envelope", "declarationKey", to=""),
        "SCHEMA_VIOLATION",
        "envelope.declarationKey",
    ),
    (
        "before there were declarations by message",
        changed("envelope", "eventDateTime", to="1970-01-01T12:25:56Z"),
        "SCHEMA_VIOLATION",
        "envelope.eventDateTime: not a date",
    ),
    (
        "after every term of the law",
        changed("envelope", "eventDateTime", to="2202-06-15T00:00:00Z"),
        "SCHEMA_VIOLATION",
        "envelope.eventDateTime: not a date",
    ),
    (
        "extensions without end",
        changed("declaration", "nationalExtensions", to="@").replace(b'"@"', DEEP.encode()),
        "SCHEMA_VIOLATION",
        "nationalExtensions",
    ),
]


@pytest.mark.parametrize(
    ("data", "reason", "detail"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_refused_with_the_reason_that_helps(data: bytes, reason: str, detail: str) -> None:
    with pytest.raises(Unscreenable) as refused:
        canonical.decode(data)
    assert refused.value.reason == reason
    assert detail in refused.value.detail
    assert "Ivan" not in refused.value.detail


def test_odd_but_lawful_content_is_read() -> None:
    long_name = "Ж" * 999
    message = json.dumps(
        json.loads(encoded(parties=(party(name=long_name + "\0"),), national_extensions={"n": 10**60}))
    )
    doubled = message.replace(
        '"versionNumber": 1', '"versionNumber": 1, "unknown": {"x": []}, "versionNumber": 2'
    )
    version = canonical.decode(doubled.encode())
    assert version.declaration.parties[0].name == long_name + "\0"
    assert version.envelope.version_number == 2
    assert canonical.decode(canonical.encode(version)) == version


def test_what_is_lawfully_undeclared_is_said() -> None:
    silent = item(commodity_code=None, description_of_goods=None)
    version = canonical.decode(encoded(goods_items=(silent,)))
    assert version.declaration.goods_items[0].commodity_code is None
    message = msgspec.json.decode(encoded())
    del message["declaration"]["goodsItems"][0]["commodityCode"]
    with pytest.raises(Unscreenable, match="commodityCode"):
        canonical.decode(msgspec.json.encode(message))
