"""Trade statistics summed by corridor, each good under one name across editions of the Harmonized System."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from streams.baselines.codes import Tracked
from streams.baselines.readers import EUROPE, StatisticsRow
from streams.corridors.months import Month
from streams.corridors.state import Bucket, Corridor

ANYWHERE = "*"
RECODED_PAIRS = 3
"""Pairs of countries that all begin to trade a good in the same January: not they changed, but the nomenclature (the
Combined Nomenclature does each January), and its old code is not in the file."""


class CorridorKey(Struct, frozen=True, order=True):
    """A good (HS 2022) from an origin (`*`: all that report) to a destination."""

    hs6: str
    origin: str
    destination: str


class Trade:
    """Sums rows of the watched goods. Not counted: consignments and consignees, of which statistics know nothing."""

    def __init__(self, tracked: Tracked) -> None:
        self.tracked = tracked
        self._sums: dict[CorridorKey, dict[Month, list[int]]] = {}
        self._covered: set[str] = set()
        self._months: set[Month] = set()
        self._origins: set[str] = set()
        self._destinations: set[str] = set()

    def add(self, rows: Iterable[StatisticsRow]) -> None:
        for row in rows:
            self._covered.add(row.hs6)
            self._months.add(row.month)
            self._origins.add(row.origin)
            self._destinations.add(row.destination)
            for code in self.tracked.of(row.hs6, row.month, row.edition):
                key = CorridorKey(code, row.origin, row.destination)
                sums = self._sums.setdefault(key, {}).setdefault(row.month, [0, 0])
                sums[0] += row.value
                sums[1] += row.mass

    @property
    def first(self) -> Month:
        """First month of any row, watched or not. Raises ValueError where there was none."""
        return min(self._months)

    @property
    def last(self) -> Month:
        """Last month of any row; statistics publish whole months. Raises ValueError where there was none."""
        return max(self._months)

    @property
    def origins(self) -> tuple[str, ...]:
        """From where any row tells of trade, watched or not; not the Union beside its members."""
        return tuple(sorted(self._origins if self._origins == {EUROPE} else self._origins - {EUROPE}))

    @property
    def destinations(self) -> tuple[str, ...]:
        """To where any row tells of trade, watched or not."""
        return tuple(sorted(self._destinations))

    @property
    def goods(self) -> dict[str, Month]:
        """Watched good -> first month of which the statistics say anything of it."""
        begun: dict[str, list[Month]] = {}
        for key, months in self._sums.items():
            begun.setdefault(key.hs6, []).append(min(months))
        starts = {}
        for hs6, firsts in begun.items():
            since = self.tracked.known_since(hs6, self.first, self._covered)
            earliest = min(firsts)
            if earliest % 12 == 0 and firsts.count(earliest) >= RECODED_PAIRS:
                since = max(since, earliest)
            starts[hs6] = since
        return starts

    def corridors(self, *, by_origin: bool = True) -> Iterator[tuple[CorridorKey, Corridor]]:
        """Each with its buckets, by key. Without `by_origin` all origins are summed into `*`."""
        sums = self._members() if by_origin else self._summed()
        starts = self.goods
        for key in sorted(sums):
            since = starts[key.hs6]
            months = {
                month: Bucket(value, mass)
                for month, (value, mass) in sorted(sums[key].items())
                if month >= since and (value or mass)
            }
            yield key, Corridor(since, since, months)

    def _members(self) -> dict[CorridorKey, dict[Month, list[int]]]:
        """Without the Union's own sums where its members report too."""
        if {EUROPE} == {key.origin for key in self._sums}:
            return self._sums
        return {key: months for key, months in self._sums.items() if key.origin != EUROPE}

    def _summed(self) -> dict[CorridorKey, dict[Month, list[int]]]:
        summed: dict[CorridorKey, dict[Month, list[int]]] = {}
        for key, months in self._members().items():
            together = summed.setdefault(CorridorKey(key.hs6, ANYWHERE, key.destination), {})
            for month, (value, mass) in months.items():
                sums = together.setdefault(month, [0, 0])
                sums[0] += value
                sums[1] += mass
        return summed
