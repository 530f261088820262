"""Months of trade through the real handlers, with dying workers: what is remembered, told and raised is what a recount gives."""

import random

import pytest

from streams import topics
from streams.assessment.history import Office
from tests.agents.world import World
from tests.recount import Recount, assert_alerts, assert_remembered, assert_sums, assert_told
from tests.waves import LIFE_DAYS, Trade


@pytest.mark.load
def test_dying_workers_leave_no_trace() -> None:
    recount, trade = Recount(), Trade()
    world = World(
        random.Random(1), Office(recount.tool.screen, recount.watch), recount.watch.book, life_days=LIFE_DAYS
    )
    for wave in trade.waves():
        world.publish((at, value) for at, _, value in wave.messages)
        world.run(kill=0.002)
        recount.follow(wave)
    assert not world.records(topics.DEAD_LETTERS)
    remembered, alerts = world.latest(topics.PATTERN_STATE), world.latest(topics.ALERTS)
    assert_remembered(remembered, recount, trade)
    assert_sums(remembered, trade)
    assert_told(world.latest(topics.VERDICTS), alerts, recount, trade)
    assert_alerts(alerts, recount, trade)
    assert world.kills > 10
