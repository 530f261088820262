"""The examples of the schemas tell one story, and the core itself tells it: one declaration is screened against one
list, a verdict and an alert come out, an officer decides, and a broken copy becomes a dead letter.

Written by hand are the declaration (in its schema), the list (docs/examples/own-list.csv) and the officer's words.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from streams import __version__
from streams.assessment.screening import Rulebook, screen
from streams.cases.alerts import alert_of
from streams.cases.alerts import encode as encode_alert
from streams.corridors.episodes import episodes
from streams.corridors.months import parse_month
from streams.corridors.settings import settings
from streams.corridors.state import Amount, apply, new_corridor
from streams.declarations.dead_letter import Source, dead_letter
from streams.declarations.errors import Unscreenable
from streams.destinations.atlas import atlas
from streams.patterns.episode_alert import CorridorAlert, corridor_alert
from streams.review.decision import Decision, FindingResolution
from streams.settings import Settings
from streams.watchlists.index import WatchlistIndex
from streams.watchlists.readers import read_list
from tests.declarations.versions import read
from tests.schemas.structure import load

OWN_LIST = Path(__file__).resolve().parents[2] / "docs" / "examples" / "own-list.csv"
RECEIVED = datetime(2022, 7, 14, 8, 2, 5, tzinfo=UTC)


def examples() -> dict[str, Any]:
    """Contract -> its example, all but the declaration."""
    declared = msgspec.json.encode(load("declaration")["examples"][0])
    file = read_list(OWN_LIST)
    verdict = screen(_read(declared), WatchlistIndex.build([file], threshold=None), Rulebook.load())
    alert = alert_of([verdict])
    assert alert is not None
    found = alert.findings[0].finding
    decision = Decision(
        decision_id="desk-2022-000123",
        declaration_key=alert.declaration_key,
        alert_id=alert.alert_id,
        version_number=alert.version_number,
        evidence_hash=alert.evidence_hash,
        alert_sha256=hashlib.sha256(encode_alert(alert)).hexdigest(),
        disposition="TRUE_MATCH",
        action="EXAMINE",
        officer="officer-17",
        approver="officer-4",
        decided_at=datetime(2022, 7, 14, 9, 40, tzinfo=UTC),
        reason="Goods are held at the exit office until the exporter has named the end user.",
        findings=(
            FindingResolution(
                finding_key=found.key,
                disposition="TRUE_MATCH",
                explanation="Compared with the entry and with the exporter's contract: it is so.",
            ),
        ),
    )
    made: dict[str, Any] = {
        "watchlist-entry": file.entries[0],
        "verdict": verdict,
        "alert": alert,
        "corridor-alert": _corridor(),
        "finding": found,
        "decision": decision,
        "dead-letter": _broken(declared[:60]),
    }
    return {name: msgspec.json.decode(msgspec.json.encode(value)) for name, value in made.items()}


def _corridor() -> CorridorAlert:
    """Rifle scopes to Kyrgyzstan: two years of next to nothing, then a trade."""
    corridor = new_corridor(parse_month("2020-01"))
    for month in range(24):
        apply(corridor, Amount(month=parse_month("2020-01") + month, value=100_000, count=1))
    for month in range(4):
        amount = Amount(month=parse_month("2022-04") + month, value=4_500_000 * (month + 1), count=6)
        apply(corridor, amount)
    (one,) = episodes(corridor, settings(), parse_month("2022-07"))
    return corridor_alert("901310|DE|KG", one, settings(), atlas(), 19_200)


def _read(data: bytes) -> Any:
    limit = Settings().max_declaration_bytes
    return read(data, format="canonical", received=RECEIVED, max_bytes=limit)


def _broken(data: bytes) -> Any:
    source = Source(
        topic="customs.declarations",
        partition=3,
        offset=1207,
        timestamp=int(RECEIVED.timestamp() * 1000),
        format="canonical",
    )
    try:
        _read(data)
    except Unscreenable as error:
        return dead_letter(data, error, source, "intake", __version__)
    raise AssertionError("the intake took half a message")
