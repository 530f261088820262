"""An upgrade loses nothing: what releases before this one wrote, stored in the folders beside this file, is read by the code of
today, and a worker that begins with their state goes on with it.

Where a test here fails, installations that upgrade would lose what they remember, or answer declarations from before the upgrade
wrongly: state values are set aside with a dead letter for each (`test_a_worker_takes_up_all_state`), records under way in the
internal topics become dead letters (`test_what_was_under_way_is_handled`), commands fail on what topics hold
(`test_messages_are_read`), an amendment finds no declaration (`test_lives_that_began_before_end_as_meant`), or every firm and
contact is new (`test_detectors_know_whom_they_knew`). Do not change the samples; read the old form as well.
"""

import base64
import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from streams.agents import identity, patterns, screening
from streams.agents.statistics import IN_USE, MARK
from streams.assessment.verdict import Verdict
from streams.cases.alert import Alert
from streams.cases.declaration_record import Assessors
from streams.cases.stored import decode_record
from streams.declarations.dead_letter import DeadLetter
from streams.kafka import topics
from streams.patterns import episode_alert
from streams.patterns.statistics import read_edition
from streams.review.decision import Decision
from streams.watchlists.assembler import EditionAssembler
from tests.agents.world import World
from tests.folded import Folded, assert_as_meant
from tests.lives import Image, Life
from tests.upgrades import trade

RELEASES = sorted(path for path in Path(__file__).parent.iterdir() if path.is_dir() and path.name[0] == "v")
STATES = (topics.STATE, topics.REFERENCE_STATE, topics.PATTERN_STATE)
UNDER_WAY = (topics.REFERENCES, topics.VERSIONS, topics.OBSERVATIONS)
DETECTORS = ("corridors", "firms", "contacts", "suppliers", "reexport", "splits", "relodged")

LISTED = "list.name"
"""Code of the finding of a consignee on a list."""

pytestmark = pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)


def test_the_samples_hold_something_of_everything(release: Path) -> None:
    """So that none of the tests below passes because it has nothing to read."""
    keys = [key.split(b"|")[0].decode() for _, key, _ in rows(release, topics.PATTERN_STATE.name)]
    assert set(keys) >= {*DETECTORS, "!began", "!statistics", "statistics"}
    for topic in (topics.DECLARATIONS, *STATES, *UNDER_WAY):
        assert rows(release, topic.name), topic.name
    assert sum(path.stat().st_size for path in release.iterdir()) < 300_000


def test_a_worker_takes_up_all_state(release: Path) -> None:
    world = began(release)
    read: dict[str, Callable[[int, bytes, bytes], None]] = {
        topics.STATE.name: screening.read_whole,
        topics.REFERENCE_STATE.name: identity.read_whole,
        topics.PATTERN_STATE.name: patterns.read_whole(folded().watch.book),
    }
    for topic in STATES:
        for partition, key, value in rows(release, topic.name):
            read[topic.name](partition, key, value)
    world.publish([trade.declared("test|any", "2022-06-11", trade.CLEAR, trade.SHIRTS)])
    world.run()
    assert dead(world) == [], "a value that is set aside is told with the next record of its partition"


def test_what_was_under_way_is_handled(release: Path) -> None:
    """Records of the topics that agents read. Of declarations, those that the release refused are refused again."""
    world = began(release)
    sent = rows(release, topics.DECLARATIONS.name)
    world.publish([(trade.day("2022-06-12"), value) for _, _, value in sent])
    world.run()
    for topic in UNDER_WAY:
        for partition, key, value in rows(release, topic.name):
            world.write(topic, partition, key, value)
    world.run()
    refused = {decoded(DeadLetter, value).reason for _, _, value in rows(release, topics.DEAD_LETTERS.name)}
    assert {one.reason for one in dead(world)} <= refused


