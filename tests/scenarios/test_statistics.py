"""R05 and R08 on the first days of a stream that trade statistics tell of the years before, their innocent twins, and what
statistics do not tell."""

from collections.abc import Iterable

import pytest

from streams.baselines.codes import tracked
from streams.baselines.edition import statistics_of
from streams.baselines.file import write_baseline
from streams.baselines.readers import StatisticsRow
from streams.baselines.trade import Trade as Table
from streams.corridors.months import parse_month
from streams.corridors.settings import settings
from streams.corridors.state import CENTS
from streams.destinations.atlas import atlas
from streams.patterns.contract import PatternAdvice
from streams.patterns.corridors import Corridors
from streams.patterns.episode_alert import decode
from streams.patterns.memory import Book, observations, parts_of
from streams.patterns.statistics import StatisticsInMemory
from streams.patterns.trade import DeclaredTrade
from tests.ledger import Ledger
from tests.patterns.trades import blind, chips, codes, day, found, trade

pytestmark = [pytest.mark.R05, pytest.mark.R08]

CORRIDORS = Corridors(atlas(), settings())
SIGHTS = {"hs6": "901310", "tier": "3.B"}


def statistics(last: str = "2022-05") -> StatisticsInMemory:
    """Germany sends chips to Kyrgyzstan all the time, no sights; to Kazakhstan both. From 2020-01 on."""
    table = Table(tracked("chpl"))
    for hs6, to, euros in (("854231", "KG", 20_000), ("854231", "KZ", 50_000), ("901310", "KZ", 5_000)):
        table.add(
            StatisticsRow("DE", to, hs6, None, month, (euros + euros // 10 * (month % 3)) * CENTS, 0)
            for month in range(parse_month("2020-01"), parse_month(last) + 1)
        )
    return statistics_of(list(write_baseline(table, "Eurostat Comext", "export", "2022")))


def consigned(*days: str, value: float = 80_000.0, origin: str = "DE", **good: str) -> list[DeclaredTrade]:
    return [trade(on, goods=(chips(origin=origin, value=value, **good),), dispatch=origin) for on in days]


def answers(
    trades: Iterable[DeclaredTrade], known: StatisticsInMemory | None, began: str = "2022-06-01"
) -> tuple[PatternAdvice, Ledger]:
    """What the last of them is told, and the ledger with its alerts."""
    ledger = Ledger(Book((CORRIDORS,)), day(began), known.past if known else lambda _: None)
    told = PatternAdvice()
    for offset, one in enumerate(trades):
        parts = parts_of(one, (CORRIDORS,))
        said = ledger.observe(observations(str(offset), {}, parts, 0, offset, one.day))
        told = PatternAdvice(
            tuple(finding for answer in said for finding in answer.told.findings),
            tuple(missing for answer in said for missing in answer.told.not_evaluable),
        )
    return told, ledger


MANY = ("2022-06-10", "2022-06-20", "2022-06-25", "2022-07-05", "2022-07-15", "2022-07-25", "2022-08-01")


def test_a_stream_without_a_past_says_that_it_is_blind() -> None:
    told, ledger = answers(consigned(*MANY), None)
    assert not told.findings and blind(told) == {"R05", "R08", "R10"}
    assert not ledger.alerts


def test_more_than_usual_is_told_in_the_third_month() -> None:
    told, ledger = answers(consigned(*MANY), statistics())
    finding = found(told, "corridor.surge")
    assert finding is not None and finding.rule == "R05"
    assert "from DE to KG: EUR 240,000 a month from 2022-06 to 2022-07" in finding.evidence
    assert finding.evidence.endswith(". Before the stream began: " + statistics().edition.source + ".")
    assert finding.inputs["statistics"].startswith("Eurostat Comext, 2020-01 to 2022-05 (#")
    [(key, value)] = ledger.alerts.items()
    assert key == "corridor|854231|DE|KG|SURGE|2022-06" and value is not None
    assert decode(value).headline.endswith(f". Before the stream began: {statistics().edition.source}.")


def test_a_trade_that_statistics_never_saw_is_new_within_weeks() -> None:
    told, ledger = answers(consigned(*MANY, **SIGHTS), statistics())
    finding = found(told, "corridor.new")
    assert finding is not None and "never seen in the 29 months before 2022-06" in finding.evidence
    assert list(ledger.alerts) == ["corridor|901310|DE|KG|NEW_TRADE|2022-06"]


def test_the_usual_trade_stays_silent_and_is_judged() -> None:
    told, ledger = answers(consigned(*MANY, value=7_000.0), statistics())
    assert not told.findings and not ledger.alerts
    assert blind(told) == {"R10"}, "statistics do not know consignees"


def test_statistics_of_one_country_say_nothing_of_another() -> None:
    for elsewhere in (
        consigned(*MANY, origin="CN"),
        [trade(one.at.date().isoformat(), goods=one.goods, destination="UZ") for one in consigned(*MANY)],
        consigned(*MANY, hs6="848210", tier="4.B"),
    ):
        told, ledger = answers(elsewhere, statistics())
        assert not told.findings and blind(told) == {"R05", "R08", "R10"}
        assert not ledger.alerts


def test_statistics_that_end_two_months_before_still_tell() -> None:
    told, _ = answers(consigned(*MANY), statistics("2022-03"))
    assert codes(told) == {"corridor.surge"}


def test_statistics_that_end_more_than_half_a_year_before_do_not() -> None:
    told, ledger = answers(consigned(*MANY), statistics("2021-10"))
    assert not told.findings and not ledger.alerts
    assert blind(told) == {"R05", "R08", "R10"}


def test_statistics_of_the_streams_own_months_change_nothing() -> None:
    longer = answers(consigned(*MANY), statistics("2022-08"))[0].findings
    shorter = answers(consigned(*MANY), statistics())[0].findings
    assert [one.inputs["baseline"] for one in longer] == [one.inputs["baseline"] for one in shorter]
    assert [one.inputs["value"] for one in longer] == [one.inputs["value"] for one in shorter]
