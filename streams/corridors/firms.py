"""The consignees of a corridor, counted: how many are new in a month, how many took part in some months.

Each firm has a small record of its own, and is counted here by its months, so that neither what is kept of a corridor nor the
time that an observation takes grows with the number of its firms.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol

from streams.corridors.months import Month

FirmMonths = Mapping[Month, int]
"""One firm's: month -> consignments (lines). Its first month is never forgotten while the firm is known."""


class WholeMonths(Protocol):
    """What was made of the months of a corridor that are over (`episodes`)."""

    @property
    def last(self) -> Month: ...


NEVER, BEFORE = -2, -1
"""In place of the month in which a firm was seen before: it was not; it was, in a month before the floor."""


class FirmCounts:
    """How often each month follows each in the months of a firm. Months before the `floor` are not asked for any more."""

    def __init__(self, floor: Month = 0, firms: Iterable[FirmMonths] = ()) -> None:
        self.floor = floor
        self.judged: WholeMonths | None = None
        """where judging the whole months ended; None where something of them has changed since"""
        self._pairs: Counter[tuple[Month, Month]] = Counter()
        for months in firms:
            self.change({}, months)

    def change(self, before: FirmMonths, after: FirmMonths) -> None:
        """Counts a firm by its months after a change, in place of those before."""
        for month in before.keys() | after.keys():
            if before.get(month) != after.get(month):
                self.changed(month)
        self._count(before, -1)
        self._count(after, 1)

    def changed(self, month: Month) -> None:
        """Notes that something of a month is other than it was."""
        if self.judged is not None and month <= self.judged.last:
            self.judged = None

    def new(self, month: Month) -> int:
        """Firms seen for the first time in a month."""
        return self._pairs[NEVER, month]

    def between(self, first: Month, last: Month) -> int:
        """Firms seen in any of the months from first to last: each counts by its first month of these."""
        return sum(count for (before, month), count in self._pairs.items() if before < first <= month <= last)

    def raise_floor(self, floor: Month) -> None:
        """Lets go of what is only about months before a floor."""
        if floor <= self.floor:
            return
        self.floor, known = floor, self._pairs
        self._pairs = Counter()
        for (before, month), count in known.items():
            if month >= floor:
                self._pairs[self._known(before), month] += count

    def _count(self, months: FirmMonths, sign: int) -> None:
        before = NEVER
        for month in sorted(months):
            if month >= self.floor:
                pair = self._known(before), month
                self._pairs[pair] += sign
                if not self._pairs[pair]:
                    del self._pairs[pair]
            before = month

    def _known(self, before: Month) -> Month:
        return before if before == NEVER or before >= self.floor else BEFORE


def kept_months(months: FirmMonths, edge: Month, forget_months: int, oldest: Month) -> dict[Month, int]:
    """What is kept of a firm's months: nothing of one that was not seen for `forget_months` before the edge, else its first month
    and those from the `oldest` on."""
    if not months or max(months) < edge - forget_months:
        return {}
    first = min(months)
    return {month: count for month, count in months.items() if month == first or month >= oldest}


def with_consignment(months: FirmMonths, month: Month, sign: int) -> dict[Month, int]:
    """With a consignment more (sign 1) or less (-1) in a month."""
    count = months.get(month, 0) + sign
    others = {other: known for other, known in months.items() if other != month}
    return others | {month: count} if count else others
