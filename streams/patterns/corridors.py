"""Corridors as a detector: R05 surge, R08 a trade never seen, R10 a wave of new firms, R31 either of luxury goods; told to
every declaration on one."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from streams.corridors.episodes import Episode, advance, episodes, floor, informed, kept_firm
from streams.corridors.explain import explain
from streams.corridors.firms import FirmCounts, FirmMonths, with_consignment
from streams.corridors.months import first_day, month_of, month_text
from streams.corridors.settings import CorridorFigures, settings
from streams.corridors.state import (
    CENTS,
    GRAMS,
    Amount,
    Corridor,
    Informed,
    Kind,
    LiveCorridor,
    Past,
    apply,
    head,
    live,
    new_corridor,
)
from streams.declarations.regimes import LEAVING
from streams.destinations.atlas import Atlas
from streams.findings import Finding, NotEvaluable, Subject
from streams.goods.control_list import LUXURY
from streams.patterns.contract import Contribution, PatternAdvice, StandingAlert
from streams.patterns.days import EPOCH, day_of
from streams.patterns.episode_alert import corridor_alert, of_statistics, words
from streams.patterns.listing import DetectorFacts, ListedDetector
from streams.patterns.trade import DeclaredTrade, TradedGood
from streams.patterns.windows import hashed

_encode_alert = msgspec.json.Encoder(order="deterministic").encode

CODES: dict[Kind, str] = {
    "SURGE": "corridor.surge",
    "NEW_TRADE": "corridor.new",
    "NEW_FIRMS": "corridor.new_firms",
    "BURSTS": "corridor.bursts",
    "CREEP": "corridor.creep",
}
RULES: dict[Kind, str] = {
    "SURGE": "R05",
    "NEW_TRADE": "R08",
    "NEW_FIRMS": "R10",
    "BURSTS": "R05",
    "CREEP": "R05",
}
TIER = "tier "
MONTHS_BEHIND = 3
"""By which a corridor that nobody speaks of may be behind the stream: it is looked at every 30 days."""

OPEN_ELSEWHERE = 0.3
"""Strength of a pattern on a corridor to a country that nothing is known of: worth a look, no reason for one alone."""


class CorridorPart(Struct, frozen=True, array_like=True):
    """An item, or all items of one code, of a declaration."""

    corridor: str
    """good|origin|destination, the key"""
    day: int
    """event day, since 1970"""
    value: int
    """cents of a euro"""
    mass: int
    """grams"""
    consignee: int | None
    numbers: tuple[int, ...]
    """goods item numbers"""
    valued: bool
    """whether a value was declared"""
    luxury: bool = False
    lacks: str = ""
    """why a value that is declared is not among them"""

    @property
    def firms_only(self) -> bool:
        """Whether it is about the consignees of a tier, from anywhere, and not about a good."""
        return self.corridor.startswith(TIER)


class Corridors:
    """Of high-priority goods, and those of lists that are asked for: most declarations are on no corridor that is tracked."""

    name = "corridors"
    rules: tuple[str, ...] = ("R05", "R08", "R10", "R31")
    part_type = CorridorPart
    state_type = Corridor

    def __init__(self, atlas: Atlas, figures: CorridorFigures, luxury: bool = False) -> None:
        """`luxury`: whether luxury goods are among those that are watched."""
        self._atlas = atlas
        if not luxury:
            self.rules = ("R05", "R08", "R10")
        self._figures = figures

    def contributions(self, trade: DeclaredTrade) -> Iterable[Contribution]:
        if trade.cancelled or trade.destination is None:
            return
        destination, leaving = trade.destination, trade.regime in LEAVING
        taker = next((firm.key for firm in trade.takers), None)
        consignee = hashed(taker, 7) if taker is not None else None
        found: dict[str, list[TradedGood]] = {}
        for good in trade.goods:
            source = (trade.dispatch or good.origin) if leaving else (good.origin or trade.dispatch)
            if good.watched is None or source is None or source == destination:
                continue
            found.setdefault(f"{good.hs6}|{source}|{destination}", []).append(good)
            if consignee is not None and good.tier is not None:
                found.setdefault(f"{TIER}{good.tier}|*|{destination}", []).append(good)
        for key, goods in found.items():
            firms_only = key.startswith(TIER)
            part = CorridorPart(
                key,
                trade.day,
                0 if firms_only else round(CENTS * sum(good.value or 0.0 for good in goods)),
                0 if firms_only else round(GRAMS * sum(good.mass or 0.0 for good in goods)),
                consignee,
                tuple(good.number for good in goods),
                firms_only or any(good.value is not None for good in goods),
                goods[0].watched == LUXURY,
                "" if firms_only else next((good.lacks for good in goods if good.unrated), ""),
            )
            yield Contribution(key, part)

    def empty(self, began: int) -> Corridor:
        return new_corridor(_month(began))

    def add(self, state: Corridor, part: CorridorPart) -> Corridor:
        return self._applied(state, part, 1)

    def remove(self, state: Corridor, part: CorridorPart) -> Corridor:
        if _month(part.day) not in state.months:
            # It was refused as too late, by a corridor of which nothing was left since, its edge included.
            return state
        return self._applied(state, part, -1)

    def tell(self, state: Corridor, part: CorridorPart, began: int) -> PatternAdvice:
        running = [one for one in self.running(state, part.day) if one.closed is None]
        source = state.source if isinstance(state, Informed) else ""
        findings = tuple(self._finding(one, part, source) for one in running)
        return PatternAdvice(findings, tuple(self._unknown(state, part, findings)))

    def _unknown(
        self, state: Corridor, part: CorridorPart, findings: tuple[Finding, ...]
    ) -> Iterator[NotEvaluable]:
        """Rules that cannot be judged, and what they lack."""
        figures, month = self._figures, _month(part.day)
        if part.firms_only:
            needed = figures.new_firms.settle_months + figures.history.least_months
            since = state.firms_since
            if not findings and (since is None or since + needed > month):
                yield _young("R10", "two years of which the consignees are known", since and since + needed)
            return
        if part.consignee is None:
            yield NotEvaluable(rule="R10", missing=("declaration.parties[CONSIGNEE]",))
        surge, new = ("R31", "R31") if part.luxury else ("R05", "R08")
        if part.lacks:
            yield NotEvaluable(rule=surge, missing=(part.lacks,))
        elif not part.valued:
            yield NotEvaluable(rule=surge, missing=("declaration.goodsItems.statisticalValue",))
        if findings:
            return
        known = month - state.since - (len(state.gap) if isinstance(state, Informed) else 0)
        year, years = figures.history.least_months, figures.new_trade.unseen_months
        if known < year:
            yield _young(surge, "a year of trade on this corridor", month + year - known)
        if known < years:
            yield _young(new, "two years of trade on this corridor", month + years - known)

    def informed(self, state: Corridor, past: Past, began: int) -> Corridor:
        """With what statistics say of the corridor before the stream began."""
        month = _month(began)
        partial = began > (first_day(month) - EPOCH).days
        return informed(state, past, month + 1 if partial else month, self._figures)

    def alerts(self, state: Corridor, key: str, day: int) -> dict[str, StandingAlert]:
        source = state.source if isinstance(state, Informed) else ""
        made = [
            corridor_alert(key, one, self._figures, self._atlas, day, source)
            for one in episodes(state, self._figures, _month(day) - 1)
        ]
        return {one.key: StandingAlert(_encode_alert(one), one.closed is not None) for one in made}

    def forget(self, state: Corridor, day: int) -> Corridor | None:
        kept = replace(state, months=dict(state.months), firms=dict(state.firms))
        advance(kept, self._figures, _month(day) - 1)
        return kept if kept.months or kept.firms else None

    def firm(self, part: CorridorPart) -> int | None:
        return part.consignee

    def inline(self, state: Corridor) -> Mapping[int, FirmMonths]:
        return state.firms

    def counted(self, state: Corridor, counts: FirmCounts) -> Corridor:
        return live(state, counts)

    def stored(self, state: Corridor) -> Corridor:
        return head(state)

    def firm_changed(
        self, state: Corridor, months: FirmMonths, part: CorridorPart, sign: int
    ) -> dict[int, int]:
        month, kept = _month(part.day), kept_firm(months, state.edge, self._figures)
        if month < state.edge or (sign < 0 and month not in kept):
            return kept  # refused, as by the buckets
        return with_consignment(kept, month, sign)

    def floor(self, state: Corridor) -> int:
        return floor(state.edge, self._figures)

    def forget_firm(self, months: FirmMonths, day: int) -> dict[int, int]:
        edge = _month(day) - self._figures.history.late_months - MONTHS_BEHIND
        return kept_firm(months, edge, self._figures)

    def running(self, corridor: Corridor, day: int) -> tuple[Episode, ...]:
        """The episodes up to the month before a day's. Only whole months count, so that neither what comes later in the
        stream nor the order within the month changes what is told; the corridor's own alert does not wait for them."""
        last = _month(day) - 1
        return episodes(corridor, self._figures, last, through=last)

    def _applied(self, state: Corridor, part: CorridorPart, sign: int) -> Corridor:
        changed = replace(state, months=dict(state.months), firms=dict(state.firms))
        month, consignee = _month(part.day), part.consignee
        if isinstance(state, LiveCorridor):
            state.counts.changed(month)
            consignee = None  # his record is the book's
        amount = Amount(month=month, value=part.value, mass=part.mass, count=1, consignee=consignee)
        apply(changed, amount, sign)
        return changed

    def _finding(self, one: Episode, part: CorridorPart, source: str) -> Finding:
        destination = part.corridor.rpartition("|")[2]
        rule, code = RULES[one.kind], CODES[one.kind]
        if part.luxury and one.kind != "NEW_FIRMS":
            rule, code = "R31", "corridor.luxury"
        goods, road = words(part.corridor)
        circle = self._atlas.countries.diversion(destination, day_of(part.day))
        return Finding(
            key=f"{rule}/{code}/{part.corridor}",
            rule=rule,
            code=code,
            subject=Subject(kind="ITEM", index=part.numbers[0], label=f"item {part.numbers[0]}, {goods}"),
            evidence=explain(one, goods=goods, road=road) + of_statistics(one, source),
            cleared_by="What explains the trade (a project, a tender, a new producer), and proof of use at the destination.",
            strength=max(OPEN_ELSEWHERE, circle.strength if circle is not None else 0.0),
            inputs={
                "corridor": part.corridor,
                "start": one.start,
                "baseline": round(one.usual, 2),
                "threshold": round(one.level, 2),
                "value": round(one.value, 2),
                "items": list(part.numbers),
            }
            | ({"statistics": source} if source and one.kind != "NEW_FIRMS" else {}),
        )


def _young(rule: str, missing: str, until: int | None) -> NotEvaluable:
    """`until`: number of the month in which it is no longer so."""
    month = month_text(until) if until is not None else None
    return NotEvaluable(rule=rule, missing=(missing,), cause="PAST", until=month)


def _month(day: int) -> int:
    return month_of(day_of(day))


def _made(facts: DetectorFacts) -> Corridors:
    luxury = any(goods.header.name == LUXURY for goods in facts.watched)
    return Corridors(facts.atlas, settings(), luxury)


DETECTOR = ListedDetector(1, Corridors, _made)
