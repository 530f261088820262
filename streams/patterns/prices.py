"""Prices out of line (R21 too high, R22 too low): value per kilogram and per unit against earlier prices of the same good, origin
and destination.

Of both measures the one with less spread judges: a price a piece where pieces are alike, a price a kilogram where they are not.
Where there are too few prices yet, trade statistics judge, with a wider bound.
"""

from collections.abc import Iterable, Iterator, Mapping
from statistics import median
from typing import NamedTuple

from msgspec import Struct, field

from streams.corridors.state import Past
from streams.findings import Finding, NotEvaluable, Subject
from streams.goods.units import unit_in_words
from streams.money.rates import EURO
from streams.patterns.contract import Advice, Contribution, PatternAdvice, advice_of
from streams.patterns.days import day_of
from streams.patterns.listing import ListedDetector
from streams.patterns.price_spread import ROBUST, Spread, price_at, spread, step_of, steps
from streams.patterns.tables import Figures
from streams.patterns.trade import DeclaredTrade, TradedGood
from streams.patterns.windows import (
    WindowedDetector,
    WindowedState,
    grown,
    kept_since,
    with_count,
    with_group,
)

KILOGRAM = "kg"
MEASURES = "declaration.goodsItems[].netMassKg"
WIDTH = 4096
"""Of a period in the numbers that periods and steps are counted by: more than there are steps."""
RULES = ("R21", "R22")


class PriceFigures(Figures, frozen=True):
    regimes: tuple[str, ...]
    headings: tuple[str, ...]
    period_days: int
    kept_periods: int
    least: int
    many: int
    far_of_few: float
    far_of_many: float
    outermost: float
    beyond: float
    ratio: float
    full: float
    of_least: float
    statistics_months: int
    statistics_ratio: float
    statistics_far: float


class ItemPrice(Struct, frozen=True, array_like=True):
    """Prices of an item, in steps."""

    number: int
    steps: dict[str, int]
    """by unit in words, and 'kg'; euro"""


class PricePart(Struct, frozen=True, array_like=True):
    """Items of one good, origin and destination."""

    day: int
    """event day, since 1970"""
    regime: str
    hs6: str
    origin: str
    destination: str
    prices: tuple[ItemPrice, ...] = ()
    lacks: tuple[str, ...] = ()
    """what items have not, without which there is no price"""


class PriceState(WindowedState, frozen=True, array_like=True):
    """Prices of one good, origin and destination: 12 bytes with one, about 5 more for each step met in a month."""

    seen: dict[str, dict[int, int]] = field(default_factory=dict)
    """regime and unit -> period x WIDTH + step -> items"""


class InformedPrices(PriceState, frozen=True, array_like=True):
    """With what trade statistics say. Never kept."""

    past: Past | None = None


class _Judged(NamedTuple):
    """A price beside those that it is judged by."""

    unit: str
    step: int
    known: Spread


