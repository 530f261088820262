"""`torugart corridors`: trade statistics through the corridor detector, one line an alert."""

from pathlib import Path
from typing import Annotated

import typer

from streams.baselines.codes import EVERYTHING, Tracked, tracked
from streams.baselines.replay import ALL_GOODS, HEADING, Alert, replay
from streams.cli.baselines import read_statistics
from streams.cli.common import emit, fail, note
from streams.corridors.explain import around, explain
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
    watched = tracked(controls)
    table, _ = read_statistics(trade, EVERYTHING)  # whether a destination is hot, all its goods say
    corridors = list(table.corridors(by_origin=by_reporter))
    alerts = replay(corridors, settings(), table.last, watched.watches)
    if not alerts:
        count = sum(watched.watches(key.hs6) for key, _ in corridors)
        note(
            f"no alert in {count} corridors of {controls}, "
            f"{month_text(table.first)} to {month_text(table.last)}"
        )
    for one in alerts:
        emit(_line(one, watched))


def _line(alert: Alert, watched: Tracked) -> dict[str, object]:
    key, one, hot_since, displaced = alert
    road = f"to {key.destination}" if key.origin == "*" else f"from {key.origin} to {key.destination}"
    return {
        "period": month_text(one.opened),
        "origin": key.origin,
        "destination": key.destination,
        "hs6": key.hs6,
        "kind": one.kind,
        "alsoKinds": one.also,
        "hotSince": month_text(hot_since) if hot_since is not None else None,
        "displacedFrom": displaced.left if displaced is not None else None,
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
        "explanation": explain(one, goods=_goods(key.hs6, watched), road=road)
        + around(one, hot_since, displaced),
    }


def _goods(code: str, watched: Tracked) -> str:
    if code == ALL_GOODS:
        return "All goods that are watched, none of which stands out enough by itself,"
    if len(code) == HEADING:
        return f"Goods of heading {code}, none of which stands out enough by itself,"
    words = watched.words(code)
    return f"{code} ({words})" if words else code
