"""Where the way over land leads from the office at which goods leave."""

from datetime import date

from msgspec import Struct

from streams.destinations.atlas import Atlas
from streams.destinations.geography import FAR
from streams.destinations.journey import OVERLAND, CustomsOfficeOnTheWay, Journey


class LedThrough(Struct, frozen=True):
    """By land, goods that leave through this office come to their destination only through embargoed countries."""

    office: CustomsOfficeOnTheWay
    destination: str
    through: tuple[str, ...]
    """the embargoed countries that begin behind the office"""


def led_through(trip: Journey, day: date, atlas: Atlas) -> LedThrough | None:
    """The first office of exit of the European Union from which every way over land leads through an embargoed country.

    Goods that left the union do not enter it again, so that no way through it counts."""
    if trip.mode not in OVERLAND:
        return None
    world, eu = atlas.geography, atlas.countries.eu
    embargoes = frozenset(atlas.countries.embargoed(day))
    for office in trip.exits:
        if office.country not in eu:
            continue
        known = world.offices.get(office.number)
        behind = {known} if known else set(world.borders(office.country))
        for destination in trip.destinations:
            if destination in embargoes or destination in eu or not world.knows(destination):
                continue
            way = world.distance(known or office.country, destination, embargoes | eu)
            through = tuple(sorted(behind & embargoes))
            # From an office whose border is known the first country is certain, whatever ways there are behind it.
            if through and (known in embargoes or way >= FAR):
                return LedThrough(office, destination, through)
    return None
