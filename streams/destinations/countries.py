"""Country groups as dated data: who is embargoed since when, where goods were diverted, which customs unions there are."""

from datetime import date
from functools import cache

from msgspec import Struct

from streams import tables


class Embargo(Struct, frozen=True, forbid_unknown_fields=True):
    """A destination under broad export restrictions, from an event date on."""

    country: str
    since: date
    strength: float
    scope: str
    source: str


class TransitBan(Struct, frozen=True, forbid_unknown_fields=True):
    """A country through which listed goods of EU exporters may not be carried, from an event date on."""

    through: str
    since: date
    source: str


class CarrierBan(Struct, frozen=True, forbid_unknown_fields=True):
    """Means of transport of a nationality that may not carry goods in the European Union, from an event date on."""

    nationality: str
    modes: frozenset[str]
    """sea, rail, road, air"""
    since: date
    source: str


class _Union(Struct, frozen=True, forbid_unknown_fields=True):
    members: frozenset[str]
    source: str


class Circle(Struct, frozen=True, forbid_unknown_fields=True):
    """Diversion destinations of one closeness."""

    name: str
    strength: float
    countries: frozenset[str]


class _Diversion(Struct, frozen=True, forbid_unknown_fields=True):
    since: date
    source: str
    circle: tuple[Circle, ...]


class _CountriesFile(Struct, frozen=True, forbid_unknown_fields=True):
    version: str
    as_of: str
    embargoed: tuple[Embargo, ...]
    transit_ban: tuple[TransitBan, ...]
    carrier_ban: tuple[CarrierBan, ...]
    customs_union: dict[str, _Union]
    diversion: _Diversion
    coalition: _Union


class Countries:
    """The groups, ready to be asked for an event date."""

    def __init__(self, file: _CountriesFile, version: str) -> None:
        self.version = version
        self._embargoes = file.embargoed
        self.troubled = frozenset(embargo.country for embargo in file.embargoed)
        """Countries that are embargoed now or later: trade went around some of them before that."""
        self._bans = file.transit_ban
        self._carriers = file.carrier_ban
        self._diversion_since = file.diversion.since
        self._circles = {country: circle for circle in file.diversion.circle for country in circle.countries}
        self.unions = {name: union.members for name, union in file.customs_union.items()}
        self.eu = self.unions["EU"]
        self.coalition = file.coalition.members
        self._days: dict[date, dict[str, Embargo]] = {}
        self._newest: tuple[date, dict[str, Embargo]] | None = None

    def embargoed(self, day: date) -> dict[str, Embargo]:
        """Embargoes that count on a day, by country."""
        newest = self._newest
        if newest is not None and newest[0] is day:  # every rule on one declaration asks with the same value
            return newest[1]
        known = self._days.get(day)
        if known is None:
            known = {embargo.country: embargo for embargo in self._embargoes if day >= embargo.since}
            if len(self._days) > 10_000:  # dates are the sender's: they must not fill the memory
                self._days.clear()
            self._days[day] = known
        self._newest = day, known
        return known

    def diversion(self, country: str, day: date) -> Circle | None:
        """The circle of a diversion destination; None for others and before goods were diverted."""
        return self._circles.get(country) if day >= self._diversion_since else None

    def transit_ban(self, country: str, day: date) -> TransitBan | None:
        """The ban on carrying listed EU exports through a country."""
        return next((ban for ban in self._bans if ban.through == country and day >= ban.since), None)

    def carrier_ban(self, nationality: str, mode: str, day: date) -> CarrierBan | None:
        """The ban on means of transport of a nationality in the European Union."""
        return next(
            (
                ban
                for ban in self._carriers
                if ban.nationality == nationality and mode in ban.modes and day >= ban.since
            ),
            None,
        )

    def same_union(self, one: str, other: str, union: str) -> bool:
        """Whether both are members of a customs union ('EU', 'EAEU'), so that no customs stands between them."""
        members = self.unions[union]
        return one in members and other in members


@cache
def countries() -> Countries:
    """The bundled table."""
    where = "streams.destinations", "tables/countries.toml"
    file = tables.load(*where, _CountriesFile)
    return Countries(file, tables.version(file.version, *where))