class Prices(WindowedDetector[PriceState, PricePart, PriceFigures]):
    """High-priority and watched goods and those of a few headings: a key for each code, origin and destination."""

    name = "prices"
    rules = RULES
    part_type = PricePart
    state_type = PriceState

    def period(self, day: int) -> int:
        return day // self._figures.period_days

    def first_day(self, period: int) -> int:
        return period * self._figures.period_days

    def contributions(self, trade: DeclaredTrade) -> Iterable[Contribution]:
        if trade.cancelled or trade.regime not in self._figures.regimes:
            return
        found: dict[tuple[str, str], list[TradedGood]] = {}
        for good in trade.goods:
            if good.tier is not None or good.watched or good.hs6.startswith(self._figures.headings):
                found.setdefault((good.hs6, good.origin or trade.dispatch or ""), []).append(good)
        to = trade.destination or ""
        for (hs6, origin), goods in found.items():
            prices = tuple(price for good in goods if (price := _price(good)) is not None)
            lacks = dict.fromkeys(_lacking(good) for good in goods if _price(good) is None)
            part = PricePart(trade.day, trade.regime, hs6, origin, to, prices, tuple(lacks))
            yield Contribution(f"{hs6}|{origin}|{to}", part)

    def tell(self, state: PriceState, part: PricePart, began: int) -> PatternAdvice:
        return advice_of(self._answers(state, part))

    def counted(self, state: PriceState, part: PricePart, sign: int) -> PriceState:
        seen = state.seen
        start = self.period(part.day) * WIDTH
        for price in part.prices:
            for unit, step in price.steps.items():
                name = _measure(part, unit)
                seen = with_group(seen, name, with_count(seen.get(name, {}), start + step, sign))
        return PriceState(state.edge, seen)

    def since(self, state: PriceState, edge: int) -> PriceState:
        # Steps go below zero, but not by half a period.
        return PriceState(edge, kept_since(state.seen, edge * WIDTH - WIDTH // 2))

    def informed(self, state: PriceState, past: Past, began: int) -> PriceState:
        """With what statistics say of the corridor."""
        return InformedPrices(state.edge, state.seen, past)

    def _answers(self, state: PriceState, part: PricePart) -> Iterator[Advice]:
        for path in part.lacks:
            yield from (NotEvaluable(rule=rule, missing=(path,)) for rule in RULES)
        known = {unit: self._known(state, part, unit) for unit in _units(part)}
        young = False
        for price in part.prices:
            judged = self._judged(price, known)
            if judged is not None:
                yield from self._finding(state, part, price, judged)
            elif isinstance(state, InformedPrices) and self._carries(state.past):
                yield from self._by_statistics(part, price, state.past)
            else:
                young = True
        if young:
            missing = f"{self._figures.least} earlier prices of HS {part.hs6} on this corridor"
            yield from (NotEvaluable(rule=rule, missing=(missing,), cause="PAST") for rule in RULES)

    def _known(self, state: PriceState, part: PricePart, unit: str) -> dict[int, int]:
        """Items by step of the periods up to the part's own, and those of the part itself."""
        end = (self.period(part.day) + 1) * WIDTH - WIDTH // 2
        counts: dict[int, int] = {}
        for place, count in state.seen.get(_measure(part, unit), {}).items():
            if place < end:
                step = (place + WIDTH // 2) % WIDTH - WIDTH // 2
                counts[step] = counts.get(step, 0) + count
        for price in part.prices:
            if unit in price.steps:
                step = price.steps[unit]
                counts[step] = counts.get(step, 0) + 1
        return counts

    def _judged(self, price: ItemPrice, known: Mapping[str, dict[int, int]]) -> _Judged | None:
        """By the measure with the least spread of those that are known well enough; None where none is."""
        found = []
        for unit, step in price.steps.items():
            others = with_count(known[unit], step, -1)
            if sum(others.values()) < self._figures.least:
                continue
            told = spread(others, self._figures.outermost)
            if told is not None:
                found.append(_Judged(unit, step, told))
        return min(found, key=lambda one: (one.known.deviation, one.unit == KILOGRAM), default=None)

    def _finding(
        self, state: PriceState, part: PricePart, price: ItemPrice, judged: _Judged
    ) -> Iterator[Finding]:
        table, known = self._figures, judged.known
        away = judged.step - known.median
        end = known.high - known.median if away > 0 else known.median - known.low
        many = known.number >= table.many
        far = table.far_of_many if many else table.far_of_few
        if abs(away) < max(steps(table.ratio), far * known.deviation, table.beyond * end):
            return
        measure = state.seen.get(_measure(part, judged.unit), {})
        first = min(measure, default=self.period(part.day) * WIDTH)
        since = day_of(self.first_day((first + WIDTH // 2) // WIDTH))
        ends = f"{_money(price_at(known.low))} to {_money(price_at(known.high))}"
        yield self._out_of_line(
            part,
            price,
            judged.unit,
            judged.step,
            known.median,
            f"{known.number} other items from {part.origin or '?'} to {part.destination or '?'} since {since:%Y-%m} have "
            f"{_money(price_at(known.median))} in the middle and all but the outermost few {ends}",
            {
                "items": known.number,
                "since": f"{since:%Y-%m}",
                "spread": round(known.deviation / steps(10), 3),
            },
        )

    def _carries(self, past: Past | None) -> bool:
        return past is not None and len(_monthly(past)) >= self._figures.statistics_months

    def _by_statistics(self, part: PricePart, price: ItemPrice, past: Past | None) -> Iterator[Finding]:
        step = price.steps.get(KILOGRAM)
        if step is None or past is None:
            return
        table, monthly = self._figures, _monthly(past)
        middle = median(monthly)
        deviation = ROBUST * median(abs(one - middle) for one in monthly)
        if abs(step - middle) < max(steps(table.statistics_ratio), table.statistics_far * deviation):
            return
        yield self._out_of_line(
            part,
            price,
            KILOGRAM,
            step,
            middle,
            f"trade statistics ({past.source}) have {_money(price_at(middle))} in the middle of {len(monthly)} months",
            {"months": len(monthly), "source": past.source},
        )

    def _out_of_line(
        self,
        part: PricePart,
        price: ItemPrice,
        unit: str,
        step: int,
        middle: float,
        beside: str,
        inputs: dict[str, object],
    ) -> Finding:
        table = self._figures
        high = step > middle
        rule, code = ("R21", "price.above") if high else ("R22", "price.below")
        ratio = price_at(abs(step - middle))
        label = f"item {price.number}, HS {part.hs6}"
        one = unit if unit == KILOGRAM else unit.removesuffix("s")
        times = f"{ratio:,.1f} times" if ratio < 10 else f"{ratio:,.0f} times"
        return Finding(
            key=f"{rule}/{code}/{price.number}",
            rule=rule,
            code=code,
            subject=Subject(kind="ITEM", index=price.number, label=label),
            evidence=f"Item {price.number}, HS {part.hs6}, is declared at {_money(price_at(step))} a {one}: {times} "
            f"{'above' if high else 'below'} what is usual; {beside}.",
            cleared_by="The invoice and the proof of payment, the maker's price list, or an examination that shows which kind of "
            "goods it is.",
            strength=round(grown(steps(ratio), steps(table.ratio), steps(table.full), table.of_least), 3),
            inputs={
                "price": _rounded(price_at(step)),
                "usual": _rounded(price_at(middle)),
                "unit": unit,
                "currency": EURO,
                "ratio": _rounded(ratio),
                **inputs,
            },
        )


def _price(good: TradedGood) -> ItemPrice | None:
    if good.value is None:
        return None
    found = {}
    for unit, amount in ((KILOGRAM, good.mass), (unit_in_words(good.unit), good.quantity)):
        step = step_of(good.value / amount) if unit and amount else None
        if step is not None:
            found[unit] = step
    return ItemPrice(good.number, found) if found else None


def _lacking(good: TradedGood) -> str:
    return good.lacks if good.value is None else MEASURES


def _units(part: PricePart) -> set[str]:
    return {unit for price in part.prices for unit in price.steps}


def _measure(part: PricePart, unit: str) -> str:
    return f"{part.regime}|{unit}"


def _monthly(past: Past) -> list[int]:
    """Steps of the mean euro a kilogram of each month with trade."""
    found = (
        step_of(10 * bucket.value / bucket.mass) for bucket in past.months.values() if bucket.mass
    )  # cents a gram x 10 = euro a kilogram
    return [step for step in found if step is not None]


def _money(amount: float) -> str:
    return f"{EURO} {_rounded(amount):,.0f}" if amount >= 1000 else f"{EURO} {amount:.3g}"


def _rounded(figure: float) -> float:
    """Three figures that count: steps tell no more."""
    return float(f"{figure:.3g}")


DETECTOR = ListedDetector(9, Prices, lambda facts: Prices(PriceFigures.bundled()))
