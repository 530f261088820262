"""Publishes editions of control lists to `customs.control-lists` and tells which are there."""

from datetime import UTC, datetime

from msgspec.structs import replace

from streams.errors import UserError
from streams.goods.control_editions import (
    MAX_BYTES,
    ControlEdition,
    ControlEditions,
    dated,
    digest,
    encode,
    read_edition,
    record_key,
)
from streams.goods.own_lists import own_list
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.editions import PROGRAM, after, refused
from streams.kafka.sending import sending
from streams.settings import Settings


def publish_controls(
    settings: Settings,
    name: str,
    text: str,
    source: str,
    *,
    edition: str | None = None,
    accept: str | None = None,
) -> tuple[ControlEdition, bool]:
    """(the edition, whether it was sent: not where it is in use already). What is older than the two newest is taken back.

    Raises ControlListError for a text that is no list; UserError where the guards have something against it and `accept` gives no
    reason (which is recorded), where it is too large or where the topic is missing; NotArrived, KafkaError as `sending`.
    """
    if len(text.encode()) > MAX_BYTES:
        raise UserError(
            f"control list {source} has more than {MAX_BYTES:,} bytes, which one message does not take"
        )
    sha256 = digest(text)
    now = datetime.now(UTC)
    record = ControlEdition(
        list=name,
        edition=edition or dated(own_list(name, text, sha256, source), sha256),
        published=after(now),
        sha256=sha256,
        text=text,
        source=source,
        loaded_by=PROGRAM,
    )
    editions = published_controls(settings)
    current = editions.in_use().get(name)
    if current is not None:
        if (current.record.edition, current.record.sha256) == (record.edition, sha256):
            return record, False
        record = replace(record, published=after(now, current.record.published))
    reasons = editions.why_not(read_edition(record))
    if reasons:
        if not accept:
            in_use = current.record.edition if current is not None else None
            raise UserError(refused(f"{name} {record.edition}", source, reasons, in_use))
        record = replace(record, accepted="; ".join((*reasons, f"accepted: {accept}")))
    key, topic = record_key(record.list, record.edition), settings.topic(topics.CONTROL_LISTS.name)
    with sending(settings) as kafka:
        kafka.send(topic, encode(record), key)
        editions.feed(key, encode(record))
        kafka.settle()  # before anything is taken back
        for old in editions.superseded(name):
            kafka.send(topic, None, old)
    return record, True


def published_controls(settings: Settings) -> ControlEditions:
    """What the topic holds now, judged as workers judge it. Raises UserError where the topic is missing."""
    editions = ControlEditions(loss=settings.list_loss, clock=lambda: datetime.now(UTC))
    for record in kafka_clients.read_to_end(settings, settings.topic(topics.CONTROL_LISTS.name)):
        editions.feed(record.key or b"", record.value)
    return editions
