"""Episodes: one alert from the month it is raised, through its growth, to its end. A pure function of the buckets."""

from collections.abc import Sequence
from itertools import chain
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from streams.corridors.firms import FirmMonths, kept_months
from streams.corridors.judges import FirmJudge, Judge, ValueJudge
from streams.corridors.months import Month
from streams.corridors.settings import CorridorFigures
from streams.corridors.state import (
    CENTS,
    Bucket,
    Carry,
    Corridor,
    Informed,
    Kind,
    LiveCorridor,
    Past,
    Running,
    Settled,
    firm_counts,
)


class Stood(NamedTuple):
    """Where a judge stands after some months, and the episodes that ended in them."""

    carry: Carry
    closed: "list[_Closed]"


class Judged(NamedTuple):
    """Where all judges of a corridor stand after its whole months."""

    about: tuple[str, Month, Month, Month]
    """statistics, first month known, edge, last whole month: of another corridor it says nothing"""
    last: Month
    stood: tuple[Stood, ...]


class Episode(Struct, frozen=True, kw_only=True):
    """What an alert says in figures. Values in currency units a month, or in firms a month for NEW_FIRMS."""

    kind: Kind
    also: tuple[Kind, ...] = ()
    """other tests that the month which raised it passes too"""
    start: Month
    """first month above the level; with the kind and the corridor it names the episode"""
    opened: Month
    """month that raised the alert"""
    last: Month
    """last month above the level"""
    closed: Month | None
    """month after which it was over; None while it goes on"""
    outcome: Literal["OPEN", "ENDED", "SETTLED"]
    """SETTLED: held so long that it is the usual now"""
    value: float
    """of the month that raised the alert"""
    mean: float
    """a month, from start to the month that raised the alert: what the alert rests on"""
    usual: float
    """what the corridor was used to; 0 for a new trade"""
    level: float
    """from where a month counted as standing out"""
    peak: float
    peak_month: Month
    total: float
    """from start to last"""
    mass: float
    """kilograms, from start to last; 0 where nobody weighed"""
    consignments: int
    """from start to last; 0 where nobody counted"""
    consignees: int
    """distinct, from start to last; 0 where they are not known"""
    history_months: int

    @property
    def ratio(self) -> float | None:
        """The month that raised the alert by the usual; None for a new trade."""
        return self.value / self.usual if self.usual > 0 else None


def episodes(
    corridor: Corridor,
    settings: CorridorFigures,
    complete: Month,
    through: Month | None = None,
    hot: Sequence[Month] = (),
) -> tuple[Episode, ...]:
    """Every episode that is running at the edge or opened since, by start.

    `complete`: the last month that is over. The months after it can raise and feed an episode, but only whole months end one.
    `through`: the last month looked at; without one the last of which anything was said. `hot`: the months in which the whole
    destination stands out (`heat`).
    """
    found: list[Episode] = []
    if through is None:
        through = max(chain((complete,), corridor.months, chain.from_iterable(corridor.firms.values())))
    judges = _judges(corridor, settings, hot)
    for (judge, _), stood in zip(judges, _whole_months(corridor, judges, settings, complete), strict=True):
        after, closed = _walk(judge, stood.carry, settings, complete + 1, through, complete)
        for running, outcome, month in (*stood.closed, *closed):
            found.append(_episode(corridor, judge, running, outcome, month))
        if after.running is not None:
            found.append(_episode(corridor, judge, after.running, "OPEN", None))
    return tuple(sorted(found, key=lambda one: (one.start, one.kind)))


def advance(corridor: Corridor, settings: CorridorFigures, complete: Month) -> tuple[Episode, ...]:
    """Moves the edge up to the late months before `complete` and forgets what nothing needs any more. Changes the corridor.

    Returns the episodes that ended before the new edge: they are final and `episodes` will not name them again.
    """
    edge = complete - settings.history.late_months + 1
    if edge <= corridor.edge:
        return ()
    final: list[Episode] = []
    carries = []
    for judge, carry in _judges(corridor, settings):
        after, closed = _walk(judge, carry, settings, corridor.edge, edge - 1, edge - 1)
        final += [_episode(corridor, judge, *one) for one in closed]
        carries.append(after)
    corridor.values, corridor.new_firms = carries
    corridor.edge = edge
    oldest = edge - settings.kept_months
    for month in [one for one in corridor.months if one < oldest]:
        del corridor.months[month]
    for firm, seen in list(corridor.firms.items()):
        corridor.firms[firm] = kept_firm(seen, edge, settings)
        if not corridor.firms[firm]:
            del corridor.firms[firm]
    return tuple(sorted(final, key=lambda one: (one.start, one.kind)))


def kept_firm(months: FirmMonths, edge: Month, settings: CorridorFigures) -> dict[Month, int]:
    """What is kept of a firm's months when the edge is there."""
    return kept_months(months, edge, settings.new_firms.forget_months, edge - settings.kept_months)


def floor(edge: Month, settings: CorridorFigures) -> Month:
    """Before which no month of a firm is asked for, when the edge is there."""
    return edge - max(settings.kept_months, settings.new_firms.forget_months)


