"""A control list published while workers run, by the command: refused or taken, and screened by from then on."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streams.kafka import topics
from tests.factory import encoded
from tests.integration.brokers import Broker
from tests.integration.stream import PATIENCE, Stream

Unique = Callable[[str], str]


def _run(stream: Stream, *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run(
        [sys.executable, "-m", "streams", *arguments],
        env=stream.environment, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def _list(folder: Path, edition: str, codes: range) -> Path:
    path = folder / f"own-{edition}.csv"
    rows = "".join(f"{code},KG,{edition}\n" for code in codes)
    path.write_text(f"code,countries,as_of\n{rows}", encoding="utf-8")
    return path


def test_a_list_that_is_loaded_while_a_worker_runs_bars_goods_at_once(
    broker: Broker, tmp_path: Path, unique: Unique
) -> None:
    stream = Stream(broker, unique("controls"), tmp_path)
    try:
        stream.load_list()
        worker = stream.start_worker()
        worker.wait_ready()
        stream.publish([(None, encoded(declaration_key="shirts|before"))])
        stream.wait_for(topics.VERDICTS, 1)
        stream.wait_settled()
        shirts = range(6101, 6115)
        code, (said,), _ = _run(
            stream, "controls", "load", str(_list(tmp_path, "2026-01-01", shirts)), "--name", "own"
        )
        assert (code, said["edition"], said["published"]) == (0, "2026-01-01", True)
        code, _, error = _run(
            stream, "controls", "load", str(_list(tmp_path, "2026-01-02", shirts[:5])), "--name", "own"
        )
        assert code == 2 and "5 entries where the edition in use has 14" in error
        _, (status,), _ = _run(stream, "controls", "status")
        assert (status["edition"], status["codes"], status["says"]) == ("2026-01-01", 14, "barred")
        deadline, number = time.monotonic() + PATIENCE, 0
        while "RED" not in {json.loads(value)["lane"] for value in stream.latest(topics.VERDICTS).values()}:
            assert time.monotonic() < deadline, worker.tail()
            number += 1
            stream.publish([(None, encoded(declaration_key=f"shirts|{number}"))])
            time.sleep(0.5)
        worker.stop()
        code, lines, error = _run(stream, "rescreen")
        (before,) = (one for one in lines if one["declarationKey"] == "shirts|before")
        assert (before["before"]["lane"], before["after"]["lane"]) == ("GREEN", "RED")
        assert [one["code"] for one in before["added"]] == ["goods.barred"] and not before["gone"]
        assert before["tables"]["goods/own"][0] == "" and "1 higher" in error
    finally:
        stream.stop()
