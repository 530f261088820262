"""A life comes to one end, in whatever order, how often and over how many dead workers its messages arrive."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from streams.cases.alerts import decode_alert, decode_verdict, encode
from streams.cases.declaration_record import Assessors
from streams.kafka import topics
from tests.agents.world import World
from tests.examples import tried
from tests.folded import Folded, assert_as_meant, assert_recounted, told
from tests.lives import Life, lives

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@cache
def _folded() -> Folded:
    return Folded()


@pytest.mark.parametrize("seed", range(60))
def test_a_fold_says_what_was_meant(seed: int) -> None:
    for life in lives(4, START, seed):
        assert_as_meant(life, *_folded().of(life))


def _ended(world: World, all_lives: Sequence[Life]) -> None:
    letters = [msgspec.json.decode(record.value) for record in world.records(topics.DEAD_LETTERS)]
    # An amendment that came before the one it builds on is told of, and takes effect all the same.
    lost = {letter["detail"] for letter in letters if "(kept: " not in letter["detail"]}
    assert not lost
    verdicts, alerts = world.latest(topics.VERDICTS), world.latest(topics.ALERTS)
    for life in all_lives:
        expected, alert = _folded().of(life)
        got = {number: decode_verdict(verdicts[f"{life.key}@{number}".encode()]) for number in life.versions}
        for number, verdict in got.items():
            assert told(encode(verdict)) == told(encode(expected[number])), life.key
        value = alerts.get(life.key.encode())
        assert told(value) == told(None if alert is None else encode(alert)), life.key
        assert_as_meant(life, got, decode_alert(value) if value is not None else None)


@settings(max_examples=tried(60), deadline=None)
@given(
    seed=st.integers(0, 2**32), shuffle=st.booleans(), twice=st.floats(0, 1), kill=st.sampled_from([0, 0.02])
)
def test_any_order_any_repetition_any_death(seed: int, shuffle: bool, twice: float, kill: float) -> None:
    chance = random.Random(seed)
    all_lives = list(lives(4, START, seed % 10_000))
    messages = [message for life in all_lives for message in life.messages]
    messages += [
        (at + timedelta(seconds=chance.randrange(600)), data)
        for at, data in messages
        if chance.random() < twice
    ]
    if shuffle:
        chance.shuffle(messages)
    else:
        messages.sort(key=lambda message: message[0])
    world = World(chance, _folded().assessors)
    world.publish(messages)
    world.run(kill)
    _ended(world, all_lives)


@pytest.mark.load
@settings(max_examples=tried(30), deadline=None)
@given(seed=st.integers(0, 2**32), twice=st.floats(0, 1), kill=st.sampled_from([0, 0.03]))
@example(
    seed=10251, twice=0.875, kill=0.03
)  # a verdict was lost: what the answer that led to it answers was asked anew
def test_what_is_remembered_of_trade_is_a_recount(seed: int, twice: float, kill: float) -> None:
    """Amended, cancelled, said twice, out of order, over dead workers: every total is that of the declarations as they
    are in the end, and every declaration that asked is answered."""
    chance = random.Random(seed)
    all_lives = list(lives(6, START, seed % 10_000))
    messages = [message for life in all_lives for message in life.messages]
    messages += [message for message in messages if chance.random() < twice]
    chance.shuffle(messages)
    watch = _folded().watch
    world = World(chance, Assessors(_folded().screen, watch), watch.book)
    world.publish(messages)
    world.run(kill)
    verdicts = world.latest(topics.VERDICTS)
    for life in all_lives:
        assert all(f"{life.key}@{number}".encode() in verdicts for number in life.versions), life.key
    assert_recounted(world.latest(topics.PATTERN_STATE), all_lives, _folded())
