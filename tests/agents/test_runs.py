"""What a run sends: a state once a key, observations once a partition, in an order that loses nothing."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from streams.agents.runs import MOST_BYTES, RUN_KEY, RunMerger, observed
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
