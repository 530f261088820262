"""A baseline file as an edition of statistics, for the stream and for files."""

import hashlib
from collections.abc import Sequence

from streams.baselines.file import BaselineError, read_baseline, read_header
from streams.corridors.months import parse_month
from streams.patterns.statistics import StatisticsEdition, StatisticsInMemory, line_of

SHOWN_DIGITS = 12


def statistics_of(lines: Sequence[bytes], number: int = 0) -> StatisticsInMemory:
    """What a baseline file says, given its lines. `number`: as `Edition` has it.

    Raises BaselineError for a file that is none or has corridors that it says it does not cover.
    """
    if not lines:
        raise BaselineError("this is no baseline file: it is empty")
    header = read_header(lines[0])
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    edition = StatisticsEdition(
        number=number,
        source=f"{header.source}, {header.first} to {header.last} (#{digest.hexdigest()[:SHOWN_DIGITS]})",
        first=parse_month(header.first),
        last=parse_month(header.last),
        origins=frozenset(header.origins),
        destinations=frozenset(header.destinations),
        goods={good: parse_month(since) for good, since in header.goods.items()},
    )
    found = {}
    for key, corridor in read_baseline(header, lines[1:]):
        name = f"{key.hs6}|{key.origin}|{key.destination}"
        if edition.past(name, None) is None:
            raise BaselineError(f"the header of the baseline does not cover the corridor {name}")
        if corridor.months:
            found[name] = line_of(corridor)
    return StatisticsInMemory(edition, found.items())
