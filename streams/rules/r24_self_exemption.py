"""R24: an exemption that the trader declares himself, on controlled goods to a destination where that is a red flag."""

from streams.findings import NotEvaluable
from streams.rules import items
from streams.rules.figures import figure
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion

CLOSE_CIRCLE = figure("R24", "close_circle")


def judge(screened: ScreenedVersion) -> Judged:
    """One finding for all such items; a list of the user's own is left out, since its exemptions are not known."""
    if screened.goods.uncoded:
        yield NotEvaluable(rule="R24", missing=(items.CODE,))
    lines = [line for line in screened.goods.lines if line.licence.state == "SELF_EXEMPTION"]
    if not lines:
        return
    declared, concern = screened.declaration.country_of_destination, _of_concern(screened)
    lines = [
        line
        for line in lines
        if line.hit.list.header.kind != "user_list"
        and (line.item.country_of_destination or declared or "") in concern
    ]
    if not lines:
        return
    codes = sorted({code for line in lines for code in line.licence.codes})
    goods = list({line.item.goods_item_number: line.item for line in lines}.values())
    subject, tag = items.subject(goods)
    destination = goods[0].country_of_destination or declared
    yield SELF_EXEMPTION.finding(
        f"goods.self_exemption|{tag}",
        subject,
        inputs={
            "codes": codes,
            "items": [item.goods_item_number for item in goods],
            "destination": destination,
        },
        codes=", ".join(codes),
    )


def _of_concern(screened: ScreenedVersion) -> frozenset[str]:
    """Destinations where goods are diverted, or embargoed."""
    return frozenset(
        country
        for country in screened.trip.destinations
        if country in screened.embargoes
        or ((circle := screened.circle(country)) and circle.strength >= CLOSE_CIRCLE)
    )


SELF_EXEMPTION = FindingKind(
    code="goods.self_exemption",
    sentence="For {subject}, bound for {destination}, the trader declares {codes}: his own word that no licence is needed. On "
    "goods of this list and to this destination that is a red flag, not a clearance.",
    cleared_by="The trader's written classification of the goods, or the licensing authority's opinion.",
)
RULE = Rule("R24", judge, (SELF_EXEMPTION,))
