"""Consignments whose values add up to what the European Union really exported to Kyrgyzstan and Kazakhstan.

The figures (`data/exports.csv`) know a month, a destination and a good, and no more: who sent how many consignments to whom,
which way and how heavy, is invented here. All of it leaves from one member state, so that a corridor carries what the whole
Union exported.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from random import Random

from streams.declarations.model import DeclarationVersion
from streams.simulation.days import working_hour
from streams.simulation.scenario import tables
from streams.simulation.scenario.firms import FirmBook, party
from streams.simulation.scenario.tables import ExportedGood, Lane, PlannedItem
from streams.simulation.scenario.writing import EU, LaneWriter

GATE = "DE"
"""The member state that the demo sends them from."""
MODES = ("3", "4")
"""Small and dear goods go by lorry and by air."""
CENTS = 100

Cell = tuple[str, str, str]
"""Month, destination and HS6 (of 2022)."""


def followed(dispatch: str, destination: str) -> frozenset[str]:
    """The goods (of 2022) of which all that goes from one country to the other is a part of real exports."""
    if dispatch not in EU:
        return frozenset()
    return frozenset(good.hs6 for good in tables.exports().good if destination in good.consignment)


def cell_of(version: DeclarationVersion, hs6: str) -> Cell | None:
    """Which figure a declared good is a part of."""
    declaration = version.declaration
    good = next((one for one in tables.exports().good if hs6 in (one.hs6, one.hs6_2017)), None)
    to = declaration.country_of_destination or ""
    if good is None or good.hs6 not in followed(declaration.country_of_dispatch or "", to):
        return None
    return f"{version.envelope.event_date_time:%Y-%m}", to, good.hs6


def sums(versions: Iterable[DeclarationVersion]) -> dict[Cell, int]:
    """What versions declare in each cell, in cents of a euro."""
    found: dict[Cell, int] = defaultdict(int)
    for version in versions:
        for item in version.declaration.goods_items:
            cell = cell_of(version, item.commodity_code.hs6) if item.commodity_code else None
            if cell is not None:
                found[cell] += round(float(item.statistical_value or 0) * CENTS)
    return found


def consignments(
    rng: Random, writer: LaneWriter, book: FirmBook, planted: Mapping[Cell, int]
) -> Iterator[DeclarationVersion]:
    """Declarations of all the real exports, less what planted cases declare of them (cents by cell)."""
    newcomers = tables.exports().newcomers
    new = {country: book.newcomers(rng, country, newcomers.firms) for country in sorted(newcomers.share)}
    goods = {good.hs6: good for good in tables.exports().good}
    for (month, destination, hs6), euro in tables.export_values().items():
        good = goods[hs6]
        left = euro * CENTS - planted.get((month, destination, hs6), 0)
        if left < 0:
            raise ValueError(f"planted cases of {hs6} to {destination} are worth more than all of {month}")
        for cents in _split(rng, left, good.consignment[destination] * CENTS):
            at = working_hour(rng, month)
            lane = _lane(rng, destination)
            firm = book.firm(destination)
            if month >= newcomers.since and rng.random() < newcomers.share[destination]:
                firm = rng.choice(new[destination])
            consignee = party(firm, "CONSIGNEE", contact=rng.random() < 0.6)
            yield writer.version(lane, at, (_item(rng, good, cents, at),), parties=(consignee,))


def _split(rng: Random, cents: int, usual: float) -> list[int]:
    """A sum in as many parts as consignments of the usual value make it, unequal as in life. No part is nothing."""
    if not cents:
        return []
    count = max(1, round(cents / usual))
    weights = [rng.lognormvariate(0.0, 0.5) for _ in range(count)]
    parts = [max(1, int(cents * weight / sum(weights))) for weight in weights]
    parts[parts.index(max(parts))] += cents - sum(parts)
    return parts


def _lane(rng: Random, destination: str) -> Lane:
    fit = [
        lane
        for lane in tables.lanes()
        if lane.destination == destination
        and lane.dispatch == GATE
        and lane.regime == "EXPORT"
        and lane.mix == "eu"
        and lane.mode in MODES
    ]
    return rng.choices(fit, weights=[lane.weight for lane in fit])[0]


def _item(rng: Random, good: ExportedGood, cents: int, at: datetime) -> PlannedItem:
    value = cents / CENTS
    kg = round(max(0.01, value / (good.eur_per_kg * rng.lognormvariate(0.0, 0.2))), 3)
    return PlannedItem(
        hs6=good.declared(at.year),
        text=rng.choice(good.text),
        origin=GATE,
        kg=kg,
        eur_per_kg=value / kg,
        units=max(1, round(kg / good.unit_kg)) if good.unit_kg else None,
    )
