"""Editions of control lists on a topic: a whole one or none, guarded as watchlists are, in any order and repeated."""

from datetime import UTC, datetime
from itertools import permutations

import pytest
from msgspec.structs import replace

from streams.errors import UserError
from streams.goods.control_editions import (
    KEPT,
    ControlEdition,
    ControlEditions,
    dated,
    digest,
    encode,
    read_edition,
    record_key,
)
from streams.goods.control_list import ControlListError
from streams.goods.own_lists import own_list
from tests.control_editions import own_edition

pytestmark = pytest.mark.G06

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def _edition(
    edition: str, codes: int = 40, *, hour: int = 1, annexes: int = 1, **changes: str
) -> ControlEdition:
    rows = "".join(f"{850000 + n},RU,annex {n % annexes}\n" for n in range(codes))
    text = f"code,countries,annex\n{rows}"
    return replace(own_edition(edition, text, hour), **changes)


def _fed(*records: ControlEdition) -> ControlEditions:
    editions = ControlEditions(clock=lambda: NOW)
    for one in records:
        editions.feed(record_key(one.list, one.edition), encode(one))
    return editions


def _in_use(editions: ControlEditions) -> str:
    return editions.in_use()["own"].record.edition


def test_the_newest_is_in_use_in_whatever_order_they_come() -> None:
    records = [
        _edition("2026-01-01", hour=1),
        _edition("2026-02-01", 41, hour=2),
        _edition("2026-03-01", 42, hour=3),
    ]
    for order in permutations((*records, records[0])):
        assert _in_use(_fed(*order)) == "2026-03-01"


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (_edition("2026-02-01", 20, hour=2), "20 entries where the edition in use has 40 (-50%)"),
        (_edition("2025-12-01", hour=2), "dated 2025-12-01, before the edition in use"),
        (_edition("2027-06-01", hour=2), "in the future"),
        (_edition("2026-02-01", hour=2, text="code\n850010\n"), "not that of its SHA-256"),
        (_edition("2026-02-01", hour=2, published="2031-01-01T00:00:00+00:00"), "in the future"),
        (_edition("2026-02-01", hour=2, published="soon"), "Invalid isoformat"),
    ],
)
def test_an_edition_that_may_not_follow_is_refused_and_the_last_good_one_stays(
    new: ControlEdition, why: str
) -> None:
    editions = _fed(_edition("2026-01-01"), new)
    assert _in_use(editions) == "2026-01-01"
    assert why in editions.refused()[record_key("own", new.edition)][0]


def test_an_annex_that_is_gone_is_missed() -> None:
    editions = _fed(_edition("2026-01-01", annexes=4), _edition("2026-02-01", hour=2))
    (reasons,) = editions.refused().values()
    assert any("no entry any more of annex" in reason for reason in reasons)


def test_what_was_accepted_is_taken() -> None:
    editions = _fed(_edition("2026-01-01"), _edition("2026-02-01", 20, hour=2, accepted="half were lifted"))
    assert _in_use(editions) == "2026-02-01" and not editions.refused()


def test_records_that_are_none_raise_nothing() -> None:
    editions = _fed(_edition("2026-01-01"))
    for key, value in (
        (b"", b""),
        (b"own|x", b"\xff"),
        (b"own|y", b"{}"),
        (b"other|z", encode(_edition("z"))),
    ):
        editions.feed(key, value)
    assert _in_use(editions) == "2026-01-01"
    assert len(editions.refused()) == 4


def test_a_list_of_a_bundled_name_is_none() -> None:
    for name in ("chpl", "luxury", "eu-833-2014"):
        with pytest.raises(ControlListError, match="is the name of a bundled list"):
            own_list(name, "code\n610910\n", "0" * 64, "own.csv")


def test_only_the_newest_sound_editions_are_kept() -> None:
    records = [_edition(f"2026-0{n}-01", 40 + n, hour=n) for n in range(1, 5)]
    torn = _edition("2026-05-01", 3, hour=5)
    gone = set(_fed(*records, torn).superseded("own"))
    assert gone == {record_key("own", one.edition) for one in (*records[:-KEPT], torn)}


def test_an_edition_taken_back_leaves_the_one_before() -> None:
    editions = _fed(_edition("2026-01-01"), _edition("2026-02-01", 41, hour=2))
    editions.feed(record_key("own", "2026-02-01"), None)
    assert _in_use(editions) == "2026-01-01"


def test_an_edition_is_called_by_the_date_of_its_text() -> None:
    text = "code,countries,as_of\n610910,RU,2025-05-20\n"
    assert dated(own_list("own", text, "a" * 64, "own.csv"), "a" * 64) == "2025-05-20"
    assert dated(own_list("own", "code\n610910\n", "a" * 64, "own.csv"), "a" * 64) == "a" * 12
    with pytest.raises(UserError, match="need names without"):
        record_key("own|er", "1")


def test_a_list_that_says_check_is_read_too() -> None:
    text = "code,ecn\n854231,3A001\n"
    made = read_edition(_edition("1", text=text, sha256=digest(text)))
    assert made.facts.programmes == {"3A001": 1} and made.list.header.name == "own"
