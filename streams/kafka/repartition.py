"""`torugart topics repartition`: what is kept goes over to topics with another prefix and another number of partitions, and is
read back there and compared. The old topics stay as they are. See docs/decisions/0014."""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any, NamedTuple, Protocol

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import GroupAuthorizationFailedError, KafkaError
from msgspec import Struct

from streams.declarations.errors import NewerRelease
from streams.errors import UserError
from streams.kafka import clients as kafka_clients
from streams.kafka.admin import check_topics, create_topics, existing_partitions
from streams.kafka.delivery import key_partition
from streams.kafka.sending import Sending, sending
from streams.kafka.set_aside import check_format, state_record
from streams.kafka.topics import (
    DECLARATIONS,
    OBSERVATIONS,
    PATTERN_STATE,
    REFERENCE_STATE,
    REFERENCES,
    STATE,
    TOPICS,
    VERSIONS,
    Topic,
)
from streams.settings import Settings

INPUTS = (DECLARATIONS, REFERENCES, VERSIONS, OBSERVATIONS)
"""Topics that agents read: what stands there has been worked off, and the new ones begin empty."""
STATES = (STATE, REFERENCE_STATE, PATTERN_STATE)
MOST_COUNTED = 10_000
"""Records that are left, beyond which they are not counted."""
DELETED_SECONDS = 60.0
"""For Kafka to have deleted topics."""


class Placed(NamedTuple):
    """A record of the new topic."""

    partition: int
    key: bytes
    value: bytes | None


class Carrier(Protocol):
    """How what a topic holds goes over to another number of partitions."""

    def take(self, partition: int, key: bytes, value: bytes) -> Placed | None:
        """A record of the old topic; None where `rest` will tell. Raises UserError for what must be mended first, and anything
        else for a value that cannot be read."""

    def rest(self) -> Iterable[Placed]:
        """What can be told only when all is taken. Raises UserError as `take`."""

    def check(self, partition: int, key: bytes, value: bytes) -> None:
        """Raises any exception for a record that no worker would write to the new topic."""


class ByKey:
    """Records that go, as they are, to the partition of their key, or of the part of it that `routed` tells."""

    def __init__(self, to: int, routed: Callable[[bytes], bytes] = bytes) -> None:
        self._to, self._routed = to, routed

    def take(self, _: int, key: bytes, value: bytes | None) -> Placed:
        return Placed(key_partition(self._routed(key), self._to), key, value)

    def rest(self) -> Iterable[Placed]:
        return ()

    def check(self, partition: int, key: bytes, value: bytes) -> None:
        if self.take(partition, key, value).partition != partition:
            raise ValueError("a record stands in the partition of another key")


class Moved(Struct, rename="camel", kw_only=True):
    """What became of one topic."""

    topic: str
    to: str
    partitions: tuple[int, int]
    """before and after"""
    records: int = 0
    """written: the newest of each key, or where the topic is a log all"""
    bytes: int = 0
    set_aside: int = 0
    """values of a state that no worker can read: left where they are"""
    equal: bool = False
    """whether the new topic was read back and holds the same; False before it was tried"""


class _Tally:
    """A sum over records that does not hang on their order: equal sums, equal sets."""

    def __init__(self) -> None:
        self.records = 0
        self._sum = 0

    def add(self, one: Placed, headers: Iterable[tuple[str, bytes]]) -> None:
        digest = hashlib.blake2b(digest_size=32)
        parts = (
            one.key,
            one.value or b"",
            *(part for name, value in headers for part in (name.encode(), value)),
        )
        for part in (b"%d" % one.partition, b"%d" % (one.value is None), *parts):
            digest.update(b"%d:" % len(part) + part)
        self.records += 1
        self._sum = (self._sum + int.from_bytes(digest.digest())) % 2**256

    @property
    def total(self) -> tuple[int, int]:
        return self.records, self._sum


