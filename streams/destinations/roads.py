"""The road the goods take: roundabout ways, embargoed countries on the way of goods of concern (R16, R17, D05)."""

from collections.abc import Collection, Iterator
from datetime import date

from streams.assessment.model import Finding, NotEvaluable, Subject
from streams.declarations.model import Declaration
from streams.destinations.atlas import Atlas
from streams.destinations.journey import Journey

ROAD = Subject(kind="ROUTE", label="route")
OVERLAND = ("road", "rail")
DETOUR_BORDERS = 2
"""Borders more than on the shortest way from which a way through an embargoed country is roundabout. One more is common: a
lorry from Turkey to Kyrgyzstan passes Russia although the Caspian ferry is as short."""
ON_THE_DIRECT_ROAD = 0.5
"""Strength of passing through an embargoed country where that is the usual road (Germany to Kazakhstan) and the regime is not
transit: the goods go that way every day, but they also get lost there."""
CLEARS_ROAD = "The transport contract and the consignment note for the whole way, and proof of arrival at the destination."


def road_findings(
    trip: Journey,
    declaration: Declaration,
    day: date,
    controlled: Collection[int],
    atlas: Atlas,
    missing: list[NotEvaluable],
) -> list[Finding]:
    """R16, R17 and D05. `controlled`: numbers of the items on a control list. What cannot be told is added to `missing`."""
    if not trip.routing:
        missing.append(NotEvaluable(rule="R16", missing=("declaration.countriesOfRouting",)))
        if controlled:
            missing.append(NotEvaluable(rule="R17", missing=("declaration.countriesOfRouting",)))
        found: list[Finding] = []
    else:
        found = list(_circuitous(trip, declaration, day, atlas, missing))
        if controlled:
            found += _through_embargoed(trip, declaration, day, atlas)
    if controlled:
        found += _third_country_supply(trip, declaration, day, controlled, atlas)
    return found


def _circuitous(
    trip: Journey, declaration: Declaration, day: date, atlas: Atlas, missing: list[NotEvaluable]
) -> Iterator[Finding]:
    absent = []
    if not trip.destinations:
        absent.append("declaration.countryOfDestination")
    if not trip.mode:
        absent.append("declaration.modeOfTransportAtBorder")
    if absent:
        missing.append(NotEvaluable(rule="R16", missing=tuple(absent)))
        return
    reasons = [
        reason
        for destination in trip.destinations
        for reason in (
            _last_is_no_neighbour(trip, destination, atlas),
            _detour(trip, destination, day, atlas),
        )
        if reason
    ]
    reasons += [reason for reason in (_exit_elsewhere(trip, declaration, day, atlas),) if reason]
    if reasons:
        yield Finding(
            key="route.circuitous",
            rule="R16",
            code="route.circuitous",
            subject=ROAD,
            evidence=f"The declared way {' - '.join(trip.routing)} does not fit: {'; '.join(dict.fromkeys(reasons))}.",
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
    return f"by {trip.mode} the last country before {destination} is {last}, which has no border with it"


def _detour(trip: Journey, destination: str, day: date, atlas: Atlas) -> str:
    embargoes = atlas.countries.embargoed(day)
    passed = [country for country in trip.between if country in embargoes]
    if destination in embargoes or not passed or trip.dispatch is None or trip.dispatch in embargoes:
        return ""
    if trip.mode == "air":
        return f"by air it touches {passed[0]} although aircraft need not"
    barred = frozenset(embargoes)
    start = trip.dispatch if atlas.geography.knows(trip.dispatch) else trip.routing[0]
    more = max(atlas.geography.detour(start, country, destination, barred) for country in passed)
    if more < DETOUR_BORDERS:
        return ""
    return f"through {' and '.join(passed)} it crosses {more} borders more than the shortest way to {destination}"


def _exit_elsewhere(trip: Journey, declaration: Declaration, day: date, atlas: Atlas) -> str:
    """The goods leave through an office on the border of an embargoed country that the declared way avoids."""
    embargoes = atlas.countries.embargoed(day)
    if not embargoes or any(country in embargoes for country in (*trip.routing, *trip.destinations)):
        return ""
    named = {trip.dispatch, *trip.routing, *trip.destinations}
    for office in declaration.customs_offices:
        country = office.reference_number[:2]
        if office.role != "EXIT" or country in named or not atlas.geography.knows(country):
            continue
        near = sorted(other for other in atlas.geography.borders(country) if other in embargoes)
        if near:
            return (
                f"it leaves through {office.reference_number} in {country}, which the way does not name and which borders "
                f"{near[0]}"
            )
    return ""


def _through_embargoed(trip: Journey, declaration: Declaration, day: date, atlas: Atlas) -> Iterator[Finding]:
    embargoes = atlas.countries.embargoed(day)
    passed = [country for country in trip.between if country in embargoes]
    if not passed or any(country in embargoes for country in trip.destinations):
        return
    exported = trip.dispatch in atlas.countries.eu and declaration.regime in (
        "EXPORT",
        "REEXPORT",
        "TRANSIT",
        "EXIT_SUMMARY",
    )
    ban = next((found for country in passed if (found := atlas.countries.transit_ban(country, day))), None)
    places = " and ".join(passed)
    inputs = {"through": passed, "regime": declaration.regime, "routing": list(trip.routing)}
    if ban is not None and exported:
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
    in_transit = declaration.regime == "TRANSIT"
    note = "they may stay there" if in_transit else "the usual road, on which goods also get lost"
    yield Finding(
        key="route.embargoed_transit",
        rule="R17",
        code="route.embargoed_transit",
        subject=ROAD,
        evidence=f"Goods of concern for {' and '.join(trip.destinations) or 'a destination not declared'} pass {places}: {note}.",
        cleared_by=CLEARS_ROAD,
        strength=1.0 if in_transit else ON_THE_DIRECT_ROAD,
        inputs=inputs,
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
