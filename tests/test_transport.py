"""The canary for `streams/transport.py`: what it overrides in Faust must be what it was written against."""

import inspect
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import aiokafka
import faust
from faust.transport.consumer import Consumer
from faust.types import TP
from hypothesis import given
from hypothesis import strategies as st

from streams.transport import BatchConsumer

TP0 = TP("t", 0)


def test_the_versions_are_the_pinned_ones() -> None:
    assert (faust.__version__, aiokafka.__version__) == ("0.15.3", "0.14.0")


def test_what_is_overridden_is_there_with_the_same_parameters() -> None:
    for name in ("_new_offset", "_commit_offsets", "_drain_messages", "on_partitions_revoked"):
        ours = list(inspect.signature(getattr(BatchConsumer, name)).parameters)
        theirs = list(inspect.signature(getattr(Consumer, name)).parameters)
        assert ours == theirs, name


def test_the_state_it_reads_is_still_made_by_faust() -> None:
    source = inspect.getsource(Consumer)
    for attribute in ("_acked_index", "_acked", "_read_offset", "_committed_offset", "_buffered_partitions"):
        assert f"self.{attribute}" in source, attribute
    assert "generation_id" in inspect.getsource(faust.types.ConsumerMessage.__init__)


def _consumer(runs: list[tuple[int, int]]) -> Any:
    """The bookkeeping of a consumer that has delivered these runs (first, last) of one partition."""
    in_flight: dict[TP, dict[int, int]] = defaultdict(dict)
    in_flight[TP0] = {last: first for first, last in runs}
    return SimpleNamespace(_in_flight=in_flight, _acked_index=defaultdict(set), _acked=defaultdict(list))


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
        consumer._acked_index[TP0].add(run[1])
        consumer._acked[TP0].append(run[1])
        committed = BatchConsumer._new_offset(consumer, TP0) or committed
        expected = 100
        for first, last in runs:
            if (first, last) not in acked:
                break
            expected = last + 1
        assert committed == expected
    assert not consumer._in_flight[TP0] and not consumer._acked[TP0]
