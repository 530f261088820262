"""Firms' names: what stands about a name is no word of it, and forms of writing are read as what they stand for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.names import NameIndex, compare
from streams.names.analyse import analyse
from streams.names.fields import names_of_field, parts_of_field
from streams.names.places import place_agreement, places
from streams.watchlists.entry import WatchlistEntry
from tests.examples import tried

THRESHOLD = 0.81


@pytest.mark.parametrize(
    ("name", "tokens", "kinds", "where"),
    [
        ("Kubanych Metiz LLC, Bishkek", "kubanych metiz", {"llc"}, ("KG:bishkek",)),
        ("ОсОО «Кубаныч Метиз», г. Бишкек", "kubanych metiz", {"llc"}, ("KG:bishkek",)),
        ("KUBANYCH METIZ FZE, Dubai UAE", "kubanych metiz", {"llc"}, ("AE", "AE:dubai")),
        ("Kubanych Metiz (HK) Limited", "kubanych metiz", {"llc"}, ("HK:hong kong",)),
        ("Kubanych (Shenzhen) Metiz Co., Ltd.", "kubanych metiz", {"llc"}, ("CN:shenzhen",)),
        ("Kubanych Metiz St. Petersburg", "kubanych metiz", set(), ("RU:saint petersburg",)),
        ("Bank of China (Hong Kong)", "bank of china", set(), ("HK:hong kong",)),
        # The city is the name, or belongs to it.
        ("Paris LLC", "paris", {"llc"}, ()),
        ("Bank of Moscow", "bank of moscow", set(), ()),
        ("Air China", "air china", set(), ()),
    ],
)
def test_a_place_beside_a_name_is_no_word_of_it(
    name: str, tokens: str, kinds: set[str], where: tuple[str, ...]
) -> None:
    found = analyse(name)
    assert (" ".join(found.tokens), found.legal, found.places) == (tokens, kinds, where)


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("HK KUBANYCH LIMITED", "HONG KONG KUBANYCH LIMITED"),
        ("SZ METIZ TECHNOLOGY CO LTD", "SHENZHEN METIZ TECHNOLOGY CO LTD"),
        ("KUBANYCH GZ METIZ CO LTD", "KUBANYCH GUANGZHOU METIZ CO LTD"),
        ("Кубаныч Метиз Москва ООО", "OOO Kubanych Metiz Moscow"),
        ("ARDA METIZ SAN. VE TİC. LTD. ŞTİ.", "ARDA METIZ SANAYI VE TICARET LIMITED SIRKETI"),
        ("ARDA METIZ İTH. İHR. A.Ş.", "ARDA METIZ ITHALAT IHRACAT ANONIM SIRKETI"),
        ("KUBANYCH COMM GRP", "Kubanych Communications Group"),
        ("KUBANYCH GEN TRDG INTL", "Kubanych General Trading International"),
        ("K.B.M. Trading LLC", "KBM Trading LLC"),
        ("Kubanych Gesellschaft mit beschränkter Haftung", "Kubanych GmbH"),
        ("OPN JNT STCK CMPNY KUBANYCH", "Open Joint Stock Company Kubanych"),
        ("Kubanych Company Joint Stock Open", "Open Joint Stock Company Kubanych"),
        ("PT Kubanych Metiz Tbk", "PT Kubanych Metiz"),
        ("库班科技有限公司", "库班科技有限责任公司"),
    ],
)
def test_another_form_of_writing_is_the_same_name(name: str, same: str) -> None:
    first, second = analyse(name), analyse(same)
    assert (first.tokens, first.places, first.legal) == (second.tokens, second.places, second.legal)


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("MMC Technology, Inc.", "mmc technology"),
        ("SPE Asia Tech", "spe asia technology"),
        ("PT Technology Asia Limited", "pt technology asia"),
        ("PC Partner Ltd.", "pc partner"),
        ("I.S.E. S.r.l.", "ise"),
        ("Start-Company LLC", "start company"),
        ("Olive Branch LLC", "olive branch"),
        ("ИП Технологии", "ip technology"),
    ],
)
def test_a_legal_form_never_eats_a_name(name: str, tokens: str) -> None:
    assert " ".join(analyse(name).tokens) == tokens


@pytest.mark.parametrize(
    "name",
    [
        "Kubanych Metiz Representative Office",
        "Branch of Kubanych Metiz",
        "Kubanych Metiz LLC, Osh Branch",
        "Kubanych Metiz branch in Almaty",
        "Филиал Кубаныч Метиз",
        "Представительство Кубаныч Метиз в г. Бишкек",
    ],
)
def test_a_branch_is_the_firm(name: str) -> None:
    assert " ".join(analyse(name).tokens) == "kubanych metiz"


def test_a_sole_trader_is_a_person() -> None:
    found = analyse("ИП Кубанычев Ю. Б.")
    assert (found.tokens, found.sole, found.legal) == (("kubanychev", "y", "b"), True, frozenset())
    index = NameIndex.build(
        [WatchlistEntry(list="l", id="1", names=("Yuri Bekovich KUBANYCHEV",), type="person")]
    )
    (hit,) = index.search("ИП Кубанычев Ю. Б.", type="organization").hits
    assert hit.score >= THRESHOLD


@pytest.mark.parametrize("name", ["KUBANYCHEV YB", "YB Kubanychev", "Kubanychev Y B", "KUBANYCHEV AS"])
def test_initials_need_no_full_stops(name: str) -> None:
    given = "Aibek Sanzharovich" if name.endswith("AS") else "Yuri Bekovich"
    index = NameIndex.build(
        [
            WatchlistEntry(list="l", id="1", names=(f"{given} KUBANYCHEV",), type="person"),
            WatchlistEntry(list="l", id="2", names=("Osmon KUBANYCHEV",), type="person"),
        ]
    )
    assert index.search(name).hits[0].entry == "1"


@pytest.mark.parametrize("name", ["Zhang Li", "MA YUNLONG", "Mr Kubanych", "Kubanych Metiz", "AL KUBANYCH"])
def test_two_letters_that_are_a_name_are_no_initials(name: str) -> None:
    assert [part.text for part in names_of_field(name)] == [name]


@pytest.mark.parametrize(
    ("declared", "listed", "hit"),
    [
        ("Kubanych Metiz LLC, Bishkek", "Kubanych Metiz LLC", True),
        ("Kubanych Metiz (Shenzhen) Co Ltd", "Shenzhen Kubanych Metiz Co Ltd", True),
        ("Kubanych Metiz (Hong Kong)", "Kubanych Metiz, HK", True),
        ("Bank of China (Hong Kong)", "Bank of China (Singapore)", False),
        ("Kubanych Metiz LLC, Osh", "Kubanych Metiz LLC, Bishkek", False),
    ],
)
def test_places_corroborate_or_contradict(declared: str, listed: str, hit: bool) -> None:
    assert (compare(declared, listed).score >= THRESHOLD) is hit


def test_a_district_of_a_city_state_is_the_city() -> None:
    assert place_agreement(("HK:kowloon",), ("HK:hong kong",)) == "agrees"
    assert place_agreement(("KG:osh",), ("KG:bishkek",)) == "differs"
    assert place_agreement(("KG",), ("KG:bishkek",)) == "agrees"
    assert place_agreement((), ("KG:bishkek",)) == "unknown"


_WORDS = st.sampled_from(
    [
        *"kubanych metiz trading llc ooo pt as co company branch of bishkek hk dubai , ( ) - s.a. ltd ип ооо г. li a b".split()
    ]
)


@settings(max_examples=tried(300), deadline=None)
@given(st.lists(_WORDS, max_size=9).map(" ".join))
def test_what_is_left_is_never_nothing(name: str) -> None:
    found = analyse(name)
    assert bool(found.tokens) is any(sign.isalnum() for sign in name) or found.placeholder
    assert len(found.tokens) == len(found.factors)
    assert all(place[:2].isupper() for place in found.places)


def test_places_are_written_one_way() -> None:
    table = places()
    assert {place for place in table.named.values() if not place[:2].isupper()} == set()
    assert table.at_end(("kubanych", "g", "bishkek"), apart=True) == (2, "KG:bishkek")
    assert table.at_end(("kubanych",), apart=True) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("KUBANYCH METIZ LLC, 12 Chuy Avenue, Bishkek", "KUBANYCH METIZ LLC"),
        ("Kubanych Metiz Unit 4, Building 9, Jebel Ali Free Zone", "Kubanych Metiz"),
        ("KUBANYCH, Ataturk Mah. Sok No 5 Istanbul", "KUBANYCH"),
        ("Kubanych Metiz Limited Toktogul str. 77", "Kubanych Metiz Limited"),
        ("ОсОО Кубаныч, ул. Токтогула 77, Бишкек", "ОсОО Кубаныч"),
        ("Kubanych Metiz, P.O. Box 16111, Dubai, UAE", "Kubanych Metiz"),
    ],
)
def test_an_address_behind_a_name_is_cut_off(text: str, name: str) -> None:
    assert name in [part.text for part in parts_of_field(text)]


@pytest.mark.parametrize(
    ("declared", "listed"),
    [
        ("Sergei Kubanytschew", "Sergei KUBANYCHEV"),
        ("Wladimir Sasonow", "Vladimir SAZONOV"),
        ("Hsiao Kuo", "Xiao Guo"),
        ("Sergej Kubanychev", "Sergey KUBANYCHEV"),
        ("Misha Kubanychev", "Mikhail KUBANYCHEV"),
        ("Ramiro Kubanicho", "Ramiro KUBANICHO ZELTANO"),
    ],
)
def test_a_person_written_in_another_way_is_met(declared: str, listed: str) -> None:
    index = NameIndex.build(
        [
            WatchlistEntry(list="l", id="1", names=(listed,), type="person"),
            WatchlistEntry(list="l", id="2", names=("Aibek TOLOGON", "Ramiro MEERIMOV"), type="person"),
        ]
    )
    assert [hit.entry for hit in index.search(declared).hits][:1] == ["1"]


def test_one_word_that_opens_a_phrase_is_read() -> None:
    assert analyse("CONSIGNED").tokens == ("consigned",)


def test_a_road_in_a_firms_name_is_no_address() -> None:
    assert [part.text for part in parts_of_field("K.B.M. Silk Road Limited")] == ["K.B.M. Silk Road Limited"]


def test_a_firm_is_no_initials_of_another() -> None:
    index = NameIndex.build([WatchlistEntry(list="l", id="1", names=("KZ Metizelektron",), type="unknown")])
    assert not index.search("MKZ Metizelektrov").hits
