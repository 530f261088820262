"""Keyed state of an agent, a dictionary a partition, kept in a compacted topic.

Why not a Faust Table: docs/decisions/0003. The records that change it are returned to the agent, which delivers them
together with its output before it acknowledges: state and output can only be ahead of the commit, never behind.
"""

import logging
import math
import time
from collections.abc import Callable, Collection
from typing import Any, Literal

from aiokafka import TopicPartition

from streams import kafka_clients
from streams.metrics import Metrics
from streams.settings import Settings

log = logging.getLogger(__name__)

FETCH_WAIT_MS = 200
RECOVERY_STALL_SECONDS = 60.0
"""Without a single record for so long, recovery has failed: the worker stops and says so instead of hanging."""

StateName = Literal["screening", "identity", "patterns"]


class RecoveryError(RuntimeError):
    """The state of a partition could not be read back."""


class Deadlines:
    """The deadlines of one partition's keys, in buckets of `resolution` seconds: one list entry a key.

    An entry is never looked for. A key whose deadline moved to a later time keeps its entry, and is filed anew when
    that comes up; `deadline_of` tells a value's deadline, None for never.
    """

    def __init__(self, deadline_of: Callable[[bytes], float | None], resolution: float) -> None:
        self._deadline_of = deadline_of
        self._resolution = resolution
        self._buckets: dict[int, list[bytes]] = {}
        self._given_out: set[bytes] = set()
        """keys that `due` returned and that were not put since: they have no entry"""

    def file(self, key: bytes, due: float | None, before: bytes | None) -> None:
        """Notes that `key`, whose value was `before`, is now due at `due`."""
        given_out = key in self._given_out
        self._given_out.discard(key)
        if due is None:
            return
        old = None if before is None or given_out else self._deadline_of(before)
        bucket = self._bucket(due)
        if old is None or bucket < self._bucket(old):
            self._buckets.setdefault(bucket, []).append(key)

    def forget(self, key: bytes) -> None:
        """Notes that `key` has no value any more."""
        self._given_out.discard(key)

    def due(self, now: float, values: dict[bytes, bytes]) -> list[bytes]:
        """The keys of `values` whose deadline has passed, each once."""
        found: dict[bytes, None] = {}
        for bucket in sorted(bucket for bucket in self._buckets if bucket * self._resolution <= now):
            for key in self._buckets.pop(bucket):
                value = values.get(key)
                deadline = None if value is None else self._deadline_of(value)
                if deadline is None:
                    continue
                if self._bucket(deadline) * self._resolution > now:
                    self._buckets.setdefault(self._bucket(deadline), []).append(key)
                elif key not in self._given_out:
                    found[key] = None
        self._given_out.update(found)
        return list(found)

    def _bucket(self, due: float) -> int:
        """The first whole multiple of the resolution that is not before `due`."""
        return math.ceil(due / self._resolution)


class PartitionedState:
    """State of the partitions that this worker owns. `recover` before the first use of a partition.

    With `deadline_of` (Unix seconds at which a value is to be looked at again, None for never), `due` tells the keys
    whose time has come, at most `resolution` seconds late.
    """

    def __init__(
        self,
        settings: Settings,
        topic: str,
        metrics: Metrics,
        *,
        name: StateName = "screening",
        deadline_of: Callable[[bytes], float | None] | None = None,
        resolution: float = 1.0,
    ) -> None:
        self._settings = settings
        self._topic = topic
        self._metrics = metrics
        self._name = name
        self._deadline_of = deadline_of
        self._resolution = resolution
        self._values: dict[int, dict[bytes, bytes]] = {}
        self._deadlines: dict[int, Deadlines] = {}
        self._owned_since: dict[int, int] = {}
        """partition -> the newest group generation in which it was ours without a break"""
        self._taken: dict[int, int] = {}
        self._bytes = 0

    def get(self, partition: int, key: bytes) -> bytes | None:
        return self._values[partition].get(key)

    def items(self, partition: int) -> Collection[tuple[bytes, bytes]]:
        return self._values[partition].items()

    def put(self, partition: int, key: bytes, value: bytes, due: float | None = None) -> None:
        """Keeps `value`. `due` must be what `deadline_of` tells of it; without `deadline_of` there is none."""
        values = self._values[partition]
        before = values.get(key)
        if (deadlines := self._deadlines.get(partition)) is not None:
            deadlines.file(key, due, before)
        self._bytes += len(value) - len(before or b"")
        values[key] = value

    def delete(self, partition: int, key: bytes) -> None:
        """Forgets `key`; the caller sends the tombstone."""
        before = self._values[partition].pop(key, None)
        if (deadlines := self._deadlines.get(partition)) is not None:
            deadlines.forget(key)
        self._bytes -= len(before or b"")

    def due(self, partition: int, now: float) -> list[bytes]:
        """Keys whose deadline has passed at `now` (Unix seconds). Each is told once: put it anew, or delete it."""
        deadlines = self._deadlines.get(partition)
        return [] if deadlines is None else deadlines.due(now, self._values[partition])

    def assigned(self, partitions: set[int], generation: int) -> None:
        """Keeps what stayed ours from the generation before; forgets the rest, which another worker may have changed."""
        for partition in list(self._values):
            unbroken = self._owned_since[partition] == generation - 1
            if partition in partitions and unbroken:
                self._owned_since[partition] = generation
            else:
                del self._values[partition], self._owned_since[partition]
                self._deadlines.pop(partition, None)
        self._recount()

    def taken(self, partition: int) -> int:
        """How often the partition's state was read back: what is derived from it must be made anew when this changes."""
        return self._taken.get(partition, 0)

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
        self._take(partition, values, began_in)
        seconds = time.monotonic() - started
        self._metrics.state_recovery.labels(self._name).set(seconds)
        log.info(
            "%s state of partition %d recovered: %d keys in %.1f s",
            self._name,
            partition,
            len(values),
            seconds,
        )

    def _take(self, partition: int, values: dict[bytes, bytes], generation: int) -> None:
        self._values[partition] = values
        self._taken[partition] = self.taken(partition) + 1
        self._owned_since[partition] = generation
        if self._deadline_of is not None:
            deadlines = self._deadlines[partition] = Deadlines(self._deadline_of, self._resolution)
            for key, value in values.items():
                deadlines.file(key, self._deadline_of(value), None)
        self._recount()

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
        keys = sum(len(values) for values in self._values.values())
        self._metrics.state_keys.labels(self._name).set(keys)
        self._metrics.state_bytes.labels(self._name).set(self._bytes)
