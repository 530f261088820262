"""Many suppliers of one kind of goods for one consignee (R29): orders spread so that no supplier sees the whole.

Suppliers are told apart by a hash of few values. That bounds the state, keeps adding and taking back exact, and can only make the
number too low.
"""

import hashlib
from collections.abc import Iterable
from functools import cache

from msgspec import Struct

from streams.findings import Finding, NotEvaluable
from streams.patterns.contract import Contribution, PatternAdvice, lacks_past, short_key
from streams.patterns.gravity import Gravity, TakerQuestion
from streams.patterns.tables import read_table
from streams.patterns.trade import DeclaredTrade

FIRST_NAMED = ("EXPORTER", "SELLER", "CONSIGNOR")
SUPPLIER = "declaration.parties[EXPORTER]"


class SupplierFigures(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`suppliers.toml` gives the reason for each."""

    version: str
    as_of: str
    source: str
    window_days: int
    least: int
    full: int
    of_least: float
    growth: float
    late_days: int
    cells: int

    @property
    def kept_days(self) -> int:
        """The window, the one before it, and what comes late."""
        return 2 * self.window_days + self.late_days


@cache
def figures() -> SupplierFigures:
    """The bundled figures. Raises as `read_table` does."""
    return read_table("suppliers", SupplierFigures)


class SupplierPart(Struct, frozen=True, array_like=True):
    """A consignee got goods of one tier from a supplier."""

    day: int
    """event day, since 1970"""
    supplier: int | None
    """cell; None where none is named"""
    ask: TakerQuestion | None = None
    """where the goods go to a country of concern and none of the declaration's are of a tier more sought after"""


class SupplierState(Struct, frozen=True, array_like=True):
    """12 bytes for one consignment; 4 more a supplier, 4 a day on which it supplied; at most 0.6 MB: all cells, every day."""

    edge: int = 0
    """days before it are forgotten"""
    suppliers: dict[int, dict[int, int]] = {}
    """cell -> day -> declarations"""


class Suppliers:
    """High-priority goods only: a key for each consignee outside the coalition and tier."""

    name = "suppliers"
    rules = ("R29",)
    part_type = SupplierPart
    state_type = SupplierState

    def __init__(self, gravity: Gravity, figures: SupplierFigures) -> None:
        self._gravity = gravity
        self._figures = figures

    def contributions(self, trade: DeclaredTrade) -> Iterable[Contribution]:
        tiers = sorted({good.tier for good in trade.goods if good.tier is not None})
        if not tiers:
            return
        by_role = {firm.role: firm.key for firm in reversed(trade.senders)}
        named = next((by_role[role] for role in FIRST_NAMED if role in by_role), None)
        supplier = None if named is None else self._cell(named)
        for firm, ask in self._gravity.takers(trade):
            if firm.country in self._gravity.countries.coalition:
                continue
            for tier in tiers:
                asks = ask is not None and ask.tier == tier
                if asks or supplier is not None:
                    part = SupplierPart(trade.day, supplier, ask if asks else None)
                    yield Contribution(short_key(f"{tier}|{firm.key}"), part, asks)

    def empty(self, began: int) -> SupplierState:
        return SupplierState()

    def add(self, state: SupplierState, part: SupplierPart) -> SupplierState:
        return _counted(state, part, 1)

    def remove(self, state: SupplierState, part: SupplierPart) -> SupplierState:
        return _counted(state, part, -1)

    def tell(self, state: SupplierState, part: SupplierPart, began: int) -> PatternAdvice:
        ask = part.ask
        if ask is None:
            return PatternAdvice()
        if part.supplier is None:
            return _blind(ask, SUPPLIER)
        days = self._figures.window_days
        now = _between(state, part.day - days, part.day) | {part.supplier}
        known = part.day - max(began, state.edge)
        if len(now) < self._figures.least:
            return PatternAdvice() if known >= days else _young(ask, days, known, part.day)
        if known < 2 * days:
            return _young(ask, 2 * days, known, part.day)
        before = _between(state, part.day - 2 * days, part.day - days)
        if len(now) < self._figures.growth * len(before):
            return PatternAdvice()
        return PatternAdvice((self._finding(part, ask, len(now), len(before)),))

    def forget(self, state: SupplierState, day: int) -> SupplierState | None:
        edge = max(state.edge, day - self._figures.kept_days)
        if edge == state.edge:
            return state if state.suppliers else None
        suppliers = {
            cell: kept
            for cell, days in state.suppliers.items()
            if (kept := {one: count for one, count in days.items() if one >= edge})
        }
        return SupplierState(edge, suppliers) if suppliers else None

    def _cell(self, key: str) -> int:
        digest = hashlib.blake2b(key.encode(), digest_size=4).digest()
        return int.from_bytes(digest, "big") % self._figures.cells

    def _finding(self, part: SupplierPart, ask: TakerQuestion, now: int, before: int) -> Finding:
        table = self._figures
        share = min((now - table.least) / (table.full - table.least), 1.0)
        label = ask.subject.label
        return Finding(
            key=f"R29/suppliers.many/{ask.index}/{ask.tier}",
            rule="R29",
            code="suppliers.many",
            subject=ask.subject,
            evidence=f"{label[:1].upper()}{label[1:]} takes {ask.goods}: from at least {now} suppliers of high-priority goods "
            f"of tier {ask.tier} in {table.window_days} days, {before or 'none'} in the {table.window_days} days before.",
            cleared_by="Why one firm buys the same kind of goods from so many, shown by its orders and its customers.",
            strength=round((table.of_least + (1 - table.of_least) * share) * ask.gravity, 3),
            inputs={"suppliers": now, "before": before, "days": table.window_days} | ask.inputs,
        )


def _counted(state: SupplierState, part: SupplierPart, sign: int) -> SupplierState:
    if part.supplier is None or part.day < state.edge:
        return state
    days = state.suppliers.get(part.supplier, {})
    if sign < 0 and part.day not in days:
        return state  # forgotten
    count = days.get(part.day, 0) + sign
    kept = {**days, part.day: count}
    if not count:
        del kept[part.day]
    suppliers = {**state.suppliers, part.supplier: kept}
    if not kept:
        del suppliers[part.supplier]
    return SupplierState(state.edge, suppliers)


def _between(state: SupplierState, after: int, upto: int) -> set[int]:
    """Suppliers of the days after one, up to another."""
    return {cell for cell, days in state.suppliers.items() if any(after < day <= upto for day in days)}


def _blind(ask: TakerQuestion, missing: str) -> PatternAdvice:
    return PatternAdvice((), (NotEvaluable(rule="R29", missing=(missing,), subject=ask.subject),))


def _young(ask: TakerQuestion, days: int, known: int, day: int) -> PatternAdvice:
    return PatternAdvice((), (lacks_past("R29", days, known, day, ask.subject),))
