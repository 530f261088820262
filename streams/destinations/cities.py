"""The embargoed country that an address is in by its city or by a country written out in its lines."""

from functools import cache
from typing import Any

from msgspec import Struct

from streams import tables
from streams.declarations.model import Address
from streams.names.phrases import Phrases, words_of

_PREFIXES = frozenset({"g", "г", "gorod", "город", "city"})


class Named(Struct, frozen=True):
    """A country that an address names, and the words that do."""

    country: str
    words: str


class Cities:
    """The table of places, ready to be asked."""

    def __init__(
        self,
        cities: dict[str, str],
        countries: Phrases[str],
        street: frozenset[str],
        elsewhere: dict[str, frozenset[str]],
        version: str,
    ) -> None:
        self.version = version
        self._cities = cities
        self._countries = countries
        self._street = street
        self._elsewhere = elsewhere

    def named(self, address: Address) -> Named | None:
        """The country in the table that an address is in by its words, where it declares another one."""
        declared = address.country or ""
        words = words_of(address.city or "")
        while words and words[0] in _PREFIXES:
            words = words[1:]
        city = " ".join(words)
        country = self._cities.get(city)
        if country and country != declared and city not in self._elsewhere.get(declared, ()):
            return Named(country, str(address.city).strip())
        for line in (address.city or "", *address.lines):
            words = words_of(line)
            for country, place, found in self._countries.find(line, words):
                last = place + len(found.split())
                near = {*words[max(place - 1, 0) : place], *words[last : last + 1]}
                if country != declared and not near & self._street:
                    return Named(country, found)
        return None


@cache
def cities() -> Cities:
    """The bundled table."""
    where = "streams.destinations", "tables/cities.toml"
    file = tables.load(*where, dict[str, Any])
    return Cities(
        {city: country for country, names in file["city"].items() for city in names},
        Phrases((name, country) for country, names in file["country"].items() for name in names),
        frozenset(file["street"]["words"]),
        {country: frozenset(names) for country, names in file["elsewhere"].items()},
        tables.version(file["version"], *where),
    )
