"""What the demo found, missed and raised for nothing: arithmetic on labels and answers."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from streams.assessment.model import LANES, Alert, Lane, Verdict
from streams.demo.scenario import Label

ALERTING: tuple[Lane, ...] = tuple(lane for lane in LANES if lane != "GREEN")
STOPPING: tuple[Lane, ...] = ("RED", "YELLOW")
"""Lanes in which the goods wait for an officer."""


class Typology(Struct, frozen=True):
    """One kind of planted case: how many there are, which were missed."""

    name: str
    planted: int
    missed: tuple[Label, ...]
    """planted declarations without an open alert"""

    @property
    def found(self) -> int:
        return self.planted - len(self.missed)


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
    found_by_lane: dict[Lane, int]
    """open alerts by lane that are planted cases"""
    visible: tuple[Typology, ...]
    """planted cases that one declaration shows"""
    hidden: tuple[Typology, ...]
    """planted cases that only several declarations together show"""
    seconds: float
    first_alert: float | None = None
    """seconds from the start of the demo to its first alert"""

    @property
    def found(self) -> int:
        return sum(one.found for one in self.visible)

    @property
    def planted(self) -> int:
        return sum(one.planted for one in self.visible)

    @property
    def found_hidden(self) -> int:
        return sum(one.found for one in self.hidden)

    @property
    def planted_hidden(self) -> int:
        return sum(one.planted for one in self.hidden)

    @property
    def missed(self) -> tuple[Label, ...]:
        return tuple(label for one in self.visible for label in one.missed)

    @property
    def false_alarms(self) -> dict[Lane, int]:
        """Open alerts on ordinary trade, by lane."""
        return {lane: self.alerts[lane] - self.found_by_lane[lane] for lane in ALERTING}

    def per_thousand(self, lanes: Iterable[Lane] = ALERTING) -> float:
        """False alarms in these lanes for each 1,000 declarations; 0 where nothing was screened."""
        alarms = self.false_alarms
        return 1000 * sum(alarms[lane] for lane in lanes) / self.declarations if self.declarations else 0.0

    @property
    def rate(self) -> float:
        """Messages a second, from the first published to the last answered; 0 where no time passed."""
        return (self.screened + self.dead_letters) / self.seconds if self.seconds > 0 else 0.0


class Tally:
    """Collects answers as they come, in any order and as often as they come."""

    def __init__(self) -> None:
        self._verdicts: dict[tuple[str, int], Lane] = {}
        self._alerts: dict[str, Alert] = {}
        self._dead: set[str] = set()

    def verdict(self, verdict: Verdict) -> None:
        self._verdicts[verdict.declaration_key, verdict.version_number] = verdict.lane

    def alert(self, alert: Alert) -> bool:
        """Whether it is news: a new alert, a newer version of one, or another lane."""
        known = self._alerts.get(alert.declaration_key)
        if known is not None and known.version_number > alert.version_number:
            return False
        self._alerts[alert.declaration_key] = alert
        return known is None or (known.status, known.lane) != (alert.status, alert.lane)

    def dead_letter(self, identity: str) -> None:
        self._dead.add(identity)

    @property
    def answered(self) -> int:
        """Versions with a verdict and messages that became dead letters."""
        return len(self._verdicts) + len(self._dead)

    @property
    def raised(self) -> int:
        """Declarations with an alert, open or closed again."""
        return len(self._alerts)

    def totals(
        self, labels: Iterable[Label], *, published: int, seconds: float, first_alert: float | None = None
    ) -> Totals:
        """The result against the labels. `seconds` from the first message published to the last answer,
        `first_alert` from the start of the demo."""
        known = {label.declaration_key: label for label in labels}
        screened = {key for key, _ in self._verdicts}
        open_lanes = {key: alert.lane for key, alert in self._alerts.items() if alert.status == "OPEN"}
        by_lane = Counter(open_lanes.values())
        found = Counter(lane for key, lane in open_lanes.items() if key in known)
        return Totals(
            published=published,
            screened=len(self._verdicts),
            dead_letters=len(self._dead),
            declarations=len(screened),
            clear=len(screened - open_lanes.keys()),
            alerts={lane: by_lane[lane] for lane in ALERTING},
            found_by_lane={lane: found[lane] for lane in ALERTING},
            visible=_typologies(known.values(), "declaration", open_lanes.keys()),
            hidden=_typologies(known.values(), "pattern", open_lanes.keys()),
            seconds=seconds,
            first_alert=first_alert,
        )


def _typologies(labels: Iterable[Label], visible: str, alerted: Iterable[str]) -> tuple[Typology, ...]:
    by_name: dict[str, list[Label]] = {}
    for label in labels:
        if label.visible == visible:
            by_name.setdefault(label.planted, []).append(label)
    keys = set(alerted)
    return tuple(
        Typology(name, len(cases), tuple(case for case in cases if case.declaration_key not in keys))
        for name, cases in by_name.items()
    )
