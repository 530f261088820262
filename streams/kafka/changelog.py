"""Reads a partition of a topic of state back, from its beginning or from where a worker has it on disk."""

import time
from collections.abc import Callable
from typing import Any

from aiokafka import TopicPartition

from streams.kafka import clients as kafka_clients
from streams.settings import Settings

FETCH_WAIT_MS = 50
END_WAIT_MS = 20
"""For which a broker waits for more where there is nothing: on a disk that lacks nothing every partition begins at its end."""
RECOVERY_STALL_SECONDS = 60.0
"""Without a single record for so long, recovery has failed: the worker stops and says so instead of hanging."""

Taker = Callable[[list[Any], int, float | None], None]
"""Takes records that were read back, and the position behind them; with the time before the fetch where they were the last."""


class RecoveryError(RuntimeError):
    """The state of a partition could not be read back."""


class OtherChangelog(Exception):
    """What stands in the topic does not go on from a position on disk."""


async def read_back(settings: Settings, tp: TopicPartition, start: int, take: Taker) -> None:
    """Gives `take` what stands from `start` on, up to the end of what is committed, as the broker's fetches say it.

    Raises OtherChangelog where that does not go on from `start`, RecoveryError where the broker gives nothing for a minute.
    """
    consumer = kafka_clients.async_consumer(settings, fetch_max_wait_ms=END_WAIT_MS)
    await consumer.start()
    try:
        consumer.assign([tp])
        if start:
            if (await consumer.beginning_offsets([tp]))[tp] > start:
                raise OtherChangelog
            consumer.seek(tp, start)
        else:
            await consumer.seek_to_beginning(tp)
        await _read(consumer, tp, start, take)
    finally:
        await consumer.stop()


async def _read(consumer: Any, tp: TopicPartition, start: int, take: Taker) -> None:
    progress = time.monotonic()
    while True:
        asked = time.time()
        found = (await consumer.getmany(tp, timeout_ms=FETCH_WAIT_MS)).get(tp, [])
        if found:
            progress = time.monotonic()
        position, end = await consumer.position(tp), end_of(consumer, tp)
        if min(position, *(record.offset for record in found[:1]), start if end is None else end) < start:
            raise OtherChangelog
        done = end is not None and position >= end
        take(found, position, asked if done else None)
        if done:
            return
        if time.monotonic() - progress > RECOVERY_STALL_SECONDS:
            raise RecoveryError(
                f"{tp.topic} partition {tp.partition} gave no record for {RECOVERY_STALL_SECONDS} s"
            )


def end_of(consumer: Any, tp: TopicPartition) -> int | None:
    """The end of what is committed in a partition, as the fetches say it: ListOffsets is wrong on the embedded broker. None
    before the first."""
    end: int | None = consumer.last_stable_offset(tp)
    return end
