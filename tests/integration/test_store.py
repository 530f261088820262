"""State on disk: after kills, of a stale directory or a lost one, a start on it is where Kafka is, key for key."""

import asyncio
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from kafka.admin import ConfigResource, ConfigResourceType
from msgspec.structs import replace

from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.admin import changelogs, create_topics
from streams.kafka.disk import Disk, open_disk
from streams.kafka.state import PartitionedState
from streams.metrics import Metrics
from streams.settings import Settings
from tests.integration.brokers import Broker
from tests.integration.stream import Stream, running
from tests.lives import lives, now
from tests.processes import PATIENCE

Place = tuple[str, int]

WRITTEN_BYTES = 4096


def _newest(records: Iterable[Any]) -> dict[bytes, bytes]:
    values: dict[bytes, bytes] = {}
    for record in records:
        values.pop(record.key, None)
        if record.value is not None:
            values[record.key] = record.value
    return values


def _changelogs(settings: Settings) -> dict[Place, list[Any]]:
    """The records of every partition of every topic of state."""
    names = [settings.topic(topic.name) for topic in topics.STATES]
    found: dict[Place, list[Any]] = {
        (name, number): [] for name in names for number in range(settings.partitions)
    }
    for name in names:
        for record in kafka_clients.read_to_end(settings, name):
            found[name, record.partition].append(record)
    return found


def _opened(settings: Settings, directory: Path) -> Disk:
    opened = open_disk(replace(settings, state_dir=str(directory)), changelogs)
    assert opened is not None
    return opened


def _wait_written(directory: Path) -> None:
    """Until a worker has written something of what it read back to its disk: by RocksDB's log of writes."""
    deadline = time.monotonic() + PATIENCE
    while sum(path.stat().st_size for path in directory.rglob("*.log")) < WRITTEN_BYTES:
        assert time.monotonic() < deadline, f"nothing is written to {directory}"
        time.sleep(0.02)


def _assert_a_kill_left_what_kafka_had(stream: Stream, directory: Path) -> int:
    """The disk of a worker that is gone is its changelogs up to its positions; how many keys it holds."""
    logs, keys = _changelogs(stream.settings), 0
    with closing(_opened(stream.settings, directory)) as opened:
        for (name, number), records in logs.items():
            stored = opened.partition(name, number)
            there = {key: row.value for key, row in stored.rows()}
            assert there == _newest(one for one in records if one.offset < stored.position), (name, number)
            keys += len(there)
    return keys


def _recovered(settings: Settings, directory: Path) -> dict[Place, Mapping[bytes, bytes]]:
    """What a worker that starts on a directory knows."""

    async def read(opened: Disk) -> dict[Place, Mapping[bytes, bytes]]:
        found: dict[Place, Mapping[bytes, bytes]] = {}
        for topic in topics.STATES:
            name = settings.topic(topic.name)
            state = PartitionedState(settings, name, Metrics(process=False), disk=opened)
            for number in range(settings.partitions):
                await state.recover(number, lambda: 1)
                found[name, number] = dict(state.items(number))
        return found

    with closing(_opened(settings, directory)) as opened:
        return asyncio.run(read(opened))


