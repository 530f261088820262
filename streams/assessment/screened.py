"""What of a version was looked at, so that a reader can tell that nothing was left out."""

from collections.abc import Iterator

from streams.assessment.verdict import Screened, ScreenedItem, ScreenedParty
from streams.declarations.model import Declaration, DeclarationVersion, Document, GoodsItem, TransportMeans
from streams.destinations.journey import Journey, journey

DESCRIPTION_CHARACTERS = 80


def screened(version: DeclarationVersion, trip: Journey | None = None) -> Screened:
    """Every party, item, document code, country and means of transport of the version."""
    declaration = version.declaration
    trip = trip or journey(version)
    return Screened(
        parties=tuple(
            ScreenedParty(
                role=party.role,
                name=party.name or party.name_original_script,
                id=party.identification_number,
                country=party.address.country if party.address is not None else None,
            )
            for party in declaration.parties
        ),
        items=tuple(map(_item, declaration.goods_items)),
        documents=_documents(declaration),
        countries=_countries(declaration),
        transport=tuple(_transport(declaration)),
        route=_route(trip),
    )


def _item(item: GoodsItem) -> ScreenedItem:
    text = item.description_of_goods
    return ScreenedItem(
        number=item.goods_item_number,
        hs6=item.commodity_code.hs6 if item.commodity_code is not None else "",
        origin=item.country_of_origin,
        description=text[:DESCRIPTION_CHARACTERS] if text else None,
    )


def _documents(declaration: Declaration) -> dict[str, int]:
    counts: dict[str, int] = {}

    def count(documents: tuple[Document, ...]) -> None:
        for document in documents:
            counts[document.type] = counts.get(document.type, 0) + 1

    count(declaration.documents)
    count(declaration.previous_documents)
    count(declaration.transport_documents)
    for item in declaration.goods_items:
        if item.documents:
            count(item.documents)
        if item.previous_documents:
            count(item.previous_documents)
    return counts


def _countries(declaration: Declaration) -> tuple[str, ...]:
    named: set[str | None] = {
        declaration.country_of_dispatch,
        declaration.country_of_export,
        declaration.country_of_destination,
        declaration.trading_country,
        declaration.country_of_first_destination,
    }
    for step in declaration.countries_of_routing:
        named.add(step.country)
    for party in declaration.parties:
        if party.address is not None:
            named.add(party.address.country)
    for means in declaration.transport_means:
        named.add(means.nationality)
    if declaration.delivery_terms is not None:
        named.add(declaration.delivery_terms.country)
    for item in declaration.goods_items:
        named.add(item.country_of_origin)
        named.add(item.country_of_preferential_origin)
        named.add(item.country_of_destination)
        named.add(item.country_of_dispatch)
    return tuple(sorted(country for country in named if country))


def _transport(declaration: Declaration) -> Iterator[str]:
    for means in declaration.transport_means:
        if label := _means(means):
            yield label
    for equipment in declaration.transport_equipment:
        if equipment.container_identification_number:
            yield f"container {equipment.container_identification_number}"


def _means(means: TransportMeans) -> str:
    parts = []
    if means.name:
        parts.append(means.name)
    if means.imo_number:
        parts.append(f"IMO {means.imo_number}")
    if means.identification_number and means.identification_number not in (means.imo_number, means.name):
        parts.append(means.identification_number)
    if means.conveyance_reference_number:
        parts.append(means.conveyance_reference_number)
    return " ".join(parts)


def _route(trip: Journey) -> tuple[str, ...]:
    stops = [trip.dispatch, *trip.routing]
    stops += [country for country in trip.destinations[:1] if country != stops[-1]]
    route: list[str] = []
    for stop in stops:
        if stop and (not route or route[-1] != stop):
            route.append(stop)
    return tuple(route)
