"""Red flags of offices of exit, places, carriers, addresses and terms (R12, R16, R17, R26, D03, D04, D06, D07), each with
its innocent twin and what it needs."""

from datetime import UTC, datetime

import pytest

from streams.declarations.model import Address, CustomsOffice, DeliveryTerms, TransportMeans
from tests.assessment.cases import blind, codes, found, verdict
from tests.factory import item, party, route

pytestmark = [
    pytest.mark.D03,
    pytest.mark.D04,
    pytest.mark.D06,
    pytest.mark.D07,
    pytest.mark.R12,
    pytest.mark.R16,
    pytest.mark.R17,
    pytest.mark.R25,
    pytest.mark.R26,
]

CHIPS = (item(hs6="854231", description="Processors and controllers"),)
SHIRTS = (item(hs6="610910", description="Cotton T-shirts"),)
DE_FIRM = party("EXPORTER", "Brennhoff Handel GmbH", country="DE")
BEFORE_THE_BAN = {"event_date_time": datetime(2022, 9, 1, tzinfo=UTC)}
SINCE_THE_BAN = {"event_date_time": datetime(2024, 3, 1, tzinfo=UTC)}


def _receiver(country: str, **changes):
    return party("CONSIGNEE", "Ala-Too Trade OsOO", country=country, **changes)


def _exit(number: str, role: str = "EXIT") -> tuple[CustomsOffice, ...]:
    return (CustomsOffice(role=role, reference_number=number),)


def _sent(
    destination: str, dispatch: str = "DE", *, mode: str | None = "3", way: tuple[str, ...] = (), **changes
):
    """Chips on the road from Germany, with no routing unless `way` names it."""
    return verdict(
        **{
            "regime": "EXPORT",
            "country_of_dispatch": dispatch,
            "country_of_destination": destination,
            "countries_of_routing": route(dispatch, *way, destination) if way else (),
            "mode_of_transport_at_border": mode,
            "goods_items": CHIPS,
            "parties": (DE_FIRM, _receiver(destination)),
        }
        | BEFORE_THE_BAN
        | changes
    )


# ---- office of exit ----


@pytest.mark.parametrize("office", ["LV000721", "LT000001", "EE000001", "FI000001", "PL301040"])
@pytest.mark.parametrize("destination", ["KG", "KZ", "UZ", "AM"])
def test_an_exit_office_behind_which_only_russia_or_belarus_lies(office: str, destination: str) -> None:
    finding = found(_sent(destination, customs_offices=_exit(office)), "route.embargoed_transit")
    assert finding is not None and f"office of exit {office} to {destination}" in finding.evidence
    assert finding.strength == 0.5


@pytest.mark.parametrize(
    ("destination", "office", "mode"),
    [
        ("KG", "BG001015", "3"),  # by Turkey and the Caspian
        ("KZ", "PL302060", "3"),  # Dorohusk, into Ukraine
        ("AM", "BG001015", "3"),
        ("KG", "LV000721", "4"),  # by air from Riga
        ("AE", "LV000721", "1"),  # by sea from Riga
        ("NO", "FI000001", "3"),
        ("DE", "LT000001", "3"),
    ],
)
def test_exit_offices_with_another_way_on(destination: str, office: str, mode: str) -> None:
    answer = _sent(destination, "PL", mode=mode, customs_offices=_exit(office))
    assert not codes(answer) & {"route.embargoed_transit", "route.circuitous"}


def test_since_the_ban_the_office_of_exit_tells_a_barred_transit() -> None:
    lithuanian = {"customs_offices": _exit("LT000001")} | SINCE_THE_BAN
    assert "route.banned_transit" in codes(_sent("KZ", **lithuanian))
    assert "route.banned_transit" not in codes(_sent("KZ", goods_items=SHIRTS, **lithuanian))


def test_in_transit_the_office_of_destination_is_where_goods_leave() -> None:
    latvian = _exit("LV000721", "DESTINATION")
    assert (
        found(_sent("KZ", regime="TRANSIT", customs_offices=latvian), "route.embargoed_transit").strength == 1
    )
    assert "route.embargoed_transit" not in codes(_sent("KZ", regime="EXPORT", customs_offices=latvian))


@pytest.mark.parametrize(
    ("dispatch", "destination", "fires"),
    [("DE", "AM", True), ("DE", "TR", True), ("LV", "AM", False), ("DE", "KZ", False), ("DE", "KG", False)],
)
def test_the_wrong_border_is_one_with_a_way_around(dispatch: str, destination: str, fires: bool) -> None:
    """To Kazakhstan every road leads through Russia, and a Latvian exporter leaves through Latvia."""
    answer = _sent(destination, dispatch, customs_offices=_exit("LV000721"))
    assert ("route.circuitous" in codes(answer)) is fires


