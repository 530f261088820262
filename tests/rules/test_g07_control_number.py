"""G07: numbers of export control lists are read wherever a declaration names them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.declarations.model import AdditionalInformation, Document, ExportControl
from streams.goods.control_numbers import control_numbers
from tests.assessment.cases import blind, codes, found, verdict
from tests.examples import tried
from tests.factory import item

pytestmark = pytest.mark.G07

NUMBER, MISFIT = "goods.control_number", "goods.control_number_misfit"


def _numbers(good: Any, *statements: AdditionalInformation) -> set[str]:
    return {one.number for one in control_numbers().declared(good, statements).numbers}


@pytest.mark.parametrize(
    "changes",
    [
        {"export_control": ExportControl(ECCN="3A001")},
        {"export_control": ExportControl(ECCN="3a001.a.2")},
        {"export_control": ExportControl(ECN_EU="3A001")},
        {"additional_codes": ("4604", "3A001")},
        {"documents": (Document(type="X002", reference_number="3A001"),)},
        {"documents": (Document(type="N935", name="Invoice, ECCN: 3A001.b"),)},
        {"description": "amplifier modules ECCN 3A001.b.4"},
        {"commercial_description": "Dual-use code: 3A001"},
        {"description": "усилитель, ECCN № 3A001"},
    ],
)
def test_a_number_is_read_wherever_it_stands(changes: dict[str, Any]) -> None:
    assert _numbers(item(1, "854233", **changes)) == {"3A001"}


def test_a_statement_is_of_its_items() -> None:
    said = AdditionalInformation(text="ECCN 6A003", goods_item_numbers=(2,))
    assert _numbers(item(1), said) == set()
    assert _numbers(item(2), said) == {"6A003"}
    assert _numbers(item(1), AdditionalInformation(text="all goods ECCN 6A003")) == {"6A003"}


@pytest.mark.parametrize("text", ["EAR99", "ear99", "EAR 99", "N/A", "NLR"])
def test_no_number_is_none(text: str) -> None:
    answer = verdict(
        goods_items=(item(export_control=ExportControl(ECCN=text)),), country_of_destination="KZ"
    )
    assert not codes(answer) & {NUMBER, MISFIT}
    assert blind(answer, "G07") is None


@pytest.mark.parametrize(
    "text", ["T-shirts 3A001 model", "ECCN EAR99", "model 5A992", "cable 3B001 m", "part no 7A103-B", ""]
)
def test_words_that_only_look_alike_are_none(text: str) -> None:
    assert _numbers(item(description=text or "x")) == set()


def test_a_field_that_holds_no_number_is_said() -> None:
    answer = verdict(goods_items=(item(export_control=ExportControl(ECCN="see invoice")),))
    assert blind(answer, "G07") is not None


def test_a_controlled_number_under_an_innocent_code_is_a_finding() -> None:
    shirts = item(export_control=ExportControl(ECCN="3A001"))
    answer = verdict(goods_items=(shirts,), country_of_destination="KZ")
    said = found(answer, MISFIT)
    assert said is not None and answer.lane == "BLUE"
    assert "do not have such a tariff code" in said.evidence
    assert "KZ is in country group D:1" in said.evidence and "text of 2026-07-23" in said.evidence


def test_a_controlled_number_to_an_embargoed_country_is_red() -> None:
    for good in (
        item(export_control=ExportControl(ECCN="3A001")),
        item(1, "851713", "telephones", export_control=ExportControl(ECCN="5A992.c")),
    ):
        assert verdict(goods_items=(good,), country_of_destination="RU").lane == "RED"


def test_mass_market_goods_say_little() -> None:
    phones = item(1, "851713", "telephones", export_control=ExportControl(ECCN="5A992.c"))
    answer = verdict(goods_items=(phones,), country_of_destination="KZ")
    said = found(answer, NUMBER)
    assert said is not None and said.strength == 0.2 and answer.lane == "GREEN"


def test_a_licence_and_an_end_use_paper_are_named() -> None:
    papers = (
        Document(type="X002", reference_number="DE2024117"),
        Document(type="9Z01", name="End-user statement of 3 May"),
    )
    good = item(1, "854233", "amplifiers", export_control=ExportControl(ECCN="3A001"), documents=papers)
    said = found(verdict(goods_items=(good,), country_of_destination="KZ"), NUMBER)
    assert said is not None and said.strength == 0.4
    assert "X002 no. DE2024117" in said.evidence and "end-use paper is named: 9Z01" in said.evidence


def test_the_goods_are_of_concern_to_other_rules() -> None:
    good = item(export_control=ExportControl(ECCN="6A003"))
    through = verdict(
        goods_items=(good,), country_of_destination="KZ", countries_of_routing=(), place_of_unloading="RULED"
    )
    assert "route.embargoed_transit" in codes(through)


def test_every_number_of_the_list_is_read_and_is_controlled_for_russia() -> None:
    table = control_numbers()
    assert len(table.reasons) == 633
    for number in table.reasons:
        read = table.declared(item(export_control=ExportControl(ECCN=number))).numbers
        assert [one.number for one in read] == [number]
        assert table.strength(read[0], ("RU",))[0] == 1.0
        assert table.says(read[0])


@pytest.mark.parametrize("text", ["ML10", "ML 4", "PL5001"])
def test_military_and_national_numbers_are_read(text: str) -> None:
    answer = verdict(goods_items=(item(export_control=ExportControl(ECN_EU=text)),))
    said = found(answer, NUMBER)
    assert said is not None and "not on the list at hand" in said.evidence


@settings(derandomize=True, deadline=None, max_examples=tried(300))
@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    table = control_numbers()
    table.declared(item(description=text or "x", export_control=ExportControl(ECCN=text[:40])))
