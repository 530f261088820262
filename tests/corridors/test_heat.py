"""A destination that stands out as a whole, and what is told of its goods then."""

import random

import pytest

from streams.baselines.replay import ALL_GOODS, heat, replay
from streams.baselines.trade import CorridorKey
from streams.corridors.heat import Goods, hot_months, hot_since
from streams.corridors.settings import settings
from streams.corridors.state import Corridor
from tests.corridors.series import BEGINS, FIRST, MONTHS, corridor

pytestmark = pytest.mark.R05
LAST = FIRST + MONTHS - 1


def country(rising: int, goods: int = 80, times: float = 2.6) -> dict[str, Corridor]:
    """Goods of ordinary noise, of which some rise from the fourth year on."""
    rng = random.Random(7)
    return {
        f"{8400 + place // 2}{10 + place % 2}": corridor(
            [
                100_000 * rng.lognormvariate(0, 0.4) * (times if place < rising and month >= BEGINS else 1)
                for month in range(MONTHS)
            ]
        )
        for place in range(goods)
    }


def test_a_country_is_hot_where_many_of_its_goods_rise_at_once_and_only_then() -> None:
    hot = heat(country(rising=40), settings(), LAST)
    assert hot and hot[0] - FIRST in (BEGINS, BEGINS + 1)
    assert heat(country(rising=0), settings(), LAST) == ()
    assert heat(country(rising=2), settings(), LAST) == ()


def test_few_goods_make_no_country() -> None:
    assert heat(country(rising=20, goods=30), settings(), LAST) == ()


def test_a_share_needs_a_year_of_its_own_past() -> None:
    def goods(months: int) -> dict[int, Goods]:
        return {FIRST + month: Goods(100, 8 if month < months else 30) for month in range(months + 1)}

    assert hot_months(goods(11), settings()) == ()
    assert hot_months(goods(12), settings()) == (FIRST + 12,)


def test_a_hot_country_opens_its_corridors_earlier() -> None:
    def opened(goods: dict[str, Corridor]) -> dict[str, int]:
        alerts = replay(
            [(CorridorKey(hs6, "*", "KG"), one) for hs6, one in goods.items()],
            settings(),
            LAST,
            lambda _: True,
        )
        return {
            one.corridor.hs6: one.episode.opened - FIRST
            for one in reversed(alerts)
            if one.episode.opened - FIRST >= BEGINS
        }

    goods = country(rising=40, times=4)
    alone = dict(list(goods.items())[:30])
    hot, calm = opened(goods), opened(alone)
    shared = [hs6 for hs6 in alone if hs6 in calm]
    assert len(shared) >= 20
    assert all(hs6 in hot for hs6 in shared)
    assert sum(hot[hs6] for hs6 in shared) < sum(calm[hs6] for hs6 in shared)


def test_a_trade_spread_over_codes_is_told_of_their_heading_or_of_all_goods() -> None:
    rng = random.Random(3)
    codes = [f"8541{number}" for number in range(21, 31)] + [f"85{number}90" for number in range(31, 41)]
    quiet = [0.0] * BEGINS
    spread = {
        hs6: corridor([*quiet, *[6_000 * rng.lognormvariate(0, 0.4) for _ in range(MONTHS - BEGINS)]])
        for hs6 in codes
    }
    alerts = replay(
        [(CorridorKey(hs6, "*", "TJ"), one) for hs6, one in spread.items()], settings(), LAST, lambda _: True
    )
    groups = {
        one.corridor.hs6: one.episode.opened - FIRST - BEGINS for one in alerts if len(one.corridor.hs6) < 6
    }
    assert groups["8541"] < 6
    assert groups[ALL_GOODS] < 6


def test_a_group_says_nothing_where_a_good_of_it_has_its_own_alert() -> None:
    calm = [50_000.0] * MONTHS
    loud = [*[50_000.0] * BEGINS, *[900_000.0] * (MONTHS - BEGINS)]
    goods = {"854231": corridor(loud), "854232": corridor(calm), "847150": corridor(calm)}
    alerts = replay(
        [(CorridorKey(hs6, "*", "KG"), one) for hs6, one in goods.items()], settings(), LAST, lambda _: True
    )
    assert [one.corridor.hs6 for one in alerts] == ["854231"]


def test_a_country_is_hot_since_the_first_month_of_those_in_a_row() -> None:
    assert hot_since((3, 4, 9, 10, 11), 11) == 9
    assert hot_since((3, 4, 9, 10, 11), 4) == 3
    assert hot_since((3, 4), 5) is None
