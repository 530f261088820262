"""Descriptions: words of concern are found in the languages of the trade, and harmless neighbours are left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.goods.descriptions import lexicon
from streams.goods.terms import fold

pytestmark = pytest.mark.R23


def _groups(text: str, least: float = 0.4) -> set[str]:
    return {mention.group.filed for mention in lexicon().read(text).concern if mention.strength >= least}


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
    assert lexicon().read(text).vague


@pytest.mark.parametrize("text", ["brake pads", "parts of water meters", "электроника бортовая", "", "123"])
def test_descriptions_that_say_something_or_are_none(text: str) -> None:
    expected = text == "123"
    assert lexicon().read(text).vague is expected


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    reading = lexicon().read(text)
    assert all(0 < mention.strength <= 1 for mention in reading.concern)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("İNSANSIZ HAVA ARACI", "insansız hava aracı"),
        ("INSANSIZ HAVA ARACI", "insansız hava aracı"),
        ("ПРИЦEЛ", "прицел"),  # a Latin E
        ("FPGА", "fpga"),  # a Cyrillic А
        ("無人機", "无人机"),
        ("ＦＰＧＡ", "fpga"),
        ("WÄRMEBILD", "warmebild"),
    ],
)
def test_one_word_however_it_is_written(written: str, meant: str) -> None:
    assert fold(written) == fold(meant)


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("Book: Night vision, a novel", "490199", False),
        ("Night vision monocular", "490199", True),
        ("Drohnentasche", "420292", False),
        ("Drohne", "420292", True),
        ("чехол прицела", "420292", False),
        ("прицел с чехлом", "420292", True),
        ("无人机包装袋", "392321", False),
        ("Drone için çanta", "420292", False),
        ("Flour milling machine", "843780", False),
        ("XC7K325T-2FFG900I", "392690", True),
    ],
)
def test_what_the_goods_are_decides(text: str, code: str, found: bool) -> None:
    strengths = [mention.strength for mention in lexicon().read(text).misplaced(code)]
    assert any(strength >= 0.4 for strength in strengths) is found
