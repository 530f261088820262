"""What a scheme does that knows the rule of doubling: it ramps, it settles, it hides behind an error, it comes in bursts."""

import pytest

from streams.corridors.episodes import episodes
from streams.corridors.settings import settings
from tests.corridors.series import FIRST, MONTHS, corridor, found, made

pytestmark = [pytest.mark.R05, pytest.mark.load]
RUNS = 100


@pytest.mark.parametrize(
    ("shape", "least"),
    [
        ("ramp", 0.82),
        ("step", 0.95),
        ("step after a settled surge", 0.75),
        ("step after a wrong month", 0.85),
        ("bursts", 0.75),
    ],
)
def test_a_change_is_told_within_the_year(shape: str, least: float) -> None:
    assert found(shape, settings(), runs=RUNS)[0] >= least


@pytest.mark.parametrize(
    ("shape", "noise", "most"), [("calm", 0.4, 0.3), ("calm", 0.8, 1.0), ("growth", 0.4, 2.0)]
)
def test_what_is_calm_or_always_grew_is_silent(shape: str, noise: float, most: float) -> None:
    assert found(shape, settings(), runs=3 * RUNS, noise=noise)[1] <= most


def test_a_ramp_is_told_as_a_creep_where_no_month_stands_out() -> None:
    kinds = [
        one.kind
        for number in range(20)
        for one in episodes(made("ramp", number, 0.4), settings(), FIRST + MONTHS - 1)
    ]
    assert "CREEP" in kinds


def test_a_shipment_a_quarter_is_told_as_bursts() -> None:
    [one] = episodes(
        corridor([*[100_000.0] * 36, *[600_000.0, 100_000.0, 100_000.0] * 4]), settings(), FIRST + MONTHS - 1
    )
    assert (one.kind, one.start - FIRST, one.opened - FIRST) == ("BURSTS", 36, 42)
