"""What remembering trade costs, on real Kafka: `.venv/bin/python -m tests.bench.pattern_state`.

Bytes of state by detector, on disk and in memory; how long a fresh worker reads; what is left when the time-to-live has passed;
how many declarations ask, and how much longer their verdict takes. docs/patterns.md has the figures.
"""

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from kafka.admin import ConfigResource, ConfigResourceType
from msgspec.structs import replace

from streams.agents.began import BEGAN
from streams.agents.runs import RUN_KEY, observed
from streams.cases.questions import Asking, observe
from streams.declarations.canonical import encode
from streams.declarations.model import DeclarationVersion
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.lifecycle.life import KnownVersion, fold
from streams.patterns.memory import Observation
from streams.simulation.run import Plan, simulate
from tests.folded import Folded
from tests.integration import brokers
from tests.integration.brokers import Broker
from tests.integration.stream import Stream, Worker, running
from tests.ledger import Ledger

SETTLE_SECONDS = 3600
PLACE_BYTES = 104
"""Of a key in a dictionary that has grown: hash, two references and the share of empty places."""
SOON = {"segment.ms": "1000", "min.cleanable.dirty.ratio": "0.01", "delete.retention.ms": "100"}
"""Configuration of a topic by which Kafka compacts within seconds what it would compact within days."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pattern_state")
    parser.add_argument("--months", type=int, default=10)
    parser.add_argument("--per-month", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=50.0, help="declarations a second, for latency")
    parser.add_argument("--seconds", type=float, default=60.0, help="of it")
    parser.add_argument("--only", choices=("state", "past", "latency", "long"), help="one part of it")
    given = parser.parse_args()
    if given.only in (None, "long"):
        _long(_plan(months=30, per_month=given.per_month, first=(2024, 1)))
    if given.only == "long":
        return 0
    with tempfile.TemporaryDirectory(prefix="torugart-bench-") as folder:
        path = Path(folder)
        with brokers.kafka(path / "kafka", properties={"log.cleaner.backoff.ms": "500"}) as broker:
            if given.only in (None, "state"):
                _state(broker, path, _plan(months=given.months, per_month=given.per_month, first=(2026, 1)))
            if given.only in (None, "past"):
                _past_its_time(broker, path, _plan(months=6, per_month=given.per_month, first=(2019, 7)))
            if given.only in (None, "latency"):
                _latency(broker, path, given.rate, given.seconds)
    return 0


def _long(plan: Plan) -> None:
    """Size after so many months that the longer memories are full, by the pure core: no Kafka, no amendments."""
    watch = Folded().watch
    ledger = Ledger(watch.book)
    looked = 0
    for offset, version in enumerate(_lodged(plan)):
        day = int(version.envelope.event_date_time.timestamp()) // 86_400
        life = fold([KnownVersion(1, "LODGED", version.envelope.event_date_time, version)], [])
        ledger.observe(observe(Asking(), life, watch, (0, offset), 0.0, day)[1])
        if day > looked:
            looked = day
            ledger.reach(day)
    print(f"{plan.months} months of {plan.per_month} declarations, one version each, seed {plan.seed}")
    values = {key.encode(): value for key, value in ledger.values.items()}
    _sizes("all patterns", values)
    for detector, own in sorted(_by_detector(values).items()):
        _sizes(detector, own)


def _state(broker: Broker, folder: Path, plan: Plan) -> None:
    """Size after months of trade, and the time a fresh worker takes to read it back."""
    print(f"{plan.months} months of {plan.per_month} declarations, seed {plan.seed}")
    with running(broker, "state", folder) as stream:
        worker = stream.start_worker()
        worker.wait_ready()
        bare = _resident(worker)
        began = time.monotonic()
        sent = _publish(stream, simulate(plan))
        stream.wait_settled(SETTLE_SECONDS)
        print(f"{sent} versions taken up in {time.monotonic() - began:.0f} s by one worker")
        grown = _resident(worker) - bare
        _sizes("open declaration", stream.standing(topics.STATE))
        remembered = stream.standing(topics.PATTERN_STATE)
        _sizes("all patterns", remembered)
        for detector, values in sorted(_by_detector(remembered).items()):
            _sizes(detector, values)
        print(f"the worker grew by {grown / 1e6:.0f} MB, name index and caches included")
        _asking(stream)
        for topic in (topics.PATTERN_STATE, topics.STATE):
            _disk(broker, folder, stream, topic, "as written")
        worker.stop()
        _recovery(stream)
        _compact(stream, topics.PATTERN_STATE, topics.STATE)
        for topic in (topics.PATTERN_STATE, topics.STATE):
            _disk(broker, folder, stream, topic, "compacted")
        stream.workers[-1].stop()
        _recovery(stream)


def _past_its_time(broker: Broker, folder: Path, plan: Plan) -> None:
    """What is left of months of trade when the stream has come past all that is kept."""
    with running(broker, "past", folder) as stream:
        stream.start_worker().wait_ready()
        _publish(stream, simulate(plan))
        stream.wait_settled(SETTLE_SECONDS)
        before = _keys(stream)
        later = _moved(_lodged(replace(plan, months=1, seed=2)), datetime(2026, 10, 20, 9, tzinfo=UTC))
        own = list(islice(later, 200))
        _publish(stream, own)
        stream.wait_settled(SETTLE_SECONDS)
        after = _keys(stream)
        alone = _alone(broker, folder, own)
        for name in before:
            print(
                f"{name}: {before[name]} keys, {after[name]} after the time-to-live, {alone[name]} of the last day alone"
            )


def _alone(broker: Broker, folder: Path, versions: Sequence[DeclarationVersion]) -> dict[str, int]:
    """Keys of a stream that has seen nothing else."""
    with running(broker, "alone", folder) as stream:
        stream.start_worker().wait_ready()
        _publish(stream, versions)
        stream.wait_settled(SETTLE_SECONDS)
        return _keys(stream)


def _latency(broker: Broker, folder: Path, rate: float, seconds: float) -> None:
    """Time from a record in customs.declarations to its verdict in customs.verdicts, both by the broker's clock."""
    plan = _plan(months=1, per_month=max(1000, int(rate * seconds * 2)), first=(2026, 10))
    versions = list(islice(_lodged(plan), int(rate * seconds)))
    Random(1).shuffle(versions)
    for patterns in ("on", "off"):
        with running(broker, f"latency-{patterns}", folder, patterns=patterns) as stream:
            for topic in (topics.DECLARATIONS, topics.VERDICTS):
                _configure(stream, topic, {"message.timestamp.type": "LogAppendTime"})
            stream.start_worker().wait_ready()
            _publish(stream, versions[:200])  # fills caches
            stream.wait_settled(SETTLE_SECONDS)
            _publish(stream, versions[200:], rate)
            stream.wait_settled(SETTLE_SECONDS)
            taken = _taken(stream, {one.envelope.declaration_key for one in versions[200:]})
            asked = _askers(stream)
            print(f"patterns {patterns}, {rate:.0f} declarations a second, one worker:")
            _percentiles("  of those that ask", [taken[key] for key in taken if key in asked])
            _percentiles("  of the others", [taken[key] for key in taken if key not in asked])


