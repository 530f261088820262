"""Says once why real Kafka was not there, however many tests were skipped for it, in whichever process they ran (xdist)."""

from typing import Any

import pytest

from tests.integration.brokers import NO_KAFKA


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["no_kafka"] = session.config.stash.get(NO_KAFKA, None)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    reason = getattr(node, "workeroutput", {}).get("no_kafka")
    if reason is not None:
        node.config.stash[NO_KAFKA] = reason


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    reason = config.stash.get(NO_KAFKA, None)
    if reason is not None:
        terminalreporter.write_line(f"real Apache Kafka not available: {reason}", yellow=True, bold=True)
