"""Cancelled, and lodged again for another consignee or destination (R15), in either order.

An attempt that was cancelled or rejected stays known, and so do the declarations around it. Whoever is told is the later of the
two to be heard of: the new declaration, or the attempt itself where it is cancelled behind the new one.
"""

from bisect import insort
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from msgspec import Struct, field

from streams.findings import Finding
from streams.money.rates import EURO
from streams.patterns.contract import Advice, Contribution, short_key
from streams.patterns.days import day_of
from streams.patterns.firm_marks import mark, marks
from streams.patterns.listing import ListedDetector
from streams.patterns.lots import Lot, LotAmount, LotQuestion, exporter, lots, nearness
from streams.patterns.tables import Figures
from streams.patterns.trade import DeclaredTrade
from streams.patterns.windows import ConcernDetector, Counts, WindowedState, kept_since, with_count

EXPORTER = "declaration.parties[EXPORTER]"
CONSIGNEE = "declaration.parties[CONSIGNEE]"
DESTINATION = "declaration.countryOfDestination"
QUANTITIES = (
    "declaration.goodsItems[].netMassKg",
    "declaration.goodsItems[].quantity",
    "declaration.goodsItems[].statisticalValue",
)
LIVE = -1
UNKNOWN = -1
SEVERAL = "*"
LONGEST_REFERENCE = 60

Elsewhere = Literal["destination", "consignee", "same", "unknown"]


class RelodgedFigures(Figures, frozen=True):
    after_days: int
    before_days: int
    stands_days: int
    tolerance: float
    usual_days: int
    late_days: int
    of_same_destination: float
    close: float
    kept: int
    codes: tuple[str, ...]

    @property
    def kept_periods(self) -> int:
        """Back from a declaration to the end of an attempt, its lodging, what was usual before; and what comes late."""
        return self.after_days + self.stands_days + self.usual_days + self.late_days


class LodgedLot(Struct, frozen=True, array_like=True, order=True):
    """One declaration's lot of a good."""

    day: int
    """when it was lodged, since 1970"""
    ended: int
    """day on which it was cancelled or rejected, as far as known; -1 of one that stands"""
    consignee: int
    """hash of its key, 32 bits, and of its name, 32 bits; 0 where none is named"""
    destination: str
    unit: str
    units: int
    grams: int
    cents: int
    """in euro, by the rate of the month; -1 where not known. Of an entry without `currency`, which an older release made, as
    declared"""
    declaration: str
    """declarationKey, cut off at 60 characters"""
    declared: int = UNKNOWN
    """hundredths of `currency`, as declared"""
    currency: str = ""
    """ISO 4217; `SEVERAL` where it is not one for all items; empty of an entry that an older release made"""

    @property
    def amount(self) -> LotAmount:
        return LotAmount(self.unit, self.units, self.grams)


class RelodgedQuestion(LotQuestion, frozen=True, array_like=True):
    strength: float
    """0..1, of the tier"""
    missing: tuple[str, ...] = ()
    """what there is not, without which nothing can be told"""


class RelodgedPart(Struct, frozen=True, array_like=True):
    """A declaration of a good by an exporter, or an attempt at one."""

    entry: LodgedLot
    ask: RelodgedQuestion | None = None

    @property
    def day(self) -> int:
        """When it was lodged, since 1970."""
        return self.entry.day


class RelodgedState(WindowedState, frozen=True, array_like=True):
    """What an exporter declared of one good, of 118 days: about 70 bytes a declaration; at most 400 of them, 29 kB."""

    entries: tuple[LodgedLot, ...] = ()
    """in order"""
    more: Counts = field(default_factory=dict)
    """declarations for which there was no room"""


class _AttemptAndNext(NamedTuple):
    attempt: LodgedLot
    again: LodgedLot
    how: Elsewhere
    near: float


