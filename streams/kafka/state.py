"""Keyed state of an agent, a dictionary a partition, kept in a compacted topic.

Why not a Faust Table: docs/decisions/0003. The records that change it are returned to the agent, which delivers them
together with its output before it acknowledges: state and output can only be ahead of the commit, never behind.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable
from typing import Any, Literal

from aiokafka import TopicPartition

from streams.declarations.dead_letter import Source
from streams.kafka import clients as kafka_clients
from streams.kafka.deadlines import Deadlines
from streams.kafka.records import key_text
from streams.kafka.set_aside import LETTERS_AT_ONCE, Places, Recovered, SetAside, refusal
from streams.metrics import Metrics
from streams.settings import Settings

log = logging.getLogger(__name__)

FETCH_WAIT_MS = 200
RECOVERY_STALL_SECONDS = 60.0
"""Without a single record for so long, recovery has failed: the worker stops and says so instead of hanging."""

LOOKED_AT = 16
"""Keys read last, of which one may be why a record failed: no record reads more than four of its own."""

StateName = Literal["screening", "identity", "patterns"]

Check = Callable[[int, bytes, bytes], None]
"""Partition, key and value of a state: raises any exception where no worker could have written it, or it cannot be read."""


class RecoveryError(RuntimeError):
    """The state of a partition could not be read back."""


class PartitionedState:
    """State of the partitions that this worker owns. `recover` before the first use of a partition.

    With `deadline_of` (Unix seconds at which a value is to be looked at again, None for never), `due` tells the keys
    whose time has come, at most `resolution` seconds late.

    A recovered value that cannot be read is set aside: `checked` is asked of each as it is recovered and must be quick, `read`
    of one on which a record failed. `set_aside` then tells it.
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
        checked: Check | None = None,
        read: Check | None = None,
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
        self._checked = checked
        self._read_whole = read
        self._places: dict[int, Places] = {}
        self._looked_at: deque[tuple[int, bytes]] = deque(maxlen=LOOKED_AT)
        self._aside: dict[int, deque[SetAside]] = {}

    def get(self, partition: int, key: bytes) -> bytes | None:
        self._looked_at.append((partition, key))
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
        if (places := self._places.get(partition)) is not None:
            places.drop(key)

    def delete(self, partition: int, key: bytes) -> None:
        """Forgets `key`; the caller sends the tombstone."""
        before = self._values[partition].pop(key, None)
        if (deadlines := self._deadlines.get(partition)) is not None:
            deadlines.forget(key)
        self._bytes -= len(before or b"")

    def set_aside_unreadable(self, partition: int) -> bool:
        """Sets aside what was read last of a partition and cannot be read whole: whether there was any. Only recovered values:
        one that this worker wrote itself is not unreadable but a bug."""
        if self._read_whole is None:
            return False
        found = False
        for _, key in {one for one in self._looked_at if one[0] == partition}:
            value = self._values.get(partition, {}).get(key)
            place = None if value is None else self._places[partition].of(key)
            if value is None or place is None:
                continue
            try:
                self._read_whole(partition, key, value)
            except Exception as error:
                self._leave_out(partition, key, value, place, error)
                self.delete(partition, key)
                found = True
        return found

    def set_aside(self, partition: int) -> list[SetAside]:
        """What was set aside and not told before, some at a time."""
        waiting = self._aside.get(partition)
        return [waiting.popleft() for _ in range(min(LETTERS_AT_ONCE, len(waiting)))] if waiting else []

    def _leave_out(
        self, partition: int, key: bytes, value: bytes, place: tuple[int, int], error: Exception
    ) -> None:
        source = Source(
            topic=self._topic,
            partition=partition,
            offset=place[0],
            timestamp=place[1],
            key=key_text(key),
        )
        self._note_aside(partition, [SetAside(source, value, refusal(error))])

    def _note_aside(self, partition: int, found: Iterable[SetAside]) -> None:
        for one in found:
            self._metrics.state_set_aside.labels(self._name).inc()
            self._aside.setdefault(partition, deque()).append(one)

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
                del self._values[partition], self._owned_since[partition], self._places[partition]
                self._deadlines.pop(partition, None)
                self._aside.pop(partition, None)  # who owns it now finds them as well
        self._recount()

    def taken(self, partition: int) -> int:
        """How often the partition's state was read back: what is derived from it must be made anew when this changes."""
        return self._taken.get(partition, 0)

    def owns(self, partition: int) -> bool:
        return partition in self._values

    def start_empty(self, partition: int) -> None:
        """Takes a partition of which nothing is remembered, where there is no broker to read it back from."""
        self._take(partition, {}, 1)

    async def recover(self, partition: int, generation: Callable[[], int]) -> None:
        """Reads the partition's state back, up to the end as the broker's fetches say it.

        `generation` tells the group generation now: where it changed meanwhile, another worker may have written, and
        nothing is kept. Raises RecoveryError where the broker gives nothing for a minute.
        """
        started, began_in = time.monotonic(), generation()
        found = await self._read_back(partition)
        if generation() != began_in:
            return
        self._take(partition, found.values, began_in, found.places(), found.aside())
        seconds = time.monotonic() - started
        self._metrics.state_recovery.labels(self._name).set(seconds)
        log.info(
            "%s state of partition %d recovered: %d keys in %.1f s, %d set aside",
            self._name,
            partition,
            len(found.values),
            seconds,
            len(self._aside.get(partition, ())),
        )

    def _take(
        self,
        partition: int,
        values: dict[bytes, bytes],
        generation: int,
        places: Places | None = None,
        aside: Iterable[SetAside] = (),
    ) -> None:
        self._values[partition] = values
        self._places[partition] = places = places or Places({})
        self._aside.pop(partition, None)
        self._note_aside(partition, aside)
        self._taken[partition] = self.taken(partition) + 1
        self._owned_since[partition] = generation
        if self._deadline_of is not None:
            self._deadlines[partition] = Deadlines(self._deadline_of, self._resolution)
        for key, value in list(values.items()):
            try:
                self._admit(partition, key, value)
            except Exception as error:
                del values[key]
                self._leave_out(partition, key, value, places.of(key) or (-1, -1), error)
        self._recount()

    def _admit(self, partition: int, key: bytes, value: bytes) -> None:
        """Takes up a recovered value; raises whatever its bytes make the code raise."""
        if self._checked is not None:
            self._checked(partition, key, value)
        if self._deadline_of is not None:
            self._deadlines[partition].file(key, self._deadline_of(value), None)

    async def _read_back(self, partition: int) -> Recovered:
        found = Recovered()
        tp = TopicPartition(self._topic, partition)
        consumer = kafka_clients.async_consumer(self._settings)
        await consumer.start()
        try:
            consumer.assign([tp])
            await consumer.seek_to_beginning(tp)
            await self._read(consumer, tp, found)
        finally:
            await consumer.stop()
        return found

    async def _read(self, consumer: Any, tp: TopicPartition, found: Recovered) -> None:
        progress = time.monotonic()
        while True:
            for records in (await consumer.getmany(tp, timeout_ms=FETCH_WAIT_MS)).values():
                progress = time.monotonic()
                for record in records:
                    found.feed(record)
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
