"""The alert as a fold: whatever order verdicts come in and however often, it is the same."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.assessment.alerts import alert_id, alert_of, decode_alert, decode_verdict, encode
from streams.assessment.model import Verdict
from tests.assessment.cases import verdict
from tests.factory import item, party, route

CHIPS = item(hs6="854231", description="Processors and controllers")
LISTED = (party("CONSIGNEE", "OSOO KARGOLAYN", country="KG"),)
CLEAN = (party("CONSIGNEE", "Ala-Too Trade OsOO", country="KG"),)
ROUNDABOUT = {
    "regime": "EXPORT",
    "country_of_dispatch": "DE",
    "countries_of_routing": route("DE", "LT", "BY", "RU", "KG"),
    "mode_of_transport_at_border": "3",
}


def _version(number: int, **changes) -> Verdict:
    return verdict(**{"version_number": number, "payload_hash": f"{number:064x}"} | changes)


GREEN = _version(1, parties=CLEAN)
RED = _version(2, parties=LISTED)
YELLOW = _version(3, parties=CLEAN, goods_items=(CHIPS,), **ROUNDABOUT)
CLEARED = _version(4, parties=CLEAN)
OTHER_CONTENT = _version(2, parties=CLEAN, payload_hash="f" * 64)
ALL = [GREEN, RED, YELLOW, CLEARED]


def test_the_material_is_what_its_names_say() -> None:
    assert [one.lane for one in ALL] == ["GREEN", "RED", "YELLOW", "GREEN"]


def test_no_alert_where_every_version_is_green() -> None:
    assert alert_of([GREEN]) is None
    assert alert_of([GREEN, CLEARED, GREEN]) is None
    assert alert_of([]) is None


def test_an_alert_is_open_while_the_newest_version_is_not_green() -> None:
    alert = alert_of([GREEN, RED])
    assert (alert.status, alert.lane, alert.highest_lane, alert.version_number) == ("OPEN", "RED", "RED", 2)
    assert alert.what_would_clear
    assert alert.headline.endswith("a party is on a list, a diversion destination.")


def test_it_is_closed_by_a_green_version_and_remembers_what_it_was() -> None:
    alert = alert_of([RED, CLEARED])
    assert (alert.status, alert.lane, alert.highest_lane) == ("CLOSED", "GREEN", "RED")
    assert alert.what_would_clear == ()
    assert "closed by version 4; was a party is on a list" in alert.headline
    life = next(life for life in alert.findings if life.finding.code == "list.name")
    assert (life.status, life.since_version, life.closed_by_version) == ("CLOSED", 2, 4)


def test_findings_live_from_version_to_version() -> None:
    lives = {life.finding.code: life for life in alert_of([GREEN, RED, YELLOW]).findings}
    assert (lives["destination.diversion"].status, lives["destination.diversion"].since_version) == (
        "OPEN",
        1,
    )
    assert (lives["goods.high_priority"].since_version, lives["goods.high_priority"].status) == (3, "OPEN")
    assert lives["list.name"].closed_by_version == 3


def test_a_finding_that_comes_back_is_open_since_then() -> None:
    again = _version(5, parties=LISTED)
    life = next(one for one in alert_of([RED, CLEARED, again]).findings if one.finding.code == "list.name")
    assert (life.status, life.since_version, life.closed_by_version) == ("OPEN", 5, None)


def test_the_alert_of_a_declaration_keeps_its_id() -> None:
    assert alert_of([RED]).alert_id == alert_of([RED, YELLOW]).alert_id == alert_id("test|1")
    assert len(alert_id("anything")) == 16


def test_verdicts_of_two_declarations_make_no_alert() -> None:
    with pytest.raises(ValueError, match="one declaration"):
        alert_of([RED, _version(1, declaration_key="test|2")])


@settings(derandomize=True, deadline=None)
@given(st.lists(st.sampled_from([*ALL, OTHER_CONTENT]), min_size=1, max_size=12), st.randoms())
def test_order_and_repetition_leave_no_trace(verdicts: list[Verdict], order: random.Random) -> None:
    once = list({id(one): one for one in verdicts}.values())
    shuffled = verdicts + [order.choice(verdicts) for _ in range(3)]
    order.shuffle(shuffled)
    first, second = alert_of(once), alert_of(shuffled)
    assert (first is None) == (second is None)
    if first is not None and second is not None:
        assert encode(first) == encode(second)


@pytest.mark.parametrize("one", [*ALL, OTHER_CONTENT], ids=lambda one: f"{one.version_number} {one.lane}")
def test_a_verdict_survives_its_journey(one: Verdict) -> None:
    assert decode_verdict(encode(one)) == one
    assert encode(decode_verdict(encode(one))) == encode(one)


def test_an_alert_made_of_decoded_verdicts_is_the_same() -> None:
    alert = alert_of(ALL)
    again = alert_of([decode_verdict(encode(one)) for one in reversed(ALL)])
    assert encode(alert) == encode(again)
    assert decode_alert(encode(alert)) == alert
