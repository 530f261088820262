"""The agents' real handlers, one after the other, over one declaration's life with a case in it."""

from collections import deque
from collections.abc import Sequence
from random import Random

import msgspec

from streams.agents.identity import TICK
from streams.agents.loop import Handler
from streams.agents.remembering import Remembering
from streams.cases.declaration_record import Assessors
from streams.declarations.dead_letter import DeadLetter
from streams.kafka import topics
from streams.kafka.delivery import Outgoing
from streams.metrics import Metrics
from streams.patterns.memory import Book
from streams.settings import Settings
from tests.fuzz import seeds
from tests.fuzz.cases import NOW, Case
from tests.fuzz.element import parse
from tests.fuzz.xml_cases import document

MAX_RECORDS = 5_000
"""Records that one life of a few messages may cause. More of them would be a loop."""


class Loop(Exception):
    """A message that makes records without end."""


def life() -> list[bytes]:
    """An original, its acceptance, a control, and the grant of a request to change it."""
    told = (seeds.original(2), seeds.notice("01"), seeds.notice("05"), seeds.notice("11", "FUZZ-AMEND-1"))
    return [document(Random(n), parse(text.encode())).encode() for n, text in enumerate(told)]


class Stream:
    """Each `run` begins with empty states; all partitions are one."""

    def __init__(self, intake: Handler, assessors: Assessors, book: Book, settings: Settings) -> None:
        self._intake = intake
        self._assessors, self._book = assessors, book
        self._settings = settings
        self._metrics = Metrics(process=False)
        self._life = [Case(message) for message in life()]

    def run(self, case: Case, rng: Random) -> list[DeadLetter]:
        """The dead letters of a life with the case somewhere in it, and time passing behind it.

        Raises Loop; and whatever a handler raises.
        """
        told: list[Case] = [*self._life]
        told.insert(rng.randint(0, len(told)), case)
        references = self._settings.topic(topics.REFERENCES.name)
        later = Outgoing(references, b"", TICK, 0)
        handlers = self._handlers()
        queue = deque(out for one in told for out in self._intake(one))
        letters = self._drain(queue, handlers, NOW)
        late = NOW + int(self._settings.base_wait * 1000) + 1000
        return letters + self._drain(deque([later]), handlers, late)

    def _handlers(self) -> dict[str, Handler]:
        memory = Remembering(self._settings, self._assessors, self._book, self._metrics)
        for state in memory.states.values():
            state._take(0, {}, 1)
        return memory.handlers

    def _drain(self, queue: deque[Outgoing], handlers: dict[str, Handler], now: int) -> list[DeadLetter]:
        letters, handled = [], 0
        while queue:
            record = queue.popleft()
            if record.topic == self._settings.topic(topics.DEAD_LETTERS.name):
                if record.value is not None:
                    letters.append(msgspec.json.decode(record.value, type=DeadLetter))
            elif record.topic in handlers:
                handled += 1
                if handled > MAX_RECORDS:
                    raise Loop(f"over {MAX_RECORDS} records")
                queue.extend(handlers[record.topic](_record(record, handled, now)))
        return letters


def _record(out: Outgoing, offset: int, now: int) -> Case:
    return Case(out.value, out.headers, out.key, now, out.topic, 0, offset)


def bugs(letters: Sequence[DeadLetter]) -> list[str]:
    return [f"{one.stage}: {one.detail}" for one in letters if one.reason == "INTERNAL_ERROR"]
