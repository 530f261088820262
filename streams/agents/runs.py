"""What a run of records sends, made from what its records send one by one: of a state the newest value of each key, and the
observations for one partition together. Each record less is CPU and disk of the broker's, of ours, and of who reads it back."""

from collections.abc import Iterable

import msgspec

from streams.kafka import topics
from streams.kafka.delivery import Outgoing
from streams.settings import Settings

RUN_KEY = b"!run"
"""Key of a record of customs.observations that holds those of a run: a MessagePack array of them."""
MOST_BYTES = 256 * 1024
"""Of one such record: it is one message to whoever handles it, and to the broker."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[msgspec.Raw, ...]).decode


class RunMerger:
    """Merges what a run sends. A single observation stays the record that it is."""

    def __init__(self, settings: Settings) -> None:
        kept = (topics.STATE, topics.REFERENCE_STATE, topics.PATTERN_STATE)
        self._states = {settings.topic(topic.name) for topic in kept}
        self._observations = settings.topic(topics.OBSERVATIONS.name)

    def merged(self, records: Iterable[Outgoing]) -> list[Outgoing]:
        """The records in their order. A state stands where its newest value stood, the observations for a partition where the
        first of them did."""
        out: list[list[Outgoing]] = []
        states: dict[tuple[str, bytes], list[Outgoing]] = {}
        packs: dict[int | None, list[Outgoing]] = {}
        sizes: dict[int | None, int] = {}
        for record in records:
            place = [record]
            if record.topic in self._states:
                states.get((record.topic, record.key), []).clear()
                states[record.topic, record.key] = place
            elif record.topic == self._observations:
                size = len(record.value or b"")
                pack = packs.get(record.partition)
                if pack is not None and sizes[record.partition] + size <= MOST_BYTES:
                    pack.append(record)
                    sizes[record.partition] += size
                    continue
                packs[record.partition], sizes[record.partition] = place, size
            out.append(place)
        return [_one(place) for place in out if place]


def _one(records: list[Outgoing]) -> Outgoing:
    first = records[0]
    if len(records) == 1:
        return first
    value = _encode([msgspec.Raw(record.value or b"\xc0") for record in records])
    return Outgoing(first.topic, RUN_KEY, value, first.partition)


def observed(value: bytes | None) -> tuple[msgspec.Raw, ...]:
    """The observations in a run's record. Raises msgspec.MsgspecError for a value that is none."""
    return _decode(value or b"")
