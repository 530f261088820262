"""What the goods of a declaration say: controls, licences, exemptions, descriptions that do not fit."""

from collections.abc import Container, Iterable, Sequence
from typing import Any

from msgspec import Struct

from streams.declarations.model import DeclarationVersion, GoodsItem
from streams.findings import Finding, NotEvaluable, Subject
from streams.goods.controls import ControlBook, Hit
from streams.goods.descriptions import Mention
from streams.goods.documents import Licence

GROUP_FROM = 6
"""Items sharing a case from which one finding names them all: 999 items must not make 999 findings."""
CODE = "declaration.goodsItems[].commodityCode"
DESCRIPTION = "declaration.goodsItems[].descriptionOfGoods"
CODE_RULES = ("G01", "G02", "G03", "G04", "R24")
NAMED_ITEMS = 12
QUOTED = 80
WORTH_SAYING = 0.4
"""Strength from which words of concern under a harmless code are a finding: 'cable for drones' is not."""


class _Case(Struct, frozen=True):
    """One item on one list."""

    item: GoodsItem
    hit: Hit
    licence: Licence


def goods_findings(
    version: DeclarationVersion, book: ControlBook, of_concern: Container[str]
) -> tuple[list[Finding], list[NotEvaluable]]:
    """Findings on the items and the rules that lacked their inputs. `of_concern`: destinations to which a self-declared
    exemption is a red flag (R24)."""
    declaration = version.declaration
    day = version.envelope.event_date_time.date()
    cases: dict[tuple[str, str], list[_Case]] = {}
    misplaced: dict[str, list[tuple[GoodsItem, Mention]]] = {}
    vague: list[GoodsItem] = []
    uncoded = undescribed = False
    for item in declaration.goods_items:
        code = item.commodity_code
        uncoded = uncoded or code is None
        undescribed = undescribed or item.description_of_goods is None
        mentions, says_nothing = _read(item, book)
        hits = book.hits(item, mentions, day)
        if not hits:
            for mention in mentions:
                if mention.strength >= WORTH_SAYING and not (code and mention.group.at_home(code.hs6)):
                    misplaced.setdefault(mention.group.name, []).append((item, mention))
            continue
        for hit in hits:
            licence = book.documents.presented(item, declaration.documents, hit.list.header.kind, day)
            cases.setdefault((hit.list.header.name, licence.state), []).append(_Case(item, hit, licence))
            if says_nothing and hit.list.header.kind == "high_priority":
                vague.append(item)
    missing = []
    if uncoded:
        missing += [NotEvaluable(rule=rule, missing=(CODE,)) for rule in CODE_RULES]
    if undescribed:
        missing.append(NotEvaluable(rule="R23", missing=(DESCRIPTION,)))
    findings: list[Finding] = []
    if not (cases or misplaced):
        return findings, missing
    for group in cases.values():
        findings += _controls(group, book)
    findings += _licences([case for group in cases.values() for case in group])
    exempted = [
        case
        for (_, state), group in cases.items()
        if state == "SELF_EXEMPTION"
        for case in group
        if case.hit.list.header.kind != "user_list"
        and (case.item.country_of_destination or declaration.country_of_destination or "") in of_concern
    ]
    findings += _exemptions(exempted, version)
    for name, pairs in misplaced.items():
        findings += _mismatches(name, pairs)
    if vague:
        findings += _vague(vague)
    return findings, missing


def _read(item: GoodsItem, book: ControlBook) -> tuple[tuple[Mention, ...], bool]:
    mentions, vague = book.lexicon.read(item.description_of_goods or "")
    if item.commercial_description:
        more, also = book.lexicon.read(item.commercial_description)
        return mentions + more, vague and also
    return mentions, vague


def _controls(group: Sequence[_Case], book: ControlBook) -> Iterable[Finding]:
    if len(group) < GROUP_FROM:
        return [_control([case], book) for case in group]
    return [_control(group, book)]


