"""The canary for `streams/kafka/transport.py`: what it overrides in Faust must be what it was written against."""

import inspect
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import aiokafka
import faust
from faust.transport.consumer import Consumer
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.transport import BatchConsumer

TP0 = TP("t", 0)


def test_the_versions_are_the_pinned_ones() -> None:
    assert (faust.__version__, aiokafka.__version__) == ("0.15.3", "0.14.0")


def test_what_is_overridden_is_there_with_the_same_parameters() -> None:
    overridden = (
        "_new_offset",
        "_commit_offsets",
        "_drain_messages",
        "on_partitions_revoked",
        "perform_seek",
    )
    for name in (*overridden, "_new_consumer_thread"):
        ours = list(inspect.signature(getattr(BatchConsumer, name)).parameters)
        theirs = list(inspect.signature(getattr(driver.Consumer, name)).parameters)
        assert ours == theirs, name


def test_the_state_it_reads_is_still_made_by_faust() -> None:
    source = inspect.getsource(Consumer)
    for attribute in ("_acked_index", "_acked", "_read_offset", "_committed_offset", "_buffered_partitions"):
        assert f"self.{attribute}" in source, attribute
    assert "generation_id" in inspect.getsource(faust.types.ConsumerMessage.__init__)


def test_faust_consumer_reads_committed_records_only() -> None:
    """The setting is read when the consumer starts, from where it is put."""
    assert "isolation_level=self._isolation_level" in inspect.getsource(aiokafka.AIOKafkaConsumer.start)
    assert "_create_worker_consumer(transport)" in inspect.getsource(driver.AIOKafkaConsumerThread)


def _consumer(runs: list[tuple[int, int]]) -> Any:
    """The bookkeeping of a consumer that has delivered these runs (first, last) of one partition."""
    consumer = BatchConsumer.__new__(BatchConsumer)
    consumer._in_flight = defaultdict(dict)
    consumer._acked_index, consumer._acked = defaultdict(set), defaultdict(list)
    consumer._committed_offset = defaultdict(lambda: None)
    consumer._unacked_messages, consumer._n_acked, consumer._waiting_for_ack = set(), 0, None
    consumer.app = SimpleNamespace(topics=SimpleNamespace(acks_enabled_for=lambda topic: True))
    for run in runs:
        _deliver(consumer, *run)
    return consumer


def _deliver(consumer: Any, first: int, last: int) -> Any:
    message = ConsumerMessage(
        "t", 0, last, 0.0, 0, [], b"", list(range(first, last + 1)), None, tp=TP0, generation_id=1
    )
    consumer._in_flight[TP0][last] = message
    return message


@given(st.lists(st.integers(1, 20), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_only_the_contiguous_prefix_of_acknowledged_runs_is_committed(sizes: list[int], rng: Any) -> None:
    runs, start = [], 100
    for size in sizes:
        runs.append((start, start + size - 1))
        start += size
    consumer, acked, committed = _consumer(runs), set(), 100
    order = runs.copy()
    rng.shuffle(order)
    for run in order:
        acked.add(run)
        assert consumer.ack(consumer._in_flight[TP0][run[1]])
        committed = consumer._new_offset(TP0) or committed
        expected = 100
        for first, last in runs:
            if (first, last) not in acked:
                break
            expected = last + 1
        assert committed == expected
    assert not consumer._in_flight[TP0] and not consumer._acked[TP0]


def test_an_acknowledgement_from_before_a_rebalance_commits_nothing() -> None:
    """The same offsets were delivered again, in one run, and nobody has handled them yet."""
    consumer = _consumer([(1, 100), (101, 200)])
    late = consumer._in_flight[TP0][200]
    consumer._in_flight.pop(TP0)
    again = _deliver(consumer, 1, 200)
    assert not consumer.ack(late)
    assert consumer._new_offset(TP0) is None
    assert consumer.ack(again)
    assert consumer._new_offset(TP0) == 201


def test_lag_counts_what_is_not_fetched_and_not_what_is_deleted() -> None:
    consumer = _consumer([])
    consumer.assignment = lambda: {TP0}
    consumer.highwater = lambda tp: 600
    consumer._ends, consumer._starts = {TP0: 5000}, {TP0: 400}
    consumer._delivering = {}
    consumer._thread = SimpleNamespace(read_to=lambda tp: 0)
    assert consumer.lag() == {TP0: 4600}
    consumer._committed_offset[TP0] = 4900
    assert consumer.lag() == {TP0: 100}


def test_the_end_of_a_transaction_is_no_lag_and_what_is_under_way_is() -> None:
    consumer = _consumer([(4900, 4998)])
    consumer.assignment = lambda: {TP0}
    consumer.highwater = lambda tp: 5000
    consumer._ends, consumer._starts, consumer._delivering = {}, {}, {}
    consumer._committed_offset[TP0] = 4900
    consumer._thread = SimpleNamespace(read_to=lambda tp: 5000)
    assert consumer.lag() == {TP0: 100}
    consumer._in_flight.clear()
    consumer._delivering = {TP0: [object()]}
    assert consumer.lag() == {TP0: 100}
    consumer._delivering = {}
    assert consumer.lag() == {TP0: 0}
