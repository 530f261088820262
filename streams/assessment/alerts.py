"""The alert of one declaration, made anew from all its verdicts."""

import hashlib
from collections.abc import Iterable

import msgspec

from streams.assessment.model import LANES, Alert, AlertFinding, Lane, Verdict
from streams.assessment.wording import headline

_encode = msgspec.json.Encoder(order="deterministic").encode


def encode(value: Verdict | Alert) -> bytes:
    """JSON, the same bytes for the same value: keys in alphabetical order, absent fields left out."""
    return _encode(value)


decode_verdict = msgspec.json.Decoder(Verdict).decode
"""A verdict from its JSON. Raises msgspec.MsgspecError."""
decode_alert = msgspec.json.Decoder(Alert).decode
"""An alert from its JSON. Raises msgspec.MsgspecError."""


def alert_id(declaration_key: str) -> str:
    """First 16 hex digits of the SHA-256 of the declaration key."""
    return hashlib.sha256(declaration_key.encode()).hexdigest()[:16]


def alert_of(verdicts: Iterable[Verdict]) -> Alert | None:
    """The alert of one declaration from every verdict known of it, in any order and as often as they come.

    None where there are none or no version ever left the GREEN lane. OPEN while the newest version is not GREEN, else CLOSED.
    A finding is OPEN where the newest version has it, since the first version of that unbroken run; else CLOSED by the first
    version without it. Of two different verdicts on one version (which the stream refuses) the one whose payload hash is
    greater counts, whatever the order. Raises ValueError for verdicts of different declarations.
    """
    versions = _by_version(verdicts)
    if all(verdict.lane == "GREEN" for verdict in versions):
        return None
    newest = versions[-1]
    highest: Lane = min((verdict.lane for verdict in versions), key=LANES.index)
    is_open = newest.lane != "GREEN"
    # A closed alert tells what it was about.
    telling = newest if is_open else next(v for v in reversed(versions) if v.lane != "GREEN")
    return Alert(
        alert_id=alert_id(newest.declaration_key),
        declaration_key=newest.declaration_key,
        version_number=newest.version_number,
        status="OPEN" if is_open else "CLOSED",
        lane=newest.lane,
        highest_lane=highest,
        score=newest.score,
        headline=headline(telling, closed_by=None if is_open else newest.version_number),
        findings=_lives(versions),
        not_evaluable=newest.not_evaluable,
        what_would_clear=_clearing(newest) if is_open else (),
        event_date_time=newest.event_date_time,
        regime=newest.regime,
        screened=newest.screened,
        versions=newest.versions,
    )


def _by_version(verdicts: Iterable[Verdict]) -> list[Verdict]:
    known: dict[int, Verdict] = {}
    key: str | None = None
    for verdict in verdicts:
        if key is not None and verdict.declaration_key != key:
            raise ValueError("an alert is made from verdicts of one declaration")
        key = verdict.declaration_key
        other = known.get(verdict.version_number)
        if other is None or _precedence(verdict, other):
            known[verdict.version_number] = verdict
    return [known[number] for number in sorted(known)]


def _precedence(one: Verdict, other: Verdict) -> bool:
    if one.payload_hash != other.payload_hash:
        return one.payload_hash > other.payload_hash
    return one is not other and _encode(one) > _encode(other)


def _lives(versions: list[Verdict]) -> tuple[AlertFinding, ...]:
    lives: dict[str, AlertFinding] = {}
    for verdict in versions:
        number = verdict.version_number
        present = {finding.key: finding for finding in verdict.findings}
        for key, life in lives.items():
            if life.status == "OPEN" and key not in present:
                lives[key] = msgspec.structs.replace(life, status="CLOSED", closed_by_version=number)
        for key, finding in present.items():
            known = lives.get(key)
            since = known.since_version if known is not None and known.status == "OPEN" else number
            lives[key] = AlertFinding(finding=finding, status="OPEN", since_version=since)
    return tuple(
        sorted(
            lives.values(), key=lambda life: (life.status == "CLOSED", -life.finding.points, life.finding.key)
        )
    )


def _clearing(verdict: Verdict) -> tuple[str, ...]:
    """What would clear the findings that carry points, each once, heaviest first."""
    return tuple(
        dict.fromkeys(
            finding.cleared_by for finding in verdict.findings if finding.cleared_by and finding.points > 0
        )
    )
