"""D06: goods of concern are carried by means of transport of an embargoed country."""

from streams.findings import NotEvaluable, Subject
from streams.rules.figures import figure
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion

OFF_THE_WAY = figure("D06", "off_the_way")


def judge(screened: ScreenedVersion) -> Judged:
    """One finding a means of transport. Nothing without goods of concern."""
    if not screened.controlled:
        return
    trip, groups = screened.trip, screened.atlas.countries
    means_of_transport = screened.declaration.transport_means
    known = [(index, str(one.nationality)) for index, one in enumerate(means_of_transport) if one.nationality]
    absent = [] if known else ["declaration.transportMeans[].nationality"]
    if not trip.mode:
        absent.append("declaration.modeOfTransportAtBorder")
    if absent:
        yield NotEvaluable(rule="D06", missing=tuple(absent))
    ends = [country for country in (trip.dispatch, *trip.destinations) if country]
    for index, nationality in known:
        ban = groups.carrier_ban(nationality, trip.mode, screened.day)
        since = ban.since.isoformat() if ban else ""
        if ban is not None and any(country in groups.eu for country in ends):
            reason, strength = f"since {since} those may not carry goods in the European Union", 1.0
        elif nationality in screened.embargoes and not _at_home(nationality, ends, screened):
            way = " - ".join((*ends[:1], *trip.between, *ends[1:]))
            reason, strength = f"the way {way} is far from there", OFF_THE_WAY
        else:
            continue
        yield CARRIER.finding(
            f"transport.embargoed_carrier|{index}|{nationality}",
            Subject(kind="TRANSPORT", index=index, label=f"means of transport of {nationality}"),
            strength=strength,
            inputs={"nationality": nationality, "mode": trip.mode, "since": since},
            moved=f"by {trip.mode}" if trip.mode else "by means of transport",
            reason=reason,
        )


def _at_home(nationality: str, ends: list[str], screened: ScreenedVersion) -> bool:
    """Whether it passes its own country, a neighbour or its customs union, as carriers of anywhere do."""
    trip, atlas = screened.trip, screened.atlas
    return any(
        country == nationality
        or atlas.geography.linked(country, nationality)
        or atlas.countries.same_union(country, nationality, "EAEU")
        for country in (*ends, *trip.routing, *(stop.country for stop in trip.stops))
    )


CARRIER = FindingKind(
    code="transport.embargoed_carrier",
    sentence="Goods of concern are carried {moved} under the registration of {nationality}; {reason}.",
    cleared_by="The consignment note with the carrier's name, and the registration of the vehicle, ship or aircraft.",
)
RULE = Rule("D06", judge, (CARRIER,))
