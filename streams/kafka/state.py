"""Keyed state of an agent, partition by partition, kept in a compacted topic.

Why not a Faust Table: docs/decisions/0003; where the values are: streams/kafka/store.py. The records that change it are returned
to the agent, which delivers them together with its output before it acknowledges: state and output can only be ahead of the
commit, never behind.
"""

import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Literal

from aiokafka import TopicPartition

from streams.declarations.dead_letter import Source
from streams.kafka.changelog import OtherChangelog, read_back
from streams.kafka.deadlines import Deadlines
from streams.kafka.disk import Disk, Head, Row, Stored, Times
from streams.kafka.records import key_text
from streams.kafka.set_aside import (
    FORMAT,
    FORMAT_HEADER,
    LETTERS_AT_ONCE,
    Foreign,
    Places,
    Recovered,
    SetAside,
    check_format,
    refusal,
)
from streams.kafka.store import InMemory, OnDisk, Values
from streams.metrics import Metrics
from streams.settings import Settings

log = logging.getLogger(__name__)

LOOKED_AT = 16
"""Keys read last, of which one may be why a record failed: no record reads more than four of its own."""

StateName = Literal["screening", "identity", "patterns"]

Check = Callable[[int, bytes, bytes], None]
"""Partition, key and value of a state: raises any exception where no worker could have written it, or it cannot be read."""


