"""What was said about one declaration and what was answered: the state of a declaration.

It is a set: full versions, and events. Life, verdicts and alert are made anew from the set whenever it grows, so neither
the order in which messages arrived nor a crash leaves a trace in them. See docs/decisions/0006.
"""

import hashlib
from collections.abc import Callable, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from streams.assessment.screening import Look
from streams.assessment.verdict import Verdict
from streams.cases import questions
from streams.cases.alert import Alert
from streams.cases.alerts import alert_of, decode_verdict
from streams.cases.alerts import encode as encode_json
from streams.cases.counting import FIRST, counted
from streams.cases.packing import pack, unpack
from streams.cases.questions import (
    Asking,
    Patterns,
    advice_on,
    again,
    gather,
    hear,
    newest_in_force,
    observe,
    packed,
    unpacked,
)
from streams.cases.steps import CaseUpdate, RecordPosition
from streams.cases.stored import DeclarationRecord, StoredEvent, StoredVerdict, StoredVersion
from streams.cases.substance import same
from streams.declarations import canonical
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Tree, VersionsRecord
from streams.declarations.model import DeclarationVersion
from streams.lifecycle.life import DeclarationLife, KnownVersion, LifeVersion, Summary, fold
from streams.patterns.contract import PatternAdvice
from streams.patterns.memory import Answered, Observation

MAX_VERSIONS = 100
"""Full versions kept of one declaration: the newest. Real ones have a handful; a runaway source must not grow a state
value over the broker's message limit."""
MAX_EVENTS = 100
"""Events kept of one declaration; a further one is refused. Real declarations have about ten. Each that comes has the whole
life told anew: with 300, and thousands of pointers in some, that was a second each."""
MAX_IMAGE_BYTES = 3 * 1024 * 1024
"""Compressed bytes of the images of one declaration. Beyond, the lowest versions lose theirs: what they were answered
stays, but what changed after them can no longer be told. A declaration of 999 items takes about 0.1 MiB a version."""

DAY_SECONDS = 86_400

Screen = Callable[[LifeVersion, PatternAdvice], Verdict]
"""The verdict on a version, given what the detectors with a memory said of it."""


class Assessors(Struct, frozen=True):
    """Who is asked: for verdicts, and, where trade is remembered, the detectors."""

    screen: Screen
    patterns: Patterns | None = None
    looks: tuple[Look, ...] = ()
    """what may be found out before, of many versions one thing after the other"""


_encode = msgspec.msgpack.Encoder().encode
_record = msgspec.json.Decoder(VersionsRecord).decode
_event = msgspec.json.Decoder(Event).decode
_to_json = msgspec.json.Encoder().encode


def add_version(
    case: DeclarationRecord,
    version: DeclarationVersion,
    source: Tree | None,
    where: RecordPosition,
    assessors: Assessors,
) -> CaseUpdate:
    """Takes up a full version. Of two copies of one the earlier time counts.

    Raises Unscreenable VERSION_CONFLICT where this version is known with another content, SCHEMA_VIOLATION where that is a
    message about it that has no number (a field map makes it 1), TOO_LARGE where so many higher ones
    are known that it is not kept.
    """
    digest = version.envelope.payload_hash or canonical.payload_hash(version)
    if version.envelope.version_counted:
        version = counted(case, version, digest, where)
    envelope = version.envelope
    new = StoredVersion(
        envelope.version_number, envelope.event_type, envelope.event_date_time, digest, where.origin, b""
    )
    known = next((image for image in case.images if image.number == new.number), None)
    if known is not None:
        if known.payload_hash != digest:
            if new.number == 1 and new.event_type not in FIRST:
                raise Unscreenable(
                    "SCHEMA_VIOLATION",
                    f"envelope.versionNumber: a message that tells {new.event_type} needs one of its own, and has none, or 1, "
                    f"which is the declaration itself (first at {known.origin}); a field map takes it from the message",
                )
            raise Unscreenable(
                "VERSION_CONFLICT",
                f"version {new.number} of this declaration was seen before with other content (first at "
                f"{known.origin}); send the change as a higher version",
            )
        if known.at <= new.at:
            return _repeated(case, where, new.number)
        new = replace(new, origin=known.origin)
    record = VersionsRecord.of(version, source)
    others = [image for image in case.images if image.number != new.number]
    images = _bounded([*others, replace(new, body=pack("image", _to_json(record)))])
    if all(image.number != new.number for image in images):
        raise Unscreenable(
            "TOO_LARGE",
            f"version {new.number} of this declaration is below the {MAX_VERSIONS} newest, which are kept",
        )
    decoded = {new.number: KnownVersion(new.number, new.event_type, new.at, version, source)}
    return _said(replace(case, images=images), where, assessors, new.number, decoded)


