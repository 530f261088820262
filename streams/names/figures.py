"""The figures of the matcher that are choices, of defaults.toml."""

import tomllib
from functools import cache
from pathlib import Path

from msgspec import Struct


class Figures(Struct, frozen=True, kw_only=True):
    """`[score]` of defaults.toml."""

    patronymic: float
    not_the_same: float
    aside: float
    by_sound: float
    uncorroborated: float
    country_agrees: float
    country_differs: float
    type_differs: float
    spread: float
    base: float
    weights: dict[str, float]


class Defaults(Struct, frozen=True):
    threshold: float
    band: float
    score: Figures
    version: str


@cache
def defaults() -> Defaults:
    table = tomllib.loads(Path(__file__).with_name("defaults.toml").read_text(encoding="utf-8"))
    return Defaults(
        table["threshold"]["value"],
        table["similar"]["band"],
        Figures(**table["score"], weights=table["weights"]),
        table["version"],
    )