def test_a_neighbouring_office_says_nothing_where_only_the_ends_are_declared() -> None:
    ends = _sent("UA", countries_of_routing=route("DE", "UA"), customs_offices=_exit("PL302060"))
    assert "route.circuitous" not in codes(ends)


def test_without_routing_office_and_places_the_way_cannot_be_told() -> None:
    nothing = _sent("KZ")
    assert blind(nothing, "R16").missing == ("declaration.countriesOfRouting",)
    assert blind(nothing, "R17").missing == ("declaration.countriesOfRouting",)
    without_mode = _sent("KZ", mode=None, customs_offices=_exit("LV000721"))
    assert "declaration.modeOfTransportAtBorder" in blind(without_mode, "R16").missing
    assert blind(without_mode, "R17") is not None
    assert blind(_sent("KZ", customs_offices=_exit("LV000721")), "R17") is None


# ---- places of loading and unloading, first destination, offices of transit ----


@pytest.mark.parametrize("place", ["RUMOW", "RU MOW"])
def test_a_lorry_that_unloads_in_russia_what_is_declared_for_kyrgyzstan(place: str) -> None:
    finding = found(_sent("KG", place_of_unloading=place), "route.embargoed_transit")
    assert finding.strength == 1 and f"place of unloading {place}" in finding.evidence
    assert "between RU and KG stands no customs" in finding.evidence


@pytest.mark.parametrize("place", ["KGFRU", "KZALA", "Moscow", "RUGBY", "RUM", None])
def test_places_that_name_no_embargoed_country(place: str | None) -> None:
    assert "route.embargoed_transit" not in codes(_sent("KG", place_of_unloading=place))


def test_a_ship_for_kazakhstan_unloads_in_saint_petersburg_and_one_for_turkey_does_not() -> None:
    kazakh = _sent("KZ", mode="1", place_of_unloading="RULED")
    assert found(kazakh, "route.embargoed_transit").strength == 0.5
    assert "route.circuitous" not in codes(kazakh)
    turkish = found(_sent("TR", mode="1", place_of_unloading="RULED"), "route.circuitous")
    assert "although TR has ports of its own" in turkish.evidence
    assert "route.circuitous" not in codes(_sent("TR", mode="1", place_of_unloading="TRIST"))


def test_an_aircraft_that_loads_or_unloads_in_russia() -> None:
    assert "by air it touches RU (place of unloading RUSVO)" in (
        found(_sent("KG", mode="4", place_of_unloading="RUSVO"), "route.circuitous").evidence
    )
    assert "route.circuitous" not in codes(_sent("KG", mode="4", place_of_unloading="TRIST"))


@pytest.mark.parametrize(
    "said",
    [
        {"country_of_first_destination": "RU"},
        {"place_of_loading": "BYMSQ"},
        {"customs_offices": _exit("RU000001", "TRANSIT")},
    ],
    ids=["first destination", "place of loading", "office of transit"],
)
def test_whatever_names_an_embargoed_country_on_the_way_counts(said: dict) -> None:
    assert "route.embargoed_transit" in codes(_sent("KG", **said))
    assert "route.embargoed_transit" not in codes(_sent("KG", goods_items=SHIRTS, **said))


def test_goods_said_to_come_from_turkey_are_loaded_in_russia() -> None:
    inbound = {"regime": "IMPORT", "goods_items": SHIRTS, "mode": "1"}
    russian = _sent("DE", "TR", place_of_loading="RUNVS", **inbound)
    assert found(russian, "origin.embargoed").inputs["countries"] == ["RU"]
    assert "origin.embargoed" not in codes(_sent("DE", "TR", place_of_loading="TRIST", **inbound))
    train = _sent(
        "DE", "CN", place_of_loading="BYBQT", way=("KZ", "RU", "BY", "PL"), **inbound | {"mode": "2"}
    )
    assert "origin.embargoed" not in codes(train)


# ---- the whole way ----


def test_a_way_over_land_that_wanders() -> None:
    around = _sent("AM", way=("PL", "SK", "HU", "RS", "MK", "GR", "BG", "RO", "BG", "TR", "GE"))
    assert "the shortest way from DE to AM" in found(around, "route.circuitous").evidence
    usual = _sent("AM", way=("AT", "HU", "RO", "BG", "TR", "GE"))
    assert "route.circuitous" not in codes(usual)


@pytest.mark.parametrize("year", [2021, 2022])
def test_the_road_by_the_caspian_is_no_detour_even_before_the_war(year: int) -> None:
    day = {"event_date_time": datetime(year, 9, 1, tzinfo=UTC)}
    assert "route.circuitous" not in codes(_sent("KG", way=("BG", "TR", "GE", "AZ", "KZ"), **day))


