"""State that goes over to another number of partitions: what it says stays, and what comes afterwards is neither lost nor counted
twice, whoever is killed."""

import random
from itertools import islice

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from streams.agents.began import first_day, merged
from streams.agents.moved import carriers
from streams.agents.statistics import IN_USE, LINE, MARK, edition_records
from streams.cases.alerts import decode_alert, decode_verdict, encode
from streams.cases.declaration_record import Assessors
from streams.cases.questions import unpacked
from streams.cases.stored import decode_record
from streams.errors import UserError
from streams.kafka import topics
from streams.kafka.delivery import key_partition
from streams.kafka.repartition import Carrier
from streams.patterns.firm_records import PREFIX, FirmRecord, without_places
from streams.patterns.statistics import read_edition
from streams.settings import Settings
from tests.agents.test_statistics import START, edition
from tests.agents.world import World
from tests.examples import tried
from tests.folded import Folded, assert_as_meant, told
from tests.lives import lives
from tests.recount import Recount, assert_exact
from tests.remembered import states_of
from tests.waves import LIFE_DAYS, Trade, Wave

BEFORE, AFTER = 2, 5
STATES = (topics.STATE, topics.REFERENCE_STATE, topics.PATTERN_STATE)
OLD, NEW = Settings(partitions=BEFORE), Settings(partitions=AFTER, topic_prefix="customs.p5.")


def _world(recount: Recount, settings: Settings) -> World:
    watch = recount.watch
    return World(
        random.Random(1),
        Assessors(recount.tool.screen, watch),
        watch.book,
        settings.partitions,
        topic_prefix=settings.topic_prefix,
        life_days=LIFE_DAYS,
    )


def _moved(old: World, new: World) -> None:
    """What the command does, without a Kafka."""
    for topic, carrier in carriers(old.settings, new.settings).items():
        _carry(topic, carrier, old, new)
    new.restart()


def _carry(topic: topics.Topic, carrier: Carrier, old: World, new: World) -> None:
    newest = {(record.partition, record.key): record.value for record in old.records(topic)}
    placed = [carrier.take(partition, key, value) for (partition, key), value in newest.items() if value]
    for one in [*(one for one in placed if one is not None), *carrier.rest()]:
        carrier.check(one.partition, one.key, one.value or b"")
        new.write(topic, one.partition, one.key, one.value)


@pytest.mark.load
def test_half_the_trade_before_a_move_and_half_after_it_is_what_a_recount_gives() -> None:
    recount, trade = Recount(), Trade()
    world, after = _world(recount, OLD), _world(recount, NEW)
    for number, wave in enumerate(trade.waves()):
        if number == 8:
            _moved(world, after)
            assert world.latest(topics.ALERTS) == after.latest(topics.ALERTS)
            assert world.latest(topics.VERDICTS) == after.latest(topics.VERDICTS)
            world = after
        world.publish([(at, value) for at, _, value in wave.messages])
        world.run(kill=0.002 if number >= 8 else 0)
        recount.follow(wave)
    assert world.kills > 3
    assert not world.records(topics.DEAD_LETTERS)
    newest = map(world.latest, (topics.PATTERN_STATE, topics.VERDICTS, topics.ALERTS))
    assert_exact(*newest, recount, trade)


def _moved_after_two_waves(recount: Recount) -> tuple[World, World, Wave]:
    """The stream before and after a move, and what came last before it."""
    world, after = _world(recount, OLD), _world(recount, NEW)
    for wave in islice(Trade().waves(), 2):
        world.publish([(at, value) for at, _, value in wave.messages])
        world.run()
    _moved(world, after)
    return world, after, wave


def test_every_value_is_the_same_but_for_the_records_it_was_made_by() -> None:
    world, after, _ = _moved_after_two_waves(Recount())
    for topic in STATES:
        old, new = world.latest(topic), after.latest(topic)
        assert old.keys() == new.keys() and (len(old) > 50 or topic is topics.REFERENCE_STATE)
        for key, value in old.items():
            assert _without_guards(topic, key, value) == _without_guards(topic, key, new[key])
    cases = after.latest(topics.STATE)
    assert not any(unpacked(decode_record(value).asking).said for value in cases.values())
    for record in after.records(topics.STATE):
        assert record.partition == key_partition(record.key, AFTER)


def test_what_comes_again_after_a_move_is_not_counted_again() -> None:
    recount = Recount()
    world, after, wave = _moved_after_two_waves(recount)
    before = states_of(after.latest(topics.PATTERN_STATE), recount.watch)
    for _ in range(16):  # to offsets higher than those of before
        after.publish([(at, value) for at, _, value in wave.messages])
        after.run()
    assert max(record.offset for record in after.records(topics.VERSIONS)) > max(
        record.offset for record in world.records(topics.VERSIONS)
    )
    assert states_of(after.latest(topics.PATTERN_STATE), recount.watch) == before


