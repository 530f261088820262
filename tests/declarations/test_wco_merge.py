"""Amendments merged by their pointers: additions, changes, deletions, and what cannot be applied."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from streams.declarations.errors import Unscreenable
from streams.declarations.events import Tree
from streams.declarations.formats.adapters import amend, covers, version_of
from streams.declarations.formats.wco.values import MAP
from tests.declarations.trees import (
    BASE,
    ITEM,
    SYSTEM,
    delta,
    document,
    find,
    item,
    merged,
    numbers,
    original,
    points,
    problem,
    t,
    texts,
)

# --- what pointers do


def test_a_value_is_changed_and_nothing_else() -> None:
    after = merged(points("42A 1 146"), t("TotalPackageQuantity", "53"))
    assert find(after, "TotalPackageQuantity").text == "53"
    assert [one for one in after.children if one.name != "TotalPackageQuantity"] == [
        one for one in BASE.children if one.name != "TotalPackageQuantity"
    ]


def test_what_is_about_the_request_is_no_content() -> None:
    reason = t("AdditionalInformation", t("StatementDescription", "a mistake"), t("StatementTypeCode", "AES"))
    after = merged(
        t("ID", "26GB1"),
        t("Submitter", t("ID", "GB1")),
        reason,
        points("42A 146"),
        t("TotalPackageQuantity", "10"),
    )
    assert after == BASE


def test_a_value_is_deleted_by_a_pointer_without_a_node() -> None:
    after = merged(points("57A", "04A 241"))
    assert [one.name for one in find(after, "Exporter", "Address").children] == ["CountryCode"]


def test_a_singletons_number_means_nothing() -> None:
    after = merged(
        points("57A 2 R031"),
        points("57A 7", "04A 3 241"),
        t("Exporter", t("Name", "New"), t("Address", t("CityName", "X"))),
    )
    exporter = find(after, "Exporter")
    assert (texts(exporter, "Name"), texts(exporter, "CityName"), texts(exporter, "CountryCode")) == (
        ["New"],
        ["X"],
        ["GB"],
    )


def test_goods_items_are_found_by_their_number_not_their_position() -> None:
    changed = item(5, t("CustomsValueAmount", "9"))
    after = merged(points("67A", "68A 5 108"), t("GoodsShipment", changed))
    assert numbers(after) == ["1", "2", "5"]
    assert find(after, "GoodsShipment", f"{ITEM}#3") == changed


def test_an_item_is_deleted() -> None:
    assert numbers(merged(points("67A", "68A 2"))) == ["1", "5"]


def test_an_item_is_added_at_its_number() -> None:
    new = item(3, document("Y901"))
    after = merged(points("67A", "68A 3"), t("GoodsShipment", new))
    assert numbers(after) == ["1", "2", "3", "5"]
    assert find(after, "GoodsShipment", f"{ITEM}#3") == new


def test_an_item_pointed_to_as_a_whole_is_replaced() -> None:
    new = item(1, document("Y901"))
    assert find(merged(points("67A", "68A 1"), t("GoodsShipment", new)), "GoodsShipment", ITEM) == new


def test_documents_are_found_by_position_and_empty_ones_keep_the_place() -> None:
    changed = t("AdditionalDocument", t("ID", "TWO"))
    after = merged(
        points("67A", "68A 1", "02A 2 D005"), t("GoodsShipment", item(1, t("AdditionalDocument"), changed))
    )
    assert texts(find(after, "GoodsShipment", ITEM), "ID") == ["one", "TWO"]
    assert texts(find(after, "GoodsShipment", ITEM), "TypeCode") == ["001", "506"]


def test_a_document_given_without_the_places_before_it_is_still_the_one_pointed_to() -> None:
    given_alone = document("C506", "TWO")
    after = merged(points("67A", "68A 1", "02A 2 D005"), t("GoodsShipment", item(1, given_alone)))
    assert texts(find(after, "GoodsShipment", ITEM), "ID") == ["one", "TWO"]


def test_what_is_restated_beside_a_deletion_stays_where_it_is() -> None:
    after = merged(
        points("67A", "68A 1", "02A 2"), t("GoodsShipment", item(1, document("X001", "one", "EE")))
    )
    assert texts(find(after, "GoodsShipment", ITEM), "ID") == ["one"]


def test_documents_are_added_behind_the_last() -> None:
    more = item(1, t("AdditionalDocument"), t("AdditionalDocument"), document("9WKS", "sheet"))
    after = merged(
        points("67A", "68A 1", "02A 3 D005"), points("67A", "68A 1", "02A 3 D006"), t("GoodsShipment", more)
    )
    assert texts(find(after, "GoodsShipment", ITEM), "ID") == ["one", "two", "sheet"]


def test_an_empty_element_that_keeps_no_place_adds_nothing() -> None:
    blank = t("AdditionalDocument")
    after = merged(
        t(
            "GoodsShipment",
            item(1, blank, blank, blank, t("AdditionalDocument", t("ID"))),
            t("Buyer", t("Name")),
        )
    )
    assert after == BASE


def test_several_documents_are_deleted_by_the_positions_they_had() -> None:
    five = replace(
        BASE, children=(t("GoodsShipment", item(1, *(document("X001", str(n)) for n in range(1, 6)))),)
    )
    after = merged(points("67A", "68A 1", "02A 2"), points("67A", "68A 1", "02A 4"), base=five)
    assert texts(after, "ID") == ["1", "3", "5"]


def test_a_party_that_was_not_there_is_added() -> None:
    given_party = t("Buyer", t("Name", "Third Ltd"))
    after = merged(points("67A", "16A"), t("GoodsShipment", given_party))
    assert find(after, "GoodsShipment", "Buyer") == given_party
    assert texts(after, "Name") == ["Old Ltd", "Old Receiver", "Third Ltd"]


def test_nodes_without_pointers_are_taken_over_too() -> None:
    """Rather a change too many than a consignee unseen."""
    after = merged(
        points("42A 146"),
        t("TotalPackageQuantity", "9"),
        t("GoodsShipment", t("Consignee", t("Name", "New Receiver"))),
    )
    consignee = find(after, "GoodsShipment", "Consignee")
    assert (texts(consignee, "Name"), texts(consignee, "CountryCode")) == (["New Receiver"], ["KG"])


def test_an_attribute_is_changed_with_its_value() -> None:
    base = t("Declaration", t("InvoiceAmount", "10", currencyID="GBP"))
    after = merged(t("InvoiceAmount", "10", currencyID="EUR"), base=base)
    assert find(after, "InvoiceAmount").attributes == {"currencyID": "EUR"}


def test_an_amendment_without_anything_changes_nothing() -> None:
    assert merged() == BASE
    assert merged(t("Amendment", t("ChangeReasonCode", "1"))) == BASE


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ([points("67A", "68A 7")], "42A/67A/68A[7]: what it points to is neither declared nor given"),
        (
            [points("67A", "68A 7", "23A", "79A 112")],
            "42A/67A/68A[7]/23A/79A.112: what it points to is neither",
        ),
        ([points("67A", "68A 1", "02A 9 D005")], "02A[9].D005: what it points to is neither"),
        ([points("67A", "68A 1", "23A", "79A 112")], "79A.112: what it points to is neither"),
        ([points("42A 109")], "42A.109: what it points to is neither"),
        ([points("67A", "99Z")], "section 99Z is not known"),
        ([points("67A", "68A 1 Q999")], "68A[1].Q999: what it points to is neither"),
        ([points("67A", "68A")], "needs a SequenceNumeric"),
        ([points("42A")], "the whole declaration"),
        (
            [t("Amendment", t("Pointer", t("DocumentSectionCode", "67A")))],
            "does not begin at the Declaration",
        ),
        ([t("Amendment", t("Pointer"))], "does not begin at the Declaration"),
        (
            [
                t(
                    "Amendment",
                    t("Pointer", t("DocumentSectionCode", "42A")),
                    t("Pointer", t("DocumentSectionCode", "68A"), t("SequenceNumeric", "²")),
                )
            ],
            "SequenceNumeric that is no number",
        ),
    ],
)
def test_what_cannot_be_applied_names_the_pointer(content: list[Tree], what: str) -> None:
    assert what in problem(*content)


def test_items_with_one_number_twice_are_not_lost_and_not_guessed_at() -> None:
    twins = t(
        "Declaration", t("GoodsShipment", item(1, document("X001", "one")), item(1, document("X001", "two")))
    )
    after = merged(t("GoodsShipment", t("Consignee", t("Name", "New"))), base=twins)
    assert texts(after, "ID") == ["one", "two"]
    assert "two GovernmentAgencyGoodsItem" in problem(t("GoodsShipment", item(5), item(5)))


def test_a_new_item_of_which_a_value_is_pointed_to_and_not_given_is_refused() -> None:
    assert "neither declared nor given" in problem(
        points("67A", "68A 3 108"), t("GoodsShipment", item(3, document("X001")))
    )


def test_a_tag_of_another_release_is_no_obstacle_where_its_section_is_given() -> None:
    after = merged(points("57A Q999"), t("Exporter", t("Name", "New")))
    assert texts(find(after, "Exporter"), "Name") == ["New"]


def test_no_two_sections_or_tags_share_a_code() -> None:
    tags = [tag for of_one in MAP["tags"].values() for tag in of_one]
    assert len(tags) == len(set(tags))
    sections = MAP["sections"].values()
    assert len(sections) == len(set(sections))
    assert set(MAP["repeated"]["elements"]) <= set(sections)


# --- versions


def test_the_document_of_an_original_gives_its_version_again() -> None:
    for name in ("import.xml", "export.xml"):
        one = original(name)
        again = version_of(one.source, replace(one.version.envelope, payload_hash=None))
        assert again.declaration == one.version.declaration
        assert again.envelope.payload_hash == one.version.envelope.payload_hash


def test_what_an_amendment_makes_unreadable_is_told_and_what_breaks_the_contract_is_refused() -> None:
    one = original()
    bad = amend(SYSTEM, one.source, delta(t("InvoiceAmount", "much")))
    amended = version_of(bad, one.version.envelope)
    assert [(told.path, told.text) for told in amended.unreadable] == [
        ("declaration.totalAmountInvoiced", "much")
    ]
    assert amended.envelope.payload_hash != one.version.envelope.payload_hash
    nothing = amend(SYSTEM, one.source, delta(points("67A")))
    with pytest.raises(Unscreenable, match="a declaration without goods"):
        version_of(nothing, one.version.envelope)


# --- repetition


def covered(mine: Sequence[Tree], *others: Sequence[Tree]) -> bool:
    return covers(SYSTEM, delta(*mine), [delta(*one) for one in others])


def test_customs_repeats_only_what_changed_in_other_writing() -> None:
    asked = [points("67A", "68A 1", "02A 1 360"), t("GoodsShipment", item(1, document("X001", "one", "EP")))]
    said = [
        points("67A", "68A 1", "02A 1 360"),
        t("GoodsShipment", item(1, t("AdditionalDocument", t("LPCOExemptionCode", "EP")))),
    ]
    assert covered(asked, said)
    assert covered(said, asked)
    price = points("67A", "68A 1", "23A", "79A 112")
    first, second = (
        [
            price,
            t(
                "GoodsShipment",
                item(1, t("Commodity", t("InvoiceLine", t("ItemChargeAmount", amount, currencyID="GBP")))),
            ),
        ]
        for amount in ("998", "998.00")
    )
    assert covered(first, second)
    assert not covered(
        [points("67A R143"), t("GoodsShipment", t("ID", "0123"))], [t("GoodsShipment", t("ID", "123"))]
    )


def test_another_value_currency_place_or_deletion_is_no_repetition() -> None:
    one = [points("42A 109"), t("InvoiceAmount", "5", currencyID="GBP")]
    assert not covered(one, [points("42A 109"), t("InvoiceAmount", "6", currencyID="GBP")])
    assert not covered(one, [points("42A 109"), t("InvoiceAmount", "5", currencyID="EUR")])
    assert not covered(one, [points("42A 146"), t("TotalPackageQuantity", "5")])
    assert not covered(one, [points("42A 109")])
    assert not covered([points("42A 109")], one)
    assert not covered([points("67A", "68A 2")], [points("67A", "68A 3")])
    assert covered([points("67A", "68A 2")], [points("67A", "68A 2")])
    assert covered([points("67A", "68A 2", "02A 1 D005")], [points("67A", "68A 2")])
    assert not covered([points("67A", "68A 2")], [points("67A", "68A 2", "02A 1 D005")])
    assert not covered(one)


def test_two_requests_are_repeated_by_one_statement() -> None:
    first = [points("42A 109"), t("InvoiceAmount", "5")]
    second = [points("67A", "68A 2")]
    both = [*first, *second]
    assert covered(first, both)
    assert covered(second, both)
    assert covered(both, first, second)
    assert not covered(both, first)


def test_a_delta_without_pointers_is_repeated_where_all_it_states_is() -> None:
    assert covered([t("TotalPackageQuantity", "5")], [points("42A 146"), t("TotalPackageQuantity", "5.0")])
    assert not covered(
        [t("TotalPackageQuantity", "5"), t("InvoiceAmount", "1")], [t("TotalPackageQuantity", "5")]
    )
