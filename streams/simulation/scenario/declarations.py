"""The demo's declarations: two years of ordinary trade, 2021-2022, in which a few bad ones hide.

Fixed seed, so every run is the same. Planted cases stand in `data/planted.toml`, with what makes them bad; their labels
never enter a message. Cases with `visible = "pattern"` look ordinary one by one: a screener that looks at one declaration
cannot find them, and the demo counts them apart. Among the ordinary trade are those that a careless rule would stop:
trucks to Kazakhstan by the direct road through Belarus and Russia, trains between China and Europe, chips and bearings
for factories under a licence, medicines to Russia, Turkish lorries through Iran, firms and people named almost like
listed ones, and the carelessness of every day (`carelessness.py`).

Volumes by month come from `data/months.csv`; those of a few goods from the European Union to Kyrgyzstan and Kazakhstan are
real exports (`exports.py`), of which nobody knows which were bad: they are counted apart too.
"""

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from msgspec.structs import replace

from streams.declarations.model import DeclarationVersion
from streams.simulation.days import working_hour
from streams.simulation.lives import next_version
from streams.simulation.orders import Simulated
from streams.simulation.scenario import exports, tables
from streams.simulation.scenario.carelessness import carelessly
from streams.simulation.scenario.firms import FirmBook
from streams.simulation.scenario.tables import Lane, PlantedCase, ScenarioLabel, TradedGood, Visible
from streams.simulation.scenario.writing import LaneWriter

SEED = 20230720
DECLARATIONS = 4000
"""Ordinary and planted ones; those of real exports come on top."""
REAL = "real exports"
AMENDED_SHARE = 0.05
ITEMS = (1, 2, 3, 4)
ITEM_WEIGHTS = (62, 22, 11, 5)
AIR_EUR_PER_KG = 4.5
"""What is worth less does not pay for its flight."""
AIR_UNIT_KG = 1000.0
LORRY_KG = 25_000.0


Version = Simulated[ScenarioLabel]


def declarations(seed: int = SEED, count: int = DECLARATIONS) -> Iterator[Version]:
    """Every version in the order of event time: `count` declarations, of which some have two versions, and real exports."""
    rng = Random(seed)
    material = tables.firms()
    book = FirmBook(rng, material)
    writer = LaneWriter(rng, book, material)
    cases = tables.planted()
    found = [_planted(writer, case) for case in cases]
    for lane, at in _departures(rng, count - len(cases)):
        found += _ordinary(rng, writer, book, lane, at)
    found += _real(rng, writer, book, found)
    yield from sorted(found, key=lambda one: (one.version.envelope.event_date_time, one.key))


def _departures(rng: Random, count: int) -> list[tuple[Lane, datetime]]:
    pairs: list[tuple[Lane, str]] = []
    weights: list[float] = []
    for lane, (month, by_destination) in itertools.product(tables.lanes(), tables.months()):
        if month > lane.last_month:
            continue
        pairs.append((lane, month))
        weights.append(lane.weight * by_destination.get(lane.destination, by_destination["other"]))
    return [(lane, working_hour(rng, month)) for lane, month in rng.choices(pairs, weights=weights, k=count)]


def _ordinary(rng: Random, writer: LaneWriter, book: FirmBook, lane: Lane, at: datetime) -> list[Version]:
    goods = _pick(rng, lane)
    first = writer.version(lane, at, writer.items(lane, goods, at))
    declaration = carelessly(rng, first.declaration, lane.language, book)
    first = replace(first, declaration=declaration)
    found = [Version(first, None)]
    if rng.random() < AMENDED_SHARE:
        found.append(Version(_amended(rng, first, at), None))
    return found


def _pick(rng: Random, lane: Lane) -> list[TradedGood]:
    elsewhere = exports.followed(lane.dispatch, lane.destination)
    traded = [
        good
        for good in tables.goods()
        if good.mixes[lane.mix] and _travels(good, lane.mode) and good.hs6 not in elsewhere
    ]
    wanted = rng.choices(ITEMS, weights=ITEM_WEIGHTS)[0] if lane.mix != "cars" else 1
    picked: dict[str, TradedGood] = {}
    for good in rng.choices(traded, weights=[good.mixes[lane.mix] for good in traded], k=wanted):
        picked[good.hs6] = good
    return list(picked.values())


def _travels(good: TradedGood, mode: str) -> bool:
    """Whether the good goes that way: coal does not fly and a lorry does not carry a wind turbine."""
    if mode == "4":
        return good.eur_per_kg >= AIR_EUR_PER_KG and (good.unit_kg or 0.0) <= AIR_UNIT_KG
    return mode != "3" or good.line_kg <= LORRY_KG


def _amended(rng: Random, first: DeclarationVersion, at: datetime) -> DeclarationVersion:
    """A correction such as is made every day: the mass of the first item was off by a little."""
    item, *others = first.declaration.goods_items
    net = float(item.net_mass_kg or 0) * rng.uniform(0.96, 1.04)
    corrected = replace(item, net_mass_kg=f"{net:.3f}", gross_mass_kg=f"{net * 1.06:.3f}")
    total = net * 1.06 + sum(float(other.gross_mass_kg or 0) for other in others)
    declaration = replace(
        first.declaration, goods_items=(corrected, *others), total_gross_mass_kg=f"{total:.3f}"
    )
    return next_version(
        first,
        "AMENDED",
        at + timedelta(minutes=rng.randrange(40, 2 * 24 * 60)),
        declaration,
        supersedes_version=first.envelope.version_number,
        changed_paths=(
            "/declaration/goodsItems/0/netMassKg",
            "/declaration/goodsItems/0/grossMassKg",
            "/declaration/totalGrossMassKg",
        ),
    )


def _real(rng: Random, writer: LaneWriter, book: FirmBook, others: list[Version]) -> list[Version]:
    """What was really exported, less what others declare of it: planted ones are a part of the real figures."""
    declared = exports.sums(one.version for one in others)
    why = "a part of what the European Union really exported"
    return [
        _labelled(version, REAL, why, "real") for version in exports.consignments(rng, writer, book, declared)
    ]


def _planted(writer: LaneWriter, case: PlantedCase) -> Version:
    lane = next(lane for lane in tables.lanes() if lane.id == case.lane)
    lane = replace(
        lane,
        via=lane.via if case.via is None else case.via,
        regime=case.regime or lane.regime,
        office_border=case.office_border or lane.office_border,
    )
    at = datetime.fromisoformat(case.at)
    version = writer.version(lane, at, case.goods, parties=case.parties, vessel=case.vessel)
    return _labelled(version, case.typology, case.why, case.visible)


def _labelled(version: DeclarationVersion, typology: str, why: str, visible: Visible) -> Version:
    return Version(version, ScenarioLabel(version.envelope.declaration_key, typology, why, visible))
