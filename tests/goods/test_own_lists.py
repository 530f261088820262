"""Lists of the user's own that bar goods: read as documented, refused in one sentence, judged like the bundled ones."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from streams.assessment.screening import Rulebook, screen
from streams.assessment.verdict import Verdict
from streams.goods.control_list import ControlList, ControlListError
from streams.goods.own_lists import UNDATED, load_own_lists, own_list
from streams.goods.prohibitions import ProhibitionList
from streams.watchlists.index import WatchlistIndex
from tests.factory import declaration, item

pytestmark = pytest.mark.G06

HEAD = "code;countries;direction;jurisdiction;act;annex;as of;valid from;valid to;above eur;description\n"
LINE = "ex 8901 90;RU BY;export;UK;Regulations 2019/855;schedule 9;2025-02-01;2023-04-21;2030-12-31;5000;vessels\n"


def _own(text: str) -> ControlList | ProhibitionList:
    return own_list("mine", text, "0" * 64, "mine.csv")


def _screened(tmp_path: Path, text: str, **changes: object) -> Verdict:
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    book = Rulebook.load(control_lists={"mine": path}, jurisdictions=("none",))
    return screen(declaration(**changes), WatchlistIndex.build([]), book)


def test_a_list_with_countries_bars_and_says_what_it_was_told() -> None:
    read = _own(HEAD + LINE)
    assert isinstance(read, ProhibitionList)
    head, entry = read.header, read.entries[0]
    assert (head.jurisdiction, head.territory, head.act, head.as_of) == (
        "UK",
        "GB",
        "Regulations 2019/855",
        "2025-02-01",
    )
    assert (entry.code, entry.partial, entry.above_eur) == ("890190", True, Decimal(5000))
    assert (entry.measure.annex, entry.measure.says, entry.measure.direction) == (
        "schedule 9",
        "vessels",
        "export",
    )
    assert (entry.measure.since, entry.measure.until) == (date(2023, 4, 21), date(2030, 12, 31))
    assert entry.measure.countries == {"RU", "BY"}


def test_what_is_not_told_has_a_meaning() -> None:
    read = _own("code,country\n610910,KG\n")
    assert isinstance(read, ProhibitionList)
    assert (read.header.jurisdiction, read.header.as_of, read.entries[0].measure.direction) == (
        "mine",
        UNDATED,
        "export",
    )
    assert (read.entries[0].measure.since, read.entries[0].measure.until) == (date.min, date.max)


def test_a_list_without_countries_says_check() -> None:
    assert isinstance(_own("code,annex\n610910,I\n"), ControlList)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("countries\nRU\n", "no column of codes"),
        ("code,countries\n", "has no lines"),
        ("code,countries\n610910,Russia\n", "line 2: countries 'Russia'"),
        ("code,countries\n610910,\n", "line 2: countries ''"),
        ("code,countries,direction\n610910,RU,both\n", "direction 'both' is neither"),
        ("code,countries,valid_from\n610910,RU,soon\n", "'soon' is no date"),
        ("code,countries,above_eur\n610910,RU,NaN\n", "'NaN' is no amount"),
        ("code,countries,act\n610910,RU,A\n610990,RU,B\n", "line 3: another jurisdiction, act"),
        ("code,countries,hs_edition\n610910,RU,1996\n", "HS edition '1996'"),
        ("code,countries\n6109x,RU\n", "is no code"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ControlListError, match=complaint) as refused:
        _own(text)
    assert "\n" not in str(refused.value)


def test_its_goods_are_red_to_its_countries_alone(tmp_path: Path) -> None:
    text = "code,countries,act,as_of\n6109,KG,Order 17,2024-05-01\n"
    barred = _screened(tmp_path, text)
    assert barred.lane == "RED"
    said = next(one for one in barred.findings if one.code == "goods.barred")
    assert "Order 17" in said.evidence and "text of 2024-05-01" in said.evidence
    assert barred.versions.tables["goods/mine"].startswith("file#")
    assert _screened(tmp_path, text, country_of_destination="UZ").lane == "GREEN"


def test_its_import_bans_are_of_what_comes_in(tmp_path: Path) -> None:
    text = "code,countries,direction\n6109,CN,import\n"
    assert _screened(tmp_path, text).lane == "RED"
    assert _screened(tmp_path, text, regime="EXPORT").lane == "GREEN"
    assert (
        _screened(tmp_path, text, country_of_dispatch="TR", goods_items=(item(country_of_origin="TR"),)).lane
        == "GREEN"
    )


def test_a_view_may_be_that_of_an_own_list(tmp_path: Path) -> None:
    path = tmp_path / "uk.csv"
    path.write_text(HEAD + LINE, encoding="utf-8")
    assert {
        one.header.jurisdiction
        for one in Rulebook.load(
            control_lists={"uk": path}, jurisdictions=("UK",)
        ).controls.prohibitions.lists
    } == {"UK"}
    assert [one.header.name for one in load_own_lists({"uk": path}).prohibitions] == ["uk"]
