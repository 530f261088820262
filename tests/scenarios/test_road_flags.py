"""Red flags of roads and receivers (D01-D05, R12, R16, R17, R25, R26), each with its innocent twin and what it needs."""

from datetime import UTC, datetime

import pytest

from streams.declarations.model import CustomsOffice, Document
from tests.assessment.cases import blind, codes, found, verdict
from tests.factory import item, party, route

pytestmark = [
    pytest.mark.D01,
    pytest.mark.D02,
    pytest.mark.D03,
    pytest.mark.D04,
    pytest.mark.D05,
    pytest.mark.R12,
    pytest.mark.R16,
    pytest.mark.R17,
    pytest.mark.R25,
    pytest.mark.R26,
]

CHIPS = (item(hs6="854231", description="Processors and controllers"),)
CARS = (item(hs6="870899", description="Car parts"),)
KG_FIRM = party("CONSIGNEE", "Ala-Too Trade OsOO", country="KG", phone="+996 312 555013")
DE_FIRM = party("EXPORTER", "Brennhoff Handel GmbH", country="DE")


def _road(*countries: str, mode: str = "3", goods=CHIPS, **changes):
    return verdict(
        **{
            "regime": "EXPORT",
            "country_of_dispatch": countries[0],
            "country_of_destination": countries[-1],
            "countries_of_routing": route(*countries),
            "mode_of_transport_at_border": mode,
            "goods_items": goods,
            "parties": (DE_FIRM, KG_FIRM),
        }
        | changes
    )


@pytest.mark.parametrize(
    ("countries", "mode"),
    [
        (("DE", "PL", "BY", "RU", "KZ"), "3"),
        (("DE", "PL", "BY", "RU", "KZ", "KG"), "3"),
        (("LT", "LV", "RU", "KZ", "UZ"), "3"),
        (("IT", "SI", "HU", "SK", "PL", "BY", "RU", "KZ"), "3"),
        (("CN", "KZ", "RU", "BY", "PL", "DE"), "2"),
        (("CN", "KG"), "3"),
        (("CN", "KZ", "KG"), "2"),
        (("CN", "KG", "TJ"), "3"),
        (("TR", "GE", "RU", "KZ", "KG"), "3"),
        (("TR", "GE", "AZ", "KZ"), "3"),
        (("TR", "IR", "TM", "UZ"), "3"),
        (("DE", "AT", "HU", "RO", "BG", "TR", "GE", "AM"), "3"),
        (("JP", "RU", "KZ", "KG"), "2"),
        (("DE", "NL", "GB"), "3"),
        (("DE", "TR", "KG"), "4"),
        (("IT", "TR", "GE"), "1"),
    ],
    ids=" ".join,
)
def test_the_roads_that_goods_take_every_day_fit(countries: tuple[str, ...], mode: str) -> None:
    assert "route.circuitous" not in codes(_road(*countries, mode=mode))


@pytest.mark.parametrize(
    ("countries", "mode", "says"),
    [
        (
            ("DE", "LT", "BY", "RU", "KG"),
            "3",
            "the last country before KG is RU, which has no border with it",
        ),
        (("LT", "BY", "RU", "AM"), "3", "the last country before AM is RU"),
        (("CN", "RU", "KZ", "KG"), "2", "2 borders more than the shortest way"),
        (("DE", "RU", "KG"), "4", "by air it touches RU"),
    ],
    ids=["skips Kazakhstan", "skips Georgia", "around by Russia", "flies by Moscow"],
)
def test_a_way_that_does_not_fit_is_told(countries: tuple[str, ...], mode: str, says: str) -> None:
    finding = found(_road(*countries, mode=mode), "route.circuitous")
    assert finding is not None and says in finding.evidence


def test_a_way_of_which_only_the_ends_are_declared_says_nothing() -> None:
    assert "route.circuitous" not in codes(_road("DE", "KG"))


def test_an_exit_office_on_the_wrong_border() -> None:
    caspian = ("DE", "AT", "HU", "RO", "BG", "TR", "GE", "AZ", "KZ")
    latvian = (CustomsOffice(role="EXIT", reference_number="LV000721"),)
    bulgarian = (CustomsOffice(role="EXIT", reference_number="BG001015"),)
    finding = found(_road(*caspian, customs_offices=latvian), "route.circuitous")
    assert finding is not None and "LV000721 in LV" in finding.evidence
    assert "route.circuitous" not in codes(_road(*caspian, customs_offices=bulgarian))


def test_routes_that_cannot_be_told() -> None:
    none = _road("DE", "KG", countries_of_routing=())
    assert blind(none, "R16").missing == ("declaration.countriesOfRouting",)
    assert blind(none, "R17").missing == ("declaration.countriesOfRouting",)
    no_mode = _road("DE", "LT", "BY", "RU", "KG", mode_of_transport_at_border=None)
    assert blind(no_mode, "R16").missing == ("declaration.modeOfTransportAtBorder",)


