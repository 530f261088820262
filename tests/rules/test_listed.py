"""List hits of declarations: who and what is met, by what, and what is said of it."""

from typing import Any

import pytest

from streams.declarations.model import Address, Party, TransportEquipment, TransportMeans
from streams.findings import Finding, NotEvaluable
from streams.names.figures import defaults
from streams.rules.listed import MAX_PER_PARTY
from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.index import WatchlistIndex
from streams.watchlists.readers import ListFile
from tests.factory import declaration, party
from tests.rules.judged import ON_WATCHLISTS, judged

pytestmark = [pytest.mark.R01, pytest.mark.R02, pytest.mark.R30]


def list_file(*entries: WatchlistEntry, name: str = "test") -> ListFile:
    return ListFile(list=name, edition="1", sha256="0" * 64, format="test", entries=entries)


def entry(id: str, *names: str, **more: Any) -> WatchlistEntry:
    return WatchlistEntry(list="test", id=id, names=names, **more)


@pytest.fixture(scope="module")
def index() -> WatchlistIndex:
    return WatchlistIndex.build(
        [
            list_file(
                entry("kargo", "OSOO KARGOLAYN", "CARGOLINE LLC", countries=("KG",), type="organization",
                      addresses=("Str. Shabdan Baatyra 27/1, Bishkek 720001, Kyrgyzstan",), programmes=("RUSSIA-EO14024",),
                      identifiers=("01234567890123",), phones=("+996 312 555 777",), emails=("Info@Kargolayn.example",)),
                entry("karim", "Karim Beksultanov", type="person", countries=("KG",)),
                entry("ship", "BLUE ANCHOR", type="vessel", identifiers=("9123456",), countries=("IR",)),
                entry("plane", "EP-XYZ", type="aircraft"),
                entry("box", "Container Line Nobody", identifiers=("MSKU1234565",)),
                entry("short", "Old Passport Holder", identifiers=("12345",), countries=("KG",)),
                *(entry(f"many{n}", f"Many Branches Severny ({n})") for n in range(6)),
            )
        ]
    )  # fmt: skip


def hits(index: WatchlistIndex, *parties: Any, **more: Any) -> tuple[list[Finding], list[NotEvaluable]]:
    return judged(
        declaration(parties=parties or (party(name="Nobody Known Firm", phone="+996 312 765 432"),), **more),
        *ON_WATCHLISTS,
        index=index,
    )


def test_listed_consignee_is_named_with_all_an_officer_needs(index: WatchlistIndex) -> None:
    (found,), _ = hits(index, party("CONSIGNEE", "ОсОО Карголайн", country="KG"))
    assert (found.rule, found.code, found.key) == ("R01", "list.name", "R01/name/CONSIGNEE/test/kargo")
    assert found.subject.kind == "PARTY" and found.subject.index == 0
    assert found.evidence == (
        'The consignee "ОсОО Карголайн" (KG) matches "OSOO KARGOLAYN" on the list test (entry kargo, RUSSIA-EO14024): '
        "nearly the same name, same country: 'kargolain' sounds like 'kargolayn'."
    )
    assert "Compare identification or registration number and address" in found.cleared_by
    assert found.strength == found.inputs["score"] > index.threshold
    assert found.points == 0


@pytest.mark.parametrize("role", ["EXPORTER", "NOTIFY_PARTY", "CARRIER", "END_USER", "FINANCIAL"])
def test_every_role_is_screened(index: WatchlistIndex, role: str) -> None:
    found, _ = hits(index, party("CONSIGNEE", "Nobody Known Firm"), party(role, "CARGOLINE LLC"))
    assert [(f.subject.index, f.inputs["entry"]) for f in found] == [(1, "kargo")]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Nobody Known", "name_original_script": "Карголайн"},
        {"name": None, "name_original_script": "Карголайн"},
        {"name": "Nobody Known", "contact_name": "BEKSULTANOV Karim"},
    ],
)
def test_other_name_fields_are_screened(index: WatchlistIndex, fields: dict[str, Any]) -> None:
    found, _ = hits(index, party("CONSIGNEE", **fields))
    assert [f.code for f in found] == ["list.name"]


@pytest.mark.parametrize(
    "number", ["01234567890123", "KG01234567890123", "0123-4567-890123", "INN 01234567890123"]
)
def test_identifier_is_a_hit_whatever_the_name_says(index: WatchlistIndex, number: str) -> None:
    (found,), blind = hits(index, party("CONSIGNEE", None, identification_number=number))
    assert (found.rule, found.code, found.strength) == ("R01", "list.identifier", 1.0)
    assert number in found.evidence and "OSOO KARGOLAYN" in found.evidence
    assert all(item.rule != "R01" for item in blind)


