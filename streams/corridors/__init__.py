"""Corridors: a good (HS6) from an origin to a destination, and when its trade stands out. No I/O."""

from streams.corridors.episodes import (
    Episode,
    advance,
    episodes,
    informed,
)
from streams.corridors.explain import explain
from streams.corridors.months import Month, first_day, month_of, month_text, parse_month
from streams.corridors.settings import Settings, settings
from streams.corridors.state import (
    CENTS,
    GRAMS,
    Amount,
    Bucket,
    Corridor,
    Informed,
    Past,
    apply,
    new_corridor,
)

__all__ = [
    "CENTS",
    "GRAMS",
    "Amount",
    "Bucket",
    "Corridor",
    "Episode",
    "Informed",
    "Month",
    "Past",
    "Settings",
    "advance",
    "apply",
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
