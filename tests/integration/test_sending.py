"""Commands that send come back when their broker does not: exit 2, with how many records arrived and how many did not."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.declarations.dead_letter import Source, dead_letter
from streams.declarations.errors import Unscreenable
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.admin import create_topics
from streams.kafka.sending import NotArrived, sending
from streams.kafka.watchlist_publisher import publish_edition
from streams.watchlists.readers import read_list
from tests.integration import brokers
from tests.integration.brokers import Broker
from tests.integration.stream import WATCHLIST
from tests.integration.traffic import declarations
from tests.processes import PATIENCE

SEND_TIMEOUT = 5.0
"""Seconds. A live broker answers within them on a busy machine too."""


@pytest.fixture
def mortal() -> Iterator[Broker]:
    """A broker that the test may stop, freeze and kill."""
    with brokers.embedded() as running:
        yield running
        # A frozen one cannot end.
        os.kill(running.pid, signal.SIGCONT)


def _start(broker: Broker, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "streams", *arguments],
        env=os.environ | broker.environment(send_timeout=SEND_TIMEOUT),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _ended(command: subprocess.Popen[str]) -> str:
    """Its one line on standard error."""
    out, err = command.communicate(timeout=PATIENCE)
    assert command.returncode == 2, err
    assert out == "" and len(err.splitlines()) == 1 and "Traceback" not in err, err
    return err


def test_what_arrived_is_counted_and_what_did_not(mortal: Broker) -> None:
    settings = mortal.settings(send_timeout=SEND_TIMEOUT)
    create_topics(settings)
    topic = settings.topic(topics.DECLARATIONS.name)
    with pytest.raises(NotArrived) as said, sending(settings) as kafka:
        for number in range(10):
            kafka.send(topic, b"%d" % number)
        kafka.settle()
        os.kill(mortal.pid, signal.SIGSTOP)
        for number in range(20):
            kafka.send(topic, b"%d" % number)
    assert "10 of 30 records arrived in Kafka, 20 did not" in str(said.value)
    assert f"nothing arrived for {SEND_TIMEOUT:g} s" in str(said.value)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "frozen"])
def test_publish_comes_back_from_a_broker_that_does_not(
    mortal: Broker, tmp_path: Path, how: signal.Signals
) -> None:
    settings = mortal.settings()
    create_topics(settings)
    file = tmp_path / "declarations.jsonl"
    file.write_bytes(b"\n".join(value for _, value in declarations(2_000, versions=0)))
    command = _start(mortal, "publish", "--rate", "50", str(file))
    client = kafka_clients.consumer(settings)
    client.seek_to_beginning(*kafka_clients.assign_all(client, settings.topic(topics.DECLARATIONS.name)))
    while not client.poll(timeout_ms=100):
        assert command.poll() is None
    os.kill(mortal.pid, how)
    said = _ended(command)
    arrived, total = (int(said.split()[number]) for number in (1, 3))
    assert 0 < arrived < total and f"{total - arrived} did not" in said
    if how == signal.SIGKILL:
        assert f"nothing listens on port {mortal.bootstrap.rpartition(':')[2]}" in said


def test_lists_and_resent_letters_come_back_from_a_broker_that_does_not(
    mortal: Broker, tmp_path: Path
) -> None:
    settings = mortal.settings(send_timeout=SEND_TIMEOUT)
    create_topics(settings)
    publish_edition(settings, read_list(WATCHLIST))
    source = Source(topic=settings.topic("declarations"), partition=0, offset=1, timestamp=0)
    letter = dead_letter(b"{}", Unscreenable("NOT_JSON", "x"), source, "intake", "test")
    with sending(settings) as kafka:
        kafka.send(settings.topic(topics.DEAD_LETTERS.name), json.dumps({}).encode(), b"x")
        kafka.send(settings.topic(topics.DEAD_LETTERS.name), _json(letter), letter.id.encode())
    os.kill(mortal.pid, signal.SIGSTOP)
    commands = [
        _start(mortal, "lists", "load", str(WATCHLIST)),
        _start(mortal, "dead-letters", "resend", letter.id),
        _start(mortal, "topics", "check"),
    ]
    for command in commands:
        assert "does not" in _ended(command)


def _json(letter: object) -> bytes:
    import msgspec

    return msgspec.json.encode(letter)
