"""Searching a small list: what must be found, what must not, and what is said of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.names import DEFAULT_THRESHOLD, NameIndex
from streams.watchlists.entry import EntryType, WatchlistEntry
from tests.effort import processor_seconds
from tests.examples import tried


def entry(
    id: str, *names: str, type: EntryType = "unknown", weak: tuple[str, ...] = (), countries: str = ""
) -> WatchlistEntry:
    return WatchlistEntry(
        list="test", id=id, names=names, type=type, weak_names=weak, countries=tuple(countries.split())
    )


@pytest.fixture(scope="module")
def index() -> NameIndex:
    filler = [
        entry(f"f{n}", f"{word} TRADING LLC") for n, word in enumerate(("OSTROV", "BEREG", "VOLNA", "SKALA"))
    ]
    return NameIndex.build(
        [
            entry("kargo", "OSOO KARGOLAYN", "CARGOLINE LLC", countries="KG", type="organization"),
            entry("petrov", "Ivan Sergeevich PETROVSKIY", type="person", countries="RU"),
            entry("huawei", "Huawei Technologies Co., Ltd."),
            entry("dahua", "浙江大华技术股份有限公司", "Zhejiang Dahua Technology"),
            entry("ali", "AL-MANSOURI, Mohammed Hussein", type="person", weak=("Abu Yasir",)),
            entry("wei", "Wang Wei", type="person", countries="CN"),
            entry("rm", "LLC RM DESIGN AND DEVELOPMENT"),
            entry("brigade", "ABDALLAH AZZAM BRIGADES (AAB)"),
            entry("gaz", "PJSC GAZPROM NEFT", type="organization"),
            entry("voron", "SEVERO-VOSTOCHNAYA GORNAYA KOMPANIYA VORONTSOVSKAYA"),
            entry("harbin", "Harbin Institute of Technology"),
            *filler,
        ]
    )


def best(index: NameIndex, name: str, **given: str) -> str | None:
    hits = index.search(name, **given).hits  # type: ignore[arg-type]
    return hits[0].entry if hits else None


@pytest.mark.parametrize(
    ("name", "entry_id"),
    [
        ("ОсОО Карголайн", "kargo"),
        ("Cargoline Limited Liability Company", "kargo"),
        ("CARGO LINE OsOO", "kargo"),
        ("ЖЧК Карголайн", "kargo"),
        ("PETROVSKY, IVAN SERGEYEVICH", "petrov"),
        ("Ivan Petrovskiy", "petrov"),
        ("Петровский Иван Сергеевич", "petrov"),
        ("I. S. Petrovskiy", "petrov"),
        ("华为技术有限公司", "huawei"),
        ("HUAWEI TECHNOLOGY COMPANY LIMITED", "huawei"),
        ("Huawei Technologies c/o Ala-Too Logistics", "huawei"),
        ("浙江大华技术股份有限公司", "dahua"),
        ("محمد حسين المنصوري", "ali"),
        ("Muhammad Husein al Mansuri", "ali"),
        ("Mr. Mohammed Hussein Al Mansouri", "ali"),
        ("RM Design & Development", "rm"),
        ("RMDESIGN AND DEVELOPMENT", "rm"),
        ("Abdallah Azzam Brigades", "brigade"),
        ("Gazpr\u043em Neft", "gaz"),
        ("Gaz\u200bprom Neft PJSC", "gaz"),
        ("Severo-Vostochnaya gornaya kompaniya", "voron"),
        ("OSOO KARGOLAYN, Str. Shabdan Baatyra 27/1, Bishkek 720001", "kargo"),
        ("HARBIN INST1TUTE OF TECHNOLOGY", "harbin"),
        ("Wang Wei", "wei"),
    ],
)
def test_listed_party_is_found(index: NameIndex, name: str, entry_id: str) -> None:
    assert best(index, name) == entry_id


@pytest.mark.parametrize(
    "name",
    [
        "", "   ", "!!!", "TO ORDER", "to the order of", "LLC", "ABC TRADING LLC", "Wang Lei", "Ivan Petrov", "Design Bureau",
        "Technology Development Company Limited", "Maria Hussein", "Wei", "Bereg Shipping", "Karton Lain", "GAZ",
    ],
)  # fmt: skip
def test_other_party_is_not(index: NameIndex, name: str) -> None:
    assert best(index, name) is None


def test_score_is_one_only_for_the_same_name(index: NameIndex) -> None:
    scores = [
        index.search(name).hits[0].score
        for name in ("Wang Wei", "Wei Wang", "OSOO KARGOLAYN", "KARGOLAYN", "ТОО Карголайн")
    ]
    assert scores[0] == scores[2] == 1.0
    assert max(scores[1], *scores[3:]) < 1.0


def test_placeholder_is_told_from_an_unknown_name(index: NameIndex) -> None:
    assert index.search("TO ORDER").placeholder
    assert not index.search("!!!").readable
    assert index.search("Nobody Known").readable


def test_threshold_zero_gives_the_best_there_are(index: NameIndex) -> None:
    hits = index.search("Bereg Shipping", threshold=0, limit=3).hits
    assert hits[0].name == "BEREG TRADING LLC"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_weak_alias_and_near_short_name_need_the_country(index: NameIndex) -> None:
    assert best(index, "Abu Yasir") is None
    named = NameIndex.build([entry("y", "Somebody Else", weak=("Abu Yasir",), countries="YE")])
    assert named.search("Abu Yasir").hits == ()
    assert named.search("Abu Yasir", country="YE").hits[0].weak
    assert best(index, "Vang Vei") != "wei" or index.search("Vang Vei").hits[0].score < 1


def test_country_and_kind_move_the_score_a_little(index: NameIndex) -> None:
    plain = index.search("Kargolain").hits[0]
    agrees = index.search("Kargolain", country="KG").hits[0]
    differs = index.search("Kargolain", country="DE").hits[0]
    assert differs.score < plain.score < agrees.score < 1
    assert (plain.country, agrees.country, differs.country) == ("unknown", "agrees", "differs")
    assert index.search("Kargolain", type="person", threshold=0).hits[0].score < plain.score


def test_evasion_is_reported_beside_the_hit(index: NameIndex) -> None:
    found = index.search("Gaz\u200bprom Neft PJSC")
    assert found.hits[0].entry == "gaz"
    assert found.evasion == ("invisible characters (U+200B)",)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("OSOO KARGOLAYN", "Same name: every word agrees."),
        ("Petrovskiy Ivan Sergeevich", "Same name: every word agrees, in another order."),
        (
            "Ivan Petrovskiy",
            "Part of the listed name: 'ivan' and 'petrovskiy' agree; 'sergeevich' of the listed name is missing.",
        ),
        ("CARGO LINE", "Same name: 'cargo line' is 'cargoline' with other spaces."),
        ("Kargolain", "Nearly the same name: 'kargolain' sounds like 'kargolayn'."),
    ],
)
def test_explanation_can_be_read_out(index: NameIndex, name: str, said: str) -> None:
    assert index.search(name, threshold=0.5).hits[0].explanation == said


def test_explanation_says_what_the_country_does(index: NameIndex) -> None:
    said = {
        country: index.search("OSOO KARGOLAYN", country=country).hits[0].explanation
        for country in ("KG", "DE", None)
    }
    assert said["KG"] == "Same name, same country: every word agrees."
    assert said["DE"] == "Same name, other country: every word agrees."
    assert said[None] == "Same name: every word agrees."


@settings(max_examples=tried(200), deadline=None)
@given(st.text(max_size=60), st.sampled_from([None, "KG", "xx", ""]), st.floats(0, 1))
def test_any_string_can_be_searched(
    index: NameIndex, text: str, country: str | None, threshold: float
) -> None:
    found = index.search(text, country=country, threshold=threshold)
    assert all(threshold <= hit.score + 1e-4 and hit.score <= 1 for hit in found.hits)


def test_very_long_name_is_quick_and_degraded(index: NameIndex) -> None:
    for text in ("Kargolayn " * 1000, "A" * 10_000, "华" * 10_000):
        assert index.search(text).degraded
        assert processor_seconds(lambda text=text: index.search(text), 3) < 2


def test_empty_list_finds_nothing() -> None:
    assert NameIndex.build([]).search("Anybody", threshold=0).hits == ()


def test_default_threshold_is_the_table_s(index: NameIndex) -> None:
    assert index.search("Kargolain") == index.search("Kargolain", threshold=DEFAULT_THRESHOLD)


def test_sons_of_two_fathers_are_two_men(index: NameIndex) -> None:
    """Patronymics are often left out or misspelt, and share their endings: these say nothing."""
    assert best(index, "Ivan Petrovskiy") == "petrov"
    assert best(index, "Petrovskii Ivan Serheievych") == "petrov"
    assert best(index, "Ivan Nikolaevich Petrovskiy") is None
