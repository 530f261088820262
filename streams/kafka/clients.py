"""Clients of Kafka, all made from the one set of settings: kafka-python for commands, aiokafka for the worker's readers."""

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import aiokafka
import faust
from aiokafka.helpers import create_ssl_context
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaTimeoutError, TopicAuthorizationFailedError

from streams.errors import UserError
from streams.kafka.topics import MAX_MESSAGE_BYTES
from streams.settings import PREFIX, Settings, SettingsError

COMMITTED = "read_committed"
"""How all our readers read: of a transaction nothing before it is committed, and nothing of one that never is. A worker that
has lost a partition may have written what must not count (docs/decisions/0003)."""
MAX_BATCH_BYTES = 256 * 1024
POLL_MS = 500
BOOTSTRAP_MS = 10_000
"""For the first answer of a broker. kafka-python's 30 s are long to wait for the news that a port is closed."""
READ_STALL_SECONDS = 90.0
"""Without a record, or the end of a partition, for so long, a topic is not read on: kafka-python would poll for ever. Longer
than Kafka leaves a transaction open whose worker is gone: 60 s, and 10 s until it looks."""


def connection_options(settings: Settings) -> dict[str, Any]:
    """Bootstrap and security options as both kafka-python and aiokafka name them.

    Raises SettingsError where a broker is not host:port, or a file of TLS or the password's cannot be used.
    """
    options: dict[str, Any] = {
        "bootstrap_servers": [checked_address(broker.strip()) for broker in settings.brokers.split(",")],
        "security_protocol": settings.security_protocol,
    }
    if settings.security_protocol.endswith("SSL"):
        options["ssl_context"] = tls_context(settings)
    if settings.security_protocol.startswith("SASL"):
        options |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": settings.sasl_username,
            "sasl_plain_password": settings.password(),
        }
    return options


