"""What of a version was looked at, so that a reader can tell that nothing was left out."""

from collections import Counter
from collections.abc import Iterator

from streams.assessment.verdict import Screened, ScreenedItem, ScreenedParty
from streams.declarations.model import Declaration, DeclarationVersion, GoodsItem, TransportMeans
from streams.destinations.journey import Journey, journey
from streams.once import kept_with

DESCRIPTION_CHARACTERS = 80


@kept_with
def screened(version: DeclarationVersion) -> Screened:
    """Every party, item, document code, country and means of transport of the version."""
    declaration, trip = version.declaration, journey(version)
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
    documents = [*declaration.documents, *declaration.previous_documents, *declaration.transport_documents]
    for item in declaration.goods_items:
        documents += item.documents + item.previous_documents
    return dict(Counter(document.type for document in documents))


def _countries(declaration: Declaration) -> tuple[str, ...]:
    named: set[str | None] = {
        declaration.country_of_dispatch,
        declaration.country_of_export,
        declaration.country_of_destination,
        declaration.trading_country,
        declaration.country_of_first_destination,
    }
    named.update(step.country for step in declaration.countries_of_routing)
    named.update(party.address.country for party in declaration.parties if party.address is not None)
    named.update(means.nationality for means in declaration.transport_means)
    if declaration.delivery_terms is not None:
        named.add(declaration.delivery_terms.country)
    for item in declaration.goods_items:
        named |= {item.country_of_origin, item.country_of_preferential_origin}
        named |= {item.country_of_destination, item.country_of_dispatch}
    return tuple(sorted(country for country in named if country))


def _transport(declaration: Declaration) -> Iterator[str]:
    for means in declaration.transport_means:
        if label := _means(means):
            yield label
    for equipment in declaration.transport_equipment:
        if equipment.container_identification_number:
            yield f"container {equipment.container_identification_number}"


def _means(means: TransportMeans) -> str:
    number = means.identification_number
    parts = (
        means.name,
        means.imo_number and f"IMO {means.imo_number}",
        None if number in (means.imo_number, means.name) else number,
        means.conveyance_reference_number,
    )
    return " ".join(part for part in parts if part)


def _route(trip: Journey) -> tuple[str, ...]:
    stops = [trip.dispatch, *trip.routing]
    stops += [country for country in trip.destinations[:1] if country != stops[-1]]
    route: list[str] = []
    for stop in stops:
        if stop and (not route or route[-1] != stop):
            route.append(stop)
    return tuple(route)
