"""WCO XML with values that cannot be read: what identifies refuses, and no party or item is lost with one of them."""

import pytest

from tests.declarations.test_wco_dm import RECEIVED, fixture, refusal
from tests.declarations.versions import read


def test_a_time_of_acceptance_that_is_none_refuses() -> None:
    refused = refusal(fixture("import.xml").replace(b">20220615103000+01<", b">44756<"))
    assert (refused.reason, refused.detail.partition(":")[0]) == ("SCHEMA_VIOLATION", "AcceptanceDateTime")
    assert "date" in refused.detail


@pytest.mark.parametrize(
    ("wrong", "bad", "told"),
    [
        (b"<CountryCode> cn <", b"<CountryCode>CHN<", ()),
        (b">9013.10 90<", b">1022100<", ()),
        (b">9013.10 90<", b">9013<", ("declaration.goodsItems[0].commodityCode.full",)),
        (b">48200,50<", b">48,200<", ("declaration.totalAmountInvoiced",)),
    ],
)
def test_nobody_and_nothing_is_lost(wrong: bytes, bad: bytes, told: tuple[str, ...]) -> None:
    before = read(fixture("import.xml"), received=RECEIVED, max_bytes=10**7)
    version = read(fixture("import.xml").replace(wrong, bad), received=RECEIVED, max_bytes=10**7)
    assert tuple(one.path for one in version.unreadable) == told
    assert bool(version.repaired) is not bool(told)
    assert [one.name for one in version.declaration.parties] == [
        one.name for one in before.declaration.parties
    ]
    assert len(version.declaration.goods_items) == len(before.declaration.goods_items)
