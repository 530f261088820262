"""G06: goods that a law bars from going to a country or coming from it, by every code of every bundled list."""

from datetime import UTC, datetime
from typing import Any

import pytest

from streams.assessment.screening import Rulebook, screen
from streams.assessment.verdict import Verdict
from streams.declarations.model import CommodityCode
from streams.goods.hs import editions
from streams.goods.own_lists import own_list
from streams.goods.prohibitions import (
    BarredCode,
    JurisdictionError,
    ProhibitionList,
    bundled_prohibitions,
)
from streams.watchlists.index import WatchlistIndex
from tests.assessment.cases import blind, codes, found, verdict
from tests.factory import declaration, item, party

pytestmark = pytest.mark.G06

DAY = datetime(2024, 3, 5, 9, tzinfo=UTC)
CODES = ("goods.barred", "goods.may_be_barred", "goods.barred_by_value")
EVERY = [(one, entry) for one in bundled_prohibitions() for entry in one.entries]


def _exported(*goods: Any, to: str = "RU", sent_from: str = "DE", **changes: Any) -> Verdict:
    """A German firm exports goods to a firm over there."""
    return verdict(
        **{
            "event_date_time": DAY,
            "regime": "EXPORT",
            "country_of_dispatch": sent_from,
            "country_of_export": sent_from,
            "country_of_destination": to,
            "parties": (
                party("EXPORTER", "Schwarzwald Feinwerk GmbH", country=sent_from, city="Villingen"),
                party("CONSIGNEE", "Belaya Bashnya OOO", country=to, city="Perm"),
            ),
            "goods_items": goods,
        }
        | changes
    )


def _declared(entry: BarredCode, number: int = 1, **changes: Any) -> Any:
    """An item of the code as the list writes it; of a heading, its first subheading that the nomenclature may have."""
    full = entry.code.ljust(6, "0")
    worth = {"statistical_value": "90000000", "supplementary_units": "1", "supplementary_unit_code": "NAR"}
    return item(
        number,
        full[:6],
        "goods as the code says",
        full=full,
        nomenclature="CN",
        **worth | {"statistical_value_currency": "EUR", "country_of_origin": "DE"} | changes,
    )


def _barred(answer: Verdict, list_: ProhibitionList) -> list[Any]:
    return [
        finding
        for finding in answer.findings
        if finding.code in CODES and finding.inputs["list"] == list_.header.name
    ]


def _many(list_: ProhibitionList, direction: str) -> list[BarredCode]:
    return [entry for entry in list_.entries if entry.measure.direction == direction]


@pytest.mark.parametrize("list_", bundled_prohibitions(), ids=lambda one: one.header.name)
def test_every_code_to_a_barred_destination_is_red_and_names_annex_and_date(list_: ProhibitionList) -> None:
    sent_from = {"EU": "DE", "US": "US"}[list_.header.jurisdiction]
    for entry in _many(list_, "export"):
        for country in entry.measure.countries:
            answer = _exported(_declared(entry), to=country, sent_from=sent_from)
            assert answer.lane == "RED", entry.code
            said = _barred(answer, list_)
            assert len(said) == 1, entry.code
            assert said[0].code in ("goods.barred", "goods.may_be_barred")
            assert list_.header.as_of in said[0].evidence
            assert said[0].inputs["annex"] in said[0].evidence
            assert ("may be" in said[0].evidence) == (said[0].code == "goods.may_be_barred")


@pytest.mark.parametrize("list_", bundled_prohibitions(), ids=lambda one: one.header.name)
def test_the_same_goods_to_another_destination_are_not_barred(list_: ProhibitionList) -> None:
    sent_from = {"EU": "DE", "US": "US"}[list_.header.jurisdiction]
    for entry in _many(list_, "export"):
        answer = _exported(_declared(entry), to="KZ", sent_from=sent_from)
        assert not codes(answer) & set(CODES), entry.code


def test_only_some_goods_of_a_code_may_be_barred() -> None:
    for list_, entry in EVERY:
        if entry.measure.direction == "export" and entry.partial:
            for finding in _barred(_exported(_declared(entry)), list_):
                if (finding.inputs["entry"], finding.inputs["annex"]) == (entry.code, entry.measure.annex):
                    assert finding.code == "goods.may_be_barred", entry.code
                    assert "may be among the goods" in finding.evidence


