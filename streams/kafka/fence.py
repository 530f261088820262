"""The fence: transactions that make what a worker sends count only while its input partition is its own (docs/decisions/0003).

Each input partition of each stage has a transactional producer whose id is made of group, topic and partition. A new owner
initialises it before it reads anything back: Kafka then ends what the former owner had under way, and refuses all that one
sends later, a request that was on its way included. State, output and the consumer's offset ride in one transaction.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import (
    IncompatibleBrokerVersion,
    InvalidProducerEpoch,
    KafkaError,
    KafkaTimeoutError,
    ProducerFenced,
    UnknownError,
    UnsupportedVersionError,
)
from faust.types import TP, Message

from streams.errors import UserError
from streams.kafka import clients as kafka_clients
from streams.kafka.causes import sentence
from streams.kafka.delivery import Delivery, Outgoing, enqueue, stop_without_commit
from streams.kafka.outages import Troubles
from streams.metrics import Metrics
from streams.settings import PREFIX, Settings, SettingsError

log = logging.getLogger(__name__)

TRANSACTION_SECONDS = 0.01
"""For which a transaction gathers runs of its partition: each costs 2 to 3 ms of CPU, and a declaration passes through up to
five on its way to a verdict."""
TRANSACTION_RECORDS = 5000
"""Records after which a transaction takes no further run."""
FENCED_RUNS = 16
"""Runs of an agent whose transactions are under way at once: some for each of several partitions."""

SEND_SECONDS = 60.0
"""For a transaction to be committed before the worker stops, and after which Kafka itself ends one whose owner is gone and has no
successor."""
CLOSE_SECONDS = 10.0
"""For what is under way when a worker is stopped; takes milliseconds."""

BACKOFF_MS = 30
"""Before a request is made again. Kafka refuses a transaction's first while it still writes the end of the one before, which
takes milliseconds; aiokafka would wait 100."""

PROBES, PROBE_SECONDS = 3, 0.5
"""How often a broker is asked before it is believed to have no transactions: the embedded one has but an unknown error to say."""

FENCED = (ProducerFenced, InvalidProducerEpoch)


class _Run(NamedTuple):
    """What was made from a run of records: sent with the offset behind it, then `done`."""

    offset: int
    records: list[Outgoing]
    done: Callable[[], None]


class Lane:
    """The transactions of one input partition: those of runs handed over, in their order, one after the other."""

    def __init__(
        self,
        place: TP,
        producer: Any,
        group: str,
        generation: int,
        failed: Callable[["Lane", int, BaseException], None],
        troubles: Troubles,
    ) -> None:
        self.place = place
        self.generation = generation
        """the group generation whose runs are taken"""
        self.committed: int | None = None
        """the offset that was committed last, by this worker"""
        self._producer = producer
        self._group = group
        self._failed = failed
        self._troubles = troubles
        self._waiting: deque[_Run] = deque()
        self._given, self._idle = asyncio.Event(), asyncio.Event()
        self._idle.set()
        self._task = asyncio.create_task(self._work())

    def put(self, run: _Run) -> None:
        self._waiting.append(run)
        self._idle.clear()
        self._given.set()

    async def settled(self) -> None:
        """Waits until everything handed over is committed."""
        await self._idle.wait()

    async def end(self) -> None:
        """Ends the producer. What is not committed never will be."""
        self._task.cancel()
        await self._producer.stop()

    async def _work(self) -> None:
        while True:
            await self._given.wait()
            runs: list[_Run] = []
            try:
                await self._transact(runs)
            except Exception as error:
                self._failed(self, sum(len(run.records) for run in (*runs, *self._waiting)), error)
                return
            self.committed = runs[-1].offset
            for run in runs:
                run.done()
            if not self._waiting:
                self._given.clear()
                self._idle.set()

    async def _transact(self, runs: list[_Run]) -> None:
        """Commits what waits, and what comes within TRANSACTION_SECONDS; `runs` takes up what it sends.

        Raises KafkaError, with KafkaTimeoutError where it takes too long: aiokafka would try for ever.
        """
        with self._troubles.doing("deliveries"):
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await self._producer.begin_transaction()
                    # The first offset while others' runs are waited for: what readers wait for is the time from the first
                    # record to the commit, their own and that of every transaction that lies across it.
                    first = self._waiting[0].offset
                    await asyncio.gather(self._send_offset(first), asyncio.sleep(TRANSACTION_SECONDS))
                    runs += self._take()
                    futures = await enqueue(
                        self._producer, [record for run in runs for record in run.records]
                    )
                    if runs[-1].offset != first:
                        futures.append(self._send_offset(runs[-1].offset))
                    await asyncio.gather(*futures)
                    await self._producer.commit_transaction()
            except TimeoutError:
                raise KafkaTimeoutError(f"a transaction took over {SEND_SECONDS:g} s") from None

    def _take(self) -> list[_Run]:
        runs = [self._waiting.popleft()]
        records = len(runs[0].records)
        while self._waiting and records + len(self._waiting[0].records) <= TRANSACTION_RECORDS:
            runs.append(self._waiting.popleft())
            records += len(runs[-1].records)
        return runs

    async def _send_offset(self, offset: int) -> None:
        await self._producer.send_offsets_to_transaction({TopicPartition(*self.place): offset}, self._group)


class Fence:
    """The lanes of the partitions that this worker owns."""

    def __init__(
        self,
        settings: Settings,
        metrics: Metrics,
        troubles: Troubles,
    ) -> None:
        self._settings = settings
        self._refused = metrics.fenced
        self._troubles = troubles
        self._lanes: dict[TP, Lane] = {}
        self._torn: set[TP] = set()
        self._taking = asyncio.Lock()
        self._closed = False

    async def take_over(self, assignment: Iterable[TP], generation: int) -> None:
        """Makes the lanes those of `assignment`, before anything is read back of these partitions.

        One that stayed ours from the generation before is kept, when it has committed what it was given; all others are
        initialised, by which Kafka ends their former owner's. Raises KafkaError.
        """
        async with self._taking:
            places = {TP(*place) for place in assignment}
            kept = [
                lane
                for place, lane in self._lanes.items()
                if place in places and generation - lane.generation in (0, 1)
            ]
            for lane in kept:
                lane.generation = generation  # from here on, what was made of an earlier one's run is dropped
            await asyncio.gather(*(lane.settled() for lane in self._lanes.values()))
            left = self._lanes.keys() - {lane.place for lane in kept}
            await asyncio.gather(*(self._lanes.pop(place).end() for place in left))
            self._torn &= self._lanes.keys()
            new = sorted(places - self._lanes.keys())
            if new and not self._closed:
                started = time.monotonic()
                await asyncio.gather(*(self._initialise(place, generation) for place in new))
                log.info("%d partitions fenced in %.1f s", len(new), time.monotonic() - started)

    def lane_of(self, message: Message, generation: int) -> Lane | None:
        """The lane that a run belongs to. None where the partition was given away, or newly assigned, since the run was
        delivered: it is read again, by its owner, and what was made of it here must not count."""
        lane = self._lanes.get(TP(*message.tp))
        if lane is not None and not self._closed and message.generation_id == generation == lane.generation:
            return lane
        self._torn.add(TP(*message.tp))
        return None

    def torn(self, place: TP) -> bool:
        """Whether a run of the partition was handled and dropped, so that what its stage remembers is not what Kafka has.
        Told once: it is to be read back then."""
        if place not in self._torn:
            return False
        self._torn.discard(place)
        return True

    def committed(self) -> dict[TP, int]:
        """Offsets that this worker has committed. Kafka tells them a moment later, as it does all of a transaction."""
        return {place: lane.committed for place, lane in self._lanes.items() if lane.committed is not None}

    async def settled(self) -> None:
        """Waits until every run handed over is committed."""
        await asyncio.gather(*(lane.settled() for lane in self._lanes.values()))

    async def close(self) -> None:
        """Commits what is under way and ends all lanes, so that no reader waits for a transaction of a worker that is gone."""
        self._closed = True
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.settled()
                await asyncio.gather(*(lane.end() for lane in self._lanes.values()))
        except TimeoutError:
            log.warning("not everything was committed within %g s; it is read again", CLOSE_SECONDS)
        self._lanes.clear()

    async def _initialise(self, place: TP, generation: int) -> None:
        producer = new_producer(self._settings, transactional_id(self._settings, place))
        try:
            await producer.start()
        except BaseException:
            await producer.stop()
            raise
        self._lanes[place] = Lane(
            place, producer, self._settings.group, generation, self._stop, self._troubles
        )

    def _stop(self, lane: Lane, records: int, error: BaseException) -> None:
        """Ends the process. A fenced worker's producer must not be initialised again: it would fence its successor."""
        if not isinstance(error, FENCED):
            stop_without_commit(f"a record could not be delivered: {sentence(error, self._settings)}")
        self._refused.inc(records)
        stop_without_commit(
            f"fenced: {lane.place.topic} partition {lane.place.partition} is another worker's; "
            f"{records} records of this one were refused, and none of them counts"
        )


