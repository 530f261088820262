"""From where to where a declaration says the goods go, and for whom: read once, used by every rule of this part."""

from msgspec import Struct

from streams.declarations.model import DeclarationVersion, Party

RECEIVERS = (
    "CONSIGNEE",
    "IMPORTER",
    "ULTIMATE_CONSIGNEE",
    "END_USER",
    "BUYER",
    "NOTIFY_PARTY",
    "INTERMEDIATE_CONSIGNEE",
    "FINANCIAL",
)
"""Roles for whose sake goods move: carriers, forwarders and agents of any country serve anybody."""
CONSIGNEES = ("CONSIGNEE", "IMPORTER", "ULTIMATE_CONSIGNEE", "END_USER")
MODES = {"1": "sea", "2": "rail", "3": "road", "4": "air", "5": "post"}
"""UNECE Recommendation 19, first digit"""


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

    @property
    def between(self) -> tuple[str, ...]:
        """Countries of routing other than the ends."""
        ends = {self.dispatch, *self.destinations}
        return tuple(country for country in self.routing if country not in ends)


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
    ordered = sorted(routing, key=lambda one: one.sequence_number) if len(routing) > 1 else routing
    return Journey(
        dispatch=dispatch,
        destinations=tuple(destinations),
        destination_assumed=assumed,
        routing=tuple(one.country for one in ordered),
        mode=MODES.get((declaration.mode_of_transport_at_border or "")[:1], ""),
        origins=tuple(origins),
        receivers=receivers,
    )
