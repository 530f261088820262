"""The labelled descriptions that the lexicon was not written with, and texts of the HS under their own codes."""

import csv
from pathlib import Path

import pytest

from tests.data import data
from tests.goods.labelled import SEEN, Counted, Labelled, counted, rows, table

pytestmark = pytest.mark.R23

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def held_back() -> dict[str, Counted]:
    return counted(row for row in rows() if row.held_back)


def test_five_hundred_descriptions_are_labelled() -> None:
    every = list(rows())
    assert len(every) >= 500
    assert 0.4 < sum(row.held_back for row in every) / len(every) < 0.6


@pytest.mark.parametrize("language", ["all", "en", "ru", "zh", "tr", "de", "ky", "kk"])
def test_words_against_code_by_language(language: str, held_back: dict[str, Counted]) -> None:
    count = held_back[language]
    assert count.precision >= 0.9
    assert count.recall >= 0.75


def test_everyday_goods_on_a_high_priority_code(held_back: dict[str, Counted]) -> None:
    count = held_back["all"]
    assert count.innocent >= 20
    assert count.innocent_found / count.innocent >= 0.8


def test_what_was_mended_stays_mended() -> None:
    count = counted(rows(SEEN))["all"]
    assert count.precision >= 0.98 and count.recall >= 0.98


def test_the_table_of_the_docs_is_what_is_counted() -> None:
    assert table() in (ROOT / "docs" / "descriptions.md").read_text()


@pytest.mark.load
def test_texts_of_the_hs_say_nothing_under_their_own_code() -> None:
    """5,613 official descriptions, each under its own code: whatever is said of one is wrong."""
    with data("goods/hs2022.csv").open(encoding="utf-8", newline="") as file:
        texts = [row for row in csv.DictReader(file) if row["level"] == "6"]
    wrong = [
        (row["hscode"], row["description"])
        for row in texts
        if Labelled("en", row["description"], row["hscode"], "none").said() == "mismatch"
    ]
    assert len(texts) > 5_000
    assert wrong == []
