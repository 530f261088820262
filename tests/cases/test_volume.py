"""Volume: ordinary trade stays within what a desk can bear, 24 alerts in 1,000 (docs/rules.md, lanes)."""

import csv
from collections import Counter
from datetime import UTC, datetime

import pytest

from streams.destinations.countries import countries
from tests.assessment.cases import verdict
from tests.data import data
from tests.factory import item, party, route

EVERY = 12


@pytest.mark.parametrize(
    ("destination", "most"),
    [("KR", 2), ("DE", 2), ("TR", 2), ("CN", 2), ("KG", 24), ("KZ", 24)],
)
def test_imports_of_an_ordinary_mix(destination: str, most: int) -> None:
    """The HS and country mix of the WCO BACUDA import data, as if it went to this country by sea."""
    lanes: Counter[str] = Counter()
    with data("declarations", "wco_bacuda", "train.csv").open(encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file)):
            if number % EVERY:
                continue
            dispatch = row["Country of Departure"]
            if destination == "DE" and not countries().troubled.isdisjoint(
                (dispatch, row["Country of Origin"])
            ):
                continue  # what the Union bars from there is RED by law (G06)
            answer = verdict(
                event_date_time=datetime(2024, 6, 1, tzinfo=UTC),
                country_of_dispatch=dispatch,
                country_of_destination=destination,
                countries_of_routing=route(dispatch, destination),
                mode_of_transport_at_border="1",
                goods_items=(
                    item(
                        hs6=row["HS6 Code"].zfill(6),
                        hs_version=None,
                        country_of_origin=row["Country of Origin"],
                        description="goods as declared",
                    ),
                ),
                parties=(party("CONSIGNEE", "Buyer of Goods", country=destination),),
            )
            lanes[answer.lane] += 1
    total = sum(lanes.values())
    assert 1000 * (total - lanes["GREEN"]) / total <= most, lanes
    assert lanes["RED"] == 0
