"""R02: a firm of a new name with the telephone, e-mail, room or house of a listed one, its innocent twins and what it needs."""

from functools import cache
from typing import Any

import pytest

from streams.assessment.screening import Rulebook, screen
from streams.declarations.model import Address, Party
from streams.findings import Finding, NotEvaluable
from streams.patterns.contacts import ContactFigures, Contacts
from streams.patterns.contract import PatternAdvice
from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.index import WatchlistIndex
from streams.watchlists.readers import ListFile
from tests.factory import declaration, item
from tests.patterns.trades import firm, gravity, told, trade
from tests.rules.judged import ON_WATCHLISTS, judged

pytestmark = pytest.mark.R02

LISTED = (
    WatchlistEntry(
        list="us_sdn", id="1", names=("Kargolayn Holding",), countries=("KG",), listed_on="2023-07-20",
        addresses=("Str. Shabdan Baatyra 27/1, Bishkek 720001, Kyrgyzstan", "P.O. Box 77, Bishkek", "Osh, Kyrgyzstan"),
        phones=("+996 312 555 777", "000000000", "+996 123 456 789"), emails=("office@kargolayn.kg", "none@none.com"),
    ),
    WatchlistEntry(
        list="us_sdn", id="2", names=("Tower Electronics",), countries=("AE",),
        addresses=("Office 1204, Jumeirah Business Centre 5, Cluster W, Dubai, United Arab Emirates",),
    ),
    WatchlistEntry(
        list="us_sdn", id="3", names=("Nevsky Optics",), countries=("RU",),
        addresses=("Nevsky Prospekt 88, office 14, Saint Petersburg 191025, Russia",),
    ),
)  # fmt: skip


@cache
def index(*entries: WatchlistEntry) -> WatchlistIndex:
    file = ListFile(list="us_sdn", edition="1", sha256="0" * 64, format="test", entries=entries or LISTED)
    return WatchlistIndex.build([file])


@cache
def rulebook() -> Rulebook:
    return Rulebook.load()


def at(street: str, city: str = "Bishkek", country: str = "KG", **more: str) -> Address:
    return Address(lines=(street,), city=city, country=country, **more)


def hits(*, role: str = "CONSIGNEE", **fields: Any) -> tuple[list[Finding], list[NotEvaluable]]:
    buyer = Party(role=role, name="Jibek Joly Machinery", **fields)
    return judged(declaration(parties=(buyer,)), *ON_WATCHLISTS, index=index())


CONTACTS = [
    {"phone": "00996 (312) 55-57-77"},
    {"email": "Office@Kargolayn.KG"},
    {"address": at("27/1, Shabdan Baatyra street")},
    {"address": at("ul. Shabdan Baatyra, d. 27/1", postcode="720001")},
    {"address": at("Шабдан Баатыра 27/1", "Бишкек")},
]


@pytest.mark.parametrize("fields", CONTACTS)
def test_another_name_with_a_listed_partys_contact(fields: dict[str, Any]) -> None:
    [finding], blind = hits(**fields)
    assert finding.rule == "R02" and finding.inputs["entry"] == "1"
    assert '"Jibek Joly Machinery"' in finding.evidence
    assert 'which is that of "Kargolayn Holding" on' in finding.evidence
    assert "R02" not in {one.rule for one in blind}


def test_the_same_house_is_an_audit_and_with_chips_an_examination() -> None:
    buyer = Party(role="CONSIGNEE", name="Jibek Joly Machinery", address=at("Shabdan Baatyra 27/1"))
    lanes = [
        screen(
            declaration(parties=(buyer,), country_of_destination="KG", goods_items=(goods,)),
            index(),
            rulebook(),
        ).lane
        for goods in (item(), item(hs6="854231", description="integrated circuits, microcontrollers"))
    ]
    assert lanes == ["BLUE", "YELLOW"]


