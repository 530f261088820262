"""A real Prometheus scrapes a worker under load, and every query of the shipped dashboard has data."""

import contextlib
import itertools
import json
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from streams.child import free_port
from tests.deploy.dashboard import queries
from tests.integration.brokers import Broker
from tests.integration.stream import running
from tests.integration.traffic import declarations
from tests.processes import PATIENCE

SHIPPED = Path(__file__).resolve().parents[2] / "deploy" / "prometheus" / "prometheus.yml"
RATE_INTERVAL = "15s"


@contextlib.contextmanager
def prometheus(folder: Path, target: str) -> Iterator[str]:
    """Prometheus with the shipped scrape configuration, pointed at one address instead of a service name, each second."""
    config = yaml.safe_load(SHIPPED.read_text())
    config["global"]["scrape_interval"] = "1s"
    (job,) = config["scrape_configs"]
    del job["dns_sd_configs"]
    job["static_configs"] = [{"targets": [target]}]
    config["rule_files"] = [str(SHIPPED.parent / name) for name in config["rule_files"]]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    address = f"127.0.0.1:{free_port()}"
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={folder / 'tsdb'}",
                f"--web.listen-address={address}",
            ],
            stdout=log,
            stderr=log,
        )
        try:
            yield f"http://{address}"
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _query(base: str, expression: str) -> list[object]:
    query = urllib.parse.urlencode({"query": expression})
    with urllib.request.urlopen(f"{base}/api/v1/query?{query}", timeout=PATIENCE) as answer:
        found = json.load(answer)
    assert found["status"] == "success", found
    return [point for point in found["data"]["result"] if point["value"][1] != "NaN"]


@pytest.mark.skipif(not shutil.which("prometheus"), reason="needs Debian's package prometheus")
def test_every_query_of_the_dashboard_returns_data(
    broker: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    with running(broker, unique("watched"), tmp_path) as stream:
        worker = stream.start_worker()
        worker.wait_ready()
        with prometheus(tmp_path, f"127.0.0.1:{worker.web_port}") as base:
            deadline = time.monotonic() + PATIENCE
            for part in itertools.count(1):
                messages = list(declarations(200, seed=part, versions=0))
                stream.publish([*messages, *messages[:20], (None, b"not a declaration")])
                time.sleep(1)
                # Rates need scrapes of records on their way.
                silent = [
                    (title, query) for title, query in queries(RATE_INTERVAL) if not _query(base, query)
                ]
                if not silent or time.monotonic() > deadline:
                    break
    assert not silent
