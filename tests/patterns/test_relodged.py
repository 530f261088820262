"""Attempts and declarations: the state is that of what is in it, whatever the order; bounded, and says so at its bound."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from streams.patterns.relodged import (
    LodgedLot,
    Relodged,
    RelodgedFigures,
    RelodgedPart,
    RelodgedQuestion,
    RelodgedState,
)
from tests.patterns.orders import after, shuffled
from tests.patterns.trades import day, gravity

pytestmark = pytest.mark.R15

RELODGED = Relodged(gravity(), RelodgedFigures.bundled())
FIRST = day("2022-06-01")
ASK = RelodgedQuestion("HS 854231", (1,), "854231", 1.0)

entries = st.builds(
    LodgedLot,
    day=st.integers(FIRST, FIRST + 5),
    ended=st.sampled_from([-1, FIRST + 5]),
    consignee=st.sampled_from([0, 1 << 32 | 1, 2 << 32 | 2]),
    destination=st.sampled_from(["KG", "RU"]),
    unit=st.just("pieces"),
    units=st.integers(1, 3),
    grams=st.integers(0, 3),
    cents=st.integers(-1, 3),
    declaration=st.sampled_from(["a", "b"]),
)
parts = st.builds(RelodgedPart, entry=entries)


def entry(at: int = 0, **changes) -> LodgedLot:
    defaults = {
        "day": FIRST,
        "ended": -1,
        "consignee": (0xFFFFFFFF << 32) + at,
        "destination": "KG",
        "unit": "pieces",
        "units": 1_000_000,
        "grams": 10_000,
        "cents": 6_000_000,
        "declaration": f"test|22DE123456789012{at:03}",
    }
    return LodgedLot(**defaults | changes)


@given(st.lists(parts, max_size=8), st.lists(parts, max_size=8), st.randoms(use_true_random=False))
def test_any_order_of_adding_and_taking_back_leaves_what_is_left(
    kept: list[RelodgedPart], taken_back: list[RelodgedPart], chance
) -> None:
    found = after(RELODGED, shuffled(chance, kept, taken_back))
    assert found == after(RELODGED, [(1, part) for part in kept])


@given(st.lists(parts, max_size=8), st.randoms(use_true_random=False))
def test_what_is_told_does_not_hang_on_the_order(kept: list[RelodgedPart], chance) -> None:
    one = after(RELODGED, shuffled(chance, kept, []))
    asks = RelodgedPart(entry(day=FIRST + 5, units=2, grams=2, cents=2), ASK)
    assert RELODGED.tell(one, asks, 0) == RELODGED.tell(
        after(RELODGED, [(1, part) for part in kept]), asks, 0
    )


@given(st.lists(parts, min_size=1, max_size=8), st.integers(0, 400))
def test_what_is_forgotten_does_not_come_back(all_parts: list[RelodgedPart], later: int) -> None:
    state = RELODGED.forget(after(RELODGED, [(1, part) for part in all_parts]), FIRST + later)
    for part in all_parts:
        if state is not None and part.entry.day < state.edge:
            assert RELODGED.add(state, part) == state == RELODGED.remove(state, part)
    assert later <= RelodgedFigures.bundled().kept_periods + 6 or state is None


def test_beyond_its_room_it_says_so() -> None:
    small = Relodged(gravity(), replace(RelodgedFigures.bundled(), kept=2))
    many = [RelodgedPart(entry(at, units=at + 1)) for at in range(4)]
    state = after(small, [(1, part) for part in many])
    asks = RelodgedPart(entry(9, day=FIRST + 3), ASK)
    assert "room" in small.tell(state, asks, 0).not_evaluable[0].missing[0]
    attempt = RelodgedPart(entry(5, ended=FIRST, destination="RU"))
    seen = after(small, [(1, attempt), *((1, part) for part in many)])
    assert small.tell(seen, asks, 0).findings
    for part in many:
        state = small.remove(state, part)
    assert state == RelodgedState()


def test_a_declaration_costs_little() -> None:
    def size(number: int) -> int:
        state = after(RELODGED, [(1, RelodgedPart(entry(at))) for at in range(number)])
        return len(msgspec.msgpack.encode(state))

    assert size(1) <= 74
    assert size(RelodgedFigures.bundled().kept) <= 29_000


def test_the_state_survives_its_bytes() -> None:
    state = after(RELODGED, [(1, RelodgedPart(entry()))])
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=RelodgedState) == state
