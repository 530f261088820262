"""R23: a description that does not fit the code, or says nothing of high-priority goods."""

from collections.abc import Sequence

from streams.declarations.model import GoodsItem
from streams.findings import Finding, NotEvaluable
from streams.goods.descriptions import Mention
from streams.rules import items
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion

DESCRIPTION = "declaration.goodsItems[].descriptionOfGoods"


def judge(screened: ScreenedVersion) -> Judged:
    """One finding an item, or one for many of the same group of goods."""
    goods = screened.goods
    if goods.undescribed:
        yield NotEvaluable(rule="R23", missing=(DESCRIPTION,))
    for group, pairs in goods.misplaced.items():
        for batch in items.batches(pairs):
            yield _mismatch(group, batch)
    unique = list({item.goods_item_number: item for item in goods.vague}.values())
    for few in items.batches(unique):
        if few:
            yield _vague(few)


def _mismatch(group: str, batch: Sequence[tuple[GoodsItem, Mention]]) -> Finding:
    subject, tag = items.subject([item for item, _ in batch])
    item, mention = max(batch, key=lambda pair: pair[1].strength)
    coded = item.commodity_code is not None
    return MISMATCH.finding(
        f"goods.description_mismatch|{group}|{tag}",
        subject,
        strength=round(mention.strength, 3),
        inputs={
            "group": group,
            "words": mention.words,
            "items": [item.goods_item_number for item, _ in batch],
        },
        goods=items.said(item),
        meant=mention.group.says,
        where=f"which does not belong under HS {items.hs6(item)[:4]}" if coded else "without a tariff code",
    )


def _vague(batch: Sequence[GoodsItem]) -> Finding:
    subject, tag = items.subject(batch)
    return VAGUE.finding(
        f"goods.vague_description|{tag}",
        subject,
        inputs={"items": [item.goods_item_number for item in batch]},
        goods=items.said(batch[0]),
    )


MISMATCH = FindingKind(
    code="goods.description_mismatch",
    sentence="{goods}: '{words}' names {meant}, {where}.",
    cleared_by="Photographs, data sheet or examination that show what the goods are, and the right code for them.",
)
VAGUE = FindingKind(
    code="goods.vague_description",
    sentence="{goods} is on the high-priority list and described by words that say nothing.",
    cleared_by="A full description: make, model, part number, what it is used in.",
)
RULE = Rule("R23", judge, (MISMATCH, VAGUE))
