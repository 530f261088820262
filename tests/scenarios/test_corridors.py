"""R05, R08, R10 told to declarations: where a corridor begins is where the goods are sent from, or where they were made."""

from collections.abc import Iterator
from typing import Any

import pytest

from streams.corridors.settings import settings
from streams.destinations.atlas import atlas
from streams.patterns.corridors import Corridors
from streams.patterns.trade import DeclaredTrade
from tests.patterns.trades import blind, chips, codes, firm, found, told, trade

pytestmark = [pytest.mark.R05, pytest.mark.R08, pytest.mark.R10]

SIGHTS = chips(hs6="901310", tier="3.B", origin="CN", value=30_000.0)


def corridors() -> Corridors:
    return Corridors(atlas(), settings())


def monthly(first: str, last: str, consignments: int = 3, **changes: Any) -> Iterator[DeclaredTrade]:
    """So many consignments a month."""
    (year, month), end = map(int, first.split("-")), tuple(map(int, last.split("-")))
    while (year, month) <= end:
        for number in range(consignments):
            at = f"{year}-{month:02}-{5 + number * 7:02}"
            yield trade(at, **changes | {"declaration": f"{at}|{number}|{changes}"})
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def moved(**changes: Any) -> dict[str, Any]:
    """Chinese sights that a Kyrgyz firm sends on to Russia."""
    return {
        "regime": "INTRA_UNION_MOVEMENT",
        "dispatch": "KG",
        "destination": "RU",
        "goods": (SIGHTS,),
        "takers": (firm("Moskovsky Optik", country="RU"),),
    } | changes


def test_sights_that_were_never_a_trade_between_two_countries_are_told_of_wherever_they_were_made() -> None:
    """Russia always bought them in China; from Kyrgyzstan none ever came."""
    always = monthly("2020-01", "2022-09", regime="IMPORT", dispatch="CN", destination="RU", goods=(SIGHTS,))
    past = [*always, *monthly("2022-07", "2022-08", **moved())]
    answer = told(corridors(), past, trade("2022-09-02", **moved()))
    new = found(answer, "corridor.new")
    assert new is not None and new.rule == "R08"
    assert "HS 901310 from KG to RU" in new.evidence


def test_sights_that_come_in_count_where_they_were_made_whatever_way_they_came() -> None:
    """A trade of years does not become another when a forwarder in Dubai takes it over."""
    past = list(monthly("2020-01", "2022-07", goods=(SIGHTS,)))
    past += monthly("2022-08", "2022-10", goods=(SIGHTS,), dispatch="AE")
    answer = told(corridors(), past, trade("2022-11-02", goods=(SIGHTS,), dispatch="AE"))
    assert not codes(answer) and not blind(answer)


def test_a_trade_that_grows_tenfold_is_told_of() -> None:
    past = [*monthly("2020-01", "2022-05", goods=(SIGHTS,))]
    large = chips(hs6="901310", tier="3.B", origin="CN", value=300_000.0)
    past += monthly("2022-06", "2022-07", goods=(large,))
    surge = found(told(corridors(), past, trade("2022-08-02", goods=(large,))), "corridor.surge")
    assert surge is not None and surge.rule == "R05"


def test_a_wave_of_firms_never_seen_is_told_of_and_one_of_old_customers_is_not() -> None:
    old = tuple(firm(f"Old {number}", number=str(number)) for number in range(12))
    past = sorted(
        (one for taker in old for one in monthly("2020-01", "2022-06", 1, goods=(SIGHTS,), takers=(taker,))),
        key=lambda one: one.at,
    )
    fresh = [
        trade(
            "2022-07-11", declaration=f"new|{n}", goods=(SIGHTS,), takers=(firm(f"New {n}", number=f"9{n}"),)
        )
        for n in range(15)
    ]
    again = [
        trade("2022-07-11", declaration=f"old|{n}", goods=(SIGHTS,), takers=(taker,))
        for n, taker in enumerate(old)
    ]
    asks = trade("2022-08-02", goods=(SIGHTS,))
    assert "corridor.new_firms" in codes(told(corridors(), [*past, *fresh], asks))
    assert "corridor.new_firms" not in codes(told(corridors(), [*past, *again], asks))


def test_a_stream_that_has_just_begun_is_blind_and_says_so() -> None:
    answer = told(
        corridors(), monthly("2022-06", "2022-07", **moved()), trade("2022-08-02", **moved()), "2022-06-01"
    )
    assert not codes(answer)
    assert {"R05", "R08", "R10"} <= blind(answer)