class FencedDelivery(Delivery):
    """Delivery by transactions: a run's records arrive with its offset, or neither does."""

    def __init__(self, app: Any, agent: str, metrics: Metrics, fence: Fence) -> None:
        super().__init__(app, agent, metrics, runs=FENCED_RUNS)
        self._fence = fence

    async def send(self, event: Any, records: list[Outgoing], on_delivered: Any = None) -> None:
        """Hands `records` to the lane of the event's partition; waits only while too many runs are on their way."""
        await self._slots.acquire()
        started = time.monotonic()
        lane = self._fence.lane_of(event.message, self._app.consumer_generation_id)
        if lane is None:
            self._slots.release()
            return

        def done() -> None:
            self._slots.release()
            self._delivered(event, started, on_delivered)

        lane.put(_Run(event.message.offset + 1, records, done))

    async def settled(self) -> None:
        await self._fence.settled()


def transactional_id(settings: Settings, place: TP) -> str:
    """The same for every worker that ever owns the partition."""
    return f"{settings.group}/{place.topic}/{place.partition}"


def new_producer(settings: Settings, identity: str) -> AIOKafkaProducer:
    """A transactional producer; `start` initialises it."""
    return kafka_clients.async_producer(
        settings,
        transactional_id=identity,
        transaction_timeout_ms=int(SEND_SECONDS * 1000),
        retry_backoff_ms=BACKOFF_MS,
    )


