"""What commands send to Kafka: counted as it arrives, and never waited for without end.

kafka-python's `flush` does not come back where its broker was away for longer than the producer keeps a batch (120 s), even
after the broker is back; so nothing here flushes.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from kafka.errors import KafkaError, KafkaTimeoutError

from streams.errors import UserError
from streams.kafka import causes as kafka_causes
from streams.kafka import clients as kafka_clients
from streams.settings import Settings

CLOSE_SECONDS = 5.0
"""To end the producer's thread, when nothing is on its way any more; takes milliseconds."""


class NotArrived(UserError):
    """Not everything that was sent has arrived; the message is one line with the counts and the cause."""


class Sending:
    """Records on their way to Kafka. `settle` before what was sent is relied on."""

    def __init__(self, settings: Settings, producer: Any) -> None:
        self._settings = settings
        self._producer = producer
        self._changed = threading.Condition()
        self.sent = 0
        """records handed over"""
        self.arrived = 0
        self._refused = 0
        self._reason: BaseException | None = None

    def send(self, topic: str, value: bytes | None, key: bytes | None = None, **more: Any) -> None:
        """Hands a record over; waits while the producer's memory is full. `more` is kafka-python's own.

        Raises NotArrived where nothing arrives for TORUGART_SEND_TIMEOUT seconds.
        """
        self.sent += 1
        try:
            future = self._producer.send(topic, value=value, key=key, **more)
        except KafkaTimeoutError:
            self._fail("nothing arrived")
        except KafkaError as error:
            self._took(error)
        else:
            future.add_both(self._took)

    def settle(self) -> None:
        """Returns when everything has arrived.

        Raises NotArrived where Kafka refused a record, or nothing arrives for TORUGART_SEND_TIMEOUT seconds.
        """
        with self._changed:
            while (open := self.sent - self.arrived - self._refused) > 0:
                if not self._changed.wait(self._settings.send_timeout) and open == (
                    self.sent - self.arrived - self._refused
                ):
                    self._fail("nothing arrived")
            if self._refused:
                self._fail("")

    def partitions_for(self, topic: str) -> set[int]:
        """Numbers of a topic's partitions; empty where it does not exist."""
        try:
            return set(self._producer.partitions_for(topic))
        except KafkaTimeoutError:
            return set()

    def _took(self, outcome: Any) -> None:
        """In the producer's thread: a record has arrived, or was refused."""
        with self._changed:
            if isinstance(outcome, BaseException):
                self._refused += 1
                self._reason = self._reason or outcome
            else:
                self.arrived += 1
            self._changed.notify_all()

    def _fail(self, why: str) -> Any:
        open, seconds = self.sent - self.arrived, self._settings.send_timeout
        said = f"{self.arrived} of {self.sent} records arrived in Kafka, {open} did not"
        if self._reason is not None:
            said += f": {kafka_causes.sentence(self._reason, self._settings)}"
        if why:
            cause = kafka_causes.connection_problem(self._settings) or "the broker answers again by now"
            said += f"; {why} for {seconds:g} s: {cause}"
        raise NotArrived(said)


@contextmanager
def sending(settings: Settings) -> Iterator[Sending]:
    """A producer for a command, ended with the context whatever happens."""
    producer = kafka_clients.producer(settings, max_block_ms=max(1, int(settings.send_timeout * 1000)))
    one = Sending(settings, producer)
    done = False
    try:
        yield one
        one.settle()
        done = True
    finally:
        end(producer, CLOSE_SECONDS if done else 0.0)


def end(producer: Any, seconds: float = CLOSE_SECONDS) -> None:
    """Ends a producer within about `seconds`. What has not arrived by then is dropped."""
    # Where its flush does not come back: the thread is a daemon and holds nothing that is still waited for.
    with suppress(KafkaTimeoutError):
        producer.close(timeout=seconds)
