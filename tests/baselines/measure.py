"""What is told when on real trade: `python -m tests.baselines.measure`, with TORUGART_DATA."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from streams.baselines.codes import tracked
from streams.baselines.replay import Alert, replay
from streams.baselines.trade import CorridorKey
from streams.cli.baselines import read_statistics
from streams.corridors.months import Month, parse_month
from streams.corridors.settings import settings
from streams.corridors.state import CENTS, Bucket, Corridor
from tests.data import data

FILE = "eurostat_eu27_exports_sanctioned_cn8_monthly_2020-01_2022-11_BY-GE-KG-KZ-RU.csv.gz"
BEFORE = range(parse_month("2020-01"), parse_month("2022-03"))
LATE = range(parse_month("2022-06"), parse_month("2022-12"))
CALM = range(parse_month("2021-01"), parse_month("2022-02"))
LEAST_EUR, TIMES, STRONG_MONTHS = 100_000, 3, 3


class Told(NamedTuple):
    """Of the corridors to some destinations."""

    rises: int
    """goods that rose: mean of June to November 2022 at least three times that of the 26 months before, EUR 100,000 together,
    three strong months"""
    by: Mapping[str, float]
    """month -> share of them that was told by then"""
    calm: float
    """alerts in 1,000 corridor-months from January 2021 to January 2022"""


class RealTrade:
    """The Union's exports of sanctioned goods to five countries, and every alert of them."""

    def __init__(self) -> None:
        self.table = read_statistics([data("trade", FILE)], "all")[0]
        self.corridors: dict[CorridorKey, Corridor] = dict(self.table.corridors(by_origin=False))
        self.alerts: list[Alert] = replay(
            self.corridors.items(), settings(), self.table.last, lambda code: True
        )
        self._priority = tracked("chpl")

    def priority(self, hs6: str) -> bool:
        """Whether a good is on the Common High Priority List."""
        return self._priority.watches(hs6)

    def told(self, destinations: Collection[str], *, priority: bool = False) -> Told:
        """`priority`: high-priority goods alone."""
        keys = [
            key
            for key in self.corridors
            if key.destination in destinations and (self.priority(key.hs6) or not priority)
        ]
        first: dict[CorridorKey, Month] = {}
        calm = 0
        for alert in self.alerts:
            if alert.corridor not in keys:
                continue
            opened = alert.episode.opened
            calm += opened in CALM
            if opened > CALM[-1]:
                first.setdefault(alert.corridor, opened)
        rises = [key for key in keys if _rises(self.corridors[key])]
        by = {
            month: sum(first.get(key, LATE[-1] + 1) <= parse_month(month) for key in rises) / len(rises)
            for month in ("2022-04", "2022-07", "2022-09", "2022-11")
        }
        return Told(len(rises), by, 1000 * calm / (len(keys) * len(CALM)))


def _rises(corridor: Corridor) -> bool:
    def value(month: Month) -> float:
        return corridor.months.get(month, Bucket()).value / CENTS

    if corridor.since > BEFORE[0]:
        return False
    usual = sum(map(value, BEFORE)) / len(BEFORE)
    late = [value(month) for month in LATE]
    strong = sum(one > 0 and one >= TIMES * usual for one in late)
    return sum(late) >= LEAST_EUR and sum(late) / len(late) >= TIMES * usual and strong >= STRONG_MONTHS


def main() -> None:
    trade = RealTrade()
    for goods in (False, True):
        print("high-priority goods" if goods else "all sanctioned goods")
        for destinations in (("KG", "KZ", "GE"), ("KG",), ("KZ",), ("GE",)):
            told = trade.told(destinations, priority=goods)
            shares = " | ".join(f"{share:.2f}" for share in told.by.values())
            print(f"| {', '.join(destinations)} | {told.rises} | {shares} | {told.calm:.1f} |")


if __name__ == "__main__":
    main()
