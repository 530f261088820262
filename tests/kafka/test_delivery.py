"""In which order records go to Kafka, and when their run is acknowledged."""

import asyncio
from types import SimpleNamespace
from typing import Any

from streams.kafka.delivery import Delivery, Outgoing
from streams.metrics import Metrics


class Batch:
    """Holds one record, the next one needs another."""

    def __init__(self) -> None:
        self.keys: list[bytes] = []

    def append(self, *, key: bytes, **rest: Any) -> object | None:
        if self.keys:
            return None
        self.keys.append(key)
        return self


class Producer:
    """Takes batches, and says that they have arrived when it is told to."""

    def __init__(self) -> None:
        self.under_way: dict[bytes, asyncio.Future[None]] = {}

    async def partitions_for(self, topic: str) -> set[int]:
        return {0}

    def create_batch(self) -> Batch:
        return Batch()

    async def send_batch(self, batch: Batch, topic: str, *, partition: int) -> asyncio.Future[None]:
        (key,) = batch.keys
        future = self.under_way[key] = asyncio.get_running_loop().create_future()
        return future

    def _ensure_producer(self) -> "Producer":
        return self

    async def arrived(self, key: bytes) -> None:
        self.under_way[key].set_result(None)
        for _ in range(10):
            await asyncio.sleep(0)


def _run(name: str, acknowledged: list[str]) -> Any:
    return SimpleNamespace(ack=lambda: acknowledged.append(name))


def test_a_state_that_forgets_is_sent_after_all_that_was_made_from_it_by_then() -> None:
    async def story() -> None:
        producer, acknowledged = Producer(), list[str]()
        delivery = Delivery(SimpleNamespace(producer=producer), "identity", Metrics(process=False))
        await delivery.send(_run("first", acknowledged), [Outgoing("out", b"a", b"")])
        records = [Outgoing("state", b"state", None, after=True), Outgoing("out", b"b", b"")]
        await delivery.send(_run("second", acknowledged), records)
        await delivery.send(_run("third", acknowledged), [Outgoing("out", b"c", b"")])
        assert set(producer.under_way) == {b"a", b"b", b"c"}  # nothing else waits
        await producer.arrived(b"c")
        await producer.arrived(b"b")
        assert acknowledged == ["third"] and b"state" not in producer.under_way
        await producer.arrived(b"a")
        assert acknowledged == ["third", "first"] and b"state" in producer.under_way
        settled = asyncio.create_task(delivery.settled())
        await asyncio.sleep(0)
        assert not settled.done()
        await producer.arrived(b"state")
        assert acknowledged == ["third", "first", "second"]
        await settled

    asyncio.run(story())