class Relodged(ConcernDetector[RelodgedState, RelodgedPart, RelodgedFigures, RelodgedQuestion]):
    """A key for each exporter and good. All asks that ends, and all that stands, but what goes where exports are controlled."""

    name = "relodged"
    rules = ("R15",)
    part_type = RelodgedPart
    state_type = RelodgedState

    def contributions(self, trade: DeclaredTrade) -> Iterable[Contribution]:
        sender = exporter(trade)
        asks = trade.cancelled or trade.destination not in self._gravity.countries.coalition
        for lot in lots(trade, self._figures.codes):
            ask = self._ask(lot, () if sender is not None else (EXPORTER,)) if asks else None
            part = RelodgedPart(_entry(trade, lot), ask)
            if sender is not None:
                yield Contribution(short_key(f"{lot.hs6}|{sender.key}"), part, asks)
            elif asks:
                yield Contribution(short_key(f"{lot.hs6}|nobody|{trade.declaration}"), part)

    def answers(
        self, state: RelodgedState, part: RelodgedPart, ask: RelodgedQuestion, known: int
    ) -> Iterator[Advice]:
        own = part.entry
        if ask.missing:
            yield self.blind(ask, *ask.missing)
            return
        pairs: list[_AttemptAndNext] = []
        missing: dict[str, None] = {}
        for attempt, again in self._candidates(state, own):
            how = _elsewhere(attempt, again)
            near = max(self._near(attempt), self._near(again))
            if how == "same" or not near or self._explained(state, attempt, again, own):
                continue
            alike = self._alike(attempt, again)
            if alike is None:
                missing |= dict.fromkeys(QUANTITIES)
            elif alike and how == "unknown":
                unnamed = attempt.consignee == 0 or again.consignee == 0
                missing[CONSIGNEE if unnamed else DESTINATION] = None
            elif alike:
                pairs.append(_AttemptAndNext(attempt, again, how, near))
        table = self._figures
        first = own.day - table.after_days - table.stands_days
        if pairs:
            yield self._finding(ask, own, max(pairs, key=self._rank))
        elif missing:
            yield self.blind(ask, *missing)
        elif any(day >= first for day in state.more):
            yield self.blind(ask, f"room for more than {table.kept} declarations of one exporter")
        else:
            yield from self.young(ask, table.after_days, known, own.day)

    def counted(self, state: RelodgedState, part: RelodgedPart, sign: int) -> RelodgedState:
        entry, entries = part.entry, list(state.entries)
        if part.ask is not None and part.ask.missing:
            return state  # a question of nobody
        if sign > 0 and len(entries) < self._figures.kept:
            insort(entries, entry)
        elif sign < 0 and entry in entries:
            entries.remove(entry)
        elif sign < 0 and entry.day not in state.more:
            return state  # forgotten
        else:
            return RelodgedState(state.edge, state.entries, with_count(state.more, entry.day, sign))
        return RelodgedState(state.edge, tuple(entries), state.more)

    def since(self, state: RelodgedState, edge: int) -> RelodgedState:
        entries = tuple(entry for entry in state.entries if entry.day >= edge)
        return RelodgedState(edge, entries, kept_since(state.more, edge))

    def _ask(self, lot: Lot, missing: tuple[str, ...]) -> RelodgedQuestion:
        return RelodgedQuestion(lot.words, lot.numbers, lot.hs6, self._gravity.tier(lot.tier or ""), missing)

    def _candidates(self, state: RelodgedState, own: LodgedLot) -> Iterator[tuple[LodgedLot, LodgedLot]]:
        """(attempt, what may have taken its place) for each that fits in time with the one that asks."""
        table = self._figures
        for entry in state.entries:
            if own.ended == LIVE and entry.ended != LIVE:
                if entry.day <= own.day <= entry.ended + table.after_days + table.stands_days:
                    yield entry, own
            elif own.ended != LIVE and entry.ended == LIVE:
                first = max(own.day, own.ended - table.before_days)
                if first <= entry.day <= own.ended + table.stands_days:
                    yield own, entry

    def _explained(self, state: RelodgedState, attempt: LodgedLot, again: LodgedLot, own: LodgedLot) -> bool:
        """Whether the attempt was lodged again for whom it was, with a correction; or whether the other one is a customer who got
        the same before."""
        table = self._figures
        upto = own.day if own is again else own.ended + table.stands_days
        for entry in (*state.entries, own):
            if entry is again or entry.ended != LIVE or not self._alike(entry, again):
                continue
            if attempt.day <= entry.day <= upto and _elsewhere(attempt, entry) == "same":
                return True
            before = attempt.day - table.usual_days <= entry.day < attempt.day
            if before and _elsewhere(again, entry) == "same":
                return True
        return False

    def _alike(self, one: LodgedLot, other: LodgedLot) -> bool | None:
        """None where they cannot be compared."""
        measures = one.amount.against(other.amount)
        values = _values(one, other)
        if measures is None or UNKNOWN in values:
            return None
        return self._near_to(*measures) and self._near_to(*values)

    def _near_to(self, one: int, other: int) -> bool:
        return abs(one - other) <= self._figures.tolerance * max(one, other)

    def _near(self, entry: LodgedLot) -> float:
        if not entry.destination:
            return 0.0
        return nearness(self._gravity, entry.destination, entry.day, self._figures.close)

    def _weight(self, pair: _AttemptAndNext) -> float:
        return pair.near * (1.0 if pair.how == "destination" else self._figures.of_same_destination)

    def _rank(self, pair: _AttemptAndNext) -> tuple[float, int, str]:
        return self._weight(pair), pair.again.day, pair.again.declaration

    def _finding(self, ask: RelodgedQuestion, own: LodgedLot, pair: _AttemptAndNext) -> Finding:
        attempt, again = pair.attempt, pair.again
        forward = own is again
        other = attempt if forward else again
        change = (
            f"for {again.destination} instead of {attempt.destination}"
            if pair.how == "destination"
            else f"for another consignee in {again.destination or 'the same country'}"
        )
        told = (
            f"like declaration {other.declaration} of {day_of(other.day)}, which was cancelled or rejected; this one is {change}."
            if forward
            else f"and declaration {other.declaration} of {day_of(other.day)}, {change}, is like this one, which was cancelled "
            "or rejected."
        )
        return self.finding(
            ask,
            ask.numbers[0],
            code="relodged.elsewhere",
            evidence=f"The exporter declares {own.amount.text} of {ask.goods}{_worth(own)}, {told} "
            f"Quantity and value differ by {self._figures.tolerance:.0%} at most.",
            cleared_by="Why the first sale fell through, shown by its papers, and the contract with the second buyer.",
            strength=self._weight(pair) * ask.strength,
            inputs={
                "other": other.declaration,
                "lodged": day_of(other.day).isoformat(),
                "changed": pair.how,
                "from": attempt.destination,
                "to": again.destination,
                "items": list(ask.numbers[:20]),
            },
        )


