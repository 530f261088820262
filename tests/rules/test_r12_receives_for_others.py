"""A consignee that is the carrier, too, is found at once, and is the one that comparing each with each would find."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.declarations.model import Party
from streams.parties.roles import SERVING
from streams.rules.r12_receives_for_others import ServingParties
from tests.declarations.strategies import STEADY
from tests.factory import party

pytestmark = pytest.mark.R12

PARTIES = st.builds(
    party,
    st.sampled_from(("CONSIGNEE", "DECLARANT", *SERVING)),
    st.sampled_from(("Firm", "FIRM", "Straße", "STRASSE", "Other")),
    identification_number=st.sampled_from((None, "1", "2")),
)


def _same(one: Party, other: Party) -> bool:
    """Both by their numbers where both have one, else by their names."""
    if one.identification_number and other.identification_number:
        return one.identification_number == other.identification_number
    return bool(one.name and other.name) and str(one.name).casefold() == str(other.name).casefold()


@given(st.lists(PARTIES, max_size=8))
@STEADY
def test_it_is_the_first_that_is_the_same(parties: list[Party]) -> None:
    serving = ServingParties(parties)
    for one in parties:
        assert serving.role_of(one) == next(
            (other.role for other in parties if other.role in SERVING and _same(one, other)), None
        )
