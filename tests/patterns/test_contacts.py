"""A contact: the state is that of what is in it, whatever the order; bounded; forgotten in time."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from streams.declarations.model import Party
from streams.patterns.contacts import ContactFigures, ContactPart, Contacts, ContactState, contacts
from streams.patterns.trade import firm_of
from tests.patterns.orders import after, shuffled
from tests.patterns.trades import day, firm, gravity, only, shirts, trade

pytestmark = pytest.mark.R27

FIGURES = ContactFigures.bundled()
CONTACTS = Contacts(gravity(), FIGURES)
FIRST = day("2022-01-01")
ASK = only(CONTACTS.contributions(trade(takers=(firm(phone="996555123456"),)))).part.ask

parts = st.builds(
    ContactPart,
    day=st.integers(FIRST, FIRST + 5),
    firm=st.one_of(st.none(), st.integers(0, 4)),
    ask=st.sampled_from([None, ASK]),
)


@given(st.lists(parts, max_size=8), st.lists(parts, max_size=8), st.randoms(use_true_random=False))
def test_any_order_of_adding_and_taking_back_leaves_what_is_left(
    kept: list[ContactPart], taken_back: list[ContactPart], chance
) -> None:
    assert after(CONTACTS, shuffled(chance, kept, taken_back)) == after(
        CONTACTS, [(1, part) for part in kept]
    )


@given(st.permutations(range(8)))
def test_a_crowd_is_counted_exactly_and_ends(order: list[int]) -> None:
    few = Contacts(gravity(), replace(FIGURES, kept_firms=4))
    all_parts = [ContactPart(FIRST + one % 3, one) for one in range(8)]
    state = few.empty(FIRST)
    for one in order:
        state = few.add(state, all_parts[one])
    assert state.crowd == {FIRST: 3, FIRST + 1: 3, FIRST + 2: 2} and not state.firms
    for one in range(8):
        state = few.remove(state, all_parts[one])
    assert state == few.empty(FIRST)


@given(st.lists(parts, min_size=1, max_size=8), st.integers(0, 400))
def test_what_is_forgotten_does_not_come_back(all_parts: list[ContactPart], later: int) -> None:
    state = CONTACTS.empty(FIRST)
    for part in all_parts:
        state = CONTACTS.add(state, part)
    state = CONTACTS.forget(state, FIRST + later)
    for part in all_parts:
        if state is not None and part.day < state.edge:
            assert CONTACTS.add(state, part) == state == CONTACTS.remove(state, part)
    assert later < 280 or state is None


def test_how_a_contact_is_written_makes_no_other_one() -> None:
    found = firm_of(0, Party(role="CONSIGNEE", name="Firm", phone="00996 555 12-34-56", email="A@b.example"))
    assert found is not None
    keys = [key for _, _, key in contacts(found)]
    assert keys == ["phone|996555123456", "email|a@b.example"]


def test_a_house_of_one_name_in_two_countries_is_two() -> None:
    (one,), (other,) = (
        list(contacts(firm(address="lenina 4 osh", country=country))) for country in ("KG", "KZ")
    )
    assert one[2] != other[2]


def test_an_ordinary_firm_contributes_and_does_not_ask() -> None:
    one = only(CONTACTS.contributions(trade(goods=(shirts(),), takers=(firm(phone="996555123456"),))))
    assert not one.asks and not one.part.text
    assert not list(CONTACTS.contributions(trade(goods=(shirts(),))))
    assert not list(CONTACTS.contributions(trade(cancelled=True)))


def test_the_question_of_a_firm_without_contacts_leaves_nothing_behind() -> None:
    one = only(CONTACTS.contributions(trade()))
    state = CONTACTS.add(CONTACTS.empty(FIRST), one.part)
    assert CONTACTS.forget(state, FIRST) is None
    assert CONTACTS.remove(state, one.part) == CONTACTS.empty(FIRST)


def test_a_contact_costs_little() -> None:
    def size(firms: int, days: int) -> int:
        state = ContactState()
        for number in range(firms):
            for at in range(days):
                state = CONTACTS.add(
                    state, ContactPart(FIRST + at, (1 << 63) + number, ask=ASK if days > 100 else None)
                )
        return len(msgspec.msgpack.encode(state))

    assert size(1, 1) <= 24
    assert size(10, 5) <= 330
    assert size(FIGURES.kept_firms, FIGURES.window_days + FIGURES.late_days) < 120_000
