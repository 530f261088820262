"""Killed workers: every life ends as its generator meant it, and every verdict and alert as a fold of all that was said."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from streams.cases.alerts import decode_alert, decode_verdict, encode
from streams.kafka import topics
from tests.folded import Folded, assert_as_meant, told
from tests.integration.brokers import Broker
from tests.integration.stream import Stream, running
from tests.lives import Life, lives, now

FOLDED_EVERY = 20
"""Of so many lives one is folded and screened here and compared in all but what is told besides; all are compared
with what was meant."""


def _assert_ended(stream: Stream, all_lives: Sequence[Life]) -> None:
    verdicts, alerts = stream.latest(topics.VERDICTS), stream.latest(topics.ALERTS)
    folded = Folded()
    alerted = 0
    for number, life in enumerate(all_lives):
        key = life.key.encode()
        got = {n: decode_verdict(verdicts[b"%s@%d" % (key, n)]) for n in life.versions}
        value = alerts.get(key)
        alerted += value is not None
        assert_as_meant(life, got, decode_alert(value) if value is not None else None)
        if number % FOLDED_EVERY == 0:
            expected, alert = folded.of(life)
            for n, verdict in got.items():
                assert told(encode(verdict)) == told(encode(expected[n])), life.key
            assert told(value) == told(None if alert is None else encode(alert)), life.key
    assert 0 < alerted < len(all_lives), "the traffic must have alerts, and not only alerts"
    lost = [record.value for record in stream.records(topics.DEAD_LETTERS) if b"(kept: " not in record.value]
    assert not lost, f"{len(lost)} messages became dead letters, the first {lost[0][:400]!r}"


def _messages(all_lives: Sequence[Life]) -> list[tuple[bytes | None, bytes, int]]:
    """In order of time; keyed by the declaration for the half of them whose pipeline does so."""
    sent = [
        (at, life.key.encode() if number % 2 else None, data)
        for number, life in enumerate(all_lives)
        for at, data in life.messages
    ]
    sent.sort(key=lambda one: one[0])
    return [(key, data, int(at.timestamp() * 1000)) for at, key, data in sent]


@pytest.mark.load
def test_two_killed_workers_and_a_rebalance_leave_no_trace(
    broker: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    count = 20_000 if broker.kind == "kafka" else 1_500
    all_lives = list(lives(count, now() - timedelta(hours=1)))
    messages = _messages(all_lives)
    keys = sum(len(life.versions) for life in all_lives)
    with running(broker, unique("lives"), tmp_path, patterns="off") as stream:
        first, second = stream.start_worker(), stream.start_worker()
        first.wait_ready()
        second.wait_ready()
        time.sleep(1)
        stream.publish(messages)
        stream.wait_for(topics.VERDICTS, keys // 5)
        first.kill()
        stream.wait_for(topics.VERDICTS, keys // 3)
        stream.start_worker().wait_ready()
        stream.wait_for(topics.VERDICTS, keys // 2)
        second.kill()
        stream.start_worker()
        stream.wait_for(topics.VERDICTS, keys)
        stream.wait_committed()
        _assert_ended(stream, all_lives)