def test_short_identifier_needs_the_country(index: WatchlistIndex) -> None:
    alone, _ = hits(index, party("CONSIGNEE", None, identification_number="12345", country="DE"))
    there, _ = hits(index, party("CONSIGNEE", None, identification_number="12345", country="KG"))
    assert (alone, [f.code for f in there]) == ([], ["list.identifier"])


def test_party_with_a_number_only_cannot_be_cleared_by_name(index: WatchlistIndex) -> None:
    found, blind = hits(index, party("CARRIER", None, identification_number="DE999888777666"))
    assert found == []
    assert ("R01", ("declaration.parties[0].name",)) in [(item.rule, item.missing) for item in blind]


@pytest.mark.parametrize("name", ["TO ORDER", "---", "UNKNOWN"])
def test_placeholder_is_no_name(index: WatchlistIndex, name: str) -> None:
    found, blind = hits(index, party("CONSIGNEE", name))
    assert found == []
    assert "R01" in [item.rule for item in blind]


def test_similar_name_counts_where_the_country_agrees(index: WatchlistIndex) -> None:
    name = "Kargolayn Trading"
    here, _ = hits(index, party("CONSIGNEE", name, country="KG"))
    nowhere, _ = hits(index, party("CONSIGNEE", name))
    score = index.names.search(name, country="KG", threshold=0).hits[0].score
    assert index.threshold - defaults().band <= score < index.threshold, score
    assert [(f.rule, f.code) for f in here] == [("R02", "list.similar")]
    assert nowhere == []


def test_address_in_common_is_said(index: WatchlistIndex) -> None:
    address = Address(lines=("Shabdan Baatyra str. 27/1",), city="Bishkek", postcode="720001", country="KG")
    (found,), _ = hits(index, Party(role="CONSIGNEE", name="Cargoline", address=address))
    assert "the address agrees" in found.evidence
    assert found.inputs["address"] == "agrees"


@pytest.mark.parametrize("fields", [{"phone": "00996-312-555777"}, {"email": " info@kargolayn.example"}])
def test_contact_of_a_listed_party(index: WatchlistIndex, fields: dict[str, str]) -> None:
    (found,), _ = hits(index, party("CONSIGNEE", "Quite Another Firm", **fields))
    assert (found.rule, found.code, found.inputs["entry"]) == ("R02", "list.contact", "kargo")


def test_evasion_is_a_finding_of_its_own(index: WatchlistIndex) -> None:
    found, _ = hits(index, party("CONSIGNEE", "K\u0430rgol\u200bayn"))
    assert {f.code for f in found} == {"names.evasion", "list.name"}
    alone, _ = hits(index, party("CONSIGNEE", "H\u0430rmless Known Firm"))
    assert [f.code for f in alone] == ["names.evasion"]
    assert "look-alike letters" in alone[0].evidence


def test_many_entries_are_capped_and_counted(index: WatchlistIndex) -> None:
    found, _ = hits(index, party("CONSIGNEE", "Many Branches Severny"))
    assert len(found) == MAX_PER_PARTY
    assert found[-1].evidence.endswith("3 more listed entries are met as well.")
    assert found[-1].inputs["moreEntries"] == 3


def test_two_consignees_with_one_hit_have_two_keys(index: WatchlistIndex) -> None:
    found, _ = hits(index, party("CONSIGNEE", "CARGOLINE LLC"), party("CONSIGNEE", "Kargolayn"))
    assert [f.key for f in found] == ["R01/name/CONSIGNEE/test/kargo", "R01/name/CONSIGNEE/test/kargo#2"]


@pytest.mark.parametrize(
    ("means", "entry_id"),
    [
        (TransportMeans(imo_number="9123456"), "ship"),
        (TransportMeans(type_of_identification="10", identification_number="IMO 9123456"), "ship"),
        (TransportMeans(type_of_identification="11", identification_number="MV BLUE ANCHOR"), "ship"),
        (TransportMeans(name="Blue Anchor"), "ship"),
        (TransportMeans(type_of_identification="41", identification_number="EPXYZ"), "plane"),
    ],
)
def test_listed_conveyance(index: WatchlistIndex, means: TransportMeans, entry_id: str) -> None:
    (found,), _ = hits(index, transport_means=(means,))
    assert (found.rule, found.code, found.inputs["entry"]) == ("R30", "list.vessel", entry_id)
    assert found.subject.kind == "TRANSPORT"


