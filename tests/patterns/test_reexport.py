"""Legs in and out: the state is that of what is in it, whatever the order; matching made anew equals a recount leg by leg."""

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.patterns.lots import LotAmount
from streams.patterns.reexport import Reexport, ReexportFigures, ReexportPart, ReexportQuestion, ReexportState
from tests.patterns.orders import after, shuffled
from tests.patterns.trades import day, gravity

pytestmark = pytest.mark.R19

REEXPORT = Reexport(gravity(), ReexportFigures.bundled())
FIRST = day("2022-06-01")
ASK = ReexportQuestion("EXPORTER", 0, "Ala-Too Trade", "HS 854231", (1,), 1.0)

amounts = st.builds(
    LotAmount, unit=st.sampled_from(["pieces", "pairs"]), units=st.integers(0, 900), grams=st.integers(0, 900)
)
parts = st.builds(
    ReexportPart,
    day=st.integers(FIRST, FIRST + 5),
    out=st.booleans(),
    country=st.sampled_from(["CN", "KZ", ""]),
    amount=amounts,
)
pieces = st.builds(
    ReexportPart,
    day=st.integers(FIRST, FIRST + 300),
    out=st.booleans(),
    country=st.sampled_from(["CN", "KZ"]),
    amount=st.builds(LotAmount, unit=st.just("pieces"), units=st.integers(1, 900)),
)


@given(st.lists(parts, max_size=8), st.lists(parts, max_size=8), st.randoms(use_true_random=False))
def test_any_order_of_adding_and_taking_back_leaves_what_is_left(
    kept: list[ReexportPart], taken_back: list[ReexportPart], chance
) -> None:
    found = after(REEXPORT, shuffled(chance, kept, taken_back))
    assert found == after(REEXPORT, [(1, part) for part in kept])
    asks = ReexportPart(FIRST + 3, True, "RU", LotAmount("pieces", 500, 300), ASK)
    ordered = after(REEXPORT, [(1, part) for part in reversed(kept)])
    assert REEXPORT.tell(found, asks, 0) == REEXPORT.tell(ordered, asks, 0)


@given(st.lists(pieces, max_size=12), st.integers(1, 2000))
def test_matching_equals_a_recount_leg_by_leg(legs: list[ReexportPart], wanted: int) -> None:
    today = FIRST + 250
    left = [
        [leg.day, leg.country, leg.amount.units]
        for leg in sorted(legs, key=lambda leg: (leg.day, leg.country))
        if not leg.out and today - 180 <= leg.day <= today
    ]

    def take(on: int, to: str, units: int) -> int:
        got = 0
        for lot in left:
            if on - 90 <= lot[0] <= on and lot[1] != to:
                used = min(lot[2], units - got)
                lot[2] -= used
                got += used
        return got

    for leg in sorted((leg for leg in legs if leg.out), key=lambda leg: (leg.day, leg.country)):
        if today - 180 <= leg.day < today:
            take(leg.day, leg.country, leg.amount.units)
    expected = Fraction(take(today, "RU", wanted), wanted)
    asks = ReexportPart(today, True, "RU", LotAmount("pieces", wanted), ASK)
    told = REEXPORT.tell(after(REEXPORT, [(1, leg) for leg in legs]), asks, 0)
    for finding in told.findings:
        assert finding.inputs["matched"] == pytest.approx(float(expected), abs=0.001)
    if expected < Fraction(499, 1000):
        assert not told.findings


@given(st.lists(parts, min_size=1, max_size=8), st.integers(0, 400))
def test_what_is_forgotten_does_not_come_back(legs: list[ReexportPart], later: int) -> None:
    state = REEXPORT.forget(after(REEXPORT, [(1, leg) for leg in legs]), FIRST + later)
    for leg in legs:
        if state is not None and leg.day < state.edge:
            assert REEXPORT.add(state, leg) == state == REEXPORT.remove(state, leg)
    assert later <= 280 or state is None


def test_a_leg_taken_back_gives_its_goods_back() -> None:
    came = ReexportPart(FIRST, False, "CN", LotAmount("pieces", 1000))
    went = ReexportPart(FIRST + 5, True, "RU", LotAmount("pieces", 1000), ASK)
    asks = ReexportPart(FIRST + 9, True, "RU", LotAmount("pieces", 900), ASK)
    state = after(REEXPORT, [(1, came), (1, went)])
    assert not REEXPORT.tell(state, asks, 0).findings
    assert REEXPORT.tell(REEXPORT.remove(state, went), asks, 0).findings


def test_a_leg_costs_little() -> None:
    def size(days: int) -> int:
        legs = [
            ReexportPart(FIRST + at, at % 2 > 0, "CN", LotAmount("pieces", 500_000, 90_000))
            for at in range(days)
        ]
        return len(msgspec.msgpack.encode(after(REEXPORT, [(1, leg) for leg in legs])))

    assert size(1) <= 35
    assert size(ReexportFigures.bundled().kept_periods) <= 8_500


def test_the_state_survives_its_bytes() -> None:
    state = after(REEXPORT, [(1, ReexportPart(FIRST, False, "CN", LotAmount("pieces", 5)))])
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=ReexportState) == state
