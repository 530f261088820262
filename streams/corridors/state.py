"""What is remembered of one corridor: monthly buckets and where its episodes stood at the edge of what may still change.

The state is the sum of what was said, so late data, amendments and invalidations leave it as if it had been said so from
the start. Months before the *edge* are settled: what comes for them later is refused (and counted by the caller).
"""

from typing import Literal

from msgspec import Struct, field

from streams.corridors.firms import FirmCounts, with_consignment
from streams.corridors.months import Month

CENTS = 100
GRAMS = 1000


class Amount(Struct, frozen=True, kw_only=True):
    """What one item (or one line of statistics) adds to a corridor; with `sign=-1` in `apply` it is taken back."""

    month: Month
    """of the event time"""
    value: int = 0
    """in cents of a euro"""
    mass: int = 0
    """net, in grams"""
    count: int = 0
    """consignments; 0 where nobody counted them, as in trade statistics"""
    consignee: int | None = None
    """64-bit hash of the consignee's identity, where it is known; never a name"""


class Bucket(Struct, frozen=True, array_like=True):
    """One month: value in cents, mass in grams, consignments counted."""

    value: int = 0
    mass: int = 0
    count: int = 0


Kind = Literal["SURGE", "NEW_TRADE", "NEW_FIRMS", "BURSTS", "CREEP", "HEAT"]
"""What an episode is: see `judges`."""


class Running(Struct, frozen=True, array_like=True):
    """An episode that has not ended: its kind, months, and what it is measured by (fixed when it opened)."""

    kind: Kind
    start: Month
    """first month above the level"""
    opened: Month
    """month in which the alert was raised"""
    last: Month
    """last month above the level"""
    level: float
    usual: float
    months: int
    """months of history behind it"""
    also: tuple[Kind, ...] = ()
    """other kinds that spoke when it opened"""


class Settled(Struct, frozen=True, array_like=True):
    """A surge that became the usual: until the trade falls back, it is measured by the months since."""

    start: Month
    last: Month
    """last month above the level of the surge"""
    level: float


class Carry(Struct, frozen=True, array_like=True):
    """Where judging stands after a month: all that is needed to go on from there."""

    running: Running | None = None
    left_out: tuple[tuple[Month, Month], ...] = ()
    """first and last month of past surges: they are no part of the usual"""
    barred: Month = -1
    """last month of the last episode: months up to it open no other"""
    settled: Settled | None = None
    """the surge that is the usual now"""


class Corridor(Struct, array_like=True):
    """The state of one corridor (or of one group of goods, for new firms). Changed in place by `apply` and `advance`."""

    since: Month
    """first month of which everything is known, traded or not"""
    edge: Month
    """first month that may still change"""
    months: dict[Month, Bucket] = {}
    firms: dict[int, dict[Month, int]] = {}
    """consignee -> month -> consignments (lines); the first month of each is never forgotten while the firm is known. Empty in
    the stream, where each firm has a record of its own"""
    values: Carry = Carry()
    new_firms: Carry = Carry()
    firms_since: Month | None = None
    """first month of which the consignees are known: the stream's, where the buckets before come from statistics; None:
    not known yet, so that no firm is new"""


class LiveCorridor(Corridor):
    """A corridor whose firms are counted and kept apart; never stored as such (`head`)."""

    counts: FirmCounts = field(default_factory=FirmCounts)


class Informed(LiveCorridor):
    """A corridor as it is judged where trade statistics tell of the time before the stream; never stored."""

    gap: range = range(0)
    """months between the statistics and the stream: known in part"""
    source: str = ""
    """the statistics, to be named where their figures are shown"""


class Past(Struct, frozen=True):
    """What trade statistics say of a corridor: nothing traded in a month that is not named."""

    since: Month
    last: Month
    months: dict[Month, Bucket]
    source: str


def new_corridor(since: Month) -> Corridor:
    """Nothing traded yet, everything known from `since` on, consignees too: the start of the stream."""
    return Corridor(since, since, firms_since=since)


def live(corridor: Corridor, counts: FirmCounts) -> LiveCorridor:
    """A corridor with its firms counted; months and decisions are shared."""
    return LiveCorridor(*_but_firms(corridor), counts)


def head(corridor: Corridor) -> Corridor:
    """What is stored of a live corridor, without its firms."""
    return Corridor(*_but_firms(corridor))


def _but_firms(
    corridor: Corridor,
) -> tuple[Month, Month, dict[Month, Bucket], dict[int, dict[Month, int]], Carry, Carry, Month | None]:
    known = corridor
    return known.since, known.edge, known.months, {}, known.values, known.new_firms, known.firms_since


def firm_counts(corridor: Corridor) -> FirmCounts:
    """The firms of a corridor, counted."""
    if isinstance(corridor, LiveCorridor):
        return corridor.counts
    return FirmCounts(firms=corridor.firms.values())


def apply(corridor: Corridor, amount: Amount, sign: int = 1) -> bool:
    """Adds an amount (or takes it back with -1). False, and nothing changed, for a month before the edge."""
    month = amount.month
    if month < corridor.edge:
        return False
    old = corridor.months.get(month, _EMPTY)
    bucket = Bucket(
        old.value + sign * amount.value, old.mass + sign * amount.mass, old.count + sign * amount.count
    )
    if bucket == _EMPTY:
        corridor.months.pop(month, None)
    else:
        corridor.months[month] = bucket
    if amount.consignee is not None:
        seen = with_consignment(corridor.firms.get(amount.consignee, {}), month, sign)
        if seen:
            corridor.firms[amount.consignee] = seen
        else:
            corridor.firms.pop(amount.consignee, None)
    return True


_EMPTY = Bucket()