def test_import_bans_are_of_goods_that_come_from_there_and_never_of_exports() -> None:
    for list_, entry in EVERY:
        if entry.measure.direction != "import":
            continue
        coming: dict[str, Any] = {
            "event_date_time": DAY,
            "regime": "IMPORT",
            "country_of_dispatch": "RU",
            "goods_items": (_declared(entry, country_of_origin="RU"),),
        }
        answer = verdict(**coming, country_of_destination="FI")
        assert any(finding.inputs["direction"] == "import" for finding in _barred(answer, list_)), entry.code
        assert answer.lane == "RED", entry.code
        assert list_.header.as_of in _barred(answer, list_)[0].evidence
        assert not codes(verdict(**coming, country_of_destination="KG")) & set(CODES), entry.code
        leaving = _exported(_declared(entry))
        assert all(finding.inputs["direction"] == "export" for finding in _barred(leaving, list_)), entry.code


def _watch(**changes: Any) -> Any:
    worth = {"statistical_value": "9000", "statistical_value_currency": "EUR", "net_mass_kg": "0.2"}
    return item(
        1,
        "910111",
        "wrist-watch of gold",
        **worth | {"supplementary_units": "1", "supplementary_unit_code": "NAR"} | changes,
    )


def test_a_gold_watch_a_dear_car_and_a_machine_tool_to_russia_are_red_and_to_kazakhstan_are_not() -> None:
    car = item(
        1,
        "870323",
        "passenger car",
        net_mass_kg="2100",
        statistical_value="96000",
        statistical_value_currency="EUR",
        supplementary_units="1",
    )
    tool = item(
        1,
        "846012",
        "surface grinding machine",
        statistical_value="410000",
        statistical_value_currency="EUR",
        net_mass_kg="4200",
    )
    for good in (_watch(), car, tool):
        assert _exported(good).lane == "RED"
        assert _exported(good, to="KZ").lane == "GREEN"


@pytest.mark.parametrize(
    ("changes", "lane"),
    [
        ({"statistical_value": "250"}, "GREEN"),
        ({"statistical_value": "9000", "supplementary_units": "40"}, "GREEN"),  # 225 euro each
        ({"statistical_value": "9000", "supplementary_units": "20"}, "RED"),
        ({"statistical_value": "9000", "statistical_value_currency": "RUB"}, "GREEN"),  # some 90 euro
        ({"statistical_value": "9000", "supplementary_units": None}, "RED"),  # 200 g are 20 watches at most
        ({"statistical_value": "9000", "supplementary_units": None, "net_mass_kg": "10"}, "GREEN"),
        ({"statistical_value": "9000", "supplementary_units": None, "net_mass_kg": None}, "RED"),
        ({"statistical_value": None}, "BLUE"),
        ({"statistical_value": "9000", "statistical_value_currency": "ZZZ"}, "BLUE"),
    ],
)
def test_luxury_counts_above_its_value_for_a_piece(changes: dict[str, Any], lane: str) -> None:
    assert _exported(_watch(**changes)).lane == lane


def test_cotton_shirts_of_a_few_euro_are_no_luxury_without_a_number_of_pieces() -> None:
    assert not codes(_exported(item())) & set(CODES)


@pytest.mark.parametrize("to", ["RU", "BY"])
def test_a_machine_tool_from_the_union_is_red_before_the_american_list_too(to: str) -> None:
    tool = item(
        1,
        "846012",
        "jig grinding machine, numerically controlled",
        country_of_origin="US",
        net_mass_kg="4200",
    )
    answer = _exported(tool, to=to, sent_from="EE", event_date_time=datetime(2023, 4, 3, tzinfo=UTC))
    assert answer.lane == "RED"
    said = found(answer, "goods.may_be_barred")
    assert said is not None and "dual-use goods" in said.evidence


def test_what_is_lacking_to_tell_luxury_is_said() -> None:
    answer = _exported(_watch(statistical_value=None))
    lacking = blind(answer, "G06")
    assert lacking is not None and lacking.missing == ("declaration.goodsItems[].statisticalValue",)
    said = found(answer, "goods.barred_by_value")
    assert said is not None and "what a piece is worth is not known" in said.evidence


