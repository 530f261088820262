"""The screening agent: versions and events in, a verdict for each version of a life and an alert where an officer should look."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from streams.agents import identity
from streams.agents.ahead import Ahead, said_in
from streams.agents.intake import RECEIVED_HEADER
from streams.agents.loop import Handler, beside, check_sizes, dead_letter_record, guarded
from streams.agents.runs import GatheredAnswers
from streams.cases import declaration_record
from streams.cases.alerts import encode as encode_json
from streams.cases.declaration_record import Assessors
from streams.cases.steps import CaseUpdate, RecordPosition
from streams.cases.stored import decode_record, encode_record, last_said, origins, waits_since
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event
from streams.kafka import topics
from streams.kafka.delivery import Outgoing, key_partition
from streams.kafka.records import own_key
from streams.kafka.set_aside import check_key, state_record
from streams.kafka.state import Check, PartitionedState
from streams.lifecycle.life import DeclarationLife
from streams.metrics import Metrics
from streams.patterns.memory import Answered
from streams.settings import Settings

ORIGIN_HEADER = "origin"
"""topic/partition/offset in customs.versions of the record a verdict or alert comes from."""

DAY_SECONDS = 86_400.0
MAX_MILLISECOND_DIGITS = 15
"""Anybody may write a header: more digits are no time."""

_encode_observation = msgspec.msgpack.Encoder().encode


def life_ends(settings: Settings) -> Callable[[bytes], float]:
    """State value -> event time, seconds since 1970, from which it need not be kept."""
    kept = settings.life_days * DAY_SECONDS
    return lambda value: last_said(value) + kept


class Clocks:
    """What is derived from the state of each partition: the event time it has reached, and who waits for detectors."""

    def __init__(self, state: PartitionedState) -> None:
        self._state = state
        self._taken: dict[int, int] = {}
        self._reached: dict[int, float] = {}
        self._waiting: dict[int, dict[bytes, float]] = {}
        self._told: dict[int, dict[str, list[bytes]]] = {}

    def reach(self, partition: int, at: datetime, recorded: float) -> float:
        """The event time that a partition has reached with an event. A time ahead of its record's own is a mistake, and must
        not end the lives of others."""
        self._refresh(partition)
        self._reached[partition] = max(self._reached[partition], min(at.timestamp(), recorded))
        return self._reached[partition]

    def reached(self, partition: int) -> float:
        self._refresh(partition)
        return self._reached[partition]

    def note(self, partition: int, key: bytes, since: float) -> None:
        """Notes since when a declaration waits; 0 where it does not."""
        self._refresh(partition)
        if since:
            self._waiting[partition][key] = since
        else:
            self._waiting[partition].pop(key, None)

    def waiting_since(self, partition: int, before: float) -> list[bytes]:
        """Declarations that have waited since before a time."""
        self._refresh(partition)
        return [key for key, since in self._waiting[partition].items() if since <= before]

    def told_by(self, partition: int, origin: str) -> list[bytes]:
        """Declarations of which the record at `origin` had something sent, by the state that was read back; once."""
        self._refresh(partition)
        return self._told[partition].pop(origin, [])

    def waits(self, partition: int) -> bool:
        return bool(self._waiting.get(partition))

    def _refresh(self, partition: int) -> None:
        taken = self._state.taken(partition)
        if self._taken.get(partition) == taken:
            return
        self._taken[partition] = taken
        reached, waiting = 0.0, {}
        for key, (last, since) in self._state.times(partition):
            reached = max(reached, last)
            if since:
                waiting[key] = since
        self._reached[partition], self._waiting[partition] = reached, waiting
        told: dict[str, list[bytes]] = {}
        for key in waiting:
            for origin in origins(decode_record(self._state.get(partition, key))):
                told.setdefault(origin, []).append(key)
        self._told[partition] = told


def screening_handler(
    settings: Settings,
    state: PartitionedState,
    assessors: Assessors,
    metrics: Metrics,
    clocks: Clocks,
    ahead: Ahead | None = None,
) -> Handler:
    """What screening does with one record of a partition whose state is recovered. `ahead` may know what it says."""
    ahead = ahead or Ahead(())
    verdicts = settings.topic(topics.VERDICTS.name)
    alerts = settings.topic(topics.ALERTS.name)
    states = settings.topic(topics.STATE.name)
    asked = settings.topic(topics.OBSERVATIONS.name)
    ends = life_ends(settings)

    def handle(record: Any) -> list[Outgoing]:
        if isinstance(record, GatheredAnswers):
            return answers(record)
        said = ahead.said(record)
        if said is None:
            return tick(record)
        if isinstance(said, Answered):
            return answered(record.partition, record.key, (said,), (record,))
        partition, recorded = record.partition, record.timestamp / 1000
        key = record.key if isinstance(said, Event) else said.version.envelope.declaration_key.encode()
        own_key(key, partition, settings.partitions)
        at = said.at if isinstance(said, Event) else said.version.envelope.event_date_time
        where = RecordPosition(_origin(record), recorded, clocks.reach(partition, at, recorded))
        if isinstance(said, Event):
            step = declaration_record.add_event(
                decode_record(state.get(partition, key)), said, where, assessors
            )
        else:
            known = decode_record(state.get(partition, key))
            step = declaration_record.add_version(known, said.version, said.source, where, assessors)
        out = records(step, key, partition)
        if isinstance(said, Event):
            problem = _problem(step.life, said)
            if problem is not None:
                out.append(dead_letter_record(record, problem, "screening", settings, metrics))
        elif said.source is not None:
            # Also for one seen before: the claims may have been lost with the worker that stored it.
            out += identity.claims(settings, said.version)
        return keep(step, key, partition, out) + expired(partition, where.clock)

    def answers(gathered: GatheredAnswers) -> list[Outgoing]:
        try:
            said = [said_in(record.value) for record in gathered.records]
            meant = [one for one in said if isinstance(one, Answered)]
            return answered(gathered.partition, gathered.key, meant, gathered.records)
        except Exception:  # whatever one raises, `guard` makes a dead letter of that one alone
            return [out for record in gathered.records for out in guard(record)]

    def answered(
        partition: int, key: bytes, said: Sequence[Answered], records_of: Sequence[Any]
    ) -> list[Outgoing]:
        value = state.get(partition, key)
        if value is None:
            return []  # forgotten meanwhile
        case = decode_record(value)
        # The one that led to what was sent, where this is seen again after a crash.
        led = origins(case)
        record = next((one for one in reversed(records_of) if _origin(one) in led), records_of[-1])
        where = RecordPosition(_origin(record), record.timestamp / 1000, clocks.reached(partition))
        step = declaration_record.add_answers(case, said, where, assessors)
        return keep(step, key, partition, records(step, key, partition))

    def tick(record: Any) -> list[Outgoing]:
        out: list[Outgoing] = []
        for key in clocks.told_by(record.partition, _origin(record)):
            out += guarded(partial(say_again, key), "screening", settings, metrics)(record)
        for key in clocks.waiting_since(record.partition, record.timestamp / 1000 - settings.answer_wait):
            # Each on its own: one that fails must not take the answers to the others with it.
            out += guarded(partial(give_up, key), "screening", settings, metrics, state=state)(record)
        return out

    def give_up(key: bytes, record: Any) -> list[Outgoing]:
        partition = record.partition
        clocks.note(partition, key, 0.0)  # also of one that fails: the next tick would fail as well
        value = state.get(partition, key)
        if value is None:
            return []
        where = RecordPosition(_origin(record), record.timestamp / 1000, clocks.reached(partition))
        known = decode_record(value)
        step = declaration_record.give_up(known, where, assessors)
        out = keep(step, key, partition, records(step, key, partition))
        if declaration_record.waits(known):
            metrics.given_up.inc()
        return out

    def say_again(key: bytes, record: Any) -> list[Outgoing]:
        """Of a worker that was killed the state may be there and what the tick had sent be lost."""
        value = state.get(record.partition, key)
        if value is None:
            return []
        where = RecordPosition(_origin(record), record.timestamp / 1000, clocks.reached(record.partition))
        return records(declaration_record.say_again(decode_record(value), where), key, record.partition)

    def keep(step: CaseUpdate, key: bytes, partition: int, out: list[Outgoing]) -> list[Outgoing]:
        """The records of a step with the state that it leads to, kept where it is new."""
        if not step.grown:
            check_sizes(out)
            if step.own is not None:  # not an answer or a notice that came twice
                metrics.repeated.inc()
            return out
        value = encode_record(step.case)
        out.append(state_record(states, key, value, partition))
        check_sizes(out)
        _count(step, metrics)
        state.put(partition, key, value, due=ends(value))
        clocks.note(partition, key, step.case.waits_since)
        return out

    def records(step: CaseUpdate, key: bytes, partition: int) -> list[Outgoing]:
        out = [
            Outgoing(
                verdicts,
                b"%s@%d" % (key, answer.number),
                step.json.get(answer.number) or answer.json(),
                partition,
                ((ORIGIN_HEADER, answer.origin.encode()),),
            )
            for answer in step.answers
        ]
        if step.alert is not None or step.withdrawn:
            value = encode_json(step.alert) if step.alert is not None else None
            headers = ((ORIGIN_HEADER, step.case.alert_origin.encode()),)
            out.append(Outgoing(alerts, key, value, partition, headers))
        for one in step.observations:
            about = one.key.encode()
            to = key_partition(about, settings.partitions)
            out.append(Outgoing(asked, about, _encode_observation(one), to))
        return out

    def expired(partition: int, at: float) -> list[Outgoing]:
        out: list[Outgoing] = []
        for key in state.due(partition, at):
            value = state.get(partition, key)
            if value is None:
                continue
            put_off = partial(state.put, partition, key, value, at + DAY_SECONDS)
            if waits_since(value):
                # In a replay months pass in seconds: no declaration is forgotten before it has its verdict.
                put_off()
            elif ends(value) > at:  # more was said since
                state.put(partition, key, value, due=ends(value))
            else:
                out += beside(partial(forget, partition, key, value), key, put_off, state, partition)
        return out

    def forget(partition: int, key: bytes, value: bytes) -> list[Outgoing]:
        documents = declaration_record.documents(decode_record(value))
        out = [one for version in documents for one in identity.releases(settings, version)]
        state.delete(partition, key)
        return [*out, state_record(states, key, None, partition)]

    guard = guarded(handle, "screening", settings, metrics, state=state)
    return guard


def checked(settings: Settings) -> Check:
    """What is asked of every recovered value."""

    def check(partition: int, key: bytes, value: bytes) -> None:
        check_key(key, partition, settings.partitions)
        waits_since(value)

    return check


def read_whole(partition: int, key: bytes, value: bytes) -> None:
    """Reads all of a value. Raises whatever its bytes make the code raise."""
    declaration_record.check(decode_record(value))


def _origin(record: Any) -> str:
    return f"{record.topic}/{record.partition}/{record.offset}"


def _problem(life: DeclarationLife, event: Event) -> Unscreenable | None:
    """Why what an event asks for cannot be seen in the declaration, where it cannot."""
    if not life.versions:
        return Unscreenable(
            "BASE_MISSING", f"{event.source_message_type}: the declaration is not kept any more"
        )
    detail = dict(life.unusable).get(event.id)
    if detail is None:
        return None
    return Unscreenable(
        "SCHEMA_VIOLATION", f"{detail} (kept: it takes effect if another amendment makes it fit)"
    )


def _count(step: CaseUpdate, metrics: Metrics) -> None:
    for verdict in step.fresh:
        counted = metrics.verdict_updates if verdict in step.updated else metrics.verdicts
        counted.labels(verdict.lane).inc()
        for finding in verdict.findings:
            metrics.findings.labels(finding.rule).inc()
        for rule in {missing.rule for missing in verdict.not_evaluable}:
            metrics.not_evaluable.labels(rule).inc()
        for unread in verdict.unreadable:
            metrics.unreadable.labels(unread.kind).inc(unread.count)
        for repaired in verdict.repaired:
            metrics.repaired.labels(repaired.kind).inc(repaired.count)
    if step.alert is not None:
        counter = metrics.alerts if step.raised else metrics.alert_updates
        counter.labels(step.alert.lane).inc()


def observe_latency(records: list[Any], metrics: Metrics) -> None:
    """Records how long the declarations of a delivered run took from their arrival in customs.declarations."""
    now = time.time()
    for record in records:
        received = next((value for name, value in record.headers if name == RECEIVED_HEADER), None)
        if received is not None and received.isdigit() and len(received) < MAX_MILLISECOND_DIGITS:
            metrics.latency.observe(max(0.0, now - int(received) / 1000))
