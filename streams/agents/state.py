"""Keyed state of an agent, a dictionary a partition, kept in a compacted topic.

Why not a Faust Table: docs/decisions/0003. The records that change it are returned to the agent, which delivers them
together with its output before it acknowledges: state and output can only be ahead of the commit, never behind.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from aiokafka import TopicPartition

from streams import kafka_clients
from streams.metrics import Metrics
from streams.settings import Settings

log = logging.getLogger(__name__)

FETCH_WAIT_MS = 200
RECOVERY_STALL_SECONDS = 60.0
"""Without a single record for so long, recovery has failed: the worker stops and says so instead of hanging."""


class RecoveryError(RuntimeError):
    """The state of a partition could not be read back."""


class PartitionedState:
    """State of the partitions that this worker owns. `recover` before the first use of a partition."""

    def __init__(self, settings: Settings, topic: str, metrics: Metrics) -> None:
        self._settings = settings
        self._topic = topic
        self._metrics = metrics
        self._values: dict[int, dict[bytes, bytes]] = {}
        self._owned_since: dict[int, int] = {}
        """partition -> the newest group generation in which it was ours without a break"""
        self._bytes = 0

    def get(self, partition: int, key: bytes) -> bytes | None:
        return self._values[partition].get(key)

    def put(self, partition: int, key: bytes, value: bytes) -> None:
        values = self._values[partition]
        self._bytes += len(value) - len(values.get(key, b""))
        values[key] = value

    def assigned(self, partitions: set[int], generation: int) -> None:
        """Keeps what stayed ours from the generation before; forgets the rest, which another worker may have changed."""
        for partition in list(self._values):
            unbroken = self._owned_since[partition] == generation - 1
            if partition in partitions and unbroken:
                self._owned_since[partition] = generation
            else:
                del self._values[partition], self._owned_since[partition]
        self._recount()

    def owns(self, partition: int) -> bool:
        return partition in self._values

    async def recover(self, partition: int, generation: Callable[[], int]) -> None:
        """Reads the partition's state back, up to the end as the broker's fetches say it.

        `generation` tells the group generation now: where it changed meanwhile, another worker may have written, and
        nothing is kept. Raises RecoveryError where the broker gives nothing for a minute.
        """
        started, began_in = time.monotonic(), generation()
        values = await self._read_back(partition)
        if generation() != began_in:
            return
        self._values[partition] = values
        self._owned_since[partition] = began_in
        self._recount()
        seconds = time.monotonic() - started
        self._metrics.state_recovery.set(seconds)
        log.info(
            "state of partition %d recovered: %d declarations in %.1f s", partition, len(values), seconds
        )

    async def _read_back(self, partition: int) -> dict[bytes, bytes]:
        values: dict[bytes, bytes] = {}
        tp = TopicPartition(self._topic, partition)
        consumer = kafka_clients.async_consumer(self._settings)
        await consumer.start()
        try:
            consumer.assign([tp])
            await consumer.seek_to_beginning(tp)
            await self._read(consumer, tp, values)
        finally:
            await consumer.stop()
        return values

    async def _read(self, consumer: Any, tp: TopicPartition, values: dict[bytes, bytes]) -> None:
        progress = time.monotonic()
        while True:
            for records in (await consumer.getmany(tp, timeout_ms=FETCH_WAIT_MS)).values():
                progress = time.monotonic()
                for record in records:
                    if record.value is None:
                        values.pop(record.key, None)
                    else:
                        values[record.key] = record.value
            highwater = consumer.highwater(tp)
            if highwater is not None and await consumer.position(tp) >= highwater:
                return
            if time.monotonic() - progress > RECOVERY_STALL_SECONDS:
                raise RecoveryError(
                    f"{tp.topic} partition {tp.partition} gave no record for {RECOVERY_STALL_SECONDS} s"
                )

    def _recount(self) -> None:
        self._bytes = sum(len(value) for values in self._values.values() for value in values.values())
        self.report()

    def report(self) -> None:
        """Updates the metrics."""
        self._metrics.state_keys.set(sum(len(values) for values in self._values.values()))
        self._metrics.state_bytes.set(self._bytes)