def add_event(
    case: DeclarationRecord, event: Event, where: RecordPosition, assessors: Assessors
) -> CaseUpdate:
    """Takes up an event. Of two copies of one, which differ only in when they were received, the earlier counts.

    Raises Unscreenable TOO_LARGE where the declaration has too many already.
    """
    known = next((told for told in case.told if told.id == event.id), None)
    if known is not None and known.at <= event.at:
        return _repeated(case, where, None)
    if known is None and len(case.told) >= MAX_EVENTS:
        raise Unscreenable("TOO_LARGE", f"more than {MAX_EVENTS} messages about one declaration")
    others = [told for told in case.told if told.id != event.id]
    told = sorted(
        [*others, StoredEvent(event.id, event.at, pack("event", _to_json(event)))],
        key=lambda one: (one.at, one.id),
    )
    return _said(replace(case, told=tuple(told)), where, assessors, None, {})


def add_answers(
    case: DeclarationRecord, answers: Sequence[Answered], where: RecordPosition, assessors: Assessors
) -> CaseUpdate:
    """Takes up what detectors said, all at once: a declaration of many firms gets hundreds of answers, and each that was judged
    alone would have the whole of it screened anew. One to a question that was not asked, or not in these words, changes nothing.

    It is told when all have answered, or, of some that came too late, by `give_up`.
    """
    before = unpacked(case.asking)
    asking = hear(before, answers)
    if asking is before:
        # What they answered may have been asked in other words since.
        return say_again(case, where) if _led_to(case, where) else _nothing(case, grown=False)
    if asking.open:
        step = _nothing(_asking(case, gather(asking, where.time)), grown=True)
    else:
        step = _answer(_asking(case, asking), asking, _fold(case, {}), where, assessors, None, ())
    if not _led_to(case, where):
        return step
    # Asked again in the same words since: it counts anew, and what it led to before may be lost all the same.
    lost = say_again(step.case, where)
    return replace(step, answers=lost.answers, alert=lost.alert, withdrawn=lost.withdrawn)


def give_up(case: DeclarationRecord, where: RecordPosition, assessors: Assessors) -> CaseUpdate:
    """Waits no longer for answers: what was not told cannot be evaluated. It is still taken up if it comes, all that comes within
    a minute at once; for that this is called a second time."""
    asking = questions.give_up(unpacked(case.asking), where.time)
    return _answer(_asking(case, asking), asking, _fold(case, {}), where, assessors, None, ())


def say_again(case: DeclarationRecord, where: RecordPosition) -> CaseUpdate:
    """What a record led to that was seen before; of one that says nothing by itself, a tick, or says what is not asked any more.
    Nothing to the detectors: they would answer again, and so on for ever."""
    return replace(_repeated(case, where, None), observations=())


def waits(case: DeclarationRecord) -> bool:
    """Whether the newest version waits for its verdict."""
    return unpacked(case.asking).waits


