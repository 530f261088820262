"""Codes of one and the same unit, and how many pieces an item is."""

from decimal import Decimal
from functools import cache

from streams import tables
from streams.declarations.model import GoodsItem

PIECES = frozenset({"pieces", "pairs"})
"""Units that count things: a pair of shoes is one thing."""


class _UnitsFile(tables.Sourced, frozen=True):
    units: dict[str, tuple[str, ...]]


@cache
def units() -> dict[str, str]:
    """Code -> unit in words. Raises as `tables.load` does."""
    table = tables.load("streams.goods", "tables/units.toml", _UnitsFile)
    return {code: name for name, codes in table.units.items() for code in codes}


def unit_in_words(code: str | None) -> str:
    """'pieces' for NAR, PCE or 796; empty for a code that is not known."""
    return units().get((code or "").strip().upper(), "")


def pieces(item: GoodsItem) -> Decimal | None:
    """How many pieces an item is, where its supplementary units or its quantity count pieces; None where neither does.
    Supplementary units without a unit are those of the tariff code, which for dear goods are pieces."""
    for figure, unit in (
        (item.supplementary_units, item.supplementary_unit_code or "NAR"),
        (item.quantity, item.quantity_unit),
    ):
        if figure is not None and unit_in_words(unit) in PIECES:
            count = Decimal(figure)
            return count if count > 0 else None
    return None
