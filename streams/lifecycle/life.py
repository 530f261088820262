"""The life of one declaration, folded from the set of what was said about it. See docs/decisions/0006."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Tree
from streams.declarations.formats import adapters
from streams.declarations.model import DeclarationVersion
from streams.lifecycle.changes import Change, changes, together
from streams.lifecycle.requests import REQUESTS, decide, granted, refuses_a_request, repetitions

Status = Literal[
    "LODGED",
    "ACCEPTED",
    "UNDER_CONTROL",
    "RELEASED",
    "NOT_RELEASED",
    "EXITED",
    "INVALIDATED",
    "REJECTED",
]

_STATUS_AFTER: dict[str, Status | None] = {
    "LODGED": "LODGED",
    "RECEIVED": None,
    "PRESENTATION_NOTIFIED": None,
    "PRESENTED": "LODGED",
    "ACCEPTED": "ACCEPTED",
    "QUERIED": None,
    "DOCUMENTS_REQUESTED": None,
    "CONTROL_NOTIFIED": "UNDER_CONTROL",
    "AMENDMENT_REQUESTED": None,
    "INVALIDATION_REQUESTED": None,
    "REQUEST_DENIED": None,
    "REQUEST_GRANTED": None,
    "AMENDED": None,
    "NOT_RELEASED": "NOT_RELEASED",
    "RELEASED": "RELEASED",
    "CLEARED": "RELEASED",
    "EXITED": "EXITED",
    "INVALIDATED": "INVALIDATED",
    "REJECTED": "REJECTED",
}
"""What can happen -> the status that it makes; None: none of its own. In the order in which things happen that customs says with
one time: its notices are stamped to the second, several in the same one."""

_RANK = {kind: rank for rank, kind in enumerate(_STATUS_AFTER)}

MAX_GAPS = 100
"""Missing version numbers that are named; a wild number must not make a list of a million."""


LODGED = ("LODGED", "PRESENTED")
"""Event types of the declaration itself."""


class Moment(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    """One line of a timeline: a version, or something that was said about the declaration."""

    at: datetime
    kind: str
    """an EventType of a version or an EventKind"""
    version_number: int | None = None
    """the version it made or is; None for an event that made none"""
    in_force: bool = False
    """whether it made a version that had effect: an original, an amendment granted; a request has none"""
    reference: str | None = None
    """LRN of the request it is or answers, where that is not the declaration's own"""
    reason: str | None = None
    """code and text of the reason given"""
    changes: tuple[Change, ...] = ()
    """against the version in force before"""


