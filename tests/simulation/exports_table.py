"""The table of real exports that the demo follows: `python -m tests.simulation.exports_table TRADE.csv.gz
streams/simulation/scenario/data/exports.csv` makes it anew from Eurostat's figures."""

import sys
from pathlib import Path

from streams.baselines.trade import CorridorKey, Trade
from streams.cli.baselines import read_statistics
from streams.corridors.months import Month, month_text, parse_month
from streams.corridors.state import CENTS, Corridor
from streams.simulation.scenario import tables

FIRST = parse_month("2021-01")
"""The demo's first month."""


def table(trade: Trade) -> str:
    """Euro a month, a column for each destination and good, all reporters summed, to the last month of the statistics."""
    corridors = dict(trade.corridors(by_origin=False))
    columns = [(destination, good.hs6) for good in tables.exports().good for destination in good.consignment]
    columns.sort(key=lambda column: column[0])
    lines = ["month," + ",".join(f"{destination} {hs6}" for destination, hs6 in columns)]
    for month in range(FIRST, trade.last + 1):
        euros = [_euro(corridors, destination, hs6, month) for destination, hs6 in columns]
        lines.append(f"{month_text(month)},{','.join(map(str, euros))}")
    return "\n".join(lines) + "\n"


def _euro(corridors: dict[CorridorKey, Corridor], destination: str, hs6: str, month: Month) -> int:
    bucket = corridors[CorridorKey(hs6, "*", destination)].months.get(month)
    return bucket.value // CENTS if bucket is not None else 0


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    target.write_text(table(read_statistics([source], "chpl")[0]), encoding="utf-8")
