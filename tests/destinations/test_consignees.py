"""Names that name nobody, and trades that receive for others."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.destinations.consignees import consignees

pytestmark = pytest.mark.R12


@pytest.mark.parametrize(
    "name",
    [
        "TO ORDER",
        "To the order of Demir Bank",
        "order",
        "TBA",
        "По приказу отправителя",
        "AN ORDER",
        "凭指示",
        "Same as consignee",
    ],
)
def test_placeholders_name_nobody(name: str) -> None:
    assert consignees().read(name).placeholder


@pytest.mark.parametrize(
    "name", ["Order Textil GmbH", "Tobias Order", "Various Artists Ltd", "Nadir OsOO", "Any Season Foods"]
)
def test_firms_that_sound_alike_are_somebody(name: str) -> None:
    assert not consignees().read(name).placeholder


def test_to_whose_order_is_said() -> None:
    assert consignees().read("To the order of Demir Bank").behind == "Demir Bank"


@pytest.mark.parametrize(
    ("name", "trade"),
    [
        ("Bishkek Logistics OsOO", "forwarder or logistics firm"),
        ("ОсОО «Карго Экспресс»", "forwarder or logistics firm"),
        ("Spedition Müller GmbH", "forwarder or logistics firm"),
        ("Экспедиторская компания Ала-Тоо", "forwarder or logistics firm"),
        ("Demir Kyrgyz International Bank", "bank"),
        ("ОАО Айыл Банк", "bank"),
        ("Почта, до востребования", "mail or parcel centre"),
        ("OSOO KARGOLAYN", ""),
        ("Bankrupt Brewing Co", ""),
        ("Ala-Too Trade OsOO", ""),
    ],
)
def test_trades_are_read_from_names(name: str, trade: str) -> None:
    assert consignees().read(name).trade == trade


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=200))
def test_any_name_can_be_read(name: str) -> None:
    consignees().read(name)
