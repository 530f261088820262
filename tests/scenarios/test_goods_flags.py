"""Red flags of goods, each with its innocent twin: what an officer would read in one declaration."""

from datetime import UTC, datetime

import pytest

from streams.declarations.model import Document
from tests.assessment.cases import blind, codes, found, verdict
from tests.factory import item, party, route

pytestmark = [
    pytest.mark.G01,
    pytest.mark.G03,
    pytest.mark.G05,
    pytest.mark.R23,
    pytest.mark.D01,
    pytest.mark.D02,
]

SCOPES = item(hs6="901310", description="Telescopic sights for hunting rifles")
CHIPS = item(hs6="854231", description="Processors and controllers")
LICENCE = Document(type="X002", reference_number="DE2022001", write_off_quantity="500", write_off_unit="KGM")
DIRECT = route("DE", "PL", "BY", "RU", "KZ", "KG")


def _export(**changes):
    """German exports to Kyrgyzstan by the direct road."""
    ordinary = {
        "regime": "EXPORT",
        "country_of_dispatch": "DE",
        "country_of_destination": "KG",
        "countries_of_routing": DIRECT,
        "mode_of_transport_at_border": "3",
        "parties": (
            party("EXPORTER", "Brennhoff Handel GmbH", country="DE"),
            party("CONSIGNEE", "Ala-Too Trade OsOO", country="KG", phone="+996 312 555013"),
        ),
    }
    return verdict(**ordinary | changes)


def test_a_high_priority_code_alone_is_no_alert() -> None:
    assert _export(goods_items=(CHIPS,), country_of_destination="US", countries_of_routing=()).lane == "GREEN"


def test_ball_bearings_to_kazakhstan_by_the_usual_road_are_no_alert() -> None:
    answer = _export(
        goods_items=(item(hs6="848210", description="Ball bearings for wheel hubs"),),
        country_of_destination="KZ",
        countries_of_routing=route("DE", "PL", "BY", "RU", "KZ"),
        parties=(party("CONSIGNEE", "Baiterek TOO", country="KZ", phone="+7 701 555 01 34"),),
    )
    assert answer.lane == "GREEN"
    assert {"goods.high_priority", "destination.diversion", "route.embargoed_transit"} <= codes(answer)


def test_first_tier_goods_to_the_closest_circle_are_an_audit() -> None:
    assert _export(goods_items=(CHIPS,)).lane == "BLUE"


def test_rifle_scopes_to_kyrgyzstan_are_an_audit_and_periscopes_are_not() -> None:
    assert _export(goods_items=(SCOPES,)).lane == "BLUE"
    assert _export(goods_items=(item(hs6="901310", description="Periscopes"),)).lane == "GREEN"


def test_chips_to_a_factory_under_a_licence_are_released() -> None:
    licensed = item(hs6="854231", description="Processors", documents=(LICENCE,))
    answer = _export(goods_items=(licensed,))
    assert answer.lane == "GREEN"
    assert found(answer, "goods.licence_presented").points < 0
    assert found(answer, "goods.high_priority").points > 0  # lowered, never deleted


@pytest.mark.parametrize(
    "signs",
    [
        {"countries_of_routing": route("DE", "LT", "BY", "RU", "KG")},
        {"parties": (party("CONSIGNEE", "Nur Kanat OsOO", country="KG", phone="+7 916 555 01 34"),)},
        {"parties": (party("CONSIGNEE", "TO ORDER", country="KG"),)},
        {"documents": (Document(type="Y901"),)},
    ],
    ids=["roundabout way", "Russian telephone", "to order", "self-exemption"],
)
@pytest.mark.parametrize(
    ("hs6", "description"),
    [
        ("854231", "Integrated circuits, processors"),
        ("848210", "Ball bearings"),
        ("845710", "Machining centres for working metal"),
    ],
    ids=["tier 1", "tier 3", "tier 4"],
)
def test_a_hidden_sign_lifts_every_tier_to_an_examination_of_documents(
    hs6: str, description: str, signs: dict
) -> None:
    answer = _export(goods_items=(item(hs6=hs6, description=description),), **signs)
    assert answer.lane == "YELLOW"
    assert found(answer, "combination.C02") is not None
    ordinary = _export(goods_items=(item(hs6="870899", description="Car parts"),), **signs)
    assert ordinary.lane in ("GREEN", "BLUE")


