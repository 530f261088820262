"""The demo's worker is a real process: what it says when it cannot start reaches the person, and it is always ended."""

import os

import pytest

from streams.child import free_port
from streams.settings import Settings
from streams.worker_process import WorkerFailed, worker_process


def test_a_worker_that_cannot_start_says_why() -> None:
    unreadable = Settings(partitions=0, web_port=free_port())
    with worker_process(unreadable) as worker, pytest.raises(WorkerFailed, match="TORUGART_PARTITIONS"):
        worker.wait_until_ready()


def test_it_is_gone_after_the_context(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORUGART_NO_SUCH_SETTING", "of the person's own shell: not for the demo's worker")
    with worker_process(Settings(brokers=f"127.0.0.1:{free_port()}", web_port=free_port())) as worker:
        pid = worker.pid
        worker.check()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_worker_reads_the_settings_it_was_given() -> None:
    given = Settings(
        brokers="a:1,b:2", name_threshold=0.9, answer_wait=2.5, sasl_password="a=b $c", patterns="off"
    )
    assert Settings.from_env(given.environment()) == given
    assert Settings.from_env(Settings().environment()) == Settings()
