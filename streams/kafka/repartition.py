"""`torugart topics repartition`: what is kept goes over to topics with another prefix and another number of partitions, and is
read back there and compared. The old topics stay as they are. See docs/decisions/0014."""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any, NamedTuple, Protocol

from kafka import KafkaConsumer, TopicPartition
from msgspec import Struct

from streams.declarations.errors import NewerRelease
from streams.errors import UserError
from streams.kafka import clients as kafka_clients
from streams.kafka.admin import check_topics, create_topics, existing_partitions
from streams.kafka.at_rest import check_unused, ends_at_rest
from streams.kafka.delivery import key_partition
from streams.kafka.sending import Sending, sending
from streams.kafka.set_aside import check_format, state_record
from streams.kafka.topics import PATTERN_STATE, REFERENCE_STATE, STATE, TOPICS, Topic
from streams.settings import Settings

STATES = (STATE, REFERENCE_STATE, PATTERN_STATE)
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
    ends = ends_at_rest(settings)
    check_unused(target)
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
    if ends_at_rest(settings) != ends:
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
            for place in _filled(client, places):
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
            for place in _filled(client, places):
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


def _filled(client: KafkaConsumer, places: list[TopicPartition]) -> Iterator[TopicPartition]:
    """Those of the partitions that hold anything, each assigned alone: Kafka takes half a second to say that one is empty."""
    begins, ends = client.beginning_offsets(places), client.end_offsets(places)
    for place in places:
        if begins[place] < ends[place]:
            client.assign([place])
            yield place


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