def test_messages_are_read(release: Path) -> None:
    for _, key, value in rows(release, topics.VERDICTS.name):
        verdict = decoded(Verdict, value)
        assert key.decode() == f"{verdict.declaration_key}@{verdict.version_number}"
    kinds = set()
    for _, key, value in rows(release, topics.ALERTS.name):
        if key.startswith(episode_alert.KEY_PREFIX.encode()):
            assert episode_alert.decode(value).key == key.decode()
            kinds.add("corridor")
        else:
            assert decoded(Alert, value).declaration_key == key.decode()
            kinds.add("declaration")
    assert kinds == {"corridor", "declaration"}
    for _, _, value in rows(release, topics.DEAD_LETTERS.name):
        assert decoded(DeadLetter, value).message()
    for _, key, value in rows(release, "decisions"):
        assert decoded(Decision, value).declaration_key == key.decode()


def test_watchlists_are_taken(release: Path) -> None:
    assembler = EditionAssembler()
    for _, key, value in rows(release, topics.WATCHLISTS.name):
        assembler.feed(key, value)
    assert assembler.faults() == {}
    (edition,) = assembler.complete().values()
    assert trade.LISTED.upper() in {name.upper() for entry in edition.entries for name in entry.names}


def test_statistics_are_taken_and_stay_in_use(release: Path) -> None:
    loaded = fresh()
    for partition, key, value in rows(release, "baseline"):
        loaded.observe(partition, key, value, trade.day("2020-01-01"))
    loaded.run()
    for world in (loaded, began(release)):
        in_use = world.latest(topics.PATTERN_STATE)[IN_USE]
        assert read_edition(in_use[len(MARK) :]).source == "invented figures"


def test_lives_that_began_before_end_as_meant(release: Path) -> None:
    """Amendments, notices and originals that come after the upgrade, to declarations and references from before it."""
    world = began(release)
    rest = [(trade.datetime.fromisoformat(row["at"]), data(row["value"])) for row in raw(release, "later")]
    world.publish(rest)
    world.run()
    assert dead(world) == []
    _, alerts = said(world)
    kept = world.latest(topics.STATE)
    for life in lives(release):
        answers = [decoded(Verdict, one.json()) for one in decode_record(kept[life.key.encode()]).answers]
        assert_as_meant(life, {one.version_number: one for one in answers}, alerts.get(life.key))


def test_an_amendment_of_an_old_declaration_is_answered(release: Path) -> None:
    world = began(release)
    world.publish(
        [
            trade.declared(trade.AMENDED, "2022-06-12", trade.LISTED, trade.SHIRTS, version=2),
            trade.declared(trade.CLEARED, "2022-06-12", trade.CLEAR, trade.SHIRTS, version=2),
        ]
    )
    world.run()
    verdicts, alerts = said(world)
    assert codes(verdicts[trade.AMENDED, 2].findings) >= {LISTED}
    raised = alerts[trade.AMENDED]
    assert (raised.status, raised.version_number) == ("OPEN", 2)
    assert listed(raised) == [("OPEN", 2)]
    assert [moment.version_number for moment in raised.timeline] == [1, 2]
    assert LISTED not in codes(verdicts[trade.CLEARED, 2].findings)
    closed = alerts[trade.CLEARED]
    assert (closed.status, closed.version_number) == ("CLOSED", 2)
    assert listed(closed) == [("CLOSED", 1)]


def test_what_was_answered_is_answered_alike(release: Path) -> None:
    """A declaration that was sent before and is sent again is the same one, with the verdict it had."""
    world = began(release)
    world.publish([trade.declared(trade.CLEARED, "2022-06-08", trade.LISTED, trade.SHIRTS)])
    world.run()
    (kept,) = [value for _, key, value in rows(release, topics.STATE.name) if key == trade.CLEARED.encode()]
    (answer,) = decode_record(kept).answers
    assert world.latest(topics.VERDICTS)[f"{trade.CLEARED}@1".encode()] == answer.json()
    assert not world.records(topics.ALERTS), "what the alert says has not changed"
    assert dead(world) == []


