"""What the records of a run have in common. Of what they send: of a state the newest value of each key, and the observations for
one partition together; each record less is CPU and disk of the broker's, of ours, and of who reads it back. Of what they say: the
detectors' answers to one declaration, which has its verdict when all are there."""

from collections.abc import Iterable
from typing import Any

import msgspec

from streams.kafka import topics
from streams.kafka.delivery import Outgoing
from streams.settings import Settings

RUN_KEY = b"!run"
"""Key of a record of customs.observations that holds those of a run: a MessagePack array of them."""
TICK_KEY = b"tick"
"""Key of a record that tells a partition what time it is."""
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


ANSWER = b'{"answer":'
"""Begins the value of a record of customs.versions that is a detector's answer."""


class GatheredAnswers:
    """The records of the answers to one declaration in a run, handled together. Read as a record it is the last of them."""

    def __init__(self, first: Any) -> None:
        self.records = [first]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.records[-1], name)


def gathered(records: Iterable[Any]) -> list[Any]:
    """The records of a run of customs.versions, with the answers to one declaration gathered where the first of them stood,
    unless something else was said of it, or what time it is, in between."""
    out: list[Any] = []
    places: dict[bytes | None, int] = {}
    for record in records:
        if record.value is None or not record.value.startswith(ANSWER):
            if record.key == TICK_KEY:
                places.clear()
            places.pop(record.key, None)
            out.append(record)
        elif (place := places.get(record.key)) is None:
            places[record.key] = len(out)
            out.append(record)
        else:
            known = out[place]
            if not isinstance(known, GatheredAnswers):
                known = out[place] = GatheredAnswers(known)
            known.records.append(record)
    return out