def test_without_controlled_goods_nobody_minds_the_transit() -> None:
    ordinary = _road("DE", "PL", "BY", "RU", "KZ", goods=CARS)
    assert not codes(ordinary) & {"route.embargoed_transit", "route.banned_transit"}
    assert blind(_road("DE", "KZ", goods=CARS, countries_of_routing=()), "R17") is None


def test_transit_weighs_more_than_the_usual_road() -> None:
    export = found(_road("DE", "PL", "BY", "RU", "KZ"), "route.embargoed_transit")
    transit = found(_road("DE", "PL", "BY", "RU", "KZ", regime="TRANSIT"), "route.embargoed_transit")
    assert export.strength < transit.strength == 1.0
    bearings = (item(hs6="848210", description="Ball bearings"),)
    assert _road("DE", "PL", "BY", "RU", "KZ", regime="TRANSIT", goods=bearings).lane == "BLUE"


def test_since_the_ban_the_transit_itself_is_a_case() -> None:
    after = {"event_date_time": datetime(2024, 3, 1, tzinfo=UTC)}
    european = _road("DE", "PL", "BY", "RU", "KZ", **after)
    assert "since 2023-" in found(european, "route.banned_transit").evidence
    assert european.lane == "YELLOW"
    turkish = _road("TR", "GE", "RU", "KZ", **after)
    assert "route.banned_transit" not in codes(turkish)


def test_a_train_from_china_to_europe_is_no_alert() -> None:
    parties = (
        party("CONSIGNOR", "Kashgar Textile", country="CN"),
        party("IMPORTER", "Alsbach GmbH", country="DE"),
    )
    train = _road("CN", "KZ", "RU", "BY", "PL", "DE", mode="2", regime="IMPORT", parties=parties)
    assert "route.embargoed_transit" in codes(train)
    assert train.lane == "GREEN"


def test_supply_through_a_third_country() -> None:
    chips = (item(hs6="854231", description="Processors", country_of_origin="US"),)
    hub = _road("HK", "KG", goods=chips, mode="4", regime="IMPORT")
    assert "made in US come from HK" in found(hub, "route.third_country_supply").evidence
    own = (item(hs6="854231", description="Processors", country_of_origin="CN"),)
    assert "route.third_country_supply" not in codes(_road("HK", "KG", goods=own, mode="4", regime="IMPORT"))
    assert "route.third_country_supply" not in codes(_road("US", "KG", goods=chips, mode="4"))


def test_destinations_of_items_count() -> None:
    goods = (item(1), item(2, country_of_destination="RU"))
    assert found(_road("DE", "KG", goods=goods), "destination.embargoed").inputs["destination"] == "RU"


def test_without_a_destination_the_consignees_country_stands_in_and_is_called_so() -> None:
    answer = _road("DE", "KG", country_of_destination=None, countries_of_routing=())
    assert "the consignee's address" in found(answer, "destination.diversion").evidence
    nothing = _road("DE", "KG", country_of_destination=None, countries_of_routing=(), parties=(DE_FIRM,))
    assert blind(nothing, "D01") is not None and blind(nothing, "D02") is not None


def test_a_buyer_in_an_embargoed_country() -> None:
    russian = party("BUYER", "Vektor OOO", country="RU")
    answer = _road("DE", "KG", parties=(DE_FIRM, KG_FIRM, russian))
    assert "buyer Vektor OOO is in RU" in found(answer, "destination.party_embargoed").evidence
    carrier = party("CARRIER", "Minsktrans", country="BY")
    assert "destination.party_embargoed" not in codes(_road("DE", "KG", parties=(DE_FIRM, KG_FIRM, carrier)))


def test_a_consignee_in_a_third_country_and_one_within_the_union() -> None:
    emirati = party("CONSIGNEE", "Gulf Trading FZE", country="AE")
    assert "destination.consignee_elsewhere" in codes(_road("DE", "KG", parties=(DE_FIRM, emirati)))
    belgian = (party("CONSIGNEE", "Antwerp Import NV", country="BE"),)
    assert "destination.consignee_elsewhere" not in codes(_road("US", "DE", mode="1", parties=belgian))


def test_a_stop_that_cannot_be_told() -> None:
    answer = _road("DE", "KG", parties=(DE_FIRM, party("CONSIGNEE", "Ala-Too Trade OsOO")))
    assert blind(answer, "D03").missing == ("declaration.parties[CONSIGNEE].address.country",)


@pytest.mark.parametrize(
    ("phone", "strength"), [("+7 916 555 01 34", 1.0), ("+49 421 555013", 0.4), ("+996 555 123456", None)]
)
def test_the_telephone_of_a_consignee(phone: str, strength: float | None) -> None:
    answer = _road("DE", "KG", parties=(DE_FIRM, party("CONSIGNEE", "Nur OsOO", country="KG", phone=phone)))
    finding = found(answer, "party.phone_country")
    assert (finding.strength if finding else None) == strength
    assert blind(answer, "R25") is None


