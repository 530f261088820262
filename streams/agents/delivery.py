"""What an agent sends, and when its input counts as done.

A run of records is acknowledged when every record made from it has arrived in Kafka. A send that fails stops the
process before anything is committed: Faust would only log it and commit (ENGINEERING: "A failed send").
"""

import asyncio
import logging
import os
import time
from typing import Any, NoReturn

from msgspec import Struct

from streams.metrics import Metrics

log = logging.getLogger(__name__)

MAX_IN_FLIGHT = 4
"""Runs whose sends are on their way at once: enough to keep the producer busy while the next run is worked on."""

EXIT_SEND_FAILED = 3


class Outgoing(Struct, frozen=True):
    """A record to be sent. `topic` is the full name; without a partition the key decides."""

    topic: str
    key: bytes
    value: bytes | None
    partition: int | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


def stop_without_commit(why: str) -> NoReturn:
    """Ends the process at once. What was not acknowledged is read again by the next worker."""
    log.critical("stopping without a commit: %s", why)
    logging.shutdown()
    os._exit(EXIT_SEND_FAILED)


class Delivery:
    """Sends the records made from a run, and acknowledges the run when they have arrived."""

    def __init__(self, app: Any, agent: str, metrics: Metrics) -> None:
        self._app = app
        self._seconds = metrics.delivery_seconds.labels(agent)
        self._slots = asyncio.Semaphore(MAX_IN_FLIGHT)
        self._tasks: set[asyncio.Task[None]] = set()

    async def send(self, event: Any, records: list[Outgoing], on_delivered: Any = None) -> None:
        """Hands `records` to the producer; waits only while too many runs are on their way."""
        await self._slots.acquire()
        started = time.monotonic()
        futures = []
        try:
            for record in records:
                futures.append(
                    await self._app.producer.send(
                        record.topic, record.key, record.value, record.partition, None, list(record.headers)
                    )
                )
        except Exception as error:
            stop_without_commit(f"a record for {record.topic} was refused: {error!r}")
        task = asyncio.create_task(self._settle(event, futures, started, on_delivered))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _settle(self, event: Any, futures: list[Any], started: float, on_delivered: Any) -> None:
        try:
            await asyncio.gather(*futures)
        except Exception as error:
            stop_without_commit(f"a record could not be delivered: {error!r}")
        finally:
            self._slots.release()
        self._seconds.observe(time.monotonic() - started)
        if on_delivered is not None:
            on_delivered()
        event.ack()
