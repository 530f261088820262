"""The facts of the simulated trade, read from `data/*.toml`: goods, lines of business, countries, roads."""

from bisect import bisect
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate
from random import Random
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from streams import tables
from streams.declarations.model import Regime

T = TypeVar("T")


class Weighted(Generic[T]):
    """Things with weights, from which one is drawn."""

    def __init__(self, pairs: Iterable[tuple[T, float]]) -> None:
        kept = [(thing, weight) for thing, weight in pairs if weight > 0]
        self.things = [thing for thing, _ in kept]
        self._upto = list(accumulate(weight for _, weight in kept))

    def pick(self, rng: Random) -> T:
        """One of them, by weight."""
        return self.things[bisect(self._upto, rng.random() * self._upto[-1])]


class EditionedGood(Struct, frozen=True):
    """A good under its codes in two editions of the Harmonized System, six digits."""

    hs6: str
    """of HS 2022"""
    hs6_2017: str
    """its code before 2022, often the same"""

    def declared(self, year: int) -> str:
        """The code of the edition in force in that year."""
        return self.hs6 if year >= 2022 else self.hs6_2017


class Good(EditionedGood, frozen=True, eq=False):
    """A good; compared by identity: there is one of each."""

    kg: float
    """net kilograms a unit"""
    usd: float
    """US dollars a unit"""
    value: float
    """US dollars of a usual consignment"""
    texts: tuple[str, ...]
    priority: bool
    """on the Common High Priority List"""


class Sector(Struct, frozen=True, eq=False):
    """A line of business."""

    name: str
    regime: Regime
    share: float
    """of all declarations; 0 where firms of it come by another way than by chance"""
    size: float
    """declarations a firm makes, against the mean"""
    season: tuple[float, ...]
    growth: float
    """a year, against the other lines of business"""
    goods: Weighted[Good]
    partners: Weighted[str]


class Country(Struct, frozen=True, eq=False):
    code: str
    style: str
    currency: str
    rate: float
    """units of the currency for a US dollar; one figure for all years"""
    phones: tuple[str, ...]
    cities: tuple[str, ...]
    forms: tuple[tuple[str, str, int], ...]
    """legal form, the same in its own script, weight"""
    number: tuple[str, str] | None = None
    """type and pattern of the registered number; # is a digit"""
    offices: tuple[str, ...] = ()


class Style(Struct, frozen=True, eq=False):
    """How names are made in a part of the world: pairs of Latin and own script, the latter empty where unused."""

    name: str
    syllables: tuple[tuple[str, str], ...]
    words: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]


class Way(Struct, frozen=True, eq=False):
    mode: str
    """1 sea, 2 rail, 3 road, 4 air"""
    via: tuple[str, ...]


class Detour(Struct, frozen=True, eq=False, rename={"dispatch": "from"}):
    mode: str
    dispatch: str
    via: tuple[str, ...]
    exit: str | None = None


class Centre(Struct, frozen=True, eq=False):
    """A business centre with many tenants."""

    city: str
    lines: str


class Tables:
    """All of it."""

    def __init__(self) -> None:
        goods, sectors, places = (_load(name) for name in ("goods", "sectors", "places"))
        older = goods["edition_2017"]
        self.goods = {
            code: Good(
                code, older.get(code, code), row[0], row[1], row[2], tuple(row[3:]), kind == "priority"
            )
            for kind in ("ordinary", "priority")
            for code, row in goods[kind].items()
        }
        self.priority = [good for good in self.goods.values() if good.priority]
        of_regime: Counter[str] = Counter()
        for row in sectors["sector"]:
            of_regime[row.get("regime", "IMPORT")] += row["share"]
        shares = {name: share / of_regime[name] for name, share in sectors["regime"].items()}
        every = [self._sector(row, sectors["season"], shares) for row in sectors["sector"]]
        self.sector = {sector.name: sector for sector in every}
        self.usual = [sector for sector in every if sector.share]
        self.imports = [sector for sector in self.usual if sector.regime == "IMPORT"]
        self.sellers: Weighted[str] = Weighted(sectors["sellers"].items())
        self.countries = {one.code: one for one in msgspec.convert(places["country"], list[Country])}
        self._rates = {one.currency: one.rate for one in self.countries.values()}
        self.styles = {one.name: one for one in msgspec.convert(places["style"], list[Style])}
        self.centres = msgspec.convert(places["office_centre"], list[Centre])
        self.detours = msgspec.convert(places["detour"], list[Detour])
        self.groups: dict[str, list[str]] = places["groups"]
        self._group = {code: name for name in ("EU", "SEA", "AIR") for code in self.groups[name]}
        self._roads = {
            (road["from"], road["to"]): Weighted(
                (Way(mode, tuple(via)), weight) for mode, weight, via in road["ways"]
            )
            for road in places["road"]
        }

    def _sector(
        self, row: dict[str, Any], seasons: dict[str, list[float]], shares: dict[str, float]
    ) -> Sector:
        regime = row.get("regime", "IMPORT")
        return Sector(
            row["name"],
            regime,
            shares[regime] * row["share"],
            row.get("size", 1.0),
            tuple(seasons[row["season"]]),
            row.get("growth", 1.0),
            Weighted((self.goods[code], weight) for code, weight in row["goods"].items()),
            Weighted(row["partners"].items()),
        )

    def way(self, rng: Random, dispatch: str, destination: str) -> Way:
        """A usual road between two countries; `via` names neither of them."""
        way = self._way(rng, dispatch, destination)
        if dispatch in way.via or destination in way.via:
            return Way(way.mode, tuple(one for one in way.via if one not in (dispatch, destination)))
        return way

    def _way(self, rng: Random, dispatch: str, destination: str) -> Way:
        found = self._road(dispatch, destination)
        if found is not None:
            return found.pick(rng)
        if (found := self._road(destination, dispatch)) is not None:
            back = found.pick(rng)
            return Way(back.mode, back.via[::-1])
        if destination == "KG":
            way = self._way(rng, dispatch, "KZ")
            return way if way.mode == "4" else Way(way.mode, _next(way, way.via, dispatch))
        if dispatch == "KG":
            way = self._way(rng, "KZ", destination)
            return way if way.mode == "4" else Way(way.mode, _next(way, way.via[::-1], destination)[::-1])
        return Way("3", ())

    def _road(self, dispatch: str, destination: str) -> Weighted[Way] | None:
        for start in (dispatch, self._group.get(dispatch, dispatch)):
            for end in (destination, self._group.get(destination, destination)):
                if found := self._roads.get((start, end)):
                    return found
        return None

    def rate(self, currency: str) -> float:
        """Units of a currency for a US dollar."""
        return self._rates[currency]

    def group(self, country: str) -> str:
        """EU, SEA or AIR, else the country itself."""
        return self._group.get(country, country)


def _next(way: Way, via: tuple[str, ...], start: str) -> tuple[str, ...]:
    """The road to Kyrgyzstan by way of Kazakhstan; where it comes by another neighbour it needs no more (no railway
    leads there from China)."""
    last = via[-1] if via else start
    there = ("KZ", "UZ") if way.mode == "2" else ("KZ", "UZ", "CN")
    return via if last in there else (*via, "KZ")


def _load(name: str) -> dict[str, Any]:
    return tables.load("streams.simulation", f"data/{name}.toml", dict[str, Any])
