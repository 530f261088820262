"""How well planted cases are found: `.venv/bin/python -m tests.bench.patterns --judge MODULE:FUNCTION`.

Thirty simulated months, of which the last six are judged; the months before are the past that a detector learns from. The judge
is given every version in order of event time and returns the rules of its alerts by declarationKey.
"""

import argparse
import importlib
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from streams.declarations.model import DeclarationVersion
from streams.simulation.orders import Label, Simulated
from streams.simulation.run import Plan, simulate
from streams.simulation.typologies import TYPOLOGIES

Alerts = Mapping[str, Collection[str]]
"""declarationKey -> rules of the alert (may be empty); a declaration without an alert is absent"""
Judge = Callable[[Iterable[DeclarationVersion]], Alerts]


@dataclass
class Judged:
    """What was declared in the judged months."""

    plan: Plan
    ordinary: set[str] = field(default_factory=set)
    labels: dict[str, Label] = field(default_factory=dict)
    versions: int = 0

    def watch(self, stream: Iterable[Simulated]) -> Iterator[DeclarationVersion]:
        """The versions of a stream, taking note of who is who as they pass."""
        year, month = divmod(self.plan.first[0] * 12 + self.plan.first[1] - 1, 12)
        start = year * 12 + month + self.plan.months - self.plan.plant_months
        for one in stream:
            self.versions += 1
            envelope = one.version.envelope
            if envelope.version_number == 1:
                if one.label is not None:
                    self.labels[envelope.declaration_key] = one.label
                elif envelope.event_date_time.year * 12 + envelope.event_date_time.month - 1 >= start:
                    self.ordinary.add(envelope.declaration_key)
            yield one.version

    def report(self, alerts: Alerts) -> "Report":
        """Counts what was found, missed and raised for nothing; alerts on earlier months do not count."""
        cases: dict[str, dict[str, bool]] = {name: {} for name in TYPOLOGIES}
        declarations: Counter[str] = Counter()
        alerted: Counter[str] = Counter()
        for key, label in self.labels.items():
            hit = key in alerts
            cases[label.typology][label.case] = cases[label.typology].get(label.case, False) or hit
            declarations[label.typology] += 1
            alerted[label.typology] += hit
        rules: dict[str, Counter[bool]] = defaultdict(Counter)
        for key, found in alerts.items():
            if key in self.labels or key in self.ordinary:
                for rule in set(found):
                    rules[rule][key in self.labels] += 1
        return Report(
            rows=[
                (name, len(kind), sum(kind.values()), declarations[name], alerted[name])
                for name, kind in cases.items()
            ],
            judged=len(self.labels) + len(self.ordinary),
            false=sum(key in alerts for key in self.ordinary),
            rules={rule: (count[True], count[False]) for rule, count in sorted(rules.items())},
        )


@dataclass
class Report:
    rows: list[tuple[str, int, int, int, int]]
    """typology, cases planted, cases with an alert, declarations planted, of them alerted"""
    judged: int
    """declarations lodged in the judged months"""
    false: int
    """alerts on ordinary declarations"""
    rules: dict[str, tuple[int, int]]
    """rule -> alerts that name it, on planted and on ordinary declarations"""

    @property
    def recall(self) -> float:
        """Of the cases, those with at least one alert on one of their declarations."""
        return sum(row[2] for row in self.rows) / max(1, sum(row[1] for row in self.rows))

    @property
    def alerts(self) -> int:
        return self.false + sum(row[4] for row in self.rows)

    @property
    def precision(self) -> float:
        """Of the alerts, those on planted declarations."""
        return 1 - self.false / max(1, self.alerts)

    @property
    def per_thousand(self) -> float:
        return 1000 * self.alerts / max(1, self.judged)

    def lines(self) -> Iterator[str]:
        yield f"{'typology':<24}{'cases':>7}{'found':>7}{'share':>7}{'declarations':>14}{'alerted':>9}"
        for name, planted, found, declarations, alerted in self.rows:
            share = f"{found / planted:.2f}" if planted else "-"
            yield f"{name:<24}{planted:>7}{found:>7}{share:>7}{declarations:>14}{alerted:>9}"
        total = [sum(column) for column in zip(*(row[1:] for row in self.rows), strict=True)]
        yield f"{'all':<24}{total[0]:>7}{total[1]:>7}{self.recall:>7.2f}{total[2]:>14}{total[3]:>9}"
        yield ""
        yield f"declarations judged {self.judged}, alerts {self.alerts}: {self.per_thousand:.1f} per 1,000"
        ordinary = 1000 * self.false / max(1, self.judged - total[2])
        yield f"precision {self.precision:.2f}; on ordinary declarations {ordinary:.1f} alerts per 1,000"
        if self.rules:
            yield ""
            yield f"{'rule':<24}{'planted':>9}{'ordinary':>10}"
        for rule, (planted, false) in self.rules.items():
            yield f"{rule:<24}{planted:>9}{false:>10}"


def judged(plan: Plan, judge: Judge) -> tuple[Report, Judged]:
    """The report on a judge, from one pass over the simulated months."""
    seen = Judged(plan)
    alerts = judge(seen.watch(simulate(plan)))
    return seen.report(alerts), seen


def every_priority_good(versions: Iterable[DeclarationVersion]) -> Alerts:
    """The judge to be better than: an alert for every high-priority code."""
    from streams.simulation.tables import Tables

    codes = {code for good in Tables().priority for code in (good.code, good.code_2017)}
    return {
        version.envelope.declaration_key: ("CODE",)
        for version in versions
        if any(
            item.commodity_code and item.commodity_code.hs6 in codes
            for item in version.declaration.goods_items
        )
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.patterns")
    parser.add_argument("--judge", default=f"{__spec__.name if __spec__ else __name__}:every_priority_good")
    parser.add_argument("--per-month", type=int, default=50_000)
    parser.add_argument("--months", type=int, default=30)
    parser.add_argument("--judged-months", type=int, default=6)
    parser.add_argument("--cases", type=int, default=18, help="of each typology, whatever the volume")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    plan = Plan(
        months=given.months,
        per_month=given.per_month,
        seed=given.seed,
        rate=given.cases * 100_000 / (given.per_month * given.judged_months),
        plant_months=given.judged_months,
    )
    module, _, name = given.judge.partition(":")
    began = time.perf_counter()
    report, seen = judged(plan, getattr(importlib.import_module(module), name))
    seconds = time.perf_counter() - began
    print(
        f"{given.judge}, seed {plan.seed}: {plan.months} months of {plan.per_month}, the last {plan.plant_months} judged"
    )
    print(f"{seen.versions} versions in {seconds:.0f} s, making them included\n")
    print("\n".join(report.lines()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
