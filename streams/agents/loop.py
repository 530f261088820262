"""What all agents do: take runs of records, lose none to an exception, acknowledge when all is delivered."""

import asyncio
import logging
import time
import traceback
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import msgspec

from streams import __version__
from streams.agents.runs import RunMerger
from streams.declarations.dead_letter import Source, Stage, dead_letter
from streams.declarations.errors import Unscreenable
from streams.kafka import topics
from streams.kafka.delivery import Delivery, Outgoing, stop_without_commit
from streams.kafka.records import source_of
from streams.kafka.state import PartitionedState
from streams.metrics import Metrics
from streams.settings import Settings
from streams.text import Block

log = logging.getLogger(__name__)

Handler = Callable[[Any], list[Outgoing]]

MAX_VALUE_BYTES = topics.MAX_MESSAGE_BYTES - 64 * 1024

YIELD_SECONDS = 0.02
"""After which a batch lets the event loop breathe: probes, the producer and the other agents wait this long at the most, and
for the record in hand. By the clock and not by a count of records, of which one may take a thousand times as long as another."""

LOOK_AHEAD = 40
"""Records that `ahead` sees at once: some 15 ms, in which the event loop waits."""

BREATHS = 5
"""Turns of the event loop that a batch then waits: a probe takes some from its connection to its answer, and with one turn each
the agents' batches would stand between all of them."""

LARGE_BYTES = 128 * 1024
"""Of a record from which on a handler without state works in a thread of its own: 4 MiB of XML take a second."""


def check_sizes(records: list[Outgoing]) -> None:
    """Raises Unscreenable where a record would be refused by Kafka: refused in flight, it would stop every worker in turn."""
    for record in records:
        if record.value is not None and len(record.value) > MAX_VALUE_BYTES:
            raise Unscreenable(
                "TOO_LARGE",
                f"its record for {record.topic} is {len(record.value)} bytes, over {MAX_VALUE_BYTES}",
            )


RECEIVED_HEADER = "received"
"""Milliseconds: timestamp of the record in customs.declarations, for the end-to-end latency."""

SOURCE_HEADER = "source"
"""topic/partition/offset of that record."""

Received = Callable[[Any], tuple[bytes | None, Source]]
"""A record -> the message as it once came in, and where."""


def arrival_headers(source: Source) -> tuple[tuple[str, bytes], ...]:
    """The headers by which a record made from a message tells when and where that came in."""
    return ((RECEIVED_HEADER, str(source.timestamp).encode()), (SOURCE_HEADER, source.id.encode()))


def _as_it_is(record: Any) -> tuple[bytes | None, Source]:
    return record.value, source_of(record)


def dead_letter_record(
    record: Any, error: Unscreenable, stage: Stage, settings: Settings, metrics: Metrics
) -> Outgoing:
    """The dead letter of a record as it goes to Kafka, logged and counted."""
    return dead_letter_of(record.value, source_of(record), error, stage, settings, metrics)


def dead_letter_of(
    data: bytes | None,
    source: Source,
    error: Unscreenable,
    stage: Stage,
    settings: Settings,
    metrics: Metrics,
) -> Outgoing:
    """The dead letter of a message that came in as the record `source`."""
    letter = dead_letter(data, error, source, stage, __version__)
    metrics.dead_letters.labels(error.reason).inc()
    log.warning("dead letter %s: %s: %s", letter.id, letter.reason, letter.detail)
    return Outgoing(
        settings.topic(topics.DEAD_LETTERS.name),
        letter.id.encode(),
        msgspec.json.encode(letter),
        headers=(("reason", error.reason.encode()),),
    )


def guarded(
    handle: Handler,
    stage: Stage,
    settings: Settings,
    metrics: Metrics,
    received: Received = _as_it_is,
    state: PartitionedState | None = None,
) -> Handler:
    """`handle`, of which nothing escapes: what one record raises becomes its dead letter, and the stream goes on.

    `received` tells the message that a record was made from, where the dead letter is to hold that. Where `state` holds a
    value for the record that cannot be read, that is set aside and the record handled without.
    """

    def refused(record: Any, error: Unscreenable) -> list[Outgoing]:
        return [dead_letter_of(*received(record), error, stage, settings, metrics)]

    def handled(record: Any) -> list[Outgoing]:
        return retried(partial(handle, record), state, record.partition)

    def run(record: Any) -> list[Outgoing]:
        try:
            return handled(record)
        except Unscreenable as error:
            return refused(record, error)
        except Exception as error:
            where = f"{record.topic}/{record.partition}/{record.offset}"
            # Without the exception's text, which may hold a party's name; that is for debug level.
            frames = Block("".join(traceback.format_tb(error.__traceback__)))
            log.error(
                "a bug of ours on %s, %s; the record goes to the dead letters\n%s",
                where,
                type(error).__name__,
                frames,
            )
            log.debug("the bug on %s in full", where, exc_info=True)
            reason = Unscreenable(
                "INTERNAL_ERROR", f"{type(error).__name__} in {stage}; see the worker's log"
            )
            return refused(record, reason)

    def run_with_letters(record: Any) -> list[Outgoing]:
        out = run(record)
        for one in () if state is None else state.set_aside(record.partition):
            out.append(dead_letter_of(one.value, one.source, one.error, stage, settings, metrics))
        return out

    return run if state is None else run_with_letters