def test_goods_that_entered_the_union_need_no_further_border() -> None:
    inbound = {"regime": "IMPORT", "goods_items": SHIRTS}
    italian = _sent("IT", "KZ", way=("RU", "BY", "PL"), **inbound)
    assert "route.circuitous" not in codes(italian)
    swiss = _sent("CH", "KZ", way=("RU", "BY", "PL"), **inbound)
    assert "the last country before CH is PL" in found(swiss, "route.circuitous").evidence


def test_by_air_from_hub_to_hub() -> None:
    assert "calls at AE and HK" in found(_sent("KG", mode="4", way=("AE", "HK")), "route.circuitous").evidence
    assert "route.circuitous" not in codes(_sent("KG", mode="4", way=("TR",)))
    assert "route.circuitous" not in codes(_sent("CN", mode="1", way=("TR", "AE", "HK")))


# ---- nationality of the means of transport ----


def _carried(nationality: str | None, destination: str = "KZ", dispatch: str = "DE", **changes):
    means = (TransportMeans(role="ACTIVE_BORDER", identification_number="T 123", nationality=nationality),)
    return _sent(destination, dispatch, transport_means=means, **changes)


def test_a_russian_lorry_with_goods_of_concern_from_the_european_union() -> None:
    finding = found(_carried("RU"), "transport.embargoed_carrier")
    assert finding.strength == 1 and "since 2022-04-16" in finding.evidence
    early = {"event_date_time": datetime(2022, 3, 20, tzinfo=UTC)}
    assert "transport.embargoed_carrier" not in codes(_carried("RU", "KZ", **early))
    assert "transport.embargoed_carrier" not in codes(_carried("KZ"))
    assert "transport.embargoed_carrier" not in codes(_carried("RU", goods_items=SHIRTS))


def test_russian_lorries_are_at_home_in_the_customs_union_and_next_door() -> None:
    assert "transport.embargoed_carrier" not in codes(_carried("RU", "KG", "CN"))
    assert "transport.embargoed_carrier" not in codes(_carried("RU", "GE", "TR"))
    assert "transport.embargoed_carrier" not in codes(_carried("BY", "KG", "CN"))


def test_a_ship_under_a_flag_far_from_its_way() -> None:
    assert found(_carried("RU", "AE", "TH", mode="1"), "transport.embargoed_carrier").strength == 0.5
    assert "transport.embargoed_carrier" not in codes(_carried("IR", "AE", "TH", mode="1"))
    assert "transport.embargoed_carrier" not in codes(_carried("PA", "AE", "TH", mode="1"))


def test_a_carrier_of_no_declared_nationality_cannot_be_told() -> None:
    assert blind(_carried(None), "D06").missing == ("declaration.transportMeans[].nationality",)
    assert blind(_carried("KZ", mode=None), "D06").missing == ("declaration.modeOfTransportAtBorder",)
    assert blind(_carried(None, goods_items=SHIRTS), "D06") is None


# ---- addresses ----


def _addressed(**address):
    consignee = party("CONSIGNEE", "Nur OsOO", address=Address(**{"country": "KG"} | address))
    return _sent("KG", parties=(DE_FIRM, consignee))


@pytest.mark.parametrize(
    "address",
    [
        {"city": "Moscow"},
        {"city": "г. Москва"},
        {"city": "MINSK"},
        {"city": "Bishkek", "lines": ("Lesnaya 5, Russian Federation",)},
    ],
)
def test_a_kyrgyz_consignee_with_an_address_in_an_embargoed_country(address: dict) -> None:
    assert "but '" in found(_addressed(**address), "party.address_country").evidence


@pytest.mark.parametrize(
    "address",
    [
        {"city": "Bishkek", "lines": ("ul. Moskovskaya 12",)},
        {"city": "Bishkek", "lines": ("prospekt Rossiya 3",)},
        {"city": "Osh", "lines": ("Moscow 15",)},
        {"city": "Moscow", "country": "RU"},
        {"city": "Moscow", "country": "US"},
        {"city": "Mińsk Mazowiecki", "country": "PL"},
    ],
)
def test_addresses_that_only_sound_alike(address: dict) -> None:
    assert "party.address_country" not in codes(_addressed(**address))


def test_an_address_of_which_only_the_country_is_known_cannot_be_told() -> None:
    assert blind(_addressed(), "D07").missing == ("declaration.parties[CONSIGNEE].address.city",)
    assert blind(_addressed(city="Osh"), "D07") is None


@pytest.mark.parametrize(
    ("country", "phone", "strength"),
    [
        ("KZ", "+7 727 250 00 00", None),
        ("KZ", "+7 701 555 01 34", None),
        ("KZ", "+7 495 555 01 34", 1.0),
        ("KZ", "8 10 7 495 555 01 34", None),
        ("RU", "+7 701 555 01 34", 0.4),
        ("KG", "+7 701 555 01 34", 0.4),
    ],
)
def test_plus_seven_is_told_apart_by_the_next_digit(country: str, phone: str, strength: float | None) -> None:
    finding = found(_sent(country, parties=(DE_FIRM, _receiver(country, phone=phone))), "party.phone_country")
    assert (finding.strength if finding else None) == strength


