"""Goods items as findings name them."""

from collections.abc import Sequence
from typing import TypeVar

from streams import text
from streams.declarations.model import GoodsItem
from streams.findings import Subject
from streams.goods.lines import GoodsRead

GROUP_FROM = 6
"""Items sharing a case from which one finding names them all: 999 items must not make 999 findings."""
NAMED_ITEMS = 12
QUOTED = 80
CODE = "declaration.goodsItems[].commodityCode"

Each = TypeVar("Each")


def lacking(goods: GoodsRead, editions: bool = True) -> tuple[str, ...]:
    """What a rule on tariff codes lacks: a code and, where its lists are of one edition of the HS, an edition that has the code
    or a table that leads to theirs."""
    if not (goods.uncoded or (editions and goods.incomparable)):
        return ()
    lacks = [CODE] if goods.uncoded else []
    return (*lacks, *(goods.incomparable[:NAMED_ITEMS] if editions else ()))


def batches(items: Sequence[Each]) -> Sequence[Sequence[Each]]:
    """One finding each, or one for all where they are many."""
    return [items] if len(items) >= GROUP_FROM else [[item] for item in items]


def subject(items: Sequence[GoodsItem]) -> tuple[Subject, str]:
    """(subject, part of a key) for one item or several."""
    if len(items) == 1:
        number = items[0].goods_item_number
        return Subject(
            kind="ITEM", index=number, label=f"item {number}, {_coded(items[0])}"
        ), f"item:{number}"
    listed = sorted({item.goods_item_number for item in items})
    return Subject(kind="DECLARATION", label=f"items {numbers(listed)}"), "items"


def numbers(listed: Sequence[int]) -> str:
    return text.listed(map(str, listed), NAMED_ITEMS)


def said(item: GoodsItem) -> str:
    """'Item 3, HS 901310 'telescopic sights''."""
    described = " ".join((item.description_of_goods or "").split())
    quoted = described if len(described) <= QUOTED else described[: QUOTED - 1] + text.ELLIPSIS
    return f"Item {item.goods_item_number}, {_coded(item)}" + (f" '{quoted}'" if quoted else "")


def hs6(item: GoodsItem) -> str:
    """Empty where no code is declared."""
    return item.commodity_code.hs6 if item.commodity_code is not None else ""


def _coded(item: GoodsItem) -> str:
    return f"HS {hs6(item)}" if item.commodity_code is not None else "no tariff code"
