"""What is sent again, and what is not: docs/decisions/0011."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from streams.cases.questions import GATHERED_SECONDS
from streams.declarations.events import Event
from streams.declarations.model import DeclarationVersion
from streams.kafka import topics
from streams.patterns.contract import PatternAdvice
from streams.patterns.memory import Answered
from tests.agents.desk import Desk
from tests.agents.world import World
from tests.factory import EVENT_TIME, declaration, item, party, route
from tests.folded import Folded
from tests.lives import lives
from tests.patterns.trades import finding_of

KEY = "test|1"
WAIT = 6
"""Seconds after which a verdict waits no more"""
LONG = WAIT + int(GATHERED_SECONDS)


def _sights(version: int = 1, **changes: Any) -> DeclarationVersion:
    """Of which every detector is asked, and which is looked at whatever they say."""
    defaults: dict[str, Any] = {
        "version_number": version,
        "event_type": "LODGED" if version == 1 else "AMENDED",
        "event_date_time": EVENT_TIME + timedelta(hours=version),
        "goods_items": (item(hs6="854231", description="processors"),),
        "countries_of_routing": route("CN", "RU", "KG"),
        "parties": (
            party("EXPORTER", "Shenzhen Sample Parts", country="CN"),
            party("CONSIGNEE", "OsOO Severny Most", country="KG", phone="+996 312 555013"),
        ),
    }
    return declaration(**defaults | changes)


def _desk_with(answers_late: bool) -> tuple[Desk, list[Answered]]:
    desk = Desk()
    answers = desk.lodge(_sights())
    assert len(answers) >= 5, "several detectors are asked"
    if answers_late:
        desk.tick(WAIT)
    return desk, answers


def _sent(desk: Desk) -> tuple[int, int]:
    return len(desk.records(topics.VERDICTS)), len(desk.records(topics.ALERTS))


def _with_a_finding(said: Answered) -> Answered:
    return replace(said, told=PatternAdvice((finding_of(said.key),)))


def test_answers_in_time_make_one_verdict_and_one_alert() -> None:
    desk, answers = _desk_with(answers_late=False)
    for second, said in enumerate(answers):
        assert _sent(desk) == (0, 0)
        desk.answer(KEY, said, second)
    assert _sent(desk) == (1, 1)


def test_late_answers_that_find_nothing_send_nothing() -> None:
    desk, answers = _desk_with(answers_late=True)
    assert _sent(desk) == (1, 1)
    (first,) = desk.records(topics.VERDICTS)
    assert any("in time" in one["missing"][0] for one in first["notEvaluable"])
    for said in answers:
        desk.answer(KEY, replace(said, told=PatternAdvice()), WAIT + 1)
    desk.tick(2 * LONG)
    assert _sent(desk) == (1, 1)


def test_late_answers_that_find_something_are_said_at_once() -> None:
    desk, answers = _desk_with(answers_late=True)
    for said in answers:
        desk.answer(KEY, _with_a_finding(said), WAIT + 1)
    desk.tick(2 * LONG)
    assert _sent(desk) == (2, 2)
    before, after = desk.records(topics.ALERTS)
    assert len(after["findings"]) >= len(before["findings"]) + len(answers)
    assert before["evidenceHash"] != after["evidenceHash"]


def test_late_answers_of_which_some_never_come_are_said_within_a_minute() -> None:
    desk, answers = _desk_with(answers_late=True)
    for said in answers[:-1]:
        desk.answer(KEY, _with_a_finding(said), WAIT + 20)
    desk.tick(WAIT + 50)
    assert _sent(desk) == (1, 1)
    desk.tick(2 * LONG)
    assert _sent(desk) == (2, 2)
    desk.answer(KEY, _with_a_finding(answers[-1]), 3 * LONG)
    assert _sent(desk) == (3, 3), "the last of all"


def test_a_message_that_comes_twice_raises_no_alert_again() -> None:
    """Its sender has its verdict again; the answers that the detectors give once more say nothing."""
    desk, answers = _desk_with(answers_late=False)
    for said in answers:
        desk.answer(KEY, said, 1)
    for said in desk.lodge(_sights(), 2):
        desk.answer(KEY, said, 3)
    assert _sent(desk) == (2, 1)


def test_a_notice_that_leaves_the_case_as_it_is_sends_nothing() -> None:
    desk, answers = _desk_with(answers_late=False)
    for said in answers:
        desk.answer(KEY, said, 1)
    asked = Event(
        id="a", kind="DOCUMENTS_REQUESTED", at=EVENT_TIME, source_system="test", source_message_type="X"
    )
    desk.tell(KEY, asked, 5)
    assert _sent(desk) == (1, 1)
    desk.tell(KEY, replace(asked, id="b", kind="CONTROL_NOTIFIED"), 6)
    assert len(desk.records(topics.ALERTS)) == 2
    assert desk.records(topics.ALERTS)[-1]["declarationStatus"] == "UNDER_CONTROL"


@pytest.mark.parametrize("late", [False, True])
def test_a_killed_worker_says_again_what_may_be_lost_and_no_more(late: bool) -> None:
    """Its state has all that was said; nothing of what was sent had arrived."""
    desk, answers = _desk_with(late)
    for second, said in enumerate(answers, WAIT + 1):
        desk.answer(KEY, _with_a_finding(said), second)
    for said in desk.lodge(_sights(2, goods_items=(item(hs6="854231", statistical_value="17"),)), LONG):
        desk.answer(KEY, said, LONG + 1)
    sent = {name: list(records) for name, records in desk.sent.items()}
    desk.sent.clear()
    desk.restart()
    desk.again()
    for topic in (topics.VERDICTS, topics.ALERTS):
        newest = {one.key: one for one in sent[topic.name]}
        assert {one.key: one for one in desk.sent[topic.name]} == newest


def test_a_killed_worker_says_again_what_a_tick_had_made_it_say() -> None:
    desk, _ = _desk_with(answers_late=True)
    sent = {name: list(records) for name, records in desk.sent.items()}
    desk.sent.clear()
    desk.restart()
    desk.again()
    assert {name: records for name, records in desk.sent.items() if records} == {
        name: records for name, records in sent.items() if records
    }
    desk.again()
    assert len(desk.records(topics.ALERTS)) == 1, "once"


def test_alerts_are_counted_apart_from_their_updates() -> None:
    desk, answers = _desk_with(answers_late=True)
    for said in answers:
        desk.answer(KEY, _with_a_finding(said), WAIT + 1)
    assert (desk.counted("torugart_alerts_total"), desk.counted("torugart_alert_updates_total")) == (1, 1)
    assert (desk.counted("torugart_verdicts_total"), desk.counted("torugart_verdict_updates_total")) == (1, 1)
    assert desk.counted("torugart_answers_given_up_total") == 1


@pytest.mark.parametrize("seed", range(6))
def test_no_alert_says_what_the_one_before_it_said(seed: int) -> None:
    chance = random.Random(seed)
    all_lives = list(lives(25, datetime(2026, 3, 2, 8, tzinfo=UTC), seed))
    messages = [message for life in all_lives for message in life.messages]
    messages += [message for message in messages if chance.random() < 0.5]
    chance.shuffle(messages)
    tool = Folded()
    watch = tool.watch
    world = World(chance, replace(tool.assessors, patterns=watch), watch.book)
    world.publish(messages)
    world.run()
    said: dict[bytes, list[str | None]] = {}
    for record in world.records(topics.ALERTS):
        value = record.value and msgspec.json.decode(record.value)["evidenceHash"]
        said.setdefault(record.key, []).append(value)
    assert said
    assert said
    assert all(before != after for hashes in said.values() for before, after in pairwise(hashes))