def _entry(trade: DeclaredTrade, lot: Lot) -> LodgedLot:
    taker = trade.takers[0] if trade.takers else None
    return LodgedLot(
        day=trade.day,
        ended=trade.day if trade.cancelled else LIVE,
        consignee=mark(taker) if taker is not None else 0,
        destination=trade.destination or "",
        unit=lot.amount.unit,
        units=lot.amount.units,
        grams=lot.amount.grams,
        cents=UNKNOWN if lot.cents is None else lot.cents,
        declaration=trade.declaration[:LONGEST_REFERENCE],
        declared=UNKNOWN if lot.declared is None else lot.declared,
        currency=lot.currency or SEVERAL,
    )


def _values(one: LodgedLot, other: LodgedLot) -> tuple[int, int]:
    """Both in one currency: as declared where that is the same, so that a rate that moved makes no other value; else in euro.
    With an entry of an older release, which knew no currencies, as declared."""
    if "" in (one.currency, other.currency):
        return _as_declared(one), _as_declared(other)
    if one.currency == other.currency != SEVERAL:
        return one.declared, other.declared
    return one.cents, other.cents


def _as_declared(entry: LodgedLot) -> int:
    return entry.declared if entry.declared != UNKNOWN else entry.cents


def _worth(entry: LodgedLot) -> str:
    """In words; nothing where the currency is not known."""
    if entry.currency not in ("", SEVERAL) and entry.declared != UNKNOWN:
        return f", worth {entry.currency} {entry.declared / 100:,.0f}"
    return f", worth {EURO} {entry.cents / 100:,.0f}" if entry.currency and entry.cents != UNKNOWN else ""


def _elsewhere(one: LodgedLot, other: LodgedLot) -> Elsewhere:
    """What is another. Consignees with the number or the name in common are one, spelt otherwise."""
    if one.destination and other.destination and one.destination != other.destination:
        return "destination"
    if not one.consignee or not other.consignee:
        return "unknown"
    if marks(one.consignee) & marks(other.consignee):
        return "same" if one.destination and other.destination else "unknown"
    return "consignee"


DETECTOR = ListedDetector(7, Relodged, lambda facts: Relodged(facts.gravity, RelodgedFigures.bundled()))
