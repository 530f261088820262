"""Differences between two versions, and which of them are of concern: a diverter's change and an honest correction."""

from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from streams.declarations.model import (
    AdditionalInformation,
    Address,
    CustomsOffice,
    Declaration,
    Document,
)
from streams.lifecycle.changes import MAX_CHANGES, MAX_TEXT, Change, changes, together
from tests.declarations.strategies import STEADY, VERSIONS
from tests.effort import processor_seconds
from tests.factory import declaration, item, party, route

FIRM = party("CONSIGNEE", "Ala-Too Trade OsOO", country="KG", city="Bishkek")
SENDER = party("EXPORTER", "Brennhoff Handel GmbH", country="DE")


def _body(**fields) -> Declaration:
    return declaration(**{"parties": (SENDER, FIRM)} | fields).declaration


def _found(before: dict, after: dict) -> list[Change]:
    return list(changes(_body(**before), _body(**after)))


def _concerns(before: dict, after: dict) -> set[str]:
    return {change.concern for change in _found(before, after) if change.concern}


def _consignee(**fields) -> dict:
    return {"parties": (SENDER, replace(FIRM, **fields))}


def test_the_same_content_has_no_changes() -> None:
    assert changes(_body(), _body()) == ()


def test_a_field_is_named_with_what_it_was_and_is() -> None:
    after = {"parties": (SENDER, replace(FIRM, name="Orda Import TOO"))}
    assert _found({}, after) == [
        Change(
            path="declaration.parties[CONSIGNEE].name",
            before="Ala-Too Trade OsOO",
            after="Orda Import TOO",
            concern="CONSIGNEE",
        )
    ]


def test_items_are_matched_by_their_number_whatever_their_order() -> None:
    two, three = item(2, "870899", "Car parts"), item(3, "901310", "Telescopic sights")
    moved = item(3, "870899", "Telescopic sights")
    found = _found({"goods_items": (item(1), two, three)}, {"goods_items": (moved, two, item(1))})
    assert [(one.path, one.before, one.after) for one in found] == [
        ("declaration.goodsItems[3].commodityCode.hs6", "901310", "870899")
    ]


def test_a_part_added_or_taken_away_is_one_change_with_a_short_text() -> None:
    found = _found(
        {"goods_items": (item(1), item(2, "870899", "Car parts"))},
        {"parties": (SENDER, FIRM, party("NOTIFY_PARTY", "Orda Import TOO")), "goods_items": (item(1),)},
    )
    assert [(one.path, one.before, one.after, one.concern) for one in found] == [
        ("declaration.parties[NOTIFY_PARTY]", None, "Orda Import TOO", "CONSIGNEE"),
        ("declaration.goodsItems[2]", "870899 Car parts", None, "COMMODITY"),
    ]


def test_the_second_party_of_a_role_has_its_number() -> None:
    other = party("CONSIGNEE", "Orda Import TOO", country="KZ")
    found = _found(
        {"parties": (SENDER, FIRM, other)}, {"parties": (SENDER, FIRM, replace(other, phone="+7"))}
    )
    assert [one.path for one in found] == ["declaration.parties[CONSIGNEE#2].phone"]


def test_a_party_put_in_front_changes_no_other() -> None:
    first = party("CONSIGNEE", "Orda Import TOO", country="KZ")
    found = _found({}, {"parties": (SENDER, first, FIRM)})
    assert [(one.path, one.after) for one in found] == [("declaration.parties[CONSIGNEE]", "Orda Import TOO")]


def test_documents_are_matched_by_type_and_reference() -> None:
    one, two = (Document(type="N380", reference_number=number) for number in ("A-1", "A-2"))
    licence = Document(type="X002", reference_number="DE1")
    found = _found({"documents": (one, two)}, {"documents": (licence, two, one)})
    assert [(change.path, change.after) for change in found] == [("declaration.documents[X002]", "X002 DE1")]


def test_a_way_is_one_change() -> None:
    (found,) = _found(
        {"countries_of_routing": route("DE", "LT", "KZ", "KG")},
        {"countries_of_routing": route("DE", "LT", "BY", "RU", "KG")},
    )
    assert found == Change(
        path="declaration.countriesOfRouting",
        before="DE, LT, KZ, KG",
        after="DE, LT, BY, RU, KG",
        concern="ROUTING",
    )


def test_what_else_a_source_says_is_compared_by_its_top_keys() -> None:
    found = _found(
        {"national_extensions": {"a": {"b": [1, 2]}, "c": 1, "same": [{}]}},
        {"national_extensions": {"a": {"b": [1, 3]}, "d": None, "same": [{}]}},
    )
    assert [(one.path, one.before, one.after) for one in found] == [
        ("declaration.nationalExtensions[a]", '{"b":[1,2]}', '{"b":[1,3]}'),
        ("declaration.nationalExtensions[c]", "1", None),
        ("declaration.nationalExtensions[d]", None, None),
    ]


