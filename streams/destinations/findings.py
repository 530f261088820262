"""What places, roads and receivers of a declaration say: everything of this part that needs no memory."""

from collections.abc import Collection

from streams.declarations.model import DeclarationVersion
from streams.destinations.addresses import address_findings
from streams.destinations.atlas import Atlas
from streams.destinations.carriers import carrier_findings
from streams.destinations.journey import Journey
from streams.destinations.places import place_findings
from streams.destinations.receivers import receiver_findings
from streams.destinations.roads import road_findings
from streams.findings import Finding, NotEvaluable


def destination_findings(
    version: DeclarationVersion, trip: Journey, controlled: Collection[int], atlas: Atlas
) -> tuple[list[Finding], list[NotEvaluable]]:
    """Findings and the rules that lacked their inputs. `controlled`: numbers of the items on a control list."""
    declaration = version.declaration
    day = version.envelope.event_date_time.date()
    missing: list[NotEvaluable] = []
    findings = place_findings(trip, declaration, day, atlas, missing)
    findings += road_findings(trip, declaration, day, controlled, atlas, missing)
    findings += carrier_findings(trip, declaration, day, controlled, atlas, missing)
    findings += address_findings(trip, day, atlas, missing)
    findings += receiver_findings(trip, declaration.parties, day, controlled, atlas, missing)
    return findings, missing
