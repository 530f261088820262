"""The figures of the matcher that are choices, of defaults.toml."""

from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from streams import tables


class Needed(Struct, frozen=True):
    """What a hit of a kind of party needs more, in the sum of its evidence, than the default threshold asks of others; less
    than none where it needs less. By what the country says."""

    unknown: float
    agrees: float
    differs: float


class ScoreFigures(Struct, frozen=True, kw_only=True):
    """`[score]` of defaults.toml."""

    patronymic: float
    not_the_same: float
    aside: float
    by_sound: float
    uncorroborated: float
    type_differs: float
    spread: float
    coined: float
    short: int
    needed: dict[str, Needed]


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
        msgspec.convert({**table["score"], "needed": table["needed"]}, ScoreFigures),
        table["version"],
    )
