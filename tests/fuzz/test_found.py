"""Faults that fuzzing found, as the smallest message that shows each."""

from random import Random

import pytest

from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Tree
from streams.declarations.formats import adapters
from tests.effort import processor_seconds
from tests.fuzz.cases import Case
from tests.fuzz.harness import RECEIVED, Harness
from tests.fuzz.seeds import DECLARATION, FIRM, SHIPMENT, amendment, original, pointers


@pytest.fixture(scope="module")
def harness() -> Harness:
    return Harness()


def test_a_party_whose_first_name_is_blank_and_whose_second_is_not(harness: Harness) -> None:
    data = original().replace(f"<Name>{FIRM}</Name>", "<Name> </Name><Name>Second</Name>")
    assert harness.run(Case(data.encode()), Random(0)).outcome == "accepted"


def wide_amendment(items: int) -> str:
    """An amendment of one value of each of many goods items."""
    goods = "".join(
        f"<GovernmentAgencyGoodsItem><SequenceNumeric>{n}</SequenceNumeric><StatisticalValueAmount>{n}"
        "</StatisticalValueAmount></GovernmentAgencyGoodsItem>"
        for n in range(1, items + 1)
    )
    where = [(pointers(DECLARATION, SHIPMENT, ("68A", n), "114"), "") for n in range(1, items + 1)]
    return amendment(*where, ("", f"<GoodsShipment>{goods}</GoodsShipment>"))


def test_thousands_of_pointers_into_thousands_of_items_are_compared_in_seconds() -> None:
    delta = _delta(wide_amendment(3000))
    assert adapters.covers("uk.cds", delta, [delta])
    assert (
        processor_seconds(lambda: adapters.covers("uk.cds", delta, [delta])) < 5
    )  # 0.05 here; it was the square of their number, and minutes


def test_a_pointer_of_thousands_of_steps_is_refused() -> None:
    way = pointers(DECLARATION, *[SHIPMENT] * 5000)
    delta = _delta(amendment((way, "")))
    assert not adapters.covers("uk.cds", delta, [delta])
    with pytest.raises(Unscreenable, match="it has 5001 steps"):
        adapters.amend("uk.cds", Tree("Declaration"), delta)


def _delta(text: str) -> Tree:
    event = adapters.read(text.encode(), received=RECEIVED, max_bytes=4 * 1024 * 1024)
    assert isinstance(event, Event) and event.delta is not None
    return event.delta