# Messages.


def _plan(**given: Any) -> Plan:
    return Plan(plant_months=1, **given)


def _lodged(plan: Plan) -> Iterator[DeclarationVersion]:
    """First versions alone."""
    return (one.version for one in simulate(plan) if one.version.envelope.version_number == 1)


def _moved(versions: Iterable[DeclarationVersion], at: datetime) -> Iterator[DeclarationVersion]:
    for one in versions:
        yield replace(one, envelope=replace(one.envelope, event_date_time=at))


def _publish(stream: Stream, versions: Iterable[object], rate: float | None = None) -> int:
    """At once, or so many a second; returns how many."""
    producer = kafka_clients.producer(stream.settings)
    name, began, sent = stream.settings.topic(topics.DECLARATIONS.name), time.monotonic(), 0
    for sent, one in enumerate(versions, 1):
        version = getattr(one, "version", one)
        producer.send(name, key=version.envelope.declaration_key.encode(), value=encode(version))
        if rate is not None:
            time.sleep(max(0.0, began + sent / rate - time.monotonic()))
    producer.flush()
    producer.close()
    return sent


# What the topics hold.


def _by_detector(remembered: Mapping[bytes, bytes]) -> dict[str, dict[bytes, bytes]]:
    found: dict[str, dict[bytes, bytes]] = defaultdict(dict)
    for key, value in remembered.items():
        if key != BEGAN:
            found[key.decode().partition("|")[0]][key] = value
    return found


def _observations(stream: Stream) -> Iterator[Observation]:
    read = msgspec.msgpack.Decoder(Observation).decode
    for record in stream.records(topics.OBSERVATIONS):
        yield from map(read, observed(record.value) if record.key == RUN_KEY else (record.value,))


def _askers(stream: Stream) -> set[str]:
    return {one.declaration for one in _observations(stream) if one.added is not None and one.added.asks}


