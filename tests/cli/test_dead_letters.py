"""`torugart dead-letters resend`: what goes where, and as which format."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from streams.declarations.dead_letter import Source, dead_letter
from streams.declarations.errors import Unscreenable
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.admin import create_topics
from streams.kafka.sending import sending
from tests.integration import brokers
from tests.integration.brokers import Broker
from tests.integration.commands import ended
from tests.processes import PATIENCE

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    with brokers.embedded() as running:
        create_topics(running.settings())
        yield running


def _refused_by_screening(broker: Broker, offset: int, topic: str = "customs.versions") -> str:
    """Id of the dead letter of an amendment that had found its declaration."""
    settings = broker.settings()
    source = Source(topic=topic, partition=1, offset=offset, timestamp=0, key="a2V5")
    error = Unscreenable("SCHEMA_VIOLATION", "Amendment pointer 42A/67A/99Z: section 99Z is not known")
    letter = dead_letter(b'{"event":{}}', error, source, "screening", "test")
    producer = kafka_clients.producer(settings)
    name = settings.topic(topics.DEAD_LETTERS.name)
    producer.send(name, key=letter.id.encode(), value=msgspec.json.encode(letter)).get(PATIENCE)
    producer.close()
    return letter.id


def _resend(broker: Broker, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "streams", "dead-letters", "resend", *arguments],
        env=os.environ | broker.environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"resent": 1}


def test_a_letter_of_screening_goes_back_to_its_place(broker: Broker) -> None:
    _resend(broker, _refused_by_screening(broker, 1))
    settings = broker.settings()
    (record,) = kafka_clients.read_to_end(settings, settings.topic(topics.VERSIONS.name))
    assert (record.partition, record.key, record.value) == (1, b"key", b'{"event":{}}')


def test_a_letter_of_topics_before_a_repartitioning_goes_nowhere(broker: Broker, tmp_path: Path) -> None:
    """To the topic that it came from it would be lost; the message itself, repaired, is one to be declared."""
    id = _refused_by_screening(broker, 7, "old.versions")
    said = ended(broker.environment(), "dead-letters", "resend", id)
    assert "old.versions is not read any more: send the declaration again" in said
    repaired = tmp_path / "repaired"
    repaired.write_bytes(b"{}")
    _resend(broker, id, "--file", str(repaired))


@pytest.mark.parametrize(
    ("offset", "format", "body"),
    [(2, "auto", b" <MetaData/>"), (3, "auto", b"\xef\xbb\xbf<MetaData/>"), (4, "auto", b"{}")],
)
def test_a_repaired_one_is_read_as_what_it_is(
    broker: Broker, tmp_path: Path, offset: int, format: str, body: bytes
) -> None:
    """An amendment is repaired as the XML that it once was, not as what the intake made of it."""
    repaired = tmp_path / "repaired"
    repaired.write_bytes(body)
    id = _refused_by_screening(broker, offset)
    _resend(broker, id, "--file", str(repaired))
    settings = broker.settings()
    found = list(kafka_clients.read_to_end(settings, settings.topic(topics.DECLARATIONS.name)))
    headers = next(dict(record.headers) for record in found if dict(record.headers)["resent"] == id.encode())
    assert headers["format"] == format.encode()


def test_a_value_of_a_state_goes_back_to_its_key_and_partition_with_its_form(broker: Broker) -> None:
    settings = broker.settings()
    topic = settings.topic(topics.REFERENCE_STATE.name)
    source = Source(topic=topic, partition=2, offset=9, timestamp=0, key="a2V5", format="7")
    error = Unscreenable("NEWER_STATE", "a state value is set aside: it was written by a newer release")
    letter = dead_letter(b"\x01value", error, source, "identity", "test")
    with sending(settings) as kafka:
        name = settings.topic(topics.DEAD_LETTERS.name)
        kafka.send(name, msgspec.json.encode(letter), letter.id.encode())
        kafka.send(name, b"{}", b"foreign")
    _resend(broker, letter.id)
    (record,) = kafka_clients.read_to_end(settings, topic)
    assert (record.partition, record.key, record.value) == (2, b"key", b"\x01value")
    assert dict(record.headers)["format"] == b"7"
