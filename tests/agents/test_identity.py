"""The identity agent on its records: what it sends, what its dead letters hold, and what a crash does to it."""

import random
from collections import Counter, defaultdict, deque
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.agents.identity import TICK, claims, deadline_of, identity_handler, releases, seeks, told
from streams.agents.intake import intake_handler
from streams.agents.loop import Handler
from streams.declarations.dead_letter import DeadLetter
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Tree, VersionsRecord
from streams.declarations.formats.adapters import NONE
from streams.kafka import topics
from streams.kafka.delivery import Outgoing, key_partition
from streams.kafka.state import PartitionedState
from streams.lifecycle.references import Seek
from streams.metrics import Metrics
from streams.settings import Settings
from tests.declarations.messages import event, original
from tests.declarations.strategies import STEADY
from tests.examples import tried

SETTINGS = Settings(partitions=2, base_wait=3600.0, life_days=1)
NAMES = {
    topic: SETTINGS.topic(topic.name)
    for topic in (topics.VERSIONS, topics.REFERENCES, topics.REFERENCE_STATE, topics.DEAD_LETTERS)
}
KEY = "uk.cds|GB1|L1"


class Record(NamedTuple):
    """A Kafka record as aiokafka gives it."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


def arrived(value: bytes, offset: int = 17) -> Record:
    return Record("customs.declarations", 3, offset, 1_655_000_000_000, b"k", value)


class Desk:
    """One worker's identity agent with both partitions, whose own records come back to it at once."""

    def __init__(self) -> None:
        self.metrics = Metrics(process=False)
        self.state, self.handle = start({}, self.metrics)
        self.now = 1_655_000_000.0

    def say(self, *records: Outgoing) -> list[Outgoing]:
        """What goes to the other topics in the end."""
        queue, out = deque(records), []
        while queue:
            record = queue.popleft()
            if record.topic != NAMES[topics.REFERENCES]:
                out.append(record)
                continue
            assert record.partition == key_partition(record.key, SETTINGS.partitions)
            queue += self.handle(
                Record(record.topic, record.partition, 0, int(self.now * 1000), record.key, record.value)
            )
        return out

    def tick(self, seconds: float) -> list[Outgoing]:
        self.now += seconds
        return self.say(*ticks())

    def counted(self, how: str) -> float | None:
        return self.metrics.registry.get_sample_value("torugart_events_routed_total", {"how": how})


def start(values: dict[int, dict[bytes, bytes]], metrics: Metrics) -> tuple[PartitionedState, Handler]:
    state = PartitionedState(SETTINGS, "state", metrics, name="identity", deadline_of=deadline_of(SETTINGS))
    for partition in range(SETTINGS.partitions):
        state._take(partition, dict(values.get(partition, {})), 1)
    return state, identity_handler(SETTINGS, state, metrics)


def ticks() -> list[Outgoing]:
    """One to each partition."""
    keys = (f"{n}".encode() for n in range(100))
    one = {key_partition(key, SETTINGS.partitions): key for key in keys}
    return [Outgoing(NAMES[topics.REFERENCES], one[n], TICK, n) for n in range(SETTINGS.partitions)]


def of(topic: topics.Topic, records: list[Outgoing]) -> list[Outgoing]:
    return [record for record in records if record.topic == NAMES[topic]]


NOTICE = event("n", "L1", "M1")
AMENDMENT = event("a", "OWN", "M1", kind="AMENDMENT_REQUESTED", submitter="GB1", delta=Tree("Declaration"))


def test_an_event_goes_to_the_versions_of_its_declaration_as_the_intake_would_have_sent_it() -> None:
    desk = Desk()
    desk.say(*claims(SETTINGS, original("GB1", "L1")))
    (routed,) = of(topics.VERSIONS, desk.say(seeks(SETTINGS, NOTICE, arrived(b"<notice/>"))))
    assert routed.key == KEY.encode()
    assert routed.partition == key_partition(routed.key, SETTINGS.partitions)
    assert msgspec.json.decode(routed.value or b"", type=VersionsRecord) == VersionsRecord(event=NOTICE)
    assert dict(routed.headers) == {"received": b"1655000000000", "source": b"customs.declarations/3/17"}
    assert desk.counted("at_once") == 1


def test_an_amendment_waits_until_a_notice_tells_whose_its_mrn_is() -> None:
    desk = Desk()
    assert not of(topics.VERSIONS, desk.say(seeks(SETTINGS, AMENDMENT, arrived(b"<amendment/>"))))
    assert not of(topics.VERSIONS, desk.say(seeks(SETTINGS, NOTICE, arrived(b"<notice/>", 18))))
    desk.now += 5
    out = desk.say(*claims(SETTINGS, original("GB1", "L1")))
    found = [
        msgspec.json.decode(one.value or b"", type=VersionsRecord).event for one in of(topics.VERSIONS, out)
    ]
    assert found == [NOTICE, AMENDMENT]
    assert desk.counted("waited") == 2


