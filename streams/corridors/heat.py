"""A destination that heats up: how many of its goods stand out against their own past, as a share against that share's own past.

One good that rises is a customer; when a tenth of all goods becomes a fifth in a month, the country has changed. A hot country
opens its corridors earlier (`judges`)."""

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean, median, pstdev
from typing import NamedTuple

from streams.corridors.months import Month
from streams.corridors.settings import CorridorFigures
from streams.corridors.usual import NORMAL_SPREAD


class Goods(NamedTuple):
    """The goods of a destination in a month."""

    known: int
    """traded before, so that there is a past to stand out from"""
    standing_out: int

    @property
    def share(self) -> float:
        return self.standing_out / self.known if self.known else 0.0


def standing_out(
    values: Mapping[Month, float], since: Month, last: Month, settings: CorridorFigures
) -> Iterator[tuple[Month, bool]]:
    """For each month up to `last` of which a good's past is known and holds any trade: whether the good stands out.

    `values`: currency units by month; `since`: the first month that is known.
    """
    history, surge, rule = settings.history, settings.surge, settings.heat
    trace = settings.new_trade.trace
    logs = [math.log(max(values.get(one, 0.0), 0.0) + surge.soft_value) for one in range(since, last + 1)]
    for month in range(since + history.least_months, last + 1):
        place = month - since
        past = logs[max(0, place - history.most_months) : place]
        if max(past) <= math.log(trace + surge.soft_value) and values.get(month, 0.0) <= trace:
            continue
        centre = median(past)
        spread = NORMAL_SPREAD * median([abs(one - centre) for one in past])
        yield month, logs[place] - centre > rule.stands_out * math.hypot(spread, surge.month_spread)


def hot_months(goods: Mapping[Month, Goods], settings: CorridorFigures) -> tuple[Month, ...]:
    """The months in which a destination is hot, in order. Needs a year of its shares before the first."""
    rule = settings.heat
    hot: list[Month] = []
    calm: list[float] = []
    for month in sorted(goods):
        if goods[month].known < rule.least_goods:
            continue
        share = goods[month].share
        if len(calm) >= rule.past_months:
            beyond = (share - fmean(calm)) / max(pstdev(calm), rule.least_spread)
            if beyond > (rule.goes_on if hot and hot[-1] == month - 1 else rule.begins):
                hot.append(month)
                continue
        calm.append(share)
    return tuple(hot)


def hot_since(hot: Sequence[Month], month: Month) -> Month | None:
    """The first of the hot months in a row that a month ends; None where it is not hot."""
    if month not in hot:
        return None
    while month - 1 in hot:
        month -= 1
    return month
