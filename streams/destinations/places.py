"""Where goods come from and go to: embargoed and diversion destinations, receivers elsewhere (D01-D04)."""

from collections.abc import Collection, Iterator
from datetime import date

from streams.declarations.model import Declaration
from streams.destinations.atlas import Atlas
from streams.destinations.journey import CONSIGNEES, Journey, Receiver, place_country
from streams.findings import Finding, NotEvaluable, Subject

ROUTE = Subject(kind="ROUTE", label="destination")
NO_DESTINATION = ("declaration.countryOfDestination", "declaration.parties[CONSIGNEE].address.country")
LESSER_ROLE = 0.7
"""Strength of a notify party, payer or intermediate consignee in an embargoed country: nearer to the deal than a carrier,
farther than the one who gets the goods."""
ORDINARY_ELSEWHERE = 0.4
"""Strength of a consignee in a third country of no concern: trade through a buying office is ordinary."""
HUB_BETWEEN = 0.6
"""Strength of a diversion destination from which an intermediate consignee off the declared way is told."""
AT_THE_BUYERS_END = frozenset("CD")
"""First letters of the Incoterms by which the seller brings the goods to the place named."""
INBOUND = frozenset({"IMPORT", "TRANSIT", "ENTRY_SUMMARY"})


def place_findings(
    trip: Journey, declaration: Declaration, day: date, atlas: Atlas, missing: list[NotEvaluable]
) -> list[Finding]:
    """D01 to D04. What cannot be told is added to `missing`."""
    embargoes = atlas.countries.embargoed(day)
    if not trip.destinations:
        missing.append(NotEvaluable(rule="D01", missing=NO_DESTINATION))
        missing.append(NotEvaluable(rule="D02", missing=NO_DESTINATION))
    found = [finding for country in trip.destinations for finding in _destination(country, trip, day, atlas)]
    inbound = declaration.regime in INBOUND
    if inbound and embargoes:
        found += _origin(trip, declaration, day, atlas)
    elif embargoes:
        found += _deal(trip, declaration, embargoes)
    found += _elsewhere(trip, day, atlas, missing)
    return found


def _destination(country: str, trip: Journey, day: date, atlas: Atlas) -> Iterator[Finding]:
    assumed = " (the consignee's address; none is declared)" if trip.destination_assumed else ""
    embargo = atlas.countries.embargoed(day).get(country)
    if embargo is not None:
        yield Finding(
            key=f"destination.embargoed|{country}",
            rule="D02",
            code="destination.embargoed",
            subject=ROUTE,
            evidence=f"The goods go to {country}{assumed}, embargoed since {embargo.since.isoformat()}: {embargo.scope}.",
            cleared_by="Proof that these goods are not barred there: classification against the annexes, or a licence.",
            strength=embargo.strength,
            inputs={"destination": country, "since": embargo.since.isoformat()},
        )
        return
    circle = atlas.countries.diversion(country, day)
    if circle is not None and country != trip.dispatch:
        yield Finding(
            key=f"destination.diversion|{country}",
            rule="D01",
            code="destination.diversion",
            subject=ROUTE,
            evidence=f"The goods go to {country}{assumed}, from where goods were diverted: {circle.name}.",
            cleared_by="An end-user statement and proof of use or sale in the country of destination.",
            strength=circle.strength,
            inputs={"destination": country, "circle": circle.name},
        )


def _origin(trip: Journey, declaration: Declaration, day: date, atlas: Atlas) -> Iterator[Finding]:
    embargoes = atlas.countries.embargoed(day)
    loading = trip.loading.country if trip.loading and trip.loading.country not in trip.routing else None
    places = (trip.dispatch, declaration.country_of_export, loading, *trip.origins)
    named = [country for country in dict.fromkeys(places) if country in embargoes]
    if not named or any(country in embargoes for country in trip.destinations):
        return
    strongest = max(named, key=lambda country: embargoes[str(country)].strength)
    yield Finding(
        key="origin.embargoed",
        rule="D04",
        code="origin.embargoed",
        subject=Subject(kind="ROUTE", label="origin"),
        evidence=f"Goods come from {', '.join(map(str, named))}, where import bans cover part of trade.",
        cleared_by="Proof of origin, and that these goods are not under an import ban.",
        strength=embargoes[str(strongest)].strength,
        inputs={"countries": named},
    )