def repartition(
    settings: Settings,
    target: Settings,
    carriers: Mapping[Topic, Carrier],
    progress: Callable[[str], None],
    *,
    dry_run: bool = False,
) -> Iterator[Moved]:
    """Tells topic by topic what became of it; with `dry_run` everything is read, and nothing written.

    Raises UserError where a worker runs, not all is worked off, the new topics are in use already, a value of a newer release is
    met, or something was written meanwhile; NotArrived where not all of it arrives; KafkaError where there is no Kafka.
    """
    for problem in check_topics(settings):
        raise UserError(problem)
    ends = _at_rest(settings)
    _unused(target)
    if not dry_run:
        _made_anew(target, progress)
    for topic, carrier in carriers.items():
        move = _Move(settings, target, topic, carrier, progress)
        if dry_run:
            move.read(None)
        else:
            with sending(target) as kafka:
                move.read(kafka)
                kafka.settle()
            move.compare()
        yield move.told
    if _at_rest(settings) != ends:
        raise UserError(
            "something was written to the old topics meanwhile: stop producers and workers and run this again"
        )


class _Move:
    """One topic's."""

    def __init__(
        self, old: Settings, new: Settings, topic: Topic, carrier: Carrier, progress: Callable[[str], None]
    ) -> None:
        self._old, self._new = old, new
        self._topic, self._carrier = topic, carrier
        self._progress = progress
        self._before = _Tally()
        self.told = Moved(
            topic=old.topic(topic.name),
            to=new.topic(topic.name),
            partitions=(topic.count(old), topic.count(new)),
        )

    def read(self, kafka: Sending | None) -> None:
        """Reads the old topic, and hands what it holds to Kafka."""
        with closing(kafka_clients.consumer(self._old)) as client:
            places = kafka_clients.assign_all(client, self.told.topic, self._old)
            self.told.partitions = (len(places), self.told.partitions[1])
            for place in places:
                for record in self._kept(client, place):
                    self._take(record, kafka)
                self._progress(
                    f"{self.told.topic}: partition {place.partition + 1} of {len(places)} read, {self._before.records:,} records"
                )
        for one in self._carrier.rest():
            self._send(one, state_record("", one.key, one.value, one.partition).headers, None, kafka)

    def compare(self) -> None:
        """Reads the new topic back. Raises UserError where it does not hold what was taken."""
        after = _Tally()
        wrong = 0
        with closing(kafka_clients.consumer(self._new)) as client:
            places = kafka_clients.assign_all(client, self.told.to, self._new)
            for place in places:
                for record in self._kept(client, place):
                    after.add(Placed(place.partition, record.key or b"", record.value), record.headers)
                    try:
                        self._carrier.check(place.partition, record.key or b"", record.value)
                    except ValueError:
                        wrong += 1
        if wrong or after.total != self._before.total:
            raise UserError(
                f"{self.told.to} does not hold what {self.told.topic} held: {self._before.records} records were taken, "
                f"{after.records} are there, {wrong} of them where no worker would look; see that nobody else writes there and "
                "run this again"
            )
        self.told.equal = True
        self._progress(f"{self.told.to}: read back, {after.records:,} records, equal")

    def _kept(self, client: KafkaConsumer, place: TopicPartition) -> Iterator[Any]:
        """The records that count: all of a log, else the newest of each key, in their order."""
        client.assign([place])
        records = kafka_clients.read_assigned(client, [place])
        if self._topic.cleanup != "compact":
            yield from records
            return
        newest: dict[bytes | None, Any] = {}
        for record in records:
            if record.key is None:
                self.told.set_aside += 1
                continue
            newest.pop(record.key, None)
            if record.value is not None:
                newest[record.key] = record
        yield from newest.values()

    def _take(self, record: Any, kafka: Sending | None) -> None:
        state, headers = self._topic in STATES, tuple(record.headers)
        try:
            if state:
                check_format(headers)
            one = self._carrier.take(record.partition, record.key or b"", record.value)
        except NewerRelease as error:
            raise UserError(
                f"{record.topic}/{record.partition}/{record.offset}: {error}: run this with that release"
            ) from None
        except UserError:
            raise
        except Exception:  # whatever a decoder makes of a value that is none
            if not state:
                raise
            self.told.set_aside += 1
            return
        if one is None:
            return
        if one.value != record.value:
            headers = state_record("", one.key, one.value, one.partition).headers
        self._send(one, headers, record.timestamp, kafka)

    def _send(
        self,
        one: Placed,
        headers: tuple[tuple[str, bytes], ...],
        timestamp: int | None,
        kafka: Sending | None,
    ) -> None:
        self._before.add(one, headers)
        self.told.records += 1
        self.told.bytes += len(one.key) + len(one.value or b"")
        if kafka is not None:
            kafka.send(
                self.told.to,
                one.value,
                one.key,
                partition=one.partition,
                headers=list(headers),
                timestamp_ms=timestamp,
            )


