"""For all tests: a marker for each rule (`pytest -m R16`), logging put back, examples that may take their time, and why real
Kafka was not there, said once, however many tests were skipped for it, in whichever process they ran (xdist)."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import log_state
from tests.examples import tried
from tests.integration.brokers import NO_KAFKA

CATALOGUE = Path(__file__).parents[1] / "streams" / "rules" / "catalogue.toml"

# Hypothesis measures by the clock: on a busy machine an example that takes milliseconds would be "too slow".
settings.register_profile(
    "busy machine", deadline=None, max_examples=tried(100), suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("busy machine")


def pytest_configure(config: pytest.Config) -> None:
    for rule in tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))["rule"]:
        config.addinivalue_line("markers", f"{rule['id']}: {rule['title']}")


@pytest.fixture(scope="module", autouse=True)
def logging_as_it_was() -> Iterator[None]:
    with log_state.kept():
        yield


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
