"""Bad input never stops the stream and never vanishes."""

import base64
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.sending import sending
from tests.integration.brokers import Broker
from tests.integration.hostile import hostile
from tests.integration.stream import Stream, decode, running
from tests.integration.traffic import declarations
from tests.processes import PATIENCE

GOOD = BAD = 5000
WARM = 200
MIB = 1024 * 1024
MEMORY_GROWTH_BYTES = {"embedded": 50 * MIB, "kafka": 80 * MIB}
"""On Kafka what a transaction sends is held until it is committed."""


def _mixed(seed: int, bad: list[bytes]) -> list[tuple[bytes, bytes]]:
    messages = [(b"%d" % number, message) for number, message in enumerate(bad)]
    messages += declarations(GOOD, seed=seed, versions=0)
    random.Random(seed).shuffle(messages)
    return messages


def _torugart(stream: Stream, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "streams", *arguments],
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"} | stream.environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


@pytest.mark.load
def test_hostile_messages_become_dead_letters_and_good_ones_are_screened(
    broker: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    bad = hostile(BAD)
    with running(broker, unique("hostile"), tmp_path) as stream:
        worker = stream.start_worker()
        worker.wait_ready()
        # At work, so that every input partition has the producer of its transactions, which takes some MB and is no growth.
        stream.publish(declarations(WARM, seed=2, versions=0))
        stream.wait_for(topics.VERDICTS, WARM)
        before = psutil.Process(worker.process.pid).memory_info().rss
        stream.publish(_mixed(1, [message for _, message in bad]))
        stream.wait_for(topics.VERDICTS, WARM + GOOD)
        stream.wait_for(topics.DEAD_LETTERS, BAD)
        growth = psutil.Process(worker.process.pid).memory_info().rss - before
        assert growth < MEMORY_GROWTH_BYTES[broker.kind], f"grew by {growth / 1e6:.0f} MB"
        letters = [decode(value) for value in stream.latest(topics.DEAD_LETTERS).values()]
        assert len(letters) == BAD
        kept = {base64.b64decode(letter["payload"]) for letter in letters if letter.get("complete", True)}
        assert kept == {message for _, message in bad if len(message) < 5_000_000}
        assert {letter["reason"] for letter in letters} >= {
            "EMPTY", "TOO_LARGE", "NOT_JSON", "NOT_UTF8", "SCHEMA_VIOLATION", "FORBIDDEN_XML", "NOT_XML",
            "UNKNOWN_SCHEMA_VERSION", "UNSUPPORTED_MESSAGE",
        }  # fmt: skip
        assert not [letter for letter in letters if letter["reason"] == "INTERNAL_ERROR"]
        _resend_a_repaired_one(stream, tmp_path, letters)


def _resend_a_repaired_one(stream: Stream, folder: Path, letters: list[dict[str, str]]) -> None:
    broken = next(letter for letter in letters if letter["reason"] == "UNKNOWN_SCHEMA_VERSION")
    message = json.loads(base64.b64decode(broken["payload"]))
    message["envelope"] |= {"schemaVersion": "1.0", "declarationKey": "test|repaired"}
    repaired = folder / "repaired.json"
    repaired.write_text(json.dumps(message))
    done = _torugart(stream, "dead-letters", "resend", broken["id"], "--file", str(repaired))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"resent": 1}
    stream.wait_for(topics.VERDICTS, 1, check=lambda record: record.key == b"test|repaired@1")


def test_unreadable_states_stop_no_worker(
    broker: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    """Seen: one such value, and every worker that took the partition ended, for ever."""
    states = (topics.STATE, topics.REFERENCE_STATE, topics.PATTERN_STATE)
    with running(broker, unique("unreadable"), tmp_path, partitions=2) as stream:
        worker = stream.start_worker()
        worker.wait_ready()
        known = list(declarations(60, versions=0))
        stream.publish(known)
        stream.wait_for(topics.VERDICTS, len(known))
        stream.wait_committed()
        assert worker.stop() == 0
        spoilt = {}
        with sending(stream.settings) as kafka:
            for topic in states:
                records = [one for one in stream.records(topic) if one.value is not None]
                for one in records[:5]:
                    kafka.send(one.topic, b"\x00garbage", one.key, partition=one.partition)
                    spoilt[one.key] = one.topic
        second = stream.start_worker()
        second.wait_ready()
        more = list(declarations(60, seed=5, versions=0))
        stream.publish([*known, *more])
        stream.wait_for(topics.VERDICTS, len({key for key, _ in [*known, *more]}))
        stream.wait_committed()
        assert second.process.poll() is None
        letters = [decode(value) for value in stream.latest(topics.DEAD_LETTERS).values()]
        assert {one["reason"] for one in letters} == {"UNREADABLE_STATE"}
        found = {base64.b64decode(one["source"]["key"]): one["source"]["topic"] for one in letters}
        assert found.items() <= spoilt.items() and set(found.values()) == set(spoilt.values())
        assert sum("UNREADABLE_STATE" in line for line in second.log.read_text().splitlines()) == len(letters)
        assert (
            f'torugart_dead_letters_total{{reason="UNREADABLE_STATE"}} {len(letters)}.0'
            in second.get("/metrics").decode()
        )


def test_a_dead_letter_topic_that_refuses_stops_the_worker_without_loss(
    kafka_broker: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    with running(kafka_broker, unique("refusing"), tmp_path) as stream:
        name = stream.settings.topic(topics.DEAD_LETTERS.name)
        _set_max_message_bytes(stream, name, 200)
        worker = stream.start_worker()
        worker.wait_ready()
        good = list(declarations(300, versions=0))
        stream.publish([*good[:150], (None, b"{ not a declaration"), *good[150:]])
        worker.process.wait(PATIENCE)
        assert worker.process.returncode == 3
        assert "stopping without a commit" in worker.tail()
        _set_max_message_bytes(stream, name, topics.MAX_MESSAGE_BYTES)
        stream.start_worker().wait_ready()
        stream.wait_for(topics.VERDICTS, len(good))
        stream.wait_for(topics.DEAD_LETTERS, 1)
        stream.wait_committed()


def _set_max_message_bytes(stream: Stream, topic: str, size: int) -> None:
    from kafka.admin import ConfigResource, ConfigResourceType

    admin = kafka_clients.admin(stream.settings)
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": str(size)})])
    admin.close()
