"""A party that meets a list entry again and again: counted exactly, without the declaration's own, bounded, and forgotten."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from streams.patterns.contract import Repeat
from streams.patterns.repeated import Repeated, RepeatFigures, RepeatPart, RepeatState
from streams.patterns.trade import Met
from tests.patterns.orders import after, shuffled
from tests.patterns.trades import day, trade

pytestmark = pytest.mark.R01

REPEATED = Repeated(RepeatFigures.bundled())
FIRST = day("2022-01-01")
BROKER = Met("id:KG1", 2, "test-list", "E-1")

parts = st.builds(
    RepeatPart,
    day=st.integers(FIRST, FIRST + 5),
    parties=st.just((1,)),
    list=st.just("test-list"),
    entry=st.just("E-1"),
)


@given(st.lists(parts, max_size=8), st.lists(parts, max_size=8), st.randoms(use_true_random=False))
def test_any_order_of_adding_and_taking_back_leaves_what_is_left(
    kept: list[RepeatPart], taken_back: list[RepeatPart], chance
) -> None:
    assert after(REPEATED, shuffled(chance, kept, taken_back)) == after(
        REPEATED, [(1, part) for part in kept]
    )


@given(st.lists(parts, min_size=1, max_size=8), st.integers(0, 900))
def test_what_is_forgotten_does_not_come_back(all_parts: list[RepeatPart], later: int) -> None:
    state = after(REPEATED, [(1, part) for part in all_parts])
    state = REPEATED.forget(state, FIRST + later)
    for part in all_parts:
        if state is not None and part.day < state.edge:
            assert REPEATED.add(state, part) == state == REPEATED.remove(state, part)
    assert later <= RepeatFigures.bundled().kept_days + 5 or state is None


def test_declarations_before_are_told_and_later_ones_are_not() -> None:
    (one,) = REPEATED.contributions(trade("2022-06-15", met=(BROKER,)))
    state = RepeatState()
    for days in (-3, -3, 0, 4):
        state = REPEATED.add(state, replace(one.part, day=one.part.day + days))
    assert REPEATED.tell(state, one.part, 0).repeats == (Repeat(2, "test-list", "E-1", 3),)
    assert not REPEATED.tell(RepeatState(), one.part, 0).repeats


def test_a_firm_in_two_roles_is_one_pair_and_a_cancelled_declaration_none() -> None:
    twice = trade(met=(BROKER, replace(BROKER, party=3), replace(BROKER, entry="E-2")))
    assert [one.part.parties for one in REPEATED.contributions(twice)] == [(2, 3), (2,)]
    assert not list(REPEATED.contributions(replace(twice, cancelled=True)))


def test_pairs_of_a_declaration_and_the_state_of_one_are_bounded() -> None:
    many = trade(met=tuple(replace(BROKER, entry=f"E-{n}") for n in range(1000)))
    assert len(list(REPEATED.contributions(many))) == RepeatFigures.bundled().kept_pairs
    (one,) = REPEATED.contributions(trade(met=(BROKER,)))
    state = RepeatState()
    for days in range(2000):
        state = REPEATED.add(state, replace(one.part, day=one.part.day + days))
        state = REPEATED.forget(state, one.part.day + days) or RepeatState()
    assert len(msgspec.msgpack.encode(state)) < 4000
    assert timedelta(days=len(state.days)) <= timedelta(days=RepeatFigures.bundled().kept_days + 1)
