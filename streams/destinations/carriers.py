"""The nationality of the means of transport that carries goods of concern (D06)."""

from collections.abc import Collection, Iterator
from datetime import date

from streams.declarations.model import Declaration, TransportMeans
from streams.destinations.atlas import Atlas
from streams.destinations.journey import Journey
from streams.findings import Finding, NotEvaluable, Subject

OFF_THE_WAY = 0.5
"""Strength of a lorry or ship of an embargoed country on a way that neither passes nor borders it: ships serve every coast."""
CLEARS_CARRIER = (
    "The consignment note with the carrier's name, and the registration of the vehicle, ship or aircraft."
)


def carrier_findings(
    trip: Journey,
    declaration: Declaration,
    day: date,
    controlled: Collection[int],
    atlas: Atlas,
    missing: list[NotEvaluable],
) -> list[Finding]:
    """D06, for goods of concern. What cannot be told is added to `missing`."""
    if not controlled:
        return []
    known = [(index, means) for index, means in enumerate(declaration.transport_means) if means.nationality]
    absent = [] if known else ["declaration.transportMeans[].nationality"]
    if not trip.mode:
        absent.append("declaration.modeOfTransportAtBorder")
    if absent:
        missing.append(NotEvaluable(rule="D06", missing=tuple(absent)))
    return list(_carriers(known, trip, day, atlas))


def _carriers(
    known: list[tuple[int, TransportMeans]], trip: Journey, day: date, atlas: Atlas
) -> Iterator[Finding]:
    groups = atlas.countries
    embargoes = groups.embargoed(day)
    ends = [country for country in (trip.dispatch, *trip.destinations) if country]
    for index, means in known:
        nationality = str(means.nationality)
        ban = groups.carrier_ban(nationality, trip.mode, day)
        if ban is not None and any(country in groups.eu for country in ends):
            reason, strength = (
                f"since {ban.since.isoformat()} those may not carry goods in the European Union",
                1.0,
            )
        elif nationality in embargoes and not _at_home(nationality, ends, trip, atlas):
            reason, strength = (
                f"the way {' - '.join((*ends[:1], *trip.between, *ends[1:]))} is far from there",
                OFF_THE_WAY,
            )
        else:
            continue
        moved = f"by {trip.mode}" if trip.mode else "by means of transport"
        yield Finding(
            key=f"transport.embargoed_carrier|{index}|{nationality}",
            rule="D06",
            code="transport.embargoed_carrier",
            subject=Subject(kind="TRANSPORT", index=index, label=f"means of transport of {nationality}"),
            evidence=f"Goods of concern are carried {moved} under the registration of {nationality}; {reason}.",
            cleared_by=CLEARS_CARRIER,
            strength=strength,
            inputs={
                "nationality": nationality,
                "mode": trip.mode,
                "since": ban.since.isoformat() if ban else "",
            },
        )


def _at_home(nationality: str, ends: list[str], trip: Journey, atlas: Atlas) -> bool:
    """Whether it passes its own country, a neighbour or its customs union, as carriers of anywhere do."""
    return any(
        country == nationality
        or atlas.geography.linked(country, nationality)
        or atlas.countries.same_union(country, nationality, "EAEU")
        for country in (*ends, *trip.routing, *(stop.country for stop in trip.stops))
    )
