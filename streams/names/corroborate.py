"""Fifth stage: what stands beside the name (country, kind of party) moves a name score a little, in either direction."""

from collections.abc import Collection
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
    value: float, *, country: Agreement, types: bool, slight: bool, weak: bool, figures: ScoreFigures
) -> float:
    """The final score: a name that says little (`slight`), or one its publisher calls `weak`, is capped unless the country
    agrees. Never makes 1.0 of less."""
    if (slight or weak) and country != "agrees":
        # Keeps the order among capped ones: two capped hits never tie because of the cap.
        value = min(value, figures.uncorroborated * (0.9 + 0.1 * value))
    if value < 1.0:
        if country == "agrees":
            value = min(value + (1.0 - value) * figures.country_agrees * value, figures.not_the_same)
        elif country == "differs":
            value *= figures.country_differs
    if types:
        value *= figures.type_differs
    return value
