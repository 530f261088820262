"""The identity agent: events find the declaration they belong to. What is known of each reference is in its state."""

import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from streams.agents.loop import Handler, arrival_headers, check_sizes, dead_letter_of, guarded
from streams.declarations.dead_letter import Source
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, VersionsRecord
from streams.declarations.model import DeclarationVersion
from streams.declarations.unpacking import Unpackable, inflate
from streams.kafka import topics
from streams.kafka.delivery import Outgoing, key_partition
from streams.kafka.records import own_key, source_of
from streams.kafka.set_aside import check_key, state_record
from streams.kafka.state import Check, PartitionedState
from streams.lifecycle import references
from streams.lifecycle.identity import Holding, Missing, Patience, Routed, Why, due, step
from streams.lifecycle.references import Message, Release, Seek, Tick
from streams.metrics import Metrics
from streams.settings import Settings

DAY = 86_400.0

DETAILS: dict[Why, str] = {
    "unknown": "its declaration did not come within {hours:g} hours; if it still comes, this is taken up",
    "ambiguous": "several declarations have this reference, and nothing in the message says which of them is meant",
    "crowded": "too much waits for the same declaration, which has not come; send this again when it has",
}
"""What a dead letter BASE_MISSING says."""


class Held(Struct, frozen=True, array_like=True):
    """The payload of a Seek."""

    record: bytes
    """zlib of the record for customs.versions"""
    source: Source
    original: bytes
    """zlib of the message as it came in"""


class _Stored(Struct, frozen=True, array_like=True):
    """A state value. The deadline comes first: it is read far more often than the rest."""

    due: float | None
    holding: Holding


class _Due(Struct, frozen=True, array_like=True):
    due: float | None


_encode = msgspec.msgpack.Encoder().encode
_encode_json = msgspec.json.Encoder().encode
_decode = msgspec.msgpack.Decoder(Message).decode
_decode_held = msgspec.msgpack.Decoder(Held).decode
_decode_stored = msgspec.msgpack.Decoder(_Stored).decode
_decode_due = msgspec.msgpack.Decoder(_Due).decode

TICK = _encode(Tick())
"""Value of the record by which a partition of customs.references learns what time it is."""


def told(settings: Settings, reference: str, message: Message) -> Outgoing:
    """A record of customs.references."""
    key = reference.encode()
    return Outgoing(
        settings.topic(topics.REFERENCES.name), key, _encode(message), key_partition(key, settings.partitions)
    )


def seeks(settings: Settings, event: Event, record: Any) -> Outgoing:
    """What sends an event, read from `record` of customs.declarations, on the way to its declaration.

    Raises Unscreenable: SCHEMA_VIOLATION where it names none, TOO_LARGE where its record would be refused by Kafka.
    """
    value = _encode_json(VersionsRecord(event=event))
    payload = _encode(Held(zlib.compress(value, 1), source_of(record), zlib.compress(record.value, 1)))
    out = told(settings, *references.seek(event, payload))
    check_sizes([out, Outgoing(settings.topic(topics.VERSIONS.name), b"", value)])
    return out


def claims(settings: Settings, version: DeclarationVersion) -> list[Outgoing]:
    """What tells the references of a stored original whose they are."""
    return [told(settings, *claim) for claim in references.claims(version)]


def releases(settings: Settings, version: DeclarationVersion) -> list[Outgoing]:
    """What tells them that it is forgotten."""
    return [told(settings, reference, Release(claim.key)) for reference, claim in references.claims(version)]


def deadline_of(settings: Settings) -> Callable[[bytes], float | None]:
    """State value -> when its holding needs a tick, Unix seconds."""
    return lambda value: _decode_due(value).due


def patience(settings: Settings) -> Patience:
    """How long events wait, by the settings."""
    return Patience(settings.base_wait, max(settings.base_wait, settings.life_days * DAY))


