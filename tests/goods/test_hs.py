"""Editions of the Harmonized System: the table is the UN's, and no code becomes new on New Year's Day."""

import csv
from datetime import date
from importlib import resources

import pytest

from streams.goods.control_list import bundled
from streams.goods.hs import editions
from tests.data import data

OWN_ADDITIONS = {("854150", "854151"), ("854150", "854159")}


def test_the_edition_in_force_changes_on_new_years_day() -> None:
    hs = editions()
    assert [hs.at(date(year, 1, 1)) for year in (2016, 2017, 2021, 2022, 2027, 2028)] == [
        "2012",
        "2017",
        "2017",
        "2022",
        "2022",
        "2028",
    ]
    assert hs.at(date(2021, 12, 31)) == "2017"
    assert hs.at(date(1990, 1, 1)) == "2012"


def test_the_table_is_the_conversion_of_the_united_nations() -> None:
    with data("goods", "hs2022_to_hs2017_conversion.csv").open(encoding="utf-8") as file:
        pairs = {(row["hs2017"], row["hs2022"]) for row in csv.DictReader(file)}
    new = {code for _, code in pairs}
    differing = {(old, code) for old, code in pairs if old != code}
    splits = {old for old, _ in differing}
    living_on = {(old, old) for old in splits if old in new}
    text = resources.files("streams.goods").joinpath("tables", "hs2017_hs2022.csv").read_text()
    ours = {(row["hs2017"], row["hs2022"]) for row in csv.DictReader(text.splitlines())}
    assert ours == differing | living_on | OWN_ADDITIONS


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("880330", ("880730",)),
        ("854890", ("854800",)),
        ("852580", ("852581", "852582", "852583", "852589")),
        ("854140", ("854141", "854142", "854143", "854149")),
        ("854150", ("854151", "854159")),
        ("851712", ("851713", "851714")),
        ("901310", ("901310",)),
        ("854231", ("854231",)),
    ],
)
def test_codes_of_2017_in_2022(old: str, new: tuple[str, ...]) -> None:
    assert editions().convert(old, "2017", "2022") == new


def test_every_high_priority_code_can_be_reached_from_2017() -> None:
    chpl = next(one for one in bundled() if one.header.name == "chpl")
    for code in chpl.entries:
        old = editions().convert(code, "2022", "2017")
        assert any(code in editions().convert(one, "2017", "2022") for one in old), code


def test_a_code_that_the_edition_in_force_does_not_have_is_of_the_other_one() -> None:
    hs = editions()
    assert hs.declared_in("880330", None, date(2022, 6, 1)) == ("2017", True)
    assert hs.declared_in("880730", None, date(2021, 6, 1)) == ("2022", True)
    assert hs.declared_in("880330", "2017", date(2022, 6, 1)) == ("2017", False)
    assert hs.declared_in("610910", None, date(2022, 6, 1)) == ("2022", True)


def test_an_edition_without_a_table_changes_nothing() -> None:
    assert editions().convert("880730", "2028", "2022") == ("880730",)
    assert editions().convert("880330", "2012", "2022") == ("880730",)
