"""Findings on goods: each control once an item, groups where many share one, evidence that can be read out."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from streams.declarations.model import Document
from streams.findings import Finding
from streams.goods.control_list import bundled, load_control_list
from streams.goods.controls import ControlBook
from tests.factory import declaration, item
from tests.rules.judged import judged

pytestmark = [
    pytest.mark.G01,
    pytest.mark.G02,
    pytest.mark.G03,
    pytest.mark.G04,
    pytest.mark.G05,
    pytest.mark.R23,
    pytest.mark.R24,
]

BOOK = ControlBook(bundled())
GOODS = ("G01", "G02", "G03", "G04", "G05", "R23", "R24")
IN_2021 = datetime(2021, 5, 1, tzinfo=UTC)


def _on(*items: Any, book: ControlBook = BOOK, **changes: Any) -> list[Finding]:
    findings, _ = judged(declaration(goods_items=items, **changes), *GOODS, book=book)
    return findings


def test_a_tier_gives_the_strength() -> None:
    first, second, last = _on(item(1, "854231", "IC"), item(2, "854800", "x"), item(3, "845710", "y"))
    assert [one.strength for one in (first, second, last)] == [1.0, 0.9, 0.5]
    assert first.inputs["tier"] == "1"
    assert "Common High Priority List" in first.evidence


def test_a_code_of_2017_is_converted_and_said_so() -> None:
    (finding,) = _on(item(hs6="880330", description="Brake assemblies", hs_version="2017"))
    assert finding.inputs["convertedTo"] == ["880730"]
    assert "of HS 2017; in HS 2022 it is 880730" in finding.evidence
    assert "partialScope" not in finding.inputs


def test_an_assumed_edition_is_called_assumed() -> None:
    (finding,) = _on(item(hs6="880330", description="Brakes", hs_version=None), event_date_time=IN_2021)
    assert "HS 2017 (assumed)" in finding.evidence


def test_a_late_taker_of_the_new_edition_is_understood() -> None:
    (finding,) = _on(item(hs6="880330", description="Brakes", hs_version=None))
    assert finding.inputs["convertedTo"] == ["880730"]


def test_a_split_code_counts_by_its_share() -> None:
    (finding,) = _on(item(hs6="854140", description="Photovoltaic modules", hs_version="2017"))
    assert finding.strength == 0.188  # tier 3.A, one of four successors
    assert finding.inputs["partialScope"] is True
    assert "854141 or 854142 or 854143 or 854149" in finding.evidence


def test_cameras_of_2017_are_not_drones() -> None:
    assert [f.code for f in _on(item(hs6="852580", description="Digital cameras", hs_version="2017"))] == [
        "goods.high_priority"
    ]


def test_a_drone_of_2017_is_found_by_its_description() -> None:
    codes = {
        f.code for f in _on(item(hs6="880211", description="Unmanned aircraft, 12 kg", hs_version="2017"))
    }
    assert codes == {"goods.drone"}
    assert _on(item(hs6="880211", description="Helicopter Mi-2", hs_version="2017")) == []


def test_a_toy_size_drone_weighs_less() -> None:
    (toy,) = _on(item(hs6="880621", description="quadcopter 249 g"))
    (farm,) = _on(item(hs6="880624", description="agricultural unmanned aircraft"))
    assert toy.strength >= 0.4 and farm.strength == 1.0


def test_a_telling_description_counts_in_full() -> None:
    (periscope,) = _on(item(hs6="901310", description="periscopes"))
    (sight,) = _on(item(hs6="901310", description="telescopic sights"))
    assert (periscope.strength, sight.strength) == (0.75, 1.0)
    assert "'telescopic sights'" in sight.evidence


def test_a_thousand_items_make_few_findings() -> None:
    items = [item(n, "854231" if n % 2 else "848210", "parts") for n in range(1, 1000)]
    findings = _on(*items)
    assert len(findings) == 2  # one naming the items of the list, one for the empty descriptions
    assert "and 987 more" in findings[0].evidence
    assert len(findings[0].inputs["items"]) == 999


def test_five_items_make_five_findings_with_five_keys() -> None:
    findings = _on(*(item(n, "854231", "IC for cars") for n in range(1, 6)))
    assert len({finding.key for finding in findings}) == 5
    assert {finding.subject.index for finding in findings} == {1, 2, 3, 4, 5}


def test_a_licence_is_told_for_all_items_or_for_part() -> None:
    licence = Document(type="X002", reference_number="DE1")
    whole = _on(item(1, "854231", "IC", documents=(licence,)))
    part = _on(item(1, "854231", "IC", documents=(licence,)), item(2, "854232", "IC"))
    assert {f.code for f in whole} == {"goods.high_priority", "goods.licence_presented"}
    assert {f.code for f in part} == {"goods.high_priority", "goods.licence_partial"}
    assert "without one: 2" in next(f for f in part if f.code == "goods.licence_partial").evidence


def test_a_self_exemption_is_a_finding_to_a_destination_of_concern_only() -> None:
    exempted = item(hs6="854231", description="IC", documents=(Document(type="Y901"),))
    assert "goods.self_exemption" in {f.code for f in _on(exempted)}
    assert "goods.self_exemption" not in {f.code for f in _on(exempted, country_of_destination="CH")}


def test_words_of_concern_under_a_harmless_code() -> None:
    (finding,) = _on(item(3, "950300", "Прицел оптический 4-16x50"))
    assert finding.code == "goods.description_mismatch"
    assert "'Прицел'" in finding.evidence and "HS 9503" in finding.evidence


def test_a_sight_for_the_night_is_one_finding() -> None:
    (finding,) = _on(item(1, "950300", "Прицел оптический с каналом, тепловизор"))
    assert finding.key == "goods.description_mismatch|weapon_sight|item:1"


def test_everyday_words_under_a_high_priority_code() -> None:
    (finding,) = [found for found in _on(item(1, "854231", "Pamuklu tişört")) if found.rule == "R23"]
    assert finding.code == "goods.description_mismatch"
    assert "'tişört' names clothing, footwear or headgear" in finding.evidence
    assert "does not belong under HS 8542" in finding.evidence
    assert finding.strength < 0.9


def test_what_the_commercial_description_says_clears_everyday_words() -> None:
    named = item(1, "854231", "Cotton bags", commercial_description="Integrated circuits STM32F405 in bags")
    assert [found.code for found in _on(named)] == ["goods.high_priority"]


def test_an_item_without_a_code_or_description_is_not_clear() -> None:
    bare = item(1, commodity_code=None, description_of_goods=None)
    findings, missing = judged(declaration(goods_items=(bare,)), *GOODS)
    assert findings == []
    assert {one.rule for one in missing} == {"G01", "G02", "G03", "G04", "R23", "R24"}


def test_a_description_without_a_code_still_speaks() -> None:
    (finding,) = _on(item(1, commodity_code=None, description_of_goods="night vision goggles"))
    assert finding.code == "goods.description_mismatch"
    assert "no tariff code" in finding.evidence


def test_a_users_list_says_check(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("cn8,ecn\n84713000,4A003\nex 940540,6A005\n")
    book = ControlBook((*bundled(), load_control_list(path, "eu-dual-use")))
    laptop, lamp = _on(item(1, "847130", "laptops", full="84713000"), item(2, "940540", "lamps"), book=book)
    assert laptop.code == "goods.user_list"
    assert "the user's list eu-dual-use: check, 4A003" in laptop.evidence
    assert lamp.inputs["partialScope"] is True
    assert "goods/eu-dual-use" in book.versions


def test_ordinary_goods_say_nothing() -> None:
    assert _on(item(), item(2, "870899", "Car parts"), item(3, "950300", "Toys of plastic")) == []
