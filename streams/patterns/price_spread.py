"""Prices as whole numbers that can be counted, and what a count of them says: middle, spread, ends.

A price is kept as its step on a logarithmic scale, fifty steps a power of ten: 4.7 % are told apart, any sum of counts is exact
whatever the order of adding and taking back, and a thousand prices take no more room than fifty.
"""

import math
from collections.abc import Iterable, Mapping

from msgspec import Struct

STEPS = 50
"""a power of ten"""
MOST = 1000
"""steps either way: prices beyond 10^20 are typing errors"""
ROBUST = 1.4826
"""Makes a median absolute deviation of normal figures their standard deviation."""


def step_of(price: float) -> int | None:
    """The step of a price; None where it is none."""
    if not price > 0 or not math.isfinite(price):
        return None
    return max(-MOST, min(MOST, round(STEPS * math.log10(price))))


def price_at(step: float) -> float:
    return float(10 ** (step / STEPS))


def steps(ratio: float) -> float:
    """How many steps a ratio is."""
    return STEPS * math.log10(ratio)


class Spread(Struct, frozen=True):
    """What earlier prices say, in steps."""

    number: int
    median: int
    deviation: float
    """robust standard deviation"""
    low: int
    """end of the outermost share ..."""
    high: int
    """... at both sides"""


def spread(counts: Mapping[int, int], outermost: float) -> Spread | None:
    """Of prices counted by step; None where there are none. O(different steps)."""
    ordered = sorted((step, count) for step, count in counts.items() if count > 0)
    number = sum(count for _, count in ordered)
    if not number:
        return None
    median = _at(ordered, number // 2)
    apart = sorted((abs(step - median), count) for step, count in ordered)
    end = int(outermost * number)
    return Spread(
        number,
        median,
        ROBUST * _at(apart, number // 2),
        _at(ordered, end),
        _at(ordered, number - 1 - end),
    )


def _at(ordered: Iterable[tuple[int, int]], rank: int) -> int:
    step = 0
    for step, count in ordered:
        if rank < count:
            return step
        rank -= count
    return step
