"""Reads back what this worker writes to the topics of its state, so that its disk holds it (streams/kafka/store.py)."""

import asyncio
import time
from collections.abc import Collection
from typing import Any

from aiokafka import TopicPartition

from streams.kafka import clients as kafka_clients
from streams.kafka.changelog import end_of
from streams.kafka.state import PartitionedState
from streams.settings import Settings

PAUSE_SECONDS = 0.5
"""Between rounds that found nothing more. What is written meanwhile is held in memory."""


async def follow(settings: Settings, states: Collection[PartitionedState]) -> None:
    """Goes on for ever. Raises KafkaError where Kafka refuses."""
    consumer = kafka_clients.async_consumer(settings)
    await consumer.start()
    try:
        follower = Follower(consumer, states)
        while True:
            if not await follower.round():
                await asyncio.sleep(PAUSE_SECONDS)
    finally:
        await consumer.stop()


class Follower:
    """Gives each state what its consumer has read on of the partitions that the state has on disk."""

    def __init__(self, consumer: Any, states: Collection[PartitionedState]) -> None:
        self._consumer = consumer
        self._states = states
        self._next: dict[TopicPartition, int] = {}
        """from where the consumer reads on"""

    async def round(self) -> bool:
        """Takes what has come; whether there may be more at once."""
        wanted = {
            TopicPartition(state.topic, partition): (state, position)
            for state in self._states
            for partition, position in state.followed().items()
        }
        self._seek({tp: position for tp, (_, position) in wanted.items()})
        if not wanted:
            return False
        asked = time.time()
        found = await self._consumer.getmany(timeout_ms=0)
        for tp, (state, start) in wanted.items():
            end, last = await self._consumer.position(tp), end_of(self._consumer, tp)
            self._next[tp] = end
            at = asked if last is not None and end >= last else None
            state.follow(tp.partition, start, found.get(tp, []), end, at)
        return bool(found)

    def _seek(self, wanted: dict[TopicPartition, int]) -> None:
        if wanted.keys() != self._next.keys():
            self._consumer.assign(list(wanted))
            self._next = {}
        for tp, position in wanted.items():
            if self._next.get(tp) != position:
                self._consumer.seek(tp, position)
                self._next[tp] = position