def test_a_code_that_was_split_is_marked_uncertain() -> None:
    """HS 2017 8525.80 are cameras of all kinds, of which annex XVIII has some and HS 2022 has four codes."""
    for old, new in editions().to_2022.items():
        listed = [
            entry
            for list_ in bundled_prohibitions()
            for entry in _many(list_, "export")
            if len(entry.code) == 6 and entry.code in new and not entry.partial
        ]
        both = {entry.key for entry in listed}
        if not listed or len(both) > 1 or len({entry.code for entry in listed}) == len(new):
            continue
        good = item(1, old, "goods", hs_version="2017", country_of_origin="DE")
        said = [
            one
            for one in _exported(good).findings
            if one.code in CODES and one.inputs["jurisdiction"] == "EU"
        ]
        for finding in said:
            if finding.inputs["entry"] == listed[0].code:
                assert finding.code == "goods.may_be_barred"
                assert "not all of these are listed" in finding.evidence


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        (
            {"hs6": "441294", "hs_version": "2017"},
            "goods.barred",
            "code 441294",
        ),  # the text has this old code
        ({"hs6": "441294", "hs_version": "2022"}, "goods.barred", "code 441294"),
        ({"hs6": "441251", "hs_version": "2022"}, "goods.barred", "in HS 2017 it is 441294"),
    ],
)
def test_a_text_that_still_has_an_old_code_is_met_by_its_successors(
    changes: dict[str, str], code: str, words: str
) -> None:
    plywood = item(**{"description": "plywood", "country_of_origin": "FI"} | changes)
    said = found(_exported(plywood), code)
    assert said is not None and words in said.evidence


def test_a_country_looks_at_its_own_laws_only() -> None:
    mixer = item(1, "847982", "mixing machine", country_of_origin="DE")
    version = declaration(
        event_date_time=DAY,
        regime="EXPORT",
        country_of_dispatch="DE",
        country_of_destination="RU",
        goods_items=(mixer,),
    )

    def by(*views: str) -> set[str]:
        answer = screen(version, WatchlistIndex.build([]), Rulebook.load(jurisdictions=views))
        return {f.inputs["jurisdiction"] for f in answer.findings if f.code in CODES}

    assert by() == {"US"}
    assert by("US") == {"US"}
    assert by("EU") == set()
    assert by("EU", "US") == {"US"}
    assert by("none") == set()
    with pytest.raises(JurisdictionError, match="no jurisdiction 'XX': EU, JP, UK, US are known"):
        by("XX")


def test_a_jurisdiction_without_a_list_is_said_and_a_list_of_ones_own_ends_that() -> None:
    book = Rulebook.load(jurisdictions=("UK", "US"))
    answer = screen(declaration(), WatchlistIndex.build([]), book)
    lacking = blind(answer, "G06")
    assert lacking is not None and "goods that UK law bars" in lacking.missing[0]
    own = own_list("uk", "code,countries,jurisdiction\n610910,RU,UK\n", "0" * 64, "uk.csv")
    assert blind(screen(declaration(), WatchlistIndex.build([]), book.with_lists([own])), "G06") is None
    assert blind(screen(declaration(), WatchlistIndex.build([]), Rulebook.load()), "G06") is None


def test_who_is_bound_is_said() -> None:
    lathe = item(1, "845910", "way-type unit heads", country_of_origin="TR")
    ours, theirs = _exported(lathe), _exported(lathe, sent_from="TR")
    assert found(ours, "goods.barred") is not None
    said = found(theirs, "goods.may_be_barred")
    assert said is not None and "is not seen from the declaration" in said.evidence


def test_before_the_first_day_nothing_is_barred() -> None:
    robot = item(1, "847950", "industrial robot", country_of_origin="DE")
    early = _exported(robot, event_date_time=datetime(2022, 3, 1, tzinfo=UTC))
    assert not codes(early) & set(CODES)


def test_digits_of_another_nomenclature_are_not_compared() -> None:
    """The ninth and tenth digits of a US code mean other goods than the eighth of the CN."""
    code = CommodityCode(hs6="901310", full="9013109000", hs_version="2022", nomenclature="HTS")
    sight = _exported(item(1, "901310", "sights", commodity_code=code))
    assert {
        f.inputs["partialScope"]
        for f in sight.findings
        if f.code in CODES and f.inputs["jurisdiction"] == "EU"
    } == {True}


def test_many_items_make_one_finding() -> None:
    goods = tuple(item(n, "845910", "way-type unit heads", country_of_origin="DE") for n in range(1, 40))
    said = [f for f in _exported(*goods).findings if f.code == "goods.barred"]
    assert {f.inputs["jurisdiction"] for f in said} == {"EU"}
    assert len(said) == 1 and len(said[0].inputs["items"]) == 39


def test_an_item_goes_where_it_says() -> None:
    here = item(1, "845910", "way-type unit heads", country_of_destination="KZ")
    there = item(2, "610910", "shirts", country_of_destination="RU")
    assert not codes(_exported(here, there, to="RU")) & set(CODES)


def test_without_a_destination_the_rule_is_blind() -> None:
    answer = verdict(country_of_destination=None, parties=(party("EXPORTER", "Alm GmbH", country="AT"),))
    assert blind(answer, "G06") is not None
