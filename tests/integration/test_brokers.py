"""The brokers themselves: that they start, answer, keep to their security settings, and end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import KafkaError, MessageSizeTooLargeError

from streams.kafka import clients as kafka_clients
from streams.kafka.embedded import embedded_broker
from tests.integration import brokers
from tests.integration.brokers import NODE, Broker
from tests.processes import PATIENCE, end_within, is_running

ROOT = Path(__file__).resolve().parents[2]
MEBIBYTE = 1024 * 1024


def _make_topic(broker: Broker, topic: str, **config: str) -> None:
    admin = kafka_clients.admin(broker.settings())
    try:
        admin.create_topics({topic: {"num_partitions": 2, "replication_factor": 1, "configs": config}})
        admin.wait_for_topics([topic])
    finally:
        admin.close()


def _send(broker: Broker, topic: str, values: list[bytes]) -> None:
    producer: KafkaProducer = kafka_clients.producer(broker.settings())
    try:
        for sent in [producer.send(topic, value, key=b"k") for value in values]:
            sent.get(PATIENCE)
    finally:
        producer.close()


def _read(broker: Broker, topic: str, count: int) -> list[bytes]:
    """The first `count` values of a topic; fewer where they do not come."""
    consumer: KafkaConsumer = kafka_clients.consumer(broker.settings())
    try:
        kafka_clients.assign_all(consumer, topic)
        values: list[bytes] = []
        deadline = time.monotonic() + PATIENCE
        while len(values) < count and time.monotonic() < deadline:
            for records in consumer.poll(timeout_ms=200).values():
                values += [record.value for record in records]
        return values
    finally:
        consumer.close()


def _round_trip(broker: Broker, topic: str) -> None:
    _make_topic(broker, topic)
    sent = [b"one", b"two", b"three"]
    _send(broker, topic, sent)
    assert _read(broker, topic, 3) == sent


def test_what_is_written_is_read(broker: Broker, unique: Callable[[str], str]) -> None:
    _round_trip(broker, unique("smoke"))


def test_tls(kafka_tls_broker: Broker, unique: Callable[[str], str]) -> None:
    assert kafka_tls_broker.options["security_protocol"] == "SSL"
    _round_trip(kafka_tls_broker, unique("tls"))


def test_tls_client_that_does_not_know_the_authority_is_refused(kafka_tls_broker: Broker) -> None:
    stranger = kafka_tls_broker.settings(ssl_cafile="")
    with pytest.raises(KafkaError):
        _bootstrap_quickly(stranger)


def test_sasl(kafka_sasl_broker: Broker, unique: Callable[[str], str]) -> None:
    assert kafka_sasl_broker.options["sasl_mechanism"] == "SCRAM-SHA-512"
    _round_trip(kafka_sasl_broker, unique("sasl"))


def test_sasl_with_a_wrong_password_is_refused(kafka_sasl_broker: Broker) -> None:
    with pytest.raises(KafkaError):
        _bootstrap_quickly(kafka_sasl_broker.settings(sasl_password_file="", sasl_password="wrong"))


def _bootstrap_quickly(settings: object) -> None:
    from kafka import KafkaAdminClient

    options = kafka_clients.connection_options(settings)  # type: ignore[arg-type]
    KafkaAdminClient(**options, bootstrap_timeout_ms=3000).close()


def test_five_megabytes_pass_and_config_is_told(broker: Broker, unique: Callable[[str], str]) -> None:
    topic = unique("large")
    _make_topic(broker, topic, **{"cleanup.policy": "compact", "max.message.bytes": str(8 * MEBIBYTE)})
    value = os.urandom(5 * MEBIBYTE)
    _send(broker, topic, [value])
    assert _read(broker, topic, 1) == [value]
    admin = kafka_clients.admin(broker.settings())
    try:
        resource = ConfigResource(ConfigResourceType.TOPIC, topic)
        told = admin.describe_configs([resource], config_filter="all")["topic"][topic]
    finally:
        admin.close()
    assert told["cleanup.policy"]["value"] == "compact"
    assert told["max.message.bytes"]["value"] == str(8 * MEBIBYTE)


def test_only_real_kafka_holds_the_size_limit(broker: Broker, unique: Callable[[str], str]) -> None:
    """Tests of refused messages belong on real Kafka; this is the reason, and shows when it ceases to be one."""
    topic = unique("small")
    _make_topic(broker, topic, **{"max.message.bytes": "1000"})
    if broker.kind == "kafka":
        with pytest.raises(MessageSizeTooLargeError):
            _send(broker, topic, [b"x" * 10_000])
    else:
        _send(broker, topic, [b"x" * 10_000])


def test_real_kafka_makes_no_topic_by_itself(kafka_broker: Broker, unique: Callable[[str], str]) -> None:
    options = kafka_clients.connection_options(kafka_broker.settings())
    producer = KafkaProducer(**options, max_block_ms=1500)
    try:
        with pytest.raises(KafkaError):
            producer.send(unique("misspelt"), b"x").get(5)
    finally:
        producer.close()


def test_kafka_keeps_records_over_a_restart(tmp_path: Path, kafka_broker: Broker) -> None:
    """(`kafka_broker` only for its skip.)"""
    with brokers.kafka(tmp_path) as first:
        _make_topic(first, "kept")
        _send(first, "kept", [b"still here"])
    assert not is_running(first.pid)
    with brokers.kafka(tmp_path) as second:
        assert _read(second, "kept", 1) == [b"still here"]


def test_kafka_ends_when_its_user_is_killed(tmp_path: Path, kafka_broker: Broker) -> None:
    """(`kafka_broker` only for its skip.)"""
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom tests.integration import brokers\n"
        "with brokers.kafka(Path(sys.argv[1])) as broker:\n    print(broker.pid, flush=True)\n    time.sleep(3600)"
    )
    assert _pid_is_gone_after_kill(code, str(tmp_path))


def test_embedded_broker_ends_with_its_context() -> None:
    with embedded_broker() as broker:
        host, port = broker.bootstrap.split(":")
        socket.create_connection((host, int(port)), timeout=PATIENCE).close()
    assert not is_running(broker.pid)


def test_embedded_broker_ends_when_its_user_is_killed() -> None:
    code = (
        "import time\nfrom streams.kafka.embedded import embedded_broker\n"
        "with embedded_broker() as broker:\n    print(broker.pid, flush=True)\n    time.sleep(3600)"
    )
    assert _pid_is_gone_after_kill(code)


def _pid_is_gone_after_kill(code: str, *arguments: str) -> bool:
    """Runs code that prints a broker's pid, kills it with SIGKILL, and says whether the broker ended."""
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as user:
        assert user.stdout
        pid = int(user.stdout.readline())
        assert is_running(pid)
        user.send_signal(signal.SIGKILL)
    if end_within([pid]):
        return True
    os.kill(pid, signal.SIGKILL)
    return False


