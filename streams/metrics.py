"""Every metric name, type and meaning, in one place; docs/metrics.md is made from it.

A registry of our own, in base units (seconds, bytes). No label ever holds a declaration key, a firm or a person.
"""

from typing import Any, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from streams.declarations.errors import DeadLetterReason
from streams.declarations.reading import Kind
from streams.findings import LANES

OUTCOMES = ("accepted", "event", "ignored", "dead_letter")
STATES = ("screening", "identity", "patterns")
ROUTED = ("at_once", "waited", "late")

LATENCY_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600)
"""Seconds; 2 s and 5 s are the limits within which a verdict must precede release (p99 without state and with it)."""


class Metrics:
    """The metrics of one worker process. Made once per process; tests make their own."""

    def __init__(self, *, process: bool = True) -> None:
        self.registry = CollectorRegistry()
        if process:
            ProcessCollector(namespace="torugart", registry=self.registry)
        r: dict[str, Any] = {"registry": self.registry}
        self.declarations = Counter(
            "torugart_declarations",
            "Messages received by the intake, by what became of them: accepted (a version), event, ignored or dead_letter; "
            "repeats count again",
            ["outcome"],
            **r,
        )
        self.events_routed = Counter(
            "torugart_events_routed",
            "Amendments, cancellations and notices that found their declaration: at_once, waited for it, or late, after "
            "their dead letter BASE_MISSING; repeats count again",
            ["how"],
            **r,
        )
        self.verdicts = Counter(
            "torugart_verdicts",
            "Verdicts given for a version seen for the first time, by lane",
            ["lane"],
            **r,
        )
        self.repeated = Counter(
            "torugart_repeated_versions", "Versions seen again and answered with the stored verdict", **r
        )
        self.verdict_updates = Counter(
            "torugart_verdict_updates",
            "Verdicts sent again because lane, findings, status or editions are others, by lane",
            ["lane"],
            **r,
        )
        self.alerts = Counter("torugart_alerts", "Alerts raised, by lane", ["lane"], **r)
        self.alert_updates = Counter(
            "torugart_alert_updates",
            "Alerts sent again because lane, findings, status or editions are others, by lane",
            ["lane"],
            **r,
        )
        self.findings = Counter("torugart_findings", "Findings, by rule", ["rule"], **r)
        self.not_evaluable = Counter(
            "torugart_not_evaluable",
            "Rules that lacked their inputs on a declaration, by rule",
            ["rule"],
            **r,
        )
        self.unreadable = Counter(
            "torugart_unreadable_values",
            "Declared values that could not be read and were left out of the screening, by what they were to be",
            ["kind"],
            **r,
        )
        self.repaired = Counter(
            "torugart_repaired_values",
            "Declared values that were read as another than was written, because only one reading was left, by what they are",
            ["kind"],
            **r,
        )
        self.dead_letters = Counter(
            "torugart_dead_letters", "Messages that could not be screened, by reason", ["reason"], **r
        )
        self.observations = Counter(
            "torugart_observations",
            "Contributions of declarations to what detectors remember, by detector; asked: an answer was wanted",
            ["detector", "how"],
            **r,
        )
        self.given_up = Counter(
            "torugart_answers_given_up",
            "Declarations whose verdict no longer waited for the answers of detectors",
            **r,
        )
        self.latency = Histogram(
            "torugart_end_to_end_seconds",
            "From the timestamp of the record in customs.declarations to the delivery of its verdict, or of its questions to "
            "detectors",
            buckets=LATENCY_BUCKETS,
            **r,
        )
        self.batch_seconds = Histogram(
            "torugart_batch_seconds",
            "Time to handle one batch of records, without waiting for delivery, by agent",
            ["agent"],
            buckets=LATENCY_BUCKETS,
            **r,
        )
        self.batch_records = Histogram(
            "torugart_batch_records",
            "Records in a batch, by agent",
            ["agent"],
            buckets=(1, 2, 5, 10, 25, 50, 100, 200, 500, 1000),
            **r,
        )
        self.delivery_seconds = Histogram(
            "torugart_delivery_seconds",
            "From handing a batch's records to the producer until Kafka has them all, by agent",
            ["agent"],
            buckets=LATENCY_BUCKETS,
            **r,
        )
        self.lag = Gauge(
            "torugart_consumer_lag_messages",
            "Records in an assigned partition that are not yet committed as handled",
            ["topic", "partition"],
            **r,
        )
        self.list_published = Gauge(
            "torugart_list_published_timestamp_seconds",
            "Unix time at which the edition in use was published to customs.watchlists",
            ["list"],
            **r,
        )
        self.list_entries = Gauge("torugart_list_entries", "Entries of the edition in use", ["list"], **r)
        self.index_build = Gauge(
            "torugart_index_build_seconds", "Time the newest name index took to build", **r
        )
        self.state_keys = Gauge(
            "torugart_state_keys",
            "Keys held by a state: declarations (screening) or references (identity)",
            ["state"],
            **r,
        )
        self.state_bytes = Gauge(
            "torugart_state_bytes", "Bytes of the values of a state, without overhead", ["state"], **r
        )
        self.state_recovery = Gauge(
            "torugart_state_recovery_seconds",
            "Time the newest recovery of a partition's state took",
            ["state"],
            **r,
        )
        self.state_set_aside = Counter(
            "torugart_state_set_aside",
            "Records of a state that could not be read back and are done without; each is a dead letter UNREADABLE_STATE or "
            "NEWER_STATE, told again whenever the state is read back",
            ["state"],
            **r,
        )
        self.rebalances = Counter("torugart_rebalances", "Times partitions were assigned to this worker", **r)
        self.ready = Gauge(
            "torugart_ready", "1 while this worker screens: partitions assigned and watchlists in use", **r
        )
        self.build_info = Gauge(
            "torugart_build_info", "Always 1; the labels say what runs", ["code", "ruleset"], **r
        )
        self._begin_at_zero()

    def _begin_at_zero(self) -> None:
        """Shows every known label at 0 before it counts: Prometheus' rate() and increase() do not see a series' first
        value, so that the first dead letters of a reason would raise no alarm."""
        for outcome in OUTCOMES:
            self.declarations.labels(outcome)
        for how in ROUTED:
            self.events_routed.labels(how)
        for lane in LANES:
            self.verdicts.labels(lane)
            self.verdict_updates.labels(lane)
            self.alerts.labels(lane)
            self.alert_updates.labels(lane)
        for state in STATES:
            self.state_set_aside.labels(state)
        for kind in get_args(Kind):
            self.unreadable.labels(kind)
            self.repaired.labels(kind)
        for reason in get_args(DeadLetterReason):
            self.dead_letters.labels(reason)


def documentation() -> list[tuple[str, str, str, str]]:
    """(name, type, labels, meaning) of every metric, for docs/metrics.md and for the dashboard's test."""
    rows = []
    for metric in vars(Metrics(process=False)).values():
        if isinstance(metric, Counter | Gauge | Histogram):
            name = metric._name + ("_total" if isinstance(metric, Counter) else "")
            rows.append(
                (name, type(metric).__name__.lower(), ", ".join(metric._labelnames), metric._documentation)
            )
    return rows
