"""Trade statistics through the corridor detector: every alert of a file, of goods, of headings and of all goods together."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from streams.baselines.trade import CorridorKey
from streams.corridors.displacement import Displacement, displacement
from streams.corridors.episodes import Episode, episodes
from streams.corridors.heat import Goods, hot_months, hot_since, standing_out
from streams.corridors.months import Month, first_day
from streams.corridors.settings import CorridorFigures
from streams.corridors.state import CENTS, Bucket, Corridor
from streams.destinations.countries import countries

ALL_GOODS = "*"
"""In place of a code: all goods that are watched."""
HEADING = 4
"""Digits of a heading of the Harmonized System."""
Road = tuple[str, str]
"""origin, destination"""


class Alert(NamedTuple):
    corridor: CorridorKey
    """the code is that of a good, of a heading (four digits) or `*`"""
    episode: Episode
    hot_since: Month | None
    """since when the destination stands out as a whole; None where it does not"""
    displaced: Displacement | None = None
    """from which embargoed country the trade moves over"""


def replay(
    corridors: Iterable[tuple[CorridorKey, Corridor]],
    figures: CorridorFigures,
    last: Month,
    watched: Callable[[str], bool],
) -> list[Alert]:
    """All alerts of watched goods up to `last`, by the month that raised them. Whether a destination is hot is seen in all goods
    that are given, watched or not.

    A heading, and all goods together, are watched for trade that is spread over codes so that none stands out; they say nothing
    where goods that alert by themselves carry most of it."""
    roads: dict[Road, dict[str, Corridor]] = defaultdict(dict)
    for key, corridor in corridors:
        roads[key.origin, key.destination][key.hs6] = corridor
    found: list[Alert] = []
    for (origin, destination), goods in roads.items():
        hot = heat(goods, figures, last)
        goods = {hs6: corridor for hs6, corridor in goods.items() if watched(hs6)}
        own = {hs6: episodes(corridor, figures, last, hot=hot) for hs6, corridor in goods.items()}
        every = {hs6: list(told) for hs6, told in own.items()}
        for group, members in _groups(goods):
            told = episodes(_sum(members), figures, last)
            every[group] = [one for one in told if _spread(one, members, own, figures)]
        found += [
            Alert(
                CorridorKey(code, origin, destination),
                one,
                hot_since(hot, one.opened),
                _displaced(code, one, origin, destination, roads, figures),
            )
            for code, told in every.items()
            for one in told
        ]
    return sorted(found, key=lambda one: (one.episode.opened, one.corridor, one.episode.kind))


def heat(goods: Mapping[str, Corridor], figures: CorridorFigures, last: Month) -> tuple[Month, ...]:
    """The months in which the goods of one destination stand out as a whole."""
    known: dict[Month, int] = defaultdict(int)
    out: dict[Month, int] = defaultdict(int)
    for corridor in goods.values():
        values = {month: bucket.value / CENTS for month, bucket in corridor.months.items()}
        for month, stands_out in standing_out(values, corridor.since, last, figures):
            known[month] += 1
            out[month] += stands_out
    return hot_months({month: Goods(known[month], out[month]) for month in known}, figures)


def _displaced(
    code: str,
    one: Episode,
    origin: str,
    destination: str,
    roads: Mapping[Road, Mapping[str, Corridor]],
    figures: CorridorFigures,
) -> Displacement | None:
    """From which embargoed country the most of the same good moves over."""
    embargoed = countries().embargoed(first_day(one.opened))
    risen = roads[origin, destination].get(code)
    if risen is None or destination in embargoed:
        return None
    fallen = {left: roads[origin, left].get(code) for left in embargoed if (origin, left) in roads}
    found = (
        displacement(risen, one, left, corridor, figures)
        for left, corridor in fallen.items()
        if corridor is not None
    )
    return max((each for each in found if each is not None), key=lambda each: each.lost, default=None)


def _groups(goods: Mapping[str, Corridor]) -> Iterator[tuple[str, dict[str, Corridor]]]:
    """Headings with more than one good, and all goods where they are of more than one heading."""
    headings: dict[str, dict[str, Corridor]] = defaultdict(dict)
    for hs6, corridor in goods.items():
        headings[hs6[:HEADING]][hs6] = corridor
    for heading, members in headings.items():
        if len(members) > 1:
            yield heading, members
    if len(headings) > 1:
        yield ALL_GOODS, dict(goods)


def _sum(members: Mapping[str, Corridor]) -> Corridor:
    """One corridor of all; known since all are."""
    since = max(corridor.since for corridor in members.values())
    months: dict[Month, Bucket] = {}
    for corridor in members.values():
        for month, bucket in corridor.months.items():
            if month >= since:
                old = months.get(month, Bucket())
                months[month] = Bucket(
                    old.value + bucket.value, old.mass + bucket.mass, old.count + bucket.count
                )
    return Corridor(since, since, months)


def _spread(
    one: Episode,
    members: Mapping[str, Corridor],
    own: Mapping[str, Sequence[Episode]],
    figures: CorridorFigures,
) -> bool:
    """Whether goods without an alert of their own carry the group's."""
    month = one.opened
    total = told = 0
    for hs6, corridor in members.items():
        value = corridor.months.get(month, Bucket()).value
        total += value
        if any(
            other.start <= month and (other.closed is None or other.closed >= one.start) for other in own[hs6]
        ):
            told += value
    return told < figures.spread.own_share * total
