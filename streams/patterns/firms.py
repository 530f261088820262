"""Firms without a past: never seen (R06), never with such goods (R07), long silent (R28), founded late (R09).

A firm's past is counted by week. Only whole weeks before that of the declaration count, so that neither what comes later in the
stream nor the order within the week changes what is told.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from msgspec import Struct, field

from streams.findings import Finding, NotEvaluable
from streams.patterns.contract import Advice, Contribution, lacks_past, short_key
from streams.patterns.days import day_of, monday, week_of
from streams.patterns.gravity import TakerQuestion
from streams.patterns.listing import ListedDetector
from streams.patterns.tables import Figures, FigureTable
from streams.patterns.trade import DeclaredTrade
from streams.patterns.windows import (
    ConcernDetector,
    Counts,
    WindowedState,
    with_count,
    with_one,
)

INCORPORATED = "declaration.parties[].registry.incorporationDate"
CLEARS_NEW = (
    "Who stands behind the firm, what it does, and a customer or own use for these goods, shown by papers."
)


class _Memory(FigureTable, frozen=True):
    least_days: int
    kept_weeks: int


class _New(FigureTable, frozen=True):
    settle_weeks: int


class _NewGoods(FigureTable, frozen=True):
    settle_weeks: int
    of_once: float
    repeated: int
    higher_tier: float
    few: int
    many: int
    of_many: float


class _Dormant(FigureTable, frozen=True):
    weeks: int
    rhythm: float


class _Established(FigureTable, frozen=True):
    since_weeks: int
    least_weeks: int
    full_weeks: int


class _Young(FigureTable, frozen=True):
    days: int
    since: date
    of_since: float


class FirmFigures(Figures, frozen=True):
    memory: _Memory
    new: _New
    new_goods: _NewGoods
    dormant: _Dormant
    young: _Young
    established: _Established

    @property
    def kept_periods(self) -> int:
        return self.memory.kept_weeks


class FirmPart(Struct, frozen=True, array_like=True):
    """A firm took goods on a day."""

    day: int
    """event day, since 1970"""
    tiers: tuple[str, ...] = ()
    """of the high-priority goods among them, sorted"""
    ask: TakerQuestion | None = None
    """where those go to a country of concern"""
    country: str | None = None
    """of the firm; only where it asks, as is"""
    incorporated: str | None = None
    """ISO date"""


class FirmState(WindowedState, frozen=True, array_like=True):
    """A firm's past. 12 bytes for a firm seen once; 4 bytes more for each week with trade, 5 a tier. At most 157 weeks."""

    weeks: Counts = field(default_factory=dict)
    tiers: dict[str, Counts] = field(default_factory=dict)
    """tier -> those with high-priority goods of it"""


class FirmPast(Struct, frozen=True):
    """A firm's past as a declaration sees it."""

    weeks: list[int]
    """with trade, before the firm's last weeks, in order"""
    declarations: int
    back: int
    """the first of its last weeks, which end with the declaration's own"""
    tiers: frozenset[str]
    remembered: int
    """days that are known, up to the declaration"""


