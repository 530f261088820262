"""Amounts that detectors compare, sum and print are euro, whatever they were declared in."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from streams.corridors.settings import settings
from streams.declarations.reading import Unreadable
from streams.destinations.atlas import atlas
from streams.goods.worth import CURRENCY, VALUE
from streams.patterns import relodged
from streams.patterns.corridors import Corridors
from streams.patterns.gravity import TakerQuestion
from streams.patterns.splits import SplitFigures, Splits
from streams.patterns.trade import DeclaredTrade, TradedGood, trade_of
from tests.factory import declaration, item
from tests.patterns.trades import gravity, told

AT = datetime(2023, 4, 4, 8, tzinfo=UTC)


def traded(at: datetime = AT, **changes: Any) -> DeclaredTrade:
    """Chips from China into Kyrgyzstan; a change of the item or of the declaration."""
    goods = {name: changes.pop(name) for name in list(changes) if name.startswith(("statistical", "item_"))}
    version = declaration(
        goods_items=(item(hs6="854231", description="chips", **goods),), event_date_time=at, **changes
    )
    return trade_of(version, lambda code: "1" if code == "854231" else None, lambda code, *_: code)


def good(**changes: Any) -> TradedGood:
    (one,) = traded(**changes).goods
    return one


@pytest.mark.parametrize(
    ("changes", "euro"),
    [
        ({"statistical_value_currency": "USD"}, 4_559),
        ({"statistical_value_currency": "KGS"}, 52),
        ({"statistical_value_currency": "EUR"}, 5_000),
        ({"statistical_value_currency": "JPY"}, 34.1),
        # Without one, that of the customs it is declared to: dollars in Kyrgyzstan, euro in Germany, pounds in Britain.
        ({"statistical_value_currency": None}, 4_559),
        ({"statistical_value_currency": None, "regime": "EXPORT", "country_of_dispatch": "DE"}, 5_000),
        ({"statistical_value_currency": None, "regime": "EXPORT", "country_of_dispatch": "GB"}, 5_675),
        # No currency known, or no rate: what was invoiced, in its own.
        (
            {"statistical_value_currency": "XTS", "item_amount_invoiced": "900", "invoice_currency": "EUR"},
            900,
        ),
        ({"statistical_value": None, "item_amount_invoiced": "900000", "invoice_currency": "KGS"}, 9_364),
    ],
)
def test_a_value_is_told_in_euro(changes: dict[str, Any], euro: int) -> None:
    assert good(**changes).value == pytest.approx(euro, rel=0.002)


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"statistical_value": None}, VALUE),
        ({"statistical_value_currency": "XTS"}, "an exchange rate of XTS for 2023-04"),
        (
            {"statistical_value_currency": None, "country_of_destination": "CN", "country_of_dispatch": "UZ"},
            CURRENCY,
        ),
        ({"statistical_value": None, "item_amount_invoiced": "900"}, CURRENCY),
        ({"at": datetime(2045, 1, 1, tzinfo=UTC)}, "an exchange rate of USD for 2045-01"),
    ],
)
def test_without_a_currency_or_a_rate_nothing_is_said_and_never_one_to_one(
    changes: dict[str, Any], lacks: str
) -> None:
    one = good(**changes)
    assert (one.value, one.lacks) == (None, lacks)


def test_a_currency_that_could_not_be_read_is_not_that_of_the_law() -> None:
    version = declaration(goods_items=(item(statistical_value_currency=None),))
    unread = Unreadable(
        path="declaration.goodsItems[0].statisticalValueCurrency",
        kind="code",
        reason="no currency code",
        text="$$",
    )
    for one, known in ((version, True), (msgspec.structs.replace(version, unreadable=(unread,)), False)):
        (found,) = trade_of(one, lambda _: None, lambda code, *_: code).goods
        assert (found.value is not None) is known


def boxes(currency: str, each: str) -> list[DeclaredTrade]:
    way = {"country_of_dispatch": "DE", "regime": "EXPORT"}
    return [
        traded(at=AT.replace(day=day), statistical_value=each, statistical_value_currency=currency, **way)
        for day in (4, 6, 8)
    ]


SPLITS = Splits(gravity(), SplitFigures.bundled())


@pytest.mark.parametrize(
    ("currency", "each", "found"),
    [
        ("EUR", "900", True),
        ("EUR", "1001", False),  # in the threshold's own currency to the cent
        ("USD", "1090", True),
        ("USD", "1200", False),
        ("KGS", "85000", True),
        ("KGS", "900", False),  # nine euro
        ("KGS", "150000", False),
        ("JPY", "130000", True),
    ],
)
def test_a_split_is_one_in_any_currency(currency: str, each: str, found: bool) -> None:
    *past, asks = boxes(currency, each)
    answer = told(SPLITS, past, asks, began="2020-01-01")
    assert bool(answer.findings) is found
    if found:
        assert "are worth EUR 2," in answer.findings[0].evidence


def test_a_split_without_a_rate_is_not_evaluable() -> None:
    *past, asks = boxes("XTS", "900")
    answer = told(SPLITS, past, asks)
    assert not answer.findings
    assert answer.not_evaluable[0].missing == ("an exchange rate of XTS for 2023-04",)


def test_gravity_does_not_take_what_it_cannot_read_for_little() -> None:
    asks = next(
        ask for _, ask in gravity().takers(traded(statistical_value="90", statistical_value_currency="XTS"))
    )
    assert asks is not None
    assert (asks.value, asks.currency) == (None, "")
    assert "worth" not in asks.goods
    small = next(
        ask for _, ask in gravity().takers(traded(statistical_value="90", statistical_value_currency="USD"))
    )
    assert small is not None and small.gravity < asks.gravity
    assert "worth EUR 82," in small.goods


def test_what_an_older_release_asked_is_read_and_names_no_amount_without_a_currency() -> None:
    now = next(ask for _, ask in gravity().takers(traded()))
    assert now is not None
    old = msgspec.msgpack.encode(msgspec.structs.astuple(now)[:-1])
    read = msgspec.msgpack.decode(old, type=TakerQuestion)
    assert read.value == now.value
    assert "worth" not in read.goods


def test_a_corridor_counts_euro_and_says_what_it_could_not_count() -> None:
    detector = Corridors(atlas(), settings())

    def part(**changes: Any):
        trade = traded(**changes)
        goods = (msgspec.structs.replace(trade.goods[0], watched="chpl"),)
        parts = [one.part for one in detector.contributions(msgspec.structs.replace(trade, goods=goods))]
        return next(one for one in parts if not one.firms_only)

    assert part(statistical_value_currency="KGS").value == pytest.approx(5_203, rel=0.002)
    unknown = part(statistical_value_currency="XTS")
    assert (unknown.value, unknown.lacks) == (0, "an exchange rate of XTS for 2023-04")
    state = detector.empty(0)
    missing = {one.missing for one in detector.tell(state, unknown, 0).not_evaluable if one.rule == "R05"}
    assert ("an exchange rate of XTS for 2023-04",) in missing


def test_lodged_again_in_the_same_currency_is_the_same_value_whatever_the_rate_did() -> None:
    entry = relodged.LodgedLot(1, -1, 0, "KG", "", 0, 1, 100_00, "a", 2_000_00, "TRY")
    later = msgspec.structs.replace(entry, cents=80_00, declaration="b")
    assert relodged._values(entry, later) == (2_000_00, 2_000_00)
    dollars = msgspec.structs.replace(later, declared=90_00, currency="USD")
    assert relodged._values(entry, dollars) == (100_00, 80_00)


def test_an_entry_of_an_older_release_is_compared_as_declared() -> None:
    old = msgspec.msgpack.decode(
        msgspec.msgpack.encode((1, -1, 0, "KG", "", 0, 1, 100_00, "a")), type=relodged.LodgedLot
    )
    new = relodged.LodgedLot(1, -1, 0, "KG", "", 0, 1, 91_00, "b", 100_00, "USD")
    assert relodged._values(old, new) == (100_00, 100_00)
