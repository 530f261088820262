"""Addresses whose city or words are in another country than the one they declare (D07)."""

from collections.abc import Iterator
from datetime import date

from streams.destinations.atlas import Atlas
from streams.destinations.journey import Journey
from streams.destinations.places import party_subject
from streams.findings import Finding, NotEvaluable


def address_findings(
    trip: Journey, day: date, atlas: Atlas, missing: list[NotEvaluable]
) -> Iterator[Finding]:
    """D07: a receiver in an embargoed country by its city. What cannot be told is added to `missing`."""
    embargoes = atlas.countries.embargoed(day)
    told = False
    for receiver in trip.receivers:
        address = receiver.party.address
        if address is None or address.country is None or not (address.city or address.lines):
            continue
        told = True
        named = atlas.cities.named(address)
        if named is None or named.country not in embargoes or address.country in embargoes:
            continue
        subject = party_subject(receiver)
        yield Finding(
            key=f"party.address_country|{receiver.index}|{named.country}",
            rule="D07",
            code="party.address_country",
            subject=subject,
            evidence=f"The {subject.label} declares an address in {address.country}, but '{named.words}' is in {named.country}.",
            cleared_by="An extract from the trade register with the consignee's address.",
            inputs={"declared": address.country, "named": named.country, "words": named.words},
        )
    if not told:
        missing.append(NotEvaluable(rule="D07", missing=("declaration.parties[CONSIGNEE].address.city",)))