def retried(
    work: Callable[[], list[Outgoing]], state: PartitionedState | None, partition: int
) -> list[Outgoing]:
    """What `work` returns; where it fails on a state value that cannot be read, what it returns without that."""
    try:
        return work()
    except Unscreenable:
        raise
    except Exception:  # whatever a decoder makes of a value that is none; anything else is raised again
        if state is None or not state.set_aside_unreadable(partition):
            raise
    return work()


def beside(
    work: Callable[[], list[Outgoing]],
    key: bytes,
    otherwise: Callable[[], None],
    state: PartitionedState,
    partition: int,
) -> list[Outgoing]:
    """What is to be done for a key on the occasion of a record about another one, which must not pay for it: where it fails that
    is logged, and `otherwise` puts it off. A value that cannot be read is set aside."""
    try:
        return work()
    except Exception as error:
        if state.set_aside_unreadable(partition):
            return []
        frames = Block("".join(traceback.format_tb(error.__traceback__)))
        log.error("a bug of ours: %s on a key\n%s", type(error).__name__, frames)
        log.debug("the key is %r", key, exc_info=True)
        otherwise()
        return []


async def run_agent(
    stream: Any,
    agent: Stage,
    handle: Handler,
    delivery: Delivery,
    metrics: Metrics,
    merger: RunMerger,
    *,
    prepare: Callable[[Any], Awaitable[None]] | None = None,
    gather: Callable[[list[Any]], list[Any]] | None = None,
    ahead: Callable[[list[Any]], None] | None = None,
    delivered: Callable[[list[Any]], None] | None = None,
    stateless: bool = False,
) -> None:
    """Handles runs of records for ever: `prepare`, `gather`, `handle` for each record, delivery, acknowledgement, `delivered`.
    `ahead` sees some tens of them before they are handled.

    `stateless`: that `handle` touches nothing that a rebalance could take away, so that large records may be handled in a thread.

    Whatever escapes here is a fault of the worker, not of a record: it stops the process, and the records are read
    again. Faust would restart the agent behind the lost run.
    """
    seconds, sizes = metrics.batch_seconds.labels(agent), metrics.batch_records.labels(agent)
    try:
        async for event in stream.noack().events():
            records = event.value
            if prepare is not None:
                await prepare(event)
                if _is_stale(event):
                    continue  # the run is read again by whoever owns its partition now
            started = time.monotonic()
            out: list[Outgoing] = []
            breathed = started
            taken = records if gather is None else gather(records)
            for number, record in enumerate(taken):
                if ahead is not None and number % LOOK_AHEAD == 0:
                    ahead(taken[number : number + LOOK_AHEAD])
                if stateless and len(record.value or b"") >= LARGE_BYTES:
                    out += await asyncio.to_thread(handle, record)
                else:
                    out += handle(record)
                if time.monotonic() - breathed > YIELD_SECONDS:
                    for _ in range(BREATHS):
                        await asyncio.sleep(0)
                    breathed = time.monotonic()
                    if _is_stale(event):
                        # The partition may be another worker's by now. What was handled is in the state: without a fence
                        # it is still sent; with one it is dropped, and the state read back.
                        break
            seconds.observe(time.monotonic() - started)
            sizes.observe(len(records))
            await delivery.send(
                event, merger.merged(out), None if delivered is None else partial(delivered, records)
            )
    except Exception as error:
        log.exception("the %s agent failed", agent)
        stop_without_commit(f"{agent}: {error!r}")


def _is_stale(event: Any) -> bool:
    """Whether a rebalance came since the run was delivered. The transport ignores its acknowledgement then."""
    return bool(event.message.generation_id != event.app.consumer_generation_id)
