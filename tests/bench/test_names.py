"""The bench of names: what it alters is altered, and what it calls a near-miss is on no list."""

import random

import pytest

from streams.bench.names.alterations import HELD_OUT, TUNED, Alteration, altered
from streams.bench.names.measure import Case, Score, share, threshold_at
from streams.bench.names.strangers import HELD_OUT_FIRMS, NEAR_FIRMS, Maker, clean_firms, near_misses, telling

FIRMS = [
    "LIMITED LIABILITY COMPANY SEVERNAYA ZVEZDA 7",
    "Kargolayn Trading Company",
    "Ostrov Shipping and Logistics LLC",
    "Bereg Al-Mansouri Group 12",
    "Volna Machine Factory",
]


@pytest.mark.parametrize("classes", [TUNED, HELD_OUT])
def test_altered_names_differ_and_come_out_the_same_from_one_seed(classes: dict[str, Alteration]) -> None:
    once = altered(FIRMS, classes, 5, seed=1)
    assert once == altered(FIRMS, classes, 5, seed=1)
    assert {label for label, _, _ in once} >= {"typing error", "order", "dropped word", "invisible"}
    assert all(name != changed and name in FIRMS for _, name, changed in once)


@pytest.mark.parametrize("makers", [NEAR_FIRMS, HELD_OUT_FIRMS])
def test_near_miss_is_no_listed_name(makers: dict[str, Maker]) -> None:
    made = near_misses(FIRMS, clean_firms(FIRMS, 20, 1, FIRMS), makers, 5, 1, FIRMS)
    assert made
    assert not {name for _, name in made} & set(FIRMS)


def test_legal_forms_and_common_words_are_not_telling() -> None:
    assert telling("LIMITED LIABILITY COMPANY SEVERNAYA ZVEZDA") == [3, 4]
    assert telling("Kargolayn Trading LLC") == [0]


def test_threshold_lets_no_more_than_the_rate_through() -> None:
    random_ = random.Random(2)
    near = [Score(Case("person", "near", str(n)), random_.random()) for n in range(500)]
    assert share(near, threshold_at(near, 0.05)) == pytest.approx(0.05)
    assert share(near, threshold_at(near, 0.02)) == pytest.approx(0.02)