def test_a_russian_buyer_behind_a_kyrgyz_consignee() -> None:
    parties = (party("CONSIGNEE", "Nur Kanat OsOO", country="KG"), party("BUYER", "Vektor OOO", country="RU"))
    assert _export(goods_items=(CHIPS,), parties=parties).lane == "RED"
    assert _export(goods_items=(item(hs6="870899", description="Car parts"),), parties=parties).lane == "BLUE"


def test_a_licence_lowers_an_examination_to_an_audit() -> None:
    licensed = item(hs6="854231", description="Processors", documents=(LICENCE,))
    around = route("DE", "LT", "BY", "RU", "KG")
    assert _export(goods_items=(CHIPS,), countries_of_routing=around).lane == "YELLOW"
    assert _export(goods_items=(licensed,), countries_of_routing=around).lane == "BLUE"


def test_a_licence_for_one_item_does_not_cover_the_other() -> None:
    licensed = item(1, "854231", "Processors", documents=(LICENCE,))
    bare = item(2, "854232", "Memories")
    around = route("DE", "LT", "BY", "RU", "KG")
    assert _export(goods_items=(licensed, bare), countries_of_routing=around).lane == "YELLOW"


def test_high_priority_goods_to_an_embargoed_destination_are_examined_whatever_their_tier() -> None:
    for hs6 in ("854231", "848210", "845710"):
        goods = (item(hs6=hs6, description="Goods of the list"),)
        answer = _export(
            goods_items=goods, country_of_destination="RU", countries_of_routing=route("DE", "LV", "RU")
        )
        assert answer.lane == "RED"


def test_medicines_to_russia_pass() -> None:
    medicines = (item(hs6="300490", description="Medicaments, retail"),)
    answer = _export(
        goods_items=medicines, country_of_destination="RU", countries_of_routing=route("DE", "LV", "RU")
    )
    assert answer.lane == "GREEN"
    assert found(answer, "destination.embargoed") is not None


def test_a_bare_licence_number_is_not_enough_to_an_embargoed_destination() -> None:
    bare = item(hs6="854231", description="IC", documents=(Document(type="X002", reference_number="1"),))
    covered = item(hs6="854231", description="IC", documents=(LICENCE,))
    to_russia = {"country_of_destination": "RU", "countries_of_routing": ()}
    assert _export(goods_items=(bare,), **to_russia).lane in ("RED", "YELLOW")
    assert _export(goods_items=(covered,), **to_russia).lane == "BLUE"


def test_arms_are_an_audit_by_themselves() -> None:
    shot = (item(hs6="930621", description="Shotgun cartridges"),)
    assert _export(goods_items=shot, country_of_destination="CH", countries_of_routing=()).lane == "BLUE"


def test_scopes_under_a_toy_code() -> None:
    hidden = item(hs6="950300", description="Прицел оптический 4-16x50 с креплением")
    assert _export(goods_items=(hidden,)).lane == "YELLOW"
    assert _export(goods_items=(item(hs6="950300", description="Игрушки пластмассовые"),)).lane == "GREEN"


def test_a_list_hit_beside_controlled_goods_is_examined() -> None:
    listed = (party("CONSIGNEE", "ОсОО «Карголайн»", country="KG"),)
    assert _export(goods_items=(CHIPS,), parties=listed).lane == "RED"
    assert _export(goods_items=(item(),), parties=listed).lane == "RED"


def test_a_licence_says_nothing_of_a_listed_party() -> None:
    licensed = (item(hs6="854231", description="Processors", documents=(LICENCE,)),)
    listed = (party("CONSIGNEE", "OSOO KARGOLAYN", country="KG"),)
    assert _export(goods_items=licensed, parties=listed).lane == "RED"


def test_trade_before_the_war_is_judged_by_its_day() -> None:
    before = datetime(2021, 6, 1, tzinfo=UTC)
    answer = _export(
        goods_items=(CHIPS,), country_of_destination="RU", countries_of_routing=(), event_date_time=before
    )
    assert answer.lane == "GREEN"
    assert "destination.embargoed" not in codes(answer)


def test_goods_without_a_code_are_not_called_clear() -> None:
    answer = _export(goods_items=(item(commodity_code=None, description_of_goods=None),))
    assert blind(answer, "G01").missing == ("declaration.goodsItems[].commodityCode",)
    assert blind(answer, "R23").missing == ("declaration.goodsItems[].descriptionOfGoods",)