class FirmPasts(ConcernDetector[FirmState, FirmPart, FirmFigures, TakerQuestion]):
    """All firms in taking roles contribute, so that old ones are known to be old; those that get high-priority goods in a
    country of concern ask."""

    name = "firms"
    rules = ("R06", "R07", "R09", "R28")
    part_type = FirmPart
    state_type = FirmState

    def contributions(self, trade: DeclaredTrade) -> Iterable[Contribution]:
        tiers = tuple(sorted({good.tier for good in trade.goods if good.tier is not None}))
        for firm, ask in self._gravity.takers(trade):
            part = (
                FirmPart(trade.day, tiers)
                if ask is None
                else FirmPart(trade.day, tiers, ask, firm.country, firm.incorporated)
            )
            yield Contribution(short_key(firm.key), part, ask is not None)

    def answers(self, state: FirmState, part: FirmPart, ask: TakerQuestion, known: int) -> Iterator[Advice]:
        past = self._past(state, part, known)
        yield from self._young(part, ask)
        least = self._figures.memory.least_days
        if known < least:
            for rule in self._unknown(past, part):
                yield lacks_past(rule, least, known, part.day)
        elif not past.weeks:
            yield self._new(past, ask)
        else:
            yield from self._new_goods(state, past, part, ask)
            yield from self._established(state, part, ask)
        if past.weeks:
            yield from self._dormant(past, ask)

    def period(self, day: int) -> int:
        return week_of(day)

    def first_day(self, period: int) -> int:
        return monday(period)

    def counted(self, state: FirmState, part: FirmPart, sign: int) -> FirmState:
        week = week_of(part.day)
        tiers = state.tiers
        for tier in part.tiers:
            tiers = with_one(tiers, tier, week, sign)
        return FirmState(state.edge, with_count(state.weeks, week, sign), tiers)

    def _past(self, state: FirmState, part: FirmPart, known: int) -> FirmPast:
        week = week_of(part.day)
        lately = week - self._figures.new.settle_weeks
        return FirmPast(
            weeks=sorted(one for one in state.weeks if one < lately),
            declarations=sum(count for one, count in state.weeks.items() if one < lately),
            back=min((one for one in state.weeks if lately <= one < week), default=week),
            tiers=frozenset(tier for tier, seen in state.tiers.items() if any(one < lately for one in seen)),
            remembered=known,
        )

    def _unknown(self, past: FirmPast, part: FirmPart) -> Iterator[str]:
        """Rules that what is remembered is too young for; that a firm was seen is known from the first day."""
        if not past.weeks:
            yield "R06"
            yield "R28"
        if not past.tiers.issuperset(part.tiers):
            yield "R07"

    def _new(self, past: FirmPast, ask: TakerQuestion) -> Finding:
        return _finding(
            "R06",
            "firm.new",
            ask,
            f"{ask.subject.opening} takes {ask.goods}; no trade of it is known before the week of {_written(past.back)}, "
            f"of {past.remembered:,} days remembered.",
            1.0,
            {"remembered": past.remembered, "since": _written(past.back)},
        )

    def _new_goods(
        self, state: FirmState, past: FirmPast, part: FirmPart, ask: TakerQuestion
    ) -> Iterator[Finding]:
        table = self._figures.new_goods
        week = week_of(part.day)
        before_that = week - table.settle_weeks
        long_known = {tier for tier, seen in state.tiers.items() if any(one < before_that for one in seen)}
        known = max((self._gravity.tier(tier) for tier in long_known), default=0.0)
        if self._gravity.tier(ask.tier) <= known:
            return
        again = sum(
            count
            for tier, seen in state.tiers.items()
            if self._gravity.tier(tier) > known
            for one, count in seen.items()
            if before_that <= one < week
        )
        factor = (table.higher_tier if long_known else 1.0) * min(
            table.of_once + (1 - table.of_once) * again / table.repeated, 1.0
        )
        many = min(max((past.declarations - table.few) / (table.many - table.few), 0.0), 1.0)
        before = (
            f"none of tier {ask.tier}, only of {' and '.join(sorted(long_known))}"
            if long_known
            else "none high-priority"
        ) + (f" but {again:,} of the last {table.settle_weeks} weeks" if again else "")
        yield _finding(
            "R07",
            "firm.new_goods",
            ask,
            f"{ask.subject.opening} takes {ask.goods}; of its {past.declarations:,} declarations since "
            f"{_written(past.weeks[0])} {before}.",
            factor * (1 - many * (1 - table.of_many)),
            {
                "declarations": past.declarations,
                "tiers": sorted(long_known),
                "again": again,
                "remembered": past.remembered,
            },
        )

    def _established(self, state: FirmState, part: FirmPart, ask: TakerQuestion) -> Iterator[Finding]:
        """Whoever has taken such goods for long was looked at when that began."""
        table = self._figures.established
        before = week_of(part.day) - table.since_weeks
        seen = [
            week
            for tier, weeks in state.tiers.items()
            if self._gravity.tier(tier) >= self._gravity.tier(ask.tier)
            for week in weeks
            if week < week_of(part.day)
        ]
        if not seen or min(seen) > before or len(set(seen)) < table.least_weeks:
            return
        yield Finding(
            key=f"R06/firm.established/{ask.index}",
            rule="R06",
            code="firm.established",
            subject=ask.subject,
            evidence=f"{ask.subject.opening} has taken goods of tier {ask.tier} or higher in {len(set(seen))} weeks since "
            f"{_written(min(seen))}.",
            strength=min(len(set(seen)) / table.full_weeks, 1.0),
            inputs={"weeks": len(set(seen)), "since": _written(min(seen))} | ask.inputs,
        )

    def _dormant(self, past: FirmPast, ask: TakerQuestion) -> Iterator[Finding]:
        table = self._figures.dormant
        away = past.back - past.weeks[-1]
        usual = max((later - one for one, later in pairwise(past.weeks)), default=0)
        if away < table.weeks or usual >= table.rhythm * away:
            return
        yield _finding(
            "R28",
            "firm.dormant",
            ask,
            f"{ask.subject.opening} takes {ask.goods}, after {away} weeks without any trade: it was seen last in the week of "
            f"{_written(past.weeks[-1])}.",
            1.0,
            {"weeks": away, "last": _written(past.weeks[-1]), "declarations": past.declarations},
        )

    def _young(self, part: FirmPart, ask: TakerQuestion) -> Iterator[Advice]:
        try:
            founded = date.fromisoformat(part.incorporated or "")
        except ValueError:
            yield NotEvaluable(rule="R09", missing=(INCORPORATED,), subject=ask.subject)
            return
        table = self._figures.young
        today = day_of(part.day)
        age = (today - founded).days
        where = part.country or ask.destination
        if age <= table.days:
            strength = 1.0
        elif founded >= table.since and self._gravity.countries.diversion(where, today):
            strength = table.of_since
        else:
            return
        aged = f"{age} days before" if age >= 0 else f"{-age} days after this declaration"
        yield _finding(
            "R09",
            "firm.young",
            ask,
            f"{ask.subject.opening} takes {ask.goods}; the register has it incorporated on {founded}, {aged}.",
            strength,
            {"incorporated": founded.isoformat(), "age": age},
        )


def _finding(
    rule: str, code: str, ask: TakerQuestion, evidence: str, strength: float, inputs: dict[str, Any]
) -> Finding:
    return Finding(
        key=f"{rule}/{code}/{ask.index}",
        rule=rule,
        code=code,
        subject=ask.subject,
        evidence=evidence,
        cleared_by=CLEARS_NEW,
        strength=round(strength * ask.gravity, 3),
        inputs=inputs | ask.inputs,
    )


def _written(week: int) -> str:
    return day_of(monday(week)).isoformat()


DETECTOR = ListedDetector(2, FirmPasts, lambda facts: FirmPasts(facts.gravity, FirmFigures.bundled()))
