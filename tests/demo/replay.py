"""The demo without a broker: its whole trade through the core of the stream, in the order of event time."""

from datetime import UTC, date, datetime
from functools import cache

import msgspec
from msgspec import Struct

from streams.assessment.screening import Rulebook
from streams.assessment.verdict import Verdict
from streams.cases.alerts import alert_of
from streams.cli.screen import engine
from streams.demo.totals import CorridorNews, Tally, Totals
from streams.kafka import topics
from streams.patterns.episode_alert import decode
from streams.settings import Settings
from streams.simulation.scenario import declarations as scenario
from streams.simulation.scenario.tables import WATCHLIST
from streams.watchlists.index import WatchlistIndex
from streams.watchlists.readers import read_list

MILLISECONDS = int(datetime(2026, 11, 24, tzinfo=UTC).timestamp() * 1000)
"""When all of it is received."""


class Replay(Struct, frozen=True):
    totals: Totals
    verdicts: dict[str, Verdict]
    """the newest of each declaration"""
    noise: dict[str, Verdict]
    """of ordinary trade with an open alert"""
    news: tuple[tuple[date, CorridorNews], ...]
    """what became of corridors' alerts, and the day that the stream had reached"""


@cache
def replay() -> Replay:
    index = WatchlistIndex.build([read_list(WATCHLIST, name="demo-watchlist")])
    stream = engine(Settings.from_env({}), index, Rulebook.load())
    topic = stream.settings.topic
    encode, read = msgspec.json.Encoder().encode, msgspec.json.Decoder(Verdict).decode
    trade = list(scenario.declarations())
    tally = Tally()
    verdicts: dict[str, dict[int, Verdict]] = {}
    noise: dict[str, Verdict] = {}
    news: list[tuple[date, CorridorNews]] = []
    said: dict[str, bytes | None] = {}
    for one in trade:
        made = [out for step in stream.take(encode(one.version), MILLISECONDS) for out in step.out]
        known = verdicts.setdefault(one.key, {})
        # With an amendment the verdict on the version before it comes anew, where detectors have more to say by then.
        for verdict in [read(out.value) for out in made if out.topic == topic(topics.VERDICTS.name)]:
            tally.verdict(verdict)
            known[verdict.version_number] = verdict
        newest = known[one.version.envelope.version_number]
        alert = alert_of(list(known.values()))
        if alert is not None:
            tally.alert(alert)
            if one.label is None and alert.status == "OPEN":
                noise[one.key] = newest
        for out in made:
            key, value = out.key.decode(), out.value
            if out.topic == topic(topics.ALERTS.name) and key != one.key and value != said.get(key):
                said[key] = value
                told = tally.corridor(key, decode(value) if value is not None else None)
                if told is not None:
                    news.append((one.version.envelope.event_date_time.date(), told))
    totals = tally.totals(
        [one.label for one in trade if one.label is not None], published=len(trade), seconds=1.0
    )
    return Replay(totals, {key: known[max(known)] for key, known in verdicts.items()}, noise, tuple(news))
