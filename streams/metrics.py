"""Every metric name, type and meaning, in one place; docs/metrics.md is made from it.

A registry of our own, in base units (seconds, bytes). No label ever holds a declaration key, a firm or a person.
"""

from functools import partial
from typing import Any, Self, get_args

import prometheus_client
from prometheus_client import CollectorRegistry, Gauge, Histogram, ProcessCollector

from streams.declarations.errors import DeadLetterReason
from streams.declarations.reading import Kind
from streams.findings import LANES

OUTCOMES = ("accepted", "event", "ignored", "dead_letter")
STATES = ("screening", "identity", "patterns")
ROUTED = ("at_once", "waited", "late")

LATENCY_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600)
"""Seconds; 2 s and 5 s are the limits within which a verdict must precede release (p99 without state and with it)."""


class Counter(prometheus_client.Counter):
    """A counter that finds its series by their labels without asking the library, which takes a lock and makes texts of them: a
    declaration counts ten."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._known: dict[tuple[Any, ...], Self] = {}

    def labels(self, *labelvalues: Any, **labelkwargs: Any) -> Self:
        found = self._known.get(labelvalues)
        if found is None or labelkwargs:
            found = self._known[labelvalues] = super().labels(*labelvalues, **labelkwargs)
        return found


class Metrics:
    """The metrics of one worker process. Made once per process; tests make their own."""

    def __init__(self, *, process: bool = True) -> None:
        self.registry = CollectorRegistry()
        if process:
            ProcessCollector(namespace="torugart", registry=self.registry)
        counter = partial(Counter, registry=self.registry)
        gauge = partial(Gauge, registry=self.registry)
        histogram = partial(Histogram, registry=self.registry)
        self.declarations = counter(
            "torugart_declarations",
            "Messages received by the intake, by what became of them: accepted (a version), event, ignored or dead_letter; "
            "repeats count again",
            ["outcome"],
        )
        self.events_routed = counter(
            "torugart_events_routed",
            "Amendments, cancellations and notices that found their declaration: at_once, waited for it, or late, after "
            "their dead letter BASE_MISSING; repeats count again",
            ["how"],
        )
        self.verdicts = counter(
            "torugart_verdicts", "Verdicts given for a version seen for the first time, by lane", ["lane"]
        )
        self.repeated = counter(
            "torugart_repeated_versions", "Versions seen again and answered with the stored verdict"
        )
        self.verdict_updates = counter(
            "torugart_verdict_updates",
            "Verdicts sent again because lane, findings, status or editions are others, by lane",
            ["lane"],
        )
        self.alerts = counter("torugart_alerts", "Alerts raised, by lane", ["lane"])
        self.alert_updates = counter(
            "torugart_alert_updates",
            "Alerts sent again because lane, findings, status or editions are others, by lane",
            ["lane"],
        )
        self.findings = counter("torugart_findings", "Findings, by rule", ["rule"])
        self.not_evaluable = counter(
            "torugart_not_evaluable", "Rules that lacked their inputs on a declaration, by rule", ["rule"]
        )
        self.unreadable = counter(
            "torugart_unreadable_values",
            "Declared values that could not be read and were left out of the screening, by what they were to be",
            ["kind"],
        )
        self.repaired = counter(
            "torugart_repaired_values",
            "Declared values that were read as another than was written, because only one reading was left, by what they are",
            ["kind"],
        )
        self.dead_letters = counter(
            "torugart_dead_letters", "Messages that could not be screened, by reason", ["reason"]
        )
        self.observations = counter(
            "torugart_observations",
            "Contributions of declarations to what detectors remember, by detector; asked: an answer was wanted",
            ["detector", "how"],
        )
        self.given_up = counter(
            "torugart_answers_given_up",
            "Declarations whose verdict no longer waited for the answers of detectors",
        )
        self.latency = histogram(
            "torugart_end_to_end_seconds",
            "From the timestamp of the record in customs.declarations to the delivery of its verdict, or of its questions to "
            "detectors",
            buckets=LATENCY_BUCKETS,
        )
        self.batch_seconds = histogram(
            "torugart_batch_seconds",
            "Time to handle one batch of records, without waiting for delivery, by agent",
            ["agent"],
            buckets=LATENCY_BUCKETS,
        )
        self.batch_records = histogram(
            "torugart_batch_records",
            "Records in a batch, by agent",
            ["agent"],
            buckets=(1, 2, 5, 10, 25, 50, 100, 200, 500, 1000),
        )
        self.delivery_seconds = histogram(
            "torugart_delivery_seconds",
            "From handing a batch's records to the producer until Kafka has them all, by agent",
            ["agent"],
            buckets=LATENCY_BUCKETS,
        )
        self.lag = gauge(
            "torugart_consumer_lag_messages",
            "Records in an assigned partition that are not yet committed as handled",
            ["topic", "partition"],
        )
        self.list_published = gauge(
            "torugart_list_published_timestamp_seconds",
            "Unix time at which the edition in use was published to customs.watchlists",
            ["list"],
        )
        self.list_entries = gauge("torugart_list_entries", "Entries of the edition in use", ["list"])
        self.list_names = gauge(
            "torugart_list_names", "Names of the edition in use, aliases and weak ones too", ["list"]
        )
        self.list_refusals = counter(
            "torugart_list_refusals_total",
            "Editions that this worker did not take although they are complete: the last good one stays",
            ["list"],
        )
        self.index_build = gauge("torugart_index_build_seconds", "Time the newest name index took to build")
        self.state_keys = gauge(
            "torugart_state_keys",
            "Keys held by a state: declarations (screening) or references (identity)",
            ["state"],
        )
        self.state_bytes = gauge(
            "torugart_state_bytes", "Bytes of the values of a state, without overhead", ["state"]
        )
        self.state_recovery = gauge(
            "torugart_state_recovery_seconds",
            "Time the newest recovery of a partition's state took",
            ["state"],
        )
        self.state_set_aside = counter(
            "torugart_state_set_aside",
            "Records of a state that could not be read back and are done without; each is a dead letter UNREADABLE_STATE or "
            "NEWER_STATE, told again whenever the state is read back",
            ["state"],
        )
        self.fenced = counter(
            "torugart_fenced_records",
            "Records refused by Kafka because another worker had taken over the partition they were made from; the worker then "
            "stops with exit code 3, and its log has the number",
        )
        self.rebalances = counter("torugart_rebalances", "Times partitions were assigned to this worker")
        self.ready = gauge(
            "torugart_ready", "1 while this worker screens: partitions assigned and watchlists in use"
        )
        self.build_info = gauge(
            "torugart_build_info", "Always 1; the labels say what runs", ["code", "ruleset"]
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
