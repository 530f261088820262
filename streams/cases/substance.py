"""What a verdict or an alert says of substance: it is sent again when this is another. See docs/decisions/0011.

What could not be evaluated is no part of it, nor what only describes the case besides (headline, parties, timeline).
"""

import hashlib

import msgspec

from streams.assessment.verdict import Verdict
from streams.cases.alert import Alert

_encode = msgspec.json.Encoder(order="deterministic").encode


def same(one: Verdict, other: Verdict) -> bool:
    """Whether a clearance system would act alike on both: lane, findings, what they are about, and the editions."""
    return _substance(one) == _substance(other)


def evidence_hash(alert: Alert) -> str:
    """SHA-256 (hex) of an alert's lane, findings, status and editions: the same whatever else it tells, and in every worker."""
    return hashlib.sha256(
        _encode(
            (
                alert.declaration_key,
                alert.version_number,
                alert.status,
                alert.declaration_status,
                alert.gaps,
                alert.open_requests,
                alert.lane,
                alert.highest_lane,
                alert.score,
                alert.findings,
                alert.versions,
            )
        )
    ).hexdigest()


def _substance(verdict: Verdict) -> bytes:
    # As JSON: what was read back holds lists where what was made anew holds tuples.
    return _encode(
        (
            verdict.event_type,
            verdict.payload_hash,
            verdict.in_force,
            verdict.lane,
            verdict.outcome,
            verdict.score,
            verdict.findings,
            verdict.versions,
        )
    )
