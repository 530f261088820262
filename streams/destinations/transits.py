"""Embargoed countries on the way of goods of concern: declared, or the only way on from the office of exit (R17)."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from streams.declarations.model import Declaration
from streams.destinations.atlas import Atlas
from streams.destinations.geography import FAR
from streams.destinations.journey import Journey, Office, Stop
from streams.findings import Finding, Subject

ROAD = Subject(kind="ROUTE", label="route")
OVERLAND = ("road", "rail")
LEAVING = ("EXPORT", "REEXPORT", "TRANSIT", "EXIT_SUMMARY")
ON_THE_DIRECT_ROAD = 0.5
"""Strength of passing through an embargoed country where that is the usual road (Germany to Kazakhstan) and the regime is not
transit: the goods go that way every day, but they also get lost there."""
CLEARS_ROAD = "The transport contract and the consignment note for the whole way, and proof of arrival at the destination."


class LedThrough(Struct, frozen=True):
    """By land, goods that leave through this office come to their destination only through embargoed countries."""

    office: Office
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


def transit_findings(trip: Journey, declaration: Declaration, day: date, atlas: Atlas) -> Iterator[Finding]:
    """R17, for a declaration with goods of concern."""
    embargoes = atlas.countries.embargoed(day)
    if any(country in embargoes for country in trip.destinations):
        return
    passed = [stop for stop in trip.stops if stop.country in embargoes]
    if not passed and (led := led_through(trip, day, atlas)) is not None:
        said = f"the only way over land from the office of exit {led.office.number} to {led.destination}"
        passed = [Stop(country, said) for country in led.through]
        joined = " or "
    else:
        joined = " and "
    if not passed:
        return
    countries = [stop.country for stop in passed]
    said = _said(passed)
    places = joined.join(countries) + (f" ({said})" if said else "")
    exported = trip.dispatch in atlas.countries.eu and declaration.regime in LEAVING
    bans = [atlas.countries.transit_ban(country, day) for country in countries]
    banned = [ban for ban in bans if ban is not None]
    # Where one of several countries is passed, the transit is certainly barred only if it is in all of them.
    barred = banned and (joined == " and " or len(banned) == len(bans))
    inputs = {"through": countries, "regime": declaration.regime, "routing": list(trip.routing), "said": said}
    if barred and exported:
        ban = banned[0]
        yield Finding(
            key="route.banned_transit",
            rule="R17",
            code="route.banned_transit",
            subject=ROAD,
            evidence=(
                f"Goods of concern of an exporter in {trip.dispatch} are carried through {places}; since "
                f"{ban.since.isoformat()} listed goods from the European Union may not pass {ban.through}."
            ),
            cleared_by="Another way, an authorisation for the transit, or proof that the ban does not list these goods.",
            inputs=inputs | {"since": ban.since.isoformat()},
        )
        return
    unloaded = trip.mode in OVERLAND and trip.unloading is not None and trip.unloading.country in countries
    may_stay = declaration.regime == "TRANSIT" or unloaded
    note = "they may stay there" if may_stay else "the usual road, on which goods also get lost"
    yield Finding(
        key="route.embargoed_transit",
        rule="R17",
        code="route.embargoed_transit",
        subject=ROAD,
        evidence=(
            f"Goods of concern for {' and '.join(trip.destinations) or 'a destination not declared'} pass {places}: {note}"
            f"{_without_border(trip, countries, atlas)}."
        ),
        cleared_by=CLEARS_ROAD,
        strength=1.0 if may_stay else ON_THE_DIRECT_ROAD,
        inputs=inputs,
    )


def _said(passed: list[Stop]) -> str:
    """What names the countries, where it is not the routing."""
    return ", ".join(dict.fromkeys(stop.said for stop in passed if stop.said != "routing"))


def _without_border(trip: Journey, passed: list[str], atlas: Atlas) -> str:
    for destination in trip.destinations:
        for country in passed:
            if atlas.countries.same_union(country, destination, "EAEU"):
                return f"; between {country} and {destination} stands no customs (Eurasian Economic Union)"
    return ""
