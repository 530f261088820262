"""The patterns agent: in which order what it makes may arrive."""

from types import SimpleNamespace

import msgspec

from streams.agents.patterns import looked_at, patterns_handler
from streams.corridors.settings import settings as figures
from streams.destinations.atlas import atlas
from streams.kafka import topics
from streams.kafka.delivery import Outgoing
from streams.kafka.state import PartitionedState
from streams.metrics import Metrics
from streams.patterns.corridors import Corridors
from streams.patterns.memory import Book, Remembered, observations, parts_of
from streams.settings import Settings
from tests.patterns.trades import day, trade

CORRIDORS = Corridors(atlas(), figures())


NEW_TRADE = [("2022-05-10", "KG"), ("2022-05-20", "KG"), ("2022-06-07", "KG")]
ANOTHER_CORRIDOR_LATER = [("2022-10-07", "KZ")]
"""By which time passes for the first, too, and its episode ends."""


def test_a_state_is_kept_only_when_the_alerts_it_knows_of_have_arrived() -> None:
    """A worker may die between the two: it would not say again what its state says was said."""
    out = _handled([("2020-01-01", "UZ"), *NEW_TRADE, *ANOTHER_CORRIDOR_LATER])
    raised = [one for one in out if one.topic == "customs.alerts" and one.value is not None]
    assert [msgspec.json.decode(one.value or b"")["status"] for one in raised] == ["OPEN", "CLOSED"]
    assert not any(one.after for one in raised)
    kept = [one for one in out if one.topic == "customs.pattern-state" and one.key.startswith(b"corridors|")]
    assert kept and all(one.after for one in kept)


def test_a_key_that_a_newer_release_left_costs_no_other_its_answer() -> None:
    """After a rollback: time has come to look at it, and nobody here can read it."""
    old = msgspec.msgpack.encode(
        Remembered(day("2022-01-01"), day("2021-12-01"), {0: 1}, msgspec.Raw(b"\xc0"))
    )
    out = _handled(NEW_TRADE, {b"detector of tomorrow|key": old})
    assert not [one for one in out if one.topic == "customs.dead-letters"]
    assert {one.key for one in out if one.topic == "customs.pattern-state"} >= {
        b"!began",
        b"corridors|854231|CN|KG",
    }


def _handled(trades: list[tuple[str, str]], kept: dict[bytes, bytes] | None = None) -> list[Outgoing]:
    settings, metrics = Settings(partitions=1), Metrics(process=False)
    state = PartitionedState(
        settings,
        settings.topic(topics.PATTERN_STATE.name),
        metrics,
        name="patterns",
        deadline_of=looked_at,
        resolution=86_400.0,
    )
    state._take(0, kept or {}, 1)
    handle = patterns_handler(settings, state, Book((CORRIDORS,)), metrics)
    out: list[Outgoing] = []
    for offset, (on, destination) in enumerate(trades):
        parts = parts_of(trade(on, destination=destination), (CORRIDORS,))
        for said in observations("one", {}, parts, 0, offset, day(on)):
            value = msgspec.msgpack.encode(said)
            out += handle(
                SimpleNamespace(
                    topic="customs.observations",
                    key=said.key.encode(),
                    partition=0,
                    offset=offset,
                    value=value,
                )
            )
    return out
