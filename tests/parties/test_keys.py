"""The keys by which firms, numbers, telephones, e-mails and addresses are compared, the same for all that compares.

The tests named `..._differed` say where the copies disagreed that these keys replace.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.declarations.model import Address, Party
from streams.lifecycle.concerns import who
from streams.parties.addresses import street_key
from streams.parties.emails import email_key
from streams.parties.identifiers import compact, identifier_key, identifier_keys
from streams.parties.telephones import phone_countries, phone_key, phone_tail
from streams.patterns.contacts import contacts
from streams.patterns.trade import firm_of


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("+996 312 555 013", "996312555013"),
        ("00996 (312) 555-013", "996312555013"),
        ("0312 555 013", "312555013"),
        ("12 34 56", None),
        ("call me", None),
        (None, None),
    ],
)
def test_a_telephone_by_its_digits(text: str | None, key: str | None) -> None:
    assert phone_key(text) == key


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("+7 916 555 01 34", {"RU"}),
        ("+77015550134", {"KZ"}),
        ("007 727 555 0134", {"KZ"}),
        ("+7 000 555 01 34", {"KZ"}),
        ("+7 555 000 0000", {"RU", "KZ"}),
        ("(+996) 312 555 013", {"KG"}),
        ("+49 421 555013", {"DE"}),
        ("0312 555 013", set()),
        ("+99", set()),
        ("+999 12345678", set()),
        ("call me", set()),
    ],
)
def test_the_country_of_a_telephone(phone: str, expected: set[str]) -> None:
    assert phone_countries(phone) == expected


@pytest.mark.parametrize("text", ["000000000", "+996 123 456 789", "111 111 111", "987654321"])
def test_what_stands_for_no_telephone_differed(text: str) -> None:
    """Watchlists passed over such numbers, the detector of shared contacts took them for one that firms have in common."""
    assert phone_key(text) is None and phone_tail(text) is None
    assert [kind for kind, _, _ in _contacts(phone=text)] == []


@pytest.mark.parametrize("text", ["none@none.com", "test@firm.example", "office@example.com", "no mail"])
def test_what_stands_for_no_email_differed(text: str) -> None:
    """As for telephones."""
    assert email_key(text) is None
    assert [kind for kind, _, _ in _contacts(email=text)] == []


def test_an_email_is_the_same_in_any_case() -> None:
    assert email_key(" Office@Kargolayn.KG ") == "office@kargolayn.kg"


@pytest.mark.parametrize("text", ["KG 0199-2005.10123", "kg01992005 10123", "KG/01992005/10123"])
def test_a_number_without_what_formats_it(text: str) -> None:
    assert compact(text) == "KG0199200510123"
    assert identifier_keys(text) == ["KG0199200510123", "0199200510123"]


def test_a_letter_whose_capital_has_a_mark_differed() -> None:
    """Amendments compared it with the mark, registers and the memory of firms without."""
    assert compact("ǰ1234567") == "J1234567" == identifier_key("ǰ1234567")
    assert who(Party(role="CONSIGNEE", identification_number="ǰ1234567")) == "J1234567"


def test_a_street_by_its_words_and_city() -> None:
    address = Address(lines=("Ул. Киевская, 95",), city="Бишкек", country="KG")
    assert street_key(address) == "ul kievskaya 95 bishkek"
    assert street_key(Address(city="Bishkek")) is None and street_key(None) is None


@given(st.text())
def test_any_text_has_keys_or_none(text: str) -> None:
    phone, email = phone_key(text), email_key(text)
    assert phone is None or (phone.isascii() and phone.isdigit() and len(phone) <= 30)
    assert email is None or "@" in email
    assert compact(compact(text)) == compact(text)
    assert phone_countries(text) == phone_countries(f" {text} ")


def _contacts(**given: str) -> list[tuple[str, str, str]]:
    firm = firm_of(0, Party(role="CONSIGNEE", name="Ala-Too Trade", **given))
    assert firm is not None
    return list(contacts(firm))
