"""The intake agent: bytes of any adapter in; versions out, events on the way to their declaration, dead letters for the
rest. Stateless."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from streams.agents import identity
from streams.agents.loop import (
    RECEIVED_HEADER,
    Handler,
    arrival_headers,
    check_sizes,
    dead_letter_record,
    guarded,
)
from streams.declarations import canonical
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Ignored, Message, Original, VersionsRecord
from streams.declarations.formats.adapters import CODED, Formats, read_all
from streams.declarations.model import DeclarationVersion
from streams.kafka import topics
from streams.kafka.delivery import Outgoing, key_partition
from streams.kafka.records import source_of
from streams.metrics import Metrics
from streams.settings import Settings

__all__ = ["RECEIVED_HEADER", "intake_handler"]

_encode_record = msgspec.json.Encoder().encode


def intake_handler(settings: Settings, formats: Formats, metrics: Metrics) -> Handler:
    """What the intake does with one record."""
    dead_letters = settings.topic(topics.DEAD_LETTERS.name)

    def handle(record: Any) -> list[Outgoing]:
        source = source_of(record)
        said = read_all(
            record.value,
            format=_named(source.format, formats) or settings.format,
            received=_received(record.timestamp),
            max_bytes=settings.max_declaration_bytes,
            formats=formats,
        )
        out: list[Outgoing] = []
        refused: list[tuple[int, Unscreenable]] = []
        for number, one in enumerate(said, 1):
            try:
                out += send(one, record)
            except Unscreenable as error:
                refused.append((number, error))
        if not refused:
            return out
        number, first = refused[0]
        if len(said) == 1:
            raise first
        more = f" (and {len(refused) - 1} more of them)" if len(refused) > 1 else ""
        problem = Unscreenable(first.reason, f"declaration {number} of {len(said)}{more}: {first.detail}")
        if len(refused) == len(said):
            raise problem
        metrics.declarations.labels("dead_letter").inc()
        return [*out, dead_letter_record(record, problem, "intake", settings, metrics)]

    def send(message: Message | Unscreenable, record: Any) -> list[Outgoing]:
        match message:
            case Unscreenable():
                raise message
            case Original(version, tree):
                full = VersionsRecord.of(version, tree)
                out = [to_versions(version, _encode_record(full), record)]
                outcome = "accepted"
            case DeclarationVersion():
                out = [to_versions(message, canonical.encode(message), record)]
                outcome = "accepted"
            case Event():
                out = [identity.seeks(settings, message, record)]
                outcome = "event"
            case Ignored():
                out, outcome = [], "ignored"
        check_sizes(out)
        metrics.declarations.labels(outcome).inc()
        return out

    def to_versions(version: DeclarationVersion, value: bytes, record: Any) -> Outgoing:
        key = version.envelope.declaration_key.encode()
        return Outgoing(
            settings.topic(topics.VERSIONS.name),
            key,
            value,
            key_partition(key, settings.partitions),
            arrival_headers(source_of(record)),
        )

    guard = guarded(handle, "intake", settings, metrics)

    def counted(record: Any) -> list[Outgoing]:
        out = guard(record)
        if out and out[0].topic == dead_letters:
            metrics.declarations.labels("dead_letter").inc()
        return out

    return counted


def _named(given: str | None, formats: Formats) -> str | None:
    """The format that a record's header names, in whatever case. Raises Unscreenable for one that this worker has not."""
    if given is None:
        return None
    name = given.strip().lower()
    if name not in ("auto", *CODED) and formats.table(name) is None:
        known = ", ".join(formats.names)
        raise Unscreenable("UNKNOWN_FORMAT", f"the record's `format` header is none of: {known}")
    if name == "mapped" and formats.field_map is None:
        raise Unscreenable(
            "UNKNOWN_FORMAT", "the record's `format` header is mapped, but this worker has no field map"
        )
    return name


def _received(timestamp: int) -> datetime:
    """The record's own time. Raises Unscreenable for one that no calendar has."""
    try:
        return datetime.fromtimestamp(timestamp / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise Unscreenable("SCHEMA_VIOLATION", f"the record's timestamp {timestamp} is no time") from None
