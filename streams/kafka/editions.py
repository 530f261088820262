"""Editions of watchlists and of control lists on a topic of one partition: how they are followed, and what publishers share."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from aiokafka import TopicPartition

from streams import __version__
from streams.kafka import clients as kafka_clients
from streams.settings import Settings

PROGRAM = f"torugart {__version__}"
"""By which an edition is published."""


class EditionTopic:
    """Read from its beginning by a consumer without a group, in every worker."""

    def __init__(self, settings: Settings, topic: str) -> None:
        """`topic` without the prefix of the installation."""
        self._settings = settings
        self._partition = TopicPartition(settings.topic(topic), 0)
        self._consumer: Any = None

    async def follow(
        self, feed: Callable[[bytes, bytes | None], None], use_newest: Callable[[], Awaitable[None]]
    ) -> None:
        """Goes on for ever: `feed` takes each record; `use_newest` is called at the end of the topic only, so that a history of
        editions is read once and not made ready one by one. Raises KafkaError where Kafka refuses."""
        consumer = kafka_clients.async_consumer(self._settings)
        await consumer.start()
        self._consumer, tp = consumer, self._partition
        try:
            consumer.assign([tp])
            await consumer.seek_to_beginning(tp)
            while True:
                found = await consumer.getmany(tp, timeout_ms=kafka_clients.POLL_MS)
                for records in found.values():
                    for record in records:
                        feed(record.key or b"", record.value)
                    await asyncio.sleep(0)
                end: int | None = consumer.highwater(tp)
                if end is not None and await consumer.position(tp) >= end:
                    await use_newest()
        finally:
            self._consumer = None
            await consumer.stop()

    async def ask(self) -> None:
        """Asks the brokers something small, once the topic is followed; every worker does that, also one without partitions.

        Raises KafkaError where they do not answer.
        """
        if self._consumer is not None:
            await self._consumer.end_offsets([self._partition])


def after(now: datetime, *earlier: str) -> str:
    """When an edition is published: `now`, or a moment after what was published before. The newest is what was published last, so
    that a clock behind the last publisher's keeps no edition back."""
    for published in filter(None, earlier):
        now = max(now, datetime.fromisoformat(published) + timedelta(milliseconds=1))
    return now.isoformat(timespec="milliseconds")


def refused(edition: str, source: str, reasons: Iterable[str], in_use: str | None) -> str:
    """The one line on an edition that the guards have something against. `in_use`: the edition that stays."""
    stays = f"; edition {in_use} stays in use" if in_use is not None else ""
    return (
        f"{edition} ({source}) is refused: {'; '.join(reasons)}{stays}. --accept REASON loads it all the same"
    )
