"""One recorded stream under two rulesets.

A ruleset weighs findings and has no say in which there are. So what is recorded is screened once, by whichever ruleset, and the
findings of its verdicts are weighed by both.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from streams.assessment.alerts import ENDED
from streams.assessment.model import LANES, Lane, Verdict
from streams.assessment.ruleset import Ruleset
from streams.assessment.scoring import again, total_of
from streams.backtest.judgement import Judgement, judgement
from streams.backtest.report import (
    Both,
    Cause,
    Change,
    Difference,
    Gravest,
    Labelled,
    LaneRow,
    Report,
    RuleRow,
    Told,
    Totals,
    TypologyRow,
)
from streams.declarations.labels import Label


class Weighing(Struct, frozen=True):
    """A verdict by one ruleset."""

    lane: Lane
    score: float
    total: float
    """the sum of the points, which is not held between 0 and 100"""
    points: dict[tuple[str, str], float]
    """(rule, code) -> points, where they are not 0"""

    @property
    def rules(self) -> frozenset[str]:
        """Those that speak for an alert; none where there is no alert."""
        if self.lane == "GREEN":
            return frozenset()
        return frozenset(rule for (rule, _), points in self.points.items() if points > 0)


NOTHING = Weighing("GREEN", 0.0, 0.0, {})


class Weighed(Struct, frozen=True):
    """A verdict by both."""

    version: int
    by: Both[Weighing]


class _Declaration(Struct):
    lodged: datetime
    """event time of the first version that is known"""
    gravest: Both[Weighed]
    rules: Both[frozenset[str]]

    @property
    def lanes(self) -> Both[Lane]:
        return Both(self.gravest.before.by.before.lane, self.gravest.after.by.after.lane)


class Comparison:
    """Takes verdicts up, in any order and as often as they come. A declaration has an alert where any verdict on it is not GREEN;
    one on a version that cancels or rejects it counts as GREEN: its alert is moot, and nobody's work.

    `since` is the first moment that is judged: a declaration is when it was lodged then or later.
    """

    def __init__(self, before: Ruleset, after: Ruleset, since: datetime | None = None) -> None:
        self._rulesets = Both(before, after)
        self._since = since
        self._declarations: dict[str, _Declaration] = {}

    def add(self, verdict: Verdict) -> None:
        at = verdict.event_date_time
        weighed = Weighed(
            verdict.version_number,
            Both(weigh(verdict, self._rulesets.before), weigh(verdict, self._rulesets.after)),
        )
        known = self._declarations.get(verdict.declaration_key)
        if known is None:
            rules = Both(weighed.by.before.rules, weighed.by.after.rules)
            self._declarations[verdict.declaration_key] = _Declaration(at, Both(weighed, weighed), rules)
            return
        known.lodged = min(known.lodged, at)
        before, after = known.gravest.before, known.gravest.after
        known.gravest = Both(
            min(before, weighed, key=lambda one: (*_gravity(one.by.before), one.version)),
            min(after, weighed, key=lambda one: (*_gravity(one.by.after), one.version)),
        )
        known.rules = Both(
            known.rules.before | weighed.by.before.rules, known.rules.after | weighed.by.after.rules
        )

    def report(self, labels: Mapping[str, Label] | None = None, unread: int = 0) -> Report:
        """What all that was taken up comes to. `unread`: messages that could not be screened, which are only passed on."""
        judged = {
            key: one
            for key, one in self._declarations.items()
            if self._since is None or one.lodged >= self._since
        }
        known = {key: label for key, label in (labels or {}).items() if key in judged}
        ordinary = judged.keys() - known.keys()
        before = {key: one.rules.before for key, one in judged.items() if one.lanes.before != "GREEN"}
        after = {key: one.rules.after for key, one in judged.items() if one.lanes.after != "GREEN"}
        found = Both(judgement(before, known, ordinary), judgement(after, known, ordinary))
        told = labels is not None
        changes = [
            self._change(key, one, known.get(key))
            for key, one in judged.items()
            if one.lanes.before != one.lanes.after
        ]
        changes.sort(key=_worst_first)
        gained = tuple(one for one in changes if one.before.lane == "GREEN")
        lost = tuple(one for one in changes if one.after.lane == "GREEN")
        moved = tuple(one for one in changes if "GREEN" not in (one.before.lane, one.after.lane))
        lodged = [one.lodged for one in judged.values()]
        return Report(
            totals=Totals(
                rulesets=Both(self._rulesets.before.id, self._rulesets.after.id),
                declarations=len(judged),
                past=len(self._declarations) - len(judged),
                unread=unread,
                alerts=Both(found.before.alerts, found.after.alerts),
                per_thousand=Both(round(found.before.per_thousand, 2), round(found.after.per_thousand, 2)),
                gained=len(gained),
                lost=len(lost),
                moved=len(moved),
                first=min(lodged, default=None),
                last=max(lodged, default=None),
                labelled=_labelled(found, len(labels or {}) - len(known)) if told else None,
            ),
            lanes=tuple(_lane_row(lane, judged, known if told else None) for lane in LANES),
            rules=_rule_rows(found, told),
            typologies=_typology_rows(found),
            gained=gained,
            lost=lost,
            moved=moved,
        )

    def _change(self, key: str, one: _Declaration, label: Label | None) -> Change:
        by_before, by_after = one.gravest.before, one.gravest.after
        worse_before = _gravity(by_before.by.before) < _gravity(by_after.by.after)
        deciding = by_before if worse_before else by_after
        return Change(
            declaration_key=key,
            lodged=one.lodged,
            version_number=deciding.version,
            before=_said(by_before.by.before, by_before.version),
            after=_said(by_after.by.after, by_after.version),
            because=self._causes(deciding.by),
            differences=_differences(deciding.by),
            label=Told(typology=label.typology, case=label.case) if label is not None else None,
        )

    def _causes(self, by: Both[Weighing]) -> tuple[Cause, ...]:
        before, after = self._rulesets.before, self._rulesets.after
        found: list[Cause] = []
        if by.before.points != by.after.points:
            found.append("POINTS")
        if any(before.lane(total) != after.lane(total) for total in (by.before.total, by.after.total)):
            found.append("LANES")
        if (before.lane(by.before.total) != by.before.lane) != (after.lane(by.after.total) != by.after.lane):
            found.append("RELIEF")
        return tuple(found)


def weigh(verdict: Verdict, ruleset: Ruleset) -> Weighing:
    """The findings of a verdict by a ruleset; nothing for a version that ends the declaration."""
    if not verdict.findings or verdict.event_type in ENDED:
        return NOTHING
    made = again(verdict.findings, ruleset)
    points: dict[tuple[str, str], float] = {}
    for one in made.findings:
        if one.points:
            points[one.rule, one.code] = points.get((one.rule, one.code), 0.0) + one.points
    return Weighing(made.lane, made.score, total_of(made.findings), points)


def _gravity(one: Weighing) -> tuple[int, float]:
    """The gravest first."""
    return LANES.index(one.lane), -one.score


def _said(one: Weighing, version: int) -> Gravest:
    return Gravest(lane=one.lane, score=one.score, version_number=version)


def _differences(by: Both[Weighing]) -> tuple[Difference, ...]:
    made = [
        Difference(
            rule=rule,
            code=code,
            points=Both(by.before.points.get((rule, code), 0.0), by.after.points.get((rule, code), 0.0)),
        )
        for rule, code in by.before.points.keys() | by.after.points.keys()
    ]
    made = [one for one in made if one.points.before != one.points.after]
    return tuple(
        sorted(made, key=lambda one: (-abs(one.points.after - one.points.before), one.rule, one.code))
    )


def _worst_first(one: Change) -> tuple[int, float, str]:
    lane = min(LANES.index(one.before.lane), LANES.index(one.after.lane))
    return lane, -max(one.before.score, one.after.score), one.declaration_key


def _labelled(found: Both[Judgement], elsewhere: int) -> Labelled:
    before, after = found.before, found.after
    return Labelled(
        declarations=before.total.declarations,
        cases=before.total.cases,
        elsewhere=elsewhere,
        precision=Both(_rounded(before.precision), _rounded(after.precision)),
        recall=Both(_rounded(before.recall), _rounded(after.recall)),
        recall_by_declaration=Both(
            _rounded(before.recall_by_declaration), _rounded(after.recall_by_declaration)
        ),
    )


def _rounded(share: float | None) -> float | None:
    return round(share, 4) if share is not None else None


def _lane_row(lane: Lane, judged: Mapping[str, _Declaration], known: Mapping[str, Label] | None) -> LaneRow:
    before = [key for key, one in judged.items() if one.lanes.before == lane]
    after = [key for key, one in judged.items() if one.lanes.after == lane]
    labelled = None
    if known is not None:
        labelled = Both(sum(key in known for key in before), sum(key in known for key in after))
    return LaneRow(lane=lane, declarations=Both(len(before), len(after)), labelled=labelled)


def _rule_rows(found: Both[Judgement], told: bool) -> tuple[RuleRow, ...]:
    rows = []
    for rule in sorted(found.before.rules.keys() | found.after.rules.keys()):
        before, after = found.before.rules.get(rule, (0, 0)), found.after.rules.get(rule, (0, 0))
        rows.append(
            RuleRow(
                rule=rule,
                alerts=Both(sum(before), sum(after)),
                labelled=Both(before[0], after[0]) if told else None,
            )
        )
    return tuple(rows)


def _typology_rows(found: Both[Judgement]) -> tuple[TypologyRow, ...]:
    rows = zip(found.before.rows, found.after.rows, strict=True)  # the same labels, so the same typologies
    return tuple(
        sorted(
            (
                TypologyRow(
                    typology=before.typology,
                    cases=before.cases,
                    found=Both(before.found, after.found),
                    declarations=before.declarations,
                    alerted=Both(before.alerted, after.alerted),
                )
                for before, after in rows
            ),
            key=lambda row: row.typology,
        )
    )
