"""D01: the goods go to a country from where goods were diverted."""

from streams.findings import NotEvaluable
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion
from streams.rules.subjects import DESTINATION

NO_DESTINATION = ("declaration.countryOfDestination", "declaration.parties[CONSIGNEE].address.country")
ASSUMED = " (the consignee's address; none is declared)"


def judge(screened: ScreenedVersion) -> Judged:
    """One finding a destination; not of trade within the country, nor of an embargoed one (D02)."""
    trip = screened.trip
    if not trip.destinations:
        yield NotEvaluable(rule="D01", missing=NO_DESTINATION)
    for country in trip.destinations:
        circle = screened.circle(country)
        if circle is None or country in screened.embargoes or country == trip.dispatch:
            continue
        yield DIVERSION.finding(
            f"destination.diversion|{country}",
            DESTINATION,
            strength=circle.strength,
            inputs={"destination": country, "circle": circle.name},
            assumed=ASSUMED if trip.destination_assumed else "",
        )


DIVERSION = FindingKind(
    code="destination.diversion",
    sentence="The goods go to {destination}{assumed}, from where goods were diverted: {circle}.",
    cleared_by="An end-user statement and proof of use or sale in the country of destination.",
)
RULE = Rule("D01", judge, (DIVERSION,))
