"""Placeholders: nobody is named, no number is given; and names that only sound so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.declarations.model import Address, Party
from streams.names import NameIndex, compare
from streams.names.placeholders import placeholders
from streams.parties.identifiers import identifier_keys
from streams.parties.identity import firm_key
from streams.patterns.trade import firm_of
from streams.watchlists.entry import WatchlistEntry

NOBODY = [
    *(
        "TO ORDER OF BANK",
        "To the order of the issuing bank",
        "TO ORDER OF COMMERCIAL BANK JSC",
        "TOORDER",
        "T.O. O.R.D.E.R.",
    ),
    *(
        "order of shipper",
        "nil",
        "N/A",
        "n.a.",
        "xxx",
        "Xxxx xxx",
        "ХХХ",
        "000",
        "UNKNOWN BUYER",
        "not known at time of export",
    ),
    *(
        "as agreed",
        "to whom it may concern",
        "same as consignee",
        "to be advised",
        "To Be Advised Later",
        "SEE INVOICE",
        "Nobody",
    ),
    *(
        "по приказу",
        "По приказу отправителя",
        "по распоряжению банка",
        "неизвестен",
        "Получатель не указан",
        "нет данных",
        "физ. лицо",
    ),
    *("po prikazu banka", "белгисиз", "белгісіз", "көрсөтүлгөн эмес", "за наказом банку", "noma'lum"),
    *("an Order", "an die Order der Bank", "unbekannter Empfänger", "wie vereinbart", "ohne Angabe"),
    *(
        "à l'ordre de la banque",
        "inconnu",
        "à qui de droit",
        "a la orden del banco",
        "desconocido",
        "all'ordine",
        "sconosciuto",
    ),
    *(
        "emrine",
        "BANKA EMRİNE",
        "bilinmiyor",
        "na zlecenie banku",
        "凭指示",
        "凭银行指示",
        "同收货人",
        "待定",
        "不详",
        "지시인",
    ),
]
SOMEBODY = [
    *(
        "Nil Trading LLC",
        "Order Optics",
        "Tobias Order",
        "Various Artists Ltd",
        "Unknown Worlds Inc",
        "First Bank, N.A.",
    ),
    *(
        "Made To Order LLC",
        "Nulo SL",
        "Emir Trading",
        "None Such Trading",
        "Blank Canvas Ltd",
        "As Per Nilsson AB",
        "Bank",
        "360",
    ),
    *(
        "Приказчиков и сыновья",
        "ОсОО «Нет Проблем»",
        "Sundry & Sons",
        "Same Deutz-Fahr",
        "Bearer Ltd",
        "指南针公司",
    ),
]


@pytest.mark.parametrize("text", NOBODY)
def test_a_placeholder_names_nobody(text: str) -> None:
    assert placeholders().read(text).nobody


@pytest.mark.parametrize("text", SOMEBODY)
def test_a_name_that_sounds_like_one_is_a_name(text: str) -> None:
    reading = placeholders().read(text)
    assert reading.names == (text,)
    assert not reading.opaque


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("TO THE ORDER OF KAPITAL BANK", "KAPITAL BANK"),
        ("To order: Demir Bank, Bishkek", "Demir Bank, Bishkek"),
        ("по приказу ОАО «Айыл Банк»", "ОАО «Айыл Банк»"),
        ("an die Order der Commerzbank AG", "Commerzbank AG"),
        ("À l'ordre de BNP Paribas", "BNP Paribas"),
        ("ZİRAAT BANKASI EMRİNE", "ZİRAAT BANKASI"),
        ("凭中国银行指示", "中国银行"),
    ],
)
def test_to_whose_order_is_a_name_where_it_says_more_than_a_common_word(text: str, behind: str) -> None:
    reading = placeholders().read(text)
    assert reading.opaque
    assert reading.names == (behind,)


def test_an_order_of_knights_is_a_name_and_so_is_what_follows() -> None:
    assert placeholders().read("Order of Malta").names == ("Order of Malta", "Malta")


@pytest.fixture(scope="module")
def index() -> NameIndex:
    names = ("IS BANK, AO", "KAPITAL BANK OAO", "Order Optics", "Zagros Unit Nine")
    return NameIndex.build(
        [WatchlistEntry(list="t", id=str(n), names=(name,)) for n, name in enumerate(names)]
    )


@pytest.mark.parametrize("text", NOBODY)
def test_no_list_hit_on_a_placeholder(index: NameIndex, text: str) -> None:
    search = index.search(text)
    assert search.hits == ()
    assert search.placeholder


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("TO THE ORDER OF KAPITAL BANK", "1"),
        ("Order Optics", "2"),
        ("AS AGREED ZAGROS UNIT NINE", "3"),
        ("same as consignee: Zagros Unit Nine", "3"),
    ],
)
def test_nobody_hides_behind_a_placeholder(index: NameIndex, text: str, met: str) -> None:
    assert [hit.entry for hit in index.search(text).hits][:1] == [met]


def test_a_placeholder_compares_with_nobody() -> None:
    assert compare("TO ORDER OF BANK", "IS BANK, AO").score == 0


@pytest.mark.parametrize("text", NOBODY)
def test_a_placeholder_is_no_firm_with_a_past_or_a_contact(text: str) -> None:
    party = Party(
        role="CONSIGNEE", name=text, phone="+996312000000", address=Address(country="KG", city="Bishkek")
    )
    assert firm_key(party) is None
    assert firm_of(0, party) is None


def test_to_order_is_no_firm_with_a_past_whoever_is_named_behind() -> None:
    assert firm_key(Party(role="CONSIGNEE", name="TO THE ORDER OF KAPITAL BANK")) is None


def test_a_placeholder_beside_the_name_in_its_own_script_does_not_hide_the_firm() -> None:
    found = firm_of(0, Party(role="CONSIGNEE", name="N/A", name_original_script="ОсОО Алтын Тоо"))
    assert found is not None
    assert found.name == "ОсОО Алтын Тоо"


@pytest.mark.parametrize("number", ["N/A", "000000000", "без номера", "-", "KG0000000"])
def test_a_placeholder_in_place_of_a_registered_number_is_no_firm_of_that_number(number: str) -> None:
    party = Party(role="CONSIGNEE", name="Altyn Too", identification_number=number)
    assert firm_key(party) == "nm:altyn too||"
    assert identifier_keys(number) == []


@pytest.mark.parametrize(
    "text",
    [
        *(
            "0",
            "000",
            "00-000/0",
            "-",
            "#",
            "***",
            "XXXX",
            "N/A",
            "none",
            "nil",
            "no",
            "tbd",
            "Licence N/A",
            "No. 0",
            "KG000000",
            "٠٠٠",
        ),
        *(
            "pending",
            "applied for",
            "not required",
            "NLR",
            "as per contract 5",
            "без номера",
            "б/н",
            "Б/Н от 12.03.2024",
            "не требуется",
        ),
        *(
            "лицензия не требуется",
            "ohne Nummer",
            "beantragt",
            "sans numéro",
            "sin número",
            "numarası yok",
            "номери жок",
            "нөмірсіз",
            "无",
        ),
    ],
)
def test_no_number(text: str) -> None:
    assert placeholders().no_number(text)


@pytest.mark.parametrize(
    "text",
    ["DE2022001", "No 12", "1", "S/N 12345", "X002", "OGEL", "Nr. 4", "0001", "Д-17/22", "许可证 45", "100"],
)
def test_a_number(text: str) -> None:
    assert not placeholders().no_number(text)


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    reading = placeholders().read(text)
    placeholders().no_number(text)
    assert reading.opaque or reading.names == (text,)


@settings(derandomize=True, deadline=None)
@given(st.sampled_from(NOBODY), st.sampled_from([" ", "  ", ".", "-", "*"]), st.booleans())
def test_case_and_punctuation_make_no_name(text: str, around: str, upper: bool) -> None:
    assert placeholders().read(around + (text.upper() if upper else text.lower()) + around).nobody