# ---- the deal ----


@pytest.mark.parametrize(
    "terms",
    [
        {"delivery_terms": DeliveryTerms(incoterm="DAP", place="Moscow", country="RU")},
        {"delivery_terms": DeliveryTerms(incoterm="CPT", place="RUMOW")},
        {"place_of_delivery": "RUMOW"},
        {"trading_country": "RU"},
    ],
)
def test_goods_for_kyrgyzstan_whose_contract_names_russia(terms: dict) -> None:
    assert found(_sent("KG", **terms), "destination.deal_embargoed").inputs["country"] == "RU"


@pytest.mark.parametrize(
    "terms",
    [
        {"delivery_terms": DeliveryTerms(incoterm="DAP", place="Bishkek", country="KG")},
        {"delivery_terms": DeliveryTerms(incoterm="FCA", place="Moscow", country="RU")},  # the seller's end
        {"trading_country": "AE"},
        {"country_of_destination": "RU", "trading_country": "RU"},
        {"regime": "IMPORT", "trading_country": "RU"},
    ],
)
def test_terms_that_name_nothing_new(terms: dict) -> None:
    assert "destination.deal_embargoed" not in codes(_sent("KG", **terms))


def test_an_intermediate_consignee_off_the_way_disagrees_with_the_ultimate_one() -> None:
    ultimate = party("ULTIMATE_CONSIGNEE", "Anadolu Makina AS", country="TR")
    kyrgyz = party("INTERMEDIATE_CONSIGNEE", "Nur OsOO", country="KG")
    emirati = party("INTERMEDIATE_CONSIGNEE", "Gulf Hub FZE", country="AE")
    assert "destination.consignee_elsewhere" in codes(_sent("TR", parties=(DE_FIRM, ultimate, kyrgyz)))
    on_the_way = _sent("KG", mode="4", way=("AE",), parties=(DE_FIRM, _receiver("KG"), emirati))
    assert "destination.consignee_elsewhere" not in codes(on_the_way)


def test_an_ultimate_consignee_in_another_country_than_the_consignee() -> None:
    elsewhere = party("ULTIMATE_CONSIGNEE", "Nur OsOO", country="KG")
    same = party("ULTIMATE_CONSIGNEE", "Anadolu Makina AS", country="TR")
    assert "destination.consignee_elsewhere" in codes(_sent("TR", parties=(_receiver("TR"), elsewhere)))
    assert "destination.consignee_elsewhere" not in codes(_sent("TR", parties=(_receiver("TR"), same)))


def test_a_payer_in_a_country_that_has_no_part_in_it() -> None:
    payer = party("FINANCIAL", "Gulf Pay FZE", country="AE")
    own = party("FINANCIAL", "Ala-Too Holding", country="KG")
    third = _sent("KG", parties=(DE_FIRM, _receiver("KG"), payer))
    assert "paid for from AE" in found(third, "party.opaque_end_user").evidence
    assert "party.opaque_end_user" not in codes(_sent("KG", parties=(DE_FIRM, _receiver("KG"), own)))
    shirts = _sent("KG", goods_items=SHIRTS, parties=(DE_FIRM, _receiver("KG"), payer))
    assert "party.opaque_end_user" not in codes(shirts)


def test_an_ultimate_consignee_declared_as_a_reseller() -> None:
    reseller = party("ULTIMATE_CONSIGNEE", "Nur OsOO", country="KG", ultimate_consignee_type="R")
    maker = party("ULTIMATE_CONSIGNEE", "Nur OsOO", country="KG", ultimate_consignee_type="D")
    user = party("END_USER", "Zavod OsOO", country="KG")
    assert found(_sent("KG", parties=(DE_FIRM, reseller)), "party.forwarder").strength == 0.5
    assert "party.forwarder" not in codes(_sent("KG", parties=(DE_FIRM, maker)))
    assert "party.forwarder" not in codes(_sent("KG", parties=(DE_FIRM, reseller, user)))


# ---- how much it weighs ----


def test_ordinary_exports_by_the_usual_road_stay_green() -> None:
    """Shirts and ordinary goods to Central Asia through Latvia, before the ban and since."""
    kazakh_lorry = (TransportMeans(role="ACTIVE_BORDER", identification_number="T 1", nationality="KZ"),)
    for destination in ("KG", "KZ", "UZ"):
        for day in (BEFORE_THE_BAN, SINCE_THE_BAN):
            answer = _sent(
                destination,
                goods_items=SHIRTS,
                customs_offices=_exit("LV000721"),
                transport_means=kazakh_lorry,
                **day,
            )
            assert answer.lane == "GREEN"