def identity_handler(settings: Settings, state: PartitionedState, metrics: Metrics) -> Handler:
    """What identity does with one record of a partition whose state is recovered."""
    versions = settings.topic(topics.VERSIONS.name)
    states = settings.topic(topics.REFERENCE_STATE.name)
    waits = patience(settings)

    def handle(record: Any) -> list[Outgoing]:
        message, now = _message(record.value), record.timestamp / 1000
        if not isinstance(message, Tick):
            own_key(record.key, record.partition, settings.partitions)
            return say(record.partition, record.key, message, now)
        out: list[Outgoing] = []
        for reference in state.due(record.partition, now):
            # Each on its own: one that fails must not take with it what the others let go of.
            out += guarded(partial(tick, reference), "identity", settings, metrics, state=state)(record)
        return out

    def tick(reference: bytes, record: Any) -> list[Outgoing]:
        return say(record.partition, reference, Tick(), record.timestamp / 1000)

    def say(partition: int, reference: bytes, message: Message, now: float) -> list[Outgoing]:
        value = state.get(partition, reference)
        before = Holding() if value is None else _decode_stored(value).holding
        holding, results = step(reference.decode(), before, message, now, waits)
        out: list[Outgoing] = []
        for result in results:
            if isinstance(result, Routed):
                out.append(routed(result))
            elif isinstance(result, Missing):
                out.append(missing(result))
            else:
                out.append(told(settings, result.reference, result.message))
        check_sizes(out)
        if holding != before or isinstance(message, Tick):
            out.append(keep(partition, reference, holding))
        return out

    def keep(partition: int, reference: bytes, holding: Holding) -> Outgoing:
        """After what is routed: a holding that has let go of an event must not outlast it."""
        if holding == Holding():
            state.delete(partition, reference)
            return state_record(states, reference, None, partition, after=True)
        deadline = due(holding, waits)
        value = bytes(bytearray(_encode(_Stored(deadline, holding))))
        out = state_record(states, reference, value, partition, after=True)
        check_sizes([out])
        state.put(partition, reference, value, deadline)
        return out

    def routed(result: Routed) -> Outgoing:
        held = _decode_held(result.payload)
        late = result.waited > settings.base_wait
        metrics.events_routed.labels("late" if late else "waited" if result.waited else "at_once").inc()
        key = result.key.encode()
        return Outgoing(
            versions,
            key,
            inflate(held.record),
            key_partition(key, settings.partitions),
            arrival_headers(held.source),
        )

    def missing(result: Missing) -> Outgoing:
        held = _decode_held(result.payload)
        detail = DETAILS[result.why].format(hours=settings.base_wait / 3600)
        error = Unscreenable("BASE_MISSING", detail)
        return dead_letter_of(inflate(held.original), held.source, error, "identity", settings, metrics)

    return guarded(handle, "identity", settings, metrics, _received, state)


def checked(settings: Settings) -> Check:
    """What is asked of every recovered value."""
    return lambda partition, key, _: check_key(key, partition, settings.partitions)


def read_whole(partition: int, key: bytes, value: bytes) -> None:
    """Reads all of a value. Raises whatever its bytes make the code raise."""
    for event in _decode_stored(value).holding.waiting:
        held = _decode_held(event.seek.payload)
        inflate(held.record)
        inflate(held.original)


def _message(data: bytes | None) -> Message:
    """What a record of customs.references says. Raises Unscreenable for one that Torugart never writes."""
    try:
        message: Message = _decode(data or b"")
        return message
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Unscreenable(
            "SCHEMA_VIOLATION", f"no message about a reference: {type(error).__name__}"
        ) from None


def _received(record: Any) -> tuple[bytes | None, Source]:
    """The message that a record seeks a declaration for; of any other record, the record itself."""
    try:
        message = _decode(record.value)
        if isinstance(message, Seek):
            held = _decode_held(message.payload)
            return inflate(held.original), held.source
    except (msgspec.MsgspecError, Unpackable, TypeError, RecursionError):
        pass
    return record.value, source_of(record)
