"""G06: goods that a law bars from going to their destination, or from coming from where they come from."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct

from streams.declarations.model import GoodsItem
from streams.declarations.regimes import INBOUND
from streams.findings import Finding, NotEvaluable
from streams.goods.prohibitions import Barring, Direction
from streams.goods.units import pieces
from streams.goods.worth import VALUE, worth
from streams.rules import items
from streams.rules.d01_diversion import NO_DESTINATION
from streams.rules.figures import figure
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion

PIECES_UNKNOWN = figure("G06", "pieces_unknown")
NO_LIST = "a list of the goods that {} law bars (docs/controls.md)"
NUMBER_OF_PIECES = "declaration.goodsItems[].supplementaryUnits"
Standing = Literal["barred", "may be", "by value"]
"""Whether goods are barred: certainly; perhaps, since only some of the code are; perhaps, as a piece's value is not known."""
_RANK: dict[Standing, int] = {"barred": 2, "may be": 1, "by value": 0}


class _Case(Struct, frozen=True):
    """An item under a measure."""

    item: GoodsItem
    barring: Barring
    country: str
    standing: Standing
    bound: bool
    """goods and exporter are certainly under this law"""
    each: str = ""
    """what a piece is worth, in words"""
    lacks: str = ""


def judge(screened: ScreenedVersion) -> Judged:
    """One finding an item and jurisdiction, its weightiest measure; one for many items under one measure."""
    prohibitions, trip = screened.controls.prohibitions, screened.trip
    lacking = [NO_LIST.format(one) for one in prohibitions.without_list]
    if prohibitions.lists and not trip.destinations:
        lacking += NO_DESTINATION
    imports = screened.declaration.regime in INBOUND and not (
        prohibitions.countries["import"].isdisjoint((trip.dispatch, *trip.origins))
    )
    groups: dict[tuple[str, str, str, Standing], list[_Case]] = {}
    if imports or not prohibitions.countries["export"].isdisjoint(trip.destinations):
        lacking += items.lacking(screened.goods)
        for item in screened.declaration.goods_items:
            for case in _weightiest(item, screened):
                key = case.barring.list.header.name, case.barring.barred.key, case.country, case.standing
                groups.setdefault(key, []).append(case)
        lacking += [case.lacks for cases in groups.values() for case in cases if case.lacks]
    if lacking:
        yield NotEvaluable(rule="G06", missing=tuple(dict.fromkeys(lacking)))
    for cases in groups.values():
        for batch in items.batches(cases):
            yield _finding(batch)


def _weightiest(item: GoodsItem, screened: ScreenedVersion) -> Iterator[_Case]:
    best: dict[tuple[str, Direction], _Case] = {}
    for case in _cases(item, screened):
        place = case.barring.list.header.jurisdiction, case.barring.barred.measure.direction
        known = best.get(place)
        if known is None or _weight(case) > _weight(known):
            best[place] = case
    yield from best.values()


def _weight(case: _Case) -> tuple[int, bool, int]:
    barring = case.barring
    return _RANK[case.standing], not barring.barred.partial, len(barring.barred.code)


def _cases(item: GoodsItem, screened: ScreenedVersion) -> Iterator[_Case]:
    code, day = item.commodity_code, screened.day
    if code is None:
        return
    for barring in screened.controls.prohibitions.found(code, day):
        measure = barring.barred.measure
        if not measure.since <= day <= measure.until:
            continue
        countries = (
            _whither(item, screened) if measure.direction == "export" else _whence(item, barring, screened)
        )
        country = next((country for country in countries if country in measure.countries), None)
        if country is None:
            continue
        bound = measure.direction == "import" or _bound(item, barring, screened)
        standing: Standing = "barred" if barring.whole and bound else "may be"
        if barring.barred.above_eur is None:
            yield _Case(item, barring, country, standing, bound)
            continue
        by_value, each, lacks = _by_value(item, barring, standing, screened)
        if by_value is not None:
            yield _Case(item, barring, country, by_value, bound, each, lacks)


def _whither(item: GoodsItem, screened: ScreenedVersion) -> Sequence[str]:
    own = item.country_of_destination or screened.declaration.country_of_destination
    return (own,) if own else screened.trip.destinations


def _whence(item: GoodsItem, barring: Barring, screened: ScreenedVersion) -> Sequence[str]:
    """Where an item comes from that comes into the territory; nothing for one that does not."""
    if screened.declaration.regime not in INBOUND:
        return ()
    own_view = screened.controls.prohibitions.own_view or barring.list.header.own
    destinations = _whither(item, screened)
    within = any(_within(country, barring, screened) for country in destinations)
    if not (within or (own_view and (not destinations or not barring.list.header.territory))):
        return ()
    named = (item.country_of_origin, item.country_of_dispatch or screened.trip.dispatch)
    return [country for country in named if country]


def _within(country: str | None, barring: Barring, screened: ScreenedVersion) -> bool:
    territory = barring.list.header.territory
    return country == territory or country in screened.atlas.countries.unions.get(territory, ())


def _bound(item: GoodsItem, barring: Barring, screened: ScreenedVersion) -> bool:
    """Whether the goods are sent from the territory, or made there where the law follows them."""
    if screened.controls.prohibitions.own_view or barring.list.header.own:
        return True
    declaration = screened.declaration
    sent = (item.country_of_dispatch, screened.trip.dispatch, declaration.country_of_export)
    if any(_within(country, barring, screened) for country in sent):
        return True
    return barring.list.header.follows_origin and _within(item.country_of_origin, barring, screened)


