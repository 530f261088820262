"""A broker that goes away and comes back under a worker; and what the worker's port serves."""

import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from streams.child import free_port
from streams.kafka import topics
from tests.integration import brokers
from tests.integration.brokers import Broker
from tests.integration.commands import ended
from tests.integration.stream import Stream, Worker, running
from tests.integration.traffic import declarations
from tests.processes import PATIENCE

OUTAGE_SECONDS = 4.0
LINES = 10


def _ready(worker: Worker) -> tuple[int, list[str]]:
    try:
        return 200, json.loads(worker.get("/health/ready"))["waitingFor"]
    except urllib.error.HTTPError as answer:
        return answer.code, json.loads(answer.read())["waitingFor"]


def _wait_for(worker: Worker, status: int) -> list[str]:
    deadline = time.monotonic() + PATIENCE
    while True:
        code, waiting = _ready(worker)
        if code == status:
            return waiting
        assert time.monotonic() < deadline and worker.process.poll() is None, worker.tail()
        time.sleep(0.2)


@pytest.mark.usefixtures("kafka_broker")  # skips where there is no real Kafka: the embedded one forgets all
def test_an_outage_is_told_by_readiness_and_by_a_line_now_and_then(tmp_path: Path) -> None:
    data, port = tmp_path / "kafka", free_port()
    with brokers.kafka(data, port=port) as broker:
        stream = Stream(broker, "outage", tmp_path, partitions=2, outage_seconds=OUTAGE_SECONDS)
        stream.load_list()
        worker = stream.start_worker()
        worker.wait_ready()
        stream.publish(declarations(50, versions=0))
        stream.wait_for(topics.VERDICTS, 50)
        stream.wait_committed()
        before = len(worker.log.read_text().splitlines())
        gone = time.monotonic()
    try:
        assert any(one.startswith("Kafka: ") and " have failed for " in one for one in _wait_for(worker, 503))
        assert b"torugart_ready 0.0" in worker.get("/metrics")
        while "lines left out" not in (told := worker.log.read_text()) or time.monotonic() - gone < 25:
            assert time.monotonic() - gone < PATIENCE, told
            time.sleep(0.5)
        assert json.loads(worker.get("/health/live")) == {"live": True}
        lines = worker.log.read_text().splitlines()[before:]
        assert 2 <= len(lines) <= (time.monotonic() - gone) / 10 + 2, "\n".join(lines)
        assert f"('127.0.0.1', {port})" in lines[-1] and "lines left out" in lines[-1]
        with brokers.kafka(data, port=port):
            _wait_for(worker, 200)
            stream.publish(declarations(50, seed=9, versions=0))
            stream.wait_for(topics.VERDICTS, 100)
            assert worker.stop() == 0
    finally:
        stream.stop()


def test_the_port_serves_metrics_and_health_only_and_on_loopback(
    broker: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    with running(broker, unique("port"), tmp_path, partitions=1) as stream:
        worker = stream.start_worker()
        worker.wait_ready()
        for path in ("/metrics", "/health/live", "/health/ready"):
            assert worker.get(path)
        for path in ("/", "/table", "/table/", "/router", "/graph", "/stats", "/performance", "/metrics/", "/health",
                     "/static/", "/docs", "/production", "/agents"):  # fmt: skip
            with pytest.raises(urllib.error.HTTPError) as refused:
                worker.get(path)
            assert refused.value.code == 404, path
        # Without a setting the port is open to this machine only.
        other = stream.start_worker(TORUGART_WEB_HOST="")
        other.wait_alive()
        with pytest.raises(OSError):
            socket.create_connection((_own_address(), other.web_port), timeout=2)


def _own_address() -> str:
    """An address of this machine that is not loopback; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as some:
        try:
            some.connect(("192.0.2.1", 9))
            return str(some.getsockname()[0])
        except OSError:
            return "127.0.0.2"


def test_a_busy_port_is_one_line(broker: Broker, tmp_path: Path, unique: Callable[[str], str]) -> None:
    with running(broker, unique("busy"), tmp_path, partitions=1) as stream, socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        said = ended(
            stream.environment | {"TORUGART_WEB_PORT": port, "TORUGART_WEB_HOST": "127.0.0.1"}, "worker"
        )
        assert f"port {port} of 127.0.0.1 cannot be opened: Address already in use" in said
