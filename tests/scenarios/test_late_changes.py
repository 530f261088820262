"""The red flag of the last minute (R14): lives of canonical versions, as an officer comes to see them."""

from datetime import timedelta
from pathlib import Path

import pytest

from streams.assessment.screening import screen
from streams.assessment.verdict import Verdict
from streams.cases.alert import Alert
from streams.cases.alerts import alert_of, encode
from streams.cases.wording import render_alert
from streams.declarations.model import Document
from streams.lifecycle.changes import changes
from streams.lifecycle.life import KnownVersion, fold
from tests.assessment.cases import blind, found, index, rulebook
from tests.factory import EVENT_TIME, declaration, item, party, route

pytestmark = pytest.mark.R14

CODE = "amendment.after_control"
SENDER = party("EXPORTER", "Brennhoff Handel GmbH", country="DE")
FIRM = party("CONSIGNEE", "Ala-Too Trade OsOO", country="KG", city="Bishkek")
OTHER = party("CONSIGNEE", "Orda Import TOO", country="KZ", city="Almaty")
GOODS = item(1, "851671", "Coffee machines")
ORDINARY = {
    "regime": "EXPORT",
    "country_of_dispatch": "DE",
    "country_of_destination": "KG",
    "countries_of_routing": route("DE", "PL", "LT", "LV", "RU", "KZ", "KG"),
    "mode_of_transport_at_border": "3",
    "parties": (SENDER, FIRM),
    "goods_items": (GOODS,),
}


def _known(number: int, event_type: str = "AMENDED", hours: float | None = None, **changes) -> KnownVersion:
    at = EVENT_TIME + timedelta(hours=number if hours is None else hours)
    version = declaration(
        **ORDINARY | {"version_number": number, "event_type": event_type, "event_date_time": at} | changes
    )
    return KnownVersion(number, event_type, at, version)


LODGED = _known(1, "LODGED")
CONTROL = _known(2, "CONTROL_NOTIFIED")


def _live(*known: KnownVersion) -> tuple[list[Verdict], Alert | None]:
    life = fold(known, ())
    verdicts = [screen(one.version, index(), rulebook(), one) for one in life.versions]
    return verdicts, alert_of(verdicts, life.summary)


def test_another_consignee_after_the_control_was_announced_has_its_documents_examined() -> None:
    verdicts, alert = _live(LODGED, CONTROL, _known(3, parties=(SENDER, OTHER)))
    assert [one.lane for one in verdicts] == ["GREEN", "GREEN", "YELLOW"]
    assert alert is not None and (alert.status, alert.lane) == ("OPEN", "YELLOW")
    assert "a change after control was announced" in alert.headline
    finding = found(verdicts[-1], CODE)
    assert finding is not None and "from 'Ala-Too Trade OsOO' to 'Orda Import TOO'" in finding.evidence


def test_the_same_before_any_control_is_ordinary_trade() -> None:
    verdicts, alert = _live(LODGED, _known(2, parties=(SENDER, OTHER)))
    assert alert is None
    assert found(verdicts[-1], CODE) is None and blind(verdicts[-1], "R14") is None


def test_a_control_announced_after_the_change_does_not_reach_back() -> None:
    changed = _known(2, parties=(SENDER, OTHER))
    _, alert = _live(LODGED, changed, _known(3, "CONTROL_NOTIFIED", parties=(SENDER, OTHER)))
    assert alert is None


def test_a_typing_error_in_the_consignees_name_may_be_corrected_after_the_control() -> None:
    mistyped = party("CONSIGNEE", "Ala-Too Tarde OsOO", country="KG", city="Bishkek")
    verdicts, alert = _live(
        _known(1, "LODGED", parties=(SENDER, mistyped)),
        _known(2, "CONTROL_NOTIFIED", parties=(SENDER, mistyped)),
        _known(3),
    )
    assert verdicts[-1].changed_paths == ("declaration.parties[CONSIGNEE].name",)
    assert alert is None


@pytest.mark.parametrize(
    ("change", "lane"),
    [
        ({"country_of_destination": "KZ"}, "YELLOW"),
        ({"countries_of_routing": route("DE", "PL", "BY", "RU", "KZ", "KG")}, "BLUE"),
        ({"goods_items": (item(1, "851679", "Coffee machines"),)}, "BLUE"),
        ({"goods_items": (item(1, "851671", "Telescopic sights"),)}, "BLUE"),
        ({"goods_items": (item(1, "851671", "Coffee machines", statistical_value="900"),)}, "BLUE"),
        ({"goods_items": (GOODS, item(2, "870899", "Car parts"))}, "BLUE"),
    ],
    ids=["destination", "way", "code", "description", "value", "another item"],
)
def test_destination_way_goods_and_value_after_the_control(change: dict, lane: str) -> None:
    verdicts, _ = _live(LODGED, CONTROL, _known(3, **change))
    finding = found(verdicts[-1], CODE)
    assert finding is not None
    lanes = ["GREEN", "BLUE", "YELLOW", "RED"]
    assert lanes.index(verdicts[-1].lane) >= lanes.index(lane)


