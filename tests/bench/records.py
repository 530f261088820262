"""Records a declaration in customs.verdicts and customs.alerts: `.venv/bin/python -m tests.bench.records`.

Real Kafka, one worker, detectors on. Simulated months with planted cases are published at once, so that detectors answer
after the time for which a verdict waits, as behind any backlog. A record is *said again for nothing* where lane, score, status,
findings, editions and version are those of the record before it under its key. docs/performance.md has the figures.
"""

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from streams.cases.questions import GATHERED_SECONDS
from streams.declarations.canonical import encode
from streams.kafka import topics
from streams.simulation.run import Plan, simulate
from tests.integration import brokers
from tests.integration.stream import Stream, running
from tests.integration.traffic import declarations as varied

SETTLE_SECONDS = 1800.0
MONTHS = 30
CASES = 600.0
"""Of each typology to 100,000 declarations: many, so that detectors have something to tell."""
BESIDE = frozenset(
    ("notEvaluable", "timeline", "whatWouldClear", "screened", "headline", "changedPaths", "evidenceHash")
)
"""What may change in a verdict or an alert without its being another."""

Message = tuple[bytes | None, bytes]


def simulated(count: int) -> Iterator[Message]:
    """All versions of `count` declarations of thirty months, keyed by declaration."""
    plan = Plan(months=MONTHS, per_month=-(-count // MONTHS), rate=CASES)
    seen: set[str] = set()
    for one in simulate(plan):
        key = one.version.envelope.declaration_key
        if key in seen or len(seen) < count:
            seen.add(key)
            yield key.encode(), encode(one.version)


def again_for_nothing(values: Sequence[Any]) -> int:
    """Of the records of one key, in order: those that say what the one before them said."""
    told = [{name: part for name, part in value.items() if name not in BESIDE} for value in values if value]
    return sum(before == after for before, after in pairwise(told))


def lines(name: str, records: Iterable[Any], published: int) -> Iterator[str]:
    """The figures of one topic as text."""
    by_key: dict[bytes, list[Any]] = defaultdict(list)
    for record in records:
        if not record.key.startswith(b"corridor|"):
            by_key[record.key].append(msgspec.json.decode(record.value) if record.value else None)
    total, keys = sum(map(len, by_key.values())), max(1, len(by_key))
    again = sum(map(again_for_nothing, by_key.values()))
    yield (
        f"{name:<10}{total:>8} records, {total / published:.3f} a declaration; {len(by_key)} keys, {total / keys:.3f} a key, "
        f"at most {max(map(len, by_key.values()), default=0)}; {again} said again for nothing"
    )


def settle(stream: Stream) -> None:
    """Until nothing more comes of it: also what waiting for answers ends in."""
    before = -1
    while True:
        stream.wait_settled(SETTLE_SECONDS)
        now = len(stream.records(topics.VERDICTS)) + len(stream.records(topics.ALERTS))
        if now == before:
            return
        before = now
        time.sleep(stream.settings.answer_wait + GATHERED_SECONDS + 5)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.records")
    parser.add_argument("--count", type=int, default=5_000, help="declarations")
    parser.add_argument("--traffic", choices=("simulated", "varied"), default="simulated")
    given = parser.parse_args()
    make = simulated if given.traffic == "simulated" else varied
    messages = list(make(given.count))
    published = len({key for key, _ in messages})
    with tempfile.TemporaryDirectory(prefix="torugart-records-") as folder:
        try:
            with (
                brokers.kafka(Path(folder) / "kafka") as broker,
                running(broker, "records", Path(folder)) as stream,
            ):
                stream.start_worker().wait_ready()
                started = time.monotonic()
                stream.publish(messages)
                settle(stream)
                print(
                    f"{published} declarations, {len(messages)} versions, {time.monotonic() - started:.0f} s"
                )
                for topic in (topics.VERDICTS, topics.ALERTS):
                    for line in lines(topic.name, stream.records(topic), published):
                        print(line)
                print(f"dead letters: {len(stream.records(topics.DEAD_LETTERS))}")
        except brokers.KafkaUnavailable as error:
            print(f"torugart: records are counted on real Kafka: {error}", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
