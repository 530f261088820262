"""By which references an event looks for its declaration, and which of them a declaration claims."""

import pytest

from streams.declarations.errors import Unscreenable
from streams.lifecycle.references import MAX_REFERENCE, Claim, claims, references, seek
from tests.declarations.messages import event, original

LRN, MRN = "lrn|uk.cds|L1", "mrn|uk.cds|M1"


@pytest.mark.parametrize(
    ("lrn", "mrn", "wanted"),
    [
        ("L", "M", ("lrn|uk.cds|L", "mrn|uk.cds|M")),
        ("L", None, ("lrn|uk.cds|L", None)),
        (None, "M", ("mrn|uk.cds|M", None)),
        ("L" * (MAX_REFERENCE + 1), "M", ("mrn|uk.cds|M", None)),
    ],
)
def test_an_event_is_looked_for_by_its_lrn_first(
    lrn: str | None, mrn: str | None, wanted: tuple[str, str | None]
) -> None:
    assert references(event("e", lrn, mrn)) == wanted


@pytest.mark.parametrize("reference", [None, "", "M" * (MAX_REFERENCE + 1)])
def test_an_event_that_names_no_declaration_is_refused(reference: str | None) -> None:
    with pytest.raises(Unscreenable, match="SCHEMA_VIOLATION: neither LRN nor MRN"):
        references(event("e", None, reference))


def test_an_original_claims_its_references_for_its_declarant_and_his_representative() -> None:
    lodged = original("GB1", "L1", "M1")
    assert list(claims(lodged)) == [
        (LRN, Claim("uk.cds|GB1|L1", ("GB1",), MRN)),
        (MRN, Claim("uk.cds|GB1|L1", ("GB1",))),
    ]
    assert [reference for reference, _ in claims(original("GB1", "L1"))] == [LRN]


def test_only_customs_tells_which_mrn_an_lrn_has() -> None:
    assert seek(event("e", "L1", "M1"), b"")[1].notice
    assert not seek(event("e", "L1", "M1", kind="AMENDMENT_REQUESTED"), b"")[1].notice
