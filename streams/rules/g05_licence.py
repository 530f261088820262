"""G05: licences presented for controlled goods."""

from streams.findings import Subject
from streams.rules import items
from streams.rules.figures import figure
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion

UNCOVERED = figure("G05", "quantity_not_covered")


def judge(screened: ScreenedVersion) -> Judged:
    """One finding for all licences: of the whole of the controlled goods, or of part of them."""
    lines = screened.goods.lines
    licensed = [line for line in lines if line.licence.state == "VALID_LICENCE"]
    if not licensed:
        return
    covered = all(line.licence.covered for line in licensed)
    goods = [line.item for line in licensed]
    rest = sorted({line.item.goods_item_number for line in lines if line.licence.state != "VALID_LICENCE"})
    kind = PRESENTED if len(licensed) == len(lines) else PARTIAL
    yield kind.finding(
        kind.code,
        Subject(kind="DECLARATION", label="licences"),
        strength=1.0 if covered else UNCOVERED,
        inputs={
            "items": sorted({item.goods_item_number for item in goods}),
            "quantityCovered": covered,
            "unlicensedItems": rest,
        },
        goods=items.subject(goods)[0].label,
        said="; ".join(dict.fromkeys(line.licence.says for line in licensed[: items.NAMED_ITEMS])),
        rest=f" Controlled items without one: {items.numbers(rest)}." if rest else "",
    )


SENTENCE = "For {goods} {said}.{rest}"
CLEARED_BY = "Check the licence with the authority that issued it: number, holder, goods, quantity left."
PRESENTED = FindingKind(code="goods.licence_presented", sentence=SENTENCE, cleared_by=CLEARED_BY)
PARTIAL = FindingKind(code="goods.licence_partial", sentence=SENTENCE, cleared_by=CLEARED_BY)
RULE = Rule("G05", judge, (PRESENTED, PARTIAL))
