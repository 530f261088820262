"""The scenario is the same every time, reads as trade, and plants what it says where only the labels tell."""

import csv
from collections import Counter

import msgspec
import pytest
from stdnum import imo, iso6346

from streams.declarations.model import DeclarationVersion
from streams.simulation.scenario import declarations as scenario
from streams.simulation.scenario import tables

TRADE = list(scenario.declarations())


def _real(one: scenario.Version) -> bool:
    return one.label is not None and one.label.visible == "real"


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _listed() -> tuple[set[str], set[str]]:
    """Names and identifiers of the bundled list, by letters and digits alone."""
    names: set[str] = set()
    identifiers: set[str] = set()
    for row in csv.DictReader(tables.WATCHLIST.read_text(encoding="utf-8").splitlines()):
        names |= {_letters(name) for name in [row["name"], *row["aliases"].split(";")] if name}
        identifiers |= {
            _letters(number).removeprefix("imo") for number in row["identifiers"].split(";") if number
        }
    return names, identifiers


def test_every_run_is_the_same() -> None:
    assert list(scenario.declarations()) == TRADE


def test_another_seed_is_other_trade_with_the_same_planted_cases() -> None:
    other = list(scenario.declarations(seed=7, count=200))
    assert {one.key for one in other}.isdisjoint(one.key for one in TRADE)
    assert Counter(one.label.typology for one in other if one.label) == Counter(
        one.label.typology for one in TRADE if one.label
    )


def test_every_message_decodes_to_itself() -> None:
    encoder = msgspec.json.Encoder()
    decoder = msgspec.json.Decoder(DeclarationVersion)
    for one in TRADE:
        assert decoder.decode(encoder.encode(one.version)) == one.version


def test_a_message_says_nothing_of_its_label() -> None:
    encoder = msgspec.json.Encoder()
    for one in TRADE:
        if one.label is not None:
            message = encoder.encode(one.version).decode()
            assert one.label.typology not in message
            assert one.label.case not in message
            assert "planted" not in message


def test_it_comes_in_the_order_of_event_time_over_two_years() -> None:
    times = [one.version.envelope.event_date_time for one in TRADE]
    assert times == sorted(times)
    assert (times[0].year, times[-1].year) == (2021, 2022)
    assert len({(at.year, at.month) for at in times}) == 24


def test_some_four_thousand_declarations_of_some_hundred_firms() -> None:
    assert len({one.key for one in TRADE if not _real(one)}) == scenario.DECLARATIONS
    names = {party.name for one in TRADE for party in one.version.declaration.parties}
    assert len(names) > 500
    assert any("ОсОО" in (name or "") for name in names)
    countries = {one.version.declaration.country_of_destination for one in TRADE}
    assert {"KG", "KZ", "UZ", "CN", "DE", "TR", "GE"} <= countries


def test_later_versions_replace_earlier_ones() -> None:
    versions: dict[str, list[DeclarationVersion]] = {}
    for one in TRADE:
        versions.setdefault(one.key, []).append(one.version)
    amended = [history for history in versions.values() if len(history) > 1]
    assert 100 < len(amended) < 400
    for history in amended:
        assert [version.envelope.version_number for version in history] == [1, 2]
        assert history[1].envelope.supersedes_version == 1
        assert history[1].envelope.changed_paths
        assert history[1].declaration != history[0].declaration


@pytest.mark.parametrize("one", TRADE[::40], ids=lambda one: one.key)
def test_figures_agree_with_each_other(one: scenario.Version) -> None:
    declaration = one.version.declaration
    for item in declaration.goods_items:
        assert 0 < float(item.net_mass_kg or 0) < float(item.gross_mass_kg or 0)
        assert float(item.item_amount_invoiced or 0) > 0
        assert item.commodity_code.hs_version == (
            "2017" if one.version.envelope.event_date_time.year < 2022 else "2022"
        )
    total = sum(float(item.gross_mass_kg or 0) for item in declaration.goods_items)
    assert float(declaration.total_gross_mass_kg or 0) == pytest.approx(total, abs=0.01)
    route = [stop.country for stop in declaration.countries_of_routing]
    assert not route or (route[0], route[-1]) == (
        declaration.country_of_dispatch,
        declaration.country_of_destination,
    )


def test_loads_fit_their_vehicle() -> None:
    for one in TRADE:
        declaration = one.version.declaration
        kg = float(declaration.total_gross_mass_kg or 0)
        if declaration.mode_of_transport_at_border == "4":
            assert kg < 25_000
        if declaration.mode_of_transport_at_border == "3":
            assert kg < 65_000, "several lorries at most"


def test_codes_of_2022_are_not_used_before() -> None:
    """Smartphones were 851712 and photovoltaic modules 854140 before HS 2022."""
    only_2022 = {good.hs6 for good in tables.goods() if good.hs6 != good.hs6_2017}
    assert {"851713", "854143"} <= only_2022
    for one in TRADE:
        if one.version.envelope.event_date_time.year < 2022:
            assert only_2022.isdisjoint(
                item.commodity_code.hs6 for item in one.version.declaration.goods_items
            )


def test_every_planted_case_is_there_once() -> None:
    found = Counter((one.label.typology, one.label.case) for one in TRADE if one.label and not _real(one))
    assert found == Counter((case.typology, case.why) for case in tables.planted())
    single = [case for case in tables.planted() if case.visible == "declaration"]
    assert 24 <= len(single) <= 30


def test_ordinary_trade_names_nobody_listed() -> None:
    names, identifiers = _listed()
    for one in TRADE:
        if one.label is not None and not _real(one):
            continue
        declaration = one.version.declaration
        for party in declaration.parties:
            for name in (party.name, party.name_original_script, party.contact_name):
                assert _letters(name or "") not in names
            assert _letters(party.identification_number or "") not in identifiers
        for means in declaration.transport_means:
            assert (means.imo_number or "") not in identifiers
            assert _letters(means.name or "") not in names


def test_planted_entries_stand_on_the_bundled_list() -> None:
    """A `why` that names an entry names one of the list."""
    ids = {row["id"] for row in csv.DictReader(tables.WATCHLIST.read_text(encoding="utf-8").splitlines())}
    named = {
        word.strip("();,")
        for case in tables.planted()
        for word in case.why.split()
        if word.strip("(").startswith("us_")
    }
    assert len(named) >= 12
    assert named <= ids


def test_numbers_of_containers_and_vessels_have_their_check_digit() -> None:
    equipment = [each for one in TRADE for each in one.version.declaration.transport_equipment]
    vessels = {each.imo_number for one in TRADE for each in one.version.declaration.transport_means} - {None}
    assert equipment and all(iso6346.is_valid(each.container_identification_number) for each in equipment)
    assert vessels and all(imo.is_valid(number) for number in vessels)
