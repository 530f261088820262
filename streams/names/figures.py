"""The figures of the matcher that are choices, of defaults.toml."""

from functools import cache
from typing import Any

from msgspec import Struct

from streams import tables


class ScoreFigures(Struct, frozen=True, kw_only=True):
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
    score: ScoreFigures
    version: str


@cache
def defaults() -> Defaults:
    table = tables.load("streams.names", "defaults.toml", dict[str, Any])
    return Defaults(
        table["threshold"]["value"],
        table["similar"]["band"],
        ScoreFigures(**table["score"], weights=table["weights"]),
        table["version"],
    )
