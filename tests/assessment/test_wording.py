"""Alerts in words: an officer can read them aloud."""

from streams.assessment.alerts import alert_of
from streams.assessment.wording import render_alert
from tests.assessment.cases import verdict
from tests.factory import item, party, route

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
    assert text.startswith("RED 84 of 100: examine goods and documents (alert ")
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
    assert "+20  " in text and "[C02]" in text


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
