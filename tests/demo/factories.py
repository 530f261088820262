"""Small alerts and verdicts for the tests of the screen and of the totals."""

from datetime import UTC, datetime
from typing import Any

from streams.assessment.verdict import Screened, ScreenedItem, ScreenedParty, Verdict, Versions
from streams.cases.alert import Alert, AlertFinding
from streams.findings import Finding, Lane, Subject
from streams.patterns.episode_alert import CorridorAlert
from streams.simulation.scenario.tables import ScenarioLabel, Visible

AT = datetime(2022, 7, 12, 8, 15, tzinfo=UTC)
VERSIONS = Versions(code="0", ruleset="test@1#0")
SCREENED = Screened(
    parties=(
        ScreenedParty(role="EXPORTER", name="Alsbach Pumpentechnik GmbH", country="DE"),
        ScreenedParty(role="CONSIGNEE", name="ОсОО «Карголайн»", country="KG"),
    ),
    items=(ScreenedItem(number=1, hs6="901310", origin="DE"),),
    route=("DE", "LT", "BY", "RU", "KG"),
)


def finding(points: float, evidence: str) -> Finding:
    return Finding(
        key=f"k{points}{evidence}",
        rule="R01",
        code="list.name",
        subject=Subject(kind="PARTY", index=1),
        evidence=evidence,
        points=points,
    )


def alert(key: str, lane: Lane = "RED", version: int = 1, findings: Any = (), **changes: Any) -> Alert:
    given: dict[str, Any] = {
        "alert_id": key,
        "declaration_key": key,
        "version_number": version,
        "status": "OPEN",
        "lane": lane,
        "highest_lane": lane,
        "score": 85.0,
        "headline": f"Headline of {key}",
        "findings": tuple(AlertFinding(finding=each, status="OPEN", since_version=1) for each in findings),
        "not_evaluable": (),
        "what_would_clear": (),
        "event_date_time": AT,
        "regime": "EXPORT",
        "screened": SCREENED,
        "versions": VERSIONS,
    }
    return Alert(**(given | changes))


def verdict(key: str, lane: Lane = "GREEN", version: int = 1) -> Verdict:
    return Verdict(
        declaration_key=key,
        version_number=version,
        payload_hash="0",
        event_type="LODGED",
        event_date_time=AT,
        lane=lane,
        score=0.0,
        findings=(),
        not_evaluable=(),
        screened=SCREENED,
        versions=VERSIONS,
    )


def corridor(good: str = "854239", opened: str = "2022-04", **changes: Any) -> CorridorAlert:
    given: dict[str, Any] = {
        "alert_id": "0",
        "good": good,
        "origin": "DE",
        "destination": "KG",
        "episode": "SURGE",
        "status": "OPEN",
        "lane": "YELLOW",
        "headline": f"HS {good} from DE to KG: EUR 116,430 in {opened}.",
        "start": opened,
        "opened": opened,
        "last": opened,
        "value": 116_430.0,
        "baseline": 2527.0,
        "threshold": 40_000.0,
        "total": 116_430.0,
        "history_months": 13,
        "figures": "test",
    }
    return CorridorAlert(**(given | changes))


def label(key: str, typology: str = "scopes", visible: Visible = "declaration") -> ScenarioLabel:
    return ScenarioLabel(key, typology, f"why of {key}", visible)
