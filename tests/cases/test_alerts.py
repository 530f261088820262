"""The alert as a fold: whatever order verdicts come in and however often, it is the same."""

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from streams.assessment.verdict import Verdict
from streams.cases.alerts import alert_id, alert_of, decode_alert, decode_verdict, encode
from streams.findings import NotEvaluable
from streams.lifecycle.changes import Change
from streams.lifecycle.life import Moment, Summary
from tests.assessment.cases import verdict
from tests.factory import EVENT_TIME, item, party, route

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


def _asked(number: int, **changes) -> Verdict:
    return replace(_version(number, **changes), in_force=False)


ASKED = _asked(5, parties=LISTED)
CHIPS_ASKED = _asked(6, parties=CLEAN, goods_items=(CHIPS,), **ROUNDABOUT)
HARMLESS = _asked(7, parties=CLEAN)


def test_what_is_asked_for_counts_while_it_is_open() -> None:
    alert = alert_of([CLEARED, ASKED])
    assert (alert.status, alert.lane, alert.score) == ("OPEN", "RED", ASKED.score)
    # But the case is about what is in force.
    assert (alert.version_number, alert.screened) == (4, CLEARED.screened)
    assert {life.finding.code: life.in_force for life in alert.findings} == {
        "list.name": False,
        "destination.diversion": True,
    }
    assert alert.what_would_clear[0] == ASKED.findings[0].cleared_by


def test_the_gravest_of_what_is_in_force_and_asked_for_says_the_lane() -> None:
    assert alert_of([RED, CHIPS_ASKED]).lane == "RED"
    assert alert_of([CLEARED, CHIPS_ASKED, ASKED]).lane == "RED"
    assert alert_of([YELLOW, HARMLESS]).lane == "YELLOW"
    assert alert_of([YELLOW, HARMLESS]).headline == alert_of([YELLOW]).headline


def test_a_request_that_is_no_more_leaves_no_alert() -> None:
    """Denied: the life drops it."""
    assert alert_of([CLEARED]) is None


def test_a_finding_that_was_closed_is_open_again_where_somebody_asks_for_it() -> None:
    (life,) = (one for one in alert_of([RED, CLEARED, ASKED]).findings if one.finding.code == "list.name")
    assert (life.status, life.since_version, life.in_force) == ("OPEN", 5, False)


def test_where_nothing_is_in_force_the_newest_request_is_the_case() -> None:
    alert = alert_of([ASKED, HARMLESS])
    assert (alert.version_number, alert.status, alert.lane) == (7, "OPEN", "RED")
    assert all(not life.in_force for life in alert.findings)


def test_of_one_number_what_is_in_force_counts() -> None:
    granted = replace(ASKED, in_force=True)
    assert (
        encode(alert_of([granted, ASKED]))
        == encode(alert_of([ASKED, granted]))
        == encode(alert_of([granted]))
    )


def test_an_alert_tells_the_life_it_was_given() -> None:
    life = _summary("UNDER_CONTROL", gaps=(3,), open_requests=("LRN-9",))
    alert = alert_of([RED], life)
    assert (alert.declaration_status, alert.timeline, alert.gaps, alert.open_requests) == (
        "UNDER_CONTROL",
        life.timeline,
        (3,),
        ("LRN-9",),
    )
    assert decode_alert(encode(alert)) == alert


@pytest.mark.parametrize("status", ["INVALIDATED", "REJECTED"])
@pytest.mark.parametrize(
    "verdicts", [[RED], [RED, CLEARED], [CLEARED, ASKED]], ids=["red", "cleared", "asked"]
)
def test_the_alert_of_a_declaration_that_is_no_more_is_moot_and_kept(status, verdicts) -> None:
    open_alert, moot = alert_of(verdicts), alert_of(verdicts, _summary(status))
    assert moot.status == "MOOT" and moot.what_would_clear == ()
    assert (moot.lane, moot.findings) == (open_alert.lane, open_alert.findings)
    assert ("cancelled; was" if status == "INVALIDATED" else "rejected; was") in moot.headline
    assert alert_of([GREEN], _summary(status)) is None


