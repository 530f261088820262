"""Which state a worker may keep over a rebalance."""

from streams.agents.state import PartitionedState
from streams.metrics import Metrics
from streams.settings import Settings


def _owning(*partitions: int, generation: int) -> PartitionedState:
    state = PartitionedState(Settings(), "state", Metrics(process=False))
    for partition in partitions:
        state._values[partition] = {}
        state._owned_since[partition] = generation
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
