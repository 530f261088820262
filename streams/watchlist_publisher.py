"""Publishes watchlist editions to `customs.watchlists` and tells which are there."""

from typing import Any

from streams import kafka_clients, topics
from streams.settings import Settings
from streams.watchlists.edition import Edition, EditionAssembler, edition_records, manifest_of, superseded
from streams.watchlists.readers import ListFile


def publish_edition(settings: Settings, file: ListFile) -> int:
    """Publishes one edition, its manifest last, and removes editions older than the two newest. Returns the number of
    records sent; 0 where this very edition is the newest already.

    Raises LookupError where the topic is missing, KafkaError where Kafka refuses.
    """
    assembler, _ = _read(settings)
    current = assembler.complete().get(file.list)
    if current is not None and (current.edition, current.sha256) == (file.edition, file.sha256):
        return 0
    producer = kafka_clients.producer(settings)
    try:
        sent = 0
        for key, value in edition_records(file):
            _send(producer, settings, key, value)
            assembler.feed(key, value)
            sent += 1
        producer.flush()
        for key in superseded(assembler, file.list):
            _send(producer, settings, key, None)
        producer.flush()
    finally:
        producer.close()
    return sent


def published_editions(settings: Settings) -> list[tuple[Edition, float]]:
    """The newest complete edition of each list and the Unix time its manifest was published.

    Raises LookupError where the topic is missing.
    """
    assembler, times = _read(settings)
    return [
        (edition, times.get((edition.list, edition.edition), 0.0))
        for _, edition in sorted(assembler.complete().items())
    ]


def _read(settings: Settings) -> tuple[EditionAssembler, dict[tuple[str, str], float]]:
    assembler, times = EditionAssembler(), {}
    for record in kafka_clients.read_to_end(settings, settings.topic(topics.WATCHLISTS.name)):
        assembler.feed(record.key, record.value)
        manifest = manifest_of(record.key)
        if manifest is not None:
            times[manifest] = record.timestamp / 1000
    return assembler, times


def _send(producer: Any, settings: Settings, key: bytes, value: bytes | None) -> None:
    producer.send(settings.topic(topics.WATCHLISTS.name), key=key, value=value)