@pytest.mark.parametrize(
    ("before", "after", "concern"),
    [
        ({}, _consignee(name="Orda Import TOO"), "CONSIGNEE"),
        ({}, _consignee(address=Address(country="RU", city="Bishkek")), "CONSIGNEE"),
        ({}, _consignee(address=Address(country="KG", city="Osh")), "CONSIGNEE"),
        (
            _consignee(identification_number="KG1"),
            _consignee(identification_number="KG2"),
            "CONSIGNEE",
        ),
        ({}, {"parties": (SENDER,)}, "CONSIGNEE"),
        ({}, {"parties": (SENDER, FIRM, party("END_USER", "Zavod 7"))}, "CONSIGNEE"),
        (
            _consignee(identification_number="KG1"),
            {
                "parties": (
                    SENDER,
                    replace(FIRM, identification_number="KG1"),
                    replace(FIRM, role="BUYER", identification_number="KG2"),
                )
            },
            "CONSIGNEE",
        ),
        ({}, {"country_of_destination": "KZ"}, "DESTINATION"),
        ({}, {"country_of_destination": None}, "DESTINATION"),
        ({}, {"goods_items": (item(country_of_destination="RU"),)}, "DESTINATION"),
        (
            {"customs_offices": (CustomsOffice(role="EXIT", reference_number="LT1"),)},
            {"customs_offices": (CustomsOffice(role="EXIT", reference_number="LV1"),)},
            "ROUTING",
        ),
        ({}, {"goods_items": (item(hs6="901310"),)}, "COMMODITY"),
        ({}, {"goods_items": (item(description="telescopic sights"),)}, "COMMODITY"),
        ({}, {"goods_items": (item(), item(2))}, "COMMODITY"),
        ({}, {"goods_items": (item(statistical_value="500"),)}, "VALUE"),
        ({}, {"goods_items": (item(statistical_value_currency="EUR"),)}, "VALUE"),
    ],
)
def test_what_a_diverter_changes_is_of_concern(before: dict, after: dict, concern: str) -> None:
    assert _concerns(before, after) == {concern}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, _consignee(name="Ala-Too Trede OsOO")),
        ({}, _consignee(name="ALA TOO TRADE")),
        ({}, _consignee(name="Ala-Too Trade LLC")),
        ({}, _consignee(name="Trade Ala-Too OsOO")),
        (
            _consignee(name="Ala Trade", identification_number="KG 1"),
            _consignee(name="Ala-Too Trade und Handel", identification_number="KG1"),
        ),
        ({}, _consignee(identification_number="KG1")),
        ({}, _consignee(phone="+996 312 555013", email="a@example.org", contact_name="A. B.")),
        ({}, _consignee(address=Address(lines=("Chui 1",), country="KG", city="Biskek", postcode="720001"))),
        ({}, {"parties": (SENDER, FIRM, replace(FIRM, role="IMPORTER"))}),
        ({"parties": (SENDER, FIRM, replace(FIRM, role="IMPORTER"))}, {}),
        ({}, {"parties": (SENDER, FIRM, replace(FIRM, role="BUYER", identification_number="KG1"))}),
        (
            _consignee(identification_number="KG1"),
            {"parties": (SENDER, replace(FIRM, identification_number="KG1"), replace(FIRM, role="BUYER"))},
        ),
        ({}, {"parties": (replace(SENDER, name="Anders GmbH"), FIRM)}),
        ({}, {"parties": (SENDER, FIRM, party("CARRIER", "Tulpar Trans"))}),
        (
            {"country_of_destination": "KG"},
            {"country_of_destination": None, "goods_items": (item(country_of_destination="KG"),)},
        ),
        ({}, {"goods_items": (item(full="61091000"),)}),
        ({"goods_items": (item(full="61091000"),)}, {"goods_items": (item(full="6109100010"),)}),
        ({}, {"goods_items": (item(description="Cotton T-shirt, knitted, for men"),)}),
        ({}, {"goods_items": (item(description="coton T-shirts"),)}),
        ({}, {"goods_items": (item(statistical_value="5000.00"),)}),
        ({}, {"goods_items": (item(statistical_value="5200"),)}),
        ({}, {"goods_items": (item(customs_value="5200"),)}),
        ({"place_of_delivery": "Bishkek, Alamedin"}, {"place_of_delivery": "BISHKEK"}),
        ({}, {"countries_of_routing": route("CN", "KG")}),
        ({}, {"method_of_payment": "cash", "container_indicator": True}),
    ],
)
def test_an_honest_correction_is_no_concern(before: dict, after: dict) -> None:
    assert _found(before, after), "this is a change"
    assert _concerns(before, after) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Limited Liability Company Alfa", "Limited Liability Company Beta"),
        ("Alfa OsOO", "Alma OsOO"),
        ("Zavod 7", "Zavod 8"),
        ("Orda Import", "Orda Import Moskva"),
        ("OsOO", "OOO"),
    ],
)
def test_names_that_only_look_alike_are_two_firms(one: str, other: str) -> None:
    assert _concerns(_consignee(name=one), _consignee(name=other)) == {"CONSIGNEE"}


