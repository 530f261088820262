"""Faust's Kafka transport with one event for a run of records of one partition.

Stock Faust builds four asyncio tasks a record, about 45 % of its time (docs/decisions/0002). Here a fetched run of
up to `batch_size` records becomes one event whose value is the list of records, and which is acknowledged as a whole.
This overrides private methods: faust-streaming is pinned, and tests/kafka/test_transport.py is the canary.
"""

import asyncio
import time
from collections import defaultdict
from typing import Any, cast

from faust.transport.consumer import CONSUMER_FETCHING
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage, Message

from streams.kafka.clients import COMMITTED

MAX_WAITING = 1.0
"""Seconds a fetch may wait for records before the loop looks whether it should stop."""


class CommittedReader(driver.AIOKafkaConsumerThread):
    """Faust's consumer, for committed records only: it reads them so only where its own transactions are on."""

    def _create_worker_consumer(self, transport: driver.Transport) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = COMMITTED  # read when it starts
        return consumer

    def read_to(self, tp: TP) -> int:
        """The offset up to which a partition was read, 0 where it was not."""
        assignment = self._ensure_consumer()._subscription.subscription.assignment
        state = None if assignment is None else assignment.state_value(tp)
        return state.position if state is not None and state.has_valid_position else 0


class BatchConsumer(driver.Consumer):
    """Delivers runs of records, and commits only the contiguous prefix of runs that were acknowledged.

    Faust's own offset gaps are not used: they commit past unacknowledged records when acknowledgements come out of
    order (faust-streaming/faust#606). Where the app has a fence, offsets ride in its transactions and nothing is committed here:
    an ordinary commit would win over them.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch_size: int = self.app.batch_size
        self._in_flight: dict[TP, dict[int, Message]] = defaultdict(dict)
        """partition -> {last offset of a run: the run}, in order of delivery"""
        self._delivering: dict[TP, list[Any]] = {}
        """what was fetched and is not all handed over yet"""
        self._ends: dict[TP, int] = {}
        self._starts: dict[TP, int] = {}

    def _new_consumer_thread(self) -> CommittedReader:
        return CommittedReader(self, loop=self.loop, beacon=self.beacon)

    def ack(self, message: Message) -> bool:
        """Takes the acknowledgement of a run that is in flight. One from before a rebalance is ignored: the same offsets
        may have been delivered again since, and not been handled yet."""
        if self._in_flight.get(message.tp, {}).get(message.offset) is not message:
            return False
        return bool(super().ack(message))

    def _new_offset(self, tp: TP) -> int | None:
        acked = self._acked_index[tp]
        runs = self._in_flight[tp]
        committable: int | None = None
        while runs and (last := next(iter(runs))) in acked:
            acked.discard(last)
            del runs[last]
            committable = last + 1
        self._acked[tp][:] = sorted(acked)
        return committable

    async def _commit_offsets(self, offsets: dict[TP, int], start_new_transaction: bool = True) -> bool:
        # Upstream flushes the producer first, and under load that flush is refilled for ever and nothing commits.
        # A run is acknowledged only after its own sends have arrived (streams/kafka/delivery.py): no flush needed.
        assignment = self.assignment()
        ours = {tp: offset for tp, offset in offsets.items() if tp in assignment}
        if not ours:
            return False
        if self.app.fence is not None:
            committed = True  # with what was made of them
            self._thread.tp_last_committed_at.update(dict.fromkeys(ours, time.monotonic()))
        else:
            with self.app.troubles.doing("commits"):
                committed = await self._commit(ours)
        if committed:
            self._committed_offset.update(ours)
        return bool(committed)

    async def _drain_messages(self, fetcher: Any) -> None:
        try:
            while not (self._stopped.is_set() or fetcher._stopped.is_set()):
                self.diag.set_flag(CONSUMER_FETCHING)
                await self.sleep(0)
                if self.should_stop:
                    break
                records, active = await self._wait_next_records(MAX_WAITING)
                if records is None or self.should_stop:
                    break
                if not self.flow_active:
                    await self._seek_for_rebalance()
                    continue
                self._delivering = records
                await self._deliver(records, active)
                self._delivering = {}
                self.diag.unset_flag(CONSUMER_FETCHING)
        except self.consumer_stopped_errors:
            if not self.app.should_stop:
                raise
        except asyncio.CancelledError:
            if not self.app.should_stop:
                raise
        finally:
            self.diag.unset_flag(CONSUMER_FETCHING)

    async def perform_seek(self) -> None:
        """Goes back to what is committed, and forgets what was in flight: it is delivered again, perhaps in other runs.

        aiokafka leaves a partition without a commit where its fetches ended, so that what was fetched while the flow was
        stopped would be skipped: such a one goes back to its beginning.

        Where the app has a fence, the partitions are taken over before anything is asked about them.
        """
        fence = self.app.fence
        if fence is not None:
            await fence.take_over(self.assignment(), self.app.consumer_generation_id)
        await super().perform_seek()
        if fence is not None:
            await self._seek_ahead(fence.committed())
        assigned = self.assignment()
        for tp in assigned:
            for book in (self._in_flight, self._acked, self._acked_index):
                book.pop(tp, None)
        fresh = [self._new_topicpartition(*tp) for tp in assigned if self._committed_offset[tp] is None]
        if fresh:
            await self._thread.seek_to_beginning(*fresh)

    async def _seek_ahead(self, known: dict[TP, int]) -> None:
        """Goes to offsets that are known to be committed, where Kafka did not tell them yet."""
        assigned = self.assignment()
        for tp, offset in known.items():
            if tp in assigned and offset > (self._committed_offset[tp] or 0):
                await self._thread.seek_wait({self._new_topicpartition(*tp): offset})
                self._committed_offset[tp] = offset

    async def _seek_for_rebalance(self) -> None:
        try:
            await self.perform_seek()
        except Exception as error:
            # The seek raced a rebalance; the next assignment seeks again. Upstream only warns, too.
            self.log.warning("seek while the flow was stopped: %r", error)

    async def _deliver(self, records: dict[TP, list[Any]], active: set[TP] | None) -> None:
        generation = self.app.consumer_generation_id
        for tp, found in records.items():
            if active is not None and tp not in active and tp not in self._buffered_partitions:
                continue
            read_offset = self._read_offset[tp]
            # `>=`: after a seek the committed offset itself is the next record to read.
            fresh = found if read_offset is None else [r for r in found if r.offset >= read_offset]
            for start in range(0, len(fresh), self.batch_size):
                if not self.flow_active or self.app.consumer_generation_id != generation:
                    return
                message = self._run_message(tp, fresh[start : start + self.batch_size])
                self._in_flight[tp][message.offset] = message
                await self.wait_first(self.callback(message), self.suspend_flow.wait())
                self._read_offset[tp] = message.offset + 1

    def _run_message(self, tp: TP, run: list[Any]) -> Message:
        """One message for the run: its offset is the last one's, its value the list of records."""
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            run[-1].offset,
            run[-1].timestamp / 1000.0,
            run[-1].timestamp_type,
            [],
            b"",
            cast(Any, run),
            None,
            tp=tp,
            generation_id=self.app.consumer_generation_id,
        )

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        for tp in revoked:
            self._in_flight.pop(tp, None)
        await super().on_partitions_revoked(revoked)

    async def refresh_ends(self) -> None:
        """Asks where the assigned partitions begin and end: a partition whose agent is stuck is not fetched, and its lag
        would stand still with it."""
        if assigned := tuple(self.assignment()):
            self._ends = dict(await self.highwaters(*assigned))
            self._starts = dict(await self.earliest_offsets(*assigned))

    def lag(self) -> dict[TP, int]:
        """Records in each assigned partition that are not yet committed.

        The end is the larger of what the last fetch and ListOffsets said; the embedded broker answers the latter too
        low, never too high. Where all that was read is committed, what was read to counts: the ends of transactions take
        offsets too, and nobody commits them.
        """
        lags = {}
        for tp in self.assignment():
            end = max(self.highwater(tp) or 0, self._ends.get(tp, 0))
            committed = self._committed_offset[tp]
            done = self._starts.get(tp, 0) if committed is None else committed
            if not self._in_flight.get(tp) and tp not in self._delivering:
                done = max(done, self._thread.read_to(tp))
            lags[tp] = max(0, end - done)
        return lags


class Transport(driver.Transport):
    """The aiokafka transport with the batch consumer."""

    Consumer = BatchConsumer
