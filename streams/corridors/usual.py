"""What a corridor is used to: its level, its spread and its growth, which one wrong month cannot spoil."""

import math
from collections.abc import Sequence
from statistics import median

from msgspec import Struct

from streams.corridors.months import Month
from streams.corridors.settings import CorridorFigures
from streams.corridors.state import CENTS, Bucket, Carry, Corridor, Informed

YEARS_BACK = (12, 24, 36)
"""Months to the same season of earlier years."""
_NOTHING = Bucket()
NORMAL_SPREAD = 1.4826
"""Standard deviation of normal noise by its median absolute deviation."""


class Usual(Struct, frozen=True):
    """What a month is measured by. Amounts in currency units a month, centre and spread of their logarithms."""

    mean: float
    """of the trailing year, or of the year before where that was higher"""
    season: float
    """best month of the window's season (a month before to a month after) in the middle one of the earlier years, grown on by
    a year; 0 where none is known"""
    centre: float
    middle: float
    """month to which the centre belongs"""
    spread: float
    growth: float
    """steady growth of a month (logarithm), 0 or more: it goes on unless something happened"""
    growth_error: float
    growth_months: int
    """from which the growth is read"""
    year_end: Month
    """month after the trailing year"""
    months: int
    counts: tuple[int, ...] | None
    """consignments by month, where they were counted"""

    def expected(self, month: Month) -> float:
        """Logarithm of what the month would bring."""
        return self.centre + self.growth * (month - self.middle)

    def unsure(self, month: Month) -> float:
        """Standard error of what is expected, for centre and growth alike, in logarithms."""
        return math.hypot(self.spread / math.sqrt(self.months), self.growth_error * (month - self.middle))

    def mean_in(self, month: Month) -> float:
        """The mean, grown on to that month."""
        return self.mean * math.exp(self.growth * (month - self.year_end + 6))


class Series:
    """The value of a good on a corridor by month, with what it is used to before any of them."""

    def __init__(self, corridor: Corridor, settings: CorridorFigures) -> None:
        self._buckets = corridor.months
        self._values = {month: bucket.value / CENTS for month, bucket in corridor.months.items()}
        self._gap = corridor.gap if isinstance(corridor, Informed) else range(0)
        self._settings = settings
        self.since = corridor.since

    def knows(self, month: Month) -> bool:
        return month not in self._gap

    def value(self, month: Month) -> float:
        return self._values.get(month, 0.0)

    def count(self, month: Month) -> int:
        return self._buckets.get(month, _NOTHING).count

    def logarithm(self, month: Month) -> float:
        """Of the value, small amounts made alike."""
        return math.log(max(self.value(month), 0.0) + self._settings.surge.soft_value)

    def left_out(self, past: Carry) -> set[Month]:
        """Months that are no part of the usual."""
        return months_of(past.left_out) | set(self._gap)

    def usual(self, window: Month, counted: bool, past: Carry) -> Usual | None:
        """What the months before the window's first say; None while they are too few or hold no trade at all.

        `counted`: consignments are counted in the window, so that their number can be judged too.
        """
        history, trace = self._settings.history, self._settings.new_trade.trace
        months = self._history(window, past)
        recent = months[: history.most_months]
        n = len(recent)
        if n < history.least_months or max(map(self.value, recent)) <= trace:
            return None
        logs = [self.logarithm(one) for one in months]
        low, high = self._bounds(logs[:n])
        logs = [min(max(one, low), high) for one in logs]
        growth, growth_error = self._growth(months, logs) if not past.left_out else (0.0, 0.0)
        middle = sum(recent) / n
        centre = sum(logs[:n]) / n
        square = sum((logs[i] - centre - growth * (recent[i] - middle)) ** 2 for i in range(n))
        highest = math.exp(high) - self._settings.surge.soft_value
        counts = tuple(map(self.count, recent))
        counted = counted and all(
            count > 0 for count, one in zip(counts, recent, strict=True) if self.value(one) > trace
        )
        return Usual(
            mean=self._mean([min(self.value(one), highest) for one in recent]),
            season=self._season(window, months) * math.exp(12 * growth),
            centre=centre,
            middle=middle,
            spread=math.sqrt(square / (n - 1)),
            growth=growth,
            growth_error=growth_error,
            growth_months=len(months),
            year_end=recent[0] + 1,
            months=n,
            counts=counts if counted else None,
        )

    def _history(self, window: Month, past: Carry) -> list[Month]:
        """The months that the usual before a window may be made of, the newest first: since a surge has become the usual, its
        months alone."""
        history = self._settings.history
        oldest = max(self.since, window - history.reach_months)
        if past.settled is not None:
            oldest = max(oldest, past.settled.start)
        left_out = self.left_out(past)
        return [one for one in range(window - 1, oldest - 1, -1) if one not in left_out]

    def _bounds(self, logs: Sequence[float]) -> tuple[float, float]:
        """Beyond which a month says no more: one wrong by ten times neither lifts the usual nor widens its spread."""
        centre = median(logs)
        spread = max(
            NORMAL_SPREAD * median(abs(one - centre) for one in logs), self._settings.surge.month_spread
        )
        reach = self._settings.history.wrong_spreads * spread
        _, second, *_, last_but_one, _ = sorted(
            logs
        )  # what comes twice is no error: a season, a second level
        return min(centre - reach, second), max(centre + reach, last_but_one)

    def _growth(self, months: Sequence[Month], logs: Sequence[float]) -> tuple[float, float]:
        """Of a month, and its standard error: the line of least squares, drawn to 0 as far as it is unsure (a normal prior)."""
        n, prior = len(months), self._settings.history.growth_prior
        middle, centre = sum(months) / n, sum(logs) / n
        width = sum((one - middle) ** 2 for one in months)
        slope = sum((one - middle) * log for one, log in zip(months, logs, strict=True)) / width
        rest = sum(
            (log - centre - slope * (one - middle)) ** 2 for one, log in zip(months, logs, strict=True)
        )
        variance = max(rest / (n - 2), self._settings.surge.month_spread**2) / width
        trust = prior**2 / (prior**2 + variance)
        return max(trust * slope, 0.0), math.sqrt(trust * variance)

    def _mean(self, values: Sequence[float]) -> float:
        """Of the trailing year, or of the year before where that was higher; the newest first."""
        year, before = values[:12], values[12:]
        mean = sum(year) / max(len(year), 1)
        return max(mean, sum(before) / len(before)) if len(before) >= 6 else mean

    def _season(self, window: Month, months: Sequence[Month]) -> float:
        """The middle one of the best months of the earlier years of which the whole season is known: of two years the lower."""
        known, oldest = set(months), months[-1]
        span = range(window - 1, window + self._settings.surge.window_months + 1)
        backs = [back for back in YEARS_BACK if span[0] - back >= oldest] or [YEARS_BACK[0]]
        years = ([self.value(one - back) for one in span if one - back in known] for back in backs)
        best = sorted(max(year) for year in years if year)
        return best[(len(best) - 1) // 2] if best else 0.0


def months_of(spans: Sequence[tuple[Month, Month]]) -> set[Month]:
    """Every month of spans from their first to their last."""
    return {one for first, last in spans for one in range(first, last + 1)}