def _deal(trip: Journey, declaration: Declaration, embargoes: Collection[str]) -> Iterator[Finding]:
    """On the way out: the contract is with an embargoed country, or the goods are delivered there, by the papers' own words."""
    if not trip.destinations or any(country in embargoes for country in (trip.dispatch, *trip.destinations)):
        return
    terms = declaration.delivery_terms
    delivered = place_country(declaration.place_of_delivery)
    if terms is not None and (terms.incoterm or "")[:1] in AT_THE_BUYERS_END:
        delivered = delivered or terms.country or place_country(terms.place)
    for country, said in ((delivered, "delivered to"), (declaration.trading_country, "traded with")):
        if country in embargoes:
            yield Finding(
                key=f"destination.deal_embargoed|{said.partition(' ')[0]}|{country}",
                rule="D03",
                code="destination.deal_embargoed",
                subject=ROUTE,
                evidence=f"The goods are declared for {' and '.join(trip.destinations)}, but they are {said} {country}.",
                cleared_by="The contract and payment papers that show who gets the goods, and where.",
                inputs={"country": country, "said": said, "destinations": list(trip.destinations)},
            )


def _elsewhere(trip: Journey, day: date, atlas: Atlas, missing: list[NotEvaluable]) -> Iterator[Finding]:
    placed = [receiver for receiver in trip.receivers if receiver.country]
    if not placed or not trip.destinations or trip.destination_assumed:
        paths = [] if placed else ["declaration.parties[CONSIGNEE].address.country"]
        if not trip.destinations or trip.destination_assumed:
            paths.append("declaration.countryOfDestination")
        missing.append(NotEvaluable(rule="D03", missing=tuple(paths)))
        if not trip.destinations:
            return
    embargoes = atlas.countries.embargoed(day)
    barred = any(country in embargoes for country in trip.destinations)
    for receiver in placed:
        if receiver.country in embargoes and not barred:
            yield _in_embargoed(receiver, trip)
        elif trip.destination_assumed:
            continue
        elif receiver.party.role in CONSIGNEES:
            yield from _third_country(receiver, trip, day, atlas)
        elif receiver.party.role == "INTERMEDIATE_CONSIGNEE" and receiver.country not in trip.routing:
            circle = atlas.countries.diversion(str(receiver.country), day)
            if circle is not None and circle.strength >= HUB_BETWEEN:
                yield from _third_country(receiver, trip, day, atlas)


def _in_embargoed(receiver: Receiver, trip: Journey) -> Finding:
    subject = party_subject(receiver)
    return Finding(
        key=f"destination.party_embargoed|{receiver.index}|{receiver.country}",
        rule="D03",
        code="destination.party_embargoed",
        subject=subject,
        evidence=f"The goods are declared for {' and '.join(trip.destinations)}, but {subject.label} is in {receiver.country}.",
        cleared_by="The contract and payment papers that show who gets the goods, and where.",
        strength=1.0 if receiver.party.role in (*CONSIGNEES, "BUYER") else LESSER_ROLE,
        inputs={
            "role": receiver.party.role,
            "country": receiver.country,
            "destinations": list(trip.destinations),
        },
    )


def _third_country(receiver: Receiver, trip: Journey, day: date, atlas: Atlas) -> Iterator[Finding]:
    country = str(receiver.country)
    if country in trip.destinations or country == trip.dispatch:
        return
    if any(atlas.countries.same_union(country, other, "EU") for other in trip.destinations):
        return
    circle = atlas.countries.diversion(country, day)
    subject = party_subject(receiver)
    yield Finding(
        key=f"destination.consignee_elsewhere|{receiver.index}|{country}",
        rule="D03",
        code="destination.consignee_elsewhere",
        subject=subject,
        evidence=f"The {subject.label} is in {country}, but the goods are declared for {' and '.join(trip.destinations)}.",
        cleared_by="The contract that shows why the goods go to another country than the consignee's.",
        strength=max(ORDINARY_ELSEWHERE, circle.strength if circle else 0.0),
        inputs={"role": receiver.party.role, "country": country, "destinations": list(trip.destinations)},
    )


def party_subject(receiver: Receiver) -> Subject:
    """The party as a finding's subject: 'consignee Example Trade OsOO'."""
    party = receiver.party
    name = party.name or party.name_original_script or party.identification_number or ""
    return Subject(kind="PARTY", index=receiver.index, label=f"{party.role.replace('_', ' ').lower()} {name}")
