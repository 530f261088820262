"""D02: the goods go to a country under broad export restrictions."""

from streams.findings import NotEvaluable
from streams.rules.d01_diversion import ASSUMED, NO_DESTINATION
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion
from streams.rules.subjects import DESTINATION


def judge(screened: ScreenedVersion) -> Judged:
    """One finding a destination."""
    trip = screened.trip
    if not trip.destinations:
        yield NotEvaluable(rule="D02", missing=NO_DESTINATION)
    for country in trip.destinations:
        embargo = screened.embargoes.get(country)
        if embargo is None:
            continue
        since = embargo.since.isoformat()
        yield EMBARGOED.finding(
            f"destination.embargoed|{country}",
            DESTINATION,
            strength=embargo.strength,
            inputs={"destination": country, "since": since},
            assumed=ASSUMED if trip.destination_assumed else "",
            scope=embargo.scope,
        )


EMBARGOED = FindingKind(
    code="destination.embargoed",
    sentence="The goods go to {destination}{assumed}, embargoed since {since}: {scope}.",
    cleared_by="Proof that these goods are not barred there: classification against the annexes, or a licence.",
)
RULE = Rule("D02", judge, (EMBARGOED,))
