"""The alert of one declaration, made anew from all its verdicts."""

import hashlib
from collections.abc import Iterable

import msgspec

from streams.assessment.verdict import Verdict
from streams.cases.alert import Alert, AlertFinding, AlertStatus
from streams.cases.substance import evidence_hash
from streams.cases.wording import headline, once
from streams.findings import LANES
from streams.lifecycle.changes import shortened
from streams.lifecycle.life import Moment, Status, Summary

ENDED: dict[Status, str] = {"INVALIDATED": "cancelled", "REJECTED": "rejected"}
"""States of a declaration in which nothing is left to decide, as a headline says them."""

MAX_DIFFERENCES = 400
MAX_DIFFERENCES_AT_ONCE = 40
"""Changed fields that the timeline of an alert names, in all and of one version; the rest are counted."""

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


def alert_of(verdicts: Iterable[Verdict], summary: Summary | None = None) -> Alert | None:
    """The alert of one declaration from every verdict known of it, in any order and as often as they come, and what its life
    says besides.

    None where there are none or no version ever left the GREEN lane. The newest version in force says what the case is about.
    What is asked for and not decided (a version not in force above it) counts while it is open, since an officer must see it
    before it is granted: lane and score are those of the gravest of them, and a finding that only a request has is OPEN and
    marked. A request below the newest version in force was overtaken: what only it had is CLOSED.

    OPEN while one of these versions is not GREEN, else CLOSED; MOOT, whatever they say, once the declaration is invalidated or
    rejected: lane and findings stay as they were. A finding is OPEN where the newest version in force has it, since the
    first version of that unbroken run; else CLOSED by the first version without it. Of two different verdicts on one version
    the one in force counts, then that whose payload hash is greater, whatever the order. Raises ValueError for verdicts of
    different declarations.
    """
    versions = _by_version(verdicts)
    if all(verdict.lane == "GREEN" for verdict in versions):
        return None
    in_force = [verdict for verdict in versions if verdict.in_force]
    newest = in_force[-1] if in_force else versions[-1]
    asked = [v for v in versions if not in_force or v.version_number > newest.version_number]
    gravest = min((newest, *asked), key=_gravity)
    status = _status(gravest, summary)
    # A closed alert tells what it was about.
    telling = gravest if gravest.lane != "GREEN" else next(v for v in reversed(versions) if v.lane != "GREEN")
    alert = Alert(
        alert_id=alert_id(newest.declaration_key),
        declaration_key=newest.declaration_key,
        version_number=newest.version_number,
        status=status,
        lane=gravest.lane,
        highest_lane=min((verdict.lane for verdict in versions), key=LANES.index),
        score=gravest.score,
        headline=headline(telling, _ending(status, newest, summary)),
        findings=_lives(in_force, [verdict for verdict in versions if not verdict.in_force]),
        not_evaluable=once(newest.not_evaluable),
        what_would_clear=_clearing((gravest, newest, *asked)) if status == "OPEN" else (),
        event_date_time=newest.event_date_time,
        regime=newest.regime,
        screened=newest.screened,
        versions=newest.versions,
        declaration_status=summary.status if summary is not None else None,
        timeline=_timeline(summary.timeline) if summary is not None else (),
        gaps=summary.gaps if summary is not None else (),
        open_requests=summary.open_requests if summary is not None else (),
        unreadable=newest.unreadable,
        repaired=newest.repaired,
    )
    return msgspec.structs.replace(alert, evidence_hash=evidence_hash(alert))


def _timeline(moments: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """The same with so few differences that an alert fits into a message; the newest keep theirs."""
    room = MAX_DIFFERENCES
    kept = []
    for moment in reversed(moments):
        if moment.changes:
            few = shortened(moment.changes, max(1, min(room, MAX_DIFFERENCES_AT_ONCE)))
            room -= len(few)
            moment = msgspec.structs.replace(moment, changes=few)
        kept.append(moment)
    return tuple(reversed(kept))


def _status(gravest: Verdict, summary: Summary | None) -> AlertStatus:
    if summary is not None and summary.status in ENDED:
        return "MOOT"
    return "CLOSED" if gravest.lane == "GREEN" else "OPEN"


def _ending(status: AlertStatus, newest: Verdict, summary: Summary | None) -> str | None:
    if status == "MOOT" and summary is not None:
        return ENDED[summary.status]
    return f"closed by version {newest.version_number}" if status == "CLOSED" else None


def _gravity(verdict: Verdict) -> tuple[int, float, bool, int]:
    """The gravest first; of two alike the one in force."""
    return LANES.index(verdict.lane), -verdict.score, not verdict.in_force, verdict.version_number


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
    if one.in_force != other.in_force:
        return one.in_force
    if one.payload_hash != other.payload_hash:
        return one.payload_hash > other.payload_hash
    return one is not other and _encode(one) > _encode(other)


def _lives(in_force: list[Verdict], asked: list[Verdict]) -> tuple[AlertFinding, ...]:
    lives: dict[str, AlertFinding] = {}
    for verdict in in_force:
        number = verdict.version_number
        present = {finding.key: finding for finding in verdict.findings}
        for key, life in lives.items():
            if life.status == "OPEN" and key not in present:
                lives[key] = msgspec.structs.replace(life, status="CLOSED", closed_by_version=number)
        for key, finding in present.items():
            known = lives.get(key)
            since = known.since_version if known is not None and known.status == "OPEN" else number
            lives[key] = AlertFinding(finding=finding, status="OPEN", since_version=since)
    for verdict in asked:
        _ask(lives, verdict, next((v for v in in_force if v.version_number > verdict.version_number), None))
    return tuple(
        sorted(
            lives.values(), key=lambda life: (life.status == "CLOSED", -life.finding.points, life.finding.key)
        )
    )


def _ask(lives: dict[str, AlertFinding], asked: Verdict, overtaken_by: Verdict | None) -> None:
    """Adds what only a request has. One open request shows a finding again that a version in force has closed."""
    for finding in asked.findings:
        known = lives.get(finding.key)
        if known is not None and (known.status == "OPEN" or overtaken_by is not None):
            continue
        lives[finding.key] = AlertFinding(
            finding=finding,
            status="OPEN" if overtaken_by is None else "CLOSED",
            since_version=asked.version_number,
            closed_by_version=overtaken_by.version_number if overtaken_by is not None else None,
            in_force=False,
        )


def _clearing(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """What would clear the findings that carry points, each once, those of the gravest version first, heaviest first."""
    return tuple(
        dict.fromkeys(
            finding.cleared_by
            for verdict in verdicts
            for finding in verdict.findings
            if finding.cleared_by and finding.points > 0
        )
    )
