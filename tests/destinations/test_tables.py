"""The tables: every country in them exists, dates and sources are there, the map joins both ways."""

import tomllib
from datetime import date
from importlib import resources

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.destinations.countries import countries
from streams.destinations.geography import FAR, geography
from streams.destinations.journey import place_country

CUSTOMS_CODES = {"XI", "XK"}


def _table(name: str) -> dict:
    return tomllib.loads(resources.files("streams.destinations").joinpath("tables", name).read_text())


def _exists(code: str) -> bool:
    return code in CUSTOMS_CODES or pycountry.countries.get(alpha_2=code) is not None


def test_every_country_on_the_map_exists() -> None:
    table = _table("borders.toml")
    named = {
        code for part in ("land", "sea") for key, near in table[part].items() for code in (key, *near.split())
    }
    assert {code for code in named if not _exists(code)} == set()


def test_every_group_has_a_source() -> None:
    table = _table("countries.toml")
    entries = [*table["embargoed"], *table["transit_ban"], *table["customs_union"].values()]
    entries += [table["diversion"], table["coalition"]]
    assert all(entry["source"] for entry in entries)
    assert len(table["coalition"]["members"]) == 39
    assert len(table["customs_union"]["EU"]["members"]) == 27


def test_borders_are_mutual() -> None:
    world = geography()
    for country in _table("borders.toml")["land"]:
        for other in world.borders(country):
            assert country in world.borders(other), (country, other)


@pytest.mark.parametrize(
    ("one", "other", "linked"),
    [
        ("KG", "CN", True),
        ("KG", "KZ", True),
        ("KG", "RU", False),
        ("KZ", "RU", True),
        ("AZ", "KZ", True),  # the Caspian ferry
        ("AM", "RU", False),
        ("GB", "FR", True),
        ("JP", "KG", False),
    ],
)
def test_who_is_whose_neighbour(one: str, other: str, linked: bool) -> None:
    assert geography().linked(one, other) is linked
    assert geography().linked(other, one) is linked


def test_ways_are_counted_in_borders() -> None:
    world = geography()
    assert world.distance("CN", "KG") == 1
    assert world.distance("KG", "KG") == 0
    assert world.distance("US", "KG") == FAR
    russia = frozenset({"RU", "BY", "IR"})
    assert world.detour("CN", "RU", "KG", russia) >= 2  # the neighbour, by way of Russia
    assert world.detour("DE", "BY", "KZ", russia) <= 0  # the usual road
    assert world.detour("TR", "RU", "KG", russia) <= 0


def test_an_embargo_counts_from_its_date() -> None:
    groups = countries()
    assert "RU" not in groups.embargoed(date(2022, 2, 25))
    assert "RU" in groups.embargoed(date(2022, 2, 26))
    assert groups.diversion("KG", date(2022, 2, 23)) is None
    assert groups.diversion("KG", date(2022, 2, 24)) is not None
    assert groups.transit_ban("RU", date(2023, 2, 25)) is None
    assert groups.transit_ban("RU", date(2023, 2, 26)) is not None


def test_landlocked_and_border_offices_are_on_the_map() -> None:
    world = geography()
    assert all(world.knows(country) for country in world.landlocked)
    assert not any(
        world.knows(country) and country in world.landlocked for country in ("RU", "TR", "GE", "CN")
    )
    assert all(world.linked(office[:2], border) for office, border in world.offices.items())


def test_cities_are_of_embargoed_countries_and_stand_in_one_only() -> None:
    table = _table("cities.toml")
    embargoed = {entry["country"] for entry in _table("countries.toml")["embargoed"]}
    assert set(table["city"]) | set(table["country"]) <= embargoed
    names = [name for cities in table["city"].values() for name in cities]
    assert len(names) == len(set(names))
    assert {code for code in table["elsewhere"] if not _exists(code)} == set()


@pytest.mark.parametrize(
    ("place", "country"),
    [
        ("RULED", "RU"),
        ("RU LED", "RU"),
        ("USNYC", "US"),
        ("DE2B3", "DE"),
        ("RUGBY", None),
        ("Hamburg", None),
        ("LHR", None),
        ("DE1B0", None),
        ("RULED terminal", None),
        (None, None),
    ],
)
def test_the_country_of_a_place(place: str | None, country: str | None) -> None:
    assert place_country(place) == country


@given(st.text(max_size=12))
def test_any_text_is_a_place_or_none(text: str) -> None:
    country = place_country(text)
    assert country is None or (len(country) == 2 and text.strip().startswith(country))
