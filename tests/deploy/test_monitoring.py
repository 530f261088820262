"""Alerts and dashboard: real promtool, and nothing named that no worker tells."""

import itertools
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import generate_latest

from streams.metrics import Metrics
from tests.deploy.dashboard import DASHBOARD, DEPLOY, alert_rules, metrics_named, panels, queries

PROMETHEUS = DEPLOY / "prometheus"


@pytest.fixture(scope="module")
def promtool() -> str:
    found = shutil.which("promtool")
    if not found:
        pytest.skip(
            "promtool is not installed (Debian package `prometheus`; `make test` unpacks it where there is apt-get)"
        )
    return found


def _run(promtool: str, *arguments: str, folder: Path = PROMETHEUS) -> None:
    done = subprocess.run([promtool, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_takes_the_configuration(promtool: str) -> None:
    _run(promtool, "check", "config", "prometheus.yml")


def test_each_alert_fires_when_it_should_and_only_then(promtool: str) -> None:
    _run(promtool, "test", "rules", "alerts_test.yml")


def test_every_alert_has_a_case_that_fires() -> None:
    text = (PROMETHEUS / "alerts_test.yml").read_text(encoding="utf-8")
    fired = {
        case["alertname"]
        for test in yaml.safe_load(text)["tests"]
        for case in test.get("alert_rule_test", [])
        if case.get("exp_alerts")
    }
    assert fired == {rule["alert"] for rule in alert_rules()}
    assert len(fired) == 6


def test_every_query_of_the_dashboard_is_promql(promtool: str, tmp_path: Path) -> None:
    rules = [{"record": f"panel:query:{n}", "expr": expr} for n, (_, expr) in enumerate(queries())]
    (tmp_path / "queries.yml").write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    _run(promtool, "check", "rules", "queries.yml", folder=tmp_path)


def _told_by_a_worker() -> dict[str, set[str]]:
    """Series name -> label names, of everything in a worker's registry: `_bucket`, `_sum` and `_count` too."""
    metrics = Metrics()
    for metric in vars(metrics).values():
        # A metric with labels tells nothing before a label has a value.
        if labels := getattr(metric, "_labelnames", ()):
            metric.labels(*("x" for _ in labels))
    series: dict[str, set[str]] = {}
    for line in generate_latest(metrics.registry).decode().splitlines():
        if not line.startswith("#"):
            name, _, labels = line.partition(" ")[0].partition("{")
            series.setdefault(name, set()).update(
                part.split("=")[0] for part in labels.strip("}").split(",") if part
            )
    return series


@pytest.mark.parametrize(
    ("where", "expression"),
    [*queries(), *((rule["alert"], rule["expr"]) for rule in alert_rules())],
)
def test_every_metric_asked_for_exists(where: str, expression: str) -> None:
    missing = metrics_named(expression) - set(_told_by_a_worker())
    assert not missing, f"{where} asks for {missing}, which streams/metrics.py does not have"


@pytest.mark.parametrize(("where", "expression"), queries())
def test_legends_name_labels_that_the_metric_has(where: str, expression: str) -> None:
    told = _told_by_a_worker()
    legends = [t["legendFormat"] for p in panels() if p["title"] == where for t in p["targets"]
               if t["expr"].replace("$__rate_interval", "1m") == expression]  # fmt: skip
    named = {part.split("}}")[0] for legend in legends for part in legend.split("{{")[1:]}
    has = set().union(*(told[metric] for metric in metrics_named(expression)), {"instance", "job"})
    assert named <= has


def test_dead_letters_are_shown_before_the_first() -> None:
    """Else increase() does not see the first ones of a reason, and the alert stays silent."""
    text = generate_latest(Metrics().registry).decode()
    assert 'torugart_dead_letters_total{reason="NOT_JSON"} 0.0' in text
    assert 'torugart_declarations_total{outcome="accepted"} 0.0' in text


def test_dashboard_finds_its_data_source_and_lies_where_grafana_looks() -> None:
    source = yaml.safe_load((DEPLOY / "grafana/provisioning/datasources/prometheus.yml").read_text())
    uids = {entry["uid"] for entry in source["datasources"]}
    used = {panel["datasource"]["uid"] for panel in panels()}
    used |= {target["datasource"]["uid"] for panel in panels() for target in panel["targets"]}
    assert used == uids
    provider = yaml.safe_load((DEPLOY / "grafana/provisioning/dashboards/torugart.yml").read_text())[
        "providers"
    ][0]
    compose = yaml.safe_load((DEPLOY.parent / "docker-compose.yml").read_text())
    mounts = dict(volume.split(":")[:2] for volume in compose["services"]["grafana"]["volumes"])
    assert mounts["./deploy/grafana/dashboards"] == provider["options"]["path"]
    home = compose["services"]["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home == f"{provider['options']['path']}/{DASHBOARD.name}"


def test_panels_do_not_overlap_and_say_what_they_show() -> None:
    assert len({panel["id"] for panel in panels()}) == len(panels())
    assert all(panel["title"] and panel["description"] for panel in panels())
    for one, other in itertools.combinations((panel["gridPos"] for panel in panels()), 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or above, (one, other)
