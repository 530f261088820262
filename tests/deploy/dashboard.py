"""The queries of the shipped dashboard, as a Prometheus can be asked them."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
DASHBOARD = DEPLOY / "grafana" / "dashboards" / "torugart.json"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"

_METRIC = re.compile(r"\b(torugart_\w+)")


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return found


def queries(rate_interval: str = "1m") -> list[tuple[str, str]]:
    """(panel title, PromQL) of every target, with Grafana's own variables filled in."""
    return [
        (panel["title"], target["expr"].replace("$__rate_interval", rate_interval))
        for panel in panels()
        for target in panel["targets"]
    ]


def alert_rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def metrics_named(expression: str) -> set[str]:
    """Names of Torugart's metrics in a PromQL expression."""
    return set(_METRIC.findall(expression))
