"""R27: contacts shared by firms that are otherwise different, the innocent twins and what it needs."""

import pytest

from streams.patterns.contacts import ContactFigures, Contacts
from streams.patterns.trade import DeclaredTrade, TradingFirm
from tests.patterns.trades import blind, codes, firm, found, gravity, only, shirts, told, trade

pytestmark = pytest.mark.R27

CONTACTS = Contacts(gravity(), ContactFigures.bundled())
PHONE = {"phone": "996555123456"}
NAMES = "Manas,Kyrgyz,Jibek,Tulpar,Sulaiman,Barskoon,Naryn,Karakol,Tokmok,Balykchy,Uzgen,Kerben".split(",")


def by(*firms: TradingFirm, on: str = "2022-05-01", **changes) -> list[DeclaredTrade]:
    return [trade(on, takers=(one,), **changes) for one in firms]


def named(*names: str, **contact: str) -> list[TradingFirm]:
    return [firm(f"{name} Electronics", **contact) for name in names]


ASKS = trade(takers=(firm("Ala Trade", **PHONE),))


@pytest.mark.parametrize(
    ("contact", "others", "strength"),
    [
        (PHONE, 1, 0.5),
        (PHONE, 3, 1.0),
        ({"email": "office@trade.example"}, 1, 0.5),
        ({"address": "chuy 12 4 bishkek"}, 2, 0.4),
        ({"address": "chuy 12 4 bishkek"}, 6, 1.0),
    ],
)
def test_firms_of_one_contact_that_get_chips(contact: dict, others: int, strength: float) -> None:
    answer = told(
        CONTACTS, by(*named(*NAMES[:others], **contact)), trade(takers=(firm("Ala Trade", **contact),))
    )
    assert codes(answer) == {"contact.shared"}
    assert found(answer, "contact.shared").strength == strength


def test_it_says_how_many() -> None:
    finding = found(told(CONTACTS, by(*named(*NAMES[:3], **PHONE)), ASKS), "contact.shared")
    assert finding.evidence.endswith(
        "its telephone '996555123456' was also that of 3 other firms in 180 days, of which 3 got such goods in a country of "
        "concern."
    )


def test_two_firms_in_one_house_are_neighbours() -> None:
    house = {"address": "chuy 12 bishkek"}
    assert not told(
        CONTACTS, by(*named("Manas", **house)), trade(takers=(firm("Ala Trade", **house),))
    ).findings


def test_firms_that_share_an_accountant_say_little() -> None:
    past = by(*named("Manas", **PHONE), goods=(shirts(),))
    finding = found(told(CONTACTS, past, ASKS), "contact.shared")
    assert finding.strength == 0.2
    assert "of which none gets such goods" in finding.evidence


def test_a_firm_spelt_otherwise_is_the_same_firm() -> None:
    past = by(firm("ОсОО Манас Электроникс", **PHONE), firm("MANAS Electronics LLC", **PHONE))
    assert not told(CONTACTS, past, trade(takers=(firm("Manass Elektronik", **PHONE),))).findings


def test_a_firm_that_changed_its_name_is_the_same_firm() -> None:
    past = by(firm("Manas", number="KG1", **PHONE))
    assert not told(CONTACTS, past, trade(takers=(firm("Tulpar", number="KG1", **PHONE),))).findings


def test_names_that_come_together_by_a_third_are_one_firm() -> None:
    past = by(firm("Manas", number="KG1", **PHONE), firm("Tulpar", number="KG1", **PHONE))
    assert not told(CONTACTS, past, trade(takers=(firm("Tulpar", number="KG2", **PHONE),))).findings


def test_a_contact_of_very_many_is_a_service() -> None:
    past = by(*named(*NAMES[:11], **PHONE))
    answer = told(CONTACTS, past, ASKS)
    assert not answer.findings
    assert answer.not_evaluable[0].missing == ("a contact of its own: this telephone serves 12 firms",)


def test_a_contact_of_hundreds_is_only_counted() -> None:
    past = by(*(firm(f"Firm{a}{b}", **PHONE) for a in NAMES for b in NAMES))
    answer = told(CONTACTS, past, ASKS)
    assert answer.not_evaluable[0].missing == (
        "a contact of its own: this telephone serves more than 50 firms",
    )


def test_a_number_that_passed_on_long_ago_is_not_shared() -> None:
    assert not told(CONTACTS, by(*named("Manas", **PHONE), on="2021-11-01"), ASKS).findings


def test_what_bears_a_later_day_does_not_count() -> None:
    later = by(*named("Manas", "Tulpar", **PHONE), on="2022-06-16")
    assert not told(CONTACTS, later, ASKS, forget=False).findings


def test_buyer_and_consignee_of_one_declaration_may_have_one_telephone() -> None:
    both = (firm("Manas", **PHONE), firm("Tulpar", "BUYER", index=2, **PHONE))
    assert only(CONTACTS.contributions(trade(takers=both))).part.text == PHONE["phone"]


def test_a_street_without_a_house_is_no_address() -> None:
    street = trade(takers=(firm(address="chuy avenue bishkek"),))
    assert only(CONTACTS.contributions(street)).key.startswith("none|")


def test_without_any_contact_nothing_can_be_told() -> None:
    answer = told(CONTACTS, [], trade())
    assert answer.not_evaluable[0].missing == (
        "declaration.parties[].phone",
        "declaration.parties[].email",
        "declaration.parties[].address.lines",
    )


def test_while_memory_is_young_a_contact_may_be_shared() -> None:
    alone = told(CONTACTS, [], ASKS, began="2022-03-01")
    assert blind(alone) == {"R27"}
    assert codes(told(CONTACTS, by(*named("Manas", **PHONE)), ASKS, began="2022-03-01")) == {"contact.shared"}
