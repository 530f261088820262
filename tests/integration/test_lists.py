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
from tests.publisher import answer, conditional, publisher
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


def test_fetch_publishes_what_changed_and_says_what_did_not(
    broker: Broker, tmp_path: Path, unique: Unique
) -> None:
    with publisher() as web:
        own, gone = web.at("/own.csv", conditional('"1"')), web.at("/gone.csv", answer(b"", 404))
        stream = Stream(broker, unique("fetched"), tmp_path, list_addresses=f"own={own},gone={gone}")
        code, (said,), error = lists(stream, "fetch")
        assert (
            code == 2 and "/gone.csv answers 404 Not Found" in error and "1 of 2 lists were refused" in error
        )
        assert (said["list"], said["entries"], said["published"]) == ("own", 2, True)
        code, (said,), _ = lists(stream, "fetch", "own")
        assert (code, said["entries"], said["published"], said["unchanged"]) == (0, 2, False, True)
        assert web.asked[-1][1]["If-None-Match"] == '"1"'
        _, (status,), _ = lists(stream, "status")
        assert status["addresses"] == [own]
        web.at("/own.csv", answer(b"<html>Moved</html>"))
        code, said, error = lists(stream, "fetch", "own")
        assert (code, said) == (2, []) and "is an HTML page" in error
        assert lists(stream, "fetch", "other")[0] == 2
        assert lists(stream, "status")[1][0]["sha256"] == status["sha256"]


def test_what_a_list_was_and_what_became_of_it(broker: Broker, tmp_path: Path, unique: Unique) -> None:
    stream = Stream(broker, unique("history"), tmp_path)
    days = [own_list(tmp_path, count, f"2026-01-0{count - 38}") for count in (40, 41, 42)]
    for day in days:
        assert lists(stream, "load", str(day), "--name", "own")[0] == 0
    _, past, _ = lists(stream, "history", "own")
    assert [(one["edition"], one["entries"]) for one in past] == [
        ("2026-01-02", 40), ("2026-01-03", 41), ("2026-01-04", 42),
    ]  # fmt: skip
    _, (counts, new), _ = lists(stream, "diff", "own")
    assert counts == {
        "from": "own@2026-01-03", "to": "own@2026-01-04", "added": 1, "changed": 0, "removed": 0, "same": 41,
    }  # fmt: skip
    assert new == {"change": "ADDED", "entry": "41", "name": "Firm Number 41"}
    _, (counts, *_), _ = lists(stream, "diff", str(days[0]), "own")
    assert (counts["added"], counts["removed"]) == (2, 0)
    code, _, error = lists(stream, "diff", "own@2026-01-02", "own")
    assert code == 2 and "is not kept; there are 2026-01-03, 2026-01-04" in error
    _, (entry,), _ = lists(stream, "show", "own/41")
    assert (entry["edition"], entry["names"]) == ("2026-01-04", ["Firm Number 41"])
    assert lists(stream, "show", "99")[0] == 2


def test_a_list_is_removed_from_a_running_worker_and_the_only_one_is_not(
    broker: Broker, tmp_path: Path, unique: Unique
) -> None:
    stream = Stream(broker, unique("removed"), tmp_path)
    path = own_list(tmp_path, 40, "2026-01-01")
    try:
        for name in ("one", "two"):
            publish_edition(stream.settings, read_list(path, name=name))
        worker = stream.start_worker()
        worker.wait_ready()
        code, _, _ = lists(stream, "remove", "two", "--reason", "it is part of one now")
        assert code == 0
        worker.wait_for_metric(b'torugart_list_entries{list="two"}', there=False)
        _, (one, two), _ = lists(stream, "status")
        assert (one["list"], two["list"], two["reason"]) == ("one", "two", "it is part of one now")
        code, _, error = lists(stream, "remove", "one", "--reason", "no more")
        assert code == 2 and "is the only list" in error
        publish_edition(stream.settings, read_list(path, name="two"))
        worker.wait_for_metric(b'torugart_list_entries{list="two"} 40')
        assert [status["list"] for status in lists(stream, "status")[1]] == ["one", "two"]
    finally:
        stream.stop()


def test_firms_that_listed_parties_own_are_a_list(broker: Broker, tmp_path: Path, unique: Unique) -> None:
    stream = Stream(broker, unique("owned"), tmp_path)
    owners = files.write(
        tmp_path, "owners.csv", "owner,owned,share\nown/7,Beta,30\nFirm Number 8,Beta,20\nBeta,Gamma,?\n"
    )
    assert lists(stream, "owned", str(owners))[0] == 2  # no list is in use
    publish_edition(stream.settings, read_list(own_list(tmp_path, 40, "2026-01-01")))
    code, (said,), error = lists(stream, "owned", str(owners), "--as-of", "2026-06-15")
    assert (code, said["list"], said["edition"], said["entries"]) == (0, "owned", "2026-06-15", 1)
    assert "1 of 3 holdings tell no share and count for nothing" in error
    _, (beta,), _ = lists(stream, "show", "owned/beta")
    assert beta["owned"][0] == "Beta: 50 % held by listed parties" and beta["programmes"] == ["P1", "P0"]


def test_prune_removes_what_nobody_uses(broker: Broker, tmp_path: Path, unique: Unique) -> None:
    stream = Stream(broker, unique("pruned"), tmp_path)
    settings = stream.settings
    publish_edition(settings, read_list(own_list(tmp_path, 40, "2026-01-01"), name="own"))
    long_ago, now = 1_700_000_000_000, int(time.time() * 1000)
    with sending(settings) as kafka:
        for edition, at in (("left", long_ago), ("going on", now)):
            file = read_list(own_list(tmp_path, 41, "2026-01-02"), name="own", edition=edition)
            (key, value), *_ = edition_records(file, 5)
            kafka.send(settings.topic(topics.WATCHLISTS.name), value, key, timestamp_ms=at)
        kafka.settle()
    assert lists(stream, "prune")[1] == [{"list": "own", "recordsRemoved": 1}]
    assert lists(stream, "prune")[1] == [{"list": "own", "recordsRemoved": 0}]
    assert published_editions(settings).complete()["own"].edition == "2026-01-01"


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
        worker.wait_for_metric(b'torugart_list_refusals_total{list="own"} 1')
        assert b'torugart_list_entries{list="own"} 40' in worker.get("/metrics")
        assert published_editions(settings).complete()["own"].edition == "2026-01-01"
        publish_edition(settings, read_list(own_list(tmp_path, 41, "2026-01-03")))
        worker.wait_for_metric(b'torugart_list_entries{list="own"} 41')
        left = published_editions(settings)
        assert left.complete()["own"].edition == "2026-01-03" and not left.refused()
        with pytest.raises(UserError, match="20 entries where"):
            publish_edition(settings, read_list(own_list(tmp_path, 20, "2026-01-04")))
    finally:
        stream.stop()
