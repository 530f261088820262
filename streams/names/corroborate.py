"""Fifth stage: what stands beside the name (country, kind of party) moves a name score, in either direction."""

from collections.abc import Collection
from math import exp
from typing import Literal

from streams.names.figures import ScoreFigures

Agreement = Literal["agrees", "differs", "unknown"]


def country_agreement(country: str | None, listed: Collection[str]) -> Agreement:
    """`unknown` where either side has no country."""
    if not country or not listed:
        return "unknown"
    return "agrees" if country.upper() in listed else "differs"


def types_differ(declared: str | None, listed: str) -> bool:
    """A person against a firm, a vessel against a firm; an unknown kind never differs."""
    return declared not in (None, "unknown") and listed != "unknown" and declared != listed


def corroborated(
    value: float,
    *,
    firm: bool,
    country: Agreement,
    types: bool,
    slight: bool,
    weak: bool,
    figures: ScoreFigures,
) -> float:
    """The final score: moved so that the default threshold is right for this kind of party with this much beside the name
    (`[needed]`). A name that says little (`slight`), or one its publisher calls `weak`, is capped unless the country agrees.
    Never makes 1.0 of less."""
    if value < 1.0:
        needed = figures.needed["firm" if firm else "person"]
        # The odds grow or shrink by one factor, so the order of scores stays, and none passes the top.
        odds = figures.not_the_same / max(value, 1e-9) - 1.0
        value = figures.not_the_same / (1.0 + odds * exp(getattr(needed, country) / figures.spread))
    if (slight or weak) and country != "agrees":
        # Keeps the order among capped ones: two capped hits never tie because of the cap.
        value = min(value, figures.uncorroborated * (0.9 + 0.1 * value))
    if types:
        value *= figures.type_differs
    return value
