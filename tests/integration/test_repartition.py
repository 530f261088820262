"""`torugart topics repartition` on real Kafka: what was said and remembered with 2 partitions goes on with 5, and all ends as a
recount, or a fold of all that was said, gives."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from streams.cases.alerts import decode_alert, decode_verdict, encode
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.admin import create_topics
from streams.kafka.delivery import key_partition
from tests.folded import Folded, assert_as_meant, told
from tests.integration.brokers import Broker
from tests.integration.commands import ended
from tests.integration.stream import Stream, running
from tests.lives import Life, lives, now
from tests.processes import PATIENCE
from tests.recount import Recount, assert_exact
from tests.waves import LIFE_DAYS, Trade

BEFORE, AFTER = 2, 5
COMMAND = ("topics", "repartition", "--to", str(AFTER))
STATES = (topics.STATE, topics.REFERENCE_STATE, topics.PATTERN_STATE)


def _repartitioned(stream: Stream, *more: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "streams", *COMMAND, *more],
        env={name: value for name, value in os.environ.items() if not name.startswith("TORUGART_")}
        | stream.environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _after(stream: Stream, folder: Path, said: dict[str, Any], **options: Any) -> Stream:
    """The same installation with the settings that the command told."""
    changed = said["settings"]
    return Stream(
        stream.broker,
        f"{stream.name}-after",
        folder,
        partitions=int(changed["TORUGART_PARTITIONS"]),
        topic_prefix=changed["TORUGART_TOPIC_PREFIX"],
        group=stream.settings.group,
        **options,
    )


@pytest.mark.load
def test_trade_goes_on_with_more_partitions_as_a_recount_has_it(
    kafka_broker: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    recount, trade = Recount(), Trade()
    options: dict[str, Any] = {"life_days": LIFE_DAYS, "tick_seconds": 600, "commit_interval": 0.2}
    with running(kafka_broker, unique("waves"), tmp_path, partitions=BEFORE, **options) as stream:
        stream.start_worker().wait_ready()
        now_on = stream
        try:
            for number, wave in enumerate(trade.waves()):
                if number == 8:
                    stream.stop()
                    now_on = _after(stream, tmp_path, _repartitioned(stream)[-1], **options)
                    now_on.start_worker().wait_ready()
                now_on.publish((key, value) for _, key, value in wave.messages)
                recount.follow(wave)
                now_on.wait_settled()
            assert not now_on.records(topics.DEAD_LETTERS)
            newest = map(now_on.standing, (topics.PATTERN_STATE, topics.VERDICTS, topics.ALERTS))
            assert_exact(*newest, recount, trade)
        finally:
            now_on.stop()


def test_lives_are_moved_whole_or_the_command_says_why_not(
    kafka_broker: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    all_lives = list(lives(120, now() - timedelta(hours=1)))
    messages = sorted(message for life in all_lives for message in life.messages)
    half = len(messages) // 2
    options: dict[str, Any] = {"tick_seconds": 600}
    with running(kafka_broker, unique("lives"), tmp_path, partitions=BEFORE, **options) as stream:
        worker = stream.start_worker()
        worker.wait_ready()
        _publish(stream, messages[: half - 1])
        stream.wait_settled()
        assert "are running (1): stop them first" in ended(stream.environment, *COMMAND)
        worker.stop()
        _publish(stream, messages[half - 1 : half])
        refused = ended(stream.environment, *COMMAND)
        assert f"not all records have been worked off, 1 in {stream.name}.declarations: start" in refused
        stream.start_worker().wait_ready()
        stream.wait_settled()
        stream.stop()
        before = {topic: stream.standing(topic) for topic in (*STATES, topics.ALERTS, topics.VERDICTS)}

        said = _repartitioned(stream, "--dry-run")[-1]
        assert said["equal"] is False and said["settings"]["TORUGART_TOPIC_PREFIX"] == f"{stream.name}.p5."
        assert said["records"] > sum(len(held) for held in before.values())
        _interrupted(stream)
        *moved, said = _repartitioned(stream)
        assert said["equal"] is True and all(one["equal"] for one in moved)
        assert {one["topic"]: one["partitions"] for one in moved}[f"{stream.name}.verdicts"] == [2, 5]

        after = _after(stream, tmp_path, said, **options)
        for topic, held in before.items():
            assert after.standing(topic).keys() == held.keys(), topic.name
        for topic in (topics.REFERENCE_STATE, topics.ALERTS, topics.VERDICTS):
            assert after.standing(topic) == before[topic], topic.name
        for record in after.records(topics.STATE):
            assert record.partition == key_partition(record.key, AFTER)
        try:
            after.start_worker().wait_ready()
            _publish(after, messages[half:])
            after.wait_settled()
            _assert_ended(after, all_lives)
            assert {record.partition for record in after.records(topics.VERSIONS)} == set(range(AFTER))
        finally:
            after.stop()
        assert "is in use already" in ended(stream.environment, *COMMAND)


def _publish(stream: Stream, messages: Sequence[Any]) -> None:
    stream.publish((None, data, int(at.timestamp() * 1000)) for at, data in messages)


def _interrupted(stream: Stream) -> None:
    """New topics with a record of an attempt that was not finished."""
    new = stream.broker.settings(topic_prefix=f"{stream.name}.p5.", partitions=AFTER)
    create_topics(new)
    producer = kafka_clients.producer(new)
    producer.send(new.topic(topics.STATE.name), key=b"forgotten meanwhile", value=b"?", partition=0)
    producer.flush()
    producer.close()


def _assert_ended(stream: Stream, all_lives: Sequence[Life]) -> None:
    """Those that have a listed consignee of another life are told of that, by whoever came first: of them only what was meant."""
    tool, told_of_others = Folded(), 0
    verdicts, alerts = stream.latest(topics.VERDICTS), stream.latest(topics.ALERTS)
    for life in all_lives:
        key = life.key.encode()
        got = {number: verdicts[b"%s@%d" % (key, number)] for number in life.versions}
        decoded = {number: decode_verdict(value) for number, value in got.items()}
        assert_as_meant(life, decoded, decode_alert(alerts[key]) if alerts.get(key) else None)
        if any(re.search(rb"As on \d+ declarations? before", value) for value in got.values()):
            told_of_others += 1
            continue
        expected, alert = tool.of(life, patterns=True)
        assert {number: told(value) for number, value in got.items()} == {
            number: told(encode(verdict)) for number, verdict in expected.items()
        }, life.key
        assert told(alerts.get(key)) == told(alert and encode(alert)), life.key
    assert 0 < told_of_others < len(all_lives) / 10
    lost = [record.value for record in stream.records(topics.DEAD_LETTERS) if b"(kept: " not in record.value]
    assert not lost