@pytest.mark.parametrize(
    "means",
    [
        TransportMeans(name="BLUE ANCHOR", imo_number="9074729"),
        TransportMeans(type_of_identification="30", identification_number="01KG777AAA"),
        TransportMeans(type_of_identification="40", identification_number="KC123"),
        TransportMeans(name="GOLDEN SWAN"),
    ],
)
def test_other_conveyance_is_none(index: WatchlistIndex, means: TransportMeans) -> None:
    found, blind = hits(index, transport_means=(means,))
    assert found == []
    assert [item.rule for item in blind] == []


def test_listed_container(index: WatchlistIndex) -> None:
    container = TransportEquipment(container_identification_number="MSKU 123456-5")
    (found,), _ = hits(index, transport_equipment=(container,))
    assert (found.rule, found.code, found.inputs["entry"]) == ("R30", "list.container", "box")


def test_without_conveyance_the_rule_is_not_evaluated(index: WatchlistIndex) -> None:
    _, blind = hits(index)
    assert [(item.rule, item.missing[0]) for item in blind] == [("R30", "declaration.transportMeans")]


def test_without_lists_nothing_is_clear() -> None:
    found, blind = hits(WatchlistIndex.build([]), party("CONSIGNEE", "Anybody"))
    assert found == []
    assert [(item.rule, item.missing) for item in blind] == [("R01", ("watchlists",))]


def test_same_declaration_gives_the_same_answer(index: WatchlistIndex) -> None:
    parties = (party("CONSIGNEE", "ОсОО Карголайн", country="KG"), party("BUYER", "Many Branches Severny"))
    again = WatchlistIndex.build([list_file(*index.entries)])
    assert hits(index, *parties) == hits(again, *parties) == hits(index, *parties)


def test_editions_are_named_in_order() -> None:
    built = WatchlistIndex.build([list_file(entry("a", "A"), name="z"), list_file(entry("b", "B"), name="c")])
    assert [(edition.list, edition.entries) for edition in built.editions] == [("c", 1), ("z", 1)]


def test_threshold_can_be_set(index: WatchlistIndex) -> None:
    strict = WatchlistIndex.build([list_file(*index.entries)], threshold=0.99)
    assert hits(strict, party("CONSIGNEE", "Kargolain"))[0] == []


def test_the_best_of_a_party_s_names_and_contacts_counts(index: WatchlistIndex) -> None:
    """A name that only resembles must not hide that it is the listed one in its own script, or has its telephone."""
    alike = "Kargolayn Impex"
    (similar,), _ = hits(index, party("CONSIGNEE", alike, country="KG", city="Bishkek"))
    assert similar.code == "list.similar"
    (exact,), _ = hits(
        index, party("CONSIGNEE", alike, country="KG", city="Bishkek", name_original_script="ОсОО Карголайн")
    )
    assert exact.code == "list.name" and exact.inputs["declaredName"] == "ОсОО Карголайн"
    (phone,), _ = hits(index, party("CONSIGNEE", alike, country="KG", city="Bishkek", phone="+996312555777"))
    assert phone.code == "list.contact"


def test_a_contact_of_one_listed_party_is_said_beside_the_name_of_another(index: WatchlistIndex) -> None:
    found, _ = hits(index, party("CONSIGNEE", "Karim Beksultanov", country="KG", phone="+996312555777"))
    assert [one.code for one in found] == ["list.name", "list.contact"]


def test_a_firm_that_listed_parties_own_is_a_hit_with_its_owners() -> None:
    tree = (
        "Sklad Primer: 60 % held by listed parties",
        "├─ 40 % Alpha (x/1, by its id)",
        "└─ 20 % Beta AG",
        "   ├─ 75 % Ivan (x/2, by its name)",
        "   └─ 5 % Alpha (x/1, by its id)",
    )
    owned = WatchlistEntry(
        list="owned", id="7", names=("Sklad Primer OsOO",), owned=tree, identifiers=("01908201510123",)
    )
    index = WatchlistIndex.build([list_file(owned, name="owned")])
    for met in (
        party(name="Sklad Primer OsOO"),
        party(name="Another", identification_number="01908201510123"),
    ):
        found = next(one for one in hits(index, met)[0] if one.rule == "R01")
        assert "on the list of firms that listed parties own by the 50 % rule" in found.evidence
        assert (
            "(entry 7, 60 % held by listed parties: 40 % Alpha (x/1, by its id); "
            "20 % Beta AG <- 75 % Ivan (x/2, by its name); 5 % Alpha"
        ) in found.evidence
        assert found.inputs["ownership"] == list(tree)
