"""Which state a worker may keep over a rebalance, and when its deadlines come."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.state import PartitionedState, StateName
from streams.metrics import Metrics
from streams.settings import Settings


def _owning(*partitions: int, generation: int) -> PartitionedState:
    state = PartitionedState(Settings(), "state", Metrics(process=False))
    for partition in partitions:
        state._take(partition, {}, generation)
        state.put(partition, b"k", b"v")
    return state


def test_a_partition_that_stayed_ours_is_kept() -> None:
    state = _owning(0, 1, generation=4)
    state.assigned({0, 2}, 5)
    assert state.owns(0) and state.get(0, b"k") == b"v"
    assert not state.owns(1) and not state.owns(2)


def test_after_a_missed_generation_nothing_is_trusted() -> None:
    """Another worker may have had the partition in between and changed its state."""
    state = _owning(0, generation=4)
    state.assigned({0}, 6)
    assert not state.owns(0)


def test_a_partition_that_came_back_is_read_again() -> None:
    state = _owning(0, generation=4)
    state.assigned(set(), 5)
    state.assigned({0}, 6)
    assert not state.owns(0)


def _value(due: float | None) -> bytes:
    return b"" if due is None else struct.pack("d", due)


def _due_of(value: bytes) -> float | None:
    return struct.unpack("d", value)[0] if value else None


def _timed(resolution: float = 1.0, **values: float | None) -> PartitionedState:
    state = PartitionedState(
        Settings(), "state", Metrics(process=False), deadline_of=_due_of, resolution=resolution
    )
    state._take(0, {key.encode(): _value(due) for key, due in values.items()}, 1)
    return state


def _put(state: PartitionedState, key: bytes, due: float | None) -> None:
    state.put(0, key, _value(due), due)


def test_a_deadline_comes_up_once_and_never_early() -> None:
    state = _timed(resolution=10)
    _put(state, b"a", 11)
    assert state.due(0, 12) == []  # the bucket ends at 20
    assert state.due(0, 20) == [b"a"]
    assert state.due(0, 99) == []


def test_deadlines_are_known_again_after_a_recovery() -> None:
    state = _timed(a=5, b=None, c=7)
    assert state.due(0, 6) == [b"a"]
    assert state.due(0, 7) == [b"c"]


def test_a_deadline_that_moved_counts_from_where_it_moved_to() -> None:
    state = _timed(later=5, sooner=50)
    _put(state, b"later", 20)
    _put(state, b"sooner", 10)
    assert state.due(0, 10) == [b"sooner"]
    assert state.due(0, 20) == [b"later"]
    _put(state, b"sooner", 60)
    assert state.due(0, 59) == []
    assert state.due(0, 60) == [b"sooner"]


def test_a_deadline_that_moved_comes_up_once_even_if_nobody_puts_the_key_again() -> None:
    state = _timed(a=20)
    _put(state, b"a", 10)
    assert state.due(0, 10) == [b"a"]
    assert state.due(0, 20) == []


def test_what_was_deleted_is_not_due() -> None:
    state = _timed(a=5)
    state.delete(0, b"a")
    assert state.get(0, b"a") is None
    assert state.due(0, 6) == []


def test_a_state_that_lost_its_partition_lost_its_deadlines() -> None:
    state = _timed(a=5)
    state.assigned(set(), 2)
    assert state.due(0, 6) == []


def test_a_deadline_moved_again_and_again_takes_one_place() -> None:
    state = _timed()
    for moved in range(1000):
        _put(state, b"a", 100.0 + moved)
    assert sum(len(keys) for keys in state._deadlines[0]._buckets.values()) == 5


def test_bytes_and_keys_are_counted_by_state() -> None:
    metrics = Metrics(process=False)
    names: tuple[StateName, ...] = ("screening", "identity")
    for name in names:
        state = PartitionedState(Settings(), "state", metrics, name=name)
        state._take(0, {}, 1)
        state.put(0, b"a", b"12345")
        state.put(0, b"b", b"1")
        state.put(0, b"a", b"123")
        state.delete(0, b"b")
        state.report()
        labels = {"state": str(name)}
        assert metrics.registry.get_sample_value("torugart_state_keys", labels) == 1
        assert metrics.registry.get_sample_value("torugart_state_bytes", labels) == 3


KEYS = st.sampled_from([b"a", b"b", b"c"])
TIMES = st.integers(0, 60)
DONE = st.one_of(
    st.tuples(st.just("put"), KEYS, st.none() | TIMES),
    st.tuples(st.just("delete"), KEYS, st.none()),
    st.tuples(st.just("due"), st.none(), TIMES),
)


@given(st.lists(DONE, max_size=40), st.sampled_from([0.5, 1.0, 7.0]))
def test_whatever_is_put_and_deleted_each_deadline_comes_up_exactly_once(
    steps: list[tuple[str, bytes | None, int | None]], resolution: float
) -> None:
    state = _timed(resolution)
    waiting: dict[bytes, int] = {}
    latest = 0
    for what, key, time in [*steps, ("due", None, 1000)]:
        if what == "put" and key is not None:
            waiting.pop(key, None)
            if time is not None:
                waiting[key] = latest + time
            _put(state, key, waiting.get(key))
        elif what == "delete" and key is not None:
            waiting.pop(key, None)
            state.delete(0, key)
        elif time is not None:
            latest = max(latest, time)
            came = state.due(0, latest)
            assert len(came) == len(set(came))
            assert set(came) <= {key for key, due in waiting.items() if due <= latest}
            assert {key for key, due in waiting.items() if due <= latest - resolution} <= set(came)
            for key in came:
                del waiting[key]
    assert waiting == {}
