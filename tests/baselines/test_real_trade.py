"""The Kyrgyz case on real figures: exports of the European Union 2020-2022 (Eurostat), goods of the Common High Priority List.

The figures of the detector were chosen on Kyrgyzstan and Belarus; Kazakhstan, Georgia and Russia judge them.
"""

import gzip
from pathlib import Path

import pytest

from streams.baselines.codes import tracked
from streams.baselines.edition import statistics_of
from streams.baselines.file import write_baseline
from streams.baselines.readers import StatisticsFile, StatisticsRow
from streams.baselines.trade import Trade
from streams.cli.baselines import read_statistics
from streams.corridors.episodes import Episode, episodes, informed
from streams.corridors.months import month_text, parse_month
from streams.corridors.settings import settings
from streams.corridors.state import new_corridor
from streams.goods.hs import editions
from tests.baselines.measure import RealTrade
from tests.baselines.plot import draw
from tests.data import PROJECT, data

pytestmark = pytest.mark.load

FILE = "eurostat_eu27_exports_sanctioned_cn8_monthly_2020-01_2022-11_BY-GE-KG-KZ-RU.csv.gz"
Alerts = dict[tuple[str, str], list[Episode]]


@pytest.fixture(scope="module")
def trade() -> Trade:
    return read_statistics([data("trade", FILE)], "chpl")[0]


@pytest.fixture(scope="module")
def rows() -> list[StatisticsRow]:
    """Every line of a watched good, and of each other code one, so that the file's codes are known."""
    watched = tracked("chpl")
    kept: list[StatisticsRow] = []
    seen: set[str] = set()
    with gzip.open(data("trade", FILE), "rt") as lines:
        for row in StatisticsFile(lines, FILE).rows():
            if watched.of(row.hs6, row.month) or row.hs6 not in seen:
                kept.append(row)
            seen.add(row.hs6)
    return kept


@pytest.fixture(scope="module")
def alerts(trade: Trade) -> Alerts:
    return {
        (key.destination, key.hs6): list(episodes(corridor, settings(), trade.last))
        for key, corridor in trade.corridors(by_origin=False)
    }


def months(alerts: Alerts, destination: str) -> list[str]:
    return sorted(
        month_text(one.opened) for key, found in alerts.items() for one in found if key[0] == destination
    )


def test_scopes_and_aircraft_parts_to_kyrgyzstan_are_told_by_july_2022(alerts: Alerts) -> None:
    for hs6 in ("901310", "880730"):
        [one] = alerts["KG", hs6]
        assert month_text(one.opened) <= "2022-07"


def test_the_first_kyrgyz_corridor_is_told_by_may_2022_and_none_before_the_war(alerts: Alerts) -> None:
    assert "2022-02" < months(alerts, "KG")[0] <= "2022-05"


def test_kazakhstan_follows_in_2022(alerts: Alerts) -> None:
    told = months(alerts, "KZ")
    assert len(told) >= 4
    assert min(told) >= "2022-03"


def test_the_quiet_year_is_quiet(alerts: Alerts) -> None:
    quiet = [one for found in alerts.values() for one in found if month_text(one.opened) <= "2022-01"]
    assert len(quiet) <= 6


def test_russia_and_belarus_collapse_without_an_alert(alerts: Alerts) -> None:
    told = [month for country in ("RU", "BY") for month in months(alerts, country) if month >= "2022-03"]
    assert len(told) <= 3


def test_no_alert_is_only_the_recoding_of_2022(alerts: Alerts) -> None:
    recoded = {
        (destination, hs6, month_text(one.opened))
        for (destination, hs6), found in alerts.items()
        for one in found
        if hs6 in editions().new_in_2022
    }
    assert recoded == {("KG", "880730", "2022-07")}


def test_the_plot_in_the_docs_shows_what_the_detector_says(trade: Trade) -> None:
    assert (PROJECT / "docs" / "images" / "corridors-kg.svg").read_text(encoding="utf-8") == draw(trade)


def test_a_file_of_one_destination_tells_the_same_of_it(alerts: Alerts, tmp_path: Path) -> None:
    part = tmp_path / "kg.csv"
    with gzip.open(data("trade", FILE), "rt") as whole, part.open("w") as out:
        out.writelines(line for number, line in enumerate(whole) if number == 0 or ",Kyrgyzstan," in line)
    alone = read_statistics([part], "chpl")[0]
    told = {
        (key.hs6, month_text(one.opened))
        for key, corridor in alone.corridors(by_origin=False)
        for one in episodes(corridor, settings(), alone.last)
    }
    assert told == {
        (hs6, month_text(one.opened))
        for (destination, hs6), found in alerts.items()
        for one in found
        if destination == "KG"
    }


def test_no_single_member_state_makes_the_picture(rows: list[StatisticsRow]) -> None:
    """Leaving out each reporter in turn: the first Kyrgyz corridor stays within two months, and the quiet year quiet."""
    for origin in sorted({row.origin for row in rows}):
        rest = Trade(tracked("chpl"))
        rest.add(row for row in rows if row.origin != origin)
        told = [
            (key.destination, month_text(one.opened))
            for key, corridor in rest.corridors(by_origin=False)
            for one in episodes(corridor, settings(), rest.last)
        ]
        assert sum(month <= "2022-01" for _, month in told) <= 6, origin
        assert min(month for to, month in told if to == "KG" and month > "2022-01") <= "2022-06", origin


@pytest.mark.parametrize("began", ["2021-10", "2022-03", "2022-05"])
def test_a_stream_that_begins_then_tells_what_the_whole_of_the_figures_tells(
    trade: Trade, rows: list[StatisticsRow], began: str
) -> None:
    """By reporting country, with what came before told to it as a baseline made and read back as a file."""
    first = parse_month(began)
    before = Trade(trade.tracked)
    before.add(row for row in rows if row.month < first)
    known = statistics_of(list(write_baseline(before, "Eurostat", "export", "2022")))
    alone = together = 0
    for key, corridor in trade.corridors():
        stream = new_corridor(first)
        stream.months = {month: bucket for month, bucket in corridor.months.items() if month >= first}
        alone += len(episodes(stream, settings(), trade.last))
        past = known.past(f"corridors|{key.hs6}|{key.origin}|{key.destination}")
        if past is None or past.since != corridor.since:
            continue  # recoded in 2022, of which a file of before knows nothing
        whole = [
            one
            for one in episodes(corridor, settings(), trade.last)
            if one.closed is None or one.closed >= first
        ]
        found = episodes(informed(stream, past, first, settings()), settings(), trade.last)
        assert list(found) == whole, key
        together += len(whole)
    assert alone == 0 and together >= 20


def test_rises_of_all_sanctioned_goods_are_told_early_and_the_calm_year_is_calm() -> None:
    real = RealTrade()
    told, priority = real.told(("KG", "KZ", "GE")), real.told(("KG", "KZ", "GE"), priority=True)
    assert told.by["2022-07"] >= 0.45 and told.by["2022-11"] >= 0.85
    assert told.calm <= 2.5
    assert priority.by["2022-07"] >= 0.7
    assert priority.calm <= 1.5
    loud = [
        one
        for one in real.alerts
        if one.corridor.destination in ("RU", "BY")
        and real.priority(one.corridor.hs6)
        and month_text(one.episode.opened) > "2022-03"
    ]
    assert len(loud) <= 3
