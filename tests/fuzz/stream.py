"""The agents' real handlers, one after the other, over one declaration's life with a case in it."""

from collections.abc import Sequence
from random import Random

import msgspec

from streams.agents.identity import TICK
from streams.cases.declaration_record import Assessors
from streams.declarations.dead_letter import DeadLetter
from streams.declarations.formats.adapters import Formats
from streams.engine import Engine
from streams.kafka import topics
from streams.metrics import Metrics
from streams.patterns.memory import Book
from streams.settings import Settings
from tests.fuzz import seeds
from tests.fuzz.cases import NOW, Case
from tests.fuzz.element import parse
from tests.fuzz.xml_cases import document


def life() -> list[bytes]:
    """An original, its acceptance, a control, and the grant of a request to change it."""
    told = (seeds.original(2), seeds.notice("01"), seeds.notice("05"), seeds.notice("11", "FUZZ-AMEND-1"))
    return [document(Random(n), parse(text.encode())).encode() for n, text in enumerate(told)]


class Stream:
    """Each `run` begins with empty states."""

    def __init__(self, formats: Formats, assessors: Assessors, book: Book, settings: Settings) -> None:
        self._formats, self._assessors, self._book = formats, assessors, book
        self._settings = settings
        self._metrics = Metrics(process=False)
        self._life = [Case(message) for message in life()]

    def run(self, case: Case, rng: Random) -> list[DeadLetter]:
        """The dead letters of a life with the case somewhere in it, and time passing behind it.

        Raises whatever a handler raises.
        """
        told: list[Case] = [*self._life]
        told.insert(rng.randint(0, len(told)), case)
        engine = Engine(self._settings, self._assessors, self._book, self._formats, self._metrics)
        late = NOW + int(self._settings.base_wait * 1000) + 1000
        handled = [step for one in told for step in engine.take(one.value, NOW, tuple(one.headers))]
        handled += engine.tick(topics.REFERENCES, TICK, late)
        letters = engine.settings.topic(topics.DEAD_LETTERS.name)
        return [
            msgspec.json.decode(made.value or b"", type=DeadLetter)
            for step in handled
            for made in step.out
            if made.topic == letters
        ]


def bugs(letters: Sequence[DeadLetter]) -> list[str]:
    return [f"{one.stage}: {one.detail}" for one in letters if one.reason == "INTERNAL_ERROR"]
