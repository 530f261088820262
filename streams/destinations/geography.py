"""Land borders and ferries: which countries a lorry can pass between, and how long the ways around are."""

from collections.abc import Collection
from functools import cache, lru_cache
from typing import Any

from streams import tables

FAR = 99
"""Borders to cross where there is no way over land."""


class Geography:
    """The map of neighbours. Distances are numbers of borders (or ferries) crossed."""

    def __init__(
        self,
        land: dict[str, frozenset[str]],
        sea: dict[str, frozenset[str]],
        landlocked: frozenset[str],
        offices: dict[str, str],
        version: str,
    ) -> None:
        self.version = version
        self.landlocked = landlocked
        self.offices = offices
        """number of a customs office at a land border -> the country behind it"""
        self._links = {
            country: land.get(country, frozenset()) | sea.get(country, frozenset()) for country in land | sea
        }
        self._land = land
        self.distance = lru_cache(maxsize=50_000)(self._distance)

    def knows(self, country: str) -> bool:
        return country in self._links

    def linked(self, one: str, other: str) -> bool:
        """By a land border, ferry, bridge or tunnel."""
        return other in self._links.get(one, ())

    def borders(self, country: str) -> Collection[str]:
        """Countries with a land border to this one."""
        return self._land.get(country, frozenset())

    def _distance(
        self, start: str, end: str, avoiding: frozenset[str] = frozenset(), by_land: bool = False
    ) -> int:
        """Borders to cross from start to end without entering `avoiding` (ends excepted), ferries counted as borders unless
        `by_land`; FAR where there is no way."""
        links = self._land if by_land else self._links
        seen, edge, steps = {start}, {start}, 0
        while edge and end not in seen:
            edge = {
                near
                for country in edge
                for near in links.get(country, ())
                if near not in seen and (near not in avoiding or near == end)
            }
            seen |= edge
            steps += 1
        return steps if end in seen else FAR

    def detour(self, start: str, through: str, end: str, avoiding: frozenset[str]) -> int:
        """Borders more by way of `through` than on the shortest way over land around those countries; 0 or less where there is
        none. A ferry that would do is no reason to call the road roundabout."""
        way = self.distance(start, through) + self.distance(through, end)
        around = self.distance(start, end, avoiding, True)
        return way - around if way < FAR else 0


@cache
def geography() -> Geography:
    """The bundled map."""
    where = "streams.destinations", "tables/borders.toml"
    file = tables.load(*where, dict[str, Any])
    version = tables.version(file["version"], *where)
    return Geography(
        _both_ways(file["land"]),
        _both_ways(file["sea"]),
        frozenset(file["landlocked"]["countries"]),
        file["office"]["border"],
        version,
    )


def _both_ways(table: dict[str, str]) -> dict[str, frozenset[str]]:
    links: dict[str, set[str]] = {}
    for country, neighbours in table.items():
        for other in neighbours.split():
            links.setdefault(country, set()).add(other)
            links.setdefault(other, set()).add(country)
    return {country: frozenset(others) for country, others in links.items()}
