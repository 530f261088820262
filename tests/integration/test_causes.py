"""What keeps a command from Kafka is named in one line, against real brokers; no password is ever shown."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    KafkaAdminClient,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)

from streams.kafka import causes as kafka_causes
from streams.kafka import topics
from streams.kafka.admin import check_topics, create_topics
from streams.kafka.sending import NotArrived, sending
from tests.integration import brokers
from tests.integration.brokers import Broker
from tests.integration.commands import ended

EXAMPLE = str(Path(__file__).parents[2] / "docs" / "examples" / "declaration.json")
PASSWORD = "a-word-that-is-wrong-4711"


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"sasl_password_file": "", "sasl_password": PASSWORD}, "wrong user or password for torugart"),
        ({"sasl_username": "nobody"}, "wrong user or password for nobody"),
        ({"sasl_mechanism": "SCRAM-SHA-256"}, "SASL mechanism SCRAM-SHA-256"),
        ({"sasl_mechanism": "PLAIN"}, "it offers SCRAM-SHA-512"),
        ({"ssl_cafile": ""}, "is not trusted"),
        ({"ssl_cafile": __file__}, "TORUGART_SSL_CAFILE"),
        ({"ssl_cafile": "/no/such/ca.pem"}, "/no/such/ca.pem cannot be read"),
        ({"ssl_certfile": "/no/such/client.pem"}, "TORUGART_SSL_CERTFILE"),
        ({"ssl_certfile": __file__}, "TORUGART_SSL_CERTFILE"),
        ({"sasl_password_file": "/no/such/password"}, "TORUGART_SASL_PASSWORD_FILE cannot be read"),
        ({"security_protocol": "SSL"}, "asks for a user and password"),
        ({"security_protocol": "PLAINTEXT"}, "speaks TLS"),
        ({"security_protocol": "SASL_PLAINTEXT"}, "speaks TLS"),
    ],
)
def test_a_secured_broker(kafka_sasl_broker: Broker, changes: dict[str, str], cause: str) -> None:
    said = kafka_causes.connection_problem(kafka_sasl_broker.settings(**changes))
    assert said is not None and cause in said
    assert "\n" not in said and PASSWORD not in said


def test_a_sound_connection_has_no_problem(kafka_sasl_broker: Broker, kafka_tls_broker: Broker) -> None:
    for broker in (kafka_sasl_broker, kafka_tls_broker):
        assert kafka_causes.connection_problem(broker.settings()) is None


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"security_protocol": "SSL"}, "speaks no TLS"),
        ({"security_protocol": "SASL_SSL", "sasl_username": "x"}, "speaks no TLS"),
        ({"security_protocol": "SASL_PLAINTEXT", "sasl_username": "x"}, "knows no users"),
        ({"brokers": "no-such-host.invalid:9092"}, "the host no-such-host.invalid is not known"),
        ({"brokers": "127.0.0.1:1"}, "nothing listens on port 1"),
        ({"brokers": "127.0.0.1:1, no-such-host.invalid:9"}, "; no-such-host.invalid:9: the host"),
        ({"brokers": "127.0.0.1"}, "'127.0.0.1' is not host:port"),
        ({"brokers": "127.0.0.1:kafka"}, "is not host:port"),
    ],
)
def test_a_plain_broker(kafka_broker: Broker, changes: dict[str, str], cause: str) -> None:
    said = kafka_causes.connection_problem(kafka_broker.settings(**changes))
    assert said is not None and cause in said


@pytest.mark.parametrize(
    "command", [("doctor",), ("worker",), ("publish", EXAMPLE), ("dead-letters", "list")]
)
def test_every_command_says_it_in_one_line(kafka_sasl_broker: Broker, command: tuple[str, ...]) -> None:
    environment = kafka_sasl_broker.environment(sasl_password_file="", sasl_password=PASSWORD)
    said = ended(environment, *command)
    assert "wrong user or password for torugart" in said and PASSWORD not in said


def test_a_clock_that_is_wrong(kafka_broker: Broker) -> None:
    settings = kafka_broker.settings(topic_prefix="clock.", partitions=1)
    create_topics(settings)
    with pytest.raises(NotArrived) as said, sending(settings) as kafka:
        ahead = int((time.time() + 3 * 3600) * 1000)
        kafka.send(settings.topic(topics.DECLARATIONS.name), b"{}", timestamp_ms=ahead)
    assert "0 of 1 records arrived" in str(said.value) and "clock says" in str(said.value)


@pytest.fixture(scope="module")
def guarded(kafka_broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Broker, str]]:
    """A broker with ACLs, and its listener for whoever gives the rights."""
    data = tmp_path_factory.mktemp("kafka-acl")
    rules = {
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
    }
    with brokers.kafka(data, security_protocol="SASL_SSL", properties=rules) as broker:
        listener = re.search(r"INTERNAL://([^,\s]+)", (data / "server.properties").read_text())
        assert listener
        yield broker, listener[1]


def _rule(
    kind: ResourceType, name: str, operation: str, permission: str = "ALLOW", prefixed: bool = False
) -> ACL:
    pattern = ACLResourcePatternType.PREFIXED if prefixed else ACLResourcePatternType.LITERAL
    return ACL(
        principal="User:torugart",
        host="*",
        operation=ACLOperation[operation],
        permission_type=ACLPermissionType[permission],
        resource_pattern=ResourcePattern(kind, name, pattern),
    )


def test_a_missing_right_is_named(guarded: tuple[Broker, str]) -> None:
    broker, listener = guarded
    settings = broker.settings(partitions=1)
    (hidden, group) = check_topics(settings)
    assert "user torugart lacks the right DESCRIBE on customs.alerts, customs.control-lists, " in hidden
    assert "user torugart lacks the right READ on group torugart" in group
    assert "user torugart lacks a right on a topic (customs.watchlists)" in ended(
        broker.environment(), "lists", "status"
    )
    assert "0 of 1 records arrived" in ended(broker.environment(), "publish", EXAMPLE)
    admin = KafkaAdminClient(bootstrap_servers=listener)
    admin.create_acls([_rule(ResourceType.TOPIC, "customs.", "ALL", prefixed=True)])
    create_topics(settings)
    assert check_topics(settings) == [group]
    assert "this worker does not start: " + group in ended(broker.environment(partitions=1), "worker")
    admin.create_acls(
        [
            _rule(ResourceType.GROUP, "torugart", "READ"),
            _rule(ResourceType.TOPIC, "customs.verdicts", "WRITE", "DENY"),
            _rule(ResourceType.TOPIC, "customs.screening-state", "READ", "DENY"),
        ]
    )
    found = check_topics(settings)
    assert [
        "WRITE on topic customs.verdicts" in found[0],
        "READ on topic customs.screening-state" in found[1],
    ] == [
        True,
        True,
    ]
    assert len(found) == 2
    denied = ACLFilter(
        principal="User:torugart",
        host="*",
        operation=ACLOperation.ANY,
        permission_type=ACLPermissionType.DENY,
        resource_pattern=ResourcePatternFilter(ResourceType.TOPIC, None, ACLResourcePatternType.ANY),
    )
    admin.delete_acls([denied])
    assert check_topics(settings) == []
    admin.close()
