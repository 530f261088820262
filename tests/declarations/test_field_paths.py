"""Paths of a field map through lists: expanded where the target is a list, else one value or a refusal that names the path."""

import tomllib
from typing import Any

import pytest

from streams.declarations.errors import Unscreenable
from streams.declarations.formats.mapped import field_paths
from streams.declarations.formats.mapped.reader import FieldMap
from streams.declarations.model import DeclarationVersion
from tests.declarations.test_mapped import RECEIVED, read_mapped

HOUSES = """
envelope = { declarationKey = "id" }
regime = "TRANSIT"
countryOfDestination = "house.to"
[[parties]]
role = "CARRIER"
name = "carrier"
[[parties]]
role = "CONSIGNEE"
name = "house.consignee.name"
identificationNumber = "house.consignee.number"
address.country = "house.consignee.country"
address.lines = "house.consignee.street"
[[transportMeans]]
identificationNumber = "truck.plate"
[items]
each = "house.lines"
hs6 = "code"
description = "text"
additionalProcedures = "procedures.code"
"""
LINE = {"code": "901310", "text": "sights"}


def house(name: str, **more: Any) -> dict[str, Any]:
    return {"to": "KG", "consignee": {"name": name, "country": "KG"}, "lines": [LINE]} | more


def houses(*given: Any, **more: Any) -> DeclarationVersion:
    content = {"id": "1", "carrier": "C", "house": list(given)} | more
    return read_mapped(content, FieldMap(tomllib.loads(HOUSES)))


def test_a_list_in_a_path_is_expanded_where_the_target_is_one() -> None:
    one = houses(
        house(
            "A",
            lines=[LINE, {"code": "610910", "text": "shirts", "procedures": [{"code": "1"}, {"code": "2"}]}],
        )
    )
    assert (
        one.declaration
        == read_mapped(
            {
                "id": "1",
                "carrier": "C",
                "house": house(
                    "A",
                    lines=[LINE, {"code": "610910", "text": "shirts", "procedures": {"code": ["1", "2"]}}],
                ),
            },
            FieldMap(tomllib.loads(HOUSES)),
        ).declaration
    )
    assert one.declaration.goods_items[1].additional_procedures == ("1", "2")
    several = houses(
        house(
            "A",
            consignee=[
                {"name": "A", "street": ["1 Road", "Town"]},
                {"name": "B", "number": 7, "country": "RU"},
            ],
        ),
        house("C"),
        house("C", consignee={"name": "C", "country": "KZ"}),
        truck=[{"plate": "1"}, {"plate": "2"}],
    ).declaration
    assert [
        (
            one.role,
            one.name,
            one.identification_number,
            one.address and (one.address.country, one.address.lines),
        )
        for one in several.parties
    ] == [
        ("CARRIER", "C", None, None),
        ("CONSIGNEE", "A", None, (None, ("1 Road", "Town"))),
        ("CONSIGNEE", "B", "7", ("RU", ())),
        ("CONSIGNEE", "C", None, ("KG", ())),
        ("CONSIGNEE", "C", None, ("KZ", ())),
    ]
    assert [one.identification_number for one in several.transport_means] == ["1", "2"]
    assert [one.goods_item_number for one in several.goods_items] == [1, 2, 3]


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        (
            (house("A"), house("B", to="RU")),
            "house: a list of 2 with different values, where declaration.countryOfDestination",
        ),
        ((house("A", lines=[LINE | {"text": ["a", "b"]}]),), "house[0].lines[0].text: a list of 2"),
        (
            (house("A", consignee={"name": ["A", "B"], "number": [1, 2]}),),
            "house.consignee.number: a list of 2",
        ),
    ],
)
def test_a_list_where_one_value_is_meant_refuses_with_its_path(given: Any, detail: str) -> None:
    with pytest.raises(Unscreenable) as refused:
        houses(*given)
    assert refused.value.reason == "SCHEMA_VIOLATION"
    assert refused.value.detail.startswith(detail)


@pytest.mark.parametrize(
    "grown",
    [
        lambda n: {"house": [house(f"F{i}", lines=[LINE] * (i == 0)) for i in range(n)]},
        lambda n: {"house": [house("F", lines=[LINE])] * n, "truck": [{"plate": "1"}] * n},
        lambda n: {"house": [house("F", lines=[LINE] * n)] + [house("F", lines=[])] * n},
        lambda n: {"house": house("F", consignee=[{"name": "A", "street": ["1"] * n}] * 2 + [{"name": "B"}])},
    ],
)
def test_a_long_list_in_a_path_costs_no_more_than_its_length(grown: Any) -> None:
    """Work is counted, not timed: steps into values of the message."""
    table = tomllib.loads(HOUSES)
    table["items"]["countryOfDestination"] = "$.house.to"

    def steps(n: int) -> int:
        content = {"id": "1", "carrier": "C", "lines": [LINE]} | grown(n)
        count = 0
        original = field_paths._blank

        def counted(value: Any) -> bool:
            nonlocal count
            count += 1
            return original(value)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(field_paths, "_blank", counted)
            FieldMap(table).build(content, RECEIVED)
        return count

    assert steps(400) <= 2.1 * steps(200)
