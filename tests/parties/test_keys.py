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
from streams.parties.telephones import former_phone_key, phone_countries, phone_key, phone_tails, version
from streams.patterns.contacts import contacts
from streams.patterns.trade import firm_of


@pytest.mark.parametrize(
    ("text", "country", "key"),
    [
        ("+996 312 555 013", None, "996312555013"),
        ("00996 (312) 555-013", "DE", "996312555013"),
        ("(+996) 312 555 013", "DE", "996312555013"),
        ("0312 555 013", None, "312555013"),
        ("12 34 56", "KG", None),
        ("call me", "KG", None),
        (None, None, None),
    ],
)
def test_a_telephone_by_its_digits(text: str | None, country: str | None, key: str | None) -> None:
    assert phone_key(text, country) == key


@pytest.mark.parametrize(
    ("text", "country", "key"),
    [
        ("0312 555 013", "KG", "996312555013"),
        ("8 (701) 765-43-21", "KZ", "77017654321"),
        ("0 532 765 43 21", "TR", "905327654321"),
        ("998901234567", "UZ", "998901234567"),
        ("22 12 34 56", "NO", "4722123456"),
        ("028 9024 1234", "XI", "442890241234"),
        ("06 1234 5678", "IT", "390612345678"),
        ("79161234567", "KG", "79161234567"),  # of another country, the plus left out
        ("765 43 21", "US", "7654321"),  # without its area
    ],
)
def test_a_number_as_it_is_dialled_at_home_differed(text: str, country: str, key: str) -> None:
    """Shared contacts compared the digits as written, so that it did not meet the same number with its prefix; watchlists
    compared the last nine digits, which a Norwegian number has not."""
    assert phone_key(text, country) == key
    assert phone_tails(text, country) >= ({key[-9:]} if len(key) > 8 else set())


@pytest.mark.parametrize(
    "text",
    [
        "+44 (0)20 7946 0123",
        "Tel. +44 20 7946 0123",
        "+44 20 7946 0123 ext. 45",
        "＋４４ ２０ ７９４６ ０１２３",
        "+٤٤ ٢٠ ٧٩٤٦ ٠١٢٣",
    ],
)
def test_what_is_written_around_a_number_differed(text: str) -> None:
    """A nought in brackets, a word before, an extension and digits of other scripts made another number of it, or none whose
    country was known."""
    assert phone_key(text) == "442079460123"
    assert phone_countries(text) == {"GB", "GG", "IM", "JE", "XI"}
    assert phone_tails(text) == {"079460123"} | ({"946012345"} if "45" in text[20:] else set())


@pytest.mark.parametrize(
    "text", ["8 (701) 765-43-21", "00971 50 123 45 67", "0 532 765 43 21", "+44 (0)20 7946 0123"]
)
def test_a_detector_asks_for_what_was_kept_before(text: str) -> None:
    """`tests/upgrades` finds state of the first release under these keys."""
    assert former_phone_key(text) == {
        "8": "87017654321", "00": "971501234567", "0 ": "5327654321", "+": "4402079460123"
    }[next(head for head in ("+", "00", "0 ", "8") if text.startswith(head))]  # fmt: skip


def test_a_verdict_names_plans_and_table() -> None:
    assert "phonenumbers-" in version() and version().startswith("2026-")


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("+7 916 555 01 34", {"RU"}),
        ("+77015550134", {"KZ"}),
        ("007 727 555 0134", {"KZ"}),
        ("+7 555 000 0000", {"RU", "KZ"}),
        ("(+996) 312 555 013", {"KG"}),
        ("+49 421 555013", {"DE"}),
        ("0312 555 013", set()),
        ("+99", set()),
        ("+999 12345678", set()),
        ("call me", set()),
        ("+870 773 100 100", set()),  # a satellite's
        # Where our table of prefixes differed from the numbering plans:
        ("+7 000 555 01 34", {"RU", "KZ"}),
        ("+681 72 12 34", {"WF"}),
        ("+508 41 23 45", {"PM"}),
    ],
)
def test_the_country_of_a_telephone(phone: str, expected: set[str]) -> None:
    assert phone_countries(phone) == expected


@pytest.mark.parametrize("text", ["000000000", "+996 123 456 789", "111 111 111", "987654321"])
def test_what_stands_for_no_telephone_differed(text: str) -> None:
    """Watchlists passed over such numbers, the detector of shared contacts took them for one that firms have in common."""
    assert phone_key(text) is None and not phone_tails(text)
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
