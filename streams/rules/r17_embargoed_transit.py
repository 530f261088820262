"""R17: embargoed countries on the way of goods of concern, declared, or the only way on from the office of exit."""

from collections.abc import Iterator

from streams.declarations.regimes import CARRIED_OUT
from streams.destinations.exits import led_through
from streams.destinations.journey import OVERLAND, Journey, Stop
from streams.findings import Finding, NotEvaluable
from streams.rules.figures import figure
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion
from streams.rules.subjects import CLEARS_ROAD, ROAD

ON_THE_DIRECT_ROAD = figure("R17", "on_the_direct_road")


def judge(screened: ScreenedVersion) -> Judged:
    """One finding that names the countries passed. Nothing without goods of concern."""
    if not screened.controlled:
        return
    found = list(_transit(screened))
    if not screened.trip.routing and not found:
        yield NotEvaluable(rule="R17", missing=("declaration.countriesOfRouting",))
    yield from found


def _transit(screened: ScreenedVersion) -> Iterator[Finding]:
    trip, declaration, embargoes = screened.trip, screened.declaration, screened.embargoes
    countries_of_the_world = screened.atlas.countries
    if any(country in embargoes for country in trip.destinations):
        return
    passed = [stop for stop in trip.stops if stop.country in embargoes]
    if not passed and (led := led_through(trip, screened.day, screened.atlas)) is not None:
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
    exported = trip.dispatch in countries_of_the_world.eu and declaration.regime in CARRIED_OUT
    bans = [countries_of_the_world.transit_ban(country, screened.day) for country in countries]
    banned = [ban for ban in bans if ban is not None]
    # Where one of several countries is passed, the transit is certainly barred only if it is in all of them.
    barred = banned and (joined == " and " or len(banned) == len(bans))
    inputs = {"through": countries, "regime": declaration.regime, "routing": list(trip.routing), "said": said}
    if barred and exported:
        since = banned[0].since.isoformat()
        yield BANNED.finding(
            "route.banned_transit",
            ROAD,
            inputs=inputs | {"since": since},
            dispatch=trip.dispatch,
            places=places,
            through=banned[0].through,
        )
        return
    unloaded = trip.mode in OVERLAND and trip.unloading is not None and trip.unloading.country in countries
    may_stay = declaration.regime == "TRANSIT" or unloaded
    yield TRANSIT.finding(
        "route.embargoed_transit",
        ROAD,
        strength=1.0 if may_stay else ON_THE_DIRECT_ROAD,
        inputs=inputs,
        destinations=" and ".join(trip.destinations) or "a destination not declared",
        places=places,
        note="they may stay there" if may_stay else "the usual road, on which goods also get lost",
        border=_without_border(trip, countries, screened),
    )


def _said(passed: list[Stop]) -> str:
    """What names the countries, where it is not the routing."""
    return ", ".join(dict.fromkeys(stop.said for stop in passed if stop.said != "routing"))


def _without_border(trip: Journey, passed: list[str], screened: ScreenedVersion) -> str:
    for destination in trip.destinations:
        for country in passed:
            if screened.atlas.countries.same_union(country, destination, "EAEU"):
                return f"; between {country} and {destination} stands no customs (Eurasian Economic Union)"
    return ""


BANNED = FindingKind(
    code="route.banned_transit",
    sentence="Goods of concern of an exporter in {dispatch} are carried through {places}; since {since} listed goods from the "
    "European Union may not pass {through}.",
    cleared_by="Another way, an authorisation for the transit, or proof that the ban does not list these goods.",
)
TRANSIT = FindingKind(
    code="route.embargoed_transit",
    sentence="Goods of concern for {destinations} pass {places}: {note}{border}.",
    cleared_by=CLEARS_ROAD,
)
RULE = Rule("R17", judge, (BANNED, TRANSIT))
