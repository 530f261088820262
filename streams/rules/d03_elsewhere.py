"""D03: the receiver, the contract or the delivery is in another country than the declared destination."""

from collections.abc import Iterator

from streams.declarations.regimes import INBOUND
from streams.destinations.journey import Receiver, place_country
from streams.findings import Finding, NotEvaluable
from streams.parties.roles import CONSIGNEES, DIRECT_RECEIVERS
from streams.rules import subjects
from streams.rules.figures import figure
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion

LESSER_ROLE = figure("D03", "lesser_role")
ORDINARY_ELSEWHERE = figure("D03", "ordinary_elsewhere")
HUB_BETWEEN = figure("D03", "hub_between")
AT_THE_BUYERS_END = frozenset("CD")
"""First letters of the Incoterms 2020 by which the seller brings the goods to the place named."""


def judge(screened: ScreenedVersion) -> Judged:
    """Findings on the deal and on each receiver whose country is known."""
    if screened.declaration.regime not in INBOUND:
        yield from _deal(screened)
    yield from _receivers(screened)


def _deal(screened: ScreenedVersion) -> Iterator[Finding]:
    """On the way out: the contract is with an embargoed country, or the goods are delivered there, by the papers' own words."""
    trip, declaration, embargoes = screened.trip, screened.declaration, screened.embargoes
    if not trip.destinations or any(country in embargoes for country in (trip.dispatch, *trip.destinations)):
        return
    terms = declaration.delivery_terms
    delivered = place_country(declaration.place_of_delivery)
    if terms is not None and (terms.incoterm or "")[:1] in AT_THE_BUYERS_END:
        delivered = delivered or terms.country or place_country(terms.place)
    for country, said in ((delivered, "delivered to"), (declaration.trading_country, "traded with")):
        if country in embargoes:
            yield DEAL.finding(
                f"destination.deal_embargoed|{said.partition(' ')[0]}|{country}",
                subjects.DESTINATION,
                inputs={"country": country, "said": said, "destinations": list(trip.destinations)},
                destinations=" and ".join(trip.destinations),
            )


def _receivers(screened: ScreenedVersion) -> Judged:
    trip, embargoes = screened.trip, screened.embargoes
    placed = [receiver for receiver in trip.receivers if receiver.country]
    if not placed or not trip.destinations or trip.destination_assumed:
        paths = [] if placed else ["declaration.parties[CONSIGNEE].address.country"]
        if not trip.destinations or trip.destination_assumed:
            paths.append("declaration.countryOfDestination")
        yield NotEvaluable(rule="D03", missing=tuple(paths))
        if not trip.destinations:
            return
    barred = any(country in embargoes for country in trip.destinations)
    for receiver in placed:
        role = receiver.party.role
        if receiver.country in embargoes and not barred:
            direct = role in DIRECT_RECEIVERS
            yield _finding(IN_EMBARGOED, receiver, screened, 1.0 if direct else LESSER_ROLE)
        elif trip.destination_assumed:
            continue
        elif role in CONSIGNEES:
            yield from _third_country(receiver, screened)
        elif role == "INTERMEDIATE_CONSIGNEE" and receiver.country not in trip.routing:
            circle = screened.circle(str(receiver.country))
            if circle is not None and circle.strength >= HUB_BETWEEN:
                yield from _third_country(receiver, screened)


def _third_country(receiver: Receiver, screened: ScreenedVersion) -> Iterator[Finding]:
    trip, countries, country = screened.trip, screened.atlas.countries, str(receiver.country)
    if country in trip.destinations or country == trip.dispatch:
        return
    if any(countries.same_union(country, other, "EU") for other in trip.destinations):
        return
    circle = screened.circle(country)
    yield _finding(ELSEWHERE, receiver, screened, max(ORDINARY_ELSEWHERE, circle.strength if circle else 0.0))


def _finding(kind: FindingKind, receiver: Receiver, screened: ScreenedVersion, strength: float) -> Finding:
    destinations = list(screened.trip.destinations)
    return kind.finding(
        f"{kind.code}|{receiver.index}|{receiver.country}",
        subjects.party(receiver),
        strength=strength,
        inputs={"role": receiver.party.role, "country": receiver.country, "destinations": destinations},
        destinations=" and ".join(destinations),
    )


CONTRACT = "The contract and payment papers that show who gets the goods, and where."
DEAL = FindingKind(
    code="destination.deal_embargoed",
    sentence="The goods are declared for {destinations}, but they are {said} {country}.",
    cleared_by=CONTRACT,
)
IN_EMBARGOED = FindingKind(
    code="destination.party_embargoed",
    sentence="The goods are declared for {destinations}, but {subject} is in {country}.",
    cleared_by=CONTRACT,
)
ELSEWHERE = FindingKind(
    code="destination.consignee_elsewhere",
    sentence="The {subject} is in {country}, but the goods are declared for {destinations}.",
    cleared_by="The contract that shows why the goods go to another country than the consignee's.",
)
RULE = Rule("D03", judge, (DEAL, IN_EMBARGOED, ELSEWHERE))