def _asking(stream: Stream) -> None:
    told, asked = defaultdict(set), defaultdict(set)
    for one in _observations(stream):
        detector = one.key.partition("|")[0]
        for name in (detector, "any detector"):
            told[name].add(one.declaration)
            if one.added is not None and one.added.asks:
                asked[name].add(one.declaration)
    all_of_them = len(stream.latest(topics.STATE))
    for name in sorted(told):
        print(
            f"{name}: {len(told[name]) / all_of_them:.1%} of declarations contribute, "
            f"{len(asked[name]) / all_of_them:.1%} ask"
        )


def _keys(stream: Stream) -> dict[str, int]:
    found = {
        name: len(values) for name, values in _by_detector(stream.standing(topics.PATTERN_STATE)).items()
    }
    return dict(sorted(found.items())) | {"open declarations": len(stream.standing(topics.STATE))}


def _taken(stream: Stream, keys: set[str]) -> dict[str, float]:
    """Seconds by declarationKey."""
    sent = {record.key.decode(): record.timestamp for record in stream.records(topics.DECLARATIONS)}
    taken: dict[str, float] = {}
    for record in stream.records(topics.VERDICTS):
        key = record.key.decode().rpartition("@")[0]
        if key in keys:
            taken.setdefault(key, (record.timestamp - sent[key]) / 1000)
    return taken


# Sizes and times.


def _sizes(what: str, values: Mapping[bytes, bytes]) -> None:
    sizes = sorted(len(value) for value in values.values())
    if not sizes:
        return
    memory = [sys.getsizeof(key) + sys.getsizeof(value) + PLACE_BYTES for key, value in values.items()]
    print(
        f"{what:18} n {len(sizes):6}  value: median {statistics.median(sizes):6.0f}  mean {statistics.mean(sizes):6.0f}  "
        f"p99 {sizes[int(len(sizes) * 0.99)]:6}  largest {sizes[-1]:6}  with key in memory: mean {statistics.mean(memory):6.0f}"
    )


def _resident(worker: Worker) -> float:
    found = re.search(r"^torugart_process_resident_memory_bytes (\S+)", worker.get("/metrics").decode(), re.M)
    return float(found[1]) if found else 0.0


def _disk(broker: Broker, folder: Path, stream: Stream, topic: topics.Topic, how: str) -> None:
    name = stream.settings.topic(topic.name)
    logs = [path for place in (folder / "kafka").rglob(f"{name}-[0-9]*") for path in place.glob("*.log")]
    print(f"{topic.name} on disk, {how}: {sum(path.stat().st_size for path in logs) / 1e6:.1f} MB")


def _compact(stream: Stream, *which: topics.Topic) -> None:
    """Makes Kafka compact: with the next record, a segment that is over a second old is closed, and then cleaned."""
    for topic in which:
        _configure(stream, topic, SOON)
    for seed in (3, 4):
        time.sleep(3)
        _publish(stream, islice(_lodged(_plan(months=1, per_month=1000, first=(2026, 10), seed=seed)), 100))
        stream.wait_settled(SETTLE_SECONDS)
    time.sleep(15)


def _configure(stream: Stream, topic: topics.Topic, changes: Mapping[str, str]) -> None:
    admin = kafka_clients.admin(stream.settings)
    try:
        name = stream.settings.topic(topic.name)
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, dict(changes))])
    finally:
        admin.close()


def _recovery(stream: Stream) -> None:
    """A fresh worker: from its start until it has read all partitions back and given a verdict in each."""
    began = time.monotonic()
    worker = stream.start_worker()
    worker.wait_ready()
    ready = time.monotonic() - began
    _publish(stream, islice(_lodged(_plan(months=1, per_month=1000, first=(2026, 10), seed=int(began))), 100))
    stream.wait_settled(SETTLE_SECONDS)
    done = time.monotonic() - began
    print(
        f"a fresh worker was ready after {ready:.1f} s, had read all and given 100 verdicts after {done:.1f} s:"
    )
    for line in worker.log.read_text().splitlines():
        if "recovered" in line:
            print("  " + line[line.index(" state of partition") - 9 :].strip())


def _percentiles(what: str, seconds: Sequence[float]) -> None:
    if not seconds:
        return
    ordered = sorted(seconds)
    p50, p99 = (1000 * ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
    print(
        f"{what}: n {len(ordered)}, p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {1000 * ordered[-1]:.0f} ms"
    )


if __name__ == "__main__":
    sys.exit(main())
