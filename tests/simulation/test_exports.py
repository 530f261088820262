"""The demo's exports to Kyrgyzstan and Kazakhstan are the real ones, to the cent."""

import pytest

from streams.cli.baselines import read_statistics
from streams.declarations.model import DeclarationVersion
from streams.goods.hs import editions
from streams.simulation.scenario import declarations as scenario
from streams.simulation.scenario import exports, tables
from streams.simulation.scenario.writing import EU
from streams.tables import text
from tests.data import data
from tests.simulation.exports_table import table

STATISTICS = "eurostat_eu27_exports_sanctioned_cn8_monthly_2020-01_2022-11_BY-GE-KG-KZ-RU.csv.gz"
TRADE = list(scenario.declarations())
NEWEST: dict[str, DeclarationVersion] = {one.key: one.version for one in TRADE}
REAL = [one.version for one in TRADE if one.label and one.label.visible == "real"]


@pytest.mark.load
def test_the_table_is_what_eurostat_publishes() -> None:
    trade, _ = read_statistics([data("trade", STATISTICS)], "chpl")
    bundled = text(tables.PACKAGE, "data/exports.csv")
    assert bundled == table(trade)


@pytest.mark.parametrize("seed", [scenario.SEED, 7])
def test_what_is_declared_adds_up_to_the_table(seed: int) -> None:
    """Every declaration from the Union of a followed good counts, planted ones too, each by its newest version."""
    newest = {one.key: one.version for one in scenario.declarations(seed=seed, count=300)}
    if seed == scenario.SEED:
        newest = NEWEST
    declared: dict[tuple[str, str, str], int] = {}
    to_2022 = {good.hs6_2017: good.hs6 for good in tables.exports().good}
    for version in newest.values():
        declaration, month = version.declaration, f"{version.envelope.event_date_time:%Y-%m}"
        if declaration.country_of_dispatch not in EU:
            continue
        for item in declaration.goods_items:
            code = item.commodity_code.hs6 if item.commodity_code else ""
            cell = (month, declaration.country_of_destination or "", to_2022.get(code, code))
            if cell in tables.export_values():
                assert item.statistical_value_currency == "EUR"
                declared[cell] = declared.get(cell, 0) + round(100 * float(item.statistical_value or 0))
    assert declared == {cell: 100 * euro for cell, euro in tables.export_values().items() if euro}


def test_goods_bear_the_code_of_their_year() -> None:
    for good in tables.exports().good:
        if good.hs6 != good.hs6_2017:
            assert editions().convert(good.hs6_2017, "2017", "2022") == (good.hs6,)
    years = {
        (item.commodity_code.hs6, version.envelope.event_date_time.year)
        for version in REAL
        for item in version.declaration.goods_items
        if item.commodity_code
    }
    assert ("880330", 2021) in years and ("880730", 2022) in years
    assert ("880330", 2022) not in years and ("880730", 2021) not in years


def test_consignments_are_of_a_plausible_number_and_all_from_one_member_state() -> None:
    assert 400 < len(REAL) < 700
    assert {version.declaration.country_of_dispatch for version in REAL} == {"DE"}
    assert all(float(item.net_mass_kg or 0) > 0 for one in REAL for item in one.declaration.goods_items)


def _takers(versions: list[DeclarationVersion], destination: str) -> list[str]:
    return [
        party.identification_number or ""
        for version in versions
        if version.declaration.country_of_destination == destination
        for party in version.declaration.parties
        if party.role == "CONSIGNEE"
    ]


def test_from_spring_2022_on_most_kyrgyz_takers_are_new() -> None:
    since = tables.exports().newcomers.since
    before = [one for one in NEWEST.values() if f"{one.envelope.event_date_time:%Y-%m}" < since]
    after = [one for one in REAL if f"{one.envelope.event_date_time:%Y-%m}" >= since]
    old = set(_takers(before, "KG"))
    taken = _takers(after, "KG")
    assert 0.65 < sum(number not in old for number in taken) / len(taken) < 0.85


def test_no_declaration_is_worth_nothing() -> None:
    assert all(cents > 0 for cents in exports.sums(REAL).values())
    assert all(float(item.statistical_value or 0) > 0 for one in REAL for item in one.declaration.goods_items)
