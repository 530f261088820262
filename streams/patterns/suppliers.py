"""Many suppliers of one kind of goods for one consignee (R29): orders spread so that no supplier sees the whole.

Suppliers are told apart by a hash of few values. That bounds the state, keeps adding and taking back exact, and can only make the
number too low.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from streams.findings import Finding
from streams.parties.roles import SUPPLIERS
from streams.patterns.contract import Advice, Contribution, short_key
from streams.patterns.gravity import TakerQuestion
from streams.patterns.listing import ListedDetector
from streams.patterns.tables import Figures
from streams.patterns.trade import DeclaredTrade
from streams.patterns.windows import (
    ConcernDetector,
    Counts,
    WindowedState,
    any_between,
    grown,
    hashed,
    with_one,
)

SUPPLIER = "declaration.parties[EXPORTER]"


class SupplierFigures(Figures, frozen=True):
    window_days: int
    least: int
    full: int
    of_least: float
    growth: float
    late_days: int
    cells: int

    @property
    def kept_periods(self) -> int:
        """The window, the one before it, and what comes late."""
        return 2 * self.window_days + self.late_days


class SupplierPart(Struct, frozen=True, array_like=True):
    """A consignee got goods of one tier from a supplier."""

    day: int
    """event day, since 1970"""
    supplier: int | None
    """cell; None where none is named"""
    ask: TakerQuestion | None = None
    """where the goods go to a country of concern and none of the declaration's are of a tier more sought after"""


class SupplierState(WindowedState, frozen=True, array_like=True):
    """12 bytes for one consignment; 4 more a supplier, 4 a day on which it supplied; at most 0.6 MB: all cells, every day."""

    suppliers: dict[int, Counts] = field(default_factory=dict)
    """cell -> day -> declarations"""


class Suppliers(ConcernDetector[SupplierState, SupplierPart, SupplierFigures, TakerQuestion]):
    """High-priority goods only: a key for each consignee outside the coalition and tier."""

    name = "suppliers"
    rules = ("R29",)
    part_type = SupplierPart
    state_type = SupplierState

    def contributions(self, trade: DeclaredTrade) -> Iterable[Contribution]:
        tiers = sorted({good.tier for good in trade.goods if good.tier is not None})
        if not tiers:
            return
        by_role = {firm.role: firm.key for firm in reversed(trade.senders)}
        named = next((by_role[role] for role in SUPPLIERS if role in by_role), None)
        supplier = None if named is None else hashed(named) % self._figures.cells
        for firm, ask in self._gravity.takers(trade):
            if firm.country in self._gravity.countries.coalition:
                continue
            for tier in tiers:
                asks = ask is not None and ask.tier == tier
                if asks or supplier is not None:
                    part = SupplierPart(trade.day, supplier, ask if asks else None)
                    yield Contribution(short_key(f"{tier}|{firm.key}"), part, asks)

    def answers(
        self, state: SupplierState, part: SupplierPart, ask: TakerQuestion, known: int
    ) -> Iterator[Advice]:
        if part.supplier is None:
            yield self.blind(ask, SUPPLIER)
            return
        days = self._figures.window_days
        now = _suppliers(state, part.day - days, part.day) | {part.supplier}
        before = _suppliers(state, part.day - 2 * days, part.day - days)
        many = len(now) >= self._figures.least
        yield from self.young(ask, 2 * days if many else days, known, part.day)
        if many and known >= 2 * days and len(now) >= self._figures.growth * len(before):
            yield self._finding(ask, len(now), len(before))

    def counted(self, state: SupplierState, part: SupplierPart, sign: int) -> SupplierState:
        if part.supplier is None:
            return state
        return SupplierState(state.edge, with_one(state.suppliers, part.supplier, part.day, sign))

    def _finding(self, ask: TakerQuestion, now: int, before: int) -> Finding:
        table = self._figures
        return self.finding(
            ask,
            f"{ask.index}/{ask.tier}",
            code="suppliers.many",
            evidence=f"{ask.subject.opening} takes {ask.goods}: from at least {now} suppliers of high-priority goods "
            f"of tier {ask.tier} in {table.window_days} days, {before or 'none'} in the {table.window_days} days before.",
            cleared_by="Why one firm buys the same kind of goods from so many, shown by its orders and its customers.",
            strength=grown(now, table.least, table.full, table.of_least) * ask.gravity,
            inputs={"suppliers": now, "before": before, "days": table.window_days} | ask.inputs,
        )


def _suppliers(state: SupplierState, after: int, upto: int) -> set[int]:
    """Suppliers of the days after one, up to another."""
    return {cell for cell, days in state.suppliers.items() if any_between(days, after, upto)}


DETECTOR = ListedDetector(4, Suppliers, lambda facts: Suppliers(facts.gravity, SupplierFigures.bundled()))
