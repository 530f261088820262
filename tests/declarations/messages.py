"""Events and originals in one line, for tests of how they find each other."""

from datetime import UTC, datetime
from typing import Any

from streams.declarations.events import Event
from streams.declarations.model import DeclarationVersion
from tests.factory import declaration, party

AT = datetime(2023, 6, 15, 10, 0, tzinfo=UTC)


def event(
    id: str, lrn: str | None = None, mrn: str | None = None, kind: str = "ACCEPTED", **changes: Any
) -> Event:
    return Event(
        **{
            "id": id,
            "kind": kind,
            "at": AT,
            "source_system": "uk.cds",
            "source_message_type": "DMS",
            "LRN": lrn,
            "MRN": mrn,
        }
        | changes
    )


def original(declarant: str, lrn: str, mrn: str | None = None) -> DeclarationVersion:
    return declaration(
        declaration_key=f"uk.cds|{declarant}|{lrn}",
        source_system="uk.cds",
        LRN=lrn,
        MRN=mrn,
        parties=(party(), party("DECLARANT", "Declarant", identification_number=declarant)),
    )
