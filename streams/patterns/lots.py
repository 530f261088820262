"""Lots: all that a declaration has of one good, in amounts that can be compared and added exactly."""

from collections.abc import Collection

from msgspec import Struct

from streams.findings import Subject
from streams.goods.units import unit_in_words
from streams.goods.worth import VALUE
from streams.parties.roles import SUPPLIERS
from streams.patterns.days import day_of
from streams.patterns.gravity import Gravity
from streams.patterns.trade import DeclaredTrade, TradedGood, TradingFirm

MOST = 10**13
"""Grams, thousandths of a unit and cents are cut off here: ten thousand million of either is a typing error, and sums of many
must stay within 64 bits."""


class LotAmount(Struct, frozen=True, array_like=True):
    """How much, as whole numbers."""

    unit: str = ""
    """in words; empty where the quantity is in no unit that is known, or in several"""
    units: int = 0
    """thousandths; 0 where not known"""
    grams: int = 0
    """net mass; 0 where not known"""

    @property
    def known(self) -> bool:
        return self.units > 0 or self.grams > 0

    def against(self, other: "LotAmount") -> tuple[int, int] | None:
        """Both in one measure: in units where both have the same, else in grams; None where they have none in common."""
        if self.units and other.units and self.unit == other.unit:
            return self.units, other.units
        return (self.grams, other.grams) if self.grams and other.grams else None

    @property
    def text(self) -> str:
        """'1,200 pieces', '3.5 kg'."""
        if self.units:
            return f"{_number(self.units)} {self.unit}"
        return f"{_number(self.grams)} kg" if self.grams else "an unknown amount"


class Lot(Struct, frozen=True):
    """All items of one good in a declaration."""

    hs6: str
    tier: str | None
    numbers: tuple[int, ...]
    """goods item numbers"""
    amount: LotAmount
    cents: int | None
    """value in hundredths of a euro; None where one item has none"""
    declared: int | None = None
    """value in hundredths of `currency`, as declared"""
    currency: str = ""
    """that of all its items; empty where they have none, or several"""
    lacks: str = VALUE
    """why `cents` is None"""

    @property
    def words(self) -> str:
        """'HS 854231 (high-priority, tier 1)'."""
        return f"HS {self.hs6} (high-priority, tier {self.tier})" if self.tier else f"HS {self.hs6}"


class LotQuestion(Struct, frozen=True, array_like=True):
    """What a declaration asks about a lot."""

    goods: str
    """in words"""
    numbers: tuple[int, ...]
    hs6: str

    @property
    def subject(self) -> Subject:
        return Subject(kind="ITEM", index=self.numbers[0], label=f"item {self.numbers[0]}, HS {self.hs6}")


def lots(trade: DeclaredTrade, codes: Collection[str]) -> list[Lot]:
    """Of high-priority goods and of the codes given (HS6), in order of the items."""
    found: dict[str, list[TradedGood]] = {}
    for good in trade.goods:
        if good.tier is not None or good.hs6 in codes:
            found.setdefault(good.hs6, []).append(good)
    return [
        Lot(
            hs6,
            goods[0].tier,
            tuple(sorted(good.number for good in goods)),
            _amount(goods),
            _sum([good.value for good in goods], 100),
            *_declared(goods),
            next((good.lacks for good in goods if good.value is None), VALUE),
        )
        for hs6, goods in found.items()
    ]


def exporter(trade: DeclaredTrade) -> TradingFirm | None:
    """Who sends: the exporter before the seller before the consignor."""
    return next((firm for role in SUPPLIERS for firm in trade.senders if firm.role == role), None)


def nearness(gravity: Gravity, destination: str, day: int, close: float) -> float:
    """0..1: how near a destination is to where such goods are kept from. In full for an embargoed one, where all high-priority
    goods are barred, and for a diversion circle of at least `close`."""
    when = day_of(day)
    concern = gravity.concern(destination, when)
    embargoed = destination in gravity.countries.embargoed(when)
    return 1.0 if embargoed or concern >= close else concern


def _amount(goods: list[TradedGood]) -> LotAmount:
    names = {unit_in_words(good.unit) for good in goods}
    unit = names.pop() if len(names) == 1 else ""
    number = _sum([good.quantity for good in goods], 1000) if unit else None
    return LotAmount(unit if number else "", number or 0, _sum([good.mass for good in goods], 1000) or 0)


def _declared(goods: list[TradedGood]) -> tuple[int | None, str]:
    """The sum as declared, and its currency, where the items have one in common."""
    currencies = {good.currency or "" for good in goods}
    currency = currencies.pop() if len(currencies) == 1 else ""
    return (_sum([good.declared for good in goods], 100), currency) if currency else (None, "")


def _sum(figures: list[float | None], scale: int) -> int | None:
    """None where one is missing: a part of the goods is not the lot."""
    known = [figure for figure in figures if figure is not None and figure >= 0]
    return min(round(scale * min(sum(known), MOST)), MOST) if len(known) == len(figures) else None


def _number(thousandths: int) -> str:
    return f"{thousandths / 1000:,.3f}".rstrip("0").rstrip(".")
