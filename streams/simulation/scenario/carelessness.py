"""What ordinary declarations look like when people are in a hurry: none of it is a crime, and much of it resembles one.

Without it every innocent declaration would be perfect, and a screener would look better than it is. The shares are guesses
of the right order, not statistics.
"""

from random import Random

from msgspec.structs import replace

from streams.declarations.model import Address, Declaration, Party, RoutingCountry
from streams.simulation.firms import digits
from streams.simulation.scenario import firms

ROUTE_INCOMPLETE = 0.04
"""A country of the way is left out."""
ROUTE_ABSENT = 0.06
RUSSIAN_TELEPHONE = 0.04
"""Of consignees in Central Asia: many traders there have a Russian number."""
FORWARDER_RECEIVES = 0.02
TO_ORDER = 0.03
"""Of sea consignments: a bill of lading to order is everyday trade."""
VAGUE = 0.04
ORIGIN_ABSENT = 0.02
CENTRAL_ASIA = frozenset({"KG", "UZ", "TJ"})
VAGUE_WORDS = {
    "en": ("Spare parts", "Equipment", "Goods as per invoice"),
    "ru": ("Запчасти", "Оборудование", "ТНП"),
}


def carelessly(rng: Random, declaration: Declaration, language: str, book: firms.FirmBook) -> Declaration:
    """The declaration as a hurried declarant would have written it; mostly as it was."""
    return replace(
        declaration,
        countries_of_routing=_route(rng, declaration),
        parties=tuple(_party(rng, party, declaration, book) for party in declaration.parties),
        goods_items=tuple(
            replace(
                item,
                description_of_goods=rng.choice(VAGUE_WORDS[language])
                if rng.random() < VAGUE
                else item.description_of_goods,
                country_of_origin=None if rng.random() < ORIGIN_ABSENT else item.country_of_origin,
            )
            for item in declaration.goods_items
        ),
    )


def _route(rng: Random, declaration: Declaration) -> tuple[RoutingCountry, ...]:
    route = declaration.countries_of_routing
    drawn = rng.random()
    if drawn < ROUTE_ABSENT:
        return ()
    if drawn < ROUTE_ABSENT + ROUTE_INCOMPLETE and len(route) > 2:
        dropped = rng.randrange(1, len(route) - 1)
        kept = [stop for place, stop in enumerate(route) if place != dropped]
        return tuple(replace(stop, sequence_number=n) for n, stop in enumerate(kept, start=1))
    return route


def _party(rng: Random, party: Party, declaration: Declaration, book: firms.FirmBook) -> Party:
    if party.role != "CONSIGNEE":
        return party
    country = party.address.country if party.address else None
    drawn = rng.random()
    if declaration.mode_of_transport_at_border == "1" and drawn < TO_ORDER:
        return Party(role=party.role, name="TO ORDER", address=Address(country=country))
    if drawn < FORWARDER_RECEIVES and country is not None:
        return firms.party(book.forwarder(country), party.role)
    if party.phone is not None and country in CENTRAL_ASIA and rng.random() < RUSSIAN_TELEPHONE:
        return replace(party, phone=digits(rng, "+7 9## ### ## ##"))
    return party
