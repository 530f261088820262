"""The baseline file: what trade statistics say of each watched corridor, small enough to keep with an installation.

JSON Lines, usually gzipped. The first line is the `Header`. Each other line is one corridor, `Line`: a good (HS 2022), its
origin and destination, its first month, and from there on the value in cents for each month, with the mass in grams where
the statistics weigh. Months before `start` and after the last one, between the header's `first` and `last`, had no trade;
`known` says from which month on that is so, where it is later than the header's.
"""

import math
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from streams.baselines.trade import CorridorKey, Trade
from streams.corridors.months import month_text, parse_month
from streams.corridors.state import Bucket, Corridor
from streams.errors import UserError

FORMAT = "torugart-baseline"
VERSION = 1


class BaselineError(UserError):
    """A file that is no baseline, or of another version; the message is one clear sentence."""


class Header(Struct, frozen=True, rename="camel", kw_only=True):
    """What the figures are and whence they come."""

    format: str
    version: int
    source: str
    """publisher, to be named where the figures are shown"""
    flow: str
    controls: str
    hs_edition: str
    currency: str
    first: str
    last: str
    """months, for example 2020-01"""
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    goods: dict[str, str]
    """good -> first month of which the statistics say anything of it. Between these origins and destinations, goods without a
    line were not traded"""


class Line(Struct, frozen=True, rename="camel", kw_only=True, omit_defaults=True):
    """One corridor."""

    hs6: str
    origin: str
    destination: str
    start: str
    value: tuple[int, ...]
    mass: tuple[int, ...] = ()
    known: str = ""


def write_baseline(trade: Trade, source: str, flow: str, edition: str, rate: float = 1.0) -> Iterator[bytes]:
    """The lines of a baseline file, each with its line end. The same table gives the same bytes. `rate`: units of
    another currency for a euro, in which the file is written; `read_baseline` tells it in euro again."""
    encode = msgspec.json.encode
    yield (
        encode(
            Header(
                format=FORMAT,
                version=VERSION,
                source=source,
                flow=flow,
                controls=trade.tracked.name,
                hs_edition=edition,
                currency="EUR" if rate == 1 else f"EUR x {rate:g}",
                first=month_text(trade.first),
                last=month_text(trade.last),
                origins=trade.origins,
                destinations=trade.destinations,
                goods={good: month_text(since) for good, since in sorted(trade.goods.items())},
            )
        )
        + b"\n"
    )
    for key, corridor in trade.corridors():
        if not corridor.months:
            continue
        start, end = min(corridor.months), max(corridor.months)
        buckets = [corridor.months.get(month, Bucket()) for month in range(start, end + 1)]
        weighed = any(bucket.mass for bucket in buckets)
        line = Line(
            hs6=key.hs6,
            origin=key.origin,
            destination=key.destination,
            start=month_text(start),
            value=tuple(round(bucket.value * rate) for bucket in buckets),
            mass=tuple(bucket.mass for bucket in buckets) if weighed else (),
            known=month_text(corridor.since) if corridor.since != trade.first else "",
        )
        yield encode(line) + b"\n"


def read_header(line: bytes) -> Header:
    """Raises BaselineError where the line is no header of this version."""
    try:
        header = msgspec.json.decode(line, type=Header)
        for month in (header.first, header.last, *header.goods.values()):
            parse_month(month)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BaselineError(f"this is no baseline file: {' '.join(str(error).split())}") from None
    if (header.format, header.version) != (FORMAT, VERSION):
        raise BaselineError(
            f"a baseline of format {header.format} {header.version}; {FORMAT} {VERSION} is known"
        )
    return header


def read_baseline(header: Header, lines: Iterable[bytes]) -> Iterator[tuple[CorridorKey, Corridor]]:
    """The corridors of the lines after the header, ready to be gone on with.

    Values are in euro. Raises BaselineError for a line that is none, and for a currency that is not told by the euro.
    """
    first, rate = parse_month(header.first), _rate_of(header.currency)
    for number, data in enumerate(lines, 2):
        try:
            line = msgspec.json.decode(data, type=Line)
            since = parse_month(line.known) if line.known else first
            start = parse_month(line.start)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise BaselineError(f"line {number} is no corridor: {' '.join(str(error).split())}") from None
        if line.mass and len(line.mass) != len(line.value):
            raise BaselineError(f"line {number} has {len(line.mass)} masses for {len(line.value)} values")
        masses = line.mass or (0,) * len(line.value)
        months = {
            start + place: Bucket(round(value / rate) if rate != 1 else value, mass)
            for place, (value, mass) in enumerate(zip(line.value, masses, strict=True))
            if value or mass
        }
        yield CorridorKey(line.hs6, line.origin, line.destination), Corridor(since, since, months)


def _rate_of(currency: str) -> float:
    """Units of the file's currency for a euro, by its header: EUR, or such as `EUR x 90`."""
    if currency == "EUR":
        return 1.0
    try:
        rate = float(currency.removeprefix("EUR x "))
    except ValueError:
        rate = 0.0
    if not 0 < rate < math.inf:
        raise BaselineError(f"a baseline in {currency[:20]!r}, which is neither EUR nor told by it")
    return rate
