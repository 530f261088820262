"""Alerts of a corridor's episodes: raised, updated, closed, withdrawn, by what the corridor's trade is in the end."""

import msgspec
import pytest

from streams.corridors.settings import settings
from streams.destinations.atlas import atlas
from streams.patterns.corridors import Corridors
from streams.patterns.memory import Book, Observation, Remembered, observations, parts_of
from streams.patterns.trade import DeclaredTrade
from tests.ledger import Ledger
from tests.patterns.trades import BEGAN, day, trade

pytestmark = [pytest.mark.R05, pytest.mark.R08, pytest.mark.R10]

CORRIDORS = Corridors(atlas(), settings())
ALERT = "corridor|854231|CN|KG|NEW_TRADE|2022-05"
NEW_TRADE = ("2022-05-10", "2022-05-20", "2022-06-07")


class Remembering:
    """A ledger of corridors, told of declarations one by one."""

    def __init__(self) -> None:
        self._ledger = Ledger(Book((CORRIDORS,)), day(BEGAN))
        self._offset = 0

    def hears(
        self, before: DeclaredTrade | None, after: DeclaredTrade | None, reached: str, partition: int = 0
    ) -> list[Observation]:
        """Of a change, when the stream has reached a day."""
        self._offset += 1
        old, new = ({} if one is None else parts_of(one, (CORRIDORS,)) for one in (before, after))
        said = observations("one", old, new, partition, self._offset, day(reached))
        self.hears_again(said)
        return said

    def hears_again(self, said: list[Observation]) -> None:
        self._ledger.observe(said)

    def reaches(self, on: str) -> None:
        self._ledger.reach(day(on))

    @property
    def status(self) -> str | None:
        """OPEN or CLOSED; None of an alert that was withdrawn."""
        value = self._ledger.alerts[ALERT]
        return None if value is None else str(msgspec.json.decode(value)["status"])


def _after_a_new_trade() -> tuple[Remembering, list[Observation]]:
    remembering = Remembering()
    for on in NEW_TRADE:
        said = remembering.hears(None, trade(on), on)
    assert remembering.status == "OPEN"
    return remembering, said


def test_an_episode_ends_when_the_trade_has_been_quiet() -> None:
    remembering, _ = _after_a_new_trade()
    remembering.reaches("2022-08-20")
    assert remembering.status == "OPEN"
    remembering.reaches("2022-10-01")
    assert remembering.status == "CLOSED"


def test_an_episode_whose_trade_is_cancelled_is_withdrawn() -> None:
    remembering, _ = _after_a_new_trade()
    for on in NEW_TRADE:
        remembering.hears(trade(on), trade(on, cancelled=True), "2022-06-20")
    assert remembering.status is None


def test_so_is_one_that_was_over_by_then() -> None:
    remembering, _ = _after_a_new_trade()
    remembering.reaches("2022-10-01")
    for on in NEW_TRADE:
        remembering.hears(trade(on), trade(on, cancelled=True), "2022-10-02")
    assert remembering.status is None


def test_a_declaration_said_twice_opens_nothing_again() -> None:
    remembering, said = _after_a_new_trade()
    remembering.reaches("2022-10-01")
    remembering.hears_again(said)
    assert remembering.status == "CLOSED"


def test_nor_does_a_partition_that_is_behind_the_others() -> None:
    remembering, _ = _after_a_new_trade()
    remembering.reaches("2022-10-01")
    remembering.hears(None, trade("2022-06-09"), "2022-06-09", partition=1)
    assert remembering.status == "CLOSED"


def test_an_episode_of_long_ago_stays_as_it_ended() -> None:
    remembering, _ = _after_a_new_trade()
    remembering.reaches("2022-10-01")
    remembering.reaches("2025-10-01")
    remembering.hears(None, trade("2025-10-02"), "2025-10-02")
    assert remembering.status == "CLOSED"


def test_also_where_nothing_was_heard_for_years() -> None:
    remembering, _ = _after_a_new_trade()
    remembering.reaches("2025-10-01")
    assert remembering.status == "CLOSED"


def test_what_was_refused_as_too_late_is_not_taken_back_from_a_corridor_that_has_gone() -> None:
    """Its declaration is cancelled after all others on the corridor were: nothing is left, and no negative trade."""
    ledger = Ledger(Book((CORRIDORS,)), day(BEGAN))
    once, late = (parts_of(trade(on), (CORRIDORS,)) for on in ("2022-06-10", "2021-01-10"))
    for offset, (before, after) in enumerate((({}, once), ({}, late), (once, {}), (late, {}))):
        ledger.observe(observations("one", before, after, 0, offset, day("2022-06-10")))
    left = [msgspec.msgpack.decode(value, type=Remembered).state for value in ledger.values.values()]
    assert left and all(bytes(one) == b"\xc0" for one in left)
