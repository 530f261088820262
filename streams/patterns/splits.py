"""Consignments split under a threshold (R20): many small ones of one good between the same two, together over it.

What the two did in the quarter before is their rhythm: who always traded so does not split.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct, field

from streams.findings import Finding
from streams.money.rates import EURO, Rates, bundled_rates
from streams.patterns.contract import Advice, Contribution, short_key
from streams.patterns.days import day_of
from streams.patterns.gravity import Gravity
from streams.patterns.listing import ListedDetector
from streams.patterns.lots import Lot, LotQuestion, exporter, lots, nearness
from streams.patterns.tables import Figures, FigureTable
from streams.patterns.trade import DeclaredTrade
from streams.patterns.windows import ConcernDetector, WindowedState, grown, with_group

EXPORTER = "declaration.parties[EXPORTER]"
CONSIGNEE = "declaration.parties[CONSIGNEE]"
REGIMES = ("IMPORT", "EXPORT", "REEXPORT", "INTRA_UNION_MOVEMENT")
"""Each counted by itself: customs of both ends may be in one stream, and summaries say the same once more."""


class Window(FigureTable, frozen=True):
    days: int
    least: int
    full: int


class Threshold(FigureTable, frozen=True):
    """A value under which authorities look less closely."""

    id: str
    name: str
    currency: str
    value: float
    margin: float
    """by how much more an amount of another currency may come to: customs converts by a rate of its own"""
    source: str
    dispatch: tuple[str, ...] = ()
    """countries or customs unions; empty for all"""
    destination: tuple[str, ...] = ()
    mass: float | None = None
    """kilograms"""
    fallback: bool = False

    def limit(self, rates: Rates, day: int) -> int | None:
        """Cents of a euro up to which a value is under it in the month of a day (since 1970); None where there is no rate."""
        euro = rates.in_euro(Decimal(str(self.value)), self.currency, day_of(day))
        return None if euro is None else round(100 * float(euro) * self.margin)

    def under(self, lot: Lot, limit: int) -> bool:
        """Whether a consignment is under it: by its amount as declared where that is in the currency of the threshold. A mass
        of 0 is not known, and not over it."""
        if lot.currency == self.currency and lot.declared is not None:
            small = lot.declared <= round(100 * self.value)
        else:
            small = lot.cents is not None and lot.cents <= limit
        return small and (self.mass is None or lot.amount.grams <= 1000 * self.mass)


class SplitFigures(Figures, frozen=True):
    rhythm_days: int
    growth: float
    late_days: int
    of_least: float
    elsewhere: float
    close: float
    codes: tuple[str, ...]
    window: tuple[Window, ...]
    threshold: tuple[Threshold, ...]

    @property
    def kept_periods(self) -> int:
        """The longest window, the rhythm before it, and what comes late."""
        return max(window.days for window in self.window) + self.rhythm_days + self.late_days


class SplitQuestion(LotQuestion, frozen=True, array_like=True):
    """What a declaration asks with, where its own consignment is under a threshold."""

    consignee: str
    """name"""
    destination: str
    strength: float
    """0..1: destination x tier"""
    missing: tuple[str, ...] = ()
    """what there is not, without which nothing can be told"""


class SplitPart(Struct, frozen=True, array_like=True):
    """A consignment."""

    day: int
    """event day, since 1970"""
    cents: int
    """of a euro"""
    under: tuple[str, ...] = ()
    """ids of the thresholds it is under, sorted ..."""
    over: tuple[str, ...] = ()
    """... and of those that would fit and it is over"""
    ask: SplitQuestion | None = None


Sums = list[int]
"""[consignments under, their cents, consignments over]"""


class SplitState(WindowedState, frozen=True, array_like=True):
    """Consignments of one good between two, of 180 days: 29 bytes with one, 11 more for each threshold and day; at most 6 kB."""

    seen: dict[str, dict[int, Sums]] = field(default_factory=dict)
    """threshold -> day -> consignments"""


class _Split(NamedTuple):
    threshold: Threshold
    window: Window
    number: int
    cents: int
    """of a euro, of all in the window, the declaration's own included"""
    limit: int
    """cents of a euro, that each is under"""
    before: int
    """consignments in the rhythm"""


