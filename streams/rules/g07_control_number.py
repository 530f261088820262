"""G07: an item names a number of an export control list."""

from collections.abc import Iterator
from typing import Any

from streams.declarations.model import GoodsItem
from streams.findings import Finding, NotEvaluable
from streams.goods.control_numbers import ControlNumber
from streams.rules import items
from streams.rules.figures import figure
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion

FIELD = "declaration.goodsItems[].exportControl.ECCN"
LICENSED = figure("G07", "licensed")


def judge(screened: ScreenedVersion) -> Judged:
    """One finding an item, of its weightiest number. EAR99, or no number, is none."""
    numbers = screened.controls.numbers
    unread = False
    for item, declared in screened.goods.numbered:
        unread = unread or bool(declared.unread)
        if declared.numbers:
            whither = (
                (item.country_of_destination,) if item.country_of_destination else screened.trip.destinations
            )
            weighed = [(numbers.strength(number, whither), number) for number in declared.numbers]
            (strength, why), number = max(weighed, key=lambda pair: pair[0][0])
            yield from _findings(item, number, strength, why, screened)
    if unread:
        yield NotEvaluable(rule="G07", missing=(FIELD,))


def _findings(
    item: GoodsItem, number: ControlNumber, strength: float, why: str, screened: ScreenedVersion
) -> Iterator[Finding]:
    numbers, declaration = screened.controls.numbers, screened.declaration
    hs6 = items.hs6(item)
    fits = not hs6 or numbers.fits(number, hs6)
    # The papers that grant for goods on a list of dual-use goods.
    licence = screened.controls.documents.presented(item, declaration.documents, "user_list", screened.day)
    licensed = licence.state == "VALID_LICENCE"
    end_use = numbers.end_use((*item.documents, *declaration.documents))
    subject, tag = items.subject([item])
    inputs: dict[str, Any] = {
        "number": number.number,
        "declared": number.written,
        "where": number.where,
        "list": numbers.act,
        "listVersion": numbers.version,
        "textOf": numbers.as_of,
        "items": [item.goods_item_number],
        "hs6": [hs6] if hs6 else [],
        "licence": licence.state,
    }
    if number.reasons:
        inputs["reasons"] = sorted(number.reasons)
    if end_use is not None:
        inputs["endUse"] = end_use.type
    kind = NUMBER if fits else MISFIT
    yield kind.finding(
        f"{kind.code}|{tag}|{number.number}",
        subject,
        strength=round(strength * (LICENSED if licensed else 1.0), 3),
        inputs=inputs,
        said=items.said(item),
        written=number.written,
        field=number.where,
        means=numbers.says(number),
        why=f" {why[0].upper()}{why[1:]}." if why else "",
        licence_said=f" {licence.says[0].upper()}{licence.says[1:]}."
        if licence.says
        else " No licence is presented.",
        end_use_said=f" An end-use paper is named: {end_use.type}." if end_use is not None else "",
        act=numbers.act,
        as_of=numbers.as_of,
    )


SENTENCE = (
    "{said} names the control list number {written} ({field}): {means} ({act}, text of {as_of})."
    "{why}{licence_said}{end_use_said}"
)
NUMBER = FindingKind(
    code="goods.control_number",
    sentence=SENTENCE,
    cleared_by="The export licence, or the exception that makes one needless for this destination and this end user.",
)
MISFIT = FindingKind(
    code="goods.control_number_misfit",
    sentence=SENTENCE + " Goods of that number do not have such a tariff code.",
    cleared_by="The goods themselves: which of the two, tariff code or control number, is theirs; then the export licence.",
)
RULE = Rule("G07", judge, (NUMBER, MISFIT))
