"""What a screening handler is asked beside its verdicts, and how long it remembers."""

import random
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import msgspec
import pytest

from streams.agents.identity import TICK
from streams.agents.screening import observe_latency
from streams.cases.declaration_record import Assessors
from streams.kafka import topics
from streams.metrics import Metrics
from tests.agents.desk import Desk
from tests.agents.world import World
from tests.factory import declaration, item
from tests.folded import Folded
from tests.lives import lives


def test_a_foreign_received_header_disturbs_nothing() -> None:
    metrics = Metrics(process=False)
    records = [
        SimpleNamespace(headers=[("received", value)]) for value in (b"abc", b"", b"-5", b"1655000000000")
    ]
    observe_latency(records, metrics)
    assert metrics.registry.get_sample_value("torugart_end_to_end_seconds_count") == 1


def _state(world: World) -> dict[str, int]:
    return {topic.name: len(world.latest(topic)) for topic in (topics.STATE, topics.REFERENCE_STATE)}


def test_a_declaration_is_forgotten_after_its_time_and_its_references_with_it() -> None:
    """By event time: what comes last in the stream is 121 days after what was said of the others."""
    start = datetime(2024, 3, 2, 8, 0, tzinfo=UTC)
    old, new = list(lives(20, start)), list(lives(6, start + timedelta(days=121), seed=2))
    world = World(random.Random(1), Folded().assessors)
    world.publish(message for life in old for message in life.messages)
    world.run()
    assert _state(world)["screening-state"] == len(old)
    world.publish(message for life in new for message in life.messages)
    world.run(kill=0.02)
    kept = {life.key.encode() for life in new}
    assert world.latest(topics.STATE).keys() == kept
    assert not any(reference.endswith(b"|L1-000001") for reference in world.latest(topics.REFERENCE_STATE))
    assert len(world.latest(topics.ALERTS)) >= 1, "an alert outlives the state it was made from"
    late = next(life for life in old if life.key.startswith("uk.cds"))
    world.publish([(start + timedelta(days=122), late.messages[1][1])])
    world.run()
    world.tick(TICK, start + timedelta(days=123, hours=1))
    world.run()
    letters = [msgspec.json.decode(record.value) for record in world.records(topics.DEAD_LETTERS)]
    assert [letter["reason"] for letter in letters if "(kept: " not in letter["detail"]] == ["BASE_MISSING"]


def test_a_wild_time_ends_no_other_life() -> None:
    """An event time in the year 2099 is not later than the record that says it."""
    start = datetime(2024, 3, 2, 8, 0, tzinfo=UTC)
    world = World(random.Random(1), Folded().assessors, partitions=1)
    (first, wild) = lives(2, start, uk=0.0, longest=1)
    world.publish(first.messages)
    (_, data) = wild.messages[0]
    world.publish([(start, data.replace(b'"eventDateTime":"2024', b'"eventDateTime":"2099'))])
    world.run()
    assert len(world.latest(topics.STATE)) == 2


def test_in_a_replay_nobody_is_forgotten_before_the_verdict() -> None:
    """Half a year passes with every declaration, faster than any detector answers."""
    tool = Folded()
    for seed in range(20):
        all_lives = [
            next(lives(1, datetime(2022, 3, 2, tzinfo=UTC) + n * timedelta(days=183), seed=n, uk=0.0))
            for n in range(8)
        ]
        world = World(random.Random(seed), Assessors(tool.screen, tool.watch), tool.watch.book, partitions=1)
        world.publish(message for life in all_lives for message in life.messages)
        world.run()
        verdicts = world.latest(topics.VERDICTS)
        for life in all_lives:
            assert {f"{life.key}@{number}".encode() for number in life.versions} <= verdicts.keys()


@pytest.mark.parametrize(
    ("event", "number", "reason", "lacks"),
    [
        (
            "RELEASED",
            1,
            "SCHEMA_VIOLATION",
            "envelope.versionNumber: a message that tells RELEASED needs one",
        ),
        ("INVALIDATED", 1, "SCHEMA_VIOLATION", "envelope.versionNumber: a message that tells INVALIDATED"),
        ("LODGED", 1, "VERSION_CONFLICT", "version 1 of this declaration was seen before"),
    ],
)
def test_a_message_about_a_declaration_without_a_number_is_told_what_it_lacks(
    event: str, number: int, reason: str, lacks: str
) -> None:
    """A field map whose message has no number makes it 1."""
    desk = Desk()
    desk.lodge(declaration())
    desk.lodge(declaration(event_type=event, version_number=number, goods_items=(item(net_mass_kg="7"),)))
    (letter,) = desk.records(topics.DEAD_LETTERS)
    assert letter["reason"] == reason and lacks in letter["detail"]
