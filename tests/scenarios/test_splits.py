"""R20: consignments split under a threshold, their innocent twins and what the rule needs."""

from datetime import date, timedelta

import pytest

from streams.patterns.splits import SplitFigures, Splits
from streams.patterns.trade import DeclaredTrade
from tests.patterns.trades import blind, chips, codes, firm, found, gravity, shirts, told, trade

pytestmark = pytest.mark.R20

SPLITS = Splits(gravity(), SplitFigures.bundled())
GERMAN = firm("Bauteile GmbH", "EXPORTER", index=0, country="DE")


def small(on: str = "2022-06-15", value: float | None = 900.0, **changes) -> DeclaredTrade:
    """A small box of chips from Germany."""
    defaults = {"dispatch": "DE", "regime": "EXPORT", "senders": (GERMAN,)}
    good = {"value": value, "mass": changes.pop("mass", 0.5)}
    return trade(on, goods=changes.pop("goods", (chips(**good),)), **defaults | changes)


def every(days: int, number: int, last: str = "2022-06-14", **changes) -> list[DeclaredTrade]:
    """So many boxes, so many days apart; the last one on a day."""
    end = date.fromisoformat(last)
    return [small(str(end - timedelta(days=days * at)), **changes) for at in reversed(range(number))]


def test_three_boxes_in_a_week() -> None:
    answer = told(SPLITS, every(2, 2), small())
    assert codes(answer) == {"split.under_threshold"}
    finding = found(answer, "split.under_threshold")
    assert finding.strength == 0.5
    assert finding.evidence == (
        "3 consignments of HS 854231 (high-priority, tier 1) from one exporter to Ala-Too Trade in 7 days are worth EUR "
        "2,700 together, each no more than EUR 1,050: the statistical threshold of the European Union is EUR 1,000. In the 90 "
        "days before there were none."
    )


def test_the_more_the_odder() -> None:
    assert found(told(SPLITS, every(1, 5), small()), "split.under_threshold").strength == 1.0


def test_one_every_five_days_for_a_month() -> None:
    finding = found(told(SPLITS, every(5, 5), small()), "split.under_threshold")
    assert (finding.inputs["days"], finding.inputs["consignments"]) == (30, 6)


def test_a_supplier_of_every_week_is_silent_from_his_first_week_on() -> None:
    for weeks in range(1, 20):
        answer = told(SPLITS, every(7, weeks, "2022-06-08"), small())
        assert not answer.findings and not answer.not_evaluable


def test_who_always_sent_three_a_week_does_not_split() -> None:
    assert not told(SPLITS, every(2, 60), small()).findings


def test_who_sent_now_and_then_and_now_sends_daily_does() -> None:
    answer = told(SPLITS, every(30, 4, "2022-05-20") + every(1, 4), small())
    assert "there were 3" in found(answer, "split.under_threshold").evidence


def test_two_boxes_may_be_one_order() -> None:
    assert not told(SPLITS, every(1, 1), small()).findings


def test_three_samples_that_stay_under_it_together() -> None:
    assert not told(SPLITS, every(2, 2, value=300.0), small(value=300.0)).findings


def test_where_a_full_consignment_went_openly_nothing_is_hidden() -> None:
    past = [*every(2, 2), small("2022-06-13", value=20_000.0)]
    assert not told(SPLITS, past, small()).findings


def test_a_consignment_over_the_mass_is_over_the_threshold() -> None:
    to_dubai = {"destination": "AE"}
    heavy = small("2022-06-13", mass=1200.0, **to_dubai)
    assert not told(SPLITS, [*every(2, 2, **to_dubai), heavy], small(**to_dubai)).findings
    assert not [one for one in SPLITS.contributions(heavy) if one.asks]


def test_others_do_not_count() -> None:
    for changes in (
        {"takers": (firm("Osh Electronics"),)},
        {"senders": (firm("Andere GmbH", "EXPORTER", index=0, country="DE"),)},
        {"goods": (chips(hs6="848210", tier="4.B", value=900.0),)},
        {"regime": "IMPORT"},
        {"cancelled": True},
    ):
        assert not told(SPLITS, every(2, 2, **changes), small()).findings


@pytest.mark.parametrize(
    ("way", "each", "expected"),
    [
        ({"dispatch": "US"}, 2_400.0, "US_EEI"),
        ({"dispatch": "DE", "destination": "AE"}, 900.0, "EU_STATISTICS"),
        ({"dispatch": "CN", "destination": "PL"}, 140.0, "EU_H7"),
        ({"dispatch": "CN", "destination": "KG"}, 990.0, "EAEU_EXPRESS"),
        ({"dispatch": "CN", "destination": "UZ"}, 2_400.0, "OTHER"),
        ({"dispatch": "CN", "destination": "KG"}, 1_040.0, "EAEU_EXPRESS"),  # by the rate of the month
        ({"dispatch": "CN", "destination": "KG"}, 190.0, "EAEU_DUTY_FREE"),
        ({"dispatch": "CN", "destination": "KG"}, 2_400.0, None),
    ],
)
def test_each_way_has_its_threshold(way: dict, each: float, expected: str | None) -> None:
    answer = told(SPLITS, every(2, 2, value=each, **way), small(value=each, **way))
    finding = found(answer, "split.under_threshold")
    assert (finding.inputs["threshold"] if finding else None) == expected


def test_a_destination_of_no_concern_counts_little() -> None:
    to_japan = {"destination": "JP"}
    finding = found(told(SPLITS, every(1, 5, **to_japan), small(**to_japan)), "split.under_threshold")
    assert finding.strength == 0.2


def test_what_bears_a_later_day_does_not_count() -> None:
    assert not told(SPLITS, every(1, 5, "2022-06-20"), small(), forget=False).findings


def test_goods_that_nobody_follows_have_no_key() -> None:
    assert not list(SPLITS.contributions(small(goods=(shirts(),))))
    assert not list(SPLITS.contributions(small(regime="TRANSIT")))


def test_without_value_exporter_or_consignee_nothing_can_be_told() -> None:
    for changes, missing in (
        ({"value": None}, "declaration.goodsItems[].statisticalValue"),
        ({"senders": ()}, "declaration.parties[EXPORTER]"),
        ({"takers": ()}, "declaration.parties[CONSIGNEE]"),
    ):
        answer = told(SPLITS, every(2, 2), small(**changes))
        assert blind(answer) == {"R20"} and not answer.findings
        assert answer.not_evaluable[0].missing == (missing,)


def test_while_memory_is_young_the_rhythm_is_not_known() -> None:
    answer = told(SPLITS, every(2, 2), small(), began="2022-05-01")
    assert not answer.findings
    assert answer.not_evaluable[0].missing == ("97 days of trade remembered",)
    assert blind(told(SPLITS, [], small(), began="2022-06-12")) == {"R20"}
