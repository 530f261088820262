"""A good that an embargoed country no longer gets, and a neighbour that gets it instead."""

import pytest

from streams.baselines.replay import Alert, replay
from streams.baselines.trade import CorridorKey
from streams.corridors.explain import around
from streams.corridors.settings import settings
from tests.corridors.series import BEGINS, FIRST, MONTHS, corridor

pytestmark = pytest.mark.R05
LAST = FIRST + MONTHS - 1
WAR = BEGINS + 2
"""Place of March 2022."""


def told(to_russia: list[float], to_kazakhstan: list[float], code: str = "KZ") -> list[Alert]:
    roads = {"RU": to_russia, code: to_kazakhstan}
    alerts = replay(
        [(CorridorKey("854239", "DE", country), corridor(values)) for country, values in roads.items()],
        settings(),
        LAST,
        lambda _: True,
    )
    return [one for one in alerts if one.corridor.destination == code]


def changed(before: float, after: float) -> list[float]:
    return [*[before] * WAR, *[after] * (MONTHS - WAR)]


def test_the_alert_of_the_neighbour_names_the_country_whose_trade_fell() -> None:
    [alert] = told(changed(900_000, 90_000), changed(50_000, 500_000))
    assert alert.displaced is not None
    assert (alert.displaced.left, round(alert.displaced.kept, 2)) == ("RU", 0.1)
    assert around(alert.episode, None, alert.displaced) == (
        " The same good to RU fell to 10% of the usual, by EUR 810,000 a month: the trade may have moved over."
    )


def test_a_rise_beside_a_trade_that_goes_on_is_no_displacement() -> None:
    [alert] = told(changed(900_000, 800_000), changed(50_000, 500_000))
    assert alert.displaced is None


def test_a_small_rise_explains_no_large_fall() -> None:
    [alert] = told(changed(90_000_000, 0), changed(50_000, 500_000))
    assert alert.displaced is None


def test_what_rises_to_another_embargoed_country_is_none() -> None:
    [alert] = told(changed(900_000, 90_000), changed(50_000, 500_000), code="BY")
    assert alert.displaced is None
