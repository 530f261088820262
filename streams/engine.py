"""The agents' handlers without a broker: what the stream makes of messages, in one process, one partition of each topic.

`torugart screen`, `backtest` and tests use it, so that a file is screened by the code that screens a stream.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from streams.agents.intake import intake_handler
from streams.agents.loop import SOURCE_HEADER
from streams.agents.remembering import Remembering
from streams.agents.statistics import edition_records
from streams.cases.declaration_record import Assessors
from streams.declarations.formats.adapters import NONE, Formats
from streams.kafka import topics
from streams.kafka.delivery import Outgoing
from streams.metrics import Metrics
from streams.patterns.memory import Book
from streams.patterns.statistics import StatisticsInMemory
from streams.settings import Settings

Headers = tuple[tuple[str, bytes], ...]


class EngineRecord(Struct, frozen=True):
    """A record as a handler gets it."""

    topic: str
    offset: int
    timestamp: int
    """milliseconds since 1970"""
    key: bytes
    value: bytes | None
    headers: Headers = ()
    partition: int = 0


class Handled(NamedTuple):
    """One record that a handler got, and what it made of it."""

    message: int
    """number, from 0, of the message that led to the record"""
    record: EngineRecord
    out: list[Outgoing]


class Engine:
    """Intake, identity, screening and patterns with their states, in memory."""

    def __init__(
        self,
        settings: Settings,
        assessors: Assessors,
        book: Book,
        formats: Formats = NONE,
        metrics: Metrics | None = None,
    ) -> None:
        self.settings = replace(settings, partitions=1)
        metrics = metrics or Metrics(process=False)
        memory = Remembering(self.settings, assessors, book, metrics)
        for state in memory.states.values():
            state.start_empty(0)
        self.screening = memory.screening
        """declarationKey -> its case, as customs.state keeps it"""
        self._messages = self.settings.topic(topics.DECLARATIONS.name)
        self._handlers = {
            self._messages: intake_handler(self.settings, formats, metrics),
            **memory.handlers,
        }
        self._offsets: Counter[str] = Counter()

    def inform(self, statistics: StatisticsInMemory) -> None:
        """Trade statistics: what corridors carried before the first message."""
        topic = self.settings.topic(topics.OBSERVATIONS.name)
        for records in edition_records(statistics, self.settings.partitions):
            informed = self._run(
                [replace(record, topic=topic) for record in records], statistics.edition.number
            )
            deque(informed, maxlen=0)

    def take(self, value: bytes | None, timestamp: int, headers: Headers = ()) -> Iterator[Handled]:
        """A message of customs.declarations and all that follows from it, a record at a time: the next is handled when it is
        asked for. `timestamp`: of the message's record, milliseconds since 1970.

        Messages are numbered in the order in which they come. One may lead to more of what an earlier one said: an event that
        waited for its declaration is handled when that comes.
        """
        return self._run([Outgoing(self._messages, b"", value, headers=headers)], timestamp)

    def tick(self, topic: topics.Topic, value: bytes, timestamp: int) -> Iterator[Handled]:
        """A record by which an agent learns what time it is."""
        return self._run([Outgoing(self.settings.topic(topic.name), b"", value)], timestamp)

    def _run(self, records: Iterable[Outgoing], timestamp: int) -> Iterator[Handled]:
        newest = self._offsets[self._messages]
        queue = deque((newest, record) for record in records)
        while queue:
            message, sent = queue.popleft()
            handle = self._handlers.get(sent.topic)
            if handle is None:
                continue
            record = EngineRecord(
                sent.topic, self._offsets[sent.topic], timestamp, sent.key, sent.value, sent.headers
            )
            self._offsets[sent.topic] += 1
            if sent.topic != self._messages:
                message = _message_of(record, message)
            out = handle(record)
            queue.extend((message, made) for made in out)
            yield Handled(message, record, out)


def _message_of(record: EngineRecord, otherwise: int) -> int:
    """Number of the message that a record was made from: its header says so."""
    for name, value in record.headers:
        if name == SOURCE_HEADER:
            return int(value.rpartition(b"/")[2])
    return otherwise