def test_detectors_know_whom_they_knew(release: Path) -> None:
    world = began(release)
    world.publish(
        [
            trade.declared("test|known", "2022-06-14", trade.OLD_FIRM),
            trade.declared("test|stranger", "2022-06-14", trade.STRANGER),
            trade.declared("test|sharer", "2022-06-14", "Balykchy Parts OsOO", phone=trade.SHARED),
        ]
    )
    world.run()
    verdicts, _ = said(world)
    known, stranger, sharer = (
        codes(verdicts[f"test|{name}", 1].findings) for name in ("known", "stranger", "sharer")
    )
    assert "firm.established" in known and "firm.new" not in known
    assert "firm.new" in stranger
    assert "contact.shared" in sharer and "contact.shared" not in stranger
    (shared,) = [one for one in verdicts["test|sharer", 1].findings if one.code == "contact.shared"]
    assert f"of {len(trade.SHARERS)} other firms" in shared.evidence


@pytest.mark.parametrize(("name", "country", "phone"), trade.OTHER_CONTACTS, ids=lambda value: value[-4:])
def test_a_telephone_is_found_under_the_key_it_had(
    release: Path, name: str, country: str, phone: str
) -> None:
    world = began(release)
    world.publish([trade.declared("test|again", "2022-06-14", "Uzgen Import", country=country, phone=phone)])
    world.run()
    verdicts, _ = said(world)
    assert "contact.shared" in codes(verdicts["test|again", 1].findings), (name, phone)


def test_a_telephone_kept_under_two_keys_is_one_finding(release: Path) -> None:
    """Under its old key a firm from before the upgrade, under the new one a firm from after it."""
    world = began(release)
    name, country, phone = trade.OTHER_CONTACTS[0]
    for number, again in enumerate(("Uzgen Import", "Talas Optics")):
        world.publish(
            [trade.declared(f"test|again|{number}", "2022-06-14", again, country=country, phone=phone)]
        )
        world.run()
    verdicts, _ = said(world)
    for number in (0, 1):
        shared = [f for f in verdicts[f"test|again|{number}", 1].findings if f.code == "contact.shared"]
        assert [finding.key for finding in shared] == ["R27/contact.shared/1/phone"], (name, number)


@cache
def folded() -> Folded:
    return Folded()


def fresh() -> World:
    watch = folded().watch
    return World(random.Random(1), Assessors(folded().screen, watch), watch.book, partitions=3)


def began(release: Path) -> World:
    """A worker that begins with the state that the release left."""
    world = fresh()
    for topic in STATES:
        for partition, key, value in rows(release, topic.name):
            world.write(topic, partition, key, value)
    world.restart()
    return world


def dead(world: World) -> list[DeadLetter]:
    return [decoded(DeadLetter, record.value) for record in world.records(topics.DEAD_LETTERS)]


def said(world: World) -> tuple[dict[tuple[str, int], Verdict], dict[str, Alert]]:
    verdicts = [decoded(Verdict, value) for value in world.latest(topics.VERDICTS).values()]
    alerts = [
        decoded(Alert, value)
        for key, value in world.latest(topics.ALERTS).items()
        if not key.startswith(episode_alert.KEY_PREFIX.encode())
    ]
    return (
        {(one.declaration_key, one.version_number): one for one in verdicts},
        {one.declaration_key: one for one in alerts},
    )


def listed(alert: Alert) -> list[tuple[str, int]]:
    """Status of the finding of a listed consignee, and the version since which it is there."""
    return [(one.status, one.since_version) for one in alert.findings if one.finding.code == LISTED]


def codes(findings: Any) -> set[str]:
    return {one.code for one in findings}


def decoded(kind: Any, value: bytes) -> Any:
    return msgspec.json.decode(value, type=kind)


def lives(release: Path) -> list[Life]:
    return [
        Life(
            row["key"],
            [],
            {
                int(number): (
                    in_force,
                    Image(image["consignee"], {int(n): code for n, code in image["items"].items()}),
                )
                for number, (in_force, image) in row["versions"].items()
            },
            row["status"],
            tuple(row["gaps"]),
        )
        for row in raw(release, "lives")
    ]


def rows(release: Path, name: str) -> list[tuple[int, bytes, bytes]]:
    """Partition, key and value of each stored record."""
    return [(row["partition"], data(row["key"]), data(row["value"])) for row in raw(release, name)]


def raw(release: Path, name: str) -> list[dict[str, Any]]:
    return list(_lines(release / f"{name}.jsonl"))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open() as file:
        yield from map(json.loads, file)


def data(text: str | None) -> bytes:
    return base64.b64decode(text or "")
