"""A firm's past: the state is that of what is in it, whatever the order; small; forgotten in time."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.patterns.contract import short_key
from streams.patterns.firms import FirmFigures, FirmPart, FirmPasts, FirmState
from tests.patterns.orders import after, shuffled
from tests.patterns.trades import chips, day, firm, gravity, only, shirts, trade

pytestmark = [pytest.mark.R06, pytest.mark.R07, pytest.mark.R09, pytest.mark.R28]

FIRMS = FirmPasts(gravity(), FirmFigures.bundled())
FIRST = day("2020-01-01")

parts = st.builds(
    FirmPart,
    day=st.integers(FIRST, FIRST + 200),
    tiers=st.sets(st.sampled_from(["1", "2", "4.B"]), max_size=2).map(lambda one: tuple(sorted(one))),
)


@given(st.lists(parts, max_size=8), st.lists(parts, max_size=8), st.randoms(use_true_random=False))
def test_any_order_of_adding_and_taking_back_leaves_what_is_left(
    kept: list[FirmPart], taken_back: list[FirmPart], chance
) -> None:
    assert after(FIRMS, shuffled(chance, kept, taken_back)) == after(FIRMS, [(1, part) for part in kept])


@given(st.lists(parts, min_size=1, max_size=6), st.lists(st.integers(0, 1500), max_size=6))
def test_what_is_forgotten_is_forgotten_whenever_it_was_added(
    all_parts: list[FirmPart], days: list[int]
) -> None:
    last = FIRST + max(days, default=0)
    early, late = FIRMS.empty(FIRST), FIRMS.empty(FIRST)
    for at, part in enumerate(all_parts):
        early = FIRMS.add(early, part)
        late = FIRMS.add(late, part)
        early = FIRMS.forget(early, FIRST + days[at % len(days)] if days else FIRST) or FIRMS.empty(FIRST)
    assert FIRMS.forget(early, last) == FIRMS.forget(late, last)


@given(st.lists(parts, max_size=6), st.lists(st.integers(1, 400), max_size=4))
def test_what_comes_later_changes_nothing(past: list[FirmPart], later: list[int]) -> None:
    asks = only(FIRMS.contributions(trade("2022-06-15"))).part
    state = FIRMS.empty(FIRST)
    for part in past:
        state = FIRMS.add(state, part)
    before = FIRMS.tell(state, asks, FIRST)
    for days in later:
        state = FIRMS.add(state, FirmPart(asks.day + days, ("1",)))
    assert FIRMS.tell(state, asks, FIRST) == before


def test_taking_back_what_is_forgotten_does_no_harm() -> None:
    part = FirmPart(FIRST, ("1",))
    assert FIRMS.remove(FIRMS.empty(FIRST), part) == FIRMS.empty(FIRST)


def test_a_firm_in_several_roles_is_one() -> None:
    roles = tuple(firm(role=role, index=at) for at, role in enumerate(("CONSIGNEE", "IMPORTER", "BUYER")))
    assert only(FIRMS.contributions(trade(takers=roles))).part.ask.role == "CONSIGNEE"


def test_the_gravest_good_speaks_for_all() -> None:
    goods = (
        shirts(1),
        chips(2, "848210", "4.B"),
        chips(3, "854231", "1", value=20.0),
        chips(4, "854232", "1"),
    )
    part = only(FIRMS.contributions(trade(goods=goods))).part
    assert part.tiers == ("1", "4.B")
    assert (part.ask.hs6, part.ask.numbers, part.ask.value) == ("854232", (2, 3, 4), 120_020.0)


def test_a_key_is_never_too_long() -> None:
    assert short_key("nm:ala too") == "nm:ala too"
    assert len(short_key("nm:" + "x" * 500)) <= 200


@pytest.mark.parametrize(
    ("weeks", "every", "most"),
    [(1, 1, 12), (12, 1, 60), (156, 1, 1300)],
    ids=["seen once", "monthly for a year", "weekly for three years, all with chips"],
)
def test_a_firm_costs_little(weeks: int, every: int, most: int) -> None:
    state = FirmState()
    for week in range(weeks):
        state = FIRMS.add(state, FirmPart(FIRST + 7 * week, ("1",) if weeks > 100 else ()))
    data = msgspec.msgpack.encode(state)
    assert len(data) <= most
    assert msgspec.msgpack.decode(data, type=FirmState) == state