class Summary(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    """A life as an alert tells it."""

    status: Status
    timeline: tuple[Moment, ...]
    gaps: tuple[int, ...] = ()
    """version numbers that must exist and were never seen"""
    open_requests: tuple[str, ...] = ()
    """references of requests not yet decided"""


class KnownVersion(Struct, frozen=True):
    """A full version as it was sent; `version` is None where only its number is still known (see cases.stored)."""

    number: int
    event_type: str
    at: datetime
    version: DeclarationVersion | None
    source: Tree | None = None
    """the document, where deltas may build on it"""


class LifeVersion(Struct, frozen=True):
    """One version with what its life adds to it."""

    version: DeclarationVersion
    in_force: bool = True
    changes: tuple[Change, ...] = ()
    follows: bool = True
    """whether the version in force before it is known: only then are the changes all there are"""
    asked_at: datetime | None = None
    """when the change was asked for"""
    control_notified_at: datetime | None = None
    """when an examination had been announced, where that was before"""
    since_control: tuple[Change, ...] = ()
    """what this and all versions in force before it changed after that: a later version that leaves it so does not undo it"""


class DeclarationLife(Struct, frozen=True):
    """What a declaration was and is."""

    versions: tuple[LifeVersion, ...]
    """by number; requests not decided come last, numbered as they would be if granted"""
    summary: Summary
    unusable: tuple[tuple[str, str], ...] = ()
    """id of each delta in force that cannot be applied, and why: its version is a gap"""


class _DeltaStep(NamedTuple):
    """A delta that makes a version."""

    at: datetime
    event: Event
    in_force: bool
    number: int | None = None


def fold(known: Sequence[KnownVersion], events: Iterable[Event]) -> DeclarationLife:
    """The life that full versions and events make, in whatever order they are given.

    `known` must hold each number once, `events` each id once.
    """
    events = tuple(events)
    return (None if events else _just_lodged(known)) or _told_of(known, events)


def _just_lodged(known: Sequence[KnownVersion]) -> DeclarationLife | None:
    """The life of a declaration of which nothing was said but that it was lodged, which most are; None for any other."""
    if (
        len(known) != 1
        or (one := known[0]).number != 1
        or one.event_type not in LODGED
        or one.version is None
    ):
        return None
    lodged = Moment(at=one.at, kind=one.event_type, version_number=1, in_force=True)
    version = LifeVersion(one.version, asked_at=one.at)
    return DeclarationLife((version,), Summary(status="LODGED", timeline=(lodged,)))


def _told_of(known: Sequence[KnownVersion], events: Iterable[Event]) -> DeclarationLife:
    fulls = sorted(known, key=lambda one: one.number)
    told = _ordered(events)
    own = next((one.version.declaration.LRN for one in fulls if one.version is not None), None)
    decided = decide(told, own)
    told = _ordered(_asked_by(event, decided.get(event.id)) for event in told)
    control = _first(told, "CONTROL_NOTIFIED")
    versions = _full_versions(fulls)
    made, steps, unusable = _apply(fulls, _steps(told, decided), versions, control)
    versions += made
    gaps = _gaps(fulls, versions, told)
    summary = Summary(
        status=_status(fulls, told, decided, own),
        timeline=_timeline(fulls, versions, told, steps, dict(unusable), own),
        gaps=gaps,
        open_requests=tuple(
            event.LRN or event.MRN or ""
            for event in told
            if event.kind in REQUESTS and event.id not in decided
        ),
    )
    return DeclarationLife(tuple(versions), summary, tuple(unusable))


def _ordered(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: (event.at, _RANK[event.kind], event.id))


def _asked_by(event: Event, decision: Event | None) -> Event:
    """A request that tells no time was made before it was decided, however late it came in."""
    if event.timed or decision is None or not decision.timed or event.at <= decision.at:
        return event
    return replace(event, at=decision.at)


def _steps(told: list[Event], decided: dict[str, Event]) -> list[_DeltaStep]:
    """The deltas that make versions: those in force by the time they took effect, then the open requests."""
    asked = [event for event in told if event.kind == "AMENDMENT_REQUESTED" and event.delta is not None]
    own: list[_DeltaStep] = []
    numbers: dict[str, int | None] = {}
    for event, repeated in repetitions(told, asked, decided):
        wanted = [one.delta for one in repeated if one.delta is not None]
        if event.delta is not None and not adapters.covers(event.source_system, event.delta, wanted):
            own.append(_DeltaStep(event.at, event, True, event.version_number))
        elif repeated:  # of several, the last made the version that customs speaks of
            numbers[repeated[-1].id] = event.version_number
    granted_ones = [
        _DeltaStep(
            max(decision.at, event.at) if event.timed else decision.at, event, True, numbers.get(event.id)
        )
        for event in asked
        if (decision := decided.get(event.id)) is not None and granted(decision)
    ]
    in_force = sorted(own + granted_ones, key=lambda step: (step.at, step.event.at, step.event.id))
    return in_force + [_DeltaStep(event.at, event, False) for event in asked if event.id not in decided]


def _full_versions(fulls: list[KnownVersion]) -> list[LifeVersion]:
    made: list[LifeVersion] = []
    before: DeclarationVersion | None = None
    control: datetime | None = None
    late: tuple[Change, ...] = ()
    for one in fulls:
        in_force = one.event_type not in REQUESTS
        if one.version is not None:
            follows = before is not None or one.event_type not in ("AMENDED", *REQUESTS)
            found = changes(before.declaration, one.version.declaration) if before is not None else ()
            asked = max(one.at, control) if control is not None else one.at
            since = together(late, found) if control is not None else ()
            made.append(
                LifeVersion(_changed(one.version, found), in_force, found, follows, asked, control, since)
            )
            if in_force:
                late = since
        if one.event_type == "CONTROL_NOTIFIED":
            control = min(control, one.at) if control is not None else one.at
        if in_force:
            before = one.version
    return made


def _apply(
    fulls: list[KnownVersion], steps: list[_DeltaStep], versions: list[LifeVersion], control: datetime | None
) -> tuple[list[LifeVersion], dict[str, int], list[tuple[str, str]]]:
    """The versions that deltas make, the number that each event made, and the deltas that could not be applied."""
    base = next((one for one in reversed(fulls) if one.source is not None), None)
    made: list[LifeVersion] = []
    numbers: dict[str, int] = {}
    unusable: list[tuple[str, str]] = []
    if base is None or base.source is None or not versions:
        return made, numbers, unusable
    image, before, number = base.source, versions[-1].version, fulls[-1].number
    since = versions[-1].since_control
    for step in steps:
        event = step.event
        if event.delta is None:
            continue
        number = max(number + 1, step.number or 0)
        try:
            merged = adapters.amend(event.source_system, image, event.delta)
            version = adapters.version_of(
                merged,
                replace(
                    before.envelope,
                    version_number=number,
                    event_type="AMENDED" if step.in_force else "AMENDMENT_REQUESTED",
                    event_date_time=step.at,
                    source_message_type=event.source_message_type,
                    change_reason_code=event.reason_code,
                    change_reason_text=event.reason_text,
                    changed_paths=(),
                    supersedes_version=before.envelope.version_number,
                    ingest_date_time=None,
                    payload_hash=None,
                ),
            )
        except Unscreenable as error:
            unusable.append((event.id, error.detail))
            continue
        found = changes(before.declaration, version.declaration)
        late = control is not None and control <= event.at
        version = _changed(version, found)
        numbers[event.id] = number
        # What was asked for before and granted afterwards adds nothing, and undoes nothing.
        changed = together(since, found) if late else since
        notified = control if late or since else None
        made.append(LifeVersion(version, step.in_force, found, True, event.at, notified, changed))
        if step.in_force:
            image, before, since = merged, version, changed
    return made, numbers, unusable


def _changed(version: DeclarationVersion, found: tuple[Change, ...]) -> DeclarationVersion:
    if not found:
        return version
    paths = tuple(change.path for change in found)
    return replace(version, envelope=replace(version.envelope, changed_paths=paths))


def _gaps(fulls: list[KnownVersion], versions: list[LifeVersion], told: list[Event]) -> tuple[int, ...]:
    """Numbers up to the highest that anybody speaks of, which are not known.

    A request speaks of the version it would change, and customs of the one a notice is about.
    """
    have = {one.number for one in fulls} | {one.version.envelope.version_number for one in versions}
    spoken = [event.version_number for event in told if event.version_number is not None]
    highest = max([*have, *spoken], default=0)
    missing: list[int] = []
    for number in range(1, highest):
        if len(missing) == MAX_GAPS:
            break
        if number not in have:
            missing.append(number)
    if highest not in have and len(missing) < MAX_GAPS:
        missing.append(highest)
    return tuple(missing)


def _status(
    fulls: list[KnownVersion], told: list[Event], decided: dict[str, Event], own: str | None
) -> Status:
    status: Status = "LODGED"
    ended = {event.id for request, event in decided.items() if granted(event) and _cancels(request, told)}
    refusals = {event.id for event in told if refuses_a_request(event, told, own)}
    for _, _, kind, ident in _in_order(fulls, told):
        if kind in LODGED and ident == str(fulls[0].number):
            continue  # before all else, whatever its time: that of its receipt may be later than a notice
        if kind == "ACCEPTED" and status != "LODGED":
            continue  # an amendment's acceptance does not undo a control
        if ident in refusals:
            continue
        status = "INVALIDATED" if ident in ended else _STATUS_AFTER.get(kind) or status
    return status


def _cancels(request: str, told: list[Event]) -> bool:
    return any(event.id == request and event.kind == "INVALIDATION_REQUESTED" for event in told)


def _in_order(
    fulls: list[KnownVersion], told: list[Event]
) -> list[tuple[datetime, tuple[int, int], str, str]]:
    """(time, tie-breaker, kind, event id or the number) of all that happened.

    Full versions keep the order of their numbers, whatever times they bear: a time is never before that of a lower number.
    """
    found: list[tuple[datetime, tuple[int, int], str, str]] = [
        (event.at, (1, _RANK[event.kind]), event.kind, event.id) for event in told
    ]
    latest: datetime | None = None
    for one in fulls:
        latest = one.at if latest is None else max(latest, one.at)
        found.append((latest, (0, one.number), one.event_type, str(one.number)))
    return sorted(found)


def _timeline(
    fulls: list[KnownVersion],
    versions: list[LifeVersion],
    told: list[Event],
    numbers: dict[str, int],
    unusable: dict[str, str],
    own: str | None,
) -> tuple[Moment, ...]:
    by_number = {one.version.envelope.version_number: one for one in versions}
    by_id = {event.id: event for event in told}
    moments: list[Moment] = []
    for at, _, kind, ident in _in_order(fulls, told):
        event = by_id.get(ident)
        number = int(ident) if event is None else numbers.get(ident)
        version = by_number.get(number) if number is not None else None
        moments.append(
            Moment(
                at=at,
                kind=kind,
                version_number=event.version_number if event is not None and number is None else number,
                in_force=version.in_force if version is not None else event is None and kind not in REQUESTS,
                reference=event.LRN if event is not None and own != event.LRN else None,
                reason=_reason(event, unusable),
                changes=version.changes if version is not None else (),
            )
        )
    return tuple(moments)


def _reason(event: Event | None, unusable: dict[str, str]) -> str | None:
    if event is None:
        return None
    if event.id in unusable:
        return f"could not be applied: {unusable[event.id]}"
    return " ".join(part for part in (event.reason_code, event.reason_text) if part) or None


def _first(told: list[Event], kind: str) -> datetime | None:
    return next((event.at for event in told if event.kind == kind), None)
