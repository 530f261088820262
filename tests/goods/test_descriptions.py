"""Descriptions: words of concern are found in the languages of the trade, and harmless neighbours are left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.goods.descriptions import lexicon

pytestmark = pytest.mark.R23


def _groups(text: str, least: float = 0.4) -> set[str]:
    return {mention.group.name for mention in lexicon().read(text)[0] if mention.strength >= least}


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Thermal imaging camera 640x512", "weapon_sight"),
        ("RIFLE SCOPES 3-9x40", "weapon_sight"),
        ("Прицел оптический 4-16x50 с креплением", "weapon_sight"),
        ("Тепловизионный монокуляр", "weapon_sight"),
        ("Zielfernrohre", "weapon_sight"),
        ("猎枪瞄准镜", "weapon_sight"),
        ("БПЛА сельскохозяйственный", "drone"),
        ("DJI quadcopter Mavic", "drone"),
        ("Микросхемы интегральные", "chip"),
        ("FPGA development board", "chip"),
    ],
)
def test_goods_of_concern_are_named(text: str, group: str) -> None:
    assert group in _groups(text)


@pytest.mark.parametrize(
    "text",
    [
        "Прицеп тракторный",  # a trailer, one letter off a sight
        "thermal paper rolls",
        "thermal underwear",
        "stethoscopes",
        "cable for drones",
        "аккумулятор для дронов",
        "Washing machine with microcontroller",
        "dronedarone tablets",
        "microwave ovens",
        "Optical fibre cable",
        "",
    ],
)
def test_harmless_goods_are_not(text: str) -> None:
    assert _groups(text) == set()


@pytest.mark.parametrize(
    "text", ["parts", "SPARE PARTS", "electronic components", "запчасти", "Прочие товары 12"]
)
def test_descriptions_that_say_nothing(text: str) -> None:
    assert lexicon().read(text)[1]


@pytest.mark.parametrize("text", ["brake pads", "parts of water meters", "электроника бортовая", "", "123"])
def test_descriptions_that_say_something_or_are_none(text: str) -> None:
    expected = text == "123"
    assert lexicon().read(text)[1] is expected


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    mentions, _ = lexicon().read(text)
    assert all(0 < mention.strength <= 1 for mention in mentions)