@pytest.mark.parametrize(
    "change",
    [
        {"goods_items": (item(1, "851671", "Coffee machines", statistical_value="5100"),)},
        {"goods_items": (item(1, "851671", "Coffee machines", full="85167100"),)},
        {"goods_items": (item(1, "851671", "Coffee machines, with grinder"),)},
        {"parties": (SENDER, FIRM, party("CARRIER", "Tulpar Trans", country="KZ"))},
        {"place_of_loading": "Kaunas"},
    ],
    ids=["exchange rate", "more digits", "better description", "carrier named", "place of loading"],
)
def test_what_is_corrected_every_day_is_silent_after_the_control_too(change: dict) -> None:
    assert _live(LODGED, CONTROL, _known(3, **change))[1] is None


def test_a_licence_for_the_goods_does_not_hide_another_receiver() -> None:
    licence = Document(
        type="X002", reference_number="DE2022001", write_off_quantity="500", write_off_unit="KGM"
    )
    chips = item(1, "854231", "Processors", documents=(licence,))
    goods = {"goods_items": (chips,)}
    verdicts, _ = _live(
        _known(1, "LODGED", **goods),
        _known(2, "CONTROL_NOTIFIED", **goods),
        _known(3, **goods, parties=(SENDER, OTHER)),
    )
    assert verdicts[-1].lane in ("YELLOW", "RED")


def test_what_is_asked_for_is_seen_before_it_is_granted() -> None:
    verdicts, alert = _live(LODGED, CONTROL, _known(3, "AMENDMENT_REQUESTED", parties=(SENDER, OTHER)))
    assert [one.in_force for one in verdicts] == [True, True, False]
    assert alert is not None
    assert (alert.status, alert.lane, alert.version_number) == ("OPEN", "YELLOW", 2)
    assert alert.headline.startswith("As asked for and not decided, Brennhoff Handel GmbH sends")
    (late,) = (one for one in alert.findings if one.finding.code == CODE)
    assert (late.status, late.in_force, late.since_version) == ("OPEN", False, 3)
    assert "(if version 3 is granted)" in render_alert(alert)
    # The officer still sees what is in force.
    assert "Ala-Too Trade OsOO" in {one.name for one in alert.screened.parties}


def test_a_request_overtaken_by_a_version_without_it_is_closed() -> None:
    asked = _known(3, "AMENDMENT_REQUESTED", parties=(SENDER, OTHER))
    _, alert = _live(LODGED, CONTROL, asked, _known(4))
    assert alert is not None and (alert.status, alert.highest_lane) == ("CLOSED", "YELLOW")
    (late,) = (one for one in alert.findings if one.finding.code == CODE)
    assert (late.status, late.since_version, late.closed_by_version) == ("CLOSED", 3, 4)
    assert "closed by version 4; was a change after control was announced" in alert.headline


def test_a_granted_request_is_an_ordinary_finding() -> None:
    asked = _known(3, "AMENDMENT_REQUESTED", parties=(SENDER, OTHER))
    _, alert = _live(LODGED, CONTROL, asked, _known(4, parties=(SENDER, OTHER)))
    assert alert is not None and (alert.status, alert.lane) == ("OPEN", "YELLOW")
    (late,) = (one for one in alert.findings if one.finding.code == CODE)
    assert (late.in_force, late.since_version) == (True, 4)


def test_another_amendment_or_a_release_does_not_wash_it_off() -> None:
    harmless = _known(4, parties=(SENDER, OTHER), place_of_loading="Kaunas")
    released = _known(5, "RELEASED", parties=(SENDER, OTHER), place_of_loading="Kaunas")
    _, alert = _live(LODGED, CONTROL, _known(3, parties=(SENDER, OTHER)), harmless, released)
    assert alert is not None and (alert.status, alert.lane) == ("OPEN", "YELLOW")
    (late,) = (one for one in alert.findings if one.finding.code == CODE)
    assert (late.status, late.since_version) == ("OPEN", 3)


