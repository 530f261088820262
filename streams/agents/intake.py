"""The intake agent: bytes of any adapter in, canonical versions out, dead letters for the rest. Stateless."""

from datetime import UTC, datetime
from typing import Any

from streams import topics
from streams.agents.delivery import Outgoing, key_partition
from streams.agents.loop import Handler, check_sizes, guarded, source_of
from streams.declarations import canonical
from streams.declarations.adapters import FORMATS, FieldMap, read
from streams.declarations.errors import Unscreenable
from streams.metrics import Metrics
from streams.settings import Settings

RECEIVED_HEADER = "received"
"""Milliseconds: timestamp of the record in customs.declarations, for the end-to-end latency."""


def intake_handler(settings: Settings, field_map: FieldMap | None, metrics: Metrics) -> Handler:
    """What the intake does with one record."""
    versions = settings.topic(topics.VERSIONS.name)

    def handle(record: Any) -> list[Outgoing]:
        source = source_of(record)
        if source.format is not None and source.format not in FORMATS:
            known = ", ".join(FORMATS)
            raise Unscreenable("UNKNOWN_FORMAT", f"the record's `format` header is none of: {known}")
        if source.format == "mapped" and field_map is None:
            raise Unscreenable(
                "UNKNOWN_FORMAT", "the record's `format` header is mapped, but this worker has no field map"
            )
        version = read(
            record.value,
            format=source.format or settings.format,
            received=_received(record.timestamp),
            max_bytes=settings.max_declaration_bytes,
            field_map=field_map,
        )
        key = version.envelope.declaration_key.encode()
        out = [
            Outgoing(
                versions,
                key,
                canonical.encode(version),
                key_partition(key, settings.partitions),
                headers=((RECEIVED_HEADER, str(record.timestamp).encode()), ("source", source.id.encode())),
            )
        ]
        check_sizes(out)
        return out

    guard = guarded(handle, "intake", settings, metrics)

    def counted(record: Any) -> list[Outgoing]:
        out = guard(record)
        accepted = out[0].topic == versions
        metrics.declarations.labels("accepted" if accepted else "dead_letter").inc()
        return out

    return counted


def _received(timestamp: int) -> datetime:
    """The record's own time. Raises Unscreenable for one that no calendar has."""
    try:
        return datetime.fromtimestamp(timestamp / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise Unscreenable("SCHEMA_VIOLATION", f"the record's timestamp {timestamp} is no time") from None