def test_lives_cut_in_two_by_a_move_end_as_they_were_meant() -> None:
    tool = Folded()
    all_lives = list(lives(60, START))
    messages = sorted(message for life in all_lives for message in life.messages)
    old, new = (
        World(
            random.Random(1),
            tool.assessors,
            partitions=settings.partitions,
            topic_prefix=settings.topic_prefix,
        )
        for settings in (OLD, NEW)
    )
    old.publish(messages[: len(messages) // 2])
    old.run()
    _moved(old, new)
    assert len(new.latest(topics.REFERENCE_STATE)) > 20
    new.publish(messages[len(messages) // 2 :])
    new.run(kill=0.01)
    verdicts, alerts = new.latest(topics.VERDICTS), new.latest(topics.ALERTS)
    for life in all_lives:
        key = life.key.encode()
        got = {number: verdicts[b"%s@%d" % (key, number)] for number in life.versions}
        expected, alert = tool.of(life)
        assert {n: told(value) for n, value in got.items()} == {
            n: told(encode(verdict)) for n, verdict in expected.items()
        }
        assert told(alerts.get(key)) == told(alert and encode(alert))
        assert_as_meant(
            life,
            {number: decode_verdict(value) for number, value in got.items()},
            decode_alert(alerts[key]) if key in alerts else None,
        )


def _without_guards(topic: topics.Topic, key: bytes, value: bytes) -> object:
    """By the fields' places, as any reader of MessagePack sees them."""
    if topic is topics.STATE:
        case = msgspec.structs.asdict(decode_record(value))
        asking = msgspec.structs.asdict(unpacked(case.pop("asking")))
        return case, {name: part for name, part in asking.items() if name != "said"}
    if topic is topics.PATTERN_STATE and not key.startswith(b"!"):
        fields = msgspec.msgpack.decode(value, strict=False)
        fields[1 if key.startswith(PREFIX) else 2] = {}
        return fields
    return value


def test_a_repeated_move_is_refused_where_records_would_have_the_names_of_older_ones() -> None:
    recount = Recount()
    world, after = _world(recount, OLD), _world(recount, NEW)
    wave = next(Trade().waves())
    world.publish([(at, value) for at, _, value in wave.messages])
    world.run()
    _moved(world, after)
    back = _world(recount, OLD)
    with pytest.raises(UserError, match="--prefix"):
        _moved(after, back)


def _statistics(world: World, *traded: str) -> None:
    for records in edition_records(edition(7, *traded), world.settings.partitions):
        for one in records:
            assert one.partition is not None
            world.observe(one.partition, one.key, one.value or b"", START)
    world.run()


def test_statistics_stand_where_their_corridors_do_and_every_partition_knows_how_many() -> None:
    recount = Recount()
    world, after = _world(recount, OLD), _world(recount, NEW)
    _statistics(world, "901310", "854231", "848210")
    _moved(world, after)
    lines = [record for record in after.records(topics.PATTERN_STATE) if record.key.startswith(LINE)]
    assert len(lines) == 6
    heads = {
        record.partition: read_edition(record.value[len(MARK) :])
        for record in after.records(topics.PATTERN_STATE)
        if record.key == IN_USE
    }
    assert set(heads) == set(range(AFTER))
    for partition, head in heads.items():
        assert head.lines == sum(record.partition == partition for record in lines)
    straight = _world(recount, replace_prefix(NEW))
    _statistics(straight, "901310", "854231", "848210")
    assert after.latest(topics.PATTERN_STATE).keys() == straight.latest(topics.PATTERN_STATE).keys()
    assert {(r.partition, r.key, r.value) for r in after.records(topics.PATTERN_STATE)} == {
        (r.partition, r.key, r.value) for r in straight.records(topics.PATTERN_STATE)
    }


def replace_prefix(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, topic_prefix="straight.")


def test_statistics_that_not_all_partitions_use_are_to_be_loaded_again_first() -> None:
    carrier = carriers(OLD, NEW)[topics.PATTERN_STATE]
    head = msgspec.msgpack.encode(edition(7).edition)
    assert carrier.take(0, IN_USE, MARK + head) is None
    with pytest.raises(UserError, match="baselines load"):
        list(carrier.rest())


def test_a_key_in_the_partition_of_another_is_not_taken() -> None:
    carrier = carriers(OLD, NEW)[topics.STATE]
    wrong = 1 - key_partition(b"a", BEFORE)
    with pytest.raises(ValueError, match="partition"):
        carrier.take(wrong, b"a", b"")


days = st.integers(0, 40_000)


@hypothesis_settings(max_examples=tried(50))
@given(st.dictionaries(st.integers(0, 3), days, min_size=1), st.binary(min_size=1))
def test_each_key_keeps_the_day_from_which_all_of_it_is_remembered(began: dict[int, int], key: bytes) -> None:
    value = merged({one: b"%d" % day for one, day in began.items()}, 4)
    assert value is not None
    assert first_day(value, key) == began.get(key_partition(key, 4), max(began.values()))
    assert value[:1].isdigit()
    assert merged(dict.fromkeys(range(9), value), 9) == value
    if b":" in value:
        assert merged({0: value, 1: b"40001"}, 2) == b"40001"


def test_where_no_partition_began_none_begins() -> None:
    assert merged({}, 3) is None


@pytest.mark.parametrize("value", [b"2:1", b"x", b"", b"2:1,x"])
def test_what_is_no_day_is_refused(value: bytes) -> None:
    with pytest.raises(ValueError):
        first_day(value, b"a")


def test_a_firm_keeps_its_months() -> None:
    value = msgspec.msgpack.encode(FirmRecord(9, {1: 5}, {24000: 3}))
    assert msgspec.msgpack.decode(without_places(value), type=FirmRecord) == FirmRecord(9, {}, {24000: 3})