def informed(own: Corridor, past: Past, whole: Month, settings: CorridorFigures) -> Corridor:
    """The stream's corridor with what statistics say of the months before it, to be judged and not to be kept. `whole`: the
    first month of which the stream knows all.

    Statistics count up to there and the stream from there on, so that no month counts twice. Months in between, which
    statistics do not reach, are known in part: what is seen in them was traded, but nothing follows from what is not. The
    corridor itself where the statistics end too long before, or where its own months reach back far enough.
    """
    last = min(past.last, whole - 1)
    gap = range(last + 1, whole)
    if (
        past.since > last
        or len(gap) > settings.statistics.gap_months
        or whole <= own.edge - settings.kept_months
    ):
        return own
    months = {month: bucket for month, bucket in past.months.items() if month <= last}
    months |= {month: bucket for month, bucket in own.months.items() if month > last}
    known = Informed(
        past.since,
        own.edge,
        months,
        new_firms=own.new_firms,
        firms_since=own.firms_since,
        counts=firm_counts(own),
        gap=gap,
        source=past.source,
    )
    # A year from the first month on nothing can be told.
    first = past.since + settings.history.least_months
    known.values, _ = _walk(ValueJudge(known, settings), Carry(), settings, first, own.edge - 1, own.edge - 1)
    return known


Judges = tuple[tuple[Judge, Carry], ...]


def _judges(corridor: Corridor, settings: CorridorFigures, hot: Sequence[Month] = ()) -> Judges:
    return (
        (ValueJudge(corridor, settings, hot), corridor.values),
        (FirmJudge(corridor, settings), corridor.new_firms),
    )


def _whole_months(
    corridor: Corridor, judges: Judges, settings: CorridorFigures, complete: Month
) -> tuple[Stood, ...]:
    """Where each judge stands after the months that are over. Of a live corridor that is remembered: most of what comes is of the
    month that runs, and leaves it as it is."""
    counts = corridor.counts if isinstance(corridor, LiveCorridor) else None
    source = corridor.source if isinstance(corridor, Informed) else ""
    about = (source, corridor.since, corridor.edge, complete)
    if counts is not None and isinstance(counts.judged, Judged) and counts.judged.about == about:
        return counts.judged.stood
    stood = tuple(
        Stood(*_walk(judge, carry, settings, corridor.edge, complete, complete)) for judge, carry in judges
    )
    if counts is not None:
        counts.judged = Judged(about, complete, stood)
    return stood


_Closed = tuple[Running, Literal["ENDED", "SETTLED"], Month]


def _walk(
    judge: Judge, carry: Carry, settings: CorridorFigures, first: Month, last: Month, complete: Month
) -> tuple[Carry, list[_Closed]]:
    """Judges the months from first to last, one after the other."""
    length = settings.episode
    closed: list[_Closed] = []
    for month in range(first, last + 1):
        running = carry.running
        if carry.settled is not None:
            carry = _fallen_back(judge, carry, carry.settled, month, settings)
        if running is None:
            opened = judge.opens(month, carry)
            if opened is not None:
                carry = replace(carry, running=opened)
            continue
        if judge.above(month, running.level):
            running = replace(running, last=month)
            carry = replace(carry, running=running)
        if month > complete or not judge.knows(month):
            continue
        if month - running.last >= length.quiet_months:
            closed.append((running, "ENDED", month))
            left_out = carry.left_out
            if running.kind != "NEW_TRADE":  # what there was of a new trade is all that is known of it
                left_out = (*left_out, (running.start, running.last))
            reach = month - settings.kept_months
            kept = tuple(one for one in left_out if one[1] >= reach)
            carry = Carry(None, kept, running.last, carry.settled)
        elif month - running.start + 1 >= length.settle_months:
            closed.append((running, "SETTLED", month))
            settled = Settled(running.start, running.last, running.level)
            carry = Carry(None, carry.left_out, month, settled)
    return carry, closed


def _fallen_back(
    judge: Judge, carry: Carry, settled: Settled, month: Month, settings: CorridorFigures
) -> Carry:
    """After a surge became the usual: it is left out of it once the trade has fallen back to what was before."""
    if judge.above(month, settled.level):
        return replace(carry, settled=replace(settled, last=month))
    if month - settled.last < settings.episode.quiet_months or not judge.knows(month):
        return carry
    return replace(carry, settled=None, left_out=(*carry.left_out, (settled.start, settled.last)))


def _episode(
    corridor: Corridor,
    judge: Judge,
    running: Running,
    outcome: Literal["OPEN", "ENDED", "SETTLED"],
    closed: Month | None,
) -> Episode:
    span = range(running.start, running.last + 1)
    buckets = [corridor.months.get(month, Bucket()) for month in span]
    if isinstance(judge, FirmJudge):
        amounts = [float(judge.count(month)) for month in span]
    else:
        amounts = [bucket.value / CENTS for bucket in buckets]
    peak = max(amounts)
    return Episode(
        kind=running.kind,
        also=running.also,
        start=running.start,
        opened=running.opened,
        last=running.last,
        closed=closed,
        outcome=outcome,
        value=amounts[running.opened - running.start],
        mean=sum(amounts[: running.opened - running.start + 1]) / (running.opened - running.start + 1),
        usual=running.usual,
        level=running.level,
        peak=peak,
        peak_month=running.start + amounts.index(peak),
        total=sum(amounts),
        mass=sum(bucket.mass for bucket in buckets) / 1000,
        consignments=sum(bucket.count for bucket in buckets),
        consignees=firm_counts(corridor).between(running.start, running.last),
        history_months=running.months,
    )
