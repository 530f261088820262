"""R16: the declared way does not fit: roundabout, without a border between its countries, or past the destination's own ports."""

from itertools import pairwise

from streams.destinations.exits import led_through
from streams.destinations.geography import FAR
from streams.destinations.journey import OVERLAND
from streams.findings import NotEvaluable
from streams.rules.figures import figure
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion
from streams.rules.subjects import CLEARS_ROAD, ROAD

DETOUR_BORDERS = figure("R16", "detour_borders")
WANDERING_BORDERS = figure("R16", "wandering_borders")
HUBS = figure("R16", "hubs")
HUB_STRENGTH = figure("R16", "hub_strength")


def judge(screened: ScreenedVersion) -> Judged:
    """One finding with every reason for which the way does not fit."""
    trip = screened.trip
    absent = [] if trip.routing else ["declaration.countriesOfRouting"]
    if not trip.destinations:
        absent.append("declaration.countryOfDestination")
    if not trip.mode and (trip.routing or trip.exits or trip.unloading):
        absent.append("declaration.modeOfTransportAtBorder")
    if absent:
        yield NotEvaluable(rule="R16", missing=tuple(absent))
    if not trip.destinations or not trip.mode:
        return
    to_destination = (_last_is_no_neighbour, _detour, _wandering, _unloaded_elsewhere)
    reasons = [test(screened, destination) for destination in trip.destinations for test in to_destination]
    reasons += [_by_air(screened), _exit_elsewhere(screened)]
    told = list(dict.fromkeys(reason for reason in reasons if reason))
    if told:
        yield CIRCUITOUS.finding(
            "route.circuitous",
            ROAD,
            inputs={
                "routing": list(trip.routing),
                "destinations": list(trip.destinations),
                "mode": trip.mode,
                "reasons": told,
            },
            way=f" {' - '.join(trip.routing)}" if trip.routing else "",
            reasons="; ".join(told),
        )


def _last_is_no_neighbour(screened: ScreenedVersion, destination: str) -> str:
    trip, atlas = screened.trip, screened.atlas
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


def _detour(screened: ScreenedVersion, destination: str) -> str:
    trip, atlas, embargoes = screened.trip, screened.atlas, screened.embargoes
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


def _wandering(screened: ScreenedVersion, destination: str) -> str:
    """A whole way over land that is far longer than the shortest one."""
    trip, atlas = screened.trip, screened.atlas
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


def _unloaded_elsewhere(screened: ScreenedVersion, destination: str) -> str:
    """A ship unloads in an embargoed country for one that has a coast of its own and no border with it."""
    trip, atlas, embargoes = screened.trip, screened.atlas, screened.embargoes
    stop, world = trip.unloading, atlas.geography
    if trip.mode != "sea" or stop is None or destination in world.landlocked or not world.knows(destination):
        return ""
    if (
        stop.country not in embargoes
        or stop.country == destination
        or world.linked(stop.country, destination)
    ):
        return ""
    return f"the ship unloads in {stop.country} ({stop.said}), although {destination} has ports of its own"


def _by_air(screened: ScreenedVersion) -> str:
    trip, embargoes = screened.trip, screened.embargoes
    ends = (trip.dispatch, *trip.destinations)
    if trip.mode != "air" or any(country in embargoes for country in ends):
        return ""
    touched = next((stop for stop in trip.stops if stop.country in embargoes), None)
    if touched is not None:
        said = "" if touched.said == "routing" else f" ({touched.said})"
        return f"by air it touches {touched.country}{said} although aircraft need not"
    circles = {country: screened.circle(country) for country in dict.fromkeys(trip.between)}
    hubs = [country for country, circle in circles.items() if circle and circle.strength >= HUB_STRENGTH]
    return f"by air it calls at {' and '.join(hubs)}, one after the other" if len(hubs) >= HUBS else ""


def _exit_elsewhere(screened: ScreenedVersion) -> str:
    """The goods leave over a border from where the way leads through an embargoed country, although there is a way around."""
    trip, atlas, embargoes = screened.trip, screened.atlas, screened.embargoes
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
    led = led_through(trip, screened.day, atlas)
    if led is None or trip.dispatch is None or trip.dispatch == led.office.country:
        return ""
    if atlas.geography.distance(trip.dispatch, led.destination, frozenset(embargoes), True) >= FAR:
        return ""
    return (
        f"it leaves through {led.office.number}, from where the way to {led.destination} leads through "
        f"{' or '.join(led.through)}, although there is one around"
    )


CIRCUITOUS = FindingKind(
    code="route.circuitous",
    sentence="The declared way{way} does not fit: {reasons}.",
    cleared_by=CLEARS_ROAD,
)
RULE = Rule("R16", judge, (CIRCUITOUS,))
