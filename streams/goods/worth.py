"""What a goods item is worth, in euro."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from streams.declarations.model import GoodsItem
from streams.money.rates import Money, Rates

VALUE = "declaration.goodsItems[].statisticalValue"
CURRENCY = "declaration.goodsItems[].statisticalValueCurrency"


class Worth(NamedTuple):
    """What an item is worth."""

    euro: Decimal | None
    declared: Money | None
    lacks: str
    """path of what is missing, where `euro` is None"""


def worth(
    item: GoodsItem, invoice_currency: str | None, customs: str | None, day: date, rates: Rates
) -> Worth:
    """The statistical value in its own currency, else in that of the country whose customs it is declared to; else the amount
    invoiced in the invoice's. What cannot be told in euro gives way to what can."""
    statistical = item.statistical_value_currency or rates.statistical_currency(customs, day)
    first: Worth | None = None
    for figure, currency in (
        (item.statistical_value, statistical),
        (item.item_amount_invoiced, invoice_currency),
    ):
        if figure is None:
            continue
        declared = Money(Decimal(figure), currency)
        euro = rates.in_euro(declared.amount, currency, day)
        if euro is not None:
            return Worth(euro, declared, "")
        lacks = f"an exchange rate of {currency} for {day:%Y-%m}" if currency else CURRENCY
        first = first or Worth(None, declared, lacks)
    return first or Worth(None, None, VALUE)
