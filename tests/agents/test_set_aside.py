"""A value of a state topic that cannot be read costs its key what was remembered, and nobody else anything."""

import base64
import math
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import msgspec
import pytest

from streams.agents.began import BEGAN
from streams.agents.statistics import IN_USE, line_key
from streams.cases import packing
from streams.cases.declaration_record import Assessors
from streams.cases.stored import decode_record
from streams.declarations.dead_letter import DeadLetter
from streams.kafka import set_aside, topics
from streams.patterns.statistics import read_edition
from tests.agents import test_statistics as statistics
from tests.agents.world import World
from tests.folded import Folded
from tests.lives import Life, lives

START = datetime(2024, 3, 2, 8, 0, tzinfo=UTC)
STATES = (topics.STATE, topics.REFERENCE_STATE, topics.PATTERN_STATE)

Spoil = Callable[[bytes], bytes]


def _packed_anew(change: Callable[[bytes], bytes]) -> Spoil:
    """A declaration's history of which every packed body is changed: the head can be read, what is in it cannot."""

    def spoil(value: bytes) -> bytes:
        history = decode_record(value)
        images = tuple(msgspec.structs.replace(one, body=change(one.body)) for one in history.images)
        return msgspec.msgpack.encode(msgspec.structs.replace(history, images=images))

    return spoil


