"""Months of trade through the real handlers: what is remembered, told and raised is what a recount gives; and it is forgotten."""

import random
from collections.abc import Sequence
from datetime import datetime
from itertools import islice

import msgspec
import pytest

from streams.agents.began import BEGAN
from streams.cases.declaration_record import Assessors
from streams.kafka import topics
from streams.patterns.firm_records import PREFIX
from streams.patterns.memory import Remembered
from tests.agents.world import World
from tests.recount import Recount, assert_exact
from tests.waves import LIFE_DAYS, Trade, Wave

Messages = Sequence[tuple[datetime, bytes]]


def _world(recount: Recount) -> World:
    watch = recount.watch
    return World(random.Random(1), Assessors(recount.tool.screen, watch), watch.book, life_days=LIFE_DAYS)


def _messages(wave: Wave) -> Messages:
    return [(at, value) for at, _, value in wave.messages]


def _forty_years_on(messages: Messages) -> Messages:
    return [(at.replace(year=at.year + 40), value.replace(b'"2022-', b'"2062-')) for at, value in messages]


@pytest.mark.load
def test_dying_workers_leave_no_trace() -> None:
    recount, trade = Recount(), Trade()
    world = _world(recount)
    for wave in trade.waves():
        world.publish(_messages(wave))
        world.run(kill=0.002)
        recount.follow(wave)
    assert not world.records(topics.DEAD_LETTERS)
    newest = map(world.latest, (topics.PATTERN_STATE, topics.VERDICTS, topics.ALERTS))
    assert_exact(*newest, recount, trade)
    assert world.kills > 10


def test_past_the_time_to_live_nothing_is_left() -> None:
    world = _world(Recount())
    for wave in islice(Trade(seed=1).waves(), 3):
        world.publish(_messages(wave))
        world.run()
    assert len(world.latest(topics.PATTERN_STATE)) > 500
    later = _forty_years_on(_messages(next(Trade(seed=2).waves())))
    world.publish(later)
    world.run()
    assert all(key.startswith(b"test|waves|2-") for key in world.latest(topics.STATE))
    days = {
        msgspec.msgpack.decode(value, type=Remembered).touched
        for key, value in world.latest(topics.PATTERN_STATE).items()
        if key != BEGAN and not key.startswith(PREFIX)
    }
    assert days == {int(later[0][0].timestamp()) // 86_400}
