"""Publishes watchlist editions to `customs.watchlists` and tells which are there."""

from datetime import UTC, datetime, timedelta

import msgspec

from streams import __version__
from streams.errors import UserError
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.sending import sending
from streams.settings import Settings
from streams.watchlists.assembler import EditionAssembler
from streams.watchlists.edition import Edition, edition_records
from streams.watchlists.guards import facts_of, refusals
from streams.watchlists.readers import ListFile


class RefusedEdition(UserError):
    """An edition that may not follow the one in use; the message says why, with the figures."""


def publish_edition(settings: Settings, file: ListFile, *, accept: str | None = None) -> int:
    """Publishes one edition, its manifest last, and removes editions older than the two newest.

    Returns the number of records sent; 0 where this very edition is the newest already. Raises RefusedEdition where the guards
    have something against it and `accept` gives no reason (which is recorded), UserError where the topic is missing,
    NotArrived where not all of it arrives, KafkaError where there is no Kafka.
    """
    assembler = published_editions(settings)
    current = assembler.complete().get(file.list)
    if current is not None and (current.edition, current.sha256) == (file.edition, file.sha256):
        return 0
    now = datetime.now(UTC)
    file = _guarded(file, current, now, settings.list_loss, accept)
    if current is not None and current.published:
        # The newest is what was published last: a clock that goes before this one does not keep this edition back.
        now = max(now, datetime.fromisoformat(current.published) + timedelta(milliseconds=1))
    topic = settings.topic(topics.WATCHLISTS.name)
    with sending(settings) as kafka:
        records = edition_records(
            file,
            loaded_by=f"torugart {__version__}",
            published=now.isoformat(timespec="milliseconds"),
        )
        for key, value in records:
            kafka.send(topic, value, key)
            assembler.feed(key, value)
        kafka.settle()  # before anything is removed
        sent = kafka.sent
        for key in assembler.superseded(file.list):
            kafka.send(topic, None, key)
    return sent


def _guarded(
    file: ListFile, current: Edition | None, now: datetime, loss: float, accept: str | None
) -> ListFile:
    against = facts_of(current.edition, current.format, current.entries) if current is not None else None
    reasons = refusals(
        facts_of(file.edition, file.format, file.entries), against, today=now.date(), loss=loss
    )
    if not reasons:
        return file
    if not accept:
        stays = f"; edition {current.edition} stays in use" if current is not None else ""
        raise RefusedEdition(
            f"{file.list} {file.edition} ({file.source}) is refused: {'; '.join(reasons)}{stays}. "
            "--accept REASON loads it all the same"
        )
    accepted = "; ".join((*filter(None, [file.accepted]), *reasons, f"accepted: {accept}"))
    return msgspec.structs.replace(file, accepted=accepted)


def published_editions(settings: Settings) -> EditionAssembler:
    """What the topic holds now, judged as workers judge it.

    Raises UserError where the topic is missing.
    """
    assembler = EditionAssembler(loss=settings.list_loss, clock=lambda: datetime.now(UTC))
    for record in kafka_clients.read_to_end(settings, settings.topic(topics.WATCHLISTS.name)):
        assembler.feed(record.key or b"", record.value)
    return assembler
