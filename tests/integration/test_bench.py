"""`torugart bench stream` in small on real Kafka: it measures what it says, and compares with an earlier run."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from streams.bench.stream import Figures
from streams.cli.bench import Report
from tests.integration.brokers import Broker
from tests.integration.stream import WATCHLIST
from tests.processes import PATIENCE


@pytest.mark.load
def test_bench_measures_and_compares(kafka_broker: Broker, tmp_path: Path) -> None:
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    told = {"declarations a second": 1234.5}
    before.write_bytes(msgspec.json.encode(Report({}, [Figures("parcels", "on", [], told)])))
    plan = ("--mix", "parcels", "--count", "60", "--slices", "2", "--seconds", "1")
    files = ("--list", str(WATCHLIST), "--json", str(after), "--against", str(before))
    done = subprocess.run(
        [sys.executable, "-m", "streams", "bench", "stream", *plan, *files],
        env=os.environ | kafka_broker.environment(partitions=2),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert "1,234.500 before" in done.stdout
    report = msgspec.json.decode(after.read_bytes(), type=Report)
    (found,) = report.runs
    assert (found.mix, found.detectors, len(found.slices)) == ("parcels", "on", 2)
    values = found.values
    # Each declaration is told once, and once of each is what it makes in the topics that all pass.
    for topic in ("declarations", "versions", "verdicts", "screening-state"):
        assert values[f"records a declaration: {topic}"] >= 1.0
    assert values["records a declaration: declarations"] == 1.0
    made = [values[name] for name in values if name.startswith("records a declaration: ")]
    assert values["records a declaration, all that is made of it"] == pytest.approx(sum(made) - 1.0)
    stages = [values[name] for name in values if name.startswith("S of ")]
    assert sum(stages) == pytest.approx(values["S a declaration"])
    paces = [name for name in values if name.endswith("p99")]
    assert "at 10% of the rate: milliseconds to the verdict, p99" in paces
    assert all(values[name] >= values[name.replace("p99", "p50")] > 0 for name in paces)
    assert values["MB of the worker, empty"] > 20
    assert all(one.torugart.cpu > one.stock.cpu > 0 for one in found.slices)
