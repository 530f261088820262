"""What records of customs.versions say, and what is found out of the next ones of a run before they are handled.

Screening one version goes through all of the code and much of the watchlists, and finds little of it in the processor's caches:
the same work for some tens of versions in a row takes less time by a fifth (docs/performance.md). All of it is pure, and is made
where a record is handled when it was not made ahead: nothing depends on it.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec
from msgspec import Struct

from streams.agents.runs import GatheredAnswers
from streams.assessment.screening import Look
from streams.declarations import canonical
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Tree, VersionsRecord
from streams.declarations.model import DeclarationVersion
from streams.patterns.memory import Answered

MOST_BYTES = 256 * 1024
"""Of their values; the rest is read where it is handled."""

_decode = msgspec.json.Decoder(VersionsRecord).decode
_decode_answer = msgspec.json.Decoder(Answered).decode

TICK = msgspec.json.encode(VersionsRecord())
"""Value of the record by which a partition of customs.versions learns what time it is."""


class Full(Struct, frozen=True):
    """A full version."""

    version: DeclarationVersion
    source: Tree | None


Said = Event | Answered | Full | None


def said_in(data: bytes | None) -> Said:
    """What a record of customs.versions says; None for a tick. Raises Unscreenable as the canonical decoder does."""
    try:
        record = _decode(data or b"")
        if isinstance(record.answer, msgspec.Raw):
            return _decode_answer(record.answer)
    except (ValueError, RecursionError) as error:
        canonical.refuse(data or b"", error)
    if record.event is not None:
        return record.event
    if record.envelope is None and record.declaration is None and data == TICK:
        return None
    version = record.version
    if version is None:
        raise Unscreenable("SCHEMA_VIOLATION", "neither a version nor an event")
    return Full(canonical.checked(version), record.source)


class Ahead:
    """What the records say that were looked at last."""

    def __init__(self, looks: Sequence[Look]) -> None:
        self._looks = looks
        self._said: dict[int, tuple[Any, Said]] = {}

    def look(self, records: Sequence[Any]) -> None:
        """Reads what comes next. Raises nothing: what is wrong with a record is said where it is handled."""
        self._said.clear()
        left = MOST_BYTES
        for record in records:
            left -= len(record.value or b"")
            if left > 0 and not isinstance(record, GatheredAnswers):
                with suppress(Unscreenable):
                    self._said[id(record)] = record, said_in(record.value)
        versions = [said.version for _, said in self._said.values() if isinstance(said, Full)]
        for look in self._looks:
            for version in versions:
                with suppress(Exception):  # it is met again where it is handled, and becomes a dead letter
                    look(version)

    def said(self, record: Any) -> Said:
        """What a record says. Raises as `said_in`."""
        known = self._said.pop(id(record), None)
        return known[1] if known is not None and known[0] is record else said_in(record.value)
