"""A run: a state is sent once a key, observations once a partition, answers are handled together; and nothing is lost."""

from typing import NamedTuple

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from streams.agents.runs import MOST_BYTES, RUN_KEY, TICK_KEY, GatheredAnswers, RunMerger, gathered, observed
from streams.kafka import topics
from streams.kafka.delivery import Outgoing
from streams.settings import Settings
from tests.declarations.strategies import STEADY

SETTINGS = Settings()
STATE, SEEN, VERDICTS = (
    SETTINGS.topic(topic.name) for topic in (topics.PATTERN_STATE, topics.OBSERVATIONS, topics.VERDICTS)
)
encode = msgspec.msgpack.encode

RECORDS = st.lists(
    st.builds(
        Outgoing,
        st.sampled_from([STATE, SEEN, VERDICTS]),
        st.sampled_from([b"a", b"b"]),
        st.integers(0, 1000).map(encode),
        st.integers(0, 2),
    ),
    max_size=30,
)


def merged(records: list[Outgoing]) -> list[Outgoing]:
    return RunMerger(SETTINGS).merged(records)


def unpacked(records: list[Outgoing], partition: int) -> list[bytes]:
    """The observations for a partition, in their order."""
    return [
        bytes(value)
        for record in records
        if (record.topic, record.partition) == (SEEN, partition)
        for value in (observed(record.value) if record.key == RUN_KEY else [record.value or b""])
    ]


@STEADY
@given(RECORDS)
def test_nothing_is_lost_but_a_state_that_a_newer_one_replaces(records: list[Outgoing]) -> None:
    out = merged(records)
    assert [one for one in out if one.topic == VERDICTS] == [one for one in records if one.topic == VERDICTS]
    newest = {one.key: one for one in records if one.topic == STATE}
    assert sorted(one.key for one in out if one.topic == STATE) == sorted(newest)
    assert all(newest[one.key] is one for one in out if one.topic == STATE)
    for partition in range(3):
        assert unpacked(out, partition) == unpacked(records, partition)
        assert sum((one.topic, one.partition) == (SEEN, partition) for one in out) <= 1


@STEADY
@given(RECORDS)
def test_the_order_of_what_stays_is_kept(records: list[Outgoing]) -> None:
    out = [one for one in merged(records) if one.topic != SEEN]
    places = [next(n for n, record in enumerate(records) if record is one) for one in out]
    assert places == sorted(places)


def test_a_single_observation_stays_what_it_is() -> None:
    one = Outgoing(SEEN, b"firms|a", encode(7), 1)
    assert merged([one]) == [one]


def test_no_record_of_a_run_grows_without_bound() -> None:
    large = encode(b"x" * (MOST_BYTES // 3))
    out = merged([Outgoing(SEEN, b"k", large, 0) for _ in range(7)])
    assert len(unpacked(out, 0)) == 7 and len(out) > 1
    assert all(len(one.value or b"") <= MOST_BYTES for one in out)


class Told(NamedTuple):
    """A record of customs.versions."""

    key: bytes
    value: bytes
    offset: int = 0


ANSWER, VERSION, TICK = b'{"answer":{}}', b'{"envelope":{}}', b"{}"
TOLD = st.lists(
    st.one_of(
        st.builds(Told, st.sampled_from([b"x", b"y"]), st.sampled_from([ANSWER, ANSWER, VERSION])),
        st.just(Told(TICK_KEY, TICK)),
    ),
    max_size=20,
).map(lambda told: [one._replace(offset=offset) for offset, one in enumerate(told)])


@STEADY
@given(TOLD)
def test_answers_are_gathered_and_of_each_declaration_the_order_stays(told: list[Told]) -> None:
    out = gathered(told)
    apart = [one for item in out for one in (item.records if isinstance(item, GatheredAnswers) else [item])]
    assert sorted(apart, key=lambda one: one.offset) == told
    for key in (b"x", b"y"):
        assert [one for one in apart if one.key in (key, TICK_KEY)] == [
            one for one in told if one.key in (key, TICK_KEY)
        ]


def test_what_is_gathered_is_read_as_its_last_record() -> None:
    (one,) = gathered([Told(b"x", ANSWER, 3), Told(b"x", ANSWER, 5)])
    assert isinstance(one, GatheredAnswers)
    assert (one.key, one.offset) == (b"x", 5)
