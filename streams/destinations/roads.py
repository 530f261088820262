"""The road the goods take: ways that do not fit (R16), the way of goods of concern (R17, D05)."""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import pairwise

from streams.declarations.model import Declaration
from streams.destinations.atlas import Atlas
from streams.destinations.geography import FAR
from streams.destinations.journey import Journey
from streams.destinations.transits import CLEARS_ROAD, OVERLAND, ROAD, led_through, transit_findings
from streams.findings import Finding, NotEvaluable

DETOUR_BORDERS = 2
"""Borders more than on the shortest way from which a way through an embargoed country is roundabout. One more is common: a
lorry from Turkey to Kyrgyzstan passes Russia although the Caspian ferry is as short."""
WANDERING_BORDERS = 4
"""Borders more than on the shortest way over land from which a whole way is roundabout: around a closed border or a queue,
lorries from Italy to Central Asia cross three more."""
HUBS = 2
HUB_STRENGTH = 0.6
"""By air, calls at two or more diversion destinations of this closeness: one is where aircraft change, two need a reason."""


def road_findings(
    trip: Journey,
    declaration: Declaration,
    day: date,
    controlled: Collection[int],
    atlas: Atlas,
    missing: list[NotEvaluable],
) -> list[Finding]:
    """R16, R17 and D05. `controlled`: numbers of the items on a control list. What cannot be told is added to `missing`."""
    found = list(_circuitous(trip, day, atlas, missing))
    if controlled:
        passing = list(transit_findings(trip, declaration, day, atlas))
        if not trip.routing and not passing:
            missing.append(NotEvaluable(rule="R17", missing=("declaration.countriesOfRouting",)))
        found += passing
        found += _third_country_supply(trip, declaration, day, controlled, atlas)
    return found


def _circuitous(trip: Journey, day: date, atlas: Atlas, missing: list[NotEvaluable]) -> Iterator[Finding]:
    absent = [] if trip.routing else ["declaration.countriesOfRouting"]
    if not trip.destinations:
        absent.append("declaration.countryOfDestination")
    if not trip.mode and (trip.routing or trip.exits or trip.unloading):
        absent.append("declaration.modeOfTransportAtBorder")
    if absent:
        missing.append(NotEvaluable(rule="R16", missing=tuple(absent)))
    if not trip.destinations or not trip.mode:
        return
    reasons = [
        reason
        for destination in trip.destinations
        for reason in (
            _last_is_no_neighbour(trip, destination, atlas),
            _detour(trip, destination, day, atlas),
            _wandering(trip, destination, atlas),
            _unloaded_elsewhere(trip, destination, day, atlas),
        )
        if reason
    ]
    reasons += [reason for reason in (_by_air(trip, day, atlas), _exit_elsewhere(trip, day, atlas)) if reason]
    if reasons:
        way = f" {' - '.join(trip.routing)}" if trip.routing else ""
        yield Finding(
            key="route.circuitous",
            rule="R16",
            code="route.circuitous",
            subject=ROAD,
            evidence=f"The declared way{way} does not fit: {'; '.join(dict.fromkeys(reasons))}.",
            cleared_by=CLEARS_ROAD,
            inputs={
                "routing": list(trip.routing),
                "destinations": list(trip.destinations),
                "mode": trip.mode,
                "reasons": list(dict.fromkeys(reasons)),
            },
        )


def _last_is_no_neighbour(trip: Journey, destination: str, atlas: Atlas) -> str:
    if trip.mode not in OVERLAND or not atlas.geography.knows(destination):
        return ""
    before = [country for country in trip.routing if country != destination]
    if not before or set(before) <= {
        trip.dispatch
    }:  # only the ends are declared: that says nothing of the way
        return ""
    last = before[-1]
    if not atlas.geography.knows(last) or atlas.geography.linked(last, destination):
        return ""
    if atlas.countries.same_union(last, destination, "EU"):
        return ""  # goods that entered the union move on without a border, and the declared way ends there
    return f"by {trip.mode} the last country before {destination} is {last}, which has no border with it"


def _detour(trip: Journey, destination: str, day: date, atlas: Atlas) -> str:
    embargoes = atlas.countries.embargoed(day)
    passed = [country for country in trip.between if country in embargoes]
    if destination in embargoes or not passed or trip.dispatch is None or trip.dispatch in embargoes:
        return ""
    if trip.mode == "air":
        return ""
    barred = frozenset(embargoes)
    start = trip.dispatch if atlas.geography.knows(trip.dispatch) else trip.routing[0]
    more = max(atlas.geography.detour(start, country, destination, barred) for country in passed)
    if more < DETOUR_BORDERS:
        return ""
    return f"through {' and '.join(passed)} it crosses {more} borders more than the shortest way to {destination}"


