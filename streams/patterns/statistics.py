"""Trade statistics as the past of corridors: what a file of them says of each, traded or not."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from streams.corridors.months import Month
from streams.corridors.state import Bucket, Corridor, Past

INFORMED_DETECTOR = "corridors"
INFORMED_OF_PRICES = "prices"
"""That takes of the same lines what a kilogram costs, and is silent where there is none."""


class StatisticsEdition(Struct, frozen=True, array_like=True):
    """What one loading of statistics covers. They are whole: where a good, an origin and a destination of theirs have no
    `Line`, there was no trade."""

    number: int
    """milliseconds since 1970 at which it was published: the newest counts"""
    source: str
    """publisher, months and digest, to be named where the figures are shown"""
    first: Month
    last: Month
    origins: frozenset[str]
    destinations: frozenset[str]
    goods: dict[str, Month]
    """good (HS 2022) -> first month of which they say anything of it"""
    lines: int = 0
    """that there are in a partition"""

    def with_lines(self, lines: int) -> "StatisticsEdition":
        """As a partition is told that has so many lines."""
        return replace(self, lines=lines)

    def past(self, corridor: str, line: "StatisticsLine | None") -> Past | None:
        """Of a corridor (good|origin|destination), given its line; None where the statistics do not cover it."""
        good, origin, destination = corridor.split("|")
        since = self.goods.get(good)
        if since is None or origin not in self.origins or destination not in self.destinations:
            return None
        return Past(since, self.last, {} if line is None else line.buckets(), self.source)


class StatisticsLine(Struct, frozen=True, array_like=True):
    """What one corridor carried, by month: about 8 bytes a month with trade."""

    start: Month
    value: tuple[int, ...]
    """cents, from the first month on"""
    mass: tuple[int, ...] = ()
    """grams; empty where nobody weighed"""

    def buckets(self) -> dict[Month, Bucket]:
        masses = self.mass or (0,) * len(self.value)
        return {
            self.start + place: Bucket(value, mass)
            for place, (value, mass) in enumerate(zip(self.value, masses, strict=True))
            if value or mass
        }


def line_of(corridor: Corridor) -> StatisticsLine:
    """The line that says what a corridor's buckets say. Raises ValueError for one that never traded."""
    start, end = min(corridor.months), max(corridor.months)
    buckets = [corridor.months.get(month, Bucket()) for month in range(start, end + 1)]
    weighed = any(bucket.mass for bucket in buckets)
    return StatisticsLine(
        start,
        tuple(bucket.value for bucket in buckets),
        tuple(bucket.mass for bucket in buckets) if weighed else (),
    )


encode = msgspec.msgpack.Encoder(order="deterministic").encode
read_edition = lru_cache(maxsize=64)(msgspec.msgpack.Decoder(StatisticsEdition).decode)
"""From its bytes. Raises msgspec.MsgspecError."""
read_line = msgspec.msgpack.Decoder(StatisticsLine).decode
"""From its bytes. Raises msgspec.MsgspecError."""


def corridor_of(key: str) -> str | None:
    """Of the key of a detector's state: the corridor that statistics can tell of."""
    detector, _, corridor = key.partition("|")
    return corridor if detector in (INFORMED_DETECTOR, INFORMED_OF_PRICES) else None


class StatisticsInMemory:
    """An edition in memory, for files."""

    def __init__(self, edition: StatisticsEdition, lines: Iterable[tuple[str, StatisticsLine]]) -> None:
        self.edition = edition
        self._lines = dict(lines)

    def past(self, key: str) -> Past | None:
        """By the key of a detector's state."""
        corridor = corridor_of(key)
        return None if corridor is None else self.edition.past(corridor, self._lines.get(corridor))

    def lines(self) -> Iterator[tuple[str, StatisticsLine]]:
        """Corridor and line, in no order."""
        yield from self._lines.items()
