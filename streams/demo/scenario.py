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
from pathlib import Path
from random import Random

import msgspec
from msgspec import Struct

from streams.declarations.model import DeclarationVersion
from streams.demo import exports, tables
from streams.demo.carelessness import carelessly
from streams.demo.firms import FirmBook
from streams.demo.tables import Good, Lane, Planted, Visible
from streams.demo.trade import Line, Writer, moment, with_changes

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


class LabelledDeclaration(Struct, frozen=True):
    """A version of a declaration and what the scenario knows of it."""

    version: DeclarationVersion
    planted: str | None = None
    """typology, or REAL; None for ordinary trade"""
    why: str = ""
    visible: Visible = "declaration"

    @property
    def key(self) -> str:
        return self.version.envelope.declaration_key


class Label(Struct, frozen=True, rename="camel"):
    """What is planted under a declaration key: the side file of `write`."""

    declaration_key: str
    planted: str
    why: str
    visible: Visible


def declarations(seed: int = SEED, count: int = DECLARATIONS) -> Iterator[LabelledDeclaration]:
    """Every version in the order of event time: `count` declarations, of which some have two versions, and real exports."""
    rng = Random(seed)
    material = tables.firms()
    book = FirmBook(rng, material)
    writer = Writer(rng, book, material)
    cases = tables.planted()
    found = [_planted(writer, case) for case in cases]
    for lane, at in _departures(rng, count - len(cases)):
        found += _ordinary(rng, writer, book, lane, at)
    found += _real(rng, writer, book, found)
    yield from sorted(found, key=lambda one: (one.version.envelope.event_date_time, one.key))


def labels(labelled: list[LabelledDeclaration]) -> list[Label]:
    """One label for each planted declaration, and for each of real exports."""
    return [
        Label(declaration_key=one.key, planted=one.planted, why=one.why, visible=one.visible)
        for one in labelled
        if one.planted is not None and one.version.envelope.version_number == 1
    ]


def write(path: Path) -> int:
    """Writes the messages as JSON Lines to `path` and the labels beside it (`.labels.jsonl`); returns how many messages.

    Raises OSError where the files cannot be written.
    """
    encoder = msgspec.json.Encoder()
    every = list(declarations())
    path.write_bytes(encoder.encode_lines([one.version for one in every]))
    path.with_suffix(".labels.jsonl").write_bytes(encoder.encode_lines(labels(every)))
    return len(every)


def _departures(rng: Random, count: int) -> list[tuple[Lane, datetime]]:
    pairs: list[tuple[Lane, str]] = []
    weights: list[float] = []
    for lane, (month, by_destination) in itertools.product(tables.lanes(), tables.months()):
        if month > lane.last_month:
            continue
        pairs.append((lane, month))
        weights.append(lane.weight * by_destination.get(lane.destination, by_destination["other"]))
    return [(lane, moment(rng, month)) for lane, month in rng.choices(pairs, weights=weights, k=count)]


def _ordinary(
    rng: Random, writer: Writer, book: FirmBook, lane: Lane, at: datetime
) -> list[LabelledDeclaration]:
    goods = _pick(rng, lane)
    first = writer.version(lane, at, writer.lines(lane, goods, at))
    declaration = carelessly(rng, first.declaration, lane.language, book)
    first = msgspec.structs.replace(first, declaration=declaration)
    found = [LabelledDeclaration(first)]
    if rng.random() < AMENDED_SHARE:
        found.append(LabelledDeclaration(_amended(rng, first, at)))
    return found


def _pick(rng: Random, lane: Lane) -> list[Good]:
    elsewhere = exports.followed(lane.dispatch, lane.destination)
    traded = [
        good
        for good in tables.goods()
        if good.mixes[lane.mix] and _travels(good, lane.mode) and good.hs6 not in elsewhere
    ]
    wanted = rng.choices(ITEMS, weights=ITEM_WEIGHTS)[0] if lane.mix != "cars" else 1
    picked: dict[str, Good] = {}
    for good in rng.choices(traded, weights=[good.mixes[lane.mix] for good in traded], k=wanted):
        picked[good.hs6] = good
    return list(picked.values())


def _travels(good: Good, mode: str) -> bool:
    """Whether the good goes that way: coal does not fly and a lorry does not carry a wind turbine."""
    if mode == "4":
        return good.eur_per_kg >= AIR_EUR_PER_KG and (good.unit_kg or 0.0) <= AIR_UNIT_KG
    return mode != "3" or good.line_kg <= LORRY_KG


def _amended(rng: Random, first: DeclarationVersion, at: datetime) -> DeclarationVersion:
    """A correction such as is made every day: the mass of the first item was off by a little."""
    item, *others = first.declaration.goods_items
    net = float(item.net_mass_kg or 0) * rng.uniform(0.96, 1.04)
    corrected = msgspec.structs.replace(item, net_mass_kg=f"{net:.3f}", gross_mass_kg=f"{net * 1.06:.3f}")
    total = net * 1.06 + sum(float(other.gross_mass_kg or 0) for other in others)
    declaration = msgspec.structs.replace(
        first.declaration, goods_items=(corrected, *others), total_gross_mass_kg=f"{total:.3f}"
    )
    later = at + timedelta(minutes=rng.randrange(40, 2 * 24 * 60))
    return with_changes(
        first,
        later,
        declaration,
        "/declaration/goodsItems/0/netMassKg",
        "/declaration/goodsItems/0/grossMassKg",
        "/declaration/totalGrossMassKg",
    )


def _real(
    rng: Random, writer: Writer, book: FirmBook, others: list[LabelledDeclaration]
) -> list[LabelledDeclaration]:
    """What was really exported, less what others declare of it: planted ones are a part of the real figures."""
    declared = exports.sums(one.version for one in others)
    why = "a part of what the European Union really exported"
    return [
        LabelledDeclaration(version, planted=REAL, why=why, visible="real")
        for version in exports.consignments(rng, writer, book, declared)
    ]


def _planted(writer: Writer, case: Planted) -> LabelledDeclaration:
    lane = next(lane for lane in tables.lanes() if lane.id == case.lane)
    lane = msgspec.structs.replace(
        lane,
        via=lane.via if case.via is None else case.via,
        regime=case.regime or lane.regime,
        office_border=case.office_border or lane.office_border,
    )
    lines = tuple(
        Line(
            hs6=good.hs6,
            text=good.text,
            origin=good.origin,
            kg=float(good.kg),
            eur_per_kg=float(good.price),
            units=int(good.units) if good.units else None,
            pack="CT",
            packs=max(1, round(float(good.kg) / 14)),
            documents=good.documents,
        )
        for good in case.goods
    )
    at = datetime.fromisoformat(case.at)
    version = writer.version(lane, at, lines, parties=case.parties, vessel=case.vessel)
    return LabelledDeclaration(version, planted=case.typology, why=case.why, visible=case.visible)
