"""What an agent sends, and when its input counts as done.

A run of records is acknowledged when every record made from it has arrived in Kafka. A send that fails stops the
process before anything is committed: Faust would only log it and commit.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NoReturn

from aiokafka.partitioner import murmur2
from msgspec import Struct

from streams.kafka.outages import Troubles
from streams.metrics import Metrics

log = logging.getLogger(__name__)

MAX_IN_FLIGHT = 4
"""Runs whose sends are on their way at once: enough to keep the producer busy while the next run is worked on."""

EXIT_SEND_FAILED = 3


@lru_cache(maxsize=16_384)
def key_partition(key: bytes, partitions: int) -> int:
    """The partition Kafka's Java client would choose for a key (murmur2)."""
    return int((murmur2(key) & 0x7FFFFFFF) % partitions)


class Outgoing(Struct, frozen=True):
    """A record to be sent. `topic` is the full name; without a partition its key decides."""

    topic: str
    key: bytes
    value: bytes | None
    partition: int | None = None
    headers: tuple[tuple[str, bytes], ...] = ()
    after: bool = False
    """whether it is sent only when everything else made from its run and from those before has arrived: a state that
    forgets what the output is made from. Otherwise a crash could keep the one and lose the other. Of no account in a
    transaction, which arrives whole (streams/kafka/fence.py)"""


def stop_without_commit(why: str) -> NoReturn:
    """Ends the process at once. What was not acknowledged is read again by the next worker."""
    log.critical("stopping without a commit: %s", why)
    logging.shutdown()
    os._exit(EXIT_SEND_FAILED)


class Delivery:
    """Sends the records made from a run, and acknowledges the run when they have arrived."""

    def __init__(
        self,
        app: Any,
        agent: str,
        metrics: Metrics,
        troubles: Troubles | None = None,
        explain: Callable[[BaseException], str] = repr,
        runs: int = MAX_IN_FLIGHT,
    ) -> None:
        """`explain` says in one line what an error of Kafka's means; at most `runs` are on their way at once."""
        self._app = app
        self._explain = explain
        self._troubles = troubles or Troubles()
        self._seconds = metrics.delivery_seconds.labels(agent)
        self._slots = asyncio.Semaphore(runs)
        self._tasks: set[asyncio.Task[None]] = set()

    async def send(self, event: Any, records: list[Outgoing], on_delivered: Any = None) -> None:
        """Hands `records` to the producer; waits only while too many runs are on their way."""
        await self._slots.acquire()
        started = time.monotonic()
        try:
            futures = await self._enqueue([record for record in records if not record.after])
        except Exception as error:
            stop_without_commit(f"a record was refused: {self._explain(error)}")
        last = [record for record in records if record.after]
        earlier = tuple(self._tasks)
        task = asyncio.create_task(self._settle(event, futures, last, earlier, started, on_delivered))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Waits until every run handed over has been delivered."""
        await asyncio.gather(*self._tasks)

    async def _enqueue(self, records: list[Outgoing]) -> list[Any]:
        return await enqueue(self._app.producer._ensure_producer(), records)

    async def _settle(
        self,
        event: Any,
        futures: list[Any],
        last: list[Outgoing],
        earlier: tuple[asyncio.Task[None], ...],
        started: float,
        on_delivered: Any,
    ) -> None:
        try:
            with self._troubles.doing("deliveries"):
                await asyncio.gather(*futures)
                if last:
                    await asyncio.gather(*earlier)
                    await asyncio.gather(*await self._enqueue(last))
        except Exception as error:
            stop_without_commit(f"a record could not be delivered: {self._explain(error)}")
        finally:
            self._slots.release()
        self._delivered(event, started, on_delivered)

    def _delivered(self, event: Any, started: float, on_delivered: Any) -> None:
        self._seconds.observe(time.monotonic() - started)
        event.ack()
        if on_delivered is not None:
            on_delivered()


async def enqueue(producer: Any, records: list[Outgoing]) -> list[Any]:
    """Hands records to a producer of aiokafka's; returns futures of their delivery. Those of one partition go as one Kafka
    batch: a send each costs five times as much CPU. Raises KafkaError."""
    now = int(time.time() * 1000)
    futures: list[Any] = []
    batches: dict[tuple[str, int], Any] = {}
    for record in records:
        headers = list(record.headers)
        partition = record.partition
        if partition is None:
            partition = key_partition(record.key, len(await producer.partitions_for(record.topic)))
        place = (record.topic, partition)
        batch = batches.get(place)
        if batch is None or not _append(batch, record, now, headers):
            if batch is not None:
                futures.append(await producer.send_batch(batch, record.topic, partition=partition))
            batch = batches[place] = producer.create_batch()
            _append(batch, record, now, headers)  # a first record always fits, however large
    for (topic, partition), batch in batches.items():
        futures.append(await producer.send_batch(batch, topic, partition=partition))
    return futures


def _append(batch: Any, record: Outgoing, now: int, headers: list[tuple[str, bytes]]) -> bool:
    return batch.append(timestamp=now, key=record.key, value=record.value, headers=headers) is not None
