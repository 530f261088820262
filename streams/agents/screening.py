"""The screening agent: canonical versions in, a verdict for each and an alert where an officer should look."""

import time
from collections.abc import Callable
from typing import Any

from streams import topics
from streams.agents.delivery import Outgoing
from streams.agents.intake import RECEIVED_HEADER
from streams.agents.loop import Handler, check_sizes, guarded
from streams.agents.state import PartitionedState
from streams.assessment import history
from streams.assessment.model import Alert, Verdict
from streams.declarations import canonical
from streams.declarations.model import DeclarationVersion
from streams.metrics import Metrics
from streams.settings import Settings

ORIGIN_HEADER = "origin"
"""topic/partition/offset in customs.versions of the record a verdict or alert comes from."""


def screening_handler(
    settings: Settings,
    state: PartitionedState,
    screen: Callable[[DeclarationVersion], Verdict],
    metrics: Metrics,
) -> Handler:
    """What screening does with one record of a partition whose state is recovered."""
    verdicts = settings.topic(topics.VERDICTS.name)
    alerts = settings.topic(topics.ALERTS.name)
    states = settings.topic(topics.STATE.name)

    def handle(record: Any) -> list[Outgoing]:
        version = canonical.decode(record.value)
        key, partition = version.envelope.declaration_key.encode(), record.partition
        number = version.envelope.version_number
        step = history.answer(
            history.decode(state.get(partition, key)),
            number,
            version.envelope.payload_hash or canonical.payload_hash(version),
            f"{record.topic}/{partition}/{record.offset}",
            lambda: screen(version),
        )
        headers = ((ORIGIN_HEADER, step.answer.origin.encode()),)
        out = [Outgoing(verdicts, b"%s@%d" % (key, number), step.verdict, partition, headers)]
        if step.alert is not None:
            out.append(Outgoing(alerts, key, history.encode_json(step.alert), partition, headers))
        if step.fresh is not None:
            value = history.encode(step.history)
            out.append(Outgoing(states, key, value, partition))
            check_sizes(out)
            _count(step.fresh, step.alert, metrics)
            state.put(partition, key, value)
        else:
            metrics.repeated.inc()
        return out

    return guarded(handle, "screening", settings, metrics)


def _count(verdict: Verdict, alert: Alert | None, metrics: Metrics) -> None:
    metrics.verdicts.labels(verdict.lane).inc()
    for finding in verdict.findings:
        metrics.findings.labels(finding.rule).inc()
    for rule in {missing.rule for missing in verdict.not_evaluable}:
        metrics.not_evaluable.labels(rule).inc()
    if alert is not None:
        metrics.alerts.labels(alert.lane).inc()


def observe_latency(records: list[Any], metrics: Metrics) -> None:
    """Records how long the declarations of a delivered run took from their arrival in customs.declarations."""
    now = time.time()
    for record in records:
        received = next((value for name, value in record.headers if name == RECEIVED_HEADER), None)
        if received is not None and received.isdigit():
            metrics.latency.observe(max(0.0, now - int(received) / 1000))
