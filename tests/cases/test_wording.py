"""Alerts in words: an officer can read them aloud."""

from datetime import UTC, datetime

from msgspec.structs import replace

from streams.cases.alerts import alert_of
from streams.cases.wording import render_alert, timeline_lines
from streams.findings import NotEvaluable, Subject
from streams.lifecycle.changes import Change
from streams.lifecycle.life import Moment, Summary
from streams.patterns.contract import lacks_past
from tests.assessment.cases import verdict
from tests.factory import item, party, route
from tests.patterns.trades import day

STORY = {
    "regime": "EXPORT",
    "country_of_dispatch": "DE",
    "country_of_destination": "KG",
    "countries_of_routing": route("DE", "LT", "BY", "RU", "KG"),
    "mode_of_transport_at_border": "3",
    "parties": (
        party("EXPORTER", "Brennhoff Handel GmbH", country="DE"),
        party("CONSIGNEE", "Nur Kanat OsOO", country="KG", phone="+7 916 555 01 34"),
    ),
    "goods_items": (
        item(1, "870899", "Car parts"),
        item(2, "901310", "Telescopic sights for hunting rifles"),
    ),
}


def test_the_headline_is_one_sentence_of_who_what_where_and_why() -> None:
    headline = alert_of([verdict(**STORY)]).headline
    assert headline == (
        "Brennhoff Handel GmbH sends Telescopic sights for hunting rifles (HS 901310) and 1 more item from DE to KG for "
        "Nur Kanat OsOO: high-priority goods, a telephone of another country, a way that does not fit, a diversion "
        "destination."
    )


def test_the_text_has_everything_an_officer_needs() -> None:
    text = render_alert(alert_of([verdict(**STORY)]))
    assert text.startswith("RED 79 of 100: examine goods and documents (alert ")
    for part in (
        "consignee: Nur Kanat OsOO (KG)",
        "item 2: HS 901310, origin CN Telescopic sights",
        "Way: DE - LT - BY - RU - KG",
        "but its telephone +7 916 555 01 34 is a number of RU",
        "What would clear it",
        "Decided by ruleset default@2026-11#",
        "test-list 2022-06-01",
    ):
        assert part in text
    assert "+18  " in text and "[C02]" in text


def test_what_could_not_be_checked_is_said() -> None:
    text = render_alert(alert_of([verdict(**STORY | {"mode_of_transport_at_border": None})]))
    unchecked = text.partition("What could not be checked\n")[2]
    assert "  R16: lacks declaration.modeOfTransportAtBorder\n" in unchecked


def test_a_closed_alert_says_what_it_was() -> None:
    first = verdict(**STORY)
    second = verdict(version_number=2)
    text = render_alert(alert_of([first, second]))
    assert text.startswith("CLOSED (was RED) alert ")
    assert "No longer so\n  (versions 1 to before 2) " in text
    assert "What would clear it" not in text


def test_nobody_named_is_said_so() -> None:
    alert = alert_of([verdict(**STORY | {"parties": (party("CARRIER", "Tulpar Trans", country="KG"),)})])
    assert alert.headline.startswith("Somebody not named sends ")
    assert " for somebody not named: " in alert.headline


AT = datetime(2022, 7, 15, 9, 30, tzinfo=UTC)
CONSIGNEE = Change(
    path="declaration.parties[CONSIGNEE].name",
    before="Nur Kanat OsOO",
    after="Orda Import TOO",
    concern="CONSIGNEE",
)
MASS = tuple(
    Change(path=f"declaration.goodsItems[{n}].netMassKg", before=str(n), after="x" * 150)
    for n in range(1, 30)
)
MOMENTS = (
    Moment(at=AT, kind="LODGED", version_number=1, in_force=True),
    Moment(at=AT, kind="CONTROL_NOTIFIED", version_number=1),
    Moment(
        at=AT,
        kind="AMENDMENT_REQUESTED",
        version_number=2,
        reference="LRN-9",
        reason="32 another\nbuyer",
        changes=(*MASS, CONSIGNEE),
    ),
    Moment(at=AT, kind="REQUEST_DENIED", reference="LRN-9"),
)