def _said(
    case: DeclarationRecord,
    where: RecordPosition,
    assessors: Assessors,
    number: int | None,
    decoded: dict[int, KnownVersion],
) -> CaseUpdate:
    """Makes known to the detectors what the life is now, and answers what can be answered."""
    case = replace(case, last=max(case.last, where.clock))
    life = _fold(case, decoded)
    asking, observed = unpacked(case.asking), tuple[Observation, ...]()
    if assessors.patterns is not None:
        day = int(where.clock // DAY_SECONDS)
        asking, observed = observe(asking, life, assessors.patterns, where.place, where.time, day)
        if observed:
            case = _asking(case, asking)
    return _answer(case, asking, life, where, assessors, number, observed)


def _asking(case: DeclarationRecord, asking: Asking) -> DeclarationRecord:
    return replace(case, asking=packed(asking), waits_since=asking.waits_since)


def life_of(case: DeclarationRecord) -> DeclarationLife:
    """The life that the case tells."""
    return _fold(case, {})


def check(case: DeclarationRecord) -> None:
    """Reads all that the case holds. Raises what broken bytes make the code raise, NewerRelease where a newer release packed
    them."""
    life_of(case)
    unpacked(case.asking)
    for answer in case.answers:
        decode_verdict(answer.json())


def documents(case: DeclarationRecord) -> list[DeclarationVersion]:
    """The versions kept on which deltas may build."""
    return [
        one.version for one in map(_known, case.images) if one.version is not None and one.source is not None
    ]


def _fold(case: DeclarationRecord, decoded: dict[int, KnownVersion]) -> DeclarationLife:
    known = [decoded.get(image.number) or _known(image) for image in case.images]
    return fold(known, [_event(unpack("event", told.body)) for told in case.told])


def _known(image: StoredVersion) -> KnownVersion:
    if not image.body:
        return KnownVersion(image.number, image.event_type, image.at, None)
    record = _record(unpack("image", image.body))
    version = record.version
    if version is None:
        raise ValueError("an image holds no version")
    return KnownVersion(image.number, image.event_type, image.at, version, record.source)


def _bounded(images: list[StoredVersion]) -> tuple[StoredVersion, ...]:
    kept: list[StoredVersion] = []
    size = 0
    for image in sorted(images, key=lambda one: -one.number)[:MAX_VERSIONS]:
        size += len(image.body)
        kept.append(image if size <= MAX_IMAGE_BYTES or not kept else replace(image, body=b""))
    return tuple(reversed(kept))


def _answer(
    case: DeclarationRecord,
    asking: Asking,
    life: DeclarationLife,
    where: RecordPosition,
    assessors: Assessors,
    number: int | None,
    observed: tuple[Observation, ...],
) -> CaseUpdate:
    """Screens what is new or other than it was answered, and makes the alert from all of it. The newest version in force
    gets its verdict when the detectors have told all they were asked, or when they are not waited for any more."""
    before = {answer.number: answer for answer in case.answers}
    alive = {one.version.envelope.version_number for one in life.versions}
    # A version whose image is gone keeps the answer it got.
    answers = {
        image.number: before[image.number]
        for image in case.images
        if not image.body and image.number in before and image.number not in alive
    }
    newest = newest_in_force(life)
    fresh: dict[int, Verdict] = {}
    written: dict[int, bytes] = {}
    updated: list[Verdict] = []
    for one in life.versions:
        version = one.version.envelope.version_number
        answer = before.get(version)
        if one is newest and asking.waits:
            if answer is not None:
                answers[version] = answer
            continue
        advice = advice_on(one, life, asking, assessors.patterns)
        basis = _basis(one, advice)
        if answer is None or answer.basis != basis:
            verdict = assessors.screen(one, advice)
            if answer is not None and same(decode_verdict(answer.json()), verdict):
                # Kept is what was sent, and by which record: should that be seen again, it is sent with the same bytes.
                answer = replace(answer, basis=basis)
            else:
                fresh[version] = verdict
                updated += [verdict] if answer is not None else []
                written[version] = encode_json(verdict)
                answer = StoredVerdict(version, basis, where.origin, pack("verdict", written[version]))
        answers[version] = answer
    kept = tuple(answers[version] for version in sorted(answers))
    case = replace(case, answers=kept)
    alert = alert_of(
        (fresh.get(answer.number) or decode_verdict(answer.json()) for answer in kept), life.summary
    )
    digest = _digest(alert)
    # While the newest version waits for its verdict, the alert would tell of another.
    changed = digest != case.alert and not asking.waits
    raised = changed and not case.alert
    if changed:
        case = replace(case, alert=digest, alert_origin=where.origin)
    return CaseUpdate(
        case=case,
        grown=True,
        answers=tuple(answer for answer in kept if answer.number in fresh),
        json=written,
        fresh=tuple(fresh.values()),
        updated=tuple(updated),
        alert=alert if changed else None,
        raised=raised,
        withdrawn=changed and alert is None,
        life=life,
        own=answers.get(number) if number is not None else None,
        observations=observed,
    )


def _digest(alert: Alert | None) -> bytes:
    """Of what an alert says of substance; empty where there is none."""
    return b"" if alert is None else hashlib.blake2b(alert.evidence_hash.encode(), digest_size=8).digest()


def _nothing(case: DeclarationRecord, grown: bool) -> CaseUpdate:
    """A step on which there is nothing to say yet; its life is not looked at, which takes longest of all."""
    life = DeclarationLife((), Summary(status="LODGED", timeline=()))
    return CaseUpdate(case, grown, life)


def _led_to(case: DeclarationRecord, where: RecordPosition) -> bool:
    """Whether what was sent last is of this very record."""
    return case.alert_origin == where.origin or any(one.origin == where.origin for one in case.answers)


def _repeated(case: DeclarationRecord, where: RecordPosition, number: int | None) -> CaseUpdate:
    """What the record led to, once more: a worker that was killed may have kept the state and lost what it was about to send, and
    sees again, at its place, the record that led to it. A version that comes again at another place has its own verdict again,
    and nothing else."""
    life = life_of(case)
    own = next((answer for answer in case.answers if answer.number == number), None)
    elsewhere = all(image.origin != where.origin for image in case.images)
    answers = tuple(
        answer for answer in case.answers if answer.origin == where.origin or (answer is own and elsewhere)
    )
    alert, lost = None, case.alert_origin == where.origin
    if lost:
        alert = alert_of((decode_verdict(answer.json()) for answer in case.answers), life.summary)
        # Where the newest version waits by now, another alert will follow.
        lost = _digest(alert) == case.alert
    return CaseUpdate(
        case=case,
        grown=False,
        answers=answers,
        alert=alert if lost else None,
        withdrawn=lost and alert is None,
        life=life,
        own=own,
        observations=again(unpacked(case.asking), where.place[1]),
    )


def _basis(one: LifeVersion, advice: PatternAdvice) -> bytes:
    """Digest of all that a verdict depends on but lists and rules."""
    envelope = one.version.envelope
    said: tuple[object, ...] = (
        envelope.payload_hash or canonical.payload_hash(one.version),
        envelope.event_type,
        envelope.event_date_time,
        one.in_force,
        one.follows,
        one.changes,
        one.asked_at,
        one.control_notified_at,
        one.since_control,
        advice,
    )
    if one.version.repaired:  # not part of the content, which is the same however it was written
        said += (one.version.repaired,)
    return hashlib.blake2b(_encode(said), digest_size=8).digest()
