"""A trade that moves over: what an embargoed country no longer gets, a neighbour gets instead."""

from msgspec import Struct

from streams.corridors.episodes import Episode
from streams.corridors.settings import CorridorFigures
from streams.corridors.state import CENTS, Bucket, Carry, Corridor
from streams.corridors.usual import Series


class Displacement(Struct, frozen=True):
    """Of the months by which an alert was raised."""

    left: str
    """the country whose trade in the good fell"""
    kept: float
    """what is still sent there, as a share of the usual"""
    lost: float
    """what it lacks, in currency units a month"""


def displacement(
    risen: Corridor, one: Episode, left: str, fallen: Corridor, figures: CorridorFigures
) -> Displacement | None:
    """Whether the rise of an episode on a corridor stands beside a like fall of the same good to the country `left`."""
    rule = figures.displacement
    months = range(max(one.start, one.opened - rule.months + 1), one.opened + 1)
    before = Series(fallen, figures).usual(one.start, counted=False, past=Carry())
    if before is None or before.mean <= 0:
        return None
    now = _mean(fallen, months)
    lost, rise = before.mean - now, _mean(risen, months) - one.usual
    if now > rule.kept * before.mean or lost < rule.floor or rise < rule.like * lost:
        return None
    return Displacement(left, max(now, 0.0) / before.mean, lost)


def _mean(corridor: Corridor, months: range) -> float:
    return sum(corridor.months.get(month, Bucket()).value for month in months) / CENTS / len(months)