def test_long_values_are_cut_to_their_first_difference() -> None:
    long = "x" * 500
    (found,) = _found(
        {"additional_information": (AdditionalInformation(text=long + "A" + long),)},
        {"additional_information": (AdditionalInformation(text=long + "B" + long),)},
    )
    assert found.path == "declaration.additionalInformation[1].text"
    assert len(found.before) <= MAX_TEXT and "A" in found.before and "B" in found.after


def test_a_text_of_a_megabyte_is_compared_at_once() -> None:
    long, other = " ".join(map(str, range(150_000))), " ".join(map(str, range(1, 300_000, 2)))
    for one, two in ((long, other), ("x" * 1_000_000, "y" * 1_000_000)):

        def compared(one: str = one, two: str = two) -> None:
            assert _concerns(
                {"goods_items": (item(description=one),)}, {"goods_items": (item(description=two),)}
            )
            assert _concerns(_consignee(name=one), _consignee(name=two))

        assert processor_seconds(compared) < 30


def test_thousands_of_parties_are_compared_at_once() -> None:
    many = tuple(party("CONSIGNEE", f"Firm {n}", country="KG") for n in range(20_000))

    def compared() -> None:
        assert len(_found({}, {"parties": (SENDER, *many)})) == MAX_CHANGES
        assert (
            len(_found({"parties": (SENDER, *many)}, {"parties": (SENDER, *reversed(many[:9_999]))}))
            == MAX_CHANGES
        )

    assert processor_seconds(compared) < 30


def test_many_changes_do_not_bury_the_one_that_counts() -> None:
    before = {"goods_items": tuple(item(n, net_mass_kg="1") for n in range(1, 1000))}
    after = {
        "goods_items": tuple(item(n, hs6="901310", net_mass_kg="2") for n in range(1, 1000)),
        "country_of_destination": "RU",
    }
    found = _found(before, after)
    assert len(found) == MAX_CHANGES
    assert {one.concern for one in found} == {"COMMODITY", "DESTINATION", None}
    assert found[-1].after == f"{2 * 999 + 1 - 199} more differences"


def _steps(*bodies: Declaration) -> tuple[Change, ...]:
    found: tuple[Change, ...] = ()
    for before, after in pairwise(bodies):
        found = together(found, changes(before, after))
    return found


def test_two_steps_together_are_what_both_changed() -> None:
    first, last = _body(), _body(country_of_destination="RU", place_of_loading="Kaunas")
    halfway = _body(country_of_destination="KZ")
    assert sorted(_steps(first, halfway, last), key=repr) == sorted(changes(first, last), key=repr)


def test_what_was_put_back_is_no_change() -> None:
    assert _steps(_body(), _body(**_consignee(name="Orda Import")), _body()) == ()
    assert _steps(_body(), _body(parties=(SENDER,)), _body()) == ()


def test_a_correction_of_what_was_changed_keeps_its_concern() -> None:
    other, corrected = (_body(**_consignee(name=name)) for name in ("Orda Impord", "Orda Import"))
    (change,) = _steps(_body(), other, corrected)
    assert (change.before, change.after, change.concern) == ("Ala-Too Trade OsOO", "Orda Import", "CONSIGNEE")


def _bare(value: Any) -> Any:
    """A declaration without what says nothing: empty parts, the order of lists, the numbers of a way."""
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        if isinstance(value, Declaration):
            fields["countries_of_routing"] = str([stop.country for stop in value.countries_of_routing])
            fields["national_extensions"] = repr(sorted((value.national_extensions or {}).items()))
        return {key: bare for key, part in fields.items() if (bare := _bare(part)) not in (None, [], {}, "")}
    if isinstance(value, tuple):
        return sorted(repr(_bare(part)) for part in value)
    return value if not isinstance(value, bool) else str(value)


@STEADY
@given(VERSIONS, VERSIONS)
def test_any_two_declarations_can_be_compared(one, other) -> None:
    """And the changes are few, short, JSON, the same every time, and none exactly where nothing differs."""
    before, after = one.declaration, other.declaration
    found = changes(before, after)
    assert changes(before, before) == ()
    assert bool(found) == (_bare(before) != _bare(after))
    assert len(found) <= MAX_CHANGES
    for change in found:
        assert change.path.startswith("declaration")
        assert max(len(text or "") for text in (change.before, change.after)) <= MAX_TEXT
    assert msgspec.json.decode(msgspec.json.encode(found), type=tuple[Change, ...]) == found
    assert changes(before, after) == found


@STEADY
@given(VERSIONS, st.randoms())
def test_the_order_of_parties_of_different_content_is_no_change(version, chance) -> None:
    parties = list(version.declaration.parties)
    chance.shuffle(parties)
    assert changes(version.declaration, replace(version.declaration, parties=tuple(parties))) == ()
