"""What a screening handler is asked beside its verdicts."""

from types import SimpleNamespace

from streams.agents.screening import observe_latency
from streams.metrics import Metrics


def test_a_foreign_received_header_disturbs_nothing() -> None:
    metrics = Metrics(process=False)
    records = [
        SimpleNamespace(headers=[("received", value)]) for value in (b"abc", b"", b"-5", b"1655000000000")
    ]
    observe_latency(records, metrics)
    assert metrics.registry.get_sample_value("torugart_end_to_end_seconds_count") == 1
