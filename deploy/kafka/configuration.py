"""server.properties of one combined controller and broker, and what a client needs to reach it."""

import secrets
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

import certificates

HOST = "127.0.0.1"
USER = "torugart"
PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
MECHANISMS = ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN")

PROPERTIES = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    # One node: internal topics cannot have Kafka's default of three replicas.
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # The default of 50 partitions each costs a start and a stop hundreds of files.
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.num.partitions": "4",
    # The default of 3 s is there for fleets whose members start one after another.
    "group.initial.rebalance.delay.ms": "0",
    # 8 MiB topics (streams/kafka/topics.py) and room above them; a topic's own max.message.bytes decides.
    "message.max.bytes": str(16 * 1024 * 1024),
    "replica.fetch.max.bytes": str(16 * 1024 * 1024),
    # A misspelt topic must fail, not appear with one partition.
    "auto.create.topics.enable": "false",
    # The default of 128 MiB is a quarter of this node's heap.
    "log.cleaner.dedupe.buffer.size": str(16 * 1024 * 1024),
    "num.network.threads": "2",
    "num.io.threads": "4",
}


@dataclass(frozen=True)
class Client:
    """How to reach the node, under the names of Torugart's settings (TORUGART_BROKERS and so on); empty: not needed."""

    brokers: str
    security_protocol: str
    ssl_cafile: str = ""
    ssl_certfile: str = ""
    ssl_keyfile: str = ""
    sasl_mechanism: str = ""
    sasl_username: str = ""
    sasl_password_file: str = ""

    def as_settings(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Configuration:
    client: Client
    properties: dict[str, str]
    # `--add-scram` argument of the storage tool: in KRaft the first users are part of the format.
    scram: str | None

    def write(self, path: Path) -> None:
        """Writes server.properties, for the owner's eyes only: it may hold a password."""
        path.touch(mode=0o600)
        path.write_text("".join(f"{key}={value}\n" for key, value in self.properties.items()))


def make(data: Path, *, port: int, protocol: str, mechanism: str, overrides: dict[str, str]) -> Configuration:
    """Chooses ports (0: a free one), makes certificates and a password where the protocol needs them."""
    client_port, controller_port, internal_port = _ports(port)
    properties = {
        **PROPERTIES,
        "log.dirs": str(data / "log"),
        "controller.quorum.voters": f"1@{HOST}:{controller_port}",
        # What the node says to itself stays plain: only the clients' listener is under test.
        "inter.broker.listener.name": "INTERNAL",
        "listeners": f"CLIENT://{HOST}:{client_port},INTERNAL://{HOST}:{internal_port},"
        f"CONTROLLER://{HOST}:{controller_port}",
        "advertised.listeners": f"CLIENT://{HOST}:{client_port},INTERNAL://{HOST}:{internal_port}",
        "listener.security.protocol.map": f"CLIENT:{protocol},INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
    }
    client: dict[str, str] = {}
    scram = None
    if protocol.endswith("SSL"):
        files = certificates.make(data / "tls")
        properties |= {
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(files.server),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(files.ca),
        }
        client |= {
            "ssl_cafile": str(files.ca),
            "ssl_certfile": str(files.client_certificate),
            "ssl_keyfile": str(files.client_key),
        }
    if protocol.startswith("SASL"):
        password_file = data / "password"
        if not password_file.exists():
            password_file.touch(mode=0o600)
            password_file.write_text(secrets.token_urlsafe(24) + "\n")
        # Kept over restarts: a SCRAM user is made when the storage is formatted and only then.
        password = password_file.read_text().strip()
        module = "plain.PlainLoginModule" if mechanism == "PLAIN" else "scram.ScramLoginModule"
        users = f' user_{USER}="{password}"' if mechanism == "PLAIN" else ""
        properties["sasl.enabled.mechanisms"] = mechanism
        properties[f"listener.name.client.{mechanism.lower()}.sasl.jaas.config"] = (
            f"org.apache.kafka.common.security.{module} required{users};"
        )
        scram = None if mechanism == "PLAIN" else f"{mechanism}=[name={USER},password={password}]"
        client |= {
            "sasl_mechanism": mechanism,
            "sasl_username": USER,
            "sasl_password_file": str(password_file),
        }
    return Configuration(
        Client(brokers=f"{HOST}:{client_port}", security_protocol=protocol, **client),
        {**properties, **overrides},
        scram,
    )


def _ports(port: int) -> list[int]:
    """Three different free ports, all held until the last is chosen; the first is `port` unless that is 0.

    Raises OSError where `port` is taken.
    """
    probes = []
    try:
        for wanted in (port, 0, 0):
            probe = socket.socket()
            probes.append(probe)
            # Kafka sets it too: a port that a former node left in TIME_WAIT is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, wanted))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
