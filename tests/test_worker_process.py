"""The demo's worker is a real process: what it says when it cannot start reaches the person, and it is always ended."""

import os

import pytest

from streams.child import free_port
from streams.worker_process import WorkerFailed, worker_process


def test_a_worker_that_cannot_start_says_why() -> None:
    port = free_port()
    environment = {"TORUGART_PARTITIONS": "not a number", "TORUGART_WEB_PORT": str(port)}
    with (
        worker_process(environment, port) as worker,
        pytest.raises(WorkerFailed, match="TORUGART_PARTITIONS"),
    ):
        worker.wait_until_ready()


def test_it_is_gone_after_the_context(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORUGART_NO_SUCH_SETTING", "of the person's own shell: not for the demo's worker")
    port = free_port()
    with worker_process({"TORUGART_BROKERS": f"127.0.0.1:{free_port()}"}, port) as worker:
        pid = worker.pid
        worker.check()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
