"""Editions by the command and in a running worker: one that may not follow is refused by both, and the last good one stays."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from streams.errors import UserError
from streams.kafka import topics
from streams.kafka.sending import sending
from streams.kafka.watchlist_publisher import publish_edition, published_editions
from streams.watchlists.edition import edition_records
from streams.watchlists.readers import read_list
from tests.integration.brokers import Broker
from tests.integration.stream import PATIENCE, Stream
from tests.watchlists import files

Unique = Callable[[str], str]

HEADER = "id,name,programmes,dataset,last_change\n"


def own_list(folder: Path, count: int, changed: str, *, programmes: int = 2) -> Path:
    rows = "".join(f"{n},Firm Number {n},P{n % programmes},own,{changed}\n" for n in range(count))
    return files.write(folder, f"own-{count}-{changed}.csv", HEADER + rows)


def lists(stream: Stream, *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run(
        [sys.executable, "-m", "streams", "lists", *arguments],
        env=stream.environment, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_the_command_refuses_says_why_and_records_what_was_accepted(
    broker: Broker, tmp_path: Path, unique: Unique
) -> None:
    stream = Stream(broker, unique("guarded"), tmp_path)
    good, torn = own_list(tmp_path, 40, "2026-01-01"), own_list(tmp_path, 20, "2026-01-02", programmes=1)
    code, _, _ = lists(stream, "load", str(good))
    assert code == 0
    code, said, error = lists(stream, "load", str(torn))
    assert (code, said) == (2, [])
    assert "20 entries where the edition in use has 40 (-50%)" in error
    assert "no entry any more of P1 (20)" in error and "edition 2026-01-01 stays in use" in error
    code, _, _ = lists(stream, "load", str(torn), "--accept", "half of them ended")
    assert code == 0
    _, (status,), _ = lists(stream, "status")
    assert (status["edition"], status["entries"]) == ("2026-01-02", 20)
    assert status["accepted"].endswith("accepted: half of them ended")


def test_a_running_worker_refuses_what_was_forged_and_takes_the_next_honest_edition(
    broker: Broker, tmp_path: Path, unique: Unique
) -> None:
    stream = Stream(broker, unique("forged"), tmp_path)
    settings = stream.settings
    try:
        publish_edition(settings, read_list(own_list(tmp_path, 40, "2026-01-01")))
        worker = stream.start_worker()
        worker.wait_ready()
        soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat(timespec="milliseconds")
        with sending(settings) as kafka:
            for count, changed, published in (
                (20, "2026-01-02", soon),
                (40, "2099-01-01", "2099-01-01T00:00:00+00:00"),
            ):
                for key, value in edition_records(
                    read_list(own_list(tmp_path, count, changed)), published=published
                ):
                    kafka.send(settings.topic(topics.WATCHLISTS.name), value, key)
            kafka.settle()
        deadline = time.monotonic() + PATIENCE
        while b'torugart_list_refusals_total{list="own"} 1' not in worker.get("/metrics"):
            assert time.monotonic() < deadline, worker.tail()
            time.sleep(0.2)
        assert b'torugart_list_entries{list="own"} 40' in worker.get("/metrics")
        assert published_editions(settings).complete()["own"].edition == "2026-01-01"
        publish_edition(settings, read_list(own_list(tmp_path, 41, "2026-01-03")))
        while b'torugart_list_entries{list="own"} 41' not in worker.get("/metrics"):
            assert time.monotonic() < deadline, worker.tail()
            time.sleep(0.2)
        left = published_editions(settings)
        assert left.complete()["own"].edition == "2026-01-03" and not left.refused()
        with pytest.raises(UserError, match="20 entries where"):
            publish_edition(settings, read_list(own_list(tmp_path, 20, "2026-01-04")))
    finally:
        stream.stop()
