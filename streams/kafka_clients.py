"""Clients of Kafka, all made from the one set of settings: kafka-python for commands, aiokafka for the worker's readers."""

import ssl
from collections.abc import Iterator
from typing import Any

import aiokafka
import faust
from aiokafka.helpers import create_ssl_context
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

from streams.settings import Settings
from streams.topics import MAX_MESSAGE_BYTES

POLL_MS = 500


def connection_options(settings: Settings) -> dict[str, Any]:
    """Bootstrap and security options as kafka-python names them.

    Raises SettingsError where the password file cannot be read.
    """
    options: dict[str, Any] = {
        "bootstrap_servers": settings.brokers.split(","),
        "security_protocol": settings.security_protocol,
    }
    if settings.security_protocol.endswith("SSL"):
        options |= {
            "ssl_cafile": settings.ssl_cafile or None,
            "ssl_certfile": settings.ssl_certfile or None,
            "ssl_keyfile": settings.ssl_keyfile or None,
        }
    if settings.security_protocol.startswith("SASL"):
        options |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": settings.sasl_username,
            "sasl_plain_password": settings.password(),
        }
    return options


def _ssl_context(settings: Settings) -> ssl.SSLContext | None:
    if not settings.security_protocol.endswith("SSL"):
        return None
    context: ssl.SSLContext = create_ssl_context(
        cafile=settings.ssl_cafile or None,
        certfile=settings.ssl_certfile or None,
        keyfile=settings.ssl_keyfile or None,
    )
    return context


def async_consumer(settings: Settings) -> aiokafka.AIOKafkaConsumer:
    """A consumer without a group that reads from the beginning: for state and watchlists. Not started."""
    options = connection_options(settings)
    for name in ("ssl_cafile", "ssl_certfile", "ssl_keyfile"):
        options.pop(name, None)
    return aiokafka.AIOKafkaConsumer(
        **options,
        ssl_context=_ssl_context(settings),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
    )


def faust_credentials(settings: Settings) -> Any:
    """The same for Faust, or None without security."""
    context = _ssl_context(settings)
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
        **connection_options(settings), acks="all", linger_ms=5, max_request_size=MAX_MESSAGE_BYTES, **options
    )


def consumer(settings: Settings, *, from_beginning: bool = True) -> KafkaConsumer:
    """A consumer without a group."""
    return KafkaConsumer(
        **connection_options(settings),
        enable_auto_commit=False,
        auto_offset_reset="earliest" if from_beginning else "latest",
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
    )


def admin(settings: Settings) -> KafkaAdminClient:
    return KafkaAdminClient(**connection_options(settings))


def assign_all(client: KafkaConsumer, topic: str) -> list[TopicPartition]:
    """Assigns every partition of a topic to a group-less consumer.

    Raises LookupError where the topic does not exist.
    """
    numbers = client.partitions_for_topic(topic)
    if not numbers:
        raise LookupError(f"topic {topic} does not exist; run `torugart topics create`")
    partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
    client.assign(partitions)
    return partitions


def read_to_end(settings: Settings, topic: str) -> Iterator[Any]:
    """Every record of a topic from the beginning up to the end as the first fetches saw it.

    The end is the high watermark of the fetches, not ListOffsets, which the embedded broker answers wrongly.
    Raises LookupError where the topic does not exist.
    """
    client = consumer(settings)
    try:
        waiting = set(assign_all(client, topic))
        client.seek_to_beginning(*waiting)
        while waiting:
            for records in client.poll(timeout_ms=POLL_MS).values():
                yield from records
            for partition in list(waiting):
                highwater = client.highwater(partition)
                if highwater is not None and client.position(partition) >= highwater:
                    waiting.discard(partition)
    finally:
        client.close()
