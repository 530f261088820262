"""How well planted cases are found: `.venv/bin/python -m tests.bench.patterns --judge MODULE:FUNCTION`.

Thirty simulated months, of which the last six are judged; the months before are the past that a detector learns from. The judge
is given every version in order of event time and returns the rules of its alerts by declarationKey.
"""

import argparse
import importlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from streams.backtest.judgement import Alerts, Judgement, judgement, share
from streams.declarations.labels import Label
from streams.declarations.model import DeclarationVersion
from streams.simulation.orders import Simulated
from streams.simulation.run import Plan, simulate
from streams.simulation.typologies import TYPOLOGIES

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

    def report(self, alerts: Alerts) -> Judgement:
        """What was found, missed and raised for nothing; alerts on earlier months do not count."""
        return judgement(alerts, self.labels, self.ordinary, TYPOLOGIES)


def lines(found: Judgement) -> Iterator[str]:
    """The judgement as tables of text."""
    yield f"{'typology':<24}{'cases':>7}{'found':>7}{'share':>7}{'declarations':>14}{'alerted':>9}"
    for row in (*found.rows, found.total):
        part = share(row.found, row.cases)
        told = f"{part:.2f}" if part is not None else "-"
        yield f"{row.typology:<24}{row.cases:>7}{row.found:>7}{told:>7}{row.declarations:>14}{row.alerted:>9}"
    yield ""
    yield f"declarations judged {found.judged}, alerts {found.alerts}: {found.per_thousand:.1f} per 1,000"
    ordinary = 1000 * found.false / max(1, found.judged - found.total.declarations)
    precision = f"{found.precision:.2f}" if found.precision is not None else "-"
    yield f"precision {precision}; on ordinary declarations {ordinary:.1f} alerts per 1,000"
    if found.rules:
        yield ""
        yield f"{'rule':<24}{'planted':>9}{'ordinary':>10}"
    for rule, (planted, false) in found.rules.items():
        yield f"{rule:<24}{planted:>9}{false:>10}"


def judged(plan: Plan, judge: Judge) -> tuple[Judgement, Judged]:
    """The report on a judge, from one pass over the simulated months."""
    seen = Judged(plan)
    alerts = judge(seen.watch(simulate(plan)))
    return seen.report(alerts), seen


def every_priority_good(versions: Iterable[DeclarationVersion]) -> Alerts:
    """The judge to be better than: an alert for every high-priority code."""
    from streams.simulation.tables import Tables

    codes = {code for good in Tables().priority for code in (good.hs6, good.hs6_2017)}
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
    print("\n".join(lines(report)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
