"""The scenario's material, typed: firms, goods, lanes, months, real exports and the planted cases of `data/`."""

import csv
from functools import cache
from typing import Literal

import msgspec
from msgspec import Struct

from streams import tables
from streams.declarations.model import Document, Party, Regime

WATCHLIST = "watchlist.targets.simple.csv"


class Country(Struct, frozen=True, forbid_unknown_fields=True):
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


class Firms(Struct, frozen=True):
    source: str
    as_of: str
    euro: dict[str, float]
    """units of a currency to one euro"""
    transport: Transport
    countries: dict[str, Country]
    namesakes: tuple[Namesake, ...]
    namesake_people: tuple[Namesake, ...]


class Good(Struct, frozen=True):
    """A good of ordinary trade. Its weight in a mix (`eu`, `cn` ...) says how often it is traded there."""

    hs6: str
    hs6_2017: str
    """its code before 2022, where that was another"""
    en: tuple[str, ...]
    ru: tuple[str, ...]
    eur_per_kg: float
    line_kg: float
    """kilograms of a usual item"""
    unit_kg: float | None
    pack: str
    pack_kg: float
    mixes: dict[str, float]


class Lane(Struct, frozen=True):
    """A way that goods go: from, to, by what, through where. Modes are those of UNECE Recommendation 19: 1 sea, 2 rail,
    3 road, 4 air."""

    id: str
    regime: Regime
    dispatch: str
    destination: str
    mode: Literal["1", "2", "3", "4"]
    via: tuple[str, ...]
    mix: str
    language: Literal["en", "ru"]
    weight: float
    office_lodged: str
    office_border: str
    last_month: str


class PlantedGood(Struct, frozen=True, forbid_unknown_fields=True):
    hs6: str
    text: str
    origin: str
    kg: str
    price: str
    """euro a kilogram"""
    units: str | None = None
    documents: tuple[Document, ...] = ()


class Vessel(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    imo: str


Visible = Literal["declaration", "pattern", "before", "real"]
"""Who can see that a declaration is bad: who looks at it alone, or only who knows others too. `before`: it makes a later one
bad and is ordinary by itself. `real`: its value is a part of real exports, of which nobody knows which were bad. What is
raised on these two is neither found nor a false alarm."""


class Planted(Struct, frozen=True, forbid_unknown_fields=True):
    """A bad declaration among the ordinary ones; what it does not say is as on its lane."""

    typology: str
    why: str
    at: str
    lane: str
    goods: tuple[PlantedGood, ...]
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


class Exported(Struct, frozen=True, forbid_unknown_fields=True):
    """A good whose exports follow real figures, and how they are carried."""

    hs6: str
    hs6_2017: str
    """its code before 2022"""
    name: str
    text: tuple[str, ...]
    eur_per_kg: float
    consignment: dict[str, float]
    """euro of a usual one, by destination"""
    unit_kg: float | None = None


class Exports(Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    licence: str
    as_of: str
    newcomers: Newcomers
    good: tuple[Exported, ...]


class _PlantedFile(Struct, frozen=True):
    case: tuple[Planted, ...]


MIXES = ("eu", "cn", "tr", "ca", "hi", "ru_trade", "pharma", "cars", "factory")


def read(name: str) -> str:
    """Text of a bundled file."""
    return tables.text("streams.demo", f"data/{name}")


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(read(name).splitlines()))


def firms() -> Firms:
    return tables.load("streams.demo", "data/firms.toml", Firms)


def planted() -> tuple[Planted, ...]:
    return tables.load("streams.demo", "data/planted.toml", _PlantedFile).case


@cache
def goods() -> tuple[Good, ...]:
    return tuple(
        Good(
            hs6=row["hs6"],
            hs6_2017=row["hs6_2017"] or row["hs6"],
            en=tuple((row["en"] or row["ru"]).split("|")),
            ru=tuple(row["ru"].split("|")),
            eur_per_kg=float(row["eur_per_kg"]),
            line_kg=float(row["line_kg"]),
            unit_kg=float(row["unit_kg"]) if row["unit_kg"] else None,
            pack=row["pack"],
            pack_kg=float(row["pack_kg"]),
            mixes={mix: float(row[mix]) for mix in MIXES},
        )
        for row in _rows("goods.csv")
    )


@cache
def lanes() -> tuple[Lane, ...]:
    return tuple(
        msgspec.convert(
            {name: row[name] for name in Lane.__struct_fields__ if name not in ("via", "weight")}
            | {"via": row["via"].split(), "weight": float(row["weight"])},
            Lane,
        )
        for row in _rows("lanes.csv")
    )


@cache
def months() -> tuple[tuple[str, dict[str, float]], ...]:
    """Each month (`2021-01`) with the weight of its trade by destination; `other` for those not named."""
    return tuple(
        (row["month"], {name: float(value) for name, value in row.items() if name != "month"})
        for row in _rows("months.csv")
    )


def exports() -> Exports:
    return tables.load("streams.demo", "data/exports.toml", Exports)


@cache
def export_values() -> dict[tuple[str, str, str], int]:
    """(month, destination, HS6 of 2022) -> euro really exported from the European Union."""
    found = {}
    for row in _rows("exports.csv"):
        for column, value in row.items():
            if column != "month":
                destination, hs6 = column.split()
                found[row["month"], destination, hs6] = int(value)
    return found
