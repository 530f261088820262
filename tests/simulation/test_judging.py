"""The judging script counts right: a judge that knows all, one that knows nothing, one that cries at everything."""

import pytest

from streams.backtest.judgement import Judgement
from streams.simulation.run import Plan, simulate
from tests.bench.patterns import every_priority_good, judged, lines

PLAN = Plan(months=8, per_month=300, rate=200, plant_months=3)


@pytest.fixture(scope="module")
def keys() -> dict[str, bool]:
    """Whether each declaration is planted."""
    return {one.version.envelope.declaration_key: one.label is not None for one in simulate(PLAN)}


def report(alerts: dict[str, tuple[str, ...]]) -> Judgement:
    def judge(versions):
        assert sum(1 for _ in versions) > 0
        return alerts

    return judged(PLAN, judge)[0]


def test_who_knows_all_is_perfect(keys: dict[str, bool]) -> None:
    found = report({key: ("R1",) for key, planted in keys.items() if planted})
    assert (found.recall, found.precision, found.false) == (1, 1, 0)
    assert found.rules == {"R1": (sum(keys.values()), 0)}
    assert all(row.cases == row.found == PLAN.cases(row.typology) for row in found.rows)


def test_who_says_nothing_finds_nothing(keys: dict[str, bool]) -> None:
    found = report({})
    assert (found.recall, found.alerts, found.per_thousand, found.precision) == (0, 0, 0, None)


def test_who_cries_at_everything_is_counted_in_the_judged_months_only(keys: dict[str, bool]) -> None:
    found = report(dict.fromkeys(keys, ("R1",)))
    assert found.recall == 1
    assert found.per_thousand == 1000
    assert found.judged == pytest.approx(3 * 300, abs=15)
    assert found.precision == pytest.approx(sum(keys.values()) / found.judged, abs=0.001)


def test_one_alert_on_one_declaration_finds_a_case(keys: dict[str, bool]) -> None:
    first = next(key for key, planted in keys.items() if planted)
    found = report({first: ("R1", "R2", "R2")})
    assert found.total.found == 1
    assert found.rules == {"R1": (1, 0), "R2": (1, 0)}


def test_the_table_has_a_line_for_each_typology() -> None:
    found, seen = judged(PLAN, every_priority_good)
    told = list(lines(found))
    assert [line.split()[0] for line in told[1 : len(found.rows) + 2]] == [
        row.typology for row in found.rows
    ] + ["all"]
    assert found.recall == 1
    assert 0 < found.precision < 1
    assert seen.versions > 8 * 300