def _at_rest(settings: Settings) -> dict[TopicPartition, int]:
    """Where the partitions of the topics end. Raises UserError where a worker runs, or not all is worked off."""
    with closing(kafka_clients.admin(settings)) as admin:
        if workers := _members(admin, settings.group):
            raise UserError(f"{workers} workers of group {settings.group} are running: stop them first")
        found = admin.list_group_offsets({settings.group: None})[settings.group]
        committed = {TopicPartition(tp.topic, tp.partition): place.offset for tp, place in found.items()}
        counts = existing_partitions(admin)
    names = [settings.topic(topic.name) for topic in TOPICS]
    places = [TopicPartition(name, one) for name in names for one in range(counts[name])]
    inputs = {settings.topic(topic.name) for topic in INPUTS}
    with closing(kafka_clients.consumer(settings)) as client:
        client.assign(places)
        ends: dict[TopicPartition, int] = client.end_offsets(places)
        behind = {
            place: committed.get(place, 0)
            for place, end in ends.items()
            if place.topic in inputs and committed.get(place, 0) < end
        }
        left = _left(client, behind, ends)
    if left:
        said = ", ".join(
            f"{count}{' or more' if count >= MOST_COUNTED else ''} in {name}" for name, count in left.items()
        )
        raise UserError(
            f"not all records have been worked off, {said}: start the workers, wait until torugart_consumer_lag_messages is 0, "
            "stop them and run this again"
        )
    return ends


def _members(admin: Any, group: str) -> int:
    try:
        found = admin.describe_groups([group])[group]
    except GroupAuthorizationFailedError:
        raise
    except (KafkaError, ValueError):
        return 0  # no such group yet
    return len(found.get("members") or ())


def _left(
    client: KafkaConsumer, committed: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
) -> dict[str, int]:
    """Topic -> records behind what is committed. They are read: the marks that end transactions take offsets, too."""
    left: dict[str, int] = {}
    for place, offset in committed.items():
        client.assign([place])
        client.seek(place, offset)
        stalled = time.monotonic()
        while client.position(place) < ends[place] and left.get(place.topic, 0) < MOST_COUNTED:
            for records in client.poll(timeout_ms=kafka_clients.POLL_MS).values():
                stalled = time.monotonic()
                left[place.topic] = left.get(place.topic, 0) + len(records)
            if time.monotonic() - stalled > kafka_clients.READ_STALL_SECONDS:
                left[place.topic] = max(1, left.get(place.topic, 0))
                break
    return left


def _unused(target: Settings) -> None:
    """Raises UserError where a topic of the new prefix has been read or written by an installation."""
    with closing(kafka_clients.admin(target)) as admin:
        counts = existing_partitions(admin)
    names = [target.topic(topic.name) for topic in INPUTS]
    places = [TopicPartition(name, one) for name in names for one in range(counts.get(name, 0))]
    if not places:
        return
    with closing(kafka_clients.consumer(target)) as client:
        client.assign(places)
        used = sorted({place.topic for place, end in client.end_offsets(places).items() if end})
    if used:
        raise UserError(f"{used[0]} is in use already: give a --prefix of which there are no topics")


def _made_anew(target: Settings, progress: Callable[[str], None]) -> None:
    """Makes the new topics; what an interrupted attempt left of them goes."""
    with closing(kafka_clients.admin(target)) as admin:
        names = {target.topic(topic.name) for topic in TOPICS}
        stale = sorted(names & existing_partitions(admin).keys())
        if stale:
            progress(f"{len(stale)} topics of an earlier attempt are made anew")
            admin.delete_topics(stale)
            deadline = time.monotonic() + DELETED_SECONDS
            while names & existing_partitions(admin).keys():
                if time.monotonic() > deadline:
                    raise UserError(
                        f"Kafka has not deleted {stale[0]} in {DELETED_SECONDS:g} s: run this again"
                    )
                time.sleep(0.2)
    create_topics(target)