@pytest.mark.load
def test_a_start_on_disk_is_where_kafka_is_after_kills_on_a_stale_and_on_a_lost_disk(
    broker: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    all_lives = list(lives(1_500 if broker.kind == "kafka" else 400, now() - timedelta(hours=1)))
    messages = sorted((at, life.key.encode(), data) for life in all_lives for at, data in life.messages)
    keys = sum(len(life.versions) for life in all_lives)
    here, there, lost = (tmp_path / name for name in ("here", "there", "lost"))
    with running(broker, unique("store"), tmp_path) as stream:
        first = stream.start_worker(TORUGART_STATE_DIR=str(here))
        second = stream.start_worker(TORUGART_STATE_DIR=str(there))
        first.wait_ready()
        second.wait_ready()
        stream.publish([(key, data, int(at.timestamp() * 1000)) for at, key, data in messages])
        stream.wait_for(topics.VERDICTS, keys // 5)
        _wait_written(here)
        first.kill()
        assert _assert_a_kill_left_what_kafka_had(stream, here) > 0
        stale = tmp_path / "stale"
        shutil.copytree(here, stale)
        stream.wait_for(
            topics.VERDICTS, keys // 3
        )  # the second owns all, and writes what the first one's disk lacks
        third = stream.start_worker(TORUGART_STATE_DIR=str(here))
        third.wait_ready()
        stream.wait_for(topics.VERDICTS, keys // 2)
        _wait_written(there)
        second.kill()
        assert _assert_a_kill_left_what_kafka_had(stream, there) > 0
        stream.start_worker(TORUGART_STATE_DIR=str(lost)).wait_ready()
        stream.wait_for(topics.VERDICTS, keys)
        third.kill()
        stream.start_worker(TORUGART_STATE_DIR=str(there)).wait_ready()
        stream.wait_committed()
        stream.stop()
        expected = {place: _newest(records) for place, records in _changelogs(stream.settings).items()}
        assert sum(map(len, expected.values())) > len(all_lives)
        for directory in (here, there, lost, stale, tmp_path / "new"):
            assert _recovered(stream.settings, directory) == expected, directory


def _send(settings: Settings, *records: tuple[bytes, bytes | None]) -> None:
    with closing(kafka_clients.producer(settings)) as producer:
        for key, value in records:
            producer.send(settings.topic(topics.STATE.name), key=key, value=value, partition=0)
        producer.flush()


def _known(settings: Settings, directory: Path) -> Mapping[bytes, bytes]:
    return _recovered(settings, directory)[settings.topic(topics.STATE.name), 0]


def test_a_deletion_that_kafka_has_forgotten_is_not_undone_by_an_old_disk(
    kafka_broker: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    settings = kafka_broker.settings(topic_prefix=f"{unique('forgotten')}.", partitions=1)
    name = settings.topic(topics.STATE.name)
    create_topics(settings)
    with closing(kafka_clients.admin(settings)) as admin:
        quick = {"delete.retention.ms": "500", "segment.ms": "100", "min.cleanable.dirty.ratio": "0"}
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, configs=quick)])
    _send(settings, (b"gone", b"1"), (b"stays", b"1"))
    assert _known(settings, tmp_path) == {b"gone": b"1", b"stays": b"1"}
    _send(settings, (b"gone", None))
    deadline = time.monotonic() + PATIENCE
    while any(record.key == b"gone" for record in kafka_clients.read_to_end(settings, name)):
        assert time.monotonic() < deadline, "Kafka has not compacted"
        _send(settings, (b"other", b"1"))
        time.sleep(0.5)
    assert _known(settings, tmp_path) == {b"other": b"1", b"stays": b"1"}


def test_a_topic_that_was_made_anew_is_read_from_its_beginning(
    broker: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    settings = broker.settings(topic_prefix=f"{unique('anew')}.", partitions=1)
    create_topics(settings)
    _send(settings, (b"a", b"1"), (b"b", b"1"))
    assert _known(settings, tmp_path) == {b"a": b"1", b"b": b"1"}
    with closing(kafka_clients.admin(settings)) as admin:
        admin.delete_topics([settings.topic(topics.STATE.name)])
    deadline = time.monotonic() + PATIENCE
    while not create_topics(settings):
        assert time.monotonic() < deadline, "the topic was not deleted"
        time.sleep(0.2)
    _send(settings, (b"b", b"2"), (b"c", b"2"), (b"d", b"2"))
    assert _known(settings, tmp_path) == {b"b": b"2", b"c": b"2", b"d": b"2"}


def test_a_worker_does_not_start_on_a_directory_of_another_or_on_none(
    embedded_broker_fixture: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    with running(embedded_broker_fixture, unique("taken"), tmp_path) as stream:
        with closing(_opened(stream.settings, tmp_path / "mine")):
            refused = stream.start_worker(TORUGART_STATE_DIR=str(tmp_path / "mine"))
            assert refused.process.wait(PATIENCE) == 2
        assert refused.tail().endswith(
            f"TORUGART_STATE_DIR: {tmp_path / 'mine'} is another worker's; each needs a directory of its own"
        )
        unusable = stream.start_worker(TORUGART_STATE_DIR="/proc/nowhere")
        assert unusable.process.wait(PATIENCE) == 2
        (line,) = unusable.log.read_text().splitlines()
        assert "TORUGART_STATE_DIR: /proc/nowhere cannot be used: " in line