def test_without_its_declaration_it_becomes_a_dead_letter_once_and_is_taken_up_late() -> None:
    desk = Desk()
    desk.say(seeks(SETTINGS, AMENDMENT, arrived(b"<amendment/>")))
    assert not of(topics.DEAD_LETTERS, desk.tick(3599))
    (out,) = of(topics.DEAD_LETTERS, desk.tick(1))
    letter = msgspec.json.decode(out.value or b"", type=DeadLetter)
    assert (letter.reason, letter.stage, letter.id) == (
        "BASE_MISSING",
        "identity",
        "customs.declarations/3/17",
    )
    assert letter.message() == b"<amendment/>"
    assert letter.detail.startswith("its declaration did not come within 1 hours")
    assert not of(topics.DEAD_LETTERS, desk.tick(3600))
    out_late = desk.say(*claims(SETTINGS, original("GB1", "L1", "M1")))
    assert len(of(topics.VERSIONS, out_late)) == 1
    assert desk.counted("late") == 1


def test_one_that_cannot_be_given_up_keeps_no_other_from_it() -> None:
    desk = Desk()
    for number in range(20):  # in both partitions, before and after it
        desk.say(seeks(SETTINGS, event(f"{number}", f"L{number}"), arrived(b"<notice/>", number)))
        if number == 9:
            desk.say(told(SETTINGS, "lrn||broken", Seek("broken", b"no MessagePack")))
            desk.say(told(SETTINGS, "lrn||broken too", Seek("broken too", b"no MessagePack")))
    letters = [
        msgspec.json.decode(one.value or b"", type=DeadLetter)
        for one in of(topics.DEAD_LETTERS, desk.tick(3600))
    ]
    assert Counter(letter.reason for letter in letters) == {"BASE_MISSING": 20, "INTERNAL_ERROR": 2}


def test_nothing_is_held_for_ever() -> None:
    desk = Desk()
    desk.say(seeks(SETTINGS, AMENDMENT, arrived(b"<amendment/>")))
    desk.say(*claims(SETTINGS, original("GB2", "L2")))
    desk.say(seeks(SETTINGS, event("x", "L2", "M2"), arrived(b"<notice/>")))
    desk.tick(3600)
    last = desk.tick(24 * 3600)
    assert {one.key for one in of(topics.REFERENCE_STATE, last) if one.value is None} == {
        b"lrn|uk.cds|OWN",
        b"mrn|uk.cds|M1",
    }
    gone = of(topics.REFERENCE_STATE, desk.say(*releases(SETTINGS, original("GB2", "L2"))))
    assert {one.key for one in gone if one.value is None} == {b"lrn|uk.cds|L2", b"mrn|uk.cds|M2"}
    assert [desk.state.due(n, 1e12) for n in range(2)] == [[], []]
    assert [list(desk.state.items(n)) for n in range(SETTINGS.partitions)] == [[]] * SETTINGS.partitions


def test_a_worker_that_is_told_to_wait_longer_does() -> None:
    desk = Desk()
    desk.say(seeks(SETTINGS, AMENDMENT, arrived(b"<amendment/>")))
    patient = msgspec.structs.replace(SETTINGS, base_wait=7200.0)
    desk.handle = identity_handler(patient, desk.state, desk.metrics)
    assert not of(topics.DEAD_LETTERS, desk.tick(3600))
    assert len(of(topics.DEAD_LETTERS, desk.tick(3600))) == 1


def test_a_record_that_is_none_becomes_a_dead_letter() -> None:
    _, handle = start({}, Metrics(process=False))
    (out,) = handle(Record("customs.references", 0, 5, 0, b"lrn|x|y", b"\xff"))
    letter = msgspec.json.decode(out.value or b"", type=DeadLetter)
    assert (letter.id, letter.reason, letter.stage) == (
        "customs.references/0/5",
        "SCHEMA_VIOLATION",
        "identity",
    )


def test_a_bug_on_the_way_keeps_the_original_message() -> None:
    state, handle = start({}, Metrics(process=False))
    record = seeks(SETTINGS, NOTICE, arrived(b"<notice/>"))
    state.assigned(set(), 2)  # not ours: using it raises
    (out,) = handle(Record(record.topic, 0, 5, 0, record.key, record.value))
    letter = msgspec.json.decode(out.value or b"", type=DeadLetter)
    assert (letter.id, letter.message()) == ("customs.declarations/3/17", b"<notice/>")


def test_an_event_too_large_for_a_record_is_refused_by_the_intake() -> None:
    noise = "".join(chr(33 + random.Random(1).randrange(90)) for _ in range(10)) * 900_000
    huge = event("a", "L", "M", kind="AMENDMENT_REQUESTED", delta=Tree("Declaration", noise))
    with pytest.raises(Unscreenable, match="TOO_LARGE"):
        seeks(SETTINGS, huge, arrived(b"<amendment/>"))


