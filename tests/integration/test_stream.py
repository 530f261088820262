"""The stream's promises, one by one, on a broker."""

import itertools
import json
import time
import urllib.error
from collections.abc import Callable
from pathlib import Path

import pytest
from kafka.admin import ConfigResource, ConfigResourceType

from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.admin import check_topics
from tests.integration.brokers import Broker
from tests.integration.stream import WATCHLIST, Stream, decode, running
from tests.integration.traffic import declarations
from tests.processes import PATIENCE

Unique = Callable[[str], str]


def _versions(*names: str) -> list[tuple[bytes, bytes]]:
    """Versions 1, 2, ... of one declaration whose consignee is called so."""
    key, value = next(declarations(1, seed=5, versions=0))
    messages = []
    for number, name in enumerate(names, 1):
        message = json.loads(value)
        message["envelope"]["versionNumber"] = number
        message["declaration"]["parties"][1]["name"] = name
        messages.append((key, json.dumps(message).encode()))
    return messages


def test_the_same_version_twice_gets_the_same_answer(broker: Broker, tmp_path: Path, unique: Unique) -> None:
    with running(broker, unique("twice"), tmp_path) as stream:
        stream.start_worker().wait_ready()
        messages = _versions("OsOO Severny Most")
        stream.publish(messages)
        stream.wait_for(topics.VERDICTS, 1)
        stream.publish(messages * 3)
        stream.wait_committed()
        verdicts = stream.records(topics.VERDICTS)
        assert len(verdicts) == 4
        assert len({(r.key, r.value, tuple(r.headers)) for r in verdicts}) == 1
        assert len(stream.latest(topics.ALERTS)) == 1


def test_a_full_image_replaces_the_former_and_updates_its_alert(
    broker: Broker, tmp_path: Path, unique: Unique
) -> None:
    with running(broker, unique("image"), tmp_path) as stream:
        stream.start_worker().wait_ready()
        stream.publish(_versions("OsOO Severny Most", "Aigul Dairy LLC"))
        stream.wait_for(topics.VERDICTS, 2)
        stream.wait_committed()
        (alert,) = (decode(value) for value in stream.latest(topics.ALERTS).values())
        assert alert["versionNumber"] == 2
        closed = [f for f in alert["findings"] if f["status"] == "CLOSED"]
        assert closed and all(f["closedByVersion"] == 2 for f in closed)
        assert any(f["finding"]["rule"] == "R01" for f in closed)


def test_another_content_under_the_same_version_is_a_conflict(
    broker: Broker, tmp_path: Path, unique: Unique
) -> None:
    with running(broker, unique("conflict"), tmp_path) as stream:
        stream.start_worker().wait_ready()
        (first,), (other,) = _versions("Aigul Dairy LLC"), _versions("Another Dairy LLC")
        stream.publish([first])
        stream.wait_for(topics.VERDICTS, 1)
        stream.publish([other])
        stream.wait_for(topics.DEAD_LETTERS, 1)
        (letter,) = (decode(value) for value in stream.latest(topics.DEAD_LETTERS).values())
        assert (letter["reason"], letter["stage"]) == ("VERSION_CONFLICT", "screening")


def test_a_worker_swaps_to_a_newer_edition(broker: Broker, tmp_path: Path, unique: Unique) -> None:
    newer = tmp_path / "watchlist.targets.simple.csv"
    text = WATCHLIST.read_text().replace("Obschestvo Severny Most", "Nothing Of The Kind Ltd")
    text = text.replace("OSOO SEVERNY MOST;ОсОО Северный Мост", "").replace("2026-07-01", "2026-08-01")
    newer.write_text(text)
    with running(broker, unique("swap"), tmp_path) as stream:
        worker = stream.start_worker()
        worker.wait_ready()
        stream.publish(_versions("OsOO Severny Most"))
        stream.wait_for(topics.VERDICTS, 1)
        (before,) = (decode(v) for v in stream.latest(topics.VERDICTS).values())
        stream.load_list(newer)
        wanted = b"2026-08-01"
        deadline = time.monotonic() + PATIENCE
        for attempt in itertools.count():
            assert time.monotonic() < deadline, "the new edition was never used"
            key, value = next(declarations(1, seed=100 + attempt, versions=0))
            stream.publish([(key, value)])
            stream.wait_for(topics.VERDICTS, 2 + attempt)
            if wanted in stream.latest(topics.VERDICTS)[key + b"@1"]:
                break
        assert any(f["rule"] == "R01" for f in before["findings"])
        assert before["versions"]["lists"][0]["edition"] != "2026-08-01"


