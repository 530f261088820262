"""How well alerts find the bad cases that are known: recall, precision, and which rules bore them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from streams.declarations.labels import Label

Alerts = Mapping[str, Collection[str]]
"""declarationKey -> rules of the alert (may be empty); a declaration without an alert is absent"""


class Row(Struct, frozen=True):
    """One typology."""

    typology: str
    cases: int
    found: int
    """cases with an alert on at least one of their declarations"""
    declarations: int
    """that are part of a case"""
    alerted: int
    """of them"""


class Judgement(Struct, frozen=True):
    """A declaration without a label counts as ordinary: an alert on it is a false one."""

    rows: tuple[Row, ...]
    judged: int
    """declarations, labelled and ordinary"""
    false: int
    """alerts on ordinary declarations"""
    rules: dict[str, tuple[int, int]]
    """rule -> alerts that name it, on labelled and on ordinary declarations"""

    @property
    def total(self) -> Row:
        """All typologies together."""
        rows = self.rows
        return Row(
            typology="all",
            cases=sum(row.cases for row in rows),
            found=sum(row.found for row in rows),
            declarations=sum(row.declarations for row in rows),
            alerted=sum(row.alerted for row in rows),
        )

    @property
    def recall(self) -> float | None:
        """Of the cases, those with at least one alert on one of their declarations; None without cases."""
        return share(self.total.found, self.total.cases)

    @property
    def recall_by_declaration(self) -> float | None:
        """Of the declarations that are part of a case, those with an alert; None where there are none."""
        return share(self.total.alerted, self.total.declarations)

    @property
    def alerts(self) -> int:
        return self.false + self.total.alerted

    @property
    def precision(self) -> float | None:
        """Of the alerts, those on labelled declarations; None without alerts."""
        return share(self.total.alerted, self.alerts)

    @property
    def per_thousand(self) -> float:
        """Alerts in 1,000 declarations."""
        return 1000 * self.alerts / max(1, self.judged)


def share(part: int, whole: int) -> float | None:
    """0..1; None of nothing."""
    return part / whole if whole else None


def judgement(
    alerts: Alerts, labels: Mapping[str, Label], ordinary: Collection[str], typologies: Iterable[str] = ()
) -> Judgement:
    """Counts what was found, missed and raised for nothing; alerts on declarations that are neither labelled nor ordinary do not
    count. `typologies` have a row even where they have no case, and come first."""
    cases: dict[str, dict[str, bool]] = {name: {} for name in typologies}
    declarations: Counter[str] = Counter()
    alerted: Counter[str] = Counter()
    for key, label in labels.items():
        kind = cases.setdefault(label.typology, {})
        kind[label.case] = kind.get(label.case, False) or key in alerts
        declarations[label.typology] += 1
        alerted[label.typology] += key in alerts
    rules: dict[str, Counter[bool]] = defaultdict(Counter)
    for key, found in alerts.items():
        if key in labels or key in ordinary:
            for rule in set(found):
                rules[rule][key in labels] += 1
    return Judgement(
        rows=tuple(
            Row(name, len(kind), sum(kind.values()), declarations[name], alerted[name])
            for name, kind in cases.items()
        ),
        judged=len(labels) + len(ordinary),
        false=sum(key in ordinary for key in alerts),
        rules={rule: (count[True], count[False]) for rule, count in sorted(rules.items())},
    )
