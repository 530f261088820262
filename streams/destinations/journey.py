"""From where to where a declaration says the goods go, and for whom: read once, used by every rule of this part."""

import re

from msgspec import Struct

from streams.declarations.model import Declaration, DeclarationVersion, Party
from streams.once import kept_with
from streams.parties.roles import CONSIGNEES, RECEIVERS

MODES = {"1": "sea", "2": "rail", "3": "road", "4": "air", "5": "post"}
"""UNECE Recommendation 19, first digit"""
OVERLAND = ("road", "rail")
_LOCODE = re.compile(r"([A-Z]{2})[A-Z2-9]{3}|([A-Z]{2}) [A-Z2-9]{3}")
NOT_LOCODES = frozenset({"BYTOM", "IRBID", "IRBIL", "RUGBY", "RUMIA", "SYROS"})
"""Names of places with five letters that would be places in Belarus, Iran, Russia or Syria if they were codes."""


class Stop(Struct, frozen=True):
    """A country that the goods touch on their way, and what says so."""

    country: str
    said: str
    """'routing', 'place of unloading RULED' ..."""


class CustomsOfficeOnTheWay(Struct, frozen=True):
    """A customs office, which its number places in a country."""

    number: str
    country: str


class Receiver(Struct, frozen=True):
    """A receiving party with its place in the declaration."""

    index: int
    party: Party
    country: str | None


class Journey(Struct, frozen=True):
    """Who sends from where by what road to where."""

    dispatch: str | None
    destinations: tuple[str, ...]
    """as declared, of the declaration and its items; the consignee's country where none is declared"""
    destination_assumed: bool
    routing: tuple[str, ...]
    """countries of routing in their sequence, as declared"""
    mode: str
    """sea, rail, road, air, post or empty"""
    origins: tuple[str, ...]
    receivers: tuple[Receiver, ...]
    stops: tuple[Stop, ...] = ()
    """what the declaration says the goods touch other than the ends: routing, places, offices of transit"""
    exits: tuple[CustomsOfficeOnTheWay, ...] = ()
    """where the goods leave: offices of exit; in transit the office of destination"""
    loading: Stop | None = None
    """the place of loading, where it names a country"""
    unloading: Stop | None = None

    @property
    def between(self) -> tuple[str, ...]:
        """Countries of routing other than the ends."""
        ends = {self.dispatch, *self.destinations}
        return tuple(country for country in self.routing if country not in ends)


@kept_with
def journey(version: DeclarationVersion) -> Journey:
    """The journey that a version declares."""
    declaration = version.declaration
    receivers = tuple(
        Receiver(index, party, party.address.country if party.address is not None else None)
        for index, party in enumerate(declaration.parties)
        if party.role in RECEIVERS
    )
    destinations: dict[str, None] = {}
    origins: dict[str, None] = {}
    dispatch = declaration.country_of_dispatch or declaration.country_of_export
    if declaration.country_of_destination:
        destinations[declaration.country_of_destination] = None
    for item in declaration.goods_items:
        if item.country_of_destination:
            destinations[item.country_of_destination] = None
        if item.country_of_origin:
            origins[item.country_of_origin] = None
        dispatch = dispatch or item.country_of_dispatch
    assumed = not destinations
    if assumed:
        for receiver in receivers:
            if receiver.country and receiver.party.role in CONSIGNEES:
                destinations[receiver.country] = None
    routing = declaration.countries_of_routing
    ordered = sorted(routing, key=lambda leg: leg.sequence_number) if len(routing) > 1 else routing
    way = tuple(leg.country for leg in ordered)
    ends = {dispatch, *destinations}
    stops: dict[str, Stop] = {}
    for stop in (*(Stop(country, "routing") for country in way), *_stops(declaration)):
        if stop.country not in ends:
            stops.setdefault(stop.country, stop)
    return Journey(
        dispatch=dispatch,
        destinations=tuple(destinations),
        destination_assumed=assumed,
        routing=way,
        mode=MODES.get((declaration.mode_of_transport_at_border or "")[:1], ""),
        origins=tuple(origins),
        receivers=receivers,
        stops=tuple(stops.values()),
        exits=_exits(declaration),
        loading=_place(declaration.place_of_loading, "place of loading"),
        unloading=_place(declaration.place_of_unloading, "place of unloading"),
    )


def place_country(place: str | None) -> str | None:
    """The country of a place given as a UN/LOCODE ('RULED', 'RU LED'); None for a name or nothing."""
    if place is None or (found := _LOCODE.fullmatch(place.strip())) is None or found[0] in NOT_LOCODES:
        return None
    return found[1] or found[2]


def _place(place: str | None, called: str) -> Stop | None:
    country = place_country(place)
    return Stop(country, f"{called} {str(place).strip()}") if country else None


def _stops(declaration: Declaration) -> tuple[Stop, ...]:
    """What besides the countries of routing says where goods pass."""
    stops = [
        _place(declaration.place_of_loading, "place of loading"),
        _place(declaration.place_of_unloading, "place of unloading"),
    ]
    if declaration.country_of_first_destination:
        stops.append(Stop(declaration.country_of_first_destination, "country of first destination"))
    stops += [
        Stop(office.reference_number[:2], f"office of transit {office.reference_number}")
        for office in declaration.customs_offices
        if office.role == "TRANSIT"
    ]
    return tuple(stop for stop in stops if stop is not None)


def _exits(declaration: Declaration) -> tuple[CustomsOfficeOnTheWay, ...]:
    roles = ("EXIT", "DESTINATION") if declaration.regime == "TRANSIT" else ("EXIT",)
    return tuple(
        CustomsOfficeOnTheWay(office.reference_number, office.reference_number[:2])
        for office in declaration.customs_offices
        if office.role in roles
    )
