"""Brokers for a whole test session. Tests share them: give topics and groups names of their own (`unique`)."""

import contextlib
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration import brokers
from tests.integration.brokers import NO_KAFKA, Broker

HERE = Path(__file__).parent

QUICK_CLEANER = {"log.cleaner.backoff.ms": "500"}
"""Kafka looks for something to compact every 15 s; a test of compaction should not wait that long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.integration)


@contextlib.contextmanager
def _kafka_or_skip(request: pytest.FixtureRequest, name: str, **options: str) -> Iterator[Broker]:
    data = request.getfixturevalue("tmp_path_factory").mktemp(name)
    with contextlib.ExitStack() as stack:
        try:
            if (known := request.config.stash.get(NO_KAFKA, None)) is not None:
                raise brokers.KafkaUnavailable(known)
            broker = stack.enter_context(brokers.kafka(data, properties=QUICK_CLEANER, **options))
        except brokers.KafkaUnavailable as error:
            request.config.stash[NO_KAFKA] = str(error)
            pytest.skip("needs real Apache Kafka")
        yield broker


@pytest.fixture(scope="session")
def kafka_broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    """Real Apache Kafka."""
    with _kafka_or_skip(request, "kafka") as broker:
        yield broker


@pytest.fixture(scope="session")
def kafka_tls_broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    """Real Kafka that speaks TLS only; `options` name its CA file."""
    with _kafka_or_skip(request, "kafka-tls", security_protocol="SSL") as broker:
        yield broker


@pytest.fixture(scope="session")
def kafka_sasl_broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    """Real Kafka that wants a user and password (SCRAM-SHA-512) over TLS; `options` name CA file, user, password file."""
    with _kafka_or_skip(request, "kafka-sasl", security_protocol="SASL_SSL") as broker:
        yield broker


@pytest.fixture(scope="session")
def embedded_broker_fixture() -> Iterator[Broker]:
    """The embedded broker; streams/kafka/embedded.py says what it gets wrong."""
    with brokers.embedded() as broker:
        yield broker


@pytest.fixture(params=["kafka", "embedded"])
def broker(request: pytest.FixtureRequest) -> Broker:
    """Each of the two brokers in turn."""
    name = "kafka_broker" if request.param == "kafka" else "embedded_broker_fixture"
    return request.getfixturevalue(name)


@pytest.fixture
def unique() -> Callable[[str], str]:
    """A name nobody else on the shared broker has: `unique("orders")` -> `orders-5f1c9a2b`."""
    return lambda name: f"{name}-{uuid.uuid4().hex[:8]}"