def test_what_says_nothing_is_counted_and_leaves_nothing() -> None:
    metrics = Metrics(process=False)
    data = (
        b'<MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"><Response '
        b'xmlns="urn:wco:datamodel:WCO:RES-DMS:2"><FunctionCode>13</FunctionCode><IssueDateTime>'
        b'<DateTimeString formatCode="304">20230615100000Z</DateTimeString></IssueDateTime><Declaration>'
        b"<FunctionalReferenceID>L1</FunctionalReferenceID><ID>M1</ID></Declaration></Response></MetaData>"
    )
    assert intake_handler(SETTINGS, NONE, metrics)(arrived(data)) == []
    assert metrics.registry.get_sample_value("torugart_declarations_total", {"outcome": "ignored"}) == 1
    assert metrics.registry.get_sample_value("torugart_declarations_total", {"outcome": "accepted"}) == 0


class Worker:
    """The identity agent on a log of references, killed now and then. As `Delivery` does it, what is marked `after`
    arrives only when everything else handled up to there has; else any part of what was under way may be lost."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.logs: dict[int, list[Record]] = defaultdict(list)
        self.states: dict[int, dict[bytes, bytes]] = defaultdict(dict)
        self.routed: set[tuple[bytes, str]] = set()
        self.letters: set[bytes] = set()
        self.committed: dict[int, int] = defaultdict(int)
        self.now = 0.0

    def send(self, record: Outgoing) -> None:
        if record.topic == NAMES[topics.REFERENCES]:
            log = self.logs[record.partition or 0]
            log.append(
                Record(
                    record.topic,
                    record.partition or 0,
                    len(log),
                    int(self.now * 1000),
                    record.key,
                    record.value,
                )
            )
        elif record.topic == NAMES[topics.REFERENCE_STATE]:
            values = self.states[record.partition or 0]
            if record.value is None:
                values.pop(record.key, None)
            else:
                values[record.key] = record.value
        elif record.topic == NAMES[topics.VERSIONS]:
            said = msgspec.json.decode(record.value or b"", type=VersionsRecord).event
            assert said is not None
            self.routed.add((record.key, said.id))
        else:
            self.letters.add(record.key)

    def run(self, kills: int) -> None:
        while True:
            _, handle = start(self.states, Metrics(process=False))
            position = dict(self.committed)
            under_way: list[Outgoing] = []
            while open_ := [n for n, log in sorted(self.logs.items()) if position.get(n, 0) < len(log)]:
                partition = self.chance.choice(open_)
                under_way += handle(self.logs[partition][position.get(partition, 0)])
                position[partition] = position.get(partition, 0) + 1
                if kills and self.chance.random() < 0.2:
                    kills -= 1
                    self.lose(under_way)
                    break
                if self.chance.random() < 0.3:
                    self.deliver(under_way)
                    under_way = []
                    self.committed = defaultdict(int, position)
            else:
                self.deliver(under_way)
                self.committed = defaultdict(int, position)
                if not [n for n, log in self.logs.items() if self.committed[n] < len(log)]:
                    return

    def deliver(self, records: list[Outgoing]) -> None:
        for record in sorted(records, key=lambda record: record.after):
            self.send(record)

    def lose(self, records: list[Outgoing]) -> None:
        first = [record for record in records if not record.after]
        arrived = [record for record in first if self.chance.random() < 0.5]
        if self.chance.random() < 0.5:
            arrived, last = first, [record for record in records if record.after]
            arrived = first + last[: self.chance.randint(0, len(last))]
        for record in arrived:
            self.send(record)


@settings(STEADY, max_examples=tried(300))
@given(st.integers(0, 10), st.booleans(), st.randoms(use_true_random=False))
def test_a_worker_that_dies_at_any_point_loses_no_event(
    kills: int, lodged_late: bool, chance: random.Random
) -> None:
    worker = Worker(chance)
    wanted: set[tuple[bytes, str]] = set()
    said: list[Outgoing] = []
    claimed: list[Outgoing] = []
    for which in range(3):
        lrn, mrn, key = f"L{which}", f"M{which}", f"uk.cds|GB1|L{which}".encode()
        told: list[Event] = [
            event(f"acc{which}", lrn, mrn),
            event(f"amd{which}", "OWN", mrn, kind="AMENDMENT_REQUESTED", submitter="GB1"),
            event(f"rel{which}", None, mrn, kind="RELEASED"),
        ]
        for number, one in enumerate(told):
            said.append(seeks(SETTINGS, one, arrived(b"<m/>", which * 10 + number)))
            wanted.add((key, one.id))
        claimed += claims(SETTINGS, original("GB1", lrn))
    if not lodged_late:
        said, claimed = said + claimed, []
    chance.shuffle(said)
    for record in said:
        worker.send(record)
    worker.run(kills)
    worker.now += 2 * SETTINGS.base_wait
    for record in [*ticks(), *claimed]:
        worker.send(record)
    worker.run(kills)
    assert worker.routed == wanted
    assert len(worker.letters) == (9 if lodged_late else 0)