def test_a_worker_without_a_list_screens_nothing_and_says_so(
    broker: Broker, tmp_path: Path, unique: Unique
) -> None:
    """Its intake goes on meanwhile, however much there is to screen."""
    stream = Stream(broker, unique("listless"), tmp_path, batch_size=10)
    count = 600
    try:
        worker = stream.start_worker()
        worker.wait_alive()
        stream.publish(declarations(count, versions=0))
        stream.wait_for(topics.VERSIONS, count)
        with pytest.raises(urllib.error.HTTPError, match="503"):
            worker.get("/health/ready")
        assert not stream.records(topics.VERDICTS)
        stream.load_list()
        stream.wait_for(topics.VERDICTS, count)
    finally:
        stream.stop()


@pytest.mark.parametrize("codec", ["gzip", "lz4", "snappy", "zstd"])
def test_a_producer_may_compress(codec: str, kafka_broker: Broker, tmp_path: Path, unique: Unique) -> None:
    with running(kafka_broker, unique(codec), tmp_path) as stream:
        stream.start_worker().wait_ready()
        stream.publish(declarations(30, versions=0), compression_type=codec)
        stream.wait_for(topics.VERDICTS, 30)
        assert not stream.records(topics.DEAD_LETTERS)


@pytest.mark.load
def test_workers_that_come_and_go_under_load_refuse_no_declaration(
    kafka_broker: Broker, tmp_path: Path, unique: Unique
) -> None:
    """Long runs, so that rebalances fall into the middle of one."""
    with running(kafka_broker, unique("joins"), tmp_path, batch_size=1000) as stream:
        stream.start_worker().wait_ready()
        stream.publish(declarations(12_000, versions=0))
        stream.wait_for(topics.VERDICTS, 500)
        second, third = stream.start_worker(), stream.start_worker()
        second.wait_ready()
        third.wait_ready()
        second.stop()
        stream.wait_for(topics.VERDICTS, 12_000)
        stream.wait_committed()
        assert not stream.records(topics.DEAD_LETTERS)


def test_a_worker_refuses_topics_that_are_wrong(kafka_broker: Broker, tmp_path: Path, unique: Unique) -> None:
    with running(kafka_broker, unique("wrong"), tmp_path) as stream:
        alerts = stream.settings.topic(topics.ALERTS.name)
        admin = kafka_clients.admin(stream.settings)
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, alerts, {"cleanup.policy": "delete"})])
        admin.close()
        problems = check_topics(stream.settings)
        assert len(problems) == 1 and "cleanup.policy=delete" in problems[0]
        worker = stream.start_worker(TORUGART_PARTITIONS="7")
        assert worker.process.wait(PATIENCE) == 2
        assert "set TORUGART_PARTITIONS=4" in worker.tail()
        assert f"--alter --topic {alerts}" in worker.tail()


def test_state_comes_back_from_a_compacted_topic(
    kafka_broker: Broker, tmp_path: Path, unique: Unique
) -> None:
    with running(kafka_broker, unique("recovery"), tmp_path) as stream:
        first = stream.start_worker()
        first.wait_ready()
        messages = list(declarations(2000, versions=0))
        stream.publish(messages)
        stream.wait_for(topics.VERDICTS, 2000)
        stream.wait_committed()
        assert first.stop() == 0
        second = stream.start_worker()
        second.wait_ready()
        stream.publish(messages)
        stream.wait_committed()
        metrics = second.get("/metrics").decode()
        assert "torugart_repeated_versions_total 2000.0" in metrics
        assert 'torugart_consumer_lag_messages{partition="0"' in metrics
        assert len(stream.latest(topics.VERDICTS)) == 2000


@pytest.mark.parametrize("secured", ["kafka_tls_broker", "kafka_sasl_broker"])
def test_a_secured_broker(
    secured: str, request: pytest.FixtureRequest, tmp_path: Path, unique: Unique
) -> None:
    with running(request.getfixturevalue(secured), unique("secured"), tmp_path) as stream:
        stream.start_worker().wait_ready()
        stream.publish(declarations(50, versions=0))
        stream.wait_for(topics.VERDICTS, 50)
        stream.wait_committed()
