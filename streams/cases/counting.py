"""The numbers of versions whose source gives none: they are counted as they come."""

from msgspec.structs import replace

from streams.cases.steps import RecordPosition
from streams.cases.stored import DeclarationRecord
from streams.declarations.model import DeclarationVersion

FIRST = ("LODGED", "PRESENTED")
"""Event types of a declaration itself; every other one follows a version that was there."""


def counted(
    case: DeclarationRecord, version: DeclarationVersion, digest: str, where: RecordPosition
) -> DeclarationVersion:
    """A version of a source that gives no numbers, with the number that it has or gets: that of the same content and time, or of
    the same record; else the next one, unless it says what the newest says. It may come back to an earlier content."""
    at = version.envelope.event_date_time
    newest = case.images[-1] if case.images else None
    known = next(
        (
            one
            for one in reversed(case.images)
            if one.payload_hash == digest and (one is newest or one.at == at or one.origin == where.origin)
        ),
        None,
    )
    number = known.number if known is not None else newest.number + 1 if newest is not None else 1
    event_type = version.envelope.event_type
    if number > 1 and event_type in FIRST:
        event_type = "AMENDED"
    if known is not None:
        at = max(at, known.at)  # received again later, it is what it was
    envelope = replace(
        version.envelope,
        version_number=number,
        event_type=event_type,
        event_date_time=at,
        payload_hash=digest,
    )
    return replace(version, envelope=envelope)