def test_a_timeline_has_a_line_for_everything_and_the_concerns_first() -> None:
    lines = list(timeline_lines(MOMENTS))
    assert lines[:5] == [
        "  2022-07-15 09:30  lodged, version 1, in force",
        "  2022-07-15 09:30  control notified, version 1",
        "  2022-07-15 09:30  amendment requested, version 2, asked for only, reference LRN-9, reason: 32 another buyer",
        "      ! parties[CONSIGNEE].name: Nur Kanat OsOO -> Orda Import TOO  [consignee]",
        f"        goodsItems[1].netMassKg: 1 -> {'x' * 79}…",
    ]
    assert lines[-2:] == ["        and 18 more", "  2022-07-15 09:30  request denied, reference LRN-9"]


def test_what_was_added_taken_away_or_left_out_is_said() -> None:
    changes = (
        Change(path="declaration.parties[NOTIFY_PARTY]", after="Orda Import TOO"),
        Change(path="declaration.placeOfLoading", before="Kaunas"),
        Change(path="declaration", after="12 more differences"),
    )
    assert [line.strip() for line in timeline_lines([Moment(at=AT, kind="AMENDED", changes=changes)])][
        1:
    ] == [
        "parties[NOTIFY_PARTY]: (none) -> Orda Import TOO",
        "placeOfLoading: Kaunas -> (none)",
        "12 more differences",
    ]


def test_an_alert_tells_the_status_open_requests_and_gaps() -> None:
    summary = Summary(status="UNDER_CONTROL", timeline=MOMENTS, gaps=(2, 3), open_requests=("LRN-9", ""))
    text = render_alert(alert_of([verdict(**STORY)], summary))
    assert "Declaration test|1, version 1, under control, export, " in text
    assert "What happened\n  2022-07-15 09:30  lodged, version 1, in force\n" in text
    assert "\nAsked for and not decided: LRN-9, (no reference)\n" in text
    assert "\nVersions never seen: 2, 3\n" in text


def test_what_an_officer_who_looked_at_a_version_has_not_seen() -> None:
    first, second = verdict(**STORY), verdict(version_number=2, parties=STORY["parties"])
    moments = (*MOMENTS, Moment(at=AT, kind="AMENDED", version_number=2, in_force=True, changes=(CONSIGNEE,)))
    alert = alert_of([first, second], Summary(status="LODGED", timeline=moments))
    news = render_alert(alert, since=1)
    assert "No longer so\n  (versions 1 to before 2) " in news
    assert "lodged" not in news.partition("Since version 1")[2] and "control notified" in news
    assert "\nNothing since version 2; what came in late about it" in render_alert(alert, since=2)


def _blind(*missing: NotEvaluable) -> list[str]:
    """Lines of an alert on what could not be checked."""
    alert = alert_of([replace(verdict(**STORY), not_evaluable=missing)])
    text = render_alert(alert)
    return text.partition("What could not be checked\n")[2].partition("\nDecided by")[0].splitlines()


def test_the_want_of_a_past_is_one_line_with_the_month_in_which_it_ends() -> None:
    young = [lacks_past(f"R{n:02d}", 90 * n, 30, day("2026-11-26")) for n in range(1, 13)]
    consignee = Subject(kind="PARTY", index=1, label="consignee Ala-Too")
    again = replace(young[0], subject=consignee)
    assert _blind(*young, again) == [
        "  12 rules need more months of trade: until 2029-10 (R01, R02, R03, R04, R05, R06, R07, R08, R09, R10, R11, R12)"
    ]
    assert _blind(young[0]) == ["  1 rule needs more months of trade: until 2027-01 (R01)"]
    unknown = NotEvaluable(rule="R10", missing=("two years",), cause="PAST")
    assert _blind(young[0], unknown) == ["  2 rules need more months of trade (R01, R10)"]


def test_what_several_rules_lack_is_said_once() -> None:
    mode = ("declaration.modeOfTransportAtBorder",)
    consignee = Subject(kind="PARTY", index=1, label="consignee Ala-Too")
    assert _blind(
        NotEvaluable(rule="R16", missing=mode),
        NotEvaluable(rule="R27", missing=("a telephone",), subject=consignee),
        NotEvaluable(rule="D06", missing=mode),
        NotEvaluable(rule="R16", missing=mode),
    ) == [
        "  R16 and D06: lack declaration.modeOfTransportAtBorder",
        "  R27 for consignee Ala-Too: lacks a telephone",
    ]


def test_an_alert_names_a_rule_once_for_want_of_a_past() -> None:
    early, late = (
        lacks_past("R05", 365, 300, day("2026-11-26")),
        lacks_past("R05", 730, 300, day("2026-11-26")),
    )
    alert = alert_of([replace(verdict(**STORY), not_evaluable=(early, late, early))])
    assert alert.not_evaluable == (late,) and late.until == "2028-01"
