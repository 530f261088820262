"""D05: goods made in a country that controls their export come from one that does not, to a diversion destination."""

from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion
from streams.rules.subjects import ROAD

MAX_ITEMS = 50


def judge(screened: ScreenedVersion) -> Judged:
    """One finding for all items of concern that were made in a country of the coalition."""
    trip, countries = screened.trip, screened.atlas.countries
    if not screened.controlled or trip.dispatch is None or trip.dispatch in countries.coalition:
        return
    circles = [screened.circle(country) for country in trip.destinations if country != trip.dispatch]
    strongest = max((circle.strength for circle in circles if circle), default=0.0)
    if not strongest:
        return
    items = [
        item
        for item in screened.declaration.goods_items
        if item.goods_item_number in screened.controlled and item.country_of_origin in countries.coalition
    ]
    if not items:
        return
    origins = sorted({str(item.country_of_origin) for item in items})
    yield SUPPLY.finding(
        "route.third_country_supply",
        ROAD,
        strength=strongest,
        inputs={
            "origins": origins,
            "dispatch": trip.dispatch,
            "items": [item.goods_item_number for item in items[:MAX_ITEMS]],
        },
        origins=", ".join(origins),
        destinations=" and ".join(trip.destinations),
    )


SUPPLY = FindingKind(
    code="route.third_country_supply",
    sentence="Goods of concern made in {origins} come from {dispatch}, which does not control their export, to {destinations}.",
    cleared_by="The maker's invoice and the re-export licence of the country of origin.",
)
RULE = Rule("D05", judge, (SUPPLY,))
