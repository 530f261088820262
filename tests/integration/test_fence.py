"""Workers stopped, killed and held in the middle of their work, on real Kafka: one fault of each kind and more (`make chaos`)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streams.kafka import topics
from tests.chaos.proxy import Ports, Proxy, proxy
from tests.chaos.rows import Row, assert_fenced, trial
from tests.integration import brokers
from tests.integration.brokers import Broker
from tests.integration.stream import running
from tests.integration.traffic import declarations

FAULTS: dict[Row, int] = {"freeze": 2, "proxy": 2, "kill": 2}


@pytest.fixture(scope="module")
def between(kafka_broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Broker, Proxy]]:
    """A broker and a proxy that it takes for itself. `kafka_broker`: skips where there is no real Kafka."""
    ports = Ports()
    data = tmp_path_factory.mktemp("fenced")
    with (
        brokers.kafka(data, port=ports.client, properties=ports.properties()) as broker,
        proxy(ports) as one,
    ):
        yield broker, one


@pytest.mark.load
@pytest.mark.parametrize("row", list(FAULTS))
def test_what_a_worker_sends_after_it_lost_a_partition_does_not_count(
    row: Row, between: tuple[Broker, Proxy], tmp_path: Path, unique: Callable[[str], str]
) -> None:
    broker, through = between
    rounds = trial(broker, tmp_path, row, seed=7, name=unique(row), proxy=through, most=FAULTS[row])
    assert len(rounds) == FAULTS[row]
    if row != "kill":
        assert_fenced(rounds)


def test_a_worker_says_whether_it_is_fenced(
    broker: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    with running(broker, unique("says"), tmp_path, partitions=1) as stream:
        worker = stream.start_worker()
        worker.wait_ready()
        stream.publish(declarations(5, versions=0))
        stream.wait_for(topics.VERDICTS, 5)
        assert worker.stop() == 0
    said = "] fenced: " if broker.kind == "kafka" else "] no fence, "
    assert worker.log.read_text().count(said) == 1, worker.tail()
