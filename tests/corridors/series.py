"""Trade of one corridor made up by month: four years, of which something happens in the last."""

import math
import random
from collections.abc import Sequence

from streams.corridors.episodes import episodes
from streams.corridors.months import parse_month
from streams.corridors.settings import CorridorFigures
from streams.corridors.state import CENTS, Bucket, Corridor

FIRST = parse_month("2019-01")
MONTHS, BEGINS = 48, 36
"""Months of a series, and the place of the month in which something begins."""


def steps(shape: str, rng: random.Random) -> list[float]:
    """By which the usual is multiplied, month by month."""
    made = [1.0] * MONTHS
    last = range(BEGINS, MONTHS)
    if shape == "ramp":
        made[BEGINS:] = [1.1 ** (place + 1) for place in range(len(last))]
    if shape == "bursts":
        made[BEGINS:] = [6.0 if place % 3 == 0 else 1.0 for place in range(len(last))]
    if shape in ("step", "step after a settled surge", "step after a wrong month"):
        made[BEGINS:] = [3.0] * len(last)
    if shape == "step after a settled surge":
        made[14:30] = [4.0] * 16
    if shape == "step after a wrong month":
        made[rng.randrange(12, BEGINS - 2)] = 10.0
    if shape == "growth":
        made = [1.04**place for place in range(MONTHS)]
    return made


def corridor(values: Sequence[float]) -> Corridor:
    """`values`: euro by month."""
    months = {FIRST + place: Bucket(round(value * CENTS)) for place, value in enumerate(values) if value > 0}
    return Corridor(FIRST, FIRST, months)


def made(shape: str, number: int, noise: float) -> Corridor:
    """`noise`: standard deviation of a month's logarithm."""
    rng = random.Random(f"{shape} {number}")
    usual = math.exp(rng.uniform(math.log(60_000), math.log(2_000_000)))
    return corridor([usual * step * rng.lognormvariate(0, noise) for step in steps(shape, rng)])


def found(shape: str, figures: CorridorFigures, *, runs: int, noise: float = 0.4) -> tuple[float, float]:
    """The share of series in which something is told after it began, and alerts by 1,000 months that can be judged."""
    hit = alerts = 0
    for number in range(runs):
        told = [
            one.opened - FIRST for one in episodes(made(shape, number, noise), figures, FIRST + MONTHS - 1)
        ]
        hit += any(place >= BEGINS for place in told)
        alerts += len(told)
    return hit / runs, 1000 * alerts / (runs * (MONTHS - figures.history.least_months))