class PartitionedState:
    """State of the partitions that this worker owns. `recover` before the first use of a partition.

    With `deadline_of` (Unix seconds at which a value is to be looked at again, None for never), `due` tells the keys
    whose time has come, at most `resolution` seconds late. `times` tells of every value what `times_of` says, without a look at
    the values where they are on disk.

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
        times_of: Callable[[bytes], Times] | None = None,
        disk: Disk | None = None,
    ) -> None:
        """`disk`: where the values are kept; in memory without."""
        self._settings = settings
        self.topic = topic
        self._metrics = metrics
        self._name = name
        self._deadline_of = deadline_of
        self._resolution = resolution
        self._times_of = times_of
        self._disk = disk
        self._values: dict[int, Values] = {}
        self._deadlines: dict[int, Deadlines] = {}
        self._owned_since: dict[int, int] = {}
        """partition -> the newest group generation in which it was ours without a break"""
        self._taken: dict[int, int] = {}
        self._keys: Counter[int] = Counter()
        self._bytes: Counter[int] = Counter()
        self._checked = checked
        self._read_whole = read
        self._looked_at: deque[tuple[int, bytes]] = deque(maxlen=LOOKED_AT)
        self._aside: dict[int, deque[SetAside]] = {}

    def get(self, partition: int, key: bytes) -> bytes | None:
        self._looked_at.append((partition, key))
        return self._values[partition].get(key)

    def items(self, partition: int) -> Iterable[tuple[bytes, bytes]]:
        return self._values[partition].items()

    def times(self, partition: int) -> Iterator[tuple[bytes, Times]]:
        """Each key with what `times_of` tells of its value."""
        assert self._times_of is not None
        return self._values[partition].times(self._times_of)

    def put(self, partition: int, key: bytes, value: bytes, due: float | None = None) -> None:
        """Keeps `value`. `due` must be what `deadline_of` tells of it; without `deadline_of` there is none."""
        values = self._values[partition]
        before = values.get(key)
        if (deadlines := self._deadlines.get(partition)) is not None:
            deadlines.file(key, due, before)
        if value == before:
            return
        self._count(partition, before, -1)
        self._count(partition, value, 1)
        values.put(key, value)

    def delete(self, partition: int, key: bytes) -> None:
        """Forgets `key`; the caller sends the tombstone."""
        values = self._values[partition]
        if (deadlines := self._deadlines.get(partition)) is not None:
            deadlines.forget(key)
        if (before := values.get(key)) is not None:
            self._count(partition, before, -1)
            values.delete(key)

    def _count(self, partition: int, value: bytes | None, by: int) -> None:
        if value is not None:
            self._keys[partition] += by
            self._bytes[partition] += by * len(value)

    def set_aside_unreadable(self, partition: int) -> bool:
        """Sets aside what was read last of a partition and cannot be read whole: whether there was any. Only recovered values:
        one that this worker wrote itself is not unreadable but a bug."""
        values = self._values.get(partition)
        if self._read_whole is None or values is None:
            return False
        found = False
        for _, key in {one for one in self._looked_at if one[0] == partition}:
            value, place = values.get(key), values.place(key)
            if value is None or place is None:
                continue
            try:
                self._read_whole(partition, key, value)
            except Exception as error:
                self._leave_out(partition, key, Row(value, *place, None), error)
                self._count(partition, value, -1)
                values.hide(key)
                if (deadlines := self._deadlines.get(partition)) is not None:
                    deadlines.forget(key)
                found = True
        return found

    def set_aside(self, partition: int) -> list[SetAside]:
        """What was set aside and not told before, some at a time."""
        waiting = self._aside.get(partition)
        return [waiting.popleft() for _ in range(min(LETTERS_AT_ONCE, len(waiting)))] if waiting else []

    def _leave_out(self, partition: int, key: bytes | None, row: Row, error: Exception) -> None:
        source = Source(
            topic=self.topic,
            partition=partition,
            offset=row.offset,
            timestamp=row.timestamp,
            key=key_text(key),
            format=row.format.decode("ascii", "replace") if row.format else None,
        )
        self._note_aside(partition, [SetAside(source, row.value, refusal(error))])

    def _note_aside(self, partition: int, found: Iterable[SetAside]) -> None:
        for one in found:
            self._metrics.state_set_aside.labels(self._name).inc()
            self._aside.setdefault(partition, deque()).append(one)

    def due(self, partition: int, now: float) -> list[bytes]:
        """Keys whose deadline has passed at `now` (Unix seconds). Each is told once: put it anew, or delete it."""
        deadlines = self._deadlines.get(partition)
        return [] if deadlines is None else deadlines.due(now, self._values[partition].get)

    def assigned(self, partitions: set[int], generation: int) -> None:
        """Keeps what stayed ours from the generation before; forgets the rest, which another worker may have changed."""
        for partition in list(self._values):
            unbroken = self._owned_since[partition] == generation - 1
            if partition in partitions and unbroken:
                self._owned_since[partition] = generation
            else:
                self.forget(partition)
        self.report()

    def forget(self, partition: int) -> None:
        """Forgets a partition: it is to be read back before it is used again."""
        if self._values.pop(partition, None) is not None:
            del self._owned_since[partition], self._keys[partition], self._bytes[partition]
        self._deadlines.pop(partition, None)
        self._aside.pop(partition, None)  # who owns it now finds them as well

    def taken(self, partition: int) -> int:
        """How often the partition's state was read back: what is derived from it must be made anew when this changes."""
        return self._taken.get(partition, 0)

    def owns(self, partition: int) -> bool:
        return partition in self._values

    def start_empty(self, partition: int) -> None:
        """Takes a partition of which nothing is remembered, where there is no broker to read it back from."""
        self._take(partition, {}, 1)

    async def recover(self, partition: int, generation: Callable[[], int]) -> None:
        """Reads the partition's state back, up to the end of what is committed, as the broker's fetches say it: where there is
        a fence, its former owner's transactions have been ended by then.

        `generation` tells the group generation now: where it changed meanwhile, another worker may have written, and
        nothing is kept. Raises RecoveryError where the broker gives nothing for a minute.
        """
        started, began_in = time.monotonic(), generation()
        found, tp = Recovered(), TopicPartition(self.topic, partition)
        stored = None if self._disk is None else self._disk.partition(self.topic, partition)
        if stored is None:
            await read_back(self._settings, tp, 0, lambda records, *_: found.feed_all(records))
        else:
            self.forget(partition)  # nothing but this reads on, from here
            await self._read_on(tp, stored)
        if generation() != began_in:
            return
        if stored is None:
            self._take(partition, found.values, began_in, found.places(), found.aside())
        else:
            self._take_stored(partition, stored, began_in)
        seconds = time.monotonic() - started
        self._metrics.state_recovery.labels(self._name).set(seconds)
        log.info(
            "%s state of partition %d recovered: %d keys in %.1f s, %d set aside",
            self._name,
            partition,
            self._keys[partition],
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
        places = places or Places({})
        self._begin(partition, InMemory(values, places), generation)
        self._note_aside(partition, aside)
        for key, value in list(values.items()):
            try:
                self._admit(partition, key, self._head(partition, key, Row(value, -1, -1, None)))
            except Exception as error:
                del values[key]
                self._leave_out(partition, key, Row(value, *(places.of(key) or (-1, -1)), None), error)
        self.report()

    def _take_stored(self, partition: int, stored: Stored, generation: int) -> None:
        values = OnDisk(stored)
        self._begin(partition, values, generation)
        for one in stored.keyless():
            self._leave_out(partition, None, one, Foreign("it has no key"))
        for key, head in stored.heads():
            if head is not None and head.format <= FORMAT:
                self._admit(partition, key, head)
                continue
            row = stored.row(key)
            assert row is not None
            try:  # what another release refused
                self._admit(partition, key, self._head(partition, key, row))
            except Exception as error:
                values.hide(key)
                self._leave_out(partition, key, row, error)
        self.report()

    def _begin(self, partition: int, values: Values, generation: int) -> None:
        self.forget(partition)
        self._values[partition] = values
        self._taken[partition] = self.taken(partition) + 1
        self._owned_since[partition] = generation
        if self._deadline_of is not None:
            self._deadlines[partition] = Deadlines(self._deadline_of, self._resolution)

    def _admit(self, partition: int, key: bytes, head: Head) -> None:
        """Takes up a recovered value."""
        self._keys[partition] += 1
        self._bytes[partition] += head.length
        if self._deadline_of is not None:
            self._deadlines[partition].file(key, head.due, None)

    def _head(self, partition: int, key: bytes, row: Row) -> Head:
        """What is asked of a recovered value; raises whatever its bytes make the code raise."""
        form = row.format
        if form is not None:
            check_format([(FORMAT_HEADER, form)])
        if self._checked is not None:
            self._checked(partition, key, row.value)
        due = None if self._deadline_of is None else self._deadline_of(row.value)
        times = (0.0, 0.0) if self._times_of is None else self._times_of(row.value)
        return Head(due, times, len(row.value), 1 if form is None else int(form))

    def _head_or_none(self, partition: int, key: bytes, row: Row) -> Head | None:
        try:
            return self._head(partition, key, row)
        except Exception:  # as at a recovery into memory; told when the partition is taken
            return None

    def followed(self) -> dict[int, int]:
        """Partitions on disk of which the changelog is to be read on -> from where."""
        return {
            partition: values.stored.position
            for partition, values in self._values.items()
            if isinstance(values, OnDisk)
        }

    def follow(self, partition: int, start: int, records: list[Any], end: int, at: float | None) -> None:
        """Takes what was read on from `start`; nothing where the partition was given away or read back meanwhile."""
        values = self._values.get(partition)
        if not isinstance(values, OnDisk) or values.stored.position != start:
            return
        if not records and end == start and (at is None or not values.stored.old(at)):
            return
        if foreign := values.confirm(records):
            log.warning(
                "%s state of partition %d: %d records that this worker did not write; it goes on with its own",
                self._name,
                partition,
                foreign,
            )
        values.stored.apply(records, end, at, partial(self._head_or_none, partition))

    async def _read_on(self, tp: TopicPartition, stored: Stored) -> None:
        """Reads what the disk lacks of the changelog, or all of it."""
        head_of = partial(self._head_or_none, tp.partition)
        if (why := stored.useless(time.time())) is not None:
            log.info("%s state of partition %d is read whole: %s", self._name, tp.partition, why)
            stored.clear(time.time())

        def take(records: list[Any], end: int, at: float | None) -> None:
            stored.apply(records, end, at, head_of)

        try:
            await read_back(self._settings, tp, stored.position, take)
        except OtherChangelog:
            log.info("%s state of partition %d is read whole: the topic is another", self._name, tp.partition)
            stored.clear(time.time())
            await read_back(self._settings, tp, 0, take)

    def report(self) -> None:
        """Updates the metrics."""
        self._metrics.state_keys.labels(self._name).set(self._keys.total())
        self._metrics.state_bytes.labels(self._name).set(self._bytes.total())
