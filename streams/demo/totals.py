"""What the demo found, missed and raised for nothing: arithmetic on labels and answers."""

from collections import Counter
from collections.abc import Iterable, Set
from typing import Literal

from msgspec import Struct

from streams.assessment.verdict import Verdict
from streams.backtest.judgement import Judgement, judgement
from streams.cases.alert import Alert
from streams.findings import LANES, Lane
from streams.patterns.episode_alert import CorridorAlert
from streams.simulation.scenario.tables import ScenarioLabel

ALERTING: tuple[Lane, ...] = tuple(lane for lane in LANES if lane != "GREEN")
STOPPING: tuple[Lane, ...] = ("RED", "YELLOW")
"""Lanes in which the goods wait for an officer."""


class Year(Struct, frozen=True):
    """Real exports of a year."""

    year: int
    declarations: int
    alerted: int
    """of these, with an open alert"""


class CorridorNews(Struct, frozen=True):
    """What became of a corridor's alert; of one withdrawn, as it stood last."""

    what: Literal["RAISED", "CLOSED", "WITHDRAWN"]
    alert: CorridorAlert


class Totals(Struct, frozen=True, kw_only=True):
    """The demo's result. A declaration counts once, whatever its versions: by its newest verdict and its open alert."""

    published: int
    """messages"""
    screened: int
    """versions with a verdict"""
    dead_letters: int
    declarations: int
    """declarations with a verdict"""
    clear: int
    """of these, without an open alert"""
    alerts: dict[Lane, int]
    """open alerts by lane"""
    false_alarms: dict[Lane, int]
    """open alerts by lane on ordinary trade"""
    visible: Judgement
    """of planted cases that one declaration shows"""
    hidden: Judgement
    """of planted cases that only several declarations together show"""
    missed: tuple[ScenarioLabel, ...]
    """planted declarations of both kinds without an open alert"""
    real: tuple[Year, ...]
    """real exports, of which nobody knows which were bad"""
    corridors: tuple[CorridorAlert, ...]
    """alerts of corridors that stand at the end, open or over, by the month that raised them"""
    seconds: float
    first_alert: float | None = None
    """seconds from the start of the demo to its first alert"""

    def per_thousand(self, lanes: Iterable[Lane] = ALERTING) -> float:
        """False alarms in these lanes for each 1,000 declarations but those of real exports; 0 where there are none."""
        alarms = sum(self.false_alarms[lane] for lane in lanes)
        others = self.declarations - sum(one.declarations for one in self.real)
        return 1000 * alarms / others if others else 0.0

    @property
    def rate(self) -> float:
        """Messages a second, from the first published to the last answered; 0 where no time passed."""
        return (self.screened + self.dead_letters) / self.seconds if self.seconds > 0 else 0.0


class Tally:
    """Collects answers as they come, in any order and as often as they come."""

    def __init__(self) -> None:
        self._screened: set[tuple[str, int]] = set()
        self._years: dict[str, int] = {}
        self._alerts: dict[str, Alert] = {}
        self._corridors: dict[str, CorridorAlert] = {}
        self._dead: set[str] = set()

    def verdict(self, verdict: Verdict) -> None:
        self._screened.add((verdict.declaration_key, verdict.version_number))
        if verdict.version_number == 1:
            self._years[verdict.declaration_key] = verdict.event_date_time.year

    def alert(self, alert: Alert) -> bool:
        """Whether it is news: a new alert, a newer version of one, or another lane."""
        known = self._alerts.get(alert.declaration_key)
        if known is not None and known.version_number > alert.version_number:
            return False
        self._alerts[alert.declaration_key] = alert
        return known is None or (known.status, known.lane) != (alert.status, alert.lane)

    def corridor(self, key: str, alert: CorridorAlert | None) -> CorridorNews | None:
        """Takes the alert of a corridor under its record's key, None where it was withdrawn. Its growth is no news."""
        known = self._corridors.pop(key, None)
        if alert is None:
            return CorridorNews("WITHDRAWN", known) if known is not None else None
        self._corridors[key] = alert
        if known is None:
            return CorridorNews("RAISED", alert)
        return CorridorNews("CLOSED", alert) if known.status != alert.status == "CLOSED" else None

    def dead_letter(self, identity: str) -> None:
        self._dead.add(identity)

    @property
    def answered(self) -> int:
        """Versions with a verdict and messages that became dead letters."""
        return len(self._screened) + len(self._dead)

    @property
    def raised(self) -> int:
        """Declarations with an alert, open or closed again."""
        return len(self._alerts)

    def totals(
        self,
        labels: Iterable[ScenarioLabel],
        *,
        published: int,
        seconds: float,
        first_alert: float | None = None,
    ) -> Totals:
        """The result against the labels. `seconds` from the first message published to the last answer,
        `first_alert` from the start of the demo."""
        known = {label.declaration_key: label for label in labels}
        screened = {key for key, _ in self._screened}
        open_lanes = {key: alert.lane for key, alert in self._alerts.items() if alert.status == "OPEN"}
        alerts = dict.fromkeys(open_lanes, ())
        judged = {
            visible: {key: label for key, label in known.items() if label.visible == visible}
            for visible in ("declaration", "pattern")
        }
        by_lane = Counter(open_lanes.values())
        ordinary = Counter(lane for key, lane in open_lanes.items() if key not in known)
        real = {key for key in screened if key in known and known[key].visible == "real"}
        return Totals(
            published=published,
            screened=len(self._screened),
            dead_letters=len(self._dead),
            declarations=len(screened),
            clear=len(screened - open_lanes.keys()),
            alerts={lane: by_lane[lane] for lane in ALERTING},
            false_alarms={lane: ordinary[lane] for lane in ALERTING},
            visible=judgement(alerts, judged["declaration"], ()),
            hidden=judgement(alerts, judged["pattern"], ()),
            missed=tuple(
                label for some in judged.values() for key, label in some.items() if key not in alerts
            ),
            real=self._real(real, open_lanes.keys()),
            corridors=tuple(sorted(self._corridors.values(), key=lambda one: (one.opened, one.key))),
            seconds=seconds,
            first_alert=first_alert,
        )

    def _real(self, keys: Set[str], alerted: Set[str]) -> tuple[Year, ...]:
        declarations = Counter(self._years[key] for key in keys)
        raised = Counter(self._years[key] for key in keys & alerted)
        return tuple(Year(year, count, raised[year]) for year, count in sorted(declarations.items()))
