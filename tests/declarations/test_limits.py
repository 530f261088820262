"""Nothing of a declaration is without bounds, in any format, and what an amendment makes of one keeps them."""

import json
from typing import Any

import msgspec
import pytest

from streams.declarations import limits
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Original, Tree
from streams.declarations.formats.adapters import Formats, amend, read, version_of
from streams.declarations.formats.mapped.reader import FieldMap
from tests.declarations.fields import LISTS, TEXTS, Field, entry, with_value
from tests.declarations.test_adapters import RECEIVED
from tests.declarations.test_wco_dm import fixture
from tests.factory import declaration, encoded

FREE = {"envelope.schemaVersion"}
"""Only known ones are read."""
TOLD = ("unreadable", "repaired")
"""What a sender says that it could not read itself is counted beyond a bound, not refused: tests/declarations/test_lenient.py."""
LARGE = 64 * 1024 * 1024
NAME = b"<Name>Invented Lines\n          S.A.</Name>"


def refusal(data: bytes, format: str = "auto", field_map: FieldMap | None = None) -> Unscreenable:
    with pytest.raises(Unscreenable) as error:
        read(data, format=format, received=RECEIVED, max_bytes=LARGE, formats=Formats(field_map))
    return error.value


def accepted(data: bytes) -> None:
    read(data, received=RECEIVED, max_bytes=LARGE)


def test_every_list_and_text_has_a_bound() -> None:
    assert [field.name for field in (*LISTS, *TEXTS) if field.limit is None and field.name not in FREE] == []
    assert len(LISTS) > 20
    assert len(TEXTS) > 80


@pytest.mark.parametrize(
    "field", [one for one in LISTS if not one.name.startswith(TOLD)], ids=lambda field: field.name
)
def test_a_list_is_read_up_to_its_bound(field: Field) -> None:
    limit = field.limit or 0
    values: list[Any] = [entry(field.kind, number) for number in range(1, limit + 2)]
    error = refusal(with_value(declaration(), field.path, values))
    assert error.reason == "SCHEMA_VIOLATION"
    assert f"length <= {limit}" in error.detail
    assert error.detail.startswith(field.name.replace(".0", "[0]"))
    accepted(with_value(declaration(), field.path, values[:-1]))


@pytest.mark.parametrize(
    "field",
    [one for one in TEXTS if one.name not in FREE and not one.name.startswith(TOLD)],
    ids=lambda field: field.name,
)
def test_a_text_is_read_up_to_its_bound(field: Field) -> None:
    limit = field.limit or 0
    error = refusal(with_value(declaration(), field.path, "Ж" * (limit + 1)))
    assert error.reason == "SCHEMA_VIOLATION"
    assert f"length <= {limit}" in error.detail
    accepted(with_value(declaration(), field.path, "Ж" * limit))


@pytest.mark.parametrize(
    "extensions",
    [
        {"values": [0] * limits.EXTENSION_VALUES},
        {"nested": [[index] for index in range(limits.EXTENSION_VALUES // 2 + 1)]},
        {str(index): index for index in range(limits.EXTENSION_VALUES + 1)},
    ],
)
def test_national_extensions_have_a_size(extensions: dict[str, Any]) -> None:
    error = refusal(encoded(national_extensions=extensions))
    assert error.reason == "SCHEMA_VIOLATION"
    assert f"more than {limits.EXTENSION_VALUES} values" in error.detail


def test_national_extensions_have_a_depth() -> None:
    deep: Any = 1
    for _ in range(limits.EXTENSION_DEPTH + 1):
        deep = [deep]
    assert f"deeper than {limits.EXTENSION_DEPTH}" in refusal(encoded(national_extensions={"a": deep})).detail


def test_bounds_hold_for_xml() -> None:
    long = b"<Name>" + b"x" * (limits.NAME + 1) + b"</Name>"
    error = refusal(fixture("import.xml").replace(NAME, long, 1))
    assert error.reason == "SCHEMA_VIOLATION"
    assert f"length <= {limits.NAME}" in error.detail
    item = b"<GovernmentAgencyGoodsItem><SequenceNumeric>1</SequenceNumeric></GovernmentAgencyGoodsItem>"
    many = fixture("import.xml").replace(
        b"<GovernmentAgencyGoodsItem>", item * limits.ITEMS + b"<GovernmentAgencyGoodsItem>", 1
    )
    assert f"length <= {limits.ITEMS}" in refusal(many).detail


def test_bounds_hold_for_mapped_json() -> None:
    table = {
        "envelope": {"declarationKey": "id"},
        "declaration": {"regime": "IMPORT"},
        "parties": {"role": "CONSIGNEE", "each": "firms", "name": "."},
        "items": {"each": "lines", "hs6": "code", "description": "text"},
    }
    field_map = FieldMap(table)
    message = {
        "id": "1",
        "firms": ["Firm"] * (limits.PARTIES + 1),
        "lines": [{"code": "854231", "text": "x"}],
    }
    assert f"length <= {limits.PARTIES}" in refusal(json.dumps(message).encode(), "mapped", field_map).detail
    message |= {"firms": ["F" * (limits.NAME + 1)]}
    assert f"length <= {limits.NAME}" in refusal(json.dumps(message).encode(), "mapped", field_map).detail


def test_bounds_hold_for_what_an_amendment_makes() -> None:
    original = read(fixture("import.xml"), received=RECEIVED, max_bytes=LARGE)
    assert isinstance(original, Original)
    grown = _renamed(original.source, "x" * (limits.NAME + 1))
    with pytest.raises(Unscreenable, match=f"length <= {limits.NAME}") as error:
        version_of(grown, original.version.envelope)
    assert error.value.reason == "SCHEMA_VIOLATION"
    assert amend("uk.cds", original.source, Tree("Declaration")) is not None


def _renamed(tree: Tree, name: str) -> Tree:
    children = tuple(_renamed(child, name) for child in tree.children)
    text = name if tree.name == "Name" and not children else tree.text
    return msgspec.structs.replace(tree, text=text, children=children)
