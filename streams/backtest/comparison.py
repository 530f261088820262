"""One recorded stream under two rulesets.

A ruleset weighs findings and has no say in which there are. So what is recorded is screened once, by whichever ruleset, and the
findings of its verdicts are weighed by both.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from msgspec import Struct

from streams.assessment.ruleset import Ruleset
from streams.assessment.scoring import again, total_of
from streams.assessment.verdict import Verdict
from streams.backtest.judgement import Judgement, judgement
from streams.backtest.report import (
    Both,
    Cause,
    ChangedAlert,
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
from streams.cases.alerts import ENDED
from streams.declarations.labels import Label
from streams.findings import LANES, Lane


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
    rules: Both[frozenset[str]]
    """that speak for an alert"""


@lru_cache(maxsize=128)
def _nothing(version: int) -> Weighed:
    """One for all declarations: most have nothing, and there may be millions."""
    return Weighed(version, Both(NOTHING, NOTHING), Both(frozenset(), frozenset()))


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
        self._past: set[str] = set()
        self._declarations: dict[str, _Declaration] = {}
        """those that are judged"""

    def add(self, verdict: Verdict) -> None:
        key, at = verdict.declaration_key, verdict.event_date_time
        if key in self._past:
            return
        if self._since is not None and at < self._since:
            self._past.add(key)
            self._declarations.pop(key, None)
            return
        weighed = self._weighed(verdict)
        known = self._declarations.get(key)
        if known is None:
            self._declarations[key] = _Declaration(at, Both(weighed, weighed), weighed.rules)
            return
        before, after, rules = known.gravest.before, known.gravest.after, known.rules
        known.lodged = min(known.lodged, at)
        known.gravest = Both(
            min(before, weighed, key=lambda one: (*_gravity(one.by.before), one.version)),
            min(after, weighed, key=lambda one: (*_gravity(one.by.after), one.version)),
        )
        known.rules = Both(rules.before | weighed.rules.before, rules.after | weighed.rules.after)

    def _weighed(self, verdict: Verdict) -> Weighed:
        before, after = weigh(verdict, self._rulesets.before), weigh(verdict, self._rulesets.after)
        if before is NOTHING and after is NOTHING:
            return _nothing(verdict.version_number)
        return Weighed(verdict.version_number, Both(before, after), Both(before.rules, after.rules))

    def report(self, labels: Mapping[str, Label] | None = None, unread: int = 0) -> Report:
        """What all that was taken up comes to. `unread`: messages that could not be screened, which are only passed on."""
        judged = self._declarations
        known = {key: label for key, label in (labels or {}).items() if key in judged}
        ordinary = judged.keys() - known.keys()
        before = {key: one.rules.before for key, one in judged.items() if one.lanes.before != "GREEN"}
        after = {key: one.rules.after for key, one in judged.items() if one.lanes.after != "GREEN"}
        found = Both(judgement(before, known, ordinary), judgement(after, known, ordinary))
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
                past=len(self._past),
                unread=unread,
                alerts=Both(found.before.alerts, found.after.alerts),
                per_thousand=Both(round(found.before.per_thousand, 2), round(found.after.per_thousand, 2)),
                gained=len(gained),
                lost=len(lost),
                moved=len(moved),
                first=min(lodged, default=None),
                last=max(lodged, default=None),
                labelled=_labelled(found, len(labels) - len(known), (gained, lost, moved))
                if labels is not None
                else None,
            ),
            lanes=tuple(_lane_row(lane, judged, known if labels is not None else None) for lane in LANES),
            rules=_rule_rows(found, labels is not None),
            typologies=_typology_rows(found),
            gained=gained,
            lost=lost,
            moved=moved,
        )

    def _change(self, key: str, one: _Declaration, label: Label | None) -> ChangedAlert:
        by_before, by_after = one.gravest.before, one.gravest.after
        worse_before = _gravity(by_before.by.before) < _gravity(by_after.by.after)
        deciding = by_before if worse_before else by_after
        return ChangedAlert(
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
    # Of a code only one finding has points.
    points = {(one.rule, one.code): one.points for one in made.findings if one.points}
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


def _worst_first(one: ChangedAlert) -> tuple[int, float, str]:
    lane = min(LANES.index(one.before.lane), LANES.index(one.after.lane))
    return lane, -max(one.before.score, one.after.score), one.declaration_key


def _labelled(
    found: Both[Judgement], elsewhere: int, changes: tuple[tuple[ChangedAlert, ...], ...]
) -> Labelled:
    before, after = found.before, found.after
    gained, lost, moved = (sum(one.label is not None for one in kind) for kind in changes)
    return Labelled(
        declarations=before.total.declarations,
        cases=before.total.cases,
        elsewhere=elsewhere,
        gained=gained,
        lost=lost,
        moved=moved,
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
