"""Two names without a list."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.names import compare
from tests.examples import tried


@pytest.mark.parametrize(
    ("name1", "name2"),
    [
        ("Владимир Путин", "Vladimir Putin"),
        ("ОсОО Карголайн", "OSOO KARGOLAYN"),
        ("John Michael Smithson", "Smithson, John Michael"),
        ("Nikolaos Papadopoulos", "Νικόλαος Παπαδόπουλος"),
        ("Global Kargo Trade LLC", "ТОО Глобал Карго Трейд"),
        ("Mohammed Al-Mansouri", "Muhammad al Mansuri"),
        ("深圳市大华科技有限公司", "Shenzhen Dahua Technology Co Ltd"),
    ],
)  # fmt: skip
def test_same_party_scores_high(name1: str, name2: str) -> None:
    assert compare(name1, name2).score >= 0.8


@pytest.mark.parametrize(
    ("name1", "name2"),
    [
        ("ACME TRADING LLC", "ZENITH TRADING LLC"),
        ("John Smith", "Mary Smith"),
        ("Wang Wei", "Wang Lei"),
        ("Global Import Export", "National Import Export"),
        ("", "Acme"),
        ("Acme", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_other_party_scores_low(name1: str, name2: str) -> None:
    assert compare(name1, name2).score < 0.75


def test_only_the_same_name_scores_one() -> None:
    assert compare("Wang Wei", "wang wei").score == 1.0
    assert 0.9 < compare("Wang Wei", "Wei Wang").score < 1.0
    assert 0.95 < compare("Gazprom Neft", "Gazpr\u043em Neft").score < 1.0


def test_tricks_and_length_are_told() -> None:
    assert compare("Gazpr\u043em", "Gazprom").evasion
    assert compare("A" * 10_000, "B").degraded


@settings(max_examples=tried(200), deadline=None)
@given(st.text(max_size=50), st.text(max_size=50))
def test_any_two_strings_compare(name1: str, name2: str) -> None:
    assert 0.0 <= compare(name1, name2).score <= 1.0
    itself = compare(name1, name1)
    assert itself.score in (0.0, 1.0) or itself.evasion
