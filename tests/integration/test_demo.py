"""The demo on a Kafka of one's own: topics of its own, and none of them left."""

import subprocess
import sys
from pathlib import Path

from streams.kafka import clients as kafka_clients
from streams.kafka.admin import existing_partitions
from streams.settings import Settings
from tests.integration.brokers import Broker
from tests.processes import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


def _topics(broker: Broker) -> set[str]:
    client = kafka_clients.admin(Settings(brokers=broker.bootstrap))
    try:
        return set(existing_partitions(client))
    finally:
        client.close()


def test_it_leaves_nothing_on_a_kafka_of_ones_own(kafka_broker: Broker) -> None:
    before = _topics(kafka_broker)
    done = subprocess.run(
        [sys.executable, "-m", "streams", "demo", "--brokers", kafka_broker.bootstrap],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "under topics torugart-demo-" in done.stdout
    assert "(4,581 declarations)" in done.stdout
    assert "Corridors  8 alerts, the first with April 2022" in done.stdout
    assert {name for name in _topics(kafka_broker) - before if not name.startswith("__")} == set()
