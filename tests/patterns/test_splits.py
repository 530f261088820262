"""Consignments between two: the state is that of what is in it, whatever the order; small; forgotten in time."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.patterns.splits import SplitFigures, SplitPart, Splits
from tests.patterns.orders import after, shuffled
from tests.patterns.trades import day, gravity

pytestmark = pytest.mark.R20

SPLITS = Splits(gravity(), SplitFigures.bundled())
FIRST = day("2022-06-01")

names = st.sets(st.sampled_from(["EU_STATISTICS", "US_EEI", "OTHER"])).map(lambda one: tuple(sorted(one)))
parts = st.builds(
    SplitPart, day=st.integers(FIRST, FIRST + 5), cents=st.integers(0, 300_000), under=names, over=st.just(())
) | st.builds(SplitPart, day=st.integers(FIRST, FIRST + 5), cents=st.just(1), under=st.just(()), over=names)


@given(st.lists(parts, max_size=8), st.lists(parts, max_size=8), st.randoms(use_true_random=False))
def test_any_order_of_adding_and_taking_back_leaves_what_is_left(
    kept: list[SplitPart], taken_back: list[SplitPart], chance
) -> None:
    assert after(SPLITS, shuffled(chance, kept, taken_back)) == after(SPLITS, [(1, part) for part in kept])


@given(st.lists(parts, min_size=1, max_size=8), st.integers(0, 400))
def test_what_is_forgotten_does_not_come_back(all_parts: list[SplitPart], later: int) -> None:
    state = SPLITS.forget(after(SPLITS, [(1, part) for part in all_parts]), FIRST + later)
    for part in all_parts:
        if state is not None and part.day < state.edge:
            assert SPLITS.add(state, part) == state == SPLITS.remove(state, part)
    assert later <= SplitFigures.bundled().kept_periods + 6 or state is None


def test_every_threshold_names_its_source_and_one_always_fits() -> None:
    assert all(len(one.source) > 20 and one.name for one in SplitFigures.bundled().threshold)
    assert [one.id for one in SplitFigures.bundled().threshold if one.fallback] == ["OTHER"]
    groups = {
        name
        for one in SplitFigures.bundled().threshold
        for name in one.dispatch + one.destination
        if len(name) > 2
    }
    assert groups <= set(gravity().countries.unions)


def test_two_traders_cost_little() -> None:
    def size(days: int) -> int:
        each = [SplitPart(FIRST + at, 90_000, ("EU_STATISTICS",)) for at in range(days)]
        return len(msgspec.msgpack.encode(after(SPLITS, [(1, part) for part in each])))

    assert size(1) <= 29
    assert size(SplitFigures.bundled().kept_periods) <= 2_000