def _control(group: Sequence[_Case], book: ControlBook) -> Finding:
    strongest = max(group, key=lambda case: case.hit.strength)
    hit, licence = strongest.hit, strongest.licence
    head = hit.list.header
    numbers = [case.item.goods_item_number for case in group]
    subject, tag = _items([case.item for case in group])
    detail = []
    if hit.entry.tier:
        detail.append(f"tier {hit.entry.tier}")
    if hit.entry.labels:
        shown = hit.entry.labels[:3]
        more = len(hit.entry.labels) - len(shown)
        detail.append(", ".join(shown) + (f" and {more} more" if more else ""))
    evidence = f"{_said(strongest.item) if len(group) == 1 else subject.label} {head.wording}"
    evidence += f", {'; '.join(detail)}." if detail else "."
    if len(group) > 1:
        evidence += f" The weightiest is {_said(strongest.item)}."
    if hit.converted:
        evidence += (
            f" The code is of HS {hit.edition}{' (assumed)' if hit.assumed else ''}; in HS {head.hs_edition} it is "
            f"{' or '.join(hit.converted)}."
        )
    if hit.said:
        evidence += f" The description says '{hit.said}'."
    if hit.partial:
        evidence += " Only some goods of this code are meant."
    if licence.says:
        evidence += f" {licence.says[0].upper()}{licence.says[1:]}."
    inputs: dict[str, Any] = {
        "list": head.name,
        "listVersion": hit.list.version,
        "kind": head.kind,
        "entry": hit.entry.code,
        "items": numbers,
        "hs6": sorted({_hs6(case.item) for case in group}),
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
    return Finding(
        key=f"{head.code}|{head.name}|{tag}|{hit.entry.code if len(group) == 1 else licence.state}",
        rule=head.rule,
        code=head.code,
        subject=subject,
        evidence=evidence,
        cleared_by=_clears(head.kind, book),
        strength=round(hit.strength, 3),
        inputs=inputs,
    )


def _clears(kind: Any, book: ControlBook) -> str:
    codes = book.documents.names(kind)
    return (
        f"An export licence that covers the quantity ({codes}), or papers (data sheet, end-user statement) that show "
        "what the goods are and who uses them."
    )


def _licences(cases: Sequence[_Case]) -> Iterable[Finding]:
    licensed = [case for case in cases if case.licence.state == "VALID_LICENCE"]
    if not licensed:
        return ()
    whole = len(licensed) == len(cases)
    covered = all(case.licence.covered for case in licensed)
    items = [case.item for case in licensed]
    said = "; ".join(dict.fromkeys(case.licence.says for case in licensed[:NAMED_ITEMS]))
    rest = sorted({case.item.goods_item_number for case in cases if case.licence.state != "VALID_LICENCE"})
    evidence = f"For {_items(items)[0].label} {said}."
    if rest:
        evidence += f" Controlled items without one: {_numbers(rest)}."
    return (
        Finding(
            key="goods.licence_presented" if whole else "goods.licence_partial",
            rule="G05",
            code="goods.licence_presented" if whole else "goods.licence_partial",
            subject=Subject(kind="DECLARATION", label="licences"),
            evidence=evidence,
            cleared_by="Check the licence with the authority that issued it: number, holder, goods, quantity left.",
            strength=1.0 if covered else 0.7,
            inputs={
                "items": sorted({item.goods_item_number for item in items}),
                "quantityCovered": covered,
                "unlicensedItems": rest,
            },
        ),
    )


def _exemptions(cases: Sequence[_Case], version: DeclarationVersion) -> Iterable[Finding]:
    if not cases:
        return ()
    codes = sorted({code for case in cases for code in case.licence.codes})
    items = list({case.item.goods_item_number: case.item for case in cases}.values())
    subject, tag = _items(items)
    destination = items[0].country_of_destination or version.declaration.country_of_destination
    return (
        Finding(
            key=f"goods.self_exemption|{tag}",
            rule="R24",
            code="goods.self_exemption",
            subject=subject,
            evidence=(
                f"For {subject.label}, bound for {destination}, the trader declares {', '.join(codes)}: his own word that no "
                "licence is needed. On goods of this list and to this destination that is a red flag, not a clearance."
            ),
            cleared_by="The trader's written classification of the goods, or the licensing authority's opinion.",
            inputs={
                "codes": codes,
                "items": [item.goods_item_number for item in items],
                "destination": destination,
            },
        ),
    )


def _mismatches(group: str, pairs: Sequence[tuple[GoodsItem, Mention]]) -> Iterable[Finding]:
    batches = [pairs] if len(pairs) >= GROUP_FROM else [[pair] for pair in pairs]
    for batch in batches:
        subject, tag = _items([item for item, _ in batch])
        item, mention = max(batch, key=lambda pair: pair[1].strength)
        yield Finding(
            key=f"goods.description_mismatch|{group}|{tag}",
            rule="R23",
            code="goods.description_mismatch",
            subject=subject,
            evidence=(
                f"{_said(item)}: '{mention.words}' names {mention.group.says}, "
                + (
                    f"which does not belong under HS {_hs6(item)[:4]}."
                    if item.commodity_code
                    else "without a tariff code."
                )
            ),
            cleared_by="Photographs, data sheet or examination that show what the goods are, and the right code for them.",
            strength=round(mention.strength, 3),
            inputs={
                "group": group,
                "words": mention.words,
                "items": [item.goods_item_number for item, _ in batch],
            },
        )


def _vague(items: Sequence[GoodsItem]) -> Iterable[Finding]:
    unique = list({item.goods_item_number: item for item in items}.values())
    batches = [unique] if len(unique) >= GROUP_FROM else [[item] for item in unique]
    for batch in batches:
        subject, tag = _items(batch)
        yield Finding(
            key=f"goods.vague_description|{tag}",
            rule="R23",
            code="goods.vague_description",
            subject=subject,
            evidence=f"{_said(batch[0])} is on the high-priority list and described by words that say nothing.",
            cleared_by="A full description: make, model, part number, what it is used in.",
            inputs={"items": [item.goods_item_number for item in batch]},
        )


def _items(items: Sequence[GoodsItem]) -> tuple[Subject, str]:
    """(subject, part of a key) for one item or several."""
    if len(items) == 1:
        item = items[0]
        number = item.goods_item_number
        label = f"item {number}, {_coded(item)}"
        return Subject(kind="ITEM", index=number, label=label), f"item:{number}"
    numbers = sorted({item.goods_item_number for item in items})
    return Subject(kind="DECLARATION", label=f"items {_numbers(numbers)}"), "items"


def _numbers(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:NAMED_ITEMS])
    return shown if len(numbers) <= NAMED_ITEMS else f"{shown} and {len(numbers) - NAMED_ITEMS} more"


def _said(item: GoodsItem) -> str:
    text = " ".join((item.description_of_goods or "").split())
    quoted = text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"
    return f"Item {item.goods_item_number}, {_coded(item)}" + (f" '{quoted}'" if quoted else "")


def _coded(item: GoodsItem) -> str:
    return f"HS {_hs6(item)}" if item.commodity_code is not None else "no tariff code"


def _hs6(item: GoodsItem) -> str:
    return item.commodity_code.hs6 if item.commodity_code is not None else ""
