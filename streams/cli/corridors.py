"""`torugart corridors`: trade statistics through the corridor detector, one line an alert."""

from pathlib import Path
from typing import Annotated

import typer

from streams.baselines.trade import CorridorKey, Trade
from streams.cli.baselines import read_statistics
from streams.cli.common import emit, fail, note
from streams.corridors.episodes import Episode, episodes
from streams.corridors.explain import explain
from streams.corridors.months import month_text
from streams.corridors.settings import settings


def corridors(
    trade: Annotated[
        list[Path] | None,
        typer.Option("--trade", metavar="FILE", help="Trade statistics, CSV or CSV.gz; may be repeated."),
    ] = None,
    controls: Annotated[
        str, typer.Option("--controls", metavar="NAME,...|all", help="Control lists whose goods are watched.")
    ] = "chpl",
    by_reporter: Annotated[
        bool, typer.Option("--by-reporter", help="One corridor a reporter; else all are summed.")
    ] = False,
) -> None:
    """Replays trade statistics through the detector of the stream: one JSON line an alert, by month."""
    if not trade:
        fail("corridors needs trade statistics: --trade FILE")
    table, _ = read_statistics(trade, controls)
    figures = settings()
    watched = list(table.corridors(by_origin=by_reporter))
    alerts = [(key, one) for key, corridor in watched for one in episodes(corridor, figures, table.last)]
    if not alerts:
        note(
            f"no alert in {len(watched)} corridors of {controls}, "
            f"{month_text(table.first)} to {month_text(table.last)}"
        )
    for key, one in sorted(alerts, key=lambda pair: (pair[1].opened, pair[0], pair[1].kind)):
        emit(_line(key, one, table))


def _line(key: CorridorKey, one: Episode, table: Trade) -> dict[str, object]:
    words = table.tracked.words(key.hs6)
    goods = f"{key.hs6} ({words})" if words else key.hs6
    road = f"to {key.destination}" if key.origin == "*" else f"from {key.origin} to {key.destination}"
    return {
        "period": month_text(one.opened),
        "origin": key.origin,
        "destination": key.destination,
        "hs6": key.hs6,
        "kind": one.kind,
        "value": round(one.value, 2),
        "monthlyMean": round(one.mean, 2),
        "baseline": round(one.usual, 2),
        "ratio": round(one.ratio, 2) if one.ratio is not None else None,
        "threshold": round(one.level, 2),
        "start": month_text(one.start),
        "last": month_text(one.last),
        "closed": month_text(one.closed) if one.closed is not None else None,
        "outcome": one.outcome,
        "peak": round(one.peak, 2),
        "peakPeriod": month_text(one.peak_month),
        "total": round(one.total, 2),
        "massKg": round(one.mass, 3) if one.mass else None,
        "historyMonths": one.history_months,
        "settings": settings().version,
        "explanation": explain(one, goods=goods, road=road),
    }
