"""Publishes watchlist editions to `customs.watchlists` and tells which are there."""

from datetime import UTC, datetime

from streams import __version__
from streams.errors import UserError
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.sending import sending
from streams.settings import Settings
from streams.watchlists.edition import EditionAssembler, edition_records
from streams.watchlists.readers import ListFile


def publish_edition(settings: Settings, file: ListFile) -> int:
    """Publishes one edition, its manifest last, and removes editions older than the two newest.

    Returns the number of records sent; 0 where this very edition is the newest already. Raises UserError where the
    topic is missing or a later edition is there, NotArrived where not all of it arrives, KafkaError where there is no Kafka.
    """
    assembler = published_editions(settings)
    current = assembler.complete().get(file.list)
    if current is not None and (current.edition, current.sha256) == (file.edition, file.sha256):
        return 0
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    if current is not None and current.published > now:
        raise UserError(
            f"the newest edition of {file.list} says it was published at {current.published}, after this clock's {now}: "
            "workers would not take this one; set the clocks right"
        )
    topic = settings.topic(topics.WATCHLISTS.name)
    with sending(settings) as kafka:
        records = edition_records(
            file,
            loaded_by=f"torugart {__version__}",
            published=now,
        )
        for key, value in records:
            kafka.send(topic, value, key)
            assembler.feed(key, value)
        kafka.settle()  # before anything is removed
        sent = kafka.sent
        for key in assembler.superseded(file.list):
            kafka.send(topic, None, key)
    return sent


def published_editions(settings: Settings) -> EditionAssembler:
    """What the topic holds now.

    Raises UserError where the topic is missing.
    """
    assembler = EditionAssembler()
    for record in kafka_clients.read_to_end(settings, settings.topic(topics.WATCHLISTS.name)):
        assembler.feed(record.key or b"", record.value)
    return assembler
