"""How unlikely a month is by chance: Student's t for values, Poisson with its own spread for counts.

Both are the regularised incomplete beta function, so that one small routine serves (no numerical package is needed).
"""

import math
from collections.abc import Sequence
from functools import lru_cache

_TINY = 1e-300


def incomplete_beta(x: float, a: float, b: float) -> float:
    """I_x(a, b) for 0 <= x <= 1 and a, b > 0; to about 12 digits (continued fraction, Lentz's method)."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    if x > (a + 1.0) / (a + b + 2.0):  # the fraction converges fast on the other side only
        return 1.0 - incomplete_beta(1.0 - x, b, a)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    c, d = 1.0, 1.0 / _off_zero(1.0 - (a + b) * x / (a + 1.0))
    total = d
    for m in range(1, 1000):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 / _off_zero(1.0 + numerator * d)
            c = _off_zero(1.0 + numerator / c)
            total *= d * c
        if abs(d * c - 1.0) < 1e-13:
            break
    return front * total / a


def _off_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


@lru_cache(maxsize=1024)
def student_bound(significance: float, freedom: int) -> float:
    """The t that is passed by chance with the given probability (one-sided), with `freedom` degrees of freedom."""
    low, high = 0.0, 1e4
    for _ in range(80):
        middle = (low + high) / 2
        tail = 0.5 * incomplete_beta(freedom / (freedom + middle * middle), freedom / 2, 0.5)
        low, high = (middle, high) if tail > significance else (low, middle)
    return high


def count_tail(count: int, history: Sequence[int]) -> float:
    """Chance of `count` or more in a month after such months: the rate is known only as well as the history tells it
    (a Poisson count with a Gamma rate), and where the history is burstier than Poisson, counts weigh less by as much."""
    if count <= 0:
        return 1.0
    months = len(history)
    mean = sum(history) / months
    variance = sum((one - mean) ** 2 for one in history) / max(months - 1, 1)
    burst = max(1.0, variance / mean) if mean > 0 else 1.0
    return incomplete_beta(1.0 / (months + 1.0), count / burst, sum(history) / burst + 0.5)