def _by_value(
    item: GoodsItem, barring: Barring, standing: Standing, screened: ScreenedVersion
) -> tuple[Standing | None, str, str]:
    """(standing, a piece's value in words, what is missing): not barred where no piece can be worth more than the measure has."""
    above, declaration = barring.barred.above_eur or Decimal(0), screened.declaration
    known = worth(
        item,
        declaration.invoice_currency,
        screened.trip.dispatch or declaration.country_of_export,
        screened.day,
        screened.controls.prohibitions.rates,
    )
    if known.euro is None:
        return "by value", "", known.lacks or VALUE
    if known.euro <= above:
        return None, "", ""
    count = pieces(item)
    if count is not None:
        each = known.euro / count
        if each <= above:
            return None, "", ""
        return standing, f"{each:,.2f} euro for a piece", ""
    mass = Decimal(item.net_mass_kg) if item.net_mass_kg else Decimal(0)
    light_heavy = barring.barred.measure.piece_kg
    if mass <= 0 or light_heavy is None:
        return standing, f"{known.euro:,.2f} euro, pieces not declared", NUMBER_OF_PIECES
    light, heavy = (Decimal(str(kilograms)) for kilograms in light_heavy)
    fewest, most = max(Decimal(1), mass / heavy), max(Decimal(1), mass / light)
    if known.euro / fewest <= above:
        return None, "", ""
    if known.euro / most > above:
        return standing, f"by the mass more than {known.euro / most:,.2f} euro for a piece", ""
    return "by value", "", NUMBER_OF_PIECES


def _finding(cases: Sequence[_Case]) -> Finding:
    strongest = max(cases, key=_weight)
    barring, kind = strongest.barring, _KINDS[strongest.standing]
    head, barred = barring.list.header, barring.barred
    subject, tag = items.subject([case.item for case in cases])
    inputs: dict[str, Any] = {
        "jurisdiction": head.jurisdiction,
        "list": head.name,
        "listVersion": barring.list.version,
        "act": head.act,
        "annex": barred.measure.annex,
        "textOf": head.as_of,
        "direction": barred.measure.direction,
        "country": strongest.country,
        "entry": barred.code,
        "codeLevel": barred.level,
        "items": [case.item.goods_item_number for case in cases],
        "hs6": sorted({items.hs6(case.item) for case in cases}),
    }
    if barred.measure.article:
        inputs["article"] = barred.measure.article
    if barred.above_eur is not None:
        inputs["aboveEuro"] = str(barred.above_eur)
    if not barring.whole:
        inputs["partialScope"] = True
    if barring.converted:
        inputs["convertedTo"] = list(barring.converted)
        inputs["hsEdition"] = f"{barring.edition}{' assumed' if barring.assumed else ''}"
    return kind.finding(
        f"goods.barred|{head.name}|{barred.key}|{tag}|{strongest.country}",
        subject,
        strength=PIECES_UNKNOWN if strongest.lacks == NUMBER_OF_PIECES and kind is BY_VALUE else 1.0,
        inputs=inputs,
        goods=subject.label if len(cases) > 1 else items.said(strongest.item),
        many=len(cases) > 1,
        strongest=strongest,
    )


def _sentence(goods: str, many: bool, strongest: _Case) -> str:
    barring = strongest.barring
    head, barred = barring.list.header, barring.barred
    measure = barred.measure
    among = "are among" if many else "is among"
    if strongest.standing != "barred":
        among = "may be among"
    article = f", article {measure.article}" if measure.article else ""
    code = f"{'ex ' if barred.partial else ''}{barred.code}"
    said = (
        f"{goods} {among} the goods that {head.bars[measure.direction]} {strongest.country}: {measure.annex} of {head.act}"
        f"{article} ({measure.says}, code {code}), text of {head.as_of}."
    )
    if barred.above_eur is not None:
        worth_said = (
            f"declared are {strongest.each}" if strongest.each else "what a piece is worth is not known"
        )
        said += f" Meant are pieces above {barred.above_eur:,} euro: {worth_said}."
    if barred.partial and barred.above_eur is None:
        said += ' Only some goods of this code are meant ("ex").'
    elif barring.finer:
        said += " Only some goods of the declared code are meant."
    if barring.converted:
        assumed = " (assumed)" if barring.assumed else ""
        some = "; not all of these are listed" if barring.uncertain else ""
        said += (
            f" The code is of HS {barring.edition}{assumed}; in HS {barring.into} it is "
            f"{' or '.join(barring.converted)}{some}."
        )
    if not strongest.bound:
        said += f" Whether the law of {head.law_of} binds this trade is not seen from the declaration."
    return said


CLEARED_BY = (
    "The text in force on the day, where it no longer names the goods; an exception or authorisation under it, with its number; "
    "or papers that show that the goods are others."
)
BARRED = FindingKind(code="goods.barred", sentence=_sentence, cleared_by=CLEARED_BY)
MAY_BE = FindingKind(code="goods.may_be_barred", sentence=_sentence, cleared_by=CLEARED_BY)
BY_VALUE = FindingKind(
    code="goods.barred_by_value",
    sentence=_sentence,
    cleared_by="The invoice with the number of pieces and the price of each, where none is above the value.",
)
_KINDS: dict[Standing, FindingKind] = {"barred": BARRED, "may be": MAY_BE, "by value": BY_VALUE}
RULE = Rule("G06", judge, (BARRED, MAY_BE, BY_VALUE))
