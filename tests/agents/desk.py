"""One partition of screening with its detectors, record by record: tests of what is sent, when, and how often."""

from collections import defaultdict
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import msgspec

from streams.agents.ahead import TICK
from streams.agents.screening import Clocks, life_ends, screening_handler
from streams.cases.declaration_record import Assessors
from streams.cases.stored import times_of
from streams.declarations.events import Event, VersionsRecord
from streams.declarations.model import DeclarationVersion
from streams.kafka import topics
from streams.kafka.delivery import Outgoing
from streams.kafka.state import PartitionedState
from streams.metrics import Metrics
from streams.patterns.memory import Answered, Observation
from streams.settings import Settings
from tests.folded import Folded
from tests.ledger import Ledger

START = datetime(2022, 6, 15, 10, 0, tzinfo=UTC)


class Desk:
    """A worker that screens; `restart` is one that starts on its state, `again` reads records from an offset on once more."""

    def __init__(self) -> None:
        self.settings = Settings(partitions=1)
        self._tool = Folded()
        self.assessors = Assessors(self._tool.screen, self._tool.watch)
        self.ledger = Ledger(self._tool.watch.book)
        self.log: list[Any] = []
        self.sent: dict[str, list[Outgoing]] = defaultdict(list)
        self._kept: dict[bytes, bytes] = {}
        self.restart()

    def restart(self) -> None:
        self.metrics = Metrics(process=False)
        state = PartitionedState(
            self.settings,
            "states",
            self.metrics,
            deadline_of=life_ends(self.settings),
            resolution=86_400,
            times_of=times_of,
        )
        state._take(0, dict(self._kept), 1)
        self._handle = screening_handler(self.settings, state, self.assessors, self.metrics, Clocks(state))

    def lodge(self, version: DeclarationVersion, seconds: int = 0) -> list[Answered]:
        """A version comes in; what the detectors will say to it."""
        record = VersionsRecord(envelope=version.envelope, declaration=version.declaration)
        out = self._take(version.envelope.declaration_key, msgspec.json.encode(record), seconds)
        asked = [
            msgspec.msgpack.decode(one.value, type=Observation) for one in self._of(topics.OBSERVATIONS, out)
        ]
        return self.ledger.observe(asked)

    def tell(self, key: str, event: Event, seconds: int = 0) -> None:
        self._take(key, msgspec.json.encode(VersionsRecord(event=event)), seconds)

    def answer(self, key: str, said: Answered, seconds: int = 0) -> None:
        raw = msgspec.Raw(msgspec.json.encode(said))
        self._take(key, msgspec.json.encode(VersionsRecord(answer=raw)), seconds)

    def tick(self, seconds: int) -> None:
        self._take("tick", TICK, seconds)

    def again(self, first: int = 0) -> None:
        """All records from the offset `first` on, as after a crash."""
        for record in self.log[first:]:
            self._note(self._handle(record))

    def records(self, topic: topics.Topic) -> list[Any]:
        """Everything sent to a topic, in order."""
        return [
            value if value is None else msgspec.json.decode(value)
            for value in (one.value for one in self.sent[topic.name])
        ]

    def counted(self, name: str) -> float:
        """A counter, all labels together."""
        found = (one for family in self.metrics.registry.collect() for one in family.samples)
        return sum(one.value for one in found if one.name == name)

    def _take(self, key: str, value: bytes, seconds: int) -> list[Outgoing]:
        self.log.append(
            SimpleNamespace(
                topic=self.settings.topic(topics.VERSIONS.name),
                partition=0,
                offset=len(self.log),
                key=key.encode(),
                value=value,
                headers=[],
                timestamp=int((START.timestamp() + seconds) * 1000),
            )
        )
        out = self._handle(self.log[-1])
        self._note(out)
        return out

    def _note(self, out: list[Outgoing]) -> None:
        for topic in (topics.VERDICTS, topics.ALERTS, topics.DEAD_LETTERS):
            self.sent[topic.name] += self._of(topic, out)
        for one in self._of(topics.STATE, out):
            assert one.key is not None
            if one.value is None:
                del self._kept[one.key]
            else:
                self._kept[one.key] = one.value

    def _of(self, topic: topics.Topic, out: list[Outgoing]) -> list[Outgoing]:
        return [one for one in out if one.topic == self.settings.topic(topic.name)]
