"""Publishes watchlist editions to `customs.watchlists` and tells which are there."""

from datetime import UTC, datetime, timedelta

import msgspec

from streams.errors import UserError
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.editions import PROGRAM, after, refused
from streams.kafka.sending import sending
from streams.settings import Settings
from streams.text import listed
from streams.watchlists.assembler import EditionAssembler
from streams.watchlists.edition import (
    EarlierEdition,
    Edition,
    Fetched,
    Removal,
    as_earlier,
    edition_records,
    removal_record,
)
from streams.watchlists.guards import facts_of, refusals
from streams.watchlists.readers import ListFile

ABANDONED = timedelta(hours=1)
"""An edition of which nothing came for that long is published no further: a publisher whose records do not arrive gives up
after TORUGART_SEND_TIMEOUT, a minute."""


class RefusedEdition(UserError):
    """An edition that may not follow the one in use; the message says why, with the figures."""


def publish_edition(
    settings: Settings, file: ListFile, *, accept: str | None = None, fetched: tuple[Fetched, ...] = ()
) -> int:
    """Publishes one edition, its manifest last, and removes editions older than the two newest.

    Returns the number of records sent; 0 where this very edition is the newest already, and was `fetched` from the same files.
    Raises RefusedEdition where the guards have something against it and `accept` gives no reason (which is recorded), UserError
    where the topic is missing, NotArrived where not all of it arrives, KafkaError where there is no Kafka.
    """
    assembler = published_editions(settings)
    current = assembler.complete().get(file.list)
    earlier: tuple[EarlierEdition, ...] = ()
    now = datetime.now(UTC)
    if current is not None and (current.edition, current.sha256) == (file.edition, file.sha256):
        if not fetched or fetched == current.fetched:
            return 0
        file = msgspec.structs.replace(file, accepted=current.accepted)
        earlier = current.earlier
    else:
        file = _guarded(file, current, now, settings.list_loss, accept)
        if current is not None:
            earlier = (*current.earlier, as_earlier(current))
    ended = assembler.removed().get(file.list)
    published = after(now, current.published if current else "", ended.removed if ended else "")
    topic = settings.topic(topics.WATCHLISTS.name)
    with sending(settings) as kafka:
        records = edition_records(
            file, loaded_by=PROGRAM, published=published, fetched=fetched, earlier=earlier
        )
        for key, value in records:
            kafka.send(topic, value, key)
            assembler.feed(key, value)
        kafka.settle()  # before anything is removed
        sent = kafka.sent
        for key in assembler.superseded(file.list):
            kafka.send(topic, None, key)
    return sent


def remove_list(settings: Settings, name: str, reason: str) -> None:
    """Ends a list: workers take it out of use, and all that is kept of it is removed. An edition published later begins it anew.

    Raises UserError for one that is not in use, is required (TORUGART_REQUIRED_LISTS) or is the only one, else as
    `publish_edition`.
    """
    assembler = published_editions(settings)
    in_use = assembler.complete()
    if name not in in_use:
        raise UserError(f"no list {name} is in use; there are {listed(in_use) or 'none'}")
    if name in settings.required_list_names:
        raise UserError(f"{name} is among TORUGART_REQUIRED_LISTS: nothing is screened without it")
    if len(in_use) == 1:
        raise UserError(f"{name} is the only list: nothing is screened without any")
    removed = after(datetime.now(UTC), in_use[name].published)
    key, value = removal_record(Removal(list=name, removed=removed, reason=reason, removed_by=PROGRAM))
    topic = settings.topic(topics.WATCHLISTS.name)
    with sending(settings) as kafka:
        kafka.send(topic, value, key)
        kafka.settle()  # else a reader would take the list for lost, not ended
        for old in assembler.keys(name):
            kafka.send(topic, None, old)


def prune(settings: Settings) -> dict[str, int]:
    """Removes what no reader uses: editions that were refused or replaced, and those that nobody has gone on publishing for
    ABANDONED. Returns the number of records by list. Raises as `publish_edition`."""
    assembler, touched = _read(settings)
    idle = (datetime.now(UTC) - ABANDONED).timestamp() * 1000
    found: dict[str, int] = {}
    with sending(settings) as kafka:
        for name in assembler.lists():
            abandoned = {edition for (of, edition), at in touched.items() if of == name and at < idle}
            keys = assembler.superseded(name, abandoned)
            if name in assembler.removed():
                keys = assembler.keys(name)
            for key in keys:
                kafka.send(settings.topic(topics.WATCHLISTS.name), None, key)
            found[name] = len(keys)
    return found


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
        in_use = current.edition if current is not None else None
        raise RefusedEdition(refused(f"{file.list} {file.edition}", file.source, reasons, in_use))
    accepted = "; ".join((*filter(None, [file.accepted]), *reasons, f"accepted: {accept}"))
    return msgspec.structs.replace(file, accepted=accepted)


def published_editions(settings: Settings) -> EditionAssembler:
    """What the topic holds now, judged as workers judge it.

    Raises UserError where the topic is missing.
    """
    return _read(settings)[0]


def _read(settings: Settings) -> tuple[EditionAssembler, dict[tuple[str, str], int]]:
    """With the time (ms) of the newest record of each list and edition."""
    assembler = EditionAssembler(loss=settings.list_loss, clock=lambda: datetime.now(UTC))
    touched: dict[tuple[str, str], int] = {}
    for record in kafka_clients.read_to_end(settings, settings.topic(topics.WATCHLISTS.name)):
        key = record.key or b""
        assembler.feed(key, record.value)
        list_name, _, rest = key.decode("utf-8", "replace").partition("|")
        touched[list_name, rest.partition("|")[0]] = record.timestamp
    return assembler, touched
