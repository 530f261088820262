"""The mixes of the bench are what they are said to be."""

from collections import Counter
from hashlib import sha256
from itertools import islice
from typing import Any

import msgspec
import pytest

from streams.assessment.screening import Rulebook
from streams.bench.traffic import MIXES, Mix, messages

COUNT = 3_000


def declared(mix: Mix, seed: int = 1) -> list[Any]:
    return [msgspec.json.decode(value)["declaration"] for _, value in islice(messages(mix, seed), COUNT)]


def new_names(declarations: list[Any]) -> dict[str, int]:
    """Role -> names that no declaration before had."""
    seen, new = set[str](), Counter[str]()
    for one in declarations:
        for party in one["parties"]:
            new[party["role"]] += party["name"] not in seen
            seen.add(party["name"])
    return new


def with_priority_goods(declarations: list[Any]) -> float:
    """Share of the declarations."""
    listed = Rulebook.load().high_priority
    return (
        sum(
            any(listed.match(item["commodityCode"]["hs6"]) for item in one["goodsItems"])
            for one in declarations
        )
        / COUNT
    )


@pytest.mark.parametrize("mix", MIXES)
def test_a_seed_gives_the_same_and_another_other_keys(mix: Mix) -> None:
    once = list(islice(messages(mix, 1), 50))
    assert once == list(islice(messages(mix, 1), 50))
    assert not {key for key, _ in once} & {key for key, _ in islice(messages(mix, 2), 50)}


def test_trade_knows_four_names_in_five_and_has_some_priority_goods() -> None:
    trade = declared("trade")
    assert sum(new_names(trade).values()) / (3 * COUNT) == pytest.approx(0.2, abs=0.02)
    assert with_priority_goods(trade) == pytest.approx(0.04, abs=0.01)


def test_parcels_are_one_item_without_priority_goods_to_ever_new_persons() -> None:
    parcels = declared("parcels")
    new = new_names(parcels)
    assert new["CONSIGNEE"] > 0.99 * COUNT and new["EXPORTER"] + new["DECLARANT"] < 0.02 * COUNT
    assert {len(one["goodsItems"]) for one in parcels} == {1}
    assert with_priority_goods(parcels) == 0


def test_harsh_is_what_was_measured_before() -> None:
    assert with_priority_goods(declared("harsh")) == pytest.approx(0.8, abs=0.03)
    first = b"".join(key + value for key, value in islice(messages("harsh", 3), 500))
    assert sha256(first).hexdigest() == "31aadc389f866128b8451e4bb4a2548c6567d977f726b121da6e68ddd6b3e8f9"
