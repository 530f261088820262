"""What makes a month stand out: in value (surge, new trade) and in firms never seen before."""

import math
from functools import cached_property
from typing import Literal, Protocol

from msgspec import Struct

from streams.corridors.firms import FirmCounts
from streams.corridors.months import Month
from streams.corridors.settings import CorridorFigures
from streams.corridors.significance import count_tail, student_bound
from streams.corridors.state import CENTS, Bucket, Carry, Corridor, Informed, Running, firm_counts

Kind = Literal["SURGE", "NEW_TRADE", "NEW_FIRMS"]
YEARS_BACK = (12, 24, 36)
"""Months to the same season of earlier years."""
_NOTHING = Bucket()


class Usual(Struct, frozen=True):
    """What a month is measured by."""

    mean: float
    """of the trailing year, or of the year before where that was higher; currency units a month"""
    season: float
    """best month of the window's season (a month before to a month after) in earlier years"""
    centre: float
    spread: float
    months: int
    counts: tuple[int, ...] | None
    """consignments by month, where they were counted"""


class Judge(Protocol):
    """Decides for one corridor; knows its buckets, not its past decisions: those come in `Carry`."""

    def opens(self, month: Month, past: Carry) -> Running | None:
        """The episode that this month opens."""

    def holds(self, month: Month, running: Running) -> bool:
        """Whether the month still belongs to the episode."""

    def knows(self, month: Month) -> bool:
        """Whether all of the month's trade is known, so that too little of it says something."""


class ValueJudge:
    """Surge and new trade, by the value of a good on a corridor."""

    def __init__(self, corridor: Corridor, settings: CorridorFigures) -> None:
        self._months = corridor.months
        self._values = {month: bucket.value / CENTS for month, bucket in corridor.months.items()}
        self._since = corridor.since
        self._gap = corridor.gap if isinstance(corridor, Informed) else range(0)
        self._settings = settings

    def knows(self, month: Month) -> bool:
        return month not in self._gap

    def value(self, month: Month) -> float:
        return self._values.get(month, 0.0)

    def count(self, month: Month) -> int:
        return self._months.get(month, _NOTHING).count

    def opens(self, month: Month, past: Carry) -> Running | None:
        if self.value(month) <= self._settings.new_trade.trace:
            return None
        return self._new_trade(month, past) or self._surge(month, past)

    def holds(self, month: Month, running: Running) -> bool:
        return self.value(month) > running.level

    def _new_trade(self, month: Month, past: Carry) -> Running | None:
        new = self._settings.new_trade
        window = range(max(month - new.establish_months + 1, past.barred + 1), month + 1)
        active = [one for one in window if self.value(one) > new.trace]
        first = active[0]
        known = [one for one in range(first - 1, self._since - 1, -1) if self.knows(one)]
        if len(known) < new.unseen_months:
            return None
        if any(self.value(one) > new.trace for one in range(known[new.unseen_months - 1], first)):
            return None
        if sum(map(self.value, active)) < new.floor or not self._is_pattern(active, new.active_months):
            return None
        return Running("NEW_TRADE", first, month, month, new.trace, 0.0, len(known))

    def _is_pattern(self, months: list[Month], needed: int) -> bool:
        """Enough months, and enough consignments where they are counted; or so many of these that one month is enough."""
        surge = self._settings.surge
        count = sum(map(self.count, months))
        if len(months) >= needed:
            return count == 0 or count >= surge.least_consignments
        return count >= surge.alone_consignments

    def _surge(self, month: Month, past: Carry) -> Running | None:
        """Some months far above the usual, or half a year steadily above it."""
        return self._sudden(month, past) or self._sustained(month, past)

    def _sudden(self, month: Month, past: Carry) -> Running | None:
        surge = self._settings.surge
        first = month - surge.window_months + 1
        months = self._history(first, past)
        if self.value(month) < surge.ratio * self._mean(months):
            return None
        usual = self.usual(first, months, self.count(month) > 0, past)
        if usual is None:
            return None
        window = range(max(first, past.barred + 1), month + 1)
        above = [one for one in window if self.value(one) >= self.level(usual, self.count(one))]
        if month not in above or sum(map(self.value, above)) < surge.floor:
            return None
        if not self._is_pattern(above, surge.window_needed):
            return None
        if len(above) < surge.window_needed and not self._many(month, usual):
            return None
        level = self.level(usual, self.count(month))
        return Running("SURGE", above[0], month, month, level, usual.mean, usual.months)

    def _sustained(self, month: Month, past: Carry) -> Running | None:
        surge, rule = self._settings.surge, self._settings.sustained
        first = month - rule.months + 1
        if first <= past.barred:
            return None
        window = range(first, month + 1)
        values = [self.value(one) for one in window]
        total, count = sum(values), sum(map(self.count, window))
        if total < surge.floor or min(values) <= 0 or 0 < count < surge.least_consignments:
            return None
        months = self._history(first, past)
        mean = self._mean(months)
        if min(values) <= mean or total < surge.ratio * mean * len(values):
            return None
        usual = self.usual(first, months, count > 0, past)
        if usual is None:
            return None
        left_out = self._left_out(past)
        for years in YEARS_BACK:
            season = [one - years for one in window if one - years >= self._since]
            if total < surge.season_ratio * sum(self.value(one) for one in season if one not in left_out):
                return None
        centre = sum(math.log(value + surge.soft_value) for value in values) / len(values)
        lone = surge.consignment_spread / math.sqrt(count) if count else 0.0
        error = math.hypot(
            math.hypot(usual.spread, surge.month_spread)
            * math.sqrt(1 / rule.independent_months + 1 / usual.months),
            lone,
        )
        if centre < usual.centre + student_bound(surge.significance, usual.months - 1) * error:
            return None
        level = surge.ratio * usual.mean
        return Running("SURGE", first, month, month, level, usual.mean, usual.months)

    def _many(self, month: Month, usual: Usual) -> bool:
        if usual.counts is None:
            return False
        return count_tail(self.count(month), usual.counts) <= self._settings.surge.alone_significance

    def level(self, usual: Usual, count: int) -> float:
        """From where a month with so many consignments (0: not counted) stands out."""
        surge = self._settings.surge
        lone = surge.consignment_spread / math.sqrt(count) if count else 0.0
        spread = math.hypot(usual.spread, surge.month_spread, lone)
        t = student_bound(surge.significance, usual.months - 1) * math.sqrt(1 + 1 / usual.months)
        bound = math.exp(usual.centre + t * spread) - surge.soft_value
        return max(bound, surge.ratio * usual.mean, surge.season_ratio * usual.season)

    def _history(self, window: Month, past: Carry) -> list[Month]:
        """The months that the usual before a window is made of, the newest first."""
        history = self._settings.history
        oldest = max(self._since, window - history.reach_months)
        left_out = self._left_out(past)
        months = [one for one in range(window - 1, oldest - 1, -1) if one not in left_out]
        return months[: history.most_months]

    def _left_out(self, past: Carry) -> set[Month]:
        return _left_out(past) | set(self._gap)

    def _mean(self, months: list[Month]) -> float:
        """Of the trailing year, or of the year before where that was higher."""
        values = [self.value(one) for one in months]
        year, before = values[:12], values[12:]
        mean = sum(year) / max(len(year), 1)
        return max(mean, sum(before) / len(before)) if len(before) >= 6 else mean

    def usual(self, window: Month, months: list[Month], counted: bool, past: Carry) -> Usual | None:
        """What the months before the window's first say; None while they are too few or hold no trade at all.

        `counted`: consignments are counted in the window, so that their number can be judged too.
        """
        history, surge, trace = self._settings.history, self._settings.surge, self._settings.new_trade.trace
        values = [self.value(one) for one in months]
        n = len(months)
        if n < history.least_months or max(values) <= trace:
            return None
        logs = [math.log(max(value, 0.0) + surge.soft_value) for value in values]
        centre = sum(logs) / n
        oldest, left_out = max(self._since, window - history.reach_months), self._left_out(past)
        counts = tuple(self.count(one) for one in months)
        counted = counted and all(
            count > 0 for count, value in zip(counts, values, strict=True) if value > trace
        )
        return Usual(
            mean=self._mean(months),
            season=max(
                (
                    self.value(one)
                    for years in YEARS_BACK
                    for one in range(window - years - 1, window + surge.window_months - years + 1)
                    if oldest <= one < window and one not in left_out
                ),
                default=0.0,
            ),
            centre=centre,
            spread=math.sqrt(sum((one - centre) ** 2 for one in logs) / (n - 1)),
            months=n,
            counts=counts if counted else None,
        )