async def fenced(settings: Settings) -> bool:
    """Whether what a worker sends is fenced, as TORUGART_FENCE and the brokers have it.

    Raises SettingsError where it is to be and the brokers have no transactions, UserError where they cannot be asked.
    """
    if settings.fence == "off":
        return False
    try:
        known = await _transactions(settings)
    except KafkaError as error:
        raise UserError(f"the fence: {sentence(error, settings)}") from None
    if not known and settings.fence == "on":
        raise SettingsError(f"{PREFIX}FENCE=on: these brokers have no transactions")
    return known


def say(on: bool) -> None:
    """Says in the log, once for a worker, whether it is fenced."""
    if on:
        log.info("fenced: what this worker sends counts only while the partition it is made from is its own")
    else:
        log.warning(
            "no fence, because the brokers have no transactions or %sFENCE is off: a worker that stands still for longer than "
            "its session and goes on may write older verdicts, alerts and states over newer ones",
            PREFIX,
        )


async def _transactions(settings: Settings) -> bool:
    for attempt in range(PROBES):
        producer = new_producer(settings, f"{settings.group}/start")
        try:
            await producer.start()
            return True
        except (IncompatibleBrokerVersion, UnsupportedVersionError):
            return False
        except UnknownError:
            if attempt + 1 < PROBES:
                await asyncio.sleep(PROBE_SECONDS)
        finally:
            await producer.stop()
    return False
