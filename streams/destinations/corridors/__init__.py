"""Corridors: a good (HS6) from an origin to a destination, and when its trade stands out. No I/O."""

from streams.destinations.corridors.episodes import (
    Difference,
    Episode,
    advance,
    difference,
    episodes,
    informed,
)
from streams.destinations.corridors.explain import explain
from streams.destinations.corridors.months import Month, first_day, month_of, month_text, parse_month
from streams.destinations.corridors.settings import Settings, settings
from streams.destinations.corridors.state import (
    CENTS,
    GRAMS,
    Amount,
    Bucket,
    Corridor,
    Informed,
    Past,
    apply,
    decode,
    encode,
    new_corridor,
)

__all__ = [
    "CENTS",
    "GRAMS",
    "Amount",
    "Bucket",
    "Corridor",
    "Difference",
    "Episode",
    "Informed",
    "Month",
    "Past",
    "Settings",
    "advance",
    "apply",
    "decode",
    "difference",
    "encode",
    "episodes",
    "explain",
    "first_day",
    "informed",
    "month_of",
    "month_text",
    "new_corridor",
    "parse_month",
    "settings",
]
