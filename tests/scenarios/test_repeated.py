"""A broker who meets a list entry on every declaration: one open question with a count, exact under all that can happen."""

import random
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from streams.cases.alert import Alert
from streams.cases.alerts import decode_alert
from streams.cases.declaration_record import Assessors
from streams.cases.repeated import RepeatedHits, in_words
from streams.kafka import topics
from tests.agents.world import World
from tests.factory import EVENT_TIME, encoded, item, party
from tests.folded import Folded

pytestmark = pytest.mark.R01

BROKER = party("DECLARANT", "OsOO Severny Most", identification_number="KG0000000017", country="KG")
CLEAN = party("DECLARANT", "Ala-Too Broker OsOO", country="KG")


def _declared(
    number: int, *, version: int = 1, event: str = "LODGED", broker: Any = BROKER
) -> tuple[Any, bytes]:
    at = EVENT_TIME + timedelta(days=number, hours=version)
    data = encoded(
        declaration_key=f"test|{number:02d}",
        version_number=version,
        event_type=event,
        event_date_time=at,
        parties=(party("EXPORTER", "Kashgar Camel Textile", country="CN"), broker),
        goods_items=(item(net_mass_kg=str(100 + version)),),
    )
    return at, data


def _world(seed: int) -> World:
    tool = Folded()
    watch = tool.watch
    return World(random.Random(seed), Assessors(tool.screen, watch), watch.book)


def _alerts(world: World) -> dict[str, Alert]:
    return {key.decode(): decode_alert(value) for key, value in world.latest(topics.ALERTS).items()}


def _counts(world: World) -> dict[str, int]:
    return {
        key: life.finding.repeats
        for key, alert in _alerts(world).items()
        for life in alert.findings
        if life.finding.code.startswith("list.") and life.status == "OPEN"
    }


@pytest.mark.parametrize("seed", range(4))
def test_each_declaration_says_how_many_were_before_it(seed: int) -> None:
    world = _world(seed)
    for number in range(12):
        world.publish([_declared(number)] * 2)
        world.run(kill=0.02)
    assert _counts(world) == {f"test|{number:02d}": number for number in range(12)}
    last = _alerts(world)["test|11"]
    (found,) = (life.finding for life in last.findings if life.finding.code.startswith("list."))
    assert found.evidence.endswith(" As on 11 declarations before.")
    assert _alerts(world)["test|01"].findings[0].finding.evidence.endswith(" As on 1 declaration before.")


def test_amended_and_cancelled_declarations_are_counted_as_they_are() -> None:
    world = _world(1)
    for number in range(4):
        world.publish([_declared(number)])
        world.run(kill=0.02)
    world.publish([_declared(0, version=2, event="AMENDED", broker=CLEAN)])
    world.publish([_declared(1, version=2, event="INVALIDATED")])
    world.publish([_declared(2, version=2, event="AMENDED")])
    world.run(kill=0.02)
    world.publish([_declared(9)])
    world.run(kill=0.02)
    assert _counts(world)["test|09"] == 2


def test_the_table_of_pairs_has_the_one_question() -> None:
    world = _world(2)
    for number in range(5):
        world.publish([_declared(number)])
        world.run()
    pairs = RepeatedHits()
    for record in world.records(topics.ALERTS):
        pairs.take(record.key.decode(), record.value and decode_alert(record.value))
    (pair,) = pairs.table()
    assert (pair.declarations, pair.open, pair.party) == (5, 5, "OsOO Severny Most")
    assert (pair.id, pair.newest) == ("KG0000000017", "test|04")
    assert in_words(pair).startswith("     5  OsOO Severny Most (KG0000000017, KG): ")
    assert not list(pairs.table(6))
    pairs.take("test|00", None)
    assert [one.open for one in pairs.table()] == [4]
    # The alerts of the others are gone; the finding still knows of them.
    alone = RepeatedHits()
    alone.take("test|04", _alerts(world)["test|04"])
    assert [(one.declarations, one.open) for one in alone.table()] == [(5, 1)]
    assert msgspec.json.decode(msgspec.json.encode(pair))["declarations"] == 5
