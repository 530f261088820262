"""`torugart baselines load` on a broker: a worker of today that knows the trade of yesterday."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from streams.kafka import topics
from tests.agents.test_statistics import ALERT, declared
from tests.integration.brokers import Broker
from tests.integration.stream import Stream, decode, running
from tests.processes import PATIENCE

START = datetime(2022, 6, 1, 8, tzinfo=UTC)
FILE = "reporter,partner,hs6,period,value\n" + "".join(
    f"DE,{to},{good},{year}-{month:02d},{value}\n"
    for year in (2020, 2021, 2022)
    for month in range(1, 13 if year < 2022 else 6)
    for to, good, value in (("KG", "854231", 60_000), ("KZ", "901310", 9_000))
)


def load(stream: Stream, path: Path) -> dict[str, object]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TORUGART_")} | stream.environment
    command = [sys.executable, "-m", "streams", "baselines", "load", str(path)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def lodge(stream: Stream, first: int, last: int) -> None:
    days = {number: START + timedelta(days=8 * number) for number in range(first, last)}
    stream.publish(
        (str(number).encode(), declared(number, at), int(at.timestamp() * 1000))
        for number, at in days.items()
    )
    stream.wait_for(topics.VERDICTS, last)
    stream.wait_committed()


def corridor_alerts(stream: Stream) -> set[bytes]:
    return {key for key in stream.latest(topics.ALERTS) if key.startswith(b"corridor|")}


def blind(stream: Stream) -> set[str]:
    """Rules that the newest verdict could not evaluate."""
    verdict = decode(max(stream.records(topics.VERDICTS), key=lambda record: record.key).value)
    return {missing["rule"] for missing in verdict.get("notEvaluable", ())}


def test_a_fresh_worker_with_a_baseline_raises_what_an_empty_one_cannot_tell(
    embedded_broker_fixture: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    statistics = tmp_path / "statistics.csv"
    statistics.write_text(FILE)
    with running(embedded_broker_fixture, unique("blind"), tmp_path) as stream:
        stream.start_worker().wait_ready()
        lodge(stream, 0, 8)
        assert corridor_alerts(stream) == set()
        assert {"R05", "R08"} <= blind(stream)
    with running(embedded_broker_fixture, unique("informed"), tmp_path) as stream:
        worker = stream.start_worker()
        worker.wait_ready()
        assert load(stream, statistics)["published"] is True
        lodge(stream, 0, 3)
        worker.kill()
        load(stream, statistics)  # again: it counts once
        stream.start_worker().wait_ready()
        lodge(stream, 3, 8)
        assert corridor_alerts(stream) == {ALERT}
        assert not {"R05", "R08"} & blind(stream)
        alert = decode(stream.latest(topics.ALERTS)[ALERT])
        assert alert["historyMonths"] == 29 and "2020-01 to 2022-05" in alert["headline"]
