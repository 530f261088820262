"""Found, missed and false alarms are counted as they are."""

from streams.demo.totals import STOPPING, Tally, Year
from tests.demo.factories import alert, corridor, label, verdict


def _tally() -> Tally:
    """Ten declarations, one with two versions; alerts on a, b and c."""
    tally = Tally()
    for key in "abcdefghij":
        tally.verdict(verdict(key))
    tally.verdict(verdict("a", version=2))
    tally.alert(alert("a", "RED"))
    tally.alert(alert("b", "YELLOW"))
    tally.alert(alert("c", "BLUE"))
    return tally


def test_counts_found_missed_and_false_alarms() -> None:
    totals = _tally().totals([label("a"), label("d"), label("e", "drones")], published=11, seconds=2.0)
    assert (totals.screened, totals.declarations, totals.clear) == (11, 10, 7)
    assert totals.alerts == {"RED": 1, "YELLOW": 1, "BLUE": 1}
    assert (totals.visible.total.alerted, totals.visible.total.declarations) == (1, 3)
    assert [missed.declaration_key for missed in totals.missed] == ["d", "e"]
    assert {one.typology: (one.alerted, one.declarations) for one in totals.visible.rows} == {
        "scopes": (1, 2),
        "drones": (0, 1),
    }
    assert totals.false_alarms == {"RED": 0, "YELLOW": 1, "BLUE": 1}
    assert totals.per_thousand() == 200.0
    assert totals.per_thousand(STOPPING) == 100.0
    assert totals.rate == 5.5


def test_what_only_several_declarations_show_is_counted_apart() -> None:
    """Neither missed when it is not found, nor a false alarm when it is."""
    totals = _tally().totals(
        [label("b", visible="pattern"), label("j", visible="pattern")], published=11, seconds=1.0
    )
    assert (totals.visible.rows, [missed.declaration_key for missed in totals.missed]) == ((), ["j"])
    assert (totals.hidden.total.alerted, totals.hidden.total.declarations) == (1, 2)
    assert totals.false_alarms == {"RED": 1, "YELLOW": 0, "BLUE": 1}


def test_real_exports_and_what_a_pattern_begins_with_are_neither_found_nor_false() -> None:
    labels = [label("a", visible="real"), label("d", visible="real"), label("b", visible="before")]
    totals = _tally().totals(labels, published=11, seconds=1.0)
    assert (
        totals.visible.total.alerted,
        totals.visible.total.declarations,
        totals.hidden.total.declarations,
    ) == (0, 0, 0)
    assert totals.false_alarms == {"RED": 0, "YELLOW": 0, "BLUE": 1}
    assert totals.real == (Year(2022, 2, 1),)
    assert totals.per_thousand() == 125.0, "of the eight that are not real exports"


def test_a_corridor_is_news_when_it_is_raised_when_it_is_over_and_when_it_is_withdrawn() -> None:
    tally = Tally()
    first, later = corridor(), corridor("901310", "2022-06")
    grown = corridor(last="2022-06")
    said = [
        tally.corridor(one.key, alert)
        for one, alert in [
            (later, later),
            (first, first),
            (first, grown),
            (first, corridor(status="CLOSED", closed="2022-09")),
            (later, None),
            (later, None),
        ]
    ]
    assert [news and news.what for news in said] == ["RAISED", "RAISED", None, "CLOSED", "WITHDRAWN", None]
    assert [one.good for one in tally.totals([], published=0, seconds=0.0).corridors] == ["854239"]


def test_duplicates_and_older_versions_change_nothing() -> None:
    tally = _tally()
    before = tally.totals([label("a")], published=11, seconds=1.0)
    tally.verdict(verdict("b"))
    assert tally.alert(alert("a", "RED", version=2)) is False
    assert tally.alert(alert("a", "BLUE", version=1)) is False
    assert tally.totals([label("a")], published=11, seconds=1.0) == before


def test_an_alert_that_a_later_version_closed_is_no_alert() -> None:
    tally = _tally()
    assert tally.alert(alert("c", "BLUE", version=2, status="CLOSED")) is True
    totals = tally.totals([], published=11, seconds=1.0)
    assert (totals.alerts["BLUE"], totals.clear) == (0, 8)


def test_dead_letters_are_answers_too() -> None:
    tally = _tally()
    tally.dead_letter("customs.declarations/0/7")
    tally.dead_letter("customs.declarations/0/7")
    assert tally.answered == 12
    assert tally.totals([], published=12, seconds=1.0).dead_letters == 1


def test_nothing_screened_divides_by_nothing() -> None:
    totals = Tally().totals([], published=0, seconds=0.0)
    assert (totals.rate, totals.per_thousand()) == (0.0, 0.0)
