"""A corridor of very many firms: an observation costs what it costs on one of few, and writes as little."""

import random
import time

import pytest

from streams.assessment.screening import Rulebook
from streams.patterns.corridors import CorridorPart
from streams.patterns.detectors import detector_set
from streams.patterns.memory import Observation, StoredContribution, _encode
from tests.ledger import Ledger

KEY = "854231|DE|KZ"
DAY, BEGAN = 20_600, 19_700
FEW, MANY = 100, 30_000
TRIES, OBSERVATIONS = 7, 200
MOST_BYTES = 512
"""Written by an observation: the corridor's head and the firm's record."""


class Trade:
    """Observations of one corridor, each of another firm."""

    def __init__(self, firms: int) -> None:
        rules = Rulebook.load()
        self._chance = random.Random(1)
        self._offset = 0
        self._ledger = Ledger(detector_set(rules.high_priority, rules.atlas).book, BEGAN)
        for number in range(firms):
            # The same trade by value, however many share it: what an alert says must cost the same.
            self.observe(DAY - 600 + 600 * number // firms, 10_000_000_00 // firms, asks=False)

    def observe(self, day: int = DAY, cents: int = 100_00, asks: bool = True) -> int:
        """Bytes written."""
        firm = self._chance.getrandbits(56)
        part = CorridorPart(KEY, day, cents, 1_000, firm, (1,), True)
        self._offset += 1
        added = StoredContribution(_encode(part), asks)
        self._ledger.observe([Observation(f"corridors|{KEY}", "a", 0, self._offset, day, None, added)])
        key = f"corridors|{KEY}"
        return len(self._ledger.values[key]) + len(self._ledger.firms[key].records[firm])

    def seconds(self) -> float:
        started = time.thread_time()
        for _ in range(OBSERVATIONS):
            self.observe()
        return time.thread_time() - started


@pytest.mark.load
def test_an_observation_costs_the_same_however_many_firms_are_known() -> None:
    few, many = Trade(FEW), Trade(MANY)
    assert many.observe() <= MOST_BYTES
    pairs = [(few.seconds(), many.seconds()) for _ in range(TRIES)]
    assert min(seconds for _, seconds in pairs) <= 1.5 * min(seconds for seconds, _ in pairs)
