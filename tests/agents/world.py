"""A Kafka in miniature around the real handlers of the three agents: partitions in order and nothing else in order, records
twice, workers that die with what they were about to send. Tests of every interleaving in one process."""

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from streams.agents.intake import intake_handler
from streams.agents.loop import Handler
from streams.agents.remembering import Remembering
from streams.agents.runs import RunMerger
from streams.cases.declaration_record import Assessors
from streams.declarations.formats.adapters import NONE
from streams.kafka import topics
from streams.kafka.delivery import Outgoing, key_partition
from streams.kafka.set_aside import Recovered
from streams.metrics import Metrics
from streams.patterns.memory import Book
from streams.settings import Settings

Place = tuple[str, int]

LOOK_AHEAD = 4
"""Records of customs.versions that are looked at before they are handled."""


class World:
    """Topics of `partitions` partitions. `chance` decides every interleaving: one seed, one run. `merges`: as a worker
    does with what a run sends; without it each record is sent by itself."""

    def __init__(
        self,
        chance: random.Random,
        assessors: Assessors,
        book: Book | None = None,
        partitions: int = 3,
        merges: bool = True,
        **changes: Any,
    ) -> None:
        self.settings = Settings(partitions=partitions, **changes)
        self._versions = self.settings.topic(topics.VERSIONS.name)
        self._merger = RunMerger(self.settings) if merges else None
        self._chance = chance
        self._assessors = assessors
        self._book = book or Book(())
        self._logs: dict[Place, list[Any]] = defaultdict(list)
        self._committed: dict[Place, int] = defaultdict(int)
        self._position: dict[Place, int] = defaultdict(int)
        self._unsent: dict[Place, list[list[Outgoing]]] = defaultdict(list)
        self._clock = 0
        self.kills = 0
        self._start()

    def publish(self, messages: Iterable[tuple[datetime, bytes]]) -> None:
        """To partitions at random: nobody promises that the messages of one declaration share one."""
        name = self.settings.topic(topics.DECLARATIONS.name)
        for at, value in messages:
            place = (name, self._chance.randrange(self.settings.partitions))
            self._append(place, None, value, (), int(at.timestamp() * 1000))

    def tick(self, message: bytes, at: datetime) -> None:
        """A tick to every partition of the references."""
        for partition in range(self.settings.partitions):
            place = (self.settings.topic(topics.REFERENCES.name), partition)
            self._append(place, b"", message, (), int(at.timestamp() * 1000))

    def observe(self, partition: int, key: bytes, value: bytes, at: datetime) -> None:
        """A record to a partition of the observations."""
        place = (self.settings.topic(topics.OBSERVATIONS.name), partition)
        self._append(place, key, value, (), int(at.timestamp() * 1000))

    def write(
        self, topic: topics.Topic, partition: int, key: bytes | None, value: bytes | None, headers: Any = ()
    ) -> Any:
        """A record that somebody else writes, to whatever topic. Returns it."""
        place = (self.settings.topic(topic.name), partition)
        self._append(place, key, value, headers, self._clock)
        return self._logs[place][-1]

    def restart(self) -> None:
        """A worker that reads everything of its states back, with nothing in flight."""
        self._start()

    def run(self, kill: float = 0.0) -> None:
        """Until all is read and sent; `kill` is the chance, a record, that the worker dies."""
        while places := self._open():
            place = self._chance.choice(places)
            if self._chance.random() < kill:
                self._die()
            elif self._position[place] < len(self._logs[place]) and self._chance.random() < 0.8:
                log, position = self._logs[place], self._position[place]
                if place[0] == self._versions and position % LOOK_AHEAD == 0:
                    self._memory.ahead.look(log[position : position + LOOK_AHEAD])
                record = log[position]
                self._position[place] += 1
                self._clock = max(self._clock, record.timestamp)
                self._unsent[place].append(self._handlers[place[0]](record))
            else:
                self._commit(place)

    def latest(self, topic: topics.Topic) -> dict[bytes, bytes]:
        """Newest value of every key; those whose newest is a tombstone are left out."""
        newest = {record.key: record.value for record in self.records(topic)}
        return {key: value for key, value in newest.items() if value is not None}

    def records(self, topic: topics.Topic) -> list[Any]:
        name = self.settings.topic(topic.name)
        return [record for place, log in sorted(self._logs.items()) if place[0] == name for record in log]

    def _start(self) -> None:
        """A worker with its states as their topics tell them."""
        settings, metrics = self.settings, Metrics(process=False)
        memory = self._memory = Remembering(settings, self._assessors, self._book, metrics)
        for state in memory.states.values():
            for partition in range(settings.partitions):
                found = Recovered()
                for record in self._logs[state.topic, partition]:
                    found.feed(record)
                state._take(partition, found.values, 1, found.places(), found.aside())
        intake = intake_handler(settings, NONE, metrics)
        self._handlers: dict[str, Handler] = {
            settings.topic(topics.DECLARATIONS.name): intake,
            **memory.handlers,
        }

    def _open(self) -> list[Place]:
        return [
            place
            for place in sorted(self._logs)
            if place[0] in self._handlers
            and (self._position[place] < len(self._logs[place]) or self._unsent[place])
        ]

    def _commit(self, place: Place) -> None:
        records = self._merged(self._unsent.pop(place, []))
        for record in sorted(records, key=lambda one: one.after):
            self._send(record)
        self._committed[place] = self._position[place]

    def _die(self) -> None:
        """Of what was not sent yet, any beginning of each partition's records has arrived; the rest is lost. What comes
        after the rest has come only where all the rest has."""
        self.kills += 1
        for lists in self._unsent.values():
            records = self._merged(lists)
            if self._arrive([record for record in records if not record.after]):
                self._arrive([record for record in records if record.after])
        self._unsent.clear()
        self._position = defaultdict(int, self._committed)
        self._start()

    def _merged(self, runs: list[list[Outgoing]]) -> list[Outgoing]:
        records = [record for run in runs for record in run]
        return records if self._merger is None else self._merger.merged(records)

    def _arrive(self, records: list[Outgoing]) -> bool:
        by_place: dict[Place, list[Outgoing]] = defaultdict(list)
        for record in records:
            by_place[self._place(record)].append(record)
        whole = True
        for there in by_place.values():
            count = len(there) if self._chance.random() < 0.5 else self._chance.randrange(len(there))
            whole = whole and count == len(there)
            for record in there[:count]:
                self._send(record)
        return whole

    def _send(self, record: Outgoing) -> None:
        self._append(self._place(record), record.key, record.value, record.headers, self._clock)

    def _place(self, record: Outgoing) -> Place:
        partition = record.partition
        return record.topic, (
            key_partition(record.key, self.settings.partitions) if partition is None else partition
        )

    def _append(
        self, place: Place, key: bytes | None, value: bytes | None, headers: Any, timestamp: int
    ) -> None:
        self._logs[place].append(
            SimpleNamespace(
                topic=place[0],
                partition=place[1],
                offset=len(self._logs[place]),
                timestamp=timestamp,
                key=key,
                value=value,
                headers=list(headers),
            )
        )
