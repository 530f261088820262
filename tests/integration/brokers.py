"""The brokers that integration tests run against: real Apache Kafka (deploy/kafka) and the embedded one."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from streams.kafka.embedded import embedded_broker
from streams.settings import PREFIX, Settings
from tests.processes import PATIENCE

NO_KAFKA: pytest.StashKey[str] = pytest.StashKey()
"""Why this session has no real Kafka, once it is known."""

NODE = Path(__file__).resolve().parents[2] / "deploy" / "kafka" / "node.py"


class KafkaUnavailable(Exception):
    """Real Kafka cannot be had on this machine; the message says why in one line."""


@dataclass(frozen=True)
class Broker:
    """A running broker. `options` are the settings a client needs, under the names of `Settings`' fields."""

    bootstrap: str
    kind: Literal["kafka", "embedded"]
    pid: int
    options: Mapping[str, str] = field(default_factory=dict)

    def settings(self, **changes: Any) -> Settings:
        """Torugart's settings for this broker: `broker.settings(topic_prefix="t1.", partitions=2)`."""
        return Settings(**{"brokers": self.bootstrap, **self.options, **changes})

    def environment(self, **changes: object) -> dict[str, str]:
        """The same as TORUGART_* variables, for a worker or command in a process of its own."""
        values = {"brokers": self.bootstrap, **self.options, **changes}
        return {PREFIX + name.upper(): str(value) for name, value in values.items()}


@contextlib.contextmanager
def embedded() -> Iterator[Broker]:
    with embedded_broker() as broker:
        yield Broker(broker.bootstrap, "embedded", broker.pid)


@contextlib.contextmanager
def kafka(
    data: Path,
    *,
    security_protocol: str = "PLAINTEXT",
    sasl_mechanism: str = "SCRAM-SHA-512",
    port: int = 0,
    properties: Mapping[str, str] | None = None,
) -> Iterator[Broker]:
    """Runs a node of real Kafka on `data` (kept: a second node on it finds the records of the first).

    `port` 0 is a free one. `properties` are added to server.properties. Its log is `data/server.log`. The node ends
    with the context, and also when this process is killed.

    Raises KafkaUnavailable where Java, Maven or the artefacts are missing, or the node does not start.
    """
    arguments = ["--data", str(data), "--port", str(port), "--security-protocol", security_protocol]
    arguments += ["--sasl-mechanism", sasl_mechanism]
    for key, value in (properties or {}).items():
        arguments += ["--set", f"{key}={value}"]
    with subprocess.Popen(
        [sys.executable, str(NODE), "run", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Ctrl-C in a terminal is for the tests; they then close standard input.
        start_new_session=True,
    ) as node:
        assert node.stdin and node.stdout and node.stderr
        answer = node.stdout.readline()
        if not answer:
            raise KafkaUnavailable(
                (node.stderr.read().strip().splitlines() or ["it ended without a word"])[-1]
            )
        try:
            said = json.loads(answer)
            bootstrap, pid = said.pop("brokers"), said.pop("pid")
            yield Broker(bootstrap, "kafka", pid, said)
        finally:
            node.stdin.close()
            try:
                node.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                node.kill()
