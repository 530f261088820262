"""Patterns on real Kafka: whatever is repeated, late, amended, cancelled or killed, all is what a recount gives."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from streams.kafka import topics
from tests.integration.brokers import Broker
from tests.integration.stream import Stream, running
from tests.recount import Recount, assert_exact
from tests.waves import LIFE_DAYS, Trade, Wave

SCALE = 2
KILLED_AFTER = 200
"""Records of customs.versions, of a wave of some thousands"""
STEP, STEP_SECONDS, KEPT_BACK = 60, 0.5, 200
"""Messages at a time, and those of the end, while a worker joins, which takes some seconds"""
WHOLE = slice(None)


def _publish(stream: Stream, wave: Wave, part: slice = WHOLE) -> None:
    stream.publish((key, value) for _, key, value in wave.messages[part])


def _killed_in_the_middle(stream: Stream, wave: Wave, number: int) -> None:
    """Kills a worker while a wave is on its way, and starts another."""
    with stream.following(topics.VERSIONS) as follow:
        _publish(stream, wave)
        follow(KILLED_AFTER)
    stream.workers[number].kill()
    assert not stream.settled(), "the wave was over before the kill"
    stream.start_worker()


def _while_a_worker_joins(stream: Stream, wave: Wave) -> None:
    """Partitions move while a wave is on its way."""
    joining = stream.start_worker()
    for first in range(0, len(wave.messages) - KEPT_BACK, STEP):
        _publish(stream, wave, slice(first, min(first + STEP, len(wave.messages) - KEPT_BACK)))
        time.sleep(STEP_SECONDS)
    joining.wait_ready()
    _publish(stream, wave, slice(len(wave.messages) - KEPT_BACK, None))


@pytest.mark.load
def test_two_kills_and_a_rebalance_leave_every_sum_and_alert_as_it_is(
    kafka_broker: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    recount, trade = Recount(), Trade(scale=SCALE)
    options = {"life_days": LIFE_DAYS, "tick_seconds": 600, "commit_interval": 0.2}
    with running(kafka_broker, unique("waves"), tmp_path, **options) as stream:
        for worker in (stream.start_worker(), stream.start_worker()):
            worker.wait_ready()
        for wave in trade.waves():
            match wave.name:
                case "surge, month 12":
                    _killed_in_the_middle(stream, wave, 0)
                case "surge, month 14":
                    _while_a_worker_joins(stream, wave)
                case "new trades, month 26":
                    _killed_in_the_middle(stream, wave, 1)
                case _:
                    _publish(stream, wave)
            recount.follow(wave)
            stream.wait_settled()
        assert not stream.records(topics.DEAD_LETTERS)
        newest = map(stream.standing, (topics.PATTERN_STATE, topics.VERDICTS, topics.ALERTS))
        assert_exact(*newest, recount, trade)
