"""The patterns agent: what declarations contribute in, what is remembered of each corridor, firm or contact, answers out."""

from functools import partial
from typing import Any, NoReturn

import msgspec

from streams.agents.began import BEGAN, first_day
from streams.agents.firms import CountedFirms, FirmsOfKey
from streams.agents.loop import Handler, beside, check_sizes, guarded, retried
from streams.agents.runs import RUN_KEY, observed
from streams.agents.statistics import IN_USE, LINE, MARK, Shelf, line_number
from streams.declarations.errors import Unscreenable
from streams.declarations.events import VersionsRecord
from streams.kafka import topics
from streams.kafka.delivery import Outgoing, key_partition
from streams.kafka.records import own_key
from streams.kafka.set_aside import Foreign, check_key, state_record
from streams.kafka.state import Check, PartitionedState
from streams.metrics import Metrics
from streams.patterns.firm_records import PREFIX, owner_of, read_record
from streams.patterns.memory import Book, Observation, look_again
from streams.patterns.statistics import read_edition, read_line
from streams.settings import Settings

DAY_SECONDS = 86_400.0

_decode = msgspec.msgpack.Decoder(Observation).decode
_encode_json = msgspec.json.Encoder().encode


def looked_at(value: bytes) -> float | None:
    """When a state value needs to be looked at again, event time in seconds since 1970."""
    # The day that a partition began with is digits; what is remembered of a key is a MessagePack array.
    return None if value[:1].isdigit() or value[:1] == MARK else look_again(value) * DAY_SECONDS


def patterns_handler(settings: Settings, state: PartitionedState, book: Book, metrics: Metrics) -> Handler:
    """What patterns does with one record of a partition whose state is recovered."""
    states = settings.topic(topics.PATTERN_STATE.name)
    versions = settings.topic(topics.VERSIONS.name)
    review = settings.topic(topics.ALERTS.name)
    statistics = Shelf(state, states)
    counted = CountedFirms(state)

    def records(partition: int, key: str) -> FirmsOfKey:
        return FirmsOfKey(state, counted, partition, key)

    def firms_kept(changed: FirmsOfKey, partition: int) -> list[Outgoing]:
        # Before the key's own value, which of a killed worker must not be there without them, and with the same patience.
        after = book.raises(changed.key)
        return [
            state_record(states, key, value, partition, after=after) for key, value in changed.put_now.items()
        ]

    def handle(record: Any) -> list[Outgoing]:
        if record.key is not None and record.key.startswith(LINE):
            return statistics.take(record)
        if record.key != RUN_KEY:
            return take(record.partition, _observation(record.value))
        out: list[Outgoing] = []
        wrong: Exception | None = None
        for value in _observations(record.value):
            # Each on its own: one that fails must not take with it what the others tell.
            try:
                seen = _observation(value)
                out += retried(partial(take, record.partition, seen), state, record.partition)
            except Exception as error:
                wrong = wrong or error
        if wrong is not None:
            out += guarded(partial(_raise, wrong), "patterns", settings, metrics)(record)
        return out

    def take(partition: int, seen: Observation) -> list[Outgoing]:
        key = seen.key.encode()
        own_key(key, partition, settings.partitions)
        known = state.get(partition, BEGAN)
        began, out = (b"%d" % seen.day if known is None else known), list[Outgoing]()
        before = state.get(partition, key)
        firms = records(partition, seen.key)
        past = statistics.past(partition, seen.key)
        value, alerted, answer = book.apply(before, seen, first_day(began, key), past, firms)
        out += firms_kept(firms, partition)
        if value != before:
            out.append(kept(key, value, partition))
        out += alerts(alerted)
        if answer is not None:
            whose = seen.declaration.encode()
            said = VersionsRecord(answer=msgspec.Raw(_encode_json(answer)))
            to = key_partition(whose, settings.partitions)
            out.append(Outgoing(versions, whose, _encode_json(said), to))
        check_sizes(out)
        if known is None:
            state.put(partition, BEGAN, began)
            out.append(state_record(states, BEGAN, began, partition))
        if value is not None and value != before:
            state.put(partition, key, value, looked_at(value))
        metrics.observations.labels(seen.key.partition("|")[0], "asked" if answer else "told").inc()
        return out + swept(partition, seen.day, began)

    def kept(key: bytes, value: bytes | None, partition: int) -> Outgoing:
        # After its alerts: a state that knows of an alert that a killed worker did not send would never say it.
        return state_record(states, key, value, partition, after=book.raises(key.decode()))

    def alerts(changed: dict[str, bytes | None]) -> list[Outgoing]:
        return [
            Outgoing(review, key.encode(), value, key_partition(key.encode(), settings.partitions))
            for key, value in changed.items()
        ]

    def swept(partition: int, day: int, began: bytes) -> list[Outgoing]:
        out: list[Outgoing] = []
        for key in state.due(partition, day * DAY_SECONDS):
            before = state.get(partition, key)
            if before is not None:
                put_off = partial(state.put, partition, key, before, (day + 1) * DAY_SECONDS)
                look = partial(looked_through, partition, key, before, day, began)
                out += beside(look, key, put_off, state, partition)
        return out

    def looked_through(partition: int, key: bytes, before: bytes, day: int, began: bytes) -> list[Outgoing]:
        if key.startswith(PREFIX):
            return firm_looked_through(partition, key, before, day)
        name = key.decode()
        firms = records(partition, name)
        past = statistics.past(partition, name)
        value, alerted, _ = book.forget(name, before, day, first_day(began, key), past, firms)
        if value is None:
            state.delete(partition, key)
        else:
            state.put(partition, key, value, looked_at(value))
        changed = [kept(key, value, partition)] if value != before else []
        return firms_kept(firms, partition) + alerts(alerted) + changed

    def firm_looked_through(partition: int, key: bytes, before: bytes, day: int) -> list[Outgoing]:
        value = book.forget_firm(owner_of(key).decode(), before, day)
        if value is None:
            state.delete(partition, key)
        else:
            state.put(partition, key, value, looked_at(value))
        return [state_record(states, key, value, partition)]

    return guarded(handle, "patterns", settings, metrics, state=state)