TWINS: list[dict[str, Any]] = [
    {"address": Address(city="Bishkek", country="KG")},
    {"address": Address(lines=("Bishkek 720001",), city="Bishkek", country="KG")},
    {"address": at("Osh")},
    {"address": at("Shabdan Baatyra street 29")},
    {"address": at("Shabdan Baatyra street 27/2")},
    {"address": at("Chuy avenue 27/1")},
    {"address": at("Shabdan Baatyra street 27/1", "Osh")},
    {"address": at("Shabdan Baatyra street 27/1", country="KZ")},
    {"address": at("P.O. Box 77")},
    {"address": at("Jumeirah Business Centre 5, Cluster W, office 907", "Dubai", "AE")},
    {"address": at("Jumeirah Business Centre 5, Cluster W", "Dubai", "AE")},
    {"address": at("Nevsky Prospekt 88, office 15", "Saint Petersburg", "RU")},
    {"phone": "+996 312 555 778"},
    {"phone": "000 000 000"},
    {"phone": "0123456789"},
    {"phone": "555777"},
    {"email": "none@none.com"},
    {"email": "sales@kargolayn.kg"},
]


@pytest.mark.parametrize("fields", TWINS)
def test_its_innocent_twin(fields: dict[str, Any]) -> None:
    assert hits(**fields)[0] == []


@pytest.mark.parametrize(
    ("address", "entry", "strength"),
    [
        (at("Jumeirah Business Centre 5, Cluster W, office 1204", "Dubai", "AE"), "2", 1.0),
        (at("Nevsky Prospekt 88 of. 14", "Saint Petersburg", "RU"), "3", 1.0),
        (at("Nevsky Prospekt 88", "Saint Petersburg", "RU"), "3", 0.7),
    ],
)
def test_the_same_room_counts_even_where_very_many_have_the_house(
    address: Address, entry: str, strength: float
) -> None:
    [finding], _ = hits(address=address)
    assert (finding.code, finding.inputs["entry"], finding.strength) == ("list.address", entry, strength)


def test_a_party_without_contacts_is_not_cleared() -> None:
    for fields in ({}, {"phone": "n/a"}, {"email": "none@none.com"}, {"address": Address(country="KG")}):
        _, blind = hits(**fields)
        [missing] = [one.missing for one in blind if one.rule == "R02"]
        assert missing == ("declaration.parties[0].phone, email, address.lines",)


def test_a_list_without_contacts_clears_nobody() -> None:
    names = index(WatchlistEntry(list="us_sdn", id="9", names=("Somebody",), addresses=("Bishkek",)))
    buyer = Party(role="CONSIGNEE", name="Jibek Joly Machinery", phone="+996 312 555 777")
    _, blind = judged(declaration(parties=(buyer,)), *ON_WATCHLISTS, index=names)
    assert [one.missing for one in blind if one.rule == "R02"] == [
        ("watchlists[].phones, emails, addresses",)
    ]


def test_a_forwarders_telephone_that_very_many_give_tells_little() -> None:
    """The list has it of a customer of the forwarder's, and twenty other firms give it too."""
    contact = {"phone": "996312555777"}
    past = [
        trade("2022-05-01", takers=(firm(f"{name} {kind}", index=0, **contact),))
        for name in ("Manas", "Tulpar", "Barskoon", "Karakol", "Tokmok", "Uzgen", "Naryn")
        for kind in ("Textile", "Dairy", "Ceramic")
    ]
    asks = trade(takers=(firm("Jibek Joly Machinery", index=0, **contact),))
    advice = told(Contacts(gravity(), ContactFigures.bundled()), past, asks)
    buyer = Party(role="CONSIGNEE", name="Jibek Joly Machinery", phone="+996 312 555 777")
    chips = item(hs6="854231", description="integrated circuits, microcontrollers")
    version = declaration(parties=(buyer,), country_of_destination="KG", goods_items=(chips,))

    def contact_points(known: PatternAdvice) -> float:
        verdict = screen(version, index(), rulebook(), advice=known)
        [finding] = [one for one in verdict.findings if one.code == "list.contact"]
        assert ("it seems to be the contact of somebody who serves them" in finding.evidence) == bool(
            known.services
        )
        return finding.points

    assert contact_points(PatternAdvice()) == 60
    assert contact_points(advice) == 18