def test_a_kazakh_telephone_is_not_a_russian_one() -> None:
    kazakh = party("CONSIGNEE", "Baiterek TOO", country="KZ", phone="+7 701 555 01 34")
    assert "party.phone_country" not in codes(_road("DE", "KZ", parties=(DE_FIRM, kazakh)))


@pytest.mark.parametrize("phone", [None, "0312 555013"])
def test_a_telephone_that_tells_no_country(phone: str | None) -> None:
    answer = _road("DE", "KG", parties=(DE_FIRM, party("CONSIGNEE", "Nur OsOO", country="KG", phone=phone)))
    assert blind(answer, "R25").missing == ("declaration.parties[CONSIGNEE].phone",)


def test_to_order_hides_more_where_nobody_stands_behind() -> None:
    order = party("CONSIGNEE", "TO ORDER", country="KG")
    alone = _road("DE", "KG", parties=(DE_FIRM, order))
    known = _road(
        "DE", "KG", parties=(DE_FIRM, order, party("NOTIFY_PARTY", "Ala-Too Trade OsOO", country="KG"))
    )
    assert found(alone, "party.opaque_end_user").strength == 1.0
    assert found(known, "party.opaque_end_user").strength == 0.5
    assert (alone.lane, known.lane) == ("YELLOW", "GREEN")


def test_nobody_named_matters_for_controlled_goods() -> None:
    assert "party.opaque_end_user" in codes(_road("DE", "KG", parties=(DE_FIRM,)))
    ordinary = _road("DE", "KG", goods=CARS, parties=(DE_FIRM,))
    assert "party.opaque_end_user" not in codes(ordinary)
    assert blind(ordinary, "R26").missing == ("declaration.parties[CONSIGNEE]",)
    assert blind(ordinary, "R12") is not None


def test_consignee_buyer_and_notify_party_in_three_countries() -> None:
    parties = (
        KG_FIRM,
        party("BUYER", "Gulf FZE", country="AE"),
        party("NOTIFY_PARTY", "Bosfor AS", country="TR"),
    )
    assert "AE, TR" in found(_road("DE", "KG", parties=parties), "party.opaque_end_user").evidence
    assert "party.opaque_end_user" not in codes(_road("DE", "KG", parties=parties[:2]))


def test_a_forwarder_as_consignee_and_one_with_an_end_user_behind() -> None:
    forwarder = party("CONSIGNEE", "Bishkek Cargo Logistics OsOO", country="KG")
    user = party("END_USER", "Ala-Too Zavod OsOO", country="KG")
    assert "party.forwarder" in codes(_road("DE", "KG", parties=(DE_FIRM, forwarder)))
    assert "party.forwarder" not in codes(_road("DE", "KG", parties=(DE_FIRM, forwarder, user)))


def test_a_consignee_that_is_also_the_carrier() -> None:
    one = party("CONSIGNEE", "Tulpar OsOO", country="KG", identification_number="1")
    same = party("CARRIER", "Tulpar Trans", country="KG", identification_number="1")
    other = party("CARRIER", "Tulpar OsOO", country="KG", identification_number="2")
    assert "also the carrier" in found(_road("DE", "KG", parties=(one, same)), "party.forwarder").evidence
    assert "party.forwarder" not in codes(_road("DE", "KG", parties=(one, other)))


def test_goods_from_an_embargoed_origin_are_a_factor_on_the_way_in() -> None:
    russian = (item(hs6="100199", description="Wheat", country_of_origin="RU"),)
    answer = _road(
        "TR",
        "DE",
        goods=russian,
        regime="IMPORT",
        parties=(party("IMPORTER", "Muehle Nord GmbH", country="DE"),),
    )
    assert found(answer, "origin.embargoed") is not None
    assert answer.lane == "GREEN"
    assert "origin.embargoed" not in codes(_road("TR", "DE", goods=russian, regime="EXPORT"))


def test_two_hidden_signs_with_first_tier_goods_are_an_examination_of_goods() -> None:
    scopes = (item(hs6="901310", description="Telescopic sights for hunting rifles"),)
    russian_phone = party("CONSIGNEE", "Nur Kanat OsOO", country="KG", phone="+7 916 555 01 34")
    answer = _road("DE", "LT", "BY", "RU", "KG", goods=scopes, parties=(DE_FIRM, russian_phone))
    assert answer.lane == "RED"
    licensed = Document(type="X002", reference_number="1", write_off_quantity="999", write_off_unit="KGM")
    covered = _road(
        "DE", "LT", "BY", "RU", "KG", goods=scopes, parties=(DE_FIRM, russian_phone), documents=(licensed,)
    )
    assert covered.lane == "BLUE"
