"""The pure core over a stream of versions, as the judge of simulated trade: `tests.bench.patterns --judge
tests.bench.pattern_judge:judge`."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from streams.assessment.screening import Rulebook, screen
from streams.cases.questions import ENDED, Asking, advice_on, hear, newest_in_force, observe
from streams.declarations.model import DeclarationVersion
from streams.lifecycle.life import KnownVersion, fold
from streams.patterns.detectors import detector_set
from streams.watchlists.index import WatchlistIndex
from tests.ledger import Ledger

REMEMBERED = 200_000
"""Declarations that may still be amended."""
JUDGED_FROM = timedelta(days=23 * 30)
"""Since the first declaration: what is older is a past to learn from, and is not screened."""


def judge(versions: Iterable[DeclarationVersion]) -> Mapping[str, Collection[str]]:
    """Declaration -> rules of its alert, of those that get any lane but GREEN; no watchlist."""
    rulebook = Rulebook.load()
    nobody = WatchlistIndex.build([])
    watch = detector_set(rulebook.high_priority, rulebook.atlas)
    ledger = Ledger(watch.book)
    recent: OrderedDict[str, tuple[list[KnownVersion], Asking]] = OrderedDict()
    alerts: dict[str, set[str]] = {}
    first: datetime | None = None
    for offset, version in enumerate(versions):
        envelope = version.envelope
        key, at = envelope.declaration_key, envelope.event_date_time
        first = first or at
        known, asking = recent.pop(key, ([], Asking()))
        known.append(KnownVersion(envelope.version_number, envelope.event_type, at, version))
        life = fold(known, [])
        asking, observed = observe(asking, life, watch, (0, offset), 0.0, int(at.timestamp()) // 86_400)
        for answer in ledger.observe(observed):
            asking = hear(asking, (answer,))
        recent[key] = (known, asking)
        if len(recent) > REMEMBERED:
            recent.popitem(last=False)
        if at - first < JUDGED_FROM:
            continue
        newest = newest_in_force(life)
        if newest is None or life.summary.status in ENDED:
            continue
        verdict = screen(newest.version, nobody, rulebook, newest, advice_on(newest, life, asking, watch))
        if verdict.lane != "GREEN":
            alerts.setdefault(key, set()).update(one.rule for one in verdict.findings if one.points > 0)
    return alerts
