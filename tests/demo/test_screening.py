"""The screener on the whole scenario, offline: what it finds, what it raises for nothing, and which corridors it tells.

The bounds on false alarms are a little above what was measured when they were written (0.0 and 2.0). Nothing in the rules is
made for this scenario, and nothing in the scenario for the rules.
"""

from collections import Counter

import pytest

from streams.assessment.screening import Rulebook, screen
from streams.demo.totals import STOPPING
from streams.simulation.scenario import declarations as scenario
from streams.watchlists.index import WatchlistIndex
from tests.data import PROJECT
from tests.demo.replay import Replay, replay

pytestmark = pytest.mark.load

FALSE_ALARMS_STOPPING = 1.0
"""RED or YELLOW alerts on ordinary trade in 1,000 declarations"""
FALSE_ALARMS = 4.0
"""the same with BLUE"""


@pytest.fixture(scope="module")
def result() -> Replay:
    return replay()


def _labelled(*visible: str) -> list[scenario.Version]:
    return [one for one in scenario.declarations() if one.label is not None and one.label.visible in visible]


def test_it_finds_what_one_declaration_shows(result: Replay) -> None:
    assert [
        f"{label.typology}: {label.case}" for label in result.totals.missed if label.visible == "declaration"
    ] == []


def test_it_raises_little_for_nothing(result: Replay) -> None:
    noise = Counter(
        f"{verdict.lane} {each.code}" for verdict in result.noise.values() for each in verdict.findings
    )
    assert result.totals.per_thousand(STOPPING) <= FALSE_ALARMS_STOPPING, noise.most_common()
    assert result.totals.per_thousand() <= FALSE_ALARMS, noise.most_common()


def test_of_two_patterns_it_finds_the_one_in_goods_that_are_watched(result: Replay) -> None:
    found = {one.typology: one.alerted for one in result.totals.hidden.rows}
    assert found == {"imported, then moved on": 1, "the same with goods that nobody watches": 0}
    moved = next(
        one.label for one in _labelled("pattern") if one.label is not None and one.label.typology in found
    )
    assert "reexport.matched" in {each.code for each in result.verdicts[moved.declaration_key].findings}


def test_a_pattern_is_no_alert_to_who_looks_at_one_declaration() -> None:
    index, rulebook = WatchlistIndex.build([]), Rulebook.load()
    hidden = _labelled("pattern", "before")
    assert len(hidden) == 7
    assert {screen(one.version, index, rulebook).lane for one in hidden} == {"GREEN"}


def test_the_first_corridor_is_told_in_spring_2022(result: Replay) -> None:
    day, first = result.news[0]
    assert (first.what, first.alert.destination, first.alert.good) == ("RAISED", "KG", "854239")
    assert "2022-03" <= first.alert.opened <= "2022-05"
    assert f"{day:%Y-%m}" == first.alert.opened, "told in the month itself, not when statistics come out"
    said = result.totals.corridors[0]
    assert said.key == first.alert.key
    assert said.headline.startswith(
        "HS 854239 from DE to KG: EUR 116,430 in 2022-04, 86.0 times the usual EUR 1,354 a month "
    )


def test_sights_and_aircraft_parts_to_kyrgyzstan_are_told_in_summer_2022(result: Replay) -> None:
    opened = {(one.destination, one.good): one.opened for one in result.totals.corridors}
    assert opened["KG", "901310"] == "2022-06"
    assert opened["KG", "880730"] == "2022-07"


def test_corridors_are_told_once_and_none_before_the_war(result: Replay) -> None:
    raised = [news.alert.key for _, news in result.news if news.what == "RAISED"]
    assert len(raised) == len(set(raised)) == len(result.totals.corridors)
    assert not [news for _, news in result.news if news.what == "WITHDRAWN"]
    assert {one.destination for one in result.totals.corridors} == {"KG", "KZ"}
    assert {one.origin for one in result.totals.corridors} == {"DE"}, "ordinary trade surges nowhere"


def test_real_exports_are_quiet_in_2021(result: Replay) -> None:
    quiet, loud = result.totals.real
    assert (quiet.year, quiet.alerted) == (2021, 0)
    assert loud.alerted > loud.declarations / 2


def test_the_readme_says_what_is_told(result: Replay) -> None:
    readme = " ".join((PROJECT / "README.md").read_text(encoding="utf-8").split())
    totals = result.totals
    quiet, loud = totals.real
    for said in (
        f"{totals.declarations:,} invented declarations",
        f"{totals.visible.total.alerted} of {totals.visible.total.declarations} planted cases",
        f"{totals.hidden.total.alerted} of {totals.hidden.total.declarations} that take several",
        f"{sum(totals.false_alarms.values())} false alarms in the {scenario.DECLARATIONS:,} declarations",
        f"none of {quiet.declarations} has an alert in 2021 and {loud.alerted} of {loud.declarations} have in 2022",
        totals.corridors[0].headline.partition(" (")[0],
    ):
        assert said in readme
