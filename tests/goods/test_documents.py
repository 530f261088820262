"""Licences: what counts, what does not, and why, in words."""

from datetime import date
from typing import Any

import pytest

from streams.declarations.model import Document, ExportControl
from streams.goods.documents import clearing_documents
from tests.factory import item

pytestmark = pytest.mark.G05

DAY = date(2022, 6, 15)


def _presented(*documents: Document, shared: tuple[Document, ...] = (), **changes: Any):
    return clearing_documents().presented(item(documents=documents, **changes), shared, "high_priority", DAY)


def _licence(**changes: Any) -> Document:
    return Document(**{"type": "X002", "reference_number": "DE2022001"} | changes)


def test_a_licence_with_enough_quantity_counts_and_says_so() -> None:
    licence = _presented(_licence(write_off_quantity="150", write_off_unit="KGM"))
    assert (licence.state, licence.covered) == ("VALID_LICENCE", True)
    assert "X002 no. DE2022001" in licence.says


def test_a_licence_without_quantities_counts_but_is_not_seen_to_suffice() -> None:
    assert (_presented(_licence()).state, _presented(_licence()).covered) == ("VALID_LICENCE", False)


def test_units_that_cannot_be_compared_are_not_guessed() -> None:
    licence = _presented(_licence(write_off_quantity="5", write_off_unit="LTR"))
    assert (licence.state, licence.covered) == ("VALID_LICENCE", False)


def test_pieces_are_compared_with_supplementary_units() -> None:
    licence = _presented(
        _licence(write_off_quantity="5", write_off_unit="NAR"),
        supplementary_units="60",
        supplementary_unit_code="NAR",
    )
    assert licence.state == "MISSING"
    assert "writes off 5, 60 are declared" in licence.says


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"reference_number": None}, "no number"),
        ({"reference_number": "0"}, "its number '0' is none"),
        ({"reference_number": "N/A"}, "its number 'N/A' is none"),
        ({"reference_number": "без номера"}, "its number 'без номера' is none"),
        ({"status_code": "XX"}, "not held"),
        ({"validity_date": "2022-06-14"}, "expired on 2022-06-14"),
        ({"write_off_quantity": "99.9", "write_off_unit": "KGM"}, "writes off 99.9, 100 are declared"),
    ],
)
def test_a_licence_that_does_not_count_says_why(changes: dict[str, Any], why: str) -> None:
    licence = _presented(_licence(**changes))
    assert licence.state == "MISSING"
    assert why in licence.says


def test_a_licence_valid_to_the_day_counts() -> None:
    assert _presented(_licence(validity_date="2022-06-15")).state == "VALID_LICENCE"


@pytest.mark.parametrize("text", ["soon", "", "2022", "NaN", "Infinity", "1e999999999"])
def test_an_unreadable_date_or_quantity_is_no_reason_against_it(text: str) -> None:
    assert _presented(_licence(validity_date=text, write_off_quantity=text)).state == "VALID_LICENCE"


def test_an_exemption_code_is_the_traders_own_word() -> None:
    licence = _presented(Document(type="Y901"))
    assert (licence.state, licence.codes) == ("SELF_EXEMPTION", ("Y901",))


def test_a_licence_goes_before_an_exemption() -> None:
    assert _presented(Document(type="Y901"), _licence()).state == "VALID_LICENCE"


def test_a_document_of_the_whole_declaration_counts_for_the_item() -> None:
    assert _presented(shared=(_licence(),)).state == "VALID_LICENCE"


def test_other_documents_bear_on_nothing() -> None:
    assert _presented(Document(type="N380", reference_number="1"), Document(type="C085")).state == "MISSING"


def test_us_fields_count_as_documents() -> None:
    assert _presented(export_control=ExportControl(license_number="D1234567")).state == "VALID_LICENCE"
    assert _presented(export_control=ExportControl(license_code="C33")).state == "SELF_EXEMPTION"


def test_a_dual_use_exemption_says_nothing_of_arms() -> None:
    shown = clearing_documents().presented(item(documents=(Document(type="Y901"),)), (), "arms", DAY)
    assert shown.state == "MISSING"


def test_every_code_has_a_source() -> None:
    assert all(document.source and document.meaning for document in clearing_documents().documents)


@pytest.mark.parametrize("number", ["0", "N/A", "XXXX", "-", "не требуется"])
def test_a_licence_number_of_the_us_information_that_is_none_is_no_licence(number: str) -> None:
    control = ExportControl(license_code="C30", license_number=number)
    licence = _presented(export_control=control)
    assert licence.state == "MISSING"
    assert f"the licence number '{number}' is none" in licence.says
    real = ExportControl(license_code="C30", license_number="D1234567")
    assert _presented(export_control=real).state == "VALID_LICENCE"