class Splits(ConcernDetector[SplitState, SplitPart, SplitFigures, SplitQuestion]):
    """A key for each exporter, consignee, good and regime; who sends less than a threshold asks."""

    name = "splits"
    rules = ("R20",)
    part_type = SplitPart
    state_type = SplitState

    def __init__(self, gravity: Gravity, figures: SplitFigures, rates: Rates | None = None) -> None:
        super().__init__(gravity, figures)
        self._rates = rates or bundled_rates()
        self._thresholds = {threshold.id: threshold for threshold in figures.threshold}

    def contributions(self, trade: DeclaredTrade) -> Iterable[Contribution]:
        if trade.cancelled or trade.regime not in REGIMES:
            return
        sender = exporter(trade)
        taker = trade.takers[0] if trade.takers else None
        for lot in lots(trade, self._figures.codes):
            fitting = {
                threshold.id: (threshold, limit)
                for threshold in self._fitting(trade)
                if (limit := threshold.limit(self._rates, trade.day)) is not None
            }
            under = tuple(
                name
                for name, (threshold, limit) in fitting.items()
                if lot.cents is not None and threshold.under(lot, limit)
            )
            missing = tuple(
                path
                for path, there in ((EXPORTER, sender), (CONSIGNEE, taker), (lot.lacks, lot.cents))
                if there is None
            )
            ask = self._ask(trade, lot, missing) if under or lot.cents is None else None
            if sender is None or taker is None or lot.cents is None:
                if ask is not None:
                    yield Contribution(
                        short_key(f"{lot.hs6}|{trade.declaration}"), SplitPart(trade.day, 0, ask=ask)
                    )
                continue
            over = tuple(name for name in fitting if name not in under)
            key = short_key(f"{trade.regime}|{lot.hs6}|{sender.key}|{taker.key}")
            yield Contribution(key, SplitPart(trade.day, lot.cents, under, over, ask), ask is not None)

    def answers(self, state: SplitState, part: SplitPart, ask: SplitQuestion, known: int) -> Iterator[Advice]:
        if ask.missing:
            yield self.blind(ask, *ask.missing)
            return
        table = self._figures
        splits = self._splits(state, part)
        gravest = max(splits, key=lambda split: (self._share(split), split.number), default=None)
        needs = min(window.days for window in table.window)
        if gravest is not None:
            needs = gravest.window.days + table.rhythm_days
            if known >= needs:
                yield self._finding(ask, gravest)
        yield from self.young(ask, needs, known, part.day)

    def counted(self, state: SplitState, part: SplitPart, sign: int) -> SplitState:
        seen = state.seen
        for name, change in _changes(part):
            days = seen.get(name, {})
            if sign < 0 and part.day not in days:
                continue  # forgotten
            before = days.get(part.day, [0, 0, 0])
            sums = [known + sign * more for known, more in zip(before, change, strict=True)]
            kept = {**days, part.day: sums}
            if not sums[0] and not sums[2]:
                del kept[part.day]
            seen = with_group(seen, name, kept)
        return SplitState(state.edge, seen)

    def _fitting(self, trade: DeclaredTrade) -> list[Threshold]:
        def holds(group: tuple[str, ...], country: str | None) -> bool:
            unions = self._gravity.countries.unions
            return not group or any(
                country == member or country in unions.get(member, ()) for member in group
            )

        fitting = [
            threshold
            for threshold in self._figures.threshold
            if not threshold.fallback
            and holds(threshold.dispatch, trade.dispatch)
            and holds(threshold.destination, trade.destination)
        ]
        return fitting or [threshold for threshold in self._figures.threshold if threshold.fallback]

    def _ask(self, trade: DeclaredTrade, lot: Lot, missing: tuple[str, ...]) -> SplitQuestion:
        table = self._figures
        to = trade.destination or ""
        near = nearness(self._gravity, to, trade.day, table.close) if to else 1.0
        return SplitQuestion(
            goods=lot.words,
            numbers=lot.numbers,
            hs6=lot.hs6,
            consignee=trade.takers[0].name if trade.takers else "",
            destination=to,
            strength=round(max(near, table.elsewhere) * self._gravity.tier(lot.tier or ""), 3),
            missing=missing,
        )

    def _splits(self, state: SplitState, part: SplitPart) -> Iterator[_Split]:
        table = self._figures
        for name in part.under:
            threshold = self._thresholds.get(name)
            days = state.seen.get(name, {})
            limit = threshold.limit(self._rates, part.day) if threshold is not None else None
            if threshold is None or limit is None:  # a table of another release
                continue
            for window in table.window:
                first = part.day - window.days + 1
                under, cents, over = _between(days, first, part.day)
                number, total = under + 1, cents + part.cents
                if over or number < window.least or total <= limit:
                    continue
                before, _, _ = _between(days, first - table.rhythm_days, first - 1)
                if number >= table.growth * before * window.days / table.rhythm_days:
                    yield _Split(threshold, window, number, total, limit, before)

    def _share(self, split: _Split) -> float:
        return grown(split.number, split.window.least, split.window.full, self._figures.of_least)

    def _finding(self, ask: SplitQuestion, split: _Split) -> Finding:
        threshold, days = split.threshold, self._figures.rhythm_days
        worth = split.cents / 100
        return self.finding(
            ask,
            ask.numbers[0],
            code="split.under_threshold",
            evidence=f"{split.number} consignments of {ask.goods} from one exporter to {ask.consignee or 'the consignee'} in "
            f"{split.window.days} days are worth {EURO} {worth:,.0f} together, each no more than {EURO} "
            f"{split.limit / 100:,.0f}: {threshold.name} is {threshold.currency} {threshold.value:,.0f}. In the {days} days "
            "before there were "
            f"{split.before or 'none'}.",
            cleared_by="The orders behind each consignment, and why they were not sent together.",
            strength=self._share(split) * ask.strength,
            inputs={
                "threshold": threshold.id,
                "limit": threshold.value,
                "currency": threshold.currency,
                "consignments": split.number,
                "value": worth,
                "valueCurrency": EURO,
                "days": split.window.days,
                "before": split.before,
                "destination": ask.destination,
                "items": list(ask.numbers[:20]),
            },
        )


def _between(days: dict[int, Sums], first: int, last: int) -> tuple[int, int, int]:
    """Consignments under, their cents, and those over, from one day to another, both included."""
    found = [sums for day, sums in days.items() if first <= day <= last]
    return sum(sums[0] for sums in found), sum(sums[1] for sums in found), sum(sums[2] for sums in found)


def _changes(part: SplitPart) -> Iterator[tuple[str, Sums]]:
    for name in part.under:
        yield name, [1, part.cents, 0]
    for name in part.over:
        yield name, [0, 0, 1]


DETECTOR = ListedDetector(6, Splits, lambda facts: Splits(facts.gravity, SplitFigures.bundled(), facts.rates))
