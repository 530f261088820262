"""Suppliers of a consignee: the state is that of what is in it, whatever the order; bounded; forgotten in time."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.patterns.suppliers import SupplierFigures, SupplierPart, Suppliers, SupplierState
from tests.patterns.orders import after, shuffled
from tests.patterns.trades import chips, day, firm, gravity, trade

pytestmark = pytest.mark.R29

SUPPLIERS = Suppliers(gravity(), SupplierFigures.bundled())
FIRST = day("2022-01-01")

parts = st.builds(
    SupplierPart, day=st.integers(FIRST, FIRST + 5), supplier=st.one_of(st.none(), st.integers(0, 4))
)


@given(st.lists(parts, max_size=8), st.lists(parts, max_size=8), st.randoms(use_true_random=False))
def test_any_order_of_adding_and_taking_back_leaves_what_is_left(
    kept: list[SupplierPart], taken_back: list[SupplierPart], chance
) -> None:
    assert after(SUPPLIERS, shuffled(chance, kept, taken_back)) == after(
        SUPPLIERS, [(1, part) for part in kept]
    )


@given(st.lists(parts, min_size=1, max_size=8), st.integers(0, 400))
def test_what_is_forgotten_does_not_come_back(all_parts: list[SupplierPart], later: int) -> None:
    state = SUPPLIERS.empty(FIRST)
    for part in all_parts:
        state = SUPPLIERS.add(state, part)
    state = SUPPLIERS.forget(state, FIRST + later)
    for part in all_parts:
        if state is not None and part.day < state.edge:
            assert SUPPLIERS.add(state, part) == state == SUPPLIERS.remove(state, part)
    assert later < 280 or state is None


def test_a_declaration_of_a_time_that_is_forgotten_is_told_so() -> None:
    (one,) = SUPPLIERS.contributions(trade("2022-06-15"))
    state = SUPPLIERS.forget(
        SUPPLIERS.add(SupplierState(), SupplierPart(one.part.day + 200, 1)), one.part.day + 250
    )
    assert SUPPLIERS.tell(state, one.part, 0).not_evaluable[0].missing == ("90 days of trade remembered",)


def test_only_the_most_sought_after_tier_asks() -> None:
    goods = (chips(1, "848210", "4.B"), chips(2))
    asks = {one.key.partition("|")[0]: one.asks for one in SUPPLIERS.contributions(trade(goods=goods))}
    assert asks == {"1": True, "4.B": False}


def test_the_exporter_is_the_supplier_before_the_seller() -> None:
    seller, exporter = firm("Seller", "SELLER", country="HK"), firm("Maker", "EXPORTER", country="CN")
    (both,) = SUPPLIERS.contributions(trade(senders=(seller, exporter)))
    (alone,) = SUPPLIERS.contributions(trade(senders=(exporter,)))
    assert both.part.supplier == alone.part.supplier


def test_a_consignee_costs_little() -> None:
    def size(suppliers: int, days: int) -> int:
        state = SupplierState(
            FIRST, {cell: {FIRST + at: 1 for at in range(days)} for cell in range(suppliers)}
        )
        return len(msgspec.msgpack.encode(state))

    assert size(1, 1) <= 12
    assert size(10, 5) <= 260
    assert size(SupplierFigures.bundled().cells, SupplierFigures.bundled().kept_periods) < 600_000