def checked(settings: Settings) -> Check:
    """What is asked of every recovered value."""

    def check(partition: int, key: bytes, value: bytes) -> None:
        if key == BEGAN:
            first_day(value, key)
        elif key == IN_USE or key.startswith(LINE):
            if value[:1] != MARK:
                raise Foreign("no statistics")
            if key != IN_USE:
                line_number(key)
        else:
            owner = owner_of(key) if key.startswith(PREFIX) else key
            check_key(owner, partition, settings.partitions)
            look_again(value)

    return check


def read_whole(book: Book) -> Check:
    """Reads all of a value. Raises whatever its bytes make the code raise."""

    def read(partition: int, key: bytes, value: bytes) -> None:
        if key == BEGAN:
            first_day(value, key)
        elif key == IN_USE:
            read_edition(value[len(MARK) :])
        elif key.startswith(LINE):
            read_line(value[len(MARK) :]).buckets()
        elif key.startswith(PREFIX):
            read_record(value)
        else:
            book.check(key.decode(), value)

    return read


def _raise(error: Exception, _: Any) -> NoReturn:
    raise error


def _observations(data: bytes | None) -> tuple[msgspec.Raw, ...]:
    """Those of a run. Raises Unscreenable for a record that Torugart never writes."""
    try:
        return observed(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Unscreenable("SCHEMA_VIOLATION", f"no observations: {type(error).__name__}") from None


def _observation(data: bytes | msgspec.Raw | None) -> Observation:
    """A record of customs.observations. Raises Unscreenable for one that Torugart never writes."""
    try:
        return _decode(data or b"")
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Unscreenable("SCHEMA_VIOLATION", f"no observation: {type(error).__name__}") from None
