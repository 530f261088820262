"""G01 to G04: goods on a control list. One judge for all lists; a list's own header says which rule it is of."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from streams.findings import Finding, NotEvaluable
from streams.goods.lines import GoodsLine
from streams.rules import items
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion
from streams.text import listed

SHOWN_LABELS = 3


def judge(rule: str, screened: ScreenedVersion) -> Judged:
    """One finding an item and list, or one for many items whose licence is in the same state."""
    if lacking := items.lacking(screened.goods, rule in screened.controls.dated_rules):
        yield NotEvaluable(rule=rule, missing=lacking)
    for group in screened.goods.listed.values():
        if group[0].hit.list.header.rule == rule:
            for batch in items.batches(group):
                yield _finding(batch, screened)


def _finding(group: Sequence[GoodsLine], screened: ScreenedVersion) -> Finding:
    strongest = max(group, key=lambda line: line.hit.strength)
    hit, licence = strongest.hit, strongest.licence
    head = hit.list.header
    subject, tag = items.subject([line.item for line in group])
    inputs: dict[str, Any] = {
        "list": head.name,
        "listVersion": hit.list.version,
        "kind": head.kind,
        "entry": hit.entry.code,
        "items": [line.item.goods_item_number for line in group],
        "hs6": sorted({items.hs6(line.item) for line in group}),
        "licence": licence.state,
    }
    if hit.entry.tier:
        inputs["tier"] = hit.entry.tier
    if hit.entry.labels:
        inputs["labels"] = list(hit.entry.labels)
    if hit.partial:
        inputs["partialScope"] = True
    if hit.converted:
        inputs["convertedTo"] = list(hit.converted)
        inputs["hsEdition"] = f"{hit.edition}{' assumed' if hit.assumed else ''}"
    kind = FindingKind(code=head.code, sentence=_sentence, cleared_by=CLEARED_BY)
    return kind.finding(
        f"{head.code}|{head.name}|{tag}|{hit.entry.code if len(group) == 1 else licence.state}",
        subject,
        strength=round(hit.strength, 3),
        inputs=inputs,
        cleared_by=CLEARED_BY.format(codes=screened.controls.documents.names(head.kind)),
        goods=subject.label,
        many=len(group) > 1,
        strongest=strongest,
    )


def _sentence(goods: str, many: bool, strongest: GoodsLine) -> str:
    hit, licence, one = strongest.hit, strongest.licence, items.said(strongest.item)
    head, detail = hit.list.header, []
    if hit.entry.tier:
        detail.append(f"tier {hit.entry.tier}")
    if hit.entry.labels:
        detail.append(listed(hit.entry.labels, SHOWN_LABELS))
    said = f"{goods if many else one} {head.wording}" + (f", {'; '.join(detail)}." if detail else ".")
    if many:
        said += f" The weightiest is {one}."
    if hit.converted:
        assumed = " (assumed)" if hit.assumed else ""
        said += (
            f" The code is of HS {hit.edition}{assumed}; in HS {head.hs_edition} it is "
            f"{' or '.join(hit.converted)}."
        )
    if hit.said:
        said += f" The description says '{hit.said}'."
    if hit.partial:
        said += " Only some goods of this code are meant."
    if licence.says:
        said += f" {licence.says[0].upper()}{licence.says[1:]}."
    return said


CLEARED_BY = (
    "An export licence that covers the quantity ({codes}), or papers (data sheet, end-user statement) that show "
    "what the goods are and who uses them."
)
RULES = tuple(Rule(rule, partial(judge, rule), ()) for rule in ("G01", "G02", "G03", "G04"))
