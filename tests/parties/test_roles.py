"""Groups of roles: every role of the model is in one, and orders that look alike hold the same."""

from itertools import pairwise
from typing import get_args

from streams.declarations.model import PartyRole, Regime
from streams.declarations.regimes import INBOUND, OUTWARD
from streams.parties import roles


def test_every_role_is_grouped_or_known_to_take_no_part() -> None:
    """A role that is added to the model must be thought of: a receiver that is in no group is never screened as one."""
    apart = {"MANUFACTURER", "SUPPLY_CHAIN_ACTOR"}
    grouped = {*roles.SENDERS, *roles.RECEIVERS, *roles.DECLARING, *roles.SERVING}
    assert grouped | apart == set(get_args(PartyRole))
    assert not grouped & apart


def test_groups_widen_from_who_gets_the_goods_to_all_for_whose_sake_they_move() -> None:
    widening = (
        *(roles.FINAL, roles.CONSIGNEES, roles.DIRECT_RECEIVERS),
        *(roles.TAKERS, roles.TOLD, roles.RECEIVERS),
    )
    for narrow, wide in pairwise(widening):
        assert set(narrow) < set(wide)
    assert not set(roles.RECEIVERS) & {*roles.SENDERS, *roles.SERVING, *roles.DECLARING}


def test_orders_for_sentences_hold_the_same_roles() -> None:
    assert sorted(roles.ADDRESSEES) == sorted(roles.DIRECT_RECEIVERS)
    assert sorted(roles.SUPPLIERS) == sorted(roles.SENDERS)


def test_every_regime_goes_one_way() -> None:
    """Transit goes both."""
    assert {*INBOUND, *OUTWARD} == set(get_args(Regime))
    assert set(INBOUND) & set(OUTWARD) == {"TRANSIT"}