def checked_address(broker: str) -> str:
    """A broker's address as it was given. Raises SettingsError where it is not host:port."""
    host, colon, port = broker.rpartition(":")
    whole = bool(host and colon) and host.startswith("[") == host.endswith("]")
    if not (whole and port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise SettingsError(f"{PREFIX}BROKERS: {broker!r} is not host:port")
    return broker


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """What TLS connections are made with; None without TLS.

    Raises SettingsError that names the file which is missing, cannot be read or is no PEM.
    """
    if not settings.security_protocol.endswith("SSL"):
        return None
    files = {name: getattr(settings, name) for name in ("ssl_cafile", "ssl_certfile", "ssl_keyfile")}
    for name, path in files.items():
        if path:
            _check_readable(f"{PREFIX}{name.upper()}", path)
    if files["ssl_keyfile"] and not files["ssl_certfile"]:
        raise SettingsError(f"{PREFIX}SSL_KEYFILE is set, and {PREFIX}SSL_CERTFILE is not")
    try:
        context: ssl.SSLContext = create_ssl_context(cafile=files["ssl_cafile"] or None)
    except (ssl.SSLError, OSError):
        raise SettingsError(
            f"{PREFIX}SSL_CAFILE: {files['ssl_cafile']} holds no certificate in PEM form"
        ) from None
    if files["ssl_certfile"]:
        try:
            # Without a password OpenSSL would ask for that of an encrypted key on the terminal.
            context.load_cert_chain(files["ssl_certfile"], files["ssl_keyfile"] or None, password="")
        except (ssl.SSLError, OSError, ValueError) as error:
            why = (getattr(error, "reason", None) or "not in PEM form").replace("_", " ").lower()
            raise SettingsError(
                f"{PREFIX}SSL_CERTFILE and {PREFIX}SSL_KEYFILE are no certificate with its key, unencrypted, in PEM form: {why}"
            ) from None
    return context


def _check_readable(name: str, path: str) -> None:
    try:
        with Path(path).open("rb"):
            pass
    except OSError as error:
        raise SettingsError(f"{name}: {path} cannot be read: {error.strerror or error}") from None


def async_consumer(settings: Settings, **options: Any) -> aiokafka.AIOKafkaConsumer:
    """A consumer without a group that reads from the beginning: for state and watchlists. `options` are aiokafka's own. Not
    started."""
    return aiokafka.AIOKafkaConsumer(
        **connection_options(settings),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
        isolation_level=COMMITTED,
        **options,
    )


def async_producer(settings: Settings, **options: Any) -> aiokafka.AIOKafkaProducer:
    """A producer for batches that are made by hand (`streams.kafka.delivery.enqueue`), sent at once. `options` are aiokafka's
    own. Not started."""
    return aiokafka.AIOKafkaProducer(
        **connection_options(settings),
        acks="all",
        max_batch_size=MAX_BATCH_BYTES,
        max_request_size=MAX_MESSAGE_BYTES,
        **options,
    )


def faust_credentials(settings: Settings) -> Any:
    """The same for Faust, or None without security."""
    context = tls_context(settings)
    if settings.security_protocol.startswith("SASL"):
        return faust.SASLCredentials(
            username=settings.sasl_username,
            password=settings.password(),
            mechanism=settings.sasl_mechanism,
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context is not None else None


def producer(settings: Settings, **options: Any) -> KafkaProducer:
    """A producer that waits for all replicas and batches for up to 5 ms. `options` are kafka-python's own."""
    return KafkaProducer(
        **connection_options(settings),
        bootstrap_timeout_ms=BOOTSTRAP_MS,
        acks="all",
        linger_ms=5,
        max_request_size=MAX_MESSAGE_BYTES,
        **options,
    )


def consumer(settings: Settings, *, from_beginning: bool = True) -> KafkaConsumer:
    """A consumer without a group."""
    return KafkaConsumer(
        **connection_options(settings),
        bootstrap_timeout_ms=BOOTSTRAP_MS,
        enable_auto_commit=False,
        auto_offset_reset="earliest" if from_beginning else "latest",
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
        isolation_level=COMMITTED,
    )


def admin(settings: Settings) -> KafkaAdminClient:
    return KafkaAdminClient(**connection_options(settings), bootstrap_timeout_ms=BOOTSTRAP_MS)


def assign_all(client: KafkaConsumer, topic: str, settings: Settings | None = None) -> list[TopicPartition]:
    """Assigns every partition of a topic to a group-less consumer.

    Raises UserError where the topic does not exist, TopicAuthorizationFailedError where `settings` have no right to see it.
    """
    numbers = client.partitions_for_topic(topic)
    if not numbers:
        if settings is not None:
            with closing(admin(settings)) as asked:
                if hidden(asked, [topic]):
                    raise TopicAuthorizationFailedError(topic)
        raise UserError(f"topic {topic} does not exist; run `torugart topics create`")
    partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
    client.assign(partitions)
    return partitions


def hidden(client: KafkaAdminClient, topics: Iterable[str]) -> set[str]:
    """Those of the topics that are not shown for want of a right. Brokers do not say whether they exist, then."""
    # One by one: asked for all at once, brokers may answer of the first only.
    denied = TopicAuthorizationFailedError.errno
    return {name for name in topics for one in client.describe_topics([name]) if one["error_code"] == denied}


def read_to_end(settings: Settings, topic: str) -> Iterator[Any]:
    """Every committed record of a topic from the beginning up to the end as the first fetches saw it.

    Raises UserError where the topic does not exist, KafkaTimeoutError where the broker gives nothing for a minute and a half.
    """
    with closing(consumer(settings)) as client:
        yield from read_assigned(client, assign_all(client, topic, settings))


def read_assigned(client: KafkaConsumer, partitions: Iterable[TopicPartition]) -> Iterator[Any]:
    """Every record of partitions that are assigned to a consumer, as `read_to_end`.

    The end is the high watermark of the fetches, not ListOffsets, which the embedded broker answers wrongly. Transactions that
    are open then are waited for.
    """
    waiting = set(partitions)
    client.seek_to_beginning(*waiting)
    ends: dict[TopicPartition, int] = {}
    stalled, open_before = 0.0, len(waiting)
    while waiting:
        asked = time.monotonic()
        found = client.poll(timeout_ms=POLL_MS)
        # Only the time spent waiting counts, not what the caller does with the records.
        moved = bool(found) or len(waiting) < open_before
        stalled, open_before = (0.0 if moved else stalled + time.monotonic() - asked), len(waiting)
        if stalled > READ_STALL_SECONDS:
            raise KafkaTimeoutError(f"{next(iter(waiting)).topic} gave nothing for {READ_STALL_SECONDS:g} s")
        for records in found.values():
            yield from records
        for partition in list(waiting):
            if partition not in ends and (highwater := client.highwater(partition)) is not None:
                ends[partition] = highwater
            if partition in ends and client.position(partition) >= ends[partition]:
                waiting.discard(partition)
