"""CPU of each stage of the stream, a declaration: the handlers of `streams.engine` in this process, without Kafka."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from streams.cases.packing import pack, unpack
from streams.declarations.formats.adapters import read
from streams.declarations.model import DeclarationVersion
from streams.engine import Engine, Handled
from streams.kafka import topics
from streams.watchlists.index import WatchlistIndex
from streams.watchlists.matches import match_party

RECEIVED = datetime(2026, 7, 1, tzinfo=UTC)
STAGES = {topics.DECLARATIONS: "intake", topics.REFERENCES: "identity", topics.OBSERVATIONS: "patterns"}


def stage_times(
    engine: Engine, index: WatchlistIndex, traffic: Iterator[bytes], sample: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Microseconds of CPU a declaration: of each stage, and of parts of them.

    The first `sample` messages are not counted: traders are known by then and something is remembered, as in a worker that has
    run for a while.
    """
    names = {engine.settings.topic(topic.name): stage for topic, stage in STAGES.items()}
    said = engine.settings.topic(topics.VERDICTS.name)
    spent, verdicts = Counter[str](), list[bytes]()
    for number, message in enumerate(islice(traffic, 2 * sample)):
        steps = engine.take(message, int(RECEIVED.timestamp() * 1000))
        while True:
            started = time.process_time_ns()
            handled = next(steps, None)  # a handler works while its step is asked for
            if handled is None:
                break
            if number >= sample:
                stage = names.get(handled.record.topic) or _screening(handled)
                spent[stage] += time.process_time_ns() - started
                verdicts += [out.value for out in handled.out if out.topic == said and out.value]
    versions = [_version(message) for message in islice(traffic, sample)]
    first, _ = _timed(lambda one: _matches(one, index), versions)
    known, _ = _timed(lambda one: _matches(one, index), versions)
    packing, packed = _timed(lambda text: pack("verdict", text), verdicts)
    unpacking, _ = _timed(lambda value: unpack("verdict", value), packed)
    return {stage: spent[stage] / sample / 1e3 for stage in sorted(spent)}, {
        "list hits, names as they come": first,
        "list hits, every name known": known,
        "packing a verdict": packing,
        "unpacking a verdict": unpacking,
    }


def _screening(handled: Handled) -> str:
    answers = (handled.record.value or b"").startswith(b'{"answer"')
    return "screening: answers of detectors" if answers else "screening: versions"


def _timed(work: Callable[[Any], Any], values: Sequence[Any]) -> tuple[float, list[Any]]:
    started = time.process_time_ns()
    results = [work(value) for value in values]
    return (time.process_time_ns() - started) / len(values) / 1e3, results


def _version(message: bytes) -> DeclarationVersion:
    version = read(message, received=RECEIVED, max_bytes=len(message))
    assert isinstance(version, DeclarationVersion)
    return version


def _matches(version: DeclarationVersion, index: WatchlistIndex) -> None:
    for number, party in enumerate(version.declaration.parties):
        match_party(number, party, index)
