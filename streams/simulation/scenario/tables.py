"""The scenario's material, typed: firms, goods, lanes, months, real exports and the planted cases of `data/`."""

import csv
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from streams import tables
from streams.declarations.labels import Label
from streams.declarations.model import Document, Party, Regime
from streams.simulation.orders import Journey
from streams.simulation.tables import EditionedGood

PACKAGE = "streams.simulation.scenario"
WATCHLIST = Path(__file__).parent / "data" / "watchlist.targets.simple.csv"
"""What the demo screens against: `planted.toml` names entries of it."""


class CountryWords(Struct, frozen=True, forbid_unknown_fields=True):
    """What firms of a country are called and how they can be reached."""

    patterns: tuple[str, ...]
    stems: tuple[str, ...]
    lines: tuple[str, ...]
    traders: tuple[str, ...]
    forwarders: tuple[str, ...]
    cities: tuple[tuple[str, str], ...]
    """name and postcode"""
    streets: tuple[str, ...]
    people: tuple[str, ...]
    phone: tuple[str, ...]
    id_type: str
    id_format: str
    """# stands for a digit"""
    currency: str
    patterns_native: tuple[str, ...] = ()
    stems_native: tuple[str, ...] = ()
    """the stems in their own script, in the same order; `lines_native` likewise"""
    lines_native: tuple[str, ...] = ()


class Namesake(Struct, frozen=True):
    """A clean firm or person whose name resembles a listed one."""

    name: str
    resembles: str
    country: str = ""


class Transport(Struct, frozen=True):
    vessels: tuple[str, ...]
    flags: tuple[str, ...]
    container_owners: tuple[str, ...]
    airlines: tuple[str, ...]


class Firms(tables.Sourced, frozen=True):
    euro: dict[str, float]
    """units of a currency to one euro"""
    transport: Transport
    countries: dict[str, CountryWords]
    namesakes: tuple[Namesake, ...]
    namesake_people: tuple[Namesake, ...]


class TradedGood(EditionedGood, frozen=True):
    """A good of ordinary trade. Its weight in a mix (`eu`, `cn` ...) says how often it is traded there."""

    texts: dict[str, tuple[str, ...]]
    """by language: `en`, `ru`"""
    eur_per_kg: float
    line_kg: float
    """kilograms of a usual item"""
    unit_kg: float | None
    pack: str
    pack_kg: float
    mixes: dict[str, float]


class Lane(Journey, frozen=True, kw_only=True):
    """A way that goods go, how much goes there and where it is declared."""

    id: str
    mix: str
    language: Literal["en", "ru"]
    weight: float
    office_lodged: str
    office_border: str
    last_month: str


class PlannedItem(Struct, frozen=True, forbid_unknown_fields=True):
    """One item before it is written down: what, how much, at which price."""

    hs6: str
    text: str
    origin: str
    kg: float
    eur_per_kg: float
    units: int | None = None
    pack: str = "CT"
    pack_kg: float = 14.0
    documents: tuple[Document, ...] = ()

    @property
    def packs(self) -> int:
        return max(1, round(self.kg / self.pack_kg))


class Vessel(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    imo: str


Visible = Literal["declaration", "pattern", "before", "real"]
"""Who can see that a declaration is bad: who looks at it alone, or only who knows others too. `before`: it makes a later one
bad and is ordinary by itself. `real`: its value is a part of real exports, of which nobody knows which were bad. What is
raised on these two is neither found nor a false alarm."""


class ScenarioLabel(Label, frozen=True):
    """What is planted under a declaration key; its case is said in words."""

    visible: Visible = "declaration"


class PlantedCase(Struct, frozen=True, forbid_unknown_fields=True):
    """A bad declaration among the ordinary ones; what it does not say is as on its lane."""

    typology: str
    why: str
    at: str
    lane: str
    goods: tuple[PlannedItem, ...]
    visible: Visible = "declaration"
    parties: tuple[Party, ...] = ()
    via: tuple[str, ...] | None = None
    regime: Regime | None = None
    office_border: str | None = None
    vessel: Vessel | None = None


class Newcomers(Struct, frozen=True, forbid_unknown_fields=True):
    """Firms without a past that take real exports."""

    since: str
    """month"""
    firms: int
    """in a country"""
    share: dict[str, float]
    """of the consignments, by country"""


class ExportedGood(EditionedGood, frozen=True, forbid_unknown_fields=True):
    """A good whose exports follow real figures, and how they are carried."""

    name: str
    text: tuple[str, ...]
    eur_per_kg: float
    consignment: dict[str, float]
    """euro of a usual one, by destination"""
    unit_kg: float | None = None


class Exports(tables.Sourced, frozen=True):
    licence: str
    newcomers: Newcomers
    good: tuple[ExportedGood, ...]


class _PlantedFile(tables.Sourced, frozen=True):
    case: tuple[PlantedCase, ...]


MIXES = ("eu", "cn", "tr", "ca", "hi", "ru_trade", "pharma", "cars", "factory")


def _rows(name: str) -> list[dict[str, Any]]:
    return list(csv.DictReader(tables.text(PACKAGE, f"data/{name}").splitlines()))


def firms() -> Firms:
    return tables.load(PACKAGE, "data/firms.toml", Firms)


def planted() -> tuple[PlantedCase, ...]:
    return tables.load(PACKAGE, "data/planted.toml", _PlantedFile).case


@cache
def goods() -> tuple[TradedGood, ...]:
    rows = [
        row
        | {
            "hs6_2017": row["hs6_2017"] or row["hs6"],
            "texts": {"en": (row["en"] or row["ru"]).split("|"), "ru": row["ru"].split("|")},
            "unit_kg": row["unit_kg"] or None,
            "mixes": {mix: row[mix] for mix in MIXES},
        }
        for row in _rows("goods.csv")
    ]
    return tuple(msgspec.convert(rows, list[TradedGood], strict=False))


@cache
def lanes() -> tuple[Lane, ...]:
    rows = [row | {"via": row["via"].split()} for row in _rows("lanes.csv")]
    return tuple(msgspec.convert(rows, list[Lane], strict=False))


@cache
def months() -> tuple[tuple[str, dict[str, float]], ...]:
    """Each month (`2021-01`) with the weight of its trade by destination; `other` for those not named."""
    return tuple(
        (row["month"], {name: float(value) for name, value in row.items() if name != "month"})
        for row in _rows("months.csv")
    )


def exports() -> Exports:
    return tables.load(PACKAGE, "data/exports.toml", Exports)


@cache
def export_values() -> dict[tuple[str, str, str], int]:
    """(month, destination, HS6 of 2022) -> euro really exported from the European Union."""
    found = {}
    for row in _rows("exports.csv"):
        month = row.pop("month")
        for column, value in row.items():
            destination, hs6 = column.split()
            found[month, destination, hs6] = int(value)
    return found
