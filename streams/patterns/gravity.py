"""Who receives high-priority goods in a country of concern, and how grave that is: what detectors of firms ask about."""

import math
from collections.abc import Iterator
from datetime import date
from typing import Any

from msgspec import Struct

from streams.destinations.countries import Countries
from streams.findings import Subject
from streams.money.rates import EURO
from streams.once import kept_with
from streams.patterns.days import day_of
from streams.patterns.tables import Figures, FigureTable
from streams.patterns.trade import DeclaredTrade, TradedGood, TradingFirm
from streams.text import in_words


class _ValueRange(FigureTable, frozen=True):
    small: float
    large: float
    of_small: float


class GravityFigures(Figures, frozen=True):
    """How much a value counts."""

    value: _ValueRange


MAX_NUMBERS = 1_000
"""Items of an ask. Every firm asks about all of them, so that without a bound it would be their product."""


class TakerQuestion(Struct, frozen=True, array_like=True):
    """A firm that receives high-priority goods in a country of concern."""

    role: str
    index: int
    """of the party in the declaration"""
    name: str
    destination: str
    tier: str
    """the most sought after"""
    hs6: str
    """of that tier, the most valuable"""
    numbers: tuple[int, ...]
    """goods item numbers of all that is high-priority, or of the first MAX_NUMBERS"""
    value: float | None
    """of those; None where not declared, or not in a currency that can be told in euro"""
    gravity: float
    """0..1: tier x destination x value"""
    currency: str = ""
    """of `value`: EUR; empty in what an older release asked, which knew no currencies"""

    @property
    def subject(self) -> Subject:
        return Subject(kind="PARTY", index=self.index, label=f"{in_words(self.role)} {self.name}")

    @property
    def goods(self) -> str:
        """In words: 'HS 854231 (tier 1) for KG'."""
        least = "at least " if len(self.numbers) == MAX_NUMBERS else ""
        more = f" and {least}{len(self.numbers) - 1} more items" if len(self.numbers) > 1 else ""
        worth = ""
        # An amount without its currency is not told.
        if self.value is not None and self.currency:
            worth = f", worth {self.currency} {self.value:,.0f}{' together' if more else ''},"
        return f"HS {self.hs6} (high-priority, tier {self.tier}){more}{worth} for {self.destination}"

    @property
    def inputs(self) -> dict[str, Any]:
        return {
            "destination": self.destination,
            "tier": self.tier,
            "hs6": self.hs6,
            "value": self.value,
            "currency": self.currency,
            "items": list(self.numbers[:20]),
        }


class Gravity:
    """Tells firms that ask from those that only contribute."""

    def __init__(self, countries: Countries, tiers: dict[str, float], figures: GravityFigures) -> None:
        """`tiers`: strength of each tier of the high-priority list."""
        self.countries = countries
        self._tiers = tiers
        self._value = figures.value

    def tier(self, tier: str) -> float:
        """Strength of a tier."""
        return self._tiers.get(tier, 1.0)

    def takers(self, trade: DeclaredTrade) -> tuple[tuple[TradingFirm, TakerQuestion | None], ...]:
        """Every firm that takes, once, with what it asks about. Nothing of a declaration that is cancelled."""
        return _takers(trade, self)

    def each_taker(self, trade: DeclaredTrade) -> Iterator[tuple[TradingFirm, TakerQuestion | None]]:
        """As `takers`, made anew."""
        if trade.cancelled:
            return
        goods = [good for good in trade.goods if good.tier is not None]
        concern = self.concern(trade.destination, day_of(trade.day)) if goods else 0.0
        seen: set[str] = set()
        for firm in trade.takers:
            if firm.key in seen:
                continue
            seen.add(firm.key)
            # A buyer in a country that controls exports itself is no receiver where the goods go.
            asks = concern > 0 and firm.country not in self.countries.coalition
            yield firm, self._ask(firm, goods, trade.destination or "", concern) if asks else None

    def concern(self, destination: str | None, day: date) -> float:
        """0..1: how near a destination is to where goods are diverted to; 0 for one of no concern on the day, and for one
        that has export controls of its own."""
        if destination is None or destination in self.countries.coalition:
            return 0.0
        circle = self.countries.diversion(destination, day)
        embargo = self.countries.embargoed(day).get(destination)
        return max(circle.strength if circle else 0.0, embargo.strength if embargo else 0.0)

    def _ask(
        self, firm: TradingFirm, goods: list[TradedGood], destination: str, concern: float
    ) -> TakerQuestion:
        gravest = max(goods, key=lambda good: (self.tier(good.tier or ""), good.value or 0.0, -good.number))
        values = [good.value for good in goods if good.value is not None]
        value = sum(values) if values and not any(good.unrated for good in goods) else None
        gravity = self.tier(gravest.tier or "") * concern * self._worth(value)
        return TakerQuestion(
            role=firm.role,
            index=firm.index,
            name=firm.name or firm.key.partition(":")[2],
            destination=destination,
            tier=gravest.tier or "",
            hs6=gravest.hs6,
            numbers=tuple(good.number for good in goods[:MAX_NUMBERS]),
            value=value,
            gravity=round(gravity, 3),
            currency=EURO if value is not None else "",
        )

    def _worth(self, value: float | None) -> float:
        """A value that is not declared is not small."""
        if value is None or value >= self._value.large:
            return 1.0
        if value <= self._value.small:
            return self._value.of_small
        span = math.log(self._value.large / self._value.small)
        return self._value.of_small + (1 - self._value.of_small) * math.log(value / self._value.small) / span


@kept_with
def _takers(trade: DeclaredTrade, gravity: Gravity) -> tuple[tuple[TradingFirm, TakerQuestion | None], ...]:
    """Several detectors ask, one after the other."""
    return tuple(gravity.each_taker(trade))