class FirmJudge:
    """A wave of consignees that were never seen before (R10)."""

    def __init__(self, corridor: Corridor, settings: CorridorFigures) -> None:
        self._corridor = corridor
        self._since = corridor.firms_since
        self._settings = settings

    @cached_property
    def _firms(self) -> FirmCounts:
        # Not before it is needed: of a corridor in a file they are counted anew.
        return firm_counts(self._corridor)

    def knows(self, month: Month) -> bool:
        return True  # statistics, beside which the stream's first month is not whole, have no firms

    def count(self, month: Month) -> int:
        """Firms seen for the first time that month."""
        return self._firms.new(month)

    def opens(self, month: Month, past: Carry) -> Running | None:
        rule, history = self._settings.new_firms, self._settings.history
        if self._since is None or month <= past.barred:
            return None
        oldest = max(self._since + rule.settle_months, month - history.reach_months)
        if month - oldest < history.least_months or self.count(month) < rule.least_firms:
            return None
        count, left_out = self.count(month), _left_out(past)
        months = [one for one in range(month - 1, oldest - 1, -1) if one not in left_out]
        counts = [self.count(one) for one in months[: history.most_months]]
        if len(counts) < history.least_months:
            return None
        mean = sum(counts) / len(counts)
        if count < rule.ratio * mean or count_tail(count, counts) > rule.significance:
            return None
        level = max(rule.least_firms - 1, rule.ratio * mean)
        return Running("NEW_FIRMS", month, month, month, float(level), mean, len(counts))

    def holds(self, month: Month, running: Running) -> bool:
        return self.count(month) > running.level


def _left_out(past: Carry) -> set[Month]:
    return {one for first, last in past.left_out for one in range(first, last + 1)}
