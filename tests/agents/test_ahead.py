"""What is found out of the records of a run before they are handled: it changes nothing, and what is wrong is said in place."""

import random
from datetime import UTC, datetime

from streams.agents.ahead import MOST_BYTES, Ahead, Full
from streams.assessment.screening import Look
from streams.cases.declaration_record import Assessors
from streams.declarations import canonical
from streams.declarations.model import DeclarationVersion
from streams.engine import EngineRecord
from streams.kafka import topics
from tests.agents.world import World
from tests.factory import declaration
from tests.folded import Folded
from tests.lives import lives

SAID = (topics.VERDICTS, topics.ALERTS, topics.OBSERVATIONS, topics.STATE, topics.PATTERN_STATE)


def told(looks: tuple[Look, ...], tool: Folded) -> dict[str, dict[bytes, bytes]]:
    watch = tool.watch
    world = World(random.Random(7), Assessors(tool.screen, watch, looks), watch.book, partitions=2)
    for life in lives(20, datetime(2023, 3, 1, tzinfo=UTC), seed=5, uk=0.3):
        world.publish(life.messages)
    world.run(kill=0.02)
    assert world.kills
    return {topic.name: world.latest(topic) for topic in SAID}


def test_what_is_found_out_before_changes_nothing() -> None:
    tool, looked = Folded(), list[DeclarationVersion]()
    alone = told((), tool)
    assert told((*tool.looks, looked.append), tool) == alone
    assert looked


def test_a_look_that_fails_takes_nothing_with_it() -> None:
    def fails(version: DeclarationVersion) -> None:
        raise LookupError(version.envelope.declaration_key)

    tool, looked = Folded(), list[DeclarationVersion]()
    assert told((fails, looked.append), tool) == told((), tool)
    assert looked


def record(value: bytes | None) -> EngineRecord:
    return EngineRecord("versions", 0, 0, b"", value)


def test_what_cannot_be_read_is_left_to_whoever_handles_it() -> None:
    looked: list[DeclarationVersion] = []
    version = declaration()
    spoilt, good = record(b'{"envelope":'), record(canonical.encode(version))
    ahead = Ahead((looked.append,))
    ahead.look([spoilt, record(None), good])
    assert looked == [version]
    said = ahead.said(good)
    assert isinstance(said, Full) and said.version is looked[0]
    again = ahead.said(good)  # handled once more
    assert isinstance(again, Full) and again.version == version and again.version is not looked[0]


def test_only_some_bytes_are_read_before() -> None:
    looked: list[DeclarationVersion] = []
    version = canonical.encode(declaration())
    Ahead((looked.append,)).look([record(version), record(version + b" " * MOST_BYTES), record(version)])
    assert len(looked) == 1