def test_a_receiver_changed_in_two_steps_is_changed() -> None:
    halfway = party("CONSIGNEE", "Orda Import TOO", country="KG", city="Bishkek")
    verdicts, _ = _live(
        LODGED, CONTROL, _known(3, parties=(SENDER, halfway)), _known(4, parties=(SENDER, OTHER))
    )
    finding = found(verdicts[-1], CODE)
    assert finding is not None and "from 'Ala-Too Trade OsOO' to 'Orda Import TOO'" in finding.evidence


def test_what_was_put_back_is_closed_and_remembered() -> None:
    _, alert = _live(LODGED, CONTROL, _known(3, parties=(SENDER, OTHER)), _known(4))
    assert alert is not None and (alert.status, alert.highest_lane) == ("CLOSED", "YELLOW")


@pytest.mark.parametrize(
    ("end", "said"), [("INVALIDATED", "cancelled; was "), ("REJECTED", "rejected; was ")]
)
def test_a_declaration_that_ends_keeps_its_alert_as_moot(end: str, said: str) -> None:
    changed = {"parties": (SENDER, OTHER)}
    _, before = _live(LODGED, CONTROL, _known(3, **changed))
    _, alert = _live(LODGED, CONTROL, _known(3, **changed), _known(4, end, **changed))
    assert before is not None and alert is not None
    assert (alert.status, alert.declaration_status) == ("MOOT", end)
    assert alert.highest_lane == before.highest_lane
    assert said in alert.headline
    assert [one.finding.key for one in alert.findings if one.status == "OPEN"] == [
        one.finding.key for one in before.findings
    ]
    assert alert.what_would_clear == ()
    assert render_alert(alert).startswith(f"MOOT, {end.lower()} (was YELLOW) alert ")


def test_without_the_version_before_nobody_can_say_what_changed() -> None:
    (verdict,), _ = _live(_known(3, parties=(SENDER, OTHER)))
    missing = blind(verdict, "R14")
    assert missing is not None and missing.missing == ("the version before",)


def test_the_order_in_which_versions_come_leaves_no_trace() -> None:
    known = (
        LODGED,
        CONTROL,
        _known(3, "AMENDMENT_REQUESTED", parties=(SENDER, OTHER)),
        _known(4, parties=(SENDER, OTHER)),
        _known(5, "AMENDMENT_REQUESTED", country_of_destination="RU"),
    )
    _, one = _live(*known)
    _, other = _live(*reversed(known))
    assert one is not None and other is not None and encode(one) == encode(other)


def test_the_officer_reads_what_happened_and_what_is_new_since_the_last_look() -> None:
    asked = _known(3, "AMENDMENT_REQUESTED", parties=(SENDER, OTHER), country_of_destination="KZ")
    granted = _known(4, parties=(SENDER, OTHER), country_of_destination="KZ")
    _, alert = _live(LODGED, CONTROL, asked, granted)
    assert alert is not None
    text = render_alert(alert)
    happened = text.partition("What happened\n")[2]
    assert [line.strip() for line in happened.splitlines()[:3]] == [
        "2022-06-15 11:00  lodged, version 1, in force",
        "2022-06-15 12:00  control notified, version 2, in force",
        "2022-06-15 13:00  amendment requested, version 3, asked for only",
    ]
    assert "      ! parties[CONSIGNEE].name: Ala-Too Trade OsOO -> Orda Import TOO  [consignee]\n" in happened
    assert "      ! countryOfDestination: KG -> KZ  [destination]\n" in happened
    page = (Path(__file__).parents[2] / "docs" / "alert.md").read_text(encoding="utf-8")
    assert f"What happened\n{happened.partition('What would clear it')[0]}```" in page
    news = render_alert(alert, since=2)
    assert "Since version 2" in news and "New findings" in news
    assert "lodged, version 1" not in news and "amended, version 4, in force" in news
    assert "Nothing since version 4" in render_alert(alert, since=4)


def test_a_changed_amount_is_told_with_its_currency() -> None:
    before = declaration(
        goods_items=(item(customs_value="7"),), invoice_currency="CNY", total_amount_invoiced="100"
    )
    after = declaration(
        goods_items=(item(statistical_value="900", statistical_value_currency="EUR", customs_value="9"),),
        invoice_currency="CNY",
        total_amount_invoiced="70",
    )
    told = {
        one.path.rpartition(".")[2]: (one.before, one.after)
        for one in changes(before.declaration, after.declaration)
    }
    assert told["statisticalValue"] == ("5000 USD", "900 EUR")
    assert told["totalAmountInvoiced"] == ("100 CNY", "70 CNY")
    assert told["customsValue"] == ("7 (no currency)", "9 (no currency)")
