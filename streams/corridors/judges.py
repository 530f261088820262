"""What makes a month stand out: in value (surge, new trade) and in firms never seen before."""

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Protocol

from msgspec.structs import replace

from streams.corridors.firms import FirmCounts
from streams.corridors.heat import hot_since
from streams.corridors.months import Month
from streams.corridors.settings import CorridorFigures
from streams.corridors.significance import count_tail, student_bound
from streams.corridors.state import Carry, Corridor, Kind, Running, firm_counts
from streams.corridors.usual import YEARS_BACK, Series, Usual, months_of


class Judge(Protocol):
    """Decides for one corridor; knows its buckets, not its past decisions: those come in `Carry`."""

    def opens(self, month: Month, past: Carry) -> Running | None:
        """The episode that this month opens."""

    def above(self, month: Month, level: float) -> bool:
        """Whether the month is above a level, that of a running episode or of one that has settled."""

    def knows(self, month: Month) -> bool:
        """Whether all of the month's trade is known, so that too little of it says something."""


class ValueJudge:
    """Surge, creep, bursts and new trade, by the value of a good on a corridor."""

    def __init__(self, corridor: Corridor, settings: CorridorFigures, hot: Sequence[Month] = ()) -> None:
        """`hot`: months in which the whole destination stands out (`heat`)."""
        self._series = Series(corridor, settings)
        self._settings = settings
        self._hot = hot

    def knows(self, month: Month) -> bool:
        return self._series.knows(month)

    def opens(self, month: Month, past: Carry) -> Running | None:
        if self._series.value(month) <= self._settings.new_trade.trace:
            return None
        found = [one for test in self._tests if (one := test(month, past)) is not None]
        if not found:
            return None
        also = tuple(one.kind for one in found[1:] if one.kind != found[0].kind)
        return replace(found[0], also=tuple(dict.fromkeys(also)))

    def above(self, month: Month, level: float) -> bool:
        return self._series.value(month) > level

    @property
    def _tests(self) -> "tuple[Callable[[Month, Carry], Running | None], ...]":
        """The first that speaks names the episode."""
        return self._new_trade, self._sudden, self._sustained, self._bursts, self._creep, self._heated

    def _new_trade(self, month: Month, past: Carry) -> Running | None:
        new, series = self._settings.new_trade, self._series
        window = range(max(month - new.establish_months + 1, past.barred + 1), month + 1)
        active = [one for one in window if series.value(one) > new.trace]
        if not active:
            return None
        first = active[0]
        known = [one for one in range(first - 1, series.since - 1, -1) if self.knows(one)]
        if len(known) < new.unseen_months:
            return None
        if any(series.value(one) > new.trace for one in range(known[new.unseen_months - 1], first)):
            return None
        if self._total(active) < new.floor or not self._is_pattern(active, new.active_months):
            return None
        return Running("NEW_TRADE", first, month, month, new.trace, 0.0, len(known))

    def _sudden(self, month: Month, past: Carry) -> Running | None:
        """Some months far above the usual."""
        surge, series = self._settings.surge, self._series
        first = month - surge.window_months + 1
        usual = series.usual(first, series.count(month) > 0, past)
        if usual is None:
            return None
        window = range(max(first, past.barred + 1), month + 1)
        above = [one for one in window if self._stands_out(one, usual)]
        if month not in above or self._total(above) < surge.floor:
            return None
        if not self._is_pattern(above, surge.window_needed):
            return None
        if len(above) < surge.window_needed and not self._many(month, usual):
            return None
        return self._running("SURGE", above[0], month, self.level(usual, month), usual)

    def _bursts(self, month: Month, past: Carry) -> Running | None:
        """Months far above the usual with quiet ones between: a shipment a quarter."""
        rule, surge, series = self._settings.bursts, self._settings.surge, self._series
        first = month - rule.months + 1
        if first <= past.barred or not self._may_rise(month, month, first, surge.ratio):
            return None
        usual = series.usual(first, series.count(month) > 0, past)
        if usual is None:
            return None
        above = [one for one in range(first, month + 1) if self._stands_out(one, usual)]
        if month not in above or len(above) < rule.needed or self._total(above) < surge.floor:
            return None
        if not self._is_pattern(above, rule.needed):
            return None
        return self._running("BURSTS", above[0], month, self.level(usual, month), usual)

    def _sustained(self, month: Month, past: Carry) -> Running | None:
        """Half a year steadily above the usual."""
        surge, rule, series = self._settings.surge, self._settings.sustained, self._series
        first = month - rule.months + 1
        if first <= past.barred:
            return None
        window = range(first, month + 1)
        total, count = self._total(window), sum(map(series.count, window))
        if total < surge.floor or min(map(series.value, window)) <= 0 or 0 < count < surge.least_consignments:
            return None
        usual = series.usual(first, count > 0, past)
        if usual is None:
            return None
        if any(series.value(one) <= usual.mean for one in window):
            return None
        if total < surge.ratio * sum(map(usual.mean_in, window)):
            return None
        left_out = series.left_out(past)
        grown = math.exp(12 * usual.growth)
        for years in YEARS_BACK:
            season = [one - years for one in window if one - years >= series.since]
            if total < surge.season_ratio * grown * self._total(
                [one for one in season if one not in left_out]
            ):
                return None
        beyond = sum(series.logarithm(one) - usual.expected(one) for one in window) / len(window)
        lone = surge.consignment_spread / math.sqrt(count) if count else 0.0
        error = math.hypot(
            math.hypot(usual.spread, surge.month_spread) / math.sqrt(rule.independent_months),
            usual.unsure(month),
            lone,
        )
        if beyond < student_bound(surge.significance, usual.months - 1) * error:
            return None
        return self._running("SURGE", first, month, surge.ratio * usual.mean, usual)

    def _creep(self, month: Month, past: Carry) -> Running | None:
        """A trade that grows month by month over a year, more than it grew before, though no month of it stands out."""
        rule, surge, series = self._settings.creep, self._settings.surge, self._series
        first = month - rule.months + 1
        if first <= past.barred or not self._may_rise(month - rule.end_months + 1, month, first, rule.ratio):
            return None
        window = range(first, month + 1)
        count = sum(map(series.count, window))
        if self._total(window) < surge.floor or 0 < count < surge.least_consignments:
            return None
        usual = series.usual(first, count > 0, past)
        if usual is None or usual.growth_months < rule.least_months:
            return None
        end = range(month - rule.end_months + 1, month + 1)
        if self._total(end) < rule.ratio * sum(map(usual.mean_in, end)):
            return None
        if any(series.value(one) <= usual.mean_in(one) for one in end):
            return None
        # A line through what was expected: its slope, and how far off chance would bend it.
        steps = range(1, rule.months + 1)
        squares = sum(step * step for step in steps)
        slope = sum(
            step * (series.logarithm(first - 1 + step) - usual.expected(first - 1 + step)) for step in steps
        )
        lone = surge.consignment_spread / math.sqrt(count / rule.months) if count else 0.0
        spread = math.hypot(usual.spread, surge.month_spread, lone)
        bent = usual.growth_error * sum(step * (first - 1 + step - usual.middle) for step in steps) / squares
        error = math.hypot(spread * math.sqrt(1 / squares + (sum(steps) / squares) ** 2 / usual.months), bent)
        if slope / squares < student_bound(rule.significance, usual.months - 1) * error:
            return None
        above = [one for one in window if series.value(one) > usual.mean_in(one)]
        return self._running("CREEP", above[0], month, surge.ratio * usual.mean, usual)

    def _heated(self, month: Month, past: Carry) -> Running | None:
        """In a destination that stands out as a whole, what adds up month by month, though no month of it would do."""
        rule, surge, series = self._settings.heat, self._settings.surge, self._series
        since = hot_since(self._hot, month)
        if since is None:
            return None
        first = max(since - rule.months_before, past.barred + 1)
        usual = series.usual(first, False, past)
        if usual is None:
            return None
        spread, sum_beyond, start = math.hypot(usual.spread, surge.month_spread), 0.0, first
        for one in range(first, month + 1):
            beyond = (series.logarithm(one) - usual.expected(one)) / spread
            sum_beyond += min(beyond, rule.most_beyond) - rule.slack
            if sum_beyond <= 0:
                sum_beyond, start = 0.0, one + 1
        run = range(start, month + 1)
        if sum_beyond < rule.bound or self._total(run) < max(surge.floor, rule.ratio * usual.mean * len(run)):
            return None
        if series.value(month) < rule.ratio * usual.mean or not self._is_pattern(list(run), 1):
            return None
        return self._running("HEAT", start, month, surge.ratio * usual.mean, usual)

    def _running(self, kind: Kind, start: Month, month: Month, level: float, usual: Usual) -> Running:
        return Running(kind, start, month, month, level, usual.mean, usual.months)

    def _total(self, months: Iterable[Month]) -> float:
        return sum(map(self._series.value, months))

    def _may_rise(self, start: Month, month: Month, first: Month, ratio: float) -> bool:
        """Whether these months are at least the ratio times the lower quarter of the year before `first`: no month that is usual
        needs more than this look."""
        values = sorted(self._series.value(one) for one in range(max(self._series.since, first - 12), first))
        if not values:
            return False
        months = range(start, month + 1)
        return self._total(months) >= ratio * values[len(values) // 4] * len(months)

    def _is_pattern(self, months: Sequence[Month], needed: int) -> bool:
        """Enough months, and enough consignments where they are counted; or so many of these that one month is enough."""
        surge = self._settings.surge
        count = sum(map(self._series.count, months))
        if len(months) >= needed:
            return count == 0 or count >= surge.least_consignments
        return count >= surge.alone_consignments

    def _many(self, month: Month, usual: Usual) -> bool:
        if usual.counts is None:
            return False
        return count_tail(self._series.count(month), usual.counts) <= self._settings.surge.alone_significance

    def _stands_out(self, month: Month, usual: Usual) -> bool:
        return self._series.value(month) >= self.level(usual, month)

    def level(self, usual: Usual, month: Month) -> float:
        """From where the month, with as many consignments as it has, stands out."""
        surge, count = self._settings.surge, self._series.count(month)
        lone = surge.consignment_spread / math.sqrt(count) if count else 0.0
        spread = math.hypot(usual.spread, surge.month_spread, lone, usual.unsure(month))
        t = student_bound(surge.significance, usual.months - 1)
        bound = math.exp(usual.expected(month) + t * spread) - surge.soft_value
        return max(bound, surge.ratio * usual.mean_in(month), surge.season_ratio * usual.season)


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
        count, left_out = self.count(month), months_of(past.left_out)
        months = [one for one in range(month - 1, oldest - 1, -1) if one not in left_out]
        counts = [self.count(one) for one in months[: history.most_months]]
        if len(counts) < history.least_months:
            return None
        mean = sum(counts) / len(counts)
        if count < rule.ratio * mean or count_tail(count, counts) > rule.significance:
            return None
        level = max(rule.least_firms - 1, rule.ratio * mean)
        return Running("NEW_FIRMS", month, month, month, float(level), mean, len(counts))

    def above(self, month: Month, level: float) -> bool:
        return self.count(month) > level