def test_two_embedded_brokers_do_not_meet() -> None:
    with embedded_broker() as one, embedded_broker() as other:
        assert one.bootstrap != other.bootstrap
        _make_topic(Broker(one.bootstrap, "embedded", one.pid), "mine")
        admin = kafka_clients.admin(Broker(other.bootstrap, "embedded", other.pid).settings())
        try:
            assert "mine" not in admin.list_topics()
        finally:
            admin.close()


def test_without_java_the_skip_is_one_visible_line(tmp_path: Path) -> None:
    """A CI without Java or Maven must not look as if it had tested real Kafka."""
    environment = {
        "PATH": str(tmp_path),
        "HOME": str(tmp_path),
        "TORUGART_KAFKA_HOME": str(tmp_path / "empty"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"{__file__}",
         "-k", "test_tls or test_sasl or (test_what_is_written and kafka)"],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if "real Apache Kafka not available: " in line]
    assert len(lines) == 1, done.stdout
    assert lines[0].endswith("Java 17 or newer is not installed")
    assert "5 skipped" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["stop", "--data", "nowhere"], "no node is running on"),
        (["start", "--data", "d", "--port", "1"], "port 1 cannot be used"),
    ],
)
def test_node_says_in_one_line_what_is_wrong(
    arguments: list[str], said: str, tmp_path: Path, kafka_broker: Broker
) -> None:
    """(`kafka_broker` only for its skip.)"""
    if os.geteuid() == 0 and "1" in arguments:
        # A superuser may take port 1; a port in use is refused to everybody.
        arguments = [kafka_broker.bootstrap.split(":")[1] if part == "1" else part for part in arguments]
        said = f"port {arguments[-1]} cannot be used"
    done = subprocess.run(
        [sys.executable, str(NODE), *arguments], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