def test_an_alert_of_a_long_life_fits_into_a_message() -> None:
    wide = tuple(
        Change(path=f"declaration.goodsItems[{n}].descriptionOfGoods", before="€" * 200, after="元" * 200)
        for n in range(199)
    )
    concern = Change(path="declaration.countryOfDestination", before="KG", after="RU", concern="DESTINATION")
    moments = tuple(
        Moment(at=EVENT_TIME, kind="AMENDED", version_number=n, changes=(*wide, concern))
        for n in range(1, 101)
    )
    alert = alert_of([RED], _summary("LODGED", timeline=moments))
    assert len(encode(alert)) < 1_000_000
    assert len(alert.timeline) == 100
    newest = alert.timeline[-1].changes
    assert concern in newest and newest[-1].after == "161 more differences"
    assert alert.timeline[0].changes[-1].after == "200 more differences"


def _summary(status, **changes) -> Summary:
    timeline = (
        Moment(at=EVENT_TIME, kind="LODGED", version_number=1, in_force=True),
        Moment(at=EVENT_TIME, kind="CONTROL_NOTIFIED"),
    )
    return Summary(**{"status": status, "timeline": timeline} | changes)


EVERY = [
    *ALL,
    OTHER_CONTENT,
    ASKED,
    CHIPS_ASKED,
    HARMLESS,
    replace(ASKED, in_force=True),
    _asked(2, parties=CLEAN),
]
SUMMARIES = [None, *map(_summary, ("LODGED", "UNDER_CONTROL", "INVALIDATED"))]


@settings(derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(EVERY), min_size=1, max_size=12), st.sampled_from(SUMMARIES), st.randoms())
def test_order_and_repetition_leave_no_trace(verdicts: list[Verdict], summary, order: random.Random) -> None:
    once = list({id(one): one for one in verdicts}.values())
    shuffled = verdicts + [order.choice(verdicts) for _ in range(3)]
    order.shuffle(shuffled)
    first, second = alert_of(once, summary), alert_of(shuffled, summary)
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


def test_the_evidence_hash_is_of_lane_findings_status_and_editions_alone() -> None:
    alert = alert_of([RED], _summary("LODGED"))
    blind = replace(
        RED, not_evaluable=(NotEvaluable(rule="R99", missing=("a past",)),), changed_paths=("declaration.x",)
    )
    moment = Moment(at=RED.event_date_time, kind="DOCUMENTS_REQUESTED")
    assert alert_of([blind], _summary("LODGED", timeline=(moment,))).evidence_hash == alert.evidence_hash
    editions = replace(RED.versions, lists=())
    others = (
        alert_of([YELLOW], _summary("LODGED")),
        alert_of([RED], _summary("RELEASED")),
        alert_of([RED], _summary("INVALIDATED")),
        alert_of([RED, CLEARED], _summary("LODGED")),
        alert_of([replace(RED, versions=editions)], _summary("LODGED")),
        alert_of([replace(RED, findings=RED.findings[1:])], _summary("LODGED")),
    )
    hashes = {one.evidence_hash for one in (alert, *others)}
    assert len(hashes) == 7 and all(len(one) == 64 for one in hashes)
    assert decode_alert(encode(alert)).evidence_hash == alert.evidence_hash


def test_outcome_stands_in_every_verdict_and_an_old_one_without_it_is_clear() -> None:
    for answer in (GREEN, RED):
        assert msgspec.json.decode(encode(answer))["outcome"] == answer.outcome
    old = encode(GREEN).replace(b'"outcome":"CLEAR",', b"")
    assert decode_verdict(old) == GREEN and b'"outcome":"CLEAR"' in encode(decode_verdict(old))
