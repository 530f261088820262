"""How long work with Kafka has failed, and how little is said about it."""

import logging
import re

import pytest

from streams.kafka.outages import LINE_SECONDS, OneLine, Troubles


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_work_that_fails_again_and_again_fails_since_it_first_did() -> None:
    clock = Clock()
    troubles = Troubles(clock)
    for _ in range(4):
        with pytest.raises(OSError), troubles.doing("fetches"):
            clock.now += 5
            raise OSError("closed")
    assert troubles.lasting(15) == ["Kafka: fetches have failed for 20 s"]
    assert troubles.lasting(21) == []
    with troubles.doing("fetches"):
        pass
    assert troubles.lasting(0) == []


def test_work_that_does_not_come_back_has_failed_as_well() -> None:
    clock = Clock()
    troubles = Troubles(clock)
    with troubles.doing("deliveries"):
        clock.now += 10
        with troubles.doing("deliveries"), troubles.doing("commits"):
            clock.now += 10
            assert troubles.lasting(15) == ["Kafka: deliveries have failed for 20 s"]
            assert len(troubles.lasting(5)) == 2
    assert troubles.lasting(0) == []


def _said(caplog: pytest.LogCaptureFixture, handler: OneLine, level: int, text: str) -> None:
    handler.emit(logging.LogRecord("aiokafka", level, "x", 1, text, (), None))


def test_an_outage_is_one_line_in_ten_seconds_with_its_cause_and_what_was_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Clock()
    handler = OneLine(clock)
    for tick in range(6000):
        clock.now = 1000 + tick / 100
        _said(caplog, handler, logging.ERROR, "Connect call failed ('10.0.0.1', 9092)")
        if tick % 3 == 0:
            _said(caplog, handler, logging.WARNING, "Unable to update metadata")
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 60 / LINE_SECONDS
    assert sum(int(re.findall(r"\((\d+) lines", line)[0]) for line in lines[1:]) == pytest.approx(
        8000 * 5 / 6, abs=10
    )
    assert all("Connect call failed ('10.0.0.1', 9092)" in line for line in lines)
    assert all("x Unable to update metadata" in line for line in lines[1:])


def test_a_critical_line_always_passes(caplog: pytest.LogCaptureFixture) -> None:
    handler = OneLine(Clock())
    for _ in range(3):
        _said(caplog, handler, logging.CRITICAL, "stopping")
    assert len(caplog.records) == 3