def _wandering(trip: Journey, destination: str, atlas: Atlas) -> str:
    """A whole way over land that is far longer than the shortest one."""
    if trip.mode not in OVERLAND or trip.dispatch is None or len(trip.between) < 2:
        return ""
    world = atlas.geography
    # A way around Russia or Iran is not compared with the one through it.
    avoided = atlas.countries.troubled - {trip.dispatch, *trip.routing}
    shortest = world.distance(trip.dispatch, destination, avoided, True)
    steps = (trip.dispatch, *trip.between, destination)
    way = sum(world.distance(one, other) for one, other in pairwise(steps))
    if shortest >= FAR or way >= FAR or way - shortest < WANDERING_BORDERS:
        return ""
    return f"it crosses {way} borders, and the shortest way from {trip.dispatch} to {destination} {shortest}"


def _unloaded_elsewhere(trip: Journey, destination: str, day: date, atlas: Atlas) -> str:
    """A ship unloads in an embargoed country for one that has a coast of its own and no border with it."""
    stop, world = trip.unloading, atlas.geography
    if trip.mode != "sea" or stop is None or destination in world.landlocked or not world.knows(destination):
        return ""
    embargoes = atlas.countries.embargoed(day)
    if (
        stop.country not in embargoes
        or stop.country == destination
        or world.linked(stop.country, destination)
    ):
        return ""
    return f"the ship unloads in {stop.country} ({stop.said}), although {destination} has ports of its own"


def _by_air(trip: Journey, day: date, atlas: Atlas) -> str:
    embargoes = atlas.countries.embargoed(day)
    ends = (trip.dispatch, *trip.destinations)
    if trip.mode != "air" or any(country in embargoes for country in ends):
        return ""
    touched = next((stop for stop in trip.stops if stop.country in embargoes), None)
    if touched is not None:
        said = "" if touched.said == "routing" else f" ({touched.said})"
        return f"by air it touches {touched.country}{said} although aircraft need not"
    circles = {country: atlas.countries.diversion(country, day) for country in dict.fromkeys(trip.between)}
    hubs = [country for country, circle in circles.items() if circle and circle.strength >= HUB_STRENGTH]
    return f"by air it calls at {' and '.join(hubs)}, one after the other" if len(hubs) >= HUBS else ""


def _exit_elsewhere(trip: Journey, day: date, atlas: Atlas) -> str:
    """The goods leave over a border from where the way leads through an embargoed country, although there is a way around."""
    embargoes = atlas.countries.embargoed(day)
    if trip.mode not in OVERLAND or not embargoes:
        return ""
    if any(country in embargoes for country in (trip.dispatch, *trip.routing, *trip.destinations)):
        return ""
    named = {trip.dispatch, *trip.routing, *trip.destinations}
    for office in trip.exits if trip.between else ():
        if office.country in named or not atlas.geography.knows(office.country):
            continue
        near = sorted(other for other in atlas.geography.borders(office.country) if other in embargoes)
        if near:
            return (
                f"it leaves through {office.number} in {office.country}, which the way does not name and which borders "
                f"{near[0]}"
            )
    led = led_through(trip, day, atlas)
    if led is None or trip.dispatch is None or trip.dispatch == led.office.country:
        return ""
    if atlas.geography.distance(trip.dispatch, led.destination, frozenset(embargoes), True) >= FAR:
        return ""
    return (
        f"it leaves through {led.office.number}, from where the way to {led.destination} leads through "
        f"{' or '.join(led.through)}, although there is one around"
    )


def _third_country_supply(
    trip: Journey, declaration: Declaration, day: date, controlled: Collection[int], atlas: Atlas
) -> Iterator[Finding]:
    """Goods made in a country that controls their export come from one that does not, to a diversion destination."""
    coalition = atlas.countries.coalition
    if trip.dispatch is None or trip.dispatch in coalition:
        return
    circles = [
        atlas.countries.diversion(country, day) for country in trip.destinations if country != trip.dispatch
    ]
    strongest = max((circle.strength for circle in circles if circle), default=0.0)
    if not strongest:
        return
    items = [
        item
        for item in declaration.goods_items
        if item.goods_item_number in controlled and item.country_of_origin in coalition
    ]
    if items:
        origins = sorted({str(item.country_of_origin) for item in items})
        yield Finding(
            key="route.third_country_supply",
            rule="D05",
            code="route.third_country_supply",
            subject=ROAD,
            evidence=(
                f"Goods of concern made in {', '.join(origins)} come from {trip.dispatch}, which does not control their export, "
                f"to {' and '.join(trip.destinations)}."
            ),
            cleared_by="The maker's invoice and the re-export licence of the country of origin.",
            strength=strongest,
            inputs={
                "origins": origins,
                "dispatch": trip.dispatch,
                "items": [item.goods_item_number for item in items[:50]],
            },
        )