ANY: dict[str, Spoil] = {
    "garbage": lambda value: b"\x00garbage",
    "empty": lambda value: b"",
    "cut short": lambda value: value[: len(value) // 2],
    "digits": lambda value: b"17x",
    "nested deep": lambda value: b"\x91" * 100_000,
    "of other types": lambda value: msgspec.msgpack.encode(["x", {}, 7]),
    "not a number": lambda value: msgspec.msgpack.encode([math.nan, math.nan]),
    "endless": lambda value: msgspec.msgpack.encode([math.inf, 0.0]),
    "large": lambda value: b"\xc1" * 5_000_000,
}
DECLARATIONS_ONLY: dict[str, Spoil] = {
    "body of no dictionary": _packed_anew(lambda body: b"\x00" + body[1:]),
    "body broken": _packed_anew(lambda body: body[:1] + b"\xff" + body[2:]),
    "body of nothing": _packed_anew(lambda body: packing.pack("image", b"{}")),
    "body of no JSON": _packed_anew(lambda body: packing.pack("image", b"[" * 50_000)),
}


@cache
def _folded() -> Folded:
    return Folded()


def _world(partitions: int = 2) -> tuple[World, list[Life]]:
    tool = _folded()
    world = World(
        random.Random(3), Assessors(tool.screen, tool.watch), tool.watch.book, partitions=partitions
    )
    known = list(lives(3, START, uk=0.5))
    world.publish(message for life in known for message in life.messages)
    world.run()
    return world, known


def _again(world: World, known: list[Life]) -> None:
    """Everything once more, which uses every state, and others after it, so long after that all is looked through."""
    world.publish(message for life in known for message in life.messages)
    world.publish(message for life in lives(2, START, seed=9) for message in life.messages)
    late = lives(2, START + timedelta(days=400), seed=11)
    world.publish(message for life in late for message in life.messages)
    world.run()


def _letters(world: World) -> list[DeadLetter]:
    return [
        msgspec.json.decode(record.value, type=DeadLetter) for record in world.records(topics.DEAD_LETTERS)
    ]


def _set_aside(world: World) -> list[DeadLetter]:
    letters = _letters(world)
    assert not [one for one in letters if one.reason == "INTERNAL_ERROR"], letters
    return [one for one in letters if one.reason in ("UNREADABLE_STATE", "NEWER_STATE")]


def _newest(world: World, topic: topics.Topic) -> dict[tuple[int, bytes], bytes]:
    newest = {(one.partition, one.key): one.value for one in world.records(topic)}
    return {place: value for place, value in newest.items() if value}


@pytest.mark.parametrize("how", ANY)
@pytest.mark.parametrize("topic", STATES, ids=lambda topic: topic.name)
def test_every_value_of_a_state_may_be_spoilt(topic: topics.Topic, how: str) -> None:
    world, known = _world()
    spoilt: dict[str, tuple[Any, bytes]] = {}
    for (partition, key), value in _newest(world, topic).items():
        record = world.write(topic, partition, key, ANY[how](value))
        spoilt[f"{record.topic}/{partition}/{record.offset}"] = (record, key)
    assert spoilt
    world.restart()
    _again(world, known)
    found = {one.id: one for one in _set_aside(world)}
    used = {id for id in spoilt if id in found}
    # What cannot be seen to be broken before it is used is told when it is: some keys are never used again.
    assert used and found.keys() == used
    for id, letter in found.items():
        record, key = spoilt[id]
        assert letter.reason == "UNREADABLE_STATE"
        assert (letter.source.topic, letter.source.partition, letter.source.offset) == (
            record.topic,
            record.partition,
            record.offset,
        )
        assert base64.b64decode(letter.source.key or "") == key
        assert letter.message() == record.value
    verdicts = world.latest(topics.VERDICTS)
    for life in lives(2, START, seed=9):
        assert {f"{life.key}@{number}".encode() for number in life.versions} <= verdicts.keys()


@pytest.mark.parametrize("how", DECLARATIONS_ONLY)
def test_what_is_broken_within_a_history_is_found_on_first_use(how: str) -> None:
    world, known = _world()
    alerts = world.latest(topics.ALERTS).keys()
    spoilt = {}
    for (partition, key), value in _newest(world, topics.STATE).items():
        record = world.write(topics.STATE, partition, key, DECLARATIONS_ONLY[how](value))
        spoilt[f"{record.topic}/{partition}/{record.offset}"] = key
    world.restart()
    _again(world, known)
    found = {one.id: one.reason for one in _set_aside(world)}
    assert found == dict.fromkeys(spoilt, "UNREADABLE_STATE")
    assert world.latest(topics.ALERTS).keys() >= alerts


def test_a_newer_dictionary_is_a_newer_release() -> None:
    world, known = _world()
    newer = _packed_anew(lambda body: bytes([packing.NEWEST + 1]) + body[1:])
    for (partition, key), value in _newest(world, topics.STATE).items():
        world.write(topics.STATE, partition, key, newer(value))
    world.restart()
    _again(world, known)
    found = _set_aside(world)
    assert {one.reason for one in found} == {"NEWER_STATE"}
    assert all("newer" in one.detail for one in found)


@pytest.mark.parametrize("topic", STATES, ids=lambda topic: topic.name)
def test_a_value_in_a_newer_form_says_so_and_is_left_for_the_release_that_reads_it(
    topic: topics.Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, known = _world()
    monkeypatch.setattr(set_aside, "FORMAT", 2)
    newer = [
        set_aside.state_record(world.settings.topic(topic.name), key, value, partition)
        for (partition, key), value in _newest(world, topic).items()
    ]
    for one in newer:
        world.write(topic, one.partition or 0, one.key, one.value, one.headers)
    before = len(world.records(topic))
    monkeypatch.setattr(set_aside, "FORMAT", 1)
    world.restart()
    world.publish(message for life in lives(2, START, seed=9) for message in life.messages)
    world.run()
    found = _set_aside(world)
    assert len(found) == len(newer) and {one.reason for one in found} == {"NEWER_STATE"}
    assert all("form 2, and this one reads up to 1" in one.detail for one in found)
    # Nothing that was not spoken of was written over or deleted.
    kept = {one.key for one in newer}
    assert not [one for one in world.records(topic)[before:] if one.value is None and one.key in kept]
    monkeypatch.setattr(set_aside, "FORMAT", 2)
    count = len(_set_aside(world))
    world.restart()
    _again(world, known)
    assert len(_set_aside(world)) == count


def test_records_that_no_worker_wrote_are_set_aside_whatever_they_are() -> None:
    world, known = _world()
    for topic in STATES:
        (partition, key), value = next(
            item for item in _newest(world, topic).items() if item[0][1] not in (BEGAN, IN_USE)
        )
        world.write(topic, partition, None, value)
        world.write(topic, partition, None, None)
        world.write(topic, 1 - partition, key, value)  # a second owner of one key
        world.write(topic, partition, b"\xff\xfe", value)
        world.write(topic, partition, key, value, [("format", b"\xff")])
    world.write(topics.PATTERN_STATE, 0, b"statistics|x|y", b"!\x00")
    world.restart()
    _again(world, known)
    details = [one.detail for one in _set_aside(world)]
    for said, count in (("has no key", 6), ("belongs in partition", 3), ("not UTF-8", 3), ("no number", 3)):
        assert sum(said in one for one in details) == count, said
    assert sum("edition's number" in one for one in details) == 1


@pytest.mark.parametrize("value", [b"!\x00", b"\x00garbage", b"!", b""])
def test_statistics_that_cannot_be_read_are_used_no_more(value: bytes) -> None:
    there = statistics.world(random.Random(1))
    statistics.load(there, statistics.edition(1, "901310"))
    there.run()
    for partition in range(there.settings.partitions):
        there.write(topics.PATTERN_STATE, partition, IN_USE, value)
        there.write(topics.PATTERN_STATE, partition, line_key(1, "901310|DE|KG"), value)
    there.restart()
    statistics.lodge(there)
    there.run()
    assert len({one.id for one in _set_aside(there)}) >= 1
    statistics.load(there, statistics.edition(2, "901310"))
    there.run()
    _set_aside(there)
    heads = {value for (_, key), value in _newest(there, topics.PATTERN_STATE).items() if key == IN_USE}
    assert {read_edition(head[1:]).source for head in heads} == {"S2"}


HOSTILE: dict[str, tuple[bytes | None, bytes | None]] = {
    "garbage": (b"x", b"\xff\x00garbage"),
    "no key": (None, b"[]"),
    "null": (b"y", None),
    "nested deep": (b"z", b"[" * 100_000),
    "nested deep in MessagePack": (b"z", b"\x91" * 100_000),
    "key that is no text": (b"\xff\xfe\x00", b"\x97\x01"),
    "large": (b"x", b"\xc1" * 5_000_000),
    "statistics without a number": (b"statistics|", b"\x97\x01"),
    "statistics of no line": (b"statistics|7|x|y|z", b"\x97\x01"),
    "statistics of a huge number": (b"statistics|" + b"9" * 5_000, b"\x97\x01"),
}


@pytest.mark.parametrize("how", HOSTILE)
def test_a_foreign_record_of_an_internal_topic_is_a_dead_letter_and_no_bug_of_ours(how: str) -> None:
    world, known = _world()
    key, value = HOSTILE[how]
    internal = (topics.REFERENCES, topics.VERSIONS, topics.OBSERVATIONS)
    at = {f"{one.topic}/0/{one.offset}" for one in (world.write(topic, 0, key, value) for topic in internal)}
    _again(world, known)
    found = {one.id: one.reason for one in _letters(world) if one.id in at}
    assert found.keys() == at and "INTERNAL_ERROR" not in found.values()


def test_a_record_in_the_partition_of_another_key_makes_no_second_owner() -> None:
    """Seen: a version in a foreign partition got a second verdict, from a state of its own."""
    world, _ = _world()
    internal = (topics.REFERENCES, topics.VERSIONS, topics.OBSERVATIONS)
    misplaced = []
    for topic in internal:
        # A dead letter of an event that looks for its declaration is that of the message it came in.
        one = next(one for one in world.records(topic) if b"Seek" not in (one.value or b""))
        misplaced.append(world.write(topic, 1 - one.partition, one.key, one.value, one.headers))
    before = len(world.records(topics.VERDICTS))
    world.run()
    found = {one.id: one for one in _letters(world)}
    for record in misplaced:
        letter = found[f"{record.topic}/{record.partition}/{record.offset}"]
        assert letter.reason == "SCHEMA_VIOLATION" and "belongs in partition" in letter.detail
    assert len(world.records(topics.VERDICTS)) == before


def test_what_is_said_of_a_value_holds_nothing_of_it() -> None:
    error = msgspec.ValidationError("Invalid enum value 'LISTED FIRM \x1b[31m' - at `$[4][0]`")
    assert "LISTED" not in set_aside.refusal(error).detail
    assert "LISTED" not in set_aside.refusal(KeyError("LISTED FIRM")).detail
