"""Editions of the Harmonized System: the table is the UN's, and no code becomes new on New Year's Day."""

import csv
from datetime import date
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.declarations.model import CommodityCode
from streams.goods.control_list import bundled
from streams.goods.hs import editions
from streams.goods.own_lists import own_list
from streams.goods.prohibitions import ProhibitionList, Prohibitions
from tests.assessment.cases import blind, verdict
from tests.data import data
from tests.examples import tried
from tests.factory import item

WASTE_AND_MODULES = ("8549", "8524", "852990")
"""What the correlation lets come from nearly every code."""
OWN_ADDITIONS = {("854150", "854151"), ("854150", "854159"), ("911490", "911490")}


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


def _published(name: str) -> set[tuple[str, str]]:
    """(HS 2017, HS 2022) of a table of the United Nations."""
    with data("goods", name).open(encoding="utf-8") as file:
        return {(row["hs2017"], row["hs2022"]) for row in csv.DictReader(file)}


def test_the_table_is_the_conversion_of_the_united_nations() -> None:
    """With the codes that the conversion leaves out, by the correlation."""
    pairs = _published("hs2022_to_hs2017_conversion.csv")
    new = {code for _, code in pairs}
    differing = {(old, code) for old, code in pairs if old != code}
    splits = {old for old, _ in differing}
    living_on = {(old, old) for old in splits if old in new}
    left_out = (
        {old for old, _ in _published("hs2022_hs2017_correlation.csv")} - {old for old, _ in pairs} - new
    )
    successors = {
        (old, code)
        for old, code in _published("hs2022_hs2017_correlation.csv")
        if old in left_out - {"854150"} and not code.startswith(WASTE_AND_MODULES)
    }
    before = {(old, code) for old, code in pairs if code in {code for _, code in successors}}
    text = resources.files("streams.goods").joinpath("tables", "hs2017_hs2022.csv").read_text()
    ours = {(row["hs2017"], row["hs2022"]) for row in csv.DictReader(text.splitlines())}
    assert len(left_out) == 24
    assert ours == differing | living_on | OWN_ADDITIONS | successors | before


def test_every_code_of_both_editions_is_known() -> None:
    codes = editions().codes
    assert codes["2022"] == {code for _, code in _published("hs2022_to_hs2017_conversion.csv")}
    assert codes["2017"] == {old for old, _ in _published("hs2022_hs2017_correlation.csv")}


def test_every_code_of_the_correlation_has_a_successor_and_a_predecessor() -> None:
    hs = editions()
    for old, new in _published("hs2022_hs2017_correlation.csv"):
        assert set(hs.convert(old, "2017", "2022")) <= hs.codes["2022"]
        assert set(hs.convert(new, "2022", "2017")) <= hs.codes["2017"]


@settings(derandomize=True, deadline=None, max_examples=tried(60))
@given(st.data())
def test_a_code_carried_over_is_certain_only_where_all_it_became_is_listed(drawn: st.DataObject) -> None:
    hs = editions()
    old = drawn.draw(st.sampled_from(sorted(hs.to_2022)))
    became = hs.convert(old, "2017", "2022")
    others = st.sampled_from(sorted(hs.codes["2022"]))
    listed = set(drawn.draw(st.lists(st.sampled_from(became), max_size=4))) | set(
        drawn.draw(st.lists(others, max_size=4))
    )
    text = "code,countries,hs_edition\n" + "".join(
        f"{code},RU,2022\n" for code in sorted(listed) or ["999999"]
    )
    own = own_list("drawn", text, "0" * 64, "drawn.csv")
    assert isinstance(own, ProhibitionList)
    met = Prohibitions([own]).found(CommodityCode(hs6=old, hs_version="2017"), date(2021, 5, 4))
    assert bool(met) == bool(listed & set(became))
    for one in met:
        assert one.uncertain == (not set(became) <= listed)
        assert one.whole == (not one.uncertain)


def test_what_is_not_at_hand_of_an_edition_is_said() -> None:
    hs = editions()
    assert "HS 2012" in hs.lacks("901310", "2012")
    assert "HS 2028, which is announced" in hs.lacks("901310", "2028")
    assert hs.lacks("880330", "2022") == "an edition of the HS that has the code 880330: HS 2022 does not"
    assert hs.lacks("880330", "2017") == hs.lacks("901310", "2022") == ""


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"hs_version": "2012"}, "HS 2012"),
        ({"hs_version": "2028"}, "HS 2028"),
        ({"hs6": "901399"}, "has the code 901399"),
    ],
)
def test_a_rule_on_codes_says_which_edition_it_lacks(changes: dict[str, str], missing: str) -> None:
    answer = verdict(goods_items=(item(**{"hs6": "901310", "description": "periscopes"} | changes),))
    lacking = blind(answer, "G01")
    assert lacking is not None and missing in lacking.missing[0]
    assert blind(answer, "G03") is None


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
    assert hs.declared_in("880330", "2022", date(2022, 6, 1)) == ("2017", True)
    assert hs.declared_in("610910", "2017", date(2022, 6, 1)) == ("2017", False)


def test_an_edition_without_a_table_changes_nothing() -> None:
    assert editions().convert("880730", "2028", "2022") == ("880730",)
    assert editions().convert("880330", "2012", "2022") == ("880730",)
